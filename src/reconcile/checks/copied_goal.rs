//! C405 copied-goal: the report repeats the plan word for word.

use super::Case;
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::form::Role;
use crate::plan::Initiative;

/// C405.
pub static RULE: Rule = Rule {
    code: "C405",
    slug: "copied-goal",
    severity: Severity::Warning,
    title: StaticText { ja: "報告が計画の文と同じです", en: "the report repeats the plan word for word" },
    what: StaticText {
        ja: "報告の文が、目標・取組内容・効果などの計画の文とまったく同じもの（記号と空白の違いは問いません）を探します。短い言葉は対象外です。",
        en: "A report that is nothing but the goal, the actions or the expected effect of the plan; marks and blanks make no difference, short words are left alone.",
    },
    why: StaticText {
        ja: "計画の文を写しただけでは、何を行ったのか分かりません。", en: "A copied plan does not tell what was done."
    },
    example: StaticText {
        ja: "令和6年度の目標「平日時間外・休日相談窓口を各1回実施し、…」が、そのまま取組状況報告に書かれている。",
        en: "The goal of the year stands as the report of the year.",
    },
    fix: StaticText {
        ja: "実際に行ったことと、その結果を書いてください。", en: "Please write what was done and what came of it."
    },
};

/// Shortest text, in characters without blanks and marks, that is called a copy.
const SHORTEST: usize = 12;

/// Finds reports that are copies of the plan.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref().filter(|_| what.is(Role::Report)) else { continue };
            let Some((source, plan)) = copied_from(case, answered.initiative, text) else { continue };
            let (label, from) = (case.label(key), case.label(source));
            findings.push(answered.at(&RULE, key, value).related(&from, source, plan, Origin::default()).message(
                format!("{label}が、計画の{from}と同じ文です（「{}」）。", super::quote(text, 40)),
                format!("{label} repeats {from} of the plan (「{}」).", super::quote(text, 40)),
            ));
        }
    }
    findings
}

/// The plan's field that a text repeats.
fn copied_from<'a>(case: &Case<'_>, initiative: &'a Initiative, text: &str) -> Option<(&'a str, &'a str)> {
    let wanted = bare(text);
    if wanted.chars().count() < SHORTEST {
        return None;
    }
    let found = initiative.fields.iter().find(|(key, plan)| {
        let source = case.key(key).filter(|k| !k.asked).and_then(|k| k.field.role);
        matches!(source, Some(Role::YearGoal | Role::PlanText)) && bare(plan) == wanted
    });
    found.map(|(key, plan)| (key.as_str(), plan.as_str()))
}

fn bare(text: &str) -> String {
    super::fold_wording(text).chars().filter(|c| !matches!(c, '。' | '、' | '・' | '○' | '●' | '-')).collect()
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    const GOAL: &str = "・相談窓口を少なくとも各1回実施し、ニーズを把握";

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[("goals.R6", GOAL), ("effects", "実施"), ("actions", "窓口の案内を見直す")], &[("report.R6", Some(text))]).shown(super::check)
    }

    #[test]
    fn a_report_of_its_own_is_silent() {
        assert_eq!(found("相談窓口を2回実施し、ニーズを把握しました。"), Vec::<String>::new());
    }

    #[test]
    fn a_copy_is_found_at_its_cell_whatever_its_marks() {
        assert_eq!(
            found("相談窓口を少なくとも各１回実施し、ニーズを把握。"),
            ["C405 1 report.R6 C1: 相談窓口を少なくとも各１回実施し、ニーズを把握。 / "]
        );
    }

    #[test]
    fn short_words_are_left_alone() {
        assert_eq!(found("実施"), Vec::<String>::new());
        assert_eq!(found("窓口の案内を見直す"), Vec::<String>::new());
        for (length, expected) in [(super::SHORTEST - 1, 0), (super::SHORTEST, 1)] {
            let text: String = "窓口の案内を見直して説明会を開催する".chars().take(length).collect();
            assert_eq!(Bench::one(&[("goals.R6", &text)], &[("report.R6", Some(&text))]).check(super::check).len(), expected, "{length}");
        }
    }
}
