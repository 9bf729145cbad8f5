//! Tables on pages: rows are placed, broken over pages where they must, and drawn with their rules.
//!
//! In: a measured [`Table`] and the place on the page. Out: items.
//! Stays true: no row is dropped; a cell that goes on continues with the line after the last printed one, and its label is printed again.
//! Neighbours: [`super::flow`] turns the pages, [`super::paint`] draws the cells.

use super::Item;
use super::flow::{Flow, TOLERANCE};
use super::measure::{Cell, Chunk, Table};
use super::paint::{Area, Paint};

/// A row, or a part of it, on a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    row: usize,
    y: f64,
    height: f64,
    /// The row ends here.
    ends: bool,
}

/// How far each cell of a table is printed.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    /// The next chunk of each cell.
    next: Vec<usize>,
    /// The cell was begun on an earlier page.
    begun: Vec<bool>,
}

impl Progress {
    pub(crate) fn new(table: &Table<'_>) -> Self {
        Progress { next: vec![0; table.cells.len()], begun: vec![false; table.cells.len()] }
    }

    /// Height that a cell still needs on this page.
    fn rest(&self, table: &Table<'_>, index: usize) -> f64 {
        let cell = &table.cells[index];
        match self.next[index] {
            next if next < cell.chunks.len() || !self.begun[index] => cell.need(next),
            _ if cell.repeats() => cell.need(0),
            _ => 0.0,
        }
    }
}

/// How many chunks from `next` on fit into a height, and how high they are.
fn fitting(cell: &Cell<'_>, next: usize, room: f64) -> (usize, f64) {
    let mut used = 0.0;
    let mut to = next;
    for (_, height) in &cell.chunks[next.min(cell.chunks.len())..] {
        if used + height > room + TOLERANCE {
            break;
        }
        used += height;
        to += 1;
    }
    (to, used)
}

impl Flow<'_> {
    /// Places a table, turning pages as needed.
    pub(crate) fn table(&mut self, table: &Table<'_>) {
        if table.heights.is_empty() {
            return;
        }
        if table.grid.keep {
            self.keep_together(table.height());
        }
        self.keep_together_if(table_beginning(table, self.fresh_height()));
        let mut fragment = Fragment { parts: Vec::new(), progress: Progress::new(table), body: 0, anchored: 0 };
        let rows = table.heights.len();
        let mut row = 0;
        while row < rows {
            let (start, end) = table.groups[row];
            let height: f64 = table.heights[row..end].iter().sum();
            let loose = self.run_on || table.grid.rows[start..end].iter().any(|r| r.breakable);
            let counted = row >= table.head_rows && self.is_full(table, &fragment, end - row);
            let fits = height <= self.room() + TOLERANCE;
            let kept = table.kept_beginning(row);
            let at_top = fragment.body_is_empty(table) && self.page_is_fresh(&fragment);
            let alone = !at_top && kept > self.room() + TOLERANCE && kept <= self.fresh_height() - repeated_height(table, self);
            if counted || alone || !(fits || loose || height > self.fresh_height() - repeated_height(table, self)) {
                self.next_fragment(table, &mut fragment, row);
            }
            while row < end {
                self.row(table, &mut fragment, row);
                row += 1;
            }
        }
        self.flush(table, &mut fragment);
        self.y += table.grid.space_after;
    }

    /// Whether the page holds as many rows as it may.
    fn is_full(&self, table: &Table<'_>, fragment: &Fragment, more: usize) -> bool {
        table.grid.rows_per_page.is_some_and(|limit| fragment.body > 0 && fragment.body + more > limit.max(1))
    }

    /// Places one row, in parts if it must break.
    fn row(&mut self, table: &Table<'_>, fragment: &mut Fragment, row: usize) {
        let mut wanted = table.heights[row];
        let may_break = self.run_on || table.grid.rows[row].breakable;
        let height = loop {
            let mut height = wanted.max(ending_need(table, fragment, row, self.y));
            if may_break {
                // A row gives up its least height rather than go on where nothing is left to print.
                height = height.min(self.room().max(still_needed(table, fragment, row, self.y)));
            }
            if height <= self.room() + TOLERANCE {
                break height;
            }
            let fresh = self.fresh_height() - repeated_height(table, self);
            let at_top = fragment.body_is_empty(table) && self.page_is_fresh(fragment);
            if (may_break || height > fresh)
                && let Some(part) = split(table, fragment, row, self.y, self.room(), at_top)
            {
                self.push(table, fragment, Part { row, y: self.y, height: part, ends: false });
                self.next_fragment(table, fragment, row);
                wanted = covering(table, row).map(|i| rest_of_row(table, fragment, i, row)).fold(0.0, f64::max);
                continue;
            }
            if at_top {
                break height;
            }
            self.next_fragment(table, fragment, row);
        };
        self.push(table, fragment, Part { row, y: self.y, height, ends: true });
        if row >= table.head_rows {
            fragment.body += 1;
        }
    }

    fn push(&mut self, table: &Table<'_>, fragment: &mut Fragment, part: Part) {
        self.touch();
        self.anchor_row(table, fragment, part.row);
        fragment.parts.push(Part { y: self.y, ..part });
        self.y += part.height;
    }

    /// Gives the anchor of a row its place: where the row begins, or the head rows above it if nothing else stands between.
    fn anchor_row(&mut self, table: &Table<'_>, fragment: &mut Fragment, row: usize) {
        if row < fragment.anchored {
            return;
        }
        fragment.anchored = row + 1;
        let Some(anchor) = &table.grid.rows[row].anchor else { return };
        let y = fragment.parts.first().filter(|_| fragment.body_is_empty(table)).map_or(self.y, |p| p.y);
        let bookmark = anchor.bookmark.clone().map(|title| (title, anchor.level.max(1)));
        self.items().push(Item::Anchor { name: anchor.name.clone(), y, bookmark });
    }

    /// Draws what is on this page, turns the page and repeats the head rows.
    fn next_fragment(&mut self, table: &Table<'_>, fragment: &mut Fragment, row: usize) {
        self.flush(table, fragment);
        self.turn();
        let head = repeated_height(table, self);
        if head > 0.0 && row >= table.head_rows {
            for (i, cell) in table.cells.iter().enumerate() {
                if cell.end() <= table.head_rows {
                    fragment.progress.next[i] = 0;
                    fragment.progress.begun[i] = false;
                }
            }
            for row in 0..table.head_rows {
                self.push(table, fragment, Part { row, y: self.y, height: table.heights[row], ends: true });
            }
        }
    }

    fn flush(&mut self, table: &Table<'_>, fragment: &mut Fragment) {
        fragment.body = 0;
        if fragment.parts.is_empty() {
            return;
        }
        let x = self.left();
        let mut paint = Paint { fonts: self.fonts, items: self.items() };
        draw(&mut paint, table, &fragment.parts, &mut fragment.progress, x);
        fragment.parts.clear();
    }

    /// Nothing but repeated heads stands on the page.
    fn page_is_fresh(&self, fragment: &Fragment) -> bool {
        fragment.parts.first().map_or(self.is_fresh() && self.y <= self.top() + TOLERANCE, |p| p.y <= self.top() + TOLERANCE)
    }
}

/// What of a table stands on the current page.
pub(crate) struct Fragment {
    parts: Vec<Part>,
    progress: Progress,
    /// Body rows on this page.
    body: usize,
    /// Rows whose anchor has its place already.
    anchored: usize,
}

impl Fragment {
    fn body_is_empty(&self, table: &Table<'_>) -> bool {
        self.parts.iter().all(|p| p.row < table.head_rows)
    }
}

/// Height of the head rows as far as they are repeated: heads that fill more than half the page are not.
fn repeated_height(table: &Table<'_>, flow: &Flow<'_>) -> f64 {
    let height = table.head_height();
    if height > flow.fresh_height() / 2.0 { 0.0 } else { height }
}

/// The head rows stay with the first row after them.
fn table_beginning(table: &Table<'_>, fresh: f64) -> f64 {
    let end = table.groups.get(table.head_rows).map_or(0, |g| g.1);
    let loose = table.grid.rows.get(table.head_rows).is_some_and(|r| r.breakable);
    let whole: f64 = table.heights[..end].iter().sum();
    if table.head_rows == 0 || loose || whole > fresh { 0.0 } else { whole }
}

/// The cells that cover a row.
fn covering<'t>(table: &'t Table<'_>, row: usize) -> impl Iterator<Item = usize> + 't {
    table.cells.iter().enumerate().filter(move |(_, c)| c.row <= row && row < c.end()).map(|(i, _)| i)
}

/// Where on this page a cell begins.
fn begins(fragment: &Fragment, cell: &Cell<'_>, y: f64) -> f64 {
    fragment.parts.iter().find(|p| p.row >= cell.row && p.row < cell.end()).map_or(y, |p| p.y)
}

/// Height that a row must have because a cell that spans several rows ends in it and was broken before.
fn ending_need(table: &Table<'_>, fragment: &Fragment, row: usize, y: f64) -> f64 {
    covering(table, row)
        .filter(|i| table.cells[*i].rows > 1 && table.cells[*i].end() == row + 1 && fragment.progress.begun[*i])
        .map(|i| fragment.progress.rest(table, i) - (y - begins(fragment, &table.cells[i], y)))
        .fold(0.0, f64::max)
}

/// Height that the cells ending in a row need for what is not printed yet, whatever the row's least height.
fn still_needed(table: &Table<'_>, fragment: &Fragment, row: usize, y: f64) -> f64 {
    covering(table, row)
        .filter(|i| table.cells[*i].end() == row + 1)
        .map(|i| fragment.progress.rest(table, i) - (y - begins(fragment, &table.cells[i], y)))
        .fold(0.0, f64::max)
}

/// Height that the rest of a row needs for a cell on a new page.
fn rest_of_row(table: &Table<'_>, fragment: &Fragment, index: usize, row: usize) -> f64 {
    let cell = &table.cells[index];
    if cell.end() == row + 1 { fragment.progress.rest(table, index) } else { 0.0 }
}

/// The height of the part of a row that goes on this page, or `None` if it had better begin on the next.
fn split(table: &Table<'_>, fragment: &Fragment, row: usize, y: f64, room: f64, force: bool) -> Option<f64> {
    let mut height: f64 = 0.0;
    let mut moved = false;
    for index in covering(table, row) {
        let cell = &table.cells[index];
        let next = fragment.progress.next[index];
        let above = y - begins(fragment, cell, y);
        let (to, used) = fitting(cell, next, above + room - 2.0 * cell.padding.1);
        let left = cell.chunks.len() - next.min(cell.chunks.len());
        let took = to - next;
        if cell.rows == 1 && left > 0 && took < left.min(2) && !force {
            return None;
        }
        moved |= took > 0;
        height = height.max(used + 2.0 * cell.padding.1 - above);
    }
    (moved && height > 0.0).then_some(height.min(room))
}

/// Draws parts of rows: cells in reading order, then the rules.
pub(crate) fn draw(paint: &mut Paint<'_, '_>, table: &Table<'_>, parts: &[Part], progress: &mut Progress, x: f64) {
    for (index, cell) in table.cells.iter().enumerate() {
        let mut own = parts.iter().filter(|p| p.row >= cell.row && p.row < cell.end());
        let Some(first) = own.next() else { continue };
        let last = own.next_back().unwrap_or(first);
        let area = Area {
            x: x + table.edges[cell.column],
            y: first.y,
            width: table.edges[cell.column + cell.span] - table.edges[cell.column],
            height: last.y + last.height - first.y,
        };
        let ends = last.ends && last.row + 1 == cell.end();
        let next = progress.next[index];
        let again = progress.begun[index] && next >= cell.chunks.len();
        let room = area.height - 2.0 * cell.padding.1;
        let (from, to) = match (again, ends) {
            (true, _) if cell.repeats() && cell.need(0) <= area.height + TOLERANCE => (0, cell.chunks.len()),
            (true, _) => (next, next),
            (false, true) => (next, cell.chunks.len()),
            (false, false) => (next, fitting(cell, next, room).0),
        };
        let broken = !again && (from > 0 || to < cell.chunks.len());
        paint.cell(cell, area, from, to, broken);
        progress.next[index] = to.max(next);
        progress.begun[index] = true;
    }
    rules(paint, table, parts, x);
}

/// Draws a table whole at a place (in cells, heads and feet).
pub(crate) fn draw_rows(paint: &mut Paint<'_, '_>, table: &Table<'_>, rows: (usize, usize), x: f64, y: f64) {
    let mut at = y;
    let parts: Vec<Part> = (rows.0..rows.1)
        .map(|row| {
            let part = Part { row, y: at, height: table.heights[row], ends: true };
            at += part.height;
            part
        })
        .collect();
    draw(paint, table, &parts, &mut Progress::new(table), x);
}

/// The rules of the parts, in long strokes: frame outside, thinner rules inside.
fn rules(paint: &mut Paint<'_, '_>, table: &Table<'_>, parts: &[Part], x: f64) {
    let columns = table.edges.len() - 1;
    let cell_at = |part: usize, column: usize| table.at[parts[part].row].get(column).copied().flatten();
    let wants = |cell: Option<usize>, side: usize| cell.is_some_and(|i| table.cells[i].cell.rules[side]);
    for boundary in 0..=parts.len() {
        let outer = boundary == 0 || boundary == parts.len();
        let width = if outer { table.grid.frame } else { table.grid.rule };
        let y = parts.get(boundary).map_or_else(|| parts[boundary - 1].y + parts[boundary - 1].height, |p| p.y);
        let drawn = (0..columns).map(|column| {
            let above = boundary.checked_sub(1).and_then(|p| cell_at(p, column));
            let below = if boundary < parts.len() { cell_at(boundary, column) } else { None };
            (above != below || outer) && (wants(above, 2) || wants(below, 0))
        });
        for (from, to) in strokes(drawn) {
            let (from, to) = (x + table.edges[from], x + table.edges[to]);
            paint.rule((from, y), (to, y), width);
        }
    }
    for boundary in 0..=columns {
        let outer = boundary == 0 || boundary == columns;
        let width = if outer { table.grid.frame } else { table.grid.rule };
        let drawn = (0..parts.len()).map(|part| {
            let left = boundary.checked_sub(1).and_then(|c| cell_at(part, c));
            let right = if boundary < columns { cell_at(part, boundary) } else { None };
            left != right && (wants(left, 1) || wants(right, 3))
        });
        for (from, to) in strokes(drawn) {
            let (top, bottom) = (parts[from].y, parts[to - 1].y + parts[to - 1].height);
            let at = x + table.edges[boundary];
            paint.rule((at, top), (at, bottom), width);
        }
    }
}

/// Runs of `true`: first and the one after the last.
fn strokes(drawn: impl Iterator<Item = bool>) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, on) in drawn.enumerate() {
        match runs.last_mut() {
            Some((_, to)) if on && *to == i => *to = i + 1,
            _ if on => runs.push((i, i + 1)),
            _ => {}
        }
    }
    runs
}

impl Paint<'_, '_> {
    /// Draws some chunks of a cell in its area.
    fn cell(&mut self, cell: &Cell<'_>, area: Area, from: usize, to: usize, broken: bool) {
        self.shade(area, cell.cell.shade);
        if let Some(link) = &cell.cell.link {
            self.items.push(Item::Link { area: (area.x, area.y, area.width, area.height), to: link.clone() });
        }
        let inner = area.inset(cell.padding);
        let chunks = &cell.chunks[from.min(to)..to];
        let height: f64 = chunks.iter().map(|c| c.1).sum();
        let mut y = if broken { inner.y } else { inner.aligned(cell.cell.valign, height) };
        for (chunk, height) in chunks {
            match *chunk {
                Chunk::Line(i) => self.line(&cell.text, &cell.text.lines[i], (inner.x, y), inner.width),
                Chunk::Rows(first, end) => {
                    if let Some(table) = &cell.inner {
                        draw_rows(self, table, (first, end), inner.x, y);
                    }
                }
                Chunk::Vertical => {
                    let shared = if cell.inner.is_none() { inner } else { Area { y, height: *height, ..inner } };
                    self.vertical(&cell.text, shared);
                }
            }
            y += height;
        }
    }
}
