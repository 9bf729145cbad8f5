//! Number formats: what Excel's screen shows for a stored value.
//!
//! In: a format code (`#,##0"件"`, `0.0%`, `[$-411]ggge"年"m"月"d"日"`) and a value. Out: the text on the screen.
//! Stays true: a code that is not understood shows the plain number; nothing panics whatever the code is. Colours and column widths are not looked at
//! (a column too narrow shows `###` in Excel and the value here).
//! Neighbours: [`code`] takes a code apart, [`show`] shows a date or a number by a section, [`digits`] lays digits into it; `decimal` rounds as Excel does,
//! `calendar` knows dates and eras.

mod code;
mod digits;
mod show;
#[cfg(test)]
mod tests;

use super::calendar;
use super::decimal;
use code::{section, split_sections};

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
