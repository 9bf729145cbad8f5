//! Values: fiscal years, figures with units, department names, texts; how they are written and how they compare.
//!
//! In: texts as people typed them. Out: types with one meaning each, always beside the text as written.
//! Stays true: normalising is for comparing only. What is kept and printed is what was written.
//! Neighbours: every room uses these; this room knows nothing of forms or files.

mod alike;
mod department;
mod era;
mod file_name;
mod fiscal_year;
mod fold;
pub mod quantity;

pub use alike::likeness;
pub use department::{DepartmentEntry, FormerName, Register, split_departments};
pub use era::Era;
pub use file_name::safe_file_name;
pub use fiscal_year::{EraMismatch, FiscalYear, Mention, era_mismatches, years_in};
pub use fold::{fold, fold_blanks, same_text};

use crate::finding::Origin;

/// Key of an initiative: `1-01`, `1-(1)-①`, `12`, as its form says.
pub type InitiativeKey = String;

/// Key of a field: `plan_name`, with its year (`year_goals.R6`) or its place in a list (`indicators.0.name`).
pub type FieldKey = String;

/// A value that came from a file, with its origin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sourced {
    /// What Excel's screen shows, after trimming; nothing in it is normalised away. Empty for a blank cell; `None` if the cell cannot be read
    /// (an error value, a formula without a stored result), which is a finding of its own.
    pub value: Option<String>,
    /// The text exactly as written (for a figure: the stored number before its format; for a formula without a result: the formula).
    pub as_written: String,
    /// File, sheet and cell.
    pub origin: Origin,
}

/// A date of a settings file: TOML's own (`2025-04-11`) or the same in quotes.
///
/// # Errors
/// If it is neither.
pub fn toml_date<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<chrono::NaiveDate>, D::Error> {
    use serde::Deserialize;
    let value = toml::Value::deserialize(from)?;
    let text = match &value {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let date = text.trim().parse().map_err(|_| {
        serde::de::Error::custom(format!("「{text}」は日付ではありません。2025-04-11 のように書いてください / `{text}` is no date, write 2025-04-11"))
    })?;
    Ok(Some(date))
}
