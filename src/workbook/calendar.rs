//! Dates and times of spreadsheets: serial numbers, eras, weekdays.
//!
//! In: a serial number and the workbook's epoch. Out: the parts of the moment as texts.
//! Stays true: the day 29 February 1900, which Lotus 1-2-3 invented and Excel kept, is shown as Excel shows it. Eras come from the calendar library.

use chrono::{Datelike, Days, NaiveDate};

/// Last serial that Excel shows as a date: 31 December 9999.
const LAST: f64 = 2_958_465.999_999_9;

/// A moment taken apart.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    year: i32,
    month: u32,
    day: u32,
    /// Sunday is 0.
    weekday: u32,
    /// Milliseconds since midnight.
    millis: u64,
    /// Milliseconds since serial 0, for elapsed times.
    total: u64,
}

/// The moment of a serial number, rounded to `finest` milliseconds; `None` outside Excel's calendar.
pub(super) fn moment(serial: f64, date1904: bool, finest: u64) -> Option<Moment> {
    if !(0.0..=LAST).contains(&serial) {
        return None;
    }
    let exact = (serial * 86_400_000.0).round() as u64;
    let total = (exact + finest / 2) / finest * finest;
    let day = total / 86_400_000;
    let millis = total % 86_400_000;
    let (year, month, dom, weekday) = if date1904 {
        let date = NaiveDate::from_ymd_opt(1904, 1, 1)?.checked_add_days(Days::new(day))?;
        (date.year(), date.month(), date.day(), date.weekday().num_days_from_sunday())
    } else {
        // Serial 1 is Sunday 1 January 1900 for Excel, which keeps weekdays right from March 1900 on.
        let weekday = u32::try_from((day + 6) % 7).ok()?;
        match day {
            0 => (1900, 1, 0, weekday),
            60 => (1900, 2, 29, weekday),
            _ => {
                let shift = u64::from(day < 60);
                let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(day + shift))?;
                (date.year(), date.month(), date.day(), weekday)
            }
        }
    };
    Some(Moment { year, month, day: dom, weekday, millis, total })
}

/// The serial number of a moment (1900 system); what `t="d"` cells and OpenDocument dates become.
pub(super) fn serial(at: chrono::NaiveDateTime) -> Option<f64> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    let days = (at - epoch).num_milliseconds() as f64 / 86_400_000.0;
    Some(if days < 61.0 { days - 1.0 } else { days })
}

const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const YOUBI: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

/// An era in its three spellings: 令和, 令, R.
fn era_names(code: &str) -> (&'static str, &'static str, &'static str) {
    match code {
        "reiwa" => ("令和", "令", "R"),
        "heisei" => ("平成", "平", "H"),
        "showa" => ("昭和", "昭", "S"),
        "taisho" => ("大正", "大", "T"),
        "meiji" => ("明治", "明", "M"),
        _ => ("", "", ""),
    }
}

impl Moment {
    /// The era's code and the year in it.
    fn era(&self) -> (String, i32) {
        let (month, day) = (u8::try_from(self.month).unwrap_or(1), u8::try_from(self.day.max(1)).unwrap_or(1));
        // The invented leap day has the era of the day before it.
        let iso = icu_calendar::Date::try_new_iso(self.year, month, day).or_else(|_| icu_calendar::Date::try_new_iso(self.year, month, 28));
        iso.map_or_else(
            |_| (String::new(), self.year),
            |iso| {
                let year = iso.to_calendar(icu_calendar::cal::Japanese::new()).era_year();
                (year.era.to_string(), year.year)
            },
        )
    }

    /// The year of the era in one or two digits; 元 for the first if `first_named`.
    pub(super) fn era_year(&self, len: usize, first_named: bool) -> String {
        let (_, year) = self.era();
        match (year, first_named) {
            (1, true) => "元".into(),
            _ if len >= 2 => format!("{year:02}"),
            _ => year.to_string(),
        }
    }

    /// A run of `len` letters of a format, as text. `n` stands for minutes, `A` for the half of the day.
    pub(super) fn part(&self, letter: char, len: usize, half_day: bool) -> String {
        let hour = self.millis / 3_600_000;
        let weekday = self.weekday as usize % 7;
        let month = MONTHS[(self.month.clamp(1, 12) - 1) as usize];
        let two = |n: u64| if len >= 2 { format!("{n:02}") } else { n.to_string() };
        match letter {
            'y' if len <= 2 => format!("{:02}", self.year.rem_euclid(100)),
            'y' => format!("{:04}", self.year),
            'm' if len >= 5 => month.chars().take(1).collect(),
            'm' if len == 4 => month.to_string(),
            'm' if len == 3 => month.chars().take(3).collect(),
            'm' => two(u64::from(self.month)),
            'd' if len >= 4 => WEEKDAYS[weekday].to_string(),
            'd' if len == 3 => WEEKDAYS[weekday].chars().take(3).collect(),
            'd' => two(u64::from(self.day)),
            'h' if half_day => two(if hour.is_multiple_of(12) { 12 } else { hour % 12 }),
            'h' => two(hour),
            'n' => two(self.millis / 60_000 % 60),
            's' => two(self.millis / 1000 % 60),
            'g' => {
                let names = era_names(&self.era().0);
                match len {
                    1 => names.2,
                    2 => names.1,
                    _ => names.0,
                }
                .to_string()
            }
            'e' => self.era_year(len, false),
            // `r` is the year in its era, `rr` the era before it as well.
            'r' if len >= 2 => format!("{}{}", era_names(&self.era().0).0, self.era_year(2, false)),
            'r' => self.era_year(1, false),
            'b' => (self.year + 543).to_string(),
            'a' if len >= 4 => format!("{}曜日", YOUBI[weekday]),
            'a' => YOUBI[weekday].to_string(),
            'A' => match (len, hour < 12) {
                (1, true) => "A",
                (1, false) => "P",
                (2, true) => "AM",
                (2, false) => "PM",
                (_, true) => "午前",
                (_, false) => "午後",
            }
            .to_string(),
            other => other.to_string().repeat(len),
        }
    }

    /// Hours, minutes or seconds since serial 0.
    pub(super) fn elapsed(&self, letter: char, len: usize) -> String {
        let n = match letter {
            'h' => self.total / 3_600_000,
            'm' => self.total / 60_000,
            _ => self.total / 1000,
        };
        format!("{n:0len$}")
    }

    /// The fraction of the second, with its point.
    pub(super) fn fraction(&self, len: usize) -> String {
        let digits = format!("{:03}", self.millis % 1000);
        format!(".{}", digits.get(..len.min(3)).unwrap_or(&digits))
    }
}
