//! A marked copy: a new workbook with the content of one that cannot be marked itself (.xls, .ods, text), with frames and notes at its cells.
//!
//! In: grids and places. Out: an .xlsx with the same sheets, texts and merged areas.
//! Stays true: every text of the grids is there; what the grids do not hold (colours, pictures, macros) is not, and the letter says so.

use super::View;
use super::book::{Book, FONT};
use super::ruler::CELL_PADDING;
use super::table::{CELL_LIMITS, SIZE, height, within_limit};
use crate::workbook::{Area, CellRef, Sheet, Stored, Visibility, Workbook};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Note, Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

/// Widest column of a copy, in pixels.
const WIDEST: f64 = 420.0;

/// The copy.
///
/// # Errors
/// If the workbook cannot be assembled.
pub(crate) fn marked_copy(view: &View<'_>, workbook: &Workbook, marks: &[(String, CellRef, String)]) -> anyhow::Result<Vec<u8>> {
    let mut book = Book::new(view, "差戻し")?;
    let mut names = BTreeSet::new();
    for sheet in &workbook.sheets {
        let mut notes: BTreeMap<CellRef, Vec<&str>> = BTreeMap::new();
        for (_, cell, note) in marks.iter().filter(|(name, _, _)| *name == sheet.name) {
            notes.entry(sheet.anchor(*cell)).or_default().push(note);
        }
        let copy = copy(&book, sheet, &sheet_name(&sheet.name, &mut names), &notes)?;
        book.push(copy);
    }
    Ok(book.finish()?)
}

/// A name that Excel takes and no other sheet of the workbook has.
pub(super) fn sheet_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = wanted.chars().map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') { '＿' } else { c }).collect();
    let clean = clean.trim_matches('\'');
    let base = if clean.trim().is_empty() { "シート" } else { clean };
    let mut number = 1;
    loop {
        let tail = if number == 1 { String::new() } else { format!(" ({number})") };
        let mut units = tail.encode_utf16().count();
        let head: String = base
            .chars()
            .take_while(|c| {
                units += c.len_utf16();
                units <= 31
            })
            .collect();
        let name = format!("{head}{tail}");
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

/// One sheet.
fn copy(book: &Book<'_>, sheet: &Sheet, name: &str, notes: &BTreeMap<CellRef, Vec<&str>>) -> Result<Worksheet, XlsxError> {
    let mut copy = book.sheet(name)?;
    // A text stands in the first cell of its merged area; looked up, for a list may hold thousands of them.
    let areas: BTreeMap<CellRef, &Area> = sheet.merges.iter().map(|m| (m.first, m)).collect();
    let widths = widths(book, sheet, &areas);
    for (col, width) in &widths {
        if let Ok(col) = u16::try_from(*col) {
            copy.set_column_width_pixels(col, *width as u32)?;
        }
    }
    let plain = Format::new().set_font_name(FONT).set_font_size(SIZE).set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
    let marked =
        plain.clone().set_border(FormatBorder::Thick).set_border_color(Color::RGB(0x00C0_0000)).set_background_color(Color::RGB(0x00FF_F2AB));
    let look = |at: CellRef| if notes.contains_key(&at) { &marked } else { &plain };
    for merge in &sheet.merges {
        let Ok((first, last)) = u16::try_from(merge.first.col).and_then(|f| Ok((f, u16::try_from(merge.last.col)?))) else { continue };
        // Overlapping areas of a damaged file are left out: Excel would refuse the sheet.
        let _ = copy.merge_range(merge.first.row, first, merge.last.row, last, "", look(merge.first));
    }
    let mut lines: BTreeMap<u32, usize> = BTreeMap::new();
    let places: BTreeSet<CellRef> = sheet.cells.keys().chain(notes.keys()).copied().collect();
    for at in places {
        let Ok(col) = u16::try_from(at.col) else { continue };
        let format = look(at);
        match sheet.cells.get(&at).map(|c| (&c.stored, c.shown.as_str())) {
            Some((Stored::Number(n), shown)) if shown.replace(',', "").parse::<f64>().is_ok_and(|s| s == *n) => {
                copy.write_number_with_format(at.row, col, *n, format)?;
            }
            Some((_, shown)) if !shown.is_empty() => {
                copy.write_string_with_format(at.row, col, within_limit(shown), format)?;
                let area = areas.get(&at).copied();
                let width = merged_width(area, at, &widths);
                let rows = area.map_or(1, |m| (m.last.row - m.first.row + 1) as usize);
                let needed = book.ruler.lines(shown, width, SIZE).div_ceil(rows);
                let entry = lines.entry(at.row).or_insert(1);
                *entry = (*entry).max(needed);
            }
            _ => {
                copy.write_blank(at.row, col, format)?;
            }
        }
        if let Some(texts) = notes.get(&at) {
            let text = texts.join("\n");
            let tall = 40 + 16 * text.lines().map(|l| 1 + l.chars().count() / 24).sum::<usize>() as u32;
            copy.insert_note(at.row, col, &Note::new(text).set_author("取りまとめ担当").set_width(340).set_height(tall.min(500)))?;
        }
    }
    for (row, lines) in lines {
        copy.set_row_height(row, height(lines).min(CELL_LIMITS.1))?;
    }
    match sheet.visibility {
        Visibility::Visible => {}
        Visibility::Hidden => {
            copy.set_hidden(true);
        }
        Visibility::VeryHidden => {
            copy.set_very_hidden(true);
        }
    }
    book.page(&mut copy, widths.values().sum());
    Ok(copy)
}

/// Widths of the columns: as their texts ask, merged texts shared out over their columns.
fn widths(book: &Book<'_>, sheet: &Sheet, areas: &BTreeMap<CellRef, &Area>) -> BTreeMap<u32, f64> {
    let mut widths: BTreeMap<u32, f64> = BTreeMap::new();
    for (at, cell) in &sheet.cells {
        let columns = areas.get(at).map_or(1, |m| m.last.col - m.first.col + 1);
        let wanted = (book.ruler.width(&cell.shown, SIZE) + CELL_PADDING + 4.0) / f64::from(columns.max(1));
        for col in at.col..at.col.saturating_add(columns.min(64)) {
            let width = widths.entry(col).or_insert(48.0);
            *width = width.max(wanted.min(WIDEST / f64::from(columns.clamp(1, 8)))).ceil();
        }
    }
    widths
}

/// Width of a cell with its merged area.
fn merged_width(area: Option<&Area>, at: CellRef, widths: &BTreeMap<u32, f64>) -> f64 {
    let last = area.map_or(at.col, |m| m.last.col);
    (at.col..=last.min(at.col.saturating_add(64))).map(|c| widths.get(&c).copied().unwrap_or(64.0)).sum()
}
