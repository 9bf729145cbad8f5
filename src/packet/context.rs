//! What templates are told: the settled model as Tera sees it, and the texts of value cells.
//!
//! In: the settled model, the form, the job. Out: contexts and [`Values`].
//! Stays true: templates see the settled texts and the plan's own data, nothing else.
//! Neighbours: `form::template` expands with these.

use crate::form::setting::Setting;
use crate::form::tree::Mark;
use crate::form::values::{Shown, Values};
use crate::form::{Form, slots};
use crate::plan::Job;
use crate::reconcile::{Edition, Settled, SettledInitiative, State};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tera::Context;

/// The settled texts, by initiative and field.
pub(super) struct SettledValues<'a> {
    settled: &'a Settled,
    by_key: BTreeMap<&'a str, usize>,
}

/// The texts seen from one initiative.
pub(super) struct Of<'a> {
    all: &'a SettledValues<'a>,
    own: Option<usize>,
}

impl<'a> SettledValues<'a> {
    pub(super) fn new(settled: &'a Settled) -> Self {
        SettledValues { settled, by_key: settled.initiatives.iter().enumerate().map(|(i, s)| (s.key.as_str(), i)).collect() }
    }

    /// For the template of one initiative, or of the whole.
    pub(super) fn of(&'a self, own: Option<usize>) -> Of<'a> {
        Of { all: self, own }
    }

    /// The index of an initiative.
    pub(super) fn index(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }
}

impl Values for Of<'_> {
    fn get(&self, of: Option<&str>, key: &str) -> Option<Shown<'_>> {
        let index = match of {
            Some(of) => self.all.index(of)?,
            None => self.own?,
        };
        let field = self.all.settled.initiatives.get(index)?.fields.get(key)?;
        let mark = match field.state {
            State::Plan | State::Reported => None,
            State::Missing => Some(Mark::Missing),
            State::Check => Some(Mark::Check),
            State::Corrected(_) => Some(Mark::Corrected),
        };
        Some(Shown { text: &field.value, mark })
    }
}

/// What every template of a run is told: edition, years, the plan's document, the job.
pub(super) fn base(setting: &Setting<'_>, settled: &Settled, job: &Job) -> Context {
    let mut context = setting.context();
    let packet = &job.settings.packet;
    context.insert("plan", &settled.document);
    context.insert(
        "job",
        &json!({
            "id": settled.job,
            "title": settled.title,
            "city": settled.city,
            "number": packet.number,
            "committee": packet.committee,
            "date": packet.date,
        }),
    );
    context
}

/// What templates of the whole packet are told besides: all initiatives, by key, by chapter, counted. Only what some template of the form names is made:
/// of a plan with thousands of initiatives each of these is large.
pub(super) fn whole(context: &mut Context, form: &Form, settled: &Settled, job: &Job) {
    let named = |word: &str| form.templates.values().any(|t| names(t, word));
    let members: Vec<&str> = LARGE_MEMBERS.into_iter().filter(|m| form.templates.values().any(|t| names_member(t, m))).collect();
    let each = || settled.initiatives.iter().map(|i| initiative(form, i, &members));
    let mut large = Map::new();
    if named("chapters") {
        large.insert("chapters".to_owned(), by_chapter(settled, each()));
    }
    if named("by_key") {
        large.insert("by_key".to_owned(), settled.initiatives.iter().map(|i| i.key.clone()).zip(each()).collect());
    }
    if named("initiatives") {
        large.insert("initiatives".to_owned(), each().collect());
    }
    // What is large is moved into the context; inserting would copy it.
    if let Ok(large) = Context::from_value(Value::Object(large)) {
        context.extend(large);
    }
    context.insert("counts", &counts(form, settled));
    if settled.edition == Edition::Report && named("totals") {
        context.insert("totals", &super::totals::of(form, settled, job));
    }
}

/// Whether a template names a variable: the word stands there by itself, and not as a member of something else (`plan.chapters`).
fn names(template: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    template.match_indices(word).any(|(at, _)| {
        let before = template[..at].chars().next_back();
        let after = template[at + word.len()..].chars().next();
        !before.is_some_and(|c| part_of_name(c) || c == '.') && !after.is_some_and(part_of_name)
    })
}

/// What is large of an initiative, and left out in lists of all unless a template names it.
const LARGE_MEMBERS: [&str; 3] = ["fields", "lists", "it"];

/// Whether a template names a member of something: `i.fields`, `i["fields"]`.
fn names_member(template: &str, member: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    template.match_indices(member).any(|(at, _)| {
        let before = template[..at].chars().next_back();
        let after = template[at + member.len()..].chars().next();
        matches!(before, Some('.' | '"' | '\'' | '`')) && !after.is_some_and(part_of_name)
    })
}

/// Runs of initiatives of the same chapter.
fn by_chapter(settled: &Settled, all: impl Iterator<Item = Value>) -> Value {
    let mut chapters: Vec<(&str, Vec<Value>)> = Vec::new();
    for (i, value) in settled.initiatives.iter().zip(all) {
        match chapters.last_mut() {
            Some((name, list)) if *name == i.chapter => list.push(value),
            _ => chapters.push((&i.chapter, vec![value])),
        }
    }
    chapters
        .into_iter()
        .enumerate()
        .map(|(n, (name, list))| {
            let mut chapter = json!({"no": n + 1, "name": name, "anchor": format!("chapter:{}", n + 1)});
            chapter["initiatives"] = Value::Array(list);
            chapter
        })
        .collect()
}

/// How many initiatives have each choice of each choice field, in the order of the form.
fn counts(form: &Form, settled: &Settled) -> Value {
    let mut out = Map::new();
    for field in form.fields.iter().filter(|f| f.kind == crate::form::Kind::Choice) {
        let count = crate::reconcile::totals::by_choice(settled, field);
        let list: Vec<Value> = count.choices.iter().map(|(choice, n)| json!({"choice": choice, "count": n})).collect();
        out.insert(field.key.clone(), Value::Array(list));
    }
    Value::Object(out)
}

/// One initiative as templates see it, with some of its [`LARGE_MEMBERS`].
fn initiative(form: &Form, i: &SettledInitiative, members: &[&str]) -> Value {
    let mut value = json!({
        "key": i.key, "name": i.name, "department": i.department, "chapter": i.chapter, "answered": i.answered, "evaluation": i.evaluation,
        "anchor": format!("sheet:{}", i.key),
    });
    for member in members {
        value[*member] = match *member {
            "fields" => i.fields.iter().map(|(k, f)| (k.clone(), Value::String(f.value.clone()))).collect(),
            "lists" => Value::Object(lists(form, i)),
            _ => i.raw.clone(),
        };
    }
    value
}

/// For each list of the form the places that an initiative has, at least one.
fn lists(form: &Form, i: &SettledInitiative) -> Map<String, Value> {
    let mut out: BTreeMap<&str, usize> = BTreeMap::new();
    for field in &form.fields {
        if let Some(list) = &field.list {
            out.entry(list).or_insert(0);
        }
    }
    for key in i.fields.keys() {
        if let Some((field, Some(index))) = slots::field_of(form, key)
            && let Some(last) = form.fields[field].list.as_deref().and_then(|l| out.get_mut(l))
        {
            *last = (*last).max(index.min(999));
        }
    }
    out.into_iter().map(|(list, last)| (list.to_owned(), json!((0..=last).collect::<Vec<_>>()))).collect()
}

/// Adds what the template of one initiative is told.
pub(super) fn add_initiative(context: &mut Context, form: &Form, i: &SettledInitiative) {
    if let Value::Object(map) = initiative(form, i, &LARGE_MEMBERS) {
        for (key, value) in map {
            context.insert(key, &value);
        }
    }
}

/// The setting of a run's templates.
pub(super) fn setting<'a>(form: &'a Form, settled: &Settled, values: &'a dyn Values) -> Setting<'a> {
    Setting { form, values, report_year: settled.fiscal_year, report: settled.edition == Edition::Report }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_names_is_told_from_what_sounds_alike() {
        assert!(names("{% for c in chapters %}", "chapters"));
        assert!(names("{{ by_key[k].name }}", "by_key"));
        assert!(!names("{% for c in plan.chapters %}", "chapters"));
        assert!(!names("{{ chapters_2 }}", "chapters"));
        assert!(names_member("{{ i.it.page }}", "it") && names_member("{{ i['it'] }}", "it"));
        assert!(!names_member("{{ i.title }}{{ i.items }}", "it"));
    }
}
