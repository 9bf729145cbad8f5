//! Since the last run: what is new, mended or changed against the `result.json` that the run before left.
//!
//! In: the last run's `result.json` ([`Last`]) and the settled model. Out: a [`Since`], which page, workbook and terminal all show, so that they never disagree.
//! Stays true: findings are compared by their stable id, values by initiative and field; a run over the same input with the same decisions is "no change".
//! A `result.json` of another job, or one that is not ours, is no last run at all.
//! Neighbours: `output::result` writes what is read here; `render` and `terminal` draw it.

use super::{Settled, SettledInitiative, State};
use crate::finding::{Severity, Text};
use crate::intake::Status;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};

/// The last run's `result.json`, as far as it is compared with.
#[derive(Debug, Deserialize)]
pub struct Last {
    job: String,
    #[serde(default)]
    run: LastRun,
    #[serde(default)]
    records: Vec<LastRecord>,
    diagnostics: Vec<LastFinding>,
    #[serde(default)]
    submissions: Vec<LastSubmission>,
}

#[derive(Debug, Default, Deserialize)]
struct LastRun {
    #[serde(default)]
    date: String,
}

#[derive(Debug, Deserialize)]
struct LastRecord {
    initiative: String,
    #[serde(default)]
    joint: bool,
    #[serde(default)]
    fields: BTreeMap<String, LastValue>,
}

#[derive(Debug, Deserialize)]
struct LastValue {
    value: Option<String>,
}

#[derive(Debug, Deserialize)]
struct LastFinding {
    id: String,
    #[serde(default)]
    code: String,
    severity: Severity,
    department: Option<String>,
    initiative: Option<String>,
    #[serde(default)]
    found: String,
    #[serde(default)]
    message: String,
    message_en: Option<String>,
    waived: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct LastSubmission {
    file: Option<String>,
    department: Option<String>,
    #[serde(default)]
    status: String,
}

/// What differs from the last run. Empty lists all round if nothing does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// The day of the last run, as it wrote it (ISO).
    pub date: String,
    /// Open findings that the last run did not have: indexes into [`Settled::findings`].
    pub new: Vec<usize>,
    /// Open findings that were there, about another text: index into [`Settled::findings`] and what was found then.
    pub altered: Vec<(usize, String)>,
    /// Findings that were open and are gone.
    pub mended: Vec<Mended>,
    /// Findings that were open and that a person has accepted since: indexes into [`Settled::findings`].
    pub accepted: Vec<usize>,
    /// Answers that say something else than before, that came or that are gone.
    pub values: Vec<ChangedValue>,
    /// Initiatives answered since: their keys.
    pub answered: Vec<String>,
    /// Initiatives that were answered and are not any more: their keys.
    pub withdrawn: Vec<String>,
    /// Files that arrived since.
    pub arrived: Vec<String>,
    /// Files that were there and are not any more.
    pub removed: Vec<String>,
    /// Departments that were missing and have sent something since.
    pub no_longer_missing: Vec<String>,
}

/// A finding of the last run that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// How serious it was.
    pub severity: Severity,
    /// The department that had to act.
    pub department: Option<String>,
    /// The initiative it was about.
    pub initiative: Option<String>,
    /// What it said.
    pub message: Text,
}

/// A department's answer that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// Key of the initiative.
    pub initiative: String,
    /// Field key.
    pub field: String,
    /// What stood there; empty for a blank.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

impl Since {
    /// Whether nothing at all differs.
    pub fn is_unchanged(&self) -> bool {
        *self == Since { date: self.date.clone(), ..Since::default() }
    }
}

/// Compares this run with the last one. `None` if that is no result of this job.
pub fn compare(last: &Last, settled: &Settled) -> Option<Since> {
    if last.job != settled.job {
        return None;
    }
    let mut since = Since { date: last.run.date.clone(), ..Since::default() };
    compare_findings(&mut since, last, settled);
    compare_answers(&mut since, last, settled);
    compare_files(&mut since, last, settled);
    Some(since)
}

/// Findings, by id. Several may share one; then as many as there were before are old.
fn compare_findings(since: &mut Since, last: &Last, settled: &Settled) {
    let open = || last.diagnostics.iter().filter(|d| d.waived.is_none());
    let mut before: BTreeMap<&str, Vec<&LastFinding>> = BTreeMap::new();
    for old in open() {
        before.entry(&old.id).or_default().push(old);
    }
    for (index, finding) in settled.findings.iter().enumerate() {
        let id = finding.id();
        let olds = before.get_mut(id.as_str());
        let same = olds.and_then(|olds| {
            let place = olds.iter().position(|o| o.found == finding.found).or(if olds.is_empty() { None } else { Some(0) })?;
            Some(olds.remove(place))
        });
        match (same, finding.is_open()) {
            (None, true) => since.new.push(index),
            (Some(old), true) if old.found != finding.found => since.altered.push((index, old.found.clone())),
            (Some(_), false) => since.accepted.push(index),
            (Some(_), true) | (None, false) => {}
        }
    }
    for old in open() {
        let Some(left) = before.get_mut(old.id.as_str()) else { continue };
        let Some(place) = left.iter().position(|o| std::ptr::eq(*o, old)) else { continue };
        left.remove(place);
        since.mended.push(mended(old));
    }
}

/// A finding as the last run's file tells it.
fn mended(old: &LastFinding) -> Mended {
    Mended {
        id: old.id.clone(),
        code: old.code.clone(),
        severity: old.severity,
        department: old.department.clone(),
        initiative: old.initiative.clone(),
        message: Text::new(&old.message, old.message_en.as_ref().unwrap_or(&old.message)),
    }
}

/// Answers, by initiative and field: only what departments fill in.
fn compare_answers(since: &mut Since, last: &Last, settled: &Settled) {
    let mut before: BTreeMap<&str, &BTreeMap<String, LastValue>> = BTreeMap::new();
    for record in last.records.iter().filter(|r| !r.joint) {
        before.entry(&record.initiative).or_insert(&record.fields);
    }
    for initiative in &settled.initiatives {
        let now = has_record(initiative);
        match (before.get(initiative.key.as_str()), now) {
            (Some(old), true) => compare_record(since, old, initiative),
            (Some(_), false) => since.withdrawn.push(initiative.key.clone()),
            (None, true) => since.answered.push(initiative.key.clone()),
            (None, false) => {}
        }
    }
}

/// Whether `result.json` holds a record of it: something was read, or given by telephone.
fn has_record(initiative: &SettledInitiative) -> bool {
    initiative.fields.values().any(came_from_a_department)
}

/// Whether a value was read or given by telephone.
fn came_from_a_department(field: &super::SettledField) -> bool {
    field.reported && (field.origin.file.is_some() || matches!(field.state, State::Corrected(_)))
}

/// The answers of one initiative.
fn compare_record(since: &mut Since, old: &BTreeMap<String, LastValue>, initiative: &SettledInitiative) {
    for (key, field) in &initiative.fields {
        if !came_from_a_department(field) {
            continue;
        }
        let before = old.get(key).and_then(|v| v.value.as_deref()).unwrap_or_default();
        if before != field.value {
            since.values.push(ChangedValue {
                initiative: initiative.key.clone(),
                field: key.clone(),
                before: before.to_owned(),
                after: field.value.clone(),
            });
        }
    }
}

/// Files, by their path, and departments that were missing.
fn compare_files(since: &mut Since, last: &Last, settled: &Settled) {
    let before: BTreeSet<&str> = last.submissions.iter().filter_map(|s| s.file.as_deref()).collect();
    let now: BTreeSet<&str> = settled.ledger.iter().filter_map(|l| l.file.as_deref()).collect();
    since.arrived = now.difference(&before).map(|f| (*f).to_owned()).collect();
    since.removed = before.difference(&now).map(|f| (*f).to_owned()).collect();
    let missing: BTreeSet<&str> = settled.ledger.iter().filter(|l| l.status == Status::Missing).filter_map(|l| l.department.as_deref()).collect();
    since.no_longer_missing = last
        .submissions
        .iter()
        .filter(|s| s.status == "missing")
        .filter_map(|s| s.department.as_deref())
        .filter(|d| !missing.contains(d))
        .map(str::to_owned)
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, Origin, Rule, StaticText};
    use crate::reconcile::{Edition, SettledField};
    use serde_json::{Value, json};

    const WORD: StaticText = StaticText { ja: "見出し", en: "headline" };
    static RULE: Rule =
        Rule { code: "C401", slug: "blank-report", severity: Severity::Error, title: WORD, what: WORD, why: WORD, example: WORD, fix: WORD };

    fn settled(report: &str, findings: Vec<Finding>) -> Settled {
        let field = SettledField {
            value: report.to_owned(),
            as_written: report.to_owned(),
            reported: true,
            origin: Origin::cell("a.xlsx", "1", "C3"),
            state: State::Reported,
        };
        Settled {
            edition: Edition::Report,
            job: "j".into(),
            title: String::new(),
            city: String::new(),
            fiscal_year: crate::value::FiscalYear::from_western(2024),
            date: chrono::NaiveDate::default(),
            document: Value::Null,
            initiatives: vec![SettledInitiative {
                key: "1".into(),
                name: "n".into(),
                chapter: String::new(),
                department: "課".into(),
                answered: true,
                fields: BTreeMap::from([("report".to_owned(), field)]),
                evaluation: String::new(),
                evaluation_before: String::new(),
                achievements: Vec::new(),
                raw: Value::Null,
            }],
            ledger: Vec::new(),
            findings,
            inputs: Vec::new(),
        }
    }

    fn finding(found: &str) -> Finding {
        Finding::new(&RULE).initiative("1").field("report").found(found)
    }

    fn last(report: &str, findings: &[Finding]) -> Last {
        let last = json!({
            "job": "j", "run": { "date": "2025-04-01" },
            "records": [{ "initiative": "1", "fields": { "report": { "value": report } } }],
            "diagnostics": findings.iter().map(|f| json!({ "id": f.id(), "code": "C401", "severity": "error", "found": f.found, "message": "m", "waived": null })).collect::<Vec<_>>(),
            "submissions": [],
        });
        serde_json::from_value(last).expect("a result")
    }

    #[test]
    fn the_same_again_is_no_change() {
        let since = compare(&last("x", &[finding("x")]), &settled("x", vec![finding("x")])).expect("this job");
        assert!(since.is_unchanged(), "{since:?}");
        assert_eq!(since.date, "2025-04-01");
    }

    #[test]
    fn new_mended_and_altered_are_told_apart() {
        let fresh = compare(&last("x", &[]), &settled("x", vec![finding("x")])).expect("this job");
        assert_eq!((fresh.new.len(), fresh.mended.len()), (1, 0));
        let gone = compare(&last("x", &[finding("x")]), &settled("y", vec![])).expect("this job");
        assert_eq!((gone.new.len(), gone.mended.len(), gone.mended[0].severity), (0, 1, Severity::Error));
        assert_eq!(gone.values, [ChangedValue { initiative: "1".into(), field: "report".into(), before: "x".into(), after: "y".into() }]);
        let other = compare(&last("x", &[finding("x")]), &settled("x", vec![finding("z")])).expect("this job");
        assert_eq!(other.altered, [(0, "x".to_owned())]);
    }

    #[test]
    fn one_of_two_alike_is_mended_once() {
        let since = compare(&last("x", &[finding("x"), finding("x")]), &settled("x", vec![finding("x")])).expect("this job");
        assert_eq!((since.new.len(), since.mended.len(), since.altered.len()), (0, 1, 0));
    }

    #[test]
    fn an_accepted_finding_is_neither_new_nor_mended() {
        let mut accepted = finding("x");
        accepted.waived = Some(crate::finding::Waiver { reason: "r".into(), by: "b".into(), date: "d".into(), until: None });
        let since = compare(&last("x", &[finding("x")]), &settled("x", vec![accepted])).expect("this job");
        assert_eq!((since.accepted.len(), since.new.len(), since.mended.len()), (1, 0, 0));
    }

    #[test]
    fn what_is_not_ours_is_no_last_run() {
        for other in [json!(null), json!([]), json!({ "job": "k", "diagnostics": [] }), json!({ "job": "j" }), json!({ "job": 3, "diagnostics": {} })]
        {
            let last: Option<Last> = serde_json::from_value(other).ok();
            assert_eq!(last.and_then(|last| compare(&last, &settled("x", vec![]))), None);
        }
    }
}
