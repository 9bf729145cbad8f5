//! Classifying: whether a form that was found is this year's report, an example, a hidden draft, or another year's form.
//!
//! In: a draft and the sheet it lies on. Out: a [`ReadingKind`].
//! Stays true: the labels of the fields that departments fill in decide the year; a title alone decides only where no label names a year.

use super::draft::Draft;
use super::model::Model;
use crate::form::Role;
use crate::intake::ReadingKind;
use crate::value::fold;
use crate::workbook::{Sheet, Visibility};

/// Whether the name of a sheet says that it is an example.
pub(super) fn is_example_name(name: &str) -> bool {
    let folded = fold(name).to_lowercase();
    let inside = ["記入例", "記載例", "入力例", "作成例", "回答例", "書き方", "記入要領", "記載要領", "記入方法"];
    // 「見本」 may be part of an initiative's name (見本市), so the name must be it, but for numbers and brackets, or end in it.
    let bare = folded.trim_matches(|c: char| c.is_ascii_digit() || "【】〔〕[]()<>《》「」_-※ ".contains(c));
    let alone = ["例", "見本", "サンプル", "sample", "example"];
    let ends = ["見本", "サンプル", "(例)", "_例", "_sample", "_example"];
    let begins = ["(例)", "【例】", "見本_", "サンプル_", "(見本)", "【見本】"];
    inside.iter().any(|w| folded.contains(w))
        || alone.contains(&bare)
        || ends.iter().any(|w| folded.ends_with(w))
        || begins.iter().any(|w| folded.starts_with(w))
}

/// Whether a name or number says that its record is an example.
fn is_example_text(text: &str) -> bool {
    let folded = fold(text);
    let marked = ["(例)", "【例】", "<例>", "[例]", "〔例〕", "例:", "例)", "(記入例)", "【記入例】", "<記入例>", "記入例"]
        .iter()
        .any(|m| folded.starts_with(m));
    marked || folded == "例" || folded.strip_prefix('例').is_some_and(|r| !r.is_empty() && r.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a cell above or beside a form says that the form is an example: 「記入例」 and nothing else.
pub(super) fn is_example_mark(text: &str) -> bool {
    let folded = fold(text);
    let bare = folded.trim_matches(|c: char| "【】〔〕[]()<>《》「」:※★☆●■".contains(c));
    matches!(bare, "記入例" | "記載例" | "入力例" | "作成例" | "回答例" | "見本" | "サンプル" | "例" | "記入見本" | "記入例です")
}

/// Whether a record is an example by what it says itself.
pub(super) fn is_example(model: &Model, value: impl Fn(&str) -> Option<String>) -> bool {
    let of = |role: Role| model.plans.iter().filter(move |p| p.field.role == Some(role)).flat_map(|p| p.wants.iter()).filter_map(|w| value(&w.key));
    of(Role::Name).chain(of(Role::Number)).any(|t| is_example_text(&t))
}

/// What a form on a sheet is.
pub(super) fn kind(sheet: &Sheet, model: &Model, draft: &Draft, titles: &[(i32, String)]) -> ReadingKind {
    let value = |key: &str| draft.answers.get(key).and_then(|a| a.value.clone());
    if is_example_name(&sheet.name) || is_example(model, value) {
        return ReadingKind::Example;
    }
    if sheet.visibility != Visibility::Visible || all_hidden(sheet, draft) {
        return ReadingKind::Hidden;
    }
    other_year(model, draft, titles).map_or(ReadingKind::Report, ReadingKind::OtherYear)
}

/// Whether every row of the form is hidden.
fn all_hidden(sheet: &Sheet, draft: &Draft) -> bool {
    let Some(area) = draft.area else { return false };
    let rows = u64::from(area.last.row - area.first.row) + 1;
    rows <= 2_000 && !sheet.hidden_rows.is_empty() && (area.first.row..=area.last.row).all(|r| sheet.hidden_rows.contains(&r))
}

/// The text that shows another year's form.
fn other_year(model: &Model, draft: &Draft, titles: &[(i32, String)]) -> Option<String> {
    let asked: Vec<_> = draft.years.iter().filter(|y| y.asked).collect();
    let wrong: Vec<_> = asked.iter().filter(|y| y.seen != y.expected).collect();
    if !asked.is_empty() {
        return (wrong.len() * 2 > asked.len()).then(|| wrong[0].text.clone());
    }
    if draft.columns.len() >= 2 && draft.columns.len() == model.years.len() {
        let shift = draft.columns[0].western() - model.years[0].western();
        let whole = draft.columns.iter().zip(&model.years).all(|(a, b)| a.western() - b.western() == shift);
        if whole && shift != 0 {
            return Some(draft.columns.iter().map(|y| y.name()).collect::<Vec<_>>().join("・"));
        }
        if whole {
            return None;
        }
    }
    if let Some(other) = draft.years.iter().find(|y| y.seen != y.expected) {
        return Some(other.text.clone());
    }
    by_title(model, titles)
}

/// A title names an earlier year, and none names the year reported.
pub(super) fn by_title(model: &Model, titles: &[(i32, String)]) -> Option<String> {
    let now = model.year.western();
    if titles.iter().any(|(y, _)| *y == now) || !draftless(model) {
        return None;
    }
    titles.iter().find(|(y, t)| (now - 3..now).contains(y) && t.contains("年度") && !t.contains(['～', '〜', '~'])).map(|(_, t)| t.clone())
}

/// Whether no label of the form names a year, so that a title is the only sign.
fn draftless(model: &Model) -> bool {
    model.labels.iter().all(|l| l.spellings.iter().all(|(c, _)| c.years.is_empty()))
}

/// A copy of the form in which nothing has been filled in, not even the name: the template itself.
pub(super) fn is_untouched(model: &Model, draft: &Draft) -> bool {
    let blank = |key: &String| draft.answers.get(key).is_none_or(|a| a.is_blank());
    let names = model.plans.iter().filter(|p| p.field.role == Some(Role::Name)).flat_map(|p| &p.wants);
    let mut asked = model.plans.iter().flat_map(|p| &p.wants).filter(|w| w.asked);
    names.map(|w| &w.key).all(blank) && asked.all(|w| blank(&w.key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_sheets_are_told_by_their_names() {
        for name in ["記入例", "【記入例】1-01", "見本", "見本(1)", "Sample", "例", "（例）", "様式_見本", "記入要領"] {
            assert!(is_example_name(name), "{name}");
        }
        for name in ["1-01", "見本市の開催", "サンプル調査", "条例改正", "事例集", "Sheet1"] {
            assert!(!is_example_name(name), "{name}");
        }
    }
}
