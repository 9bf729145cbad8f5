//! C401 blank-report: a text was asked for and the cell is blank.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};
use crate::reconcile::{Answered, Key};

/// C401.
pub static RULE: Rule = Rule {
    code: "C401",
    slug: "blank-report",
    severity: Severity::Error,
    title: StaticText { ja: "報告の欄が空欄です", en: "the report is blank" },
    what: StaticText {
        ja: "課が必ず書く文章の欄（取組状況報告、取組方針、理由など）が空欄のもの、「－」「・」だけのものを探します。エラー値や結果のない数式で読めない欄（I111、I112）は、その指摘だけにします。",
        en: "A required text (report, policy, reason) that is blank or nothing but a dash or a bullet. A cell that cannot be read (I111, I112) is that finding only.",
    },
    why: StaticText {
        ja: "調書のその欄が「未記入」のまま印刷されます。", en: "The official sheet would be printed with a hole."
    },
    example: StaticText { ja: "取組状況報告の欄に何も書かれていない。", en: "The report of the year is empty." },
    fix: StaticText {
        ja: "この欄を記入して、改めて提出してください。", en: "Please fill in this field and send the form again."
    },
};

/// Finds required texts that are blank.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            if value.value.as_deref().is_some_and(says_nothing) && asks_for_text(case, &answered, &what) {
                let label = case.label(key);
                let (ja, en) = match value.value.as_deref().map(str::trim).unwrap_or_default() {
                    "" => (format!("{label}が空欄です。"), format!("{label} is blank.")),
                    mark => (format!("{label}は「{mark}」だけで、内容がありません。"), format!("{label} holds nothing but 「{mark}」.")),
                };
                findings.push(
                    answered
                        .at(&RULE, key, value)
                        .message(ja, en)
                        .help(format!("{label}を記入して、改めて提出してください。"), format!("Please fill in {label} and send the form again.")),
                );
            }
        }
    }
    findings
}

/// Blank, or a bullet or a dash and nothing else. An arrow (the same goes on) and ○ say something.
fn says_nothing(text: &str) -> bool {
    super::fold_wording(text).chars().all(|c| matches!(c, '-' | '・' | '.' | '、' | '。' | '*' | '…'))
}

/// Whether the field is a required text; of a list, only its first row and rows that hold something else.
fn asks_for_text(case: &Case<'_>, answered: &Answered<'_>, what: &Key<'_>) -> bool {
    let other_finding = matches!(what.field.kind, Kind::Choice | Kind::Number)
        || matches!(what.field.role, Some(Role::Evaluation | Role::ChangeType | Role::ReportValue));
    what.field.required && !other_finding && what.index.is_none_or(|i| i == 0 || super::row_holds_something(case, answered, i))
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(report: &[(&str, Option<&str>)]) -> Vec<String> {
        Bench::one(&[], report).shown(super::check)
    }

    #[test]
    fn a_report_is_silent() {
        assert_eq!(found(&[("report.R6", Some("実施しました。"))]), Vec::<String>::new());
    }

    #[test]
    fn a_blank_one_is_found_at_its_cell() {
        assert_eq!(found(&[("name", Some("窓口の改善")), ("report.R6", Some(" \n"))]), ["C401 1 report.R6 C2:  \n / "]);
    }

    #[test]
    fn a_dash_or_a_bullet_says_nothing() {
        for text in ["－", "―", "・", "…", "-"] {
            assert_eq!(found(&[("report.R6", Some(text))]).len(), 1, "{text}");
        }
        for text in ["→", "○", "なし", "0"] {
            assert_eq!(found(&[("report.R6", Some(text))]).len(), 0, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_is_not_required_is_left_alone() {
        assert_eq!(found(&[("report.R6", None), ("policy", Some("")), ("report.R5", Some(""))]), Vec::<String>::new());
    }

    #[test]
    fn of_a_list_only_rows_in_use_must_be_whole() {
        let row = |n: usize, name: &'static str, value: &'static str| {
            [(["indicators.0.name", "indicators.1.name"][n], Some(name)), (["indicators.0.current", "indicators.1.current"][n], Some(value))]
        };
        assert_eq!(found(&row(0, "", "")).len(), 1);
        assert_eq!(found(&row(1, "", "")).len(), 0);
        assert_eq!(found(&row(1, "", "5件")).len(), 1);
    }
}
