//! Matching: which report answers which initiative of the plan.

use super::Matched;
use crate::finding::Finding;
use crate::form::Form;
use crate::intake::Intake;
use crate::plan::{Job, Plan};

/// Pairs readings with initiatives: by name with department first; the sheet's name and number support it.
pub fn match_readings(_intake: &Intake, _job: &Job, _form: &Form, _plan: &Plan) -> (Matched, Vec<Finding>) {
    (Matched::default(), Vec::new())
}
