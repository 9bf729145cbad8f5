//! What the checks look at: the plan, the reports and their pairing, with the few questions that every check asks.
//!
//! In: the borrowed parts of a run. Out: [`Case::answered`] (every report in force beside its initiative) and [`Case::key`] (what a field key means).
//! Stays true: nothing is computed twice per report; the order is that of the plan.
//! Neighbours: the files below `checks`, and `settle`.

use super::achievement::Known;
use super::{Edition, Matched};
use crate::finding::{Finding, Rule};
use crate::form::{Field, FilledBy, Form, Role};
use crate::intake::{Intake, Reading};
use crate::plan::{Initiative, Job, Plan};
use crate::value::{FiscalYear, Sourced, fold};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The plan, the reports and their pairing: what the checks look at.
pub struct Case<'a> {
    /// The job.
    pub job: &'a Job,
    /// The form.
    pub form: &'a Form,
    /// The plan.
    pub plan: &'a Plan,
    /// What arrived.
    pub intake: &'a Intake,
    /// Who answers what.
    pub matched: &'a Matched,
    /// The edition. Checks of reports are silent in the plan edition.
    pub edition: Edition,
    /// The day of the run.
    pub date: NaiveDate,
    /// How far the goals were reached, worked out when the first asks.
    known: OnceLock<Known>,
}

/// What a field key (`evaluation.R6`, `indicators.0.name`) means.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// The field of the form.
    pub field: &'a Field,
    /// The fiscal year, for a yearly field.
    pub year: Option<FiscalYear>,
    /// The place in a list, zero-based.
    pub index: Option<usize>,
    /// Whether the department fills it in, in the year reported.
    pub asked: bool,
}

impl Key<'_> {
    /// Whether the field has this role.
    pub fn is(&self, role: Role) -> bool {
        self.field.role == Some(role)
    }
}

/// A report in force beside the initiative that it answers.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    /// The initiative.
    pub initiative: &'a Initiative,
    /// The department that sent the report, under its name of today.
    pub department: &'a str,
    /// The report.
    pub reading: &'a Reading,
    /// Index of the report in the intake.
    pub index: usize,
    /// Whether it is the one that counts; otherwise it is another department's report of a joint initiative.
    pub counts: bool,
}

impl<'a> Answered<'a> {
    /// A finding of `rule` about this report.
    pub fn finding(&self, rule: &'static Rule) -> Finding {
        Finding::new(rule).department(self.department).initiative(&self.initiative.key)
    }

    /// A finding of `rule` about one value of this report.
    pub fn at(&self, rule: &'static Rule, key: &str, value: &Sourced) -> Finding {
        self.finding(rule).field(key).at(value.origin.clone()).found(shown(value))
    }
}

/// What stands in the cell: the value on the screen, or the text as written where there is none.
fn shown(value: &Sourced) -> &str {
    value.value.as_deref().unwrap_or(&value.as_written)
}

impl<'a> Case<'a> {
    /// The case of a run.
    pub fn new(job: &'a Job, form: &'a Form, plan: &'a Plan, intake: &'a Intake, matched: &'a Matched, edition: Edition, date: NaiveDate) -> Self {
        Case { job, form, plan, intake, matched, edition, date, known: OnceLock::new() }
    }

    /// How far the goals were reached by the reports that count, worked out once.
    pub(super) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::of(self))
    }

    /// Every report in force, in the order of the plan: those that count, and those of further departments of joint initiatives.
    pub fn answered(&self) -> Vec<Answered<'a>> {
        let mut all = Vec::new();
        for answer in &self.matched.answers {
            let Some(initiative) = self.plan.initiatives.get(answer.initiative) else { continue };
            let others = answer.others.iter().filter(|r| self.sender(**r, answer) != self.sender_of(answer)).map(|r| (*r, false));
            for (index, counts) in answer.reading.map(|r| (r, true)).into_iter().chain(others) {
                let Some(reading) = self.intake.readings.get(index) else { continue };
                all.push(Answered { initiative, department: self.sender(index, answer), reading, index, counts });
            }
        }
        all
    }

    fn sender(&self, reading: usize, answer: &'a super::Answer) -> &'a str {
        self.matched.reading_department.get(&reading).map_or(answer.department.as_str(), String::as_str)
    }

    fn sender_of(&self, answer: &'a super::Answer) -> &'a str {
        answer.reading.map_or(answer.department.as_str(), |r| self.sender(r, answer))
    }

    /// What a field key means on this form.
    pub fn key(&self, key: &str) -> Option<Key<'a>> {
        key_of(self.form, key, self.job.settings.fiscal_year)
    }

    /// Every value of a report whose key the form knows, in the order of the keys.
    pub fn values(&self, answered: &Answered<'a>) -> Vec<(&'a str, Key<'a>, &'a Sourced)> {
        answered.reading.fields.iter().filter_map(|(key, value)| Some((key.as_str(), self.key(key)?, value))).collect()
    }

    /// The values of a report that the department was asked for.
    pub fn asked(&self, answered: &Answered<'a>) -> Vec<(&'a str, Key<'a>, &'a Sourced)> {
        self.values(answered).into_iter().filter(|(_, key, _)| key.asked).collect()
    }

    /// The name of a field as people know it: its printed label, with the year of a yearly one.
    pub fn label(&self, key: &str) -> String {
        self.key(key).map_or_else(|| key.to_owned(), |k| label_of(self.form, &k, self.job.settings.fiscal_year))
    }

    /// The year reported.
    pub fn year(&self) -> FiscalYear {
        self.job.settings.fiscal_year
    }

    /// Path below `input/` of the file a reading came from.
    pub fn file_of(&self, reading: &Reading) -> &'a str {
        self.intake.submissions.get(reading.submission).map_or("", |s| s.file.as_str())
    }

    /// The key and value of the name field of a reading.
    pub fn name_in(&self, reading: &'a Reading) -> Option<(&'a str, &'a Sourced)> {
        let found = reading.fields.iter().find(|(key, _)| self.key(key).is_some_and(|k| k.is(Role::Name)));
        found.map(|(key, value)| (key.as_str(), value))
    }
}

/// What a field key means on a form, in the year reported.
pub fn key_of<'f>(form: &'f Form, key: &str, report_year: FiscalYear) -> Option<Key<'f>> {
    form.fields.iter().find_map(|field| {
        let (year, index) = parts_of(field, key)?;
        let asked = field.by == FilledBy::Department && (!field.report_year_only || year.is_none_or(|y| y == report_year));
        Some(Key { field, year, index, asked })
    })
}

/// Year and place in a list that a key names, if it belongs to the field.
fn parts_of(field: &Field, key: &str) -> Option<(Option<FiscalYear>, Option<usize>)> {
    if key == field.key {
        return Some((None, None));
    }
    if field.yearly {
        let year = key.strip_prefix(field.key.as_str())?.strip_prefix('.')?;
        return Some((Some(year_of_key(year)?), None));
    }
    let (list, member) = field.key.split_once('.')?;
    let (index, rest) = key.strip_prefix(list)?.strip_prefix('.')?.split_once('.')?;
    (rest == member).then_some((None, Some(index.parse().ok()?)))
}

/// The year of a key as the program writes it (`R6`). Keys are asked for often, so the years of a century are worked out once.
fn year_of_key(key: &str) -> Option<FiscalYear> {
    static KNOWN: OnceLock<BTreeMap<String, FiscalYear>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| (1980..2080).map(FiscalYear::from_western).map(|y| (y.key(), y)).collect());
    known.get(key).copied().or_else(|| FiscalYear::parse(key))
}

/// The printed label of a field, with the year of a yearly one and the place in a list; a word for its role where it has no label.
pub fn label_of(form: &Form, key: &Key<'_>, report_year: FiscalYear) -> String {
    let printed = |year: FiscalYear| year.printed(&form.years.printed);
    let label = key.field.labels.first().map_or_else(
        || role_word(key.field).to_owned(),
        |l| l.replace("{year}", &printed(report_year)).replace("{next}", &printed(report_year.plus(1))),
    );
    match (key.year, key.index) {
        (Some(year), _) => format!("{label}（{}）", printed(year)),
        (_, Some(index)) => format!("{label}（{}つ目）", index + 1),
        _ => label,
    }
}

/// A word for a field without a label.
fn role_word(field: &Field) -> &str {
    match field.role {
        Some(Role::Name) => "取組名",
        Some(Role::Number) => "番号",
        Some(Role::Chapter) => "章・分野",
        Some(Role::Lead) => "担当課",
        Some(Role::Sdgs) => "SDGs",
        _ => &field.key,
    }
}

/// A text for comparing wordings: width, blanks, variation selectors and look-alikes of dashes, waves, circles and quotes make no difference.
pub fn fold_wording(text: &str) -> String {
    let alike = |c: char| match c {
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '─' | '━' | '-' => Some('-'),
        '〜' | '～' | '~' => Some('~'),
        '○' | '〇' | '◯' => Some('○'),
        '“' | '”' | '＂' | '"' => Some('"'),
        '‘' | '’' | '\'' => Some('\''),
        '·' | '･' | '・' | '•' => Some('・'),
        '，' | ',' => Some('、'),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200D}' | '\u{FEFF}' => None,
        other => Some(other),
    };
    fold(text).chars().filter_map(alike).collect()
}

/// A quotation for a message: on one line, at most `most` characters.
pub fn quote(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most { line } else { line.chars().take(most.saturating_sub(1)).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_year_and_place() {
        let field = |toml: &str| toml::from_str::<Field>(toml).expect("a field");
        let form = Form {
            fields: vec![
                field("key = \"evaluation\"\nlabels = [\"年度末評価\"]\nyearly = true\nby = \"department\"\nreport_year_only = true"),
                field("key = \"indicators.name\"\nlabels = [\"指標\"]\nlist = \"indicators\"\nby = \"department\""),
            ],
            ..Form::default()
        };
        let year = FiscalYear::from_western(2024);
        let told = |key: &str| key_of(&form, key, year).map(|k| (k.year.map(FiscalYear::key), k.index, k.asked));
        assert_eq!(told("evaluation.R6"), Some((Some("R6".to_owned()), None, true)));
        assert_eq!(told("evaluation.R5"), Some((Some("R5".to_owned()), None, false)));
        assert_eq!(told("indicators.1.name"), Some((None, Some(1), true)));
        assert_eq!(told("indicators.x.name"), None);
        assert_eq!(told("evaluation.後"), None);
        let key = key_of(&form, "evaluation.R6", year).expect("a key");
        assert_eq!(label_of(&form, &key, year), "年度末評価（R6）");
    }

    #[test]
    fn look_alikes_make_no_difference() {
        assert_eq!(fold_wording("〇データ－活用～"), fold_wording("○データー活用〜"));
        assert_ne!(fold_wording("5件"), fold_wording("6件"));
    }

    #[test]
    fn quotations_stay_on_one_line() {
        assert_eq!(quote("一行目\n二行目", 20), "一行目 二行目");
        assert_eq!(quote("あいうえお", 3), "あい…");
    }
}
