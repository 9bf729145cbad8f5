//! The form that goes along with a letter: one blank worksheet for every initiative that is still to be answered.

use super::unique;
use crate::packet::asking::Asking;
use crate::reconcile::SettledInitiative;
use crate::render::letters::{Attached, Letter};
use crate::render::xlsx::View;
use crate::render::xlsx::form_book::form_book;
use crate::value::safe_file_name;

/// The initiatives of a department for which nothing could be read, but for those that someone has accepted as missing.
pub(super) fn still_missing<'v>(view: &'v View<'_>, department: &str) -> Vec<&'v SettledInitiative> {
    let accepted = |key: &str| view.settled.findings.iter().any(|f| f.rule.code == "R302" && f.initiative.as_deref() == Some(key) && !f.is_open());
    view.settled.initiatives.iter().filter(|i| i.department == department && !i.answered && !accepted(&i.key)).collect()
}

/// Adds the form for some initiatives to a letter and to what goes with it; nothing if there are none.
///
/// # Errors
/// If a template is wrong or the workbook cannot be assembled.
pub(super) fn enclose(
    view: &View<'_>,
    asking: &Asking<'_>,
    initiatives: &[&SettledInitiative],
    letter: &mut Letter,
    workbooks: &mut Vec<(String, Vec<u8>)>,
) -> anyhow::Result<()> {
    if initiatives.is_empty() {
        return Ok(());
    }
    let bytes = form_book(view, &asking.sheets(initiatives)?)?;
    let mut taken: Vec<String> = workbooks.iter().map(|(name, _)| name.clone()).collect();
    let name = safe_file_name(&format!("【{}】{}報告様式", letter.department, view.settled.fiscal_year.key()));
    let name = unique(&format!("{name}.xlsx"), &mut taken);
    letter.form.clone_from(&name);
    letter
        .attachments
        .push(Attached { name: name.clone(), about: format!("報告をいただいていない取組{}件の様式", initiatives.len()) });
    workbooks.push((name, bytes));
    Ok(())
}
