//! C406 copied-last-year: the report repeats last year's word for word.

use super::Case;
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::form::Role;
use crate::intake::ReadingKind;
use crate::reconcile::{Answered, Key};
use crate::value::fold;
use std::collections::BTreeMap;

/// C406.
pub static RULE: Rule = Rule {
    code: "C406",
    slug: "copied-last-year",
    severity: Severity::Warning,
    title: StaticText { ja: "報告が前年度の文と同じです", en: "the report repeats last year's word for word" },
    what: StaticText {
        ja: "報告の文が、前年度の報告（計画のデータにあるもの、様式に残っているもの、同じ課から届いた前年度の様式のもの、設定の last_year が指す前年度の result.json のもの）とまったく同じものを探します。短い言葉は対象外です。",
        en: "A report that equals last year's, as the plan's data, the form itself, last year's form from the same department or the result.json that the setting last_year names holds it. Short words are left alone.",
    },
    why: StaticText { ja: "前年度の文を消し忘れたものかもしれません。", en: "Last year's text may have been left by mistake." },
    example: StaticText {
        ja: "令和5年度の報告と令和6年度の報告が一字一句同じ。", en: "The reports of R5 and R6 are the same to the letter."
    },
    fix: StaticText {
        ja: "今年度に行ったことを書いてください。前年度と同じ内容であれば、その旨を書き添えてください。",
        en: "Please write what was done this year, or say that it is the same as last year.",
    },
};

/// Shortest text, in characters without blanks, that is called a copy.
const SHORTEST: usize = 20;

/// Finds reports that are copies of last year's.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let old_forms = old_forms(case);
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let reports = matches!(what.field.role, Some(Role::Report | Role::NextPolicy | Role::Issues | Role::Reason));
            let Some(text) = value.value.as_deref().filter(|_| reports) else { continue };
            let folded = super::fold_wording(text);
            if folded.chars().count() < SHORTEST {
                continue;
            }
            let same = |(old, _): &(String, Origin)| super::fold_wording(old) == folded;
            let Some((old, origin)) = last_year(case, &answered, &what)
                .or_else(|| old_forms.get(&(answered.department, what.field.key.as_str(), folded.clone())).cloned())
                .filter(same)
                .or_else(|| in_last_result(case, &answered, &what).into_iter().map(|old| (old.to_owned(), Origin::default())).find(same))
            else {
                continue;
            };
            let label = case.label(key);
            findings.push(answered.at(&RULE, key, value).related("前年度の文", "last year's text", old, origin).message(
                format!("{label}が前年度の文と同じです（「{}」）。", super::quote(text, 40)),
                format!("{label} repeats last year's text (「{}」).", super::quote(text, 40)),
            ));
        }
    }
    findings
}

/// The text of the same field in the year before, where that year is the plan's.
fn last_year(case: &Case<'_>, answered: &Answered<'_>, what: &Key<'_>) -> Option<(String, Origin)> {
    let key = format!("{}.{}", what.field.key, what.year?.plus(-1).key());
    if case.key(&key).is_none_or(|k| k.asked) {
        return None;
    }
    let in_plan = answered.initiative.fields.get(&key).filter(|t| !t.is_empty()).map(|t| (t.clone(), Origin::default()));
    in_plan.or_else(|| answered.reading.fields.get(&key).and_then(|v| Some((v.value.clone()?, v.origin.clone()))))
}

/// The texts of the same field in last year's `result.json`, if the job settings name it.
fn in_last_result<'a>(case: &Case<'a>, answered: &Answered<'_>, what: &Key<'_>) -> Vec<&'a str> {
    let key = match what.year {
        Some(year) => format!("{}.{}", what.field.key, year.plus(-1).key()),
        None => what.field.key.clone(),
    };
    if what.index.is_some() { Vec::new() } else { case.job.last_year.texts(answered.initiative, &key).collect() }
}

/// Texts by the department, field and folded wording under which they are looked up.
type OldForms<'a> = BTreeMap<(&'a str, &'a str, String), (String, Origin)>;

/// The texts of last year's forms that arrived, by department, field and folded wording.
fn old_forms<'a>(case: &Case<'a>) -> OldForms<'a> {
    let mut texts = BTreeMap::new();
    for (index, reading) in case.intake.readings.iter().enumerate().filter(|(_, r)| matches!(r.kind, ReadingKind::OtherYear(_))) {
        let Some(department) = case.matched.reading_department.get(&index) else { continue };
        for (key, value) in &reading.fields {
            if let (Some(what), Some(text)) = (case.key(key), value.value.as_deref())
                && fold(text).chars().count() >= SHORTEST
            {
                texts.insert((department.as_str(), what.field.key.as_str(), super::fold_wording(text)), (text.to_owned(), value.origin.clone()));
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    const TEXT: &str = "窓口の案内を見直し、説明会を三回開催しました。";

    #[test]
    fn a_new_text_is_silent() {
        let bench = Bench::one(&[("report.R5", "昨年は窓口の案内板を三か所に設置しました。")], &[("report.R6", Some(TEXT))]);
        assert_eq!(bench.check(check).len(), 0);
    }

    #[test]
    fn last_years_text_is_found_at_its_cell() {
        let bench = Bench::one(&[("report.R5", TEXT)], &[("report.R6", Some("窓口の案内を見直し、\n説明会を三回開催しました。"))]);
        let findings = bench.check(check);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].field.as_deref(), findings[0].origin.cell.as_deref()), (Some("report.R6"), Some("C1")));
        assert_eq!(Bench::one(&[], &[("report.R5", Some(TEXT)), ("report.R6", Some(TEXT))]).check(check).len(), 1);
    }

    #[test]
    fn last_years_form_in_the_same_mailbox_counts() {
        let mut bench = Bench::one(&[], &[("report.R6", Some(TEXT))]);
        let index = bench.reading("旧", "企画課", &[("report.R5", Some(TEXT))]);
        bench.intake.readings[index].kind = ReadingKind::OtherYear("R5".to_owned());
        assert_eq!(bench.check(check).len(), 1);
    }

    #[test]
    fn the_result_that_the_settings_name_counts() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("result.json");
        let fields =
            format!("{{\"report.R5\":{{\"value\":\"{TEXT}\",\"role\":\"report\"}},\"policy\":{{\"value\":\"{TEXT}\",\"role\":\"report\"}}}}");
        std::fs::write(
            &file,
            format!("{{\"fiscal_year\":\"R5\",\"records\":[{{\"initiative\":\"1\",\"name\":\"窓口の改善\",\"fields\":{fields}}}]}}"),
        )
        .expect("written");
        let found = |report: &str, policy: &str| {
            let mut bench = Bench::one(
                &[("report.R5", "別の文が計画に載っています。窓口を改めました。")],
                &[("report.R6", Some(report)), ("policy", Some(policy))],
            );
            bench.job.last_year = crate::plan::LastYear::load(&file, bench.job.settings.fiscal_year).expect("a result");
            bench.check(check).into_iter().filter_map(|f| f.field).collect::<Vec<_>>()
        };
        assert_eq!(found(TEXT, "続けます。"), ["report.R6"]);
        assert_eq!(found("今年度は、窓口の受付機を二台入れ替えました。", TEXT), ["policy"]);
        assert_eq!(found("今年度は、窓口の受付機を二台入れ替えました。", "続けます。"), Vec::<String>::new());
    }

    #[test]
    fn short_words_are_left_alone() {
        assert_eq!(
            Bench::one(&[("report.R5", "予定どおり実施しました。")], &[("report.R6", Some("予定どおり実施しました。"))]).check(check).len(),
            0
        );
        for (length, expected) in [(SHORTEST - 1, 0), (SHORTEST, 1)] {
            let text: String = "窓口の案内を見直し、説明会を三回開催して、意見を聞きました".chars().filter(|c| *c != '、').take(length).collect();
            assert_eq!(Bench::one(&[("report.R5", &text)], &[("report.R6", Some(&text))]).check(check).len(), expected, "{length}");
        }
    }
}
