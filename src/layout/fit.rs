//! Fitting a sheet on one page: type shrinks, rows that stretch take what is left, or the sheet runs on.
//!
//! In: the blocks of a part between page breaks. Out: the same, measured and placed; C408 where it runs on.
//! Stays true: type never falls below the sheet's least size; nothing is cut.
//! Neighbours: [`super::flow`] places the blocks, [`super::measure`] measures them.

use super::LayoutFinding;
use super::flow::{Flow, TOLERANCE};
use super::measure::{Block, Setting, Shrink, Table, measure, total_inked};
use crate::form::tree::CellRole;

impl<'a> Flow<'a> {
    /// Shrinks blocks until they fit one page, fills the page by rows that stretch, and places them.
    pub(super) fn one_page(&mut self, blocks: &mut [Block<'a>], min_size: f64, findings: &mut Vec<LayoutFinding>) {
        if !self.fresh {
            self.turn_wanted = true;
            self.run_on = false;
            self.touch();
            self.fresh = true;
        }
        let room = self.fresh_height();
        let mut shrink = Shrink { factor: 1.0, min_size, leading: 1.0 };
        measure(blocks, self.width, shrink);
        let largest = largest_size(blocks).max(min_size).max(1.0);
        while total_inked(blocks) > room + TOLERANCE && shrink.leading >= 1.0 {
            if shrink.factor * largest > min_size {
                shrink.factor -= 0.02;
            } else {
                shrink.leading = 0.92;
            }
            measure(blocks, self.width, shrink);
        }
        let first = self.pages.len();
        if total_inked(blocks) > room + TOLERANCE {
            ease(blocks, self.width, room, Shrink { leading: 1.0, ..shrink });
            self.run_on = true;
            self.heading = self.context.continued.map_or_else(|| first_line(blocks), str::to_owned);
        } else {
            stretch(blocks, room - total_inked(blocks));
        }
        self.blocks(blocks);
        let pages = self.pages.len() - first + 1;
        if pages > 1 {
            let (length, field, anchor) = longest(blocks);
            findings.push(LayoutFinding::ran_on(anchor, field, length, pages));
        }
        self.run_on = false;
    }
}

/// How much of the pages of a sheet that runs on is counted on: breaks, headings and repeated labels take the rest.
const FILLED: f64 = 0.92;

/// More pages come anyway: the lines are not squeezed, and the type is as large as it may be without one page more.
fn ease(blocks: &mut [Block<'_>], width: f64, room: f64, smallest: Shrink) {
    measure(blocks, width, smallest);
    let most = (total_inked(blocks) / room).ceil() * room * FILLED;
    let mut eased = smallest;
    while eased.factor + 0.02 <= 1.0 {
        let larger = Shrink { factor: eased.factor + 0.02, ..eased };
        measure(blocks, width, larger);
        if total_inked(blocks) > most {
            break;
        }
        eased = larger;
    }
    measure(blocks, width, eased);
}

/// Shares what is left of the page among rows that stretch.
fn stretch(blocks: &mut [Block<'_>], left: f64) {
    let weight: f64 = stretching(blocks);
    if weight > 0.0 && left > 0.0 {
        grow(blocks, left / weight);
    }
}

fn stretching(blocks: &[Block<'_>]) -> f64 {
    blocks
        .iter()
        .map(|b| match b {
            Block::Table(table) => table.grid.rows.iter().map(|r| r.stretch.max(0.0)).sum(),
            Block::Keep(blocks) => stretching(blocks),
            Block::Frame(frame) => stretching(&frame.blocks),
            Block::Text(_) | Block::Space(_) | Block::PageBreak | Block::Anchor(_) => 0.0,
        })
        .sum()
}

fn grow(blocks: &mut [Block<'_>], share: f64) {
    for block in blocks {
        match block {
            Block::Table(table) => {
                for (height, row) in table.heights.iter_mut().zip(&table.grid.rows) {
                    *height += row.stretch.max(0.0) * share;
                }
            }
            Block::Keep(blocks) => grow(blocks, share),
            Block::Frame(frame) => grow(&mut frame.blocks, share),
            Block::Text(_) | Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
        }
    }
}

/// All texts of blocks, cells included, with the field of a value.
fn texts<'b, 'a>(blocks: &'b [Block<'a>], found: &mut Vec<(&'b Setting<'a>, Option<&'b String>)>) {
    for block in blocks {
        match block {
            Block::Text(text) => found.push((&text.text, None)),
            Block::Table(table) => texts_of_cells(table, found),
            Block::Keep(blocks) => texts(blocks, found),
            Block::Frame(frame) => texts(&frame.blocks, found),
            Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
        }
    }
}

fn texts_of_cells<'b, 'a>(table: &'b Table<'a>, found: &mut Vec<(&'b Setting<'a>, Option<&'b String>)>) {
    for cell in &table.cells {
        let field = match &cell.cell.role {
            CellRole::Value { key, .. } => Some(key),
            CellRole::Label | CellRole::Plain => None,
        };
        found.push((&cell.text, field));
        if let Some(inner) = &cell.inner {
            texts_of_cells(inner, found);
        }
    }
}

fn largest_size(blocks: &[Block<'_>]) -> f64 {
    let mut all = Vec::new();
    texts(blocks, &mut all);
    all.iter().filter(|t| !t.0.style.fixed).map(|t| t.0.style.size).fold(0.0, f64::max).min(200.0)
}

/// The first line of a sheet, as its name.
fn first_line(blocks: &[Block<'_>]) -> String {
    let mut all = Vec::new();
    texts(blocks, &mut all);
    all.iter().map(|t| t.0.shaped.text()).find(|t| !t.trim().is_empty()).and_then(|t| t.lines().next().map(str::to_owned)).unwrap_or_default()
}

/// The longest value: its length, its field, and the first anchor.
fn longest(blocks: &[Block<'_>]) -> (usize, Option<String>, Option<String>) {
    let mut all = Vec::new();
    texts(blocks, &mut all);
    let mut best = (0, None);
    for (text, field) in all {
        if field.is_some() && text.shaped.length > best.0 {
            best = (text.shaped.length, field.cloned());
        }
    }
    let anchor = blocks.iter().find_map(|b| match b {
        Block::Anchor(a) => Some(a.name.clone()),
        _ => None,
    });
    (best.0, best.1, anchor)
}
