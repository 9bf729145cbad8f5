//! Findings on the terminal, grouped by the department that must act.

use super::{Ink, Look, glance, one_line, wrap};
use crate::finding::{self, Finding, Severity, Shown};
use crate::plan::Job;
use crate::reconcile::Settled;
use crate::reconcile::totals::{self, Counts};
use std::collections::BTreeMap;

/// Notes are many and ask nothing of anybody: more than this of one rule and department are only counted.
const NOTES_SHOWN: usize = 3;

/// All open findings: department by department in the order of the register, then those that are nobody's in particular.
/// Within a department errors come first.
pub fn listing(look: &Look, job: &Job, settled: &Settled) -> String {
    let mut groups: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in settled.findings.iter().filter(|f| f.is_open()) {
        groups.entry(finding.department.as_deref().unwrap_or_default()).or_default().push(finding);
    }
    let departments = totals::departments(settled, &job.register);
    let order = departments.iter().map(|d| d.name.as_str()).filter(|n| !n.is_empty()).chain([""]);
    let names = settled.names();
    let mut out = String::new();
    for name in order {
        let Some(mut findings) = groups.remove(name) else { continue };
        findings.sort_by_key(|f| f.rule.severity);
        let heading = if name.is_empty() {
            look.say("計画そのもの・取りまとめ担当", "the plan itself, or nobody in particular").to_owned()
        } else {
            one_line(name)
        };
        out.push_str(&format!("\n{}  {}\n", look.paint(Ink::Bold, &heading), counts(look, &Counts::of(findings.iter().copied()))));
        out.push_str(&group(look, &names, &findings));
    }
    out
}

/// 「エラー 2件・警告 1件」; nothing for nothing.
pub(super) fn counts(look: &Look, counts: &Counts) -> String {
    let one = |n: usize, severity: Severity| match look.lang {
        crate::finding::Lang::Ja => format!("{} {n}件", look.severity(severity)),
        crate::finding::Lang::En => format!("{n} {}{}", look.severity(severity), if n == 1 { "" } else { "s" }),
    };
    let parts: Vec<String> = [(counts.errors, Severity::Error), (counts.warnings, Severity::Warning), (counts.notes, Severity::Note)]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, severity)| one(n, severity))
        .collect();
    parts.join(look.say("・", ", "))
}

/// The findings of one department.
fn group(look: &Look, names: &BTreeMap<&str, &str>, findings: &[&Finding]) -> String {
    let mut out = String::new();
    let mut notes: BTreeMap<&str, usize> = BTreeMap::new();
    for shown in finding::cut(findings.iter().copied()) {
        let finding = findings[shown.place];
        if finding.rule.severity == Severity::Note {
            let seen = notes.entry(finding.rule.code).or_default();
            *seen += 1 + shown.further;
            if *seen > NOTES_SHOWN {
                continue;
            }
        }
        out.push_str(&one(look, names, finding, shown));
    }
    for (code, seen) in notes.into_iter().filter(|(_, seen)| *seen > NOTES_SHOWN) {
        let left = seen - NOTES_SHOWN;
        let words = match look.lang {
            crate::finding::Lang::Ja => format!("  {code} ほか{left}件（突合結果.xlsx にあります）\n"),
            crate::finding::Lang::En => format!("  {code} and {left} more (in 突合結果.xlsx)\n"),
        };
        out.push_str(&look.paint(Ink::Weak, &words));
    }
    out
}

/// One finding: what, where, found and expected, what to do.
fn one(look: &Look, names: &BTreeMap<&str, &str>, finding: &Finding, shown: Shown) -> String {
    let indent = 10;
    let mut out = format!(
        "  {} {}  {}\n",
        finding.rule.code,
        look.severity(finding.rule.severity),
        wrap(&one_line(shown.message(finding).get(look.lang)), look.columns, indent)
    );
    let mut line = |label: &str, text: String| {
        if !text.is_empty() {
            out.push_str(&format!("    {}  {text}\n", super::pad(label, 8)));
        }
    };
    let key = finding.initiative.as_deref().unwrap_or_default();
    let name = names.get(key).copied().unwrap_or_default();
    line(look.say("取組", "about"), one_line(&format!("{key} {name}")));
    line(look.say("場所", "place"), one_line(&finding.origin.to_string()));
    line(look.say("内容", "found"), glance(&finding.found, look.columns.saturating_sub(14)));
    line(look.say("あるべき", "expected"), glance(&finding.expected, look.columns.saturating_sub(14)));
    line(look.say("直し方", "to do"), wrap(&one_line(finding.help.get(look.lang)), look.columns, 14));
    out
}
