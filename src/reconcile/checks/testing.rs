//! A small made-up job for the tests of the checks: a form with every role, initiatives and reports said in one line each.

use crate::finding::{Finding, Origin};
use crate::form::{Field, Form};
use crate::intake::{Intake, LedgerEntry, Reading, ReadingKind, Status, Submission};
use crate::plan::{Initiative, Job, Plan, Settings};
use crate::reconcile::{Answer, Case, Edition, Matched};
use crate::value::{Register, Sourced};
use crate::workbook::{Area, CellRef};
use std::collections::BTreeMap;

/// The form: one field of each role that a check looks at.
const FORM: &str = r#"
[[field]]
key = "no"
labels = ["No."]
role = "number"

[[field]]
key = "name"
labels = ["計画名"]
role = "name"
[[field]]
key = "departments"
labels = ["実行課"]
type = "departments"
role = "lead"
[[field]]
key = "actions"
labels = ["取組内容"]
role = "plan-text"
[[field]]
key = "effects"
labels = ["取組の効果"]
role = "plan-text"
[[field]]
key = "goals"
labels = ["達成目標"]
role = "year-goal"
yearly = true
[[field]]
key = "figures"
labels = ["数値"]
role = "year-value"
yearly = true
[[field]]
key = "report"
labels = ["取組状況報告"]
role = "report"
by = "department"
yearly = true
report_year_only = true
required = true
[[field]]
key = "actual"
labels = ["実績値"]
role = "report-value"
type = "number"
by = "department"
[[field]]
key = "evaluation"
labels = ["年度末評価"]
role = "evaluation"
type = "choice"
choices = ["A", "B", "C"]
by = "department"
yearly = true
report_year_only = true
required = true
[[field]]
key = "policy"
labels = ["取組方針"]
role = "next-policy"
by = "department"
[[field]]
key = "from"
labels = ["開始年度"]
type = "fiscal-year"
by = "department"
[[field]]
key = "indicators.name"
labels = ["指標"]
list = "indicators"
role = "indicator"
by = "department"
required = true
[[field]]
key = "indicators.current"
labels = ["現状値"]
list = "indicators"
type = "number"
role = "baseline"
by = "department"
required = true
[[field]]
key = "indicators.target"
labels = ["目標値"]
list = "indicators"
type = "number"
role = "target-value"
by = "department"
required = true
[[field]]
key = "notes"
labels = ["備考"]
role = "remarks"
"#;

/// The job.
const JOB: &str = r#"
id = "made-up"
title = "計画"
plan = "plan.json"
form = "made-up"
fiscal_year = "R6"
[[department]]
name = "企画課"
former = [{ name = "企画室" }]
[[department]]
name = "市民課"
[[department]]
name = "人権・男女共同参画課"
[[scale]]
mark = "A"
at_least = 100
[[scale]]
mark = "B"
at_least = 80
[[scale]]
mark = "C"
"#;

#[derive(serde::Deserialize)]
struct Fields {
    field: Vec<Field>,
}

/// A made-up run up to the checks.
pub(crate) struct Bench {
    pub(crate) job: Job,
    pub(crate) form: Form,
    pub(crate) plan: Plan,
    pub(crate) intake: Intake,
    pub(crate) matched: Matched,
}

impl Bench {
    /// Nothing but the form and the departments.
    pub(crate) fn new() -> Self {
        let settings: Settings = toml::from_str(JOB).expect("the made-up job");
        let register = Register::new(settings.departments.clone(), settings.group_words.clone());
        let job = Job { settings, folder: "".into(), input: "".into(), output: "".into(), register, last_year: Default::default() };
        let form = Form { fields: toml::from_str::<Fields>(FORM).expect("the made-up form").field, ..Form::default() };
        Bench { job, form, plan: Plan::default(), intake: Intake::default(), matched: Matched::default() }
    }

    /// An initiative of the plan that the department was asked for, with the fields that the plan fills.
    pub(crate) fn initiative(mut self, key: &str, name: &str, department: &str, fields: &[(&str, &str)]) -> Self {
        let mut all: BTreeMap<String, String> = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        all.entry("name".to_owned()).or_insert_with(|| name.to_owned());
        all.entry("departments".to_owned()).or_insert_with(|| department.to_owned());
        self.plan.initiatives.push(Initiative {
            key: key.to_owned(),
            name: name.to_owned(),
            page: None,
            leads: vec![department.to_owned()],
            related: Vec::new(),
            answers: Some(department.to_owned()),
            fields: all,
            raw: serde_json::Value::Null,
        });
        self.matched.answers.push(Answer {
            initiative: self.plan.initiatives.len() - 1,
            department: department.to_owned(),
            reading: None,
            others: Vec::new(),
        });
        self
    }

    /// A report of the department in `<department>.xlsx` on the sheet named by the key. Each field stands in column C, in the order given, from row 1;
    /// `None` is a cell that cannot be read. The first report of an initiative counts, further ones are others; an unknown key fits nothing.
    pub(crate) fn report(mut self, key: &str, department: &str, fields: &[(&str, Option<&str>)]) -> Self {
        let index = self.reading(key, department, fields);
        match self.plan.initiatives.iter().position(|i| i.key == key) {
            Some(at) => {
                let answer = &mut self.matched.answers[at];
                if answer.reading.is_none() { answer.reading = Some(index) } else { answer.others.push(index) }
            }
            None => self.matched.unknown.push(index),
        }
        self
    }

    /// Adds a reading that is matched with nothing yet; its index.
    pub(crate) fn reading(&mut self, sheet: &str, department: &str, fields: &[(&str, Option<&str>)]) -> usize {
        let file = format!("{department}.xlsx");
        let submission = self.intake.submissions.iter().position(|s| s.file == file).unwrap_or_else(|| {
            self.intake.submissions.push(Submission { file: file.clone(), ..Submission::default() });
            self.intake.submissions.len() - 1
        });
        let cell = |n: usize| Origin::cell(&file, sheet, format!("C{}", n + 1));
        let fields = fields.iter().enumerate().map(|(n, (k, v))| {
            ((*k).to_owned(), Sourced { value: v.map(str::to_owned), as_written: v.unwrap_or("=A1").to_owned(), origin: cell(n) })
        });
        let area = Area { first: CellRef::new(0, 0), last: CellRef::new(20, 5) };
        self.intake.readings.push(Reading {
            submission,
            sheet: sheet.to_owned(),
            area,
            kind: ReadingKind::Report,
            fields: fields.collect(),
            findings: Vec::new(),
        });
        let index = self.intake.readings.len() - 1;
        self.matched.reading_department.insert(index, department.to_owned());
        index
    }

    /// A line of the ledger.
    pub(crate) fn ledger(mut self, department: &str, file: Option<&str>, status: Status) -> Self {
        let reason = crate::finding::Text::new("", "");
        self.matched.ledger.push(LedgerEntry {
            file: file.map(str::to_owned),
            department: Some(department.to_owned()),
            sent_at: None,
            status,
            reason,
        });
        self
    }

    /// One initiative `1` (名前, 企画課) and one report of it.
    pub(crate) fn one(plan: &[(&str, &str)], report: &[(&str, Option<&str>)]) -> Self {
        Bench::new().initiative("1", "窓口の改善", "企画課", plan).report("1", "企画課", report)
    }

    /// What a check finds.
    pub(crate) fn check(&self, check: super::Check) -> Vec<Finding> {
        check(&self.case())
    }

    /// The same, each finding in short: code, field, cell, found, expected.
    pub(crate) fn shown(&self, check: super::Check) -> Vec<String> {
        self.check(check).iter().map(shown).collect()
    }

    pub(crate) fn case(&self) -> Case<'_> {
        let date = chrono::NaiveDate::from_ymd_opt(2025, 4, 20).expect("a day");
        Case::new(&self.job, &self.form, &self.plan, &self.intake, &self.matched, Edition::Report, date)
    }
}

/// A finding in short.
fn shown(f: &Finding) -> String {
    let part = |o: &Option<String>| o.clone().unwrap_or_else(|| "-".to_owned());
    format!("{} {} {} {}: {} / {}", f.rule.code, part(&f.initiative), part(&f.field), part(&f.origin.cell), f.found, f.expected)
}
