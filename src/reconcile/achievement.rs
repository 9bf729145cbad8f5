//! How far the year's goals were reached, by the roles of the form's fields.
//!
//! In: an initiative of the plan and what was reported for it. Out: one [`Reached`] for each numeric goal of the year reported.
//! Stays true: what the figures do not say is left out; a plan's wording and a report's wording stand beside each rate.
//! Neighbours: `value::quantity` reads and pairs the figures; `settle` keeps them; check C407 holds the evaluation against them.

use super::case::Case;
use super::{Achievement, Key};
use crate::form::Role;
use crate::plan::Initiative;
use crate::value::quantity::{self, Quantity};
use std::collections::BTreeMap;

/// A goal, the result and the field that the result was read from.
#[derive(Debug, Clone)]
pub struct Reached {
    /// Goal and result as written, and the rate.
    pub achievement: Achievement,
    /// Key of the field that gives the result; empty where none does.
    pub field: String,
}

/// What the reports that count say of the goals, worked out once for checks and settling: figures are dear to read.
#[derive(Debug, Default)]
pub struct Known {
    /// Key of the initiative → the texts that were read and what they gave; nothing for a key that the plan uses twice.
    by_key: BTreeMap<String, Option<(Texts, Vec<Reached>)>>,
}

/// Field key and text of everything that may give the result, the best first.
type Texts = Vec<(String, String)>;

impl Known {
    /// Reads every report that counts.
    pub(super) fn of(case: &Case<'_>) -> Self {
        let keys = result_keys(case);
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for initiative in &case.plan.initiatives {
            *times.entry(&initiative.key).or_default() += 1;
        }
        let mut known = Known::default();
        for answered in case.answered().into_iter().filter(|a| a.counts) {
            let texts = texts(&keys, |key| answered.reading.fields.get(key).and_then(|v| v.value.as_deref()));
            let alone = times.get(answered.initiative.key.as_str()) == Some(&1);
            let entry = alone.then(|| {
                let reached = read(case, answered.initiative, &texts);
                (texts, reached)
            });
            known.by_key.insert(answered.initiative.key.clone(), entry);
        }
        known
    }
}

/// The numeric goals of the year reported with their results. `reported` gives the settled text of a field that departments fill in, if it can be used.
pub fn of<'a>(case: &Case<'_>, initiative: &Initiative, reported: impl Fn(&str) -> Option<&'a str>) -> Vec<Reached> {
    let texts = texts(&result_keys(case), reported);
    match case.known().by_key.get(&initiative.key) {
        Some(Some((read, reached))) if *read == texts => reached.clone(),
        _ => read(case, initiative, &texts),
    }
}

/// The texts of these fields that are there and not blank.
fn texts<'a>(keys: &[String], reported: impl Fn(&str) -> Option<&'a str>) -> Texts {
    keys.iter().filter_map(|key| Some((key.clone(), reported(key).filter(|t| !t.trim().is_empty())?.to_owned()))).collect()
}

/// Goals against results.
fn read(case: &Case<'_>, initiative: &Initiative, texts: &Texts) -> Vec<Reached> {
    if texts.is_empty() {
        return Vec::new();
    }
    let Some(goal) = goal_text(case, initiative) else { return Vec::new() };
    let series = series(case, initiative);
    let mut reached: Vec<Reached> = Vec::new();
    for (key, text) in texts {
        for (n, rate) in quantity::compare(&series, goal, text).into_iter().enumerate() {
            let found = Reached {
                field: rate.actual.as_ref().map(|_| key.clone()).unwrap_or_default(),
                achievement: Achievement {
                    indicator: rate.goal.indicator.clone(),
                    goal: rate.goal.as_written.clone(),
                    actual: rate.actual.as_ref().map(|q: &Quantity| q.as_written.clone()).unwrap_or_default(),
                    rate: rate.rate,
                },
            };
            match reached.get_mut(n) {
                None => reached.push(found),
                Some(before) if before.achievement.actual.is_empty() => *before = found,
                Some(_) => {}
            }
        }
    }
    reached
}

/// The text that states the year's goal in figures: the figure of the year if the form has one, else the goal of the year.
fn goal_text<'i>(case: &Case<'_>, initiative: &'i Initiative) -> Option<&'i str> {
    let of_year = |role: Role| {
        plan_fields(case, initiative, role)
            .find(|(key, text)| key.year == Some(case.year()) && !quantity::parse(text).is_empty())
            .map(|(_, text)| text)
    };
    of_year(Role::YearValue).or_else(|| of_year(Role::YearGoal))
}

/// The plan's own story of the figures in order of time: baseline, goals of all years, target.
fn series<'i>(case: &Case<'_>, initiative: &'i Initiative) -> Vec<&'i str> {
    let yearly = |role: Role| {
        let mut all: Vec<(Key<'_>, &'i str)> = plan_fields(case, initiative, role).collect();
        all.sort_by_key(|(key, _)| key.year);
        all.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
    };
    let single = |role: Role| plan_fields(case, initiative, role).map(|(_, text)| text).collect::<Vec<_>>();
    let mut series = single(Role::Baseline);
    let figures = yearly(Role::YearValue);
    series.extend(if figures.is_empty() { yearly(Role::YearGoal) } else { figures });
    series.extend(single(Role::TargetValue));
    series
}

/// The plan's fields of a role that are not blank.
fn plan_fields<'i, 'c>(case: &'c Case<'_>, initiative: &'i Initiative, role: Role) -> impl Iterator<Item = (Key<'c>, &'i str)> {
    initiative.fields.iter().filter_map(move |(key, text)| {
        let what = case.key(key).filter(|k| k.is(role) && !k.asked && k.index.is_none())?;
        (!text.trim().is_empty()).then_some((what, text.as_str()))
    })
}

/// Keys of the fields that may give the result, the best first: the reported figure, then the report.
fn result_keys(case: &Case<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    for role in [Role::ReportValue, Role::Report] {
        for field in case.form.fields.iter().filter(|f| f.role == Some(role) && f.list.is_none()) {
            keys.push(if field.yearly { format!("{}.{}", field.key, case.year().key()) } else { field.key.clone() });
        }
    }
    keys
}
