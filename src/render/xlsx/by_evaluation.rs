//! 評価別: the initiatives in the order of their evaluation, with last year's beside it.

use super::View;
use super::book::{Align, Book, say};
use super::facts::{self, Findings};
use super::list;
use super::table::{Cell, Column, Table};
use crate::form::Role;
use crate::reconcile::SettledInitiative;
use crate::reconcile::totals::{Totals, place_of};
use crate::value::same_text;

/// The sheet.
pub(super) fn table(view: &View<'_>, book: &Book<'_>, findings: &Findings<'_>, totals: &Totals) -> Table<'static> {
    let say = |ja, en| say(view.lang, ja, en);
    let place = |i: &SettledInitiative| place_of(&totals.marks, &i.evaluation).unwrap_or(usize::MAX);
    let mut order: Vec<(usize, &SettledInitiative)> = view.settled.initiatives.iter().map(|i| (place(i), i)).collect();
    order.sort_by_key(|(place, _)| *place);
    let rows = order
        .iter()
        .map(|(place, i)| {
            let before = &i.evaluation_before;
            vec![
                match totals.marks.get(*place) {
                    Some(mark) => Cell::text(&mark.mark),
                    None => Cell::text(say("（評価なし）", "(none)")),
                },
                Cell::text(totals.marks.get(*place).map(|m| m.meaning.as_str()).unwrap_or_default()),
                Cell::text(before),
                Cell::text(step(totals, *place, before)),
                Cell::number_or_text(&facts::number(view, i)),
                Cell::text(&i.chapter),
                Cell::text(&i.name),
                Cell::text(&i.department),
                Cell::text(facts::text(view, i, list::RESULT)),
                Cell::text(facts::text(view, i, &[Role::Reason, Role::Issues])),
                Cell::text(findings.standing(i).word(view)),
                facts::pdf_link(view, &i.key).map_or(Cell::Blank, |url| Cell::link("PDF", Some(url))),
            ]
        })
        .collect();
    Table {
        sheet: "評価別".to_owned(),
        defined: "評価別表".to_owned(),
        title: say("評価別の取組", "By evaluation").to_owned(),
        lead: vec![format!("{}　{}", view.settled.title, definitions(view, totals))],
        columns: vec![
            Column { align: Align::Centre, ..Column::new(say("評価", "Mark"), 18.0, 28.0) },
            Column::new(say("意味", "Meaning"), 24.0, 40.0),
            Column { align: Align::Centre, ..Column::new(say("前年度", "Last\nyear"), 18.0, 26.0) },
            Column { align: Align::Centre, ..Column::new(say("前年度比", "Change"), 20.0, 24.0) },
            Column { align: Align::Centre, ..Column::new(say("番号", "No."), 12.0, 24.0) },
            Column::new(say("章・分野", "Chapter"), 22.0, 36.0),
            Column::new(say("取組名", "Initiative"), 40.0, 60.0),
            Column::new(say("所属", "Department"), 22.0, 32.0),
            Column::new(say("実績", "Result"), 40.0, 90.0),
            Column::new(say("理由・課題", "Reason"), 24.0, 60.0),
            Column { align: Align::Centre, ..Column::new(say("状況", "State"), 20.0, 26.0) },
            Column { align: Align::Centre, ..Column::new(say("調書", "Sheet"), 13.0, 16.0) },
        ],
        rows,
        total: None,
        below: None,
        notes: vec![book
            .say(
                "前年度比は、評価の段階が上がったものを「↑」、下がったものを「▲」、同じものを「→」で示します。前年度の評価は計画データに記載のあるものです。",
                "↑ better than last year, ▲ worse, → the same; last year's marks are those the plan's data holds.",
            )
            .to_owned()],
        frozen: 1,
        marks: Vec::new(),
        empty: say("取組がありません。", "There is no initiative.").to_owned(),
    }
}

/// How the mark moved along the scale, which is best first.
fn step(totals: &Totals, now: usize, before: &str) -> &'static str {
    let before = totals.marks.iter().position(|m| m.known && same_text(&m.mark, before));
    match (totals.marks.get(now).filter(|m| m.known), before) {
        (Some(_), Some(before)) if now < before => "↑",
        (Some(_), Some(before)) if now > before => "▲",
        (Some(_), Some(_)) => "→",
        _ => "",
    }
}

/// What each mark means, on one line.
pub(super) fn definitions(view: &View<'_>, totals: &Totals) -> String {
    let said: Vec<String> = totals
        .marks
        .iter()
        .filter(|m| m.known && !m.meaning.is_empty())
        .map(|m| {
            let band = view.job.settings.scale.iter().find(|b| b.mark == m.mark).and_then(|b| b.at_least);
            let band = band.map_or(String::new(), |b| format!("（{b}%{}）", say(view.lang, "以上", " or more")));
            format!("{}：{}{band}", m.mark, m.meaning)
        })
        .collect();
    said.join("　")
}
