//! P514 figures-disagree: figures that do not add up, or differ between two places.

use super::Case;
use super::plan_texts::{field_of, named, points, texts};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::plan::Initiative;
use crate::value::quantity::{self, Quantity, Said};
use crate::value::{fold, likeness, years_in};
use rust_decimal::Decimal;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P514",
    slug: "figures-disagree",
    severity: Severity::Warning,
    title: StaticText {
        ja: "数値の計算、または二か所の数値が合いません", en: "figures do not add up, or differ between two places"
    },
    what: StaticText {
        ja: "「25.9%→40.5%…14.0%増」のような増減の計算、「A×B＝C」「A＋B＝C」の計算、本文にある年度の数値とその年度の目標、最終年度の目標と目標値を比べます。",
        en: "Checks differences such as 「25.9% → 40.5%, up 14.0%」, products and sums, figures of a year in the text against that year’s goal, and the target against the goal of the last year.",
    },
    why: StaticText {
        ja: "計算の合わない数値は、そのまま議会や報道に引用されます。",
        en: "Figures that do not add up are quoted by councils and papers as they are.",
    },
    example: StaticText {
        ja: "県：25.9%→40.5%・・・14.0%増 → 差は14.6です。", en: "25.9% → 40.5%, up 14.0% — the difference is 14.6."
    },
    fix: StaticText {
        ja: "元の数値を確かめて、誤っている方を直してください。", en: "Check the figures and correct the wrong one."
    },
};

/// Sums of one line, and figures told twice.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for text in texts(case) {
        let initiative = &case.plan.initiatives[text.initiative];
        for line in text.text.split(['\n', '。']) {
            for (said, right) in difference(line).into_iter().chain(equations(line)) {
                found.push(wrong(initiative, text.key, line, &said, &right));
            }
        }
    }
    for at in 0..case.plan.initiatives.len() {
        found.extend(told_twice(case, at));
        found.extend(target(case, at));
    }
    found
}

fn wrong(initiative: &Initiative, key: &str, line: &str, said: &str, right: &str) -> Finding {
    Finding::new(&RULE)
        .initiative(&initiative.key)
        .field(key)
        .found(said)
        .expected(right)
        .discriminator(fold(line))
        .message(
            format!("{}: 「{}」の{said}は、計算すると{right}です", named(initiative), line.trim()),
            format!("{}: {said} in 「{}」 should be {right}", named(initiative), line.trim()),
        )
        .related("計算のある文", "the line", line.trim(), Origin::default())
}

/// `A → B … C増`: what is said and what is right, if they differ by more than the last digit of the coarsest figure.
fn difference(line: &str) -> Option<(String, String)> {
    if !line.contains(['→', '⇒', '➡']) {
        return None;
    }
    let figures: Vec<Quantity> = quantity::parse(line);
    let change = figures.iter().position(|q| q.change && q.upper.is_none())?;
    let [from, to] = figures.get(change.checked_sub(2)?..change)? else { return None };
    let (said, unit) = (&figures[change], &figures[change].unit);
    let points = unit == "ポイント" && to.unit == "%";
    if from.unit != to.unit || !(unit == &to.unit || points) || from.change || to.change {
        return None;
    }
    let difference = to.value.checked_sub(from.value)?.abs();
    let fineness = Decimal::new(1, digits(said).min(digits(to)).min(digits(from)));
    // A rise of a count may be given in per cent of itself; then the units differ and it was left alone above.
    (difference.saturating_sub(said.value.abs()).abs() > fineness).then(|| (said.as_written.clone(), format!("{difference}{unit}")))
}

/// Digits behind the point as written (15.0 has one).
fn digits(figure: &Quantity) -> u32 {
    let written = fold(&figure.as_written);
    let behind = written.split_once('.').map_or("", |(_, rest)| rest);
    u32::try_from(behind.chars().take_while(char::is_ascii_digit).count()).unwrap_or(0)
}

/// `A×B=C` and `A+B=C` written with figures alone.
fn equations(line: &str) -> Vec<(String, String)> {
    let text: String = fold(line).replace(['×', '✕', '*', 'x'], "×");
    let mut found = Vec::new();
    for (at, _) in text.match_indices('=') {
        let (left, right) = (&text[..at], &text[at + 1..]);
        let start = left
            .rfind(|c: char| !(c.is_alphanumeric() || "×+-−.,%".contains(c)))
            .map_or(0, |p| p + left[p..].chars().next().map_or(1, char::len_utf8));
        let sign = ["×", "+"].into_iter().find(|s| left[start..].matches(s).count() == 1);
        let Some((a, b)) = sign.and_then(|s| left[start..].split_once(s)) else { continue };
        let (Some(a), Some(b), Some(said)) = (only_number(a), only_number(b), first_number(right)) else { continue };
        let result = if sign == Some("×") { a.checked_mul(b) } else { a.checked_add(b) };
        if let Some(result) = result.filter(|r| r.saturating_sub(said).abs() > Decimal::new(1, said.scale())) {
            found.push((said.to_string(), result.normalize().to_string()));
        }
    }
    found
}

/// The number at the beginning of a text without factors.
fn first_number(text: &str) -> Option<Decimal> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(text.len());
    let next = text[end..].chars().next();
    if next.is_some_and(|c| "万億兆千".contains(c)) {
        return None;
    }
    text[..end].replace(',', "").parse().ok()
}

/// A number with at most a short unit and nothing else.
fn only_number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.');
    (unit.chars().count() <= 3 && !unit.contains('%')).then(|| first_number(text)).flatten()
}

/// Figures of a text that name a year, against the goal of that year.
fn told_twice(case: &Case<'_>, at: usize) -> Vec<Finding> {
    let initiative = &case.plan.initiatives[at];
    let goals: Vec<_> = [Role::YearGoal, Role::YearValue].into_iter().flat_map(|r| points(case, at, r)).filter(|p| p.year.is_some()).collect();
    let mut found = Vec::new();
    if goals.is_empty() {
        return found;
    }
    for (key, text) in initiative.fields.iter().filter(|(key, _)| field_of(case, key).and_then(|f| f.role) == Some(Role::PlanText)) {
        for sentence in text.split(['。', '\n']) {
            let years = years_in(sentence);
            let figures = quantity::parse(sentence);
            let ([year], [figure]) = (years.as_slice(), figures.as_slice()) else { continue };
            let Some(goal) = goals.iter().find(|g| g.year == year.fiscal_year()) else { continue };
            let Some(same) = goal.quantities.iter().find(|q| same_thing(q, figure, &year.as_written)) else { continue };
            if same.value != figure.value && same.upper.is_none() {
                found.push(
                    Finding::new(&RULE)
                        .initiative(&initiative.key)
                        .field(key)
                        .found(&figure.as_written)
                        .expected(&same.as_written)
                        .discriminator(&goal.key)
                        .message(
                            format!("{}: 本文の「{}」と{}の目標「{}」が合いません", named(initiative), sentence.trim(), goal.label, goal.text),
                            format!("{}: 「{}」 in the text, 「{}」 as the goal of {}", named(initiative), sentence.trim(), goal.text, goal.label),
                        )
                        .related("本文", "text", sentence.trim(), Origin::default())
                        .related(&goal.label, &goal.key, &goal.text, Origin::default()),
                );
            }
        }
    }
    found
}

/// Whether a figure of a text counts what a goal counts.
fn same_thing(goal: &Quantity, figure: &Quantity, year: &str) -> bool {
    let name = fold(&figure.indicator).replace(&fold(year), "");
    let close = likeness(&goal.indicator, name.trim_start_matches('の')) >= 0.7;
    goal.unit == figure.unit && !figure.change && !goal.change && !goal.indicator.is_empty() && close
}

/// The target against the goal of the last year.
fn target(case: &Case<'_>, at: usize) -> Option<Finding> {
    let initiative = &case.plan.initiatives[at];
    let points = points(case, at, Role::YearValue);
    let target_key = case.form.by_role(Role::TargetValue)?.key.as_str();
    let target = points.iter().find(|p| p.key == target_key)?;
    let last = points.iter().filter(|p| p.year.is_some()).max_by_key(|p| p.year)?;
    let plain = |q: &&Quantity| q.said == Said::Plainly && !q.change;
    for aim in target.quantities.iter().filter(plain) {
        let alone = target.quantities.iter().filter(|q| q.unit == aim.unit).count() == 1;
        let fits = |q: &&Quantity| {
            q.unit == aim.unit && (likeness(&q.indicator, &aim.indicator) >= 0.7 || (alone && q.indicator.is_empty() && aim.indicator.is_empty()))
        };
        if let Some(goal) = last.quantities.iter().filter(plain).find(fits).filter(|g| g.value != aim.value) {
            return Some(
                Finding::new(&RULE)
                    .initiative(&initiative.key)
                    .field(&last.key)
                    .found(&goal.as_written)
                    .expected(&aim.as_written)
                    .discriminator(&aim.indicator)
                    .message(
                        format!("{}: {}「{}」と{}「{}」が合いません", named(initiative), target.label, aim.as_written, last.label, goal.as_written),
                        format!("{}: {} 「{}」, but {} 「{}」", named(initiative), target.label, aim.as_written, last.label, goal.as_written),
                    )
                    .related(&target.label, &target.key, &target.text, Origin::default())
                    .related(&last.label, &last.key, &last.text, Origin::default()),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    const FIELDS: &str = "[[field]]\nkey=\"text\"\nrole=\"plan-text\"\n[[field]]\nkey=\"target\"\nrole=\"target-value\"\nlabels=[\"目標値\"]\n[[field]]\nkey=\"values\"\nrole=\"year-value\"\nyearly=true";

    fn found(text: &str, target: &str) -> Vec<String> {
        let data = json!({"sheets": [{"no": 1, "name": "a", "text": text, "target": target, "values": {"R6": "受講率 20%", "R7": "受講率 30%"}}]});
        shown(Fixture::new(FIELDS, data).run(check))
    }

    #[test]
    fn right_sums_are_silent() {
        assert!(found("県：28.3%（R3.4）→43.3%（R4.4）・・・15.0%増。240件×40分=9,600分。", "受講率 30%").is_empty());
        assert!(found("R7の受講率は30%となる。", "").is_empty());
    }

    #[test]
    fn wrong_sums_are_told() {
        assert_eq!(found("県：25.9%（R3.4）→40.5%（R4.4）・・・14.0%増", ""), ["P514 1 text 14.0% | 14.6%"]);
        assert_eq!(found("240件×40分=9,700分", ""), ["P514 1 text 9700 | 9600"]);
    }

    #[test]
    fn figures_told_twice_agree() {
        assert_eq!(found("令和7年度の受講率は40%となる。", ""), ["P514 1 text 40% | 30%"]);
        assert_eq!(found("", "受講率 35%"), ["P514 1 values.R7 30% | 35%"]);
    }

    #[test]
    fn rounding_by_the_last_digit_is_right() {
        assert!(found("10.04%→20.1%、10.1%増", "").is_empty());
        assert!(found("36人→4人に減らす。", "").is_empty());
    }
}
