//! The context: what the packet tells layout besides the tree.
//!
//! In: numbers, sides, the pages of anchors. Out: [`Context`], asked while a tree is set.
//! Stays true: the same context and tree give the same pages.
//! Neighbours: `packet` makes it, [`super::flow`] and [`super::shape`] ask it.

/// Which side of the paper a page is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Odd pages: the binding is on the left.
    Front,
    /// Even pages: the binding is on the right.
    Back,
}

/// Answers with the printed page number of an anchor.
pub type PageOf<'a> = dyn Fn(&str) -> Option<String> + Sync + 'a;

/// What the packet tells layout besides the tree.
///
/// ```
/// use torimatome::layout::{Context, font::Fonts, set};
/// # use torimatome::form::tree::Tree;
/// // A sheet on page 12 of the packet; if it runs on, the next page is 12-2.
/// let context = Context { first: Some(12), branch: true, ..Context::default() };
/// let (pages, findings) = set(&Tree::default(), &Fonts::default(), &context);
/// assert_eq!(pages[0].number, "12");
/// assert!(findings.is_empty());
/// ```
#[derive(Clone, Default)]
pub struct Context<'a> {
    /// Printed number of the first page; `None` prints no numbers (cover).
    pub first: Option<u32>,
    /// Numbers are small Roman figures (i, ii, iii).
    pub roman: bool,
    /// Further pages are branches of the first (12, 12-2, 12-3), so that later numbers stand; else they count on (12, 13, 14).
    pub branch: bool,
    /// Printed page number of an anchor, for contents pages: set them once to know how many pages they take, and again when all numbers are known.
    /// An unknown anchor prints nothing.
    pub pages_of: Option<&'a PageOf<'a>>,
    /// Number of pages of the whole, for "page x of y".
    pub page_count: Option<u32>,
    /// Side of the first page where margins are mirrored; `None`: the left margin is the inner one on every page.
    pub side: Option<Side>,
    /// What stands before （続き） at the head of the further pages of a one-page sheet; by default the first line of the tree.
    pub continued: Option<&'a str>,
}

impl Context<'_> {
    pub(crate) fn page_of(&self, anchor: &str) -> String {
        self.pages_of.and_then(|f| f(anchor)).unwrap_or_default()
    }

    /// Printed number of the page at an index of this tree.
    pub(super) fn number(&self, index: usize) -> String {
        let figures = |n: u32| if self.roman { super::roman::roman(n) } else { n.to_string() };
        match self.first {
            None => String::new(),
            Some(first) if index == 0 => figures(first),
            Some(first) if self.branch => format!("{}-{}", figures(first), index + 1),
            Some(first) => figures(first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))),
        }
    }

    pub(super) fn is_back(&self, index: usize) -> bool {
        match self.side {
            None => false,
            Some(Side::Front) => index % 2 == 1,
            Some(Side::Back) => index.is_multiple_of(2),
        }
    }
}
