//! Columns: how wide a text stands in a terminal, where a kanji takes two.

use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_width::UnicodeWidthStr;

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text filled up with blanks to so many columns; a wider one stays as it is.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text broken into lines of at most so many columns, where a line may be broken (never before 、 or 。), each after the first set in by `indent` blanks.
/// The first line is taken to begin at `indent` too. A piece that cannot be broken stays whole.
pub fn wrap(text: &str, columns: usize, indent: usize) -> String {
    let room = columns.saturating_sub(indent).max(20);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut begin = 0;
    for (end, kind) in linebreaks(text) {
        let piece = &text[begin..end];
        begin = end;
        if !line.is_empty() && width(&line) + width(piece.trim_end()) > room {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(piece.trim_end_matches(['\n', '\r']));
        if kind == BreakOpportunity::Mandatory {
            lines.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines.iter().map(|l| l.trim_end()).collect::<Vec<_>>().join(&format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kanji_takes_two_columns() {
        assert_eq!(pad("課", 4), "課  ");
        assert_eq!(pad("ab", 4), "ab  ");
        assert_eq!(pad("道路整備課", 4), "道路整備課");
    }

    #[test]
    fn lines_break_where_they_may() {
        let text = "評価を見直すか、数値以外の理由を「取組状況報告」に書いてください。";
        let wrapped = wrap(text, 34, 4);
        assert_eq!(wrapped.replace("\n    ", ""), text, "no character is lost");
        for line in wrapped.lines() {
            assert!(width(line) <= 34, "{line}");
            assert!(!line.trim_start().starts_with(['、', '。', '」']), "{line}");
        }
    }
}
