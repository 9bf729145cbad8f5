//! P504 goal-outside-period: a goal in a year in which the initiative does not run.

use super::Case;
use super::plan_texts::{named, period, texts, yearly};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::value::{FiscalYear, fold, years_in};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P504",
    slug: "goal-outside-period",
    severity: Severity::Warning,
    title: StaticText { ja: "取組の期間の外に目標があります", en: "a goal outside the period" },
    what: StaticText {
        ja: "開始年度より前、または達成目標年度より後の年度に目標が書かれていないか、計画の本文が計画期間より後の年度の実施を挙げていないかを調べます。",
        en: "Looks for goals before the first or after the target year, and for texts of the plan that set something for a year after the plan’s last one.",
    },
    why: StaticText { ja: "期間の外の目標は、評価されないまま残ります。", en: "A goal outside the period is never evaluated." },
    example: StaticText {
        ja: "達成目標年度R7の取組で、R8の欄に目標がある。令和3～6年度の計画に「令和7年度に改定する」とある。",
        en: "Target year R7, yet a goal stands under R8; a plan for R3 to R6 says 「in R7」.",
    },
    fix: StaticText { ja: "期間か目標のどちらかを直してください。", en: "Correct the period or the goal." },
};

/// Goals outside the initiative's own period, and years after the plan's.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        let Some((first, last)) = period(case, at) else { continue };
        for role in [Role::YearGoal, Role::YearValue, Role::YearStatus] {
            for (year, key, text) in yearly(case, at, role).filter(|(year, _, text)| !fold(text).is_empty() && (*year < first || *year > last)) {
                found.push(
                    Finding::new(&RULE)
                        .initiative(&initiative.key)
                        .field(key)
                        .found(text)
                        .expected(format!("{first}～{last}"))
                        .message(
                            format!("{}: 期間（{first}～{last}）の外の{year}に目標があります", named(initiative)),
                            format!("{}: a goal for {year}, outside {first} to {last}", named(initiative)),
                        )
                        .related("期間", "period", format!("{first}～{last}"), Origin::default()),
                );
            }
        }
    }
    found.extend(after_the_plan(case));
    found
}

/// Texts that set something for a year after the last of the plan.
fn after_the_plan(case: &Case<'_>) -> Vec<Finding> {
    let last = case.form.years.last;
    if !case.form.fields.iter().any(|f| f.yearly) {
        return Vec::new();
    }
    let planned = texts(case).filter(|t| t.role == Some(Role::PlanText));
    let mut found = Vec::new();
    for text in planned {
        for mention in years_in(text.text) {
            let Some(year) = mention.fiscal_year().filter(|y| *y > last && *y <= last.plus(10)) else { continue };
            let line = text.text.lines().find(|l| l.contains(&mention.as_written)).unwrap_or(text.text);
            let initiative = &case.plan.initiatives[text.initiative];
            found.push(
                Finding::new(&RULE)
                    .initiative(&initiative.key)
                    .field(text.key)
                    .found(line)
                    .expected(format!("～{last}"))
                    .discriminator(year.key())
                    .message(
                        format!("{}: 計画期間（{last}まで）より後の「{}」が書かれています", named(initiative), mention.as_written),
                        format!("{}: 「{}」 lies after the plan’s last year {last}", named(initiative), mention.as_written),
                    )
                    .related("計画の最後の年度", "last year of the plan", FiscalYear::name(last), Origin::default()),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(start: &str, target: &str, text: &str) -> Vec<String> {
        let data = json!({"sheets": [{"no": 1, "name": "a", "start": start, "target": target, "text": text, "goals": {"R5": ["10件"], "R6": ["20件"], "R7": []}}]});
        shown(Fixture::new("[[field]]\nkey=\"start\"\nrole=\"start-year\"\n[[field]]\nkey=\"target\"\nrole=\"target-year\"\n[[field]]\nkey=\"goals\"\nrole=\"year-goal\"\nyearly=true\n[[field]]\nkey=\"notes\"\nrole=\"remarks\"\n[[field]]\nkey=\"text\"\nrole=\"plan-text\"", data).run(check))
    }

    #[test]
    fn goals_inside_are_silent() {
        assert!(found("R 5", "R 6", "令和7年度に見直す。").is_empty());
    }

    #[test]
    fn goals_outside_are_told() {
        assert_eq!(found("R 6", "R 7", ""), ["P504 1 goals.R5 10件 | R6～R7"]);
        assert_eq!(found("R 5", "R 5", ""), ["P504 1 goals.R6 20件 | R5～R5"]);
    }

    #[test]
    fn the_last_year_of_the_plan_is_inside() {
        assert!(found("R5", "R6", "令和8年3月に終える。").is_empty(), "March of R8 belongs to R7");
        assert_eq!(found("R5", "R6", "令和8年度に改定する。"), ["P504 1 text 令和8年度に改定する。 | ～R7"]);
    }
}
