//! `result.json`: everything, machine-readable. Fields are added, never renamed.

use super::Material;
use crate::finding::Finding;
use crate::intake::Status;
use crate::reconcile::{SettledInitiative, State, totals};
use crate::value::Sourced;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The file's bytes: indented, in a fixed order, ending in a line break.
///
/// # Errors
/// None in practice: a [`value`] holds nothing that JSON cannot say.
pub fn bytes(result: &Value) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(result)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What the last run left in a folder, if it can be read.
pub fn previous(folder: &std::path::Path) -> Option<Value> {
    let bytes = std::fs::read(folder.join(super::RESULT)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The whole result.
pub fn value(material: &Material<'_>) -> Value {
    let settled = material.settled;
    json!({
        "job": settled.job,
        "plan": settled.title,
        "fiscal_year": settled.fiscal_year.key(),
        "edition": match settled.edition { crate::reconcile::Edition::Plan => "plan", crate::reconcile::Edition::Report => "report" },
        "run": {
            "version": env!("CARGO_PKG_VERSION"),
            "date": settled.date.to_string(),
            "inputs": settled.inputs.iter().map(|(file, sha256)| json!({ "file": file, "sha256": sha256 })).collect::<Vec<_>>(),
        },
        "initiatives": initiatives(material),
        "records": records(material),
        "diagnostics": settled.findings.iter().map(diagnostic).collect::<Vec<_>>(),
        "submissions": settled.ledger.iter().map(|entry| json!({
            "file": entry.file,
            "department": entry.department,
            "sent_at": entry.sent_at.map(|t| t.format("%Y-%m-%d %H:%M:%S").to_string()),
            "status": status(entry.status),
            "reason": entry.reason.ja,
            "reason_en": entry.reason.en,
        })).collect::<Vec<_>>(),
        "pages": material.packet.sheets.iter().map(|s| json!({
            "initiative": s.initiative,
            "first_page": s.first_page,
            "last_page": s.last_page,
        })).collect::<Vec<_>>(),
    })
}

/// What every initiative of the plan came to, answered or not: with records, diagnostics and submissions all that a total is made of.
fn initiatives(material: &Material<'_>) -> Vec<Value> {
    let settled = material.settled;
    let one = |initiative: &SettledInitiative| {
        let doubtful = initiative.fields.iter().filter(|(_, f)| f.state == State::Check).map(|(key, _)| key.as_str());
        json!({
            "initiative": initiative.key,
            "name": initiative.name,
            "chapter": initiative.chapter,
            "department": initiative.department,
            "answered": initiative.answered,
            "repeated": totals::is_repeated(initiative),
            "evaluation": initiative.evaluation,
            "last_year": initiative.evaluation_before,
            "in_doubt": doubtful.collect::<Vec<_>>(),
            "rates": initiative.achievements.iter().map(|a| a.rate).collect::<Vec<_>>(),
        })
    };
    settled.initiatives.iter().map(one).collect()
}

/// The word for a state of a submission.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Accepted => "accepted",
        Status::Superseded => "superseded",
        Status::Unreadable => "unreadable",
        Status::Ignored => "ignored",
        Status::Missing => "missing",
    }
}

/// One record for each initiative that was answered (by a file or by telephone), and one for each further department of a joint one.
fn records(material: &Material<'_>) -> Vec<Value> {
    let settled: BTreeMap<&str, &SettledInitiative> = material.settled.initiatives.iter().map(|i| (i.key.as_str(), i)).collect();
    let mut records = Vec::new();
    for answer in &material.matched.answers {
        let Some(initiative) = material.settled.initiatives.get(answer.initiative).and_then(|i| settled.get(i.key.as_str())) else { continue };
        if answer.reading.is_none() && !initiative.fields.values().any(|f| matches!(f.state, State::Corrected { .. })) {
            continue;
        }
        records.push(json!({
            "initiative": initiative.key,
            "name": initiative.name,
            "department": answer.department,
            "evaluation": initiative.evaluation,
            "fields": fields(material, initiative, answer.reading),
        }));
        for &other in &answer.others {
            let department = material.matched.reading_department.get(&other).unwrap_or(&answer.department);
            if *department != answer.department {
                records.push(json!({
                    "initiative": initiative.key,
                    "name": initiative.name,
                    "department": department,
                    "joint": true,
                    "fields": other_fields(material, initiative, other),
                }));
            }
        }
    }
    records
}

/// The fields of the record that counts: what was read, with a correction over it where there is one.
fn fields(material: &Material<'_>, initiative: &SettledInitiative, reading: Option<usize>) -> Map<String, Value> {
    let read = reading.and_then(|r| material.intake.readings.get(r)).map(|r| &r.fields);
    let mut out = Map::new();
    for (key, sourced) in read.into_iter().flatten() {
        out.insert(key.clone(), field(initiative, key, sourced));
    }
    for (key, settled) in &initiative.fields {
        if let State::Corrected { by, when, why, instead_of } = &settled.state {
            let entry =
                out.entry(key.clone()).or_insert_with(|| json!({ "as_written": "", "role": "report", "file": null, "sheet": null, "cell": null }));
            entry["value"] = json!(settled.value);
            entry["corrected"] = json!({ "by": by, "when": when, "why": why, "instead_of": instead_of });
        }
    }
    out
}

/// The fields of another department's report of a joint initiative.
fn other_fields(material: &Material<'_>, initiative: &SettledInitiative, reading: usize) -> Map<String, Value> {
    let Some(reading) = material.intake.readings.get(reading) else { return Map::new() };
    reading.fields.iter().map(|(key, sourced)| (key.clone(), field(initiative, key, sourced))).collect()
}

/// One field as it was read.
fn field(initiative: &SettledInitiative, key: &str, sourced: &Sourced) -> Value {
    let reported = initiative.fields.get(key).is_some_and(|f| f.reported);
    json!({
        "value": sourced.value,
        "as_written": sourced.as_written,
        "role": if reported { "report" } else { "plan" },
        "file": sourced.origin.file,
        "sheet": sourced.origin.sheet,
        "cell": sourced.origin.cell,
    })
}

/// One finding.
pub fn diagnostic(finding: &Finding) -> Value {
    json!({
        "id": finding.id(),
        "code": finding.rule.code,
        "slug": finding.rule.slug,
        "severity": finding.rule.severity,
        "department": finding.department,
        "initiative": finding.initiative,
        "field": finding.field,
        "file": finding.origin.file,
        "sheet": finding.origin.sheet,
        "cell": finding.origin.cell,
        "found": finding.found,
        "expected": finding.expected,
        "message": finding.message.ja,
        "message_en": finding.message.en,
        "help": finding.help.ja,
        "help_en": finding.help.en,
        "related": finding.related.iter().map(|r| json!({
            "label": r.label.ja, "label_en": r.label.en, "quote": r.quote,
            "file": r.origin.file, "sheet": r.origin.sheet, "cell": r.origin.cell,
        })).collect::<Vec<_>>(),
        "waived": finding.waived,
    })
}
