//! A date or a number, shown by a section of its code.

use super::digits::{Shape, Writer, places};
use super::{Section, Token};
use crate::workbook::calendar::Moment;
use crate::workbook::decimal::{self, Decimal};

impl Section {
    /// The finest step of time that the section shows, in milliseconds: Excel rounds to it.
    pub(super) fn finest(&self) -> u64 {
        let fraction = self.tokens.iter().find_map(|t| if let Token::Fraction(n) = t { Some(*n) } else { None });
        match fraction {
            Some(1) => 100,
            Some(2) => 10,
            Some(_) => 1,
            None => 1000,
        }
    }

    pub(super) fn show_date(&self, moment: &Moment) -> String {
        let half_day = self.tokens.iter().any(|t| matches!(t, Token::Date('A', _)));
        let mut out = String::new();
        for (n, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Date('e', len) if self.gannen && self.before_year_sign(n) => out.push_str(&moment.era_year(*len, true)),
                Token::Date(letter, len) => out.push_str(&self.digits(moment.part(*letter, *len, half_day))),
                Token::Elapsed(letter, len) => out.push_str(&moment.elapsed(*letter, *len)),
                Token::Fraction(len) => out.push_str(&moment.fraction(*len)),
                _ => {}
            }
        }
        out
    }

    fn before_year_sign(&self, n: usize) -> bool {
        matches!(self.tokens.get(n + 1), Some(Token::Literal(text)) if text.starts_with('年'))
    }

    /// Digits of a date part in the script that `[DBNum1]` … asks for.
    fn digits(&self, part: String) -> String {
        match (self.kanji, part.parse::<u64>()) {
            (Some(kind), Ok(number)) if part.len() <= 2 => decimal::kanji(number, kind),
            (Some(kind), Ok(_)) => decimal::kanji_digits(&part, kind),
            _ => part,
        }
    }

    pub(super) fn show_number(&self, value: f64, negative_shown: bool) -> String {
        let minus = if value < 0.0 && negative_shown { "-" } else { "" };
        let digit_count = self.tokens.iter().filter(|t| matches!(t, Token::Digit(_))).count();
        if digit_count == 0 {
            return self.show_without_digits(value, minus);
        }
        if let Some(at) = self.tokens.iter().position(|t| *t == Token::Slash)
            && let Some(text) = self.show_fraction(value.abs(), at)
        {
            return format!("{minus}{text}");
        }
        let (body, zero) = self.show_digits(value.abs());
        // A value that rounds to nothing shows no minus sign.
        let text = if zero { body } else { format!("{minus}{body}") };
        match self.kanji {
            Some(kind) => decimal::kanji_digits(&text, kind),
            None => text,
        }
    }

    /// Sections of literals, `General` and `@`.
    fn show_without_digits(&self, value: f64, minus: &str) -> String {
        let mut out = String::new();
        let mut shows_value = false;
        for token in &self.tokens {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::General | Token::Text => {
                    shows_value = true;
                    let plain = decimal::general(value.abs());
                    out.push_str(&match (self.kanji, plain.parse::<u64>()) {
                        (Some(kind), Ok(n)) => decimal::kanji(n, kind),
                        _ => plain,
                    });
                }
                Token::Percent => out.push('%'),
                Token::Point => out.push('.'),
                Token::Comma => out.push(','),
                Token::Slash => out.push('/'),
                _ => {}
            }
        }
        if shows_value || !out.is_empty() { format!("{minus}{out}") } else { out }
    }

    /// The usual case: digits, thousands, decimals, per cent, exponent; and whether everything shown is zero.
    fn show_digits(&self, value: f64) -> (String, bool) {
        let shape = Shape::of(&self.tokens);
        let mut number = Decimal::of(value);
        number.scale(2 * shape.percents as i32 - 3 * shape.scale_commas as i32);
        let exponent = shape.exponent.map(|_| number.take_exponent(shape.whole_places.max(1), shape.whole_places > 1));
        let (whole, part) = number.rounded(shape.part_places);
        let zero = whole.bytes().chain(part.bytes()).all(|b| b == b'0');
        let exponent_text = exponent.map(|e| format!("{}", e.unsigned_abs())).unwrap_or_default();
        let mut writer = Writer {
            whole: places(&whole, shape.whole_places, &self.tokens[..shape.point.min(self.tokens.len())]),
            part,
            exponent: exponent_text,
            exponent_negative: exponent.is_some_and(|e| e < 0),
            thousands: shape.thousands,
        };
        (writer.write(&self.tokens, &shape), zero)
    }

    /// `# ?/?`, `?/8`: the nearest fraction.
    fn show_fraction(&self, value: f64, slash: usize) -> Option<String> {
        let behind: String = self.tokens[slash + 1..]
            .iter()
            .map_while(|t| match t {
                Token::Digit(c) => Some(*c),
                Token::Literal(l) if l.len() == 1 && l.as_bytes()[0].is_ascii_digit() => l.chars().next(),
                _ => None,
            })
            .collect();
        let fixed = behind.parse::<u64>().ok().filter(|n| *n > 0);
        let limit = 10u64.checked_pow(u32::try_from(behind.len().min(4)).ok()?)? - 1;
        let whole_part = self.tokens[..slash].iter().filter(|t| matches!(t, Token::Digit(_))).count() > 1
            && self.tokens[..slash].iter().any(|t| matches!(t, Token::Literal(l) if l == " "));
        let whole = if whole_part { value.trunc() } else { 0.0 };
        if whole >= 1e15 {
            return None;
        }
        let (mut top, bottom) = decimal::nearest_fraction(value - whole, fixed, limit.max(1));
        let mut whole = whole as u64;
        if whole_part && top == bottom {
            whole += 1;
            top = 0;
        }
        let fraction = format!("{top}/{bottom}");
        Some(match (whole_part, whole, top) {
            (true, w, 0) => w.to_string(),
            (true, 0, _) => fraction,
            (true, w, _) => format!("{w} {fraction}"),
            (false, ..) => fraction,
        })
    }
}
