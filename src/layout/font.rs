//! Fonts: which glyph a character has, in which font, and how wide it is.
//!
//! In: the built-in fonts and those of the job folder (`fonts/*.ttf`, `*.otf`, `*.ttc`). Out: [`Fonts`], asked for each cluster of a text.
//! Stays true: no font of the operating system is used, so the same input prints the same everywhere; a character in no font is 〓 and is told.
//! Neighbours: layout measures with these; the PDF room embeds subsets of them.

mod face;

pub use face::{Face, Metrics};

use anyhow::Context;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A font of the set, by its place in the order of search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FontId(pub u8);

impl FontId {
    /// BIZ UDGothic Regular.
    pub const REGULAR: FontId = FontId(0);
    /// BIZ UDGothic Bold.
    pub const BOLD: FontId = FontId(1);
    /// The built-in fallback for rare kanji of names.
    pub const NAMES: FontId = FontId(2);
}

/// The fonts of a run: BIZ UDGothic regular and bold, the built-in fallback, and what the job folder holds.
#[derive(Debug, Clone)]
pub struct Fonts {
    faces: Vec<Arc<Face>>,
    /// Order of search for regular and for bold text.
    orders: [Vec<FontId>; 2],
}

impl Default for Fonts {
    /// The built-in fonts alone.
    fn default() -> Self {
        Fonts::with(Vec::new())
    }
}

/// What a cluster (a character and perhaps its variation selector) is printed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The font that has it.
    pub font: FontId,
    /// Its glyph there; never 0.
    pub glyph: u16,
    /// Advance in thousandths of the size.
    pub advance: u16,
    /// No font has it: this is the glyph of 〓.
    pub missing: bool,
}

/// Printed in place of a character that no font has.
pub const MISSING: char = '〓';

impl Fonts {
    /// The built-in fonts and those of the job folder, the latter by file name. They are asked after BIZ UDGothic and before the built-in fallback.
    ///
    /// # Errors
    /// If a font file of the job folder cannot be read.
    pub fn load(job_folder: Option<&Path>) -> anyhow::Result<Self> {
        let mut own = Vec::new();
        for path in job_folder.map(font_files).unwrap_or_default() {
            let data = std::fs::read(&path).with_context(|| format!("フォントを読めません / cannot read the font {}", path.display()))?;
            let face =
                Face::read(Cow::Owned(data), 0).with_context(|| format!("フォントとして使えません / cannot use the font {}", path.display()))?;
            own.push(Arc::new(face));
        }
        own.truncate(usize::from(u8::MAX) - 3);
        Ok(Fonts::with(own))
    }

    fn with(own: Vec<Arc<Face>>) -> Self {
        let mut faces = built_in().to_vec();
        let first = faces.len();
        faces.extend(own);
        let rest: Vec<FontId> = (first..faces.len()).map(|i| FontId(i as u8)).chain([FontId::NAMES]).collect();
        let order = |main: &[FontId]| main.iter().copied().chain(rest.iter().copied()).collect();
        Fonts { orders: [order(&[FontId::REGULAR]), order(&[FontId::BOLD, FontId::REGULAR])], faces }
    }

    /// A font of the set.
    pub fn face(&self, id: FontId) -> Option<&Face> {
        self.faces.get(usize::from(id.0)).map(Arc::as_ref)
    }

    /// How many fonts there are.
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    /// Never true: the built-in fonts are always there.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// What a character is printed as: with a selector the first font that knows the sequence, else the first that has the character, else 〓.
    #[inline]
    pub fn find(&self, c: char, selector: Option<char>, bold: bool) -> Found {
        let order = &self.orders[usize::from(bold)];
        if let Some(selector) = selector {
            let exact = order.iter().find_map(|id| self.face(*id)?.variation(c, selector).map(|glyph| (*id, glyph)));
            if let Some((font, glyph)) = exact {
                return self.found(font, glyph, false);
            }
        }
        let plain = |c| order.iter().find_map(|id| self.face(*id)?.glyph(c).map(|glyph| (*id, glyph)));
        match plain(c) {
            Some((font, glyph)) => self.found(font, glyph, false),
            None => plain(MISSING).map_or_else(|| self.found(FontId::REGULAR, 1, true), |(font, glyph)| self.found(font, glyph, true)),
        }
    }

    fn found(&self, font: FontId, glyph: u16, missing: bool) -> Found {
        Found { font, glyph, advance: self.face(font).map_or(1000, |f| f.advance(glyph)), missing }
    }

    /// Width of a text on one line, in mm, at a size in points.
    pub fn width(&self, text: &str, size: f64, bold: bool) -> f64 {
        let mut thousandths = 0u64;
        super::cluster::clusters(text, |c, selector, _, _| {
            thousandths += u64::from(self.find(c, selector, bold).advance);
        });
        thousandths as f64 / 1000.0 * size * super::MM_PER_PT
    }
}

/// The fonts in the executable, read once.
fn built_in() -> &'static [Arc<Face>] {
    static FACES: OnceLock<Vec<Arc<Face>>> = OnceLock::new();
    FACES.get_or_init(|| {
        let files: [&'static [u8]; 3] = [
            include_bytes!("../../fonts/BIZUDGothic-Regular.ttf"),
            include_bytes!("../../fonts/BIZUDGothic-Bold.ttf"),
            include_bytes!("../../fonts/NotoSansCJKjp-Names.otf"),
        ];
        // The files are part of the program and a test reads each of them.
        files.into_iter().map(|f| Arc::new(Face::read(Cow::Borrowed(f), 0).expect("a built-in font is whole"))).collect()
    })
}

/// The font files of a job folder, sorted by name.
fn font_files(job_folder: &Path) -> Vec<PathBuf> {
    let known = |p: &Path| p.extension().and_then(|e| e.to_str()).is_some_and(|e| ["ttf", "otf", "ttc"].iter().any(|k| e.eq_ignore_ascii_case(k)));
    let mut files: Vec<PathBuf> = std::fs::read_dir(job_folder.join("fonts"))
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| known(p) && p.is_file())
        .collect();
    files.sort();
    files
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rare_names_come_from_the_fallback_and_the_unknown_is_told() {
        let fonts = Fonts::default();
        assert_eq!(fonts.find('髙', None, false).font, FontId::REGULAR);
        assert_eq!(fonts.find('髙', None, true).font, FontId::BOLD);
        assert_eq!(fonts.find('𠮷', None, true).font, FontId::NAMES);
        assert!(fonts.find('\u{E000}', None, false).missing);
        assert_ne!(fonts.find('\u{E000}', None, false).glyph, 0);
    }

    #[test]
    fn a_variation_sequence_has_its_own_glyph() {
        let fonts = Fonts::default();
        let plain = fonts.find('葛', None, false);
        let varied = fonts.find('葛', Some('\u{E0101}'), false);
        assert_eq!(plain.font, varied.font);
        let glyphs: std::collections::BTreeSet<u16> =
            ['\u{E0100}', '\u{E0101}', '\u{E0102}'].iter().map(|s| fonts.find('葛', Some(*s), false).glyph).collect();
        assert!(glyphs.len() >= 2, "{glyphs:?}");
    }

    #[test]
    fn widths_and_vertical_forms() {
        let fonts = Fonts::default();
        let em = 10.0 * crate::layout::MM_PER_PT;
        assert!((fonts.width("漢字AB", 10.0, false) - 3.0 * em).abs() < 1e-9);
        // か with a separate voicing mark is one character.
        assert!((fonts.width("か\u{3099}", 10.0, true) - em).abs() < 1e-9);
        let face = fonts.face(FontId::REGULAR).unwrap();
        let dash = face.glyph('ー').unwrap();
        assert_ne!(face.vertical(dash), dash);
        assert_eq!(face.vertical(face.glyph('年').unwrap()), face.glyph('年').unwrap());
    }
}
