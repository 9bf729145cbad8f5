//! Intake: from a folder of mails and files to readings.
//!
//! In: `input/<job>` and the form. Out: [`Submission`]s (every file that arrived, with its way here), [`Reading`]s (one initiative as one sheet or row
//! reports it) and findings.
//! Stays true: every file appears in the ledger; every value keeps its cell; what is uncertain is a finding and never a guess; one bad file costs itself.
//! Neighbours: `workbook` turns bytes into grids; `reconcile` decides which reading answers which initiative.

pub mod collect;
pub mod recognise;
pub mod rules;
pub mod sender;

use crate::finding::{Finding, Origin, Text};
use crate::form::Form;
use crate::plan::{FieldKey, Job, Plan};
use crate::value::Sourced;
use crate::workbook::{Area, ReadOptions, Unreadable, Workbook};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// One file that arrived.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// Path below `input/<job>`; parts inside mail or zip come after `!`. Separated by `/`, in NFC.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Who sent the mail it came with.
    pub sender: Option<String>,
    /// Subject of that mail.
    pub subject: Option<String>,
    /// Date of that mail, in Japanese time.
    pub sent_at: Option<NaiveDateTime>,
    /// Time of the file (of the zip member, if it came in one).
    pub file_time: Option<NaiveDateTime>,
    /// Why it can be no workbook, if collecting already knows (a locked zip, a mail without attachment, a link). Reported like a reason of the reader.
    pub problem: Option<Unreadable>,
}

impl Submission {
    /// Its workbook.
    ///
    /// # Errors
    /// The reason that collecting found, or that the reader gives.
    pub fn open(&self, options: &ReadOptions) -> Result<Workbook, Unreadable> {
        match &self.problem {
            Some(reason) => Err(reason.clone()),
            None => crate::workbook::read(&self.bytes, &self.file, options),
        }
    }
}

/// What a reason makes of a submission: its state in the ledger, the reason in words, and a finding unless the file is none of ours.
pub fn refusal(file: &str, reason: &Unreadable) -> (Status, Text, Option<Finding>) {
    let (rule, text) = match reason {
        Unreadable::NotForUs(text) => return (Status::Ignored, text.clone(), None),
        Unreadable::Damaged(text) | Unreadable::Unavailable(text) => (&rules::UNREADABLE_FILE, text.clone()),
        Unreadable::OverLimit(text) => (&rules::OVER_LIMIT, text.clone()),
        Unreadable::Password => (&rules::PASSWORD_PROTECTED, rules::PASSWORD_PROTECTED.title.text()),
        Unreadable::Empty => (&rules::EMPTY_FILE, rules::EMPTY_FILE.title.text()),
    };
    let mut finding = Finding::new(rule)
        .at(Origin::file(file))
        .found(text.ja.clone())
        .message(format!("「{file}」を読み取れませんでした。{}。", text.ja.trim_end_matches('。')), format!("{file} could not be read: {}", text.en));
    if matches!(reason, Unreadable::Unavailable(_)) {
        finding = finding.help(
            "ほかのソフトで開いていれば閉じて、もう一度実行してください。開いていなければ、ファイルの読み取り権限を確かめてください。",
            "Close the program that has it open and run again; if none has, see whether you may read the file.",
        );
    }
    (Status::Unreadable, text, Some(finding))
}

/// A submission whose workbook could be read.
#[derive(Debug)]
pub struct Opened {
    /// Index into the submissions.
    pub submission: usize,
    /// Its grids.
    pub workbook: Workbook,
}

/// What a reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadingKind {
    /// This year's report.
    Report,
    /// The form of another year; the heading that shows it.
    OtherYear(String),
    /// An example (記入例).
    Example,
    /// On a hidden sheet, or in hidden rows.
    Hidden,
}

/// One initiative as one sheet, part of a sheet or row of a list reports it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Index into the submissions.
    pub submission: usize,
    /// The sheet.
    pub sheet: String,
    /// The cells it was read from.
    pub area: Area,
    /// What it is.
    pub kind: ReadingKind,
    /// Every field whose place was found, blank ones too (with an empty value and the cell where the answer should stand).
    pub fields: BTreeMap<FieldKey, Sourced>,
    /// What is uncertain about it, with field and cell; matching adds department and initiative.
    pub findings: Vec<Finding>,
}

/// State of a submission in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Read, and at least one of its sheets counts.
    Accepted,
    /// A later file counts.
    Superseded,
    /// Could not be read.
    Unreadable,
    /// Not a submission (an owner file, a letter, another plan's form).
    Ignored,
    /// Nothing arrived from this department.
    Missing,
}

/// One line of the ledger of submissions.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// The file; `None` where nothing arrived.
    pub file: Option<String>,
    /// The department, under its name of today.
    pub department: Option<String>,
    /// When it was sent, by the best evidence there is.
    pub sent_at: Option<NaiveDateTime>,
    /// What became of it.
    pub status: Status,
    /// Why: which file won and by what evidence, what is wrong with it.
    pub reason: Text,
}

/// Everything that arrived, read.
#[derive(Debug, Default)]
pub struct Intake {
    /// Every file, in the order of its path.
    pub submissions: Vec<Submission>,
    /// For each submission its own last-saved time, where the workbook says it.
    pub modified: Vec<Option<NaiveDateTime>>,
    /// For each submission the entry of the ledger as far as intake knows it: unreadable and ignored ones are decided here, the others by matching.
    pub refused: BTreeMap<usize, (Status, Text)>,
    /// What was read.
    pub readings: Vec<Reading>,
}

/// Collects what arrived and reads it.
///
/// # Errors
/// Only if the input folder itself cannot be listed.
pub fn take_in(job: &Job, form: &Form, plan: &Plan, progress: &dyn crate::Progress) -> anyhow::Result<(Intake, Vec<Finding>)> {
    let (submissions, mut findings) = collect::collect(job)?;
    let (intake, more) = recognise::read_all(submissions, job, form, plan, progress);
    findings.extend(more);
    Ok((intake, findings))
}
