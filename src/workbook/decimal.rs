//! Figures as Excel writes them: fifteen digits, halves away from zero, `General`, kanji digits.
//!
//! Neighbours: `numfmt` lays the digits into a format; `xls`, `ods` and `xlsx` use [`general`] for cells without one.

/// A number of at most fifteen decimal digits: `0.d1d2d3… × 10^exponent`.
#[derive(Debug, Clone)]
pub(super) struct Decimal {
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    /// The fifteen digits that Excel keeps of a number; its sign is dropped.
    pub(super) fn of(value: f64) -> Self {
        if value == 0.0 || !value.is_finite() {
            return Decimal { digits: vec![0], exponent: 1 };
        }
        let text = format!("{:.14e}", value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
        Decimal { digits, exponent: exponent.parse::<i32>().unwrap_or(0) + 1 }
    }

    /// Multiplies by a power of ten.
    pub(super) fn scale(&mut self, power: i32) {
        if self.digits.iter().any(|d| *d != 0) {
            self.exponent += power;
        }
    }

    /// Takes the exponent out, so that `places` digits stand before the point; with `steps` the exponent is a multiple of `places`.
    pub(super) fn take_exponent(&mut self, places: usize, steps: bool) -> i32 {
        if self.digits.iter().all(|d| *d == 0) {
            return 0;
        }
        let places = i32::try_from(places).unwrap_or(1).max(1);
        let taken = if steps { (self.exponent - 1).div_euclid(places) * places } else { self.exponent - places };
        self.exponent -= taken;
        taken
    }

    /// Rounded to so many decimals, halves away from zero: the digits before and behind the point.
    pub(super) fn rounded(&self, decimals: usize) -> (String, String) {
        let decimals = decimals.min(400);
        let keep = i64::from(self.exponent) + decimals as i64;
        let mut digits: Vec<u8> = Vec::new();
        if keep >= 0 {
            let keep = keep as usize;
            digits.push(0);
            digits.extend((0..keep).map(|n| self.digits.get(n).copied().unwrap_or(0)));
            if self.digits.get(keep).copied().unwrap_or(0) >= 5 {
                carry(&mut digits);
            }
        }
        // Right-aligned: the last `decimals` digits stand behind the point.
        let missing = (decimals + 1).saturating_sub(digits.len());
        let mut all = vec![0u8; missing];
        all.extend(digits);
        let split = all.len() - decimals;
        let text = |d: &[u8]| d.iter().map(|d| char::from(b'0' + d)).collect::<String>();
        let whole = text(&all[..split]);
        let whole = whole.trim_start_matches('0');
        (if whole.is_empty() { "0".into() } else { whole.into() }, text(&all[split..]))
    }
}

fn carry(digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
}

/// The format `General` (標準): at most eleven places, an exponent for what does not fit.
pub(super) fn general(value: f64) -> String {
    if !value.is_finite() {
        return "#NUM!".into();
    }
    let minus = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    let number = Decimal::of(size);
    if !(1e-4..99_999_999_999.5).contains(&size) {
        // Tiny numbers that are short are written out: 0.00001 is 1E-05, 0.0001 is itself.
        return format!("{minus}{}", scientific(number));
    }
    let whole_digits = usize::try_from(number.exponent.max(1)).unwrap_or(1);
    let (whole, part) = number.rounded(10usize.saturating_sub(whole_digits));
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{minus}{whole}") } else { format!("{minus}{whole}.{part}") }
}

fn scientific(mut number: Decimal) -> String {
    let mut exponent = number.take_exponent(1, false);
    let (mut whole, mut part) = number.rounded(5);
    if whole == "10" {
        whole = "1".into();
        part = String::new();
        exponent += 1;
    }
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{whole}{point}{part}E{sign}{:02}", exponent.abs())
}

/// The fraction nearest to a value below one: with the given denominator, or with the best one up to `limit`.
pub(super) fn nearest_fraction(value: f64, fixed: Option<u64>, limit: u64) -> (u64, u64) {
    if let Some(bottom) = fixed {
        return ((value * bottom as f64).round() as u64, bottom);
    }
    let mut best = (value.round() as u64, 1);
    let mut error = (value - value.round()).abs();
    for bottom in 2..=limit {
        let top = (value * bottom as f64).round();
        let off = (value - top / bottom as f64).abs();
        if off < error - 1e-12 {
            best = (top as u64, bottom);
            error = off;
        }
    }
    best
}

const KANJI: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const FORMAL: [char; 10] = ['〇', '壱', '弐', '参', '四', '伍', '六', '七', '八', '九'];

fn digit(n: u64, kind: u8) -> char {
    let n = usize::try_from(n % 10).unwrap_or(0);
    match kind {
        1 => KANJI[n],
        2 => FORMAL[n],
        _ => char::from_u32(0xFF10 + n as u32).unwrap_or('０'),
    }
}

/// Each digit by itself: 二〇二四, ２０２４.
pub(super) fn kanji_digits(text: &str, kind: u8) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |d| digit(u64::from(d), kind))).collect()
}

/// A whole number in words of the script: 二十四 (`[DBNum1]`), 弐拾四 (`[DBNum2]`); `[DBNum3]` only widens the digits.
pub(super) fn kanji(number: u64, kind: u8) -> String {
    if kind >= 3 || number == 0 {
        return kanji_digits(&number.to_string(), kind);
    }
    let large = if kind == 1 { ["", "万", "億", "兆", "京"] } else { ["", "萬", "億", "兆", "京"] };
    let small = if kind == 1 { ["", "十", "百", "千"] } else { ["", "拾", "百", "阡"] };
    let mut out = String::new();
    for (group, unit) in large.iter().enumerate().rev() {
        let part = number / 10_000u64.pow(group as u32) % 10_000;
        for (place, name) in small.iter().enumerate().rev() {
            let d = part / 10u64.pow(place as u32) % 10;
            if d > 0 {
                // One ten is written 十 and not 一十, except in formal writing.
                if d > 1 || place == 0 || kind == 2 {
                    out.push(digit(d, kind));
                }
                out.push_str(name);
            }
        }
        if part > 0 {
            out.push_str(unit);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn general_as_the_screen_shows_it() {
        for (value, shown) in [
            (0.0, "0"),
            (-0.0, "0"),
            (4300.0, "4300"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333"),
            (1_234.567_890_123, "1234.56789"),
            (-12.5, "-12.5"),
            (12_345_678_901.0, "12345678901"),
            (123_456_789_012.0, "1.23457E+11"),
            (0.0001, "0.0001"),
            (0.000_012_34, "1.234E-05"),
            (1e300, "1E+300"),
            (99_999_999_999.9, "1E+11"),
        ] {
            assert_eq!(general(value), shown, "{value:?}");
        }
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(Decimal::of(1.005).rounded(2), ("1".into(), "01".into()));
        assert_eq!(Decimal::of(0.5).rounded(0), ("1".into(), String::new()));
        assert_eq!(Decimal::of(999.5).rounded(0), ("1000".into(), String::new()));
        assert_eq!(Decimal::of(0.04).rounded(1), ("0".into(), "0".into()));
        assert_eq!(Decimal::of(0.0004).rounded(1), ("0".into(), "0".into()));
    }

    #[test]
    fn kanji_numbers() {
        assert_eq!(kanji(24, 1), "二十四");
        assert_eq!(kanji(10, 1), "十");
        assert_eq!(kanji(12_030, 1), "一万二千三十");
        assert_eq!(kanji(24, 2), "弐拾四");
        assert_eq!(kanji(24, 3), "２４");
        assert_eq!(kanji_digits("2024", 1), "二〇二四");
    }
}
