//! R309 changed-goal-without-note and R310 changed-goal-with-note: the goal of a future year was changed.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{FilledBy, Role};
use crate::reconcile::{Answered, Key};
use crate::value::{FiscalYear, fold, years_in};

/// R309.
pub static WITHOUT_NOTE: Rule = Rule {
    code: "R309",
    slug: "changed-goal-without-note",
    severity: Severity::Warning,
    title: StaticText {
        ja: "翌年度以降の目標が変更されていますが、備考に理由がありません",
        en: "the goal of a future year was changed without a note",
    },
    what: StaticText {
        ja: "報告年度より後の年度の目標が計画と違い、備考にその理由（「<令和7年度計画変更>」などの見出しや、変更・見直しの説明）が新たに書かれていないものを探します。",
        en: "A goal of a year after the one reported that differs from the plan, while the remarks say nothing new about a change.",
    },
    why: StaticText {
        ja: "理由のない目標の変更は、議会や委員会で説明できません。",
        en: "A change of a goal without a reason cannot be explained to the council.",
    },
    example: StaticText {
        ja: "令和7年度の目標が12,500件から10,000件に変わり、備考には前年度の変更の説明しかない。",
        en: "The goal of R7 went from 12,500 to 10,000 and the remarks speak of last year's change only.",
    },
    fix: StaticText {
        ja: "変更する場合は備考に「<令和7年度計画変更>」のように見出しを付けて理由を書き、変更しない場合は元の目標に戻してください。",
        en: "Please write the reason into the remarks under a heading such as 「<令和7年度計画変更>」, or restore the goal.",
    },
};

/// R310.
pub static WITH_NOTE: Rule = Rule {
    code: "R310",
    slug: "changed-goal-with-note",
    severity: Severity::Note,
    title: StaticText {
        ja: "翌年度以降の目標の変更が備考に書かれています", en: "the goal of a future year was changed, with a note"
    },
    what: StaticText {
        ja: "報告年度より後の年度の目標が計画と違い、備考にその理由が書かれているものをお知らせします。正しい手順による変更の申し出です。",
        en: "A goal of a year after the one reported that differs from the plan, with the reason in the remarks: the right way to ask for a change.",
    },
    why: StaticText {
        ja: "印刷には計画の目標を使います。変更を認める場合は計画のデータを直す必要があります。",
        en: "The plan's goal is printed. If the change is accepted, the plan's data must be changed.",
    },
    example: StaticText {
        ja: "令和7年度の目標が10回から11回に変わり、備考に「<令和7年度計画変更>」として理由がある。",
        en: "The goal of R7 went from 10 to 11, with the reason under 「<令和7年度計画変更>」.",
    },
    fix: StaticText {
        ja: "変更を認める場合は、計画のデータを新しい目標に直してください。",
        en: "If you accept the change, please correct the plan's data.",
    },
};

/// Finds changed goals of future years.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        let note = change_note(case, &answered);
        for (key, what, value) in case.values(&answered) {
            if !is_its_own(case, &answered, &what) {
                continue;
            }
            let (Some(text), Some(plan)) = (value.value.as_deref(), answered.initiative.fields.get(key)) else { continue };
            if same_goal(text, plan) {
                continue;
            }
            let (here, there) = in_short(text, plan);
            let (label, written) = (case.label(key), change(&here, &there));
            let finding = match &note {
                Some((quote, origin)) => answered.at(&WITH_NOTE, key, value).related("備考", "remarks", quote, origin.clone()).message(
                    format!("{label}が{written}変更され、備考に「{}」とあります。", super::quote(quote, 40)),
                    format!("{label}: {there} → {here}; the remarks say 「{}」.", super::quote(quote, 40)),
                ),
                None => answered.at(&WITHOUT_NOTE, key, value).message(
                    format!("{label}が{written}変更されていますが、備考に理由がありません。"),
                    format!("{label}: {there} → {here}, and the remarks give no reason."),
                ),
            };
            findings.push(finding.found(text).expected(plan));
        }
    }
    findings
}

/// Goals that are short are told whole, so that indicator and unit stand there; of long ones only what differs.
fn in_short(here: &str, there: &str) -> (String, String) {
    const WHOLE: usize = 30;
    let short = |text: &str| text.trim().chars().count() <= WHOLE && !text.trim().contains('\n');
    if short(here) && short(there) {
        return (here.trim().to_owned(), there.trim().to_owned());
    }
    super::wording::difference(here, there)
}

fn change(here: &str, there: &str) -> String {
    match (there, here) {
        ("", here) => format!("「{here}」を加えて"),
        (there, "") => format!("「{there}」を削って"),
        (there, here) => format!("「{there}」から「{here}」に"),
    }
}

/// Whether a plan field is a goal of a year after the one reported (or, with a note, the final goal): this check's and not R308's.
pub(crate) fn is_its_own(case: &Case<'_>, answered: &Answered<'_>, what: &Key<'_>) -> bool {
    if what.asked || what.field.by != FilledBy::Plan || what.field.unchecked {
        return false;
    }
    match what.field.role {
        Some(Role::YearGoal | Role::YearValue | Role::YearStatus) => what.year.is_some_and(|y| y > case.year()),
        Some(Role::TargetValue | Role::TargetYear) => change_note(case, answered).is_some(),
        _ => false,
    }
}

fn same_goal(text: &str, plan: &str) -> bool {
    let bare = |t: &str| super::fold_wording(t).chars().filter(|c| !matches!(c, '、' | '・' | '○' | '。')).collect::<String>();
    let years = (FiscalYear::parse(text), FiscalYear::parse(plan));
    bare(text) == bare(plan) || (years.0.is_some() && years.0 == years.1)
}

/// What the remarks newly say about a change: the lines that the plan's remarks do not hold, if they announce or explain one.
fn change_note(case: &Case<'_>, answered: &Answered<'_>) -> Option<(String, crate::finding::Origin)> {
    let (key, _, value) = case.values(answered).into_iter().find(|(_, k, _)| k.is(Role::Remarks))?;
    let plan = fold(answered.initiative.fields.get(key).map_or("", String::as_str));
    let new: Vec<&str> = value.value.as_deref()?.lines().filter(|l| !l.trim().is_empty() && !plan.contains(&fold(l))).collect();
    let note = new.join("\n");
    announces(&note, case.year()).then(|| (note, value.origin.clone()))
}

/// Words of a changed goal.
const CHANGES: [&str; 12] = ["変更", "見直", "修正", "改定", "改訂", "改め", "引き上げ", "引上げ", "引き下げ", "引下げ", "上方", "下方"];

/// Whether a note speaks of a change of the plan; a heading that names an earlier year than the one reported speaks of an old one.
fn announces(note: &str, reported: FiscalYear) -> bool {
    let folded = fold(note);
    if !CHANGES.iter().any(|w| folded.contains(w)) {
        return false;
    }
    let heading = note.lines().find(|l| CHANGES.iter().any(|w| fold(l).contains(w))).unwrap_or(note);
    let years: Vec<FiscalYear> = years_in(heading).iter().filter_map(crate::value::Mention::fiscal_year).collect();
    years.is_empty() || years.iter().any(|y| *y >= reported)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    #[test]
    fn the_goals_are_quoted_so_that_a_clerk_sees_what_changed() {
        let told = |plan: &str, goal: &str| Bench::one(&[("goals.R7", plan)], &[("goals.R7", Some(goal))]).check(check)[0].message.ja.clone();
        assert_eq!(
            told("年間ウェブ予約件数：12,500件", "年間ウェブ予約件数：10,000件"),
            "達成目標（R7）が「年間ウェブ予約件数：12,500件」から「年間ウェブ予約件数：10,000件」に変更されていますが、備考に理由がありません。"
        );
        let long = "窓口の待ち時間の短縮に向けて、案内の職員を置き、予約の件数を年間で";
        assert!(told(&format!("{long}12,500件とする"), &format!("{long}10,000件とする")).contains("「12,500」から「10,000」に"));
    }

    fn found(goal: &str, notes: &str) -> Vec<&'static str> {
        let plan = [("goals.R6", "10件"), ("goals.R7", "12件"), ("notes", "<令和6年度計画変更>\n件数に改めました。")];
        let bench = Bench::one(&plan, &[("goals.R7", Some(goal)), ("notes", Some(notes))]);
        bench.check(check).iter().map(|f| f.rule.code).collect()
    }

    const OLD: &str = "<令和6年度計画変更>\n件数に改めました。";

    #[test]
    fn the_plans_goal_is_silent() {
        assert_eq!(found("１２件", OLD), Vec::<&str>::new());
    }

    #[test]
    fn a_changed_goal_is_found_at_its_cell() {
        assert_eq!(found("8件", OLD), ["R309"]);
        let bench = Bench::one(&[("goals.R7", "12件")], &[("goals.R7", Some("8件"))]);
        assert_eq!(bench.shown(check), ["R309 1 goals.R7 C1: 8件 / 12件"]);
    }

    #[test]
    fn a_new_note_in_any_spelling_makes_it_the_right_way() {
        for heading in [
            "<令和7年度計画変更>",
            "＜R7年度計画変更＞",
            "【令和7年度 計画変更】",
            "〈2025年度計画の変更〉",
            "《計画変更》",
            "令和7年度以降の目標を見直しました。",
        ] {
            assert_eq!(found("8件", &format!("{OLD}\n{heading}\n実績を踏まえました。")), ["R310"], "{heading}");
        }
        assert_eq!(found("8件", &format!("{OLD}\n<令和5年度計画変更>")), ["R309"]);
        assert_eq!(found("8件", &format!("{OLD}\n担当者が替わりました。")), ["R309"]);
    }

    #[test]
    fn the_year_reported_is_no_future_year() {
        let bench = Bench::one(&[("goals.R6", "10件")], &[("goals.R6", Some("8件"))]);
        assert_eq!(bench.check(check).len(), 0);
    }
}
