//! The plan as a workbook: written and read again it is the same plan, and one kept by hand is read by its headings.

use serde_json::{Value, json};
use std::path::Path;
use torimatome::form::Form;
use torimatome::plan::data::plan_of;
use torimatome::plan::xlsx::{Page, differences, pages, read};
use torimatome::plan::{Job, load};
use torimatome::render::xlsx::plan_book;

fn date() -> chrono::NaiveDate {
    "2025-04-01".parse().unwrap()
}

fn jobs() -> Vec<Job> {
    Job::of_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn all_five_plans_survive_the_workbook() {
    for job in jobs() {
        let form = Form::load(&job.settings.form, None).unwrap();
        let bytes = std::fs::read(job.folder.join(&job.settings.plan)).unwrap();
        let plan: Value = serde_json::from_slice(&bytes).unwrap();
        let written = plan_book(&pages(&plan, &form).unwrap(), &job.settings.title, date()).unwrap();
        assert_eq!(written, plan_book(&pages(&plan, &form).unwrap(), &job.settings.title, date()).unwrap(), "the same bytes twice");
        let again = read(&written, "plan.xlsx", &job, &form).unwrap();
        let different = differences(&plan, &again);
        assert!(different.is_empty(), "{}: {:#?}", job.settings.id, &different[..different.len().min(8)]);
        assert_eq!(plan, again, "{}", job.settings.id);
    }
}

#[test]
fn a_job_may_name_a_workbook_as_its_plan() {
    let mut job = jobs().remove(0);
    let form = Form::load(&job.settings.form, None).unwrap();
    let plan = load(&job, &form).unwrap();
    let bytes = std::fs::read(job.folder.join(&job.settings.plan)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let book = plan_book(&pages(&serde_json::from_slice(&bytes).unwrap(), &form).unwrap(), "x", date()).unwrap();
    std::fs::write(folder.path().join("plan.xlsx"), book).unwrap();
    job.folder = folder.path().to_path_buf();
    job.settings.plan = "plan.xlsx".into();
    let again = load(&job, &form).unwrap();
    let told = |p: &torimatome::plan::Plan| p.initiatives.iter().map(|i| (i.key.clone(), i.fields.clone(), i.answers.clone())).collect::<Vec<_>>();
    assert_eq!(told(&plan), told(&again));
}

/// A workbook without a machine row.
fn by_hand(headings: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let texts = |of: &[&str]| of.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let page = Page { name: "計画".into(), headings: texts(headings), keys: texts(rows[0]), rows: rows[1..].iter().map(|r| texts(r)).collect() };
    plan_book(&[page], "x", date()).unwrap()
}

#[test]
fn a_workbook_kept_by_hand_is_read_by_its_headings() {
    let job = jobs().remove(0);
    let form = Form::load(&job.settings.form, None).unwrap();
    let headings = ["番号", "計画名", "実行課", "開始年度", "各年度達成目標 R 6", "各年度達成目標（令和7年度）"];
    let book = by_hand(&headings, &[&["1-01", "窓口の改善", "企画課、市民課", "R6", "10件", "20件\n研修"], &["2-12", "道路", "全庁", "R6", "", ""]]);
    let data = read(&book, "plan.xlsx", &job, &form).unwrap();
    assert_eq!(data["sheets"][0]["year_goals"], json!({"R6": ["10件"], "R7": ["20件", "研修"]}));
    let plan = plan_of(data, &job, &form).unwrap();
    assert_eq!(plan.initiatives[0].key, "1-01");
    assert_eq!(plan.initiatives[0].leads, ["企画課", "市民課"]);
    assert_eq!(plan.initiatives[0].fields["year_goals.R7"], "20件\n研修");
    assert_eq!(plan.initiatives[1].key, "2-12");
}

#[test]
fn what_is_wrong_with_it_is_told() {
    let job = jobs().remove(0);
    let form = Form::load(&job.settings.form, None).unwrap();
    let message = |book: &[u8]| format!("{:#}", read(book, "plan.xlsx", &job, &form).unwrap_err());
    let wrong = message(&by_hand(&["番号", "計画名", "現状と問題"], &[&["1-01", "a", "b"]]));
    assert!(wrong.contains("「現状と課題」ではありませんか"), "{wrong}");
    let nameless = message(&by_hand(&["番号", "実行課"], &[&["1-01", "企画課"]]));
    assert!(nameless.contains("名称の列"), "{nameless}");
    let numberless = message(&by_hand(&["計画名", "実行課"], &[&["a", "企画課"]]));
    assert!(numberless.contains("番号がありません"), "{numberless}");
    assert!(message(b"PK broken").contains("plan") || !message(b"PK broken").is_empty());
}
