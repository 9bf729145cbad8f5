//! What the sheets say of an initiative, by role and not by field key: goal, result, state, page, where a file lies.
//!
//! In: a [`View`]. Out: texts and links.
//! Stays true: nothing is corrected or guessed here; a value that is missing or in doubt says so.
//! Neighbours: every sheet of the workbooks asks here, so that two sheets never say different things.

use super::View;
use super::book::say;
use crate::finding::{Finding, Origin, Severity};
use crate::form::{Field, Role};
use crate::plan::data;
use crate::reconcile::{Edition, SettledField, SettledInitiative, State};
use crate::value::FiscalYear;
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// Where an initiative stands in the collecting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// An answer arrived, and no error stands against it.
    Answered,
    /// An answer arrived, and an open error stands against it.
    Check,
    /// Nothing arrived.
    Missing,
    /// Nobody was asked: the plan as published.
    Plan,
}

impl Standing {
    /// Those that a report can have, in the order of tables.
    pub(super) const ALL: [Standing; 3] = [Standing::Answered, Standing::Check, Standing::Missing];

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
    by_department: BTreeMap<&'a str, Vec<&'a Finding>>,
}

impl<'a> Findings<'a> {
    /// Sorts the findings of a run by whom and what they are about.
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut findings = Findings { by_initiative: BTreeMap::new(), by_department: BTreeMap::new() };
        for finding in &view.settled.findings {
            if let Some(key) = &finding.initiative {
                findings.by_initiative.entry(key).or_default().push(finding);
            }
            if let Some(name) = &finding.department {
                findings.by_department.entry(name).or_default().push(finding);
            }
        }
        findings
    }

    /// Those about an initiative.
    pub(super) fn about(&self, key: &str) -> &[&'a Finding] {
        self.by_initiative.get(key).map_or(&[], Vec::as_slice)
    }

    /// Those that a department must act on.
    pub(super) fn for_department(&self, name: &str) -> &[&'a Finding] {
        self.by_department.get(name).map_or(&[], Vec::as_slice)
    }

    /// Where an initiative stands.
    pub(super) fn standing(&self, view: &View<'_>, initiative: &SettledInitiative) -> Standing {
        if view.settled.edition == Edition::Plan {
            return Standing::Plan;
        }
        if !initiative.answered {
            return Standing::Missing;
        }
        let in_doubt = initiative.fields.values().any(|f| f.state == State::Check)
            || self.about(&initiative.key).iter().any(|f| f.is_open() && f.rule.severity == Severity::Error && f.origin.file.is_some());
        if in_doubt { Standing::Check } else { Standing::Answered }
    }
}

/// How many findings are open at a severity.
pub(super) fn open(findings: &[&Finding], severity: Severity) -> usize {
    findings.iter().filter(|f| f.is_open() && f.rule.severity == severity).count()
}

/// How many findings a person has accepted.
pub(super) fn accepted(findings: &[&Finding]) -> usize {
    findings.iter().filter(|f| !f.is_open()).count()
}

/// The settled values of the fields with a role, in the order of the form; of yearly fields the value of one year.
pub(super) fn values<'i>(view: &View<'_>, initiative: &'i SettledInitiative, role: Role, year: FiscalYear) -> Vec<(&'i str, &'i SettledField)> {
    let mut values = Vec::new();
    for field in view.form.fields.iter().filter(|f| f.role == Some(role)) {
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
        State::Plan | State::Reported | State::Missing | State::Corrected { .. } => field.value.clone(),
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

/// The evaluation that the plan holds for a year, as printed; empty if there is none.
pub(super) fn evaluation_in(view: &View<'_>, initiative: &SettledInitiative, year: FiscalYear) -> String {
    let printed = values(view, initiative, Role::Evaluation, year);
    printed.iter().find(|(key, _)| key.ends_with(&format!(".{}", year.key()))).map(|(_, f)| f.value.clone()).unwrap_or_default()
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

/// The relative way from one folder to another, with `/`; `None` if they have nothing in common that can be told without looking at the disk.
pub(super) fn way(from: &Path, to: &Path) -> Option<String> {
    if from.is_absolute() != to.is_absolute() {
        return None;
    }
    let parts = |path: &Path| -> Option<Vec<String>> {
        let mut parts = Vec::new();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    parts.pop()?;
                }
                other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
            }
        }
        Some(parts)
    };
    let (from, to) = (parts(from)?, parts(to)?);
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut way: Vec<&str> = vec![".."; from.len() - common];
    way.extend(to[common..].iter().map(String::as_str));
    Some(way.join("/"))
}

/// A path as a link holds it: signs that end a path in a link are escaped.
fn escaped(path: &str) -> String {
    path.replace('%', "%25").replace('#', "%23").replace(' ', "%20").replace('?', "%3F")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_output_to_input() {
        for (from, to, way_there) in [
            ("output/a", "input/a", Some("../../input/a")),
            ("./output", "./input", Some("../input")),
            ("C/x/output", "C/x/input", Some("../input")),
            ("/home/x/output", "/home/x/input", Some("../input")),
            ("output", "/mnt/input", None),
        ] {
            assert_eq!(way(Path::new(from), Path::new(to)).as_deref(), way_there, "{from} → {to}");
        }
    }

    #[test]
    fn members_of_a_list_are_known_by_their_place() {
        assert!(in_list("indicators.0.name", "indicators", "indicators.name"));
        assert!(!in_list("indicators.0.target", "indicators", "indicators.name"));
        assert!(!in_list("indicators.x.name", "indicators", "indicators.name"));
    }
}
