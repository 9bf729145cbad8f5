//! Workbooks that we write: 進捗総括表, 突合結果, waivers and corrections. The only user of rust_xlsxwriter.
//!
//! In: a [`View`] of the settled model. Out: bytes of workbooks.
//! Stays true: strings are written as strings, never as formulas; the same view gives the same bytes; no text is cut; all is readable without colour.
//! Neighbours: one file a sheet; `output` writes the bytes; `html` shows the same view as a page.

mod book;
mod by_department;
mod by_evaluation;
mod changes;
mod comparison;
mod decisions;
mod difference;
mod facts;
mod findings;
pub(crate) mod form_book;
mod list;
pub(crate) mod marked_copy;
mod overview;
mod plan_book;
mod ruler;
mod sketch;
mod sources;
mod submissions;
mod table;

use crate::finding::Lang;
use crate::layout::font::Fonts;
use crate::packet::Packet;
use crate::reconcile::totals::Totals;
use crate::reconcile::{Settled, since};
use book::Book;
pub use plan_book::plan_book;

/// What the writers of workbooks and page see.
pub struct View<'a> {
    /// Everything settled.
    pub settled: &'a Settled,
    /// The form, for labels and roles.
    pub form: &'a crate::form::Form,
    /// The settings.
    pub job: &'a crate::plan::Job,
    /// The bound packet, for page numbers.
    pub packet: &'a Packet,
    /// For measuring columns.
    pub fonts: &'a Fonts,
    /// Language of fixed texts.
    pub lang: Lang,
    /// What differs from the last run, if there was one.
    pub since: Option<&'a since::Since>,
    /// File name of each initiative's own PDF below 調書/, by key.
    pub sheet_files: &'a std::collections::BTreeMap<String, String>,
}

/// 進捗総括表.xlsx: 概要, 一覧, 所属別, 評価別, 提出状況, 変更一覧, 新旧対照, 突合結果, 出典.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn summary(view: &View<'_>) -> anyhow::Result<Vec<u8>> {
    let mut book = Book::new(view, "進捗総括表")?;
    let about = facts::Findings::of(view);
    let totals = Totals::of(view.settled, view.form, view.job);
    overview::write(view, &mut book, &totals, view.since)?;
    list::table(view, &book, &about).write(&mut book)?;
    by_department::table(view, &book, &totals).write(&mut book)?;
    by_evaluation::table(view, &book, &about, &totals).write(&mut book)?;
    submissions::table(view, &book, &totals).write(&mut book)?;
    changes::table(view, &book, &totals).write(&mut book)?;
    comparison::table(view).write(&mut book)?;
    findings::table(view, &book, "突合結果", None, view.since).write(&mut book)?;
    for table in sources::tables(view) {
        table.write(&mut book)?;
    }
    Ok(book.finish()?)
}

/// 突合結果.xlsx: open findings on one sheet, accepted ones on another.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn findings(view: &View<'_>) -> anyhow::Result<Vec<u8>> {
    let mut book = Book::new(view, "突合結果")?;
    for (sheet, open) in [("未対応", true), ("確認済み", false)] {
        findings::table(view, &book, sheet, Some(open), view.since).write(&mut book)?;
    }
    Ok(book.finish()?)
}

/// waivers.xlsx with all open findings added to the person's own rows.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn waivers(view: &View<'_>, decisions: &crate::reconcile::waivers::Decisions) -> anyhow::Result<Vec<u8>> {
    Ok(decisions::waivers(view, decisions)?)
}

/// corrections.xlsx with the person's own rows and a place for more.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn corrections(view: &View<'_>, decisions: &crate::reconcile::waivers::Decisions) -> anyhow::Result<Vec<u8>> {
    Ok(decisions::corrections(view, decisions)?)
}

/// The printed label of a field key with its year, for letters.
pub(crate) fn label(view: &View<'_>, key: &str) -> String {
    facts::label(view, key)
}
