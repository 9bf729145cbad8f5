//! Matching and resubmissions with readings made by hand.

use super::bend::{at, cell, sheet};
use std::collections::BTreeMap;
use torimatome::form::Form;
use torimatome::intake::recognise::read_grids;
use torimatome::intake::{Intake, Status, Submission};
use torimatome::plan::{Initiative, Job, Plan, Settings};
use torimatome::reconcile::matching::match_readings;
use torimatome::workbook::{Format, Sheet, Workbook};

fn job() -> Job {
    let settings = r#"
        id = "t"
        title = "t"
        plan = "plan.json"
        form = "kodaira"
        fiscal_year = "R3"
        [[department]]
        name = "職員課"
        former = [{ name = "人事課" }]
        [[department]]
        name = "市民課"
        [[department]]
        name = "財政課"
        [[decision]]
        name = "窓口のこと"
        initiative = "2"
    "#;
    let settings: Settings = toml::from_str(settings).unwrap();
    Job::new(settings, std::path::Path::new("."), "input".into(), "output".into())
}

fn plan() -> Plan {
    let initiative = |key: &str, name: &str, department: &str| Initiative {
        key: key.into(),
        name: name.into(),
        page: None,
        leads: vec![department.into()],
        related: Vec::new(),
        answers: Some(department.into()),
        fields: BTreeMap::from([("no".to_owned(), key.to_owned()), ("name".to_owned(), name.to_owned())]),
        raw: serde_json::Value::Null,
    };
    Plan {
        initiatives: vec![
            initiative("1", "職員定数の適正管理", "職員課"),
            initiative("2", "窓口の改善", "市民課"),
            initiative("3", "電子申請の活用", "市民課"),
            initiative("4", "電子申請の活用", "財政課"),
        ],
        ..Plan::default()
    }
}

fn form_sheet(no: &str, name: &str, department: &str, plan: &str) -> Sheet {
    let mut s = sheet(
        &format!("No.{no}"),
        "A1 No.\nB1 実施項目\nJ1 推進担当課\nA3 目的・ねらい\nB3 図る\nA4 取組内容\nB4 行う\nA5 指標\nF5 現状値（計画策定時）\nJ5 令和6年度目標値\nA6 数\nF6 1\nJ6 2\nA8 年度計画\nB8 3年度\nE8 4年度\nH8 5年度\nK8 6年度\nE9 x\nH9 x\nK9 x",
    );
    for (a1, text) in [("A2", no), ("B2", name), ("J2", department), ("B9", plan)] {
        if !text.is_empty() {
            s.cells.insert(at(a1), cell(text));
        }
    }
    s
}

/// What matching says of these files: answers as `key=file/department(+others)`, unknown names, ledger states, codes.
fn matched(files: &[(&str, Vec<Sheet>)]) -> (Vec<String>, usize, Vec<String>, Vec<&'static str>) {
    let (job, plan, form) = (job(), plan(), Form::load("kodaira", None).unwrap());
    let mut intake = Intake::default();
    for (n, (file, sheets)) in files.iter().enumerate() {
        let (name, time) = file.split_once('|').unwrap_or((file, ""));
        intake.submissions.push(Submission { file: name.into(), sha256: n.to_string(), ..Submission::default() });
        intake.modified.push(format!("2025-04-{time}T09:00:00").parse().ok());
        let workbook = Workbook { format: Format::Xlsx, sheets: sheets.clone(), modified: None, broken: Vec::new(), values: Default::default() };
        intake.readings.extend(read_grids(n, name, &workbook, &form, job.settings.fiscal_year).0);
    }
    let (matched, findings) = match_readings(&intake, &job, &form, &plan);
    let answers = matched
        .answers
        .iter()
        .filter_map(|a| Some((a, a.reading?)))
        .map(|(a, r)| {
            format!(
                "{}={}/{}{}",
                plan.initiatives[a.initiative].key,
                intake.submissions[intake.readings[r].submission].file,
                a.department,
                "+".repeat(a.others.len())
            )
        })
        .collect();
    let word = |s: Status| format!("{s:?}");
    let ledger = matched
        .ledger
        .iter()
        .map(|e| format!("{}:{}:{}", e.file.as_deref().unwrap_or("-"), e.department.as_deref().unwrap_or("?"), word(e.status)))
        .collect();
    let mut codes: Vec<&'static str> = findings.iter().map(|f| f.rule.code).collect();
    codes.sort_unstable();
    (answers, matched.unknown.len(), ledger, codes)
}

#[test]
fn by_name_then_department_then_number() {
    let (answers, unknown, _, codes) = matched(&[
        ("職員課.xlsx", vec![form_sheet("9", "職員定数の 適正管理", "人事課", "a")]),
        ("市民課.xlsx", vec![form_sheet("2", "窓口のサービス向上", "市民課", "b"), form_sheet("", "電子申請の活用", "市民課", "c")]),
        ("財政課.xlsx", vec![form_sheet("", "電子申請の活用", "", "d"), form_sheet("99", "新しい取組", "財政課", "e")]),
    ]);
    assert_eq!(answers, ["1=職員課.xlsx/職員課", "2=市民課.xlsx/市民課", "3=市民課.xlsx/市民課", "4=財政課.xlsx/財政課"]);
    assert_eq!(unknown, 1);
    assert_eq!(codes, Vec::<&str>::new());
}

#[test]
fn two_fit_and_none_is_taken() {
    let mut sheet = form_sheet("", "電子申請の活用", "", "x");
    sheet.name = "Sheet1".into();
    let (answers, unknown, _, codes) = matched(&[("様式.xlsx", vec![sheet])]);
    assert!(answers.is_empty());
    assert_eq!(unknown, 0);
    assert!(codes.contains(&"I108"), "{codes:?}");
}

#[test]
fn a_name_of_another_department_over_its_own_number_is_asked_about() {
    let (answers, unknown, _, codes) = matched(&[("職員課.xlsx", vec![form_sheet("1", "窓口の改善", "職員課", "x")])]);
    assert!(answers.is_empty(), "{answers:?}");
    assert_eq!((unknown, codes.contains(&"I108")), (0, true), "{codes:?}");
}

#[test]
fn a_number_taken_twice_is_another_initiative() {
    let (answers, unknown, ..) =
        matched(&[("市民課.xlsx", vec![form_sheet("2", "窓口の改善", "市民課", "b"), form_sheet("2", "まったく別の事業", "市民課", "c")])]);
    assert_eq!((answers, unknown), (vec!["2=市民課.xlsx/市民課".to_owned()], 1));
}

#[test]
fn decisions_of_people_count() {
    let (answers, unknown, ..) = matched(&[("様式.xlsx", vec![form_sheet("", "窓口のこと", "職員課", "b")])]);
    assert_eq!((answers, unknown), (vec!["2=様式.xlsx/職員課".to_owned()], 0));
}

#[test]
fn the_newer_file_counts_sheet_by_sheet() {
    let old = || vec![form_sheet("2", "窓口の改善", "市民課", "b"), form_sheet("3", "電子申請の活用", "市民課", "c")];
    let (answers, _, ledger, codes) =
        matched(&[("a_市民課.xlsx|01", old()), ("市民課_修正版.xlsx|01", vec![form_sheet("2", "窓口の改善", "市民課", "B")])]);
    assert_eq!(answers, ["2=市民課_修正版.xlsx/市民課", "3=a_市民課.xlsx/市民課"]);
    assert_eq!(codes, ["I107"]);
    assert_eq!(ledger[..2], ["a_市民課.xlsx:市民課:Accepted", "市民課_修正版.xlsx:市民課:Accepted"]);
    assert_eq!(ledger[2..], ["-:職員課:Missing", "-:財政課:Missing"]);
    let (answers, _, ledger, _) = matched(&[("a_市民課.xlsx|05", old()), ("b_市民課.xlsx|03", old())]);
    assert_eq!(answers, ["2=a_市民課.xlsx/市民課", "3=a_市民課.xlsx/市民課"], "saved later");
    assert_eq!(ledger[1], "b_市民課.xlsx:市民課:Superseded");
    let (answers, _, ledger, codes) = matched(&[("a_市民課.xlsx", old()), ("b_市民課.xlsx", old())]);
    assert_eq!(answers, ["2=a_市民課.xlsx/市民課+", "3=a_市民課.xlsx/市民課+"], "nothing tells");
    assert_eq!((ledger[1].as_str(), codes), ("b_市民課.xlsx:市民課:Accepted", vec![]));
}

#[test]
fn two_departments_of_one_initiative_both_stay() {
    let (answers, ..) = matched(&[
        ("市民課.xlsx", vec![form_sheet("2", "窓口の改善", "市民課", "b")]),
        ("職員課.xlsx", vec![form_sheet("2", "窓口の改善", "職員課", "z")]),
    ]);
    assert_eq!(answers, ["2=市民課.xlsx/市民課+"]);
}

#[test]
fn last_years_form_and_hidden_drafts_are_told_with_their_initiative() {
    let mut old = form_sheet("2", "窓口の改善", "市民課", "b");
    for c in old.cells.values_mut() {
        if c.shown == "令和6年度目標値" {
            *c = cell("令和5年度目標値");
        }
    }
    let (answers, _, ledger, codes) = matched(&[("市民課.xlsx", vec![old, super::bend::hidden(form_sheet("3", "電子申請の活用", "市民課", "c"))])]);
    assert!(answers.is_empty());
    assert_eq!(codes, ["I106", "I110"]);
    assert_eq!(ledger[0], "市民課.xlsx:市民課:Accepted");
}
