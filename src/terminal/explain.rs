//! `explain`: what a finding means and what to do, from the rule's own documentation.

use super::{Ink, Look, wrap};
use crate::catalog;
use crate::finding::Rule;

/// No rule has this code or name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The nearest rules: code and name.
    pub nearest: Vec<(&'static str, &'static str)>,
}

/// The documentation of a rule, found by its code (`C407`, `c407`) or its name (`evaluation-contradicts-figures`).
///
/// # Errors
/// If there is no such rule; the nearest ones are named.
pub fn explain(look: &Look, wanted: &str) -> Result<String, Unknown> {
    let rules = catalog::rules();
    let folded = crate::value::fold(wanted).to_lowercase();
    match rules.iter().find(|r| r.code.to_lowercase() == folded || r.slug == folded) {
        Some(rule) => Ok(page(look, rule)),
        None => Err(Unknown { nearest: nearest(&rules, &folded) }),
    }
}

/// The rules whose code or name is most like the one wanted, at most three.
fn nearest(rules: &[&'static Rule], wanted: &str) -> Vec<(&'static str, &'static str)> {
    let mut by_likeness: Vec<(f64, &Rule)> =
        rules.iter().map(|r| (strsim::jaro_winkler(&r.code.to_lowercase(), wanted).max(strsim::jaro_winkler(r.slug, wanted)), *r)).collect();
    by_likeness.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.code.cmp(b.1.code)));
    by_likeness.iter().take(3).map(|(_, r)| (r.code, r.slug)).collect()
}

/// One rule as a page of text.
fn page(look: &Look, rule: &Rule) -> String {
    let mut out = format!(
        "{} {}  {}\n{}\n",
        look.paint(Ink::Bold, rule.code),
        look.severity(rule.severity),
        look.paint(Ink::Bold, rule.title.get(look.lang)),
        rule.slug
    );
    let parts = [
        (look.say("何を見ているか", "What it looks for"), &rule.what),
        (look.say("なぜ大切か", "Why it matters"), &rule.why),
        (look.say("例", "Example"), &rule.example),
        (look.say("直し方", "How to fix it"), &rule.fix),
    ];
    for (heading, text) in parts {
        out.push_str(&format!("\n{}\n  {}\n", look.paint(Ink::Bold, heading), wrap(text.get(look.lang), look.columns, 2)));
    }
    out
}
