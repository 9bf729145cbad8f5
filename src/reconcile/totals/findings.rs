//! How many findings are open, by severity, and how many a person has accepted.

use crate::finding::{Finding, Severity};

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

    /// These and those together.
    pub fn and(self, other: Counts) -> Counts {
        Counts {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            notes: self.notes + other.notes,
            accepted: self.accepted + other.accepted,
        }
    }

    /// Open findings, whatever their severity.
    pub fn open(&self) -> usize {
        self.errors + self.warnings + self.notes
    }
}
