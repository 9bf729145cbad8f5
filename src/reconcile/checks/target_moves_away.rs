//! P506 target-moves-away: a goal that is worse than the one before.

use super::Case;
use super::plan_texts::{Point, named, points, remarks};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::value::likeness;
use crate::value::quantity::{Comparison, Quantity, Said};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P506",
    slug: "target-moves-away",
    severity: Severity::Warning,
    title: StaticText { ja: "目標が目指す向きと逆に動いています", en: "a goal moves away from the aim" },
    what: StaticText {
        ja: "現状値、各年度の目標、目標値を順に並べ、途中で逆に動く年度がないかを調べます。「以上」の目標が下がる、最終の目標より手前で後戻りする、などです。",
        en: "Lines up baseline, yearly goals and target, and looks for steps against the aim: an 「at least」 that sinks, a step back on the way.",
    },
    why: StaticText {
        ja: "理由のない後戻りは、目標を下げたと受け取られます。", en: "A step back without a word looks like a lowered goal."
    },
    example: StaticText {
        ja: "現状15団体、目標16団体のところ、R2の目標が14団体。",
        en: "Baseline 15 groups, target 16, and yet the goal of R2 is 14.",
    },
    fix: StaticText {
        ja: "数値を確かめ、意図したものなら備考に理由を書いてください。",
        en: "Check the figure; if it is meant, give the reason in the remarks.",
    },
};

/// Steps of a series against its aim.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        for role in [Role::YearGoal, Role::YearValue] {
            let points = points(case, at, role);
            let lines = lines(&points);
            found.extend(against_each_other(&lines).into_iter().map(|line| {
                let (first, last) = (line[0], line[line.len() - 1]);
                Finding::new(&RULE)
                    .initiative(&initiative.key)
                    .field(&last.0.key)
                    .found(&last.1.as_written)
                    .expected(&first.1.as_written)
                    .discriminator(format!("against {}", last.1.unit))
                    .message(
                        format!(
                            "{}: 同じ欄のもう一つの数値と逆に動いています（{}「{}」→ {}「{}」）",
                            named(initiative),
                            first.0.label,
                            first.0.text,
                            last.0.label,
                            last.0.text
                        ),
                        format!(
                            "{}: moves against the other figure of its cell ({} 「{}」 → {} 「{}」)",
                            named(initiative),
                            first.0.label,
                            first.0.text,
                            last.0.label,
                            last.0.text
                        ),
                    )
                    .related(&first.0.label, &first.0.key, &first.0.text, Origin::default())
                    .related(&last.0.label, &last.0.key, &last.0.text, Origin::default())
            }));
            for line in lines {
                if let Some((from, to)) = step_back(&line) {
                    let mut finding = Finding::new(&RULE)
                        .initiative(&initiative.key)
                        .field(&to.0.key)
                        .found(&to.1.as_written)
                        .expected(&from.1.as_written)
                        .discriminator(format!("{} {}", to.1.indicator, to.1.unit))
                        .message(
                            format!(
                                "{}: 目標が逆に動いています（{}「{}」→ {}「{}」）",
                                named(initiative),
                                from.0.label,
                                from.1.as_written,
                                to.0.label,
                                to.1.as_written
                            ),
                            format!(
                                "{}: the goal moves away ({} 「{}」 → {} 「{}」)",
                                named(initiative),
                                from.0.label,
                                from.1.as_written,
                                to.0.label,
                                to.1.as_written
                            ),
                        )
                        .related(&from.0.label, &from.0.key, &from.0.text, Origin::default())
                        .related(&to.0.label, &to.0.key, &to.0.text, Origin::default());
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

/// A figure at its point of time.
type Step<'a> = (&'a Point, &'a Quantity);

/// One indicator through time.
type Line<'a> = Vec<Step<'a>>;

/// The indicators that run through the points: same unit, like names (or none where a cell has only one of the unit).
fn lines(points: &[Point]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for point in points {
        for quantity in point.quantities.iter().filter(|q| !q.change && q.said != Said::ForReference) {
            let lone = point.quantities.iter().filter(|q| q.unit == quantity.unit).count() == 1;
            let home = lines.iter_mut().find(|line| {
                let (last, before) = line[line.len() - 1];
                let both_nameless = before.indicator.is_empty() && quantity.indicator.is_empty() && lone;
                !std::ptr::eq(last, point)
                    && before.unit == quantity.unit
                    && (both_nameless || likeness(&before.indicator, &quantity.indicator) >= 0.7)
            });
            match home {
                Some(line) => line.push((point, quantity)),
                None => lines.push(vec![(point, quantity)]),
            }
        }
    }
    lines.retain(|l| l.len() >= 2);
    lines
}

/// A falling line without a name that stands in the same cells as a rising one (「15団体 (321人)」 → 「16団体 (320人)」).
fn against_each_other<'l, 'a>(lines: &'l [Line<'a>]) -> Option<&'l Line<'a>> {
    let way = |l: &Line<'_>| l[l.len() - 1].1.value.cmp(&l[0].1.value);
    let nameless = |l: &&Line<'_>| l.iter().all(|(_, q)| q.indicator.is_empty() && q.comparison == Comparison::Exactly);
    let same_ends = |a: &Line<'_>, b: &Line<'_>| std::ptr::eq(a[0].0, b[0].0) && std::ptr::eq(a[a.len() - 1].0, b[b.len() - 1].0);
    let rising: Vec<&Line<'_>> = lines.iter().filter(nameless).filter(|l| way(l).is_gt()).collect();
    lines.iter().filter(nameless).filter(|l| way(l).is_lt()).find(|l| rising.iter().any(|r| same_ends(r, l)))
}

/// The first step against the aim: the way from the first to the last point, or what the words of comparison say.
fn step_back<'a>(line: &Line<'a>) -> Option<(Step<'a>, Step<'a>)> {
    let (first, last) = (line.first()?.1, line.last()?.1);
    let bound = |c: Comparison| match c {
        Comparison::AtLeast | Comparison::MoreThan => 1,
        Comparison::AtMost | Comparison::LessThan => -1,
        Comparison::Exactly | Comparison::About => 0,
    };
    let said = line.iter().map(|(_, q)| bound(q.comparison)).find(|b| *b != 0);
    let aim = said.unwrap_or_else(|| last.value.cmp(&first.value) as i32);
    if aim == 0 {
        return None;
    }
    line.windows(2).find(|w| (w[1].1.value.cmp(&w[0].1.value) as i32) == -aim).map(|w| (w[0], w[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};

    fn found(goals: &[&str]) -> Vec<String> {
        shown(Fixture::of_goals(goals).run(check))
    }

    #[test]
    fn a_steady_way_is_silent() {
        assert!(found(&["件数：10件", "件数：20件", "件数：30件"]).is_empty());
        assert!(found(&["滞納者：36人", "滞納者：20人", "滞納者：4人"]).is_empty(), "falling on purpose");
        assert!(found(&["10件以上", "10件以上"]).is_empty());
    }

    #[test]
    fn a_step_back_is_told() {
        assert_eq!(found(&["15団体", "14団体", "16団体"]), ["P506 1 goals.R6 14団体 | 15団体"]);
        assert_eq!(found(&["提案件数：11件以上", "提案件数：8件以上"]), ["P506 1 goals.R6 8件以上 | 11件以上"]);
    }

    #[test]
    fn two_figures_of_one_cell_go_the_same_way() {
        assert_eq!(found(&["15団体 (321人)", "16団体 (320人)"]), ["P506 1 goals.R6 320人 | 321人"]);
        assert!(found(&["15団体 (321人)", "16団体 (322人)"]).is_empty());
    }

    #[test]
    fn different_indicators_are_different_lines() {
        assert!(found(&["会議：3回", "研修：1回", "会議：3回"]).is_empty());
        assert!(found(&["5%増加", "3%増加"]).is_empty(), "changes are no levels");
    }
}
