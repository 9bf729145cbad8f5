//! The flow: blocks one below the other, over as many pages as they need.
//!
//! In: a [`Tree`], the fonts, a [`Context`]. Out: [`Page`]s and findings.
//! Stays true: nothing is dropped; a heading is not left alone at the foot of a page; a sheet of one page shrinks before it runs on.
//! Neighbours: [`super::measure`] measures, [`super::table`] places tables, `packet` calls [`set`].

use super::context::Context;
use super::font::Fonts;
use super::look::look;
use super::measure::{Block, FrameBox, Shrink, TextBox, measure, prepare, total, total_inked};
use super::paint::Paint;
use super::{Item, LayoutFinding, Page};
use crate::form::tree::{Align, Anchor, Fit, PageStyle, Tree};

/// Lengths that differ by less are the same, in mm.
pub(crate) const TOLERANCE: f64 = 0.01;

/// Sets a tree on pages (at least one). Pure: may be called from many threads.
///
/// With [`Fit::OnePage`] each part between page breaks shrinks until it fits one page; a part that does not even at the smallest size runs on, headed
/// （続き）, and raises C408. Anchors end up as [`Item::Anchor`] on the page of what follows them.
pub fn set(tree: &Tree, fonts: &Fonts, context: &Context<'_>) -> (Vec<Page>, Vec<LayoutFinding>) {
    let style = &tree.page;
    let first_number = context.number(0);
    let mut blocks = prepare(&tree.blocks, fonts, context, &first_number);
    let mut findings = Vec::new();
    let mut anchor = None;
    look(&blocks, &mut anchor, &mut findings);
    let mut flow = Flow::new(fonts, context, style);
    look(&prepare(&style.head, fonts, context, ""), &mut None, &mut findings);
    look(&prepare(&style.foot, fonts, context, ""), &mut None, &mut findings);
    match style.fit {
        Fit::Flow => {
            measure(&mut blocks, flow.width, Shrink::NONE);
            flow.blocks(&blocks);
        }
        Fit::OnePage { min_size } => {
            for part in blocks.split_mut(|b| matches!(b, Block::PageBreak)).filter(|p| !p.is_empty()) {
                flow.one_page(part, min_size, &mut findings);
            }
        }
    }
    (flow.finish(), findings)
}

/// A frame that is open at the current place.
pub(super) struct Open {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) rule: f64,
    pub(super) padding: f64,
    pub(super) top: f64,
}

/// The state of the flow.
pub(crate) struct Flow<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(super) context: &'a Context<'a>,
    pub(super) style: &'a PageStyle,
    pub(super) pages: Vec<Page>,
    /// Left edge of the content, from the left margin.
    pub(super) indent: f64,
    pub(crate) width: f64,
    pub(crate) y: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// Nothing stands on the page yet.
    pub(super) fresh: bool,
    /// A page break was asked for.
    pub(super) turn_wanted: bool,
    /// A sheet of one page goes on over more.
    pub(crate) run_on: bool,
    pub(super) heading: String,
    pub(super) pending: Vec<&'a Anchor>,
    pub(super) frames: Vec<Open>,
    /// The foot of the page, kept until the page is full.
    pub(super) foot: Vec<Item>,
}

impl<'a> Flow<'a> {
    fn new(fonts: &'a Fonts, context: &'a Context<'a>, style: &'a PageStyle) -> Self {
        let width = (style.width - style.margin[1] - style.margin[3]).max(10.0);
        let mut flow = Flow {
            fonts,
            context,
            style,
            pages: Vec::new(),
            indent: 0.0,
            width,
            y: 0.0,
            top: 0.0,
            bottom: 0.0,
            fresh: true,
            turn_wanted: false,
            run_on: false,
            heading: String::new(),
            pending: Vec::new(),
            frames: Vec::new(),
            foot: Vec::new(),
        };
        flow.open_page();
        flow
    }

    fn finish(mut self) -> Vec<Page> {
        self.flush_anchors();
        self.close_page();
        self.pages.iter_mut().for_each(|page| page.items.shrink_to_fit());
        self.pages
    }

    /// Places blocks.
    pub(super) fn blocks(&mut self, blocks: &[Block<'a>]) {
        for (i, block) in blocks.iter().enumerate() {
            if self.turn_wanted && !matches!(block, Block::Anchor(_) | Block::PageBreak | Block::Space(_)) {
                if !self.fresh {
                    self.turn();
                }
                self.turn_wanted = false;
            }
            match block {
                Block::Anchor(anchor) => self.pending.push(anchor),
                Block::PageBreak => self.turn_wanted = true,
                Block::Space(height) => self.y += if self.turn_wanted { 0.0 } else { height.min(self.room().max(0.0)) },
                Block::Text(text) => {
                    if text.block.keep_with_next {
                        self.keep_together(with_next(&blocks[i..]));
                    }
                    self.text(text);
                }
                Block::Table(table) => self.table(table),
                Block::Keep(blocks) => {
                    self.keep_together(total_inked(blocks));
                    self.blocks(blocks);
                }
                Block::Frame(frame) => self.frame(frame),
            }
        }
    }

    /// Places a paragraph; a single line of several is not left alone on a page.
    fn text(&mut self, text: &TextBox<'_>) {
        let lines = text.text.lines.len();
        if lines == 0 {
            return;
        }
        let height = text.text.line_height;
        let mut from = 0;
        while from < lines {
            let before = if from == 0 { text.block.space.0 } else { 0.0 };
            let fits = (((self.room() - before + TOLERANCE) / height).floor().max(0.0) as usize).min(lines - from);
            let mut take = fits;
            if take < lines - from {
                if take == 1 && lines - from > 1 {
                    take = 0;
                } else if lines - from - take == 1 && take > 2 {
                    take -= 1;
                }
            }
            if take == 0 {
                if !self.fresh {
                    self.turn();
                    continue;
                }
                take = 1;
            }
            self.touch();
            self.y += before;
            let (x, y, width) = (self.left(), self.y, self.width);
            let mut paint = Paint { fonts: self.fonts, items: self.items() };
            paint_text(&mut paint, text, x, y, width, from..from + take);
            self.y += height * take as f64;
            from += take;
        }
        self.y += text.block.space.1;
    }

    fn frame(&mut self, frame: &FrameBox<'a>) {
        let padding = frame.frame.padding.max(0.0);
        self.keep_together(total(&frame.blocks) + 2.0 * padding);
        self.touch();
        let free = self.width - frame.width;
        let x = self.indent
            + match frame.frame.align {
                Align::Left | Align::Spread => 0.0,
                Align::Center => free / 2.0,
                Align::Right => free,
            };
        let outer = (self.indent, self.width);
        self.frames.push(Open { x, width: frame.width, rule: frame.frame.rule, padding, top: self.y });
        self.indent = x + padding;
        self.width = (frame.width - 2.0 * padding).max(1.0);
        self.y += padding;
        self.blocks(&frame.blocks);
        self.y += padding;
        (self.indent, self.width) = outer;
        let bottom = self.y;
        let others = self.frames.len() - 1;
        let mut own = self.frames.split_off(others);
        std::mem::swap(&mut self.frames, &mut own);
        self.close_frames(bottom);
        self.frames = own;
    }
}

/// Height of a heading with the headings after it and the beginning of what they head.
fn with_next(blocks: &[Block<'_>]) -> f64 {
    let mut height = 0.0;
    for block in blocks {
        match block {
            Block::Text(text) if text.block.keep_with_next => height += block.height(),
            Block::Anchor(_) => {}
            Block::Space(space) => height += space,
            block => return height + block.beginning(),
        }
    }
    height
}

/// Draws some lines of a paragraph, with its link.
pub(super) fn paint_text(paint: &mut Paint<'_, '_>, text: &TextBox<'_>, x: f64, y: f64, width: f64, lines: std::ops::Range<usize>) {
    let x = x + text.block.indent.0;
    let width = (width - text.block.indent.0 - text.block.indent.1).max(1.0);
    let height = text.text.line_height;
    if let Some(link) = text.block.link.clone().filter(|_| !lines.is_empty()) {
        paint.items.push(Item::Link { area: (x, y, width, height * lines.len() as f64), to: link });
    }
    for (i, line) in text.text.lines[lines].iter().enumerate() {
        paint.line(&text.text, line, (x, y + height * i as f64), width);
    }
}
