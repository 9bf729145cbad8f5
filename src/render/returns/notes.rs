//! Notes of cells: the comments part and the drawing that shows its boxes.
//!
//! In: the part of a sheet and notes. Out: comments and boxes added, beside those that are there.
//! Stays true: existing notes keep their text, author and box; a note on the same cell goes on below the existing text.

use super::package::{Edits, MAIN, Package, RELATIONSHIPS, Unmarkable, append_to, escaped, prefix, without_mark};
use super::relations::{Relationship, relate, relationships};
use crate::workbook::CellRef;
use roxmltree::Document;

/// Who the notes are from.
const AUTHOR: &str = "取りまとめ担当";
/// Namespace of the content types part.
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
/// Elements of a sheet that stand after the drawing of notes.
const AFTER_LEGACY: &[&str] = &["legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"];

/// Adds notes to a sheet.
pub(super) fn add(package: &mut Package<'_>, sheet: &str, notes: &[(CellRef, String)]) -> Result<(), Unmarkable> {
    let related = relationships(package, sheet)?;
    let comments = related.iter().find(|r| r.kind == "comments").map(|r| r.target.clone());
    let new = match comments {
        Some(part) => add_comments(package, &part, notes)?,
        None => {
            let part = package.free_name("xl/comments", ".xml");
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{MAIN}\"><authors></authors><commentList></commentList></comments>"
            );
            package.put(&part, text);
            relate(package, sheet, "comments", &part)?;
            content_type(package, &part)?;
            add_comments(package, &part, notes)?
        }
    };
    if new.is_empty() {
        return Ok(());
    }
    match drawing_of(package, sheet, &related)? {
        Some(part) => add_boxes(package, &part, &new),
        None => {
            let part = package.free_name("xl/drawings/vmlDrawing", ".vml");
            package.put(&part, EMPTY_DRAWING.to_owned());
            let id = relate(package, sheet, "vmlDrawing", &part)?;
            add_boxes(package, &part, &new)?;
            show_drawing(package, sheet, &id)
        }
    }
}

/// The drawing that the sheet shows its notes with.
fn drawing_of(package: &mut Package<'_>, sheet: &str, related: &[Relationship]) -> Result<Option<String>, Unmarkable> {
    let text = package.text(sheet)?.ok_or(Unmarkable::Damaged)?;
    let document = Document::parse(without_mark(&text)).map_err(|_| Unmarkable::Damaged)?;
    let node = document.root_element().children().find(|n| n.has_tag_name((MAIN, "legacyDrawing")));
    let id = node.and_then(|n| n.attribute((RELATIONSHIPS, "id")));
    Ok(id.and_then(|id| related.iter().find(|r| r.id == id)).map(|r| r.target.clone()))
}

/// Adds comments; returns the notes that need a box of their own (those whose cell had no comment).
fn add_comments(package: &mut Package<'_>, part: &str, notes: &[(CellRef, String)]) -> Result<Vec<(CellRef, String)>, Unmarkable> {
    let text = package.text(part)?.ok_or(Unmarkable::Damaged)?;
    let text = without_mark(&text).to_owned();
    let document = Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
    let root = document.root_element();
    let p = prefix(&text, root);
    let authors = root.children().find(|n| n.has_tag_name((MAIN, "authors"))).ok_or(Unmarkable::OtherKind)?;
    let list = root.children().find(|n| n.has_tag_name((MAIN, "commentList"))).ok_or(Unmarkable::OtherKind)?;
    let author = authors.children().filter(|n| n.has_tag_name((MAIN, "author"))).count();
    let mut edits = Edits::default();
    append_to(&text, authors, &format!("<{p}author>{AUTHOR}</{p}author>"), &mut edits);
    let mut new: Vec<(CellRef, String)> = Vec::new();
    let existing: Vec<(CellRef, roxmltree::Node<'_, '_>)> =
        list.children().filter(|n| n.has_tag_name((MAIN, "comment"))).filter_map(|n| Some((CellRef::parse(n.attribute("ref")?)?, n))).collect();
    for (cell, note) in notes {
        let known = existing.iter().find(|(at, _)| at == cell);
        let body = known.and_then(|(_, n)| n.children().find(|c| c.has_tag_name((MAIN, "text"))));
        match body {
            Some(body) => append_to(&text, body, &run(p, &format!("\n{note}")), &mut edits),
            None => new.push((*cell, note.clone())),
        }
    }
    let mut tail = String::new();
    for (cell, note) in &new {
        let comment = format!("<{p}comment ref=\"{}\" authorId=\"{author}\"><{p}text>{}</{p}text></{p}comment>", cell.a1(), run(p, note));
        // Comments stand in the order of their cells in files that Excel wrote; Excel reads any order.
        match existing.iter().find(|(at, _)| at > cell) {
            Some((_, after)) => edits.insert(after.range().start, comment),
            None => tail.push_str(&comment),
        }
    }
    append_to(&text, list, &tail, &mut edits);
    let text = edits.apply(&text);
    package.put(part, text);
    Ok(new)
}

/// A run of a comment's text.
fn run(p: &str, text: &str) -> String {
    let font = format!(
        "<{p}rPr><{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"BIZ UDゴシック\"/><{p}family val=\"3\"/><{p}charset val=\"128\"/></{p}rPr>"
    );
    format!("<{p}r>{font}<{p}t xml:space=\"preserve\">{}</{p}t></{p}r>", escaped(text))
}

/// A drawing without boxes.
const EMPTY_DRAWING: &str = concat!(
    "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">",
    "<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>"
);

/// Adds boxes to a drawing. The drawing is no XML that every reader takes (Excel writes unclosed `<br>`), so it is changed as text at its end.
fn add_boxes(package: &mut Package<'_>, part: &str, notes: &[(CellRef, String)]) -> Result<(), Unmarkable> {
    let text = package.text(part)?.ok_or(Unmarkable::Damaged)?;
    let end = text.rfind("</xml>").ok_or(Unmarkable::OtherKind)?;
    let highest = text.split("_x0000_s").skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    let base = highest.max().unwrap_or(1024);
    let kind = if text.contains("_x0000_t202\"") || text.contains("_x0000_t202'") { "" } else { BOX_KIND };
    let mut boxes = String::from(kind);
    for (n, (cell, note)) in notes.iter().enumerate() {
        boxes.push_str(&note_box(base.saturating_add(n as u32 + 1), *cell, note));
    }
    // The namespaces are declared again: a drawing may have bound other prefixes.
    package.put(part, format!("{}{boxes}{}", &text[..end], &text[end..]));
    Ok(())
}

/// The kind of shape that notes are.
const BOX_KIND: &str = concat!(
    "<v:shapetype xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" ",
    "path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
);

/// One box, at the right of its cell and as high as its text.
fn note_box(id: u32, cell: CellRef, note: &str) -> String {
    let lines: usize = note.lines().map(|l| 1 + l.chars().count() / 22).sum();
    let rows = (lines as u32).clamp(4, 30);
    let (row, col) = (cell.row, cell.col);
    // The box must end inside the grid.
    let top = row.saturating_sub(1).min(1_048_576 - 40);
    let left = (col + 1).min(16_384 - 6);
    format!(
        "<v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\" \
         id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style='position:absolute;margin-left:60pt;margin-top:2pt;width:260pt;height:{}pt;z-index:1;visibility:hidden' \
         fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
         <v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox>\
         <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{}, 15, {top}, 4, {}, 15, {}, 4</x:Anchor>\
         <x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>",
        rows * 13,
        left,
        left + 4,
        top + rows,
    )
}

/// Makes the sheet show its drawing of notes.
fn show_drawing(package: &mut Package<'_>, sheet: &str, id: &str) -> Result<(), Unmarkable> {
    let text = package.text(sheet)?.ok_or(Unmarkable::Damaged)?;
    let text = without_mark(&text).to_owned();
    let document = Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
    let root = document.root_element();
    let element = format!("<{}legacyDrawing xmlns:r=\"{RELATIONSHIPS}\" r:id=\"{id}\"/>", prefix(&text, root));
    let mut edits = Edits::default();
    // A macro-enabled or newer sheet may wrap later elements in mc:AlternateContent.
    let after =
        root.children().find(|n| n.is_element() && (AFTER_LEGACY.contains(&n.tag_name().name()) || n.tag_name().name() == "AlternateContent"));
    match after {
        Some(node) => edits.insert(node.range().start, element),
        None => append_to(&text, root, &element, &mut edits),
    }
    let text = edits.apply(&text);
    package.put(sheet, text);
    Ok(())
}

/// Says in `[Content_Types].xml` what the new parts are.
fn content_type(package: &mut Package<'_>, comments: &str) -> Result<(), Unmarkable> {
    let name = "[Content_Types].xml";
    let text = package.text(name)?.ok_or(Unmarkable::Damaged)?;
    let text = without_mark(&text).to_owned();
    let document = Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
    let root = document.root_element();
    let p = prefix(&text, root);
    let mut edits = Edits::default();
    let knows_vml =
        root.children().any(|n| n.has_tag_name((TYPES, "Default")) && n.attribute("Extension").is_some_and(|e| e.eq_ignore_ascii_case("vml")));
    if !knows_vml {
        let default = format!("<{p}Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>");
        match root.children().find(roxmltree::Node::is_element) {
            Some(first) => edits.insert(first.range().start, default),
            None => append_to(&text, root, &default, &mut edits),
        }
    }
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
    append_to(&text, root, &format!("<{p}Override PartName=\"/{}\" ContentType=\"{kind}\"/>", escaped(comments)), &mut edits);
    let text = edits.apply(&text);
    package.put(name, text);
    Ok(())
}
