//! P515 duplicate-text: a text copied into two sheets.

use super::Case;
use super::plan_texts::{field_of, named, texts};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::value::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P515",
    slug: "duplicate-text",
    severity: Severity::Note,
    title: StaticText { ja: "同じ文章が二つの取組にあります", en: "the same text stands in two initiatives" },
    what: StaticText {
        ja: "段落が、ほかの取組とまったく同じ、またはほとんど同じでないかを調べます。24字に満たない段落と、多くの取組に共通する決まり文句は見ません（長さは設定 checks.P515.min_length で変えられます）。",
        en: "Looks for paragraphs that are the same, or nearly, in another initiative. Short ones and set phrases of many initiatives are passed over (checks.P515.min_length in the settings).",
    },
    why: StaticText {
        ja: "写したまま直し忘れた文章は、別の取組の内容を説明していることがあります。",
        en: "A text that was copied and not adapted may describe the other initiative.",
    },
    example: StaticText {
        ja: "①「組織の見直し」の目標の状態が、②「職員の適正配置」にもそのままある。",
        en: "The goal of 「組織の見直し」 stands word for word under 「職員の適正配置」.",
    },
    fix: StaticText {
        ja: "写し間違いなら直してください。意図したものなら確認済みにしてください。",
        en: "Correct it if it was copied by mistake; else accept the finding.",
    },
};

/// Characters in one window of the comparison of nearly equal paragraphs.
const WINDOW: usize = 12;

/// A text that stands in more initiatives than this is a set phrase.
const SET_PHRASE: usize = 5;

/// A paragraph of an initiative.
struct Paragraph<'a> {
    at: usize,
    key: &'a str,
    text: &'a str,
    folded: Vec<char>,
}

/// Paragraphs that two initiatives share; one finding for a pair of initiatives, at the later one.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let least = case.job.settings.checks.get("P515").and_then(|v| v.get("min_length")).and_then(toml::Value::as_integer);
    let least = least.and_then(|n| usize::try_from(n).ok()).unwrap_or(24);
    let mut paragraphs = Vec::new();
    for text in texts(case).filter(|t| t.role != Some(Role::YearGoal) && !is_list_of_names(case, t.key)) {
        for line in text.text.lines() {
            let folded: Vec<char> = fold(line).chars().filter(|c| c.is_alphanumeric()).collect();
            if folded.len() >= least {
                paragraphs.push(Paragraph { at: text.initiative, key: text.key, text: line, folded });
            }
        }
    }
    let mut pairs: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for (a, b) in alike(&paragraphs) {
        pairs.entry((paragraphs[a].at, paragraphs[b].at)).or_default().push((a, b));
    }
    pairs.iter().map(|((first, second), shared)| finding(case, &paragraphs, (*first, *second), shared)).collect()
}

/// Whether a field prints a heading, or a list of names in one line (「市民参加、行財政改革」): items of another plan, no prose.
fn is_list_of_names(case: &Case<'_>, key: &str) -> bool {
    let field = field_of(case, key);
    // A heading put together by a pattern (`{section.marker} {section.name}`) is shared by its whole section.
    if field.and_then(|f| f.from.as_ref()).is_some_and(|from| from.contains('{')) {
        return true;
    }
    let field = field.filter(|f| f.from.as_ref().is_some_and(|from| *from != f.key));
    field.is_some_and(|f| case.plan.initiatives.iter().any(|i| i.raw.get(&f.key).is_some_and(serde_json::Value::is_array)))
}

/// Pairs of paragraphs of different initiatives of which at least four fifths of the windows are the same. Windows are picked by their content
/// (every sixth on average), so that the work grows with the length of the text and not with its square.
fn alike(paragraphs: &[Paragraph<'_>]) -> Vec<(usize, usize)> {
    let picked: Vec<BTreeSet<u64>> = paragraphs.iter().map(|p| windows(&p.folded)).collect();
    let mut homes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (n, hashes) in picked.iter().enumerate() {
        for hash in hashes {
            homes.entry(*hash).or_default().push(n);
        }
    }
    let mut common: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for home in homes.values() {
        let initiatives: BTreeSet<usize> = home.iter().map(|n| paragraphs[*n].at).collect();
        if initiatives.len() < 2 || initiatives.len() > SET_PHRASE || home.len() > 4 * SET_PHRASE {
            continue;
        }
        for (i, a) in home.iter().enumerate() {
            for b in home[i + 1..].iter().filter(|b| paragraphs[**b].at != paragraphs[*a].at) {
                *common.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    let near = |(a, b): (usize, usize), shared: usize| shared * 10 >= picked[a].len().max(picked[b].len()) * 8;
    common.into_iter().filter(|(pair, shared)| near(*pair, *shared)).map(|(pair, _)| pair).collect()
}

/// Hashes of the windows of a paragraph that are picked: those divisible by six, and always the smallest.
fn windows(chars: &[char]) -> BTreeSet<u64> {
    let hash = |w: &[char]| w.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, c| (h ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3));
    let all: Vec<u64> = chars.windows(WINDOW.min(chars.len().max(1))).map(hash).map(|h| h ^ (h >> 29)).collect();
    let smallest = all.iter().min().copied();
    all.into_iter().filter(|h| h % 6 == 0).chain(smallest).collect()
}

fn finding(case: &Case<'_>, paragraphs: &[Paragraph<'_>], (first, second): (usize, usize), shared: &[(usize, usize)]) -> Finding {
    let (a, b) = (&case.plan.initiatives[first], &case.plan.initiatives[second]);
    let (one, two) = (&paragraphs[shared[0].0], &paragraphs[shared[0].1]);
    Finding::new(&RULE)
        .initiative(&b.key)
        .field(two.key)
        .found(two.text)
        .expected(&a.key)
        .discriminator(&a.key)
        .message(
            format!("{}に、{}と同じ文章が{}か所あります: {}", named(b), named(a), shared.len(), two.text.trim()),
            format!("{} shares {} paragraphs with {}: {}", named(b), shared.len(), named(a), two.text.trim()),
        )
        .related(&named(a), &a.key, one.text.trim(), Origin::default())
        .related(&named(b), &b.key, two.text.trim(), Origin::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(texts: &[&str]) -> Vec<String> {
        let sheets: Vec<serde_json::Value> = texts.iter().zip(1..).map(|(t, n)| json!({"no": n, "name": format!("取組{n}"), "text": t})).collect();
        let found = Fixture::new("[[field]]\nkey=\"text\"\nrole=\"plan-text\"", json!({"sheets": sheets})).run(check);
        shown(found).into_iter().map(|l| l.chars().take(11).collect()).collect()
    }

    const LONG: &str = "組織の見直しにより捻出された人的資源を、職員でなければ担えない総合的で戦略的な視点が必要な分野に集中的に配置する。";

    #[test]
    fn texts_of_ones_own_are_silent() {
        assert!(
            found(&[LONG, "人口減少及び少子高齢化の進行が想定される中、公共施設の老朽化に対する更新・維持補修費の増加が見込まれる。"]).is_empty()
        );
    }

    #[test]
    fn copies_and_near_copies_are_told() {
        assert_eq!(found(&[LONG, &format!("・{LONG}")]), ["P515 2 text"]);
        assert_eq!(found(&[LONG, &LONG.replace("する。", "する")]), ["P515 2 text"]);
    }

    #[test]
    fn set_phrases_and_short_texts_are_passed_over() {
        assert!(found(&["所管課で日常業務として実施している。", "所管課で日常業務として実施している。"]).is_empty());
        assert!(found(&[LONG; 6]).is_empty());
        assert!(found(&[&format!("{LONG}\n{LONG}")]).is_empty(), "twice in one sheet is no copy from another");
    }

    #[test]
    fn ten_thousand_texts_are_compared() {
        let texts: Vec<String> =
            (0..10_000u64).map(|n| format!("第{n}の取組では{}により{}を進め、市民の{}に資する。", n * 7919, n * 104_729, n * 1_299_709)).collect();
        assert!(found(&texts.iter().map(String::as_str).collect::<Vec<_>>()).len() < 10_000);
    }
}
