//! Workbooks that we write: 進捗総括表, 突合結果, waivers and corrections. The only user of rust_xlsxwriter.

use crate::finding::Lang;
use crate::layout::font::Fonts;
use crate::packet::Packet;
use crate::reconcile::Settled;

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
    /// What the last run left, if there was one.
    pub previous: Option<&'a serde_json::Value>,
    /// File name of each initiative's own PDF below 調書/, by key.
    pub sheet_files: &'a std::collections::BTreeMap<String, String>,
}

/// 進捗総括表.xlsx.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn summary(_view: &View<'_>) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("the summary workbook is not there yet")
}

/// 突合結果.xlsx.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn findings(_view: &View<'_>) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("the findings workbook is not there yet")
}

/// waivers.xlsx with all open findings added to the person's own rows.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn waivers(_view: &View<'_>, _decisions: &crate::reconcile::waivers::Decisions) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("waivers.xlsx is not there yet")
}

/// corrections.xlsx with the person's own rows and a place for more.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn corrections(_view: &View<'_>, _decisions: &crate::reconcile::waivers::Decisions) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("corrections.xlsx is not there yet")
}
