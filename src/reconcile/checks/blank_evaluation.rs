//! C402 blank-evaluation: no choice was made.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};

/// C402.
pub static RULE: Rule = Rule {
    code: "C402",
    slug: "blank-evaluation",
    severity: Severity::Error,
    title: StaticText { ja: "評価（選択する欄）が空欄です", en: "no evaluation was given" },
    what: StaticText {
        ja: "評価や変更種別など、課が必ず選ぶ欄が空欄のものを探します。エラー値や結果のない数式で読めない欄（I111、I112）は、その指摘だけにします。",
        en: "A required choice (evaluation, kind of change) that is blank. A cell that cannot be read (I111, I112) is that finding only.",
    },
    why: StaticText { ja: "評価別の件数に数えられず、集計から漏れます。", en: "It is left out of the counts by evaluation." },
    example: StaticText { ja: "年度末評価の欄に何も書かれていない。", en: "The evaluation of the year is empty." },
    fix: StaticText { ja: "選択肢の中から一つを選んで書いてください。", en: "Please choose one of the words given." },
};

/// Finds required choices that are blank.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let choice = what.field.kind == Kind::Choice || matches!(what.field.role, Some(Role::Evaluation | Role::ChangeType));
            if choice && what.field.required && value.value.as_deref().is_some_and(|t| t.trim().is_empty()) {
                let (label, choices) = (case.label(key), super::unknown_choice::choices_of(case, what.field).join("・"));
                let printed = super::quote(value.as_written.trim(), 30);
                let (ja, en) = if printed.is_empty() {
                    (format!("{label}が空欄です。"), format!("{label} is blank."))
                } else {
                    (format!("{label}の「{printed}」のどれにも印がありません。"), format!("None of 「{printed}」 is marked in {label}."))
                };
                let finding = answered.at(&RULE, key, value).expected(&choices).message(ja, en);
                findings.push(if choices.is_empty() {
                    finding
                } else {
                    finding.help(format!("{choices}の中から一つを選んで書いてください。"), format!("Please choose one of {choices}."))
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(key: &str, value: Option<&str>) -> Vec<String> {
        Bench::one(&[], &[("report.R6", Some("実施")), (key, value)]).shown(super::check)
    }

    #[test]
    fn a_letter_is_silent() {
        assert_eq!(found("evaluation.R6", Some("A")), Vec::<String>::new());
    }

    #[test]
    fn a_blank_one_is_found_at_its_cell() {
        assert_eq!(found("evaluation.R6", Some("")), ["C402 1 evaluation.R6 C2:  / A・B・C"]);
    }

    #[test]
    fn other_years_and_unreadable_cells_are_left_alone() {
        assert_eq!(found("evaluation.R7", Some("")), Vec::<String>::new());
        assert_eq!(found("evaluation.R6", None), Vec::<String>::new());
    }
}
