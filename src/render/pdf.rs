//! PDF: draws placed items. The only user of printpdf and lopdf.
//!
//! In: [`Page`]s, [`About`], the fonts. Out: the bytes of a PDF 1.7 file.
//! Stays true: what stands on a page copies as the layout's text, in its order; the same input gives the same bytes, whatever the number of threads.
//! Neighbours: `layout` made the pages, `output` writes the bytes.
//!
//! The way through: [`codes`] gives each glyph its code and cuts the font subsets, [`content`] writes the page streams in worker threads, printpdf assembles
//! pages, fonts and links, [`finish`] swaps the streams in and adds what printpdf lacks (outline, page labels, language, title).

mod codes;
mod content;
mod finish;
mod fonts;

use crate::layout::{Item, MM_PER_PT, Page, font::Fonts};
use printpdf::{Actions, BorderArray, Destination, LinkAnnotation, Mm, Op, PdfDocument, PdfPage, Pt, Rect};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What a PDF says of itself besides its pages.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Title, shown by readers.
    pub title: String,
    /// Author: the city or office.
    pub author: String,
    /// The day of the run: creation date.
    pub date: chrono::NaiveDate,
}

/// The bytes of a PDF with these pages: subset fonts, outline and links from the anchors, page labels from the page numbers.
///
/// # Errors
/// If a font cannot be subset or the document cannot be assembled.
pub fn write(pages: &[&Page], about: &About, fonts: &Fonts) -> anyhow::Result<Vec<u8>> {
    let codes = codes::Codes::of(pages, fonts);
    let programs = fonts::programs(&codes, fonts)?;
    let streams: Vec<Vec<u8>> = pages.par_iter().map(|page| compress(&content::stream(page, &codes, fonts))).collect();
    let document = assemble(pages, &programs);
    finish::finish(document, pages, about, programs, streams)
}

/// printpdf's part: pages, fonts, resources and links. The page streams are swapped in later; the first page names every glyph so that the fonts are kept.
fn assemble(pages: &[&Page], programs: &[fonts::Program]) -> lopdf::Document {
    let mut document = PdfDocument::new("");
    let mut naming = Vec::new();
    for program in programs {
        document.resources.fonts.map.insert(printpdf::FontId(program.resource.clone()), program.printpdf_font());
        naming.extend(program.naming_ops());
    }
    let targets = targets(pages);
    for page in pages {
        let mut ops = std::mem::take(&mut naming);
        ops.extend(page.items.iter().filter_map(|item| link(item, page, &targets)));
        document.pages.push(PdfPage::new(Mm(page.width as f32), Mm(page.height as f32), ops));
    }
    document.to_lopdf_document(&printpdf::PdfSaveOptions { optimize: false, ..Default::default() }, &mut Vec::new())
}

/// Where each anchor stands: index of its page and distance from the foot of the page in points.
fn targets<'p>(pages: &[&'p Page]) -> BTreeMap<&'p str, (usize, f64)> {
    let mut targets = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        for item in &page.items {
            if let Item::Anchor { name, y, .. } = item {
                targets.entry(name.as_str()).or_insert((index, points(page.height - y)));
            }
        }
    }
    targets
}

/// A link to an anchor of this document; a link that leads nowhere is left out.
fn link(item: &Item, page: &Page, targets: &BTreeMap<&str, (usize, f64)>) -> Option<Op> {
    let Item::Link { area: (x, y, width, height), to } = item else { return None };
    let (index, top) = targets.get(to.as_str())?;
    let pt = |mm: f64| Pt(points(mm) as f32);
    let rect = Rect { x: pt(*x), y: pt(page.height - y - height), width: pt(*width), height: pt(*height), mode: None, winding_order: None };
    let destination = Destination::Xyz { page: index + 1, left: Some(0.0), top: Some((*top + 6.0) as f32), zoom: None };
    let link = LinkAnnotation::new(rect, Actions::Goto(destination), Some(BorderArray::Solid([0.0; 3])), None, None);
    Some(Op::LinkAnnotation { link })
}

/// Millimetres to points.
fn points(mm: f64) -> f64 {
    mm / MM_PER_PT
}

/// Deflated as a PDF stream.
fn compress(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::new(6));
    // Writing into memory does not fail.
    let mut packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    packed.shrink_to_fit();
    packed
}
