//! The preview of a form: its packet with sample data in both editions as PDF, and a page with the sheet and where each answer is read.
//!
//! In: a form's folder. Out: [`Preview`].
//! Stays true: the preview goes through the same rooms as a run; only the data is made up.

use super::{html, sample};
use crate::form::{Form, load, slots};
use crate::layout::{Page, font::Fonts};
use crate::packet;
use crate::plan::{self, Job, Settings};
use crate::reconcile::{Edition, Settled, SettledField, SettledInitiative, State};
use crate::render::pdf;
use anyhow::Context;
use chrono::NaiveDate;
use std::path::Path;
use std::sync::Arc;

/// A form, shown.
#[derive(Debug)]
pub struct Preview {
    /// The plan edition, then the report edition with an ordinary, a long and a missing answer.
    pub pdf: Vec<u8>,
    /// The sheet as a page, and where each answer is read.
    pub html: String,
}

/// Shows the form in a folder (the folder that holds `form.toml`).
///
/// # Errors
/// If the form is wrong; `form check` says more.
pub fn preview(folder: &Path, fonts: &Fonts, date: NaiveDate) -> anyhow::Result<Preview> {
    let form = load::load_folder(folder)?;
    let year = form.years.first;
    let mut pages: Vec<Arc<Page>> = Vec::new();
    for edition in [Edition::Plan, Edition::Report] {
        let (job, settled) = made_up(&form, edition, date)?;
        let (packet, _) = packet::bind(&form, &settled, &job, fonts)?;
        pages.extend(packet.pages);
    }
    let about = pdf::About { title: format!("{} 見本", form.id), author: String::new(), date };
    let pdf = pdf::write(&pages.iter().map(Arc::as_ref).collect::<Vec<_>>(), &about, fonts)?;
    let tree = slots::blank_tree(&form, year, true).context("様式の見本を作れません / the blank sheet cannot be made")?;
    Ok(Preview { pdf, html: html::page(&form, &tree, &form.slots(year)) })
}

/// A job and a settled model with sample data.
fn made_up(form: &Form, edition: Edition, date: NaiveDate) -> anyhow::Result<(Job, Settled)> {
    let year = form.years.first;
    let text = format!(
        "id = \"sample\"\ntitle = \"様式の見本\"\ncity = \"○○市\"\nplan = \"plan.json\"\nform = \"sample\"\nfiscal_year = \"{}\"\n",
        year.key()
    );
    let settings: Settings = toml::from_str(&text)?;
    let job = Job {
        settings,
        folder: ".".into(),
        input: "input".into(),
        output: "output".into(),
        register: Default::default(),
        last_year: Default::default(),
    };
    let plan = plan::data::plan_of(sample::plan(form), &job, form)?;
    let slots = form.slots(year);
    let initiatives = plan
        .initiatives
        .iter()
        .enumerate()
        .map(|(n, initiative)| {
            let mut fields: std::collections::BTreeMap<_, _> =
                initiative.fields.iter().map(|(k, v)| (k.clone(), field(v.clone(), false, State::Plan))).collect();
            for slot in slots.iter().filter(|s| s.asked && edition == Edition::Report) {
                let declared = &form.fields[slot.field];
                let value =
                    if n == 0 { field(sample::answer(declared, false), true, State::Reported) } else { field(String::new(), true, State::Missing) };
                fields.insert(slot.key.clone(), value);
            }
            SettledInitiative {
                key: initiative.key.clone(),
                name: initiative.name.clone(),
                chapter: form.chapter(&plan.document, &initiative.raw),
                department: initiative.leads.first().cloned().unwrap_or_default(),
                answered: n == 0,
                fields,
                evaluation: String::new(),
                evaluation_before: String::new(),
                achievements: Vec::new(),
                raw: initiative.raw.clone(),
            }
        })
        .collect();
    let settled = Settled {
        edition,
        job: job.settings.id.clone(),
        title: job.settings.title.clone(),
        city: job.settings.city.clone(),
        fiscal_year: year,
        date,
        document: plan.document.clone(),
        initiatives,
        ledger: Vec::new(),
        findings: Vec::new(),
        inputs: Vec::new(),
    };
    Ok((job, settled))
}

/// A sample value.
fn field(value: String, reported: bool, state: State) -> SettledField {
    SettledField { as_written: value.clone(), value, reported, origin: Default::default(), state }
}
