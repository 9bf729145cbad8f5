//! Templates: Tera sources of a form, compiled once, expanded for each sheet.
//!
//! In: the form's files and a context. Out: [`Tree`]s, or problems with template, line and column.
//! Stays true: whatever the data holds, it is text: `{{ … }}` is always escaped.
//! Neighbours: [`super::source`] keeps the places, [`super::parse`] reads the expanded XML.

use super::nearest::{Hint, did_you_mean};
use super::setting::Setting;
use super::source::{Expanded, Place, Places, Problem, escape};
use super::tree::Tree;
use super::{Form, parse};
use std::collections::BTreeMap;
use tera::{Context, Tera};

/// The templates of a form, compiled.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    places: Places,
    sources: BTreeMap<String, String>,
}

impl Templates {
    /// Compiles the templates of a form.
    ///
    /// # Errors
    /// One problem for each template that Tera cannot read.
    pub fn new(form: &Form) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        for (name, source) in &form.templates {
            if let Err(e) = Tera::default().add_raw_template(name, source)
                && !is_reference(&e)
            {
                problems.push(tera_problem(name, source, &e));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut places = Places::default();
        let marked: Vec<(String, String)> = form.templates.iter().map(|(n, s)| (n.clone(), places.mark(n, s))).collect();
        let mut tera = Tera::default();
        tera.set_escape_fn(escape);
        tera.autoescape_on(vec![".xml"]);
        tera.add_raw_templates(marked).map_err(|e| vec![tera_problem("", "", &e)])?;
        Ok(Templates { tera, places, sources: form.templates.clone() })
    }

    /// Expands a template and reads what it says.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn tree(&self, name: &str, context: &Context, setting: &Setting<'_>) -> Result<Tree, Vec<Problem>> {
        // Tera panics on some expressions (an index that is not ASCII, for one); a template must never take the run with it.
        let rendered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.tera.render(name, context)));
        let Ok(rendered) = rendered else {
            let place = Place { file: name.to_owned(), line: 0, column: 0 };
            return Err(vec![Problem::new(
                place,
                "テンプレートの式を計算できません。［ ］の中に日本語の名前があるときは | get(key=…) を使ってください",
                "an expression cannot be computed; use `| get(key=…)` where a name in [ ] is not ASCII",
            )]);
        };
        let text = rendered.map_err(|e| vec![self.render_problem(name, context, &e)])?;
        let expanded = Expanded::new(&text);
        parse::read(&expanded, &self.places, name, setting)
    }

    /// What went wrong while a template was expanded: Tera names the variable, its place is looked up in the source.
    fn render_problem(&self, name: &str, context: &Context, error: &tera::Error) -> Problem {
        let text = chain(error);
        let Some(variable) = text.split_once("Variable `").and_then(|(_, r)| r.split_once('`')).map(|(v, _)| v) else {
            return tera_problem(name, self.sources.get(name).map_or("", String::as_str), error);
        };
        let place = self.find(name, variable);
        let known: Vec<String> = match context.clone().into_json() {
            serde_json::Value::Object(map) => map.keys().cloned().collect(),
            _ => Vec::new(),
        };
        let head = variable.split(['.', '[']).next().unwrap_or(variable);
        let hint = if known.iter().any(|k| k == head) { Hint::default() } else { did_you_mean(head, known.iter().map(String::as_str)) };
        Problem::new(
            place,
            format!("「{variable}」という値はありません{hint}"),
            format!("there is no value `{variable}` here (use `{{% if {variable} %}}` where it may be missing){}", hint.en),
        )
    }

    /// The first place where a variable is used in a tag: in the template itself, else in the others.
    fn find(&self, name: &str, variable: &str) -> Place {
        let own = self.sources.get_key_value(name);
        let others = self.sources.iter().filter(|(n, _)| *n != name);
        for (file, source) in own.into_iter().chain(others) {
            if let Some(at) = source.find(variable) {
                let (line, column) = super::load::line_column(source, at);
                return Place { file: file.clone(), line, column };
            }
        }
        Place { file: name.to_owned(), line: 0, column: 0 }
    }
}

/// Whether Tera only misses another template, which is there when all are loaded together.
fn is_reference(error: &tera::Error) -> bool {
    let text = chain(error);
    text.contains("does not exist") || text.contains("isn't present in Tera") || text.contains("not found in Tera") || text.contains("missing parent")
}

/// An error and its causes.
fn chain(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(c) = cause {
        text.push_str(": ");
        text.push_str(&c.to_string());
        cause = c.source();
    }
    text
}

/// A problem from what Tera says: ` --> 3:5` is the place.
fn tera_problem(name: &str, source: &str, error: &tera::Error) -> Problem {
    let text = chain(error);
    let place = text.split_once("--> ").and_then(|(_, rest)| {
        let (line, rest) = rest.split_once(':')?;
        let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((line.trim().parse().ok()?, column.parse().ok()?))
    });
    let (line, column) = place.unwrap_or((usize::from(!source.is_empty()), 1));
    let what = text.lines().rev().find(|l| l.trim_start().starts_with('=')).map_or(text.as_str(), |l| l.trim_start_matches([' ', '=']));
    Problem::new(
        Place { file: name.to_owned(), line, column },
        format!("テンプレートの書き方が違います（{what}）"),
        format!("the template cannot be read: {what}"),
    )
}
