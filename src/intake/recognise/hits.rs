//! Hits: the cells of a sheet that are labels of the form, in one piece, spread over neighbours, or with their answer behind a colon.
//!
//! In: tiles and the model. Out: [`Hit`]s in reading order.
//! Stays true: a text that is surely one label is never taken for another that it merely resembles.

use super::labels::{SURE, canon};
use super::model::Model;
use super::tiles::{Tiles, union};
use crate::workbook::{Area, CellRef, Stored};

/// A place where a label stands.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Index into [`Model::labels`].
    pub label: usize,
    /// The cells of the label.
    pub area: Area,
    /// 0–100; from [`SURE`] on it is the label.
    pub quality: u8,
    /// The tiles it is made of.
    pub tiles: Vec<usize>,
    /// The years its text names.
    pub years: Vec<i32>,
    /// The answer behind a colon in the same cell.
    pub inline: Option<String>,
}

/// Labels are looked for among so many tiles; what lies further down a long list are rows, not labels.
const SEARCHED: usize = 20_000;
/// Texts longer than this are no labels.
const LONGEST: usize = 80;

/// Every label on the sheet.
pub(super) fn find(tiles: &Tiles<'_>, model: &Model) -> Vec<Hit> {
    let mut hits = Vec::new();
    for n in 0..tiles.all.len().min(SEARCHED) {
        whole(tiles, n, model, &mut hits);
    }
    let mut joined = Vec::new();
    for n in 0..tiles.all.len().min(SEARCHED) {
        if let Some(hit) = spread(tiles, n, model, &hits) {
            joined.push(hit);
        }
    }
    // The parts of a spread label are no labels themselves.
    hits.retain(|h| {
        h.quality >= SURE && model.labels[h.label].plan.is_some() || !joined.iter().any(|j: &Hit| h.tiles.iter().all(|t| j.tiles.contains(t)))
    });
    hits.extend(joined);
    drop_headings(tiles, model, &mut hits);
    resembling(tiles, model, &mut hits);
    hits.sort_by_key(|h| (h.area, h.label));
    hits
}

/// A label that is nothing but a year (R03) stands left of other labels; elsewhere a year is a heading or an answer.
fn drop_headings(tiles: &Tiles<'_>, model: &Model, hits: &mut Vec<Hit>) {
    let only_year = |h: &Hit| h.tiles.iter().all(|t| super::labels::heading_year(tiles.all[*t].text, model.year).is_some());
    let labels: Vec<Area> = hits.iter().filter(|h| model.labels[h.label].plan.is_some() && h.quality >= SURE).map(|h| h.area).collect();
    hits.retain(|h| {
        if model.labels[h.label].plan.is_some() || !only_year(h) {
            return true;
        }
        let next = right(tiles, h.area).map(|n| tiles.all[n].area);
        next.is_some_and(|n| labels.iter().any(|l| l.first == n.first))
    });
}

fn is_text(tiles: &Tiles<'_>, n: usize) -> bool {
    let tile = &tiles.all[n];
    !tile.text.is_empty() && tile.text.chars().count() <= LONGEST && tile.cell.is_some_and(|c| matches!(c.stored, Stored::Text(_)))
}

/// A cell that is a label, or a label and its answer.
fn whole(tiles: &Tiles<'_>, n: usize, model: &Model, hits: &mut Vec<Hit>) {
    let tile = &tiles.all[n];
    if tile.is_blank() {
        return;
    }
    if is_text(tiles, n)
        && let Some((labels, quality, years)) = model.find(tile.text)
    {
        for label in labels {
            hits.push(Hit { label, area: tile.area, quality, tiles: vec![n], years: years.clone(), inline: None });
        }
        return;
    }
    // 「担当課：企画課」: label and answer in one cell. The answer may be long.
    let Some((head, tail)) = tile.text.split_once([':', '：']) else { return };
    if head.chars().count() > 40 || super::tiles::trim(tail).is_empty() || tile.cell.is_some_and(|c| !matches!(c.stored, Stored::Text(_))) {
        return;
    }
    if let Some((labels, quality, years)) = model.find(head)
        && quality >= 96
    {
        for label in labels.into_iter().filter(|l| model.labels[*l].plan.is_some()) {
            let inline = Some(super::tiles::trim(tail).to_owned());
            hits.push(Hit { label, area: tile.area, quality: 90, tiles: vec![n], years: years.clone(), inline });
        }
    }
}

/// A label whose text is spread over neighbouring cells, to the right or downwards.
fn spread(tiles: &Tiles<'_>, n: usize, model: &Model, hits: &[Hit]) -> Option<Hit> {
    if !is_text(tiles, n) || hits.iter().any(|h| h.tiles.contains(&n) && h.quality >= SURE && model.labels[h.label].plan.is_some()) {
        return None;
    }
    for down in [false, true] {
        let mut words = canon(tiles.all[n].text, model.year).words;
        let mut text = tiles.all[n].text.to_owned();
        let mut parts = vec![n];
        let mut area = tiles.all[n].area;
        while parts.len() < 12 && model.begins(&words) {
            let next = if down { below(tiles, area) } else { right(tiles, area) };
            let Some(next) = next.filter(|m| is_text(tiles, *m)) else { break };
            text.push_str(tiles.all[next].text);
            let c = canon(&text, model.year);
            words = c.words.clone();
            parts.push(next);
            let part = tiles.all[next].area;
            // Below a heading over several columns only the columns of its own part are meant.
            let narrower = down && part.last.col - part.first.col < area.last.col - area.first.col;
            area = if narrower { Area { first: CellRef::new(area.first.row, part.first.col), last: part.last } } else { union(area, part) };
            if let Some(label) = model.exactly(&words) {
                return Some(Hit { label, area, quality: 94, tiles: parts, years: c.years, inline: None });
            }
        }
    }
    None
}

/// The filled tile that begins right of an area; blank columns between are passed over up to three.
fn right(tiles: &Tiles<'_>, area: Area) -> Option<usize> {
    let row = tiles.in_row(area.first.row);
    row.into_iter().find(|n| {
        let a = tiles.all[*n].area;
        a.first.col > area.last.col && a.first.col <= area.last.col.saturating_add(3) && !tiles.all[*n].text.is_empty()
    })
}

/// The filled tile below an area.
fn below(tiles: &Tiles<'_>, area: Area) -> Option<usize> {
    (1..=3).find_map(|d| {
        let at = CellRef::new(area.last.row.checked_add(d)?, area.first.col);
        tiles.at(at).filter(|n| tiles.all[*n].area.first.col == area.first.col && !tiles.all[*n].text.is_empty())
    })
}

/// For labels that stand nowhere: the one cell whose text resembles them.
fn resembling(tiles: &Tiles<'_>, model: &Model, hits: &mut Vec<Hit>) {
    let missing: Vec<usize> =
        (0..model.labels.len()).filter(|l| model.labels[*l].plan.is_some() && !hits.iter().any(|h| h.label == *l && h.quality >= SURE)).collect();
    if missing.is_empty() {
        return;
    }
    let mut found = Vec::new();
    for n in 0..tiles.all.len().min(SEARCHED / 10) {
        let short = tiles.all[n].text.chars().count() <= 40;
        if !short || !is_text(tiles, n) || hits.iter().any(|h| h.tiles.contains(&n)) {
            continue;
        }
        if let Some((label, quality, years)) = model.nearest(tiles.all[n].text)
            && missing.contains(&label)
        {
            found.push(Hit { label, area: tiles.all[n].area, quality, tiles: vec![n], years, inline: None });
        }
    }
    hits.extend(found);
}
