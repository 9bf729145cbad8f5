//! The ruler: how wide a text is in a cell and how many lines it takes there.
//!
//! In: texts and the fonts. Out: pixels (at 96 a inch, as Excel counts columns) and lines.
//! Stays true: the answer is never too small, so that no character is cut in Excel or LibreOffice; a little white space is the price.
//! Neighbours: [`super::table`] sets column widths and row heights with it.

use crate::layout::font::Fonts;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Pixels in a millimetre, at 96 an inch.
pub(super) const PIXELS_PER_MM: f64 = 96.0 / 25.4;
/// Pixels in a point.
const PIXELS_PER_POINT: f64 = 96.0 / 72.0;

/// Distance between text and rules that Excel keeps on both sides of a cell, in pixels.
pub(super) const CELL_PADDING: f64 = 8.0;

/// Measures texts. Widths of characters are looked up once.
pub(super) struct Ruler<'a> {
    fonts: &'a Fonts,
    /// Width in em of every character met so far.
    known: RefCell<BTreeMap<char, f64>>,
    /// The same for the first block of characters, where a tree would be slow.
    plane: RefCell<Vec<f32>>,
}

impl<'a> Ruler<'a> {
    /// A ruler that measures with the fonts of the run.
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Ruler { fonts, known: RefCell::default(), plane: RefCell::new(vec![-1.0; 0x1_0000]) }
    }

    /// Width of one character in em.
    fn em(&self, c: char) -> f64 {
        let code = c as usize;
        if code < 0x1_0000 {
            let known = self.plane.borrow()[code];
            if known >= 0.0 {
                return f64::from(known);
            }
            let em = self.measure(c);
            self.plane.borrow_mut()[code] = em as f32;
            return em;
        }
        if let Some(em) = self.known.borrow().get(&c) {
            return *em;
        }
        let em = self.measure(c);
        self.known.borrow_mut().insert(c, em);
        em
    }

    /// Asks the fonts for the width of one character, in em.
    fn measure(&self, c: char) -> f64 {
        if c.is_control() {
            return 0.0;
        }
        let mut buffer = [0u8; 4];
        self.fonts.width(c.encode_utf8(&mut buffer), 72.0, false) / 25.4
    }

    /// Width in pixels of the longest line of a text.
    pub(super) fn width(&self, text: &str, points: f64) -> f64 {
        let em = points * PIXELS_PER_POINT;
        text.split('\n').map(|line| line.chars().map(|c| self.em(c)).sum::<f64>() * em).fold(0.0, f64::max)
    }

    /// How many lines a text takes in a column of this many pixels. Words of Latin letters and figures are kept whole where they fit, as Excel does.
    pub(super) fn lines(&self, text: &str, column: f64, points: f64) -> usize {
        let em = points * PIXELS_PER_POINT;
        // Half a character less than there is: a line that may not begin with 「。」 takes its last character along.
        let room = ((column - CELL_PADDING) / em - 0.5).max(1.0);
        let lines: usize = text.split('\n').map(|line| self.wrapped(line, room)).sum();
        // Excel and LibreOffice do not break alike: long texts get a line to spare.
        lines + lines / 16
    }

    /// Lines of one paragraph in a room of so many em.
    fn wrapped(&self, line: &str, room: f64) -> usize {
        let mut lines = 1;
        let mut used = 0.0;
        let mut word = 0.0;
        for c in line.chars() {
            let em = self.em(c);
            if c.is_ascii_graphic() {
                word += em;
            } else {
                word = 0.0;
            }
            if used + em > room {
                lines += 1;
                // A word that began on this line moves down with its beginning.
                used = if word > em && word <= room { word } else { em };
            } else {
                used += em;
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kanji_is_an_em_and_a_figure_half() {
        let fonts = Fonts::load(None).expect("the built-in fonts load");
        let ruler = Ruler::new(&fonts);
        assert!((ruler.width("漢字", 9.0) - 24.0).abs() < 0.5);
        assert!((ruler.width("12", 9.0) - 12.0).abs() < 0.5);
    }

    #[test]
    fn lines_are_counted_with_room_to_spare() {
        let fonts = Fonts::load(None).expect("the built-in fonts load");
        let ruler = Ruler::new(&fonts);
        assert_eq!(ruler.lines("", 100.0, 9.0), 1);
        assert_eq!(ruler.lines("あいう\nえお", 100.0, 9.0), 2);
        assert_eq!(ruler.lines(&"あ".repeat(14), 8.0 + 12.0 * 7.5, 9.0), 2);
        assert_eq!(ruler.lines("ああああ12345", 8.0 + 12.0 * 6.5, 9.0), 2);
    }
}
