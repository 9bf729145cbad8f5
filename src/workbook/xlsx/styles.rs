//! Styles, as far as they decide what a cell shows: the number format of each cell style.

use super::parts::Book;
use crate::workbook::Unreadable;
use crate::workbook::archive::Archive;
use crate::workbook::numfmt::{NumFmt, builtin};
use crate::workbook::xml::{Node, Xml, yes};
use std::collections::BTreeMap;

/// Number formats by the index of the cell style.
pub(super) struct Styles {
    formats: Vec<NumFmt>,
    of_style: Vec<usize>,
    struck: Vec<bool>,
    general: NumFmt,
}

impl Styles {
    /// The format of a cell style; `General` for one that does not exist.
    pub(super) fn format(&self, style: usize) -> &NumFmt {
        self.of_style.get(style).and_then(|n| self.formats.get(*n)).unwrap_or(&self.general)
    }
}

impl Styles {
    /// Whether a cell style strikes its text out.
    pub(super) fn strikes(&self, style: usize) -> bool {
        self.struck.get(style).copied().unwrap_or(false)
    }
}

/// Reads the styles part. Broken styles cost only formats, so they end the reading and nothing else.
pub(super) fn read(archive: &mut Archive<'_>, book: &Book) -> Result<Styles, Unreadable> {
    let mut styles = Styles { formats: Vec::new(), of_style: Vec::new(), struck: Vec::new(), general: NumFmt::parse("General") };
    let Some(text) = book.styles.as_deref().map_or(Ok(None), |part| archive.text(part))? else { return Ok(styles) };
    let mut codes: BTreeMap<u32, String> = BTreeMap::new();
    let mut ids: Vec<u32> = Vec::new();
    let mut inside = false;
    let mut fonts: Option<Vec<bool>> = None;
    let mut in_fonts = false;
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
                "fonts" => (in_fonts, fonts) = (true, Some(Vec::new())),
                "font" if in_fonts => fonts.iter_mut().for_each(|f| f.push(false)),
                "strike" if in_fonts && tag.attr("val").is_none_or(|v| yes(&v)) => {
                    if let Some(last) = fonts.as_mut().and_then(|f| f.last_mut()) {
                        *last = true;
                    }
                }
                "xf" if inside && ids.len() < 70_000 => {
                    ids.push(tag.number("numFmtId").unwrap_or(0));
                    let font = tag.number::<usize>("fontId").unwrap_or(0);
                    styles.struck.push(fonts.as_ref().and_then(|f| f.get(font)).copied().unwrap_or(false));
                }
                _ => {}
            },
            Node::Close(end) => match end.local_name().into_inner() {
                "cellXfs" => inside = false,
                "fonts" => in_fonts = false,
                _ => {}
            },
            Node::End => break,
            Node::Text(_) => {}
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
