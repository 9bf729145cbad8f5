//! A settled model made by hand from a sample's `expected.json`: what the pipeline should settle, without running it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use torimatome::finding::{Finding, Origin, Rule, Severity, StaticText, Text};
use torimatome::form::{Form, Role};
use torimatome::intake::{LedgerEntry, Status, Submission};
use torimatome::layout::font::Fonts;
use torimatome::packet::{Packet, SheetPages};
use torimatome::plan::{Job, Plan};
use torimatome::reconcile::{Achievement, Edition, Settled, SettledField, SettledInitiative, State};
use torimatome::render::xlsx::View;

const fn text(ja: &'static str, en: &'static str) -> StaticText {
    StaticText { ja, en }
}

const fn rule(code: &'static str, slug: &'static str, severity: Severity, ja: &'static str, fix: &'static str) -> Rule {
    Rule {
        code,
        slug,
        severity,
        title: text(ja, slug),
        what: text("", ""),
        why: text("", ""),
        example: text("", ""),
        fix: text(fix, "please mend it"),
    }
}

static RULES: &[(&str, Rule)] = &[
    (
        "truncated_file",
        rule("I101", "unreadable-file", Severity::Error, "ファイルを読み取れません", "Excelで開けることを確かめて、もう一度送ってください。"),
    ),
    (
        "password_protected",
        rule("I102", "password-protected", Severity::Error, "パスワードがかかっています", "パスワードを外して、もう一度送ってください。"),
    ),
    ("missing_department", rule("R301", "missing-department", Severity::Error, "報告が届いていません", "調書に記入して提出してください。")),
    (
        "missing_initiative",
        rule("R302", "missing-initiative", Severity::Error, "この取組の報告がありません", "調書のシートを加えて提出してください。"),
    ),
    ("altered_plan_text", rule("R308", "altered-plan-text", Severity::Warning, "計画の記載が変えられています", "計画の記載は元に戻してください。")),
    (
        "changed_goal_without_note",
        rule("R309", "changed-goal-without-note", Severity::Warning, "目標が説明なしに変えられています", "備考に変更の理由を書いてください。"),
    ),
    ("blank_report", rule("C401", "blank-report", Severity::Error, "報告が空欄です", "報告を記入してください。")),
    ("blank_evaluation", rule("C402", "blank-evaluation", Severity::Error, "評価が空欄です", "評価を記入してください。")),
    ("invalid_evaluation", rule("N202", "unknown-choice", Severity::Error, "選択肢にない評価です", "選択肢から選んでください。")),
    ("rare_characters", rule("N207", "private-use-character", Severity::Warning, "外字が使われています", "外字を別の字に置き換えてください。")),
    ("resubmission", rule("I107", "resubmission", Severity::Note, "差替えの提出がありました", "対応は不要です。")),
];

static OTHER: Rule = rule("C404", "placeholder-left", Severity::Warning, "確認が必要です", "確認してください。");

/// Everything a [`View`] borrows.
pub(crate) struct Fixture {
    pub(crate) job: Job,
    pub(crate) form: Form,
    pub(crate) settled: Settled,
    pub(crate) packet: Packet,
    pub(crate) fonts: Fonts,
    pub(crate) sheet_files: BTreeMap<String, String>,
    pub(crate) submissions: Vec<Submission>,
}

impl Fixture {
    /// The settled model of a sample round (`typical`, `hostile`) of a job.
    pub(crate) fn of(id: &str, kind: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut job = Job::of_folder(root).unwrap().into_iter().find(|j| j.settings.id == id).unwrap();
        // Links are told from folder to folder; relative ones do not depend on the machine.
        (job.input, job.output) = (Path::new("input").join(id), Path::new("output").join(id));
        let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
        let plan = torimatome::plan::load(&job, &form).unwrap();
        let sample = root.join("tests/samples").join(id).join(kind);
        let expected: Value = serde_json::from_slice(&std::fs::read(sample.join("expected.json")).unwrap()).unwrap();
        let settled = settled(&job, &form, &plan, &expected);
        let sheets: Vec<SheetPages> = settled.initiatives.iter().enumerate().map(|(n, i)| pages(n as u32, &i.key)).collect();
        let sheet_files = settled.initiatives.iter().map(|i| (i.key.clone(), format!("{}_{}.pdf", i.key, i.name))).collect();
        let input = if kind == "typical" { root.join("input").join(id) } else { sample.join("input") };
        let submissions = submissions(&input);
        Fixture { job, form, settled, packet: Packet { sheets, ..Packet::default() }, fonts: Fonts::load(None).unwrap(), sheet_files, submissions }
    }

    /// What the writers see.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            settled: &self.settled,
            form: &self.form,
            job: &self.job,
            packet: &self.packet,
            fonts: &self.fonts,
            lang: torimatome::finding::Lang::Ja,
            since: None,
            sheet_files: &self.sheet_files,
        }
    }
}

fn pages(n: u32, key: &str) -> SheetPages {
    SheetPages { initiative: key.to_owned(), first_page: n + 4, last_page: n + 4 + n % 2, index: (n as usize, n as usize) }
}

fn submissions(folder: &Path) -> Vec<Submission> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|path| Submission {
            file: path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: std::fs::read(&path).unwrap(),
            ..Submission::default()
        })
        .collect()
}

fn settled(job: &Job, form: &Form, plan: &Plan, expected: &Value) -> Settled {
    let records: Vec<&Value> = expected["records"].as_array().unwrap().iter().collect();
    let initiatives = plan.initiatives.iter().map(|i| initiative(job, form, i, &records, expected)).collect();
    Settled {
        edition: Edition::Report,
        job: job.settings.id.clone(),
        title: job.settings.title.clone(),
        city: job.settings.city.clone(),
        fiscal_year: job.settings.fiscal_year,
        date: chrono::NaiveDate::from_ymd_opt(2025, 4, 18).unwrap(),
        document: plan.document.clone(),
        initiatives,
        ledger: ledger(expected),
        findings: findings(expected),
        inputs: Vec::new(),
    }
}

fn initiative(job: &Job, form: &Form, plan: &torimatome::plan::Initiative, records: &[&Value], expected: &Value) -> SettledInitiative {
    let record = records.iter().find(|r| r["initiative"].as_str() == Some(&plan.key));
    let mut fields = BTreeMap::new();
    for (key, value) in &plan.fields {
        fields.insert(key.clone(), field(value, false, Origin::default(), State::Plan));
    }
    if let Some(record) = record {
        for (key, cell) in record["fields"].as_object().unwrap() {
            let reported = cell["role"].as_str() == Some("report");
            let value = cell["value"].as_str().unwrap_or_default();
            let origin =
                Origin::cell(record["file"].as_str().unwrap(), record["sheet"].as_str().unwrap_or_default(), cell["cell"].as_str().unwrap_or("A1"));
            let wrong = expected["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|f| f["severity"] == "error" && f["initiative"] == record["initiative"] && f["field"].as_str() == Some(key));
            let state = if wrong { State::Check } else { State::Reported };
            if reported || !value.is_empty() {
                fields.insert(key.clone(), field(value, reported, origin, state));
            }
        }
    }
    let evaluation = form.by_role(Role::Evaluation).or(form.by_role(Role::ChangeType)).map_or(String::new(), |f| {
        let year = job.settings.fiscal_year.key();
        let settled = fields.get(&format!("{}.{year}", f.key)).or(fields.get(&f.key));
        settled.filter(|_| record.is_some()).map(|f| f.value.clone()).unwrap_or_default()
    });
    let achievements = if record.is_some() && plan.key.ends_with('9') {
        vec![Achievement { indicator: "交付件数".into(), goal: "4,300件".into(), actual: "3,120件".into(), rate: Some(72.56) }]
    } else {
        Vec::new()
    };
    SettledInitiative {
        key: plan.key.clone(),
        name: plan.name.clone(),
        chapter: form.by_role(Role::Chapter).and_then(|f| plan.fields.get(&f.key)).cloned().unwrap_or_default(),
        department: plan.answers.clone().unwrap_or_default(),
        answered: record.is_some(),
        fields,
        evaluation,
        evaluation_before: String::new(),
        achievements,
        raw: plan.raw.clone(),
    }
}

fn field(value: &str, reported: bool, origin: Origin, state: State) -> SettledField {
    SettledField { value: value.to_owned(), as_written: value.to_owned(), reported, origin, state }
}

fn ledger(expected: &Value) -> Vec<LedgerEntry> {
    let mut ledger: Vec<LedgerEntry> = expected["submissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| LedgerEntry {
            file: s["file"].as_str().map(str::to_owned),
            department: s["department"].as_str().map(str::to_owned),
            sent_at: s["received"].as_str().and_then(|t| chrono::NaiveDateTime::parse_from_str(t, "%Y-%m-%dT%H:%M:%S").ok()),
            status: match s["status"].as_str() {
                Some("superseded") => Status::Superseded,
                Some("unreadable") => Status::Unreadable,
                _ => Status::Accepted,
            },
            reason: Text::new("", ""),
        })
        .collect();
    for name in expected["missing_departments"].as_array().unwrap() {
        let department = name.as_str().or(name["department"].as_str()).map(str::to_owned);
        ledger.push(LedgerEntry {
            file: None,
            department,
            sent_at: None,
            status: Status::Missing,
            reason: Text::new("届いていません。", "nothing arrived"),
        });
    }
    ledger
}

fn findings(expected: &Value) -> Vec<Finding> {
    let mut findings: Vec<Finding> = expected["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let kind = f["kind"].as_str().unwrap();
            let rule = RULES.iter().find(|(k, _)| *k == kind).map_or(&OTHER, |(_, r)| r);
            let part = |name: &str| f[name].as_str().map(str::to_owned);
            let mut finding = Finding::new(rule).at(Origin { file: part("file"), sheet: part("sheet"), cell: part("cell") });
            finding.department = part("department");
            finding.initiative = part("initiative");
            finding.field = part("field");
            if kind == "altered_plan_text" {
                finding = finding
                    .found("窓口の受付を9時から始めます。\n変わらない段落です。")
                    .expected("窓口の受付を10時から始めます。\n変わらない段落です。");
            }
            finding.discriminator(kind)
        })
        .collect();
    torimatome::finding::sort(&mut findings);
    findings
}
