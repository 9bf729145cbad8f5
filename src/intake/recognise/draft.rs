//! Drafts: one form as read from its place, with everything that is uncertain about it.

use super::values::Answer;
use crate::workbook::{Area, CellRef};
use std::collections::{BTreeMap, BTreeSet};

/// Two places that are equally good for a field and say different things.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    /// Full key.
    pub key: String,
    /// The places with what stands there.
    pub places: Vec<Answer>,
}

/// One form as read from its place.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The cells it covers.
    pub area: Option<Area>,
    /// Field key → answer.
    pub answers: BTreeMap<String, Answer>,
    /// Fields with two places.
    pub conflicts: Vec<Conflict>,
    /// Labels of asked fields that are not there: as the form prints them, with the key.
    pub missing: Vec<(String, String)>,
    /// Labels that stand elsewhere, are written otherwise or have their answer on another side: label, and what is different.
    pub drift: Vec<(String, CellRef, Drift)>,
    /// The fields that were found, indices into the model's plans.
    pub found: BTreeSet<usize>,
    /// Years in labels: what the form says, what stands there, the text, and whether it is the label of an asked field.
    pub years: Vec<YearSeen>,
    /// The years of the year headings.
    pub columns: Vec<crate::value::FiscalYear>,
}

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drift {
    /// The label stands in another order.
    Order,
    /// The answer stands on another side of the label.
    Side,
    /// The label is worded otherwise.
    Wording,
}

/// A year in a label.
#[derive(Debug, Clone)]
pub(super) struct YearSeen {
    /// In the form.
    pub expected: i32,
    /// On the sheet.
    pub seen: i32,
    /// The text on the sheet.
    pub text: String,
    /// Whether it is the label of a field that departments fill in.
    pub asked: bool,
    /// The field whose own label it is, if departments fill it in.
    pub key: Option<String>,
    /// Where the label stands.
    pub at: CellRef,
}
