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
use intake::Intake;
use layout::font::Fonts;
use output::{Material, Placed};
use packet::SheetPages;
use plan::Job;
pub use progress::{Progress, Quiet, Stage};
use reconcile::since::{self, Since};
use reconcile::{Matched, Settled};

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
    /// What was read.
    pub intake: Intake,
    /// Which report answers what.
    pub matched: Matched,
    /// Where the sheets stand in the packet.
    pub sheets: Vec<SheetPages>,
    /// What differs from the last run, if there was one.
    pub since: Option<Since>,
    /// Where the files lie; `None` if nothing was to be written.
    pub placed: Option<Placed>,
}

impl Outcome {
    /// This run's `result.json` as a value.
    pub fn result(&self) -> serde_json::Value {
        let Outcome { settled, intake, matched, sheets, .. } = self;
        let whole = output::result::Whole { settled, matched, readings: &intake.readings, sheets };
        serde_json::to_value(whole).expect("texts, figures and lists of them are always JSON")
    }
}

/// Runs a job: reads what arrived, reconciles it with the plan, lays out and writes.
///
/// # Errors
/// Only for faults of the machine or of the job's own files (settings, plan, templates); what departments sent never stops a run.
pub fn run(job: &Job, options: &Options, progress: &dyn Progress) -> anyhow::Result<Outcome> {
    progress.stage(Stage::Preparing, 0);
    output::recover(&job.output)?;

    let form = form::Form::load(&job.settings.form, Some(&job.folder))?;
    let plan = plan::load(job, &form)?;
    let decisions = reconcile::waivers::load(job)?;
    let fonts = Fonts::load(Some(&job.folder))?;

    let (intake, findings) = intake::take_in(job, &form, &plan, progress)?;

    progress.stage(Stage::Reconciling, 0);
    let (matched, mut settled) = reconcile::reconcile(job, &form, plan, &intake, &decisions, findings, options.date);

    progress.stage(Stage::LayingOut, 0);
    let (packet, laid_out) = packet::bind(&form, &settled, job, &fonts)?;
    reconcile::add_from_layout(&mut settled.findings, laid_out);
    reconcile::waivers::apply(&mut settled.findings, &decisions.accepted, options.date);
    settled.findings.extend(reconcile::waivers::open_again(&settled.findings, &decisions.accepted));
    finding::sort(&mut settled.findings);
    let since = output::result::last(&job.output).and_then(|last| since::compare(&last, &settled));

    let material = Material {
        job,
        form: &form,
        intake: &intake,
        matched: &matched,
        settled: &settled,
        decisions: &decisions,
        since: since.as_ref(),
        fonts: &fonts,
        lang: options.lang,
    };
    let sheets = packet.sheets.clone();
    let placed = if options.write { Some(output::write_all(&material, packet, progress)?) } else { None };
    Ok(Outcome { settled, intake, matched, sheets, since, placed })
}
