//! The show face: a laid-out page as a short list of things to draw, so that the preview is the print.
//!
//! In: a [`Page`] in millimetres. Out: a [`Drawing`] that the page's script turns into SVG.
//! Stays true: every item of the page that can be seen is drawn, at the place where it is printed.

use crate::layout::font::{FontId, Fonts, MISSING};
use crate::layout::{Item, MM_PER_PT, Page, Symbol, TextRun};
use serde::Serialize;

/// A page to draw.
#[derive(Serialize)]
pub(super) struct Drawing {
    /// Width and height in mm.
    size: (f64, f64),
    /// The printed number.
    number: String,
    /// Lines: x1, y1, x2, y2, width.
    lines: Vec<(f64, f64, f64, f64, f64)>,
    /// Filled areas: left, top, width, height, colour (`#rrggbb`).
    fills: Vec<(f64, f64, f64, f64, String)>,
    /// Shapes: name, left, top, width, height.
    symbols: Vec<(&'static str, f64, f64, f64, f64)>,
    /// Texts: left end of the baseline, size in points, bold (1) or not (0), width on the page, grey in per cent, characters.
    texts: Vec<Piece>,
}

/// Characters to draw.
type Piece = (f64, f64, f64, u8, f64, u8, String);

/// The drawing of a page.
pub(super) fn draw(page: &Page, fonts: &Fonts) -> Drawing {
    let mut drawing = Drawing {
        size: (round(page.width), round(page.height)),
        number: page.number.clone(),
        lines: Vec::new(),
        fills: Vec::new(),
        symbols: Vec::new(),
        texts: Vec::new(),
    };
    for item in &page.items {
        match item {
            Item::Text(run) => drawing.texts.extend(text(run, fonts)),
            Item::Line { from, to, width } => drawing.lines.push((round(from.0), round(from.1), round(to.0), round(to.1), round(*width))),
            Item::Fill { area: (x, y, w, h), color } => drawing.fills.push((round(*x), round(*y), round(*w), round(*h), hex(*color))),
            Item::Symbol { shape, area: (x, y, w, h) } => drawing.symbols.push((symbol(*shape), round(*x), round(*y), round(*w), round(*h))),
            Item::Dots { from, to, size, pitch } => {
                let dots = ((to.0 - from.0) / pitch.max(0.1)).clamp(0.0, 1000.0) as usize;
                drawing.lines.extend((0..=dots).map(|i| {
                    let x = from.0 + pitch * i as f64;
                    (round(x - size / 2.0), round(from.1), round(x + size / 2.0), round(from.1), round(*size))
                }));
            }
            Item::Link { .. } | Item::Anchor { .. } => {}
        }
    }
    drawing
}

/// A run of characters, in pieces: a browser may be without our fonts, so each piece is told its width, and a new one begins wherever the layout spread or
/// tightened the characters. A character that no font has is 〓, as it is printed. Nothing for blanks alone.
fn text(run: &TextRun, fonts: &Fonts) -> Vec<Piece> {
    let per_mille = run.size * MM_PER_PT / 1000.0;
    let missing = fonts.find(MISSING, None, run.font == FontId::BOLD);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let grey = (run.grey.clamp(0.0, 1.0) * 100.0) as u8;
    let bold = u8::from(run.font == FontId::BOLD);
    let mut pieces = Vec::new();
    let (mut start, mut width, mut characters) = (run.x, 0.0, String::new());
    let mut x = run.x;
    let mut rest = run.text();
    for glyph in &run.glyphs {
        let (own, after) = rest.split_at_checked(usize::from(glyph.bytes)).unwrap_or((rest, ""));
        rest = after;
        let nature = fonts.face(run.font).map_or(f64::from(glyph.advance), |face| f64::from(face.advance(glyph.id)));
        let is_missing = glyph.id == missing.glyph && run.font == missing.font;
        if is_missing {
            characters.push(MISSING)
        } else {
            characters.push_str(own)
        }
        width += nature * per_mille;
        x += f64::from(glyph.advance) * per_mille;
        if (f64::from(glyph.advance) - nature).abs() > 0.5 {
            pieces.push((start, width, std::mem::take(&mut characters)));
            (start, width) = (x, 0.0);
        }
    }
    pieces.push((start, width, characters));
    pieces
        .into_iter()
        .filter(|(_, _, characters)| !characters.trim().is_empty())
        .map(|(start, width, characters)| (round(start), round(run.y), round(run.size), bold, round(width), grey, characters))
        .collect()
}

/// The name of a shape.
fn symbol(shape: Symbol) -> &'static str {
    match shape {
        Symbol::CheckBox(true) => "full",
        Symbol::CheckBox(false) => "empty",
        Symbol::TickBox(true) => "ticked",
        Symbol::TickBox(false) => "unticked",
        Symbol::CrossBox => "crossed",
        Symbol::Tick | Symbol::HeavyTick => "tick",
    }
}

/// A hundredth of a millimetre is finer than any screen.
fn round(mm: f64) -> f64 {
    (mm * 100.0).round() / 100.0
}

/// `#rrggbb`.
fn hex(color: [f64; 3]) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let [r, g, b] = color.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}
