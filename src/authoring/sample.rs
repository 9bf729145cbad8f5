//! Sample data of a form: a plan with a few made-up initiatives, made from the form's own fields.
//!
//! In: a form. Out: JSON as the form's data shape wants it, and values for every field.
//! Stays true: whatever paths and patterns a form names, the sample holds them.

use crate::form::{Field, Form, Kind, Role, pattern};
use crate::value::FiscalYear;
use serde_json::{Map, Value, json};

/// How many initiatives a sample has.
const COUNT: usize = 2;

/// Circled numbers for markers.
const MARKERS: [&str; 3] = ["①", "②", "③"];

/// A plan with made-up initiatives.
pub(super) fn plan(form: &Form) -> Value {
    let list: Vec<Value> = (1..=COUNT).map(|n| initiative(form, n)).collect();
    let mut plan = json!({});
    let chapter = json!([{"no": 1, "name": "第1章の見本", "printed": "1 第1章の見本", "subtitle": ""}]);
    if let Some(path) = &form.data.chapters {
        set(&mut plan, path, chapter);
    }
    set(&mut plan, &form.data.list, Value::Array(list));
    plan
}

/// One initiative.
fn initiative(form: &Form, n: usize) -> Value {
    let mut raw = json!({});
    for field in &form.fields {
        let source = field.from.as_deref().unwrap_or(&field.key);
        if let Some(list) = &field.list {
            let member = field.key.strip_prefix(list.as_str()).unwrap_or("").trim_start_matches('.');
            set(&mut raw, &format!("{list}.0.{member}"), json!(""));
        } else if source.contains('{') {
            for path in pattern::names(source) {
                set(&mut raw, path, part(path, n));
            }
        } else if field.yearly {
            let years: Map<String, Value> = form.years().into_iter().map(|y| (y.key(), json!(of_year(field, y)))).collect();
            set(&mut raw, source, Value::Object(years));
        } else {
            set(&mut raw, source, json!(text(form, field, n)));
        }
    }
    let names = [&form.data.key].into_iter().chain(form.data.chapter.as_ref()).flat_map(|p| pattern::names(p).into_iter().map(str::to_owned));
    for path in names.collect::<Vec<_>>() {
        if pattern::at(&raw, &path).is_none_or(|v| v.as_str() == Some("")) || path == "no" {
            set(&mut raw, &path, part(&path, n));
        }
    }
    if pattern::at(&raw, &form.data.name).is_none() {
        set(&mut raw, &form.data.name, json!(format!("取組の見本{n}")));
    }
    if let Some(path) = &form.data.leads {
        set(&mut raw, path, json!([department(n)]));
    }
    if let Some(path) = form.data.related.as_ref().filter(|p| pattern::at(&raw, p).is_none()) {
        set(&mut raw, path, json!([]));
    }
    raw
}

/// The department that answers the `n`th initiative.
pub(super) fn department(n: usize) -> &'static str {
    ["企画課", "市民課", "財政課"][n.saturating_sub(1) % 3]
}

/// A part of a key or heading: numbers count, markers are circled, everything else is a name.
fn part(path: &str, n: usize) -> Value {
    let parents: Vec<&str> = path.split('.').collect();
    let own = parents.len() < 2 || parents[0] == "item" || parents[0] == "initiative";
    match parents.last().copied().unwrap_or(path) {
        "no" if own => json!(n),
        "marker" if own => json!(MARKERS[n.saturating_sub(1) % 3]),
        "marker" => json!("1"),
        "name" if own => json!(format!("取組の見本{n}")),
        "name" => json!("見出しの見本"),
        _ => json!(1),
    }
}

/// The sample text of a field of the plan; blank where departments answer.
fn text(form: &Form, field: &Field, n: usize) -> String {
    if field.by == crate::form::FilledBy::Department && field.role != Some(Role::Lead) {
        return String::new();
    }
    match (field.role, field.kind) {
        (Some(Role::Number), _) => n.to_string(),
        (Some(Role::Name), _) => match &field.pattern {
            Some(p) => p.replace("{no}", &n.to_string()).replace("{name}", &format!("取組の見本{n}")).split(" (").next().unwrap_or("").to_owned(),
            None => format!("取組の見本{n}"),
        },
        (Some(Role::Lead), _) => department(n).to_owned(),
        (Some(Role::StartYear), _) => form.printed_year(form.years.first),
        (Some(Role::TargetYear), _) => form.printed_year(form.years.last),
        (Some(Role::Related | Role::Sdgs), _) => String::new(),
        (_, Kind::Checks) => "■ 区分A □ 区分B".to_owned(),
        (_, Kind::Number) => "100件".to_owned(),
        (Some(Role::Remarks), _) => String::new(),
        _ => format!("{}の見本です。計画に書いてある文がここに入ります。", field.labels.first().map_or(field.key.as_str(), String::as_str)),
    }
}

/// The sample text of a yearly field of the plan.
fn of_year(field: &Field, year: FiscalYear) -> String {
    match field.role {
        _ if field.by == crate::form::FilledBy::Department => String::new(),
        Some(Role::YearStatus) => "実施".to_owned(),
        Some(Role::YearValue) => format!("利用件数 {}件", 100 + 10 * (year.western() % 10)),
        _ => format!("利用件数：{}件", 100 + 10 * (year.western() % 10)),
    }
}

/// What a department might answer.
pub(super) fn answer(field: &Field, long: bool) -> String {
    match field.kind {
        Kind::Choice => field.choices.first().cloned().unwrap_or_default(),
        Kind::Number => "1,234件".to_owned(),
        Kind::Departments => "企画課、市民課".to_owned(),
        Kind::FiscalYear | Kind::Sdgs | Kind::Checks => String::new(),
        Kind::Text => {
            let sentence = "○関係課と調整しながら計画した内容に取り組みました。利用件数は1,234件となりました。";
            if long { [sentence; 12].join("\n") } else { sentence.to_owned() }
        }
    }
}

/// Puts a value at a path, making objects and lists on the way.
fn set(data: &mut Value, path: &str, value: Value) {
    let mut here = data;
    for step in path.split('.') {
        here = match step.parse::<usize>() {
            Ok(index) => {
                if !here.is_array() {
                    *here = json!([]);
                }
                let Some(list) = here.as_array_mut() else { return };
                while list.len() <= index.min(100) {
                    list.push(json!({}));
                }
                &mut list[index.min(100)]
            }
            Err(_) => {
                if !here.is_object() {
                    *here = json!({});
                }
                let Some(map) = here.as_object_mut() else { return };
                map.entry(step.to_owned()).or_insert(Value::Null)
            }
        };
    }
    *here = value;
}
