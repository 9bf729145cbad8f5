//! 差戻し: the department's own workbook with the wrong cells marked, a letter and a mail draft.

use super::xlsx::View;
use crate::intake::Submission;

/// Every file below 差戻し/, by its path there (`<課>/…`).
///
/// # Errors
/// If a template fails.
pub fn returns(_view: &View<'_>, _submissions: &[Submission]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    Ok(Vec::new())
}
