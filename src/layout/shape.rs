//! Shaping: a content becomes atoms, once, whatever the size and the width will be.
//!
//! In: a [`Content`] and its style. Out: paragraphs of [`Atom`]s with the places where lines may break, and the characters that no font has.
//! Stays true: every character of the content is in an atom (marks without width excepted). Widths are parts of the type size.
//! Neighbours: [`super::lines`] breaks the atoms into lines, [`super::paint`] places them.

use super::cluster::clusters;
use super::font::{FontId, Fonts};
use super::kinsoku::{self, Break};
use super::{Symbol, context::Context};
use crate::form::tree::{Content, Mark, Piece, TextStyle};

/// What an atom is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A glyph of a font.
    Glyph {
        /// The font.
        font: FontId,
        /// The glyph.
        id: u16,
    },
    /// A drawn shape.
    Symbol(Symbol),
    /// An SDG chip; its number is set as text.
    Chip(u8),
}

/// The smallest thing that is placed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub(crate) kind: Kind,
    /// Advance in thousandths of the size.
    pub(crate) advance: f32,
    /// First byte in the paragraph's text.
    pub(crate) start: u32,
    /// Bytes of the paragraph's text.
    pub(crate) bytes: u8,
    /// The break before it.
    pub(crate) before: Break,
    /// Hangs over the end of a line.
    pub(crate) blank: bool,
    /// Takes half its room at the end of a line.
    pub(crate) half: bool,
    pub(crate) underline: bool,
    /// Part of a mark (未提出), drawn with a box around it.
    pub(crate) tag: bool,
}

/// A paragraph.
#[derive(Debug, Clone, Default)]
pub(crate) struct Para {
    pub(crate) text: String,
    pub(crate) atoms: Vec<Atom>,
    /// Indent of its second and further lines, in thousandths of the size.
    pub(crate) hang: f32,
    /// The atom before which the leader stands.
    pub(crate) leader: Option<usize>,
}

/// A content, shaped.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shaped {
    pub(crate) paras: Vec<Para>,
    /// Clusters that no font has, in order.
    pub(crate) missing: Vec<String>,
    /// Number of characters, blanks not counted.
    pub(crate) length: usize,
}

impl Shaped {
    /// Nothing to print.
    pub(crate) fn is_blank(&self) -> bool {
        self.paras.iter().all(|p| p.atoms.is_empty() && p.leader.is_none())
    }

    /// The characters, paragraphs joined by line breaks.
    pub(crate) fn text(&self) -> String {
        self.paras.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// Shapes a content.
pub(crate) fn shape(content: &Content, style: &TextStyle, fonts: &Fonts, context: &Context<'_>, page_number: &str) -> Shaped {
    let mut shaper = Shaper { fonts, style, out: Shaped::default(), para: Para::default(), chars: Vec::new() };
    for piece in &content.pieces {
        shaper.piece(piece, context, page_number);
    }
    if let Some(mark) = content.mark {
        shaper.mark(mark);
    }
    shaper.end_paragraph();
    let mut out = shaper.out;
    if out.paras.len() == 1 && out.is_blank() {
        out.paras.clear();
    }
    out
}

struct Shaper<'a> {
    fonts: &'a Fonts,
    style: &'a TextStyle,
    out: Shaped,
    para: Para,
    chars: Vec<char>,
}

impl Shaper<'_> {
    fn piece(&mut self, piece: &Piece, context: &Context<'_>, page_number: &str) {
        match piece {
            Piece::Text { text, bold, underline } => self.text(text, *bold, *underline),
            Piece::CheckBox(on) => self.symbol(Symbol::CheckBox(*on), "", false),
            Piece::Sdg(number) => self.chip(*number),
            Piece::Leader => self.para.leader = self.para.leader.or(Some(self.para.atoms.len())),
            Piece::PageOf(anchor) => self.text(&context.page_of(anchor), false, false),
            Piece::PageNumber => self.text(page_number, false, false),
            Piece::PageCount => self.text(&context.page_count.map(|n| n.to_string()).unwrap_or_default(), false, false),
        }
    }

    fn text(&mut self, text: &str, bold: bool, underline: bool) {
        for (i, line) in text.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']).enumerate() {
            if i > 0 {
                self.end_paragraph();
            }
            self.run(line, bold || self.style.bold, underline || self.style.underline, false);
        }
    }

    /// Characters without a line break.
    fn run(&mut self, line: &str, bold: bool, underline: bool, tag: bool) {
        let fonts = self.fonts;
        clusters(line, |c, selector, from, to| {
            if let Some(symbol) = drawn(c) {
                return self.symbol(symbol, &line[from..to], underline);
            }
            let found = fonts.find(c, selector, bold);
            if found.missing {
                self.out.missing.push(line[from..to].to_owned());
            }
            self.push(
                c,
                &line[from..to],
                Atom {
                    kind: Kind::Glyph { font: found.font, id: found.glyph },
                    advance: (f32::from(found.advance) + (self.style.tracking * 1000.0) as f32).max(0.0),
                    start: 0,
                    bytes: 0,
                    before: Break::Allowed,
                    blank: kinsoku::is_blank(c),
                    half: kinsoku::half_blank(c) && found.advance >= 900,
                    underline,
                    tag,
                },
            );
        });
    }

    fn push(&mut self, c: char, text: &str, atom: Atom) {
        let start = self.para.text.len() as u32;
        // A cluster of more than 255 bytes is a pile of selectors: what does not fit is not kept for copying.
        let mut bytes = text.len().min(255);
        while !text.is_char_boundary(bytes) {
            bytes -= 1;
        }
        self.para.text.push_str(&text[..bytes]);
        self.para.atoms.push(Atom { start, bytes: bytes as u8, ..atom });
        self.chars.push(c);
        if !kinsoku::is_blank(c) {
            self.out.length += 1;
        }
    }

    /// A drawn shape as wide as a kanji.
    fn symbol(&mut self, symbol: Symbol, text: &str, underline: bool) {
        let c = symbol.text();
        let own = c.to_string();
        let text = if text.is_empty() { &own } else { text };
        self.push(
            c,
            text,
            Atom {
                kind: Kind::Symbol(symbol),
                advance: 1000.0,
                start: 0,
                bytes: 0,
                before: Break::Allowed,
                blank: false,
                half: false,
                underline,
                tag: false,
            },
        );
    }

    /// An SDG chip; chips side by side are parted by a thin blank.
    fn chip(&mut self, number: u8) {
        self.push(
            '漢',
            &number.to_string(),
            Atom {
                kind: Kind::Chip(number),
                advance: CHIP_ADVANCE,
                start: 0,
                bytes: 0,
                before: Break::Allowed,
                blank: false,
                half: false,
                underline: false,
                tag: false,
            },
        );
    }

    fn mark(&mut self, mark: Mark) {
        let words = match mark {
            Mark::Missing => "未提出",
            Mark::Check => "要確認",
            Mark::Corrected => "電話回答",
        };
        if !self.para.atoms.is_empty() {
            self.run(" ", false, false, false);
        }
        self.run(words, true, false, true);
    }

    /// A single chip before a text marks the paragraph as a number would.
    fn chip_heads(&self) -> bool {
        let chip = |i: usize| self.para.atoms.get(i).map(|a| matches!(a.kind, Kind::Chip(_)));
        chip(0) == Some(true) && chip(1) == Some(false)
    }

    fn end_paragraph(&mut self) {
        let starts: Vec<u32> = self.para.atoms.iter().map(|a| a.start).collect();
        let breaks = kinsoku::breaks(&self.para.text, &self.chars, &starts);
        let marker = if self.chip_heads() { 1 } else { kinsoku::marker(&self.chars).min(self.para.atoms.len()) };
        let leader = self.para.leader;
        let mut after_box = false;
        for (i, (atom, found)) in self.para.atoms.iter_mut().zip(breaks).enumerate() {
            let stays = after_box || atom.tag && i > 0 || (i == marker && marker > 0);
            atom.before = if stays { found.min(Break::Emergency) } else { found };
            if leader == Some(i) || matches!(atom.kind, Kind::Chip(_)) {
                atom.before = Break::Allowed;
            }
            after_box = matches!(atom.kind, Kind::Symbol(_)) || (after_box && atom.blank);
        }
        let first = self.para.atoms.iter().position(|a| a.tag);
        if let Some(atom) = first.and_then(|i| self.para.atoms.get_mut(i)) {
            atom.before = Break::Allowed;
        }
        self.para.hang = match self.style.hang {
            Some(characters) => (characters.max(0.0) * 1000.0) as f32,
            None => self.para.atoms[..marker].iter().map(|a| a.advance).sum(),
        };
        self.out.paras.push(std::mem::take(&mut self.para));
        self.chars.clear();
    }
}

/// Width of an SDG chip and the gap behind it, in thousandths of the size.
pub(crate) const CHIP_ADVANCE: f32 = 1950.0;

/// Characters that are drawn rather than set: no built-in font has them.
fn drawn(c: char) -> Option<Symbol> {
    match c {
        '☑' => Some(Symbol::TickBox(true)),
        '☐' => Some(Symbol::TickBox(false)),
        '☒' => Some(Symbol::CrossBox),
        '✔' => Some(Symbol::HeavyTick),
        _ => None,
    }
}
