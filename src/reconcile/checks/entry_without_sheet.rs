//! P513 entry-without-sheet: an entry of the contents without a sheet, or a sheet without an entry.

use super::Case;
use super::plan_texts::named;
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::plan::entries::{Table, headings, headings_of, tables};
use std::collections::BTreeSet;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P513",
    slug: "entry-without-sheet",
    severity: Severity::Warning,
    title: StaticText {
        ja: "目次や一覧表にあって調書がない（または逆の）取組があります",
        en: "an entry without a sheet, or a sheet without an entry",
    },
    what: StaticText {
        ja: "目次・一覧表の行に対応する調書があるか、すべての取組を載せる一覧表に漏れがないか、取組が一つもない節がないかを調べます。",
        en: "Looks for entries without a sheet, sheets missing in a table that lists all others, and sections without any initiative.",
    },
    why: StaticText {
        ja: "目次にあって中身がないと、資料の抜けと受け取られます。", en: "An entry without content looks like a lost page."
    },
    example: StaticText {
        ja: "目次に節「2-(2) 職員の育成」があるが、取組の調書が一つもない。",
        en: "Section 2-(2) stands in the contents, but has no sheet at all.",
    },
    fix: StaticText { ja: "目次から外すか、調書を加えてください。", en: "Take the entry out, or add the sheet." },
};

/// Entries, sheets and sections that lack their counterpart.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for table in tables(case.plan, case.form) {
        found.extend(table.entries.iter().filter(|e| e.initiative.is_none()).map(|entry| {
            let key = entry.key.clone().unwrap_or_default();
            Finding::new(&RULE)
                .initiative(&key)
                .found(format!("{key} {}", entry.name))
                .discriminator(format!("{} {}", table.title, entry.name))
                .message(
                    format!("「{}」にある「{key} {}」の調書がありません", table.title, entry.name),
                    format!("「{key} {}」 of 「{}」 has no sheet", entry.name, table.title),
                )
                .related(&table.title, &table.title, format!("{key} {}", entry.name), Origin::default())
        }));
        found.extend(left_out(case, &table));
    }
    found.extend(empty_sections(case));
    found
}

/// Initiatives that are missing in a table which lists nearly all of them.
fn left_out(case: &Case<'_>, table: &Table<'_>) -> Vec<Finding> {
    let listed: BTreeSet<usize> = table.entries.iter().filter_map(|e| e.initiative).collect();
    let all = case.plan.initiatives.len();
    if listed.len() * 10 < all * 9 {
        return Vec::new();
    }
    let missing = case.plan.initiatives.iter().enumerate().filter(|(at, _)| !listed.contains(at));
    missing
        .map(|(_, i)| {
            Finding::new(&RULE)
                .initiative(&i.key)
                .expected(&table.title)
                .discriminator(&table.title)
                .message(format!("{}が「{}」にありません", named(i), table.title), format!("{} is not in 「{}」", named(i), table.title))
                .related("調書", "sheet", named(i), Origin::default())
                .related(&table.title, &table.title, format!("{}件", listed.len()), Origin::default())
        })
        .collect()
}

/// Sections of the contents below which no sheet stands, told at the first initiative of the chapter.
fn empty_sections(case: &Case<'_>) -> Vec<Finding> {
    let used: BTreeSet<Vec<String>> = case.plan.initiatives.iter().flat_map(|i| headings_of(i, case.form)).map(|(chain, _)| chain).collect();
    if used.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    for (title, list) in headings(case.plan, case.form) {
        for (chain, name) in list.into_iter().filter(|(chain, _)| !used.contains(chain)) {
            let parent = &chain[..chain.len().saturating_sub(1)];
            let at =
                case.plan.initiatives.iter().find(|i| headings_of(i, case.form).iter().any(|(c, _)| c == parent)).or(case.plan.initiatives.first());
            let Some(at) = at.filter(|_| seen.insert(chain.clone())) else { continue };
            let shown = format!("{} {name}", chain.join("-"));
            found.push(
                Finding::new(&RULE)
                    .initiative(&at.key)
                    .found(&shown)
                    .discriminator(&shown)
                    .message(format!("「{title}」の「{shown}」には調書が一つもありません"), format!("「{shown}」 of 「{title}」 has no sheet at all"))
                    .related(&title, &title, &shown, Origin::default())
                    .related("同じ章の最初の調書", "first sheet of the chapter", named(at), Origin::default()),
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

    fn found(contents: serde_json::Value) -> Vec<String> {
        let sheets: Vec<serde_json::Value> = (1..=10).map(|n| json!({"no": n, "name": format!("第{n}の取組である")})).collect();
        shown(Fixture::new("", json!({"contents": contents, "sheets": sheets})).run(check))
    }

    fn rows(of: impl Iterator<Item = u32>) -> Vec<serde_json::Value> {
        of.map(|n| json!({"no": n, "name": format!("第{n}の取組である")})).collect()
    }

    #[test]
    fn a_full_contents_list_is_silent() {
        assert!(found(json!(rows(1..=10))).is_empty());
    }

    #[test]
    fn what_lacks_its_counterpart_is_told() {
        assert_eq!(found(json!(rows(1..=11))), ["P513 11  11 第11の取組である | "]);
        assert_eq!(found(json!(rows(1..=9))), ["P513 10   | contents"]);
    }

    #[test]
    fn a_table_of_some_and_a_list_of_other_things_are_silent() {
        assert!(found(json!(rows(1..=5))).is_empty());
        assert!(found(json!([{"no": 1, "name": "計画の目的"}, {"no": 2, "name": "基本方針"}])).is_empty());
    }
}
