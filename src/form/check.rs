//! Checking a form: everything that is wrong with its files, for people who write templates.
//!
//! In: a form's folder, or a loaded form. Out: [`Problem`]s with file, line and column, sorted.
//! Stays true: both editions are looked at, and what is wrong in both is told once.
//! Neighbours: `authoring` shows what a form looks like.

use super::setting::Setting;
use super::slots::{blank_context, sheet_template};
use super::source::{Place, Problem};
use super::template::Templates;
use super::values::Blank;
use super::{FilledBy, Form, load};
use crate::value::fold;
use std::path::Path;

/// Everything that is wrong with the form in a folder; an empty list if nothing is.
pub fn check(folder: &Path) -> Vec<Problem> {
    match load::load_folder(folder) {
        Ok(form) => check_form(&form),
        Err(e) => {
            let text = e.chain().last().map_or_else(|| e.to_string(), ToString::to_string);
            vec![Problem::new(Place { file: "form.toml".to_owned(), line: 0, column: 0 }, text.clone(), text)]
        }
    }
}

/// Everything that is wrong with the templates of a loaded form.
pub fn check_form(form: &Form) -> Vec<Problem> {
    let templates = match Templates::new(form) {
        Ok(templates) => templates,
        Err(problems) => return problems,
    };
    let mut problems = Vec::new();
    let names = template_names(form);
    for report in [false, true] {
        for name in &names {
            let setting = Setting { form, values: &Blank, report_year: form.years.first, report };
            let mut context = blank_context(&setting);
            context.insert("chapters", &serde_json::json!([]));
            context.insert("chapter_no", &1);
            if let Err(found) = templates.tree(name, &context, &setting) {
                problems.extend(found.into_iter().filter(|p| !problems.contains(p)).collect::<Vec<_>>());
            }
        }
    }
    if problems.is_empty() {
        problems.extend(fields(form));
    }
    problems.sort_by(|a, b| (&a.place.file, a.place.line, a.place.column).cmp(&(&b.place.file, b.place.line, b.place.column)));
    problems
}

/// The templates that the packet names; `sheet.xml` alone if it names none.
pub fn template_names(form: &Form) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let parts = form.packet.parts.iter().flat_map(|p| [Some(&p.template), p.divider.as_ref()]).flatten();
    for name in parts.cloned().chain(form.packet.parts.is_empty().then(|| sheet_template(form).to_owned())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Fields that no answer could be read from: without a place on the sheet, or with the same labels as another.
fn fields(form: &Form) -> Vec<Problem> {
    let slots = form.slots(form.years.first);
    let mut problems = Vec::new();
    let toml = || Place { file: "form.toml".to_owned(), line: 0, column: 0 };
    for (i, field) in form.fields.iter().enumerate() {
        let asked = field.by == FilledBy::Department;
        if asked && !slots.iter().any(|s| s.field == i) {
            problems.push(Problem::new(
                toml(),
                format!("項目「{}」は課が書く欄ですが、様式のどこにもありません。<value field=\"{0}\"/> を置いてください", field.key),
                format!("departments fill in `{}`, but no template has a <value> for it", field.key),
            ));
        }
    }
    let folded = |labels: &[Vec<String>]| labels.iter().filter_map(|l| l.first().map(|t| fold(t))).collect::<Vec<_>>();
    for (i, a) in slots.iter().enumerate() {
        let twin = slots[..i].iter().find(|b| b.field != a.field && folded(&a.left) == folded(&b.left) && folded(&a.above) == folded(&b.above));
        let unlabelled = a.left.is_empty() && a.above.is_empty();
        if let Some(twin) = twin.filter(|_| (a.asked || !unlabelled) && form.fields[a.field].pattern.is_none()) {
            problems.push(Problem::new(
                toml(),
                format!("「{}」と「{}」は見出しが同じで、戻ってきたファイルで見分けられません。見出しを変えてください", twin.key, a.key),
                format!("`{}` and `{}` stand under the same labels and cannot be told apart in a returned file", twin.key, a.key),
            ));
        }
    }
    problems
}
