//! Remarks: notes of cells, texts in shapes and cells beside the form that no field takes up.
//!
//! In: the notes and shapes on sheets with a form, and its cells. Out: I113 and I109 for those that a department wrote itself.
//! Stays true: what stands in the same words in the files of two departments came with the form and is nobody's remark.

use super::classify::is_example_mark;
use super::hits::Hit;
use super::labels::{SURE, heading_year};
use super::model::Model;
use super::tiles::{Tile, Tiles};
use super::values::Answer;
use crate::finding::{Finding, Origin};
use crate::intake::{Intake, rules, sender};
use crate::plan::Job;
use crate::value::{FieldKey, fold};
use crate::workbook::{Area, CellRef, Sheet};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// A note or a text over the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    submission: usize,
    /// The sheet.
    pub(super) sheet: String,
    /// The cell.
    pub(super) at: CellRef,
    text: String,
    /// It stands in a cell, outside every field.
    outside: bool,
}

/// The notes and texts of a sheet.
pub(super) fn on(sheet: &Sheet, submission: usize, model: &Model) -> Vec<Remark> {
    let notes = sheet.comments.iter().map(|(at, text)| (*at, text.trim()));
    let shapes = sheet.shapes.iter().map(|s| (s.over.first, s.text.trim()));
    notes
        .chain(shapes)
        .filter(|(_, text)| text.chars().any(char::is_alphanumeric) && model.find(text).is_none_or(|(_, q, _)| q < SURE))
        .map(|(at, text)| Remark { submission, sheet: sheet.name.clone(), at, text: text.to_owned(), outside: false })
        .collect()
}

/// Texts in cells that are no labels and belong to no field, within `rows` and `cols`. `taken` knows the areas of what was read.
pub(super) fn outside<'h>(
    tiles: &Tiles<'_>,
    labels: impl Iterator<Item = &'h Hit>,
    (rows, cols): (RangeInclusive<u32>, RangeInclusive<u32>),
    taken: impl Fn(&Area) -> bool,
    submission: usize,
    model: &Model,
) -> Vec<Remark> {
    let labels: BTreeSet<usize> = labels.flat_map(|h| h.tiles.iter().copied()).collect();
    let choices: BTreeSet<String> = model.plans.iter().flat_map(|p| &p.field.choices).map(|c| fold(c)).collect();
    let says_something = |tile: &Tile<'_>| {
        let letters = tile.text.chars().filter(|c| c.is_alphabetic()).count();
        letters >= 2 && heading_year(tile.text, model.year).is_none() && !choices.contains(&fold(tile.text)) && !is_example_mark(tile.text)
    };
    tiles
        .rows(*rows.start(), *rows.end())
        .flat_map(|row| tiles.in_row(row).into_iter().filter(move |n| tiles.all[*n].area.first.row == row))
        .filter(|n| !labels.contains(n))
        .map(|n| &tiles.all[n])
        .filter(|t| cols.contains(&t.area.first.col) && !taken(&t.area))
        .filter(|t| says_something(t))
        .map(|t| Remark { submission, sheet: tiles.sheet.name.clone(), at: t.area.first, text: t.text.to_owned(), outside: true })
        .collect()
}

/// The form's own cells that belong to no field: those right of an answer where the form has another cell.
pub(super) fn cells_without_a_field(tiles: &Tiles<'_>, model: &Model, answers: &BTreeMap<FieldKey, Answer>) -> Vec<Area> {
    let followed = model.plans.iter().filter(|p| p.followed).flat_map(|p| &p.wants).filter_map(|w| answers.get(&w.key));
    let behind = |answer: &Answer| {
        let next = answer.area.last.col.checked_add(1)?;
        tiles.in_row(answer.area.first.row).into_iter().map(|n| tiles.all[n].area).find(|area| area.first.col == next)
    };
    followed.filter_map(behind).collect()
}

/// Reports remarks that stand in one file only; those on a reading become part of it.
pub(super) fn report(intake: &mut Intake, remarks: Vec<Vec<Remark>>, job: &Job) -> Vec<Finding> {
    let mut files: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for remark in remarks.iter().flatten() {
        files.entry(fold(&remark.text)).or_default().insert(remark.submission);
    }
    let mut out = Vec::new();
    let mut seen: BTreeSet<(usize, String, CellRef, String)> = BTreeSet::new();
    let mut beside: BTreeMap<(usize, String), Vec<Remark>> = BTreeMap::new();
    for remark in remarks.into_iter().flatten() {
        let alone = files.get(&fold(&remark.text)).is_none_or(|f| f.len() < 2);
        if !alone || !seen.insert((remark.submission, remark.sheet.clone(), remark.at, remark.text.clone())) {
            continue;
        }
        if remark.outside {
            beside.entry((remark.submission, remark.sheet.clone())).or_default().push(remark);
            continue;
        }
        let file = file_of(intake, remark.submission);
        let finding = Finding::new(&rules::UNREAD_COMMENT)
            .at(Origin::cell(&file, &remark.sheet, remark.at.a1()))
            .found(&remark.text)
            .discriminator(&remark.text)
            .message(
                format!("セル {} にコメントがあります。回答には取り込んでいません：「{}」", remark.at.a1(), remark.text),
                format!("There is a comment at {} that is not part of the answers: {}", remark.at.a1(), remark.text),
            );
        put(intake, job, &remark, finding, &mut out);
    }
    for remarks in beside.into_values() {
        let file = file_of(intake, remarks[0].submission);
        let finding = beside_the_form(&file, &remarks);
        put(intake, job, &remarks[0], finding, &mut out);
    }
    out
}

fn file_of(intake: &Intake, submission: usize) -> String {
    intake.submissions.get(submission).map(|s| s.file.clone()).unwrap_or_default()
}

/// Makes a finding part of the reading on whose cells it lies; else it is the sender's.
fn put(intake: &mut Intake, job: &Job, remark: &Remark, finding: Finding, out: &mut Vec<Finding>) {
    let reading = intake.readings.iter_mut().find(|r| r.submission == remark.submission && r.sheet == remark.sheet && r.area.contains(remark.at));
    match reading {
        Some(reading) => reading.findings.push(finding),
        None => {
            let told = intake.submissions.get(remark.submission).and_then(|s| sender::of_submission(s, &job.register));
            out.push(match told {
                Some(t) => finding.department(t.department),
                None => finding,
            });
        }
    }
}

/// One note about everything that stands beside the fields of a sheet.
fn beside_the_form(file: &str, remarks: &[Remark]) -> Finding {
    const SHOWN: usize = 6;
    let quote = |r: &Remark| {
        let text: String = r.text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
        let short: String = text.chars().take(40).collect();
        format!("「{short}{}」（{}）", if short.len() < text.len() { "…" } else { "" }, r.at.a1())
    };
    let mut said: String = remarks.iter().take(SHOWN).map(quote).collect::<Vec<_>>().join("、");
    if remarks.len() > SHOWN {
        said.push_str(&format!(" ほか{}か所", remarks.len() - SHOWN));
    }
    Finding::new(&rules::LAYOUT_DRIFT)
        .at(Origin::cell(file, &remarks[0].sheet, remarks[0].at.a1()))
        .found(&remarks[0].text)
        .discriminator("outside")
        .message(
            format!("様式の欄の外に記入があります。回答には取り込んでいません：{said}"),
            format!("Something is written outside the fields of the form and is not part of the answers: {said}"),
        )
        .help("内容を読み、必要なら回答欄に書いてもらってください。", "Read it, and have it written into the answer if it matters.")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::intake::Submission;
    use crate::plan::Settings;

    fn job() -> Job {
        let settings: Settings =
            toml::from_str("id = 't'\ntitle = 't'\nplan = 'p'\nform = 'f'\nfiscal_year = 'R6'\n[[department]]\nname = '市民課'").unwrap();
        Job::new(settings, std::path::Path::new("."), "i".into(), "o".into())
    }

    #[test]
    fn what_came_with_the_form_is_nobodys_remark() {
        let mut intake = Intake::default();
        for file in ["市民課.xlsx", "企画課.xlsx"] {
            intake.submissions.push(Submission { file: file.into(), ..Submission::default() });
        }
        let remark =
            |submission: usize, text: &str| Remark { submission, sheet: "1".into(), at: CellRef::new(4, 2), text: text.into(), outside: false };
        let remarks = vec![vec![remark(0, "A～Cで記入"), remark(0, "来年度は未定です")], vec![remark(1, "Ａ～Ｃ で記入")]];
        let found = report(&mut intake, remarks, &job());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule.code, found[0].found.as_str()), ("I113", "来年度は未定です"));
        assert_eq!(found[0].department.as_deref(), Some("市民課"));
        assert_eq!(found[0].origin.to_string(), "市民課.xlsx » 1 » C5");
    }

    #[test]
    fn what_stands_beside_a_form_is_one_note_a_sheet() {
        let mut intake = Intake::default();
        for file in ["市民課.xlsx", "企画課.xlsx"] {
            intake.submissions.push(Submission { file: file.into(), ..Submission::default() });
        }
        let beside = |submission: usize, row: u32, text: &str| Remark {
            submission,
            sheet: "1".into(),
            at: CellRef::new(row, 14),
            text: text.into(),
            outside: true,
        };
        let many = (0..9).map(|n| beside(0, n, &format!("覚え書き{n}")));
        let remarks = vec![many.chain([beside(0, 20, "提出日")]).collect(), vec![beside(1, 20, "提出日")]];
        let found = report(&mut intake, remarks, &job());
        assert_eq!(found.len(), 1, "what both files say came with the form");
        assert_eq!((found[0].rule.code, found[0].origin.to_string().as_str()), ("I109", "市民課.xlsx » 1 » O1"));
        assert!(found[0].message.ja.ends_with("「覚え書き5」（O6） ほか3か所"), "{}", found[0].message.ja);
    }
}
