//! P508 duplicate-name: two initiatives with one name.

use super::Case;
use super::plan_texts::named;
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::plan::entries::bare;
use std::collections::BTreeMap;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P508",
    slug: "duplicate-name",
    severity: Severity::Warning,
    title: StaticText { ja: "同じ名称の取組が複数あります", en: "two initiatives have the same name" },
    what: StaticText {
        ja: "名称がまったく同じ取組がないかを調べます（全角・半角と空白の違いは同じと見なします）。",
        en: "Looks for initiatives with the very same name, width and blanks aside.",
    },
    why: StaticText {
        ja: "提出された調書がどちらのものか、名称だけでは分かりません。", en: "A report cannot be told from the other by its name."
    },
    example: StaticText {
        ja: "1-24と1-26がどちらも「オンライン窓口の活用」。", en: "1-24 and 1-26 are both called 「オンライン窓口の活用」."
    },
    fix: StaticText {
        ja: "どちらかの名称に課や対象の違いを書き足すか、このままでよければ確認済みにしてください。",
        en: "Add what differs to one of the names, or accept the finding.",
    },
};

/// Names borne twice; reported once, at the second.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate().filter(|(_, i)| !i.name.trim().is_empty()) {
        by_name.entry(bare(&initiative.name)).or_default().push(at);
    }
    let mut found = Vec::new();
    for same in by_name.values().filter(|v| v.len() > 1) {
        let first = &case.plan.initiatives[same[0]];
        for at in &same[1..] {
            let other = &case.plan.initiatives[*at];
            let who = |i: &crate::plan::Initiative| format!("{}（{}）", i.key, i.leads.join("、"));
            found.push(
                Finding::new(&RULE)
                    .initiative(&other.key)
                    .found(&other.name)
                    .discriminator(&first.key)
                    .message(
                        format!("{}と同じ名称の取組です: {}", who(first), named(other)),
                        format!("{} has the name of {}", named(other), first.key),
                    )
                    .related("同じ名称の取組", "the other one", format!("{} {}", who(first), first.name), Origin::default())
                    .related("この取組", "this one", format!("{} {}", who(other), other.name), Origin::default()),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(names: [&str; 2]) -> Vec<String> {
        shown(Fixture::new("", json!({"sheets": [{"no": 1, "name": names[0]}, {"no": 2, "name": names[1]}]})).run(check))
    }

    #[test]
    fn different_names_are_silent() {
        assert!(found(["窓口の改善", "道路の点検"]).is_empty());
    }

    #[test]
    fn one_name_twice_is_told() {
        assert_eq!(found(["SNSの活用", "ＳＮＳ の活用"]), ["P508 2  ＳＮＳ の活用 | "]);
    }

    #[test]
    fn a_longer_name_is_another_name() {
        assert!(found(["SNSの活用", "SNSの活用拡大"]).is_empty());
    }
}
