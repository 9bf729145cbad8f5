//! Every figure of the guards, by files made for the purpose.

use super::make::{ods, open, packed, record, rels, xls, xlsx};
use crate::collect::make::{Member, zip};
use torimatome::workbook::{Unreadable, Workbook, limits, read};

fn over(result: Result<Workbook, Unreadable>) -> bool {
    matches!(result, Err(Unreadable::OverLimit(_)))
}

fn damaged(result: &Result<Workbook, Unreadable>, word: &str) -> bool {
    matches!(result, Err(Unreadable::Damaged(t)) if t.ja.contains(word) || t.en.contains(word))
}

#[test]
fn files_that_are_too_large_or_empty() {
    assert_eq!(open(&[]).unwrap_err(), Unreadable::Empty);
    assert!(over(open(&vec![b'x'; limits::FILE_BYTES + 1])));
}

#[test]
fn archives_with_too_much_in_them() {
    let names: Vec<String> = (0..=limits::MEMBERS).map(|n| format!("xl/{n}")).collect();
    let members: Vec<Member<'_>> = names.iter().map(|n| Member::new(n.as_bytes(), b"")).collect();
    assert!(over(open(&zip(&members))));
    let zeros = vec![0u8; (limits::MEMBER_BYTES + 1) as usize];
    assert!(over(open(&zip(&[Member { deflate: true, ..Member::new(b"xl/workbook.xml", &zeros) }]))), "one member");
    let three: Vec<Vec<u8>> = (0..3).map(|n| format!("xl/{n}").into_bytes()).collect();
    let members: Vec<Member<'_>> = three.iter().map(|n| Member { deflate: true, ..Member::new(n, &zeros[..90 << 20]) }).collect();
    assert!(over(open(&zip(&members))), "all members");
}

#[test]
fn archives_that_lie() {
    let text = b"<workbook/>";
    let short = Member { declared: Some(3), deflate: true, ..Member::new(b"xl/workbook.xml", text) };
    assert!(damaged(&open(&zip(&[short])), "xl/workbook.xml"), "more than declared");
    let long = Member { declared: Some(300), deflate: true, ..Member::new(b"xl/workbook.xml", text) };
    assert!(damaged(&open(&zip(&[long])), "xl/workbook.xml"), "less than declared");
    assert!(damaged(&open(&zip(&[Member::new(b"xl/workbook.xml", text), Member::new(b"XL/WORKBOOK.xml", text)])), "twice"));
    let mut same = zip(&[Member::new(b"xl/workbook.xml", text), Member::new(b"xl/workbook.xmk", text)]);
    // Both entries of the directory lead to the first member.
    let second = same.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    same[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert!(damaged(&open(&same), "overlap"));
    let whole = xlsx("<sheetData/>", &[]);
    for cut in [1, whole.len() / 2, whole.len() - 1] {
        assert!(open(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_flipped_digit_does_not_pass() {
    let sheet = "<worksheet><sheetData><row><c><v>4300</v></c></row></sheetData></worksheet>";
    let parts: Vec<(&[u8], &[u8])> = vec![
        (b"xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='S' r:id='rId1'/></sheets></workbook>"),
        (b"xl/worksheets/sheet1.xml", sheet.as_bytes()),
        (b"xl/media/image1.png", b"picture"),
    ];
    let members: Vec<Member<'_>> = parts.iter().map(|(n, b)| Member::new(n, b)).collect();
    let good = zip(&members);
    assert_eq!(open(&good).unwrap().sheets[0].cells.len(), 1);
    let flip = |word: &[u8]| {
        let mut bytes = good.clone();
        let at = bytes.windows(word.len()).position(|w| w == word).unwrap();
        bytes[at] ^= 1;
        open(&bytes)
    };
    let sheet_lost = flip(b"4300").unwrap();
    assert_eq!((sheet_lost.sheets.len(), sheet_lost.broken.len()), (0, 1));
    assert!(damaged(&flip(b"picture"), "image1.png"), "parts that are not read are checked too");
}

#[test]
fn far_cells_cost_nothing() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    assert_eq!(open(&xlsx(sheet, &[])).unwrap().sheets[0].cells.len(), 2);
    let number = |row: u16, col: u16| record(0x203, &[&row.to_le_bytes()[..], &col.to_le_bytes(), &[0, 0], &1f64.to_le_bytes()].concat());
    let lying = record(0x200, &[0xFF; 14]);
    let book = open(&xls(&[], &[lying, number(0, 0), number(65535, 255)].concat())).unwrap();
    assert_eq!(book.sheets[0].cells.len(), 2);
    let far = "<table:table table:name='S'><table:table-row table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16383'/></table:table-row><table:table-row><table:table-cell office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell></table:table-row></table:table>";
    assert_eq!(open(&ods(far)).unwrap().sheets[0].cells.keys().next().unwrap().a1(), "A1048576");
}

#[test]
fn cells_outside_the_grid_cost_their_sheet() {
    for cell in [r#"<row r="1048577"><c><v>1</v></c></row>"#, r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#] {
        let book = open(&xlsx(&format!("<sheetData>{cell}</sheetData>"), &[])).unwrap();
        assert_eq!((book.sheets.len(), book.broken.len()), (0, 1), "{cell}");
    }
}

#[test]
fn too_many_cells_texts_formulas_and_merges() {
    let many = |n: u64, one: &str| one.repeat(n as usize);
    let cells = format!("<sheetData>{}</sheetData>", many(limits::CELLS / 1000 + 1, &format!("<row>{}</row>", many(1000, "<c><v>1</v></c>"))));
    assert!(over(open(&xlsx(&cells, &[]))), "cells");
    let long = "あ".repeat(10_000);
    let strings = format!("<sst uniqueCount='1'><si><t>{long}</t></si></sst>");
    let texts = format!("<sheetData>{}</sheetData>", many(limits::TEXT_BYTES / 30_000 + 1, "<row><c t='s'><v>0</v></c></row>"));
    assert!(over(open(&xlsx(&texts, &[("xl/sharedStrings.xml", &strings)]))), "text");
    let formula = format!("<row><c><f t='shared' si='0'>{}</f><v>1</v></c></row>", "A".repeat(8000));
    let formulas =
        format!("<sheetData>{formula}{}</sheetData>", many(limits::FORMULA_BYTES / 8000 + 1, "<row><c><f t='shared' si='0'/><v>1</v></c></row>"));
    assert!(over(open(&xlsx(&formulas, &[]))), "formulas");
    let merges = format!("<sheetData/><mergeCells>{}</mergeCells>", many(limits::MERGES + 1, "<mergeCell ref='A1:B2'/>"));
    assert!(over(open(&xlsx(&merges, &[]))), "merges");
    let repeated = "<table:table table:name='S'><table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='1000' office:value-type='string'><text:p>LONG</text:p></table:table-cell></table:table-row></table:table>";
    assert!(over(open(&ods(&repeated.replace("LONG", &long)))), "ods");
}

#[test]
fn counts_are_not_believed() {
    let strings = "<sst count='40000000000' uniqueCount='40000000000'><si><t>課</t></si></sst>";
    let sheet = "<sheetData><row><c t='s'><v>0</v></c></row></sheetData>";
    assert_eq!(open(&xlsx(sheet, &[("xl/sharedStrings.xml", strings)])).unwrap().sheets[0].text(torimatome::workbook::CellRef::new(0, 0)), "課");
    let sst = record(0xFC, &[0xFF; 8]);
    assert!(open(&xls(&sst, &[])).is_ok());
    let merges = record(0xE5, &0xFFFFu16.to_le_bytes());
    assert!(open(&xls(&[], &merges)).is_ok());
}

#[test]
fn one_bad_sheet_costs_itself() {
    let sheets = "<workbook xmlns:r='r'><sheets><sheet name='良' r:id='rId1'/><sheet name='悪' r:id='rId2'/><sheet name='無' r:id='rId9'/></sheets></workbook>";
    let relations = rels(&[("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml")]);
    let book = open(&xlsx(
        "<sheetData><row><c><v>1</v></c><c t='e'><v>#SPILL!</v></c><c t='e'><v>#CALC!</v></c></row></sheetData>",
        &[
            ("xl/workbook.xml", sheets),
            ("xl/_rels/workbook.xml.rels", &relations),
            ("xl/worksheets/sheet2.xml", "<worksheet><sheetData><row><c t='s'><v>7</v></c></row></sheetData></worksheet>"),
        ],
    ))
    .unwrap();
    assert_eq!(book.sheets[0].cells.len(), 3, "an unknown error value is a value");
    assert_eq!(book.broken.iter().map(|b| b.0.as_str()).collect::<Vec<_>>(), ["悪", "無"]);
}

#[test]
fn loops_and_depth_end() {
    let deep = format!("<sheetData/>{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    assert!(open(&xlsx(&deep, &[])).is_ok());
    let entities = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><worksheet><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>";
    assert!(open(&xlsx("", &[("xl/worksheets/sheet1.xml", entities)])).is_ok());
    // An OLE file whose sectors lead in a circle.
    let mut circle = xls(&[], &record(0x203, &[0; 14]));
    for at in (512..circle.len()).step_by(4).take(40) {
        circle[at..at + 4].copy_from_slice(&1u32.to_le_bytes());
    }
    let _ = open(&circle);
}

#[test]
fn other_things_are_named() {
    for (bytes, word) in [
        (&b"%PDF-1.7\n"[..], "PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "MHTML"),
        (b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>", "2003"),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00", "Excel 5以前"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00", "Excel 5以前"),
        (b"\x89PNG\r\n\x1a\n", "画像"),
        (b"{\\rtf1 ", "RTF"),
        (b"7z\xBC\xAF\x27\x1C", "7-Zip"),
        (b"\0\x01\x02\x03binary", "種類がわからない"),
        ("お世話になります。".as_bytes(), "文章"),
    ] {
        assert!(damaged(&open(bytes), word), "{word}: {:?}", open(bytes));
    }
    let word = packed(&[("[Content_Types].xml".into(), vec![]), ("word/document.xml".into(), vec![])]);
    assert!(damaged(&open(&word), "Word"));
    for name in ["~$企画課.xlsx", "フォルダー/~$a.xlsx", "a.zip!Thumbs.db", "desktop.ini", ".DS_Store", "._a.xlsx"] {
        assert!(matches!(read(b"x", name, &Default::default()), Err(Unreadable::NotForUs(_))), "{name}");
    }
}

#[test]
fn nothing_panics_on_bent_workbooks() {
    let sheet = r#"<cols><col min="1" max="3" hidden="1"/></cols><sheetData><row r="2" hidden="1"><c r="B2" t="inlineStr"><is><t>課</t></is></c><c r="C2"><f>SUM(A1)</f><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells><dataValidations><dataValidation type="list" sqref="B2"><formula1>"A,B"</formula1></dataValidation></dataValidations>"#;
    let seeds = [
        xlsx(sheet, &[]),
        xls(&record(0xFC, &[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, b'x']), &record(0xFD, &[0; 10])),
        ods(
            "<table:table table:name='S'><table:table-row><table:table-cell office:value-type='string'><text:p>x</text:p></table:table-cell></table:table-row></table:table>",
        ),
    ];
    let mut state = 3u64;
    for seed in &seeds {
        for _ in 0..500 {
            let mut bytes = seed.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % bytes.len();
                bytes[at] = (state >> 20) as u8;
            }
            let _ = torimatome::workbook::read_unfenced(&bytes, "a.xlsx", &Default::default());
        }
    }
}
