//! Font programs: the subset of each font that a document uses, and what it says of itself.
//!
//! In: the layers of [`super::codes`]. Out: a [`Program`] each: font file, widths, ToUnicode.
//! Stays true: the code of a glyph is its glyph id in the subset; every code copies as exactly its text, variation selectors included.
//! Neighbours: [`super::assemble`] hands the programs to printpdf, [`super::finish`] swaps their streams in.

use super::codes::{Codes, Layer};
use crate::layout::font::{Face, Fonts};
use anyhow::{Context, anyhow};
use printpdf::{Codepoint, FontMetrics, FontType, Op, ParsedFont, PdfFont, PdfFontHandle, PdfFontMetricsStub, Pt, TextItem};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A font to embed.
pub(super) struct Program {
    /// Name in the resources of the pages.
    pub(super) resource: String,
    /// The font file.
    pub(super) file: Vec<u8>,
    /// The ToUnicode map.
    pub(super) to_unicode: String,
    /// Advance of each code from 1 on, thousandths.
    pub(super) widths: Vec<u16>,
    name: String,
    metrics: crate::layout::font::Metrics,
}

/// The programs of all layers.
///
/// # Errors
/// If a font cannot be subset.
pub(super) fn programs(codes: &Codes, fonts: &Fonts) -> anyhow::Result<Vec<Program>> {
    codes
        .layers()
        .par_iter()
        .enumerate()
        .map(|(index, layer)| {
            let face = fonts.face(layer.font).ok_or_else(|| anyhow!("書体がありません / a font is missing"))?;
            program(index, layer, face).with_context(|| format!("書体 {} を埋め込めません / cannot embed the font", face.name()))
        })
        .collect()
}

/// The resource name of a layer.
pub(super) fn resource(index: usize) -> String {
    format!("T{index}")
}

fn program(index: usize, layer: &Layer, face: &Face) -> anyhow::Result<Program> {
    let mut remapper = subsetter::GlyphRemapper::new();
    for glyph in &layer.glyphs {
        remapper.remap(*glyph);
    }
    let file = subsetter::subset(face.data(), face.index(), &remapper).map_err(|e| anyhow!("{e}"))?;
    Ok(Program {
        resource: resource(index),
        to_unicode: to_unicode(&layer.texts),
        widths: layer.glyphs.iter().map(|g| face.advance(*g)).collect(),
        name: format!("{}+{}", tag(&file), face.name()),
        metrics: face.metrics(),
        file,
    })
}

/// Six letters that tell this subset from others (PDF 32000-1, 9.6.4).
fn tag(file: &[u8]) -> String {
    Sha256::digest(file).iter().take(6).map(|b| char::from(b'A' + b % 26)).collect()
}

/// The map from codes to characters (PDF 32000-1, 9.10.3).
fn to_unicode(texts: &[Box<str>]) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    for (block, texts) in texts.chunks(100).enumerate() {
        let _ = writeln!(map, "{} beginbfchar", texts.len());
        for (i, text) in texts.iter().enumerate() {
            let _ = write!(map, "<{:04X}> <", block * 100 + i + 1);
            for unit in text.encode_utf16() {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
    map
}

impl Program {
    /// The font as printpdf takes it; metrics in thousandths.
    pub(super) fn printpdf_font(&self) -> PdfFont {
        let metrics = self.metrics;
        PdfFont::new(ParsedFont {
            original_bytes: self.file.clone(),
            font_index: 0,
            font_name: Some(self.name.clone()),
            codepoint_to_glyph: Default::default(),
            glyph_widths: (1u16..).zip(self.widths.iter().copied()).collect(),
            units_per_em: 1000,
            font_metrics: FontMetrics { ascent: metrics.ascent, descent: metrics.descent },
            font_type: FontType::TrueType,
            pdf_font_metrics: PdfFontMetricsStub {
                units_per_em: 1000,
                x_min: metrics.bbox[0],
                y_min: metrics.bbox[1],
                x_max: metrics.bbox[2],
                y_max: metrics.bbox[3],
                us_weight_class: metrics.weight,
                ..PdfFontMetricsStub::default()
            },
        })
    }

    /// Operations that name every glyph once: printpdf embeds what is named.
    pub(super) fn naming_ops(&self) -> Vec<Op> {
        let glyphs = (1..=self.widths.len() as u16).map(|gid| Codepoint { gid, offset: 0.0, cid: Some(String::new()) }).collect();
        vec![
            Op::SetFont { font: PdfFontHandle::External(printpdf::FontId(self.resource.clone())), size: Pt(10.0) },
            Op::ShowText { items: vec![TextItem::GlyphIds(glyphs)] },
        ]
    }
}
