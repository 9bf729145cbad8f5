//! The terminal: what a clerk reads after a run, as text; and the same for machines.
//!
//! In: an [`crate::Outcome`]. Out: texts and JSON; the binary prints them.
//! Stays true: nothing here prints, reads a clock or asks the terminal anything: the [`Look`] says all that a text depends on. A finding looks the same in every
//! command. Colour never carries a meaning alone. No text of a file reaches the terminal with control characters in it.
//! Neighbours: [`crate::reconcile::totals`] and [`crate::reconcile::since`] count; `main` chooses the look.

mod explain;
mod listing;
mod machine;
mod summary;
mod width;

pub use explain::{Unknown, explain};
pub use listing::listing;
pub use machine::{failed, machine};
pub use summary::summary;
pub use width::{pad, wrap};

use crate::finding::{Lang, Severity};

/// What a text for the terminal depends on.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Its language.
    pub lang: Lang,
    /// Whether it is coloured.
    pub colour: bool,
    /// Columns of the terminal.
    pub columns: usize,
}

/// How a word stands out.
#[derive(Debug, Clone, Copy)]
enum Ink {
    Bold,
    Error,
    Warning,
    Good,
    Weak,
}

impl Look {
    /// One of two fixed words.
    fn say(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// The word in its ink, or plain.
    fn paint(&self, ink: Ink, word: &str) -> String {
        if !self.colour {
            return word.to_owned();
        }
        let code = match ink {
            Ink::Bold => "1",
            Ink::Error => "1;31",
            Ink::Warning => "33",
            Ink::Good => "32",
            Ink::Weak => "2",
        };
        format!("\u{1b}[{code}m{word}\u{1b}[0m")
    }

    /// The word for a severity, in its colour.
    fn severity(&self, severity: Severity) -> String {
        let (ink, word) = match severity {
            Severity::Error => (Ink::Error, self.say("エラー", "error")),
            Severity::Warning => (Ink::Warning, self.say("警告", "warning")),
            Severity::Note => (Ink::Weak, self.say("お知らせ", "note")),
        };
        self.paint(ink, word)
    }
}

/// A text of a file on one line, without anything that a terminal would obey or could not show.
fn one_line(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{e000}'..='\u{f8ff}' => '〓',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    let plain: String = text.chars().map(shown).collect();
    plain.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A text of a file shortened for a glance; the whole of it stands in the workbook and on the page.
fn glance(text: &str, columns: usize) -> String {
    let line = one_line(text);
    let mut short = String::new();
    for c in line.chars() {
        if width::width(&short) + width::width(&c.to_string()) + 1 > columns {
            short.push('…');
            return short;
        }
        short.push(c);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_file_steers_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31mb\r\nc\u{202e}d"), "a [31mb c d");
        assert_eq!(glance("令和6年度の取組状況", 11), "令和6年度…");
        assert_eq!(glance("短い", 10), "短い");
    }
}
