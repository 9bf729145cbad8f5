//! The layout tree: what a template says, before it is set on pages. Lengths are millimetres, type sizes points.

use crate::value::{FieldKey, FiscalYear};

/// A template, read.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Paper, margins and the like.
    pub page: PageStyle,
    /// What stands on it, in order.
    pub blocks: Vec<Block>,
}

/// Paper and margins, in mm.
#[derive(Debug, Clone)]
pub struct PageStyle {
    /// Width of the paper.
    pub width: f64,
    /// Height of the paper.
    pub height: f64,
    /// Margins: top, right, bottom, left (left is the inner one where pages are mirrored).
    pub margin: [f64; 4],
    /// Sheets that must be one page shrink; running ones do not.
    pub fit: Fit,
    /// Lines printed at the head and foot of every page, inside the margins.
    pub head: Vec<Block>,
    /// See `head`.
    pub foot: Vec<Block>,
}

impl Default for PageStyle {
    fn default() -> Self {
        PageStyle { width: 210.0, height: 297.0, margin: [20.0; 4], fit: Fit::Flow, head: Vec::new(), foot: Vec::new() }
    }
}

/// What happens when the content is longer than its page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fit {
    /// It runs on to the next page.
    Flow,
    /// Text shrinks in small steps down to `min_size` points; then the rest continues on a second page headed （続き）.
    OnePage {
        /// Smallest type size in points.
        min_size: f64,
    },
}

/// One thing below another.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph or heading.
    Text(TextBlock),
    /// A table.
    Grid(Grid),
    /// Empty height in mm.
    Space(f64),
    /// The next block starts a page.
    PageBreak,
    /// Blocks that stay together on a page if they fit on one.
    Keep(Vec<Block>),
    /// Blocks in a frame.
    Frame(Frame),
    /// A place that links and bookmarks can point at; takes no room.
    Anchor(Anchor),
}

/// A framed box.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What stands inside.
    pub blocks: Vec<Block>,
    /// Inner distance in mm.
    pub padding: f64,
    /// Width of the rule in mm.
    pub rule: f64,
    /// Width of the box in mm; the full width if `None`.
    pub width: Option<f64>,
    /// Horizontal place.
    pub align: Align,
}

/// A target of links and bookmarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Unique name (`sheet:1-01`).
    pub name: String,
    /// Bookmark title, if it shows in the outline.
    pub bookmark: Option<String>,
    /// Depth of the bookmark, 1 the highest.
    pub level: u8,
}

/// Horizontal alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
    /// Spread over the width of the cell, as labels often are.
    Spread,
}

/// Vertical alignment in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VAlign {
    /// Top.
    Top,
    /// Middle.
    #[default]
    Middle,
    /// Bottom.
    Bottom,
}

/// How text looks.
#[derive(Debug, Clone, PartialEq)]
pub struct TextStyle {
    /// Type size in points.
    pub size: f64,
    /// Bold.
    pub bold: bool,
    /// Line height as a multiple of the size.
    pub leading: f64,
    /// Horizontal alignment.
    pub align: Align,
    /// Extra distance between characters, in parts of the size.
    pub tracking: f64,
    /// Hanging indent of the second and further lines, in characters; `None`: taken from the paragraph's own marker (○, ・, ①, (1)).
    pub hang: Option<f64>,
    /// Characters run from top to bottom.
    pub vertical: bool,
    /// Underlined.
    pub underline: bool,
    /// Does not shrink when a sheet is fitted to its page.
    pub fixed: bool,
}

impl Default for TextStyle {
    fn default() -> Self {
        TextStyle {
            size: 10.5,
            bold: false,
            leading: 1.35,
            align: Align::Left,
            tracking: 0.0,
            hang: None,
            vertical: false,
            underline: false,
            fixed: false,
        }
    }
}

/// A paragraph, heading or line outside a grid.
#[derive(Debug, Clone)]
pub struct TextBlock {
    /// Its content.
    pub content: Content,
    /// How it looks.
    pub style: TextStyle,
    /// Distance above and below in mm.
    pub space: (f64, f64),
    /// Left and right indent in mm.
    pub indent: (f64, f64),
    /// Stays on the page of the block that follows (headings).
    pub keep_with_next: bool,
    /// A link over the whole line: name of an [`Anchor`].
    pub link: Option<String>,
}

impl Default for TextBlock {
    fn default() -> Self {
        TextBlock {
            content: Content::default(),
            style: TextStyle::default(),
            space: (0.0, 0.0),
            indent: (0.0, 0.0),
            keep_with_next: false,
            link: None,
        }
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Characters.
    Text {
        /// The characters; `\n` starts a new paragraph.
        text: String,
        /// Bold, over the style's own.
        bold: bool,
        /// Underlined, over the style's own.
        underline: bool,
    },
    /// A check box, filled or empty; copies as ■ or □.
    CheckBox(bool),
    /// An SDG chip with number.
    Sdg(u8),
    /// Dots up to the right edge, then what follows stands at the right (contents pages).
    Leader,
    /// The printed page number of an anchor.
    PageOf(String),
    /// The number of this page: in head and foot lines (elsewhere the number of the first page of the tree).
    PageNumber,
    /// The number of pages.
    PageCount,
}

/// What a cell or text block holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
    /// How certain the content is; a value that is not simply the plan's or a report's is marked in the cell.
    pub mark: Option<Mark>,
}

/// A mark printed in a cell whose value is missing or in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing arrived: 未提出.
    Missing,
    /// A person must look: 要確認.
    Check,
    /// An answer given by telephone.
    Corrected,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// Widths of the columns in mm.
    pub columns: Vec<f64>,
    /// The rows, top to bottom.
    pub rows: Vec<Row>,
    /// How many rows at the top are repeated on every page.
    pub head_rows: usize,
    /// Width of the inner rules in mm.
    pub rule: f64,
    /// Width of the outer frame in mm.
    pub frame: f64,
    /// The whole grid stays on one page if it fits on one.
    pub keep: bool,
    /// Distance to the next block in mm.
    pub space_after: f64,
    /// Rows a page; a page is full after so many.
    pub rows_per_page: Option<usize>,
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its cells, left to right; columns covered by a cell from above are not named.
    pub cells: Vec<GridCell>,
    /// Least height in mm.
    pub min_height: f64,
    /// May break over a page inside its cells.
    pub breakable: bool,
    /// Not left at the foot of a page without the beginning of the row after it.
    pub keep_with_next: bool,
    /// Takes a share of the height left on the page when the sheet is one page (0: none).
    pub stretch: f64,
    /// A place that links and bookmarks can point at, for rows of a table in the flow (not of one inside a cell, a head or a foot).
    pub anchor: Option<Anchor>,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct GridCell {
    /// What it is.
    pub role: CellRole,
    /// What stands in it.
    pub content: Content,
    /// Columns it covers.
    pub span: usize,
    /// Rows it covers.
    pub rows: usize,
    /// How its text looks.
    pub style: TextStyle,
    /// Vertical place of its text.
    pub valign: VAlign,
    /// Grey behind it, 0 white to 100 black.
    pub shade: f64,
    /// Inner distance in mm: horizontal, vertical.
    pub padding: (f64, f64),
    /// Repeated at the head of the next page when its row breaks.
    pub repeat: bool,
    /// Rules drawn: top, right, bottom, left. An edge is drawn if either of the cells that share it draws it.
    pub rules: [bool; 4],
    /// A table inside, below the content.
    pub inner: Option<Box<Grid>>,
    /// A link over the whole cell: name of an [`Anchor`].
    pub link: Option<String>,
    /// Expected length of the value in characters: a longer one raises C408 and is printed whole all the same.
    pub expected: Option<usize>,
}

impl Default for GridCell {
    /// An empty plain cell with all its rules.
    fn default() -> Self {
        GridCell {
            role: CellRole::Plain,
            content: Content::default(),
            span: 1,
            rows: 1,
            style: TextStyle::default(),
            valign: VAlign::default(),
            shade: 0.0,
            padding: (1.2, 0.8),
            repeat: false,
            rules: [true; 4],
            inner: None,
            link: None,
            expected: None,
        }
    }
}

/// What a cell is: labels and values are known to the reading face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellRole {
    /// A printed label.
    Label,
    /// The value of a field.
    Value {
        /// Full key with year and place.
        key: FieldKey,
        /// The year.
        year: Option<FiscalYear>,
    },
    /// Anything else.
    Plain,
}
