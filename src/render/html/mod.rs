//! index.html: one offline file that shows who has answered, what is wrong, every sheet and every origin.

use super::xlsx::View;

/// The page.
///
/// # Errors
/// If the template fails.
pub fn page(_view: &View<'_>) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("the page is not there yet")
}
