//! R304 renamed-initiative: the number and department are the plan's, the name is not.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;

/// R304.
pub static RULE: Rule = Rule {
    code: "R304",
    slug: "renamed-initiative",
    severity: Severity::Warning,
    title: StaticText { ja: "取組の名称が計画と違います", en: "the name of the initiative differs from the plan's" },
    what: StaticText {
        ja: "番号と課から計画の取組と分かるのに、取組名が計画と違うものを探します。全角・半角、文字の間の空白、前に付いた番号の違いは問いません。",
        en: "A report that number and department tie to an initiative, under another name. Width, blanks and a number in front make no difference.",
    },
    why: StaticText {
        ja: "名称を変えるのは計画の変更に当たります。印刷には計画の名称を使います。",
        en: "A new name would be a change of the plan. The plan's name is printed.",
    },
    example: StaticText {
        ja: "計画は「窓口発券機の設置」、報告は「窓口発券機の設置の取組」。",
        en: "The plan says 「窓口発券機の設置」, the report 「窓口発券機の設置の取組」.",
    },
    fix: StaticText {
        ja: "計画の名称に戻してください。名称を変更したい場合は、取りまとめ担当にご相談ください。",
        en: "Please write the plan's name again, or speak to the section that keeps the plan.",
    },
};

/// Finds names that differ from the plan's.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        let plan = &answered.initiative.name;
        for (key, what, value) in case.values(&answered) {
            let Some(text) = value.value.as_deref().filter(|_| what.is(Role::Name)) else { continue };
            let printed = answered.initiative.fields.get(key).map_or(plan.as_str(), String::as_str);
            if same_name(text, printed, plan) {
                continue;
            }
            if text.trim().is_empty() {
                findings.push(answered.at(&RULE, key, value).expected(printed).message(
                    format!("{}が空欄です。番号や計画の文から「{printed}」の報告とみなしました。", case.label(key)),
                    format!("The name is blank; by its number or the plan's text it was taken as 「{printed}」."),
                ));
                continue;
            }
            findings.push(answered.at(&RULE, key, value).expected(printed).message(
                format!("{}が計画と違います。計画は「{printed}」、報告は「{text}」です。", case.label(key)),
                format!("The name is 「{text}」; the plan says 「{printed}」."),
            ));
        }
    }
    findings
}

/// Whether a reported name is the plan's: as printed, or the bare name with or without a number in front and a note in brackets behind.
fn same_name(reported: &str, printed: &str, bare: &str) -> bool {
    let fold = super::fold_wording;
    let reported_folded = fold(reported);
    if reported_folded == fold(printed) || reported_folded == fold(bare) {
        return true;
    }
    let inner = fold(bare_name(reported));
    let printed = fold(bare_name(printed));
    inner == printed || inner == fold(bare) || (without_notes(&printed) == printed && without_notes(&inner) == fold(bare))
}

/// A name without the number or marker in front: `12. `, `1-01 `, `(3)`, `①`, `No.5 `, `第2 `.
pub(crate) fn bare_name(name: &str) -> &str {
    let trimmed = name.trim_start();
    let lead =
        trimmed.strip_prefix("No.").or_else(|| trimmed.strip_prefix("No")).or_else(|| trimmed.strip_prefix("№")).unwrap_or(trimmed).trim_start();
    let circled = |c: char| matches!(c, '①'..='⑳' | '㉑'..='㊿' | '⑴'..='⒇' | '❶'..='❿');
    if lead.starts_with(circled) {
        return lead.trim_start_matches(circled).trim_start();
    }
    let number = |c: char| c.is_numeric() || matches!(c, '-' | '－' | '(' | ')' | '（' | '）' | '.' | '．' | '。' | ':' | '：') || circled(c);
    let rest = lead.trim_start_matches(number);
    let cut = &lead[..lead.len() - rest.len()];
    // A number that belongs to the name (「3R運動」「24時間」) is followed by a word at once; one that counts ends in a mark or a blank.
    let counts = rest.starts_with(char::is_whitespace) || cut.ends_with(['.', '．', ')', '）', ':', '：', '。']) || cut.ends_with(circled);
    if cut.chars().any(|c| c.is_numeric()) && counts && !rest.trim().is_empty() { rest.trim_start() } else { lead }
}

/// A folded name without the brackets at its end (a subtitle, a tag).
fn without_notes(folded: &str) -> &str {
    folded.find(['(', '【', '[', '〔']).map_or(folded, |at| &folded[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn found(name: &str) -> Vec<String> {
        Bench::one(&[("name", "① 窓口の改善")], &[("name", Some(name))]).shown(check)
    }

    #[test]
    fn width_blanks_and_numbers_make_no_difference() {
        for name in ["① 窓口の改善", "窓 口 の 改 善", "窓口の改善", "1 窓口の改善", "(1)窓口の改善", "窓口の改善（市民課分）"]
        {
            assert_eq!(found(name), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn another_name_is_found_at_its_cell() {
        assert_eq!(found("① 窓口の改善の取組"), ["R304 1 name C1: ① 窓口の改善の取組 / ① 窓口の改善"]);
        assert_eq!(found(" "), ["R304 1 name C1:   / ① 窓口の改善"], "a blank name");
    }

    #[test]
    fn a_number_that_belongs_to_the_name_stays() {
        assert_eq!(bare_name("24時間窓口"), "24時間窓口");
        assert_eq!(bare_name("22. 市民サービス (配慮)"), "市民サービス (配慮)");
        assert_eq!(bare_name("② 職員の適正配置"), "職員の適正配置");
        assert_eq!(bare_name("１－０１　広報"), "広報");
        assert_eq!(bare_name("No.5 広報"), "広報");
    }
}
