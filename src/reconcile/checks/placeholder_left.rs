//! C404 placeholder-left: a placeholder of the template was not replaced.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::value::same_text;

/// C404.
pub static RULE: Rule = Rule {
    code: "C404",
    slug: "placeholder-left",
    severity: Severity::Warning,
    title: StaticText { ja: "ひな形の文字（○○など）が残っています", en: "a placeholder of the template is left" },
    what: StaticText {
        ja: "課が記入した欄に「○○」「〇〇人」「××」「（ここに記入）」など、あとで書き換えるための文字が残っているものを探します。箇条書きの「○」は対象外です。",
        en: "「○○」, 「〇〇人」, 「××」, 「（ここに記入）」 and the like left in a field that departments fill in. A ○ that marks a list item is not one.",
    },
    why: StaticText {
        ja: "書きかけの文がそのまま議会や委員会の資料に載ります。", en: "An unfinished sentence would be printed for the council."
    },
    example: StaticText {
        ja: "「令和6年度は○○を実施し、利用者数は○○件であった。」",
        en: "「令和6年度は○○を実施し、利用者数は○○件であった。」 (the words in ○○ were never filled in)",
    },
    fix: StaticText {
        ja: "「○○」などを実際の内容や数値に書き換えてください。", en: "Please replace it with the actual words or figures."
    },
};

/// Finds placeholders.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, _, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref() else { continue };
            let Some(left) = placeholder_in(text) else { continue };
            if answered.initiative.fields.get(key).is_some_and(|plan| same_text(plan, text)) {
                continue;
            }
            let (label, quoted) = (case.label(key), super::quote(text, 40));
            findings.push(
                answered.at(&RULE, key, value).expected("実際の内容").message(
                    format!("{label}に「{left}」が残っています（「{quoted}」）。"),
                    format!("{label} still holds 「{left}」 (「{quoted}」)."),
                ),
            );
        }
    }
    findings
}

/// Marks that stand for something to be filled in when two or more stand together.
const MARKS: [char; 12] = ['○', '〇', '◯', '●', '×', '△', '▲', '□', '＿', '_', '＊', '◇'];

/// Words of templates.
const WORDS: [&str; 12] = [
    "ここに記入",
    "ここに入力",
    "記入してください",
    "記載してください",
    "入力してください",
    "選択してください",
    "（記入）",
    "(記入)",
    "（要記入）",
    "（仮入力）",
    "ダミー",
    "サンプルテキスト",
];

/// Places in a date or a count where one mark alone stands for a figure; ○ at the beginning of a line is a bullet.
const OPEN_FIGURES: [&str; 8] = ["○月○日", "○年○月", "○月下旬", "令和○年", "平成○年", "第○回", "午前○時", "午後○時"];

/// What may follow a pair of Latin letters that stands for a figure.
const UNITS: &str = "件人回％%円年月日名か箇個社校団課時";

/// The first placeholder of a text.
pub(crate) fn placeholder_in(text: &str) -> Option<String> {
    WORDS.iter().find(|w| text.contains(*w)).map(|w| (*w).to_owned()).or_else(|| marks_in(text)).or_else(|| {
        let alike = text.replace(['〇', '◯'], "○");
        OPEN_FIGURES.iter().find(|w| alike.contains(*w)).map(|w| (*w).to_owned())
    })
}

/// Two or more equal marks together, two Latin X before a unit, or brackets around nothing but blanks.
fn marks_in(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let run = chars[at..].iter().take_while(|o| same_mark(**o, c)).count();
        let next = chars.get(at + run).copied();
        let before = at.checked_sub(1).and_then(|b| chars.get(b)).copied();
        if (MARKS.contains(&c) && (2..=6).contains(&run) && !is_rule_line(c, before, next) && !is_zero(c, before))
            || (matches!(c, 'X' | 'x' | 'Ｘ' | 'ｘ') && run >= 2 && next.is_some_and(|n| UNITS.contains(n)))
        {
            return Some(chars[at..at + run].iter().collect());
        }
        if matches!(c, '(' | '（') && next.is_some() {
            let blanks = chars[at + 1..].iter().take_while(|o| matches!(o, ' ' | '　')).count();
            let wide = chars[at + 1..].iter().take(blanks).any(|o| *o == '　') || blanks >= 2;
            if wide && matches!(chars.get(at + 1 + blanks), Some(')' | '）')) {
                return Some(chars[at..at + blanks + 2].iter().collect());
            }
        }
        at += run.max(1);
    }
    None
}

/// 〇 behind a figure in kanji is a nought: 一〇〇件.
fn is_zero(mark: char, before: Option<char>) -> bool {
    mark == '〇' && before.is_some_and(|c| "一二三四五六七八九".contains(c))
}

/// ○ is typed as three different characters; a run may mix them.
fn same_mark(a: char, b: char) -> bool {
    let circle = |c: char| matches!(c, '○' | '〇' | '◯');
    a == b || (circle(a) && circle(b))
}

/// A low line or star inside an address, a file name or a drawn rule is no placeholder.
fn is_rule_line(mark: char, before: Option<char>, next: Option<char>) -> bool {
    mark == '_' && [before, next].into_iter().flatten().any(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::placeholder_in;
    use crate::reconcile::checks::testing::Bench;

    #[test]
    fn bullets_and_single_marks_are_silent() {
        for text in [
            "○説明会を開催しました。\n○講座を開きました。",
            "○",
            "◎",
            "評価：△",
            "二〇二四年",
            "一〇〇件、二〇〇〇年",
            "○月次の報告\n○日程の調整",
            "▲5件",
            "□ 検討 ■ 実施",
            "file__name",
            "SNS（X）",
            "（ ）",
        ] {
            assert_eq!(placeholder_in(text), None, "{text}");
        }
    }

    #[test]
    fn placeholders_are_found_at_their_cell() {
        let bench = Bench::one(&[], &[("report.R6", Some("説明会を〇回開催し、〇〇人が参加した。"))]);
        let findings = bench.check(super::check);
        assert_eq!(findings[0].origin.cell.as_deref(), Some("C1"));
        assert!(findings[0].message.ja.contains("「〇〇」"));
        for text in [
            "（ここに記入）",
            "利用者数は○○件",
            "●●について",
            "××を実施",
            "○〇を実施",
            "XX件",
            "利用者（　　）人",
            "記入してください",
            "○月○日に開催",
            "第〇回委員会",
        ] {
            assert!(placeholder_in(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_the_plan_says_itself_is_not_the_departments() {
        let bench = Bench::one(&[("policy", "○○会議")], &[("policy", Some("○○会議"))]);
        assert_eq!(bench.check(super::check).len(), 0);
    }
}
