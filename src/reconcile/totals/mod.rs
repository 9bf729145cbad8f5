//! Totals: every count that is shown anywhere, made in one place.
//!
//! In: the settled model, the form and the settings. Out: [`Totals`]: by state, evaluation, chapter and department, against last year, net and gross, and
//! what was left out; [`departments`] alone for those that know no form; [`by_choice`] for a field of choices.
//! Stays true: the counts of a table add up to the number of initiatives; what a count leaves out is counted too; no other room counts.
//! Neighbours: `settle` made the model; workbook, page, terminal and packet draw what is counted here; a test computes every figure a second time from
//! `result.json`.

mod choices;
mod departments;
mod findings;
mod standing;

pub use choices::{Count, by_choice, result_field};
pub use departments::DepartmentState;
pub use findings::Counts;
pub use standing::{Standing, Standings};

use super::{Settled, SettledField, SettledInitiative, State};
use crate::form::{Form, Role};
use crate::plan::Job;
use crate::value::{FiscalYear, Register, fold, same_text};
use std::collections::BTreeMap;

/// A step of the evaluation scale, or a word that stands in an evaluation cell though the scale does not know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The letter or word.
    pub mark: String,
    /// What it means; empty if nobody said.
    pub meaning: String,
    /// Whether the scale (or the form's choices) knows it.
    pub known: bool,
}

/// Counts of one group of initiatives.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Chapter or department; empty for all, and for initiatives that have none.
    pub name: String,
    /// Initiatives, those listed twice too.
    pub gross: usize,
    /// Of those, listed again from elsewhere (再掲).
    pub repeated: usize,
    /// Answered, to be checked, missing, in the order of [`Standing::ALL`]; all 0 in the plan edition.
    pub standings: [usize; 3],
    /// By mark, in the order of [`Totals::marks`].
    pub marks: Vec<usize>,
    /// Last year's evaluations of the same initiatives, by mark; all 0 where nothing is known of last year.
    pub before: Vec<usize>,
    /// Answered, with a blank evaluation.
    pub blank: usize,
    /// Evaluations left out because an error stands against them.
    pub doubtful: usize,
    /// Without an evaluation because nothing arrived.
    pub missing: usize,
    /// Achievement rates that could be computed, in per cent.
    pub rates: Vec<f64>,
    /// Of a department: files that arrived from it, superseded and unreadable ones too.
    pub files: usize,
    /// Of a department: its findings.
    pub findings: Counts,
    /// Of a department: how far it has come.
    pub state: DepartmentState,
}

impl Group {
    /// Initiatives without those listed again.
    pub fn net(&self) -> usize {
        self.gross - self.repeated
    }

    /// Initiatives for which an answer arrived, doubtful ones too.
    pub fn answered(&self) -> usize {
        self.standings[0] + self.standings[1]
    }

    /// Initiatives with an evaluation that counts.
    pub fn evaluated(&self) -> usize {
        self.marks.iter().sum()
    }

    /// Initiatives whose evaluation of last year is known.
    pub fn evaluated_before(&self) -> usize {
        self.before.iter().sum()
    }

    /// Mean achievement rate as a share; `None` if none could be computed.
    pub fn mean_rate(&self) -> Option<f64> {
        if self.rates.is_empty() { None } else { Some(self.rates.iter().sum::<f64>() / self.rates.len() as f64 / 100.0) }
    }
}

/// Every count of a run.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// The marks that occur or could.
    pub marks: Vec<Mark>,
    /// All initiatives.
    pub all: Group,
    /// By chapter, in the order of the plan.
    pub chapters: Vec<Group>,
    /// By department, in the order of the settings.
    pub departments: Vec<Group>,
    /// All findings.
    pub findings: Counts,
}

impl Totals {
    /// Counts.
    pub fn of(settled: &Settled, form: &Form, job: &Job) -> Self {
        let marks = marks(settled, form, job);
        let tally = Tally { settled, form: Some(form), marks: &marks, standings: Standings::of(settled) };
        let mut all = tally.group("");
        let mut chapters: Vec<Group> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for initiative in &settled.initiatives {
            tally.add(&mut all, initiative);
            let place = *places.entry(initiative.chapter.as_str()).or_insert_with(|| {
                chapters.push(tally.group(&initiative.chapter));
                chapters.len() - 1
            });
            tally.add(&mut chapters[place], initiative);
        }
        let departments = departments::departments(settled, &job.register, &tally);
        Totals { all, chapters, departments, findings: Counts::of(&settled.findings), marks }
    }

    /// Whether anything is known of last year's evaluations.
    pub fn knows_last_year(&self) -> bool {
        self.all.evaluated_before() > 0
    }
}

/// The departments alone, without marks: for the terminal, which knows no form.
pub fn departments(settled: &Settled, register: &Register) -> Vec<Group> {
    departments::departments(settled, register, &Tally { settled, form: None, marks: &[], standings: Standings::of(settled) })
}

/// How many initiatives there are, and for how many an answer arrived.
pub fn answered(settled: &Settled) -> (usize, usize) {
    (settled.initiatives.len(), settled.initiatives.iter().filter(|i| i.answered).count())
}

/// Adds initiatives to groups, always in the same way.
struct Tally<'a> {
    settled: &'a Settled,
    form: Option<&'a Form>,
    marks: &'a [Mark],
    standings: Standings<'a>,
}

impl Tally<'_> {
    /// A group with nothing in it.
    fn group(&self, name: &str) -> Group {
        Group { name: name.to_owned(), marks: vec![0; self.marks.len()], before: vec![0; self.marks.len()], ..Group::default() }
    }

    /// Adds an initiative.
    fn add(&self, group: &mut Group, initiative: &SettledInitiative) {
        let standing = self.standings.standing(initiative);
        group.gross += 1;
        group.repeated += usize::from(is_repeated(initiative));
        if let Some(place) = Standing::ALL.iter().position(|s| *s == standing) {
            group.standings[place] += 1;
        }
        group.rates.extend(initiative.achievements.iter().filter_map(|a| a.rate).filter(|r| r.is_finite()));
        if let Some(place) = place_of(self.marks, &initiative.evaluation_before) {
            group.before[place] += 1;
        }
        if let Some(place) = place_of(self.marks, &initiative.evaluation) {
            group.marks[place] += 1;
        } else if self.is_doubtful(initiative) {
            group.doubtful += 1;
        } else if standing == Standing::Missing {
            group.missing += 1;
        } else {
            group.blank += 1;
        }
    }

    /// Whether an error stands against the year's evaluation (or kind of change).
    fn is_doubtful(&self, initiative: &SettledInitiative) -> bool {
        let Some(form) = self.form else { return false };
        let Some(role) = result_field(form).and_then(|f| f.role) else { return false };
        values(form, initiative, role, self.settled.fiscal_year).iter().any(|(_, f)| f.state == State::Check)
    }
}

/// The mark that a text is.
pub fn place_of(marks: &[Mark], text: &str) -> Option<usize> {
    if text.trim().is_empty() { None } else { marks.iter().position(|m| same_text(&m.mark, text)) }
}

/// Whether an initiative is listed again from elsewhere: its name says 再掲, or the plan's data does.
pub fn is_repeated(initiative: &SettledInitiative) -> bool {
    fold(&initiative.name).contains("再掲") || initiative.raw.get("repeated").and_then(serde_json::Value::as_bool).unwrap_or(false)
}

/// The settled values of the fields with a role, in the order of the form; of yearly fields the value of one year.
pub fn values<'i>(form: &Form, initiative: &'i SettledInitiative, role: Role, year: FiscalYear) -> Vec<(&'i str, &'i SettledField)> {
    let mut values = Vec::new();
    for field in form.fields.iter().filter(|f| f.role == Some(role)) {
        if field.yearly {
            values.extend(initiative.fields.get_key_value(&format!("{}.{}", field.key, year.key())).map(|(k, v)| (k.as_str(), v)));
        } else if let Some(list) = &field.list {
            values.extend(initiative.fields.iter().filter(|(k, _)| in_list(k, list, &field.key)).map(|(k, v)| (k.as_str(), v)));
        } else {
            values.extend(initiative.fields.get_key_value(&field.key).map(|(k, v)| (k.as_str(), v)));
        }
    }
    values
}

/// Whether `indicators.0.name` is a member of the list `indicators` under the key `indicators.name`.
fn in_list(key: &str, list: &str, field: &str) -> bool {
    let name = field.strip_prefix(list).and_then(|n| n.strip_prefix('.')).unwrap_or(field);
    let Some((place, rest)) = key.strip_prefix(list).and_then(|k| k.strip_prefix('.')).and_then(|k| k.split_once('.')) else { return false };
    place.bytes().all(|b| b.is_ascii_digit()) && rest == name
}

/// The marks: the city's scale, else the form's choices, and then every other word that was reported, this year or last.
fn marks(settled: &Settled, form: &Form, job: &Job) -> Vec<Mark> {
    let scale = &job.settings.scale;
    let mut marks: Vec<Mark> = scale.iter().map(|b| Mark { mark: b.mark.clone(), meaning: b.meaning.clone(), known: true }).collect();
    if marks.is_empty() {
        let choices = result_field(form).map(|f| f.choices.as_slice()).unwrap_or_default();
        marks.extend(choices.iter().map(|c| Mark { mark: c.clone(), meaning: String::new(), known: true }));
    }
    for initiative in &settled.initiatives {
        for word in [&initiative.evaluation, &initiative.evaluation_before].map(|w| w.trim()) {
            if !word.is_empty() && place_of(&marks, word).is_none() {
                marks.push(Mark { mark: word.to_owned(), meaning: String::new(), known: false });
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_list_are_known_by_their_place() {
        assert!(in_list("indicators.0.name", "indicators", "indicators.name"));
        assert!(!in_list("indicators.0.target", "indicators", "indicators.name"));
        assert!(!in_list("indicators.x.name", "indicators", "indicators.name"));
    }
}
