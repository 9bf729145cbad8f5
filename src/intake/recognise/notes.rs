//! What recognising has to say about a reading: places that are uncertain, cells that cannot be read, what moved.
//!
//! In: drafts and answers. Out: findings with file, sheet, cell and field; matching adds department and initiative.

use super::draft::{Conflict, Draft, Drift};
use super::model::Model;
use super::values::{Answer, Trouble};
use crate::finding::{Finding, Origin};
use crate::intake::rules;
use crate::value::Sourced;
use crate::workbook::CellRef;
use std::collections::BTreeMap;

/// File and sheet of a reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Path of the file.
    pub file: &'a str,
    /// Name of the sheet.
    pub sheet: &'a str,
}

impl Place<'_> {
    fn cell(&self, at: CellRef) -> Origin {
        Origin::cell(self.file, self.sheet, at.a1())
    }
}

/// An answer with its origin.
pub(super) fn sourced(place: Place<'_>, answer: &Answer) -> Sourced {
    Sourced { value: answer.value.clone(), as_written: answer.as_written.clone(), origin: place.cell(answer.at) }
}

/// All answers with their origins.
pub(super) fn fields(place: Place<'_>, answers: &BTreeMap<String, Answer>) -> BTreeMap<String, Sourced> {
    answers.iter().map(|(key, answer)| (key.clone(), sourced(place, answer))).collect()
}

/// A field's label, for messages.
pub(super) fn label_of(model: &Model, key: &str) -> String {
    let plan = model.plans.iter().find(|p| p.wants.iter().any(|w| w.key == key));
    plan.and_then(|p| p.label).map_or_else(|| key.to_owned(), |l| model.labels[l].shown.clone())
}

/// Cells that cannot be read.
pub(super) fn troubles(place: Place<'_>, model: &Model, answers: &BTreeMap<String, Answer>) -> Vec<Finding> {
    let mut out = Vec::new();
    for (key, answer) in answers {
        let at = place.cell(answer.at);
        let label = label_of(model, key);
        let cell = answer.at.a1();
        match &answer.trouble {
            None => {}
            Some(Trouble::Error(error)) => out.push(Finding::new(&rules::ERROR_VALUE).field(key).at(at).found(error).message(
                format!("「{label}」（{cell}）がエラー値 {error} になっています。"),
                format!("{label} ({cell}) shows the error value {error}."),
            )),
            Some(Trouble::NoResult(formula)) => out.push(Finding::new(&rules::FORMULA_WITHOUT_VALUE).field(key).at(at).found(formula).message(
                format!("「{label}」（{cell}）は計算式で、計算結果が保存されていません。"),
                format!("{label} ({cell}) is a formula whose result was not saved."),
            )),
            Some(Trouble::Marks(text)) => out.push(Finding::new(&rules::AMBIGUOUS_FIELD).field(key).at(at).found(text).expected("1").message(
                format!("「{label}」（{cell}）でどれが選ばれているか決められません：{text}"),
                format!("Which choice is meant in {label} ({cell}) cannot be told: {text}"),
            )),
        }
    }
    out
}

/// Fields for which two places are equally good.
pub(super) fn conflicts(place: Place<'_>, model: &Model, conflicts: &[Conflict]) -> Vec<Finding> {
    conflicts
        .iter()
        .filter_map(|c| {
            let first = c.places.first()?;
            let label = label_of(model, &c.key);
            let said: Vec<String> = c.places.iter().map(|p| format!("{}「{}」", p.at.a1(), p.value.as_deref().unwrap_or(&p.as_written))).collect();
            let mut finding = Finding::new(&rules::AMBIGUOUS_FIELD).field(&c.key).at(place.cell(first.at)).found(said.join(" / ")).message(
                format!("「{label}」が複数の場所にあり、内容が違います：{}", said.join("、")),
                format!("{label} stands in more than one place with different answers: {}", said.join(", ")),
            );
            for p in &c.places {
                finding = finding.related("候補", "candidate", p.value.clone().unwrap_or_else(|| p.as_written.clone()), place.cell(p.at));
            }
            Some(finding)
        })
        .collect()
}

/// Asked fields whose label is not on the sheet.
pub(super) fn missing(place: Place<'_>, at: CellRef, missing: &[(String, String)]) -> Vec<Finding> {
    missing
        .iter()
        .map(|(label, key)| {
            Finding::new(&rules::UNRECOGNISED_LAYOUT).field(key).at(place.cell(at)).expected(label).message(
                format!("シート「{}」に項目「{label}」が見つかりません。", place.sheet),
                format!("The label {label} is not on the sheet {}.", place.sheet),
            )
        })
        .collect()
}

/// One note about everything that moved in a form.
pub(super) fn drift(place: Place<'_>, draft: &Draft) -> Option<Finding> {
    let (_, first, _) = draft.drift.first()?;
    let said = |d: &Drift| match d {
        Drift::Order => ("順序が違います", "in another order"),
        Drift::Side => ("回答の位置が違います", "answer on another side"),
        Drift::Wording => ("表記が違います", "worded otherwise"),
    };
    let ja: Vec<String> = draft.drift.iter().take(8).map(|(label, at, d)| format!("「{label}」（{}）{}", at.a1(), said(d).0)).collect();
    let en: Vec<String> = draft.drift.iter().take(8).map(|(label, at, d)| format!("{label} ({}) {}", at.a1(), said(d).1)).collect();
    let found = ja.join("、");
    Some(Finding::new(&rules::LAYOUT_DRIFT).at(place.cell(*first)).found(found.clone()).message(
        format!("様式と配置が違いますが、項目名をたどって読み取りました：{found}"),
        format!("The layout differs from the form and was read by its labels: {}", en.join(", ")),
    ))
}

/// Answers that stand in hidden rows or columns.
pub(super) fn hidden(place: Place<'_>, model: &Model, sheet: &crate::workbook::Sheet, answers: &BTreeMap<String, Answer>) -> Option<Finding> {
    let hidden: Vec<(&String, &Answer)> =
        answers.iter().filter(|(_, a)| !a.is_blank() && (sheet.hidden_rows.contains(&a.at.row) || sheet.hidden_cols.contains(&a.at.col))).collect();
    let (key, first) = hidden.first()?;
    let labels: Vec<String> = hidden.iter().map(|(k, a)| format!("「{}」（{}）", label_of(model, k), a.at.a1())).collect();
    Some(Finding::new(&rules::HIDDEN_CONTENT).field(key.as_str()).at(place.cell(first.at)).found(labels.join("、")).message(
        format!("非表示の行または列に記入があります。読み取りに含めました：{}", labels.join("、")),
        format!("Hidden rows or columns hold answers; they were read: {}", labels.join(", ")),
    ))
}

/// Characters that are struck out: whether they are meant to go is for a person to say. One finding a form, however many cells it has; an error only if
/// answers are among them, for the plan's own texts are printed as the plan has them.
pub(super) fn struck(place: Place<'_>, model: &Model, sheet: &crate::workbook::Sheet, answers: &BTreeMap<String, Answer>) -> Option<Finding> {
    let text = |a: &Answer| sheet.set_apart.get(&a.at).map(|s| s.struck.trim()).filter(|s| !s.is_empty());
    let mut found: Vec<(&String, &Answer, &str)> =
        answers.iter().filter(|(_, a)| a.trouble.is_none()).filter_map(|(k, a)| Some((k, a, text(a)?))).collect();
    let asked = |key: &str| model.plans.iter().flat_map(|p| &p.wants).any(|w| w.asked && w.key == key);
    found.sort_by_key(|(key, a, _)| (!asked(key), a.at));
    let (key, first, words) = found.first()?;
    let all: Vec<String> = found.iter().map(|(k, a, _)| format!("「{}」（{}）", label_of(model, k), a.at.a1())).collect();
    let short: String = words.chars().take(30).collect();
    let rule = if asked(key) { &rules::AMBIGUOUS_FIELD } else { &rules::UNREAD_COMMENT };
    Some(Finding::new(rule).field(key.as_str()).at(place.cell(first.at)).found(*words).discriminator("struck").message(
        format!(
            "{}に取り消し線の引かれた文字があります（「{short}」）。消すのか残すのか決められないため、線のない文字と同じに読みました。",
            all.join("、")
        ),
        format!(
            "{}: characters are struck out ({short}). Whether they are meant to go cannot be told; they were read like the others.",
            all.join(", ")
        ),
    ))
}

/// 〃, 同上 and 同左 that were read as what they repeat.
pub(super) fn dittos(place: Place<'_>, model: &Model, answers: &BTreeMap<String, Answer>) -> Vec<Finding> {
    let read = |a: &Answer| super::values::is_ditto(&a.as_written) && a.value.as_deref().is_some_and(|v| !super::values::is_ditto(v));
    answers
        .iter()
        .filter(|(_, answer)| read(answer))
        .map(|(key, answer)| {
            let label = label_of(model, key);
            let (written, value) = (&answer.as_written, answer.value.clone().unwrap_or_default());
            Finding::new(&rules::LAYOUT_DRIFT).field(key).at(place.cell(answer.at)).found(written).discriminator(key).message(
                format!("「{label}」（{}）の「{written}」を「{value}」と読みました。", answer.at.a1()),
                format!("{written} in {label} ({}) was read as what it repeats: {value}", answer.at.a1()),
            )
        })
        .collect()
}

/// 〃 and 同上 in answers for which nobody can say what they repeat.
pub(super) fn open_dittos(place: Place<'_>, model: &Model, answers: &BTreeMap<String, Answer>) -> Vec<Finding> {
    let asked = |key: &str| model.plans.iter().flat_map(|p| &p.wants).any(|w| w.asked && w.key == key);
    answers
        .iter()
        .filter(|(key, a)| asked(key) && a.value.as_deref().is_some_and(super::values::is_ditto))
        .map(|(key, a)| {
            let label = label_of(model, key);
            let written = a.value.clone().unwrap_or_default();
            Finding::new(&rules::AMBIGUOUS_FIELD).field(key).at(place.cell(a.at)).found(&written).message(
                format!("「{label}」（{}）の「{written}」が何と同じなのか決められません。", a.at.a1()),
                format!("What {written} in {label} ({}) repeats cannot be told.", a.at.a1()),
            )
        })
        .collect()
}

/// Labels of this year's form that still (or already) name another year: which year the answer means is for a person to say.
pub(super) fn years(place: Place<'_>, draft: &Draft) -> Vec<Finding> {
    draft
        .years
        .iter()
        .filter(|y| y.seen != y.expected)
        .filter_map(|y| {
            let key = y.key.as_ref()?;
            let (expected, text) = (crate::value::FiscalYear::from_western(y.expected).name(), y.text.replace('\n', ""));
            Some(Finding::new(&rules::AMBIGUOUS_FIELD).field(key).at(place.cell(y.at)).found(&text).expected(&expected).message(
                format!("項目名「{text}」（{}）の年度が様式（{expected}）と違います。どの年度の回答か確かめてください。", y.at.a1()),
                format!("The label {text} ({}) names another year than the form ({expected}); please check which year the answer means.", y.at.a1()),
            ))
        })
        .collect()
}
