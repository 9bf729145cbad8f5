//! 提出状況: what became of every file, and who is missing.

use super::View;
use super::book::{Align, Book, Look, say};
use super::facts;
use super::table::{Cell, Column, Table};
use crate::finding::Origin;
use crate::intake::{LedgerEntry, Status};
use crate::reconcile::totals::{Group, Totals};
use std::collections::BTreeMap;

/// The sheet.
pub(super) fn table(view: &View<'_>, book: &Book<'_>, totals: &Totals) -> Table<'static> {
    let groups: BTreeMap<&str, &Group> = totals.departments.iter().map(|g| (g.name.as_str(), g)).collect();
    let mut ledger: Vec<&LedgerEntry> = view.settled.ledger.iter().collect();
    let order: BTreeMap<&str, usize> = view.job.register.entries.iter().enumerate().map(|(n, e)| (e.name.as_str(), n)).collect();
    ledger.sort_by_key(|e| (e.department.as_deref().and_then(|d| order.get(d)).copied().unwrap_or(usize::MAX), e.file.clone()));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &ledger {
        *counts.entry(word(view, entry.status)).or_default() += 1;
    }
    let counted: Vec<String> = counts.iter().map(|(word, n)| format!("{word} {n}")).collect();
    let due = view.job.settings.due.map(|d| format!("{} {}", book.say("提出期限", "due"), d.format("%Y/%m/%d"))).unwrap_or_default();
    Table {
        sheet: "提出状況".to_owned(),
        defined: "提出状況表".to_owned(),
        title: book.say("提出状況", "Submissions").to_owned(),
        lead: vec![format!("{}　{}　{due}", view.settled.title, counted.join("、"))],
        columns: columns(view),
        rows: ledger.iter().map(|e| row(view, e, &groups)).collect(),
        total: None,
        below: None,
        notes: vec![
            book.say(
                "受付日時は、メールの送信日時、ファイル名の印（再提出など）、ブックの最終更新日時、ファイルの日時の順に確かなものを使います。",
                "Received: the mail's date, else a mark in the name, else the workbook's own time, else the file's.",
            )
            .to_owned(),
        ],
        frozen: 1,
        marks: vec![
            (1, word(view, Status::Missing).to_owned(), Look::Alarm),
            (1, word(view, Status::Unreadable).to_owned(), Look::Alarm),
            (1, word(view, Status::Superseded).to_owned(), Look::Quiet),
        ],
        empty: book.say("届いたファイルはありません。", "Nothing has arrived.").to_owned(),
    }
}

/// The columns.
fn columns(view: &View<'_>) -> Vec<Column> {
    let say = |ja, en| say(view.lang, ja, en);
    vec![
        Column::new(say("所属", "Department"), 26.0, 44.0),
        Column { align: Align::Centre, ..Column::new(say("状態", "State"), 22.0, 30.0) },
        Column::new(say("ファイル", "File"), 50.0, 96.0),
        Column { align: Align::Centre, ..Column::new(say("開く", "Open"), 14.0, 16.0) },
        Column { align: Align::Centre, ..Column::new(say("受付日時", "Received"), 30.0, 34.0) },
        Column::new(say("理由", "Reason"), 50.0, 100.0),
        Column::new(say("取組数", "Initia-\ntives"), 16.0, 18.0).right(),
        Column::new(say("未対応\nエラー", "Open\nerrors"), 16.0, 18.0).right(),
        Column::new(say("未対応\n警告", "Open\nwarnings"), 16.0, 18.0).right(),
    ]
}

/// One line of the ledger.
fn row(view: &View<'_>, entry: &LedgerEntry, groups: &BTreeMap<&str, &Group>) -> Vec<Cell> {
    let department = entry.department.as_deref().unwrap_or_default();
    let theirs = groups.get(department);
    let file = entry.file.as_deref().unwrap_or_default();
    let origin = Origin::file(file);
    let counts = entry.status != Status::Superseded && entry.status != Status::Ignored && !department.is_empty();
    let number = |n: usize| if counts { Cell::count(n) } else { Cell::Blank };
    vec![
        Cell::text(if department.is_empty() { say(view.lang, "（不明）", "(unknown)") } else { department }),
        Cell::text(word(view, entry.status)),
        Cell::text(if file.is_empty() { say(view.lang, "（届いていません）", "(nothing)") } else { file }),
        if file.is_empty() { Cell::Blank } else { Cell::link(facts::place_word(view, &origin), facts::source_link(view, &origin)) },
        entry.sent_at.map_or(Cell::Blank, Cell::Time),
        Cell::text(entry.reason.get(view.lang)),
        number(theirs.map_or(0, |g| g.gross)),
        number(theirs.map_or(0, |g| g.findings.errors)),
        number(theirs.map_or(0, |g| g.findings.warnings)),
    ]
}

/// The word of a state, with a sign that reads without colour.
pub(super) fn word(view: &View<'_>, status: Status) -> &'static str {
    match status {
        Status::Accepted => say(view.lang, "○ 受理", "○ accepted"),
        Status::Superseded => say(view.lang, "－ 差替え済", "－ superseded"),
        Status::Unreadable => say(view.lang, "× 読取不可", "× unreadable"),
        Status::Ignored => say(view.lang, "－ 対象外", "－ ignored"),
        Status::Missing => say(view.lang, "× 未提出", "× missing"),
    }
}
