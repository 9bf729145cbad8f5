//! Settling: what is printed for each field of each initiative.
//!
//! In: the plan, the matched reports, the findings with waivers applied, and the corrections. Out: one [`SettledInitiative`] for each of the plan.
//! Stays true: a field that a department was asked for holds this year's answer, a correction, or nothing (未提出); never the plan's or last year's text in
//! its place. An open error against a value marks it 要確認. In the plan edition there is the plan's text and nothing else.
//! Neighbours: `checks` before; `layout`, `render` and `totals` after.

use super::checks::unknown_choice::{choice_of, choices_of};
use super::{Achievement, Case, Corrected, Edition, Key, SettledField, SettledInitiative, State, achievement, waivers::Correction};
use crate::finding::{Finding, Origin, Severity};
use crate::form::Role;
use crate::intake::Reading;
use crate::plan::{FieldKey, Initiative};
use crate::value::Sourced;
use std::collections::{BTreeMap, BTreeSet};

/// The initiatives as they will be printed, still without the plan's own data ([`SettledInitiative::raw`]), which the caller moves over. An open error against a reported value marks its cell; a missing answer is said, never filled with an old one.
pub fn settle(case: &Case<'_>, findings: &[Finding], corrections: &[Correction]) -> Vec<SettledInitiative> {
    let slots: Vec<FieldKey> = case.form.slots(case.year()).into_iter().map(|s| s.key).collect();
    let doubts = Doubts::of(findings);
    let mut corrected: BTreeMap<&str, Vec<&Correction>> = BTreeMap::new();
    for correction in corrections {
        corrected.entry(correction.initiative.as_str()).or_default().push(correction);
    }
    let answers: BTreeMap<usize, &super::Answer> = case.matched.answers.iter().map(|a| (a.initiative, a)).collect();
    let one = |(at, initiative): (usize, &Initiative)| {
        let answer = answers.get(&at).copied();
        let reading = answer.and_then(|a| a.reading).and_then(|r| case.intake.readings.get(r)).filter(|_| case.edition == Edition::Report);
        let corrections = corrected.get(initiative.key.as_str()).map(Vec::as_slice).unwrap_or_default();
        let desk = Desk { case, initiative, reading, doubts: &doubts, corrections };
        let department = answer.map(|a| a.department.clone()).or_else(|| initiative.answers.clone()).unwrap_or_default();
        desk.settle(&slots, department)
    };
    case.plan.initiatives.iter().enumerate().map(one).collect()
}

/// Open errors, by initiative and field: what they stand against is marked.
struct Doubts<'a> {
    fields: BTreeSet<(&'a str, &'a str)>,
    whole: BTreeSet<&'a str>,
}

impl<'a> Doubts<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        let mut doubts = Doubts { fields: BTreeSet::new(), whole: BTreeSet::new() };
        for finding in findings.iter().filter(|f| f.is_open() && f.rule.severity == Severity::Error) {
            match (finding.initiative.as_deref(), finding.field.as_deref()) {
                (Some(initiative), Some(field)) => {
                    doubts.fields.insert((initiative, field));
                }
                (Some(initiative), None) => {
                    doubts.whole.insert(initiative);
                }
                (None, _) => {}
            }
        }
        doubts
    }

    fn against(&self, initiative: &str, field: &str) -> bool {
        self.whole.contains(initiative) || self.fields.contains(&(initiative, field))
    }
}

/// Everything that is needed to settle one initiative.
struct Desk<'a> {
    case: &'a Case<'a>,
    initiative: &'a Initiative,
    reading: Option<&'a Reading>,
    doubts: &'a Doubts<'a>,
    corrections: &'a [&'a Correction],
}

impl Desk<'_> {
    fn settle(&self, slots: &[FieldKey], department: String) -> SettledInitiative {
        let fields: BTreeMap<FieldKey, SettledField> =
            self.keys(slots).into_iter().filter_map(|key| Some((key.to_owned(), self.field(key, &self.case.key(key)?)))).collect();
        SettledInitiative {
            key: self.initiative.key.clone(),
            name: self.initiative.name.clone(),
            chapter: self.case.form.chapter(&self.case.plan.document, &self.initiative.raw),
            department,
            answered: self.reading.is_some(),
            evaluation: self.evaluation(&fields),
            evaluation_before: self.evaluation_before(),
            achievements: self.achievements(&fields),
            fields,
            raw: serde_json::Value::Null,
        }
    }

    /// Every key of the form, the plan, the report and the corrections, each once. Rows of a list beyond the first stand only if something is in them.
    fn keys<'s>(&'s self, slots: &'s [FieldKey]) -> BTreeSet<&'s str> {
        let plan = self.initiative.fields.keys();
        let read = self.reading.into_iter().flat_map(|r| r.fields.keys());
        let corrected = self.corrections.iter().map(|c| &c.field);
        slots.iter().chain(plan).chain(read).chain(corrected).map(String::as_str).collect()
    }

    fn field(&self, key: &str, what: &Key<'_>) -> SettledField {
        let corrected = self.corrections.iter().rev().find(|c| c.field == key).filter(|_| self.case.edition == Edition::Report);
        let settled = if !what.asked || self.case.edition == Edition::Plan { self.planned(key, what) } else { self.answer(key, what) };
        match corrected {
            None => settled,
            Some(c) => SettledField {
                value: c.value.clone(),
                state: State::Corrected(Box::new(Corrected {
                    by: c.by.clone(),
                    when: c.when.clone(),
                    why: c.why.clone(),
                    instead_of: Some(settled.value).filter(|v| !v.is_empty()),
                })),
                ..settled
            },
        }
    }

    /// The plan's own text; where the plan does not know it, what the form that came back says.
    fn planned(&self, key: &str, what: &Key<'_>) -> SettledField {
        let plain =
            |value: String| SettledField { as_written: value.clone(), value, reported: what.asked, origin: Origin::default(), state: State::Plan };
        if let Some(text) = self.initiative.fields.get(key) {
            return plain(text.clone());
        }
        match self.read(key).and_then(|s| Some((s, s.value.as_deref().filter(|v| !v.is_empty())?))) {
            Some((sourced, value)) => SettledField {
                value: value.to_owned(),
                as_written: sourced.as_written.clone(),
                reported: false,
                origin: sourced.origin.clone(),
                state: State::Reported,
            },
            None => plain(String::new()),
        }
    }

    /// What the department answered, or that it did not.
    fn answer(&self, key: &str, what: &Key<'_>) -> SettledField {
        let Some(sourced) = self.read(key) else {
            // A field that need not be filled in and that the returned form lacks is blank; everything else was asked for and did not arrive.
            let blank = self.reading.is_some() && (!what.field.required || what.index.is_some_and(|i| i > 0));
            let state = if blank { State::Reported } else { State::Missing };
            return SettledField { value: String::new(), as_written: String::new(), reported: true, origin: Origin::default(), state };
        };
        let doubtful = sourced.value.is_none() || self.doubts.against(&self.initiative.key, key) || self.is_no_choice(what, sourced);
        SettledField {
            value: sourced.value.clone().unwrap_or_default(),
            as_written: sourced.as_written.clone(),
            reported: true,
            origin: sourced.origin.clone(),
            state: if doubtful { State::Check } else { State::Reported },
        }
    }

    /// Whether a choice holds a word that is not among the choices, whatever has been said about it: it cannot be counted.
    fn is_no_choice(&self, what: &Key<'_>, sourced: &Sourced) -> bool {
        let choices = choices_of(self.case, what.field);
        let text = sourced.value.as_deref().unwrap_or_default();
        !choices.is_empty()
            && !text.trim().is_empty()
            && choice_of(text, &choices).is_none()
            && super::checks::placeholder_left::placeholder_in(text).is_some()
    }

    fn read(&self, key: &str) -> Option<&Sourced> {
        self.reading.and_then(|r| r.fields.get(key))
    }

    /// The year's evaluation (or the kind of change) as the form spells it; empty where there is none or it is in doubt.
    fn evaluation(&self, fields: &BTreeMap<FieldKey, SettledField>) -> String {
        let of_role = |role: Role| {
            fields.iter().find_map(|(key, field)| {
                let what = self.case.key(key).filter(|k| k.is(role) && k.year.is_none_or(|y| y == self.case.year()))?;
                let usable = !matches!(field.state, State::Check | State::Missing) && !field.value.trim().is_empty();
                usable.then(|| {
                    let choices = choices_of(self.case, what.field);
                    choice_of(&field.value, &choices).map_or_else(|| field.value.clone(), str::to_owned)
                })
            })
        };
        of_role(Role::Evaluation).or_else(|| of_role(Role::ChangeType)).unwrap_or_default()
    }

    /// Last year's evaluation: of the plan's own year columns, else of last year's result.
    fn evaluation_before(&self) -> String {
        let year = self.case.year().plus(-1);
        let of_plan = self
            .initiative
            .fields
            .iter()
            .find(|(key, text)| !text.trim().is_empty() && self.case.key(key).is_some_and(|k| k.is(Role::Evaluation) && k.year == Some(year)));
        let of_result = || self.case.job.last_year.evaluation(self.initiative);
        of_plan.map(|(_, text)| text.as_str()).or_else(of_result).unwrap_or_default().trim().to_owned()
    }

    fn achievements(&self, fields: &BTreeMap<FieldKey, SettledField>) -> Vec<Achievement> {
        let usable = |key: &str| fields.get(key).filter(|f| matches!(f.state, State::Reported | State::Corrected(_))).map(|f| f.value.as_str());
        achievement::of(self.case, self.initiative, usable).into_iter().map(|r| r.achievement).collect()
    }
}
