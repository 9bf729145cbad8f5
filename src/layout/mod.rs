//! Layout: measures, breaks lines, sets grids: from a layout tree to pages of placed items in millimetres.
//!
//! In: a [`crate::form::tree::Tree`] and the fonts. Out: [`Page`]s of [`Item`]s, origin top left, y down, and findings C408 and N208.
//! Stays true: no character of a text is lost, nothing is cut, nothing overlaps; the same tree gives the same pages.
//! Neighbours: `form` makes the trees, `packet` binds the pages, `render` only draws them. Nothing about PDF in here.

pub mod font;

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
    /// ✓.
    Tick,
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
    /// The glyphs with their advance in thousandths of the size, spacing included.
    pub glyphs: Vec<Glyph>,
    /// Grey of the characters, 0 black to 1 white.
    pub grey: f64,
}

/// One glyph and the characters it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Glyph id in its font; never 0.
    pub id: u16,
    /// Advance in thousandths of the type size.
    pub advance: f32,
    /// The characters, for copying (with their variation selector).
    pub text: String,
}

impl TextRun {
    /// The characters of the run.
    pub fn text(&self) -> String {
        self.glyphs.iter().map(|g| g.text.as_str()).collect()
    }
}
