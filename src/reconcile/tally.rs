//! Tally: who has answered and what each department must mend, counted once for page and terminal.
//!
//! In: the settled model and the register. Out: one [`Department`] a department, in the order of the register, and [`Counts`].
//! Stays true: every initiative, every open finding with a department and every file with a department is counted under exactly one department.
//! Neighbours: `settle` made the model; `render::html` and `terminal` show the figures.

use super::{Edition, Settled};
use crate::finding::{Finding, Severity};
use crate::intake::Status;
use crate::value::Register;
use std::collections::{BTreeMap, BTreeSet};

/// Open findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Findings that a person has accepted.
    pub accepted: usize,
}

impl Counts {
    /// Counts these findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Counts::default();
        for finding in findings {
            counts.add(finding);
        }
        counts
    }

    /// Counts one more.
    pub fn add(&mut self, finding: &Finding) {
        match (finding.is_open(), finding.rule.severity) {
            (false, _) => self.accepted += 1,
            (true, Severity::Error) => self.errors += 1,
            (true, Severity::Warning) => self.warnings += 1,
            (true, Severity::Note) => self.notes += 1,
        }
    }

    /// Open findings, whatever their severity.
    pub fn open(&self) -> usize {
        self.errors + self.warnings + self.notes
    }
}

/// How far a department has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DepartmentState {
    /// The plan edition: nothing was asked yet.
    Plan,
    /// An answer to everything that was asked.
    Answered,
    /// Some of what was asked is missing.
    Partly,
    /// Files arrived, and no answer could be read from them.
    Unreadable,
    /// Nothing arrived.
    Missing,
    /// Nothing was asked of it.
    NotAsked,
}

impl DepartmentState {
    /// A short word for it, the same in every output that a program reads.
    pub fn word(self) -> &'static str {
        match self {
            DepartmentState::Plan => "plan",
            DepartmentState::Answered => "answered",
            DepartmentState::Partly => "partly",
            DepartmentState::Unreadable => "unreadable",
            DepartmentState::Missing => "missing",
            DepartmentState::NotAsked => "none",
        }
    }
}

/// One department: what was asked of it, what came, what it must mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department<'a> {
    /// Its name of today.
    pub name: &'a str,
    /// How far it has come.
    pub state: DepartmentState,
    /// Initiatives that it was asked for.
    pub asked: usize,
    /// Initiatives of these that were answered.
    pub answered: usize,
    /// Files that arrived from it, superseded and unreadable ones too.
    pub files: usize,
    /// Its findings.
    pub findings: Counts,
}

/// The departments, in the order of the register; those that it does not know come last. A department of which nothing was asked, that sent nothing and
/// has nothing to mend is left out.
pub fn departments<'a>(settled: &'a Settled, register: &'a Register) -> Vec<Department<'a>> {
    let names = names(settled, register);
    let mut rows: BTreeMap<&str, Department<'a>> = names
        .iter()
        .map(|&name| (name, Department { name, state: DepartmentState::NotAsked, asked: 0, answered: 0, files: 0, findings: Counts::default() }))
        .collect();
    for initiative in &settled.initiatives {
        if let Some(row) = rows.get_mut(initiative.department.as_str()) {
            row.asked += 1;
            row.answered += usize::from(initiative.answered);
        }
    }
    let mut missing = BTreeSet::new();
    for entry in &settled.ledger {
        let Some(row) = entry.department.as_deref().and_then(|name| rows.get_mut(name)) else { continue };
        match entry.status {
            Status::Missing => {
                missing.insert(row.name);
            }
            Status::Accepted | Status::Superseded | Status::Unreadable => row.files += 1,
            Status::Ignored => {}
        }
    }
    for finding in &settled.findings {
        if let Some(row) = finding.department.as_deref().and_then(|name| rows.get_mut(name)) {
            row.findings.add(finding);
        }
    }
    names
        .iter()
        .filter_map(|name| rows.remove(name))
        .map(|row| Department { state: state(&row, settled.edition, missing.contains(row.name)), ..row })
        .filter(|row| row.asked + row.files + row.findings.open() + row.findings.accepted > 0 || row.state == DepartmentState::Missing)
        .collect()
}

/// Every name once: the register's, then those of initiatives, files and findings.
fn names<'a>(settled: &'a Settled, register: &'a Register) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    (register.entries.iter().map(|e| e.name.as_str()))
        .chain(settled.initiatives.iter().map(|i| i.department.as_str()))
        .chain(settled.ledger.iter().filter_map(|l| l.department.as_deref()))
        .chain(settled.findings.iter().filter_map(|f| f.department.as_deref()))
        .filter(|name| !name.is_empty() && seen.insert(*name))
        .collect()
}

/// How far a department has come. `missing`: the ledger says that nothing arrived.
fn state(row: &Department<'_>, edition: Edition, missing: bool) -> DepartmentState {
    match edition {
        Edition::Plan => DepartmentState::Plan,
        Edition::Report if missing => DepartmentState::Missing,
        Edition::Report if row.asked == 0 => {
            if row.files == 0 {
                DepartmentState::NotAsked
            } else {
                DepartmentState::Answered
            }
        }
        Edition::Report if row.answered == row.asked => DepartmentState::Answered,
        Edition::Report if row.answered > 0 => DepartmentState::Partly,
        Edition::Report if row.files > 0 => DepartmentState::Unreadable,
        Edition::Report => DepartmentState::Missing,
    }
}
