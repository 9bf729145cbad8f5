//! What the checks of the plan itself look at: its texts, periods and series of figures.
//!
//! In: the plan of a case and its form. Out: texts with their field, the period of an initiative, figures in order of time.
//! Stays true: everything is told by roles; a field that the form does not know is not looked at.

use super::Case;
use crate::form::{Field, FilledBy, Role};
use crate::plan::Initiative;
use crate::value::FiscalYear;
use crate::value::quantity::{self, Quantity};

/// A text of the plan.
#[derive(Clone, Copy)]
pub(super) struct TextOf<'a> {
    /// Index of the initiative.
    pub initiative: usize,
    /// Its field key.
    pub key: &'a str,
    /// The text.
    pub text: &'a str,
    /// The field's role.
    pub role: Option<Role>,
}

/// Fields whose content is prose.
fn is_prose(role: Option<Role>) -> bool {
    matches!(
        role,
        Some(Role::PlanText | Role::YearGoal | Role::Report | Role::Reason | Role::Issues | Role::NextPolicy | Role::Remarks | Role::ChangeReason)
    )
}

/// The field of the form that a key belongs to.
pub(super) fn field_of<'a>(case: &Case<'a>, key: &str) -> Option<&'a Field> {
    let base = key.split('.').next().unwrap_or(key);
    case.form.fields.iter().find(|f| f.key == key || f.key == base || f.key.split('.').next() == Some(base))
}

/// Every text of the plan, in its order.
pub(super) fn texts<'a>(case: &Case<'a>) -> impl Iterator<Item = TextOf<'a>> {
    let case_form = case.form;
    let roles = move |key: &str| {
        let base = key.split('.').next().unwrap_or(key);
        case_form.fields.iter().find(|f| f.key == key || f.key == base || f.key.split('.').next() == Some(base)).and_then(|f| f.role)
    };
    case.plan.initiatives.iter().enumerate().flat_map(move |(at, i)| {
        i.fields.iter().filter_map(move |(key, text)| {
            let role = roles(key);
            (is_prose(role) && !text.trim().is_empty()).then_some(TextOf { initiative: at, key, text, role })
        })
    })
}

/// `1-01「窓口の改善」`.
pub(super) fn named(initiative: &Initiative) -> String {
    format!("{}「{}」", initiative.key, initiative.name)
}

/// The first and last year of an initiative: its own, else those of the form. `None` for a form without yearly fields.
pub(super) fn period(case: &Case<'_>, at: usize) -> Option<(FiscalYear, FiscalYear)> {
    if !case.form.fields.iter().any(|f| f.yearly) {
        return None;
    }
    let year = |role: Role| {
        let field = case.form.by_role(role)?;
        FiscalYear::parse(case.plan.initiatives[at].fields.get(&field.key)?)
    };
    let first = year(Role::StartYear).unwrap_or(case.form.years.first);
    let last = year(Role::TargetYear).unwrap_or(case.form.years.last);
    (first <= last).then_some((first, last))
}

/// The yearly values of a role that the plan fills in, in order of time: year, key, text.
pub(super) fn yearly<'a>(case: &Case<'a>, at: usize, role: Role) -> impl Iterator<Item = (FiscalYear, &'a str, &'a str)> {
    let fields = case.form.fields.iter().filter(move |f| f.role == Some(role) && f.yearly && f.by == FilledBy::Plan);
    let initiative = &case.plan.initiatives[at];
    let mut found: Vec<(FiscalYear, &'a str, &'a str)> = fields
        .flat_map(|f| {
            let prefix = format!("{}.", f.key);
            let from = initiative.fields.range(prefix.clone()..).take_while(move |(k, _)| k.starts_with(&prefix));
            from.filter_map(|(k, text)| Some((FiscalYear::parse(k.rsplit('.').next()?)?, k.as_str(), text.as_str())))
        })
        .collect();
    found.sort_by_key(|(year, key, _)| (*year, *key));
    found.into_iter()
}

/// The remarks of an initiative, where they say something.
pub(super) fn remarks<'a>(case: &Case<'a>, at: usize) -> Vec<(&'a str, &'a str)> {
    let initiative = &case.plan.initiatives[at];
    let keys = case.form.fields.iter().filter(|f| f.role == Some(Role::Remarks)).map(|f| f.key.as_str());
    keys.filter_map(|k| initiative.fields.get_key_value(k)).filter(|(_, t)| !t.trim().is_empty()).map(|(k, t)| (k.as_str(), t.as_str())).collect()
}

/// The figures of an initiative at one point of time.
pub(super) struct Point {
    /// Field key.
    pub key: String,
    /// What the point is: a year, 現状値, 目標値.
    pub label: String,
    /// Its text.
    pub text: String,
    /// Its figures.
    pub quantities: Vec<Quantity>,
    /// Its year; `None` for baseline and target.
    pub year: Option<FiscalYear>,
}

/// The figures of a role in order of time; with baseline before and target behind where yearly figures have fields of their own.
pub(super) fn points(case: &Case<'_>, at: usize, role: Role) -> Vec<Point> {
    let initiative = &case.plan.initiatives[at];
    let single = |wanted: Role| -> Vec<Point> {
        if role != Role::YearValue {
            return Vec::new();
        }
        let fields = case.form.fields.iter().filter(|f| f.role == Some(wanted) && f.by == FilledBy::Plan && !f.yearly);
        let texts = fields.filter_map(|f| Some((f, initiative.fields.get(&f.key)?)));
        texts
            .map(|(f, text)| Point {
                key: f.key.clone(),
                label: f.labels.first().cloned().unwrap_or_else(|| f.key.clone()),
                text: text.clone(),
                quantities: quantity::parse(text),
                year: None,
            })
            .collect()
    };
    let mut found = single(Role::Baseline);
    found.extend(yearly(case, at, role).map(|(year, key, text)| Point {
        key: key.to_owned(),
        label: case.form.printed_year(year),
        text: text.to_owned(),
        quantities: quantity::parse(text),
        year: Some(year),
    }));
    found.extend(single(Role::TargetValue));
    found.retain(|p| !p.quantities.is_empty());
    found
}
