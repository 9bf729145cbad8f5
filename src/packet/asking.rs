//! The ask face: the sheets of some initiatives as they are sent out, with the plan's texts in them and this year's answers blank.
//!
//! In: the settled model. Out: a layout tree for each initiative; for a list one tree with a row for each.
//! Stays true: no answer of anybody stands on a form that is sent out, and no mark; the plan's texts stand as on the printed sheet.
//! Neighbours: `render::xlsx` draws the trees as worksheets; `intake` reads the same form when it comes back.

use super::trees::{Maker, told};
use crate::form::template::Templates;
use crate::form::tree::Tree;
use crate::form::{Field, Form, Shape, slots};
use crate::plan::{InitiativeKey, Job};
use crate::reconcile::{Edition, Settled, SettledField, SettledInitiative, State};

/// The templates of a form, ready to make sheets that are sent out.
pub struct Asking<'a> {
    form: &'a Form,
    settled: &'a Settled,
    job: &'a Job,
    templates: Templates,
}

/// A sheet to be sent out.
#[derive(Debug)]
pub struct AskedSheet {
    /// The initiative; `None` for a list.
    pub initiative: Option<InitiativeKey>,
    /// What stands on it.
    pub tree: Tree,
}

impl<'a> Asking<'a> {
    /// Compiles the form's templates.
    ///
    /// # Errors
    /// If one is wrong.
    pub fn new(form: &'a Form, settled: &'a Settled, job: &'a Job) -> anyhow::Result<Self> {
        let templates = Templates::new(form).map_err(|p| told(&form.id, &p))?;
        Ok(Asking { form, settled, job, templates })
    }

    /// The sheets of some initiatives, in the order given.
    ///
    /// # Errors
    /// If a template is wrong.
    pub fn sheets(&self, initiatives: &[&SettledInitiative]) -> anyhow::Result<Vec<AskedSheet>> {
        let blank = self.blank(initiatives);
        let maker = Maker::new(self.form, &blank, self.job, &self.templates);
        let template = slots::sheet_template(self.form);
        if self.form.shape == Shape::List {
            return Ok(vec![AskedSheet { initiative: None, tree: maker.whole(template, None)? }]);
        }
        let trees = maker.expand_stretch(template, 0..blank.initiatives.len())?;
        let sheet = |(initiative, tree): (&SettledInitiative, Tree)| AskedSheet { initiative: Some(initiative.key.clone()), tree };
        Ok(blank.initiatives.iter().zip(trees).map(sheet).collect())
    }

    /// The report edition of these initiatives before anybody has answered.
    fn blank(&self, initiatives: &[&SettledInitiative]) -> Settled {
        let of = self.settled;
        Settled {
            edition: Edition::Report,
            job: of.job.clone(),
            title: of.title.clone(),
            city: of.city.clone(),
            fiscal_year: of.fiscal_year,
            date: of.date,
            document: of.document.clone(),
            initiatives: initiatives.iter().map(|i| self.unanswered(i)).collect(),
            ledger: Vec::new(),
            findings: Vec::new(),
            inputs: Vec::new(),
        }
    }

    /// The initiative without its answers, its lists as long as the form offers places.
    fn unanswered(&self, initiative: &SettledInitiative) -> SettledInitiative {
        let plain = |value: &str, reported: bool| SettledField {
            value: value.to_owned(),
            as_written: value.to_owned(),
            reported,
            origin: Default::default(),
            state: State::Plan,
        };
        let planned = initiative.fields.iter().filter(|(_, f)| f.state == State::Plan || f.reported);
        let mut fields: std::collections::BTreeMap<_, _> =
            planned.map(|(key, f)| (key.clone(), plain(if f.reported { "" } else { &f.value }, f.reported))).collect();
        for (field, list, places) in self.form.fields.iter().filter_map(|f: &Field| Some((f, f.list.as_deref()?, f.places?))) {
            let member = field.key.strip_prefix(list).unwrap_or_default();
            for place in 0..places {
                fields.entry(format!("{list}.{place}{member}")).or_insert_with(|| plain("", true));
            }
        }
        SettledInitiative {
            fields,
            answered: false,
            evaluation: String::new(),
            evaluation_before: String::new(),
            achievements: Vec::new(),
            key: initiative.key.clone(),
            name: initiative.name.clone(),
            chapter: initiative.chapter.clone(),
            department: initiative.department.clone(),
            raw: initiative.raw.clone(),
        }
    }
}
