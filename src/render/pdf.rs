//! PDF: draws placed items. The only user of printpdf.

use crate::layout::{Page, font::Fonts};

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
pub fn write(_pages: &[&Page], _about: &About, _fonts: &Fonts) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("PDF writer is not there yet")
}
