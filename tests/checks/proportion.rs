//! Thousands of initiatives, unknown names included, are matched, checked and settled without a loss. How time grows is measured by `benches/city.rs`.

use std::collections::BTreeMap;
use torimatome::finding::Origin;
use torimatome::form::Form;
use torimatome::intake::{Intake, Reading, ReadingKind, Submission};
use torimatome::plan::{Initiative, Job, Plan};
use torimatome::reconcile::{Answer, Case, Edition, Matched, checks, matching, settle};
use torimatome::value::Sourced;
use torimatome::workbook::{Area, CellRef};

/// A made-up city: every hundredth report fits no initiative.
fn city(job: &Job, n: usize) -> (Plan, Intake, Matched) {
    let (mut plan, mut intake, mut matched) = (Plan::default(), Intake::default(), Matched::default());
    let department = |i: usize| job.register.entries[i % job.register.entries.len()].name.clone();
    let report = "窓口の案内を見直し、利用者数は95件となりました。";
    for i in 0..n {
        let name = format!("取組{}の改善と{}の充実", i, i * 7 % 1000);
        let fields =
            [("plan_name", name.clone()), ("year_goals.R6", "利用者数：100件".to_owned()), ("actions", "窓口の案内を見直します。".to_owned())];
        plan.initiatives.push(Initiative {
            key: format!("{}-{i:05}", i % 9 + 1),
            name: name.clone(),
            page: None,
            leads: vec![department(i)],
            related: Vec::new(),
            answers: Some(department(i)),
            fields: fields.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
            raw: serde_json::Value::Null,
        });
        let file = format!("{}.xlsx", i / 17);
        if i % 17 == 0 {
            intake.submissions.push(Submission { file: file.clone(), ..Submission::default() });
        }
        let unknown = i % 100 == 99;
        let shown = if unknown { format!("{name}など") } else { name };
        let cells = [
            ("plan_name", shown.as_str()),
            ("status_report", report),
            ("evaluation.R6", "B"),
            ("next_policy", "続けます。"),
            ("actions", "窓口の案内を見直します。"),
        ];
        let cell = |(n, (k, v)): (usize, &(&str, &str))| {
            let origin = Origin::cell(&file, format!("{i}"), format!("C{}", n + 1));
            ((*k).to_owned(), Sourced { value: Some((*v).to_owned()), as_written: (*v).to_owned(), origin })
        };
        let fields: BTreeMap<String, Sourced> = cells.iter().enumerate().map(cell).collect();
        let area = Area { first: CellRef::new(0, 0), last: CellRef::new(20, 12) };
        let submission = intake.submissions.len() - 1;
        intake.readings.push(Reading { submission, sheet: format!("{i}"), area, kind: ReadingKind::Report, fields, findings: Vec::new() });
        matched.reading_department.insert(i, department(i));
        matched.answers.push(Answer { initiative: i, department: department(i), reading: (!unknown).then_some(i), others: Vec::new() });
        if unknown {
            matched.unknown.push(i);
        }
    }
    (plan, intake, matched)
}

fn reconcile(job: &Job, form: &Form, n: usize) {
    let (plan, intake, matched) = city(job, n);
    let date = chrono::NaiveDate::from_ymd_opt(2025, 4, 20).unwrap();
    let case = Case::new(job, form, &plan, &intake, &matched, Edition::Report, date);
    let (found, _) = matching::match_readings(&intake, job, form, &plan);
    assert_eq!(found.answers.len(), n);
    let findings = checks::run(&case);
    let settled = settle::settle(&case, &findings, &[]);
    assert_eq!((settled.len(), findings.iter().filter(|f| f.rule.code == "R303").count()), (n, n / 100));
}

#[test]
fn thousands_of_initiatives_are_settled_without_a_loss() {
    let job = Job::of_folder(&crate::common::root()).unwrap().remove(0);
    let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
    reconcile(&job, &form, 300);
    reconcile(&job, &form, 3_000);
}
