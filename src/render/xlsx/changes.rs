//! 変更一覧: what changes in the plan: the kind and reason of each change where the form asks for them, else names and goals that were reported otherwise.

use super::View;
use super::book::{Align, Book, say};
use super::facts;
use super::table::{Cell, Column, Table};
use crate::finding::Finding;
use crate::form::Role;
use crate::reconcile::{SettledInitiative, State};
use std::collections::BTreeMap;

/// The sheet.
pub(super) fn table(view: &View<'_>, book: &Book<'_>) -> Table<'static> {
    let asks = view.form.by_role(Role::ChangeType).is_some();
    let (columns, rows) = if asks { asked(view) } else { found(view) };
    Table {
        sheet: "変更一覧".to_owned(),
        defined: "変更一覧表".to_owned(),
        title: book.say("変更一覧", "Changes").to_owned(),
        lead: vec![format!(
            "{}　{}",
            view.settled.title,
            if asks {
                book.say(
                    "取組ごとに1行。理由に引かれた番号は「関係する取組」に示します。",
                    "One row an initiative, with the initiatives its reason cites.",
                )
            } else {
                book.say(
                    "計画の名称・目標が変更された取組、電話などで訂正された値です。",
                    "Names and goals reported otherwise than in the plan, and corrected values.",
                )
            }
        )],
        columns,
        rows: rows.into_iter().collect(),
        total: None,
        notes: Vec::new(),
        frozen: 2,
        marks: Vec::new(),
        empty: book.say("該当する変更はありません。", "There is no change.").to_owned(),
    }
}

/// The form asks for kind and reason of the change.
fn asked(view: &View<'_>) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let say = |ja, en| say(view.lang, ja, en);
    let columns = vec![
        Column { align: Align::Centre, ..Column::new(say("番号", "No."), 12.0, 24.0) },
        Column::new(say("取組名", "Initiative"), 50.0, 80.0),
        Column::new(say("所属", "Department"), 26.0, 40.0),
        Column { align: Align::Centre, ..Column::new(say("変更種別", "Kind"), 24.0, 32.0) },
        Column::new(say("変更理由", "Reason"), 60.0, 110.0),
        Column::new(say("関係する取組", "Related"), 36.0, 70.0),
    ];
    let by_key: BTreeMap<&str, &SettledInitiative> = view.settled.initiatives.iter().map(|i| (i.key.as_str(), i)).collect();
    let rows = view
        .settled
        .initiatives
        .iter()
        .map(|i| {
            let reason = facts::text(view, i, &[Role::ChangeReason]);
            vec![
                Cell::number_or_text(&facts::number(view, i)),
                Cell::text(&i.name),
                Cell::text(&i.department),
                Cell::text(facts::text(view, i, &[Role::ChangeType])),
                Cell::text(&reason),
                Cell::text(cited(&by_key, i, &reason)),
            ]
        })
        .collect();
    (columns, rows)
}

/// The initiatives that a reason cites by number (「No.12」), with their names in the plan.
fn cited(by_key: &BTreeMap<&str, &SettledInitiative>, initiative: &SettledInitiative, reason: &str) -> String {
    let folded = crate::value::fold(reason);
    let mut lines: Vec<String> = Vec::new();
    for (place, _) in folded.match_indices("No.").chain(folded.match_indices("№")) {
        let rest = folded[place..].trim_start_matches("No.").trim_start_matches('№');
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if let Some(other) = by_key.get(number.as_str()).filter(|i| i.key != initiative.key) {
            let line = format!("No.{} {}", other.key, other.name);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.join("\n")
}

/// The form does not ask: names and goals that differ, and values given by telephone.
fn found(view: &View<'_>) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let say = |ja, en| say(view.lang, ja, en);
    let columns = vec![
        Column { align: Align::Centre, ..Column::new(say("番号", "No."), 12.0, 24.0) },
        Column::new(say("取組名", "Initiative"), 46.0, 70.0),
        Column::new(say("所属", "Department"), 26.0, 40.0),
        Column { align: Align::Centre, ..Column::new(say("種別", "Kind"), 28.0, 40.0) },
        Column::new(say("項目", "Field"), 28.0, 46.0),
        Column::new(say("変更後", "New"), 50.0, 90.0),
        Column::new(say("変更前", "Old"), 50.0, 90.0),
        Column::new(say("説明", "Remarks"), 40.0, 70.0),
    ];
    let mut told: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &view.settled.findings {
        if let Some(key) = finding.initiative.as_deref() {
            told.entry(key).or_default().push(finding);
        }
    }
    let mut rows = Vec::new();
    for initiative in &view.settled.initiatives {
        for finding in told.get(initiative.key.as_str()).into_iter().flatten() {
            if let Some(kind) = kind(view, finding) {
                rows.push(change(
                    view,
                    initiative,
                    kind,
                    finding.field.as_deref(),
                    &finding.found,
                    &finding.expected,
                    finding.message.get(view.lang),
                ));
            }
        }
        for (key, field) in &initiative.fields {
            if let State::Corrected { by, when, why, instead_of } = &field.state {
                let before = instead_of.as_deref().unwrap_or_default();
                let why = format!("{why}（{by}　{when}）");
                rows.push(change(view, initiative, say("訂正（連絡）", "corrected"), Some(key), &field.value, before, &why));
            }
        }
    }
    (columns, rows)
}

/// One change.
fn change(view: &View<'_>, initiative: &SettledInitiative, kind: &str, field: Option<&str>, new: &str, old: &str, why: &str) -> Vec<Cell> {
    vec![
        Cell::number_or_text(&facts::number(view, initiative)),
        Cell::text(&initiative.name),
        Cell::text(&initiative.department),
        Cell::text(kind),
        Cell::text(field.map(|f| facts::label(view, f)).unwrap_or_default()),
        Cell::text(new),
        Cell::text(old),
        Cell::text(why),
    ]
}

/// The findings that are changes of the plan.
fn kind(view: &View<'_>, finding: &Finding) -> Option<&'static str> {
    match finding.rule.code {
        "R304" => Some(say(view.lang, "名称変更", "renamed")),
        "R309" => Some(say(view.lang, "目標変更（説明なし）", "goal changed, no reason")),
        "R310" => Some(say(view.lang, "目標変更", "goal changed")),
        _ => None,
    }
}
