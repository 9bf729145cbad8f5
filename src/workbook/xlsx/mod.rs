//! Office Open XML workbooks (.xlsx, .xlsm): one small pass over each part.
//!
//! In: the bytes of the zip. Out: a [`Workbook`].
//! Stays true: cells are kept sparsely, so memory follows the size of the file; one bad sheet costs itself; the part names of relations are followed,
//! never guessed first.
//! Beside calamine, which reads the values (`values`): it gives no visibility of rows, comments, shapes and validations and no text as shown, and loses the rest
//! of a sheet to one unknown error value; so this pass makes the grid with the values as stored.
//! Parts: `parts` (names and relations), `strings`, `styles`, `sheet` (the grid), `extras` (comments, drawings).

mod extras;
mod formula;
mod parts;
mod sheet;
mod strings;
mod styles;

use super::archive::Archive;
use super::limits::{Fault, Meter, SHEETS};
use super::{Area, Format, Sheet, Stored, Unreadable, Workbook};
use crate::finding::Text;
use parts::SheetEntry;
pub(super) use parts::{Part, modified, relations_of_part as relations};
use std::collections::BTreeMap;

/// Reads a workbook.
///
/// # Errors
/// If the archive or one of its central parts is damaged, or over a limit.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    let book = parts::book(&mut archive)?;
    let mut meter = Meter::default();
    let styles = styles::read(&mut archive, &book)?;
    let strings = strings::read(&mut archive, &book, &mut meter)?;
    if book.sheets.len() > SHEETS {
        return Err(Unreadable::OverLimit(Text::new(format!("シートの数が上限（{SHEETS}）を超えています"), format!("more than {SHEETS} sheets"))));
    }
    let context = sheet::Context { styles: &styles, strings: &strings, date1904: book.date1904 };
    let mut out = Workbook { format: Format::Xlsx, sheets: Vec::new(), modified: None, broken: Vec::new(), values: Default::default() };
    let mut lists = Vec::new();
    for entry in &book.sheets {
        match one_sheet(&mut archive, entry, &context, &mut meter) {
            Ok((sheet, found)) => {
                lists.push((out.sheets.len(), found));
                out.sheets.push(sheet);
            }
            Err(Fault::Sheet(reason)) => out.broken.push((entry.name.clone(), reason)),
            Err(Fault::File(reason)) => return Err(reason),
        }
    }
    settle_choices(&mut out.sheets, lists, &book.names, &mut meter)?;
    out.modified = modified(&mut archive)?;
    archive.check_rest()?;
    Ok(out)
}

/// Reads one sheet with everything that lies on it.
fn one_sheet(
    archive: &mut Archive<'_>,
    entry: &SheetEntry,
    context: &sheet::Context<'_>,
    meter: &mut Meter,
) -> Result<(Sheet, Vec<sheet::List>), Fault> {
    let Some(part) = &entry.part else {
        return Err(Fault::Sheet(Text::new("シートの中身がファイルにありません", "the sheet's content is not in the file")));
    };
    let text = sheet_text(archive, part)?;
    let (mut sheet, lists) = sheet::read(&text, context, meter)?;
    sheet.name = entry.name.clone();
    sheet.visibility = entry.visibility;
    for Part { kind, target } in relations(archive, part).map_err(Fault::File)?.into_values() {
        extras::add(archive, &kind, &target, &mut sheet, meter)?;
    }
    extras::settle(&mut sheet);
    Ok((sheet, lists))
}

/// The text of a sheet's part; a damaged part costs only its sheet.
fn sheet_text(archive: &mut Archive<'_>, part: &str) -> Result<String, Fault> {
    match archive.text(part) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(Fault::Sheet(Text::new("シートの中身がファイルにありません", "the sheet's content is not in the file"))),
        Err(Unreadable::Damaged(reason)) => Err(Fault::Sheet(reason)),
        Err(other) => Err(Fault::File(other)),
    }
}

/// Turns the sources of choices into the words that may be chosen: a list in the rule itself, or the cells of a range.
fn settle_choices(
    sheets: &mut [Sheet],
    lists: Vec<(usize, Vec<sheet::List>)>,
    names: &BTreeMap<String, String>,
    meter: &mut Meter,
) -> Result<(), Unreadable> {
    for (n, found) in lists {
        for list in found {
            let words = match list.inline_words() {
                Some(words) => words,
                None => range_words(sheets, n, names.get(&list.source.to_lowercase()).unwrap_or(&list.source)),
            };
            let bytes = words.iter().map(String::len).sum();
            if words.is_empty() {
                continue;
            }
            for area in list.areas {
                meter.extra(bytes).map_err(file_fault)?;
                if let Some(sheet) = sheets.get_mut(n) {
                    sheet.choices.push((area, words.clone()));
                }
            }
        }
    }
    Ok(())
}

fn file_fault(fault: Fault) -> Unreadable {
    match fault {
        Fault::File(reason) => reason,
        Fault::Sheet(reason) => Unreadable::Damaged(reason),
    }
}

/// The texts in the cells of a reference like `一覧!$A$2:$A$9`.
fn range_words(sheets: &[Sheet], own: usize, reference: &str) -> Vec<String> {
    let (sheet, cells) = match reference.rsplit_once('!') {
        Some((name, cells)) => {
            let name = name.trim().trim_matches('\'').replace("''", "'");
            (sheets.iter().find(|s| s.name == name), cells)
        }
        None => (sheets.get(own), reference),
    };
    let (Some(sheet), Some(area)) = (sheet, Area::parse(cells)) else { return Vec::new() };
    let cells = sheet.cells.range(area.first..=area.last).filter(|(at, _)| area.contains(**at));
    let words = cells.map(|(_, c)| c).filter(|c| c.stored != Stored::Nothing).map(|c| c.shown.trim().to_string());
    words.filter(|w| !w.is_empty()).take(1000).collect()
}
