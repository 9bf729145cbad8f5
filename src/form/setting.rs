//! What a template is set with, besides its context: the form, the texts of its value cells, the year and the edition.

use super::Form;
use super::values::Values;
use crate::value::FiscalYear;
use tera::Context;

/// What a template is set with, besides its context.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The form: its fields and labels.
    pub form: &'a Form,
    /// Where value cells get their texts.
    pub values: &'a dyn Values,
    /// The year that is reported.
    pub report_year: FiscalYear,
    /// The report edition.
    pub report: bool,
}

impl Setting<'_> {
    /// What every template is told: the edition and the years.
    pub fn context(&self) -> Context {
        let year = |y: FiscalYear| {
            let key = y.key();
            let (era, number) = key.split_at(key.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
            serde_json::json!({"key": key, "printed": self.form.printed_year(y), "padded": format!("{era}{number:0>2}"), "western": y.western()})
        };
        let mut context = Context::new();
        context.insert("edition", if self.report { "report" } else { "plan" });
        context.insert("report", &self.report);
        context.insert("year", &year(self.report_year));
        context.insert("next", &year(self.report_year.plus(1)));
        context.insert("years", &self.form.years().into_iter().map(year).collect::<Vec<_>>());
        context
    }
}
