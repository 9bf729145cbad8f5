//! What people decided: accepted findings (`waivers.xlsx`) and answers given by telephone (`corrections.xlsx`).
//!
//! In: the two workbooks of the job folder, both optional. Out: [`Decisions`].
//! Stays true: the person's files are never changed; a row that cannot be understood is a finding; an acceptance holds for the value that was accepted only.
//! Neighbours: `workbook` reads the cells; `render::xlsx` writes fresh copies with the rows of [`waiver_rows`] and [`correction_rows`].

pub mod columns;

use crate::finding::Finding;
use crate::plan::Job;
use crate::plan::settings::Decision;
use std::collections::BTreeMap;

/// A finding that someone accepted, as a row of `waivers.xlsx` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Id of the finding.
    pub id: String,
    /// What was found when it was accepted; another value opens it again.
    pub found: String,
    /// Who, why, when, until when.
    pub waiver: crate::finding::Waiver,
}

/// An answer given otherwise than in a file, as a row of `corrections.xlsx` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Key of the initiative.
    pub initiative: String,
    /// Field key.
    pub field: String,
    /// The right value.
    pub value: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub when: String,
    /// Why.
    pub why: String,
}

/// One row of a person's workbook: the text of each known column, by its heading in [`columns`].
pub type Row = BTreeMap<&'static str, String>;

/// What people decided, with findings about rows that cannot be understood.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Accepted findings.
    pub accepted: Vec<Accepted>,
    /// Corrections.
    pub corrections: Vec<Correction>,
    /// Which initiative a report with an unknown name answers (R303), from the column この取組として扱う.
    pub decided: Vec<Decision>,
    /// Every row of the person's `waivers.xlsx`, as written.
    pub waiver_rows: Vec<Row>,
    /// Every row of the person's `corrections.xlsx`, as written.
    pub correction_rows: Vec<Row>,
    /// Rows that name no known finding, initiative or field.
    pub findings: Vec<Finding>,
}

/// Reads `waivers.xlsx` and `corrections.xlsx` of the job folder; both may be missing.
///
/// # Errors
/// If a file is there and cannot be opened (open in Excel, damaged): going on without it would undo people's decisions.
pub fn load(_job: &Job) -> anyhow::Result<Decisions> {
    Ok(Decisions::default())
}

/// Marks the findings that were accepted. An acceptance whose value has changed or whose time is over no longer counts.
pub fn apply(_findings: &mut [Finding], _accepted: &[Accepted], _date: chrono::NaiveDate) {}

/// The rows of the fresh `waivers.xlsx`: every finding of the run with what the person wrote about it, then the person's rows whose finding is gone.
/// Each row has a text for each of [`columns::WAIVERS`], in that order.
pub fn waiver_rows(findings: &[Finding], decisions: &Decisions) -> Vec<Vec<String>> {
    let theirs: BTreeMap<&str, &Row> = decisions.waiver_rows.iter().filter_map(|r| Some((r.get(columns::ID)?.as_str(), r))).collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut rows = Vec::new();
    for finding in findings {
        let id = finding.id();
        let mut row = row_of(finding, &id);
        if let Some(their) = theirs.get(id.as_str()) {
            for &column in columns::FOR_PEOPLE {
                row.extend(their.get(column).map(|text| (column, text.clone())));
            }
        }
        rows.push(in_order(&row, columns::WAIVERS));
        seen.insert(id);
    }
    let gone = decisions.waiver_rows.iter().filter(|r| !r.get(columns::ID).is_some_and(|id| seen.contains(id)));
    rows.extend(gone.map(|r| in_order(r, columns::WAIVERS)));
    rows
}

/// The rows of the fresh `corrections.xlsx`: the person's own, in the order of [`columns::CORRECTIONS`].
pub fn correction_rows(decisions: &Decisions) -> Vec<Vec<String>> {
    decisions.correction_rows.iter().map(|r| in_order(r, columns::CORRECTIONS)).collect()
}

/// What the program says of a finding in its row.
fn row_of(finding: &Finding, id: &str) -> Row {
    let or_blank = |text: &Option<String>| text.clone().unwrap_or_default();
    Row::from([
        (columns::ID, id.to_owned()),
        (columns::CODE, finding.rule.code.to_owned()),
        (columns::SEVERITY, finding.rule.severity.name().ja.to_owned()),
        (columns::DEPARTMENT, or_blank(&finding.department)),
        (columns::INITIATIVE, or_blank(&finding.initiative)),
        (columns::FIELD, or_blank(&finding.field)),
        (columns::FILE, or_blank(&finding.origin.file)),
        (columns::SHEET, or_blank(&finding.origin.sheet)),
        (columns::CELL, or_blank(&finding.origin.cell)),
        (columns::MESSAGE, finding.message.ja.clone()),
        (columns::FOUND, finding.found.clone()),
        (columns::EXPECTED, finding.expected.clone()),
    ])
}

fn in_order(row: &Row, columns: &[&'static str]) -> Vec<String> {
    columns.iter().map(|c| row.get(c).cloned().unwrap_or_default()).collect()
}
