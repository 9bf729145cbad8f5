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
