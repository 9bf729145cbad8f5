//! Remarks: notes of cells and texts in shapes that no field takes up.
//!
//! In: the notes and shapes on sheets with a form. Out: I113 for those that a department wrote itself.
//! Stays true: what stands in the same words in the files of two departments came with the form and is nobody's remark.

use super::labels::SURE;
use super::model::Model;
use crate::finding::{Finding, Origin};
use crate::intake::{Intake, rules, sender};
use crate::plan::Job;
use crate::value::fold;
use crate::workbook::{CellRef, Sheet};
use std::collections::{BTreeMap, BTreeSet};

/// A note or a text over the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    submission: usize,
    /// The sheet.
    pub(super) sheet: String,
    /// The cell.
    pub(super) at: CellRef,
    text: String,
}

/// The notes and texts of a sheet.
pub(super) fn on(sheet: &Sheet, submission: usize, model: &Model) -> Vec<Remark> {
    let notes = sheet.comments.iter().map(|(at, text)| (*at, text.trim()));
    let shapes = sheet.shapes.iter().map(|s| (s.over.first, s.text.trim()));
    notes
        .chain(shapes)
        .filter(|(_, text)| text.chars().any(char::is_alphanumeric) && model.find(text).is_none_or(|(_, q, _)| q < SURE))
        .map(|(at, text)| Remark { submission, sheet: sheet.name.clone(), at, text: text.to_owned() })
        .collect()
}

/// Reports remarks that stand in one file only; those on a reading become part of it.
pub(super) fn report(intake: &mut Intake, remarks: Vec<Vec<Remark>>, job: &Job) -> Vec<Finding> {
    let mut files: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for remark in remarks.iter().flatten() {
        files.entry(fold(&remark.text)).or_default().insert(remark.submission);
    }
    let mut out = Vec::new();
    let mut seen: BTreeSet<(usize, String, CellRef, String)> = BTreeSet::new();
    for remark in remarks.into_iter().flatten() {
        let alone = files.get(&fold(&remark.text)).is_none_or(|f| f.len() < 2);
        if !alone || !seen.insert((remark.submission, remark.sheet.clone(), remark.at, remark.text.clone())) {
            continue;
        }
        let file = intake.submissions.get(remark.submission).map(|s| s.file.clone()).unwrap_or_default();
        let finding = Finding::new(&rules::UNREAD_COMMENT)
            .at(Origin::cell(&file, &remark.sheet, remark.at.a1()))
            .found(&remark.text)
            .discriminator(&remark.text)
            .message(
                format!("セル {} にコメントがあります。回答には取り込んでいません：「{}」", remark.at.a1(), remark.text),
                format!("There is a comment at {} that is not part of the answers: {}", remark.at.a1(), remark.text),
            );
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
    out
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
        let remark = |submission: usize, text: &str| Remark { submission, sheet: "1".into(), at: CellRef::new(4, 2), text: text.into() };
        let remarks = vec![vec![remark(0, "A～Cで記入"), remark(0, "来年度は未定です")], vec![remark(1, "Ａ～Ｃ で記入")]];
        let found = report(&mut intake, remarks, &job());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule.code, found[0].found.as_str()), ("I113", "来年度は未定です"));
        assert_eq!(found[0].department.as_deref(), Some("市民課"));
        assert_eq!(found[0].origin.to_string(), "市民課.xlsx » 1 » C5");
    }
}
