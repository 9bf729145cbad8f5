//! File names that are safe on Windows, made from names that people typed.

use unicode_normalization::UnicodeNormalization;

/// Longest name in UTF-16 units that still leaves room for a folder and an extension within Windows' 260.
const LONGEST: usize = 80;

/// A name that Windows accepts as one file or folder name and that leads nowhere: characters that Windows forbids become their full-width forms,
/// control characters and outer blanks and dots go, device names get a `_`, long names are cut. An empty name becomes `_`.
///
/// Only file names are shortened so; the text itself is printed whole.
pub fn safe_file_name(name: &str) -> String {
    let mut out = String::new();
    let mut units = 0;
    for c in name.nfc() {
        let c = match c {
            '\\' => '＼',
            '/' => '／',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '"' => '”',
            '<' => '＜',
            '>' => '＞',
            '|' => '｜',
            '\n' | '\t' => ' ',
            c if c.is_control() || is_invisible(c) => continue,
            c => c,
        };
        units += c.len_utf16();
        if units > LONGEST {
            break;
        }
        out.push(c);
    }
    let trimmed = out.trim_matches(|c: char| c.is_whitespace()).trim_end_matches(['.', ' ']).trim_start_matches('.');
    if trimmed.is_empty() {
        return "_".to_owned();
    }
    let stem = trimmed.split('.').next().unwrap_or(trimmed).trim_end().to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem.as_bytes()[3].is_ascii_digit());
    if device { format!("_{trimmed}") } else { trimmed.to_owned() }
}

/// Marks that turn the writing direction or hide, which could make a name look like another one.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for (from, to) in [
            ("../../x", "／..／x"),
            ("..", "_"),
            ("a:b?", "a：b？"),
            ("CON", "_CON"),
            ("com1.pdf", "_com1.pdf"),
            ("窓口。 ", "窓口。"),
            ("", "_"),
            ("名前...", "名前"),
        ] {
            assert_eq!(safe_file_name(from), to, "{from}");
        }
        assert!(safe_file_name(&"長".repeat(500)).chars().count() <= LONGEST);
    }
}
