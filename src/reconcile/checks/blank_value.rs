//! C403 blank-value: the plan aims at a figure and none was reported.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};
use crate::reconcile::{Answered, Key};
use crate::value::quantity;

/// C403.
pub static RULE: Rule = Rule {
    code: "C403",
    slug: "blank-value",
    severity: Severity::Error,
    title: StaticText { ja: "数値の欄が空欄です", en: "the figure is blank" },
    what: StaticText {
        ja: "計画にその年度の数値目標があるのに、実績値が空欄のもの、指標を書いた行の現状値・目標値が空欄のものを探します。数値目標のない取組の空欄は対象外です。",
        en: "A blank actual value although the plan has a numeric goal for the year; a blank present or target value in a row that names an indicator. Without a numeric goal a blank is right.",
    },
    why: StaticText {
        ja: "達成率を計算できず、総括表の合計からも漏れます。",
        en: "No rate can be computed, and the totals of the summary leave it out.",
    },
    example: StaticText {
        ja: "令和3年度の目標が「4件」で、実績値が空欄。", en: "The goal of the year is 「4件」 and the actual value is empty."
    },
    fix: StaticText {
        ja: "数値を単位とともに書いてください。数値がない場合は「－」と書き、理由を報告の欄に書いてください。",
        en: "Please write the figure with its unit, or 「－」 and the reason in the report.",
    },
};

/// Finds figures that are blank.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            if !value.value.as_deref().is_some_and(|t| t.trim().is_empty()) {
                continue;
            }
            let Some(goal) = goal_of(case, &answered, &what) else { continue };
            let label = case.label(key);
            let (ja, en) = if goal.is_empty() {
                (String::new(), String::new())
            } else {
                (format!("（計画の数値は「{}」）", super::quote(&goal, 40)), format!(" (the plan's figure is 「{}」)", super::quote(&goal, 40)))
            };
            findings
                .push(answered.at(&RULE, key, value).expected(&goal).message(format!("{label}が空欄です{ja}。"), format!("{label} is blank{en}.")));
        }
    }
    findings
}

/// What the blank figure should answer: the plan's numeric goal of the year, or the row that is in use; `None` where a blank is right.
fn goal_of(case: &Case<'_>, answered: &Answered<'_>, what: &Key<'_>) -> Option<String> {
    match (what.field.role, what.index) {
        (Some(Role::ReportValue), _) => {
            let year = what.year.unwrap_or(case.year());
            let (_, text) = super::plan_text(case, answered.initiative, Role::YearValue, Some(year))
                .or_else(|| (!has_year_values(case)).then(|| super::plan_text(case, answered.initiative, Role::TargetValue, None)).flatten())?;
            (what.field.required || !quantity::parse(text).is_empty()).then(|| text.to_owned())
        }
        (_, Some(index)) if is_figure(what) => (what.field.required && super::row_holds_something(case, answered, index)).then(String::new),
        _ => (what.field.required && is_figure(what)).then(String::new),
    }
}

fn is_figure(what: &Key<'_>) -> bool {
    what.field.kind == Kind::Number
}

/// Whether the form has figures for each year: then the final target says nothing about this one.
fn has_year_values(case: &Case<'_>) -> bool {
    case.form.by_role(Role::YearValue).is_some()
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(plan: &[(&str, &str)], report: &[(&str, Option<&str>)]) -> Vec<String> {
        Bench::one(plan, report).shown(super::check)
    }

    #[test]
    fn a_figure_or_no_goal_is_silent() {
        assert_eq!(found(&[("figures.R6", "4件")], &[("actual", Some("5件"))]), Vec::<String>::new());
        assert_eq!(found(&[("figures.R6", "")], &[("actual", Some(""))]), Vec::<String>::new());
        assert_eq!(found(&[("figures.R7", "20件")], &[("actual", Some(""))]), Vec::<String>::new());
    }

    #[test]
    fn a_blank_one_is_found_at_its_cell() {
        assert_eq!(found(&[("figures.R6", "公開数 4件")], &[("report.R6", Some("実施")), ("actual", Some(""))]), ["C403 1 actual C2:  / 公開数 4件"]);
    }

    #[test]
    fn a_row_that_names_an_indicator_needs_its_figures() {
        let row = |name| [("indicators.1.name", Some(name)), ("indicators.1.current", Some("")), ("indicators.1.target", Some(""))];
        assert_eq!(found(&[], &row("満足度")).len(), 2);
        assert_eq!(found(&[], &row("")).len(), 0);
    }
}
