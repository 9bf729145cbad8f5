//! Makes workbooks out of the text of their parts, so that they may say anything.

use crate::collect::make::{Member, zip};
use torimatome::workbook::{ReadOptions, Unreadable, Workbook, read};

/// The parts of an .xlsx with one sheet; `more` replaces or adds parts.
pub(crate) fn xlsx(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), b"<Types/>".to_vec()),
        ("_rels/.rels".into(), rels(&[("officeDocument", "xl/workbook.xml")]).into_bytes()),
        ("xl/workbook.xml".into(), br#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_vec()),
        (
            "xl/_rels/workbook.xml.rels".into(),
            rels(&[("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]).into_bytes(),
        ),
        ("xl/worksheets/sheet1.xml".into(), format!("<worksheet>{sheet}</worksheet>").into_bytes()),
    ];
    for (name, text) in more {
        parts.retain(|(n, _)| n != name);
        parts.push(((*name).to_string(), text.as_bytes().to_vec()));
    }
    packed(&parts)
}

/// Relations with the identifiers rId1, rId2 …
pub(crate) fn rels(list: &[(&str, &str)]) -> String {
    let one = |n: usize, (kind, target): &(&str, &str)| {
        format!(
            r#"<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>"#,
            n + 1
        )
    };
    format!("<Relationships>{}</Relationships>", list.iter().enumerate().map(|(n, r)| one(n, r)).collect::<String>())
}

/// A zip of parts, packed.
pub(crate) fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let members: Vec<Member<'_>> = parts.iter().map(|(name, bytes)| Member { deflate: true, ..Member::new(name.as_bytes(), bytes) }).collect();
    zip(&members)
}

/// An .ods with this table content.
pub(crate) fn ods(table: &str) -> Vec<u8> {
    let content =
        format!("<office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>");
    packed(&[("mimetype".into(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()), ("content.xml".into(), content.into_bytes())])
}

/// One record of BIFF.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend((data.len() as u16).to_le_bytes());
    out.extend(data);
    out
}

/// An .xls with one sheet of these records; `globals` stand before the sheet's name.
pub(crate) fn xls(globals: &[u8], sheet: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let bof = |kind: u16| record(0x0809, &[&0x0600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let name = [&[0u8, 0, 1, 0][..], b"S"].concat();
    let head = [bof(5), globals.to_vec()].concat();
    let at = head.len() + 4 + 4 + name.len() + 4;
    let bound = [&(at as u32).to_le_bytes()[..], &name].concat();
    let stream = [head, record(0x85, &bound), record(0x0A, &[]), bof(0x10), sheet.to_vec(), record(0x0A, &[])].concat();
    let mut ole = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    ole.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    ole.into_inner().into_inner()
}

pub(crate) fn open(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    read(bytes, "a.xlsx", &ReadOptions::default())
}
