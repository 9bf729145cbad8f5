//! 出典: one row a value: where it came from and how it was written there.

use super::View;
use super::book::{Align, say};
use super::facts;
use super::table::{Cell, Column, MOST_ROWS, Rows, Table};
use crate::reconcile::{SettledField, SettledInitiative, State};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Most links for which every row gets one; beyond, one for each initiative.
const LINKS_EACH: usize = 20_000;

/// A value by its place: which initiative, which key.
type Place<'a> = (&'a SettledInitiative, &'a str, &'a SettledField);

/// The sheets: one, or as many as Excel's limit of rows asks for.
pub(super) fn tables<'a>(view: &'a View<'_>) -> Vec<Table<'a>> {
    let labels = Rc::new(labels(view));
    let mut places: Vec<Place<'a>> = Vec::new();
    for initiative in &view.settled.initiatives {
        let start = places.len();
        places.extend(initiative.fields.iter().map(|(key, field)| (initiative, key.as_str(), field)));
        places[start..].sort_by_key(|(_, key, _)| labels.get(*key).map_or(usize::MAX, |(place, _)| *place));
    }
    let few_links = places.len() > LINKS_EACH;
    let several = places.len() > MOST_ROWS;
    let name = |n: usize| if several { format!("出典{}", n + 1) } else { "出典".to_owned() };
    let parts: Vec<Vec<Place<'a>>> = if places.is_empty() { vec![Vec::new()] } else { places.chunks(MOST_ROWS).map(<[_]>::to_vec).collect() };
    let sheets = parts.into_iter().enumerate().map(|(n, part)| {
        let labels = Rc::clone(&labels);
        let make = move |at: usize| {
            let (initiative, key, field) = part[at];
            let first = at == 0 || !std::ptr::eq(part[at - 1].0, initiative);
            let label = labels.get(key).map_or(key, |(_, label)| label.as_str());
            row(view, initiative, (key, label), field, first || !few_links)
        };
        let count = places.len().saturating_sub(n * MOST_ROWS).min(MOST_ROWS);
        sheet(view, &name(n), Rows::Drawn(count, Box::new(make)), few_links)
    });
    sheets.collect()
}

/// The place of each field key in the form and its label, looked up once.
fn labels(view: &View<'_>) -> BTreeMap<String, (usize, String)> {
    let mut labels = BTreeMap::new();
    for key in view.settled.initiatives.iter().flat_map(|i| i.fields.keys()) {
        if !labels.contains_key(key) {
            let place = facts::field_of(view, key).and_then(|f| view.form.fields.iter().position(|g| std::ptr::eq(f, g))).unwrap_or(usize::MAX);
            labels.insert(key.clone(), (place, facts::label(view, key)));
        }
    }
    labels
}

/// One sheet of values.
fn sheet<'a>(view: &View<'_>, name: &str, rows: Rows<'a>, few_links: bool) -> Table<'a> {
    let say = |ja, en| say(view.lang, ja, en);
    let mut lead = vec![format!(
        "{}　{}",
        view.settled.title,
        say("値ごとに1行。どの値がどのファイルのどのセルから来たかを示します。", "One row a value: which file and cell it came from.")
    )];
    if few_links {
        lead.push(
            say(
                "値の数が多いため、リンクは取組ごとに最初の行だけに付けています。",
                "There are many values: only the first of each initiative has a link.",
            )
            .to_owned(),
        );
    }
    Table {
        sheet: name.to_owned(),
        defined: format!("{name}表"),
        title: say("出典", "Sources").to_owned(),
        lead,
        columns: vec![
            Column { align: Align::Centre, ..Column::new(say("番号", "No."), 14.0, 24.0) },
            Column::new(say("取組名", "Initiative"), 36.0, 50.0),
            Column::new(say("所属", "Department"), 22.0, 32.0),
            Column::new(say("項目", "Field"), 28.0, 44.0),
            Column::new(say("値", "Value"), 60.0, 120.0),
            Column { align: Align::Centre, ..Column::new(say("由来", "From"), 18.0, 24.0) },
            Column::new(say("ファイル", "File"), 36.0, 60.0),
            Column::new(say("シート", "Sheet"), 18.0, 28.0),
            Column { align: Align::Centre, ..Column::new(say("セル", "Cell"), 14.0, 18.0) },
            Column::new(say("書かれたまま", "As written"), 30.0, 70.0),
            Column::new(say("項目キー", "Key"), 28.0, 40.0),
        ],
        rows,
        total: None,
        below: None,
        notes: vec![
            say(
                "「書かれたまま」は、値と異なるとき（表示形式のある数値、訂正前の値など）だけ示します。",
                "As written: only where it differs from the value (a figure behind a format, the text before a correction).",
            )
            .to_owned(),
        ],
        frozen: 2,
        marks: Vec::new(),
        empty: say("値がありません。", "There is no value.").to_owned(),
    }
}

/// One value.
fn row(view: &View<'_>, initiative: &SettledInitiative, (key, label): (&str, &str), field: &SettledField, linked: bool) -> Vec<Cell> {
    let origin = &field.origin;
    let link = if linked { facts::source_link(view, origin) } else { None };
    let written = match &field.state {
        State::Corrected(c) => format!("{}\n{}　{}　{}", c.instead_of.as_deref().unwrap_or_default(), c.by, c.when, c.why).trim().to_owned(),
        State::Plan | State::Reported | State::Missing | State::Check => {
            if field.as_written == field.value {
                String::new()
            } else {
                field.as_written.clone()
            }
        }
    };
    vec![
        Cell::number_or_text(&initiative.key),
        Cell::text(&initiative.name),
        Cell::text(&initiative.department),
        Cell::text(label),
        Cell::text(&field.value),
        Cell::text(from(view, field)),
        Cell::text(origin.file.as_deref().unwrap_or_default()),
        Cell::text(origin.sheet.as_deref().unwrap_or_default()),
        origin.cell.as_deref().map_or(Cell::Blank, |cell| Cell::link(cell, link)),
        Cell::text(written),
        Cell::text(key),
    ]
}

/// Where a value comes from, in a word.
fn from(view: &View<'_>, field: &SettledField) -> &'static str {
    match field.state {
        State::Plan => say(view.lang, "計画", "plan"),
        State::Reported => say(view.lang, "報告", "report"),
        State::Missing => say(view.lang, "未提出", "missing"),
        State::Check => say(view.lang, "要確認", "to be checked"),
        State::Corrected(_) => say(view.lang, "訂正", "corrected"),
    }
}
