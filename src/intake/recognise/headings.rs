//! Year headings: rows (or columns) of cells that name one fiscal year after the other.
//!
//! In: the tiles of a region. Out: [`Heading`]s.
//! Stays true: two years that stand in a form as answers (開始年度 R5, 達成目標年度 R9) are no heading: a label stands between them.

use super::hits::Hit;
use super::instances::Region;
use super::labels::heading_year;
use super::model::Model;
use super::tiles::{Tiles, union};
use crate::value::FiscalYear;
use crate::workbook::Area;
use std::collections::{BTreeMap, BTreeSet};

/// How years run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// To the right.
    Row,
    /// Downwards.
    Column,
}

/// A row or column of years.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// How they run.
    pub axis: Axis,
    /// The years with their tiles, in order.
    pub years: Vec<(FiscalYear, usize)>,
    /// The cells it covers.
    pub area: Area,
}

/// The headings of a region, from top to bottom.
pub(super) fn find(tiles: &Tiles<'_>, model: &Model, region: &Region, labels: &BTreeSet<usize>) -> Vec<Heading> {
    if model.years.len() < 2 {
        return Vec::new();
    }
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut cols: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (n, tile) in tiles.all.iter().enumerate().take(20_000) {
        let a = tile.area;
        let inside = a.first.row >= region.top && a.first.row <= region.bottom && a.first.col >= region.left && a.first.col <= region.right;
        if inside && !tile.text.is_empty() {
            rows.entry(a.first.row).or_default().push(n);
            cols.entry(a.first.col).or_default().push(n);
        }
    }
    let mut found = Vec::new();
    for (lines, axis) in [(rows, Axis::Row), (cols, Axis::Column)] {
        for line in lines.into_values() {
            if let Some(heading) = longest_run(tiles, model, labels, &line, axis) {
                found.push(heading);
            }
        }
    }
    // A column of years is one only where no row of years explains its cells.
    let in_rows: BTreeSet<usize> = found.iter().filter(|h| h.axis == Axis::Row).flat_map(|h| h.years.iter().map(|(_, n)| *n)).collect();
    found.retain(|h| h.axis == Axis::Row || !h.years.iter().any(|(_, n)| in_rows.contains(n)));
    found.sort_by_key(|h| h.area);
    found
}

/// The longest run of neighbouring, rising years in a line of tiles; at least two.
fn longest_run(tiles: &Tiles<'_>, model: &Model, labels: &BTreeSet<usize>, line: &[usize], axis: Axis) -> Option<Heading> {
    let mut best: Vec<(FiscalYear, usize)> = Vec::new();
    let mut run: Vec<(FiscalYear, usize)> = Vec::new();
    for n in line {
        let year = if labels.contains(n) { None } else { heading_year(tiles.all[*n].text, model.year).filter(|y| near(model, *y)) };
        match year {
            Some(y) if run.last().is_none_or(|(last, _)| *last < y) => run.push((y, *n)),
            Some(y) => run = vec![(y, *n)],
            None => run.clear(),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    if best.len() < 2 {
        return None;
    }
    let area = best.iter().map(|(_, n)| tiles.all[*n].area).reduce(union)?;
    Some(Heading { axis, years: best, area })
}

/// Whether a year can be a column of the form, or of one some years older.
fn near(model: &Model, year: FiscalYear) -> bool {
    let first = model.years.first().map_or(0, |y| y.western());
    let last = model.years.last().map_or(0, |y| y.western());
    (first - 6..=last + 6).contains(&year.western())
}

/// The heading that belongs to a label: the nearest row of years at or above it, else a column of years below it on its left.
pub(super) fn of<'h>(headings: &'h [Heading], hit: &Hit) -> Option<&'h Heading> {
    let above = headings.iter().filter(|h| h.axis == Axis::Row && h.area.first.row <= hit.area.last.row && h.area.first.col > hit.area.first.col);
    let row = above.max_by_key(|h| h.area.first.row);
    let beside = headings.iter().filter(|h| h.axis == Axis::Column && h.area.first.row > hit.area.last.row && h.area.first.col < hit.area.first.col);
    row.or(beside.min_by_key(|h| h.area.first.row))
}
