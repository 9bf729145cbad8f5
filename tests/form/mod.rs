//! Forms: every built-in form reads, and tells where an answer stands.

mod authoring;
mod sixth_city;

use torimatome::form::load::built_in_names;
use torimatome::form::{Form, setting::Setting, template::Templates, values::Blank};
use torimatome::value::FiscalYear;

/// Every built-in form with a year it is reported in.
fn forms() -> Vec<(Form, FiscalYear)> {
    built_in_names()
        .into_iter()
        .map(|n| {
            let form = Form::load(&n, None).unwrap();
            let year = form.years.first.plus(1);
            (form, year)
        })
        .collect()
}

#[test]
fn every_form_sets_a_blank_initiative_in_both_editions() {
    for (form, report_year) in forms() {
        for report in [false, true] {
            let templates = Templates::new(&form).unwrap_or_else(|p| panic!("{}: {p:?}", form.id));
            let setting = Setting { form: &form, values: &Blank, report_year, report };
            let name = torimatome::form::slots::sheet_template(&form);
            let context = torimatome::form::slots::blank_context(&setting);
            let tree = templates.tree(name, &context, &setting);
            assert!(tree.is_ok(), "{}: {:?}", form.id, tree.err());
        }
    }
}

#[test]
fn every_field_that_departments_fill_has_a_place() {
    for (form, year) in forms() {
        let slots = form.slots(year);
        for (i, field) in form.fields.iter().enumerate() {
            let asked = field.by == torimatome::form::FilledBy::Department;
            assert!(!asked || slots.iter().any(|s| s.field == i && s.asked), "{}: {} has no place", form.id, field.key);
        }
    }
}

/// One line a slot: key, asked, labels on its left, headings above it.
fn listing(name: &str, year: &str) -> String {
    let form = Form::load(name, None).unwrap();
    let show = |labels: &[Vec<String>]| labels.iter().filter_map(|l| l.first()).cloned().collect::<Vec<_>>().join(" < ");
    let slots = form.slots(FiscalYear::parse(year).unwrap());
    slots.iter().map(|s| format!("{}{} | {} | {}\n", s.key, if s.asked { " *" } else { "" }, show(&s.left), show(&s.above))).collect()
}

#[test]
fn slots_of_a_sheet_a_list_and_a_form_with_headings() {
    insta::assert_snapshot!(
        "slots",
        ["honjo R6", "annaka R3", "kodaira R3", "oyama_joho R3", "oyama_gyokaku R4"]
            .map(|c| c.split_once(' ').map(|(n, y)| format!("{n}\n{}", listing(n, y))).unwrap())
            .join("\n")
    );
}

#[test]
fn built_in_forms_have_nothing_wrong() {
    for name in built_in_names() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(&name);
        let problems = torimatome::form::check(&folder);
        assert!(problems.is_empty(), "{name}: {}", problems.iter().map(|p| format!("\n{p}")).collect::<String>());
    }
}
