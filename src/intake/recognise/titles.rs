//! Titles: unlabelled lines above a form (`2 …`, `(1) …`, `① …`), told by their pattern, and the years in them.
//!
//! In: the reader of a region, after its labels are read. Out: the fields with a pattern, filled into the draft.
//! Stays true: a line is taken from the bottom up, nearest to the form first; what has not the shape of the pattern is not taken.

use super::draft::Draft;
use super::hits::Hit;
use super::labels::{SURE, canon};
use super::pattern;
use super::reader::{Reader, tile_answer};
use super::tiles::{Tiles, share_row};
use crate::workbook::CellRef;
use std::collections::BTreeMap;

/// Fills the fields that have a pattern and no label.
pub(super) fn fill(reader: &Reader<'_>, chosen: &BTreeMap<usize, Vec<usize>>, draft: &mut Draft) {
    let plans: Vec<_> =
        reader.model.plans.iter().enumerate().filter(|(_, p)| p.label.is_none() && p.field.pattern.is_some() && p.wants.len() == 1).collect();
    if plans.is_empty() {
        return;
    }
    let mut lines = lines_above(reader, chosen, draft);
    let mut open = Vec::new();
    for (index, plan) in plans.iter().rev() {
        let Some(pattern) = &plan.field.pattern else { continue };
        let found = lines.iter().rposition(|n| pattern::split(pattern, reader.tiles.all[*n].text).is_some());
        match found {
            Some(at) => {
                draft.answers.insert(plan.wants[0].key.clone(), tile_answer(reader.tiles, lines[at]));
                draft.found.insert(*index);
                lines.truncate(at);
            }
            None => open.push(*plan),
        }
    }
    // A name that lost its number: the one line that is left for the one field that is left.
    lines.retain(|n| !reader.is_note(*n) && !is_date_line(reader.tiles.all[*n].text));
    if let ([plan], [line]) = (open.as_slice(), lines.as_slice())
        && plan.field.role == Some(crate::form::Role::Name)
    {
        draft.answers.insert(plan.wants[0].key.clone(), tile_answer(reader.tiles, *line));
    }
}

/// Filled tiles above the first label and in its row that are neither labels nor answers, in reading order.
fn lines_above(reader: &Reader<'_>, chosen: &BTreeMap<usize, Vec<usize>>, draft: &Draft) -> Vec<usize> {
    let sure = |n: &usize| reader.hits[*n].quality >= SURE;
    let first = chosen.values().flatten().filter(|n| sure(n)).map(|n| reader.hits[*n].area.first.row).min();
    let Some(first) = first else { return Vec::new() };
    let taken: Vec<CellRef> = draft.answers.values().map(|a| a.at).collect();
    let mut lines: Vec<usize> = Vec::new();
    for row in reader.tiles.rows(reader.region.top, first) {
        for n in reader.tiles.in_row(row) {
            let tile = &reader.tiles.all[n];
            let inside = tile.area.first.col >= reader.region.left && tile.area.first.col <= reader.region.right;
            let fresh = tile.area.first.row == row && !tile.is_blank() && !reader.label_tiles.contains(&n) && !taken.contains(&tile.area.first);
            if inside && fresh && !behind_label(reader, n) {
                lines.push(n);
            }
        }
    }
    lines
}

/// Whether a label stands on the left in the same row.
fn behind_label(reader: &Reader<'_>, n: usize) -> bool {
    let area = reader.tiles.all[n].area;
    let labels = reader.region.hits.iter().map(|h| &reader.hits[*h]);
    labels.filter(|h: &&Hit| h.quality >= SURE).any(|h| share_row(&h.area, &area) && h.area.last.col < area.first.col)
}

fn is_date_line(text: &str) -> bool {
    let folded = crate::value::fold(text);
    folded.starts_with("提出日") || folded.starts_with("作成日") || (folded.starts_with('(') && folded.ends_with(')')) || folded.starts_with("様式")
}

/// Years in the lines above a form: the first fiscal year of each line that names one, with the line.
pub(super) fn years(tiles: &Tiles<'_>, top: u32, first_label_row: u32, near: crate::value::FiscalYear) -> Vec<(i32, String)> {
    let mut found = Vec::new();
    for row in tiles.rows(top, first_label_row) {
        for n in tiles.in_row(row) {
            let tile = &tiles.all[n];
            if tile.area.first.row == row && tile.area.first.row < first_label_row && tile.text.chars().count() <= 80 {
                let c = canon(tile.text, near);
                found.extend(c.years.first().map(|y| (*y, tile.text.to_owned())));
            }
        }
    }
    found
}
