//! Marking: the department's own workbook with cells marked and noted, and nothing else changed.
//!
//! In: the bytes of an .xlsx or .xlsm and the places. Out: its bytes with a thick frame, a tint and a note at each place.
//! Stays true: members that need no change keep their very bytes; macros, validations, formulas, other sheets and existing notes are as they were.
//! Neighbours: [`super::package`] holds the zip, [`super::styles`], [`super::cells`] and [`super::notes`] change one part each.

use super::package::{Edits, Package, append_to, escaped};
use super::{cells, notes, styles};
use crate::workbook::CellRef;
use std::collections::BTreeMap;

/// Main namespace of the parts that are changed.
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// Namespace of relationship ids.
pub(super) const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Namespace of relationship parts.
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

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

/// One relationship of a part.
#[derive(Debug, Clone)]
pub(super) struct Relationship {
    /// Its id.
    pub id: String,
    /// What it is: the last part of its type.
    pub kind: String,
    /// The part it leads to, from the root of the package.
    pub target: String,
}

/// Name of the part that holds the relationships of a part.
fn relationships_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") }
}

/// The relationships of a part (of the package itself for an empty name).
pub(super) fn relationships(package: &mut Package<'_>, part: &str) -> Result<Vec<Relationship>, Unmarkable> {
    let Some(text) = package.text(&relationships_of(part))? else { return Ok(Vec::new()) };
    let text = without_mark(&text);
    let document = roxmltree::Document::parse(text).map_err(|_| Unmarkable::Damaged)?;
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let nodes = document.root_element().children().filter(|n| n.has_tag_name((PACKAGE, "Relationship")));
    Ok(nodes
        .filter(|n| n.attribute("TargetMode") != Some("External"))
        .map(|n| Relationship {
            id: n.attribute("Id").unwrap_or_default().to_owned(),
            kind: n.attribute("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned(),
            target: resolved(folder, n.attribute("Target").unwrap_or_default()),
        })
        .collect())
}

/// Adds a relationship to a part and returns its id.
pub(super) fn relate(package: &mut Package<'_>, part: &str, kind: &str, target: &str) -> Result<String, Unmarkable> {
    let name = relationships_of(part);
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let text = package.text(&name)?.unwrap_or_else(|| format!("{head}<Relationships xmlns=\"{PACKAGE}\"></Relationships>"));
    let text = without_mark(&text).to_owned();
    let document = roxmltree::Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
    let root = document.root_element();
    let taken: Vec<&str> = root.children().filter_map(|n| n.attribute("Id")).collect();
    let id = (1..).map(|n| format!("rIdNote{n}")).find(|id| !taken.contains(&id.as_str())).unwrap_or_default();
    let prefix = super::package::prefix(&text, root);
    let mut edits = Edits::default();
    append_to(
        &text,
        root,
        &format!("<{prefix}Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"/{}\"/>", escaped(target)),
        &mut edits,
    );
    let text = edits.apply(&text);
    package.put(&name, text);
    Ok(id)
}

/// A relationship's target as a part's name.
fn resolved(folder: &str, target: &str) -> String {
    let joined = if let Some(absolute) = target.strip_prefix('/') { absolute.to_owned() } else { format!("{folder}/{target}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
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

/// The text without a byte order mark.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
