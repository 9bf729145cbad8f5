//! What a grid says: values as shown, visibility, notes, shapes, choices, passwords; the same whatever the format.

use super::make::{open, packed, rels, xlsx};
use std::path::Path;
use torimatome::workbook::{CellRef, ReadOptions, Sheet, Stored, Unreadable, Visibility, read};

fn at(a1: &str) -> CellRef {
    CellRef::parse(a1).unwrap()
}

fn sheet(text: &str, more: &[(&str, &str)]) -> Sheet {
    let book = open(&xlsx(text, more)).unwrap();
    assert!(book.broken.is_empty(), "{:?}", book.broken);
    book.sheets.into_iter().next().unwrap()
}

#[test]
fn values_as_the_screen_shows_them() {
    let styles = r##"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="#,##0&quot;件&quot;"/><numFmt numFmtId="165" formatCode="ggge&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="165"/></cellXfs></styleSheet>"##;
    let strings = r#"<sst><si><r><t>赤</t></r><r><rPr><b/></rPr><t xml:space="preserve">字 </t></r><rPh sb="0" eb="1"><t>アカ</t></rPh></si></sst>"#;
    let cells = r#"<sheetData><row r="1"><c r="A1" s="1"><v>4300</v></c><c r="B1" s="2"><v>0.1865</v></c><c r="C1" s="3"><v>45413</v></c><c r="D1" t="s"><v>0</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#REF!</v></c><c r="G1"><f>SUM(A1:A9)</f></c><c r="H1" t="str"><f>A1&amp;""</f><v>一
二</v></c><c r="I1" s="1"/><c r="J1" t="str"><f>""</f><v></v></c></row></sheetData>"#;
    let sheet = sheet(cells, &[("xl/styles.xml", styles), ("xl/sharedStrings.xml", strings)]);
    let shown: Vec<&str> = sheet.cells.values().map(|c| c.shown.as_str()).collect();
    assert_eq!(shown, ["4,300件", "18.65%", "令和6年5月", "赤字 ", "TRUE", "#REF!", "", "一\n二", ""]);
    assert_eq!(sheet.cells[&at("A1")].stored, Stored::Number(4300.0));
    assert_eq!(sheet.cells[&at("F1")].stored, Stored::Error("#REF!".into()));
    assert_eq!((&sheet.cells[&at("G1")].stored, sheet.cells[&at("G1")].formula.as_deref()), (&Stored::Nothing, Some("SUM(A1:A9)")));
    assert_eq!(sheet.cells[&at("J1")].stored, Stored::Text(String::new()), "a formula may give an empty text");
    assert!(!sheet.cells.contains_key(&at("I1")));
}

#[test]
fn what_calamine_does_not_give() {
    let grid = r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Ａ</t></is></c></row><row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>Ｂ</t></is></c></row></sheetData>
        <mergeCells><mergeCell ref="D1:E2"/></mergeCells>
        <dataValidations><dataValidation type="list" sqref="D1 D5:D6"><formula1>"A,B,C"</formula1></dataValidation><dataValidation type="list" sqref="F1"><formula1>$A$1:$A$2</formula1></dataValidation><dataValidation type="list" sqref="G1"><formula1>評価</formula1></dataValidation></dataValidations>
        <extLst><ext><x14:dataValidations><x14:dataValidation type="list"><x14:formula1><xm:f>S!$A$1</xm:f></x14:formula1><xm:sqref>H1</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"#;
    let drawing = r#"<xdr:wsDr><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>5</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>9</xdr:rowOff></xdr:to><xdr:sp><xdr:spPr><a:prstGeom prst="ellipse"/></xdr:spPr><xdr:txBody><a:p><a:r><a:t>一</a:t></a:r></a:p><a:p><a:r><a:t>二</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"#;
    let comments = r#"<comments><commentList><comment ref="A1"><text><r><t>古い</t></r></text></comment><comment ref="B1"><text><t>[Threaded comment] …</t></text></comment></commentList></comments>"#;
    let threads = r#"<ThreadedComments><threadedComment ref="B1"><text>精査中</text></threadedComment></ThreadedComments>"#;
    let book = r#"<workbook xmlns:r="r"><sheets><sheet name="S" r:id="rId1"/><sheet name="隠" state="veryHidden" r:id="rId1"/></sheets><definedNames><definedName name="評価">S!$A$1:$A$2</definedName></definedNames></workbook>"#;
    let relations = rels(&[("comments", "../comments1.xml"), ("threadedComment", "/xl/threads1.xml"), ("drawing", "../drawings/drawing1.xml")]);
    let core = r#"<cp:coreProperties><dcterms:modified>2025-04-10T08:54:48Z</dcterms:modified></cp:coreProperties>"#;
    let more = [
        ("xl/workbook.xml", book),
        ("xl/worksheets/_rels/sheet1.xml.rels", &relations),
        ("xl/comments1.xml", comments),
        ("xl/threads1.xml", threads),
        ("xl/drawings/drawing1.xml", drawing),
        ("docProps/core.xml", core),
    ];
    let book = open(&xlsx(grid, &more)).unwrap();
    assert_eq!(book.modified.unwrap().to_string(), "2025-04-10 17:54:48", "universal time becomes Japanese time");
    assert_eq!(book.sheets[1].visibility, Visibility::VeryHidden);
    let sheet = &book.sheets[0];
    assert_eq!(sheet.hidden_rows.iter().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(sheet.hidden_cols.iter().copied().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(sheet.anchor(at("E2")), at("D1"));
    assert_eq!(sheet.comments, [(at("A1"), "古い".to_string()), (at("B1"), "精査中".to_string())]);
    let shape = &sheet.shapes[0];
    assert_eq!((shape.geometry.as_str(), shape.text.as_str()), ("ellipse", "一\n二"));
    assert_eq!((shape.over.first, shape.over.last), (at("B3"), at("B4")));
    let choices: Vec<(String, String)> = sheet.choices.iter().map(|(a, w)| (a.first.a1(), w.join("/"))).collect();
    let expected = [("D1", "A/B/C"), ("D5", "A/B/C"), ("F1", "Ａ/Ｂ"), ("G1", "Ａ/Ｂ"), ("H1", "Ａ")];
    assert_eq!(choices, expected.map(|(a, w)| (a.to_string(), w.to_string())));
}

#[test]
fn open_documents() {
    let table = "<table:table table:name='表'><table:table-column table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>
        <table:table-row><table:table-cell table:number-columns-spanned='2' office:value-type='string'><text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby><text:s text:c='2'/>都</text:p><text:p>二</text:p><office:annotation><dc:creator>x</dc:creator><text:p>注</text:p></office:annotation></table:table-cell><table:covered-table-cell/><table:table-cell office:value-type='float' office:value='4300'><text:p>4,300件</text:p></table:table-cell></table:table-row>
        <table:table-row table:visibility='collapse'><table:table-cell table:formula='of:=SUM([.A1])'/><table:table-cell table:formula='of:=1/0' office:value-type='string' calcext:value-type='error'><text:p>#DIV/0!</text:p></table:table-cell></table:table-row></table:table>";
    let book = open(&super::make::ods(table)).unwrap();
    let sheet = &book.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.text(at("A1")), sheet.text(at("C1"))), ("表", "東京  都\n二", "4,300件"));
    assert_eq!(sheet.cells[&at("A2")].stored, Stored::Nothing);
    assert_eq!(sheet.cells[&at("B2")].stored, Stored::Error("#DIV/0!".into()));
    assert_eq!(sheet.comments, [(at("A1"), "注".to_string())]);
    assert_eq!((sheet.hidden_rows.len(), sheet.hidden_cols.len(), sheet.merges.len()), (1, 1, 1));
}

#[test]
fn text_in_columns() {
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("番号,名称\r\n1,\"一\r\n「\"\"二\"\"」\"\r\n\r\n2,㈱髙\r\n");
    let book = read(&sjis, "一覧.csv", &Default::default()).unwrap();
    let sheet = &book.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.text(at("B2")), sheet.text(at("B4"))), ("一覧", "一\n「\"二\"」", "㈱髙"));
    let tabs = read("\u{feff}a\tb\n1\t2\n".as_bytes(), "a.xls", &Default::default()).unwrap();
    assert_eq!(tabs.sheets[0].cells[&at("B2")].stored, Stored::Number(2.0));
}

/// The locked samples, whose password is not known to the job, and the same parts in the clear.
#[test]
fn a_locked_workbook_stays_locked_without_its_password() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let expected = std::fs::read(root.join("honjo/hostile/expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let locked = expected["unreadable"].as_array().unwrap().iter().find(|u| u["why"] == "password_protected").unwrap();
    let bytes = std::fs::read(root.join("honjo/hostile/input").join(locked["file"].as_str().unwrap())).unwrap();
    let options = ReadOptions { passwords: vec!["wrong".into(), "計画".into()] };
    assert_eq!(read(&bytes, "a.xlsx", &options).unwrap_err(), Unreadable::Password);
}

#[test]
fn an_archive_of_parts_without_relations_is_read_by_the_usual_names() {
    let book = packed(&[
        ("xl/workbook.xml".into(), "<workbook><sheets><sheet name='S'/></sheets></workbook>".into()),
        ("xl/worksheets/sheet1.xml".into(), "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>".into()),
    ]);
    assert_eq!(open(&book).unwrap().sheets[0].cells.len(), 1);
}
