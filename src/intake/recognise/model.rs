//! The form as reading needs it: every label with all its spellings, and for every field where its value stands beside or below them.
//!
//! In: a [`Form`] and the year reported. Out: a [`Model`], made once a run.
//! Stays true: nothing here knows an address; only words, order and direction.
//! Neighbours: `form` gives the slots; `hits` looks for the labels, `sheet_form` and `list_form` read the values.

use super::labels::{Canon, SURE, canon, heading_year, likeness, readings};
use crate::form::{Field, Form, Role, Shape, Slot};
use crate::value::FiscalYear;
use std::collections::BTreeMap;

/// Where a value stands as seen from its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// On its right.
    Right,
    /// Below it.
    Below,
}

/// One label of the form.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The field it belongs to; `None` for a label that only groups others (年次計画, R03).
    pub plan: Option<usize>,
    /// All spellings, each with how good it is.
    pub spellings: Vec<(Canon, u8)>,
    /// As the form prints it, for messages.
    pub shown: String,
    /// Its place in reading order.
    pub order: (usize, u32, u32),
}

/// One value of a field.
#[derive(Debug, Clone)]
pub(super) struct Want {
    /// Full key.
    pub key: String,
    /// The year.
    pub year: Option<FiscalYear>,
    /// Whether the department fills it in.
    pub asked: bool,
}

/// One field with all its values.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// The field.
    pub field: Field,
    /// Its label, an index into [`Model::labels`].
    pub label: Option<usize>,
    /// Where its value stands.
    pub direction: Direction,
    /// Labels that group it, nearest first.
    pub parents: Vec<usize>,
    /// Its values in the order of the form.
    pub wants: Vec<Want>,
    /// Reading order of its first value.
    pub order: (usize, u32, u32),
    /// Whether another cell of the form stands right of its value.
    pub followed: bool,
}

impl Plan {
    /// Whether the department fills in any of it.
    pub(super) fn is_asked(&self) -> bool {
        self.wants.iter().any(|w| w.asked)
    }

    /// Whether its values stand below year headings.
    pub(super) fn is_yearly(&self) -> bool {
        self.wants.iter().any(|w| w.year.is_some())
    }
}

/// The form, ready for reading.
#[derive(Debug)]
pub(super) struct Model {
    /// The year reported.
    pub year: FiscalYear,
    /// The years of the form's columns.
    pub years: Vec<FiscalYear>,
    /// All labels.
    pub labels: Vec<Label>,
    /// All fields that can be found, in the order of the form.
    pub plans: Vec<Plan>,
    index: BTreeMap<String, Vec<(usize, u8)>>,
}

impl Model {
    /// Prepares a form.
    pub(super) fn of(form: &Form, year: FiscalYear) -> Self {
        let mut slots = form.slots(year);
        if slots.is_empty() {
            slots = slots_by_declaration(form, year);
        }
        let mut model = Model { year, years: form.years(), labels: Vec::new(), plans: Vec::new(), index: BTreeMap::new() };
        for (n, field) in form.fields.iter().enumerate() {
            let own: Vec<&Slot> = slots.iter().filter(|s| s.field == n).collect();
            if !own.is_empty() {
                model.add(form, field, &own);
            }
        }
        model.add_parents(&slots);
        model.plans.sort_by_key(|p| p.order);
        for label in &mut model.labels {
            label.plan = None;
        }
        for (n, plan) in model.plans.iter().enumerate() {
            if let Some(label) = plan.label {
                model.labels[label].plan = Some(n);
            }
        }
        for (n, label) in model.labels.iter().enumerate() {
            for (c, quality) in &label.spellings {
                model.index.entry(c.words.clone()).or_default().push((n, *quality));
            }
        }
        model
    }

    fn add(&mut self, form: &Form, field: &Field, slots: &[&Slot]) {
        let near = self.year;
        let labels: Vec<String> = form.labels(field, near);
        let order = slots.iter().map(|s| (s.place.0, s.place.1, s.place.2)).min().unwrap_or_default();
        let own = |lists: &[Vec<String>]| lists.iter().any(|l| l.iter().any(|t| labels.iter().any(|o| canon(t, near).words == canon(o, near).words)));
        let direction = match slots.first() {
            Some(s) if own(&s.left) => Direction::Right,
            Some(s) if own(&s.above) => Direction::Below,
            _ if form.shape == Shape::List => Direction::Below,
            _ => Direction::Right,
        };
        let label = (!labels.is_empty()).then(|| {
            self.labels.push(Label { plan: None, spellings: spellings(&labels, near), shown: labels[0].clone(), order });
            self.labels.len() - 1
        });
        let wants = slots.iter().map(|s| Want { key: s.key.clone(), year: s.year, asked: s.asked }).collect();
        let followed = slots.first().is_some_and(|s| s.followed);
        self.plans.push(Plan { field: field.clone(), label, direction, parents: Vec::new(), wants, order, followed });
    }

    /// Labels that stand beside or above values without being the label of a field.
    fn add_parents(&mut self, slots: &[Slot]) {
        for slot in slots {
            for list in slot.left.iter().chain(&slot.above) {
                let Some(shown) = list.first() else { continue };
                if heading_year(shown, self.year).is_some() && self.is_heading(shown, slot) {
                    continue;
                }
                let words = canon(shown, self.year).words;
                let known = self.labels.iter().position(|l| l.spellings.iter().any(|(c, _)| c.words == words));
                let id = known.unwrap_or_else(|| {
                    let order = (slot.place.0, slot.place.1, 0);
                    self.labels.push(Label { plan: None, spellings: spellings(list, self.year), shown: shown.clone(), order });
                    self.labels.len() - 1
                });
                let key = &slot.key;
                if let Some(plan) = self.plans.iter_mut().find(|p| p.wants.iter().any(|w| w.key == *key))
                    && plan.label != Some(id)
                    && slot.left.contains(list)
                    && !plan.parents.contains(&id)
                {
                    plan.parents.push(id);
                }
            }
        }
    }

    /// A text that is a year is a heading when it stands above; on the left it names a block (R03).
    fn is_heading(&self, shown: &str, slot: &Slot) -> bool {
        slot.above.iter().any(|l| l.iter().any(|t| t == shown))
    }

    /// The labels that a text may be, all of the best quality, with that quality and the years in the text.
    pub(super) fn find(&self, text: &str) -> Option<(Vec<usize>, u8, Vec<i32>)> {
        let mut best: Option<(Vec<usize>, u8, Vec<i32>)> = None;
        for (c, quality) in readings(text, self.year) {
            let Some(known) = self.index.get(&c.words) else { continue };
            for (label, own) in known {
                let q = quality.min(*own);
                match &mut best {
                    Some((labels, b, _)) if *b == q => {
                        if !labels.contains(label) {
                            labels.push(*label);
                        }
                    }
                    Some((_, b, _)) if *b > q => {}
                    _ => best = Some((vec![*label], q, c.years.clone())),
                }
            }
        }
        best
    }

    /// Labels whose words are exactly these.
    pub(super) fn exactly(&self, words: &str) -> Option<usize> {
        self.index.get(words)?.iter().filter(|(_, q)| *q >= SURE).max_by_key(|(_, q)| *q).map(|(l, _)| *l)
    }

    /// Whether some label begins with these words and goes on.
    pub(super) fn begins(&self, words: &str) -> bool {
        !words.is_empty() && self.index.range(words.to_owned()..).take_while(|(w, _)| w.starts_with(words)).any(|(w, _)| w.len() > words.len())
    }

    /// The label that a text is most like, if one alone is; with the likeness.
    pub(super) fn nearest(&self, text: &str) -> Option<(usize, u8, Vec<i32>)> {
        let c = canon(text, self.year);
        let ways = readings(text, self.year);
        let best = |l: &Label| ways.iter().flat_map(|(c, _)| l.spellings.iter().map(|(s, _)| likeness(&c.words, &s.words))).max().unwrap_or(0);
        let mut scored: Vec<(u8, usize)> = self.labels.iter().enumerate().map(|(n, l)| (best(l), n)).filter(|(s, _)| *s > 0).collect();
        scored.sort_by(|a, b| b.cmp(a));
        match scored.as_slice() {
            [(s, n)] => Some((*n, *s, c.years)),
            [(s, n), (t, _), ..] if s > t => Some((*n, *s, c.years)),
            _ => None,
        }
    }

    /// The field of this role with a label or pattern.
    pub(super) fn by_role(&self, role: Role) -> Option<&Plan> {
        self.plans.iter().find(|p| p.field.role == Some(role))
    }

    /// How many fields have a label.
    pub(super) fn labelled(&self) -> usize {
        self.plans.iter().filter(|p| p.label.is_some()).count()
    }
}

/// All spellings with the brackets at their end left out, too.
fn spellings(labels: &[String], near: FiscalYear) -> Vec<(Canon, u8)> {
    let mut out: Vec<(Canon, u8)> = Vec::new();
    for label in labels {
        for (c, quality) in readings(label, near) {
            // A label that is nothing but a year once its notes are gone says too little.
            let enough = quality == 100 || c.words.chars().count() >= 2;
            if quality >= 88 && enough && !out.iter().any(|(o, _)| o.words == c.words) {
                out.push((c, quality));
            }
        }
    }
    out
}

/// What stands in for the slots of a form without a readable template: fields in the order of their declaration.
fn slots_by_declaration(form: &Form, year: FiscalYear) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (n, field) in form.fields.iter().enumerate() {
        let years: Vec<Option<FiscalYear>> = match (field.yearly, field.report_only && field.report_year_only) {
            (false, _) => vec![None],
            (true, true) => vec![Some(year)],
            (true, false) => form.years().into_iter().map(Some).collect(),
        };
        for y in years {
            let key = match (y, &field.list) {
                (Some(y), _) => format!("{}.{}", field.key, y.key()),
                (None, Some(list)) => format!("{list}.0.{}", field.key.strip_prefix(&format!("{list}.")).unwrap_or(&field.key)),
                (None, None) => field.key.clone(),
            };
            let asked = field.by == crate::form::FilledBy::Department && (!field.report_year_only || y.is_none_or(|y| y == year));
            let row = u32::try_from(n).unwrap_or(u32::MAX);
            slots.push(Slot {
                key,
                field: n,
                year: y,
                index: field.list.as_ref().map(|_| 0),
                asked,
                left: Vec::new(),
                above: Vec::new(),
                followed: false,
                place: (0, row, 0, 1, 1),
            });
        }
    }
    slots
}
