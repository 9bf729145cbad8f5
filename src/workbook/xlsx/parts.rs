//! The table of contents of a package: sheets, names, relations, document properties.

use crate::finding::Text;
use crate::workbook::archive::Archive;
use crate::workbook::xml::{Node, Xml};
use crate::workbook::{Unreadable, Visibility};
use std::collections::BTreeMap;

/// What a part is related to.
#[derive(Debug, Clone)]
pub(in crate::workbook) struct Part {
    /// The last word of the relation's type: `worksheet`, `comments`, `drawing` …
    pub(in crate::workbook) kind: String,
    /// The name of the part in the archive.
    pub(in crate::workbook) target: String,
}

/// One sheet as the workbook part names it.
#[derive(Debug)]
pub(super) struct SheetEntry {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    /// Its part, if there is one.
    pub(super) part: Option<String>,
}

/// The workbook part.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) date1904: bool,
    /// Defined names, in lower case, with what they refer to.
    pub(super) names: BTreeMap<String, String>,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
}

fn damaged(detail: &str) -> Unreadable {
    Unreadable::Damaged(Text::new(
        format!("ファイルが壊れています（ブックの構成が読めません: {detail}）"),
        format!("the file is damaged (its workbook part: {detail})"),
    ))
}

/// Finds and reads the workbook part.
pub(super) fn book(archive: &mut Archive<'_>) -> Result<Book, Unreadable> {
    let root = relations_by_id(archive, "_rels/.rels", "")?;
    let part = root.values().find(|p| p.kind == "officeDocument").map(|p| p.target.clone()).filter(|t| archive.has(t));
    let part = part.unwrap_or_else(|| "xl/workbook.xml".into());
    let Some(text) = archive.text(&part)? else { return Err(damaged(&part)) };
    let relations = relations_by_id(archive, &relations_of(&part), folder(&part))?;
    let mut book = Book::default();
    let pick = |kind: &str| relations.values().find(|p| p.kind == kind).map(|p| p.target.clone());
    book.strings = pick("sharedStrings").or_else(|| Some("xl/sharedStrings.xml".into()));
    book.styles = pick("styles").or_else(|| Some("xl/styles.xml".into()));
    read_book(&text, &relations, archive, &mut book).map_err(|e| damaged(&e))?;
    Ok(book)
}

fn read_book(text: &str, relations: &BTreeMap<String, Part>, archive: &Archive<'_>, book: &mut Book) -> Result<(), String> {
    let mut xml = Xml::new(text);
    loop {
        match xml.next()? {
            Node::Open(tag) => match tag.name() {
                "workbookPr" => book.date1904 = tag.flag("date1904"),
                "sheet" => {
                    let n = book.sheets.len() + 1;
                    let related = tag.attr("id").and_then(|id| relations.get(&id));
                    // Charts, dialogs and Excel 4 macro sheets hold no answers.
                    if related.is_some_and(|r| matches!(r.kind.as_str(), "chartsheet" | "dialogsheet" | "xlMacrosheet" | "xlIntlMacrosheet")) {
                        continue;
                    }
                    let usual = format!("xl/worksheets/sheet{n}.xml");
                    let part = related.map(|r| r.target.clone()).or_else(|| archive.has(&usual).then_some(usual));
                    let visibility = match tag.attr("state").as_deref() {
                        Some("hidden") => Visibility::Hidden,
                        Some("veryHidden") => Visibility::VeryHidden,
                        _ => Visibility::Visible,
                    };
                    book.sheets.push(SheetEntry { name: tag.attr("name").unwrap_or_else(|| format!("Sheet{n}")), visibility, part });
                }
                "definedName" => {
                    let name = tag.attr("name").unwrap_or_default().to_lowercase();
                    let refers = xml.text()?;
                    book.names.entry(name).or_insert(refers);
                }
                _ => {}
            },
            Node::End => return Ok(()),
            Node::Close(_) | Node::Text(_) => {}
        }
    }
}

/// The relations of a part, by their identifiers.
pub(in crate::workbook) fn relations_of_part(archive: &mut Archive<'_>, part: &str) -> Result<BTreeMap<String, Part>, Unreadable> {
    relations_by_id(archive, &relations_of(part), folder(part))
}

/// `xl/worksheets/sheet1.xml` → `xl/worksheets/_rels/sheet1.xml.rels`.
fn relations_of(part: &str) -> String {
    let folder = folder(part);
    let file = part.rsplit('/').next().unwrap_or(part);
    if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") }
}

fn folder(part: &str) -> &str {
    part.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn relations_by_id(archive: &mut Archive<'_>, name: &str, folder: &str) -> Result<BTreeMap<String, Part>, Unreadable> {
    let mut out = BTreeMap::new();
    let Some(text) = archive.text(name)? else { return Ok(out) };
    let mut xml = Xml::new(&text);
    // Broken relations are no relations: what they lead to is then looked for under its usual name, or missed by name.
    while let Ok(node) = xml.next() {
        match node {
            Node::Open(tag) if tag.name() == "Relationship" => {
                if tag.attr("TargetMode").as_deref() == Some("External") {
                    continue;
                }
                let kind = tag.attr("Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_string();
                let target = join(folder, &tag.attr("Target").unwrap_or_default());
                out.insert(tag.attr("Id").unwrap_or_default(), Part { kind, target });
            }
            Node::End => break,
            _ => {}
        }
    }
    Ok(out)
}

/// Resolves a target against the folder of its source.
fn join(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path.retain(|p| !p.is_empty());
    path.join("/")
}

/// When the workbook was last saved. The property is in universal time (a `Z` behind it); the answer is in Japanese time.
pub(in crate::workbook) fn modified(archive: &mut Archive<'_>) -> Result<Option<chrono::NaiveDateTime>, Unreadable> {
    let Some(text) = archive.text("docProps/core.xml")? else { return Ok(None) };
    let mut xml = Xml::new(&text);
    while let Ok(node) = xml.next() {
        match node {
            Node::Open(tag) if tag.name() == "modified" => {
                return Ok(xml.text().ok().and_then(|t| crate::workbook::moment(&t)));
            }
            Node::End => break,
            _ => {}
        }
    }
    Ok(None)
}
