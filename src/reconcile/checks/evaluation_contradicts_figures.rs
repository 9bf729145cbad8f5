//! C407 evaluation-contradicts-figures: the letter, or the words of the report, say something else than the figures.

use super::Case;
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::form::Role;
use crate::plan::settings::Band;
use crate::reconcile::Answered;
use crate::reconcile::achievement::{self, Reached};
use crate::value::quantity;

/// C407.
pub static RULE: Rule = Rule {
    code: "C407",
    slug: "evaluation-contradicts-figures",
    severity: Severity::Warning,
    title: StaticText { ja: "評価と実績の数値が合いません", en: "the evaluation contradicts the figures" },
    what: StaticText {
        ja: "目標と実績の数値から計算した達成率が、評価の基準（設定ファイルの at_least）で二段階以上違う評価と、数値が目標の6割に届かないのに「目標を達成した」とする報告を探します。少ないほどよい数値は逆に計算します。一段階の違いは、数値以外の事情もあるため指摘しません。",
        en: "An achievement rate, computed from goal and result, that the city's scale puts two or more steps from the letter given; and a report that claims success below 60 % of the goal. Figures that should fall count the other way. One step apart is left to the department's judgement.",
    },
    why: StaticText {
        ja: "数値と評価が食い違ったまま議会や委員会に示すことになります。",
        en: "The council would see a figure and a letter that contradict each other.",
    },
    example: StaticText {
        ja: "目標16,800件に対し実績3,120件（18.6％）で、評価がA。",
        en: "The goal is 16,800, the result 3,120 (18.6 %), and the evaluation A.",
    },
    fix: StaticText {
        ja: "数値と評価を確かめ、評価を見直すか、数値以外の理由を報告の欄に書いてください。",
        en: "Please check both, and correct the evaluation or give the reason in the report.",
    },
};

/// Below this rate, in per cent of the goal, a goal was plainly not reached.
const FAR_BELOW: f64 = 60.0;

/// Finds evaluations and claims that the figures contradict.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    case.answered().iter().filter_map(|answered| contradiction(case, answered)).collect()
}

fn contradiction(case: &Case<'_>, answered: &Answered<'_>) -> Option<Finding> {
    let reported = |key: &str| answered.reading.fields.get(key).and_then(|v| v.value.as_deref());
    let known: Vec<Reached> = achievement::of(case, answered.initiative, reported).into_iter().filter(|r| r.achievement.rate.is_some()).collect();
    if known.is_empty() {
        return None;
    }
    by_letter(case, answered, &known).or_else(|| by_words(case, answered, &known))
}

/// The letter is two or more steps from what every figure says.
fn by_letter(case: &Case<'_>, answered: &Answered<'_>, known: &[Reached]) -> Option<Finding> {
    let scale = &case.job.settings.scale;
    let (key, what, value) = case.asked(answered).into_iter().find(|(_, k, _)| k.is(Role::Evaluation))?;
    let choices = super::unknown_choice::choices_of(case, what.field);
    let letter = super::unknown_choice::choice_of(value.value.as_deref()?, &choices)?;
    let given = scale.iter().position(|b| super::fold_wording(&b.mark) == super::fold_wording(letter))?;
    let steps: Vec<usize> = known.iter().filter_map(|r| step_of(scale, r.achievement.rate?)).collect();
    let (best, worst) = (steps.iter().min()?, steps.iter().max()?);
    if given + 1 >= *best && given <= worst + 1 {
        return None;
    }
    let fitting = &scale[if given < *best { *best } else { *worst }].mark;
    let told = told(known);
    Some(with_figures(
        answered.at(&RULE, key, value).expected(fitting).message(
            format!("{}は「{letter}」ですが、数値からは「{fitting}」に当たります（{told}）。", case.label(key)),
            format!("The evaluation is 「{letter}」; the figures say 「{fitting}」 ({told})."),
        ),
        answered,
        known,
    ))
}

/// The report says that the goal was reached, and every figure is far below.
fn by_words(case: &Case<'_>, answered: &Answered<'_>, known: &[Reached]) -> Option<Finding> {
    let claimed = |text: &str| quantity::claims_success(text) == Some(true);
    let (report, _, words) = case.asked(answered).into_iter().find(|(_, k, v)| k.is(Role::Report) && v.value.as_deref().is_some_and(claimed))?;
    if known.iter().any(|r| r.achievement.rate.is_none_or(|rate| rate >= FAR_BELOW)) {
        return None;
    }
    let field = known.iter().map(|r| r.field.as_str()).find(|f| answered.reading.fields.contains_key(*f)).unwrap_or(report);
    let value = &answered.reading.fields[field];
    let told = told(known);
    Some(with_figures(
        answered
            .at(&RULE, field, value)
            .related(&case.label(report), "report", words.value.clone().unwrap_or_default(), words.origin.clone())
            .message(
                format!("報告には目標を達成したとありますが、数値は目標に届いていません（{told}）。"),
                format!("The report claims success, and the figures are far below the goal ({told})."),
            ),
        answered,
        known,
    ))
}

/// 「実績3,120件・目標16,800件・達成率18.6％」 for each indicator.
fn told(known: &[Reached]) -> String {
    let one = |r: &Reached| {
        let a = &r.achievement;
        let name = if a.indicator.is_empty() { String::new() } else { format!("{}：", a.indicator) };
        format!("{name}実績{}・目標{}・達成率{}％", a.actual, a.goal, a.rate.unwrap_or_default())
    };
    known.iter().map(one).collect::<Vec<_>>().join("、")
}

fn with_figures(finding: Finding, answered: &Answered<'_>, known: &[Reached]) -> Finding {
    known.iter().fold(finding, |finding, r| {
        let origin = answered.reading.fields.get(&r.field).map(|v| v.origin.clone()).unwrap_or_default();
        finding.related("実績", "result", &r.achievement.actual, origin).related("目標", "goal", &r.achievement.goal, Origin::default())
    })
}

/// The step of the scale that a rate falls on; `None` where the scale has no thresholds.
fn step_of(scale: &[Band], rate: f64) -> Option<usize> {
    scale.iter().any(|b| b.at_least.is_some()).then_some(())?;
    scale.iter().position(|b| b.at_least.is_none_or(|least| rate >= least)).or_else(|| scale.len().checked_sub(1))
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(goals: [&str; 2], report: &str, letter: &str) -> Vec<String> {
        let plan = [("goals.R6", goals[0]), ("goals.R9", goals[1])];
        Bench::one(&plan, &[("report.R6", Some(report)), ("evaluation.R6", Some(letter))]).shown(super::check)
    }

    const RISING: [&str; 2] = ["交付件数：100件", "交付件数：200件"];

    #[test]
    fn a_letter_that_fits_or_is_one_step_off_is_silent() {
        assert_eq!(found(RISING, "交付件数は105件でした。", "A"), Vec::<String>::new());
        assert_eq!(found(RISING, "交付件数は90件でした。", "Ａ"), Vec::<String>::new());
        assert_eq!(found(RISING, "交付件数は30件でした。", "C"), Vec::<String>::new());
        assert_eq!(found(RISING, "窓口を見直しました。", "A"), Vec::<String>::new());
    }

    #[test]
    fn a_letter_two_steps_off_is_found_at_its_cell() {
        assert_eq!(found(RISING, "交付件数は30件でした。", "A"), ["C407 1 evaluation.R6 C2: A / C"]);
        assert_eq!(found(RISING, "交付件数は130件でした。", "C"), ["C407 1 evaluation.R6 C2: C / A"]);
    }

    #[test]
    fn the_boundary_goes_the_right_way() {
        assert_eq!(found(RISING, "交付件数は80件でした。", "A").len(), 0);
        assert_eq!(found(RISING, "交付件数は79件でした。", "A").len(), 1);
    }

    #[test]
    fn figures_that_should_fall_count_the_other_way() {
        let falling = ["滞納人数：28人", "滞納人数：4人"];
        assert_eq!(found(falling, "滞納人数は20人でした。", "A"), Vec::<String>::new());
        assert_eq!(found(falling, "滞納人数は67人でした。", "A").len(), 1);
    }

    #[test]
    fn a_claim_of_success_far_below_is_found_at_the_figure() {
        let plan = [("figures.R5", "使用案件 40件"), ("figures.R6", "使用案件 60件")];
        let report = |actual| [("report.R6", Some("目標を達成した。")), ("actual", Some(actual))];
        assert_eq!(Bench::one(&plan, &report("使用案件 18件")).shown(super::check), ["C407 1 actual C2: 使用案件 18件 / "]);
        assert_eq!(Bench::one(&plan, &report("使用案件 58件")).check(super::check).len(), 0);
        assert_eq!(Bench::one(&plan, &report("使用案件 36件")).check(super::check).len(), 0, "60 % is not far below");
        assert_eq!(Bench::one(&plan, &report("使用案件 35件")).check(super::check).len(), 1, "58.3 % is");
    }
}
