//! The master plan and the settings of a job: what was decided, by whom, and who answers for it.
//!
//! In: `plan.json` or `plan.xlsx` and the job settings. Out: a [`Plan`] and a [`Job`].
//! Stays true: the plan's wording is kept to the letter, slips included; a round trip through Excel loses nothing.
//! Neighbours: `form` says which fields there are; `reconcile` compares reports with it; templates see its raw data.

pub mod data;
pub mod entries;
pub mod last_year;
pub mod lineage;
pub mod settings;
pub mod xlsx;

pub use last_year::LastYear;
pub use settings::{Job, Settings};

use anyhow::Context;
use serde_json::Value;
use std::collections::BTreeMap;

pub use crate::value::{FieldKey, InitiativeKey};

/// A master plan.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Everything but the list of initiatives, as the plan's file holds it: cover, contents, chapters, tables.
    pub document: Value,
    /// The initiatives in the order of the plan.
    pub initiatives: Vec<Initiative>,
}

/// One numbered undertaking.
#[derive(Debug, Clone)]
pub struct Initiative {
    /// Its key.
    pub key: InitiativeKey,
    /// Its name, without number or marker.
    pub name: String,
    /// The printed number of its first page in the published document, if it says.
    pub page: Option<u32>,
    /// Lead departments as the plan names them (may be empty, may hold group words).
    pub leads: Vec<String>,
    /// Related departments.
    pub related: Vec<String>,
    /// The department that was asked to answer, under its name of today.
    pub answers: Option<String>,
    /// The text of every field of the form that the plan's data holds, by field key; lists are joined by line breaks. A blank field is an empty string,
    /// an unknown one (`null` in the data) is absent. Fields that departments fill in are there too as far as the published plan holds them (its plan
    /// edition prints them); [`crate::form::Field::by`] tells them apart.
    pub fields: BTreeMap<FieldKey, String>,
    /// The initiative as the plan's file holds it, for templates.
    pub raw: Value,
}

/// Reads the plan of a job (`.json` or `.xlsx`) as the form's data shape describes it.
///
/// # Errors
/// If the file cannot be read or does not hold the list of initiatives that the form names.
pub fn load(job: &Job, form: &crate::form::Form) -> anyhow::Result<Plan> {
    let file = job.folder.join(&job.settings.plan);
    let bytes = std::fs::read(&file).with_context(|| format!("{}: 計画のファイルを開けません / the plan cannot be opened", file.display()))?;
    let is_json = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let data = if is_json { data::from_json(&bytes) } else { xlsx::read(&bytes, &name, job, form) };
    data.and_then(|d| data::plan_of(d, job, form)).with_context(|| format!("{}: 計画を読めません / the plan cannot be read", file.display()))
}
