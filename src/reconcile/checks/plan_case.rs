//! A small plan for the tests of the checks of the plan itself.

use super::{Case, Check};
use crate::finding::Finding;
use crate::form::{DataShape, Field, Form, Years};
use crate::intake::Intake;
use crate::plan::{Job, Plan, data};
use crate::reconcile::{Edition, Matched};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A plan with the list `sheets`, keys `{no}`, years R5 to R7.
pub(super) struct Fixture {
    job: Job,
    form: Form,
    plan: Plan,
    intake: Intake,
    matched: Matched,
}

#[derive(serde::Deserialize)]
struct Fields {
    #[serde(default)]
    field: Vec<Field>,
}

impl Fixture {
    /// Fields in the words of `form.toml`, and the plan's data.
    pub(super) fn new(fields: &str, plan: Value) -> Self {
        Self::with_settings(fields, plan, "")
    }

    /// With further lines of job settings.
    pub(super) fn with_settings(fields: &str, plan: Value, settings: &str) -> Self {
        let fields: Fields = toml::from_str(fields).expect("fields");
        let shape = "list=\"sheets\"\nkey=\"{no}\"\nname=\"name\"\nleads=\"departments\"\nrelated=\"related\"";
        let data: DataShape = toml::from_str(shape).expect("a data shape");
        let years: Years = toml::from_str("first=\"R5\"\nlast=\"R7\"\nprinted=\"R{n}\"").expect("years");
        let text = format!("id=\"x\"\ntitle=\"x\"\nplan=\"plan.json\"\nform=\"x\"\nfiscal_year=\"R6\"\n{settings}");
        let job = Job::new(toml::from_str(&text).expect("settings"), Path::new("."), PathBuf::new(), PathBuf::new());
        let form = Form { fields: fields.field, data, years, ..Form::default() };
        let plan = data::plan_of(plan, &job, &form).expect("a plan");
        Fixture { job, form, plan, intake: Intake::default(), matched: Matched::default() }
    }

    /// One initiative with these goals of R5, R6 and so on.
    pub(super) fn of_goals(goals: &[&str]) -> Self {
        let field = |key: &str, role: &str, more: &str| format!("[[field]]\nkey=\"{key}\"\nrole=\"{role}\"\n{more}");
        let fields = [
            field("start", "start-year", ""),
            field("target", "target-year", ""),
            field("goals", "year-goal", "yearly=true\n"),
            field("notes", "remarks", ""),
            field("text", "plan-text", ""),
        ];
        let years: serde_json::Map<String, Value> = goals.iter().zip(5..).map(|(g, n)| (format!("R{n}"), serde_json::json!([g]))).collect();
        Self::new(&fields.concat(), serde_json::json!({"sheets": [{"no": 1, "name": "a", "goals": years}]}))
    }

    /// What a check finds.
    pub(super) fn run(&self, check: Check) -> Vec<Finding> {
        let date = chrono::NaiveDate::default();
        check(&Case::new(&self.job, &self.form, &self.plan, &self.intake, &self.matched, Edition::Plan, date))
    }
}

/// Findings in one line each: code, initiative, field, what was found, what was expected. Every one quotes its places and has no file.
pub(super) fn shown(found: Vec<Finding>) -> Vec<String> {
    found
        .iter()
        .map(|f| {
            assert!(f.origin.file.is_none() && f.initiative.is_some(), "{}", f.message.ja);
            let of = |t: &Option<String>| t.clone().unwrap_or_default();
            format!("{} {} {} {} | {}", f.rule.code, of(&f.initiative), of(&f.field), f.found, f.expected)
        })
        .collect()
}
