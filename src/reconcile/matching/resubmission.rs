//! Resubmissions: a department sent the same initiative twice; the newer report counts, sheet by sheet.
//!
//! In: readings with initiative and department. Out: the readings in force, what was replaced, and notes I107 with every changed cell.
//! Stays true: a partial resubmission replaces only its own sheets; without evidence which is newer both stay and R311 says so.

use super::{Known, newest};
use crate::finding::{Finding, Origin, Text};
use crate::form::{Form, Role};
use crate::intake::{Intake, ReadingKind, rules};
use crate::plan::Plan;
use crate::value::fold;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What remains when everything sent twice is settled.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    /// Readings in force, of every kind.
    pub in_force: Vec<usize>,
    /// Older submission → the newer one and why, if some of it was replaced.
    pub replaced: BTreeMap<usize, (usize, Text)>,
    /// Notes.
    pub findings: Vec<Finding>,
}

/// Old and new submission → why, and the readings: the replaced one and the one that counts.
type Pairs = BTreeMap<(usize, usize), (Text, Vec<(usize, usize)>)>;

/// Most changes listed in one note.
const LISTED: usize = 40;

/// Settles what was sent twice.
pub(super) fn settle(intake: &Intake, form: &Form, plan: &Plan, known: &[Known]) -> Rounds {
    let mut groups: BTreeMap<(String, Option<&str>), Vec<usize>> = BTreeMap::new();
    let mut rounds = Rounds::default();
    for (n, reading) in intake.readings.iter().enumerate() {
        let counts = matches!(reading.kind, ReadingKind::Report | ReadingKind::OtherYear(_));
        let subject = match known[n].initiative().and_then(|i| plan.initiatives.get(i)) {
            Some(initiative) => Some(format!("={}", initiative.key)),
            None => name_of(form, reading).map(|name| format!("?{}", fold(&name))),
        };
        match subject.filter(|_| counts) {
            Some(subject) => groups.entry((subject, known[n].department.as_deref())).or_default().push(n),
            None => rounds.in_force.push(n),
        }
    }
    let mut pairs = Pairs::new();
    for readings in groups.into_values() {
        one_group(intake, readings, &mut rounds, &mut pairs);
    }
    rounds.in_force.sort_unstable();
    // Reports of each submission: a file is replaced as a whole if all of them are.
    let mut reports: BTreeMap<usize, usize> = BTreeMap::new();
    for reading in intake.readings.iter().filter(|r| r.kind == ReadingKind::Report) {
        *reports.entry(reading.submission).or_default() += 1;
    }
    for ((old, new), (why, replaced)) in pairs {
        rounds.findings.push(note(intake, plan, known, (old, new), &why, &replaced, reports.get(&old).copied().unwrap_or_default()));
        rounds.replaced.insert(old, (new, why));
    }
    rounds
}

fn name_of(form: &Form, reading: &crate::intake::Reading) -> Option<String> {
    let field = form.by_role(Role::Name)?;
    reading.fields.get(&field.key)?.value.clone().filter(|v| !v.is_empty())
}

/// Readings of one initiative from one department.
fn one_group(intake: &Intake, readings: Vec<usize>, rounds: &mut Rounds, pairs: &mut Pairs) {
    let is_report = |n: &usize| intake.readings[*n].kind == ReadingKind::Report;
    // Another year's form never replaces a report.
    let submissions: BTreeSet<usize> =
        readings.iter().filter(|n| is_report(n) || !readings.iter().any(is_report)).map(|n| intake.readings[*n].submission).collect();
    let Some(newest) = submissions.iter().copied().reduce(|best, next| match newest::compare(intake, next, best) {
        Some((Ordering::Greater, _)) => next,
        Some(_) => best,
        None => best,
    }) else {
        return;
    };
    for n in readings.iter().copied() {
        let submission = intake.readings[n].submission;
        if submission == newest {
            rounds.in_force.push(n);
            continue;
        }
        let why = match newest::compare(intake, newest, submission) {
            Some((Ordering::Greater, why)) => Some(why),
            _ if same_bytes(intake, newest, submission) => Some(Text::new("同じ内容のファイル", "the same file")),
            _ => None,
        };
        let by_report =
            is_report(&n) || submissions.contains(&newest) && readings.iter().any(|m| intake.readings[*m].submission == newest && is_report(m));
        match why.filter(|_| by_report) {
            Some(why) => {
                let entry = pairs.entry((submission, newest)).or_insert_with(|| (why, Vec::new()));
                if let Some(winner) = readings.iter().find(|m| intake.readings[**m].submission == newest) {
                    entry.1.push((n, *winner));
                }
            }
            None => rounds.in_force.push(n),
        }
    }
}

fn same_bytes(intake: &Intake, a: usize, b: usize) -> bool {
    let hash = |i: usize| intake.submissions.get(i).map(|s| s.sha256.as_str()).filter(|h| !h.is_empty());
    hash(a).is_some() && hash(a) == hash(b)
}

/// The note on one file replaced by another, with what changed cell by cell.
fn note(
    intake: &Intake,
    plan: &Plan,
    known: &[Known],
    (old, new): (usize, usize),
    why: &Text,
    replaced: &[(usize, usize)],
    reports: usize,
) -> Finding {
    let file = |i: usize| intake.submissions.get(i).map(|s| s.file.clone()).unwrap_or_default();
    let gone: BTreeSet<usize> = replaced.iter().map(|(o, _)| *o).filter(|o| intake.readings[*o].kind == ReadingKind::Report).collect();
    let whole = gone.len() == reports;
    let keys: Vec<String> =
        replaced.iter().filter_map(|(o, _)| known[*o].initiative()).filter_map(|i| plan.initiatives.get(i)).map(|i| i.key.clone()).collect();
    let mut changes = Vec::new();
    for (before, after) in replaced {
        changes.extend(changed(intake, *before, *after));
    }
    let part_ja = if whole { String::new() } else { format!("（{}の分だけ）", keys.join("、")) };
    let part_en = if whole { String::new() } else { format!(" (only {})", keys.join(", ")) };
    let count = changes.len();
    let mut finding = Finding::new(&rules::RESUBMISSION)
        .at(Origin::file(file(old)))
        .found(file(old))
        .expected(file(new))
        .discriminator(format!("{} > {}", file(old), file(new)))
        .message(
            format!(
                "「{}」は、あとから届いた「{}」に差し替えました{part_ja}。判断の根拠：{}。変わったセル：{count}か所。",
                file(old),
                file(new),
                why.ja
            ),
            format!("{} was replaced by {}{part_en}, by {}. Cells that changed: {count}.", file(old), file(new), why.en),
        );
    finding.department = replaced.iter().find_map(|(o, _)| known[*o].department.clone());
    if let [one] = keys.as_slice() {
        finding.initiative = Some(one.clone());
    }
    for (label, quote, at) in changes.into_iter().take(LISTED) {
        finding = finding.related(&label, &label, quote, at);
    }
    finding
}

/// Fields that differ between two readings: field, 「old」→「new」, and the place of the new one.
fn changed(intake: &Intake, before: usize, after: usize) -> Vec<(String, String, Origin)> {
    let (Some(a), Some(b)) = (intake.readings.get(before), intake.readings.get(after)) else { return Vec::new() };
    let keys: BTreeSet<&String> = a.fields.keys().chain(b.fields.keys()).collect();
    let text =
        |r: &crate::intake::Reading, k: &String| r.fields.get(k).map(|v| v.value.clone().unwrap_or_else(|| v.as_written.clone())).unwrap_or_default();
    keys.into_iter()
        .filter(|k| text(a, k) != text(b, k))
        .map(|k| {
            let at = b.fields.get(k).or_else(|| a.fields.get(k)).map(|v| v.origin.clone()).unwrap_or_default();
            (k.clone(), format!("「{}」→「{}」", text(a, k), text(b, k)), at)
        })
        .collect()
}
