//! The digits of a number, laid into the places of a section.

use super::Token;

/// Where the digits of a section stand.
pub(super) struct Shape {
    /// Index of the point; the number of tokens if there is none.
    pub(super) point: usize,
    pub(super) whole_places: usize,
    pub(super) part_places: usize,
    pub(super) percents: usize,
    pub(super) thousands: bool,
    pub(super) scale_commas: usize,
    pub(super) exponent: Option<usize>,
}

impl Shape {
    pub(super) fn of(tokens: &[Token]) -> Shape {
        let exponent = tokens.iter().position(|t| matches!(t, Token::Exponent(_)));
        let body = exponent.unwrap_or(tokens.len());
        let point = tokens[..body].iter().position(|t| *t == Token::Point).unwrap_or(body);
        let is_digit = |t: &Token| matches!(t, Token::Digit(_));
        let last_digit = tokens[..body].iter().rposition(is_digit).unwrap_or(0);
        let scale_commas = tokens[last_digit..body].iter().skip(1).take_while(|t| **t == Token::Comma).count();
        let first_digit = tokens[..point].iter().position(is_digit).unwrap_or(point);
        let last_whole = tokens[..point].iter().rposition(is_digit).unwrap_or(0);
        let thousands = first_digit < last_whole && tokens[first_digit..last_whole].contains(&Token::Comma);
        Shape {
            point,
            whole_places: tokens[..point].iter().filter(|t| is_digit(t)).count(),
            part_places: tokens[point..body].iter().filter(|t| is_digit(t)).count(),
            percents: tokens.iter().filter(|t| **t == Token::Percent).count(),
            thousands,
            scale_commas,
            exponent,
        }
    }
}

/// Spreads the digits of a whole number over its places, from the right; the first place takes those left over. Unused places show what their sign says.
pub(super) fn places(digits: &str, count: usize, tokens: &[Token]) -> Vec<(String, bool)> {
    let signs: Vec<char> = tokens.iter().filter_map(|t| if let Token::Digit(c) = t { Some(*c) } else { None }).collect();
    let trimmed = digits.trim_start_matches('0');
    let digits: Vec<char> = trimmed.chars().collect();
    let mut out = vec![(String::new(), false); count];
    for (place, slot) in out.iter_mut().enumerate() {
        let from_right = count - 1 - place;
        let sign = signs.get(place).copied().unwrap_or('0');
        *slot = match digits.len().checked_sub(from_right + 1) {
            Some(index) if place == 0 => (digits[..=index].iter().collect(), true),
            Some(index) => (digits[index].to_string(), true),
            None if sign == '0' => ("0".into(), true),
            None if sign == '?' => (" ".into(), false),
            None => (String::new(), false),
        };
    }
    out
}

/// Writes the digits into the section's tokens.
pub(super) struct Writer {
    pub(super) whole: Vec<(String, bool)>,
    pub(super) part: String,
    pub(super) exponent: String,
    pub(super) exponent_negative: bool,
    pub(super) thousands: bool,
}

impl Writer {
    pub(super) fn write(&mut self, tokens: &[Token], shape: &Shape) -> String {
        let mut out = String::new();
        let total: usize = self.whole.iter().filter(|p| p.1).map(|p| p.0.len()).sum();
        let mut written = 0;
        let (mut place, mut decimals) = (0, 0);
        let body = shape.exponent.unwrap_or(tokens.len());
        // No place before the point (`.00`): a whole part is shown all the same.
        for (n, token) in tokens.iter().enumerate() {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Digit(_) if n < shape.point => {
                    let (text, real) = self.whole.get(place).cloned().unwrap_or_default();
                    self.digits(&text, real, total, &mut written, &mut out);
                    place += 1;
                }
                Token::Digit(sign) if n < body => {
                    self.decimal(*sign, decimals, &mut out);
                    decimals += 1;
                }
                Token::Digit(_) => {}
                Token::Point if n == shape.point => out.push('.'),
                Token::Point => out.push('.'),
                Token::Percent => out.push('%'),
                Token::Exponent(plus) => self.exponent(*plus, &tokens[n + 1..], &mut out),
                Token::Slash => out.push('/'),
                Token::General | Token::Text | Token::Comma | Token::Date(..) | Token::Elapsed(..) | Token::Fraction(_) => {}
            }
        }
        out
    }

    fn digits(&self, text: &str, real: bool, total: usize, written: &mut usize, out: &mut String) {
        for c in text.chars() {
            if real && self.thousands && *written > 0 && (total - *written).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
            if real {
                *written += 1;
            }
        }
    }

    fn decimal(&self, sign: char, n: usize, out: &mut String) {
        let rest_is_zero = self.part.bytes().skip(n).all(|b| b == b'0');
        match (sign, rest_is_zero) {
            ('#', true) => {}
            ('?', true) => out.push(' '),
            _ => out.push(self.part.chars().nth(n).unwrap_or('0')),
        }
    }

    fn exponent(&self, plus: bool, behind: &[Token], out: &mut String) {
        out.push('E');
        match (self.exponent_negative, plus) {
            (true, _) => out.push('-'),
            (false, true) => out.push('+'),
            (false, false) => {}
        }
        let places = behind.iter().take_while(|t| matches!(t, Token::Digit(_))).count();
        out.push_str(&"0".repeat(places.saturating_sub(self.exponent.len())));
        out.push_str(&self.exponent);
    }
}
