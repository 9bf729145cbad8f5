//! Tiles: a sheet as its merged areas and single cells, with quick access by row.
//!
//! In: a sparse sheet. Out: [`Tiles`] in reading order; a blank merged area is a tile too, since an answer may be missing there.
//! Stays true: every filled cell is a tile exactly once, with its place on the sheet.

use crate::workbook::{Area, Cell, CellRef, Sheet};
use std::collections::{BTreeMap, BTreeSet};

/// One merged area or single cell.
#[derive(Debug, Clone)]
pub(super) struct Tile<'a> {
    /// What it covers.
    pub area: Area,
    /// What is in it, if anything.
    pub cell: Option<&'a Cell>,
    /// The text shown, trimmed.
    pub text: &'a str,
}

impl Tile<'_> {
    /// Nothing shown, stored or calculated.
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.cell.is_none_or(|c| c.formula.is_none() && !matches!(c.stored, crate::workbook::Stored::Error(_)))
    }

    /// More than one cell.
    pub(super) fn is_merged(&self) -> bool {
        self.area.first != self.area.last
    }
}

/// A sheet's tiles.
#[derive(Debug)]
pub(super) struct Tiles<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    /// In reading order of their top left cells.
    pub all: Vec<Tile<'a>>,
    by_row: BTreeMap<u32, Vec<usize>>,
    tall: Vec<usize>,
}

/// A merged area higher than this is kept in a list of its own.
const TALL: u32 = 256;

impl<'a> Tiles<'a> {
    /// The tiles of a sheet.
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        let mut all: Vec<Tile<'a>> = Vec::new();
        let mut covered: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
        let mut covered_tall: Vec<Area> = Vec::new();
        let mut anchors = BTreeSet::new();
        for merge in &sheet.merges {
            if !anchors.insert(merge.first) {
                continue;
            }
            let cell = sheet.cells.get(&merge.first);
            all.push(Tile { area: *merge, cell, text: cell.map_or("", |c| trim(&c.shown)) });
            if merge.last.row - merge.first.row > TALL {
                covered_tall.push(*merge);
            } else {
                for row in merge.first.row..=merge.last.row {
                    covered.entry(row).or_default().push(*merge);
                }
            }
        }
        for (at, cell) in &sheet.cells {
            let hidden = covered.get(&at.row).is_some_and(|m| m.iter().any(|a| a.contains(*at))) || covered_tall.iter().any(|a| a.contains(*at));
            if !hidden && !anchors.contains(at) {
                all.push(Tile { area: Area { first: *at, last: *at }, cell: Some(cell), text: trim(&cell.shown) });
            }
        }
        all.sort_by_key(|t| t.area);
        let mut by_row: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut tall = Vec::new();
        for (n, tile) in all.iter().enumerate() {
            if tile.area.last.row - tile.area.first.row > TALL {
                tall.push(n);
            } else {
                for row in tile.area.first.row..=tile.area.last.row {
                    by_row.entry(row).or_default().push(n);
                }
            }
        }
        Tiles { sheet, all, by_row, tall }
    }

    /// The tiles that touch a row, from left to right.
    pub(super) fn in_row(&self, row: u32) -> Vec<usize> {
        let mut here: Vec<usize> = self.by_row.get(&row).cloned().unwrap_or_default();
        here.extend(self.tall.iter().filter(|n| self.all[**n].area.first.row <= row && row <= self.all[**n].area.last.row));
        here.sort_by_key(|n| self.all[*n].area.first.col);
        here
    }

    /// The tile that covers a cell.
    pub(super) fn at(&self, at: CellRef) -> Option<usize> {
        self.in_row(at.row).into_iter().find(|n| self.all[*n].area.contains(at))
    }

    /// The rows between two, both included, in which anything stands.
    pub(super) fn rows(&self, first: u32, last: u32) -> impl Iterator<Item = u32> + '_ {
        self.by_row.range(first..=last.max(first)).map(|(row, _)| *row).filter(move |row| first <= last && *row <= last)
    }

    /// The last row in which a tile stands.
    pub(super) fn last_row(&self) -> u32 {
        self.by_row.keys().next_back().copied().unwrap_or(0)
    }
}

/// Trimmed of blanks and line breaks at both ends; nothing inside is touched.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}

/// The smallest area that holds both.
pub(super) fn union(a: Area, b: Area) -> Area {
    Area {
        first: CellRef::new(a.first.row.min(b.first.row), a.first.col.min(b.first.col)),
        last: CellRef::new(a.last.row.max(b.last.row), a.last.col.max(b.last.col)),
    }
}

/// Whether two areas share a row.
pub(super) fn share_row(a: &Area, b: &Area) -> bool {
    a.first.row <= b.last.row && b.first.row <= a.last.row
}

/// Whether two areas share a column.
pub(super) fn share_col(a: &Area, b: &Area) -> bool {
    a.first.col <= b.last.col && b.first.col <= a.last.col
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::Stored;

    #[test]
    fn merged_areas_are_one_tile_and_blank_ones_count() {
        let mut sheet = Sheet::default();
        for (a1, text) in [("A1", " 計画名 "), ("C2", "x")] {
            let at = CellRef::parse(a1).unwrap_or(CellRef::new(0, 0));
            sheet.cells.insert(at, Cell { shown: text.into(), stored: Stored::Text(text.into()), formula: None });
        }
        sheet.merges.push(Area { first: CellRef::new(0, 0), last: CellRef::new(0, 1) });
        sheet.merges.push(Area { first: CellRef::new(3, 0), last: CellRef::new(4, 1) });
        let tiles = Tiles::of(&sheet);
        assert_eq!(tiles.all.len(), 3);
        assert_eq!(tiles.all[0].text, "計画名");
        assert_eq!(tiles.at(CellRef::new(0, 1)), Some(0));
        assert!(tiles.all[2].is_blank());
        assert_eq!(tiles.last_row(), 4);
    }
}
