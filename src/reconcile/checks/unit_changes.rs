//! P507 unit-changes: an indicator whose unit changes midway.

use super::Case;
use super::plan_texts::{Point, named, points, remarks};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::value::likeness;
use crate::value::quantity::{Quantity, Said};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P507",
    slug: "unit-changes",
    severity: Severity::Warning,
    title: StaticText { ja: "途中の年度から単位が変わっています", en: "the unit changes midway" },
    what: StaticText {
        ja: "同じものを数えている目標の単位が、年度の途中で変わっていないかを調べます（割合から件数へ、など）。",
        en: "Looks for goals that count the same thing in another unit than the year before (per cent, then cases).",
    },
    why: StaticText {
        ja: "単位が変わると、前の年度と比べられません。", en: "Figures in different units cannot be compared from year to year."
    },
    example: StaticText {
        ja: "R5「ウェブ予約割合：3%増加」、R6「ウェブ予約件数：12,000件」。",
        en: "R5 「share of web bookings: +3%」, R6 「web bookings: 12,000」.",
    },
    fix: StaticText {
        ja: "意図した変更なら備考に書き、そうでなければ単位をそろえてください。",
        en: "If it is meant, say so in the remarks; else use one unit.",
    },
};

/// Neighbouring goals that count like things in different units.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        for role in [Role::YearGoal, Role::YearValue] {
            let points = points(case, at, role);
            for (before, after) in points.iter().zip(points.iter().skip(1)) {
                for (was, is) in changes(before, after) {
                    let mut finding = Finding::new(&RULE)
                        .initiative(&initiative.key)
                        .field(&after.key)
                        .found(&is.as_written)
                        .expected(&was.as_written)
                        .discriminator(&is.indicator)
                        .message(
                            format!(
                                "{}: 単位が変わっています（{}「{}」→ {}「{}」）",
                                named(initiative),
                                before.label,
                                before.text,
                                after.label,
                                after.text
                            ),
                            format!(
                                "{}: the unit changes ({} 「{}」 → {} 「{}」)",
                                named(initiative),
                                before.label,
                                before.text,
                                after.label,
                                after.text
                            ),
                        )
                        .related(&before.label, &before.key, &before.text, Origin::default())
                        .related(&after.label, &after.key, &after.text, Origin::default());
                    for (key, text) in remarks(case, at) {
                        finding = finding.related("備考", key, text, Origin::default());
                    }
                    found.push(finding);
                }
            }
        }
    }
    found
}

/// Pairs of like indicators with different units, where neither side has the other's unit.
fn changes<'a>(before: &'a Point, after: &'a Point) -> Vec<(&'a Quantity, &'a Quantity)> {
    let own = |p: &'a Point| p.quantities.iter().filter(|q| q.said != Said::ForReference && !q.unit.is_empty());
    let mut found = Vec::new();
    for was in own(before).filter(|q| !own(after).any(|o| o.unit == q.unit)) {
        let like = own(after).find(|is| !own(before).any(|o| o.unit == is.unit) && same_thing(&was.indicator, &is.indicator));
        found.extend(like.map(|is| (was, is)));
    }
    found
}

/// Whether two indicators name the same thing: 「…予約割合」 and 「…予約件数」 do.
fn same_thing(a: &str, b: &str) -> bool {
    !a.is_empty() && !b.is_empty() && likeness(a, b) >= 0.45
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};

    fn found(goals: &[&str]) -> Vec<String> {
        shown(Fixture::of_goals(goals).run(check))
    }

    #[test]
    fn one_unit_throughout_is_silent() {
        assert!(found(&["件数：10件", "件数：20件"]).is_empty());
        assert!(found(&["箇所数：10箇所", "箇所数：12か所"]).is_empty(), "two spellings of one unit");
    }

    #[test]
    fn another_unit_is_told() {
        assert_eq!(found(&["ウェブ予約割合：3%増加", "ウェブ予約件数：12,000件"]), ["P507 1 goals.R6 12,000件 | 3%"]);
    }

    #[test]
    fn another_indicator_may_have_another_unit() {
        assert!(found(&["研修の受講者：30人", "アンケートの満足度：80%"]).is_empty());
    }
}
