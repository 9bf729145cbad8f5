//! N209 formula-like-text: a text that a spreadsheet would take for a formula.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};

/// N209.
pub static RULE: Rule = Rule {
    code: "N209",
    slug: "formula-like-text",
    severity: Severity::Warning,
    title: StaticText { ja: "数式のように始まる文です", en: "the text begins like a formula" },
    what: StaticText {
        ja: "課が記入した欄の文が「=」「+」「-」「@」で始まり、表計算ソフトで数式と受け取られかねないものを探します。「-」だけのもの、正負の数値、「- 」で始まる箇条書きは対象外です。",
        en: "A text in a field that departments fill in which begins with = + - or @ and might be taken for a formula. A dash alone, signed figures and list items are not.",
    },
    why: StaticText {
        ja: "ほかの表に貼り付けると数式として動き、意図しない値や外部へのリンクになるおそれがあります。本ソフトは文字としてのみ書き出します。",
        en: "Pasted into another sheet it may run as a formula. This program writes it out as text only.",
    },
    example: StaticText {
        ja: "取組状況報告が「+12件の増加となり…」で始まる。", en: "The report begins with 「+12件の増加となり…」."
    },
    fix: StaticText {
        ja: "文の先頭の記号を言葉に直してください（例：「+12件」→「12件増」）。",
        en: "Please begin the text with a word (「12件増」 for 「+12件」).",
    },
};

/// Finds texts that begin like a formula.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, _, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref().filter(|t| begins_like_formula(t)) else { continue };
            let (label, quoted) = (case.label(key), super::quote(text, 40));
            findings.push(answered.at(&RULE, key, value).message(
                format!("{label}が「{quoted}」と、数式のように始まっています。文字として扱いました。"),
                format!("{label} begins like a formula: 「{quoted}」. It was taken as text."),
            ));
        }
    }
    findings
}

/// Whether a spreadsheet might take the text for a formula and no person would write it so.
fn begins_like_formula(text: &str) -> bool {
    let text = text.trim();
    let mut chars = text.chars();
    let (Some(sign), Some(next)) = (chars.next(), chars.next()) else { return false };
    match sign {
        '=' | '@' => true,
        '+' => !is_signed_figure(text),
        '-' => !(is_signed_figure(text) || next == '-' || next.is_whitespace() || !next.is_ascii()),
        _ => false,
    }
}

/// A sign, a figure and at most a unit: `-5`, `+3.2%`, `-1,000円`.
fn is_signed_figure(text: &str) -> bool {
    let rest = text[1..].trim_start();
    let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    unit.len() < rest.len() && unit.chars().count() <= 4 && !unit.chars().any(|c| "+-*/=()の".contains(c))
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[], &[("report.R6", Some(text))]).shown(super::check)
    }

    #[test]
    fn figures_dashes_and_lists_are_silent() {
        for text in ["-", "－", "-5", "-1,000円", "+3.2%", "+12件", "- 説明会を開催", "-説明会を開催\n-研修を実施", "・講座", "---", "A=B", "①+②"]
        {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn formulas_are_found_at_their_cell() {
        assert_eq!(found("+12件の増加となった。"), ["N209 1 report.R6 C1: +12件の増加となった。 / "]);
        for text in ["=HYPERLINK(\"http://example.invalid/\",\"資料\")", "=cmd|' /C calc'!A0", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0"] {
            assert_eq!(found(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_unit_is_short_and_a_sentence_is_not() {
        assert_eq!(found("-5ポイント").len(), 0);
        assert_eq!(found("-5件減少となりました").len(), 1);
    }
}
