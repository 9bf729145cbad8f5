//! N205 unit-mismatch: the figure is given in another unit than the plan's.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::reconcile::Answered;
use crate::value::quantity::{self, Quantity};
use crate::value::{Sourced, fold};

/// N205.
pub static RULE: Rule = Rule {
    code: "N205",
    slug: "unit-mismatch",
    severity: Severity::Error,
    title: StaticText { ja: "単位が計画と違います", en: "the unit differs from the plan's" },
    what: StaticText {
        ja: "実績値の単位が、同じ指標の計画の数値の単位と違うものを探します。課が現状値と目標値を書く様式では、その二つの単位を比べます。「名」と「人」のような言い換えは同じ単位とみなします。",
        en: "An actual value whose unit is not that of the plan's figure for the same indicator; where departments write both present and target value, those two. Words for the same unit (名, 人) agree.",
    },
    why: StaticText {
        ja: "単位が違う数値は比べられず、達成率が誤ったものになります。",
        en: "Figures in different units cannot be compared, and a rate made of them is wrong.",
    },
    example: StaticText {
        ja: "計画の目標が「480,000件」、実績値が「532人」。",
        en: "The plan aims at 「480,000件」 and the actual value is 「532人」.",
    },
    fix: StaticText { ja: "計画と同じ単位の数値に直してください。", en: "Please give the figure in the plan's unit." },
};

/// Units that mean the same.
const SAME: &[&[&str]] = &[
    &["人", "名", "人数"],
    &["か所", "カ所", "ヵ所", "ヶ所", "ケ所", "箇所", "個所"],
    &["%", "％", "パーセント"],
    &["回", "度"],
    &["団体", "組織"],
    &["社", "事業者", "者", "企業"],
    &["m", "メートル"],
    &["kg", "キログラム"],
    &["g", "グラム"],
    &["か月", "カ月", "ヶ月", "ヵ月", "箇月", "月"],
    &["㎡", "m2", "平方メートル"],
];

/// Finds figures in another unit.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let expected = match what.field.role {
                Some(Role::ReportValue) => plan_figures(case, &answered, what.year),
                Some(Role::TargetValue) if what.index.is_some() => present_value(case, &answered, what.index),
                _ => continue,
            };
            findings.extend(compare(case, &answered, key, value, &expected));
        }
    }
    findings
}

/// The plan's figures for the year reported.
fn plan_figures(case: &Case<'_>, answered: &Answered<'_>, year: Option<crate::value::FiscalYear>) -> Vec<Quantity> {
    let year = year.unwrap_or(case.year());
    let text = super::plan_text(case, answered.initiative, Role::YearValue, Some(year));
    text.or_else(|| super::plan_text(case, answered.initiative, Role::TargetValue, None)).map(|(_, t)| quantity::parse(t)).unwrap_or_default()
}

/// The present value in the same row of the list, as reported.
fn present_value(case: &Case<'_>, answered: &Answered<'_>, index: Option<usize>) -> Vec<Quantity> {
    let row = case.values(answered).into_iter().find(|(_, k, _)| k.is(Role::Baseline) && k.index == index);
    row.and_then(|(_, _, v)| v.value.as_deref()).map(quantity::parse).unwrap_or_default()
}

fn compare(case: &Case<'_>, answered: &Answered<'_>, key: &str, value: &Sourced, expected: &[Quantity]) -> Option<Finding> {
    let reported = quantity::parse(value.value.as_deref()?);
    let (got, want) = reported.iter().zip(partners(&reported, expected)).find_map(|(got, want)| {
        let want = want?;
        (!got.unit.is_empty() && !want.unit.is_empty() && !same_unit(&got.unit, &want.unit)).then_some((got, want))
    })?;
    let label = case.label(key);
    Some(answered.at(&RULE, key, value).found(&got.as_written).expected(&want.as_written).message(
        format!("{label}の「{}」は、計画の「{}」と単位が違います（{}と{}）。", got.as_written, want.as_written, got.unit, want.unit),
        format!("{label}: the unit of 「{}」 is not that of 「{}」 in the plan.", got.as_written, want.as_written),
    ))
}

/// For each reported figure the plan's figure of the same indicator; with one of each, those two.
fn partners<'q>(reported: &[Quantity], expected: &'q [Quantity]) -> Vec<Option<&'q Quantity>> {
    if let ([_], [only]) = (reported, expected) {
        return vec![Some(only)];
    }
    let named = |q: &Quantity| expected.iter().find(|e| !q.indicator.is_empty() && fold(&e.indicator) == fold(&q.indicator));
    reported.iter().map(named).collect()
}

/// Whether two units mean the same.
fn same_unit(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    let group = |u: &str| SAME.iter().position(|g| g.iter().any(|w| fold(w) == u));
    a == b || a.contains(&b) || b.contains(&a) || group(&a).is_some_and(|g| Some(g) == group(&b))
}

#[cfg(test)]
mod tests {
    use super::same_unit;
    use crate::reconcile::checks::testing::Bench;

    fn found(plan: &str, actual: &str) -> Vec<String> {
        Bench::one(&[("figures.R6", plan)], &[("report.R6", Some("実施")), ("actual", Some(actual))]).shown(super::check)
    }

    #[test]
    fn the_same_unit_or_none_is_silent() {
        for (plan, actual) in [("HPアクセス数 480件", "532件"), ("480件", "532"), ("480件", "５３２件"), ("参加者 20人", "18名"), ("", "5件")]
        {
            assert_eq!(found(plan, actual), Vec::<String>::new(), "{plan} {actual}");
        }
    }

    #[test]
    fn another_unit_is_found_at_its_cell() {
        assert_eq!(found("480件", "532人"), ["N205 1 actual C2: 532人 / 480件"]);
    }

    #[test]
    fn present_and_target_value_of_a_row_agree() {
        let row = |target| [("indicators.0.name", Some("件数")), ("indicators.0.current", Some("57件")), ("indicators.0.target", Some(target))];
        assert_eq!(Bench::one(&[], &row("68件")).check(super::check).len(), 0);
        assert_eq!(Bench::one(&[], &row("20%")).check(super::check).len(), 1);
    }

    #[test]
    fn words_for_one_unit_agree() {
        assert!(same_unit("％", "%"));
        assert!(same_unit("ヶ所", "箇所"));
        assert!(!same_unit("件", "人"));
    }
}
