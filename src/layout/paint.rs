//! Painting: lines of atoms become runs, shapes, chips and rules at their places.
//!
//! In: measured texts and places in mm. Out: items, in reading order.
//! Stays true: every atom that is painted is in exactly one item, with its characters.
//! Neighbours: called by [`super::flow`] and [`super::table`]; the items are what `render` draws.

use super::font::{FontId, Fonts};
use super::lines::{Line, natural_width};
use super::measure::{Setting, VERTICAL_PITCH};
use super::shape::{Atom, Kind, Para};
use super::{Glyph, Item, MM_PER_PT, TextRun};
use crate::form::tree::{Align, VAlign};

/// A rectangle in mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn inset(self, padding: (f64, f64)) -> Area {
        Area {
            x: self.x + padding.0,
            y: self.y + padding.1,
            width: (self.width - 2.0 * padding.0).max(0.0),
            height: (self.height - 2.0 * padding.1).max(0.0),
        }
    }

    /// Where something of a height begins.
    pub(crate) fn aligned(self, align: VAlign, height: f64) -> f64 {
        let free = (self.height - height).max(0.0);
        self.y
            + match align {
                VAlign::Top => 0.0,
                VAlign::Middle => free / 2.0,
                VAlign::Bottom => free,
            }
    }
}

/// The kanji box stands this much above the baseline, in parts of the size.
pub(crate) const ASCENT: f64 = 0.88;

/// Collects the items of a page.
pub(crate) struct Paint<'f, 'p> {
    pub(crate) fonts: &'f Fonts,
    pub(crate) items: &'p mut Vec<Item>,
}

impl Paint<'_, '_> {
    pub(crate) fn rule(&mut self, from: (f64, f64), to: (f64, f64), width: f64) {
        if width > 0.0 {
            self.items.push(Item::Line { from, to, width });
        }
    }

    /// Grey behind a cell, 0 white to 100 black.
    pub(crate) fn shade(&mut self, area: Area, shade: f64) {
        if shade > 0.0 {
            let grey = 1.0 - shade.min(100.0) / 100.0;
            self.items.push(Item::Fill { area: (area.x, area.y, area.width, area.height), color: [grey; 3] });
        }
    }

    /// Draws a line of a text, its top left corner at `at`.
    pub(crate) fn line(&mut self, text: &Setting<'_>, line: &Line, at: (f64, f64), width: f64) {
        let para = &text.shaped.paras[line.para];
        let baseline = at.1 + (text.line_height - text.em) / 2.0 + ASCENT * text.em;
        let pen = Pen { text, para, y: baseline };
        if let Some(leader) = para.leader.filter(|l| line.last && (line.from..=line.to).contains(l)) {
            let after = mm(natural_width(para, leader, line.to), text.em);
            let left = at.0 + line.indent;
            self.atoms(&pen, line.from, leader, left, 0.0, f64::INFINITY);
            let right = at.0 + width - after;
            self.dots(left + mm(natural_width(para, line.from, leader), text.em), right, baseline, text.em);
            self.atoms(&pen, leader, line.to, right, 0.0, f64::INFINITY);
            return;
        }
        let room = width - line.indent;
        let free = (room - line.width).max(0.0);
        let alone = line.from == 0 && line.last;
        let inked = line.to - line.from;
        let (shift, gap) = match text.style.align {
            Align::Left => (0.0, 0.0),
            Align::Center => (free / 2.0, 0.0),
            Align::Right => (free, 0.0),
            Align::Spread if alone && inked > 1 => {
                // Half a character stays free at both sides, less where it is tight.
                let sides = (free / (inked + 1) as f64).min(text.em * 0.6);
                let gap = ((free - 2.0 * sides) / (inked - 1) as f64).min(text.em * 1.5);
                ((free - gap * (inked - 1) as f64) / 2.0, gap)
            }
            Align::Spread => (free / 2.0, 0.0),
        };
        self.atoms(&pen, line.from, line.to, at.0 + line.indent + shift, gap, room);
    }

    /// Sets atoms from `x` on, with a gap between them; `room` is the width they must keep to.
    fn atoms(&mut self, pen: &Pen<'_>, from: usize, to: usize, x: f64, gap: f64, room: f64) {
        let atoms = &pen.para.atoms[from..to];
        let inked = atoms.len() - atoms.iter().rev().take_while(|a| a.blank).count();
        let over = mm(natural_width(pen.para, from, to), pen.text.em) > room + 1e-6;
        let mut run: Option<Run> = None;
        let mut at = x;
        let mut underline = Stroke::default();
        let mut tag = Stroke::default();
        for (i, atom) in atoms.iter().enumerate() {
            let mut advance = f64::from(atom.advance);
            if i >= inked {
                advance = 0.0;
            } else if i + 1 == inked && over && atom.half {
                advance /= 2.0;
            }
            let step = mm(advance as f32, pen.text.em) + if i + 1 < inked { gap } else { 0.0 };
            match atom.kind {
                Kind::Glyph { font, id } => {
                    if run.as_ref().is_some_and(|r| r.font != font) {
                        self.finish(run.take(), pen);
                    }
                    let run =
                        run.get_or_insert_with(|| Run { font, x: at, from: atom.start, to: atom.start, glyphs: Vec::with_capacity(atoms.len() - i) });
                    run.to = atom.start + u32::from(atom.bytes);
                    run.glyphs.push(Glyph { id, bytes: atom.bytes, advance: (step / pen.text.em * 1000.0) as f32 });
                }
                Kind::Symbol(shape) => {
                    self.finish(run.take(), pen);
                    let em = pen.text.em;
                    self.items.push(Item::Symbol { shape, area: (at + 0.06 * em, pen.y - 0.82 * em, 0.88 * em, 0.88 * em) });
                }
                Kind::Chip(number) => {
                    self.finish(run.take(), pen);
                    self.chip(number, at, pen);
                }
            }
            let end = at + if i < inked { step } else { 0.0 };
            underline.mark(atom.underline && i < inked, at, end, |a, b| self.underline(a, b, pen));
            tag.mark(atom.tag, at, end, |a, b| self.tag_box(a, b, pen));
            at = end;
        }
        self.finish(run.take(), pen);
        underline.mark(false, at, at, |a, b| self.underline(a, b, pen));
        tag.mark(false, at, at, |a, b| self.tag_box(a, b, pen));
    }

    fn finish(&mut self, run: Option<Run>, pen: &Pen<'_>) {
        if let Some(run) = run {
            self.items.push(Item::Text(TextRun {
                x: run.x,
                y: pen.y,
                size: pen.text.size,
                font: run.font,
                text: pen.para.text.get(run.from as usize..run.to as usize).unwrap_or("").into(),
                glyphs: run.glyphs,
                grey: 0.0,
            }));
        }
    }

    fn underline(&mut self, from: f64, to: f64, pen: &Pen<'_>) {
        let y = pen.y + 0.14 * pen.text.em;
        self.rule((from, y), (to, y), 0.05 * pen.text.em);
    }

    /// A box around a mark, with some air at its sides: it is seen without colour.
    fn tag_box(&mut self, from: f64, to: f64, pen: &Pen<'_>) {
        let em = pen.text.em;
        let (left, right, top, bottom) = (from - 0.2 * em, to + 0.2 * em, pen.y - 0.97 * em, pen.y + 0.21 * em);
        for (a, b) in [((left, top), (right, top)), ((right, top), (right, bottom)), ((left, bottom), (right, bottom)), ((left, top), (left, bottom))]
        {
            self.rule(a, b, 0.04 * em);
        }
    }

    fn dots(&mut self, from: f64, to: f64, baseline: f64, em: f64) {
        let pitch = 0.5 * em;
        // Dots of all lines stand one below the other: they are counted from the left of the page.
        let first = ((from + 0.4 * em) / pitch).ceil() * pitch;
        let end = to - 0.4 * em;
        if first < end {
            let y = baseline - 0.32 * em;
            self.items.push(Item::Dots { from: (first, y), to: (end, y), size: 0.09 * em, pitch });
        }
    }

    /// An SDG chip: the number in its goal's colour, dark on light or light on dark so that it reads in black and white.
    fn chip(&mut self, number: u8, x: f64, pen: &Pen<'_>) {
        let em = pen.text.em;
        let (width, height) = (1.6 * em, 1.16 * em);
        let top = pen.y - 0.38 * em - height / 2.0;
        let color = sdg_color(number);
        self.items.push(Item::Fill { area: (x, top, width, height), color });
        let size = pen.text.size * 0.95;
        let words = number.to_string();
        let mut glyphs = Vec::new();
        for c in words.chars() {
            let found = self.fonts.find(c, None, true);
            glyphs.push(Glyph { id: found.glyph, bytes: c.len_utf8() as u8, advance: f32::from(found.advance) });
        }
        let run = TextRun { x: 0.0, y: 0.0, size, font: FontId::BOLD, text: words.into(), glyphs, grey: if is_dark(color) { 1.0 } else { 0.0 } };
        let left = x + (width - run.width()) / 2.0;
        // Figures are about 0.72 of the size high.
        let y = top + height / 2.0 + 0.36 * size * MM_PER_PT;
        self.items.push(Item::Text(TextRun { x: left, y, ..run }));
    }

    /// Characters from top to bottom, columns from right to left, in the middle of an area.
    pub(crate) fn vertical(&mut self, text: &Setting<'_>, area: Area) {
        let atoms: Vec<(&Para, &Atom)> = text.shaped.paras.iter().flat_map(|p| p.atoms.iter().map(move |a| (p, a))).collect();
        if atoms.is_empty() {
            return;
        }
        let least = text.em * VERTICAL_PITCH;
        let most = ((area.width / text.line_height) as usize).max(1);
        let columns = (1..=most).find(|n| atoms.len().div_ceil(*n) as f64 * least <= area.height + 1e-6).unwrap_or(most);
        let each = atoms.len().div_ceil(columns);
        let free = area.height - least * each as f64;
        let spread = if text.style.align == Align::Spread && each > 1 { (free / each as f64).clamp(0.0, text.em) } else { 0.0 };
        let pitch = (least + spread + text.style.tracking.max(0.0) * text.em).min((area.height / each as f64).max(least));
        let top = area.y + ((area.height - pitch * each as f64) / 2.0).max(0.0);
        let total = text.line_height * columns as f64;
        let right = area.x + (area.width + total) / 2.0;
        for (i, (para, atom)) in atoms.iter().enumerate() {
            let middle = right - text.line_height * ((i / each) as f64 + 0.5);
            let y = top + pitch * (i % each) as f64 + (pitch - text.em) / 2.0 + ASCENT * text.em;
            self.upright(&Pen { text, para, y }, atom, middle);
        }
    }

    /// One character of a vertical text.
    fn upright(&mut self, pen: &Pen<'_>, atom: &Atom, middle: f64) {
        let em = pen.text.em;
        match atom.kind {
            Kind::Glyph { font, id } => {
                let face = self.fonts.face(font);
                let id = face.map_or(id, |f| f.vertical(id));
                let advance = face.map_or(1000.0, |f| f32::from(f.advance(id)));
                let glyphs = vec![Glyph { id, bytes: atom.bytes, advance }];
                let run = Run { font, x: middle - mm(advance, em) / 2.0, from: atom.start, to: atom.start + u32::from(atom.bytes), glyphs };
                self.finish(Some(run), pen);
            }
            Kind::Symbol(shape) => {
                self.items.push(Item::Symbol { shape, area: (middle - 0.44 * em, pen.y - 0.82 * em, 0.88 * em, 0.88 * em) });
            }
            Kind::Chip(number) => self.chip(number, middle - 0.8 * em, pen),
        }
    }
}

/// What is the same for all atoms of a line.
struct Pen<'a> {
    text: &'a Setting<'a>,
    para: &'a Para,
    y: f64,
}

/// Glyphs of one font, being collected.
struct Run {
    font: FontId,
    x: f64,
    from: u32,
    to: u32,
    glyphs: Vec<Glyph>,
}

/// A stretch of a line that is underlined or boxed.
#[derive(Default)]
struct Stroke(Option<(f64, f64)>);

impl Stroke {
    /// Goes on or ends the stretch; an ended one is drawn.
    fn mark(&mut self, on: bool, from: f64, to: f64, draw: impl FnOnce(f64, f64)) {
        match (on, self.0) {
            (true, Some((start, _))) => self.0 = Some((start, to)),
            (true, None) => self.0 = Some((from, to)),
            (false, Some((start, end))) => {
                draw(start, end);
                self.0 = None;
            }
            (false, None) => {}
        }
    }
}

fn mm(thousandths: f32, em: f64) -> f64 {
    f64::from(thousandths) / 1000.0 * em
}

/// The colours that the United Nations gave the seventeen goals.
fn sdg_color(number: u8) -> [f64; 3] {
    let code: u32 = match number {
        1 => 0xE5243B,
        2 => 0xDDA63A,
        3 => 0x4C9F38,
        4 => 0xC5192D,
        5 => 0xFF3A21,
        6 => 0x26BDE2,
        7 => 0xFCC30B,
        8 => 0xA21942,
        9 => 0xFD6925,
        10 => 0xDD1367,
        11 => 0xFD9D24,
        12 => 0xBF8B2E,
        13 => 0x3F7E44,
        14 => 0x0A97D9,
        15 => 0x56C02B,
        16 => 0x00689D,
        17 => 0x19486A,
        _ => 0x555555,
    };
    [16, 8, 0].map(|shift| f64::from((code >> shift) & 0xFF) / 255.0)
}

/// White reads better on it than black (relative luminance of WCAG 2).
fn is_dark(color: [f64; 3]) -> bool {
    let linear = |v: f64| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    let luminance = 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
    1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05
}
