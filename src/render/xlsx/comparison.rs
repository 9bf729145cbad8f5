//! 新旧対照: what departments wrote where the plan says something else, new on the left, old on the right, what differs underlined on both sides.

use super::View;
use super::book::{Align, say};
use super::table::{Cell, Column, Table};
use super::{difference, facts};
use crate::reconcile::{SettledField, SettledInitiative, State};
use crate::value::same_text;

/// Findings that tell of a text that differs from the plan's.
const TELLS: &[&str] = &["R304", "R308", "R309", "R310"];

/// The sheet.
pub(super) fn table(view: &View<'_>) -> Table<'static> {
    let say = |ja, en| say(view.lang, ja, en);
    let rows = view.settled.initiatives.iter().flat_map(|i| rows(view, i)).collect();
    Table {
        sheet: "新旧対照".to_owned(),
        defined: "新旧対照表".to_owned(),
        title: say("新旧対照表", "New and old").to_owned(),
        lead: vec![format!(
            "{}　{}",
            view.settled.title,
            say(
                "左が報告（新）、右が計画（旧）。変わったところに下線を引いています。",
                "Reported on the left, the plan on the right, what differs underlined."
            )
        )],
        columns: vec![
            Column { align: Align::Centre, ..Column::new(say("番号", "No."), 12.0, 24.0) },
            Column::new(say("取組名", "Initiative"), 40.0, 56.0),
            Column::new(say("所属", "Department"), 24.0, 34.0),
            Column::new(say("項目", "Field"), 26.0, 40.0),
            Column::new(say("新（報告）", "New (reported)"), 70.0, 100.0),
            Column::new(say("旧（計画）", "Old (plan)"), 70.0, 100.0),
            Column::new(say("備考", "Remarks"), 36.0, 60.0),
        ],
        rows,
        total: None,
        below: None,
        notes: vec![
            say(
                "（新設）は計画にないもの、（削る）は報告で消されたもの、（略）は変わらない段落です。空白や全角・半角だけの違いは載せていません。",
                "（新設） not in the plan, （削る） taken out, （略） unchanged paragraphs. Differences of width and blanks alone are left out.",
            )
            .to_owned(),
        ],
        frozen: 2,
        marks: Vec::new(),
        empty: say("計画と異なる記載はありません。", "Nothing differs from the plan.").to_owned(),
    }
}

/// The differences of one initiative: those that findings tell of, then plan fields that print something else than the plan's own text.
fn rows(view: &View<'_>, initiative: &SettledInitiative) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    let plan = facts::plan_texts(view, initiative);
    for finding in view.settled.findings.iter().filter(|f| f.initiative.as_deref() == Some(&initiative.key) && TELLS.contains(&f.rule.code)) {
        let field = finding.field.as_deref().unwrap_or_default();
        if told.contains(&field) || (finding.found.is_empty() && finding.expected.is_empty()) {
            continue;
        }
        told.push(field);
        let remark = format!("{} {}", finding.rule.code, finding.rule.title.get(view.lang));
        let (new, old) = whole(plan.get(field).map(String::as_str).unwrap_or_default(), &finding.found, &finding.expected);
        rows.push(row(view, initiative, field, &new, &old, &remark));
    }
    if initiative.answered {
        for (key, field) in &initiative.fields {
            if told.contains(&key.as_str()) || !differs(field, plan.get(key)) {
                continue;
            }
            let old = plan.get(key).map(String::as_str).unwrap_or_default();
            rows.push(row(view, initiative, key, &field.value, old, remark(view, field)));
        }
    }
    rows
}

/// New and old text whole. A finding may quote only the words that differ; where these stand just once in the plan's text, the rest is put around them.
fn whole(plan: &str, found: &str, expected: &str) -> (String, String) {
    if !expected.is_empty() && plan != expected && plan.matches(expected).count() == 1 {
        return (plan.replacen(expected, found, 1), plan.to_owned());
    }
    (found.to_owned(), expected.to_owned())
}

/// Whether a plan field prints something else than the plan's own text.
fn differs(field: &SettledField, plan: Option<&String>) -> bool {
    let theirs = matches!(field.state, State::Reported | State::Check | State::Corrected(_));
    !field.reported && theirs && plan.is_some_and(|plan| !same_text(plan, &field.value))
}

/// Why a plan field prints something else.
fn remark(view: &View<'_>, field: &SettledField) -> &'static str {
    match field.state {
        State::Corrected(_) => say(view.lang, "連絡により訂正", "corrected"),
        State::Check => say(view.lang, "要確認", "to be checked"),
        State::Plan | State::Reported | State::Missing => "",
    }
}

/// One difference.
fn row(view: &View<'_>, initiative: &SettledInitiative, field: &str, new: &str, old: &str, remark: &str) -> Vec<Cell> {
    let (new, old) = difference::compare(new, old);
    vec![
        Cell::number_or_text(&facts::number(view, initiative)),
        Cell::text(&initiative.name),
        Cell::text(&initiative.department),
        Cell::text(facts::label(view, field)),
        Cell::Rich(new),
        Cell::Rich(old),
        Cell::text(remark),
    ]
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn quoted_words_get_their_text_back_where_that_is_certain() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(whole("連携を図り、進める。", "検討し", "図り"), pair("連携を検討し、進める。", "連携を図り、進める。"));
        assert_eq!(whole("図り、図る", "進", "図"), pair("進", "図"));
        assert_eq!(whole("調査します。", "時期を見直します。", ""), pair("時期を見直します。", ""));
        assert_eq!(whole("10件", "8件", "10件"), pair("8件", "10件"));
    }
}
