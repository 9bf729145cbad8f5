//! N206 triangle-minus: ▲ or △ before a figure was read as a minus sign.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};

/// N206.
pub static RULE: Rule = Rule {
    code: "N206",
    slug: "triangle-minus",
    severity: Severity::Note,
    title: StaticText { ja: "▲（△）をマイナスとして読みました", en: "▲ (△) was read as a minus sign" },
    what: StaticText {
        ja: "課が数値を書く欄の「▲5」「△3.2％」を、マイナスの数値として計算に使ったことをお知らせします。印刷する文字は書かれたままです。",
        en: "Tells that 「▲5」 or 「△3.2%」 in a field for figures was taken as a negative number in computations. What is printed stays as written.",
    },
    why: StaticText {
        ja: "△を「増」の意味で使う課もあり、その場合は計算が逆になります。",
        en: "Some departments mean an increase by △; then the computation is the wrong way round.",
    },
    example: StaticText {
        ja: "実績値「▲3.2％」を−3.2％として計算した。", en: "The actual value 「▲3.2%」 was computed as −3.2 %."
    },
    fix: StaticText {
        ja: "減少を表す数値であることを確かめてください。増加の場合は△を消してください。",
        en: "Please make sure that a decrease is meant; otherwise remove the triangle.",
    },
};

/// Finds figures behind a triangle.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let figures = what.field.kind == Kind::Number
                || matches!(what.field.role, Some(Role::ReportValue | Role::Baseline | Role::TargetValue | Role::YearValue));
            let Some(written) = value.value.as_deref().filter(|_| figures).and_then(triangle) else { continue };
            let label = case.label(key);
            findings.push(answered.at(&RULE, key, value).found(&written).message(
                format!("{label}の「{written}」をマイナスの数値として読みました。"),
                format!("{label}: 「{written}」 was read as a negative number."),
            ));
        }
    }
    findings
}

/// The first triangle with its figure, as written.
fn triangle(text: &str) -> Option<String> {
    let at = text.find(['▲', '△'])?;
    let mut rest = text[at..].chars();
    let sign = rest.next()?;
    let figure: String =
        rest.skip_while(|c| c.is_whitespace()).take_while(|c| c.is_numeric() || matches!(c, '.' | ',' | '．' | '，' | '%' | '％')).collect();
    figure.chars().next().filter(|c| c.is_numeric()).map(|_| format!("{sign}{figure}"))
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[], &[("actual", Some(text))]).shown(super::check)
    }

    #[test]
    fn figures_without_a_triangle_are_silent() {
        assert_eq!(found("-5件"), Vec::<String>::new());
        assert_eq!(found("△（一部実施）"), Vec::<String>::new());
    }

    #[test]
    fn a_triangle_before_a_figure_is_told() {
        assert_eq!(found("▲3.2％"), ["N206 1 actual C1: ▲3.2％ / "]);
        assert_eq!(found("△ ５件").len(), 1);
    }

    #[test]
    fn running_text_is_left_alone() {
        assert_eq!(Bench::one(&[], &[("report.R6", Some("前年度比▲5件"))]).check(super::check).len(), 0);
    }
}
