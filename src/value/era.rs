//! Eras as people write them; when each began is known to the calendar library alone.

use icu_calendar::Date;
use icu_calendar::cal::Japanese;
use icu_calendar::types::{Month, YearInput};

/// An era that stands in documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// 令和.
    Reiwa,
    /// 平成.
    Heisei,
    /// 昭和.
    Showa,
    /// 大正.
    Taisho,
    /// 明治.
    Meiji,
}

impl Era {
    /// All of them, the youngest first.
    pub const ALL: [Era; 5] = [Era::Reiwa, Era::Heisei, Era::Showa, Era::Taisho, Era::Meiji];

    /// Its written name.
    pub fn name(self) -> &'static str {
        match self {
            Era::Reiwa => "令和",
            Era::Heisei => "平成",
            Era::Showa => "昭和",
            Era::Taisho => "大正",
            Era::Meiji => "明治",
        }
    }

    /// Its letter in short forms (`R6`).
    pub fn letter(self) -> char {
        match self {
            Era::Reiwa => 'R',
            Era::Heisei => 'H',
            Era::Showa => 'S',
            Era::Taisho => 'T',
            Era::Meiji => 'M',
        }
    }

    /// The era of a letter.
    pub fn of_letter(letter: char) -> Option<Era> {
        Era::ALL.into_iter().find(|e| e.letter() == letter)
    }

    /// The era of the first character of its name, as narrow headings have it (令6).
    pub(crate) fn of_short(first: char) -> Option<Era> {
        Era::ALL.into_iter().find(|e| e.name().starts_with(first))
    }

    /// Whether plans of today speak of it, so that its letter and a number alone are a year.
    pub fn is_recent(self) -> bool {
        matches!(self, Era::Reiwa | Era::Heisei)
    }

    /// The calendar library's code.
    fn code(self) -> &'static str {
        match self {
            Era::Reiwa => "reiwa",
            Era::Heisei => "heisei",
            Era::Showa => "showa",
            Era::Taisho => "taisho",
            Era::Meiji => "meiji",
        }
    }

    /// The western year of a year of this era. Years that never came are right too: plans made before 2019 speak of 平成32年度.
    pub fn year(self, n: i32) -> Option<i32> {
        if !(1..=99).contains(&n) {
            return None;
        }
        let day = Date::try_new(YearInput::EraYear(self.code(), n), Month::new(12), 31, Japanese::new()).ok()?;
        Some(day.year().extended_year())
    }
}

/// The era of a day and the year in it; `None` before the eras that people write.
pub(crate) fn of_day(year: i32, month: u8, day: u8) -> Option<(Era, i32)> {
    let date = Date::try_new_gregorian(year, month, day).ok()?.to_calendar(Japanese::new());
    let info = date.era_year();
    let era = Era::ALL.into_iter().find(|e| e.code() == info.era.as_str())?;
    Some((era, info.year))
}
