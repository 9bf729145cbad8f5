//! Totals: every count that the workbook shows, made in one place.
//!
//! In: a [`View`]. Out: [`Totals`]: by state, evaluation, chapter and department, against last year, net and gross, and what was left out.
//! Stays true: the counts of a table add up to the number of initiatives; what a count leaves out is counted too.
//! Neighbours: [`super::overview`] and the other sheets only draw them.

use super::View;
use super::book::say;
use super::facts::{self, Findings, Standing};
use crate::finding::Severity;
use crate::form::Role;
use crate::reconcile::{SettledInitiative, State};
use crate::value::{fold, same_text};

/// A step of the evaluation scale, or a word that stands in an evaluation cell though the scale does not know it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// The letter or word.
    pub mark: String,
    /// What it means; empty if nobody said.
    pub meaning: String,
    /// Whether the scale (or the form's choices) knows it.
    pub known: bool,
}

/// Counts of one group of initiatives.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// Chapter or department; empty for all.
    pub name: String,
    /// Initiatives, those listed twice too.
    pub gross: usize,
    /// Of those, listed again from elsewhere (再掲).
    pub repeated: usize,
    /// Answered, to be checked, missing.
    pub standings: [usize; 3],
    /// By mark, in the order of [`Totals::marks`].
    pub marks: Vec<usize>,
    /// Answered, with a blank evaluation.
    pub blank: usize,
    /// Evaluations left out because an error stands against them.
    pub doubtful: usize,
    /// Open errors, open warnings, accepted findings.
    pub findings: [usize; 3],
    /// Achievement rates that could be computed, in per cent.
    pub rates: Vec<f64>,
}

impl Group {
    /// Initiatives without those listed again.
    pub(super) fn net(&self) -> usize {
        self.gross - self.repeated
    }

    /// Mean achievement rate as a share; `None` if none could be computed.
    pub(super) fn mean_rate(&self) -> Option<f64> {
        if self.rates.is_empty() { None } else { Some(self.rates.iter().sum::<f64>() / self.rates.len() as f64 / 100.0) }
    }
}

/// Every count of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Totals {
    /// The marks that occur or could.
    pub marks: Vec<Mark>,
    /// What the marks are: 評価, or the label of the field that stands for it (変更種別).
    pub word: String,
    /// All initiatives.
    pub all: Group,
    /// By chapter, in the order of the plan.
    pub chapters: Vec<Group>,
    /// By department, in the order of the settings.
    pub departments: Vec<Group>,
    /// Last year's evaluations as the plan holds them, by mark; `None` if it holds none.
    pub before: Option<Vec<usize>>,
    /// Open errors, warnings and notes, and accepted findings, all over.
    pub findings: [usize; 4],
}

impl Totals {
    /// Counts.
    pub(super) fn of(view: &View<'_>, findings: &Findings<'_>) -> Self {
        let marks = marks(view);
        let mut totals = Totals { word: word(view), all: Group { marks: vec![0; marks.len()], ..Group::default() }, marks, ..Totals::default() };
        let empty = totals.all.clone();
        for entry in &view.job.register.entries {
            totals.departments.push(Group { name: entry.name.clone(), ..empty.clone() });
        }
        let mut before = vec![0; totals.marks.len()];
        for initiative in &view.settled.initiatives {
            let standing = findings.standing(view, initiative);
            let count = |group: &mut Group| count(view, group, initiative, standing, &totals.marks);
            count(&mut totals.all);
            count(group_of(&mut totals.chapters, &initiative.chapter, &empty));
            count(group_of(&mut totals.departments, &initiative.department, &empty));
            let last = facts::evaluation_in(view, initiative, view.settled.fiscal_year.plus(-1));
            if let Some(place) = totals.marks.iter().position(|m| same_text(&m.mark, &last)) {
                before[place] += 1;
            }
        }
        for group in &mut totals.departments {
            let theirs = findings.for_department(&group.name);
            group.findings = [facts::open(theirs, Severity::Error), facts::open(theirs, Severity::Warning), facts::accepted(theirs)];
        }
        totals.departments.retain(|g| g.gross > 0 || g.findings != [0; 3]);
        totals.before = (before.iter().sum::<usize>() > 0).then_some(before);
        for finding in &view.settled.findings {
            let place = match (finding.is_open(), finding.rule.severity) {
                (true, Severity::Error) => 0,
                (true, Severity::Warning) => 1,
                (true, Severity::Note) => 2,
                (false, _) => 3,
            };
            totals.findings[place] += 1;
        }
        totals
    }
}

/// The group of this name, made at its first use.
fn group_of<'g>(groups: &'g mut Vec<Group>, name: &str, empty: &Group) -> &'g mut Group {
    let place = groups.iter().position(|g| g.name == name).unwrap_or_else(|| {
        groups.push(Group { name: name.to_owned(), ..empty.clone() });
        groups.len() - 1
    });
    &mut groups[place]
}

/// Adds an initiative to a group.
fn count(view: &View<'_>, group: &mut Group, initiative: &SettledInitiative, standing: Standing, marks: &[Mark]) {
    group.gross += 1;
    group.repeated += usize::from(is_repeated(initiative));
    if let Some(place) = Standing::ALL.iter().position(|s| *s == standing) {
        group.standings[place] += 1;
    }
    if standing == Standing::Missing {
        return;
    }
    group.rates.extend(initiative.achievements.iter().filter_map(|a| a.rate).filter(|r| r.is_finite()));
    let asked = facts::values(view, initiative, Role::Evaluation, view.settled.fiscal_year);
    if asked.iter().any(|(_, f)| f.state == State::Check) {
        group.doubtful += 1;
    } else if initiative.evaluation.trim().is_empty() {
        group.blank += 1;
    } else if let Some(place) = marks.iter().position(|m| same_text(&m.mark, &initiative.evaluation)) {
        group.marks[place] += 1;
    }
}

/// Whether an initiative is listed again from elsewhere: its name says 再掲, or the plan's data does.
pub(super) fn is_repeated(initiative: &SettledInitiative) -> bool {
    fold(&initiative.name).contains("再掲") || initiative.raw.get("repeated").and_then(serde_json::Value::as_bool).unwrap_or(false)
}

/// What the marks are called.
fn word(view: &View<'_>) -> String {
    match (view.form.by_role(Role::Evaluation), view.form.by_role(Role::ChangeType)) {
        (None, Some(field)) => facts::label(view, &field.key),
        _ => say(view.lang, "評価", "Evaluation").to_owned(),
    }
}

/// The marks: the city's scale, else the form's choices, and then every other word that was reported.
fn marks(view: &View<'_>) -> Vec<Mark> {
    let mut marks: Vec<Mark> =
        view.job.settings.scale.iter().map(|b| Mark { mark: b.mark.clone(), meaning: b.meaning.clone(), known: true }).collect();
    if marks.is_empty() {
        let field = view.form.by_role(Role::Evaluation).or_else(|| view.form.by_role(Role::ChangeType));
        let choices = field.map(|f| f.choices.as_slice()).unwrap_or_default();
        marks.extend(choices.iter().map(|c| Mark { mark: c.clone(), meaning: String::new(), known: true }));
    }
    for initiative in &view.settled.initiatives {
        let word = initiative.evaluation.trim();
        if !word.is_empty() && !marks.iter().any(|m| same_text(&m.mark, word)) {
            marks.push(Mark { mark: word.to_owned(), meaning: String::new(), known: false });
        }
    }
    marks
}
