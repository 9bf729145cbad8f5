//! R307 conflicting-reports: two departments of a joint initiative say different things.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};
use crate::reconcile::Answered;
use std::collections::BTreeMap;

/// R307.
pub static RULE: Rule = Rule {
    code: "R307",
    slug: "conflicting-reports",
    severity: Severity::Error,
    title: StaticText {
        ja: "共同の取組で、課によって回答が違います", en: "two departments of a joint initiative answer differently"
    },
    what: StaticText {
        ja: "一つの取組に二つ以上の課から報告が届き、評価・変更種別・数値などの一つしか印刷できない欄の回答が違うものを探します。文章の違いは対象外です。",
        en: "Reports of two departments on one initiative that differ in a field of which only one answer can be printed: evaluation, kind of change, figures. Running texts may differ.",
    },
    why: StaticText {
        ja: "どちらを印刷しても、もう一方の課の回答と食い違います。", en: "Whichever is printed contradicts the other department."
    },
    example: StaticText {
        ja: "企画課の評価は「C」、情報システム課の評価は「B」。", en: "One department evaluates 「C」, the other 「B」."
    },
    fix: StaticText {
        ja: "関係する課で調整し、どちらか一つの回答に決めてください。", en: "Please have the departments agree on one answer."
    },
};

/// Finds answers that differ between departments.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let answered = case.answered();
    let counting: BTreeMap<&str, &Answered<'_>> = answered.iter().filter(|a| a.counts).map(|a| (a.initiative.key.as_str(), a)).collect();
    let mut findings = Vec::new();
    for other in answered.iter().filter(|a| !a.counts) {
        if let Some(first) = counting.get(other.initiative.key.as_str()) {
            findings.extend(compare(case, first, other));
        }
    }
    findings
}

fn compare(case: &Case<'_>, first: &Answered<'_>, other: &Answered<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, what, value) in case.asked(first) {
        let single = matches!(what.field.kind, Kind::Choice | Kind::Number | Kind::FiscalYear)
            || matches!(what.field.role, Some(Role::Evaluation | Role::ChangeType | Role::ReportValue | Role::YearStatus));
        let Some(theirs) = other.reading.fields.get(key).filter(|_| single) else { continue };
        let (Some(a), Some(b)) = (value.value.as_deref(), theirs.value.as_deref()) else { continue };
        if a.trim().is_empty() || b.trim().is_empty() || super::fold_wording(a) == super::fold_wording(b) {
            continue;
        }
        let label = case.label(key);
        let (one, two) = (first.department, other.department);
        findings.push(
            first
                .at(&RULE, key, value)
                .expected(b)
                .discriminator(two)
                .related(&format!("{two}の回答"), &format!("answer of {two}"), b, theirs.origin.clone())
                .message(
                    format!("{label}が、{one}は「{a}」、{two}は「{b}」と違います。"),
                    format!("{label}: {one} says 「{a}」, {two} says 「{b}」."),
                )
                .help(
                    format!("{one}と{two}で調整し、どちらか一つの回答に決めてください。"),
                    format!("Please have {one} and {two} agree on one answer."),
                ),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn found(one: &str, two: &str) -> Vec<String> {
        let bench = Bench::new().initiative("1", "窓口", "企画課", &[]);
        let bench = bench.report("1", "企画課", &[("evaluation.R6", Some(one)), ("report.R6", Some("甲"))]);
        bench.report("1", "市民課", &[("evaluation.R6", Some(two)), ("report.R6", Some("乙"))]).shown(check)
    }

    #[test]
    fn equal_answers_are_silent() {
        assert_eq!(found("B", "Ｂ"), Vec::<String>::new());
        assert_eq!(found("B", ""), Vec::<String>::new());
    }

    #[test]
    fn different_letters_are_found_at_the_report_that_counts() {
        assert_eq!(found("C", "B"), ["R307 1 evaluation.R6 C1: C / B"]);
    }

    #[test]
    fn two_sheets_of_one_department_are_another_finding() {
        let bench = Bench::new().initiative("1", "窓口", "企画課", &[]);
        let bench = bench.report("1", "企画課", &[("evaluation.R6", Some("A"))]).report("1", "企画課", &[("evaluation.R6", Some("B"))]);
        assert_eq!(bench.check(check).len(), 0);
    }
}
