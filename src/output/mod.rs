//! Output: writes everything below one folder, beside the old one, and moves it into place at the end.
//!
//! In: bytes and the settled model. Out: the files of a run, with fixed names.
//! Stays true: a run that is killed leaves the last good output whole; no name of a file, sheet or initiative leads out of the folder.
//! Neighbours: `render` made the bytes; nothing comes after.

mod place;
pub mod result;

pub use place::{Placed, Staging, recover};

use crate::finding::Lang;
use crate::layout::{Page, font::Fonts};
use crate::packet::Packet;
use crate::plan::InitiativeKey;
use crate::reconcile::Settled;
use crate::reconcile::since::Since;
use crate::reconcile::waivers::Decisions;
use crate::render::{html, pdf, returns, xlsx, xlsx::View};
use crate::value::safe_file_name;
use crate::{Progress, Stage};
use anyhow::Context;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Everything the writers need besides the laid-out pages.
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
    /// What differs from the last run.
    pub since: Option<&'a Since>,
    /// The fonts.
    pub fonts: &'a Fonts,
    /// Language of fixed texts.
    pub lang: Lang,
}

impl Material<'_> {
    /// What the writers of workbooks and page see.
    fn view<'a>(&'a self, packet: &'a Packet, sheet_files: &'a BTreeMap<InitiativeKey, String>) -> View<'a> {
        let Material { job, form, settled, since, fonts, lang, .. } = *self;
        View { settled, form, job, packet, fonts, lang, since, sheet_files }
    }
}

/// Writes everything and moves it into place. What has been made is written at once and forgotten: of a large plan it would not fit into memory.
///
/// # Errors
/// If a file cannot be made or written; the last output then stands untouched.
pub fn write_all(material: &Material<'_>, packet: Packet, progress: &dyn Progress) -> anyhow::Result<Placed> {
    let sheet_files = sheet_files(&packet, material.settled);
    let staging = Staging::beside(&material.job.output)?;
    write_pages(material, &packet, &sheet_files, &staging, progress)?;
    // The pages are drawn; what comes now only names their numbers.
    let packet = packet.without_pages();
    write_books(material, &packet, &sheet_files, &staging, progress)?;
    staging.put_in_place()
}

/// What shows the laid-out pages: single sheets, packet, page.
fn write_pages(
    material: &Material<'_>,
    packet: &Packet,
    sheet_files: &BTreeMap<InitiativeKey, String>,
    staging: &Staging,
    progress: &dyn Progress,
) -> anyhow::Result<()> {
    let settled = material.settled;
    let titles = settled.names();
    let print = |title: &str, pages: &[Arc<Page>]| {
        let about = pdf::About { title: title.to_owned(), author: settled.city.clone(), date: settled.date };
        pdf::write(&pages.iter().map(Arc::as_ref).collect::<Vec<_>>(), &about, material.fonts)
    };

    progress.stage(Stage::Printing, packet.single.len() as u64);
    packet.single.par_iter().try_for_each(|(key, pages)| {
        let name = format!("{SHEETS}/{}", sheet_files[key]);
        let bytes = print(titles.get(key.as_str()).copied().unwrap_or(&settled.title), pages).with_context(|| name.clone())?;
        progress.step();
        staging.write(&name, &bytes)
    })?;

    progress.stage(Stage::Writing, 2);
    staging.write(PACKET, &print(&settled.title, &packet.pages).context(PACKET)?)?;
    progress.step();
    staging.write(PAGE, &html::page(&material.view(packet, sheet_files)).context(PAGE)?)?;
    progress.step();
    Ok(())
}

/// What is made of the settled model alone: workbooks, `result.json`, and what goes back to the departments.
fn write_books(
    material: &Material<'_>,
    packet: &Packet,
    sheet_files: &BTreeMap<InitiativeKey, String>,
    staging: &Staging,
    progress: &dyn Progress,
) -> anyhow::Result<()> {
    let Material { settled, matched, intake, decisions, .. } = *material;
    let view = material.view(packet, sheet_files);
    let whole = result::Whole { settled, matched, readings: &intake.readings, sheets: &packet.sheets };
    progress.stage(Stage::Returning, 6);
    all(
        [
            &|| staging.write(SUMMARY, &xlsx::summary(&view).context(SUMMARY)?),
            &|| staging.write(FINDINGS, &xlsx::findings(&view).context(FINDINGS)?),
            &|| staging.write(WAIVERS, &xlsx::waivers(&view, decisions).context(WAIVERS)?),
            &|| staging.write(CORRECTIONS, &xlsx::corrections(&view, decisions).context(CORRECTIONS)?),
            &|| result::write(whole, &staging.file(RESULT)).context(RESULT),
            &|| returns::returns(&view, &intake.submissions, &|path, bytes| staging.write(&format!("{RETURNS}/{path}"), bytes)),
        ],
        progress,
    )
}

/// Does things side by side.
fn all<const N: usize>(things: [&(dyn Fn() -> anyhow::Result<()> + Sync); N], progress: &dyn Progress) -> anyhow::Result<()> {
    things.par_iter().try_for_each(|thing| {
        thing()?;
        progress.step();
        Ok(())
    })
}

/// `<key>_<name>.pdf` for each initiative that is printed alone, made safe for Windows.
pub fn sheet_files(packet: &Packet, settled: &Settled) -> BTreeMap<InitiativeKey, String> {
    let names = settled.names();
    packet
        .single
        .iter()
        .map(|(key, _)| (key.clone(), format!("{}.pdf", safe_file_name(&format!("{key}_{}", names.get(key.as_str()).unwrap_or(&""))))))
        .collect()
}
