//! Reading a table that a person keeps in Excel: columns known by their headings, wherever they stand.
//!
//! In: a workbook. Out: one [`Row`] for each row that holds something, with its number as Excel shows it.
//! Stays true: order of columns, further columns, blank rows and lines above the headings make no difference.

use super::Row;
use crate::value::fold;
use crate::workbook::{CellRef, Sheet, Workbook};
use std::collections::BTreeMap;

/// Rows in which headings are looked for.
const HEADING_ROWS: u32 = 30;

/// The rows of the sheet that has the most of these headings, each with its row number as Excel shows it; `None` if no sheet has two of them.
pub(super) fn rows(workbook: &Workbook, columns: &[&'static str]) -> Option<Vec<(u32, Row)>> {
    let candidates = workbook.sheets.iter().filter_map(|s| headings(s, columns).map(|(row, at)| (at.len(), s, row, at)));
    let (_, sheet, heading, at) =
        candidates.fold(None, |best: Option<(usize, _, _, _)>, c| if best.as_ref().is_none_or(|b| c.0 > b.0) { Some(c) } else { best })?;
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    for (place, cell) in sheet.cells.iter().filter(|(place, _)| place.row > heading) {
        let text = cell.shown.trim();
        if let (Some(column), false) = (at.get(&place.col), text.is_empty()) {
            rows.entry(place.row).or_default().insert(column, text.to_owned());
        }
    }
    Some(rows.into_iter().map(|(row, cells)| (row + 1, cells)).collect())
}

/// The row of headings, zero-based, and which column bears which.
fn headings(sheet: &Sheet, columns: &[&'static str]) -> Option<(u32, BTreeMap<u32, &'static str>)> {
    let mut found: BTreeMap<u32, BTreeMap<u32, &'static str>> = BTreeMap::new();
    let top = sheet.cells.range(..CellRef::new(HEADING_ROWS, 0));
    for (place, cell) in top {
        if let Some(column) = columns.iter().find(|c| same_heading(c, &cell.shown)) {
            let row = found.entry(place.row).or_default();
            if !row.values().any(|c| c == column) {
                row.insert(place.col, column);
            }
        }
    }
    found.into_iter().filter(|(_, at)| at.len() >= 2).max_by_key(|(row, at)| (at.len(), u32::MAX - row))
}

/// Whether a cell is this heading: width, blanks and what stands in brackets make no difference.
fn same_heading(heading: &str, cell: &str) -> bool {
    let bare = |text: &str| {
        let folded = fold(text);
        let cut = folded.find(['(', '※', '*']).unwrap_or(folded.len());
        folded[..cut].to_owned()
    };
    let wanted = bare(heading);
    !wanted.is_empty() && bare(cell) == wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::{Cell, Format, Stored};

    fn book(cells: &[(u32, u32, &str)]) -> Workbook {
        let cell = |text: &str| Cell { shown: text.to_owned(), stored: Stored::Text(text.to_owned()), formula: None };
        let cells = cells.iter().map(|(row, col, text)| (CellRef::new(*row, *col), cell(text))).collect();
        let sheet = Sheet { name: "確認済み".to_owned(), cells, ..Sheet::default() };
        Workbook { format: Format::Xlsx, sheets: vec![sheet], modified: None, broken: Vec::new(), values: Default::default() }
    }

    #[test]
    fn headings_may_stand_anywhere_in_any_order() {
        let read = rows(
            &book(&[(0, 0, "確認のお願い"), (2, 1, "理　由"), (2, 3, "指摘ＩＤ"), (2, 4, "判断"), (4, 1, "誤字のみ"), (4, 3, "abc"), (4, 7, "メモ")]),
            super::super::columns::WAIVERS,
        )
        .expect("a table");
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].0, 5);
        let told: Vec<String> = read[0].1.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(told, ["指摘ID=abc", "理由=誤字のみ"]);
    }

    #[test]
    fn a_sheet_without_headings_is_no_table() {
        assert!(rows(&book(&[(0, 0, "理由")]), super::super::columns::WAIVERS).is_none());
    }
}
