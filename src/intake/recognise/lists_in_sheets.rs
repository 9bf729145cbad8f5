//! Repeated rows within a form sheet: one to three indicators, one below the other under their headings.
//!
//! In: the heading of one column of the list. Out: its values with their places in the list.
//! Stays true: an empty row that someone put in between is no member; a drawn and empty row is one, with a blank answer.

use super::draft::Drift;
use super::hits::Hit;
use super::model::{Direction, Plan};
use super::reader::{Reader, tile_answer};
use super::tiles::share_col;
use super::values::{Answer, of_pieces};
use crate::workbook::CellRef;
use std::collections::BTreeMap;

/// More members than this are no list of a form.
const MOST: usize = 60;

/// The values of a list's column.
pub(super) fn read(reader: &Reader<'_>, plan: &Plan, hit: &Hit) -> (BTreeMap<String, Answer>, Option<Drift>) {
    let mut out = BTreeMap::new();
    let rows = member_rows(reader, plan, hit);
    for (index, row) in rows.iter().enumerate().take(MOST) {
        let here = reader.tiles.in_row(*row).into_iter();
        let mine = here.filter(|n| share_col(&reader.tiles.all[*n].area, &hit.area) && reader.tiles.all[*n].area.first.row == *row);
        let mine: Vec<usize> = mine.collect();
        // A figure and its unit may stand in cells of their own.
        let pieces = mine.iter().map(|n| &reader.tiles.all[*n]).filter(|t| !t.is_blank()).collect::<Vec<_>>();
        let place = || mine.first().map_or_else(|| Answer::blank(CellRef::new(*row, hit.area.first.col)), |n| tile_answer(reader.tiles, *n));
        let answer = if pieces.is_empty() { place() } else { of_pieces(&[pieces]).unwrap_or_else(place) };
        out.insert(key_of(plan, index), answer);
    }
    if rows.is_empty() {
        let right: Vec<usize> = beside(reader, hit);
        for (index, n) in right.iter().enumerate().take(MOST) {
            out.insert(key_of(plan, index), tile_answer(reader.tiles, *n));
        }
        if !right.is_empty() {
            return (out, Some(Drift::Side));
        }
        out.insert(key_of(plan, 0), Answer::blank(reader.blank_cell(hit, Direction::Below)));
    }
    (out, None)
}

/// The rows of the list below its headings: those in which any of its columns holds something or is drawn.
fn member_rows(reader: &Reader<'_>, plan: &Plan, hit: &Hit) -> Vec<u32> {
    let heads: Vec<&Hit> = columns(reader, plan, hit);
    let mut rows = Vec::new();
    for (row, _) in reader.rows_below(&hit.area) {
        let here: Vec<usize> = reader
            .tiles
            .in_row(row)
            .into_iter()
            .filter(|n| {
                let tile = &reader.tiles.all[*n];
                tile.area.first.row == row && heads.iter().any(|h| share_col(&tile.area, &h.area)) && (tile.is_merged() || !tile.is_blank())
            })
            .collect();
        let note = here.len() == 1 && reader.is_note(here[0]);
        if !here.is_empty() && !note {
            rows.push(row);
        }
    }
    // Drawn rows behind the last filled one stay only if the first is blank too: an empty form has one member.
    let filled = |row: &u32| {
        reader.tiles.in_row(*row).into_iter().any(|n| {
            let tile = &reader.tiles.all[n];
            tile.area.first.row == *row && !tile.is_blank() && heads.iter().any(|h| share_col(&tile.area, &h.area))
        })
    };
    let keep = rows.iter().rposition(filled).map_or(1, |last| last + 1);
    rows.truncate(keep.max(1));
    rows
}

/// The headings of the same list in the same row.
fn columns<'r>(reader: &'r Reader<'_>, plan: &Plan, hit: &'r Hit) -> Vec<&'r Hit> {
    let mut found = vec![hit];
    for n in &reader.region.hits {
        let other = &reader.hits[*n];
        let same = reader.model.labels[other.label].plan.is_some_and(|p| reader.model.plans[p].field.list == plan.field.list);
        if same && other.area.first.row == hit.area.first.row && other.area != hit.area {
            found.push(other);
        }
    }
    found
}

/// Filled cells right of the heading, where the list was turned on its side.
fn beside(reader: &Reader<'_>, hit: &Hit) -> Vec<usize> {
    let mut found = Vec::new();
    for n in reader.tiles.in_row(hit.area.first.row) {
        if reader.tiles.all[n].area.first.col <= hit.area.last.col {
            continue;
        }
        if reader.label_tiles.contains(&n) || reader.tiles.all[n].is_blank() {
            break;
        }
        found.push(n);
    }
    found
}

/// The key of a member: `indicators.2.name`.
pub(super) fn key_of(plan: &Plan, index: usize) -> String {
    let list = plan.field.list.as_deref().unwrap_or_default();
    let rest = plan.field.key.strip_prefix(list).map_or(plan.field.key.as_str(), |r| r.trim_start_matches('.'));
    format!("{list}.{index}.{rest}")
}
