//! Turning pages: heads and feet, the room that is left, anchors and open frames.
//!
//! In: the state of the flow. Out: pages begun and ended.
//! Stays true: every page has its head and foot once; an open frame is closed and opened again; the foot comes last in the order of reading.
//! Neighbours: [`super::flow`] and [`super::table`] place what stands between.

use super::flow::{Flow, TOLERANCE, paint_text};
use super::measure::{Block, Setting, Shrink, measure, prepare, total};
use super::paint::Paint;
use super::table::draw_rows;
use super::{Item, Page};
use crate::form::tree::{Content, Piece, TextStyle};

impl Flow<'_> {
    /// The foot comes last in the order of reading.
    pub(super) fn close_page(&mut self) {
        let foot = std::mem::take(&mut self.foot);
        if let Some(page) = self.pages.last_mut() {
            page.items.extend(foot);
        }
    }

    /// Begins a page and sets its head and foot.
    pub(super) fn open_page(&mut self) {
        self.close_page();
        let number = self.context.number(self.pages.len());
        self.pages.push(Page { width: self.style.width, height: self.style.height, number: number.clone(), items: Vec::new() });
        let [margin_top, _, margin_bottom, _] = self.style.margin;
        let mut head = prepare(&self.style.head, self.fonts, self.context, &number);
        let mut foot = prepare(&self.style.foot, self.fonts, self.context, &number);
        measure(&mut head, self.width, Shrink::NONE);
        measure(&mut foot, self.width, Shrink::NONE);
        self.top = margin_top;
        self.bottom = self.style.height - margin_bottom;
        if !head.is_empty() {
            let height = total(&head);
            let y = (margin_top - 3.0 - height).max(6.0);
            self.plain(&head, y);
            self.top = self.top.max(y + height + 1.0);
        }
        if !foot.is_empty() {
            let height = total(&foot);
            let y = (self.bottom + ((margin_bottom - height) / 2.0 - 1.5).max(2.0)).min(self.style.height - 6.0 - height);
            let before = self.items().len();
            self.plain(&foot, y);
            self.foot = self.items().split_off(before);
            self.bottom = self.bottom.min(y - 1.0);
        }
        self.bottom = self.bottom.max(self.top + 10.0);
        self.y = self.top;
        self.fresh = true;
        self.turn_wanted = false;
    }

    /// Blocks one below the other, without turning pages: heads and feet.
    pub(super) fn plain(&mut self, blocks: &[Block<'_>], y: f64) {
        let x = self.left();
        let width = self.width;
        let fonts = self.fonts;
        let mut paint = Paint { fonts, items: self.items() };
        let mut y = y;
        for block in blocks {
            match block {
                Block::Text(text) => paint_text(&mut paint, text, x, y + text.block.space.0, width, 0..text.text.lines.len()),
                Block::Table(table) => draw_rows(&mut paint, table, (0, table.heights.len()), x, y),
                Block::Keep(_) | Block::Frame(_) | Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
            }
            y += block.height();
        }
    }

    /// Left edge of the content on this page.
    pub(crate) fn left(&self) -> f64 {
        let back = self.context.is_back(self.pages.len() - 1);
        self.style.margin[if back { 1 } else { 3 }] + self.indent
    }

    pub(crate) fn items(&mut self) -> &mut Vec<Item> {
        if self.pages.is_empty() {
            self.open_page();
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last].items
    }

    pub(crate) fn top(&self) -> f64 {
        self.top
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Height left on the page.
    pub(crate) fn room(&self) -> f64 {
        let closing: f64 = self.frames.iter().map(|f| f.padding).sum();
        self.bottom - closing - self.y
    }

    /// Height of an empty page.
    pub(crate) fn fresh_height(&self) -> f64 {
        let frames: f64 = self.frames.iter().map(|f| 2.0 * f.padding).sum();
        self.bottom - self.top - frames
    }

    /// Something is about to be placed: a page break that was asked for happens, anchors get their place.
    pub(crate) fn touch(&mut self) {
        if self.turn_wanted && !self.fresh {
            self.turn();
        }
        self.turn_wanted = false;
        self.fresh = false;
        self.flush_anchors();
    }

    pub(super) fn flush_anchors(&mut self) {
        let y = self.y;
        for anchor in std::mem::take(&mut self.pending) {
            let bookmark = anchor.bookmark.clone().map(|title| (title, anchor.level.max(1)));
            self.items().push(Item::Anchor { name: anchor.name.clone(), y, bookmark });
        }
    }

    /// Turns the page: open frames are closed and opened again.
    pub(crate) fn turn(&mut self) {
        let bottom = self.bottom;
        self.close_frames(bottom);
        self.open_page();
        if self.run_on {
            self.continued();
        }
        let mut y = self.y;
        for frame in &mut self.frames {
            frame.top = y;
            y += frame.padding;
        }
        self.y = y;
    }

    /// The heading of a page on which a sheet goes on.
    pub(super) fn continued(&mut self) {
        let text = format!("{}（続き）", self.heading);
        let content = Content { pieces: vec![Piece::Text { text, bold: true, underline: false }], mark: None };
        let style = TextStyle { size: 10.5, ..TextStyle::default() };
        let mut setting = Setting::new(&content, &style, self.fonts, self.context, "");
        setting.measure(self.width, Shrink::NONE);
        let (x, y, width) = (self.left(), self.y, self.width);
        let mut paint = Paint { fonts: self.fonts, items: self.items() };
        for (i, line) in setting.lines.iter().enumerate() {
            paint.line(&setting, line, (x, y + setting.line_height * i as f64), width);
        }
        self.y += setting.height() + 2.0;
        self.top = self.y;
    }

    /// Draws the sides of open frames down to `bottom`.
    pub(super) fn close_frames(&mut self, bottom: f64) {
        let shift = self.left() - self.indent;
        let frames: Vec<(f64, f64, f64, f64)> = self.frames.iter().map(|f| (f.x + shift, f.top, f.width, f.rule)).collect();
        for (x, top, width, rule) in frames {
            let mut paint = Paint { fonts: self.fonts, items: self.items() };
            for (from, to) in
                [((x, top), (x + width, top)), ((x, bottom), (x + width, bottom)), ((x, top), (x, bottom)), ((x + width, top), (x + width, bottom))]
            {
                paint.rule(from, to, rule);
            }
        }
    }

    /// Turns the page if something of a height does not fit on it but would on an empty one.
    pub(crate) fn keep_together(&mut self, height: f64) {
        if !self.fresh && height > self.room() + TOLERANCE && height <= self.fresh_height() + TOLERANCE {
            self.turn();
        }
    }

    /// The same for a height that may be nothing.
    pub(crate) fn keep_together_if(&mut self, height: f64) {
        if height > 0.0 {
            self.keep_together(height);
        }
    }
}
