//! What lies on a sheet beside its cells: notes, threaded comments, shapes with text, marks, form controls.

use super::strings::item;
use crate::workbook::archive::Archive;
use crate::workbook::limits::{COLS, Fault, Meter, ROWS};
use crate::workbook::xml::{Node, Xml};
use crate::workbook::{Area, CellRef, Shape, Sheet, Unreadable};

/// Adds the content of a related part to the sheet, if it is one that lies on the grid. A broken part costs the sheet: a note must not be lost in silence.
pub(super) fn add(archive: &mut Archive<'_>, kind: &str, target: &str, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), Fault> {
    if !matches!(kind, "comments" | "threadedComment" | "drawing" | "vmlDrawing") {
        return Ok(());
    }
    let text = match archive.text(target) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(()),
        Err(Unreadable::Damaged(reason)) => return Err(Fault::Sheet(reason)),
        Err(other) => return Err(Fault::File(other)),
    };
    match kind {
        "comments" => comments(&text, sheet, meter),
        "threadedComment" => threaded(&text, sheet, meter),
        "drawing" => drawing(&text, sheet, meter),
        // VML is loose HTML at times; what cannot be read of it are check boxes and the frames of notes.
        _ => controls(&text, sheet, meter),
    }
}

/// Excel repeats a threaded comment as a note with an explanation; only the comment itself is kept. The order is that of the cells.
pub(super) fn settle(sheet: &mut Sheet) {
    let threaded: Vec<CellRef> = sheet.comments.iter().filter(|(_, t)| t.starts_with(THREAD)).map(|(at, _)| *at).collect();
    sheet.comments.retain(|(at, text)| text.starts_with(THREAD) || !threaded.contains(at) || !text.starts_with("[Threaded comment]"));
    for (_, text) in &mut sheet.comments {
        if let Some(rest) = text.strip_prefix(THREAD) {
            *text = rest.to_string();
        }
    }
    sheet.comments.sort_by_key(|(at, _)| *at);
}

/// Marks a threaded comment until [`settle`]; no text of a file can hold it, since XML forbids the character.
const THREAD: &str = "\u{1}";

fn comments(text: &str, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), Fault> {
    let mut xml = Xml::new(text);
    let mut at = None;
    loop {
        match xml.next().map_err(Fault::broken)? {
            Node::Open(tag) if tag.name() == "comment" => at = tag.attr("ref").and_then(|r| CellRef::parse(&r)),
            Node::Open(tag) if tag.name() == "text" => {
                let words = item(&mut xml).map_err(Fault::broken)?;
                if let (Some(at), false) = (at, words.trim().is_empty()) {
                    meter.extra(words.len())?;
                    sheet.comments.push((at, words));
                }
            }
            Node::End => return Ok(()),
            _ => {}
        }
    }
}

fn threaded(text: &str, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), Fault> {
    let mut xml = Xml::new(text);
    let mut at = None;
    loop {
        match xml.next().map_err(Fault::broken)? {
            Node::Open(tag) if tag.name() == "threadedComment" => at = tag.attr("ref").and_then(|r| CellRef::parse(&r)),
            Node::Open(tag) if tag.name() == "text" => {
                let words = xml.text().map_err(Fault::broken)?;
                if let (Some(at), false) = (at, words.trim().is_empty()) {
                    meter.extra(words.len())?;
                    sheet.comments.push((at, format!("{THREAD}{words}")));
                }
            }
            Node::End => return Ok(()),
            _ => {}
        }
    }
}

/// One anchor while it is read.
#[derive(Default)]
struct Anchor {
    from: [i64; 4],
    to: Option<[i64; 4]>,
    shapes: Vec<(String, String)>,
}

fn drawing(text: &str, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), Fault> {
    let mut xml = Xml::new(text);
    let mut anchor = Anchor::default();
    loop {
        match xml.next().map_err(Fault::broken)? {
            Node::Open(tag) => match tag.name() {
                "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => anchor = Anchor::default(),
                "from" => anchor.from = corner(&mut xml).map_err(Fault::broken)?,
                "to" => anchor.to = Some(corner(&mut xml).map_err(Fault::broken)?),
                "ext" if anchor.to.is_none() => {
                    let far = (tag.number::<i64>("cx"), tag.number::<i64>("cy"));
                    if let (Some(cx), Some(cy)) = far {
                        anchor.to = Some(reach(anchor.from, cx, cy));
                    }
                }
                "sp" | "cxnSp" | "pic" => {
                    let picture = tag.name() == "pic";
                    let shape = shape(&mut xml, picture).map_err(Fault::broken)?;
                    anchor.shapes.push(shape);
                }
                _ => {}
            },
            Node::Close(end) if end.local_name().into_inner().ends_with("CellAnchor") => {
                for (geometry, text) in std::mem::take(&mut anchor.shapes) {
                    meter.extra(text.len())?;
                    sheet.shapes.push(Shape { over: anchor.area(), geometry, text });
                }
            }
            Node::End => return Ok(()),
            Node::Close(_) | Node::Text(_) => {}
        }
    }
}

impl Anchor {
    /// The cells that the drawing covers. One that ends on the very edge of a cell does not cover it.
    fn area(&self) -> Area {
        let [col, _, row, _] = self.from;
        let [mut last_col, col_off, mut last_row, row_off] = self.to.unwrap_or(self.from);
        if col_off <= 0 && last_col > col {
            last_col -= 1;
        }
        if row_off <= 0 && last_row > row {
            last_row -= 1;
        }
        let clamp = |n: i64, limit: u32| u32::try_from(n.clamp(0, i64::from(limit) - 1)).unwrap_or(0);
        let first = CellRef::new(clamp(row, ROWS), clamp(col, COLS));
        Area { first, last: CellRef::new(clamp(last_row.max(row), ROWS), clamp(last_col.max(col), COLS)) }
    }
}

/// Where a drawing of a known size ends, by Excel's standard widths and heights (64 × 20 pixels of 9,525 EMU).
fn reach([col, col_off, row, row_off]: [i64; 4], cx: i64, cy: i64) -> [i64; 4] {
    let (width, height) = (64 * 9525, 20 * 9525);
    let (x, y) = (col_off.saturating_add(cx).max(0), row_off.saturating_add(cy).max(0));
    [col.saturating_add(x / width), x % width, row.saturating_add(y / height), y % height]
}

/// Column, its offset, row, its offset.
fn corner(xml: &mut Xml<'_>) -> Result<[i64; 4], String> {
    let mut out = [0; 4];
    loop {
        match xml.next()? {
            Node::Open(tag) => {
                let place = match tag.name() {
                    "col" => 0,
                    "colOff" => 1,
                    "row" => 2,
                    "rowOff" => 3,
                    _ => {
                        xml.skip()?;
                        continue;
                    }
                };
                out[place] = xml.text()?.trim().parse().unwrap_or(0);
            }
            Node::Close(_) => return Ok(out),
            Node::Text(_) => {}
            Node::End => return Err("the document ends inside an anchor".into()),
        }
    }
}

/// Geometry and text of a shape whose opening tag was just read; paragraphs are lines.
fn shape(xml: &mut Xml<'_>, picture: bool) -> Result<(String, String), String> {
    let mut geometry = if picture { "picture".to_string() } else { String::new() };
    let mut text = String::new();
    let mut depth = 0u32;
    let mut paragraphs = 0;
    loop {
        match xml.next()? {
            Node::Open(tag) => {
                match tag.name() {
                    "prstGeom" if !picture => geometry = tag.attr("prst").unwrap_or_default(),
                    "p" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "br" => text.push('\n'),
                    "t" => {
                        text.push_str(&xml.text()?);
                        continue;
                    }
                    _ => {}
                }
                depth += 1;
            }
            Node::Close(_) if depth == 0 => return Ok((geometry, text.trim_end_matches('\n').to_string())),
            Node::Close(_) => depth -= 1,
            Node::Text(_) => {}
            Node::End => return Err("the document ends inside a shape".into()),
        }
    }
}

/// Check boxes and option buttons of the old kind: geometry `checkbox` or `radio`, with ` checked` behind it if they are ticked.
fn controls(text: &str, sheet: &mut Sheet, meter: &mut Meter) -> Result<(), Fault> {
    let mut xml = Xml::new(text);
    let (mut words, mut kind, mut checked, mut anchor) = (String::new(), String::new(), false, None);
    while let Ok(node) = xml.next() {
        match node {
            Node::Open(tag) => match tag.name() {
                "shape" => (words, kind, checked, anchor) = (String::new(), String::new(), false, None),
                "textbox" => words = xml.text().unwrap_or_default(),
                "ClientData" => kind = tag.attr("ObjectType").unwrap_or_default(),
                "Checked" => checked = xml.text().unwrap_or_default().trim() == "1",
                "Anchor" => anchor = vml_anchor(&xml.text().unwrap_or_default()),
                _ => {}
            },
            Node::Close(end) if end.local_name().into_inner() == "shape" => {
                let name = match kind.as_str() {
                    "Checkbox" => "checkbox",
                    "Radio" => "radio",
                    _ => continue,
                };
                if let Some(over) = anchor {
                    meter.extra(words.len())?;
                    let geometry = if checked { format!("{name} checked") } else { name.to_string() };
                    sheet.shapes.push(Shape { over, geometry, text: words.trim().to_string() });
                }
            }
            Node::End => break,
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    Ok(())
}

/// `col, offset, row, offset, col, offset, row, offset`.
fn vml_anchor(text: &str) -> Option<Area> {
    let n: Vec<i64> = text.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    let [col, _, row, _, to_col, to_x, to_row, to_y] = n[..] else { return None };
    Some(Anchor { from: [col, 0, row, 0], to: Some([to_col, to_x, to_row, to_y]), shapes: Vec::new() }.area())
}
