//! Recognising: where a form stands in a grid, and what it says. Never by address: a form is found by its labels, however it was bent.
//!
//! In: submissions, the form, the plan's job. Out: [`Intake`] with a [`Reading`] for every initiative as a sheet or row reports it, and findings.
//! Stays true: the result does not depend on the order of work; a file that makes a reader panic costs itself; what cannot be decided is said.
//! Neighbours: `workbook` gives the grids; `reconcile` says which reading answers which initiative.
//!
//! The way of a sheet: [`tiles`] (merged areas and cells) → [`hits`] (labels, [`labels`] says when a text is one) → a list ([`list_form`]) or one or more
//! forms ([`instances`], [`sheet_form`] with [`headings`], [`titles`], [`lists_in_sheets`], [`years_in_sheets`]; [`side_by_side`] and [`pages`] for what shares a sheet or spreads over several) → [`values`] → [`classify`] → [`notes`].

mod classify;
mod draft;
mod foreign;
mod headings;
mod hits;
mod instances;
mod labels;
mod list_form;
mod lists_in_sheets;
mod model;
mod notes;
mod pages;
pub(crate) mod pattern;
mod reader;
mod remarks;
mod sheet_form;
mod side_by_side;
mod tiles;
mod titles;
mod values;
mod years_in_sheets;

use super::{Intake, Reading, ReadingKind, Status, Submission, refusal, rules, sender};
use crate::finding::{Finding, Origin, Text};
use crate::form::Form;
use crate::plan::{Job, Plan};
use crate::workbook::{Area, CellRef, ReadOptions, Sheet, Unreadable, Visibility, Workbook};
use chrono::NaiveDateTime;
use model::Model;
use notes::Place;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tiles::Tiles;

/// What one file gave.
#[derive(Debug, Default)]
struct FileRead {
    readings: Vec<Reading>,
    findings: Vec<Finding>,
    modified: Option<NaiveDateTime>,
    refused: Option<(Status, Text)>,
    remarks: Vec<remarks::Remark>,
    /// The sheet was read with the one before it.
    part_of_another: bool,
}

/// Opens every submission and reads the forms in it, in parallel; the result does not depend on the order of work.
pub fn read_all(submissions: Vec<Submission>, job: &Job, form: &Form, _plan: &Plan, progress: &dyn crate::Progress) -> (Intake, Vec<Finding>) {
    progress.stage(crate::Stage::Reading, submissions.len() as u64);
    let model = Model::of(form, job.settings.fiscal_year);
    let others = foreign::Others::new(&form.id);
    let options = ReadOptions { passwords: job.settings.passwords.clone() };
    let read: Vec<FileRead> = submissions
        .par_iter()
        .enumerate()
        .map(|(n, submission)| {
            let one = catch_unwind(AssertUnwindSafe(|| read_one(n, submission, &options, &model, &others))).unwrap_or_else(|_| broken(submission));
            progress.step();
            one
        })
        .collect();

    let mut intake = Intake::default();
    let mut findings = Vec::new();
    let mut all_remarks = Vec::new();
    for (n, one) in read.into_iter().enumerate() {
        let department = sender::of_submission(&submissions[n], &job.register).map(|t| t.department);
        findings.extend(one.findings.into_iter().map(|f| match (&f.department, &department) {
            (None, Some(d)) => f.department(d),
            _ => f,
        }));
        intake.modified.push(one.modified);
        if let Some(refused) = one.refused {
            intake.refused.insert(n, refused);
        }
        intake.readings.extend(one.readings);
        all_remarks.push(one.remarks);
    }
    intake.submissions = submissions;
    findings.extend(remarks::report(&mut intake, all_remarks, job));
    (intake, findings)
}

/// A file on which the reader failed in a way nobody foresaw.
fn broken(submission: &Submission) -> FileRead {
    let reason = Unreadable::Damaged(Text::new(
        "読み取り中に予期しない問題が起きました。Excelで開いて保存し直したものを送ってもらってください。",
        "Reading it failed unexpectedly. Open it in Excel, save it again and send that.",
    ));
    let (status, text, finding) = refusal(&submission.file, &reason);
    FileRead { refused: Some((status, text)), findings: finding.into_iter().collect(), ..FileRead::default() }
}

/// Opens one file and reads every sheet.
fn read_one(n: usize, submission: &Submission, options: &ReadOptions, model: &Model, others: &foreign::Others) -> FileRead {
    match submission.open(options) {
        Ok(workbook) => read_workbook(n, &submission.file, &workbook, model, others),
        Err(reason) => {
            let (status, text, finding) = refusal(&submission.file, &reason);
            FileRead { refused: Some((status, text)), findings: finding.into_iter().collect(), ..FileRead::default() }
        }
    }
}

/// The forms of a workbook with all that is uncertain about them: what [`read_all`] does with each file, for tests with grids made by hand.
pub fn read_grids(submission: usize, file: &str, workbook: &Workbook, form: &Form, year: crate::value::FiscalYear) -> (Vec<Reading>, Vec<Finding>) {
    let read = read_workbook(submission, file, workbook, &Model::of(form, year), &foreign::Others::new(&form.id));
    (read.readings, read.findings)
}

/// Reads every sheet of a workbook.
fn read_workbook(n: usize, file: &str, workbook: &Workbook, model: &Model, others: &foreign::Others) -> FileRead {
    let mut out = FileRead { modified: workbook.modified, ..FileRead::default() };
    for (sheet, reason) in &workbook.broken {
        out.findings.push(
            Finding::new(&rules::UNREADABLE_FILE)
                .at(Origin::sheet(file, sheet))
                .found(reason.ja.clone())
                .discriminator(sheet)
                .message(format!("シート「{sheet}」を読めません：{}", reason.ja), format!("The sheet {sheet} cannot be read: {}", reason.en)),
        );
    }
    let mut read: Vec<FileRead> = workbook
        .sheets
        .iter()
        .map(|sheet| {
            let mut one = FileRead::default();
            read_sheet(n, file, sheet, model, &mut one);
            one
        })
        .collect();
    pages::join(n, file, &workbook.sheets, model, &mut read);
    let mut strangers = Vec::new();
    for (sheet, one) in workbook.sheets.iter().zip(read) {
        let told = out.findings.iter().chain(&one.findings).any(|f| f.origin.sheet.as_deref() == Some(&sheet.name));
        if one.readings.is_empty() && !one.part_of_another && !told {
            strangers.push(sheet);
        }
        out.readings.extend(one.readings);
        out.findings.extend(one.findings);
        out.remarks.extend(one.remarks);
    }
    judge_strangers(file, &strangers, model, others, &mut out);
    out
}

/// Reads one sheet: as a list, or as the forms that lie on it.
fn read_sheet(n: usize, file: &str, sheet: &Sheet, model: &Model, out: &mut FileRead) {
    let tiles = Tiles::of(sheet);
    let hits = hits::find(&tiles, model);
    let place = Place { file, sheet: &sheet.name };
    if lists_side_by_side(n, place, sheet, model, &hits, out) {
        return;
    }
    if let Some(list) = list_form::read(&tiles, model, &hits).filter(|l| enough(&l.found, model)) {
        read_list(n, place, sheet, model, &tiles, &hits, &list, out);
        return;
    }
    for region in instances::split(&hits, model) {
        let draft = sheet_form::read(&tiles, model, &hits, &region);
        if !enough(&draft.found, model) {
            continue;
        }
        let first = draft.area.map_or(CellRef::new(0, 0), |a| a.first);
        let titles = titles::years(&tiles, region.top, first.row, model.year);
        let kind = if marked_example(&tiles, &region, first.row) { ReadingKind::Example } else { classify::kind(sheet, model, &draft, &titles) };
        if kind == ReadingKind::Report && classify::is_untouched(model, &draft) {
            out.findings.push(ignored(place, "記入のない様式", "an empty form"));
            continue;
        }
        let mut findings = Vec::new();
        if kind == ReadingKind::Report {
            findings.extend(notes::troubles(place, model, &draft.answers));
            findings.extend(notes::conflicts(place, model, &draft.conflicts));
            findings.extend(notes::missing(place, first, &draft.missing));
            findings.extend(notes::drift(place, &draft));
            findings.extend(notes::hidden(place, model, sheet, &draft.answers));
            findings.extend(notes::struck(place, model, sheet, &draft.answers));
            findings.extend(notes::dittos(place, model, &draft.answers));
            findings.extend(notes::open_dittos(place, model, &draft.answers));
            findings.extend(notes::years(place, &draft));
        }
        let mut fields = notes::fields(place, &draft.answers);
        for conflict in &draft.conflicts {
            if let Some(first) = conflict.places.first() {
                let mut unsure = notes::sourced(place, first);
                unsure.value = None;
                fields.insert(conflict.key.clone(), unsure);
            }
        }
        if kind == ReadingKind::Example {
            out.findings.push(ignored(place, "記入例", "an example"));
        } else {
            out.remarks.extend(remarks::on(sheet, n, model));
        }
        if kind == ReadingKind::Report {
            let mut read: Vec<Area> = draft.answers.values().chain(draft.conflicts.iter().flat_map(|c| &c.places)).map(|a| a.area).collect();
            read.extend(remarks::cells_without_a_field(&tiles, model, &draft.answers));
            let taken = |area: &Area| read.iter().any(|r| tiles::share_row(r, area) && tiles::share_col(r, area));
            let within = (first.row..=region.bottom, region.left..=region.right);
            out.remarks.extend(remarks::outside(&tiles, region.hits.iter().map(|h| &hits[*h]), within, taken, n, model));
        }
        let area = draft.area.unwrap_or(Area { first, last: first });
        out.readings.push(Reading { submission: n, sheet: sheet.name.clone(), area, kind, fields, findings });
    }
    out.remarks.dedup();
}

/// Reads lists that lie side by side; `false`, with nothing read, if the sheet holds none.
fn lists_side_by_side(n: usize, place: Place<'_>, sheet: &Sheet, model: &Model, hits: &[hits::Hit], out: &mut FileRead) -> bool {
    let parts = side_by_side::parts(sheet, hits, model);
    let mut lists = Vec::new();
    for part in &parts {
        let tiles = Tiles::of(part);
        let hits = hits::find(&tiles, model);
        let Some(list) = list_form::read(&tiles, model, &hits).filter(|l| enough(&l.found, model)) else { return false };
        lists.push((part, tiles, hits, list));
    }
    for (part, tiles, hits, list) in &lists {
        read_list(n, place, part, model, tiles, hits, list, out);
    }
    !lists.is_empty()
}

/// Whether 「記入例」 stands above this form, within its columns.
fn marked_example(tiles: &Tiles<'_>, region: &instances::Region, first_row: u32) -> bool {
    tiles.rows(region.top, first_row).any(|row| {
        tiles.in_row(row).into_iter().any(|n| {
            let tile = &tiles.all[n];
            (region.left..=region.right).contains(&tile.area.first.col) && classify::is_example_mark(tile.text)
        })
    })
}

/// Reads the rows of a list.
#[allow(clippy::too_many_arguments)]
fn read_list(
    n: usize,
    place: Place<'_>,
    sheet: &Sheet,
    model: &Model,
    tiles: &Tiles<'_>,
    hits: &[hits::Hit],
    list: &list_form::List,
    out: &mut FileRead,
) {
    let titles = titles::years(tiles, 0, list.head, model.year);
    let shared = above_list(tiles, model, hits, list.head);
    let wrong = list.years.iter().filter(|(e, s, _)| e != s).count();
    let other = if list.years.is_empty() { classify::by_title(model, &titles) } else { (wrong * 2 > list.years.len()).then(|| first_wrong(list)) };
    let mut examples = false;
    let mut first_report = true;
    let mut read: BTreeSet<u32> = BTreeSet::new();
    for row in &list.rows {
        read.extend(row.area.first.row..=row.area.last.row.min(row.area.first.row.saturating_add(2_000)));
        let mut answers = row.answers.clone();
        for (key, answer) in &shared {
            answers.entry(key.clone()).or_insert_with(|| answer.clone());
        }
        if answers.values().all(values::Answer::is_blank) {
            continue;
        }
        let value = |key: &str| answers.get(key).and_then(|a| a.value.clone());
        let kind = if classify::is_example_name(&sheet.name) || classify::is_example(model, value) {
            ReadingKind::Example
        } else if sheet.visibility != Visibility::Visible || row.hidden {
            ReadingKind::Hidden
        } else {
            other.clone().map_or(ReadingKind::Report, ReadingKind::OtherYear)
        };
        if !row_is_record(model, &row.answers) {
            continue;
        }
        examples |= kind == ReadingKind::Example;
        let mut findings = Vec::new();
        if kind == ReadingKind::Report {
            findings.extend(notes::troubles(place, model, &answers));
            findings.extend(notes::struck(place, model, sheet, &answers));
            findings.extend(notes::dittos(place, model, &answers));
            findings.extend(notes::open_dittos(place, model, &answers));
            if std::mem::take(&mut first_report) {
                findings.extend(notes::missing(place, row.area.first, &list.missing));
                findings.extend(notes::hidden(place, model, sheet, &answers));
            }
        }
        let fields = notes::fields(place, &answers);
        out.readings.push(Reading { submission: n, sheet: sheet.name.clone(), area: row.area, kind, fields, findings });
    }
    if examples {
        out.findings.push(ignored(place, "記入例", "an example"));
    } else {
        out.remarks.extend(remarks::on(sheet, n, model));
        let below = list.rows.first().map_or(u32::MAX, |r| r.area.first.row);
        let taken = |area: &Area| read.range(area.first.row..=area.last.row).next().is_some();
        out.remarks.extend(remarks::outside(tiles, hits.iter(), (below..=u32::MAX, 0..=u32::MAX), taken, n, model));
    }
}

/// A row in which only the number is there (numbers printed down to the end of the paper) is no record.
fn row_is_record(model: &Model, answers: &std::collections::BTreeMap<String, values::Answer>) -> bool {
    let number = model.by_role(crate::form::Role::Number).map(|p| p.wants.iter().map(|w| w.key.as_str()).collect::<Vec<_>>()).unwrap_or_default();
    answers.iter().any(|(key, a)| !a.is_blank() && !number.contains(&key.as_str()))
}

fn first_wrong(list: &list_form::List) -> String {
    list.years.iter().find(|(e, s, _)| e != s).map(|(_, _, t)| t.clone()).unwrap_or_default()
}

/// Fields that stand once above a list and count for all its rows (所属：企画課).
fn above_list(tiles: &Tiles<'_>, model: &Model, hits: &[hits::Hit], head: u32) -> std::collections::BTreeMap<String, values::Answer> {
    let above: Vec<usize> = (0..hits.len()).filter(|n| hits[*n].area.last.row < head).collect();
    if above.is_empty() {
        return std::collections::BTreeMap::new();
    }
    let region = instances::Region { top: 0, bottom: head.saturating_sub(1), left: 0, right: u32::MAX, hits: above };
    let mut answers = sheet_form::read(tiles, model, hits, &region).answers;
    answers.retain(|_, a| !a.is_blank());
    answers
}

/// Whether the fields found make a form: about a third of all, or the name with half of what departments fill in; never fewer than three.
fn enough(found: &BTreeSet<usize>, model: &Model) -> bool {
    let labelled = model.labelled().max(1);
    let asked = model.plans.iter().filter(|p| p.is_asked() && p.label.is_some()).count();
    let asked_found = found.iter().filter(|p| model.plans[**p].is_asked()).count();
    let named = found.iter().any(|p| model.plans[*p].field.role == Some(crate::form::Role::Name));
    found.len() >= 3.min(labelled) && (found.len() * 10 >= labelled * 3 || named && asked_found > 0 && asked_found * 2 >= asked)
}

fn ignored(place: Place<'_>, ja: &str, en: &str) -> Finding {
    Finding::new(&rules::IGNORED_SHEET).at(Origin::sheet(place.file, place.sheet)).found(ja).discriminator(place.sheet).message(
        format!("シート「{}」は{ja}なので、取り込みませんでした。", place.sheet),
        format!("The sheet {} is {en} and was left out.", place.sheet),
    )
}

/// Sheets without this form: another plan's form, a department's own sheet, or, if the file holds nothing else, a form that was not recognised.
fn judge_strangers(file: &str, sheets: &[&Sheet], model: &Model, others: &foreign::Others, out: &mut FileRead) {
    let mut foreign = false;
    for sheet in sheets.iter().filter(|s| !s.cells.is_empty()) {
        let origin = Origin::sheet(file, &sheet.name);
        if let Some(title) = others.which(sheet, model) {
            foreign = true;
            out.findings.push(Finding::new(&rules::WRONG_PLAN).at(origin).found(title.clone()).discriminator(&sheet.name).message(
                format!("シート「{}」は別の計画の様式（{title}）です。取り込みませんでした。", sheet.name),
                format!("The sheet {} is the form of another plan ({title}) and was left out.", sheet.name),
            ));
        } else if sheet.visibility == Visibility::Visible && !out.readings.is_empty() {
            out.findings.push(ignored(Place { file, sheet: &sheet.name }, "様式以外のシート", "not this form"));
        }
    }
    if !out.readings.is_empty() {
        return;
    }
    if foreign {
        out.refused = Some((Status::Ignored, Text::new("別の計画の様式です。", "It is the form of another plan.")));
        return;
    }
    let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
    let labels: Vec<&str> =
        model.plans.iter().filter(|p| p.is_asked()).filter_map(|p| p.label).map(|l| model.labels[l].shown.as_str()).take(6).collect();
    out.refused = Some((Status::Unreadable, Text::new("様式が見つかりません。", "The form was not found in it.")));
    out.findings.push(Finding::new(&rules::UNRECOGNISED_LAYOUT).at(Origin::file(file)).found(names.join("、")).expected(labels.join("、")).message(
        format!("「{file}」に様式が見つかりません。どのシートにも項目名（{}など）がそろっていません。", labels.join("、")),
        format!("The form was not found in {file}: no sheet shows its labels ({} and so on).", labels.join(", ")),
    ));
}
