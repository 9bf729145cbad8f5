//! N204 era-mismatch: two years are named as the same and are not.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::value::{self, FiscalYear};

/// N204.
pub static RULE: Rule = Rule {
    code: "N204",
    slug: "era-mismatch",
    severity: Severity::Warning,
    title: StaticText { ja: "元号の年度と西暦の年度が合いません", en: "the era year and the western year differ" },
    what: StaticText {
        ja: "「令和6年度（2025年度）」のように、同じ年度として並べて書かれた元号と西暦が食い違うものを、課が記入した欄から探します。",
        en: "An era year and a western year written as the same one that are not, in the fields that departments fill in.",
    },
    why: StaticText {
        ja: "どちらの年度の実績なのか、読む人に分かりません。", en: "A reader cannot tell which year the report speaks of."
    },
    example: StaticText {
        ja: "「令和6年度（2025年度）に実施しました」。令和6年度は2024年度です。",
        en: "「令和6年度（2025年度）」, although 令和6年度 is the fiscal year 2024.",
    },
    fix: StaticText {
        ja: "正しい年度を確かめ、どちらかを直してください。", en: "Please check which year is meant and correct the other."
    },
};

/// Finds texts that name two different years as one.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, _, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref() else { continue };
            let mismatches = value::era_mismatches(text);
            let Some(first) = mismatches.first() else { continue };
            let right = format!("{}は{}年度", FiscalYear::from_western(first.era).name(), first.era);
            let label = case.label(key);
            let more = super::and_more_ja(mismatches.len());
            findings.push(answered.at(&RULE, key, value).found(&first.as_written).expected(&right).message(
                format!("{label}の「{}」は、元号と西暦の年度が合いません（{}）{more}。", first.as_written, right),
                format!("{label}: 「{}」 names two different years as one ({}){}.", first.as_written, right, super::and_more_en(mismatches.len())),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> usize {
        Bench::one(&[], &[("report.R6", Some(text))]).check(super::check).len()
    }

    #[test]
    fn years_that_agree_are_silent() {
        assert_eq!(found("令和6年度（2024年度）は、講座を開きました。"), 0);
        assert_eq!(found("令和6年度は、2025年3月まで実施しました。"), 0);
    }

    #[test]
    fn years_that_differ_are_found_once_a_cell() {
        let bench = Bench::one(&[], &[("report.R6", Some("令和6年度（2025年度）は実施し、令和7年度（2026年度）は…"))]);
        let findings = bench.check(super::check);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].origin.cell.as_deref(), Some("C1"));
        assert!(findings[0].message.ja.contains("ほか1か所"), "{}", findings[0].message.ja);
    }

    #[test]
    fn the_first_year_of_an_era_counts_as_one() {
        assert_eq!(found("令和元年度（2019年度）"), 0);
        assert_eq!(found("令和元年度（2020年度）"), 1);
    }
}
