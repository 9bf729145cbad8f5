//! 差戻し: the department's own workbook with the wrong cells marked, a letter and a mail draft.
//!
//! In: the settled model and the files that arrived. Out: files below `差戻し/<課>/` for every department that has something to do, and none for the others.
//! Stays true: a workbook that goes back differs from what arrived only in marks and notes; what could not be marked is said in the letter; what is still
//! missing is asked for with the form; names of files and folders are safe on Windows and lead nowhere.
//! Neighbours: [`super::letters`] writes the letters, [`super::xlsx::marked_copy`] makes a new workbook where the old kind cannot be marked, [`form`] the form.

mod cells;
mod form;
mod mark;
mod notes;
mod package;
mod relations;
mod styles;

use super::letters::{Attached, Draft, Item, Letter, Templates};
use super::xlsx::View;
use super::xlsx::marked_copy::marked_copy;
use crate::finding::{self, Finding, Severity, Shown};
use crate::intake::{Status, Submission};
use crate::packet::asking::Asking;
use crate::reconcile::Edition;
use crate::value::safe_file_name;
use crate::workbook::{self, CellRef, ReadOptions};
use mark::Mark;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Most characters of a text quoted in a note or a letter; longer ones are shortened with 「…」, for the cell itself holds the whole.
const QUOTE: usize = 160;

/// Makes every file below 差戻し/ and hands it to `keep` at once, by its path there (`<課>/…`), from several threads.
///
/// # Errors
/// If a template or `keep` fails.
pub fn returns(view: &View<'_>, submissions: &[Submission], keep: &(dyn Fn(&str, &[u8]) -> anyhow::Result<()> + Sync)) -> anyhow::Result<()> {
    if view.settled.edition == Edition::Plan {
        return Ok(());
    }
    let desk = Desk {
        view,
        templates: Templates::load(&view.job.folder)?,
        asking: Asking::new(view.form, view.settled, view.job)?,
        names: view.settled.names(),
        submissions,
    };
    let mut todo: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in view.settled.findings.iter().filter(|f| is_to_do(f)) {
        todo.entry(finding.department.as_deref().unwrap_or_default()).or_default().push(finding);
    }
    let mut folders: Vec<String> = Vec::new();
    let mut parcels = Vec::new();
    for department in departments(view) {
        let missing = is_missing(view, &department);
        let todo = todo.remove(department.as_str()).unwrap_or_default();
        if missing || !todo.is_empty() {
            let folder = unique(&safe_file_name(&department), &mut folders);
            parcels.push((folder, department, missing, todo));
        }
    }
    parcels.par_iter().try_for_each(|(folder, department, missing, todo)| {
        let parcel = if *missing { desk.remind(department)? } else { desk.ask(department, todo)? };
        parcel.iter().try_for_each(|(name, bytes)| keep(&format!("{folder}/{name}"), bytes))
    })
}

/// Every department that might have to act: those of the settings in their order, then others that findings name.
fn departments(view: &View<'_>) -> Vec<String> {
    let mut names: Vec<String> = view.job.register.entries.iter().map(|e| e.name.clone()).collect();
    let others = view.settled.findings.iter().filter_map(|f| f.department.as_ref());
    let others = others.chain(view.settled.ledger.iter().filter_map(|e| e.department.as_ref()));
    let mut known: BTreeSet<String> = names.iter().cloned().collect();
    for name in others {
        if known.insert(name.clone()) {
            names.push(name.clone());
        }
    }
    names
}

/// Whether a finding is something its department can mend: open, no mere note, and about what it sent or should have sent.
fn is_to_do(finding: &Finding) -> bool {
    finding.department.is_some()
        && finding.is_open()
        && finding.rule.severity != Severity::Note
        && !finding.rule.code.starts_with('P')
        && finding.rule.code != "R301"
}

/// Whether nothing came from a department, and nobody has accepted that.
fn is_missing(view: &View<'_>, department: &str) -> bool {
    let theirs = || view.settled.ledger.iter().filter(|e| e.department.as_deref() == Some(department));
    let accepted = |f: &Finding| f.rule.code == "R301" && f.department.as_deref() == Some(department) && !f.is_open();
    theirs().any(|e| e.status == Status::Missing) && !theirs().any(|e| e.file.is_some()) && !view.settled.findings.iter().any(accepted)
}

/// What writing to the departments needs.
struct Desk<'v, 'a> {
    view: &'v View<'a>,
    templates: Templates,
    asking: Asking<'v>,
    /// The name of each initiative by its key.
    names: BTreeMap<&'v str, &'v str>,
    submissions: &'v [Submission],
}

impl Desk<'_, '_> {
    /// A reminder for a department from which nothing came, with the form for all that it was asked.
    fn remind(&self, department: &str) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let asked: Vec<_> = self.view.settled.initiatives.iter().filter(|i| i.department == department).collect();
        let mut letter = Letter {
            department: department.to_owned(),
            initiatives: asked.iter().map(|i| format!("{}　{}", i.key, i.name)).collect(),
            ..Letter::default()
        };
        let mut workbooks = Vec::new();
        form::enclose(self.view, &self.asking, &asked, &mut letter, &mut workbooks)?;
        let subject = format!("【お願い】「{}」の報告の提出について", self.view.settled.title);
        self.post(("reminder", "督促文.html"), &letter, &subject, workbooks)
    }

    /// A letter with the department's workbooks, marked, and the form for what is not in them.
    fn ask(&self, department: &str, todo: &[&Finding]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let view = self.view;
        let mut letter = Letter {
            department: department.to_owned(),
            items: finding::cut(todo.iter().copied()).into_iter().map(|s| item(view, &self.names, todo[s.place], s)).collect(),
            ..Letter::default()
        };
        let mut names = vec!["依頼文.html".to_owned(), "送付メール.eml".to_owned()];
        let mut workbooks = Vec::new();
        let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in todo {
            if let Some(file) = &finding.origin.file {
                by_file.entry(file).or_default().push(finding);
            }
        }
        for (file, findings) in by_file {
            let Some(submission) = self.submissions.iter().find(|s| s.file == file) else { continue };
            let back = send_back(view, submission, &findings)?;
            letter.notes.extend(back.notes);
            if let Some((name, bytes)) = back.file {
                let name = unique(&name, &mut names);
                letter.attachments.push(Attached { name: name.clone(), about: back.about });
                workbooks.push((name, bytes));
            }
        }
        form::enclose(view, &self.asking, &form::still_missing(view, department), &mut letter, &mut workbooks)?;
        let subject = format!("【依頼】「{}」の報告内容の確認について", view.settled.title);
        self.post(("request", "依頼文.html"), &letter, &subject, workbooks)
    }

    /// Letter, draft and workbooks of a department.
    fn post(
        &self,
        (template, page): (&str, &str),
        letter: &Letter,
        subject: &str,
        workbooks: Vec<(String, Vec<u8>)>,
    ) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let view = self.view;
        let html = self.templates.render(&format!("{template}.html"), letter, view)?.into_bytes();
        let text = self.templates.render(&format!("{template}.txt"), letter, view)?;
        let to = view.job.register.entries.iter().find(|e| e.name == letter.department).and_then(|e| e.mail.as_deref());
        let from = Some(view.job.settings.office.mail.as_str()).filter(|m| !m.trim().is_empty());
        let mut attachments: Vec<(&str, &str, &[u8])> = vec![(page, "text/html; charset=UTF-8", &html)];
        attachments.extend(workbooks.iter().map(|(name, bytes)| (name.as_str(), kind_of(name), bytes.as_slice())));
        let draft = Draft { to, from, subject, date: view.settled.date, text: &text, attachments }.bytes();
        let mut files = vec![(page.to_owned(), html), ("送付メール.eml".to_owned(), draft)];
        files.extend(workbooks);
        Ok(files)
    }
}

/// The media type of a workbook.
fn kind_of(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    if name.ends_with(".xlsm") {
        "application/vnd.ms-excel.sheet.macroEnabled.12"
    } else {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    }
}

/// What goes back of one file.
struct Back {
    file: Option<(String, Vec<u8>)>,
    about: String,
    notes: Vec<String>,
}

/// The file with its cells marked; a new workbook with the same content if it cannot be marked; nothing if it cannot be read.
fn send_back(view: &View<'_>, submission: &Submission, findings: &[&Finding]) -> anyhow::Result<Back> {
    let name = base_name(&submission.file);
    let marks: Vec<Mark> = findings.iter().filter_map(|f| mark_of(f)).collect();
    let mut notes = Vec::new();
    let unplaced = findings.len() - marks.len();
    if marks.is_empty() {
        let readable = workbook::read(&submission.bytes, &submission.file, &options(view)).is_ok();
        notes.push(if readable {
            format!("「{name}」にはセルに印を付けられる指摘がないため、表の内容だけをお知らせします。")
        } else {
            format!("「{name}」は開けないため、印を付けたファイルは添付していません。お手数ですが、もう一度お送りください。")
        });
        return Ok(Back { file: None, about: String::new(), notes });
    }
    if unplaced > 0 {
        notes.push(format!("「{name}」の指摘のうち{unplaced}件は、特定のセルに関するものではないため、印を付けていません。"));
    }
    match mark::mark(&submission.bytes, &marks) {
        Ok((bytes, missed)) => {
            if missed > 0 {
                notes.push(format!("「{name}」の{missed}か所は、シートが見つからず印を付けられませんでした。"));
            }
            let about = format!("お送りいただいたファイルの{}か所に太枠とメモを付けたもの", places(&marks));
            Ok(Back { file: Some((safe_file_name(name), bytes)), about, notes })
        }
        Err(_) => copy(view, submission, &marks, notes),
    }
}

/// A new workbook with the content of one that cannot be marked.
fn copy(view: &View<'_>, submission: &Submission, marks: &[Mark], mut notes: Vec<String>) -> anyhow::Result<Back> {
    let name = base_name(&submission.file);
    let Ok(workbook) = workbook::read(&submission.bytes, &submission.file, &options(view)) else {
        notes.push(format!("「{name}」は開けないため、印を付けたファイルは添付していません。"));
        return Ok(Back { file: None, about: String::new(), notes });
    };
    let places_of: Vec<(String, CellRef, String)> = marks.iter().map(|m| (m.sheet.clone(), m.cell, m.note.clone())).collect();
    let bytes = marked_copy(view, &workbook, &places_of)?;
    notes.push(format!(
        "「{name}」は元の形式のままでは印を付けられないため、同じ内容を書き写した新しいブック（.xlsx）に印を付けました。書式や図形は写していません。修正は元のファイルにしてください。"
    ));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let file = safe_file_name(&format!("{stem}（印付き）"));
    Ok(Back {
        file: Some((format!("{file}.xlsx"), bytes)), about: format!("内容を書き写し、{}か所に太枠とメモを付けたもの", places(marks)), notes
    })
}

/// How the reader opens protected files.
fn options(view: &View<'_>) -> ReadOptions {
    ReadOptions { passwords: view.job.settings.passwords.clone() }
}

/// How many cells are marked.
fn places(marks: &[Mark]) -> usize {
    let mut cells: Vec<(&str, CellRef)> = marks.iter().map(|m| (m.sheet.as_str(), m.cell)).collect();
    cells.sort();
    cells.dedup();
    cells.len()
}

/// The mark of a finding; `None` if it stands in no cell.
fn mark_of(finding: &Finding) -> Option<Mark> {
    let sheet = finding.origin.sheet.clone()?;
    let cell = CellRef::parse(finding.origin.cell.as_deref()?)?;
    let mut lines = vec![format!("【{}】{}", word(finding.rule.severity), finding.message.ja)];
    if !finding.expected.is_empty() {
        lines.push(format!("期待：{}", quoted(&finding.expected)));
    }
    lines.push(format!("お願い：{}", finding.help.ja));
    Some(Mark { sheet, cell, note: lines.join("\n") })
}

/// The word of a severity in letters.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "要修正",
        Severity::Warning | Severity::Note => "要確認",
    }
}

/// A finding as a letter tells it.
fn item(view: &View<'_>, names: &BTreeMap<&str, &str>, finding: &Finding, shown: Shown) -> Item {
    let initiative = finding.initiative.as_deref().map(|key| {
        let name = names.get(key).copied().unwrap_or_default();
        format!("{key}　{name}").trim().to_owned()
    });
    Item {
        severity: word(finding.rule.severity),
        is_error: finding.rule.severity == Severity::Error,
        message: shown.message(finding).ja,
        initiative: initiative.unwrap_or_default(),
        place: place(view, finding),
        found: quoted(&finding.found),
        expected: quoted(&finding.expected),
        help: finding.help.ja.clone(),
    }
}

/// 「ファイル「…」のシート「1-09」、セル C14（年度末評価）」.
fn place(view: &View<'_>, finding: &Finding) -> String {
    let origin = &finding.origin;
    let mut words = String::new();
    if let Some(file) = &origin.file {
        words.push_str(&format!("ファイル「{}」", base_name(file)));
    }
    if let Some(sheet) = &origin.sheet {
        words.push_str(&format!("のシート「{sheet}」"));
    }
    if let Some(cell) = &origin.cell {
        words.push_str(&format!("、セル {cell}"));
    }
    let label = finding.field.as_deref().map(|f| super::xlsx::label(view, f)).unwrap_or_default();
    match (label.is_empty(), words.is_empty()) {
        (true, _) => words,
        (false, true) => format!("「{label}」欄"),
        (false, false) => format!("{words}（{label}）"),
    }
}

/// A text short enough for a note or a letter.
fn quoted(text: &str) -> String {
    if text.chars().count() <= QUOTE { text.to_owned() } else { format!("{}…（以下略）", text.chars().take(QUOTE).collect::<String>()) }
}

/// The file's own name, without folders, mail or archive.
fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\', '!']).next().unwrap_or(file)
}

/// The name, or the name with a number if another file has it (Windows does not mind the case).
fn unique(name: &str, taken: &mut Vec<String>) -> String {
    let (stem, end) = name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let mut number = 1;
    loop {
        let name = if number == 1 { name.to_owned() } else { format!("{stem} ({number}){end}") };
        if !taken.iter().any(|t| t.to_lowercase() == name.to_lowercase()) {
            taken.push(name.clone());
            return name;
        }
        number += 1;
    }
}
