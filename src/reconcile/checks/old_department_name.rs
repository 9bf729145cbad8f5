//! R306 old-department-name: a department under the name it bore before a reorganisation.

use super::Case;
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::form::Kind;
use crate::reconcile::Answered;
use crate::value::{fold, split_departments};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// R306.
pub static RULE: Rule = Rule {
    code: "R306",
    slug: "old-department-name",
    severity: Severity::Warning,
    title: StaticText { ja: "組織改正前の課名が書かれています", en: "the department's name from before a reorganisation" },
    what: StaticText {
        ja: "担当課・関係課の欄（その欄が今の名称であればファイル名）に、設定の課の名簿で「旧名称」とされている名前があるものを探します。最終日（until）が書かれた旧名称は、その翌日から後に届いた報告だけが対象です。計画そのものに旧名称が残っている場合は対象外です。",
        en: "A former name of the register in a field of departments, or else in the file's name. A former name with a last day (until) counts in what was sent after it only. Where the plan itself still prints the former name there is no finding.",
    },
    why: StaticText {
        ja: "今の課の報告として扱いましたが、印刷される課名を確かめる必要があります。",
        en: "It was taken as the report of today's department; the printed name needs a look.",
    },
    example: StaticText {
        ja: "担当課の欄に「情報政策課」とあるが、今は「情報戦略課」。",
        en: "The lead is 「情報政策課」, which is 「情報戦略課」 today.",
    },
    fix: StaticText { ja: "今の課名に書き換えてください。", en: "Please write today's name." },
};

/// Finds former names.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    let mut of_today: BTreeSet<usize> = BTreeSet::new();
    let answered = case.answered();
    for one in &answered {
        let (here, today) = in_cells(case, one);
        if !here.is_empty() {
            told.insert(one.reading.submission);
        } else if today {
            of_today.insert(one.reading.submission);
        }
        findings.extend(here);
    }
    for one in &answered {
        let submission = one.reading.submission;
        if !of_today.contains(&submission) && told.insert(submission) {
            findings.extend(in_file_name(case, one));
        }
    }
    findings
}

/// Former names in the fields of departments, and whether such a field names a department of today.
fn in_cells(case: &Case<'_>, answered: &Answered<'_>) -> (Vec<Finding>, bool) {
    let register = &case.job.register;
    let mut findings = Vec::new();
    let mut today = false;
    for (key, what, value) in case.values(answered) {
        let Some(text) = value.value.as_deref().filter(|_| what.field.kind == Kind::Departments) else { continue };
        let in_plan: BTreeSet<String> =
            answered.initiative.fields.get(key).map(|t| split_departments(t, register)).unwrap_or_default().iter().map(|n| fold(n)).collect();
        for name in split_departments(text, register) {
            match register.outdated(&name, day_of(case, answered)) {
                Some((now, last)) if !in_plan.contains(&fold(&name)) => {
                    let label = case.label(key);
                    let (ja, en) = until(last);
                    findings.push(answered.at(&RULE, key, value).found(&name).expected(now).discriminator(&name).message(
                        format!("{label}の「{name}」は組織改正前の課名です{ja}。今の「{now}」の報告として扱いました。"),
                        format!("{label}: 「{name}」 is a former name{en}; taken as 「{now}」 of today."),
                    ));
                }
                _ => today |= register.find(&name).is_some(),
            }
        }
    }
    (findings, today)
}

/// The day on which a report was sent, by the best evidence there is; else the day of the run.
fn day_of(case: &Case<'_>, answered: &Answered<'_>) -> NaiveDate {
    let submission = answered.reading.submission;
    let sent = case.intake.submissions.get(submission).and_then(|s| s.sent_at);
    let known = || case.matched.ledger.get(submission).and_then(|entry| entry.sent_at);
    sent.or_else(known).map_or(case.date, |time| time.date())
}

/// 「（2024年3月31日まで）」 where the last day is known.
fn until(last: Option<NaiveDate>) -> (String, String) {
    last.map_or_else(Default::default, |day| (format!("（{}まで）", day.format("%Y年%-m月%-d日")), format!(" (until {day})")))
}

/// A former name that stands alone between separators of the file's name.
fn in_file_name(case: &Case<'_>, answered: &Answered<'_>) -> Option<Finding> {
    let file = case.file_of(answered.reading);
    let base = file.rsplit(['/', '!']).next()?.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let parts = base.split(|c: char| c.is_whitespace() || "_＿-－()（）【】[]「」〔〕".contains(c)).filter(|p| !p.is_empty());
    let day = day_of(case, answered);
    let (name, (now, last)) = parts.filter_map(|p| Some((p, case.job.register.outdated(p, day)?))).next()?;
    let (ja, en) = until(last);
    Some(Finding::new(&RULE).department(answered.department).at(Origin::file(file)).found(name).expected(now).message(
        format!("ファイル名の「{name}」は組織改正前の課名です{ja}。今の「{now}」の報告として扱いました。"),
        format!("「{name}」 in the file's name is a former name{en}; taken as 「{now}」 of today."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn found(plan: &str, cell: &str) -> Vec<String> {
        Bench::one(&[("departments", plan)], &[("departments", Some(cell))]).shown(check)
    }

    #[test]
    fn names_of_today_are_silent() {
        assert_eq!(found("企画課", "企画課"), Vec::<String>::new());
        assert_eq!(found("企画課", "企 画 課、市民課"), Vec::<String>::new());
    }

    #[test]
    fn a_former_name_is_found_at_its_cell() {
        assert_eq!(found("企画課", "企画室"), ["R306 1 departments C1: 企画室 / 企画課"]);
        assert_eq!(found("企画課", "市民課\n企画室"), ["R306 1 departments C1: 企画室 / 企画課"]);
    }

    #[test]
    fn a_name_is_right_until_its_last_day() {
        let sent = |until: &str, day: &str| {
            let mut bench = Bench::one(&[("departments", "企画課")], &[("departments", Some("企画室"))]);
            let mut entries = bench.job.register.entries.clone();
            entries[0].former[0].until = Some(until.parse().expect("a day"));
            bench.job.register = crate::value::Register::new(entries, Vec::new());
            bench.intake.submissions[0].sent_at = format!("{day}T09:00:00").parse().ok();
            bench.check(check)
        };
        assert_eq!(sent("2025-03-31", "2025-03-31").len(), 0);
        assert_eq!(
            sent("2025-03-31", "2025-04-01")[0].message.ja,
            "実行課の「企画室」は組織改正前の課名です（2025年3月31日まで）。今の「企画課」の報告として扱いました。"
        );
    }

    #[test]
    fn what_the_plan_prints_is_not_the_departments_fault() {
        assert_eq!(found("企画室", "企画室"), Vec::<String>::new());
    }

    #[test]
    fn a_form_without_departments_tells_by_its_file_once() {
        let mut bench = Bench::new().initiative("1", "窓口", "企画課", &[]).initiative("2", "広報", "企画課", &[]);
        bench = bench.report("1", "企画課", &[]).report("2", "企画課", &[]);
        assert_eq!(bench.check(check).len(), 0);
        bench.intake.submissions[0].file = "03_企画室（報告）.xlsx".to_owned();
        assert_eq!(bench.shown(check), ["R306 - - -: 企画室 / 企画課"]);
    }
}
