//! Reconciling: which report answers which initiative, what does not agree, and what is to be printed.
//!
//! In: readings, the plan, the settings, and what people decided (waivers, corrections). Out: a [`Settled`] model that the writers draw and nothing else.
//! Stays true: every reading and every initiative appears exactly once, matched or not, whatever the file order; nothing is matched by force;
//! a value that is missing or in doubt is marked, never replaced by an old one.
//! Neighbours: `intake` before, `layout`, `packet` and `render` after.

pub mod achievement;
mod case;
pub mod checks;
pub mod matching;
pub mod settle;
pub mod since;
pub mod totals;
pub mod waivers;

pub use case::{Answered, Case, Key, fold_wording, key_of, label_of, quote};

use crate::finding::{Finding, Origin};
use crate::intake::LedgerEntry;
use crate::plan::{FieldKey, InitiativeKey};
use crate::value::FiscalYear;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Which edition is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The plan as published: nothing has arrived.
    Plan,
    /// With the year's answers.
    Report,
}

/// Which report answers an initiative.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Index into the plan's initiatives.
    pub initiative: usize,
    /// The department that was asked, or that sent the report, under its name of today.
    pub department: String,
    /// The reading that counts, an index into the intake's readings.
    pub reading: Option<usize>,
    /// Further readings of the same initiative that are in force (a joint initiative reported by two departments, a duplicate).
    pub others: Vec<usize>,
}

/// All initiatives of the plan with their answers, and the ledger.
#[derive(Debug, Default)]
pub struct Matched {
    /// One for each initiative of the plan, in its order.
    pub answers: Vec<Answer>,
    /// Readings that fit no initiative.
    pub unknown: Vec<usize>,
    /// For each reading in force or not, the department it comes from (name of today), if that is known.
    pub reading_department: BTreeMap<usize, String>,
    /// One for each submission, and one for each department from which nothing came.
    pub ledger: Vec<LedgerEntry>,
}

/// Where a settled value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The plan's own text.
    Plan,
    /// A department's report.
    Reported,
    /// Asked for, and nothing arrived: 未提出.
    Missing,
    /// Arrived, but an open error stands against it: 要確認.
    Check,
    /// Given by telephone or the like, and written into `corrections.xlsx`.
    Corrected(Box<Corrected>),
}

/// Who corrected a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// Who said so.
    pub by: String,
    /// When.
    pub when: String,
    /// Why.
    pub why: String,
    /// What the file said, if anything.
    pub instead_of: Option<String>,
}

/// One value as it will be printed.
#[derive(Debug, Clone)]
pub struct SettledField {
    /// The text; empty for a blank.
    pub value: String,
    /// As written in its cell.
    pub as_written: String,
    /// Whether departments fill this field in (`report` in result.json) or the plan does.
    pub reported: bool,
    /// File, sheet and cell; empty for the plan's own text.
    pub origin: Origin,
    /// Where it comes from.
    pub state: State,
}

/// How far a goal was reached.
#[derive(Debug, Clone)]
pub struct Achievement {
    /// What is counted.
    pub indicator: String,
    /// The goal as written.
    pub goal: String,
    /// The result as written.
    pub actual: String,
    /// In per cent of the goal, the direction minded (over 100 is better than the goal). `None` if it cannot be said.
    pub rate: Option<f64>,
}

/// One initiative, settled.
#[derive(Debug, Clone)]
pub struct SettledInitiative {
    /// Its key.
    pub key: InitiativeKey,
    /// Its name in the plan.
    pub name: String,
    /// The chapter it belongs to, as printed.
    pub chapter: String,
    /// The department that answered or should have, under its name of today.
    pub department: String,
    /// Whether an answer arrived.
    pub answered: bool,
    /// Every field of the form, by key.
    pub fields: BTreeMap<FieldKey, SettledField>,
    /// The year's evaluation or status word, as reported; empty if there is none.
    pub evaluation: String,
    /// The evaluation of the year before: as the plan holds it, else as last year's `result.json` has it; empty if neither knows it.
    pub evaluation_before: String,
    /// What could be computed from goals and results.
    pub achievements: Vec<Achievement>,
    /// The initiative as the plan's file holds it, for templates.
    pub raw: serde_json::Value,
}

/// Everything that is printed and written.
#[derive(Debug)]
pub struct Settled {
    /// Which edition.
    pub edition: Edition,
    /// The job's id.
    pub job: String,
    /// Title of the plan.
    pub title: String,
    /// The city.
    pub city: String,
    /// The year reported.
    pub fiscal_year: FiscalYear,
    /// The day of the run.
    pub date: NaiveDate,
    /// The plan's data but for its initiatives, for templates.
    pub document: serde_json::Value,
    /// The initiatives in the order of the plan.
    pub initiatives: Vec<SettledInitiative>,
    /// What became of every file, and who is missing.
    pub ledger: Vec<LedgerEntry>,
    /// All findings, those of layout too, sorted, with waivers applied.
    pub findings: Vec<Finding>,
    /// Every file that was read with its SHA-256, for the record.
    pub inputs: Vec<(String, String)>,
}

impl Settled {
    /// The name of each initiative by its key.
    pub fn names(&self) -> BTreeMap<&str, &str> {
        self.initiatives.iter().map(|i| (i.key.as_str(), i.name.as_str())).collect()
    }
}

/// Adds what layout found. A private-use character that stands in an answer (N207) and that no font has (N208) is one trouble: the first says both.
pub fn add_from_layout(findings: &mut Vec<Finding>, laid_out: Vec<Finding>) {
    let private = &checks::private_use_character::RULE;
    for found in laid_out {
        let only_private = found.found.chars().all(checks::private_use_character::is_private) && !found.found.is_empty();
        let told = |f: &&mut Finding| f.rule.code == private.code && f.initiative == found.initiative && f.field == found.field && f.field.is_some();
        match findings.iter_mut().find(told).filter(|_| only_private && found.rule.code == "N208") {
            Some(earlier) => {
                earlier.message.ja.push_str(&found.message.ja);
                earlier.message.en.push(' ');
                earlier.message.en.push_str(&found.message.en);
            }
            None => findings.push(found),
        }
    }
}

/// From readings to what is printed: match, check, apply what people decided, settle. The plan's own data move on into the settled model.
pub fn reconcile(
    job: &crate::plan::Job,
    form: &crate::form::Form,
    mut plan: crate::plan::Plan,
    intake: &crate::intake::Intake,
    decisions: &waivers::Decisions,
    mut findings: Vec<Finding>,
    date: NaiveDate,
) -> (Matched, Settled) {
    let job = &with_decisions(job, decisions);
    let edition = if intake.submissions.is_empty() { Edition::Plan } else { Edition::Report };
    let (matched, from_matching) = matching::match_readings(intake, job, form, &plan);
    findings.extend(from_matching);
    findings.extend(decisions.findings.iter().cloned());
    let case = Case::new(job, form, &plan, intake, &matched, edition, date);
    findings.extend(checks::run(&case));
    let (corrections, refused) = waivers::resolve(decisions, form, &plan, job.settings.fiscal_year);
    findings.extend(refused);
    waivers::apply(&mut findings, &decisions.accepted, date);
    let mut initiatives = settle::settle(&case, &findings, &corrections);
    for (settled, planned) in initiatives.iter_mut().zip(&mut plan.initiatives) {
        settled.raw = planned.raw.take();
    }
    let settled = Settled {
        edition,
        job: job.settings.id.clone(),
        title: job.settings.title.clone(),
        city: job.settings.city.clone(),
        fiscal_year: job.settings.fiscal_year,
        date,
        document: plan.document,
        initiatives,
        ledger: if edition == Edition::Plan { Vec::new() } else { matched.ledger.clone() },
        findings,
        inputs: intake.submissions.iter().map(|s| (s.file.clone(), s.sha256.clone())).collect(),
    };
    (matched, settled)
}

/// The job with the decisions on near matches of `waivers.xlsx` added to those of its settings; the settings come first.
fn with_decisions(job: &crate::plan::Job, decisions: &waivers::Decisions) -> crate::plan::Job {
    let mut job = job.clone();
    job.settings.decisions.extend(decisions.decided.iter().cloned());
    job
}
