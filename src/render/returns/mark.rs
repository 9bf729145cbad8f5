//! Marking: the department's own workbook with cells marked and noted, and nothing else changed.
//!
//! In: the bytes of an .xlsx or .xlsm and the places. Out: its bytes with a thick frame, a tint and a note at each place.
//! Stays true: members that need no change keep their very bytes; macros, validations, formulas, other sheets and existing notes are as they were.
//! Neighbours: [`super::package`] holds the zip, [`super::relations`] leads from part to part; [`super::styles`], [`super::cells`] and [`super::notes`] change one part each.

use super::package::{MAIN, Package, RELATIONSHIPS, Unmarkable, without_mark};
use super::relations::relationships;
use super::{cells, notes, styles};
use crate::workbook::CellRef;
use std::collections::BTreeMap;

/// What is to be said at one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The sheet's name.
    pub sheet: String,
    /// The cell.
    pub cell: CellRef,
    /// The note.
    pub note: String,
}

/// The workbook with its marks, and the marks whose sheet it does not have.
pub(super) fn mark(bytes: &[u8], marks: &[Mark]) -> Result<(Vec<u8>, usize), Unmarkable> {
    let mut package = Package::open(bytes)?;
    let book = workbook_part(&mut package)?;
    let sheets = sheets(&mut package, &book)?;
    let mut styles = styles::Styles::open(&mut package, &book)?;
    let mut by_sheet: BTreeMap<&str, BTreeMap<CellRef, Vec<&str>>> = BTreeMap::new();
    for mark in marks {
        by_sheet.entry(&mark.sheet).or_default().entry(mark.cell).or_default().push(&mark.note);
    }
    let mut missed = 0;
    for (name, places) in &by_sheet {
        let Some(part) = sheets.get(*name) else {
            missed += places.len();
            continue;
        };
        cells::mark(&mut package, part, &places.keys().copied().collect::<Vec<_>>(), &mut styles)?;
        let texts: Vec<(CellRef, String)> = places.iter().map(|(cell, texts)| (*cell, texts.join("\n"))).collect();
        notes::add(&mut package, part, &texts)?;
    }
    styles.finish(&mut package);
    Ok((package.finish()?, missed))
}

/// The part that holds the workbook.
fn workbook_part(package: &mut Package<'_>) -> Result<String, Unmarkable> {
    let found = relationships(package, "")?.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
    let part = found.ok_or(Unmarkable::OtherKind)?;
    let text = package.text(&part)?.ok_or(Unmarkable::Damaged)?;
    let document = roxmltree::Document::parse(without_mark(&text)).map_err(|_| Unmarkable::Damaged)?;
    if document.root_element().has_tag_name((MAIN, "workbook")) { Ok(part) } else { Err(Unmarkable::OtherKind) }
}

/// The part of each sheet, by its name.
fn sheets(package: &mut Package<'_>, book: &str) -> Result<BTreeMap<String, String>, Unmarkable> {
    let related = relationships(package, book)?;
    let text = package.text(book)?.ok_or(Unmarkable::Damaged)?;
    let document = roxmltree::Document::parse(without_mark(&text)).map_err(|_| Unmarkable::Damaged)?;
    let nodes = document.descendants().filter(|n| n.has_tag_name((MAIN, "sheet")));
    Ok(nodes
        .filter_map(|n| {
            let id = n.attribute((RELATIONSHIPS, "id"))?;
            let part = related.iter().find(|r| r.id == id && r.kind == "worksheet")?;
            Some((n.attribute("name")?.to_owned(), part.target.clone()))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read, Write};

    const CONTENT: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>";
    const BOOK: &str = "<x:workbook xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><x:sheets><x:sheet name=\"表 &amp; 1\" sheetId=\"1\" r:id=\"b\"/></x:sheets></x:workbook>";
    const BOOK_RELS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"b\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"c\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
    const STYLES: &str = "<x:styleSheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:fills count=\"1\"><x:fill/></x:fills><x:borders count=\"1\"><x:border/></x:borders><x:cellXfs count=\"2\"><x:xf numFmtId=\"0\"/><x:xf numFmtId=\"9\" fillId=\"0\"><x:alignment wrapText=\"1\"/></x:xf></x:cellXfs></x:styleSheet>";

    fn zipped(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let parts = [
            ("[Content_Types].xml", CONTENT),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", BOOK_RELS),
            ("xl/styles.xml", STYLES),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        for (name, text) in parts.iter().chain(more) {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
            zip.write_all(text.as_bytes()).expect("a part");
        }
        zip.finish().expect("a zip").into_inner()
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut text = String::new();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        zip.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
        text
    }

    fn note(cell: &str) -> Mark {
        Mark { sheet: "表 & 1".to_owned(), cell: CellRef::parse(cell).expect("a cell"), note: "直して<ください>".to_owned() }
    }

    #[test]
    fn other_prefixes_rows_without_numbers_and_missing_cells() {
        let sheet = "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:cols><x:col min=\"4\" max=\"4\" style=\"1\"/></x:cols><x:sheetData><x:row><x:c t=\"n\"><x:f t=\"shared\" ref=\"A1:A2\" si=\"0\">1+1</x:f><x:v>2</x:v></x:c><x:c s=\"1\"/></x:row><x:row r=\"3\"/></x:sheetData><x:mergeCells><x:mergeCell ref=\"B1:C2\"/></x:mergeCells><x:tableParts/></x:worksheet>";
        let (bytes, missed) = mark(&zipped(sheet, &[]), &[note("B1"), note("D3"), note("A5")]).expect("marked");
        assert_eq!(missed, 0);
        let after = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(after.contains("<x:c t=\"n\"><x:f t=\"shared\" ref=\"A1:A2\" si=\"0\">1+1</x:f><x:v>2</x:v></x:c>"), "{after}");
        assert!(
            after.contains("<x:c s=\"2\"/><x:c r=\"C1\" s=\"3\"/></x:row><x:row r=\"2\"><x:c r=\"B2\" s=\"3\"/><x:c r=\"C2\" s=\"3\"/></x:row>"),
            "{after}"
        );
        assert!(
            after.contains("<x:row r=\"3\"><x:c r=\"D3\" s=\"2\"/></x:row><x:row r=\"5\"><x:c r=\"A5\" s=\"3\"/></x:row></x:sheetData>"),
            "{after}"
        );
        let legacy = after.find("<x:legacyDrawing ").expect("the drawing of notes");
        assert!(legacy < after.find("<x:tableParts").expect("the tables"));
        let styles = part(&bytes, "xl/styles.xml");
        assert!(styles.contains("<x:cellXfs count=\"4\">") && styles.contains("<x:xf numFmtId=\"9\" fillId=\"1\" borderId=\"1\""), "{styles}");
        let comments = part(&bytes, "xl/comments1.xml");
        assert_eq!(comments.matches("<comment ref=").count(), 3, "{comments}");
        assert!(comments.contains("直して&lt;ください&gt;"));
        for name in ["[Content_Types].xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/styles.xml"]
        {
            roxmltree::Document::parse(&part(&bytes, name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }

    #[test]
    fn existing_notes_stay_and_go_on() {
        let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheetData/><legacyDrawing r:id=\"v\"/></worksheet>";
        let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"v\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing\" Target=\"../drawings/vmlDrawing1.vml\"/><Relationship Id=\"w\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"../comments1.xml\"/></Relationships>";
        let comments = "<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors><author>課</author></authors><commentList><comment ref=\"B2\" authorId=\"0\"><text><t>元のメモ</t></text></comment></commentList></comments>";
        let vml = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:shape id=\"_x0000_s1030\"><br></v:shape></xml>";
        let more = [("xl/worksheets/_rels/sheet1.xml.rels", rels), ("xl/comments1.xml", comments), ("xl/drawings/vmlDrawing1.vml", vml)];
        let (bytes, _) = mark(&zipped(sheet, &more), &[note("B2"), note("A1")]).expect("marked");
        let after = part(&bytes, "xl/comments1.xml");
        assert!(after.contains("<t>元のメモ</t><r>"), "{after}");
        assert!(after.find("ref=\"A1\"") < after.find("ref=\"B2\"") && after.contains("authorId=\"1\""), "{after}");
        let vml = part(&bytes, "xl/drawings/vmlDrawing1.vml");
        assert!(vml.contains("_x0000_s1031") && !vml.contains("_x0000_s1032") && vml.contains("<br>"), "{vml}");
        assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("<sheetData><row r=\"1\">"));
    }

    #[test]
    fn what_is_no_workbook_is_refused_without_a_panic() {
        assert_eq!(mark(b"", &[note("A1")]).err(), Some(Unmarkable::NotAPackage));
        assert_eq!(mark(b"\xd0\xcf\x11\xe0", &[note("A1")]).err(), Some(Unmarkable::NotAPackage));
        assert!(mark(&zipped("<worksheet", &[]), &[note("A1")]).is_err());
        let whole = zipped("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData/></worksheet>", &[]);
        for cut in (0..whole.len()).step_by(97) {
            let _ = mark(&whole[..cut], &[note("A1")]);
        }
    }
}
