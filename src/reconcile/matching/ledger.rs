//! The ledger: what became of every file, and which departments sent nothing.
//!
//! In: submissions with what is known of their readings. Out: one [`LedgerEntry`] a submission, in their order, then one for each missing department.
//! Stays true: a file that cannot be read has arrived; its department is not missing.

use super::{Answer, Known};
use crate::finding::Text;
use crate::intake::{Intake, LedgerEntry, ReadingKind, Status, sender};
use crate::plan::{Job, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Writes the ledger.
pub(super) fn of(
    intake: &Intake,
    job: &Job,
    plan: &Plan,
    known: &[Known],
    replaced: &BTreeMap<usize, (usize, Text)>,
    answers: &[Answer],
) -> Vec<LedgerEntry> {
    let in_force: BTreeSet<usize> = answers.iter().flat_map(|a| a.reading.iter().chain(&a.others).copied()).collect();
    let mut readings: Vec<Vec<usize>> = vec![Vec::new(); intake.submissions.len()];
    for (n, reading) in intake.readings.iter().enumerate() {
        if let Some(own) = readings.get_mut(reading.submission) {
            own.push(n);
        }
    }
    let mut ledger: Vec<LedgerEntry> = Vec::new();
    for (n, submission) in intake.submissions.iter().enumerate() {
        let told = sender::of_submission(submission, &job.register).map(|t| t.department);
        let department = department_of(intake, known, &readings[n], told);
        let sent_at = submission.sent_at.or_else(|| intake.modified.get(n).copied().flatten()).or(submission.file_time);
        let (status, reason) = match intake.refused.get(&n) {
            Some((status, reason)) => (*status, reason.clone()),
            None => read_state(intake, &readings[n], &in_force, known, replaced.get(&n)),
        };
        ledger.push(LedgerEntry { file: Some(submission.file.clone()), department, sent_at, status, reason });
    }
    let arrived: BTreeSet<String> = ledger.iter().filter(|e| e.status != Status::Ignored).filter_map(|e| e.department.clone()).collect();
    for department in silent(job, plan, answers, &arrived) {
        ledger.push(LedgerEntry {
            file: None,
            department: Some(department),
            sent_at: None,
            status: Status::Missing,
            reason: Text::new("提出がありません。", "Nothing arrived."),
        });
    }
    ledger
}

/// The department of a file: the one from which most of its readings come; of equals the one that the file's name tells.
fn department_of(intake: &Intake, known: &[Known], own: &[usize], told: Option<String>) -> Option<String> {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for n in own {
        if intake.readings[*n].kind != ReadingKind::Example
            && let Some(department) = known[*n].department.as_deref()
        {
            *votes.entry(department).or_default() += 1;
        }
    }
    if let Some(told) = told.filter(|t| votes.is_empty() || votes.contains_key(t.as_str())) {
        return Some(told);
    }
    votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map(|(d, _)| d.to_owned())
}

/// Accepted or superseded, and why.
fn read_state(intake: &Intake, own: &[usize], in_force: &BTreeSet<usize>, known: &[Known], replaced: Option<&(usize, Text)>) -> (Status, Text) {
    let counts = own.iter().filter(|r| in_force.contains(r)).count();
    if let Some((winner, why)) = replaced {
        let file = intake.submissions.get(*winner).map(|s| s.file.as_str()).unwrap_or_default();
        if counts == 0 {
            return (Status::Superseded, Text::new(format!("「{file}」に差し替え。根拠：{}", why.ja), format!("Replaced by {file}, by {}.", why.en)));
        }
        return (
            Status::Accepted,
            Text::new(
                format!("{counts}件を取り込み。ほかは「{file}」に差し替え。根拠：{}", why.ja),
                format!("{counts} taken; the rest was replaced by {file}, by {}.", why.en),
            ),
        );
    }
    let other_year = own.iter().filter(|r| matches!(intake.readings[**r].kind, ReadingKind::OtherYear(_))).count();
    let unknown = own.iter().filter(|r| intake.readings[**r].kind == ReadingKind::Report && known[**r].initiative().is_none()).count();
    let mut ja = format!("{counts}件を取り込み");
    let mut en = format!("{counts} taken");
    for (count, word_ja, word_en) in [(other_year, "別の年度の様式", "other year's forms"), (unknown, "計画にない取組", "not in the plan")]
    {
        if count > 0 {
            ja.push_str(&format!("、{word_ja}{count}件"));
            en.push_str(&format!(", {count} {word_en}"));
        }
    }
    (Status::Accepted, Text::new(format!("{ja}。"), format!("{en}.")))
}

/// Departments that were asked, from which nothing came, and whose initiatives nobody else answered either; in the order of the settings.
fn silent(job: &Job, plan: &Plan, answers: &[Answer], arrived: &BTreeSet<String>) -> Vec<String> {
    let open: BTreeSet<&str> = answers
        .iter()
        .filter(|a| a.reading.is_none())
        .filter_map(|a| plan.initiatives.get(a.initiative))
        .filter_map(|i| i.answers.as_deref())
        .filter(|d| !arrived.contains(*d))
        .collect();
    let listed = job.register.entries.iter().map(|e| e.name.as_str()).filter(|n| open.contains(n));
    let mut out: Vec<String> = listed.map(str::to_owned).collect();
    out.extend(open.iter().filter(|d| !job.register.entries.iter().any(|e| e.name == **d)).map(|d| (*d).to_owned()));
    out.dedup();
    out
}
