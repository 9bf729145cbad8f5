//! The checks, one file each: type, texts, documentation, logic, tests.
//!
//! A check takes a [`Case`] and returns findings. `ALL` is their order; a test reports a forgotten one.

pub mod altered_plan_text;
pub mod blank_evaluation;
pub mod blank_report;
pub mod blank_value;
pub mod broken_reference;
pub mod changed_goal;
pub mod conflicting_reports;
pub mod copied_goal;
pub mod copied_last_year;
pub mod department_differs;
pub mod duplicate_entry;
pub mod duplicate_name;
pub mod duplicate_text;
pub mod entry_without_sheet;
pub mod era_mismatch;
pub mod evaluation_contradicts_figures;
pub mod figures_disagree;
pub mod formula_like_text;
pub mod goal_missing;
pub mod goal_outside_period;
pub mod missing_department;
pub mod missing_initiative;
pub mod name_differs;
pub mod not_a_number;
pub mod old_department_name;
pub mod one_sided_merge;
pub mod placeholder_left;
#[cfg(test)]
mod plan_case;
mod plan_texts;
pub mod private_use_character;
pub mod rename_without_name;
pub mod renamed_initiative;
pub mod status_differs;
pub mod target_moves_away;
#[cfg(test)]
pub(crate) mod testing;
pub mod triangle_minus;
pub mod unit_changes;
pub mod unit_mismatch;
pub mod unknown_choice;
pub mod unknown_department;
pub mod unknown_initiative;
pub mod unreadable_year;
mod wording;
pub mod wrong_department;

use super::{Answered, Case, Edition, fold_wording, quote};
use crate::finding::{Finding, Rule};
use crate::form::Role;
use crate::plan::Initiative;
use crate::value::{FiscalYear, fold};

/// A check: what does not agree, with its place.
pub type Check = fn(&Case<'_>) -> Vec<Finding>;

/// Every check, in the order of its codes.
pub static ALL: &[Check] = &[
    not_a_number::check,
    unknown_choice::check,
    unreadable_year::check,
    era_mismatch::check,
    unit_mismatch::check,
    triangle_minus::check,
    private_use_character::check,
    formula_like_text::check,
    missing_department::check,
    missing_initiative::check,
    unknown_initiative::check,
    renamed_initiative::check,
    wrong_department::check,
    old_department_name::check,
    conflicting_reports::check,
    altered_plan_text::check,
    changed_goal::check,
    duplicate_entry::check,
    blank_report::check,
    blank_evaluation::check,
    blank_value::check,
    placeholder_left::check,
    copied_goal::check,
    copied_last_year::check,
    evaluation_contradicts_figures::check,
];

/// The rules of these checks, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &not_a_number::RULE,
    &unknown_choice::RULE,
    &unreadable_year::RULE,
    &era_mismatch::RULE,
    &unit_mismatch::RULE,
    &triangle_minus::RULE,
    &private_use_character::RULE,
    &formula_like_text::RULE,
    &missing_department::RULE,
    &missing_initiative::RULE,
    &unknown_initiative::RULE,
    &renamed_initiative::RULE,
    &wrong_department::RULE,
    &old_department_name::RULE,
    &conflicting_reports::RULE,
    &altered_plan_text::RULE,
    &changed_goal::WITHOUT_NOTE,
    &changed_goal::WITH_NOTE,
    &duplicate_entry::RULE,
    &blank_report::RULE,
    &blank_evaluation::RULE,
    &blank_value::RULE,
    &placeholder_left::RULE,
    &copied_goal::RULE,
    &copied_last_year::RULE,
    &evaluation_contradicts_figures::RULE,
    &broken_reference::RULE,
    &one_sided_merge::RULE,
    &rename_without_name::RULE,
    &goal_outside_period::RULE,
    &goal_missing::RULE,
    &target_moves_away::RULE,
    &unit_changes::RULE,
    &duplicate_name::RULE,
    &unknown_department::RULE,
    &department_differs::RULE,
    &name_differs::RULE,
    &status_differs::RULE,
    &entry_without_sheet::RULE,
    &figures_disagree::RULE,
    &duplicate_text::RULE,
];

/// The checks of the plan itself, in the order of their codes: they run whether anything has arrived or not.
pub static OF_THE_PLAN: &[Check] = &[
    broken_reference::check,
    one_sided_merge::check,
    rename_without_name::check,
    goal_outside_period::check,
    goal_missing::check,
    target_moves_away::check,
    unit_changes::check,
    duplicate_name::check,
    unknown_department::check,
    department_differs::check,
    name_differs::check,
    status_differs::check,
    entry_without_sheet::check,
    figures_disagree::check,
    duplicate_text::check,
];

/// Runs every check. In the plan edition nothing has arrived, and the checks of reports are silent.
pub fn run(case: &Case<'_>) -> Vec<Finding> {
    let of_reports: &[Check] = match case.edition {
        Edition::Plan => &[],
        Edition::Report => ALL,
    };
    OF_THE_PLAN.iter().chain(of_reports).flat_map(|check| check(case)).collect()
}

/// The plan's text of a role for an initiative (of a year, for a yearly field) with its key, if it is there and not blank.
fn plan_text<'a>(case: &Case<'_>, initiative: &'a Initiative, role: Role, year: Option<FiscalYear>) -> Option<(&'a str, &'a str)> {
    let found = initiative
        .fields
        .iter()
        .find(|(key, text)| !text.trim().is_empty() && case.key(key).is_some_and(|k| k.is(role) && !k.asked && (k.year == year || k.year.is_none())));
    found.map(|(key, text)| (key.as_str(), text.as_str()))
}

/// Whether a row of a list (an indicator with its values) holds anything at all.
fn row_holds_something(case: &Case<'_>, answered: &Answered<'_>, index: usize) -> bool {
    let row = |key: &super::Key<'_>| key.asked && key.index == Some(index);
    case.values(answered).into_iter().any(|(_, key, value)| row(&key) && value.value.as_deref().is_none_or(|t| !t.trim().is_empty()))
}

/// The known name nearest to a word, if it is at least so alike (0 to 1).
fn nearest<'n>(word: &str, known: impl Iterator<Item = &'n str>, least: f64) -> Option<&'n str> {
    let folded = fold(word);
    let scored = known.map(|name| (strsim::normalized_damerau_levenshtein(&folded, &fold(name)), name));
    scored.filter(|(score, _)| *score >= least).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// 「（ほか2か所）」 where one finding stands for several places of a cell.
fn and_more_ja(all: usize) -> String {
    if all > 1 { format!("（ほか{}か所）", all - 1) } else { String::new() }
}

/// The same in English.
fn and_more_en(all: usize) -> String {
    if all > 1 { format!(" (and {} more)", all - 1) } else { String::new() }
}

/// The first few of a list, and how many there are besides.
fn first_few(all: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown = all.iter().take(SHOWN).copied().collect::<Vec<_>>().join("、");
    if all.len() > SHOWN { format!("{shown} ほか{}件", all.len() - SHOWN) } else { shown }
}
