//! What the page opens when an initiative is asked for: every value with its origin, what could be computed, and the drawing of its sheet.
//!
//! In: a [`View`]. Out: blocks of JSON, one for each few initiatives, and one for each few shared pages where a form prints no single sheets.
//! Stays true: every field of every initiative is there, with file, sheet, cell and the text as written.

use super::model::label;
use super::{embed, preview};
use crate::form::Form;
use crate::layout::Page;
use crate::reconcile::{SettledField, SettledInitiative, State};
use crate::render::xlsx::View;
use crate::value::FiscalYear;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One initiative, opened.
#[derive(Serialize)]
struct Detail<'a> {
    key: &'a str,
    values: Vec<Value<'a>>,
    achievements: Vec<Achievement<'a>>,
    /// Its own pages. Empty where the form prints none; then the index names pages of the packet.
    sheets: Vec<preview::Drawing>,
}

/// One value with its origin.
#[derive(Serialize)]
struct Value<'a> {
    label: String,
    key: &'a str,
    text: &'a str,
    /// As it stands in its cell, where that is not the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<&'a str>,
    state: &'static str,
    /// Filled in by a department.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    asked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<Correction<'a>>,
}

/// Who gave a value otherwise than in a file.
#[derive(Serialize)]
struct Correction<'a> {
    by: &'a str,
    when: &'a str,
    why: &'a str,
    instead: Option<&'a str>,
}

/// How far a goal was reached.
#[derive(Serialize)]
struct Achievement<'a> {
    indicator: &'a str,
    goal: &'a str,
    actual: &'a str,
    rate: Option<f64>,
}

/// What stands in one block, with its place among the blocks of its kind.
pub(super) enum Part<'a> {
    /// A few initiatives with their own pages.
    Initiatives(usize, Vec<(&'a SettledInitiative, &'a [Arc<Page>])>),
    /// A few pages that initiatives share.
    Pages(usize, &'a [Arc<Page>]),
}

/// The blocks of initiatives, then the blocks of shared pages.
pub(super) fn parts<'a>(view: &View<'a>, block: usize) -> Vec<Part<'a>> {
    let single: BTreeMap<&str, &[Arc<Page>]> = view.packet.single.iter().map(|(key, pages)| (key.as_str(), pages.as_slice())).collect();
    let own = |i: &'a SettledInitiative| (i, single.get(i.key.as_str()).copied().unwrap_or_default());
    let initiatives = view.settled.initiatives.chunks(block).map(|some| some.iter().map(own).collect());
    let are_shared = view.packet.single.is_empty() && !view.packet.sheets.is_empty();
    let shared: &[Arc<Page>] = if are_shared { &view.packet.pages } else { &[] };
    let initiatives = initiatives.enumerate().map(|(n, some)| Part::Initiatives(n, some));
    initiatives.chain(shared.chunks(block).enumerate().map(|(n, some)| Part::Pages(n, some))).collect()
}

impl Part<'_> {
    /// The id of its element.
    pub(super) fn id(&self) -> String {
        match self {
            Part::Initiatives(n, _) => format!("detail-{n}"),
            Part::Pages(n, _) => format!("pages-{n}"),
        }
    }

    /// Its data.
    pub(super) fn json(&self, view: &View<'_>) -> String {
        match self {
            Part::Initiatives(_, some) => embed::json(&some.iter().map(|(i, pages)| detail(view, i, pages)).collect::<Vec<_>>()),
            Part::Pages(_, some) => embed::json(&some.iter().map(|page| preview::draw(page, view.fonts)).collect::<Vec<_>>()),
        }
    }
}

/// One initiative.
fn detail<'a>(view: &View<'_>, initiative: &'a SettledInitiative, pages: &[Arc<Page>]) -> Detail<'a> {
    Detail {
        key: &initiative.key,
        values: values(view.form, view.settled.fiscal_year, initiative),
        achievements: initiative
            .achievements
            .iter()
            .map(|a| Achievement { indicator: &a.indicator, goal: &a.goal, actual: &a.actual, rate: a.rate })
            .collect(),
        sheets: pages.iter().map(|page| preview::draw(page, view.fonts)).collect(),
    }
}

/// The values in the order of the form; those that it does not know come last.
fn values<'a>(form: &Form, year: FiscalYear, initiative: &'a SettledInitiative) -> Vec<Value<'a>> {
    let mut fields: Vec<(usize, &str, &SettledField)> =
        initiative.fields.iter().map(|(key, field)| (super::model::field_of(form, key).map_or(usize::MAX, |f| f.0), key.as_str(), field)).collect();
    fields.sort_by_key(|(place, key, _)| (*place, *key));
    fields
        .into_iter()
        .map(|(_, key, field)| {
            let (state, correction) = state(&field.state);
            Value {
                label: label(form, year, key),
                key,
                text: &field.value,
                written: (field.origin.file.is_some() && field.as_written != field.value).then_some(field.as_written.as_str()),
                state,
                asked: field.reported,
                file: field.origin.file.as_deref(),
                sheet: field.origin.sheet.as_deref(),
                cell: field.origin.cell.as_deref(),
                correction,
            }
        })
        .collect()
}

/// The word for where a value comes from.
fn state(state: &State) -> (&'static str, Option<Correction<'_>>) {
    match state {
        State::Plan => ("plan", None),
        State::Reported => ("reported", None),
        State::Missing => ("missing", None),
        State::Check => ("check", None),
        State::Corrected(c) => ("corrected", Some(Correction { by: &c.by, when: &c.when, why: &c.why, instead: c.instead_of.as_deref() })),
    }
}
