//! R308 altered-plan-text: the wording of the plan was changed in the returned form.

use super::wording::{bare, difference};
use super::{Case, changed_goal};
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};
use crate::reconcile::Key;
use crate::value::{FiscalYear, Register, fold, split_departments};
use serde_json::Value;
use std::collections::BTreeSet;

/// R308.
pub static RULE: Rule = Rule {
    code: "R308",
    slug: "altered-plan-text",
    severity: Severity::Warning,
    title: StaticText { ja: "計画の文が書き換えられています", en: "the wording of the plan was changed" },
    what: StaticText {
        ja: "課が書き換えない欄（現状と課題、取組内容、担当課など）の文が、計画と違うものを探します。全角・半角、空白、改行、課名の区切り方の違いは問いません。計画に書かれていない欄、備考への書き足しは対象外です。",
        en: "A field that repeats the plan and says something else. Width, blanks, line breaks and the way in which departments are separated make no difference; fields that the plan does not have and additions to the remarks are left alone.",
    },
    why: StaticText {
        ja: "印刷には計画の文を使うため、課の意図した変更は反映されません。",
        en: "The plan's wording is printed, so a change that was meant gets lost.",
    },
    example: StaticText {
        ja: "取組内容の末尾に「関係課と協議のうえ、実施の時期を見直します。」が加えられている。",
        en: "A sentence was added at the end of the actions.",
    },
    fix: StaticText {
        ja: "計画の文に戻してください。計画を変更したい場合は、取りまとめ担当にご相談ください。",
        en: "Please restore the plan's wording, or speak to the section that keeps the plan.",
    },
};

/// Finds plan fields whose wording differs.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.values(&answered) {
            let (Some(text), Some(plan)) = (value.value.as_deref(), answered.initiative.fields.get(key)) else { continue };
            if !compared(&what) || changed_goal::is_its_own(case, &answered, &what) || is_same(case, &what, text, plan) {
                continue;
            }
            if plan.is_empty() && stands_in(&answered.initiative.raw, &bare(text)) {
                continue;
            }
            let (here, there) = difference(text, plan);
            let label = case.label(key);
            let ja = if here.is_empty() {
                format!("{label}から「{there}」が削られています。")
            } else if there.is_empty() {
                format!("{label}に、計画にない「{here}」が加えられています。")
            } else {
                format!("{label}が計画と違います。計画は「{there}」、報告は「{here}」です。")
            };
            findings.push(
                answered
                    .at(&RULE, key, value)
                    .found(&here)
                    .expected(&there)
                    .message(ja, format!("{label}: the report says 「{here}」, the plan 「{there}」.")),
            );
        }
    }
    findings
}

/// Whether a field is the plan's and compared at all; the name has a finding of its own (R304).
fn compared(what: &Key<'_>) -> bool {
    !what.asked && what.field.by == crate::form::FilledBy::Plan && !what.field.unchecked && !what.is(Role::Name)
}

/// Whether a wording is one of the texts of the plan's data, or one of its lists: what the plan prints in a place that it gives to no field of its own
/// (a figure over all years) is no addition.
fn stands_in(data: &Value, wording: &str) -> bool {
    match data {
        Value::String(text) => bare(text) == wording,
        Value::Array(items) => {
            let lines: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            lines.is_some_and(|lines| bare(&lines.join("\n")) == wording) || items.iter().any(|item| stands_in(item, wording))
        }
        Value::Object(map) => map.values().any(|item| stands_in(item, wording)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a reader would call both the same.
fn is_same(case: &Case<'_>, what: &Key<'_>, text: &str, plan: &str) -> bool {
    if super::fold_wording(text) == super::fold_wording(plan) || bare(text) == bare(plan) {
        return true;
    }
    if what.is(Role::Number) {
        let own = numbers(text);
        return own.is_empty() || own == numbers(plan);
    }
    match what.field.kind {
        Kind::Departments => same_departments(text, plan, &case.job.register),
        Kind::FiscalYear => FiscalYear::parse(text).is_some_and(|y| FiscalYear::parse(plan) == Some(y)),
        Kind::Sdgs => numbers(text) == numbers(plan),
        Kind::Checks => checked(text) == checked(plan),
        Kind::Text | Kind::Choice | Kind::Number => what.is(Role::Remarks) && bare(text).contains(&bare(plan)),
    }
}

/// Whether a cell names the plan's departments; with what goes with them (division, team, person, telephone) or without.
fn same_departments(text: &str, plan: &str, register: &Register) -> bool {
    let (here, there) = (departments(text, register), departments(plan, register));
    let aside = |name: &&String| register.is_aside(name) && !there.contains(*name);
    here == there || (there.is_subset(&here) && here.difference(&there).all(|name| aside(&name)))
}

/// Names of today of the departments in a cell, in no order.
fn departments(text: &str, register: &Register) -> BTreeSet<String> {
    let names = split_departments(text, register);
    names.iter().map(|n| fold(register.find(n).map_or(n.as_str(), |(today, _)| today))).collect()
}

fn numbers(text: &str) -> BTreeSet<u32> {
    fold(text).split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
}

/// The words behind ticked boxes.
fn checked(text: &str) -> BTreeSet<String> {
    let folded = fold(text).replace(['☑', '☒', '✓', '✔'], "■").replace('☐', "□");
    folded
        .split_inclusive(['■', '□'])
        .zip(folded.split(['■', '□']).skip(1))
        .filter(|(mark, _)| mark.ends_with('■'))
        .map(|(_, word)| word.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn found(field: &str, plan: &str, cell: &str) -> Vec<String> {
        Bench::one(&[(field, plan)], &[(field, Some(cell))]).shown(check)
    }

    #[test]
    fn width_spacing_and_line_breaks_are_no_difference() {
        assert_eq!(found("actions", "ICTを活用します。", "I C Tを\n活用します。"), Vec::<String>::new());
        assert_eq!(found("actions", "○調査\n○研究", "調査、研究"), Vec::<String>::new());
        assert_eq!(found("from", "R 5", "令和5年度"), Vec::<String>::new());
    }

    #[test]
    fn an_added_sentence_is_found_at_its_cell_alone() {
        assert_eq!(found("actions", "調査します。", "調査します。\n時期を見直します。"), ["R308 1 actions C1: 時期を見直します。 / "]);
        assert_eq!(found("actions", "3課で共有し、手続きを行う。", "3課で共有し、行う。"), ["R308 1 actions C1:  / 手続きを"]);
    }

    #[test]
    fn a_number_may_be_written_in_any_way_but_be_no_other() {
        for cell in ["12", "No.12", "１２", "⑫", "", "第012号"] {
            assert_eq!(found("no", "12", cell), Vec::<String>::new(), "{cell}");
        }
        assert_eq!(found("no", "12", "21"), ["R308 1 no C1: 21 / 12"]);
    }

    #[test]
    fn departments_may_be_separated_in_any_way_but_not_changed() {
        assert_eq!(found("departments", "企画課・市民課", "市民課\n企画課"), Vec::<String>::new());
        assert_eq!(found("departments", "企画課", "企画室"), Vec::<String>::new());
        assert_eq!(found("departments", "人権・男女共同参画課", "人権・男女共同参画課・市民課").len(), 1);
        for cell in ["総務部 企画課", "本庄市企画課", "企画課\n山田太郎（内線234）", "企画課庶務係", "企画課（代理）"]
        {
            assert_eq!(found("departments", "企画課", cell), Vec::<String>::new(), "{cell}");
        }
        for cell in ["山田太郎", "総務部", "企画課 防災課", "企画課、会計管理者"] {
            assert_eq!(found("departments", "企画課", cell).len(), 1, "{cell}");
        }
    }

    #[test]
    fn what_the_plan_lacks_is_not_compared_and_remarks_may_grow() {
        assert_eq!(Bench::one(&[], &[("actions", Some("何か"))]).check(check).len(), 0);
        assert_eq!(found("notes", "金額で算出。", "金額で算出。\n今年度から件数も記録。"), Vec::<String>::new());
        assert_eq!(found("notes", "金額で算出。", "件数で算出。").len(), 1);
    }

    #[test]
    fn a_goal_of_the_year_reported_is_the_plans_text() {
        assert_eq!(found("goals.R6", "10件", "8件"), ["R308 1 goals.R6 C1: 8 / 10"]);
        assert_eq!(found("goals.R7", "10件", "8件"), Vec::<String>::new());
    }

    #[test]
    fn a_text_that_the_plan_holds_in_another_place_is_no_addition() {
        let mut bench = Bench::one(&[("actions", "")], &[("actions", Some("・医師9人\n・病床149床"))]);
        assert_eq!(bench.check(check).len(), 1);
        bench.plan.initiatives[0].raw = serde_json::json!({"unplaced": [{"text": ["・医師9人", "・病床149床"]}]});
        assert_eq!(bench.check(check).len(), 0);
    }

    #[test]
    fn ticked_boxes_are_compared_by_their_words() {
        assert_eq!(checked("■ 甲 □ 乙 ■ 丙"), checked("☑甲　☐乙　☑丙"));
        assert_ne!(checked("■ 甲 □ 乙"), checked("□ 甲 ■ 乙"));
    }
}
