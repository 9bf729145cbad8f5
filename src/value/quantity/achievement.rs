//! How far a goal was reached: goals and results paired by what they count.

use super::{Comparison, Quantity, Said, parse};
use crate::value::fold;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;

/// Whether more or less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Rising,
    /// Less is better.
    Falling,
}

/// A goal with the result that answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// The goal.
    pub goal: Quantity,
    /// The result that counts the same thing; `None` if the text gives none, or several that differ.
    pub actual: Option<Quantity>,
    /// Which way is better, if it can be told.
    pub direction: Option<Direction>,
    /// In per cent of the goal, the direction minded (over 100 is better than the goal). `None` if it cannot be said.
    pub rate: Option<f64>,
}

/// Compares the goals of a year with what was reported. `series` is the plan's own story of the figure in order of time: baseline, goals of all years,
/// target; it tells the direction.
pub fn compare(series: &[&str], goal_text: &str, actual_text: &str) -> Vec<Rate> {
    let goals = goals_of(goal_text);
    let mut actuals = parse(actual_text);
    actuals.retain(|a| a.said == Said::Plainly);
    let whole_cell = is_value_cell(actual_text, &actuals);
    let series: Vec<Vec<Quantity>> = series.iter().map(|text| goals_of(text)).collect();
    goals
        .iter()
        .map(|goal| {
            let lone = goals.iter().filter(|g| g.unit == goal.unit).count() == 1;
            let actual = answer(goal, &actuals, lone && whole_cell);
            let line: Vec<&Quantity> = series.iter().filter_map(|year| answer(goal, year, lone)).collect();
            let direction = direction_of(goal, &line);
            let baseline = line.first().map(|q| q.value);
            let rate = actual.and_then(|a| rate(goal, a, direction, baseline));
            Rate { goal: goal.clone(), actual: actual.cloned(), direction, rate }
        })
        .collect()
}

/// Which way is better for the first figure of a goal, told by the plan's own series.
pub fn direction(series: &[&str], goal_text: &str) -> Option<Direction> {
    compare(series, goal_text, "").first().and_then(|r| r.direction)
}

/// The goals of a text: its own figures, and only where it has none those that it gives for reference.
fn goals_of(text: &str) -> Vec<Quantity> {
    let all = parse(text);
    let own: Vec<Quantity> = all.iter().filter(|q| q.said != Said::ForReference).cloned().collect();
    if own.is_empty() && !text.contains("参考") { all } else { own }
}

/// Whether a cell holds figures and hardly anything else: then one that names no indicator answers the only goal of its unit.
fn is_value_cell(text: &str, figures: &[Quantity]) -> bool {
    let rest = fold(text).chars().count();
    let said: usize = figures.iter().map(|q| fold(&q.as_written).chars().count() + fold(&q.indicator).chars().count()).sum();
    figures.len() == 1 && rest <= said + 8 && rest <= 40
}

/// The figure that counts what the goal counts. Several that fit equally well and differ are no answer.
fn answer<'a>(goal: &Quantity, among: &'a [Quantity], lone: bool) -> Option<&'a Quantity> {
    let same_kind: Vec<&Quantity> = among.iter().filter(|q| q.unit == goal.unit && q.change == goal.change).collect();
    let scored: Vec<(f64, &Quantity)> =
        same_kind.iter().map(|q| (likeness(&goal.indicator, &q.indicator), *q)).filter(|(score, _)| *score >= 0.5).collect();
    let best = scored.iter().map(|(score, _)| *score).fold(0.0, f64::max);
    let mut fitting = scored.iter().filter(|(score, _)| (best - score).abs() < 1e-9).map(|(_, q)| *q);
    if let Some(first) = fitting.next() {
        return fitting.all(|q| q.value == first.value).then_some(first);
    }
    match same_kind.as_slice() {
        [only] if lone && (only.indicator.is_empty() || goal.indicator.is_empty() || among.len() == 1) => Some(only),
        _ => None,
    }
}

/// How alike the names of two indicators are, 0 to 1.
fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (plain(a), plain(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let (short, long) = if a.chars().count() < b.chars().count() { (&a, &b) } else { (&b, &a) };
    if short.chars().count() >= 3 && long.contains(short.as_str()) {
        return 0.9;
    }
    let pairs = |text: &str| -> BTreeSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (x, y) = (pairs(&a), pairs(&b));
    if x.is_empty() || y.is_empty() {
        return 0.0;
    }
    2.0 * x.intersection(&y).count() as f64 / (x.len() + y.len()) as f64
}

/// An indicator's name for comparing.
fn plain(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric() || matches!(c, 'ー')).collect::<String>().to_lowercase()
}

/// Which way is better: the words of comparison, then the series, then the name of the indicator.
fn direction_of(goal: &Quantity, line: &[&Quantity]) -> Option<Direction> {
    match goal.comparison {
        Comparison::AtLeast | Comparison::MoreThan => return Some(Direction::Rising),
        Comparison::AtMost | Comparison::LessThan => return Some(Direction::Falling),
        Comparison::Exactly | Comparison::About => {}
    }
    if goal.change {
        return Some(Direction::Rising);
    }
    let first = line.first().map(|q| q.value);
    let last = line.last().map(|q| q.value);
    match (first, last) {
        (Some(first), Some(last)) if first < last => Some(Direction::Rising),
        (Some(first), Some(last)) if first > last => Some(Direction::Falling),
        _ => direction_by_name(&goal.indicator),
    }
}

/// Words that say themselves which way is better; `None` where they do not.
fn direction_by_name(indicator: &str) -> Option<Direction> {
    const FALLING: [&str; 27] = [
        "滞納",
        "残渣",
        "時間外",
        "超過勤務",
        "残業",
        "待ち時間",
        "苦情",
        "事故",
        "誤り",
        "ミス",
        "未納",
        "未収",
        "未利用",
        "未提出",
        "排出",
        "コスト",
        "経費",
        "費用",
        "負債",
        "公債費",
        "赤字",
        "離職",
        "廃棄",
        "日数",
        "までの",
        "まで",
        "ごみ",
    ];
    const RISING: [&str; 26] = [
        "率",
        "件数",
        "回数",
        "割合",
        "参加",
        "開催",
        "登録",
        "利用",
        "実施",
        "収納",
        "公開",
        "満足",
        "閲覧",
        "アクセス",
        "応募",
        "提案",
        "受講",
        "導入",
        "普及",
        "予約",
        "企業誘致",
        "点検",
        "情報共有",
        "収入",
        "寄附",
        "契約",
    ];
    if FALLING.iter().any(|w| indicator.contains(w)) && !indicator.contains("削減") && !indicator.contains("取得") {
        return Some(Direction::Falling);
    }
    RISING.iter().any(|w| indicator.contains(w)).then_some(Direction::Rising)
}

/// Result in per cent of the goal.
fn rate(goal: &Quantity, actual: &Quantity, direction: Option<Direction>, baseline: Option<Decimal>) -> Option<f64> {
    let (low, high) = (goal.value, goal.upper.unwrap_or(goal.value));
    let value = actual.value;
    if low <= value && value <= high {
        return Some(100.0);
    }
    // Inside or past the range, the nearer end is the goal.
    let aim = if value < low { low } else { high };
    match direction? {
        Direction::Rising if aim > Decimal::ZERO => percent(value, aim),
        Direction::Falling if value > Decimal::ZERO && aim > Decimal::ZERO => percent(aim, value),
        // Nothing is left of what should fall; or the goal is zero: then the way from the baseline counts.
        Direction::Falling | Direction::Rising => {
            let way = aim.checked_sub(baseline?)?;
            if way.is_zero() { None } else { percent(value.checked_sub(baseline?)?, way) }
        }
    }
}

fn percent(part: Decimal, whole: Decimal) -> Option<f64> {
    part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)?.round_dp(1).to_f64()
}

/// Whether a report says in words that the goal was reached (`true`), or that it was not (`false`); `None` if it says neither, or both.
pub fn claims_success(report: &str) -> Option<bool> {
    let text = fold(report);
    const FAILED: [&str; 12] = [
        "達成できなかった",
        "達成できませんでした",
        "達成できず",
        "達成に至らなかった",
        "達成には至らなかった",
        "達成に至りません",
        "達成には至りません",
        "未達成",
        "達することができなかった",
        "達することができません",
        "至りませんでした",
        "至らなかった",
    ];
    const REACHED: [&str; 10] = [
        "目標を達成",
        "目標値を達成",
        "目標どおり",
        "目標通り",
        "目標値に達し",
        "目標に達し",
        "数値に達し",
        "目標を上回る成果",
        "を達成した",
        "を達成しました",
    ];
    let failed = FAILED.iter().any(|w| text.contains(w));
    let reached = REACHED.iter().any(|w| text.contains(w));
    let reached = reached && !text.contains("目標を達成でき");
    match (reached, failed) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(series: &[&str], goal: &str, actual: &str) -> Vec<Option<f64>> {
        compare(series, goal, actual).into_iter().map(|r| r.rate).collect()
    }

    #[test]
    fn figures_that_fall_on_purpose_are_better_when_small() {
        let series = ["36人", "28人", "20人", "12人", "4人"];
        assert_eq!(rates(&series, "滞納繰越人数（年度末時点）：28人", "滞納繰越人数は28人で、目標どおりでした。"), [Some(100.0)]);
        assert_eq!(rates(&series, "滞納繰越人数（年度末時点）：28人", "滞納繰越人数は14人となりました。"), [Some(200.0)]);
        assert_eq!(rates(&series, "滞納繰越人数（年度末時点）：28人", "滞納繰越人数は67人にとどまりました。"), [Some(41.8)]);
    }

    #[test]
    fn a_goal_of_zero_counts_the_way_from_the_baseline() {
        let series = ["時間外23人", "時間外20人", "時間外0人"];
        assert_eq!(rates(&series, "時間外0人", "時間外 0人"), [Some(100.0)]);
        assert_eq!(rates(&series, "時間外0人", "時間外 23人"), [Some(0.0)]);
    }

    #[test]
    fn a_figure_about_something_else_is_no_answer() {
        assert_eq!(rates(&[], "証明書のコンビニ交付件数：4,300件", "台帳の記載漏れを点検し、14件の情報を更新しました。"), [None]);
        assert_eq!(rates(&[], "提案件数：8件以上", "研修を4回行いました。"), [None]);
    }

    #[test]
    fn words_may_claim_what_figures_do_not() {
        assert_eq!(claims_success("実績は2回で、目標（4回）を達成できませんでした。"), Some(false));
        assert_eq!(claims_success("目標（4回）を達成しました。"), Some(true));
        assert_eq!(claims_success("目標を達成した。"), Some(true));
        assert_eq!(claims_success("研修を行った。"), None);
    }
}
