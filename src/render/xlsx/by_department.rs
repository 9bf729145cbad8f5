//! 所属別: one row a department: how much was asked of it, what arrived, how it is evaluated, what it must mend.

use super::View;
use super::book::{Book, say};
use super::table::{Cell, Column, Table};
use crate::reconcile::totals::{Counts, Group, Totals};

/// The sheet.
pub(super) fn table(view: &View<'_>, book: &Book<'_>, totals: &Totals) -> Table<'static> {
    let initiatives = |name: &str| {
        let theirs = view.settled.initiatives.iter().filter(|i| i.department == name);
        theirs.map(|i| format!("{} {}", i.key, i.name)).collect::<Vec<_>>().join("\n")
    };
    let mut columns = vec![Column::new(book.say("所属", "Department"), 30.0, 46.0)];
    columns.extend(group_columns(view, totals));
    columns.push(Column::new(book.say("平均\n達成率", "Mean\nachieved"), 17.0, 20.0).right());
    columns.push(Column::new(book.say("取組", "Initiatives"), 60.0, 110.0));
    let row = |group: &Group, name: &str, last: String| {
        let mut row = vec![Cell::text(name)];
        row.extend(group_cells(group));
        row.push(group.mean_rate().map_or(Cell::Blank, |r| Cell::Number(r, "0.0%".to_owned())));
        row.push(Cell::text(last));
        row
    };
    let mut whole = totals.all.clone();
    whole.findings = sum(&totals.departments);
    let name = |g: &Group| if g.name.is_empty() { book.say("（所属の定めなし）", "(none)").to_owned() } else { g.name.clone() };
    Table {
        sheet: "所属別".to_owned(),
        defined: "所属別表".to_owned(),
        title: book.say("所属別の状況", "By department").to_owned(),
        lead: vec![format!(
            "{}　{}",
            view.settled.title,
            book.say(
                "所属ごとに1行。取組は、回答した所属または回答を求めた所属に数えます。",
                "One row a department: the one that answered or was asked."
            )
        )],
        columns,
        rows: totals.departments.iter().map(|g| row(g, &name(g), initiatives(&g.name))).collect(),
        total: Some(row(&whole, book.say("合計", "Total"), String::new())),
        below: None,
        notes: vec![
            book.say(
                "未対応・確認済みは、その所属が対応する指摘の件数です。計画そのものに関する指摘（P5）は含みません。",
                "Findings are those the department must act on; findings about the plan itself (P5) are not among them.",
            )
            .to_owned(),
            book.say(
                "平均達成率は、達成率を計算できた指標の単純平均です。",
                "The mean is that of the indicators for which a rate could be computed.",
            )
            .to_owned(),
        ],
        frozen: 1,
        marks: Vec::new(),
        empty: book.say("所属がありません。", "There is no department.").to_owned(),
    }
}

/// The findings of several groups together.
pub(super) fn sum(groups: &[Group]) -> Counts {
    groups.iter().fold(Counts::default(), |sum, g| sum.and(g.findings))
}

/// Columns of the counts of a group, also used for chapters.
pub(super) fn group_columns(view: &View<'_>, totals: &Totals) -> Vec<Column> {
    let say = |ja, en| say(view.lang, ja, en);
    let mut columns = vec![
        Column::new(say("取組数", "Initia-\ntives"), 16.0, 18.0).right(),
        Column::new(say("提出済", "Answered"), 16.0, 18.0).right(),
        Column::new(say("要確認", "To be\nchecked"), 16.0, 18.0).right(),
        Column::new(say("未提出", "Missing"), 16.0, 18.0).right(),
    ];
    columns.extend(totals.marks.iter().map(|m| Column::new(m.mark.as_str(), 14.0, 24.0).right()));
    columns.push(Column::new(say("記載\nなし", "No\nmark"), 14.0, 18.0).right());
    columns.push(Column::new(say("未対応\nエラー", "Open\nerrors"), 16.0, 18.0).right());
    columns.push(Column::new(say("未対応\n警告", "Open\nwarnings"), 16.0, 18.0).right());
    columns.push(Column::new(say("確認\n済み", "Accep-\nted"), 14.0, 18.0).right());
    columns
}

/// The counts of a group, in the order of [`group_columns`]; where last year's marks are known, with the change behind each.
pub(super) fn group_cells(group: &Group) -> Vec<Cell> {
    let mut cells = vec![Cell::count(group.gross)];
    cells.extend(group.standings.iter().map(|n| Cell::count(*n)));
    let known = group.evaluated_before() > 0;
    cells.extend(group.marks.iter().zip(&group.before).map(|(now, before)| if known { Cell::count_since(*now, *before) } else { Cell::count(*now) }));
    cells.push(Cell::count(group.blank + group.doubtful));
    cells.extend([group.findings.errors, group.findings.warnings, group.findings.accepted].map(Cell::count));
    cells
}
