//! The package: an .xlsx or .xlsm as the zip of parts that it is, for changing some parts and leaving the others byte for byte.
//!
//! In: the bytes of a workbook. Out: its bytes with some parts replaced or added.
//! Stays true: a part that was not replaced keeps its very bytes, compressed as they came; parts keep their order.
//! Neighbours: [`super::mark`] decides what is replaced.

use crate::render::made_by;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Main namespace of the parts that are changed.
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// Namespace of relationship ids.
pub(super) const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Most bytes of a part that is read for changing.
const LARGEST_PART: u64 = 64 * 1024 * 1024;

/// Why a workbook cannot be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unmarkable {
    /// No zip (an .xls, a text, something encrypted).
    NotAPackage,
    /// A part cannot be read.
    Damaged,
    /// A part is too large.
    TooLarge,
    /// A part is not UTF-8.
    NotUtf8,
    /// No workbook of the usual (transitional) kind.
    OtherKind,
}

/// A workbook's zip with the changes to it.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Names of the parts as stored, by their folded name (Excel does not mind the case).
    names: BTreeMap<String, String>,
    /// New contents by name as stored.
    changed: BTreeMap<String, Vec<u8>>,
}

impl<'a> Package<'a> {
    /// Opens the zip.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unmarkable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unmarkable::NotAPackage)?;
        let names = archive.file_names().filter_map(|n| n.ok()).map(|n| (folded(&n), n.into_owned())).collect();
        Ok(Package { archive, names, changed: BTreeMap::new() })
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&folded(name))
    }

    /// The text of a part, with the changes made so far; `None` if there is no such part.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Unmarkable> {
        let Some(stored) = self.names.get(&folded(name)).cloned() else { return Ok(None) };
        let bytes = match self.changed.get(&stored) {
            Some(bytes) => bytes.clone(),
            None => {
                let mut bytes = Vec::new();
                let part = self.archive.by_name(&stored).map_err(|_| Unmarkable::Damaged)?;
                part.take(LARGEST_PART + 1).read_to_end(&mut bytes).map_err(|_| Unmarkable::Damaged)?;
                bytes
            }
        };
        if bytes.len() as u64 > LARGEST_PART {
            return Err(Unmarkable::TooLarge);
        }
        String::from_utf8(bytes).map(Some).map_err(|_| Unmarkable::NotUtf8)
    }

    /// Replaces or adds a part.
    pub(super) fn put(&mut self, name: &str, text: String) {
        let stored = self.names.entry(folded(name)).or_insert_with(|| name.to_owned()).clone();
        self.changed.insert(stored, text.into_bytes());
    }

    /// A name of a new part: `before`, a number that is free, `after`.
    pub(super) fn free_name(&self, before: &str, after: &str) -> String {
        let mut number = 1;
        loop {
            let name = format!("{before}{number}{after}");
            if !self.has(&name) {
                return name;
            }
            number += 1;
        }
    }

    /// The bytes of the changed workbook.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Unmarkable> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
        let write = |writer: &mut ZipWriter<_>, name: &str, bytes: &[u8]| {
            writer.start_file(name, options).map_err(|_| Unmarkable::Damaged)?;
            writer.write_all(bytes).map_err(|_| Unmarkable::Damaged)
        };
        for place in 0..self.archive.len() {
            let part = self.archive.by_index_raw(place).map_err(|_| Unmarkable::Damaged)?;
            let name = part.name().map_err(|_| Unmarkable::Damaged)?.into_owned();
            match self.changed.remove(&name) {
                Some(bytes) => {
                    drop(part);
                    write(&mut writer, &name, &bytes)?;
                }
                None => writer.raw_copy_file(part).map_err(|_| Unmarkable::Damaged)?,
            }
        }
        for (name, bytes) in std::mem::take(&mut self.changed) {
            write(&mut writer, &name, &bytes)?;
        }
        Ok(made_by::anywhere(writer.finish().map_err(|_| Unmarkable::Damaged)?.into_inner()))
    }
}

/// A part's name as Excel compares it.
fn folded(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// Changes to a text at byte positions, made at once so that positions stay right.
#[derive(Default)]
pub(super) struct Edits(Vec<(std::ops::Range<usize>, String)>);

impl Edits {
    /// Replaces a range.
    pub(super) fn replace(&mut self, range: std::ops::Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Puts a text in.
    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.0.push((at..at, text.into()));
    }

    /// The changed text. Insertions at one place stand in the order in which they were made.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len() + 256);
        let mut at = 0;
        for (range, new) in self.0 {
            if range.start < at {
                continue;
            }
            out.push_str(&text[at..range.start]);
            out.push_str(&new);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

/// Where the children of an element end: before its closing tag. For `<x/>` the element is opened up first.
pub(super) fn append_to(text: &str, node: roxmltree::Node<'_, '_>, new: &str, edits: &mut Edits) {
    let range = node.range();
    let raw = &text[range.clone()];
    if raw.ends_with("/>") {
        let name = raw[1..].split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        edits.replace(range.end - 2..range.end, format!(">{new}</{name}>"));
    } else if let Some(close) = raw.rfind("</") {
        edits.insert(range.start + close, new);
    }
}

/// Sets an attribute in the opening tag of an element.
pub(super) fn set_attribute(text: &str, node: roxmltree::Node<'_, '_>, name: &str, value: &str, edits: &mut Edits) {
    if let Some(attribute) = node.attributes().find(|a| a.name() == name && a.namespace().is_none()) {
        edits.replace(attribute.range_value(), value);
    } else {
        let start = node.range().start;
        let tag = text[start + 1..].find(|c: char| c.is_whitespace() || c == '/' || c == '>').map_or(start + 1, |n| start + 1 + n);
        edits.insert(tag, format!(" {name}=\"{value}\""));
    }
}

/// The prefix of an element's tag with its colon (`x:`), or nothing.
pub(super) fn prefix<'t>(text: &'t str, node: roxmltree::Node<'_, '_>) -> &'t str {
    let tag = &text[node.range().start + 1..];
    let name = tag.split(|c: char| c.is_whitespace() || c == '/' || c == '>').next().unwrap_or_default();
    name.find(':').map_or("", |colon| &tag[..=colon])
}

/// The text without a byte order mark.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A text inside XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => {}
            // Characters that XML cannot hold.
            c if (c < ' ' && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
