//! Decisions that people write into Excel: the fresh copies that a run wrote are filled in, put into the job folder, and read by the next run.

use crate::common::{Run, Trial};
use rust_xlsxwriter::Workbook;
use torimatome::reconcile::State;
use torimatome::reconcile::waivers::{columns, waiver_rows};

/// A workbook of these columns and rows.
fn workbook(columns: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (n, title) in columns.iter().enumerate() {
        sheet.write_string(0, n as u16, *title).unwrap();
    }
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            sheet.write_string(r as u32 + 1, c as u16, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The rows of the run's waivers with these cells filled in for one finding.
fn filled(run: &Run, id: &str, cells: &[(&str, &str)]) -> Vec<u8> {
    let mut rows = waiver_rows(&run.outcome.settled.findings, &Default::default());
    let at = |column: &str| columns::WAIVERS.iter().position(|c| *c == column).unwrap();
    let row = rows.iter_mut().find(|r| r[at(columns::ID)] == id).unwrap();
    for (column, text) in cells {
        row[at(column)] = (*text).to_owned();
    }
    workbook(columns::WAIVERS, &rows)
}

#[test]
fn an_accepted_finding_stays_accepted_and_opens_again_when_its_time_is_over() {
    let trial = Trial::sample("honjo", "hostile");
    let first = trial.check();
    let wrong = first.finding("N202", "1-06");
    let accept = |until: &str| {
        let cells = [
            (columns::VERDICT, "確認済み"),
            (columns::REASON, "様式の改定前の語"),
            (columns::BY, "山田"),
            (columns::DATE, "2025/4/21"),
            (columns::UNTIL, until),
        ];
        filled(&first, &wrong.id(), &cells)
    };
    assert_eq!(first.outcome.settled.initiatives.iter().find(|i| i.key == "1-06").unwrap().fields["evaluation.R6"].state, State::Check);

    trial.put("waivers.xlsx", &accept("令和8年3月31日"));
    let second = trial.check();
    let waived = second.finding("N202", "1-06").waived.clone().unwrap();
    assert_eq!((waived.by.as_str(), waived.reason.as_str(), waived.until.as_deref()), ("山田", "様式の改定前の語", Some("2026-03-31")));
    assert_eq!(second.outcome.settled.initiatives.iter().find(|i| i.key == "1-06").unwrap().fields["evaluation.R6"].state, State::Reported);
    assert_eq!(second.outcome.settled.findings.iter().filter(|f| !f.is_open()).count(), 1);

    trial.put("waivers.xlsx", &accept("2025-04-19"));
    let third = trial.check();
    assert!(third.finding("N202", "1-06").is_open());
    assert_eq!(third.findings("W604").len(), 1);
}

#[test]
fn what_the_run_wrote_is_read_back_as_no_decision_at_all() {
    let trial = Trial::sample("kodaira", "hostile");
    trial.run();
    trial.put("waivers.xlsx", &trial.output("waivers.xlsx")).put("corrections.xlsx", &trial.output("corrections.xlsx"));
    let again = trial.check();
    assert!(again.outcome.settled.findings.iter().all(|f| f.is_open()));
    assert_eq!(again.outcome.settled.findings.iter().filter(|f| f.rule.code.starts_with('W')).count(), 0);
}

#[test]
fn a_correction_wins_over_the_file_and_keeps_both() {
    let trial = Trial::sample("honjo", "hostile");
    let row = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
    let rows = [
        row(["1-18", "年度末評価", "B", "道路管理課 佐藤", "2025-04-18", "電話で確認"]),
        row(["1-06", "evaluation.R6", "A", "市民活動推進課", "2025-04-18", "電話で確認"]),
        row(["9-99", "evaluation.R6", "A", "", "", ""]),
        row(["1-07", "無い項目", "A", "", "", ""]),
    ];
    trial.put("corrections.xlsx", &workbook(columns::CORRECTIONS, &rows));
    let run = trial.check();
    let field = |key: &str| run.outcome.settled.initiatives.iter().find(|i| i.key == key).unwrap().fields["evaluation.R6"].clone();
    assert_eq!(field("1-18").value, "B");
    assert!(matches!(field("1-06").state, State::Corrected { instead_of: Some(old), by, .. } if old == "達成" && by == "市民活動推進課"));
    assert_eq!(run.findings("W603").len(), 2);
    let record = run.result()["records"].as_array().unwrap().iter().find(|r| r["initiative"] == "1-06").unwrap();
    assert_eq!((&record["fields"]["evaluation.R6"]["value"], &record["evaluation"]), (&"A".into(), &"A".into()));
}

#[test]
fn a_decision_on_a_near_match_is_followed() {
    let trial = Trial::sample("honjo", "hostile");
    let first = trial.check();
    let unknown = first.findings("R303")[0].clone();
    trial.put("waivers.xlsx", &filled(&first, &unknown.id(), &[(columns::DECIDED, "3-02")]));
    let second = trial.check();
    assert_eq!(second.findings("R303").len(), 0);
    assert!(second.outcome.settled.initiatives.iter().find(|i| i.key == "3-02").unwrap().answered);
}
