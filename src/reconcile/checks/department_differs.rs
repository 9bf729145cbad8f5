//! P510 department-differs: departments that differ between two places of the plan.

use super::Case;
use super::plan_texts::named;
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::plan::entries::tables;
use crate::value::fold;
use serde_json::Value;
use std::collections::BTreeSet;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P510",
    slug: "department-differs",
    severity: Severity::Warning,
    title: StaticText { ja: "課名が計画の中で食い違っています", en: "departments differ between two places of the plan" },
    what: StaticText {
        ja: "目次や一覧表にある担当課と、調書の担当課が同じかを調べます。取組の中で【○○課】とある課が、担当課・関係課に入っているかも調べます。",
        en: "Compares the departments of contents and tables with those of the sheets, and those named inside a sheet with its own heading.",
    },
    why: StaticText {
        ja: "どちらが正しいか分からないと、照会先と責任の所在が決まりません。", en: "Nobody knows whom to ask and who is answerable."
    },
    example: StaticText {
        ja: "表6-2では「行政経営課」、調書では「行政総務課」。", en: "Table 6-2 says 「行政経営課」, the sheet 「行政総務課」."
    },
    fix: StaticText { ja: "正しい課名にそろえてください。", en: "Use the right department in both places." },
};

/// Tables against sheets, and the inside of a sheet against its heading.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let paths = [case.form.data.leads.as_deref(), case.form.data.related.as_deref()];
    for table in tables(case.plan, case.form) {
        for (entry, at) in table.entries.iter().filter_map(|e| Some((e, e.initiative?))) {
            for path in paths.into_iter().flatten() {
                let key = path.rsplit('.').next().unwrap_or(path);
                let (there, here) = (names(entry.value.get(key)), names(crate::plan::data::at(&case.plan.initiatives[at].raw, path)));
                if !there.is_empty() && !here.is_empty() && folded(&there) != folded(&here) {
                    found.push(differs(case, at, path, &table.title, &there, &here));
                }
            }
        }
    }
    for at in 0..case.plan.initiatives.len() {
        found.extend(inside(case, at));
    }
    found
}

fn names(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn folded(names: &[String]) -> BTreeSet<String> {
    names.iter().map(|n| fold(n)).collect()
}

fn differs(case: &Case<'_>, at: usize, path: &str, title: &str, there: &[String], here: &[String]) -> Finding {
    let initiative = &case.plan.initiatives[at];
    let only = |a: &[String], b: &[String]| a.iter().filter(|n| !folded(b).contains(&fold(n))).cloned().collect::<Vec<_>>().join("、");
    Finding::new(&RULE)
        .initiative(&initiative.key)
        .field(path)
        .found(there.join("、"))
        .expected(here.join("、"))
        .discriminator(title)
        .message(
            format!("{}: 「{title}」では「{}」、調書では「{}」です", named(initiative), only(there, here), only(here, there)),
            format!("{}: 「{}」 in 「{title}」, 「{}」 on the sheet", named(initiative), only(there, here), only(here, there)),
        )
        .related(title, title, there.join("、"), Origin::default())
        .related("調書", "sheet", here.join("、"), Origin::default())
}

/// Departments of parts of a sheet (【商業観光課】) that its heading does not name.
fn inside(case: &Case<'_>, at: usize) -> Vec<Finding> {
    let initiative = &case.plan.initiatives[at];
    let Some(key) = case.form.data.leads.as_deref().map(|p| p.rsplit('.').next().unwrap_or(p)) else { return Vec::new() };
    let register = &case.job.register;
    let heads: Vec<&String> = initiative.leads.iter().chain(&initiative.related).collect();
    if heads.is_empty() || heads.iter().any(|n| register.is_group(n)) {
        return Vec::new();
    }
    let today = |name: &str| register.find(name).map_or_else(|| fold(name), |(n, _)| fold(n));
    let known: BTreeSet<String> = heads.iter().map(|n| today(n)).collect();
    let parts = initiative.raw.as_object().into_iter().flatten().filter_map(|(k, v)| Some((k, v.as_array()?)));
    let mut found = Vec::new();
    for (field, part) in parts.flat_map(|(k, v)| v.iter().map(move |p| (k, p))) {
        for name in names(part.get(key)).into_iter().filter(|n| !register.is_group(n) && !known.contains(&today(n))) {
            let text = part.get("text").and_then(Value::as_str).unwrap_or_default();
            let heads = heads.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("、");
            found.push(
                Finding::new(&RULE)
                    .initiative(&initiative.key)
                    .field(field)
                    .found(&name)
                    .expected(&heads)
                    .discriminator(format!("inside {name}"))
                    .message(
                        format!("{}: 「{text}」の【{name}】が担当課・関係課にありません", named(initiative)),
                        format!("{}: 【{name}】 of 「{text}」 is not among the sheet’s departments", named(initiative)),
                    )
                    .related("調書の担当課・関係課", "departments of the sheet", heads, Origin::default())
                    .related("取組", "part", format!("{text}【{name}】"), Origin::default()),
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

    fn found(table: &[&str], part: &str) -> Vec<String> {
        let data = json!({
            "contents": [{"no": 1, "name": "窓口の改善", "departments": table}, {"no": 2, "name": "道路の点検", "departments": ["土木課"]}],
            "sheets": [{"no": 1, "name": "窓口の改善", "departments": ["市民課", "税務課"], "parts": [{"text": "案内", "departments": [part]}]},
                       {"no": 2, "name": "道路の点検", "departments": ["土木課"]}],
        });
        shown(Fixture::new("", data).run(check))
    }

    #[test]
    fn the_same_departments_in_any_order_are_silent() {
        assert!(found(&["税務課", "市 民 課"], "市民課").is_empty());
    }

    #[test]
    fn other_departments_are_told_with_both_places() {
        assert_eq!(found(&["市民課", "収納課"], "市民課"), ["P510 1 departments 市民課、収納課 | 市民課、税務課"]);
        assert_eq!(found(&["市民課", "税務課"], "福祉課"), ["P510 1 parts 福祉課 | 市民課、税務課"]);
    }

    #[test]
    fn a_blank_place_says_nothing() {
        assert!(found(&[], "関係各課").is_empty());
    }
}
