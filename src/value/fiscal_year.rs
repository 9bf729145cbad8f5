//! Fiscal years (April to March): 令和6年度 = R6 = FY2024.
//!
//! Eras come from the calendar library; only their written names stand here. A fiscal year bears the era in which the greater part of it lies, as offices
//! write it: 2019 is 令和元年度 (the era began in May), 1988 is 昭和63年度.

use super::era::{self, Era};
use super::fold::Folded;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A fiscal year, named by the western year in which it begins (令和6年度 is 2024).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FiscalYear(i32);

impl FiscalYear {
    /// The fiscal year that begins in April of this western year.
    pub fn from_western(year: i32) -> Self {
        FiscalYear(year)
    }

    /// The western year in which it begins.
    pub fn western(self) -> i32 {
        self.0
    }

    /// The fiscal year of a day: 31 March 2022 belongs to 2021.
    pub fn of_date(date: NaiveDate) -> Self {
        FiscalYear::of_month(date.year(), date.month())
    }

    /// The fiscal year of a month: 令和4年3月 belongs to 令和3年度.
    pub fn of_month(year: i32, month: u32) -> Self {
        FiscalYear(if month < 4 { year - 1 } else { year })
    }

    /// The era in which the greater part of the year lies, and the year in it; `None` before the eras that people write.
    pub fn era(self) -> Option<(Era, i32)> {
        era::of_day(self.0, 10, 1)
    }

    /// The short key used in field names: `R6`, `H30`.
    pub fn key(self) -> String {
        self.era().map_or_else(|| self.0.to_string(), |(era, n)| format!("{}{n}", era.letter()))
    }

    /// The year as offices write it: 令和6年度, 令和元年度.
    pub fn name(self) -> String {
        self.printed("令和{n}年度")
    }

    /// The year as a form prints it: `R {n}`, `令和{n}年度`, `{n}年度`; `{n}` is the year of the era (元 before 年), `{western}` the western year.
    /// An era that the pattern names becomes the year's own.
    pub fn printed(self, pattern: &str) -> String {
        let Some((own, n)) = self.era() else { return pattern.replace("{western}", &self.0.to_string()).replace("{n}", &self.0.to_string()) };
        let pattern = match Era::ALL.iter().find(|e| pattern.contains(e.name())) {
            Some(named) => pattern.replace(named.name(), own.name()),
            None => match pattern.trim_start().chars().next().and_then(Era::of_letter) {
                Some(named) => pattern.replacen(named.letter(), &own.letter().to_string(), 1),
                None => pattern.to_owned(),
            },
        };
        let first_as_gan = if n == 1 { pattern.replace("{n}年", "元年") } else { pattern };
        first_as_gan.replace("{n}", &n.to_string()).replace("{western}", &self.0.to_string())
    }

    /// `R6`, `R 6`, `令和6年度`, `2024年度`, `令和元年度`, `FY2024` …, alone in a cell; `None` for what is no single fiscal year.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = Folded::new(&text.trim().to_uppercase());
        let (mention, end) = mention_at(&folded, 0, true)?;
        if folded.skip_blanks(end) != folded.chars.len() || mention.month.is_some() {
            return None;
        }
        Some(FiscalYear(mention.year))
    }

    /// Like [`FiscalYear::parse`]; `6年度` and `6年` too, in the era of a year that stands near by.
    pub fn parse_near(text: &str, near: FiscalYear) -> Option<Self> {
        if let Some(year) = FiscalYear::parse(text) {
            return Some(year);
        }
        let folded = Folded::new(text.trim());
        let (n, end) = era_number(&folded, 0)?;
        let end = folded.skip_blanks(end);
        let tail = if folded.has(end, "年度") { 2 } else { usize::from(folded.has(end, "年")) };
        if tail == 0 || folded.skip_blanks(end + tail) != folded.chars.len() {
            return None;
        }
        let (era, _) = near.era()?;
        era.year(n).map(FiscalYear)
    }

    /// `n` years later.
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        FiscalYear(self.0.saturating_add(n))
    }
}

/// A year, month or day named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The part of the text.
    pub as_written: String,
    /// Its bytes in the text.
    pub at: std::ops::Range<usize>,
    /// The western year that is named.
    pub year: i32,
    /// The month, if one is named.
    pub month: Option<u32>,
    /// Whether a fiscal year is meant (年度, or a bare `R6`); a bare 令和6年 is a calendar year.
    pub fiscal: bool,
    /// Whether an era is named; a western year else.
    pub era: bool,
}

impl Mention {
    /// The fiscal year that is meant; `None` for a bare calendar year, which touches two of them.
    pub fn fiscal_year(&self) -> Option<FiscalYear> {
        match self.month {
            Some(month) => Some(FiscalYear::of_month(self.year, month)),
            None => self.fiscal.then_some(FiscalYear(self.year)),
        }
    }
}

/// Every year and date that a text names with its era or as a western year.
pub fn years_in(text: &str) -> Vec<Mention> {
    let folded = Folded::new(text);
    scan(&folded)
        .into_iter()
        .map(|(from, to, mut mention)| {
            mention.at = folded.bytes(from, to);
            mention.as_written = text.get(mention.at.clone()).unwrap_or_default().to_owned();
            mention
        })
        .collect()
}

/// Mentions with their places among the folded characters.
pub(crate) fn scan(folded: &Folded) -> Vec<(usize, usize, Mention)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < folded.chars.len() {
        let inside_word = at > 0 && folded.chars[at].is_ascii_alphanumeric() && folded.chars[at - 1].is_ascii_alphanumeric();
        match mention_at(folded, at, false).filter(|_| !inside_word) {
            Some((mention, end)) => {
                found.push((at, end, mention));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Two names of one year that are not the same year (令和6年度（2025年度）).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraMismatch {
    /// Both names as they stand in the text.
    pub as_written: String,
    /// The year that the era's name means, in western counting.
    pub era: i32,
    /// The western year that stands beside it.
    pub western: i32,
}

/// Places where a year of an era and a western year stand for each other, one in brackets behind the other, and differ.
pub fn era_mismatches(text: &str) -> Vec<EraMismatch> {
    let folded = Folded::new(text);
    let mentions = scan(&folded);
    let mut found = Vec::new();
    for (n, (from, to, first)) in mentions.iter().enumerate() {
        let Some((second_from, second_to, second)) =
            mentions.get(n + 1).map(|(f, t, m)| (*f, *t, m.clone())).or_else(|| bare_western(&folded, *to, first.fiscal))
        else {
            continue;
        };
        if first.era == second.era || !stands_for(&folded, *to, second_from, second_to) || agree(first, &second) {
            continue;
        }
        let (era, western) = if first.era { (first.year, second.year) } else { (second.year, first.year) };
        let as_written = text.get(folded.bytes(*from, (second_to + 1).min(folded.chars.len()))).unwrap_or_default().to_owned();
        found.push(EraMismatch { as_written, era, western });
    }
    found
}

/// Whether only an opening bracket (or `=`, `/`) stands between two mentions, and the bracket closes behind the second.
fn stands_for(folded: &Folded, to: usize, second_from: usize, second_to: usize) -> bool {
    let between: String = folded.chars.get(to..second_from).unwrap_or_default().iter().filter(|c| !c.is_whitespace()).collect();
    match between.as_str() {
        "(" | "[" | "〔" | "(西暦" => matches!(folded.get(folded.skip_blanks(second_to)), Some(')' | ']' | '〕')),
        "=" | "/" | "・" => true,
        _ => false,
    }
}

/// Whether two mentions may mean the same time.
fn agree(a: &Mention, b: &Mention) -> bool {
    if a.year == b.year {
        return true;
    }
    // A calendar year beside a fiscal year may be either of the two that the fiscal year touches; a date is inside it.
    match (a.fiscal, b.fiscal) {
        (true, false) => b.month.map_or(b.year == a.year + 1, |m| FiscalYear::of_month(b.year, m).0 == a.year),
        (false, true) => a.month.map_or(a.year == b.year + 1, |m| FiscalYear::of_month(a.year, m).0 == b.year),
        _ => false,
    }
}

/// `（2025）` directly behind a mention: meant as the same kind of year.
fn bare_western(folded: &Folded, to: usize, fiscal: bool) -> Option<(usize, usize, Mention)> {
    let open = folded.skip_blanks(to);
    if folded.get(open) != Some('(') {
        return None;
    }
    let (year, end) = folded.digits(open + 1)?;
    if end != open + 5 || !(1868..=2200).contains(&year) || folded.get(end) != Some(')') {
        return None;
    }
    Some((open + 1, end, Mention { as_written: String::new(), at: 0..0, year: i32::try_from(year).ok()?, month: None, fiscal, era: false }))
}

/// A mention that begins at this place, and the place behind it. `alone`: the whole cell is the year, so bare western years and rare letters count.
fn mention_at(folded: &Folded, at: usize, alone: bool) -> Option<(Mention, usize)> {
    era_mention(folded, at, alone).or_else(|| western_mention(folded, at, alone))
}

fn era_mention(folded: &Folded, at: usize, alone: bool) -> Option<(Mention, usize)> {
    let named = Era::ALL.into_iter().find(|e| folded.has(at, e.name()));
    let (era, after) = match named {
        Some(era) => (era, at + era.name().chars().count()),
        None => (Era::of_letter(folded.get(at)?).or_else(|| Era::of_short(folded.get(at)?).filter(|_| alone))?, at + 1),
    };
    let dotted = if named.is_none() && folded.get(after) == Some('.') { after + 1 } else { after };
    let (n, end) = era_number(folded, folded.skip_blanks(dotted))?;
    let year = era.year(n)?;
    let (month, fiscal, tail) = tail_of(folded, end);
    if named.is_none() && folded.get(tail).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-') {
        return None;
    }
    let bare = tail == end;
    // 「R一覧」 and 「令和一新」 are no years.
    let in_kanji = !matches!(folded.get(folded.skip_blanks(dotted)), Some('0'..='9' | '元'));
    if in_kanji && !alone && (bare || named.is_none()) {
        return None;
    }
    // A letter alone is a year only where it cannot be the name of something else.
    if bare && named.is_none() && !alone && !era.is_recent() {
        return None;
    }
    let end = if bare { end } else { tail };
    Some((Mention { as_written: String::new(), at: 0..0, year, month, fiscal: fiscal || bare, era: true }, end))
}

fn western_mention(folded: &Folded, at: usize, alone: bool) -> Option<(Mention, usize)> {
    let prefix = ["FY", "西暦"].into_iter().find(|p| folded.has(at, p));
    let start = folded.skip_blanks(at + prefix.map_or(0, |p| p.chars().count()));
    let (year, end) = folded.digits(start)?;
    if end != start + 4 || !(1868..=2200).contains(&year) {
        return None;
    }
    let (month, fiscal, tail) = tail_of(folded, end);
    if tail == end && !fiscal && !(alone || prefix == Some("FY")) {
        return None;
    }
    let fiscal = fiscal || tail == end;
    Some((Mention { as_written: String::new(), at: 0..0, year: i32::try_from(year).ok()?, month, fiscal, era: false }, tail))
}

/// The number of a year in its era: one or two digits, or 元.
fn era_number(folded: &Folded, at: usize) -> Option<(i32, usize)> {
    if folded.get(at) == Some('元') {
        return Some((1, at + 1));
    }
    let Some((n, end)) = folded.digits(at) else { return kanji_number(folded, at) };
    (end <= at + 2 && n > 0).then_some((i32::try_from(n).ok()?, end))
}

/// 六, 十, 十二, 三十一.
fn kanji_number(folded: &Folded, at: usize) -> Option<(i32, usize)> {
    const DIGITS: &str = "一二三四五六七八九";
    let digit = |at: usize| folded.get(at).and_then(|c| DIGITS.chars().position(|d| d == c)).and_then(|n| i32::try_from(n + 1).ok());
    let first = digit(at);
    let ten = at + usize::from(first.is_some());
    if folded.get(ten) != Some('十') {
        return first.map(|n| (n, at + 1));
    }
    let ones = digit(ten + 1);
    Some((first.unwrap_or(1) * 10 + ones.unwrap_or(0), ten + 1 + usize::from(ones.is_some())))
}

/// What follows the number of a year: 年度, 年3月15日, .3.15, /3/15. Month, whether 年度 stands there, and the place behind.
fn tail_of(folded: &Folded, end: usize) -> (Option<u32>, bool, usize) {
    let at = folded.skip_blanks(end);
    if folded.has(at, "年度") {
        return (None, true, at + 2);
    }
    let after_bracket = bracketed(folded, at);
    if let Some(close) = after_bracket
        && folded.has(close, "年度")
    {
        // 令和6（2024）年度: the bracket is looked at on its own.
        return (None, true, end);
    }
    if folded.has(at, "年") {
        let after = folded.skip_blanks(at + 1);
        return match month_at(folded, after).filter(|(_, e)| folded.has(folded.skip_blanks(*e), "月")) {
            Some((month, e)) => (Some(month), false, day_end(folded, folded.skip_blanks(e) + 1)),
            None => (None, false, at + 1),
        };
    }
    for separator in ['.', '/'] {
        if folded.get(end) == Some(separator)
            && let Some((month, e)) = month_at(folded, end + 1)
        {
            let day = (folded.get(e) == Some(separator)).then(|| folded.digits(e + 1)).flatten();
            return (Some(month), false, day.map_or(e, |(_, e)| e));
        }
    }
    (None, false, end)
}

/// The place behind `(2024)` or `(令和6)`.
fn bracketed(folded: &Folded, at: usize) -> Option<usize> {
    if folded.get(at) != Some('(') {
        return None;
    }
    let named = Era::ALL.into_iter().find(|e| folded.has(at + 1, e.name())).map(|e| e.name().chars().count());
    let end = match named {
        Some(length) => era_number(folded, folded.skip_blanks(at + 1 + length))?.1,
        None => folded.digits(at + 1)?.1,
    };
    (folded.get(end) == Some(')')).then_some(end + 1)
}

fn month_at(folded: &Folded, at: usize) -> Option<(u32, usize)> {
    folded.digits(at).filter(|(m, e)| (1..=12).contains(m) && *e <= at + 2)
}

/// The place behind `15日`, or `at` if no day follows.
fn day_end(folded: &Folded, at: usize) -> usize {
    folded.digits(folded.skip_blanks(at)).filter(|(_, e)| folded.has(*e, "日")).map_or(at, |(_, e)| e + 1)
}

impl std::fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key())
    }
}

impl TryFrom<String> for FiscalYear {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        FiscalYear::parse(&text).ok_or_else(|| format!("「{text}」は年度として読めません / not a fiscal year"))
    }
}

impl From<FiscalYear> for String {
    fn from(year: FiscalYear) -> String {
        year.key()
    }
}
