//! 突合結果: one row a finding, with links to file, sheet and cell; open and accepted ones apart.

use super::View;
use super::book::{Align, Book, Look, say};
use super::facts;
use super::table::{Cell, Column, Table};
use crate::finding::{Finding, Severity};
use crate::reconcile::since::Since;

/// The findings that are still open (or that were accepted), as a sheet of this name.
pub(super) fn table(view: &View<'_>, book: &Book<'_>, sheet: &str, open: Option<bool>, since: Option<&Since>) -> Table<'static> {
    let wanted = |f: &Finding| open.is_none_or(|open| f.is_open() == open);
    let chosen: Vec<(usize, &Finding)> = view.settled.findings.iter().enumerate().filter(|(_, f)| wanted(f)).collect();
    let number = |severity| chosen.iter().filter(|(_, f)| f.is_open() && f.rule.severity == severity).count();
    let accepted = chosen.iter().filter(|(_, f)| !f.is_open()).count();
    let words = Words { view };
    Table {
        sheet: sheet.to_owned(),
        defined: format!("{sheet}表"),
        title: sheet.to_owned(),
        lead: vec![format!(
            "{}　{} {}、{} {}、{} {}、{} {accepted}",
            view.settled.title,
            words.severity(Severity::Error),
            number(Severity::Error),
            words.severity(Severity::Warning),
            number(Severity::Warning),
            words.severity(Severity::Note),
            number(Severity::Note),
            book.say("確認済み", "accepted"),
        )],
        columns: columns(view),
        rows: chosen.iter().map(|(place, f)| row(view, f, change(view, since, *place))).collect(),
        total: None,
        below: None,
        notes: vec![
            book.say(
                "エラー：このまま印刷すると誤りや空欄になるもの。警告：人が見るべきもの。注記：取りまとめの際に読み替えたもの。",
                "Error: printing this would say something wrong or leave a hole. Warning: a person should look. Note: something was changed or assumed.",
            )
            .to_owned(),
            book.say(
                "前回との差：新規＝前回の実行になかったもの、変化＝見つかった値が変わったもの、継続＝前回もあったもの。前回の実行がなければ空欄です。",
                "Against the last run: new, altered (another value stands there), still there; blank if there was no run before.",
            )
            .to_owned(),
        ],
        frozen: 2,
        marks: vec![(0, words.severity(Severity::Error).to_owned(), Look::Alarm), (1, words.accepted().to_owned(), Look::Quiet)],
        empty: book.say("該当する指摘はありません。", "There is no finding.").to_owned(),
    }
}

/// The columns.
fn columns(view: &View<'_>) -> Vec<Column> {
    let say = |ja, en| say(view.lang, ja, en);
    vec![
        Column { align: Align::Centre, ..Column::new(say("重要度", "Severity"), 20.0, 24.0) },
        Column { align: Align::Centre, ..Column::new(say("対応", "State"), 20.0, 26.0) },
        Column { align: Align::Centre, ..Column::new(say("前回\nとの差", "Since\nlast run"), 17.0, 20.0) },
        Column { align: Align::Centre, ..Column::new(say("コード", "Code"), 16.0, 18.0) },
        Column::new(say("所属", "Department"), 24.0, 36.0),
        Column { align: Align::Centre, ..Column::new(say("番号", "No."), 14.0, 24.0) },
        Column::new(say("項目", "Field"), 26.0, 40.0),
        Column::new(say("指摘", "Finding"), 60.0, 86.0),
        Column::new(say("見つかった値", "Found"), 34.0, 60.0),
        Column::new(say("期待する値", "Expected"), 34.0, 60.0),
        Column::new(say("直し方", "What to do"), 44.0, 66.0),
        Column::new(say("ファイル", "File"), 36.0, 60.0),
        Column::new(say("シート", "Sheet"), 18.0, 28.0),
        Column { align: Align::Centre, ..Column::new(say("セル", "Cell"), 14.0, 18.0) },
        Column::new(say("確認の記録", "Accepted"), 26.0, 46.0),
        Column { align: Align::Centre, ..Column::new(say("指摘ID", "Id"), 27.0, 30.0) },
    ]
}

/// One finding.
fn row(view: &View<'_>, finding: &Finding, change: &'static str) -> Vec<Cell> {
    let words = Words { view };
    let record = finding.waived.as_ref().map(|w| {
        let until = w.until.as_deref().map(|u| format!("\n{}{u}", say(view.lang, "期限：", "until "))).unwrap_or_default();
        format!("{}\n{}　{}{until}", w.reason, w.by, w.date)
    });
    let origin = &finding.origin;
    let link = facts::source_link(view, origin);
    vec![
        Cell::text(words.severity(finding.rule.severity)),
        Cell::text(if finding.is_open() { words.open() } else { words.accepted() }),
        Cell::text(change),
        Cell::text(finding.rule.code),
        Cell::text(finding.department.as_deref().unwrap_or_default()),
        Cell::number_or_text(finding.initiative.as_deref().unwrap_or_default()),
        Cell::text(finding.field.as_deref().map(|f| facts::label(view, f)).unwrap_or_default()),
        Cell::text(finding.message.get(view.lang)),
        Cell::text(&finding.found),
        Cell::text(&finding.expected),
        Cell::text(finding.help.get(view.lang)),
        Cell::text(origin.file.as_deref().unwrap_or_default()),
        Cell::text(origin.sheet.as_deref().unwrap_or_default()),
        if origin.file.is_some() { Cell::link(facts::place_word(view, origin), link) } else { Cell::Blank },
        Cell::text(record.unwrap_or_default()),
        Cell::text(finding.id()),
    ]
}

/// What is new against the last run.
fn change(view: &View<'_>, since: Option<&Since>, place: usize) -> &'static str {
    match since {
        None => "",
        Some(since) if since.new.contains(&place) => say(view.lang, "新規", "new"),
        Some(since) if since.altered.iter().any(|(p, _)| *p == place) => say(view.lang, "変化", "altered"),
        Some(_) => say(view.lang, "継続", "still"),
    }
}

/// Words that stand in several columns.
struct Words<'v, 'a> {
    view: &'v View<'a>,
}

impl Words<'_, '_> {
    fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => say(self.view.lang, "× エラー", "× error"),
            Severity::Warning => say(self.view.lang, "▲ 警告", "▲ warning"),
            Severity::Note => say(self.view.lang, "・ 注記", "・ note"),
        }
    }

    fn open(&self) -> &'static str {
        say(self.view.lang, "未対応", "open")
    }

    fn accepted(&self) -> &'static str {
        say(self.view.lang, "確認済み", "accepted")
    }
}
