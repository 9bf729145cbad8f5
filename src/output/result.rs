//! `result.json`: everything, machine-readable. Fields are added, never renamed.
//!
//! In: what a run came to. Out: the file, written entry by entry: of a plan with thousands of initiatives the whole is never in memory.

use crate::finding::Finding;
use crate::intake::{LedgerEntry, Reading, Status};
use crate::packet::SheetPages;
use crate::reconcile::since::Last;
use crate::reconcile::{Answer, Edition, Matched, Settled, SettledInitiative, State, totals};
use crate::value::Sourced;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value, json};
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// What the result is told of.
#[derive(Clone, Copy)]
pub struct Whole<'a> {
    /// What is printed.
    pub settled: &'a Settled,
    /// Which report answers what.
    pub matched: &'a Matched,
    /// What was read.
    pub readings: &'a [Reading],
    /// Where the sheets stand in the packet.
    pub sheets: &'a [SheetPages],
}

/// Writes the file: indented, in a fixed order, ending in a line break.
///
/// # Errors
/// If the file cannot be written.
pub fn write(whole: Whole<'_>, file: &Path) -> anyhow::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    serde_json::to_writer_pretty(&mut file, &whole)?;
    file.write_all(b"\n")?;
    Ok(file.flush()?)
}

/// What the last run left in a folder, as far as it is compared with; `None` if there is nothing that can be read.
pub fn last(folder: &Path) -> Option<Last> {
    let file = std::fs::File::open(folder.join(super::RESULT)).ok()?;
    serde_json::from_reader(BufReader::with_capacity(1 << 16, file)).ok()
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let settled = self.settled;
        let run = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "date": settled.date.to_string(),
            "inputs": settled.inputs.iter().map(|(file, sha256)| json!({ "file": file, "sha256": sha256 })).collect::<Vec<_>>(),
        });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("job", &settled.job)?;
        map.serialize_entry("plan", &settled.title)?;
        map.serialize_entry("fiscal_year", &settled.fiscal_year.key())?;
        map.serialize_entry("edition", if settled.edition == Edition::Plan { "plan" } else { "report" })?;
        map.serialize_entry("run", &run)?;
        map.serialize_entry("initiatives", &Each(|| settled.initiatives.iter().map(initiative)))?;
        map.serialize_entry("records", &Each(|| self.matched.answers.iter().flat_map(|answer| records(*self, answer))))?;
        map.serialize_entry("diagnostics", &Each(|| settled.findings.iter().map(diagnostic)))?;
        map.serialize_entry("submissions", &Each(|| settled.ledger.iter().map(submission)))?;
        map.serialize_entry("pages", &Each(|| self.sheets.iter().map(pages)))?;
        map.end()
    }
}

/// A list whose entries are made one by one while they are written.
struct Each<F>(F);

impl<I: Iterator<Item = Value>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// What an initiative of the plan came to, answered or not: with records, diagnostics and submissions all that a total is made of.
fn initiative(initiative: &SettledInitiative) -> Value {
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
}

/// A line of the ledger.
fn submission(entry: &LedgerEntry) -> Value {
    json!({
        "file": entry.file,
        "department": entry.department,
        "sent_at": entry.sent_at.map(|t| t.format("%Y-%m-%d %H:%M:%S").to_string()),
        "status": status(entry.status),
        "reason": entry.reason.ja,
        "reason_en": entry.reason.en,
    })
}

/// Where a sheet stands.
fn pages(sheet: &SheetPages) -> Value {
    json!({ "initiative": sheet.initiative, "first_page": sheet.first_page, "last_page": sheet.last_page })
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

/// The records of an initiative: one if it was answered (by a file or by telephone), and one for each further department of a joint one.
fn records(whole: Whole<'_>, answer: &Answer) -> Vec<Value> {
    let Some(initiative) = whole.settled.initiatives.get(answer.initiative) else { return Vec::new() };
    if answer.reading.is_none() && !initiative.fields.values().any(|f| matches!(f.state, State::Corrected(_))) {
        return Vec::new();
    }
    let mut records = vec![json!({
        "initiative": initiative.key,
        "name": initiative.name,
        "department": answer.department,
        "evaluation": initiative.evaluation,
        "fields": fields(whole, initiative, answer.reading),
    })];
    for &other in &answer.others {
        let department = whole.matched.reading_department.get(&other).unwrap_or(&answer.department);
        if *department != answer.department {
            records.push(json!({
                "initiative": initiative.key,
                "name": initiative.name,
                "department": department,
                "joint": true,
                "fields": other_fields(whole, initiative, other),
            }));
        }
    }
    records
}

/// The fields of the record that counts: what was read, with a correction over it where there is one.
fn fields(whole: Whole<'_>, initiative: &SettledInitiative, reading: Option<usize>) -> Map<String, Value> {
    let read = reading.and_then(|r| whole.readings.get(r)).map(|r| &r.fields);
    let mut out = Map::new();
    for (key, sourced) in read.into_iter().flatten() {
        out.insert(key.clone(), field(initiative, key, sourced));
    }
    for (key, settled) in &initiative.fields {
        if let State::Corrected(c) = &settled.state {
            let entry =
                out.entry(key.clone()).or_insert_with(|| json!({ "as_written": "", "role": "report", "file": null, "sheet": null, "cell": null }));
            entry["value"] = json!(settled.value);
            entry["corrected"] = json!({ "by": c.by, "when": c.when, "why": c.why, "instead_of": c.instead_of });
        }
    }
    out
}

/// The fields of another department's report of a joint initiative.
fn other_fields(whole: Whole<'_>, initiative: &SettledInitiative, reading: usize) -> Map<String, Value> {
    let Some(reading) = whole.readings.get(reading) else { return Map::new() };
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
