//! 変更一覧: what changes in the plan: the kind and reason of each change where the form asks for them, with what became what below; else names and goals
//! that were reported otherwise.

use super::View;
use super::book::{Align, Book, say};
use super::facts;
use super::table::{Below, Cell, Column, Table};
use crate::finding::Finding;
use crate::form::Role;
use crate::plan::lineage::{self, Citation, Lineage};
use crate::plan::{Initiative, Plan};
use crate::reconcile::totals::Totals;
use crate::reconcile::{SettledInitiative, State};
use std::collections::BTreeMap;

/// Name of the sheet.
const SHEET: &str = "変更一覧";
/// Remarks over the table when the form asks for changes.
const REMARKS: usize = 2;

/// The sheet.
pub(super) fn table(view: &View<'_>, book: &Book<'_>, totals: &Totals) -> Table<'static> {
    let asks = view.form.by_role(Role::ChangeType).is_some();
    let table = Table {
        sheet: SHEET.to_owned(),
        defined: "変更一覧表".to_owned(),
        title: book.say("変更一覧", "Changes").to_owned(),
        frozen: 2,
        empty: book.say("該当する変更はありません。", "There is no change.").to_owned(),
        ..Table::default()
    };
    let lead = |words: &str| format!("{}　{words}", view.settled.title);
    if !asks {
        let words = book.say(
            "計画の名称・目標が変更された取組、電話などで訂正された値です。",
            "Names and goals reported otherwise than in the plan, and corrected values.",
        );
        let (columns, rows) = found(view);
        return Table { lead: vec![lead(words)], columns, rows: rows.into_iter().collect(), ..table };
    }
    let words = book.say(
        "取組ごとに1行。統合・名称変更などで前後がつながる取組は、下の「取組の移り変わり」に示します。",
        "One row an initiative; what became what stands in the table below.",
    );
    let lineage = lineage_of(view);
    let (columns, rows) = asked(view, &lineage);
    Table {
        lead: vec![lead(words), counts(view, totals)],
        columns,
        rows: rows.into_iter().collect(),
        below: Some(Below {
            title: book.say("取組の移り変わり", "What became what").to_owned(),
            lead: book
                .say(
                    "統合、名称変更、終わった取組、新しい取組です。番号を押すと、上の表のその取組に移ります。",
                    "Merged, renamed, finished and new initiatives; numbers lead to the table above.",
                )
                .to_owned(),
            heads: [
                ("変更前", "Before"),
                ("取組名", "Initiative"),
                ("所属", "Department"),
                ("変更種別", "Kind"),
                ("変更後", "After"),
                ("記載", "Said by"),
            ]
            .map(|(ja, en)| book.say(ja, en).to_owned())
            .to_vec(),
            rows: steps(view, &lineage),
        }),
        ..table
    }
}

/// How often each kind occurs and what that leaves out, as it is counted for every output.
fn counts(view: &View<'_>, totals: &Totals) -> String {
    let mut parts: Vec<String> = totals.marks.iter().zip(&totals.all.marks).map(|(m, n)| format!("{} {n}", m.mark)).collect();
    let all = &totals.all;
    let left = [("要確認", "in doubt", all.doubtful), ("空欄", "blank", all.blank), ("未提出", "missing", all.missing)];
    parts.extend(left.iter().filter(|(_, _, n)| *n > 0).map(|(ja, en, n)| format!("{} {n}", say(view.lang, ja, en))));
    format!("{}{}（{} {}）", say(view.lang, "変更種別ごとの件数：", "By kind: "), parts.join("、"), say(view.lang, "計", "in all"), all.gross)
}

/// The lineage of what was settled: kinds and reasons in doubt or missing say nothing.
fn lineage_of(view: &View<'_>) -> Lineage {
    let keys: Vec<&str> = [Role::ChangeType, Role::ChangeReason].iter().filter_map(|r| view.form.by_role(*r)).map(|f| f.key.as_str()).collect();
    let initiative = |i: &SettledInitiative| {
        let usable = i.fields.iter().filter(|(key, f)| keys.contains(&key.as_str()) && !matches!(f.state, State::Check | State::Missing));
        Initiative {
            key: i.key.clone(),
            name: i.name.clone(),
            page: None,
            leads: Vec::new(),
            related: Vec::new(),
            answers: None,
            fields: usable.map(|(key, f)| (key.clone(), f.value.clone())).collect(),
            raw: serde_json::Value::Null,
        }
    };
    let plan = Plan { document: serde_json::Value::Null, initiatives: view.settled.initiatives.iter().map(initiative).collect() };
    lineage::read(&plan, view.form)
}

/// The link to an initiative's row in the first table.
fn link(place: usize) -> String {
    format!("internal:'{SHEET}'!A{}", Table::row_number(REMARKS, place))
}

/// One row a step from one initiative to another, or from or to nothing.
fn steps(view: &View<'_>, lineage: &Lineage) -> Vec<Vec<Cell>> {
    let say = |ja, en| say(view.lang, ja, en);
    let all = &view.settled.initiatives;
    let named = |at: usize| format!("No.{} {}", facts::number(view, &all[at]), all[at].name);
    let row = |from: usize, kind: &str, after: Cell, by: &str| {
        let i = &all[from];
        vec![
            Cell::link(facts::number(view, i), Some(link(from))),
            Cell::text(&i.name),
            Cell::text(&i.department),
            Cell::text(kind),
            after,
            Cell::text(by),
        ]
    };
    let mut rows = Vec::new();
    for to in 0..lineage.changes.len() {
        for from in lineage.merged_into(to) {
            let source = lineage.changes[from].successors.contains(&to);
            let target = lineage.changes[to].predecessors.contains(&from);
            let by = match (source, target) {
                (true, true) => say("双方に記載", "both"),
                (true, false) => say("統合元だけに記載", "the one that goes"),
                _ => say("統合先だけに記載", "the one that stays"),
            };
            rows.push((from, row(from, say("統合", "merged"), Cell::link(named(to), Some(link(to))), by)));
        }
    }
    for change in &lineage.changes {
        let (at, kind) = (change.initiative, change.kind.as_str());
        if lineage::is_merger(kind) && change.successors.is_empty() {
            rows.push((at, row(at, kind, Cell::text(say("（統合先の記載なし）", "(not said)")), "")));
        }
        if let Some(name) = &change.new_name {
            rows.push((
                at,
                row(at, say("名称変更", "renamed"), Cell::link(format!("「{name}」"), Some(link(at))), say("変更理由に記載", "its reason")),
            ));
        } else if lineage::is_renaming(kind) {
            rows.push((at, row(at, kind, Cell::text(say("（新しい名称の記載なし）", "(not said)")), "")));
        }
        if lineage::is_ending(kind) {
            rows.push((at, row(at, kind, Cell::text(say("―（終了）", "― (ended)")), "")));
        }
        if lineage::is_beginning(kind) {
            let mut cells = row(at, kind, Cell::link(named(at), Some(link(at))), "");
            cells[0] = Cell::text("―");
            cells[1] = Cell::text(say("―（新規）", "― (new)"));
            rows.push((at, cells));
        }
    }
    rows.sort_by_key(|(from, _)| *from);
    rows.into_iter().map(|(_, cells)| cells).collect()
}

/// The form asks for kind and reason of the change.
fn asked(view: &View<'_>, lineage: &Lineage) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let say = |ja, en| say(view.lang, ja, en);
    let columns = vec![
        Column { align: Align::Centre, ..Column::new(say("番号", "No."), 12.0, 24.0) },
        Column::new(say("取組名", "Initiative"), 50.0, 80.0),
        Column::new(say("所属", "Department"), 26.0, 40.0),
        Column { align: Align::Centre, ..Column::new(say("変更種別", "Kind"), 24.0, 32.0) },
        Column::new(say("変更理由", "Reason"), 60.0, 110.0),
        Column::new(say("関係する取組", "Related"), 36.0, 70.0),
    ];
    let rows = view.settled.initiatives.iter().enumerate().map(|(at, i)| {
        let related = related(lineage, at);
        let words: Vec<String> = related.iter().map(|&other| &view.settled.initiatives[other]).map(|o| format!("No.{} {}", o.key, o.name)).collect();
        vec![
            Cell::number_or_text(&facts::number(view, i)),
            Cell::text(&i.name),
            Cell::text(&i.department),
            Cell::text(facts::text(view, i, &[Role::ChangeType])),
            Cell::text(facts::text(view, i, &[Role::ChangeReason])),
            Cell::link(words.join("\n"), related.first().map(|&other| link(other))),
        ]
    });
    (columns, rows.collect())
}

/// The initiatives that one's reason cites, that it goes into, and that go into it.
fn related(lineage: &Lineage, at: usize) -> Vec<usize> {
    let Some(change) = lineage.changes.get(at) else { return Vec::new() };
    let mut others: Vec<usize> = change.citations.iter().filter_map(Citation::meant).collect();
    others.extend(change.successors.iter().copied().chain(lineage.merged_into(at)));
    let mut seen = std::collections::BTreeSet::from([at]);
    others.into_iter().filter(|other| seen.insert(*other)).collect()
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
            if let State::Corrected(c) = &field.state {
                let before = c.instead_of.as_deref().unwrap_or_default();
                let why = format!("{}（{}　{}）", c.why, c.by, c.when);
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
