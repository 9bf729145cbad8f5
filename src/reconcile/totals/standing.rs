//! Where each initiative stands in the collecting.

use crate::finding::Severity;
use crate::reconcile::{Edition, Settled, SettledInitiative, State};
use serde::Serialize;
use std::collections::BTreeSet;

/// Where an initiative stands in the collecting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// An answer arrived, and no error stands against it.
    Answered,
    /// An answer arrived, and an open error stands against it.
    Check,
    /// Nothing arrived.
    Missing,
    /// Nobody was asked: the plan as published.
    Plan,
}

impl Standing {
    /// Those that a report can have, in the order of tables.
    pub const ALL: [Standing; 3] = [Standing::Answered, Standing::Check, Standing::Missing];
}

/// Where every initiative stands: looked up often, so the errors are sorted once.
pub struct Standings<'a> {
    edition: Edition,
    wrong: BTreeSet<&'a str>,
}

impl<'a> Standings<'a> {
    /// Sorts the open errors about what arrived. An error of the plan itself (in no file) is not the department's.
    pub fn of(settled: &'a Settled) -> Self {
        let errors = settled.findings.iter().filter(|f| f.is_open() && f.rule.severity == Severity::Error && f.origin.file.is_some());
        Standings { edition: settled.edition, wrong: errors.filter_map(|f| f.initiative.as_deref()).collect() }
    }

    /// Where an initiative stands.
    pub fn standing(&self, initiative: &SettledInitiative) -> Standing {
        if self.edition == Edition::Plan {
            return Standing::Plan;
        }
        if !initiative.answered {
            return Standing::Missing;
        }
        let in_doubt = initiative.fields.values().any(|f| f.state == State::Check) || self.wrong.contains(initiative.key.as_str());
        if in_doubt { Standing::Check } else { Standing::Answered }
    }
}
