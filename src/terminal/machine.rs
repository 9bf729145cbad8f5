//! `--json`: the same for machines. One object for each job; fields are added, never renamed.

use crate::Outcome;
use crate::plan::Job;
use crate::reconcile::totals::{self, Counts};
use serde_json::{Value, json};
use std::path::Path;

/// One job: counts, departments, what changed, where the files lie, and the whole result as in `result.json`.
pub fn machine(job: &Job, outcome: &Outcome) -> Value {
    let settled = &outcome.settled;
    let (all, answered) = totals::answered(settled);
    let counts = Counts::of(&settled.findings);
    json!({
        "job": settled.job,
        "ok": true,
        "output": outcome.placed.as_ref().map(|p| slashed(&p.folder)),
        "locked": outcome.placed.as_ref().map(|p| p.locked.iter().map(|f| slashed(f)).collect::<Vec<_>>()).unwrap_or_default(),
        "too_long": outcome.placed.as_ref().map(|p| p.too_long.iter().map(|f| slashed(f)).collect::<Vec<_>>()).unwrap_or_default(),
        "initiatives": all,
        "answered": answered,
        "errors": counts.errors,
        "warnings": counts.warnings,
        "notes": counts.notes,
        "accepted": counts.accepted,
        "departments": totals::departments(settled, &job.register).iter().filter(|d| !d.name.is_empty()).map(|d| json!({
            "name": d.name, "state": d.state.word(), "asked": d.gross, "answered": d.answered(), "files": d.files,
            "errors": d.findings.errors, "warnings": d.findings.warnings, "notes": d.findings.notes,
        })).collect::<Vec<_>>(),
        "since": outcome.since.as_ref().map(|s| json!({
            "date": s.date, "new": s.new.len(), "mended": s.mended.len(), "altered": s.altered.len(), "accepted": s.accepted.len(),
            "values": s.values.len(), "answered": s.answered, "withdrawn": s.withdrawn, "arrived": s.arrived, "removed": s.removed,
        })),
        "result": outcome.result(),
    })
}

/// A path with `/` on every system.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// A job that could not be run.
pub fn failed(job: &Job, error: &anyhow::Error) -> Value {
    json!({ "job": job.settings.id, "ok": false, "error": format!("{error:#}") })
}
