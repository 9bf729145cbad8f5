//! What the sheets say of an initiative, by role and not by field key: goal, result, state, page, where a file lies.
//!
//! In: a [`View`]. Out: texts and links.
//! Stays true: nothing is corrected or guessed here; a value that is missing or in doubt says so.
//! Neighbours: every sheet of the workbooks asks here, so that two sheets never say different things.

use super::View;
use super::book::say;
use crate::finding::{Finding, Origin};
use crate::form::{Field, Role};
use crate::plan::data;
use crate::reconcile::totals::{self, Standing, Standings};
use crate::reconcile::{SettledField, SettledInitiative, State};
use crate::render::way::way;
use crate::value::FiscalYear;
use std::collections::BTreeMap;

impl Standing {
    /// Its word, with a sign that reads without colour.
    pub(super) fn word(self, view: &View<'_>) -> &'static str {
        match self {
            Standing::Answered => say(view.lang, "○ 提出済", "○ answered"),
            Standing::Check => say(view.lang, "▲ 要確認", "▲ to be checked"),
            Standing::Missing => say(view.lang, "× 未提出", "× missing"),
            Standing::Plan => say(view.lang, "－ 計画", "－ plan"),
        }
    }

    /// What the word means.
    pub(super) fn meaning(self, view: &View<'_>) -> &'static str {
        match self {
            Standing::Answered => say(view.lang, "報告が届き、未対応のエラーがないもの", "an answer arrived and no error is open"),
            Standing::Check => say(view.lang, "報告は届いたが、未対応のエラーがあるもの", "an answer arrived, but an error against it is open"),
            Standing::Missing => say(view.lang, "報告が届いていないもの", "no answer arrived"),
            Standing::Plan => say(view.lang, "報告を求めていないもの（計画のみ）", "nobody was asked: the plan as published"),
        }
    }
}

/// Findings by initiative, looked up often.
pub(super) struct Findings<'a> {
    by_initiative: BTreeMap<&'a str, Vec<&'a Finding>>,
    standings: Standings<'a>,
}

impl<'a> Findings<'a> {
    /// Sorts the findings of a run by what they are about.
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut findings = Findings { by_initiative: BTreeMap::new(), standings: Standings::of(view.settled) };
        for finding in &view.settled.findings {
            if let Some(key) = &finding.initiative {
                findings.by_initiative.entry(key.as_str()).or_default().push(finding);
            }
        }
        findings
    }

    /// Those about an initiative.
    pub(super) fn about(&self, key: &str) -> &[&'a Finding] {
        self.by_initiative.get(key).map_or(&[], Vec::as_slice)
    }

    /// Where an initiative stands.
    pub(super) fn standing(&self, initiative: &SettledInitiative) -> Standing {
        self.standings.standing(initiative)
    }
}

/// The settled values of the fields with a role, in the order of the form; of yearly fields the value of one year.
pub(super) fn values<'i>(view: &View<'_>, initiative: &'i SettledInitiative, role: Role, year: FiscalYear) -> Vec<(&'i str, &'i SettledField)> {
    totals::values(view.form, initiative, role, year)
}

/// What the marks of the totals are called: 評価, or the label of the field that stands for it (変更種別).
pub(super) fn mark_word(view: &View<'_>) -> String {
    match totals::result_field(view.form).filter(|f| f.role != Some(Role::Evaluation)) {
        Some(field) => label(view, &field.key),
        None => say(view.lang, "評価", "Evaluation").to_owned(),
    }
}

/// The texts of the fields with these roles in the year reported, one below the other; missing and doubtful ones say so.
pub(super) fn text(view: &View<'_>, initiative: &SettledInitiative, roles: &[Role]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for role in roles {
        for (_, field) in values(view, initiative, *role, view.settled.fiscal_year) {
            let text = shown(view, field);
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    texts.join("\n")
}

/// A value with the word that belongs to it: 【要確認】 before a doubtful one, 【未提出】 for a missing one.
pub(super) fn shown(view: &View<'_>, field: &SettledField) -> String {
    match field.state {
        State::Missing if field.value.is_empty() => say(view.lang, "【未提出】", "[missing]").to_owned(),
        State::Check => format!("{}{}", say(view.lang, "【要確認】", "[to be checked] "), field.value),
        State::Plan | State::Reported | State::Missing | State::Corrected(_) => field.value.clone(),
    }
}

/// The printed label of a field key, with its year: 「各年度達成目標（R6）」.
pub(super) fn label(view: &View<'_>, key: &str) -> String {
    let Some(field) = field_of(view, key) else { return key.to_owned() };
    let name = view.form.labels(field, view.settled.fiscal_year).into_iter().next().unwrap_or_else(|| role_word(view, field));
    let rest: Vec<String> = key
        .split('.')
        .filter(|part| !field.key.split('.').any(|own| own == *part))
        .map(|part| match part.parse::<usize>() {
            Ok(n) => (n + 1).to_string(),
            Err(_) => part.to_owned(),
        })
        .collect();
    if rest.is_empty() { name } else { format!("{name}（{}）", rest.join("・")) }
}

/// What a field without a printed label is called.
fn role_word(view: &View<'_>, field: &Field) -> String {
    match field.role {
        Some(Role::Name) => say(view.lang, "取組名", "name").to_owned(),
        Some(Role::Number) => say(view.lang, "番号", "number").to_owned(),
        Some(Role::Chapter) => say(view.lang, "章・分野", "chapter").to_owned(),
        _ => field.key.clone(),
    }
}

/// The field of a full key: the one with the longest key that its parts contain in order.
pub(super) fn field_of<'f>(view: &View<'f>, key: &str) -> Option<&'f Field> {
    let named: Vec<&str> = key.split('.').filter(|part| !part.bytes().all(|b| b.is_ascii_digit())).collect();
    let whole = named.join(".");
    let form = view.form;
    form.fields.iter().find(|f| f.key == key || f.key == whole).or_else(|| {
        let head = named.split_last().map(|(_, head)| head.join("."))?;
        form.fields.iter().find(|f| f.key == head)
    })
}

/// The printed number of an initiative: the field with that role, or its key.
pub(super) fn number(view: &View<'_>, initiative: &SettledInitiative) -> String {
    let printed = values(view, initiative, Role::Number, view.settled.fiscal_year).first().map(|(_, f)| f.value.clone());
    printed.filter(|n| !n.is_empty() && initiative.key.contains(n.as_str())).unwrap_or_else(|| initiative.key.clone())
}

/// The plan's own texts of an initiative, by field key.
pub(super) fn plan_texts(view: &View<'_>, initiative: &SettledInitiative) -> BTreeMap<String, String> {
    data::fields_of(&initiative.raw, view.form)
}

/// First and last printed page of an initiative: `12` or `12～14`.
pub(super) fn pages<'a>(view: &View<'a>) -> BTreeMap<&'a str, (u32, u32)> {
    let sheets = &view.packet.sheets;
    sheets.iter().map(|s| (s.initiative.as_str(), (s.first_page, s.last_page))).collect()
}

/// The link to an initiative's own PDF, beside the workbook.
pub(super) fn pdf_link(view: &View<'_>, key: &str) -> Option<String> {
    view.sheet_files.get(key).map(|name| format!("file:///調書/{}", escaped(name)))
}

/// The link to a place in a file that arrived, from the folder in which the workbook lies. A part of a mail or archive cannot be opened by itself, so
/// the mail or archive is.
pub(super) fn source_link(view: &View<'_>, origin: &Origin) -> Option<String> {
    let file = origin.file.as_deref()?;
    let outer = file.split('!').next().unwrap_or(file);
    let folder = way(&view.job.output, &view.job.input)?;
    let mut link = format!("file:///{}/{}", escaped(&folder), escaped(outer));
    if outer == file
        && let (Some(sheet), Some(cell)) = (&origin.sheet, &origin.cell)
        && opens_at_a_cell(outer)
    {
        link.push_str(&format!("#'{}'!{cell}", sheet.replace('\'', "''")));
    }
    Some(link)
}

/// The short text of a link to a place: the cell, or 「開く」.
pub(super) fn place_word(view: &View<'_>, origin: &Origin) -> String {
    origin.cell.clone().unwrap_or_else(|| say(view.lang, "開く", "open").to_owned())
}

/// Whether Excel can jump to a cell of a file of this kind.
fn opens_at_a_cell(file: &str) -> bool {
    let name = file.to_ascii_lowercase();
    [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"].iter().any(|end| name.ends_with(end))
}

/// A path as a link holds it: signs that end a path in a link are escaped.
fn escaped(path: &str) -> String {
    path.replace('%', "%25").replace('#', "%23").replace(' ', "%20").replace('?', "%3F")
}
