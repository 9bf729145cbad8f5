//! The flow: blocks one below the other, over as many pages as they need.
//!
//! In: a [`Tree`], the fonts, a [`Context`]. Out: [`Page`]s and findings.
//! Stays true: nothing is dropped; a heading is not left alone at the foot of a page; a sheet of one page shrinks before it runs on.
//! Neighbours: [`super::measure`] measures, [`super::table`] places tables, `packet` calls [`set`].

use super::font::Fonts;
use super::measure::{self, Block, FrameBox, Setting, Shrink, Table, TextBox, measure, prepare, total, total_inked};
use super::paint::Paint;
use super::table::draw_rows;
use super::{Item, LayoutFinding, Page};
use crate::form::tree::{Align, Anchor, CellRole, Content, Fit, PageStyle, Piece, TextStyle, Tree};

/// Lengths that differ by less are the same, in mm.
pub(crate) const TOLERANCE: f64 = 0.01;

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
    fn number(&self, index: usize) -> String {
        let figures = |n: u32| if self.roman { super::roman::roman(n) } else { n.to_string() };
        match self.first {
            None => String::new(),
            Some(first) if index == 0 => figures(first),
            Some(first) if self.branch => format!("{}-{}", figures(first), index + 1),
            Some(first) => figures(first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))),
        }
    }

    fn is_back(&self, index: usize) -> bool {
        match self.side {
            None => false,
            Some(Side::Front) => index % 2 == 1,
            Some(Side::Back) => index.is_multiple_of(2),
        }
    }
}

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

/// Looks for characters without glyph and for texts longer than expected.
fn look(blocks: &[Block<'_>], anchor: &mut Option<String>, findings: &mut Vec<LayoutFinding>) {
    for block in blocks {
        match block {
            Block::Anchor(a) => *anchor = Some(a.name.clone()),
            Block::Text(text) => look_at(&text.text, None, None, anchor, findings),
            Block::Table(table) => look_into(table, anchor, findings),
            Block::Keep(blocks) => look(blocks, anchor, findings),
            Block::Frame(frame) => look(&frame.blocks, anchor, findings),
            Block::Space(_) | Block::PageBreak => {}
        }
    }
}

fn look_into(table: &Table<'_>, anchor: &Option<String>, findings: &mut Vec<LayoutFinding>) {
    for cell in &table.cells {
        let field = match &cell.cell.role {
            CellRole::Value { key, .. } => Some(key),
            CellRole::Label | CellRole::Plain => None,
        };
        let own = table.grid.rows.get(cell.row).and_then(|r| r.anchor.as_ref()).map(|a| a.name.clone());
        let anchor = if own.is_some() { &own } else { anchor };
        look_at(&cell.text, field, cell.cell.expected, anchor, findings);
        if let Some(inner) = &cell.inner {
            look_into(inner, anchor, findings);
        }
    }
}

fn look_at(text: &Setting<'_>, field: Option<&String>, expected: Option<usize>, anchor: &Option<String>, findings: &mut Vec<LayoutFinding>) {
    if !text.shaped.missing.is_empty() {
        findings.push(LayoutFinding::missing(anchor.clone(), field.cloned(), &text.shaped.missing));
    }
    if let (Some(field), Some(expected)) = (field, expected)
        && text.shaped.length > expected
    {
        findings.push(LayoutFinding::long_text(anchor.clone(), field.clone(), text.shaped.length, expected));
    }
}

/// A frame that is open at the current place.
struct Open {
    x: f64,
    width: f64,
    rule: f64,
    padding: f64,
    top: f64,
}

/// The state of the flow.
pub(crate) struct Flow<'a> {
    pub(crate) fonts: &'a Fonts,
    context: &'a Context<'a>,
    style: &'a PageStyle,
    pages: Vec<Page>,
    /// Left edge of the content, from the left margin.
    indent: f64,
    pub(crate) width: f64,
    pub(crate) y: f64,
    top: f64,
    bottom: f64,
    /// Nothing stands on the page yet.
    fresh: bool,
    /// A page break was asked for.
    turn_wanted: bool,
    /// A sheet of one page goes on over more.
    pub(crate) run_on: bool,
    heading: String,
    pending: Vec<&'a Anchor>,
    frames: Vec<Open>,
    /// The foot of the page, kept until the page is full.
    foot: Vec<Item>,
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
        self.pages
    }

    /// The foot comes last in the order of reading.
    fn close_page(&mut self) {
        let foot = std::mem::take(&mut self.foot);
        if let Some(page) = self.pages.last_mut() {
            page.items.extend(foot);
        }
    }

    /// Begins a page and sets its head and foot.
    fn open_page(&mut self) {
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
    fn plain(&mut self, blocks: &[Block<'_>], y: f64) {
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

    fn flush_anchors(&mut self) {
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
    fn continued(&mut self) {
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
    fn close_frames(&mut self, bottom: f64) {
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

    /// Places blocks.
    fn blocks(&mut self, blocks: &[Block<'a>]) {
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

    /// Shrinks blocks until they fit one page, fills the page by rows that stretch, and places them.
    fn one_page(&mut self, blocks: &mut [Block<'a>], min_size: f64, findings: &mut Vec<LayoutFinding>) {
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
            // A second page comes anyway: the lines need not be squeezed.
            measure(blocks, self.width, Shrink { leading: 1.0, ..shrink });
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
fn paint_text(paint: &mut Paint<'_, '_>, text: &TextBox<'_>, x: f64, y: f64, width: f64, lines: std::ops::Range<usize>) {
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
        measure::Block::Anchor(a) => Some(a.name.clone()),
        _ => None,
    });
    (best.0, best.1, anchor)
}
