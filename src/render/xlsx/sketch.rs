//! The sketch of a worksheet: a layout tree, laid on one net of columns and rows as offices do in Excel.
//!
//! In: a layout tree. Out: cells with the columns and rows that each covers, widths and heights in mm.
//! Stays true: every cell and line of the tree is there once, and no two cover the same place; no row is higher than Excel allows.
//! Neighbours: [`super::form_book`] writes it; `layout` sets the same tree on paper.

use super::ruler::{PIXELS_PER_MM, Ruler};
use crate::form::slots::placed;
use crate::form::tree::{Align, Block, CellRole, Content, Fit, Grid, GridCell, Piece, TextStyle, Tree, VAlign};
use crate::value::{FieldKey, FiscalYear};

/// Edges of columns nearer than this, in mm, are one edge.
const SAME_EDGE: f64 = 0.8;
/// Greatest height of a row, in mm (Excel allows 409 points).
const HIGHEST: f64 = 140.0;
/// Height of an empty line, in mm.
const LINE: f64 = 6.0;
/// What an indent of one takes of a cell's width on both sides, in pixels.
const INDENT: f64 = 20.0;
/// Millimetres in a point.
const POINT: f64 = 25.4 / 72.0;

/// A cell of the sketch.
#[derive(Debug, Clone)]
pub(super) struct Sketched {
    /// What stands in it.
    pub text: String,
    /// The value that it holds, if it is a value of a field.
    pub value: Option<(FieldKey, Option<FiscalYear>)>,
    /// How its text looks.
    pub style: TextStyle,
    /// Vertical place of its text.
    pub valign: VAlign,
    /// Grey behind it, 0 to 100.
    pub shade: f64,
    /// Rules: top, right, bottom, left.
    pub rules: [bool; 4],
    /// First and last row.
    pub rows: (usize, usize),
    /// First and last column; until the net is known, left and right edge in hundredths of a millimetre.
    pub columns: (usize, usize),
}

impl Sketched {
    /// Whether its text keeps a distance from the rules at its sides: where it begins at one, and there is room.
    pub(super) fn is_indented(&self) -> bool {
        matches!(self.style.align, Align::Left | Align::Spread) && !self.style.vertical && self.rules[3]
    }
}

/// A worksheet before it is written.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// The cells, in reading order.
    pub cells: Vec<Sketched>,
    /// Widths of the columns in mm.
    pub widths: Vec<f64>,
    /// Heights of the rows in mm.
    pub heights: Vec<f64>,
    /// Rows before which a page begins.
    pub breaks: Vec<usize>,
    /// First and last row of a heading that is repeated on every page.
    pub head: Option<(usize, usize)>,
    /// Share of the spare height of a page that a row takes.
    stretch: Vec<f64>,
}

impl Sketch {
    /// The sketch of a tree. `asked` tells the least height in mm of a value cell that is to be filled in.
    pub(super) fn of(tree: &Tree, ruler: &Ruler<'_>, asked: &dyn Fn(&FieldKey, Option<FiscalYear>) -> Option<f64>) -> Self {
        let mut sketch = Sketch::default();
        let width = tree.page.width - tree.page.margin[1] - tree.page.margin[3];
        sketch.blocks(&tree.blocks, 0.0, width);
        sketch.measure(ruler, asked);
        if let Fit::OnePage { .. } = tree.page.fit {
            // A little less than the page holds: Excel counts rows in whole pixels.
            sketch.fill(0.97 * (tree.page.height - tree.page.margin[0] - tree.page.margin[2]));
        }
        sketch.split();
        sketch.net();
        sketch
    }

    /// A row of its own.
    fn row(&mut self, height: f64, stretch: f64) -> usize {
        self.heights.push(height);
        self.stretch.push(stretch);
        self.heights.len() - 1
    }

    /// A thin row without cells.
    fn gap(&mut self, height: f64) {
        if height >= 0.5 && !self.heights.is_empty() {
            self.row(height, 0.0);
        }
    }

    fn blocks(&mut self, blocks: &[Block], left: f64, width: f64) {
        for block in blocks {
            match block {
                Block::Text(text) => {
                    self.gap(text.space.0);
                    let row = self.row(0.0, 0.0);
                    let plain = GridCell { content: text.content.clone(), style: text.style.clone(), rules: [false; 4], ..GridCell::default() };
                    self.cell(&plain, (row, row), (left + text.indent.0, left + width - text.indent.1));
                    self.gap(text.space.1);
                }
                Block::Grid(grid) => {
                    let first = self.heights.len();
                    self.grid(grid, left, width);
                    if grid.head_rows > 0 && self.head.is_none() {
                        self.head = Some((first, first + grid.head_rows - 1));
                    }
                    self.gap(grid.space_after);
                }
                Block::Space(height) => self.gap(*height),
                Block::PageBreak => self.breaks.push(self.heights.len()),
                Block::Keep(inner) => self.blocks(inner, left, width),
                Block::Frame(frame) => self.blocks(&frame.blocks, left, frame.width.unwrap_or(width).min(width)),
                Block::Anchor(_) => {}
            }
        }
    }

    /// A table from its left edge; a table inside a cell takes rows of its own.
    fn grid(&mut self, grid: &Grid, left: f64, width: f64) {
        let cells = placed(grid);
        let mut starts = Vec::with_capacity(grid.rows.len() + 1);
        for (number, row) in grid.rows.iter().enumerate() {
            let inner = cells.iter().filter(|c| c.row as usize == number).map(|c| depth(c.cell)).max().unwrap_or(1);
            starts.push(self.heights.len());
            for _ in 0..inner {
                self.row(row.min_height / inner as f64, row.stretch / inner as f64);
            }
        }
        starts.push(self.heights.len());
        let mut edges = vec![left];
        for column in &grid.columns {
            edges.push((edges[edges.len() - 1] + column).min(left + width));
        }
        let edge = |column: u32| edges.get(column as usize).copied().unwrap_or(left + width);
        for at in &cells {
            let first = starts[at.row as usize];
            let past = starts[(at.row + at.rows).min(grid.rows.len() as u32) as usize];
            let (from, to) = (edge(at.column), edge(at.column + at.columns));
            match at.cell.inner.as_deref() {
                None => self.cell(at.cell, (first, past.max(first + 1) - 1), (from, to)),
                Some(inner) => {
                    let own = usize::from(depth(at.cell) > rows_of(inner));
                    if own == 1 {
                        self.cell(at.cell, (first, first), (from, to));
                    }
                    self.inner(inner, first + own, from, to - from);
                }
            }
        }
    }

    /// A table inside a cell, on rows that are there already.
    fn inner(&mut self, grid: &Grid, first: usize, left: f64, width: f64) {
        let mut inside = Sketch::default();
        inside.grid(grid, left, width);
        for (n, height) in inside.heights.iter().enumerate() {
            if let Some(own) = self.heights.get_mut(first + n) {
                *own = own.max(*height);
            }
        }
        for mut cell in inside.cells {
            cell.rows = (cell.rows.0 + first, cell.rows.1 + first);
            self.cells.push(cell);
        }
    }

    fn cell(&mut self, cell: &GridCell, rows: (usize, usize), (from, to): (f64, f64)) {
        let hundredths = |mm: f64| (mm * 100.0).round().max(0.0) as usize;
        let value = match &cell.role {
            CellRole::Value { key, year } => Some((key.clone(), *year)),
            CellRole::Label | CellRole::Plain => None,
        };
        self.cells.push(Sketched {
            text: text(&cell.content),
            value,
            style: cell.style.clone(),
            valign: cell.valign,
            shade: cell.shade,
            rules: cell.rules,
            rows,
            columns: (hundredths(from), hundredths(to)),
        });
    }

    /// Rows become as high as their texts need, and as cells to be filled in want.
    fn measure(&mut self, ruler: &Ruler<'_>, asked: &dyn Fn(&FieldKey, Option<FiscalYear>) -> Option<f64>) {
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by_key(|c| self.cells[*c].rows.1 - self.cells[*c].rows.0);
        for at in order {
            let cell = &self.cells[at];
            let width =
                (cell.columns.1.saturating_sub(cell.columns.0)) as f64 / 100.0 * PIXELS_PER_MM - if cell.is_indented() { INDENT } else { 0.0 };
            let leading = cell.style.size * POINT * cell.style.leading.max(1.35);
            let lines = if cell.style.vertical { 0 } else { ruler.lines(&cell.text, width, cell.style.size) };
            let written = if cell.text.is_empty() { 0.0 } else { lines as f64 * leading + 2.0 };
            let wanted = cell.value.as_ref().and_then(|(key, year)| asked(key, *year)).unwrap_or(0.0);
            let (first, last) = cell.rows;
            let there: f64 = self.heights[first..=last].iter().sum();
            let missing = written.max(wanted).max(if first == last { LINE } else { 0.0 }) - there;
            if missing > 0.0 {
                self.heights[last] += missing;
            }
        }
    }

    /// The spare height of a page goes to the rows that take it.
    fn fill(&mut self, page: f64) {
        let spare = page - self.heights.iter().sum::<f64>();
        let shares: f64 = self.stretch.iter().sum();
        if spare > 0.0 && shares > 0.0 {
            for (height, stretch) in self.heights.iter_mut().zip(&self.stretch) {
                *height += spare * stretch / shares;
            }
        }
    }

    /// A row higher than Excel allows becomes several.
    fn split(&mut self) {
        let parts: Vec<usize> = self.heights.iter().map(|h| (h / HIGHEST).ceil().max(1.0) as usize).collect();
        let starts: Vec<usize> = parts.iter().scan(0, |at, n| Some(std::mem::replace(at, *at + n))).collect();
        let ends = |row: usize| starts[row] + parts[row] - 1;
        for cell in &mut self.cells {
            cell.rows = (starts[cell.rows.0], ends(cell.rows.1));
        }
        let total = parts.iter().sum();
        for page in &mut self.breaks {
            *page = starts.get(*page).copied().unwrap_or(total);
        }
        self.head = self.head.map(|(first, last)| (starts[first], ends(last)));
        self.heights = self.heights.iter().zip(&parts).flat_map(|(h, n)| std::iter::repeat_n(h / *n as f64, *n)).collect();
    }

    /// The net of columns: every edge of every cell, once.
    fn net(&mut self) {
        let mut edges: Vec<usize> = self.cells.iter().flat_map(|c| [c.columns.0, c.columns.1]).collect();
        edges.sort_unstable();
        let mut kept: Vec<usize> = Vec::new();
        for edge in edges {
            if kept.last().is_none_or(|last| (edge - last) as f64 / 100.0 >= SAME_EDGE) {
                kept.push(edge);
            }
        }
        // The column that begins at the last edge at or before a place.
        let place = |edge: usize| kept.partition_point(|k| *k <= edge).saturating_sub(1);
        for cell in &mut self.cells {
            let (from, to) = (place(cell.columns.0), place(cell.columns.1));
            cell.columns = (from, to.max(from + 1) - 1);
        }
        self.widths = kept.windows(2).map(|w| (w[1] - w[0]) as f64 / 100.0).collect();
    }
}

/// How many rows of the net a cell takes: one for its own text, and those of a table inside.
fn depth(cell: &GridCell) -> usize {
    let own = usize::from(cell.inner.is_none() || !cell.content.pieces.is_empty());
    own + cell.inner.as_deref().map_or(0, rows_of)
}

/// How many rows of the net a table takes.
fn rows_of(grid: &Grid) -> usize {
    grid.rows.iter().map(|r| r.cells.iter().map(depth).max().unwrap_or(1)).sum()
}

/// What stands in a cell, as a person would type it: numbers of goals parted by blanks.
fn text(content: &Content) -> String {
    let mut out = String::new();
    for piece in &content.pieces {
        match piece {
            Piece::Text { text, .. } => out.push_str(text),
            Piece::CheckBox(on) => out.push(if *on { '■' } else { '□' }),
            Piece::Sdg(n) => {
                let parted = out.is_empty() || out.ends_with([' ', '\n']);
                out.push_str(if parted { "" } else { " " });
                out.push_str(&n.to_string());
            }
            Piece::Leader | Piece::PageOf(_) | Piece::PageNumber | Piece::PageCount => {}
        }
    }
    out
}
