//! The gate: every total of the summary workbook is computed a second time from `result.json`, and the two agree.

use crate::common::{Trial, root};
use serde_json::Value;
use std::collections::BTreeMap;
use torimatome::plan::Job;
use torimatome::workbook::{CellRef, ReadOptions, Sheet, Workbook, read};

fn open(bytes: &[u8]) -> Workbook {
    read(bytes, "進捗総括表.xlsx", &ReadOptions::default()).unwrap()
}

/// The count beside a label in the first column (the second column of its row), below a heading.
fn count(sheet: &Sheet, below: &str, label: &str) -> Option<usize> {
    let top = sheet.cells.iter().find(|(at, c)| at.col == 0 && c.shown.contains(below))?.0.row;
    let row = sheet.cells.iter().find(|(at, c)| at.col == 0 && at.row > top && c.shown.trim() == label)?.0.row;
    sheet.text(CellRef::new(row, 1)).replace(',', "").parse().ok()
}

/// The numbers of the row that begins with this label below a heading.
fn row(sheet: &Sheet, below: &str, label: &str) -> Vec<usize> {
    let Some(top) = sheet.cells.iter().find(|(at, c)| at.col == 0 && c.shown.contains(below)).map(|(at, _)| at.row) else { return Vec::new() };
    let Some(at) = sheet.cells.iter().find(|(at, c)| at.col == 0 && at.row > top && c.shown.trim() == label).map(|(at, _)| at.row) else {
        return Vec::new();
    };
    (1..40).map(|col| sheet.text(CellRef::new(at, col))).map_while(|t| t.replace(',', "").parse().ok()).collect()
}

fn gate(id: &str, kind: &str) -> Vec<String> {
    let trial = Trial::sample(id, kind);
    let run = trial.run();
    let book = open(&trial.output("進捗総括表.xlsx"));
    let sheet = book.sheets.iter().find(|s| s.name == "概要").unwrap();
    let written: Value = serde_json::from_slice(&trial.output("result.json")).unwrap();
    let mut wrong = Vec::new();
    let mut agree = |what: &str, shown: Option<usize>, computed: usize| {
        if shown != Some(computed) {
            wrong.push(format!("{id}/{kind} {what}: the workbook says {shown:?}, result.json {computed}"));
        }
    };

    let all = run.outcome.settled.initiatives.len();
    let records: Vec<&Value> = written["records"].as_array().unwrap().iter().filter(|r| r["joint"] != true).collect();
    agree("合計", count(sheet, "提出の状況", "合計"), all);
    agree("未提出", count(sheet, "提出の状況", "× 未提出"), all - records.len());
    let answered = count(sheet, "提出の状況", "○ 提出済").unwrap_or_default() + count(sheet, "提出の状況", "▲ 要確認").unwrap_or_default();
    agree("提出済と要確認", Some(answered), records.len());

    let mut marks: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in records.iter().filter_map(|r| r["evaluation"].as_str()).filter(|m| !m.is_empty()) {
        *marks.entry(mark).or_default() += 1;
    }
    for (mark, n) in &marks {
        agree(&format!("評価 {mark}"), count(sheet, "2　", mark), *n);
    }
    if !marks.is_empty() {
        agree("評価の合計", count(sheet, "2　", "合計"), marks.values().sum());
    }

    let open = |severity: &str| {
        let diagnostics = written["diagnostics"].as_array().unwrap();
        diagnostics.iter().filter(|d| d["waived"].is_null() && d["severity"] == severity).count()
    };
    let shown = row(sheet, "指摘の状況", "件数");
    for (n, severity) in ["error", "warning", "note"].iter().enumerate() {
        agree(severity, shown.get(n).copied(), open(severity));
    }
    wrong
}

#[test]
fn the_workbook_and_the_result_agree_on_every_total() {
    let jobs: Vec<String> = Job::of_folder(&root()).unwrap().into_iter().map(|j| j.settings.id).collect();
    let wrong: Vec<String> = jobs.iter().flat_map(|id| gate(id, "hostile")).collect();
    assert_eq!(wrong, Vec::<String>::new());
}
