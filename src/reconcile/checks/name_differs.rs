//! P511 name-differs: the same thing spelled in two ways.

use super::Case;
use super::plan_texts::{field_of, named, texts};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::plan::entries::{Entry, bare, headings_of, tables};
use crate::plan::lineage::Index;
use crate::value::{fold, likeness};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P511",
    slug: "name-differs",
    severity: Severity::Note,
    title: StaticText {
        ja: "同じものの名称が、計画の中で書き分けられています", en: "the same thing has two names in the plan"
    },
    what: StaticText {
        ja: "取組・章・目標の名称が、目次、一覧表、調書、引用の間で同じかを調べます。取組の項目や選択肢の文言、同じ計画の名称の書き方も調べます。",
        en: "Compares names of initiatives, chapters and goals between contents, tables, sheets and citations; also the wording of parts, of check boxes and of the titles of plans.",
    },
    why: StaticText {
        ja: "検索や突き合わせで別のものと扱われ、印刷しても不ぞろいです。",
        en: "Searches and comparisons take them for different things.",
    },
    example: StaticText {
        ja: "目次「長寿社会の実現」、表6-3「長寿命社会の実現」。", en: "「長寿社会」 in the contents, 「長寿命社会」 in a table."
    },
    fix: StaticText { ja: "正しい書き方にそろえてください。", en: "Use one spelling." },
};

/// Names in two spellings, wherever the plan repeats them.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for table in tables(case.plan, case.form) {
        for (entry, at) in table.entries.iter().filter_map(|e| Some((e, e.initiative?))) {
            found.extend(entry_name(case, at, entry, &table.title));
            found.extend(parts(case, at, entry, &table.title));
        }
    }
    found.extend(citations(case));
    found.extend(headings(case));
    found.extend(goals(case));
    found.extend(boxes(case));
    found.extend(quoted_plans(case));
    found.extend(marked_lines(case));
    found.extend(katakana(case));
    found
}

/// Lines of a sheet that repeat one of its marked items (「④ネットワークの強靱化」 under 課題, 「④ネットワークの強化」 under 取組) in other words.
fn marked_lines(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    for text in texts(case) {
        let Some(raw) = case.plan.initiatives[text.initiative].raw.as_object() else { continue };
        let items: Vec<(&str, &str)> = raw
            .values()
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(|i| Some((i.get("marker")?.as_str().filter(|m| !m.is_empty())?, i.get("text")?.as_str()?)))
            .collect();
        for line in text.text.lines() {
            let Some((marker, own)) = items.iter().find(|(m, _)| line.starts_with(m)) else { continue };
            let said = line[marker.len()..].trim();
            let heading = !said.contains('。') && said.chars().count() <= 60 && !said.contains(|c: char| ('①'..='⑳').contains(&c));
            let plain = |t: &str| bare(t).trim_matches(['「', '」']).split(['(', '【']).next().unwrap_or_default().to_owned();
            // A heading may be cut short; only other words count.
            let (short, long) = (plain(said), plain(own));
            let other_words = !long.contains(&short) && !short.contains(&long) && likeness(said, own) >= 0.5;
            if heading && other_words && told.insert((text.initiative, short)) {
                let label = field_of(case, text.key).and_then(|f| f.labels.first()).map_or(text.key, String::as_str);
                found.push(finding(case, text.initiative, text.key, ("取組", own), (label, said), said));
            }
        }
    }
    found
}

/// Katakana words that differ only in voicing, small letters or a long vowel at the end (プロポーサル, プロポーザル), told where the rarer one stands.
fn katakana(case: &Case<'_>) -> Vec<Finding> {
    type Places<'a> = BTreeMap<String, Vec<(usize, &'a str)>>;
    let mut words: BTreeMap<String, Places<'_>> = BTreeMap::new();
    for text in texts(case) {
        let is_kana = |c: char| ('ァ'..='ヺ').contains(&c) || c == 'ー';
        for word in text.text.split(|c: char| !is_kana(c)).filter(|w| w.chars().count() >= 5) {
            words.entry(sound(word)).or_default().entry(word.to_owned()).or_default().push((text.initiative, text.key));
        }
    }
    let mut found = Vec::new();
    for spellings in words.values().filter(|s| s.len() > 1) {
        let Some((usual, often)) = spellings.iter().max_by_key(|(_, places)| places.len()) else { continue };
        for (word, places) in spellings.iter().filter(|(w, _)| *w != usual) {
            let (at, key) = places[0];
            let there = format!("{}ほか{}か所", case.plan.initiatives[often[0].0].key, often.len());
            found.push(finding(case, at, key, (&there, usual), ("この取組", word), word));
        }
    }
    found
}

/// A katakana word without voicing marks, small letters and a long vowel at its end.
fn sound(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    const SMALL: [(char, char); 9] =
        [('ァ', 'ア'), ('ィ', 'イ'), ('ゥ', 'ウ'), ('ェ', 'エ'), ('ォ', 'オ'), ('ッ', 'ツ'), ('ャ', 'ヤ'), ('ュ', 'ユ'), ('ョ', 'ヨ')];
    let large = |c: char| SMALL.iter().find(|(s, _)| *s == c).map_or(c, |(_, l)| *l);
    word.trim_end_matches('ー').nfd().filter(|c| !matches!(c, '\u{3099}' | '\u{309a}')).map(large).collect()
}

fn finding(case: &Case<'_>, at: usize, field: &str, here: (&str, &str), there: (&str, &str), discriminator: &str) -> Finding {
    let initiative = &case.plan.initiatives[at];
    Finding::new(&RULE)
        .initiative(&initiative.key)
        .field(field)
        .found(there.1)
        .expected(here.1)
        .discriminator(discriminator)
        .message(
            format!("{}: {}では「{}」、{}では「{}」です", named(initiative), there.0, there.1, here.0, here.1),
            format!("{}: 「{}」 in {}, 「{}」 in {}", named(initiative), there.1, there.0, here.1, here.0),
        )
        .related(there.0, there.0, there.1, Origin::default())
        .related(here.0, here.0, here.1, Origin::default())
}

/// The name (with its subtitle, if the entry prints it too) in a table.
fn entry_name(case: &Case<'_>, at: usize, entry: &Entry<'_>, title: &str) -> Option<Finding> {
    let initiative = &case.plan.initiatives[at];
    let subtitle = |v: &Value| v.get("subtitle").and_then(Value::as_str).unwrap_or_default().to_owned();
    let own_subtitle = subtitle(&initiative.raw);
    let there = format!("{}{}", entry.name, subtitle(entry.value));
    // A table may leave the subtitle out as a whole.
    let (plain, full) = (bare(&initiative.name), bare(&format!("{}{own_subtitle}", initiative.name)));
    if [&plain, &full].contains(&&bare(&there)) {
        return None;
    }
    let here = if there.chars().count() > initiative.name.chars().count() + 2 {
        format!("{}{own_subtitle}", initiative.name)
    } else {
        initiative.name.clone()
    };
    Some(finding(case, at, &case.form.data.name, ("調書", &here), (title, &there), title))
}

/// Items of a list in a table, against the items of the sheet's list of the same key: nearly the same, but not quite.
fn parts(case: &Case<'_>, at: usize, entry: &Entry<'_>, title: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (key, list) in entry.value.as_object().into_iter().flatten().filter_map(|(k, v)| Some((k, v.as_array()?))) {
        let own: Vec<String> = case.plan.initiatives[at]
            .raw
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|p| p.get("text").and_then(Value::as_str).map(str::to_owned))
            .collect();
        for text in list.iter().filter_map(Value::as_str) {
            let item = text.trim_start_matches(|c: char| c.is_whitespace() || "・*○①②③④⑤⑥⑦⑧⑨".contains(c));
            let exact = own.iter().any(|o| bare(o) == bare(item));
            let near = own.iter().map(|o| (likeness(o, item), o)).max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score >= 0.6);
            if let Some((_, near)) = near.filter(|_| !exact) {
                found.push(finding(case, at, key, ("調書", near), (title, item), &format!("{title} {near}")));
            }
        }
    }
    found
}

/// Citations whose name is nearly that of the number.
fn citations(case: &Case<'_>) -> Vec<Finding> {
    let index = Index::new(case.plan);
    let mut found = Vec::new();
    for text in texts(case) {
        for citation in index.citations(text.text) {
            let Some(at) = citation.by_number.filter(|at| citation.by_name == Some(*at)) else { continue };
            let name = &case.plan.initiatives[at].name;
            if !citation.name.is_empty() && fold(&citation.name) != fold(name) {
                let there = format!("No.{}の名称", citation.number);
                found.push(finding(case, text.initiative, text.key, (&there, name), ("引用", &citation.name), &citation.number));
            }
        }
    }
    found
}

/// Chapters and sections: one number, two names; told once for each spelling that fewer places use.
fn headings(case: &Case<'_>) -> Vec<Finding> {
    /// One spelling: the sheets that use it, then its wording and the lists that use it.
    type Spelling = (Vec<usize>, Vec<String>);
    let mut names: BTreeMap<Vec<String>, BTreeMap<String, Spelling>> = BTreeMap::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        for (chain, name) in headings_of(initiative, case.form) {
            names.entry(chain).or_default().entry(bare(&name)).or_insert_with(|| (Vec::new(), vec![name])).0.push(at);
        }
    }
    let known: BTreeSet<Vec<String>> = names.keys().cloned().collect();
    for table in tables_with_headings(case) {
        for (chain, name) in table.1.into_iter().filter(|(chain, _)| known.contains(chain)) {
            let places = &mut names.entry(chain).or_default().entry(bare(&name)).or_insert_with(|| (Vec::new(), vec![name])).1;
            places.push(table.0.clone());
        }
    }
    let mut found = Vec::new();
    for spellings in names.values().filter(|s| s.len() > 1) {
        let Some(most) = spellings.values().max_by_key(|(sheets, places)| (sheets.len(), places.len())) else { continue };
        let first = most.0.first().copied();
        for (sheets, places) in spellings.values().filter(|s| s.1[0] != most.1[0]) {
            let Some(at) = sheets.first().copied().or(first) else { continue };
            let keys = |of: &[usize]| of.iter().map(|s| case.plan.initiatives[*s].key.clone()).collect::<Vec<_>>().join("、");
            let list = |of: &(Vec<usize>, Vec<String>)| {
                [keys(&of.0), of.1[1..].join("、")].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("、")
            };
            let (there, here) = (list(&(sheets.clone(), places.clone())), list(most));
            found.push(finding(case, at, "chapter", (&here, &most.1[0]), (&there, &places[0]), &places[0]));
        }
    }
    found
}

/// Headings above the entries of contents lists, with the title of the list.
fn tables_with_headings(case: &Case<'_>) -> Vec<(String, Vec<crate::plan::entries::Heading>)> {
    crate::plan::entries::headings(case.plan, case.form)
}

/// Things of the document with number, name and subtitle (goals, parts): the same number and name with another subtitle.
fn goals(case: &Case<'_>) -> Vec<Finding> {
    let mut seen: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    collect_named(&case.plan.document, "", &mut seen);
    let mut found = Vec::new();
    for ((no, name), subtitles) in &seen {
        let Some((first_place, first)) = subtitles.first() else { continue };
        for (place, other) in subtitles.iter().filter(|(_, s)| bare(s) != bare(first)) {
            // Told at the first initiative that belongs to it, if its data says so.
            let at = case.plan.initiatives.iter().position(|i| {
                i.raw.as_object().is_some_and(|o| o.values().any(|v| v.as_u64().is_some_and(|n| n.to_string() == *no) && o.get("no") != Some(v)))
            });
            let own = case.plan.initiatives.iter().position(|i| bare(&i.name) == *name);
            if own.is_none()
                && let Some(at) = at
            {
                found.push(finding(case, at, "document", (first_place, first), (place, other), &format!("{no} {other}")));
                break;
            }
        }
    }
    found
}

fn collect_named(value: &Value, place: &str, into: &mut BTreeMap<(String, String), Vec<(String, String)>>) {
    match value {
        Value::Array(members) => members.iter().for_each(|m| collect_named(m, place, into)),
        Value::Object(map) => {
            let text = |k: &str| map.get(k).and_then(Value::as_str);
            if let (Some(no), Some(name), Some(subtitle)) = (map.get("no").and_then(crate::plan::data::text_of), text("name"), text("subtitle")) {
                into.entry((no, bare(name))).or_default().push((place.to_owned(), subtitle.to_owned()));
            }
            let title = text("title").map_or(place, |t| t);
            for (key, inner) in map {
                let next = if place.is_empty() { map.get(&format!("{key}_heading")).and_then(Value::as_str).unwrap_or(key) } else { title };
                collect_named(inner, next, into);
            }
        }
        _ => {}
    }
}

/// Words beside check boxes: a sheet whose words are not those of most sheets.
fn boxes(case: &Case<'_>) -> Vec<Finding> {
    let mut words: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        for (key, map) in initiative.raw.as_object().into_iter().flatten().filter_map(|(k, v)| Some((k, v.as_object()?))) {
            if !map.is_empty() && map.values().all(Value::is_boolean) {
                for word in map.keys() {
                    words.entry((key, word)).or_default().push(at);
                }
            }
        }
    }
    let mut found = Vec::new();
    for ((key, word), sheets) in &words {
        let usual = words.iter().find(|((k, w), s)| k == key && w != word && s.len() > 2 * sheets.len() && likeness(w, word) >= 0.5);
        if let Some(((_, usual), others)) = usual {
            for at in sheets {
                let there = format!("ほかの{}件", others.len());
                let mut differs = finding(case, *at, key, (&there, usual), ("この調書", word), word);
                if let Some(quote) = quoted_in(&case.plan.document, &format!("「{word}」")) {
                    differs = differs.related("文書の本文", "the document", quote, Origin::default());
                }
                found.push(differs);
            }
        }
    }
    found
}

/// The first text of the document that holds these words.
fn quoted_in<'a>(value: &'a Value, words: &str) -> Option<&'a str> {
    match value {
        Value::String(text) => text.contains(words).then_some(text),
        Value::Array(members) => members.iter().find_map(|m| quoted_in(m, words)),
        Value::Object(map) => map.values().find_map(|m| quoted_in(m, words)),
        _ => None,
    }
}

/// Titles of plans in 「」 that are another such title with a few characters more in front (「○○市…計画」 and 「…計画」).
fn quoted_plans(case: &Case<'_>) -> Vec<Finding> {
    let mut titles: BTreeMap<String, (usize, &str, String)> = BTreeMap::new();
    for text in texts(case) {
        for title in quoted(text.text).filter(|t| t.chars().count() >= 8 && ["計画", "プラン", "ビジョン", ")", "）"].iter().any(|e| t.ends_with(e)))
        {
            titles.entry(bare(title)).or_insert((text.initiative, text.key, title.to_owned()));
        }
    }
    // Reversed titles in order: one that ends another stands right before it.
    let mut reversed: Vec<(String, &String)> = titles.keys().map(|t| (t.chars().rev().collect(), t)).collect();
    reversed.sort();
    let mut found = Vec::new();
    for pair in reversed.windows(2) {
        let extra = pair[1].1.chars().count() - pair[0].1.chars().count().min(pair[1].1.chars().count());
        if pair[1].0.starts_with(&pair[0].0) && (1..=4).contains(&extra) {
            let ((at, key, short), (other, _, long)) = (&titles[pair[0].1], &titles[pair[1].1]);
            let there = named(&case.plan.initiatives[*other]);
            found.push(finding(case, *at, key, (&there, long), ("この取組", short), short));
        }
    }
    found
}

/// What stands in 「」.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('「').skip(1).filter_map(|t| t.split_once('」')).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn plan(contents: serde_json::Value, text: &str) -> Vec<String> {
        let data = json!({
            "contents": contents,
            "sheets": [{"no": 1, "name": "長寿社会の実現", "parts": [{"text": "健診予約の電子申請"}], "flags": {"スマート自治体": true}, "text": text},
                       {"no": 2, "name": "道路の点検", "flags": {"スマート自治体": true}, "text": "「東市健康長寿推進計画」による。"}],
        });
        shown(Fixture::new("[[field]]\nkey=\"text\"\nrole=\"plan-text\"", data).run(check))
    }

    #[test]
    fn one_spelling_is_silent() {
        assert!(
            plan(
                json!([{"no": 1, "name": "長寿(*) 社会の実現", "parts": ["・健診予約の電子申請"]}, {"no": 2, "name": "道路の点検"}]),
                "「No.2 道路の点検」"
            )
            .is_empty()
        );
    }

    #[test]
    fn two_spellings_are_told() {
        let table = json!([{"no": 1, "name": "長寿命社会の実現", "parts": ["・検診予約の電子申請"]}, {"no": 2, "name": "道路の点検"}]);
        assert_eq!(plan(table, ""), ["P511 1 name 長寿命社会の実現 | 長寿社会の実現", "P511 1 parts 検診予約の電子申請 | 健診予約の電子申請"]);
        assert_eq!(plan(json!([]), "「No.2 道路等の点検」へ"), ["P511 1 text 道路等の点検 | 道路の点検"]);
        assert_eq!(plan(json!([]), "「健康長寿推進計画」"), ["P511 1 text 健康長寿推進計画 | 東市健康長寿推進計画"]);
    }

    #[test]
    fn different_things_have_different_names() {
        assert!(
            plan(json!([{"no": 1, "name": "長寿社会の実現"}, {"no": 2, "name": "道路の点検", "parts": ["別のこと"]}]), "「公園長寿命化計画」")
                .is_empty()
        );
    }

    #[test]
    fn marked_items_and_katakana_words_are_compared_too() {
        let fields = "[[field]]\nkey=\"text\"\nrole=\"issues\"";
        let found = |text: &str| {
            let items = json!([{"marker": "①", "text": "ネットワークの強化見直し（庁内）"}]);
            shown(Fixture::new(fields, json!({"sheets": [{"no": 1, "name": "a", "items": items, "text": text}]})).run(check))
        };
        assert!(found("①ネットワークの強化見直し\n公募型プロポーザルのプロポーザル").is_empty());
        assert_eq!(found("①ネットワークの強靱化見直し"), ["P511 1 text ネットワークの強靱化見直し | ネットワークの強化見直し（庁内）"]);
        assert_eq!(found("プロポーザル、プロポーザル、プロポーサル"), ["P511 1 text プロポーサル | プロポーザル"]);
    }

    #[test]
    fn a_check_box_with_another_word_is_told() {
        let mut sheets: Vec<serde_json::Value> =
            (2..7).map(|n| json!({"no": n, "name": format!("取組{n}"), "flags": {"未来社会創出": true}})).collect();
        sheets.insert(0, json!({"no": 1, "name": "窓口", "flags": {"未来社会創造": true}}));
        assert_eq!(shown(Fixture::new("", json!({"sheets": sheets})).run(check)), ["P511 1 flags 未来社会創造 | 未来社会創出"]);
    }
}
