//! How many initiatives have which choice of a field, and what the count leaves out.
//!
//! Stays true: the counts, the blank, the doubtful, the missing and other words add up to the number of initiatives; a doubtful answer is in no count.

use crate::form::{Field, Form, Role};
use crate::reconcile::checks::unknown_choice::choice_of;
use crate::reconcile::{Settled, State};

/// How many initiatives have which choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Each choice in the order of the form (of an evaluation without choices: the marks given), with its number.
    pub choices: Vec<(String, usize)>,
    /// Answered with a word that is no choice, and in no doubt.
    pub other: usize,
    /// Answered, and this field is blank.
    pub blank: usize,
    /// Left out because an error stands against the answer.
    pub doubtful: usize,
    /// Left out because nothing arrived.
    pub missing: usize,
}

/// Counts the choices of a field in the year reported.
pub fn by_choice(settled: &Settled, field: &Field) -> Count {
    let key = if field.yearly { format!("{}.{}", field.key, settled.fiscal_year.key()) } else { field.key.clone() };
    let choices: Vec<&str> = field.choices.iter().map(String::as_str).collect();
    let mut count = Count { choices: choices.iter().map(|c| ((*c).to_owned(), 0)).collect(), ..Count::default() };
    for initiative in &settled.initiatives {
        let Some(value) = initiative.fields.get(&key) else {
            count.blank += 1;
            continue;
        };
        let place = choice_of(&value.value, &choices).and_then(|c| choices.iter().position(|x| *x == c));
        match (&value.state, place) {
            (State::Missing, _) => count.missing += 1,
            (State::Check, _) => count.doubtful += 1,
            (State::Plan | State::Reported | State::Corrected(_), Some(place)) => count.choices[place].1 += 1,
            (State::Plan | State::Reported | State::Corrected(_), None) if value.value.trim().is_empty() => count.blank += 1,
            (State::Plan | State::Reported | State::Corrected(_), None) => count.other += 1,
        }
    }
    count
}

/// The field whose choices are the year's result: the evaluation, else the kind of change.
pub fn result_field(form: &Form) -> Option<&Field> {
    form.by_role(Role::Evaluation).or_else(|| form.by_role(Role::ChangeType))
}
