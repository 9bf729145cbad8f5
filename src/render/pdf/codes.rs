//! Codes: which number a glyph has in the page streams.
//!
//! In: all runs of all pages. Out: for each font the glyphs in the order in which they first appear, numbered from 1, with the characters they copy as.
//! Stays true: one code stands for one glyph and one text. A glyph that stands for several texts (〓 for every missing character, a shape for ☑ and ☐)
//! gets a further layer: the same font embedded once more with the few glyphs concerned.
//! Neighbours: [`super::fonts`] cuts the subsets, [`super::content`] writes the codes.

use crate::layout::font::{FontId, Fonts};
use crate::layout::{Item, Page, Symbol};
use std::collections::BTreeMap;

/// Codes of all glyphs used.
pub(super) struct Codes {
    /// For each font of the set: code of each glyph in its first layer, 0 if it is not used.
    first: Vec<Vec<u16>>,
    /// Layers in the order of font and need.
    layers: Vec<Layer>,
    /// For each font its layers.
    of_font: Vec<Vec<usize>>,
    /// Codes of further texts of a glyph: (font, glyph, text) → (layer, code).
    more: BTreeMap<(u8, u16, String), (usize, u16)>,
}

/// A font with the glyphs and texts of its codes 1, 2, 3 …
pub(super) struct Layer {
    pub(super) font: FontId,
    pub(super) glyphs: Vec<u16>,
    pub(super) texts: Vec<Box<str>>,
}

/// The glyph that stands unseen behind a drawn shape, so that the shape copies: signs that hardly any text holds, since one that does costs a layer.
pub(super) fn stand_in(shape: Symbol, fonts: &Fonts) -> (FontId, u16) {
    let like = match shape {
        Symbol::CheckBox(true) => '■',
        Symbol::CheckBox(false) => '□',
        Symbol::TickBox(true) => '⏎',
        Symbol::TickBox(false) => '⌘',
        Symbol::CrossBox => '␣',
        Symbol::Tick => '✓',
        Symbol::HeavyTick => '♯',
    };
    let found = fonts.find(like, None, false);
    (found.font, found.glyph)
}

impl Codes {
    /// Numbers the glyphs of these pages.
    pub(super) fn of(pages: &[&Page], fonts: &Fonts) -> Codes {
        let mut codes =
            Codes { first: vec![Vec::new(); fonts.len()], layers: Vec::new(), of_font: vec![Vec::new(); fonts.len()], more: BTreeMap::new() };
        let mut buffer = [0; 4];
        for item in pages.iter().flat_map(|p| &p.items) {
            match item {
                Item::Text(run) => {
                    for (glyph, text) in run.clusters() {
                        codes.note(run.font, glyph.id, text);
                    }
                }
                Item::Symbol { shape, .. } => {
                    let (font, glyph) = stand_in(*shape, fonts);
                    codes.note(font, glyph, shape.text().encode_utf8(&mut buffer));
                }
                Item::Line { .. } | Item::Dots { .. } | Item::Fill { .. } | Item::Link { .. } | Item::Anchor { .. } => {}
            }
        }
        codes
    }

    /// Layer and code of a glyph with its text.
    #[inline]
    pub(super) fn get(&self, font: FontId, glyph: u16, text: &str) -> Option<(usize, u16)> {
        let code = self.first.get(usize::from(font.0))?.get(usize::from(glyph)).copied().filter(|c| *c != 0)?;
        let layer = *self.of_font[usize::from(font.0)].first()?;
        if &*self.layers[layer].texts[usize::from(code) - 1] == text {
            return Some((layer, code));
        }
        self.more.get(&(font.0, glyph, text.to_owned())).copied()
    }

    /// The layers.
    pub(super) fn layers(&self) -> &[Layer] {
        &self.layers
    }

    fn note(&mut self, font: FontId, glyph: u16, text: &str) {
        let Some(first) = self.first.get_mut(usize::from(font.0)) else { return };
        if first.len() <= usize::from(glyph) {
            first.resize(usize::from(glyph) + 1, 0);
        }
        let code = first[usize::from(glyph)];
        if code == 0 {
            let layer = self.layer(font, 0);
            self.first[usize::from(font.0)][usize::from(glyph)] = self.layers[layer].add(glyph, text);
            return;
        }
        let main = self.of_font[usize::from(font.0)][0];
        if &*self.layers[main].texts[usize::from(code) - 1] == text || self.more.contains_key(&(font.0, glyph, text.to_owned())) {
            return;
        }
        // The first further layer in which the glyph does not stand yet.
        let depth = (1..).find(|d| self.of_font[usize::from(font.0)].get(*d).is_none_or(|l| !self.layers[*l].glyphs.contains(&glyph))).unwrap_or(1);
        let layer = self.layer(font, depth);
        let code = self.layers[layer].add(glyph, text);
        self.more.insert((font.0, glyph, text.to_owned()), (layer, code));
    }

    /// The layer of a font at a depth, made if need be.
    fn layer(&mut self, font: FontId, depth: usize) -> usize {
        let own = &mut self.of_font[usize::from(font.0)];
        if let Some(layer) = own.get(depth) {
            return *layer;
        }
        self.layers.push(Layer { font, glyphs: Vec::new(), texts: Vec::new() });
        own.push(self.layers.len() - 1);
        self.layers.len() - 1
    }
}

impl Layer {
    fn add(&mut self, glyph: u16, text: &str) -> u16 {
        self.glyphs.push(glyph);
        self.texts.push(text.into());
        self.glyphs.len() as u16
    }
}
