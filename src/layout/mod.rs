//! Layout: measures, breaks lines, sets grids: from a layout tree to pages of placed items in millimetres.
//!
//! In: a [`crate::form::tree::Tree`] and the fonts. Out: [`Page`]s of [`Item`]s, origin top left, y down, and findings C408 and N208.
//! Stays true: no character of a text is lost, nothing is cut, nothing overlaps; the same tree gives the same pages.
//! Neighbours: `form` makes the trees, `packet` binds the pages, `render` only draws them. Nothing about PDF in here.
//!
//! A text becomes atoms once ([`shape`]), atoms become lines for a width and a size ([`lines`], by the rules of [`kinsoku`]), blocks and cells are
//! measured ([`measure`]), and the flow puts them on pages ([`flow`], [`fit`], [`turning`], [`table`], [`paint`]).

mod check;
mod cluster;
mod context;
mod finding;
mod fit;
mod flow;
pub mod font;
mod kinsoku;
mod lines;
mod look;
mod measure;
mod paint;
mod roman;
mod shape;
mod table;
mod turning;

pub use check::check_pages;
pub use context::{Context, PageOf, Side};
pub use finding::{LayoutFinding, MISSING_GLYPH, TOO_LONG_FOR_FORM};
pub use flow::set;

/// Millimetres in a point.
pub const MM_PER_PT: f64 = 25.4 / 72.0;

/// A page of placed items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Width in mm.
    pub width: f64,
    /// Height in mm.
    pub height: f64,
    /// What is printed as its number (`12`, `12-2`, `表紙` prints none: empty).
    pub number: String,
    /// What stands on it.
    pub items: Vec<Item>,
}

/// One thing on a page. Lengths in mm, sizes in points.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A run of characters on one line, of one font and size.
    Text(TextRun),
    /// A straight line.
    Line {
        /// Start.
        from: (f64, f64),
        /// End.
        to: (f64, f64),
        /// Width of the rule.
        width: f64,
    },
    /// A row of round dots that leads the eye (contents pages); copies as nothing.
    Dots {
        /// Centre of the first dot.
        from: (f64, f64),
        /// The dots end before this height and place.
        to: (f64, f64),
        /// Diameter of a dot.
        size: f64,
        /// Distance from dot to dot.
        pitch: f64,
    },
    /// A filled rectangle.
    Fill {
        /// Left, top, width, height.
        area: (f64, f64, f64, f64),
        /// Red, green, blue, 0 to 1.
        color: [f64; 3],
    },
    /// A shape with a meaning: its outline is drawn, its `text` copies.
    Symbol {
        /// Which.
        shape: Symbol,
        /// Left, top, width, height.
        area: (f64, f64, f64, f64),
    },
    /// A place that can be clicked.
    Link {
        /// Left, top, width, height.
        area: (f64, f64, f64, f64),
        /// Name of an anchor.
        to: String,
    },
    /// A place that links and bookmarks point at.
    Anchor {
        /// Its name.
        name: String,
        /// Height on the page.
        y: f64,
        /// Bookmark title and depth, if it shows in the outline.
        bookmark: Option<(String, u8)>,
    },
}

/// Shapes that are drawn, not set from a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// ■ or □.
    CheckBox(bool),
    /// ☑ or ☐.
    TickBox(bool),
    /// ☒.
    CrossBox,
    /// ✓.
    Tick,
    /// ✔.
    HeavyTick,
}

impl Symbol {
    /// The character that it copies as.
    pub fn text(self) -> char {
        match self {
            Symbol::CheckBox(true) => '■',
            Symbol::CheckBox(false) => '□',
            Symbol::TickBox(true) => '☑',
            Symbol::TickBox(false) => '☐',
            Symbol::CrossBox => '☒',
            Symbol::Tick => '✓',
            Symbol::HeavyTick => '✔',
        }
    }
}

/// A run of characters on one line.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRun {
    /// Left end of the baseline.
    pub x: f64,
    /// The baseline.
    pub y: f64,
    /// Type size in points.
    pub size: f64,
    /// Which font of the set.
    pub font: font::FontId,
    /// The characters, with their variation selectors.
    pub text: Box<str>,
    /// The glyphs with their advance in thousandths of the size, spacing included.
    pub glyphs: Vec<Glyph>,
    /// Grey of the characters, 0 black to 1 white.
    pub grey: f64,
}

/// One glyph and how many of the run's characters it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Glyph id in its font; never 0.
    pub id: u16,
    /// Bytes of the run's text that this glyph stands for.
    pub bytes: u8,
    /// Advance in thousandths of the type size.
    pub advance: f32,
}

impl TextRun {
    /// The characters of the run.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Width in mm.
    pub fn width(&self) -> f64 {
        self.glyphs.iter().map(|g| f64::from(g.advance)).sum::<f64>() / 1000.0 * self.size * MM_PER_PT
    }

    /// Each glyph with its characters.
    pub fn clusters(&self) -> impl Iterator<Item = (Glyph, &str)> {
        let mut at = 0;
        self.glyphs.iter().map(move |g| {
            let from = at;
            at += usize::from(g.bytes);
            (*g, self.text.get(from..at).unwrap_or(""))
        })
    }
}

impl Page {
    /// The text of the page in the order of its items, a line for each run.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for item in &self.items {
            match item {
                Item::Text(run) => text.push_str(run.text()),
                Item::Symbol { shape, .. } => text.push(shape.text()),
                Item::Line { .. } | Item::Dots { .. } | Item::Fill { .. } | Item::Link { .. } | Item::Anchor { .. } => continue,
            }
            text.push('\n');
        }
        text
    }
}
