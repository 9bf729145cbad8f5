//! Styles, as far as they decide what a cell shows: the number format of each cell style.

use super::parts::Book;
use crate::workbook::Unreadable;
use crate::workbook::archive::Archive;
use crate::workbook::numfmt::{NumFmt, builtin};
use crate::workbook::xml::{Node, Xml};
use std::collections::BTreeMap;

/// Number formats by the index of the cell style.
pub(super) struct Styles {
    formats: Vec<NumFmt>,
    of_style: Vec<usize>,
    general: NumFmt,
}

impl Styles {
    /// The format of a cell style; `General` for one that does not exist.
    pub(super) fn format(&self, style: usize) -> &NumFmt {
        self.of_style.get(style).and_then(|n| self.formats.get(*n)).unwrap_or(&self.general)
    }
}

/// Reads the styles part. Broken styles cost only formats, so they end the reading and nothing else.
pub(super) fn read(archive: &mut Archive<'_>, book: &Book) -> Result<Styles, Unreadable> {
    let mut styles = Styles { formats: Vec::new(), of_style: Vec::new(), general: NumFmt::parse("General") };
    let Some(text) = book.styles.as_deref().map_or(Ok(None), |part| archive.text(part))? else { return Ok(styles) };
    let mut codes: BTreeMap<u32, String> = BTreeMap::new();
    let mut ids: Vec<u32> = Vec::new();
    let mut inside = false;
    let mut xml = Xml::new(&text);
    while let Ok(node) = xml.next() {
        match node {
            Node::Open(tag) => match tag.name() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attr("formatCode")) {
                        codes.entry(id).or_insert(code);
                    }
                }
                "cellXfs" => inside = true,
                "xf" if inside && ids.len() < 70_000 => ids.push(tag.number("numFmtId").unwrap_or(0)),
                _ => {}
            },
            Node::Close(end) if end.local_name().into_inner() == "cellXfs" => inside = false,
            Node::End => break,
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    let mut known: BTreeMap<u32, usize> = BTreeMap::new();
    for id in ids {
        let index = *known.entry(id).or_insert_with(|| {
            let code = codes.get(&id).map_or_else(|| builtin(u16::try_from(id).unwrap_or(0)), String::as_str);
            styles.formats.push(NumFmt::parse(code));
            styles.formats.len() - 1
        });
        styles.of_style.push(index);
    }
    Ok(styles)
}
