//! Fiscal years (April to March): 令和6年度 = R6 = FY2024.

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

    /// The short key used in field names: `R6`, `H31`.
    pub fn key(self) -> String {
        // First cut; the era table comes from the calendar library.
        if self.0 >= 2019 { format!("R{}", self.0 - 2018) } else { format!("H{}", self.0 - 1988) }
    }

    /// `R6`, `R 6`, `令和6年度`, `2024年度`, `令和元年度` …; `None` for what is no single fiscal year.
    pub fn parse(text: &str) -> Option<Self> {
        let t = crate::value::fold(text);
        let n = t.strip_prefix('R').or_else(|| t.strip_prefix("令和"))?;
        let n = n.strip_suffix("年度").unwrap_or(n);
        n.parse::<i32>().ok().map(|n| FiscalYear(n + 2018))
    }

    /// `n` years later.
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        FiscalYear(self.0 + n)
    }
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
