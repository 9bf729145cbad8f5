//! Page streams: the drawing operators of one page.
//!
//! In: a page and the codes. Out: the bytes of its content stream, uncompressed.
//! Stays true: fills lie below rules, rules below text; text stands in the order of the items; lengths have two decimals of a point.
//! Neighbours: [`super::codes`] gave the codes.

use super::codes::{Codes, stand_in};
use super::points;
use crate::layout::font::Fonts;
use crate::layout::{Item, Page, Symbol, TextRun};

/// The content stream of a page.
pub(super) fn stream(page: &Page, codes: &Codes, fonts: &Fonts) -> Vec<u8> {
    let mut out = Stream { bytes: Vec::with_capacity(16 * 1024), height: page.height, color: None, width: None };
    page.items.iter().for_each(|item| out.fill(item));
    out.push("0 G 2 J\n");
    page.items.iter().for_each(|item| out.shape(item));
    out.finish_path();
    out.color = None;
    out.push("BT\n");
    let mut pen = Pen::default();
    page.items.iter().for_each(|item| out.text(item, codes, fonts, &mut pen));
    out.push("ET\n");
    out.bytes
}

struct Stream {
    bytes: Vec<u8>,
    /// Height of the page in mm: the flip to PDF's upward axis happens here and nowhere else.
    height: f64,
    color: Option<[f64; 3]>,
    /// Width of the strokes of the open path.
    width: Option<f64>,
}

/// The state of the text object.
#[derive(Default)]
struct Pen {
    font: Option<(usize, u32)>,
    at: (f64, f64),
    spacing: f64,
    hidden: bool,
    grey: Option<f64>,
}

impl Stream {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A number with at most two decimals and a blank behind it.
    fn number(&mut self, value: f64) {
        let hundredths = (value * 100.0).round().clamp(-1e12, 1e12) as i64;
        let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
        if hundredths < 0 {
            self.bytes.push(b'-');
        }
        self.integer(whole);
        if part > 0 {
            self.bytes.push(b'.');
            self.bytes.push(b'0' + (part / 10) as u8);
            if part % 10 > 0 {
                self.bytes.push(b'0' + (part % 10) as u8);
            }
        }
        self.bytes.push(b' ');
    }

    fn integer(&mut self, value: u64) {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut rest = value;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(&digits[at..]);
    }

    fn numbers(&mut self, values: &[f64]) {
        for value in values {
            self.number(*value);
        }
    }

    /// A place in mm as PDF coordinates.
    fn point(&mut self, (x, y): (f64, f64)) {
        let height = self.height;
        self.numbers(&[points(x), points(height - y)]);
    }

    fn rectangle(&mut self, (x, y, width, height): (f64, f64, f64, f64)) {
        self.point((x, y + height));
        self.numbers(&[points(width), points(height)]);
        self.push("re ");
    }

    fn fill(&mut self, item: &Item) {
        let Item::Fill { area, color } = item else { return };
        if self.color != Some(*color) {
            if color[0] == color[1] && color[1] == color[2] {
                self.number(color[0]);
                self.push("g\n");
            } else {
                self.numbers(color);
                self.push("rg\n");
            }
            self.color = Some(*color);
        }
        self.rectangle(*area);
        self.push("f\n");
    }

    fn shape(&mut self, item: &Item) {
        match item {
            Item::Line { from, to, width } => {
                self.stroke_width(*width);
                self.line(*from, *to);
            }
            Item::Dots { from, to, size, pitch } => self.dots(*from, *to, *size, *pitch),
            Item::Symbol { shape, area } => self.symbol(*shape, *area),
            Item::Text(_) | Item::Fill { .. } | Item::Link { .. } | Item::Anchor { .. } => {}
        }
    }

    /// Lines of one width are one path.
    fn stroke_width(&mut self, width: f64) {
        if self.width != Some(width) {
            self.finish_path();
            self.number(points(width).max(0.05));
            self.push("w\n");
            self.width = Some(width);
        }
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.point(from);
        self.push("m ");
        self.point(to);
        self.push("l\n");
    }

    fn finish_path(&mut self) {
        if self.width.take().is_some() {
            self.push("S\n");
        }
    }

    /// Round dots: a dashed line of no dash length with round ends.
    fn dots(&mut self, from: (f64, f64), to: (f64, f64), size: f64, pitch: f64) {
        self.finish_path();
        self.push("1 J [0 ");
        self.number(points(pitch));
        self.push("] 0 d ");
        self.number(points(size));
        self.push("w ");
        self.line(from, to);
        self.push("S [] 0 d 2 J\n");
    }

    fn symbol(&mut self, shape: Symbol, (x, y, width, height): (f64, f64, f64, f64)) {
        self.finish_path();
        let at = |u: f64, v: f64| (x + width * u, y + height * v);
        let line = width * 0.075;
        let outline = (x + line / 2.0, y + line / 2.0, width - line, height - line);
        self.number(points(line));
        self.push("w\n");
        match shape {
            Symbol::CheckBox(true) => {
                self.push("0 g ");
                self.rectangle((x, y, width, height));
                self.push("f\n");
            }
            Symbol::CheckBox(false) | Symbol::TickBox(_) | Symbol::CrossBox => {
                self.rectangle(outline);
                self.push("S\n");
            }
            Symbol::Tick | Symbol::HeavyTick => {}
        }
        let bold = if shape == Symbol::HeavyTick { 2.2 } else { 1.5 };
        let strokes: &[[(f64, f64); 3]] = match shape {
            Symbol::TickBox(true) | Symbol::Tick | Symbol::HeavyTick => &[[(0.2, 0.52), (0.42, 0.76), (0.82, 0.24)]],
            Symbol::CrossBox => &[[(0.22, 0.22), (0.5, 0.5), (0.78, 0.78)], [(0.78, 0.22), (0.5, 0.5), (0.22, 0.78)]],
            Symbol::CheckBox(_) | Symbol::TickBox(false) => &[],
        };
        for [a, b, c] in strokes {
            self.number(points(line * bold));
            self.push("w ");
            self.line(at(a.0, a.1), at(b.0, b.1));
            self.point(at(c.0, c.1));
            self.push("l S\n");
        }
    }

    fn text(&mut self, item: &Item, codes: &Codes, fonts: &Fonts, pen: &mut Pen) {
        match item {
            Item::Text(run) => {
                self.hidden(false, pen);
                self.grey(run.grey, pen);
                self.run(run, codes, fonts, pen);
            }
            Item::Symbol { shape, area: (x, y, width, height) } => {
                let (font, glyph) = stand_in(*shape, fonts);
                let mut buffer = [0; 4];
                if let Some((layer, code)) = codes.get(font, glyph, shape.text().encode_utf8(&mut buffer)) {
                    self.hidden(true, pen);
                    self.place(layer, points(*width), (*x, y + 0.88 * height), pen);
                    self.spacing(0.0, pen);
                    self.codes(&[code]);
                    self.push("Tj\n");
                }
            }
            Item::Line { .. } | Item::Dots { .. } | Item::Fill { .. } | Item::Link { .. } | Item::Anchor { .. } => {}
        }
    }

    /// Text that is not seen but copies.
    fn hidden(&mut self, hidden: bool, pen: &mut Pen) {
        if pen.hidden != hidden {
            self.push(if hidden { "3 Tr\n" } else { "0 Tr\n" });
            pen.hidden = hidden;
        }
    }

    fn grey(&mut self, grey: f64, pen: &mut Pen) {
        if pen.grey != Some(grey) {
            self.number(grey);
            self.push("g\n");
            pen.grey = Some(grey);
        }
    }

    /// Font, size and place of the next text.
    fn place(&mut self, layer: usize, size: f64, at: (f64, f64), pen: &mut Pen) {
        let hundredths = (size * 100.0).round().max(1.0) as u32;
        if pen.font != Some((layer, hundredths)) {
            self.push("/T");
            self.integer(layer as u64);
            self.push(" ");
            self.number(f64::from(hundredths) / 100.0);
            self.push("Tf\n");
            pen.font = Some((layer, hundredths));
        }
        // Steps are taken between rounded places, so that errors do not add up.
        let round = |v: f64| (v * 100.0).round() / 100.0;
        let (x, y) = (round(points(at.0)), round(points(self.height - at.1)));
        self.numbers(&[x - pen.at.0, y - pen.at.1]);
        self.push("Td ");
        pen.at = (x, y);
    }

    fn spacing(&mut self, spacing: f64, pen: &mut Pen) {
        let rounded = (spacing * 100.0).round() / 100.0;
        if pen.spacing != rounded {
            self.number(rounded);
            self.push("Tc ");
            pen.spacing = rounded;
        }
    }

    fn codes(&mut self, codes: &[u16]) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        self.bytes.push(b'<');
        for code in codes {
            for shift in [12, 8, 4, 0] {
                self.bytes.push(HEX[usize::from(code >> shift & 15)]);
            }
        }
        self.bytes.push(b'>');
    }

    /// A run, in pieces where a glyph has its code in another layer.
    fn run(&mut self, run: &TextRun, codes: &Codes, fonts: &Fonts, pen: &mut Pen) {
        let Some(face) = fonts.face(run.font) else { return };
        let mut glyphs: Vec<(usize, u16, f64)> = Vec::with_capacity(run.glyphs.len());
        let mut starts: Vec<f64> = Vec::with_capacity(run.glyphs.len());
        let mut at = 0.0;
        for (glyph, text) in run.clusters() {
            if let Some((layer, code)) = codes.get(run.font, glyph.id, text) {
                glyphs.push((layer, code, f64::from(glyph.advance) - f64::from(face.advance(glyph.id))));
                starts.push(at);
            }
            at += f64::from(glyph.advance);
        }
        let mut from = 0;
        while from < glyphs.len() {
            let layer = glyphs[from].0;
            let to = (from + 1..glyphs.len()).find(|i| glyphs[*i].0 != layer).unwrap_or(glyphs.len());
            let shift = starts[from] / 1000.0 * run.size * crate::layout::MM_PER_PT;
            self.place(layer, run.size, (run.x + shift, run.y), pen);
            self.piece(&glyphs[from..to], run, pen);
            from = to;
        }
    }

    /// Glyphs of one layer: evenly spaced ones by character spacing, others by single adjustments.
    fn piece(&mut self, glyphs: &[(usize, u16, f64)], run: &TextRun, pen: &mut Pen) {
        let gaps = &glyphs[..glyphs.len() - 1];
        let even = gaps.first().map_or(0.0, |g| g.2);
        if gaps.iter().all(|g| (g.2 - even).abs() < 0.5) {
            let spread = even > 90.0;
            if spread {
                self.actual_text(run.text());
            }
            self.spacing(if even.abs() < 0.5 { 0.0 } else { even / 1000.0 * run.size }, pen);
            let codes: Vec<u16> = glyphs.iter().map(|g| g.1).collect();
            self.codes(&codes);
            self.push(if spread { "Tj EMC\n" } else { "Tj\n" });
            return;
        }
        self.spacing(0.0, pen);
        self.push("[");
        let mut from = 0;
        for i in 0..glyphs.len() {
            if i + 1 == glyphs.len() || glyphs[i].2.abs() >= 0.5 {
                let codes: Vec<u16> = glyphs[from..=i].iter().map(|g| g.1).collect();
                self.codes(&codes);
                if i + 1 < glyphs.len() {
                    self.number(-glyphs[i].2);
                }
                from = i + 1;
            }
        }
        self.push("]TJ\n");
    }

    /// Letter-spaced text copies without the gaps.
    fn actual_text(&mut self, text: &str) {
        self.push("/Span <</ActualText <FEFF");
        for unit in text.encode_utf16() {
            self.push(&format!("{unit:04X}"));
        }
        self.push(">>> BDC ");
    }
}
