//! Patterns of unlabelled cells: `{no}. {name} ({subtitle})`, `{marker} {name}`.
//!
//! In: a pattern of the form and a text. Out: the number or marker and the name, if the text has that shape.
//! Stays true: what follows the name in the pattern may be missing; what stands before it must be there.

/// A text taken apart by a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The number or marker before the name, as written.
    pub number: String,
    /// The rest.
    pub name: String,
}

/// Takes a text apart; `None` if it has another shape.
pub(crate) fn split(pattern: &str, text: &str) -> Option<Parts> {
    let text: Vec<char> = text.trim().chars().collect();
    let mut at = 0;
    let mut number = String::new();
    let mut rest = pattern;
    loop {
        at += text[at..].iter().take_while(|c| c.is_whitespace()).count();
        rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('{') {
            let (name, after) = inner.split_once('}')?;
            rest = after;
            match name.rsplit('.').next().unwrap_or(name).split(':').next().unwrap_or("") {
                "no" | "number" | "seq" => {
                    let digits = text[at..].iter().take_while(|c| narrow(**c).is_ascii_digit()).count();
                    if digits == 0 || digits > 4 {
                        return None;
                    }
                    number.extend(text[at..at + digits].iter());
                    at += digits;
                }
                "marker" => {
                    let taken = marker(&text[at..])?;
                    number.extend(text[at..at + taken].iter());
                    at += taken;
                }
                _ => {
                    let name: String = text[at..].iter().collect();
                    let name = name.trim().to_owned();
                    return (!name.is_empty()).then_some(Parts { number, name });
                }
            }
        } else {
            let literal = rest.chars().next()?;
            if text.get(at).map(|c| narrow(*c)) != Some(narrow(literal)) {
                return None;
            }
            at += 1;
            rest = &rest[literal.len_utf8()..];
        }
    }
}

/// How many characters of a marker stand here: ①, (1), 1., ア, ・.
fn marker(text: &[char]) -> Option<usize> {
    let first = *text.first()?;
    if ('①'..='⓿').contains(&first) || ('⑴'..='⒛').contains(&first) || ('㈠'..='㉿').contains(&first) || ('Ⅰ'..='ⅻ').contains(&first) {
        return Some(1);
    }
    if narrow(first) == '(' {
        let close = text.iter().take(6).position(|c| narrow(*c) == ')')?;
        return Some(close + 1);
    }
    let digits = text.iter().take_while(|c| narrow(**c).is_ascii_digit()).count();
    if (1..=3).contains(&digits) {
        let dot = matches!(text.get(digits).map(|c| narrow(*c)), Some('.' | ')' | '、'));
        return Some(digits + usize::from(dot));
    }
    None
}

/// Full-width ASCII made half-width; circled numbers stay.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '　' => ' ',
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn titles_come_apart() {
        for (pattern, text, number, name) in [
            (
                "{no}. {name} ({subtitle}) 【{tag}】",
                "10. 災害時の情報共有・発信の実現 (防災ポータル等)",
                "10",
                "災害時の情報共有・発信の実現 (防災ポータル等)",
            ),
            ("{no}. {name}", "１０．名前", "１０", "名前"),
            ("({no}) {name}", "（1） 市民にとって", "1", "市民にとって"),
            ("{marker} {name}", "② 市民との行政課題の共有", "②", "市民との行政課題の共有"),
            ("{no} {name}", "1 市民ニーズ", "1", "市民ニーズ"),
        ] {
            assert_eq!(split(pattern, text), Some(Parts { number: number.into(), name: name.into() }), "{text}");
        }
        for (pattern, text) in [("({no}) {name}", "1 市民"), ("{marker} {name}", "市民との"), ("{no}. {name}", "10."), ("{no} {name}", "")] {
            assert_eq!(split(pattern, text), None, "{text}");
        }
    }
}
