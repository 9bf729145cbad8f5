//! How far each department has come: files that arrived, what it must mend.
//!
//! Stays true: every open finding with a department and every file with a department is counted under exactly one department.

use super::{Group, Tally};
use crate::intake::Status;
use crate::reconcile::{Edition, Settled};
use crate::value::Register;
use std::collections::{BTreeMap, BTreeSet};

/// How far a department has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
    #[default]
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

/// The departments in the order of the register, those that it does not know behind them; last a group without a name for initiatives that nobody was
/// asked for. A department of which nothing was asked, that sent nothing and has nothing to mend is left out.
pub(super) fn departments(settled: &Settled, register: &Register, tally: &Tally<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = names(settled, register).into_iter().chain([""]).map(|name| tally.group(name)).collect();
    let places: BTreeMap<String, usize> = groups.iter().enumerate().map(|(at, g)| (g.name.clone(), at)).collect();
    for initiative in &settled.initiatives {
        if let Some(&at) = places.get(&initiative.department) {
            tally.add(&mut groups[at], initiative);
        }
    }
    let mut missing = BTreeSet::new();
    for entry in &settled.ledger {
        let Some(&at) = entry.department.as_deref().and_then(|name| places.get(name)) else { continue };
        match entry.status {
            Status::Missing => {
                missing.insert(at);
            }
            Status::Accepted | Status::Superseded | Status::Unreadable => groups[at].files += 1,
            Status::Ignored => {}
        }
    }
    for finding in &settled.findings {
        if let Some(&at) = finding.department.as_deref().filter(|d| !d.is_empty()).and_then(|name| places.get(name)) {
            groups[at].findings.add(finding);
        }
    }
    for (at, group) in groups.iter_mut().enumerate() {
        group.state = state(group, settled.edition, missing.contains(&at));
    }
    groups.retain(|g| g.gross + g.files + g.findings.open() + g.findings.accepted > 0 || g.state == DepartmentState::Missing);
    groups.retain(|g| !g.name.is_empty() || g.gross > 0);
    groups
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
fn state(group: &Group, edition: Edition, missing: bool) -> DepartmentState {
    match edition {
        Edition::Plan => DepartmentState::Plan,
        Edition::Report if missing => DepartmentState::Missing,
        Edition::Report if group.gross == 0 => {
            if group.files == 0 {
                DepartmentState::NotAsked
            } else {
                DepartmentState::Answered
            }
        }
        Edition::Report if group.answered() == group.gross => DepartmentState::Answered,
        Edition::Report if group.answered() > 0 => DepartmentState::Partly,
        Edition::Report if group.files > 0 => DepartmentState::Unreadable,
        Edition::Report => DepartmentState::Missing,
    }
}
