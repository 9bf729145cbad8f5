//! N202 unknown-choice: a word that is not among the choices of the field.

use super::{Case, placeholder_left::placeholder_in};
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Field;
use crate::value::fold;

/// N202.
pub static RULE: Rule = Rule {
    code: "N202",
    slug: "unknown-choice",
    severity: Severity::Error,
    title: StaticText { ja: "選択肢にない言葉が書かれています", en: "the word is not one of the choices" },
    what: StaticText {
        ja: "評価や変更種別など、決まった選択肢から選ぶ欄に、選択肢にない言葉が書かれているものを探します。全角・半角や空白の違いは問いません。",
        en: "A field with fixed choices (evaluation, kind of change) that holds another word. Width and blanks make no difference.",
    },
    why: StaticText {
        ja: "評価別の件数に数えられず、集計が合わなくなります。",
        en: "It cannot be counted by evaluation, and the totals no longer add up.",
    },
    example: StaticText {
        ja: "A・B・Cから選ぶ年度末評価に「B+」や「良」とある。",
        en: "The evaluation is one of A, B and C; the cell says 「B+」 or 「良」.",
    },
    fix: StaticText { ja: "選択肢の中から一つを選んで書いてください。", en: "Please choose one of the words given." },
};

/// Finds answers that are not among the choices.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, what, value) in case.asked(&answered) {
            let choices = choices_of(case, what.field);
            let Some(text) = value.value.as_deref().filter(|t| !choices.is_empty() && !t.trim().is_empty()) else { continue };
            // 〃 and the like: what it repeats was asked already (I108).
            let asked = answered.reading.findings.iter().any(|f| f.rule.code == "I108" && f.field.as_deref() == Some(key));
            if choice_of(text, &choices).is_some() || placeholder_in(text).is_some() || asked {
                continue;
            }
            let (label, all) = (case.label(key), choices.join("・"));
            let near = nearest(text, &choices);
            let ja = near.map_or_else(String::new, |n| format!("「{n}」のことでしたら、そのように書き直してください。"));
            let en = near.map_or_else(String::new, |n| format!(" If 「{n}」 is meant, please write that."));
            findings.push(
                answered
                    .at(&RULE, key, value)
                    .expected(&all)
                    .message(
                        format!("{label}の「{}」は選択肢（{all}）にありません。", super::quote(text, 30)),
                        format!("{label}: 「{}」 is not one of {all}.", super::quote(text, 30)),
                    )
                    .help(format!("{all}の中から一つを選んで書いてください。{ja}"), format!("Please choose one of {all}.{en}")),
            );
        }
    }
    findings
}

/// The choices of a field; for an evaluation without choices of its own, the marks of the city's scale.
pub(crate) fn choices_of<'a>(case: &Case<'a>, field: &'a Field) -> Vec<&'a str> {
    case.job.choices(field)
}

/// The choice that a text means: the same word, whatever its width, blanks or letter case; in brackets or not, with 「評価」 beside it or a remark in
/// brackets behind it.
pub(crate) fn choice_of<'c>(text: &str, choices: &[&'c str]) -> Option<&'c str> {
    let folded = spelled(text);
    let bare = folded.trim_matches(['(', ')', '「', '」', '【', '】', '。']);
    let same = |word: &str| choices.iter().find(|c| spelled(c) == word).or_else(|| choices.iter().find(|c| spelled(c).eq_ignore_ascii_case(word)));
    let beside = || bare.trim_start_matches("評価").trim_start_matches([':', '-']).trim_end_matches("評価");
    let found = same(&folded).or_else(|| same(bare)).or_else(|| same(beside())).or_else(|| {
        let (word, remark) = folded.strip_suffix(')')?.split_once('(')?;
        let other = choices.iter().any(|c| !c.is_empty() && remark.contains(&spelled(c)));
        if other { None } else { same(word) }
    });
    found.copied()
}

/// A word for comparing: 「計画どおり」 is 「計画通り」.
fn spelled(word: &str) -> String {
    super::fold_wording(word).replace("どおり", "通り").replace("とおり", "通り")
}

/// The choice that a wrong word is nearest to, if one is near.
fn nearest<'c>(text: &str, choices: &[&'c str]) -> Option<&'c str> {
    let folded = fold(text);
    let inside = choices.iter().filter(|c| folded.contains(&fold(c)) || fold(c).contains(&folded)).max_by_key(|c| c.chars().count());
    inside.copied().or_else(|| {
        let scored = choices.iter().map(|c| (strsim::normalized_damerau_levenshtein(&folded, &fold(c)), *c));
        scored.filter(|(score, _)| *score >= 0.5).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[], &[("report.R6", Some("実施")), ("evaluation.R6", Some(text))]).shown(check)
    }

    #[test]
    fn choices_are_accepted_in_any_width() {
        for text in ["A", "Ａ", " Ｂ ", "c", "", "（A）", "B評価", "評価：Ｂ", "Ｂ（おおむね目標どおり）"] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn another_word_is_found_at_its_cell() {
        assert_eq!(found("B+"), ["N202 1 evaluation.R6 C2: B+ / A・B・C"]);
        for text in ["良", "AB", "A-", "B（一部はA）", "評価", "A→B"] {
            assert_eq!(found(text).len(), 1, "{text}");
        }
        assert_eq!(choice_of("計画どおり", &["計画通り", "少し遅延"]), Some("計画通り"));
    }

    #[test]
    fn last_years_letter_and_placeholders_are_no_answers_of_this_year() {
        assert_eq!(Bench::one(&[], &[("evaluation.R5", Some("良"))]).shown(check), Vec::<String>::new());
        assert_eq!(found("○○"), Vec::<String>::new());
    }

    #[test]
    fn the_nearest_choice_is_offered() {
        let choices = ["継続", "取組完了", "名称変更"];
        assert_eq!(nearest("継続予定", &choices), Some("継続"));
        assert_eq!(nearest("取り組み完了", &choices), Some("取組完了"));
        assert_eq!(nearest("良", &choices), None);
    }
}
