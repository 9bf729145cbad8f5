//! The checks on ideal readings: what a careful person reads out of the ten sample mailboxes (`expected.json`) goes in, and exactly the findings that the
//! same person expects come out, each at its cell, with no alarm on a clean department. Reading and matching are tested elsewhere.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use torimatome::finding::{Finding, Origin, Severity, Text};
use torimatome::form::Form;
use torimatome::intake::{Intake, LedgerEntry, Reading, ReadingKind, Status, Submission};
use torimatome::plan::{self, Job, Plan};
use torimatome::reconcile::{Answer, Case, Edition, Matched, checks};
use torimatome::value::Sourced;
use torimatome::workbook::{Area, CellRef};

/// Kinds of the samples that the checks answer for, with the code that must stand.
const KINDS: &[(&str, &str)] = &[
    ("missing_department", "R301"),
    ("missing_initiative", "R302"),
    ("renamed_initiative", "R304"),
    ("old_department_name", "R306"),
    ("joint_conflict", "R307"),
    ("altered_plan_text", "R308"),
    ("changed_goal_without_note", "R309"),
    ("changed_goal_with_note", "R310"),
    ("invalid_evaluation", "N202"),
    ("cross_reference_mismatch", "P501"),
    ("era_mismatch", "N204"),
    ("rare_characters", "N207"),
    ("formula_injection", "N209"),
    ("blank_report", "C401"),
    ("blank_evaluation", "C402"),
    ("blank_value", "C403"),
    ("placeholder_left", "C404"),
    ("copied_goal", "C405"),
    ("evaluation_contradicts_number", "C407"),
];

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// The job of this id among the repository's own, read with its form and plan.
fn job(id: &str) -> (Job, Form, Plan) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let job = Job::of_folder(root).unwrap().into_iter().find(|j| j.settings.id == id).unwrap();
    let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
    let plan = plan::load(&job, &form).unwrap();
    (job, form, plan)
}

/// Readings and pairing as the truth has them.
fn ideal(expected: &Value, plan: &Plan) -> (Intake, Matched) {
    let mut intake = Intake::default();
    let mut matched = Matched::default();
    for (at, initiative) in plan.initiatives.iter().enumerate() {
        let department = initiative.answers.clone().unwrap_or_default();
        matched.answers.push(Answer { initiative: at, department, reading: None, others: Vec::new() });
    }
    for s in expected["submissions"].as_array().unwrap() {
        let file = text(s, "file");
        intake.submissions.push(Submission { file: file.clone(), ..Submission::default() });
        let status = match s["status"].as_str().unwrap() {
            "accepted" => Status::Accepted,
            "superseded" => Status::Superseded,
            _ => Status::Unreadable,
        };
        let reason = Text::new("", "");
        matched.ledger.push(LedgerEntry { file: Some(file), department: Some(text(s, "department")), sent_at: None, status, reason });
    }
    for d in expected["missing_departments"].as_array().unwrap() {
        let department = Some(d.as_str().unwrap().to_owned());
        matched.ledger.push(LedgerEntry { file: None, department, sent_at: None, status: Status::Missing, reason: Text::new("", "") });
    }
    for r in expected["records"].as_array().unwrap() {
        let (key, file, sheet) = (text(r, "initiative"), text(r, "file"), text(r, "sheet"));
        let fields: BTreeMap<String, Sourced> = r["fields"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, f)| {
                let value = f["value"].as_str().map(str::to_owned);
                let origin = Origin::cell(&file, &sheet, text(f, "cell"));
                (k.clone(), Sourced { as_written: value.clone().unwrap_or_default(), value, origin })
            })
            .collect();
        let submission = intake.submissions.iter().position(|s| s.file == file).unwrap();
        let area = Area { first: CellRef::new(0, 0), last: CellRef::new(40, 12) };
        intake.readings.push(Reading { submission, sheet, area, kind: ReadingKind::Report, fields, findings: Vec::new() });
        let index = intake.readings.len() - 1;
        matched.reading_department.insert(index, text(r, "department"));
        let answer = &mut matched.answers[plan.initiatives.iter().position(|i| i.key == key).unwrap()];
        if answer.reading.is_none() {
            answer.reading = Some(index);
            answer.department = text(r, "department");
        } else {
            answer.others.push(index);
        }
    }
    // Last year's forms: no record, but a reading of another kind.
    for f in expected["findings"].as_array().unwrap().iter().filter(|f| f["kind"] == "last_year_form") {
        let Some(initiative) = plan.initiatives.iter().find(|i| i.key == text(f, "initiative")) else { continue };
        let area = Area { first: CellRef::new(0, 0), last: CellRef::new(40, 12) };
        intake.readings.push(Reading {
            submission: 0,
            sheet: initiative.key.clone(),
            area,
            kind: ReadingKind::OtherYear("前年度".to_owned()),
            fields: BTreeMap::new(),
            findings: Vec::new(),
        });
        matched.reading_department.insert(intake.readings.len() - 1, text(f, "department"));
    }
    (intake, matched)
}

fn differences(folder: &str, kind: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(folder).join(kind).join("expected.json");
    let expected: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let (job, form, plan) = job(folder);
    let (intake, matched) = ideal(&expected, &plan);
    let date = chrono::NaiveDate::from_ymd_opt(2025, 4, 20).unwrap();
    let case = Case::new(&job, &form, &plan, &intake, &matched, Edition::Report, date);
    let found = checks::run(&case);

    let mut out = Vec::new();
    for f in expected["findings"].as_array().unwrap() {
        let Some((_, code)) = KINDS.iter().find(|(k, _)| *k == f["kind"]) else { continue };
        if !found.iter().any(|d| answers(d, f, code)) {
            out.push(format!("missed {folder}/{kind}: {} {} {} {}", f["kind"], f["initiative"], f["cell"], f["note"]));
        }
    }
    let clean: BTreeSet<&str> = expected["clean_departments"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let tolerated: BTreeSet<(String, String)> =
        expected["tolerated"].as_array().unwrap().iter().map(|t| (text(t, "department"), text(t, "initiative"))).collect();
    // What the plan itself contradicts is nobody's report, and a wrong reference in a report is tested with the P family.
    for d in found.iter().filter(|d| d.rule.severity != Severity::Note && !d.rule.code.starts_with('P')) {
        let department = d.department.clone().unwrap_or_default();
        let excused = tolerated.contains(&(department.clone(), d.initiative.clone().unwrap_or_default()));
        let asked = expected["findings"].as_array().unwrap().iter().any(|f| KINDS.iter().any(|(k, c)| *k == f["kind"] && answers(d, f, c)));
        if clean.contains(department.as_str()) && !excused {
            out.push(format!("alarm {folder}/{kind}: {}", shown(d)));
        } else if !asked && !excused {
            out.push(format!("besides {folder}/{kind}: {}", shown(d)));
        }
    }
    out
}

fn answers(d: &Finding, expected: &Value, code: &str) -> bool {
    let same = |mine: &Option<String>, theirs: &Value| theirs.is_null() || mine.as_deref() == theirs.as_str();
    let department = expected["department"].as_str().unwrap_or_default().split('、').any(|x| d.department.as_deref() == Some(x));
    d.rule.code == code
        && department
        && same(&d.initiative, &expected["initiative"])
        && same(&d.origin.cell, &expected["cell"])
        && same(&d.field, &expected["field"])
}

fn shown(d: &Finding) -> String {
    format!("{} {:?} {:?} {:?} {} / {} | {}", d.rule.code, d.department, d.initiative, d.field, d.found, d.expected, d.message.ja)
}

#[test]
fn the_sample_mailboxes_have_the_findings_that_a_careful_person_expects() {
    let jobs: Vec<String> = Job::of_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap().into_iter().map(|j| j.settings.id).collect();
    let mut all: Vec<String> = Vec::new();
    for folder in &jobs {
        for kind in ["typical", "hostile"] {
            all.extend(differences(folder, kind));
        }
    }
    // FIXME: the sample expects C407 here, but its own sheet does not bear it out: the report says 35.5 % of a goal of 35.5 % and the letter is A, which the
    // job's scale gives from 100 % on. A rule that found this would find every sheet that reached its goal to the point.
    let known = "missed honjo/hostile: \"evaluation_contradicts_number\" \"3-04\" \"E15\"";
    assert!(all.iter().any(|line| line.starts_with(known)), "known, but there no more: {known}");
    all.retain(|line| !line.starts_with(known));
    assert_eq!(all, Vec::<String>::new());
}
