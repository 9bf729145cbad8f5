//! Output: writes everything below one folder, beside the old one, and moves it into place at the end.
//!
//! In: bytes and the settled model. Out: the files of a run, with fixed names.
//! Stays true: a run that is killed leaves the last good output whole; no name of a file, sheet or initiative leads out of the folder.
//! Neighbours: `render` made the bytes; nothing comes after.

mod place;
pub mod result;

pub use place::{Placed, Staging, recover};

use crate::finding::Lang;
use crate::layout::font::Fonts;
use crate::packet::Packet;
use crate::plan::InitiativeKey;
use crate::reconcile::Settled;
use crate::reconcile::waivers::Decisions;
use crate::render::{html, pdf, returns, xlsx, xlsx::View};
use crate::value::safe_file_name;
use crate::{Progress, Stage};
use anyhow::Context;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What is written, by its fixed name.
pub const RESULT: &str = "result.json";
/// The summary workbook.
pub const SUMMARY: &str = "進捗総括表.xlsx";
/// The findings.
pub const FINDINGS: &str = "突合結果.xlsx";
/// Folder of the single sheets.
pub const SHEETS: &str = "調書";
/// The packet.
pub const PACKET: &str = "会議資料.pdf";
/// The page.
pub const PAGE: &str = "index.html";
/// Folder of what goes back to the departments.
pub const RETURNS: &str = "差戻し";
/// Fresh copy of what was accepted, with the open findings added.
pub const WAIVERS: &str = "waivers.xlsx";
/// Fresh copy of the corrections.
pub const CORRECTIONS: &str = "corrections.xlsx";

/// Everything the writers need.
pub struct Material<'a> {
    /// The job.
    pub job: &'a crate::plan::Job,
    /// The form.
    pub form: &'a crate::form::Form,
    /// What arrived: files are marked and sent back.
    pub intake: &'a crate::intake::Intake,
    /// Which report answers what.
    pub matched: &'a crate::reconcile::Matched,
    /// What is printed.
    pub settled: &'a Settled,
    /// What people decided.
    pub decisions: &'a Decisions,
    /// The laid-out pages.
    pub packet: &'a Packet,
    /// The fonts.
    pub fonts: &'a Fonts,
    /// Language of fixed texts.
    pub lang: Lang,
}

/// Writes everything and moves it into place. `result` is this run's `result.json`, `previous` the last one's.
///
/// # Errors
/// If a file cannot be made or written; the last output then stands untouched.
pub fn write_all(
    material: &Material<'_>,
    result: &serde_json::Value,
    previous: Option<&serde_json::Value>,
    progress: &dyn Progress,
) -> anyhow::Result<Placed> {
    let settled = material.settled;
    let sheet_files = sheet_files(material.packet, settled);
    let view = View {
        settled,
        form: material.form,
        job: material.job,
        packet: material.packet,
        fonts: material.fonts,
        lang: material.lang,
        previous,
        sheet_files: &sheet_files,
    };
    let titles: BTreeMap<&str, &str> = settled.initiatives.iter().map(|i| (i.key.as_str(), i.name.as_str())).collect();
    let staging = Staging::beside(&material.job.output)?;

    progress.stage(Stage::Printing, material.packet.single.len() as u64);
    material.packet.single.par_iter().try_for_each(|(key, pages)| {
        let name = &sheet_files[key];
        let title = titles.get(key.as_str()).copied().unwrap_or(&settled.title);
        let pages: Vec<&crate::layout::Page> = pages.iter().collect();
        let bytes = pdf::write(&pages, &about(title, settled), material.fonts).with_context(|| format!("{SHEETS}/{name}"))?;
        progress.step();
        staging.write(&format!("{SHEETS}/{name}"), &bytes)
    })?;

    progress.stage(Stage::Writing, 7);
    type Maker<'m> = (&'m str, Box<dyn Fn() -> anyhow::Result<Vec<u8>> + Sync + 'm>);
    let makers: Vec<Maker<'_>> = vec![
        (
            PACKET,
            Box::new(|| {
                let pages: Vec<&crate::layout::Page> = material.packet.pages.iter().collect();
                pdf::write(&pages, &about(&settled.title, settled), material.fonts)
            }),
        ),
        (SUMMARY, Box::new(|| xlsx::summary(&view))),
        (PAGE, Box::new(|| html::page(&view))),
        (FINDINGS, Box::new(|| xlsx::findings(&view))),
        (RESULT, Box::new(|| result::bytes(result))),
        (WAIVERS, Box::new(|| xlsx::waivers(&view, material.decisions))),
        (CORRECTIONS, Box::new(|| xlsx::corrections(&view, material.decisions))),
    ];
    makers.par_iter().try_for_each(|(name, make)| {
        let bytes = make().with_context(|| (*name).to_owned())?;
        progress.step();
        staging.write(name, &bytes)
    })?;

    progress.stage(Stage::Returning, 0);
    for (path, bytes) in returns::returns(&view, &material.intake.submissions)? {
        staging.write(&format!("{RETURNS}/{path}"), &bytes)?;
    }
    staging.put_in_place()
}

/// What a PDF says of itself.
fn about(title: &str, settled: &Settled) -> pdf::About {
    pdf::About { title: title.to_owned(), author: settled.city.clone(), date: settled.date }
}

/// `<key>_<name>.pdf` for each initiative that is printed alone, made safe for Windows.
pub fn sheet_files(packet: &Packet, settled: &Settled) -> BTreeMap<InitiativeKey, String> {
    let names: BTreeMap<&str, &str> = settled.initiatives.iter().map(|i| (i.key.as_str(), i.name.as_str())).collect();
    packet
        .single
        .iter()
        .map(|(key, _)| (key.clone(), format!("{}.pdf", safe_file_name(&format!("{key}_{}", names.get(key.as_str()).unwrap_or(&""))))))
        .collect()
}
