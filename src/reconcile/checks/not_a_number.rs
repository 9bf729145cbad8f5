//! N201 not-a-number: a figure was asked for and the cell holds words.

use super::{Case, placeholder_left::placeholder_in};
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Kind;
use crate::value::fold;

/// N201.
pub static RULE: Rule = Rule {
    code: "N201",
    slug: "not-a-number",
    severity: Severity::Error,
    title: StaticText { ja: "数値を書く欄に数値がありません", en: "there is no figure where a figure was asked for" },
    what: StaticText {
        ja: "数値を書く欄（実績値、現状値、目標値など）に、数字を一つも含まない文が書かれているものを探します。「－」「なし」「該当なし」は、数値がないという回答として受け付けます。",
        en: "A field that asks for a figure (actual, present or target value) and holds words without any digit. A dash or 「なし」 is accepted as the answer that there is none.",
    },
    why: StaticText {
        ja: "数値がないと達成率を計算できず、総括表の合計からも漏れます。",
        en: "Without a figure no rate can be computed, and the totals of the summary leave it out.",
    },
    example: StaticText { ja: "実績値の欄に「増加した」とある。", en: "The actual value says 「増加した」 (it rose)." },
    fix: StaticText {
        ja: "数値を単位とともに書いてください（例：「1,250件」）。",
        en: "Please write the figure with its unit (for example 「1,250件」).",
    },
};

/// Answers that say there is no figure.
const NONE: [&str; 8] = ["-", "なし", "無し", "該当なし", "該当無し", "設定なし", "数値なし", "―"];

/// Finds figures that are none.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref().filter(|t| what.field.kind == Kind::Number && !t.trim().is_empty()) else { continue };
            if has_figure(text) || says_none(text) || placeholder_in(text).is_some() {
                continue;
            }
            let label = case.label(key);
            findings.push(answered.at(&RULE, key, value).expected("数値").message(
                format!("{label}に数値がありません（「{}」）。", super::quote(text, 30)),
                format!("{label} holds no figure (「{}」).", super::quote(text, 30)),
            ));
        }
    }
    findings
}

/// Whether a text holds a digit, in any width, or a number in kanji.
fn has_figure(text: &str) -> bool {
    let folded = fold(text);
    folded.chars().any(|c| c.is_ascii_digit())
        || folded
            .chars()
            .zip(folded.chars().skip(1))
            .any(|(a, b)| "一二三四五六七八九十百千万".contains(a) && "件人回十百千万割箇か所時円年月日%".contains(b))
}

fn says_none(text: &str) -> bool {
    let folded = super::fold_wording(text);
    let folded = folded.trim_matches(['(', ')', '。']);
    folded.chars().all(|c| c == '-') || NONE.contains(&folded)
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[], &[("report.R6", Some("実施")), ("actual", Some(text))]).shown(super::check)
    }

    #[test]
    fn a_figure_in_any_width_is_silent() {
        for text in ["1,250件", "１２件", "約3割", "十件", "", "▲5"] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn words_are_found_at_their_cell() {
        assert_eq!(found("増加した"), ["N201 1 actual C2: 増加した / 数値"]);
        assert_eq!(found("集計中").len(), 1);
    }

    #[test]
    fn none_is_an_answer_and_a_placeholder_is_another_finding() {
        for text in ["－", "―", "なし", "該当なし", "○○件"] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
