//! Measuring: blocks and cells learn how high they are, for a width and a degree of shrinking.
//!
//! In: the blocks of a tree. Out: the same blocks with lines, row heights and chunks (the pieces between which a page may break).
//! Stays true: a row is as high as its highest cell needs, spanning cells included; measuring twice gives the same.
//! Neighbours: [`super::shape`] and [`super::lines`] below, [`super::flow`] and [`super::table`] place what was measured.

use super::MM_PER_PT;
use super::context::Context;
use super::font::Fonts;
use super::lines::{Line, break_lines};
use super::shape::{Shaped, shape};
use crate::form::tree::{self, Anchor, CellRole, Content, Frame, Grid, GridCell, TextBlock, TextStyle};

/// How far a sheet is shrunk to fit its page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shrink {
    /// Type sizes are multiplied by this.
    pub(crate) factor: f64,
    /// But never below this many points.
    pub(crate) min_size: f64,
    /// Line heights are multiplied by this.
    pub(crate) leading: f64,
}

impl Shrink {
    /// Not at all.
    pub(crate) const NONE: Shrink = Shrink { factor: 1.0, min_size: 0.0, leading: 1.0 };

    /// The size and the leading of a style.
    fn apply(self, style: &TextStyle) -> (f64, f64) {
        let size = if style.size.is_finite() { style.size.clamp(1.0, 200.0) } else { 10.5 };
        let leading = style.leading.clamp(1.0, 5.0);
        if style.fixed {
            return (size, leading);
        }
        let small = (size * self.factor).max(self.min_size.min(size));
        ((small * 20.0).round() / 20.0, (leading * self.leading).max(leading.min(1.15)))
    }
}

/// A text, shaped once and set for a width.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) shaped: Shaped,
    pub(crate) style: &'a TextStyle,
    /// Points.
    pub(crate) size: f64,
    /// The size in mm.
    pub(crate) em: f64,
    /// Height of a line in mm.
    pub(crate) line_height: f64,
    pub(crate) lines: Vec<Line>,
}

impl<'a> Setting<'a> {
    pub(crate) fn new(content: &Content, style: &'a TextStyle, fonts: &Fonts, context: &Context<'_>, number: &str) -> Self {
        let shaped = shape(content, style, fonts, context, number);
        Setting { shaped, style, size: style.size, em: 0.0, line_height: 0.0, lines: Vec::new() }
    }

    pub(crate) fn measure(&mut self, width: f64, shrink: Shrink) {
        let (size, leading) = shrink.apply(self.style);
        self.size = size;
        // A column narrower than one character: the characters shrink rather than leave it.
        let widest = self.shaped.paras.iter().flat_map(|p| &p.atoms).map(|a| a.advance).fold(0.0f32, f32::max);
        let widest = f64::from(widest) / 1000.0 * size * MM_PER_PT;
        if widest > width && widest > 0.0 {
            self.size = (size * width.max(0.3) / widest * 100.0).floor() / 100.0;
        }
        self.size = self.size.max(0.5);
        self.em = self.size * MM_PER_PT;
        self.line_height = self.em * leading;
        self.lines = if self.style.vertical { Vec::new() } else { break_lines(&self.shaped, self.em, width) };
    }

    /// Number of glyphs that stand one above the other in vertical text, all paragraphs.
    pub(crate) fn stacked(&self) -> usize {
        self.shaped.paras.iter().map(|p| p.atoms.len()).sum()
    }

    /// Height of all lines.
    pub(crate) fn height(&self) -> f64 {
        self.line_height * self.lines.len() as f64
    }
}

/// A block, measured.
#[derive(Debug)]
pub(crate) enum Block<'a> {
    Text(TextBox<'a>),
    Table(Table<'a>),
    Space(f64),
    PageBreak,
    Keep(Vec<Block<'a>>),
    Frame(FrameBox<'a>),
    Anchor(&'a Anchor),
}

#[derive(Debug)]
pub(crate) struct TextBox<'a> {
    pub(crate) block: &'a TextBlock,
    pub(crate) text: Setting<'a>,
}

#[derive(Debug)]
pub(crate) struct FrameBox<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) blocks: Vec<Block<'a>>,
    /// Outer width in mm.
    pub(crate) width: f64,
}

/// A piece of a cell between which a page may break.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chunk {
    /// A line of the text.
    Line(usize),
    /// Rows of the inner table: first and the one after the last.
    Rows(usize, usize),
    /// The whole of a vertical text.
    Vertical,
}

#[derive(Debug)]
pub(crate) struct Cell<'a> {
    pub(crate) cell: &'a GridCell,
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) rows: usize,
    pub(crate) span: usize,
    pub(crate) text: Setting<'a>,
    pub(crate) inner: Option<Box<Table<'a>>>,
    /// Chunks with their heights.
    pub(crate) chunks: Vec<(Chunk, f64)>,
    /// Inner distance: horizontal, vertical.
    pub(crate) padding: (f64, f64),
}

impl Cell<'_> {
    /// Height that the chunks from `next` on need, padding included.
    pub(crate) fn need(&self, next: usize) -> f64 {
        let text: f64 = self.chunks[next.min(self.chunks.len())..].iter().map(|c| c.1).sum();
        let least = if self.chunks.is_empty() && !self.text.style.vertical { self.text.line_height } else { 0.0 };
        text.max(least) + 2.0 * self.padding.1
    }

    /// The row after its last.
    pub(crate) fn end(&self) -> usize {
        self.row + self.rows
    }

    /// Whether it is printed again where its row goes on.
    pub(crate) fn repeats(&self) -> bool {
        self.cell.repeat || self.cell.role == CellRole::Label
    }
}

#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub(crate) grid: &'a Grid,
    /// Left edges of the columns and the right edge of the last, from the left of the table.
    pub(crate) edges: Vec<f64>,
    /// Cells row by row, left to right.
    pub(crate) cells: Vec<Cell<'a>>,
    /// The cell at each row and column.
    pub(crate) at: Vec<Vec<Option<usize>>>,
    pub(crate) heights: Vec<f64>,
    /// For each row the rows that spanning cells tie to it: first and the one after the last.
    pub(crate) groups: Vec<(usize, usize)>,
    pub(crate) head_rows: usize,
}

/// Makes the blocks of a tree ready for measuring.
pub(crate) fn prepare<'a>(blocks: &'a [tree::Block], fonts: &Fonts, context: &Context<'_>, number: &str) -> Vec<Block<'a>> {
    blocks
        .iter()
        .map(|block| match block {
            tree::Block::Text(block) => Block::Text(TextBox { block, text: Setting::new(&block.content, &block.style, fonts, context, number) }),
            tree::Block::Grid(grid) => Block::Table(Table::new(grid, fonts, context, number)),
            tree::Block::Space(height) => Block::Space(height.clamp(0.0, 10_000.0)),
            tree::Block::PageBreak => Block::PageBreak,
            tree::Block::Keep(blocks) => Block::Keep(prepare(blocks, fonts, context, number)),
            tree::Block::Frame(frame) => Block::Frame(FrameBox { frame, blocks: prepare(&frame.blocks, fonts, context, number), width: 0.0 }),
            tree::Block::Anchor(anchor) => Block::Anchor(anchor),
        })
        .collect()
}

/// Measures blocks for a width.
pub(crate) fn measure(blocks: &mut [Block<'_>], width: f64, shrink: Shrink) {
    for block in blocks {
        match block {
            Block::Text(text) => {
                let indent = text.block.indent.0 + text.block.indent.1;
                text.text.measure((width - indent).max(1.0), shrink);
            }
            Block::Table(table) => table.measure(width, shrink),
            Block::Keep(blocks) => measure(blocks, width, shrink),
            Block::Frame(frame) => {
                frame.width = frame.frame.width.unwrap_or(width).clamp(1.0, width.max(1.0));
                let inner = (frame.width - 2.0 * frame.frame.padding).max(1.0);
                measure(&mut frame.blocks, inner, shrink);
            }
            Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
        }
    }
}

impl Block<'_> {
    /// Its height, with the distance to the next block.
    pub(crate) fn height(&self) -> f64 {
        match self {
            Block::Text(text) if text.text.lines.is_empty() => 0.0,
            Block::Text(text) => text.block.space.0 + text.text.height() + text.block.space.1,
            Block::Table(table) => table.height() + table.grid.space_after,
            Block::Space(height) => *height,
            Block::Keep(blocks) => total(blocks),
            Block::Frame(frame) => total(&frame.blocks) + 2.0 * frame.frame.padding,
            Block::PageBreak | Block::Anchor(_) => 0.0,
        }
    }

    /// The distance to the next block, which does not count at the end of a page.
    pub(crate) fn trailing(&self) -> f64 {
        match self {
            Block::Text(text) if !text.text.lines.is_empty() => text.block.space.1,
            Block::Table(table) => table.grid.space_after,
            Block::Space(height) => *height,
            Block::Keep(blocks) => blocks.last().map_or(0.0, Block::trailing),
            Block::Text(_) | Block::Frame(_) | Block::PageBreak | Block::Anchor(_) => 0.0,
        }
    }

    /// The least height of its beginning: what a heading that stays with it must leave room for.
    pub(crate) fn beginning(&self) -> f64 {
        match self {
            Block::Text(text) => text.block.space.0 + text.text.line_height * text.text.lines.len().min(2) as f64,
            Block::Table(table) if table.grid.keep => table.height(),
            Block::Table(table) => table.beginning(),
            Block::Keep(blocks) => total(blocks),
            Block::Frame(_) => self.height(),
            Block::Space(_) | Block::PageBreak | Block::Anchor(_) => 0.0,
        }
    }
}

/// Height of blocks one below the other.
pub(crate) fn total(blocks: &[Block<'_>]) -> f64 {
    blocks.iter().map(Block::height).sum()
}

/// The same without the distance after the last.
pub(crate) fn total_inked(blocks: &[Block<'_>]) -> f64 {
    total(blocks) - blocks.last().map_or(0.0, Block::trailing)
}

impl<'a> Table<'a> {
    fn new(grid: &'a Grid, fonts: &Fonts, context: &Context<'_>, number: &str) -> Self {
        let rows = grid.rows.len();
        let mut at: Vec<Vec<Option<usize>>> = vec![vec![None; grid.columns.len()]; rows];
        let mut cells = Vec::new();
        for (row, line) in grid.rows.iter().enumerate() {
            let mut column = 0;
            for cell in &line.cells {
                while at[row].get(column).is_some_and(Option::is_some) {
                    column += 1;
                }
                let height = cell.rows.clamp(1, rows - row);
                let span = free_columns(&at[row], column, cell.span.max(1));
                for line in &mut at[row..row + height] {
                    if line.len() < column + span {
                        line.resize(column + span, None);
                    }
                    for place in &mut line[column..column + span] {
                        *place = place.or(Some(cells.len()));
                    }
                }
                cells.push(Cell {
                    cell,
                    row,
                    column,
                    rows: height,
                    span,
                    text: Setting::new(&cell.content, &cell.style, fonts, context, number),
                    inner: cell.inner.as_deref().map(|g| Box::new(Table::new(g, fonts, context, number))),
                    chunks: Vec::new(),
                    padding: cell.padding,
                });
                column += span;
            }
        }
        let columns = at.iter().map(Vec::len).max().unwrap_or(0);
        at.iter_mut().for_each(|line| line.resize(columns, None));
        let head_rows = if grid.head_rows < rows { grid.head_rows } else { 0 };
        let groups = groups(rows, &cells);
        Table { grid, edges: Vec::new(), cells, at, heights: vec![0.0; rows], groups, head_rows }
    }

    fn measure(&mut self, width: f64, shrink: Shrink) {
        self.edges = edges(&self.grid.columns, self.at.first().map_or(0, Vec::len), width);
        for cell in &mut self.cells {
            let width = self.edges[cell.column + cell.span] - self.edges[cell.column];
            cell.padding = (cell.cell.padding.0.min(width * 0.2).max(0.0), cell.cell.padding.1.max(0.0));
            measure_cell(cell, width - 2.0 * cell.padding.0, shrink);
        }
        self.heights = row_heights(self.grid, &self.cells);
    }

    /// Height of all rows.
    pub(crate) fn height(&self) -> f64 {
        self.heights.iter().sum()
    }

    /// Height of the rows that are repeated on every page.
    pub(crate) fn head_height(&self) -> f64 {
        self.heights[..self.head_rows].iter().sum()
    }

    /// Head rows and the first row or group after them; of a row that may break only its first lines.
    fn beginning(&self) -> f64 {
        let Some(first) = self.groups.get(self.head_rows).map(|g| g.0) else { return self.height() };
        self.head_height() + self.first_of(first).max(self.kept_beginning(first))
    }

    /// The least that must stand on a page of the group that a row opens: of a row that may break its first lines.
    fn first_of(&self, row: usize) -> f64 {
        let whole: f64 = self.heights[row..self.groups[row].1].iter().sum();
        let line = self.cells.iter().map(|c| c.text.line_height).fold(0.0, f64::max);
        if self.grid.rows[row].breakable { whole.min(2.0 * line + 2.0) } else { whole }
    }

    /// Height of a group that stays with the next, of all that stay so after it, and of the beginning of what they head; nothing for other groups.
    pub(crate) fn kept_beginning(&self, row: usize) -> f64 {
        let mut height = 0.0;
        let mut at = row;
        while at < self.groups.len() {
            let end = self.groups[at].1;
            if !self.grid.rows[at..end].iter().any(|r| r.keep_with_next) {
                return if at == row { 0.0 } else { height + self.first_of(at) };
            }
            height += self.heights[at..end].iter().sum::<f64>();
            at = end;
        }
        height
    }
}

/// How many of `wanted` columns from `column` on are not covered from above.
fn free_columns(line: &[Option<usize>], column: usize, wanted: usize) -> usize {
    let wanted = wanted.min(200);
    (1..wanted).find(|i| line.get(column + i).is_some_and(Option::is_some)).unwrap_or(wanted)
}

/// The edges of the columns: as given, narrowed in proportion if they are wider than the room; columns that the template forgot get a fair share.
fn edges(columns: &[f64], count: usize, width: f64) -> Vec<f64> {
    let mut widths: Vec<f64> = columns.iter().map(|w| w.max(0.1)).collect();
    let fair = if widths.is_empty() { width / count.max(1) as f64 } else { widths.iter().sum::<f64>() / widths.len() as f64 };
    widths.resize(count.max(widths.len()), fair);
    let sum: f64 = widths.iter().sum();
    let scale = if sum > width { width / sum } else { 1.0 };
    let mut edges = vec![0.0];
    let mut at = 0.0;
    for w in widths {
        at += w * scale;
        edges.push(at);
    }
    edges
}

fn measure_cell(cell: &mut Cell<'_>, width: f64, shrink: Shrink) {
    cell.text.measure(width, shrink);
    cell.chunks.clear();
    if cell.text.style.vertical {
        let stacked = cell.text.stacked();
        if stacked > 0 {
            let columns = ((width / cell.text.line_height) as usize).max(1);
            cell.chunks.push((Chunk::Vertical, stacked.div_ceil(columns) as f64 * cell.text.em * VERTICAL_PITCH));
        }
    } else {
        let height = cell.text.line_height;
        cell.chunks.extend((0..cell.text.lines.len()).map(|i| (Chunk::Line(i), height)));
    }
    if let Some(inner) = &mut cell.inner {
        inner.measure(width, shrink);
        let mut row = 0;
        while row < inner.groups.len() {
            let end = inner.groups[row].1;
            cell.chunks.push((Chunk::Rows(row, end), inner.heights[row..end].iter().sum()));
            row = end;
        }
    }
}

/// Distance from glyph to glyph in vertical text, in parts of the size.
pub(crate) const VERTICAL_PITCH: f64 = 1.08;

/// Rows are as high as their own cells need; what a spanning cell needs more is shared by rows that hold values, else by all it covers.
fn row_heights(grid: &Grid, cells: &[Cell<'_>]) -> Vec<f64> {
    let mut heights: Vec<f64> = grid.rows.iter().map(|r| r.min_height.max(0.0)).collect();
    for cell in cells.iter().filter(|c| c.rows == 1) {
        heights[cell.row] = heights[cell.row].max(cell.need(0));
    }
    let mut spanning: Vec<&Cell<'_>> = cells.iter().filter(|c| c.rows > 1).collect();
    spanning.sort_by_key(|c| (c.rows, c.row, c.column));
    for cell in spanning {
        let rows = cell.row..cell.end();
        let missing = cell.need(0) - heights[rows.clone()].iter().sum::<f64>();
        if missing <= 0.0 {
            continue;
        }
        let open: Vec<usize> = rows.clone().filter(|r| holds_value(cells, *r)).collect();
        let share = if open.is_empty() { rows.collect() } else { open };
        for row in &share {
            heights[*row] += missing / share.len() as f64;
        }
    }
    heights
}

/// Whether a row has a cell of its own that is no label.
fn holds_value(cells: &[Cell<'_>], row: usize) -> bool {
    cells.iter().any(|c| c.row == row && c.rows == 1 && c.cell.role != CellRole::Label)
}

/// Rows tied together by cells that span them.
fn groups(rows: usize, cells: &[Cell<'_>]) -> Vec<(usize, usize)> {
    let mut tied = vec![false; rows];
    for cell in cells.iter().filter(|c| c.rows > 1) {
        tied[cell.row + 1..cell.end()].iter_mut().for_each(|t| *t = true);
    }
    let mut groups = vec![(0, 0); rows];
    let mut start = 0;
    while start < rows {
        let end = (start + 1..rows).find(|r| !tied[*r]).unwrap_or(rows);
        groups[start..end].iter_mut().for_each(|g| *g = (start, end));
        start = end;
    }
    groups
}
