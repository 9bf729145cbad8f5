//! Folding texts for comparison: width, blanks, line breaks.

use unicode_normalization::UnicodeNormalization;

/// The text after NFKC without any blank or line break: two texts that fold alike are "the same" for a reader. Never print this.
pub fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// The text after NFKC with runs of blanks made one, trimmed.
pub fn fold_blanks(text: &str) -> String {
    let wide: String = text.nfkc().collect();
    wide.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two texts fold alike.
pub fn same_text(a: &str, b: &str) -> bool {
    a == b || fold(a) == fold(b)
}

/// A text after NFKC, character by character, that still knows where each character stands in the text as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    /// The characters after NFKC.
    pub chars: Vec<char>,
    /// Byte offset in the text as written of each character; one more entry for the end.
    origin: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut folded = Folded::default();
        for (at, c) in text.char_indices() {
            for wide in std::iter::once(c).nfkc() {
                folded.chars.push(wide);
                folded.origin.push(at);
            }
        }
        folded.origin.push(text.len());
        folded
    }

    /// The character at a place, if there is one.
    pub(crate) fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// Whether these characters stand at a place.
    pub(crate) fn has(&self, at: usize, word: &str) -> bool {
        self.chars.get(at..).is_some_and(|rest| word.chars().enumerate().all(|(n, c)| rest.get(n) == Some(&c)))
    }

    /// The first place from `at` on that holds no blank (line breaks are none).
    pub(crate) fn skip_blanks(&self, mut at: usize) -> usize {
        while self.get(at).is_some_and(|c| c.is_whitespace() && c != '\n') {
            at += 1;
        }
        at
    }

    /// Bytes of the text as written that these characters came from.
    pub(crate) fn bytes(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let last = self.origin.len() - 1;
        let start = self.origin[from.min(last)];
        // A character that unfolds to several ends where the next one of the text begins.
        let end = self.origin[to.min(last)..].iter().find(|o| to <= from || **o > self.origin[(to - 1).min(last)]).copied().unwrap_or(start);
        start..end.max(start)
    }

    /// The digits from `at` on as a number, and the place after them. At most nine digits.
    pub(crate) fn digits(&self, at: usize) -> Option<(u32, usize)> {
        let count = self.chars.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).count();
        if count == 0 || count > 9 {
            return None;
        }
        let number = self.chars[at..at + count].iter().fold(0u32, |n, c| n * 10 + c.to_digit(10).unwrap_or(0));
        Some((number, at + count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_spacing_and_width_fold_away() {
        assert!(same_text("S N Sによる情報発信", "SNSによる情報発信"));
        assert!(same_text("Ａ", "A"));
        assert!(!same_text("令和6年度", "令和5年度"));
    }
}
