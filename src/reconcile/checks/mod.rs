//! The checks, one file each: type, texts, documentation, logic, tests.
//!
//! A check takes a [`Case`] and returns findings. `ALL` is their order; a test reports a forgotten one.

use super::Case;
use crate::finding::Finding;

/// A check: what does not agree, with its place.
pub type Check = fn(&Case<'_>) -> Vec<Finding>;

/// Every check, in order.
pub static ALL: &[Check] = &[];

/// Runs every check.
pub fn run(case: &Case<'_>) -> Vec<Finding> {
    ALL.iter().flat_map(|check| check(case)).collect()
}
