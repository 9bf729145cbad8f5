//! P512 status-differs: a status word that differs between a table and a sheet.

use super::Case;
use super::plan_texts::{named, points, yearly};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Field, Role};
use crate::plan::data::text_of;
use crate::plan::entries::{Table, bare, tables};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P512",
    slug: "status-differs",
    severity: Severity::Warning,
    title: StaticText {
        ja: "進捗や評価の言葉が、一覧表と調書で食い違っています", en: "a status word differs between a table and a sheet"
    },
    what: StaticText {
        ja: "一覧表にある進捗・評価・開始年度などの欄を、調書の同じ欄と比べます。欄の言葉がすべて違う場合は、欄全体として1件だけお知らせします。",
        en: "Compares status, evaluation and year columns of tables with the sheets. A column that uses other words throughout is told once.",
    },
    why: StaticText {
        ja: "議会や委員会には一覧表だけが渡ることが多く、食い違うと誤った説明になります。",
        en: "Councils often see only the table; a difference misinforms them.",
    },
    example: StaticText {
        ja: "表6-3「計画取り」、調書「計画通り」。", en: "Table 6-3 says 「計画取り」, the sheet 「計画通り」."
    },
    fix: StaticText { ja: "正しい言葉にそろえてください。", en: "Use the right word in both places." },
};

/// One value of a column beside that of the sheet.
struct Pair {
    at: usize,
    there: String,
    here: String,
}

/// Columns of tables against the fields of the sheets.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for table in tables(case.plan, case.form) {
        for (column, field) in columns(case, &table) {
            let pairs = pairs(case, &table, &column, field);
            let words = |of: fn(&Pair) -> &str| pairs.iter().map(|p| bare(of(p))).collect::<BTreeSet<_>>();
            let (there, here) = (words(|p| &p.there), words(|p| &p.here));
            if pairs.len() >= 3 && there.is_disjoint(&here) {
                found.extend(whole_column(case, &table.title, field, &pairs));
                continue;
            }
            found.extend(pairs.iter().filter(|p| bare(&p.there) != bare(&p.here)).map(|p| differs(case, &table.title, field, p)));
        }
    }
    found.extend(kinds_of_change(case));
    found.extend(considered_with_figures(case));
    found
}

/// Words that name a plan of its own.
const PLANS: [&str; 5] = ["計画", "プラン", "ビジョン", "戦略", "方針"];

/// Kinds of change that do not fit their reasons: 「個別計画あり」 without a plan, or a plan that keeps the progress under another kind.
fn kinds_of_change(case: &Case<'_>) -> Vec<Finding> {
    let (Some(kind), Some(reason)) = (case.form.by_role(Role::ChangeType), case.form.by_role(Role::ChangeReason)) else { return Vec::new() };
    let Some(own_plan) = kind.choices.iter().find(|c| c.contains("計画")) else { return Vec::new() };
    let mut found = Vec::new();
    for initiative in &case.plan.initiatives {
        let text = |key: &str| initiative.fields.get(key).map_or("", String::as_str);
        let (says, why) = (text(&kind.key), text(&reason.key));
        let is_own = bare(says) == bare(own_plan);
        let names_none = is_own && !why.trim().is_empty() && !PLANS.iter().any(|w| why.contains(w));
        let kept_elsewhere = !is_own
            && !says.trim().is_empty()
            && why.split('「').skip(1).any(|q| {
                q.split_once('」').is_some_and(|(title, rest)| {
                    PLANS.iter().any(|w| title.contains(w)) && (rest.starts_with("にて進捗管理") || rest.starts_with("で進捗管理"))
                })
            });
        let (ja, en) = match (names_none, kept_elsewhere) {
            (true, _) => ("変更理由に計画の名称がありません", "the reason names no plan"),
            (_, true) => ("変更理由では個別の計画で進捗管理しています", "the reason says that a plan of its own keeps the progress"),
            _ => continue,
        };
        found.push(
            Finding::new(&RULE)
                .initiative(&initiative.key)
                .field(&kind.key)
                .found(says)
                .expected(if is_own { "" } else { own_plan })
                .discriminator("kind")
                .message(
                    format!("{}: 変更種別は「{says}」ですが、{ja}", named(initiative)),
                    format!("{}: the kind is 「{says}」, but {en}", named(initiative)),
                )
                .related("変更種別", "kind", says, Origin::default())
                .related("変更理由", "reason", why, Origin::default()),
        );
    }
    found
}

/// Years that are planned as 「検討」 and yet have a figure to reach; told once for an initiative.
fn considered_with_figures(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        let figures = points(case, at, Role::YearValue);
        let considered = yearly(case, at, Role::YearStatus).filter(|(.., word)| bare(word) == "検討");
        let both = considered.filter_map(|(year, key, word)| Some((key, word, figures.iter().find(|p| p.year == Some(year))?)));
        for (key, word, point) in both.take(1) {
            found.push(
                Finding::new(&RULE)
                    .initiative(&initiative.key)
                    .field(key)
                    .found(word)
                    .expected(&point.text)
                    .discriminator("figures")
                    .message(
                        format!("{}: {}は「{word}」の予定ですが、数値の目標「{}」があります", named(initiative), point.label, point.text),
                        format!("{}: {} is planned as 「{word}」, yet has the figure 「{}」", named(initiative), point.label, point.text),
                    )
                    .related(&point.label, key, word, Origin::default())
                    .related("数値", "figure", &point.text, Origin::default()),
            );
        }
    }
    found
}

/// Columns of a table that hold a status field: the same key, or the key's beginning (`start` for `start_year`).
fn columns<'a>(case: &Case<'a>, table: &Table<'_>) -> Vec<(String, &'a Field)> {
    let roles = [Role::Evaluation, Role::YearStatus, Role::YearGoal, Role::StartYear, Role::TargetYear, Role::ChangeType];
    let keys: BTreeSet<&String> = table.entries.iter().filter_map(|e| e.value.as_object()).flat_map(|o| o.keys()).collect();
    let mut found = Vec::new();
    for field in case.form.fields.iter().filter(|f| f.role.is_some_and(|r| roles.contains(&r))) {
        let fits = |key: &&&String| **key == &field.key || field.key.starts_with(&format!("{key}_")) || field.key.ends_with(&format!("_{key}"));
        if let Some(key) = keys.iter().find(|k| **k == &field.key).or_else(|| keys.iter().find(fits)) {
            found.push(((*key).clone(), field));
        }
    }
    found
}

/// The values of a column with those of the sheets, where both say something.
fn pairs(case: &Case<'_>, table: &Table<'_>, column: &str, field: &Field) -> Vec<Pair> {
    let year = case.job.settings.fiscal_year.key();
    let mut found = Vec::new();
    for (entry, at) in table.entries.iter().filter_map(|e| Some((e, e.initiative?))) {
        let initiative = &case.plan.initiatives[at];
        let here = if field.yearly { initiative.fields.get(&format!("{}.{year}", field.key)) } else { initiative.fields.get(&field.key) };
        let there = entry.value.get(column).filter(|v| !v.is_object()).and_then(text_of);
        if let (Some(there), Some(here)) = (there, here)
            && says_something(&there)
            && says_something(here)
            && !is_blank_end(entry.value, column)
        {
            found.push(Pair { at, there, here: here.clone() });
        }
    }
    found
}

/// Whether a cell holds more than dashes.
fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// A column that is an object of several years cannot be compared with one.
fn is_blank_end(entry: &Value, column: &str) -> bool {
    entry.get(column).is_some_and(Value::is_object)
}

fn differs(case: &Case<'_>, title: &str, field: &Field, pair: &Pair) -> Finding {
    let initiative = &case.plan.initiatives[pair.at];
    let label = field.labels.first().map_or(field.key.as_str(), String::as_str);
    Finding::new(&RULE)
        .initiative(&initiative.key)
        .field(&field.key)
        .found(&pair.there)
        .expected(&pair.here)
        .discriminator(title)
        .message(
            format!("{}: {label}が「{title}」では「{}」、調書では「{}」です", named(initiative), pair.there, pair.here),
            format!("{}: {label} is 「{}」 in 「{title}」, 「{}」 on the sheet", named(initiative), pair.there, pair.here),
        )
        .related(title, title, &pair.there, Origin::default())
        .related("調書", "sheet", &pair.here, Origin::default())
}

/// A column whose words are none of the sheets': one finding, at the first entry.
fn whole_column(case: &Case<'_>, title: &str, field: &Field, pairs: &[Pair]) -> Option<Finding> {
    let first = pairs.first()?;
    let count = |of: fn(&Pair) -> &String| {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        pairs.iter().for_each(|p| *words.entry(of(p)).or_default() += 1);
        words.iter().map(|(w, n)| format!("{w} {n}件")).collect::<Vec<_>>().join("、")
    };
    let (there, here) = (count(|p| &p.there), count(|p| &p.here));
    let label = field.labels.first().map_or(field.key.as_str(), String::as_str);
    Some(
        Finding::new(&RULE)
            .initiative(&case.plan.initiatives[first.at].key)
            .field(&field.key)
            .found(&there)
            .expected(&here)
            .discriminator(format!("{title} column"))
            .message(
                format!("「{title}」の{label}の欄は、{}件すべてが調書と違う言葉です（{there} ／ 調書: {here}）", pairs.len()),
                format!("all {} entries of {label} in 「{title}」 use other words than the sheets ({there}; sheets: {here})", pairs.len()),
            )
            .related(title, title, there, Origin::default())
            .related("調書", "sheets", here, Origin::default()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(words: [&str; 3]) -> Vec<String> {
        let row = |n: usize| json!({"no": n, "name": format!("取組その{n}"), "evaluation": words[n - 1]});
        let sheet = |n: usize, e: &str| json!({"no": n, "name": format!("取組その{n}"), "evaluation": e});
        let data = json!({"table": {"title": "表1", "rows": [row(1), row(2), row(3)]}, "sheets": [sheet(1, "計画通り"), sheet(2, "計画通り"), sheet(3, "遅延")]});
        shown(Fixture::new("[[field]]\nkey=\"evaluation\"\nrole=\"evaluation\"", data).run(check))
    }

    #[test]
    fn the_same_words_are_silent() {
        assert!(found(["計画通り", "計画 通り", "遅延"]).is_empty());
    }

    #[test]
    fn another_word_is_told() {
        assert_eq!(found(["計画通り", "計画取り", "遅延"]), ["P512 2 evaluation 計画取り | 計画通り"]);
    }

    #[test]
    fn kinds_of_change_fit_their_reasons() {
        let fields =
            "[[field]]\nkey=\"kind\"\nrole=\"change-type\"\nchoices=[\"継続\",\"個別計画あり\"]\n[[field]]\nkey=\"reason\"\nrole=\"change-reason\"";
        let found = |kind: &str, reason: &str| {
            shown(Fixture::new(fields, json!({"sheets": [{"no": 1, "name": "a", "kind": kind, "reason": reason}]})).run(check))
        };
        assert!(found("個別計画あり", "「水道ビジョン」にて進捗管理している。").is_empty());
        assert!(found("継続", "「水道ビジョン」を改定した。").is_empty());
        assert_eq!(found("個別計画あり", "委員会の審議事項であるため。"), ["P512 1 kind 個別計画あり | "]);
        assert_eq!(found("継続", "「水道ビジョン」にて進捗管理している。"), ["P512 1 kind 継続 | 個別計画あり"]);
    }

    #[test]
    fn a_dash_says_nothing_and_a_foreign_column_is_told_once() {
        assert!(found(["計画通り", "－", "遅延"]).is_empty());
        assert_eq!(found(["運用", "運用", "検討"]), ["P512 1 evaluation 検討 1件、運用 2件 | 計画通り 2件、遅延 1件"]);
    }
}
