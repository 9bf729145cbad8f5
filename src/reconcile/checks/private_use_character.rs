//! N207 private-use-character: a character that only the sender's computer can show (外字).

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};

/// N207.
pub static RULE: Rule = Rule {
    code: "N207",
    slug: "private-use-character",
    severity: Severity::Warning,
    title: StaticText {
        ja: "外字（その課のパソコンだけで表示できる文字）があります", en: "there is a private-use character"
    },
    what: StaticText {
        ja: "課が記入した欄に、Unicodeの私用領域の文字（外字）があるものを探します。髙・﨑・𠮷・①・㈱や異体字セレクターの付いた文字は外字ではないので、そのまま使えます。",
        en: "A character of the private-use areas in a field that departments fill in. 髙, 﨑, 𠮷, ①, ㈱ and characters with a variation selector are none and are kept.",
    },
    why: StaticText {
        ja: "ほかのパソコンや印刷物では形が決まらず、「〓」になります。",
        en: "It has no agreed shape on another computer or in print, where it becomes 〓.",
    },
    example: StaticText { ja: "氏名の1文字がU+E000の外字になっている。", en: "One character of a name is U+E000." },
    fix: StaticText {
        ja: "同じ意味の普通の文字（常用漢字など）に置き換えてください。正しい字形は、書いた課にお確かめください。",
        en: "Please replace it by an ordinary character; the department that wrote it knows which is meant.",
    },
};

/// Finds characters without an agreed shape.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        for (key, _, value) in case.asked(&answered) {
            let Some(text) = value.value.as_deref() else { continue };
            let found: Vec<char> = text.chars().filter(|c| is_private(*c)).collect();
            let Some(first) = found.first() else { continue };
            let (label, code, place) = (case.label(key), format!("U+{:04X}", u32::from(*first)), around(text, *first));
            let (ja, en) = (super::and_more_ja(found.len()), super::and_more_en(found.len()));
            findings.push(answered.at(&RULE, key, value).found(format!("{code}（{place}）")).message(
                format!("{label}の「{place}」の〓は外字（{code}）です{ja}。"),
                format!("{label}: the 〓 in 「{place}」 is a private-use character ({code}){en}."),
            ));
        }
    }
    findings
}

/// Whether Unicode leaves the character to private agreement (the three private-use areas).
pub(crate) fn is_private(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0xF0000..=0xFFFFD | 0x10_0000..=0x10_FFFD)
}

/// A few characters around the first one, itself shown as 〓.
fn around(text: &str, what: char) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = chars.iter().position(|c| *c == what).unwrap_or(0);
    let part = &chars[at.saturating_sub(6)..(at + 7).min(chars.len())];
    part.iter()
        .map(|c| {
            if is_private(*c) {
                '〓'
            } else if c.is_whitespace() {
                ' '
            } else {
                *c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::reconcile::checks::testing::Bench;

    fn found(text: &str) -> Vec<String> {
        Bench::one(&[], &[("report.R6", Some(text))]).shown(super::check)
    }

    #[test]
    fn rare_characters_are_kept_without_a_word() {
        assert_eq!(found("髙橋、山﨑、𠮷田、㈱葛\u{E0100}城、①、辻\u{FE00}"), Vec::<String>::new());
    }

    #[test]
    fn a_private_one_is_found_at_its_cell() {
        assert_eq!(found("外字\u{E000}を含む"), ["N207 1 report.R6 C1: U+E000（外字〓を含む） / "]);
    }

    #[test]
    fn the_areas_end_where_unicode_says() {
        assert_eq!(found("\u{F900}"), Vec::<String>::new());
        assert_eq!(found("\u{F8FF}").len(), 1);
        assert_eq!(found("\u{10FFFD}").len(), 1);
    }
}
