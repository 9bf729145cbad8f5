//! Number formats: what Excel's screen shows for a stored value.
//!
//! In: a format code (`#,##0"件"`, `0.0%`, `[$-411]ggge"年"m"月"d"日"`) and a value. Out: the text on the screen.
//! Stays true: a code that is not understood shows the plain number; nothing panics whatever the code is. Colours and column widths are not looked at
//! (a column too narrow shows `###` in Excel and the value here).
//! Neighbours: `decimal` rounds as Excel does, `calendar` knows dates and eras.

use super::calendar::{self, Moment};
use super::decimal::{self, Decimal};

/// A format code, taken apart once and used for every cell that has it.
#[derive(Debug, Clone)]
pub(super) struct NumFmt {
    sections: Vec<Section>,
    text: Option<Section>,
    general: bool,
}

/// One part of a code between semicolons.
#[derive(Debug, Clone, Default)]
struct Section {
    tokens: Vec<Token>,
    condition: Option<(Compare, f64)>,
    date: bool,
    kanji: Option<u8>,
    gannen: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Compare {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// Text that is shown as it is.
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    /// A comma: thousands, or scale if it stands behind the last digit.
    Comma,
    Percent,
    /// `E+` or `E-`.
    Exponent(bool),
    /// `/` between digits.
    Slash,
    General,
    /// `@`.
    Text,
    /// A run of one date letter, or `am` for AM/PM, `ap` for A/P, `kj` for 午前/午後.
    Date(char, usize),
    /// `[h]`, `[mm]` …
    Elapsed(char, usize),
    /// `.000` behind seconds.
    Fraction(usize),
}

/// The code that stands behind a built-in number, as a Japanese Excel shows it (ECMA-376 part 1, 18.8.30).
pub(super) fn builtin(id: u16) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "\"¥\"#,##0;\"¥\"\\-#,##0",
        7 | 8 => "\"¥\"#,##0.00;\"¥\"\\-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 57 => "[$-411]ge.m.d",
        28 | 29 | 51 | 54 | 58 => "[$-411]ggge\"年\"m\"月\"d\"日\"",
        30 => "m/d/yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"時\"mm\"分\"",
        33 => "h\"時\"mm\"分\"ss\"秒\"",
        34 | 52 | 55 => "yyyy\"年\"m\"月\"",
        35 | 53 | 56 => "m\"月\"d\"日\"",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 => "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ",
        42 => "_ \"¥\"* #,##0_ ;_ \"¥\"* -#,##0_ ;_ \"¥\"* \"-\"_ ;_ @_ ",
        43 => "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        44 => "_ \"¥\"* #,##0.00_ ;_ \"¥\"* -#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    }
}

impl NumFmt {
    /// Takes a code apart.
    pub(super) fn parse(code: &str) -> Self {
        let mut sections: Vec<Section> = split_sections(code).iter().map(|s| section(s)).collect();
        let is_text = |s: &Section| s.tokens.contains(&Token::Text);
        let text = if sections.len() >= 4 {
            Some(sections.remove(3))
        } else if sections.last().is_some_and(is_text) {
            // A code without a part for numbers, only for text: numbers are shown plainly.
            if sections.len() == 1 { sections.first().cloned() } else { sections.pop() }
        } else {
            None
        };
        let general = sections.len() == 1 && matches!(sections[0].tokens[..], [Token::General]) && sections[0].kanji.is_none();
        NumFmt { sections, text, general }
    }

    /// What the screen shows for a number.
    pub(super) fn number(&self, value: f64, date1904: bool) -> String {
        if self.general || !value.is_finite() {
            return decimal::general(value);
        }
        let Some((section, negative_shown)) = self.choose(value) else { return decimal::general(value) };
        if section.date {
            return calendar::moment(value, date1904, section.finest()).map_or_else(|| decimal::general(value), |m| section.show_date(&m));
        }
        section.show_number(value, negative_shown)
    }

    /// What the screen shows for a text.
    pub(super) fn text(&self, text: &str) -> String {
        match &self.text {
            Some(section) if section.tokens != [Token::Text] && section.tokens.contains(&Token::Text) => {
                let pieces = section.tokens.iter().map(|t| match t {
                    Token::Text => text,
                    Token::Literal(l) => l,
                    _ => "",
                });
                pieces.collect()
            }
            _ => text.to_string(),
        }
    }

    /// The section for a value, and whether its minus sign is shown (a section for negative numbers only shows none).
    fn choose(&self, value: f64) -> Option<(&Section, bool)> {
        if self.sections.iter().any(|s| s.condition.is_some()) {
            let found = self.sections.iter().find(|s| s.condition.is_none_or(|(c, limit)| c.holds(value, limit)))?;
            let only_negative = matches!(found.condition, Some((Compare::Less, l)) if l <= 0.0)
                || matches!(found.condition, Some((Compare::LessOrEqual, l)) if l < 0.0);
            return Some((found, !only_negative));
        }
        match self.sections.len() {
            0 => None,
            1 => Some((&self.sections[0], true)),
            _ if value < 0.0 => Some((&self.sections[1], false)),
            2 => Some((&self.sections[0], true)),
            _ if value == 0.0 => Some((&self.sections[2], true)),
            _ => Some((&self.sections[0], true)),
        }
    }
}

impl Compare {
    fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Compare::Less => value < limit,
            Compare::LessOrEqual => value <= limit,
            Compare::Greater => value > limit,
            Compare::GreaterOrEqual => value >= limit,
            Compare::Equal => value == limit,
            Compare::NotEqual => value != limit,
        }
    }
}

/// Splits at semicolons outside quotes and brackets.
fn split_sections(code: &str) -> Vec<String> {
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
fn section(code: &str) -> Section {
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

impl Section {
    /// The finest step of time that the section shows, in milliseconds: Excel rounds to it.
    fn finest(&self) -> u64 {
        let fraction = self.tokens.iter().find_map(|t| if let Token::Fraction(n) = t { Some(*n) } else { None });
        match fraction {
            Some(1) => 100,
            Some(2) => 10,
            Some(_) => 1,
            None => 1000,
        }
    }

    fn show_date(&self, moment: &Moment) -> String {
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

    fn show_number(&self, value: f64, negative_shown: bool) -> String {
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

/// Where the digits of a section stand.
struct Shape {
    /// Index of the point; the number of tokens if there is none.
    point: usize,
    whole_places: usize,
    part_places: usize,
    percents: usize,
    thousands: bool,
    scale_commas: usize,
    exponent: Option<usize>,
}

impl Shape {
    fn of(tokens: &[Token]) -> Shape {
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
fn places(digits: &str, count: usize, tokens: &[Token]) -> Vec<(String, bool)> {
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
struct Writer {
    whole: Vec<(String, bool)>,
    part: String,
    exponent: String,
    exponent_negative: bool,
    thousands: bool,
}

impl Writer {
    fn write(&mut self, tokens: &[Token], shape: &Shape) -> String {
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
