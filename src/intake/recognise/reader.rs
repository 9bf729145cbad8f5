//! The reader: what stands right of a label and below it, on one region of a sheet.
//!
//! Stays true: an answer ends where the next label begins; where no place is drawn for it, nothing foreign is taken.
//! Neighbours: `sheet_form`, `titles` and the readers of lists and years ask it; `values` says what a cell says.

use super::draft::Drift;
use super::headings::Heading;
use super::hits::Hit;
use super::instances::Region;
use super::labels::SURE;
use super::model::{Direction, Model, Plan};
use super::tiles::{Tile, Tiles, share_col};
use super::values::{Answer, of_choices, of_pieces, of_tile};
use crate::form::Kind;
use crate::workbook::{Area, CellRef};
use std::collections::{BTreeMap, BTreeSet};

/// What is needed to read one region.
pub(super) struct Reader<'a> {
    /// The sheet.
    pub tiles: &'a Tiles<'a>,
    /// The form.
    pub model: &'a Model,
    /// All labels of the sheet.
    pub hits: &'a [Hit],
    /// The region.
    pub region: &'a Region,
    /// Its year headings.
    pub headings: Vec<Heading>,
    /// Tiles that are labels.
    pub label_tiles: BTreeSet<usize>,
    /// For label columns the column in which most answers begin.
    pub usual: BTreeMap<u32, u32>,
}

impl<'a> Reader<'a> {
    pub(super) fn in_region(&self, area: &Area) -> bool {
        area.first.row >= self.region.top
            && area.first.row <= self.region.bottom
            && area.first.col >= self.region.left
            && area.first.col <= self.region.right
    }

    /// The tiles right of a label in one of its rows, up to the next label or the first gap behind an answer area.
    pub(super) fn run_right(&self, area: &Area, row: u32) -> Vec<usize> {
        let mut run: Vec<usize> = Vec::new();
        let mut edge = area.last.col;
        for n in self.tiles.in_row(row) {
            let a = self.tiles.all[n].area;
            if a.first.col <= area.last.col || !self.in_region(&Area { first: CellRef::new(row, a.first.col), last: a.last }) {
                continue;
            }
            let gap = a.first.col.saturating_sub(edge.saturating_add(1));
            let answer_seen = !run.is_empty();
            if self.label_tiles.contains(&n) || (answer_seen && gap > 0) || gap > 12 {
                break;
            }
            run.push(n);
            edge = edge.max(a.last.col);
        }
        run
    }

    /// Tiles below a label in its columns, row by row, up to the next row with a label of the form.
    pub(super) fn rows_below(&self, area: &Area) -> Vec<(u32, Vec<usize>)> {
        let limit = area.last.row.saturating_add(60).min(self.region.bottom);
        let mut rows = Vec::new();
        for row in self.tiles.rows(area.last.row.saturating_add(1), limit) {
            let here = self.tiles.in_row(row);
            let band: Vec<usize> = here.into_iter().filter(|n| self.in_region(&self.tiles.all[*n].area)).collect();
            if band.iter().any(|n| self.label_tiles.contains(n) && self.tiles.all[*n].area.first.row == row) {
                break;
            }
            rows.push((row, band.into_iter().filter(|n| share_col(&self.tiles.all[*n].area, area)).collect()));
        }
        rows
    }

    /// A remark that someone put between the rows.
    pub(super) fn is_note(&self, n: usize) -> bool {
        let text = self.tiles.all[n].text;
        text.starts_with(['※', '注', '＊', '*', '←', '↑', '↓', '→'])
    }

    /// The one value beside or below a label.
    pub(super) fn read_one(&self, plan: &Plan, hit: &Hit, side: Option<Direction>) -> (Answer, Option<Drift>) {
        let right = self.read_right(plan, hit);
        let below = self.read_below(plan, hit);
        let declared = plan.direction;
        let filled = |a: &Option<(Answer, bool)>| a.as_ref().is_some_and(|(a, _)| !a.is_blank());
        let firm = |a: &Option<(Answer, bool)>| a.as_ref().is_some_and(|(_, firm)| *firm);
        let (own, other) = match declared {
            Direction::Right => (&right, &below),
            Direction::Below => (&below, &right),
        };
        let turned = side.is_some_and(|s| s != declared);
        // The other side is taken where the form's own side holds nothing: no answer and no room drawn for one.
        let other_first =
            if turned { filled(other) || !filled(own) } else { !filled(own) && !firm(own) && filled(other) && self.may_turn(hit, declared) };
        if other_first && let Some((answer, _)) = other {
            return (answer.clone(), Some(Drift::Side));
        }
        let fallback = || Answer::blank(self.blank_cell(hit, declared));
        (own.as_ref().map_or_else(fallback, |(a, _)| a.clone()), None)
    }

    /// Whether the answer may stand on the other side: below only if another label follows further down, so that no foreign text is taken.
    pub(super) fn may_turn(&self, hit: &Hit, declared: Direction) -> bool {
        match declared {
            Direction::Below => true,
            Direction::Right => {
                let next = self.region.hits.iter().map(|n| &self.hits[*n]).any(|h| h.quality >= SURE && h.area.first.row > hit.area.last.row);
                next && self.run_right(&hit.area, hit.area.first.row).is_empty() && self.label_follows(&hit.area)
            }
        }
    }

    /// Whether the next thing in the label's row is another label, or the row ends there.
    pub(super) fn label_follows(&self, area: &Area) -> bool {
        self.tiles.in_row(area.first.row).into_iter().all(|n| self.tiles.all[n].area.first.col <= area.last.col || self.label_tiles.contains(&n))
    }

    /// The answer on the right; `true` if a place for it is drawn there.
    pub(super) fn read_right(&self, plan: &Plan, hit: &Hit) -> Option<(Answer, bool)> {
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for row in hit.area.first.row..=hit.area.last.row.min(hit.area.first.row.saturating_add(200)) {
            let run = self.run_right(&hit.area, row);
            rows.push(run.into_iter().filter(|n| self.tiles.all[*n].area.first.row.max(hit.area.first.row) == row).collect());
        }
        let all: Vec<usize> = rows.iter().flatten().copied().collect();
        if plan.field.kind == Kind::Choice
            && let Some(answer) = of_choices(self.tiles, &all, &plan.field.choices)
        {
            return Some((answer, true));
        }
        // An answer area that is drawn and empty is the answer, whatever stands behind it.
        if let Some(first) = all.first().filter(|n| self.tiles.all[**n].is_blank() && self.tiles.all[**n].is_merged()) {
            let behind_is_answer = rows.iter().flatten().skip(1).any(|n| !self.tiles.all[*n].is_blank() && self.usual_start(hit, *n));
            if !behind_is_answer {
                return Some((Answer::blank(self.tiles.all[*first].area.first), true));
            }
        }
        let start = all.iter().find(|n| !self.tiles.all[**n].is_blank()).copied()?;
        let column = self.tiles.all[start].area.first.col;
        let mut pieces: Vec<Vec<&Tile<'_>>> = rows
            .iter()
            .map(|r| r.iter().map(|n| &self.tiles.all[*n]).filter(|t| !t.is_blank()).collect())
            .filter(|r: &Vec<&Tile<'_>>| r.first().is_some_and(|t| t.area.first.col == column))
            .collect();
        if plan.followed {
            pieces.iter_mut().for_each(|row| row.truncate(1));
        }
        if plan.field.kind != Kind::Choice {
            pieces.extend(self.lines_after(hit, column, start));
        }
        of_pieces(&pieces).map(|a| (a, true))
    }

    pub(super) fn usual_start(&self, hit: &Hit, n: usize) -> bool {
        self.usual.get(&hit.area.first.col) == Some(&self.tiles.all[n].area.first.col)
    }

    /// Lines of an answer that were typed into the rows below it: the label's columns are empty there, and they begin in the answer's column.
    pub(super) fn lines_after(&self, hit: &Hit, column: u32, start: usize) -> Vec<Vec<&Tile<'a>>> {
        let mut lines = Vec::new();
        let mut expected = hit.area.last.row.max(self.tiles.all[start].area.last.row).saturating_add(1);
        while expected <= self.region.bottom && lines.len() < 100 {
            let here = self.tiles.in_row(expected);
            let touches_label = here
                .iter()
                .any(|n| self.label_tiles.contains(n) || (self.tiles.all[*n].area.first.col <= hit.area.last.col && !self.tiles.all[*n].is_blank()));
            let first = here.iter().find(|n| !self.tiles.all[**n].is_blank());
            match first {
                Some(n)
                    if !touches_label
                        && self.tiles.all[*n].area.first.col == column
                        && self.tiles.all[*n].area.first.row == expected
                        && !self.is_note(*n) =>
                {
                    lines.push(vec![&self.tiles.all[*n]]);
                    expected = self.tiles.all[*n].area.last.row.saturating_add(1);
                }
                _ => break,
            }
        }
        lines
    }

    /// The answer below; `true` if a place for it is drawn there.
    pub(super) fn read_below(&self, plan: &Plan, hit: &Hit) -> Option<(Answer, bool)> {
        let rows = self.rows_below(&hit.area);
        let run: Vec<usize> = rows.iter().flat_map(|(_, t)| t.iter().copied()).collect();
        if plan.field.kind == Kind::Choice
            && let Some(answer) = of_choices(self.tiles, &run, &plan.field.choices)
        {
            return Some((answer, true));
        }
        let mut lines: Vec<Vec<&Tile<'_>>> = Vec::new();
        let mut next = None;
        let mut drawn = None;
        for (row, here) in &rows {
            let filled: Vec<usize> =
                here.iter().copied().filter(|n| !self.tiles.all[*n].is_blank() && self.tiles.all[*n].area.first.row == *row).collect();
            if filled.is_empty() {
                drawn = drawn.or(here.iter().copied().find(|n| self.tiles.all[*n].is_merged() && lines.is_empty()));
                continue;
            }
            if filled.iter().any(|n| self.is_note(*n)) || drawn.is_some() || next.is_some_and(|e| e != *row) {
                if !lines.is_empty() {
                    break;
                }
                continue;
            }
            next = filled.iter().map(|n| self.tiles.all[*n].area.last.row.saturating_add(1)).max();
            lines.push(filled.into_iter().map(|n| &self.tiles.all[n]).collect());
        }
        match (of_pieces(&lines), drawn) {
            (Some(answer), _) => Some((answer, true)),
            (None, Some(n)) => Some((Answer::blank(self.tiles.all[n].area.first), true)),
            (None, None) => None,
        }
    }

    /// Where a blank answer should stand.
    pub(super) fn blank_cell(&self, hit: &Hit, direction: Direction) -> CellRef {
        match direction {
            Direction::Below => CellRef::new(hit.area.last.row.saturating_add(1), hit.area.first.col),
            Direction::Right => {
                let beside = hit.area.last.col.saturating_add(1);
                let usual = self.usual.get(&hit.area.first.col).copied().filter(|c| *c >= beside);
                CellRef::new(hit.area.first.row, usual.unwrap_or(beside))
            }
        }
    }
}

/// The answer of a tile, for the other files of this folder.
pub(super) fn tile_answer(tiles: &Tiles<'_>, n: usize) -> Answer {
    of_tile(&tiles.all[n])
}
