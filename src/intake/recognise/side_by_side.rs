//! Lists that lie side by side on one sheet: each is read as if it had the sheet to itself.
//!
//! In: a sheet whose headings come again in the same row. Out: one sheet for each list, cells at their own addresses.
//! Stays true: every cell below the headings is in one of them; what stands above counts for all.

use super::hits::Hit;
use super::instances;
use super::labels::SURE;
use super::model::Model;
use crate::workbook::{Area, CellRef, Sheet};

/// The parts of a sheet with lists side by side; none if its headings stand there once.
pub(super) fn parts(sheet: &Sheet, hits: &[Hit], model: &Model) -> Vec<Sheet> {
    let bands = instances::bands(hits, model);
    let Some((second, _)) = bands.get(1) else { return Vec::new() };
    let labels = hits.iter().filter(|h| h.quality >= SURE && model.labels[h.label].plan.is_some());
    let Some(head) = labels.filter(|h| h.area.first.col >= *second).map(|h| h.area.first.row).min() else { return Vec::new() };
    bands.iter().enumerate().map(|(n, (left, right))| part(sheet, (*left, *right), head, n == 0)).collect()
}

/// The columns of one list, with everything above the headings.
fn part(sheet: &Sheet, (left, right): (u32, u32), head: u32, first: bool) -> Sheet {
    let own = |at: &CellRef| (left..=right).contains(&at.col) && (first || at.row >= head);
    let inside = |at: &CellRef| at.row < head || (left..=right).contains(&at.col);
    let area = |a: &Area| inside(&a.first) && (a.first.row < head || a.last.col <= right);
    Sheet {
        name: sheet.name.clone(),
        visibility: sheet.visibility,
        cells: sheet.cells.iter().filter(|(at, _)| inside(at)).map(|(at, cell)| (*at, cell.clone())).collect(),
        merges: sheet.merges.iter().filter(|m| area(m)).copied().collect(),
        hidden_rows: sheet.hidden_rows.clone(),
        hidden_cols: sheet.hidden_cols.clone(),
        comments: sheet.comments.iter().filter(|(at, _)| own(at)).cloned().collect(),
        shapes: sheet.shapes.iter().filter(|s| own(&s.over.first)).cloned().collect(),
        choices: sheet.choices.clone(),
        set_apart: sheet.set_apart.clone(),
    }
}
