//! One font file, read once into dense tables.
//!
//! In: the bytes of a TrueType or OpenType font. Out: a [`Face`] that answers glyph and width in a few nanoseconds.
//! Stays true: glyph 0 (the box for a missing character) is never handed out; a damaged file is an error, never a panic.
//! Neighbours: [`super::Fonts`] asks the faces in order; the PDF room cuts subsets from [`Face::data`].

use anyhow::{Context, bail};
use std::borrow::Cow;

/// A font, ready for asking.
pub struct Face {
    data: Cow<'static, [u8]>,
    index: u32,
    name: String,
    /// Glyph of each character of the basic plane.
    cmap: Vec<u16>,
    /// Glyphs of characters beyond it, sorted.
    high: Vec<(u32, u16)>,
    /// Advance of each glyph in thousandths of the size.
    advances: Vec<u16>,
    /// Glyphs with another shape in vertical text, sorted.
    vert: Vec<(u16, u16)>,
    variations: bool,
    metrics: Metrics,
}

/// What a PDF says of a font. Thousandths of the size.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Metrics {
    /// Height above the baseline.
    pub ascent: i16,
    /// Depth below the baseline, negative.
    pub descent: i16,
    /// Box around all glyphs: left, bottom, right, top.
    pub bbox: [i16; 4],
    /// Weight, 400 regular, 700 bold.
    pub weight: u16,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("name", &self.name).field("glyphs", &self.advances.len()).finish()
    }
}

impl Face {
    /// Reads a font; `index` is its place in a collection (0 for a single font).
    ///
    /// # Errors
    /// If the bytes are not a font that can be embedded.
    pub fn read(data: Cow<'static, [u8]>, index: u32) -> anyhow::Result<Face> {
        let parsed = ttf_parser::Face::parse(&data, index).context("not a readable font")?;
        if parsed.tables().glyf.is_none() && parsed.tables().cff.is_none() {
            bail!("the font has no outlines that can be embedded");
        }
        let per_em = f64::from(parsed.units_per_em());
        let scaled = |v: f64| (v * 1000.0 / per_em).round().clamp(-32_000.0, 32_000.0) as i16;
        let advances = (0..parsed.number_of_glyphs())
            .map(|g| scaled(f64::from(parsed.glyph_hor_advance(ttf_parser::GlyphId(g)).unwrap_or(0))).max(0) as u16)
            .collect();
        let (cmap, high) = character_map(&parsed);
        let bbox = parsed.global_bounding_box();
        let metrics = Metrics {
            ascent: scaled(f64::from(parsed.ascender())),
            descent: scaled(f64::from(parsed.descender())),
            bbox: [bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max].map(|v| scaled(f64::from(v))),
            weight: parsed.weight().to_number(),
        };
        let face = Face {
            index,
            name: postscript_name(&parsed),
            cmap,
            high,
            advances,
            vert: vertical_forms(&parsed),
            variations: has_variations(&parsed),
            metrics,
            data: Cow::Borrowed(&[]),
        };
        Ok(Face { data, ..face })
    }

    /// The bytes of the file.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Its place in a collection.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The PostScript name, made of plain ASCII.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// See [`Metrics`].
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    /// The glyph of a character, if the font has one.
    #[inline]
    pub fn glyph(&self, c: char) -> Option<u16> {
        let code = c as u32;
        let glyph = match self.cmap.get(code as usize) {
            Some(glyph) => *glyph,
            None => self.high.binary_search_by_key(&code, |e| e.0).map_or(0, |i| self.high[i].1),
        };
        (glyph != 0).then_some(glyph)
    }

    /// The glyph of a character with a variation selector, if the font knows the sequence.
    pub fn variation(&self, c: char, selector: char) -> Option<u16> {
        if !self.variations {
            return None;
        }
        let parsed = ttf_parser::Face::parse(&self.data, self.index).ok()?;
        parsed.glyph_variation_index(c, selector).map(|g| g.0).filter(|g| *g != 0)
    }

    /// Advance of a glyph in thousandths of the size.
    #[inline]
    pub fn advance(&self, glyph: u16) -> u16 {
        self.advances.get(usize::from(glyph)).copied().unwrap_or(1000)
    }

    /// The glyph's form in vertical text.
    pub fn vertical(&self, glyph: u16) -> u16 {
        self.vert.binary_search_by_key(&glyph, |e| e.0).map_or(glyph, |i| self.vert[i].1)
    }
}

/// The Unicode tables of a font, unpacked.
fn character_map(face: &ttf_parser::Face<'_>) -> (Vec<u16>, Vec<(u32, u16)>) {
    let mut low = vec![0u16; 0x1_0000];
    let mut high = Vec::new();
    for table in face.tables().cmap.iter().flat_map(|t| t.subtables).filter(|t| t.is_unicode()) {
        if matches!(table.format, ttf_parser::cmap::Format::UnicodeVariationSequences(_)) {
            continue;
        }
        table.codepoints(|code| {
            let Some(glyph) = table.glyph_index(code).map(|g| g.0).filter(|g| *g != 0) else { return };
            match low.get_mut(code as usize) {
                Some(place) if *place == 0 => *place = glyph,
                Some(_) => {}
                None => high.push((code, glyph)),
            }
        });
    }
    high.sort_unstable();
    high.dedup_by_key(|e| e.0);
    (low, high)
}

fn has_variations(face: &ttf_parser::Face<'_>) -> bool {
    face.tables().cmap.iter().flat_map(|t| t.subtables).any(|t| matches!(t.format, ttf_parser::cmap::Format::UnicodeVariationSequences(_)))
}

/// The single substitutions of the feature `vert`.
fn vertical_forms(face: &ttf_parser::Face<'_>) -> Vec<(u16, u16)> {
    use ttf_parser::gsub::{SingleSubstitution, SubstitutionSubtable};
    let Some(gsub) = face.tables().gsub else { return Vec::new() };
    let vert = ttf_parser::Tag::from_bytes(b"vert");
    let mut lookups: Vec<u16> = gsub.features.into_iter().filter(|f| f.tag == vert).flat_map(|f| f.lookup_indices).collect();
    lookups.sort_unstable();
    lookups.dedup();
    let mut forms = Vec::new();
    for lookup in lookups.into_iter().filter_map(|i| gsub.lookups.get(i)) {
        for table in lookup.subtables.into_iter::<SubstitutionSubtable<'_>>() {
            let SubstitutionSubtable::Single(single) = table else { continue };
            for glyph in 0..face.number_of_glyphs() {
                let Some(place) = single.coverage().get(ttf_parser::GlyphId(glyph)) else { continue };
                let form = match single {
                    SingleSubstitution::Format1 { delta, .. } => (i32::from(glyph) + i32::from(delta)) as u16,
                    SingleSubstitution::Format2 { substitutes, .. } => substitutes.get(place).map_or(glyph, |g| g.0),
                };
                if form != 0 && form < face.number_of_glyphs() {
                    forms.push((glyph, form));
                }
            }
        }
    }
    forms.sort_unstable();
    forms.dedup_by_key(|e| e.0);
    forms
}

fn postscript_name(face: &ttf_parser::Face<'_>) -> String {
    let name = face
        .names()
        .into_iter()
        .find(|n| n.name_id == ttf_parser::name_id::POST_SCRIPT_NAME && n.is_unicode())
        .and_then(|n| n.to_string())
        .unwrap_or_default();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if plain.is_empty() { "Font".to_owned() } else { plain }
}
