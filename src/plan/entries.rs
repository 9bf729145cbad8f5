//! Where the plan's own document speaks of its initiatives again: contents, overview tables, lists.
//!
//! In: a [`Plan`] and its form. Out: [`Table`]s, each entry with the initiative it names.
//! Stays true: a list counts as a table of initiatives only when most of its entries are some; nothing is known of a city's table names.
//! Neighbours: the checks of the P family compare entries with the sheets.

use super::{Initiative, Plan, data};
use crate::form::Form;
use crate::value::{fold, likeness};
use serde_json::Value;
use std::collections::BTreeMap;

/// A heading of an upper level: chain of numbers, and name.
pub type Heading = (Vec<String>, String);

/// One entry of a table.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The initiative it names: an index into the plan's initiatives.
    pub initiative: Option<usize>,
    /// Its key as the entry gives it, if it gives one.
    pub key: Option<String>,
    /// Its name as printed there.
    pub name: String,
    /// The whole entry.
    pub value: &'a Value,
}

/// A list of the document that names initiatives.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// Path in the document without positions (`table.groups.rows`).
    pub place: String,
    /// Its printed title, else its place.
    pub title: String,
    /// Its entries, in order.
    pub entries: Vec<Entry<'a>>,
    /// Entries of upper levels of a contents list: chain of numbers and name.
    pub headings: Vec<Heading>,
}

/// A name for comparing: folded, without glossary marks.
pub fn bare(name: &str) -> String {
    fold(name).replace("(*)", "")
}

/// The tables of the document that name initiatives.
pub fn tables<'a>(plan: &'a Plan, form: &Form) -> Vec<Table<'a>> {
    lists(plan, form).into_iter().filter(is_table).collect()
}

/// The headings of contents lists with several levels: title of the list, and chain of numbers and name of each heading.
pub fn headings(plan: &Plan, form: &Form) -> Vec<(String, Vec<Heading>)> {
    lists(plan, form).into_iter().filter(|t| !t.headings.is_empty()).map(|t| (t.title, t.headings)).collect()
}

/// Every list of named things in the document.
fn lists<'a>(plan: &'a Plan, form: &Form) -> Vec<Table<'a>> {
    let mut walk = Walk { plan, form, by_name: BTreeMap::new(), by_key: BTreeMap::new(), found: BTreeMap::new() };
    for (at, initiative) in plan.initiatives.iter().enumerate() {
        walk.by_name.entry(bare(&initiative.name)).or_default().push(at);
        walk.by_key.insert(initiative.key.as_str(), at);
    }
    if let Some(map) = plan.document.as_object() {
        for (key, value) in map {
            let heading = map.get(&format!("{key}_heading")).and_then(Value::as_str);
            walk.visit(value, key.clone(), heading.unwrap_or(key));
        }
    }
    walk.found.into_values().collect()
}

/// Whether most entries of a list are initiatives.
fn is_table(table: &Table<'_>) -> bool {
    let known = table.entries.iter().filter(|e| e.initiative.is_some()).count();
    known >= 2 && known * 10 >= table.entries.len() * 6
}

struct Walk<'a, 'f> {
    plan: &'a Plan,
    form: &'f Form,
    by_name: BTreeMap<String, Vec<usize>>,
    by_key: BTreeMap<&'a str, usize>,
    found: BTreeMap<String, Table<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn visit(&mut self, value: &'a Value, place: String, title: &str) {
        match value {
            Value::Array(members) => self.list(members, &place, title),
            Value::Object(map) => {
                let own = ["title", "heading", "printed"].iter().find_map(|k| map.get(*k).and_then(Value::as_str)).unwrap_or(title);
                for (key, inner) in map {
                    self.visit(inner, format!("{place}.{key}"), own);
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, members: &'a [Value], place: &str, title: &str) {
        let name_key = self.form.data.name.rsplit('.').next().unwrap_or_default();
        let deepest = members.iter().filter_map(|m| m.get("level").and_then(Value::as_u64)).max();
        let mut chain: Vec<(u64, &'a Value)> = Vec::new();
        for member in members {
            let name = member.get(name_key).or_else(|| member.get("name")).and_then(Value::as_str);
            let Some(name) = name else {
                self.visit(member, place.to_owned(), title);
                continue;
            };
            let level = member.get("level").and_then(Value::as_u64);
            if let Some(level) = level {
                chain.retain(|(l, _)| *l < level);
                chain.push((level, member));
            }
            let kind = member.get("kind").and_then(Value::as_str).unwrap_or_default();
            let table = self.found.entry(format!("{place} {kind} {}", level.unwrap_or(0))).or_insert_with(|| Table {
                place: place.to_owned(),
                title: title.to_owned(),
                entries: Vec::new(),
                headings: Vec::new(),
            });
            if level.is_some() && level < deepest {
                let numbers = chain.iter().map(|(_, v)| marker_of(v)).collect();
                table.headings.push((numbers, name.to_owned()));
            }
            let parents: Vec<&Value> = chain.iter().map(|(_, v)| *v).collect();
            let key = key_of(&self.form.data.key, member, &parents);
            let initiative = self.resolve(key.as_deref(), name);
            let entry = Entry { initiative, key, name: name.to_owned(), value: member };
            if let Some(table) = self.found.get_mut(&format!("{place} {kind} {}", level.unwrap_or(0))) {
                table.entries.push(entry);
            }
            // Lists inside an entry may be tables of their own.
            for (inner, value) in member.as_object().into_iter().flatten() {
                if value.is_array() || value.is_object() {
                    self.visit(value, format!("{place}.{inner}"), title);
                }
            }
        }
    }

    /// The initiative with this number if the names are alike; else the only one with this very name.
    fn resolve(&self, key: Option<&str>, name: &str) -> Option<usize> {
        let numbered = key.and_then(|k| self.by_key.get(k)).copied();
        let fits = |at: &usize| {
            let own = &self.plan.initiatives[*at].name;
            let (own, name) = (bare(own), bare(name));
            likeness(&own, &name) >= 0.5 || (name.starts_with(&own) && !own.is_empty())
        };
        numbered.filter(fits).or_else(|| match self.by_name.get(&bare(name)).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        })
    }
}

/// The number by which a heading is known: its marker or number.
fn marker_of(value: &Value) -> String {
    value.get("no").or_else(|| value.get("marker")).and_then(data::text_of).unwrap_or_default()
}

/// The key of an initiative as an entry gives it: the key's own pattern on the entry, or on the chain of headings above it.
fn key_of(pattern: &str, entry: &Value, chain: &[&Value]) -> Option<String> {
    if let Some(key) = data::fill(pattern, entry) {
        return Some(key);
    }
    // `{chapter.no}-{section.marker}-{item.marker}` on three levels: each part is taken from its own level.
    let parts = pattern.matches('{').count();
    if parts != chain.len() || parts < 2 {
        return None;
    }
    let mut out = String::new();
    let mut rest = pattern;
    for level in chain {
        let (before, after) = rest.split_once('{')?;
        let (path, next) = after.split_once('}')?;
        let (path, width) = path.split_once(':').unwrap_or((path, ""));
        let last = path.rsplit('.').next().unwrap_or(path);
        let width = if width.is_empty() { String::new() } else { format!(":{width}") };
        out.push_str(before);
        out.push_str(&data::fill(&format!("{{{last}{width}}}"), level)?);
        rest = next;
    }
    out.push_str(rest);
    Some(out)
}

/// The headings above an initiative as its own data gives them: chain of numbers and name, for each dotted part of the key but the last
/// (`{chapter.no}-{section.marker}-{item.marker}`).
pub fn headings_of(initiative: &Initiative, form: &Form) -> Vec<Heading> {
    let mut chain = Vec::new();
    let mut found = Vec::new();
    let parts: Vec<&str> = form.data.key.split('{').skip(1).filter_map(|p| p.split('}').next()).collect();
    for part in parts.iter().take(parts.len().saturating_sub(1)) {
        let Some((parent, _)) = part.split(':').next().and_then(|p| p.rsplit_once('.')) else { return found };
        let Some(value) = data::at(&initiative.raw, parent) else { return found };
        chain.push(marker_of(value));
        if let Some(name) = value.get("name").and_then(Value::as_str) {
            found.push((chain.clone(), name.to_owned()));
        }
    }
    found
}
