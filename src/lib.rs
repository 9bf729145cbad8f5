//! torimatome (取りまとめ): reads the workbooks that a city's departments send in, reconciles them with the master plan, and prints the official sheets,
//! a summary workbook and the packet for the council.
//!
//! The rooms, in the order the data flows; a room uses rooms above it, never below:
//! [`finding`], [`value`], [`workbook`], [`plan`], [`form`], [`intake`], [`reconcile`], [`layout`], [`packet`], [`render`], [`output`].
//! [`run`] is the whole pipeline on one screen.

pub mod authoring;
pub mod catalog;
pub mod finding;
pub mod form;
pub mod intake;
pub mod layout;
pub mod output;
pub mod packet;
pub mod plan;
pub mod progress;
pub mod reconcile;
pub mod render;
pub mod terminal;
pub mod value;
pub mod workbook;

use finding::Lang;
use layout::font::Fonts;
use output::{Material, Placed};
use plan::Job;
pub use progress::{Progress, Quiet, Stage};
use reconcile::Settled;

/// What a run is told besides its job.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day of the run: the only clock there is.
    pub date: chrono::NaiveDate,
    /// Language of fixed texts in what is written.
    pub lang: Lang,
    /// Write the output, or read and reconcile only.
    pub write: bool,
}

/// What a run found and wrote.
#[derive(Debug)]
pub struct Outcome {
    /// Everything settled, with all findings.
    pub settled: Settled,
    /// Where the files lie; `None` if nothing was to be written.
    pub placed: Option<Placed>,
    /// What the run before this one left in `result.json`, if anything.
    pub previous: Option<serde_json::Value>,
    /// This run's `result.json`.
    pub result: serde_json::Value,
}

/// Runs a job: reads what arrived, reconciles it with the plan, lays out and writes.
///
/// # Errors
/// Only for faults of the machine or of the job's own files (settings, plan, templates); what departments sent never stops a run.
pub fn run(job: &Job, options: &Options, progress: &dyn Progress) -> anyhow::Result<Outcome> {
    progress.stage(Stage::Preparing, 0);
    output::recover(&job.output)?;
    let previous = output::result::previous(&job.output);

    let form = form::Form::load(&job.settings.form, Some(&job.folder))?;
    let plan = plan::load(job, &form)?;
    let decisions = reconcile::waivers::load(job)?;
    let fonts = Fonts::load(Some(&job.folder))?;

    let (intake, findings) = intake::take_in(job, &form, &plan, progress)?;

    progress.stage(Stage::Reconciling, 0);
    let (matched, mut settled) = reconcile::reconcile(job, &form, &plan, &intake, &decisions, findings, options.date);

    progress.stage(Stage::LayingOut, 0);
    let (packet, laid_out) = packet::bind(&form, &settled, job, &fonts)?;
    reconcile::add_from_layout(&mut settled.findings, laid_out);
    reconcile::waivers::apply(&mut settled.findings, &decisions.accepted, options.date);
    settled.findings.extend(reconcile::waivers::open_again(&settled.findings, &decisions.accepted));
    finding::sort(&mut settled.findings);

    let material = Material {
        job,
        form: &form,
        intake: &intake,
        matched: &matched,
        settled: &settled,
        decisions: &decisions,
        packet: &packet,
        fonts: &fonts,
        lang: options.lang,
    };
    let result = output::result::value(&material);
    let placed = if options.write { Some(output::write_all(&material, &result, previous.as_ref(), progress)?) } else { None };
    Ok(Outcome { settled, placed, previous, result })
}
