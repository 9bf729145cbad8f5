//! Matching: which report answers which initiative of the plan.
//!
//! In: readings, the plan, the register. Out: one [`Answer`] an initiative, the readings that fit none, the ledger, and findings I106–I108, I110, I114 and
//! those that recognising left on the readings.
//! Stays true: every reading and every initiative appears exactly once, matched or not, whatever the file order; nothing is matched by force.
//! Next: `checks` look at the pairs; `settle` decides what is printed.

mod identity;
mod ledger;
mod newest;
mod resubmission;
mod who;

use super::{Answer, Matched};
use crate::finding::{Finding, Origin};
use crate::form::{Form, Role};
use crate::intake::{Intake, Reading, ReadingKind, rules};
use crate::plan::{Job, Plan};
use identity::{Fit, Identities};
use std::collections::{BTreeMap, BTreeSet};
use who::Who;

/// A reading with what is known of it.
#[derive(Debug)]
struct Known {
    /// What it is about.
    fit: Fit,
    /// Who sent it.
    department: Option<String>,
}

impl Known {
    fn initiative(&self) -> Option<usize> {
        match self.fit {
            Fit::Named(n) | Fit::Numbered(n) => Some(n),
            Fit::Several(_) | Fit::Nothing => None,
        }
    }
}

/// Pairs readings with initiatives: by name with department first; the sheet's name and number support it.
pub fn match_readings(intake: &Intake, job: &Job, form: &Form, plan: &Plan) -> (Matched, Vec<Finding>) {
    let identities = Identities::new(job, form, plan);
    let mut known = know(intake, job, form, plan, &identities);
    give_way(intake, &mut known);

    let mut findings = Vec::new();
    let rounds = resubmission::settle(intake, form, plan, &known);
    let in_force: BTreeSet<usize> = rounds.in_force.iter().copied().collect();
    findings.extend(rounds.findings);

    let mut matched = Matched { answers: answers(intake, plan, &known, &in_force), ..Matched::default() };
    for (n, k) in known.iter().enumerate() {
        if let Some(department) = &k.department {
            matched.reading_department.insert(n, department.clone());
        }
        if in_force.contains(&n) && intake.readings[n].kind == ReadingKind::Report && matches!(k.fit, Fit::Nothing) {
            matched.unknown.push(n);
        }
    }
    findings.extend(of_readings(intake, plan, form, &known, &in_force));
    matched.ledger = ledger::of(intake, job, plan, &known, &rounds.replaced, &matched.answers);
    findings.extend(unknown_departments(intake, &matched));
    (matched, findings)
}

/// What each reading is about, and who sent it.
fn know(intake: &Intake, job: &Job, form: &Form, plan: &Plan, identities: &Identities<'_>) -> Vec<Known> {
    intake
        .readings
        .iter()
        .map(|reading| {
            let who = Who::of(reading, intake.submissions.get(reading.submission), form, &job.register);
            let fit = if reading.kind == ReadingKind::Example { Fit::Nothing } else { identities.fit(reading, &who) };
            let initiative = match &fit {
                Fit::Named(n) | Fit::Numbered(n) => plan.initiatives.get(*n),
                Fit::Several(_) | Fit::Nothing => None,
            };
            let asked = initiative.and_then(|i| i.answers.as_deref());
            Known { fit, department: who.sender(asked) }
        })
        .collect()
}

/// A reading that has only the number of an initiative gives way to one that has its name, in the same file: it is another initiative with a number taken
/// twice.
fn give_way(intake: &Intake, known: &mut [Known]) {
    let named: BTreeSet<(usize, usize)> = known
        .iter()
        .zip(&intake.readings)
        .filter(|(_, r)| r.kind == ReadingKind::Report)
        .filter_map(|(k, r)| if let Fit::Named(n) = k.fit { Some((r.submission, n)) } else { None })
        .collect();
    for (k, reading) in known.iter_mut().zip(&intake.readings) {
        if let Fit::Numbered(n) = k.fit
            && reading.kind == ReadingKind::Report
            && named.contains(&(reading.submission, n))
        {
            k.fit = Fit::Nothing;
        }
    }
}

/// One answer an initiative: of several reports in force the one of the department that was asked counts, in the order of files and sheets.
fn answers(intake: &Intake, plan: &Plan, known: &[Known], in_force: &BTreeSet<usize>) -> Vec<Answer> {
    let mut reports: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in in_force.iter().filter(|n| intake.readings[**n].kind == ReadingKind::Report) {
        if let Some(initiative) = known[*n].initiative() {
            reports.entry(initiative).or_default().push(*n);
        }
    }
    plan.initiatives
        .iter()
        .enumerate()
        .map(|(at, initiative)| {
            let all = reports.remove(&at).unwrap_or_default();
            let asked = initiative.answers.as_deref();
            let from_asked = all.iter().copied().find(|n| asked.is_some() && known[*n].department.as_deref() == asked);
            let reading = from_asked.or_else(|| all.first().copied());
            let others = all.into_iter().filter(|n| Some(*n) != reading).collect();
            let sender = reading.and_then(|n| known[n].department.clone());
            let department = sender.or_else(|| initiative.answers.clone()).or_else(|| initiative.leads.first().cloned()).unwrap_or_default();
            Answer { initiative: at, department, reading, others }
        })
        .collect()
}

/// What is to be said of each reading: what recognising found on it, other years' forms, hidden drafts, and reports that fit two initiatives.
fn of_readings(intake: &Intake, plan: &Plan, form: &Form, known: &[Known], in_force: &BTreeSet<usize>) -> Vec<Finding> {
    let answered: BTreeSet<(usize, Option<&str>)> = in_force
        .iter()
        .filter(|n| intake.readings[**n].kind == ReadingKind::Report)
        .filter_map(|n| Some((known[*n].initiative()?, known[*n].department.as_deref())))
        .collect();
    let mut out = Vec::new();
    for (n, reading) in intake.readings.iter().enumerate() {
        let k = &known[n];
        let initiative = k.initiative();
        let key = initiative.and_then(|i| plan.initiatives.get(i)).map(|i| i.key.clone());
        let said =
            |f: Finding| Finding { department: k.department.clone().or(f.department.clone()), initiative: key.clone().or(f.initiative.clone()), ..f };
        match &reading.kind {
            ReadingKind::Report if in_force.contains(&n) => {
                out.extend(reading.findings.iter().cloned().map(said));
                if let Fit::Several(several) = &k.fit {
                    out.push(said(several_fit(intake, plan, form, reading, several)));
                }
            }
            ReadingKind::Report | ReadingKind::Example => {}
            ReadingKind::OtherYear(shown) => {
                let settled = initiative.is_some_and(|i| answered.contains(&(i, k.department.as_deref())));
                out.push(said(other_year(intake, reading, shown, settled)));
            }
            ReadingKind::Hidden => out.push(said(hidden(intake, reading))),
        }
    }
    out
}

fn origin(intake: &Intake, reading: &Reading) -> Origin {
    let file = intake.submissions.get(reading.submission).map(|s| s.file.clone()).unwrap_or_default();
    Origin::sheet(file, &reading.sheet)
}

/// A report that two initiatives fit equally well.
fn several_fit(intake: &Intake, plan: &Plan, form: &Form, reading: &Reading, several: &[usize]) -> Finding {
    let names: Vec<String> = several.iter().filter_map(|n| plan.initiatives.get(*n)).map(|i| format!("{}「{}」", i.key, i.name)).collect();
    let field = form.by_role(Role::Name).map(|f| f.key.clone()).unwrap_or_default();
    let at = reading.fields.get(&field).map_or_else(|| origin(intake, reading), |v| v.origin.clone());
    let found = reading.fields.get(&field).and_then(|v| v.value.clone()).unwrap_or_default();
    let mut finding = Finding::new(&rules::AMBIGUOUS_FIELD).at(at).found(found).expected(names.join("、")).discriminator(&reading.sheet).message(
        format!("シート「{}」の報告がどの取組のものか決められません。候補：{}", reading.sheet, names.join("、")),
        format!("Which initiative the sheet {} reports cannot be told: {}", reading.sheet, names.join(", ")),
    );
    finding.field = Some(field).filter(|f| !f.is_empty());
    finding
}

/// The form of another year: an error, unless the same department's report of this year is there too.
fn other_year(intake: &Intake, reading: &Reading, shown: &str, settled: bool) -> Finding {
    let rule = if settled { &rules::IGNORED_SHEET } else { &rules::LAST_YEAR_FORM };
    let shown = shown.replace('\n', "");
    let (ja, en) = if settled {
        ("今年度の報告が別にあるため、", "This year's report is there, so it")
    } else {
        ("今年度の報告としては", "It")
    };
    let (shows_ja, shows_en) = match shown.trim() {
        "" => ("は別の年度の様式です".to_owned(), String::new()),
        words => (format!("に「{words}」とあり、別の年度の様式です"), format!(": it says 「{words}」")),
    };
    Finding::new(rule).at(origin(intake, reading)).found(&shown).discriminator(&reading.sheet).message(
        format!("シート「{}」{shows_ja}。{ja}取り込みませんでした。", reading.sheet),
        format!("The sheet {} is another year's form{shows_en}. {en} was not taken.", reading.sheet),
    )
}

/// A draft on a hidden sheet or in hidden rows.
fn hidden(intake: &Intake, reading: &Reading) -> Finding {
    let at = Origin { cell: Some(reading.area.first.a1()), ..origin(intake, reading) };
    Finding::new(&rules::HIDDEN_CONTENT).at(at).found(&reading.sheet).discriminator(format!("{} {}", reading.sheet, reading.area.first.a1())).message(
        format!("シート「{}」は非表示（または非表示の行）です。表示されているものだけを取り込みました。", reading.sheet),
        format!("The sheet {} (or these rows of it) is hidden. Only what is shown was taken.", reading.sheet),
    )
}

/// Files of which nobody can say who sent them.
fn unknown_departments(intake: &Intake, matched: &Matched) -> Vec<Finding> {
    let nobody = |n: usize| matched.ledger.get(n).is_some_and(|e| e.department.is_none() && e.status == crate::intake::Status::Accepted);
    intake
        .submissions
        .iter()
        .enumerate()
        .filter(|(n, _)| nobody(*n))
        .map(|(_, s)| {
            Finding::new(&rules::UNKNOWN_DEPARTMENT)
                .at(Origin::file(&s.file))
                .found(&s.file)
                .message(format!("「{}」がどの課から届いたものか分かりません。", s.file), format!("Which department sent {} cannot be told.", s.file))
        })
        .collect()
}
