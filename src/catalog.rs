//! Every rule, in the order of its code: for `explain`, `docs/findings.md` and the test that none is forgotten.

use crate::finding::{Lang, Rule};
use crate::reconcile::{checks, waivers};

/// Every rule, in the order of its code.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = vec![&crate::layout::MISSING_GLYPH, &crate::layout::TOO_LONG_FOR_FORM];
    rules.extend(checks::RULES);
    rules.extend(waivers::rules::RULES);
    rules.extend(crate::intake::rules::rules());
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// What `explain` prints of a rule, in one language, as Markdown.
pub fn explain(rule: &Rule, lang: Lang) -> String {
    let heads = match lang {
        Lang::Ja => ["何を探すか", "なぜ大切か", "例", "直し方"],
        Lang::En => ["What it looks for", "Why it matters", "Example", "How to fix it"],
    };
    let parts = [&rule.what, &rule.why, &rule.example, &rule.fix];
    let mut text = format!("{} {}（{}）{}\n", rule.code, rule.slug, rule.severity.name().get(lang), rule.title.get(lang));
    for (head, part) in heads.iter().zip(parts) {
        text.push_str(&format!("\n- **{head}**: {}", part.get(lang)));
    }
    text.push('\n');
    text
}

/// `docs/findings.md`: every rule in both languages, in families.
pub fn documentation() -> String {
    const FAMILIES: [(char, &str, &str); 6] = [
        ('I', "届いたファイル", "Intake"),
        ('N', "値の書き方", "Values"),
        ('R', "計画との突き合わせ", "Matching"),
        ('C', "内容", "Content"),
        ('P', "計画そのもの", "The plan itself"),
        ('W', "確認済みと訂正の記録", "Acceptances and corrections"),
    ];
    let mut text = String::from(
        "# 指摘の一覧 / Findings\n\nこの文書はソースの規則から作られます。直すときは各規則のファイルを直し、テストを `UPDATE_DOCS=1` で実行してください。\nGenerated from the rules in the source; run the tests with `UPDATE_DOCS=1` after a change.\n\n重要度は一つの規則に従います。**エラー**: このまま印刷すると誤りや空白が載る。**警告**: 人が見るべきもの。**注記**: プログラムが仮定したこと。\nSeverity follows one rule. **error**: printing this would say something wrong or leave a hole; **warning**: a person should look; **note**: we changed or assumed something.\n",
    );
    let rules = rules();
    for (letter, ja, en) in FAMILIES {
        let family: Vec<&&Rule> = rules.iter().filter(|r| r.code.starts_with(letter)).collect();
        if family.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {letter}: {ja} / {en}\n"));
        for rule in family {
            text.push_str(&format!("\n### {} {}\n", rule.code, rule.slug));
            for lang in [Lang::Ja, Lang::En] {
                text.push_str(&format!("\n**{}（{}）**\n", rule.title.get(lang), rule.severity.name().get(lang)));
                let body = explain(rule, lang);
                text.push_str(body.split_once('\n').map_or("", |(_, rest)| rest));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use std::collections::BTreeSet;

    /// The codes, slugs and severities of the design, which outside checks rely on.
    const DESIGN: &str = "I101 unreadable-file e · I102 password-protected e · I103 empty-file e · I104 over-limit e · I105 unrecognised-layout e · \
        I106 last-year-form e · I107 resubmission n · I108 ambiguous-field e · I109 layout-drift n · I110 hidden-content n · I111 formula-without-value e · \
        I112 error-value e · I113 unread-comment w · I114 unknown-department e · I115 ignored-sheet n · I116 wrong-plan n · N201 not-a-number e · \
        N202 unknown-choice e · N203 unreadable-year e · N204 era-mismatch w · N205 unit-mismatch e · N206 triangle-minus n · N207 private-use-character w · \
        N208 missing-glyph e · N209 formula-like-text w · R301 missing-department e · R302 missing-initiative e · R303 unknown-initiative w · \
        R304 renamed-initiative w · R305 wrong-department w · R306 old-department-name w · R307 conflicting-reports e · R308 altered-plan-text w · \
        R309 changed-goal-without-note w · R310 changed-goal-with-note n · R311 duplicate-entry e · C401 blank-report e · C402 blank-evaluation e · \
        C403 blank-value e · C404 placeholder-left w · C405 copied-goal w · C406 copied-last-year w · C407 evaluation-contradicts-figures w · \
        C408 too-long-for-form w · P501 broken-reference w · P502 one-sided-merge w · P503 rename-without-name w · P504 goal-outside-period w · \
        P505 goal-missing w · P506 target-moves-away w · P507 unit-changes w · P508 duplicate-name w · P509 unknown-department w · \
        P510 department-differs w · P511 name-differs n · P512 status-differs w · P513 entry-without-sheet w · P514 figures-disagree w · P515 duplicate-text n";

    #[test]
    fn every_code_of_the_design_is_there_and_none_is_used_twice() {
        let rules = rules();
        let severity = |rule: &Rule| match rule.severity {
            Severity::Error => "e",
            Severity::Warning => "w",
            Severity::Note => "n",
        };
        let told: BTreeSet<String> = rules.iter().map(|r| format!("{} {} {}", r.code, r.slug, severity(r))).collect();
        // The family of the plan itself comes as a whole: as soon as one of it is there, all must be.
        let plan_too = rules.iter().any(|r| r.code.starts_with('P'));
        let wanted = DESIGN.split(" · ").map(str::trim).filter(|d| plan_too || !d.starts_with('P'));
        let missing: Vec<&str> = wanted.filter(|d| !told.contains(*d)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        let codes: BTreeSet<&str> = rules.iter().map(|r| r.code).collect();
        // One slug may stand in two families: a department is unknown in what arrived (I114) or in the plan (P509).
        let slugs: BTreeSet<(&str, &str)> = rules.iter().map(|r| (&r.code[..1], r.slug)).collect();
        assert_eq!((codes.len(), slugs.len()), (rules.len(), rules.len()));
    }

    #[test]
    fn every_rule_is_documented_in_both_languages() {
        let japanese = |text: &str| text.chars().any(|c| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ' | '一'..='龠'));
        for rule in rules() {
            for text in [rule.title, rule.what, rule.why, rule.example, rule.fix] {
                assert!(japanese(text.ja) && text.ja.chars().count() > 4, "{}: {}", rule.code, text.ja);
                let plain = text.en.chars().filter(char::is_ascii_alphabetic).count();
                assert!(plain >= 4, "{}: {}", rule.code, text.en);
            }
        }
    }
}
