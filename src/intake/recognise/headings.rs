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
    let bare = bare_numbers(tiles, model, line);
    for n in line {
        let year =
            if labels.contains(n) { None } else { heading_year(tiles.all[*n].text, model.year).or(bare.get(n).copied()).filter(|y| near(model, *y)) };
        match year {
            Some(y) if run.last().is_none_or(|(last, _)| *last < y) => run.push((y, *n)),
            Some(y) => run = vec![(y, *n)],
            None => run.clear(),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    if best.len() < 2 && !(axis == Axis::Row && best.first().is_some_and(|(y, n)| is_only_year(tiles, model, labels, *y, *n, line))) {
        return None;
    }
    let area = best.iter().map(|(_, n)| tiles.all[*n].area).reduce(union)?;
    Some(Heading { axis, years: best, area })
}

/// Years written as bare numbers (5, 6, 7 …): only the form's own years, all of them, one after the other.
fn bare_numbers(tiles: &Tiles<'_>, model: &Model, line: &[usize]) -> BTreeMap<usize, FiscalYear> {
    let number = |n: &usize| crate::value::fold(tiles.all[*n].text).parse::<i32>().ok();
    let of_form: Vec<(i32, FiscalYear)> = model.years.iter().filter_map(|y| Some((y.era()?.1, *y))).collect();
    let starts = line.windows(of_form.len().max(1)).find(|w| w.iter().map(number).eq(of_form.iter().map(|(n, _)| Some(*n))));
    starts.map(|w| w.iter().copied().zip(of_form.iter().map(|(_, y)| *y)).collect()).unwrap_or_default()
}

/// Whether one year alone is a heading: the other columns were taken out, and a label of years (年度, 実施計画) stands on its left.
fn is_only_year(tiles: &Tiles<'_>, model: &Model, labels: &BTreeSet<usize>, year: FiscalYear, n: usize, line: &[usize]) -> bool {
    let at = line.iter().position(|m| *m == n).and_then(|p| p.checked_sub(1));
    let Some(left) = at.and_then(|p| line.get(p)) else { return false };
    let text = crate::value::fold(tiles.all[*left].text);
    let yearly = match model.find(tiles.all[*left].text).filter(|_| labels.contains(left)) {
        Some((found, _, _)) => found.iter().all(|l| model.labels[*l].plan.is_none_or(|p| model.plans[p].is_yearly())),
        None => matches!(text.trim_end_matches([':', '：']), "年度" | "年" | "年次" | "実施年度" | "対象年度" | "年度別" | "区分"),
    };
    yearly && model.years.contains(&year)
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
