//! From the plan's data (JSON) to initiatives, as the form's data shape describes it: paths, patterns, fields.
//!
//! In: a JSON document with one list of initiatives. Out: a [`Plan`].
//! Stays true: the wording of the data is kept to the letter; `null` (unknown) and `""` (blank) stay different.
//! Neighbours: `xlsx` makes the same JSON from a workbook.

use super::{FieldKey, Initiative, Job, Plan};
use crate::form::{Field, Form};
use crate::value::FiscalYear;
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads the bytes of a plan file in JSON.
///
/// # Errors
/// If it is no JSON; the message names line and column.
pub fn from_json(bytes: &[u8]) -> anyhow::Result<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).context("JSONとして読めません / not JSON")
}

/// Splits the data into the document and its initiatives.
///
/// # Errors
/// If the list that the form names is missing, or an initiative has no key or the key of another one.
pub fn plan_of(mut data: Value, job: &Job, form: &Form) -> anyhow::Result<Plan> {
    let list = form.data.list.as_str();
    let Some(Value::Array(members)) = data.as_object_mut().and_then(|o| o.shift_remove(list)) else {
        bail!("取組の一覧「{list}」がありません / there is no list `{list}` of initiatives");
    };
    let mut seen = BTreeMap::new();
    let mut initiatives = Vec::with_capacity(members.len());
    for (at, raw) in members.into_iter().enumerate() {
        let initiative = initiative_of(raw, job, form).with_context(|| format!("「{list}」の{n}件目 / member {n} of `{list}`", n = at + 1))?;
        if let Some(other) = seen.insert(initiative.key.clone(), at) {
            bail!("番号「{}」が{}件目と{}件目にあります / the key stands twice", initiative.key, other + 1, at + 1);
        }
        initiatives.push(initiative);
    }
    Ok(Plan { document: data, initiatives })
}

fn initiative_of(raw: Value, job: &Job, form: &Form) -> anyhow::Result<Initiative> {
    let shape = &form.data;
    let Some(key) = fill(&shape.key, &raw).filter(|k| !k.is_empty()) else {
        bail!("番号（{}）がありません / there is no number", shape.key);
    };
    let leads = shape.leads.as_deref().map(|p| names(&raw, p)).unwrap_or_default();
    Ok(Initiative {
        name: text_at(&raw, &shape.name).unwrap_or_default(),
        page: shape.page.as_deref().and_then(|p| at(&raw, p)).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()),
        related: shape.related.as_deref().map(|p| names(&raw, p)).unwrap_or_default(),
        answers: job.answers(&key, &leads),
        leads,
        fields: fields_of(&raw, form),
        key,
        raw,
    })
}

/// Every field of the form that the data holds, by full key.
pub fn fields_of(raw: &Value, form: &Form) -> BTreeMap<FieldKey, String> {
    let mut fields = BTreeMap::new();
    for field in &form.fields {
        field_values(raw, field, &mut fields);
    }
    fields
}

/// The values of one field: one, one a year, or one a member of its list.
fn field_values(raw: &Value, field: &Field, into: &mut BTreeMap<FieldKey, String>) {
    let from = field.from.as_deref().unwrap_or(&field.key);
    if from.contains('{') {
        into.extend(fill(from, raw).map(|text| (field.key.clone(), text)));
    } else if field.yearly {
        for (year, value) in at(raw, from).and_then(Value::as_object).into_iter().flatten() {
            let year = FiscalYear::parse(year).map_or_else(|| year.clone(), FiscalYear::key);
            into.extend(text_of(value).map(|text| (format!("{}.{year}", field.key), text)));
        }
    } else if let Some((list, rest)) = from.split_once('.')
        && let Some(members) = raw.get(list).and_then(Value::as_array)
    {
        let name = field.key.split_once('.').map_or(list, |(l, _)| l);
        for (n, member) in members.iter().enumerate() {
            into.extend(text_at(member, rest).map(|text| (format!("{name}.{n}.{rest}"), text)));
        }
    } else {
        into.extend(text_at(raw, from).map(|text| (field.key.clone(), text)));
    }
}

/// The value at a path (`item.name`, `indicators.0.name`).
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |v, step| match v {
        Value::Array(members) => members.get(step.parse::<usize>().ok()?),
        _ => v.get(step),
    })
}

/// The text at a path; `None` if it is not there or unknown.
pub fn text_at(value: &Value, path: &str) -> Option<String> {
    at(value, path).and_then(text_of)
}

/// A value as text: lists one member a line, check boxes as ■ and □. `None` for what is unknown or has no text.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(b) => Some(if *b { "■" } else { "□" }.to_owned()),
        Value::Number(n) => Some(n.to_string()),
        Value::String(s) => Some(s.clone()),
        Value::Array(members) => {
            let lines: Vec<String> = members.iter().filter_map(text_of).collect();
            (lines.len() == members.len()).then(|| lines.join("\n"))
        }
        Value::Object(map) => {
            let boxes: Option<Vec<String>> =
                map.iter().map(|(k, v)| v.is_boolean().then(|| format!("{} {k}", text_of(v).unwrap_or_default()))).collect();
            boxes.filter(|b| !b.is_empty()).map(|b| b.join(" "))
        }
    }
}

/// A list of names; a single text is a list of one.
fn names(raw: &Value, path: &str) -> Vec<String> {
    match at(raw, path) {
        Some(Value::Array(members)) => members.iter().filter_map(text_of).filter(|s| !s.is_empty()).collect(),
        Some(other) => text_of(other).filter(|s| !s.is_empty()).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Fills a pattern (`{field}-{no:02}`) with values of the data: a path in braces, with the least number of digits after a colon.
/// A text without braces is a path. `None` if a path leads nowhere.
pub fn fill(pattern: &str, raw: &Value) -> Option<String> {
    if !pattern.contains('{') {
        return text_at(raw, pattern);
    }
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, next) = after.split_once('}')?;
        let (path, digits) = inside.split_once(':').unwrap_or((inside, ""));
        let value = text_at(raw, path.trim())?;
        let missing = digits.trim().parse::<usize>().unwrap_or(0).saturating_sub(value.chars().count());
        out.push_str(before);
        out.extend(std::iter::repeat_n('0', missing.min(20)));
        out.push_str(&value);
        rest = next;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_take_paths_and_widths() {
        let raw = json!({"field": 1, "no": 7, "chapter": {"no": 2}, "item": {"marker": "①"}});
        assert_eq!(fill("{field}-{no:02}", &raw).as_deref(), Some("1-07"));
        assert_eq!(fill("{chapter.no}-{item.marker}", &raw).as_deref(), Some("2-①"));
        assert_eq!(fill("no", &raw).as_deref(), Some("7"));
        assert_eq!(fill("{missing}", &raw), None);
        assert_eq!(fill("{broken", &raw), None);
    }

    #[test]
    fn unknown_is_absent_and_blank_is_blank() {
        let toml = r#"
            key = "goals"
            yearly = true
        "#;
        let field: Field = toml::from_str(toml).expect("a field");
        let list: Field = toml::from_str(r#"key = "indicators.name""#).expect("a field");
        let text: Field = toml::from_str(r#"key = "text""#).expect("a field");
        let form = Form { fields: vec![field, list, text], ..Form::default() };
        let raw = json!({"goals": {"R5": ["a", "b"], "R6": [], "R7": null}, "indicators": [{"name": "x"}, {"name": ""}], "text": null});
        let fields = fields_of(&raw, &form);
        let shown: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(shown, ["goals.R5=a\nb", "goals.R6=", "indicators.0.name=x", "indicators.1.name="]);
    }
}
