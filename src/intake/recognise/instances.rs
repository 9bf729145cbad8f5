//! Instances: how many forms lie on a sheet, stacked or side by side, and which labels belong to which.
//!
//! In: the hits of a sheet. Out: one [`Region`] a form.
//! Stays true: a label that merely occurs twice does not make two forms; most labels of the form must come again.

use super::hits::Hit;
use super::labels::SURE;
use super::model::Model;
use std::collections::{BTreeMap, BTreeSet};

/// The part of a sheet in which one form lies. Between two forms both may reach: titles stand above a form, answers below its last label.
#[derive(Debug, Clone)]
pub(super) struct Region {
    /// First row that may belong to it.
    pub top: u32,
    /// Last row that may belong to it.
    pub bottom: u32,
    /// First column.
    pub left: u32,
    /// Last column.
    pub right: u32,
    /// Its labels, indices into the hits.
    pub hits: Vec<usize>,
}

/// Divides the hits of a sheet.
pub(super) fn split(hits: &[Hit], model: &Model) -> Vec<Region> {
    let mut regions = Vec::new();
    for (left, right) in bands(hits, model) {
        let here: Vec<usize> = (0..hits.len()).filter(|n| (left..=right).contains(&hits[*n].area.first.col)).collect();
        regions.extend(stack(hits, model, &here, left, right));
    }
    regions
}

fn counts(hit: &Hit, model: &Model) -> bool {
    hit.quality >= SURE && model.labels[hit.label].plan.is_some()
}

/// Columns of forms that lie side by side; one band over everything if they do not.
pub(super) fn bands(hits: &[Hit], model: &Model) -> Vec<(u32, u32)> {
    let mut in_row: BTreeMap<(usize, u32), Vec<u32>> = BTreeMap::new();
    let mut labels = BTreeSet::new();
    for hit in hits.iter().filter(|h| counts(h, model)) {
        in_row.entry((hit.label, hit.area.first.row)).or_default().push(hit.area.first.col);
        labels.insert(hit.label);
    }
    let repeated: BTreeSet<usize> = in_row.iter().filter(|(_, cols)| cols.len() > 1).map(|((label, _), _)| *label).collect();
    if repeated.len() < 2 || repeated.len() * 2 < labels.len() {
        return vec![(0, u32::MAX)];
    }
    let mut edges: Vec<u32> = Vec::new();
    for cols in in_row.values_mut().filter(|c| c.len() > 1) {
        cols.sort_unstable();
        for (j, col) in cols.iter().enumerate() {
            match edges.get_mut(j) {
                Some(edge) => *edge = (*edge).min(*col),
                None => edges.push(*col),
            }
        }
    }
    edges.dedup();
    if let Some(first) = edges.first_mut() {
        *first = 0;
    }
    let ends = edges.iter().skip(1).map(|e| e.saturating_sub(1)).chain([u32::MAX]);
    edges.iter().copied().zip(ends).collect()
}

/// Forms one above the other within a band.
fn stack(hits: &[Hit], model: &Model, here: &[usize], left: u32, right: u32) -> Vec<Region> {
    let mut order: Vec<usize> = here.to_vec();
    order.sort_by_key(|n| (hits[*n].area.first.row, hits[*n].area.first.col));
    let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
    let mut seen: BTreeMap<usize, u32> = BTreeMap::new();
    for n in order {
        let hit = &hits[n];
        let again = counts(hit, model) && seen.get(&hit.label).is_some_and(|row| *row != hit.area.first.row);
        if again {
            let moved = restart(groups.last_mut(), hits, model, hit);
            seen = moved.iter().filter(|m| counts(&hits[**m], model)).map(|m| (hits[*m].label, hits[*m].area.first.row)).collect();
            groups.push(moved);
        }
        if counts(hit, model) {
            seen.insert(hit.label, hit.area.first.row);
        }
        if let Some(group) = groups.last_mut() {
            group.push(n);
        }
    }
    let groups = rejoin(groups, hits, model);
    let span = |g: &[usize]| {
        let rows = g.iter().map(|n| hits[*n].area);
        (rows.clone().map(|a| a.first.row).min().unwrap_or(0), rows.map(|a| a.last.row).max().unwrap_or(0))
    };
    let spans: Vec<(u32, u32)> = groups.iter().map(|g| span(g)).collect();
    groups
        .into_iter()
        .enumerate()
        .map(|(j, hits)| Region {
            top: if j == 0 { 0 } else { spans[j - 1].1.saturating_add(1) },
            bottom: spans.get(j + 1).map_or(u32::MAX, |s| s.0.saturating_sub(1)),
            left,
            right,
            hits,
        })
        .collect()
}

/// A label comes again: the labels directly before it that the form has above it already belong to the next form.
fn restart(group: Option<&mut Vec<usize>>, hits: &[Hit], model: &Model, hit: &Hit) -> Vec<usize> {
    let Some(group) = group else { return Vec::new() };
    let order = model.labels[hit.label].order;
    let mut cut = group.len();
    while cut > 0 {
        let before = &hits[group[cut - 1]];
        let same_row = before.area.first.row == hit.area.first.row;
        if before.label == hit.label || !(same_row || counts(before, model) && model.labels[before.label].order < order) {
            break;
        }
        // Only what has itself occurred before is surely a second beginning; else it is the end of the first form.
        let twice = group[..cut - 1].iter().any(|n| hits[*n].label == before.label) || same_row || after_peak(group, cut - 1, hits, model);
        if !twice {
            break;
        }
        cut -= 1;
    }
    group.split_off(cut)
}

/// Whether an earlier label of the group stands later in the form than this one: then the order has begun anew.
fn after_peak(group: &[usize], at: usize, hits: &[Hit], model: &Model) -> bool {
    let own = model.labels[hits[group[at]].label].order;
    group[..at].iter().any(|n| counts(&hits[*n], model) && model.labels[hits[*n].label].order > own)
}

/// A group that repeats too little of the form is part of the one before it.
fn rejoin(groups: Vec<Vec<usize>>, hits: &[Hit], model: &Model) -> Vec<Vec<usize>> {
    let labels = |g: &[usize]| -> BTreeSet<usize> { g.iter().filter(|n| counts(&hits[**n], model)).map(|n| hits[*n].label).collect() };
    let mut out: Vec<Vec<usize>> = Vec::new();
    for group in groups {
        let own = labels(&group);
        let enough = own.len() >= 3 && own.len() * 5 >= model.labelled() * 2;
        match out.last_mut() {
            Some(last) if !(enough && labels(last).intersection(&own).count() * 2 >= own.len().min(labels(last).len())) => last.extend(group),
            _ => out.push(group),
        }
    }
    out
}
