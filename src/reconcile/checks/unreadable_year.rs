//! N203 unreadable-year: a fiscal year was asked for and the cell names none.

use super::{Case, placeholder_left::placeholder_in};
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Kind;
use crate::value::FiscalYear;

/// N203.
pub static RULE: Rule = Rule {
    code: "N203",
    slug: "unreadable-year",
    severity: Severity::Error,
    title: StaticText { ja: "年度として読めません", en: "this cannot be read as a fiscal year" },
    what: StaticText {
        ja: "課が年度を書く欄に、年度として読めない文が書かれているものを探します。「令和6年度」「R6」「2024年度」などはすべて読めます。",
        en: "A field in which departments write a fiscal year and which holds something else. 「令和6年度」「R6」「2024年度」 are all read.",
    },
    why: StaticText {
        ja: "年度の順に並べたり、期間を確かめたりすることができません。",
        en: "It can neither be put in order nor compared with the period.",
    },
    example: StaticText { ja: "開始年度の欄に「来年頃」とある。", en: "The first year says 「来年頃」 (about next year)." },
    fix: StaticText {
        ja: "「令和7年度」のように年度を一つ書いてください。", en: "Please write one fiscal year, such as 「令和7年度」."
    },
};

/// Finds years that are none.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref().filter(|t| what.field.kind == Kind::FiscalYear && !t.trim().is_empty()) else { continue };
            if FiscalYear::parse(text).is_some() || FiscalYear::parse_near(text, case.year()).is_some() || placeholder_in(text).is_some() {
                continue;
            }
            let label = case.label(key);
            let quoted = super::quote(text, 30);
            findings.push(
                answered
                    .at(&RULE, key, value)
                    .expected("年度")
                    .message(format!("{label}の「{quoted}」は年度として読めません。"), format!("{label}: 「{quoted}」 is no fiscal year.")),
            );
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[], &[("from", Some(text))]).shown(super::check)
    }

    #[test]
    fn years_in_every_spelling_are_silent() {
        for text in ["令和6年度", "R 6", "2024年度", "令和元年度", ""] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn words_are_found_at_their_cell() {
        assert_eq!(found("来年頃"), ["N203 1 from C1: 来年頃 / 年度"]);
    }

    #[test]
    fn a_placeholder_is_another_finding() {
        assert_eq!(found("令和○○年度"), Vec::<String>::new());
    }
}
