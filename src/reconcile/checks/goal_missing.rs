//! P505 goal-missing: a year of the period without a goal.

use super::Case;
use super::plan_texts::{named, period, yearly};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::value::fold;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P505",
    slug: "goal-missing",
    severity: Severity::Warning,
    title: StaticText { ja: "取組の期間の中に、目標のない年度があります", en: "a year of the period has no goal" },
    what: StaticText {
        ja: "開始年度から達成目標年度までの間に、目標（または進捗状況の予定）が空欄の年度がないかを調べます。最初の欄だけに書かれているものは全期間のものと見なします。",
        en: "Looks for years between start and target without a goal or planned state. A goal written in the first cell only counts for all years.",
    },
    why: StaticText { ja: "目標のない年度は評価のしようがありません。", en: "A year without a goal cannot be evaluated." },
    example: StaticText { ja: "R5開始、R9達成の取組で、R7の欄だけ空欄。", en: "An initiative from R5 to R9 has nothing under R7." },
    fix: StaticText {
        ja: "その年度の目標を書いてください。取組が終わっているなら期間を直してください。",
        en: "Write the goal of that year, or correct the period.",
    },
};

/// Blank years inside the period.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        let Some((first, last)) = period(case, at) else { continue };
        for role in [Role::YearGoal, Role::YearStatus] {
            let years: Vec<_> = yearly(case, at, role).filter(|(year, ..)| (first..=last).contains(year)).collect();
            let filled: Vec<_> = years.iter().filter(|(.., text)| !fold(text).is_empty()).collect();
            let merged = filled.len() == 1 && filled[0].0 == first;
            if filled.is_empty() || merged {
                continue;
            }
            for (year, key, _) in years.iter().filter(|(.., text)| fold(text).is_empty()) {
                let nearest = filled.iter().min_by_key(|(y, ..)| (y.western() - year.western()).abs());
                let (other, quote) = nearest.map_or((first, ""), |(y, _, text)| (*y, *text));
                found.push(
                    Finding::new(&RULE)
                        .initiative(&initiative.key)
                        .field(*key)
                        .expected(format!("{first}～{last}"))
                        .message(
                            format!("{}: {year}の欄が空欄です（期間は{first}～{last}）", named(initiative)),
                            format!("{}: nothing stands under {year} (period {first} to {last})", named(initiative)),
                        )
                        .related(&other.name(), &other.key(), quote, Origin::default()),
                );
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(goals: serde_json::Value) -> Vec<String> {
        let data = json!({"sheets": [{"no": 1, "name": "a", "start": "R5", "target": "R7", "goals": goals}]});
        shown(Fixture::new("[[field]]\nkey=\"start\"\nrole=\"start-year\"\n[[field]]\nkey=\"target\"\nrole=\"target-year\"\n[[field]]\nkey=\"goals\"\nrole=\"year-goal\"\nyearly=true\n[[field]]\nkey=\"notes\"\nrole=\"remarks\"\n[[field]]\nkey=\"text\"\nrole=\"plan-text\"", data).run(check))
    }

    #[test]
    fn a_goal_for_every_year_is_silent() {
        assert!(found(json!({"R5": ["x"], "R6": ["y"], "R7": ["z"]})).is_empty());
    }

    #[test]
    fn a_gap_is_told() {
        assert_eq!(found(json!({"R5": ["x"], "R6": [], "R7": ["z"]})), ["P505 1 goals.R6  | R5～R7"]);
    }

    #[test]
    fn one_text_for_all_years_and_an_unknown_cell_are_silent() {
        assert!(found(json!({"R5": ["x"], "R6": [], "R7": []})).is_empty());
        assert!(found(json!({"R5": ["x"], "R6": null, "R7": ["z"]})).is_empty());
    }
}
