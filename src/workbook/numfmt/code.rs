//! A format code, taken apart: sections, conditions, tokens.

use super::{Compare, Section, Token};

/// Splits at semicolons outside quotes and brackets.
pub(super) fn split_sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    let mut bracket = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if !bracket => quoted = !quoted,
            '[' if !quoted => bracket = true,
            ']' if !quoted => bracket = false,
            ';' if !quoted && !bracket => {
                if sections.len() == 4 {
                    break;
                }
                sections.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = sections.last_mut() {
            last.push(c);
            if !quoted && !bracket && matches!(c, '\\' | '!' | '_' | '*') {
                last.extend(chars.next());
            }
        }
    }
    sections
}

/// Takes one section apart.
pub(super) fn section(code: &str) -> Section {
    let mut out = Section::default();
    let chars: Vec<char> = code.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        at = token(&chars, at, &mut out);
    }
    out.date = out.tokens.iter().any(|t| matches!(t, Token::Date(..) | Token::Elapsed(..)));
    if out.date {
        settle_minutes(&mut out.tokens);
        settle_fractions(&mut out.tokens);
    }
    out
}

/// Reads one token at `at`; gives the place behind it.
fn token(chars: &[char], at: usize, out: &mut Section) -> usize {
    let c = chars[at];
    let lower = c.to_ascii_lowercase();
    let rest: String = chars[at..chars.len().min(at + 8)].iter().collect::<String>().to_ascii_lowercase();
    let run = chars[at..].iter().take_while(|d| d.to_ascii_lowercase() == lower).count();
    let mut push = |token| out.tokens.push(token);
    match c {
        '"' => {
            let text: String = chars[at + 1..].iter().take_while(|d| **d != '"').collect();
            let len = text.chars().count();
            push(Token::Literal(text));
            return at + len + 2;
        }
        '[' => return bracket(chars, at, out),
        '\\' | '!' => {
            push(Token::Literal(chars.get(at + 1).map(char::to_string).unwrap_or_default()));
            return at + 2;
        }
        // `_x` leaves a gap as wide as x, `*x` fills the column with x: a blank and nothing.
        '_' => {
            push(Token::Literal(" ".into()));
            return at + 2;
        }
        '*' => return at + 2,
        '0' | '#' | '?' => push(Token::Digit(c)),
        '.' => push(Token::Point),
        ',' => push(Token::Comma),
        '%' | '％' => push(Token::Percent),
        '/' => push(Token::Slash),
        '@' => push(Token::Text),
        _ if rest.starts_with("general") => {
            push(Token::General);
            return at + 7;
        }
        _ if rest.starts_with("g/標準") => {
            push(Token::General);
            return at + 4;
        }
        _ if rest.starts_with("am/pm") => {
            push(Token::Date('A', 2));
            return at + 5;
        }
        _ if rest.starts_with("a/p") => {
            push(Token::Date('A', 1));
            return at + 3;
        }
        _ if rest.starts_with("上午/下午") || rest.starts_with("午前/午後") => {
            push(Token::Date('A', 3));
            return at + 5;
        }
        'E' | 'e' if rest[1..].starts_with(['+', '-']) => {
            push(Token::Exponent(rest[1..].starts_with('+')));
            return at + 2;
        }
        _ if matches!(lower, 'y' | 'm' | 'd' | 'h' | 's' | 'g' | 'e' | 'r' | 'b') => {
            push(Token::Date(lower, run));
            return at + run;
        }
        _ if lower == 'a' && run >= 3 => {
            push(Token::Date('a', run));
            return at + run;
        }
        other => push(Token::Literal(other.to_string())),
    }
    at + 1
}

/// `[…]`: a colour, a condition, a currency or locale, elapsed time, kanji digits.
fn bracket(chars: &[char], at: usize, out: &mut Section) -> usize {
    let inner: String = chars[at + 1..].iter().take_while(|c| **c != ']').collect();
    let next = at + inner.chars().count() + 2;
    let lower = inner.to_ascii_lowercase();
    if let Some(rest) = inner.strip_prefix('$') {
        let (symbol, locale) = rest.split_once('-').unwrap_or((rest, ""));
        out.gannen |= locale.to_ascii_lowercase().contains("gannen");
        if !symbol.is_empty() {
            out.tokens.push(Token::Literal(symbol.to_string()));
        }
    } else if let Some(kind) = lower.strip_prefix("dbnum").and_then(|n| n.parse().ok()) {
        out.kanji = Some(kind);
    } else if let Some(condition) = condition(&inner) {
        out.condition = Some(condition);
    } else if let Some(letter) = lower.chars().next().filter(|c| matches!(c, 'h' | 'm' | 's'))
        && lower.chars().all(|c| c == letter)
    {
        out.tokens.push(Token::Elapsed(letter, lower.len()));
    }
    next
}

fn condition(inner: &str) -> Option<(Compare, f64)> {
    let kinds = [
        ("<=", Compare::LessOrEqual),
        (">=", Compare::GreaterOrEqual),
        ("<>", Compare::NotEqual),
        ("<", Compare::Less),
        (">", Compare::Greater),
        ("=", Compare::Equal),
    ];
    kinds.iter().find_map(|(sign, kind)| Some((*kind, inner.trim().strip_prefix(sign)?.trim().parse().ok()?)))
}

/// `m` is minutes behind hours and before seconds, otherwise months. Minutes become the letter `n`.
fn settle_minutes(tokens: &mut [Token]) {
    let letters: Vec<(usize, char)> = tokens
        .iter()
        .enumerate()
        .filter_map(|(n, t)| match t {
            Token::Date(c, _) | Token::Elapsed(c, _) if *c != 'A' => Some((n, *c)),
            _ => None,
        })
        .collect();
    for (place, (n, letter)) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|p| letters.get(p)).map(|l| l.1);
        let after = letters.get(place + 1).map(|l| l.1);
        if *letter == 'm'
            && (before == Some('h') || after == Some('s'))
            && let Token::Date(c, len) = &mut tokens[*n]
            && *len <= 2
        {
            *c = 'n';
        }
    }
}

/// In dates a point is a literal, except with zeros behind seconds; so are the other signs of numbers.
fn settle_fractions(tokens: &mut Vec<Token>) {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let zeros = tokens[at + 1..].iter().take_while(|t| **t == Token::Digit('0')).count();
        let after_seconds = matches!(out.last(), Some(Token::Date('s', _) | Token::Elapsed('s', _)));
        if tokens[at] == Token::Point && zeros > 0 && after_seconds {
            out.push(Token::Fraction(zeros.min(3)));
            at += zeros + 1;
            continue;
        }
        out.push(match &tokens[at] {
            Token::Point => Token::Literal(".".into()),
            Token::Comma => Token::Literal(",".into()),
            Token::Slash => Token::Literal("/".into()),
            Token::Percent => Token::Literal("%".into()),
            Token::Digit(c) => Token::Literal(c.to_string()),
            other => other.clone(),
        });
        at += 1;
    }
    *tokens = out;
}
