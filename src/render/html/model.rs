//! What the page opens with: counts, departments, initiatives, findings, files and what changed since the last run.
//!
//! In: a [`View`]. Out: an [`Index`].
//! Stays true: every department that was asked, every initiative, every finding and every file of the settled model is in it once.

use crate::finding::{Severity, Text};
use crate::form::{Form, Role};
use crate::intake::Status;
use crate::reconcile::since::Since;
use crate::reconcile::totals::{Standing, Standings, Totals};
use crate::reconcile::{Edition, Settled};
use crate::render::way::way;
use crate::render::xlsx::View;
use crate::value::FiscalYear;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is shown at once.
#[derive(Serialize)]
pub(super) struct Index<'a> {
    job: &'a str,
    title: &'a str,
    city: &'a str,
    year: String,
    year_key: String,
    edition: &'static str,
    date: String,
    due: Option<String>,
    version: &'static str,
    lang: &'static str,
    /// From the output folder to the input folder, if there is a way.
    input: Option<String>,
    evaluation_label: String,
    block: usize,
    chapters: Vec<&'a str>,
    departments: Vec<Department>,
    evaluations: Vec<Evaluation>,
    rules: BTreeMap<&'static str, RuleText>,
    initiatives: Vec<Initiative<'a>>,
    findings: Vec<FindingRow<'a>>,
    submissions: Vec<Submission<'a>>,
    since: Option<SinceRow<'a>>,
}

/// One department: what was asked of it, what came, what it must mend.
#[derive(Serialize)]
struct Department {
    name: String,
    state: &'static str,
    asked: usize,
    answered: usize,
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// One evaluation and how often it was given.
#[derive(Serialize)]
struct Evaluation {
    mark: String,
    meaning: String,
    count: usize,
}

/// A rule's headline.
#[derive(Serialize)]
struct RuleText {
    slug: &'static str,
    severity: Severity,
    title: Text,
    what: Text,
}

/// One initiative in the list.
#[derive(Serialize)]
struct Initiative<'a> {
    key: &'a str,
    name: &'a str,
    /// Index into the chapters.
    chapter: usize,
    department: &'a str,
    /// How far it has come.
    state: Standing,
    evaluation: &'a str,
    rate: Option<f64>,
    /// First and last printed page number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<(u32, u32)>,
    /// First and last page in the packet, zero-based.
    #[serde(skip_serializing_if = "Option::is_none")]
    packet: Option<(usize, usize)>,
    /// Its own PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pdf: Option<&'a str>,
    /// Indexes into the findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<usize>,
}

/// One finding.
#[derive(Serialize)]
struct FindingRow<'a> {
    id: String,
    code: &'static str,
    severity: Severity,
    department: Option<&'a str>,
    /// Index into the initiatives.
    initiative: Option<usize>,
    field: Option<String>,
    file: Option<&'a str>,
    sheet: Option<&'a str>,
    cell: Option<&'a str>,
    found: &'a str,
    expected: &'a str,
    message: &'a Text,
    help: &'a Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<&'a crate::finding::Waiver>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<&'static str>,
}

/// Another place of a finding.
#[derive(Serialize)]
struct RelatedRow<'a> {
    label: &'a Text,
    quote: &'a str,
    place: String,
}

/// One file, or a department from which none came.
#[derive(Serialize)]
struct Submission<'a> {
    file: Option<&'a str>,
    department: Option<&'a str>,
    sent: Option<String>,
    status: &'static str,
    reason: &'a Text,
}

/// What differs from the last run.
#[derive(Serialize)]
struct SinceRow<'a> {
    date: String,
    new: usize,
    mended: Vec<MendedRow>,
    altered: usize,
    accepted: usize,
    values: Vec<ChangeRow<'a>>,
    /// Indexes into the initiatives.
    answered: Vec<usize>,
    withdrawn: Vec<usize>,
    arrived: Vec<String>,
    removed: Vec<String>,
    departments: Vec<String>,
}

/// A finding that is gone.
#[derive(Serialize)]
struct MendedRow {
    code: String,
    severity: Severity,
    department: Option<String>,
    initiative: Option<String>,
    message: Text,
}

/// An answer that says something else.
#[derive(Serialize)]
struct ChangeRow<'a> {
    initiative: Option<usize>,
    key: &'a str,
    label: String,
    before: String,
    after: String,
}

/// Everything that is shown at once.
pub(super) fn index<'a>(view: &View<'a>, block: usize) -> Index<'a> {
    let settled = view.settled;
    let places: BTreeMap<&str, usize> = settled.initiatives.iter().enumerate().map(|(at, i)| (i.key.as_str(), at)).collect();
    let totals = Totals::of(settled, view.form, view.job);
    let chapters = in_order(settled.initiatives.iter().map(|i| i.chapter.as_str()));
    Index {
        job: &settled.job,
        title: &settled.title,
        city: &settled.city,
        year: settled.fiscal_year.name(),
        year_key: settled.fiscal_year.key(),
        edition: match settled.edition {
            Edition::Plan => "plan",
            Edition::Report => "report",
        },
        date: settled.date.to_string(),
        due: view.job.settings.due.map(|d| d.to_string()),
        version: env!("CARGO_PKG_VERSION"),
        lang: match view.lang {
            crate::finding::Lang::Ja => "ja",
            crate::finding::Lang::En => "en",
        },
        input: way(&view.job.output, &view.job.input).map(|way| way + "/"),
        evaluation_label: (view.form.by_role(Role::Evaluation).or_else(|| view.form.by_role(Role::ChangeType)))
            .and_then(|f| view.form.labels(f, settled.fiscal_year).into_iter().next())
            .unwrap_or_default(),
        block,
        departments: departments(&totals),
        evaluations: evaluations(&totals),
        rules: rules(settled),
        initiatives: initiatives(view, &chapters),
        chapters,
        findings: findings(view, &places, view.since),
        submissions: settled
            .ledger
            .iter()
            .map(|entry| Submission {
                file: entry.file.as_deref(),
                department: entry.department.as_deref(),
                sent: entry.sent_at.map(|t| t.format("%Y-%m-%d %H:%M").to_string()),
                status: status_word(entry.status),
                reason: &entry.reason,
            })
            .collect(),
        since: view.since.map(|since| since_row(view, since, &places)),
    }
}

/// The word of `result.json` for what became of a file.
fn status_word(status: Status) -> &'static str {
    match status {
        Status::Accepted => "accepted",
        Status::Superseded => "superseded",
        Status::Unreadable => "unreadable",
        Status::Ignored => "ignored",
        Status::Missing => "missing",
    }
}

/// Each text once, in the order of its first appearance.
fn in_order<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    texts.filter(|t| seen.insert(*t)).collect()
}

/// The departments, as they are counted for every output.
fn departments(totals: &Totals) -> Vec<Department> {
    let named = totals.departments.iter().filter(|d| !d.name.is_empty());
    named
        .map(|d| Department {
            name: d.name.clone(),
            state: d.state.word(),
            asked: d.gross,
            answered: d.answered(),
            files: d.files,
            errors: d.findings.errors,
            warnings: d.findings.warnings,
            notes: d.findings.notes,
        })
        .collect()
}

/// The evaluations: those of the scale in its order, then others as they were written.
fn evaluations(totals: &Totals) -> Vec<Evaluation> {
    let marks = totals.marks.iter().zip(&totals.all.marks);
    marks.map(|(mark, count)| Evaluation { mark: mark.mark.clone(), meaning: mark.meaning.clone(), count: *count }).collect()
}

/// The rules that were broken.
fn rules(settled: &Settled) -> BTreeMap<&'static str, RuleText> {
    settled
        .findings
        .iter()
        .map(|f| {
            let rule = f.rule;
            (rule.code, RuleText { slug: rule.slug, severity: rule.severity, title: rule.title.text(), what: rule.what.text() })
        })
        .collect()
}

/// The initiatives, in the order of the plan.
fn initiatives<'a>(view: &View<'a>, chapters: &[&str]) -> Vec<Initiative<'a>> {
    let chapter_at: BTreeMap<&str, usize> = chapters.iter().enumerate().map(|(at, c)| (*c, at)).collect();
    let sheets: BTreeMap<&str, &crate::packet::SheetPages> = view.packet.sheets.iter().map(|s| (s.initiative.as_str(), s)).collect();
    let standings = Standings::of(view.settled);
    let mut about: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, finding) in view.settled.findings.iter().enumerate() {
        if let Some(key) = finding.initiative.as_deref() {
            about.entry(key).or_default().push(at);
        }
    }
    view.settled
        .initiatives
        .iter()
        .map(|i| {
            let findings = about.remove(i.key.as_str()).unwrap_or_default();
            let sheet = sheets.get(i.key.as_str());
            Initiative {
                key: &i.key,
                name: &i.name,
                chapter: chapter_at.get(i.chapter.as_str()).copied().unwrap_or(0),
                department: &i.department,
                state: standings.standing(i),
                evaluation: &i.evaluation,
                rate: i.achievements.iter().find_map(|a| a.rate).map(|r| (r * 10.0).round() / 10.0),
                pages: sheet.map(|s| (s.first_page, s.last_page)),
                packet: sheet.map(|s| s.index),
                pdf: view.sheet_files.get(&i.key).map(String::as_str),
                findings,
            }
        })
        .collect()
}

/// The findings, in the settled order.
fn findings<'a>(view: &View<'a>, places: &BTreeMap<&str, usize>, since: Option<&Since>) -> Vec<FindingRow<'a>> {
    let new: BTreeSet<usize> = since.map(|s| s.new.iter().copied().collect()).unwrap_or_default();
    let altered: BTreeSet<usize> = since.map(|s| s.altered.iter().map(|(at, _)| *at).collect()).unwrap_or_default();
    view.settled
        .findings
        .iter()
        .enumerate()
        .map(|(at, f)| FindingRow {
            id: f.id(),
            code: f.rule.code,
            severity: f.rule.severity,
            department: f.department.as_deref(),
            initiative: f.initiative.as_deref().and_then(|key| places.get(key).copied()),
            field: f.field.as_deref().map(|key| label(view.form, view.settled.fiscal_year, key)),
            file: f.origin.file.as_deref(),
            sheet: f.origin.sheet.as_deref(),
            cell: f.origin.cell.as_deref(),
            found: &f.found,
            expected: &f.expected,
            message: &f.message,
            help: &f.help,
            related: f.related.iter().map(|r| RelatedRow { label: &r.label, quote: &r.quote, place: r.origin.to_string() }).collect(),
            waived: f.waived.as_ref(),
            since: match (new.contains(&at), altered.contains(&at)) {
                (true, _) => Some("new"),
                (_, true) => Some("altered"),
                _ => None,
            },
        })
        .collect()
}

/// What differs from the last run, for the page.
fn since_row<'a>(view: &View<'a>, since: &Since, places: &BTreeMap<&'a str, usize>) -> SinceRow<'a> {
    let place = |key: &String| places.get(key.as_str()).copied();
    SinceRow {
        date: since.date.clone(),
        new: since.new.len(),
        mended: since
            .mended
            .iter()
            .map(|m| MendedRow {
                code: m.code.clone(),
                severity: m.severity,
                department: m.department.clone(),
                initiative: m.initiative.clone(),
                message: m.message.clone(),
            })
            .collect(),
        altered: since.altered.len(),
        accepted: since.accepted.len(),
        values: since
            .values
            .iter()
            .map(|v| ChangeRow {
                initiative: place(&v.initiative),
                key: places.get_key_value(v.initiative.as_str()).map_or("", |(key, _)| *key),
                label: label(view.form, view.settled.fiscal_year, &v.field),
                before: v.before.clone(),
                after: v.after.clone(),
            })
            .collect(),
        answered: since.answered.iter().filter_map(place).collect(),
        withdrawn: since.withdrawn.iter().filter_map(place).collect(),
        arrived: since.arrived.clone(),
        removed: since.removed.clone(),
        departments: since.no_longer_missing.clone(),
    }
}

/// The declared field to which a full key belongs, with its place in the form: `year_goals.R6` → `year_goals`, `indicators.0.name` → `indicators.name`.
pub(super) fn field_of<'f>(form: &'f Form, key: &str) -> Option<(usize, &'f crate::form::Field)> {
    let bare: Vec<&str> = key.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
    let whole = bare.join(".");
    let without_year = bare.split_last().map(|(_, rest)| rest.join(".")).unwrap_or_default();
    let find = |wanted: &str| form.fields.iter().enumerate().find(|(_, f)| f.key == wanted);
    find(&whole).or_else(|| find(&without_year))
}

/// What a field is called in front of people: its printed label, with its year or its place in a list. The key itself where the form names no label.
pub fn label(form: &Form, report_year: FiscalYear, key: &str) -> String {
    let Some((_, field)) = field_of(form, key) else { return key.to_owned() };
    let Some(label) = form.labels(field, report_year).into_iter().next() else { return key.to_owned() };
    let mut parts = Vec::new();
    if field.yearly
        && let Some(year) = key.rsplit('.').next().and_then(FiscalYear::parse)
    {
        parts.push(form.printed_year(year));
    }
    if let Some(index) = key.split('.').find_map(|part| part.parse::<usize>().ok()) {
        parts.push((index + 1).to_string());
    }
    if parts.is_empty() { label } else { format!("{label}（{}）", parts.join("・")) }
}
