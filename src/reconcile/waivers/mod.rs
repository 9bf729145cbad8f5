//! What people decided: accepted findings (`waivers.xlsx`) and answers given by telephone (`corrections.xlsx`).
//!
//! In: the two workbooks of the job folder, both optional. Out: [`Decisions`].
//! Stays true: the person's files are never changed; a row that cannot be understood is a finding; an acceptance holds for the value that was accepted only.
//! Neighbours: `workbook` reads the cells; `render::xlsx` writes fresh copies with the rows of [`waiver_rows`] and [`correction_rows`].

pub mod columns;
pub mod rules;
mod table;

use super::quote;
use crate::finding::{Finding, Waiver};
use crate::form::Form;
use crate::plan::settings::Decision;
use crate::plan::{Job, Plan};
use crate::value::{Era, FiscalYear, fold};
use crate::workbook;
use anyhow::{Context, bail};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::path::Path;

/// Name of the file in the job folder that holds the acceptances.
pub const WAIVERS_FILE: &str = "waivers.xlsx";
/// Name of the file in the job folder that holds the corrections.
pub const CORRECTIONS_FILE: &str = "corrections.xlsx";

/// A finding that someone accepted, as a row of `waivers.xlsx` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Id of the finding.
    pub id: String,
    /// What was found when it was accepted; another value opens it again.
    pub found: String,
    /// Who, why, when, until when.
    pub waiver: Waiver,
}

/// An answer given otherwise than in a file, as a row of `corrections.xlsx` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Key of the initiative.
    pub initiative: String,
    /// Field key.
    pub field: String,
    /// The right value.
    pub value: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub when: String,
    /// Why.
    pub why: String,
}

/// One row of a person's workbook: the text of each known column, by its heading in [`columns`].
pub type Row = BTreeMap<&'static str, String>;

/// What people decided, with findings about rows that cannot be understood.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Accepted findings.
    pub accepted: Vec<Accepted>,
    /// Corrections.
    pub corrections: Vec<Correction>,
    /// Which initiative a report with an unknown name answers (R303), from the column この取組として扱う.
    pub decided: Vec<Decision>,
    /// Every row of the person's `waivers.xlsx`, as written.
    pub waiver_rows: Vec<Row>,
    /// Every row of the person's `corrections.xlsx`, as written.
    pub correction_rows: Vec<Row>,
    /// Rows that name no known finding, initiative or field.
    pub findings: Vec<Finding>,
}

/// Reads `waivers.xlsx` and `corrections.xlsx` of the job folder; both may be missing.
///
/// # Errors
/// If a file is there and cannot be opened (open in Excel, damaged): going on without it would undo people's decisions.
pub fn load(job: &Job) -> anyhow::Result<Decisions> {
    let mut decisions = Decisions::default();
    for (row, cells) in rows_of(&job.folder, WAIVERS_FILE, columns::WAIVERS)? {
        read_waiver(row, &cells, &mut decisions);
        decisions.waiver_rows.push(cells);
    }
    for (row, cells) in rows_of(&job.folder, CORRECTIONS_FILE, columns::CORRECTIONS)? {
        read_correction(row, &cells, &mut decisions);
        decisions.correction_rows.push(cells);
    }
    Ok(decisions)
}

/// The rows of a person's workbook; none if there is no such file.
fn rows_of(folder: &Path, name: &str, columns: &[&'static str]) -> anyhow::Result<Vec<(u32, Row)>> {
    let path = folder.join(name);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| {
                format!("{} を開けません。Excelで開いている場合は閉じてください / cannot be opened; close it in Excel", path.display())
            });
        }
    };
    let Ok(book) = workbook::read(&bytes, name, &workbook::ReadOptions::default()) else {
        bail!("{} はExcelのブックとして読めません / cannot be read as a workbook", path.display());
    };
    table::rows(&book, columns)
        .with_context(|| format!("{} に見出し（{}など）が見つかりません / its headings were not found", path.display(), columns[0]))
}

/// One row of `waivers.xlsx`: an acceptance, a decision, both or neither.
fn read_waiver(row: u32, cells: &Row, decisions: &mut Decisions) {
    let text = |column: &str| cells.get(column).map_or("", String::as_str);
    let place = format!("{WAIVERS_FILE} {row}行目");
    if !text(columns::DECIDED).is_empty() {
        decisions.decided.push(Decision {
            name: text(columns::FOUND).to_owned(),
            department: Some(text(columns::DEPARTMENT).to_owned()).filter(|d| !d.is_empty()),
            initiative: text(columns::DECIDED).to_owned(),
        });
    }
    let verdict = text(columns::VERDICT);
    if verdict.is_empty() || is_one_of(verdict, columns::NO) {
        return;
    }
    let mut missing: Vec<&str> = [columns::REASON, columns::BY].into_iter().filter(|c| text(c).is_empty()).collect();
    if !is_one_of(verdict, columns::YES) {
        missing.push(columns::VERDICT);
    }
    let until = Some(text(columns::UNTIL)).filter(|u| !u.is_empty());
    if until.is_some_and(|u| date_of(u).is_none()) {
        missing.push(columns::UNTIL);
    }
    if !is_id(text(columns::ID)) {
        decisions.findings.push(
            Finding::new(&rules::UNKNOWN_FINDING).found(text(columns::ID)).expected(columns::ID).discriminator(format!("{row}")).message(
                format!("{place}の指摘ID「{}」は、どの指摘のものか分かりません。", text(columns::ID)),
                format!("Row {row} of {WAIVERS_FILE}: 「{}」 is no id of a finding.", text(columns::ID)),
            ),
        );
    } else if !missing.is_empty() {
        let list = missing.join("、");
        decisions.findings.push(Finding::new(&rules::INCOMPLETE).found(text(columns::ID)).expected(&list).discriminator(text(columns::ID)).message(
            format!("{place}は、{list}が書かれていないか読めないため、確認済みにしていません。"),
            format!("Row {row} of {WAIVERS_FILE} is not accepted: {list} is missing or cannot be read."),
        ));
    } else {
        decisions.accepted.push(Accepted {
            id: text(columns::ID).to_lowercase(),
            found: text(columns::FOUND).to_owned(),
            waiver: Waiver {
                reason: text(columns::REASON).to_owned(),
                by: text(columns::BY).to_owned(),
                date: date_of(text(columns::DATE)).map_or_else(|| text(columns::DATE).to_owned(), |d| d.to_string()),
                until: until.and_then(date_of).map(|d| d.to_string()),
            },
        });
    }
}

/// One row of `corrections.xlsx`, as written; [`resolve`] says whether it names something known.
fn read_correction(row: u32, cells: &Row, decisions: &mut Decisions) {
    let text = |column: &str| cells.get(column).cloned().unwrap_or_default();
    if text(columns::VALUE).is_empty() {
        decisions.findings.push(refused(
            &format!("{row}行目"),
            &text(columns::INITIATIVE),
            columns::VALUE,
            "正しい値が空欄です",
            "the value is blank",
        ));
        return;
    }
    decisions.corrections.push(Correction {
        initiative: text(columns::INITIATIVE),
        field: text(columns::FIELD),
        value: text(columns::VALUE),
        by: text(columns::TOLD_BY),
        when: text(columns::TOLD_ON),
        why: text(columns::REASON),
    });
}

fn refused(place: &str, found: &str, expected: &str, ja: &str, en: &str) -> Finding {
    Finding::new(&rules::UNKNOWN_TARGET).found(found).expected(expected).discriminator(format!("{place} {found} {expected}")).message(
        format!("{CORRECTIONS_FILE} の「{place}」を反映できません。{ja}。"),
        format!("A row of {CORRECTIONS_FILE} (「{place}」) cannot be applied: {en}."),
    )
}

/// The corrections with the keys of initiative and field that they mean, and findings about those that mean none. A field may be named by its key or by
/// a printed label; of a yearly field without a year the year reported is meant.
pub fn resolve(decisions: &Decisions, form: &Form, plan: &Plan, year: FiscalYear) -> (Vec<Correction>, Vec<Finding>) {
    let (mut resolved, mut findings) = (Vec::new(), Vec::new());
    if decisions.corrections.is_empty() && decisions.decided.is_empty() {
        return (resolved, findings);
    }
    let keys: BTreeMap<String, &str> = plan.initiatives.iter().map(|i| (fold(&i.key), i.key.as_str())).collect();
    for correction in &decisions.corrections {
        let place = format!("{} {}", correction.initiative, correction.field);
        let Some(initiative) = keys.get(&fold(&correction.initiative)) else {
            findings.push(refused(
                &place,
                &correction.initiative,
                columns::INITIATIVE,
                "整理番号が計画にありません",
                "the plan has no such initiative",
            ));
            continue;
        };
        let Some(field) = field_meant(form, &correction.field, year) else {
            findings.push(
                refused(&place, &correction.field, columns::FIELD, "項目が様式にありません", "the form has no such field").initiative(*initiative),
            );
            continue;
        };
        resolved.push(Correction { initiative: (*initiative).to_owned(), field, ..correction.clone() });
    }
    for decided in decisions.decided.iter().filter(|d| !keys.contains_key(&fold(&d.initiative))) {
        findings.push(Finding::new(&rules::INCOMPLETE).found(&decided.initiative).expected(columns::DECIDED).discriminator(&decided.name).message(
            format!("「{}」を「{}」として扱うとありますが、計画にない整理番号です。", decided.name, decided.initiative),
            format!("「{}」 is to be taken as 「{}」, which the plan does not have.", decided.name, decided.initiative),
        ));
    }
    (resolved, findings)
}

/// The field key that a person means by a key or a printed label.
fn field_meant(form: &Form, written: &str, year: FiscalYear) -> Option<String> {
    let with_year = |field: &crate::form::Field| if field.yearly { format!("{}.{}", field.key, year.key()) } else { field.key.clone() };
    if let Some(key) = super::key_of(form, written.trim(), year) {
        let bare = key.year.is_none() && key.index.is_none();
        return match bare {
            true if key.field.list.is_some() => None,
            true => Some(with_year(key.field)),
            false => Some(written.trim().to_owned()),
        };
    }
    let wanted = fold(written);
    let named = |field: &&crate::form::Field| field.list.is_none() && form.labels(field, year).iter().any(|l| fold(l) == wanted);
    let by_label: Vec<&crate::form::Field> = form.fields.iter().filter(named).collect();
    if let [only] = by_label.as_slice() { Some(with_year(only)) } else { None }
}

/// Marks the findings that were accepted. An acceptance whose value has changed or whose time is over no longer counts.
pub fn apply(findings: &mut [Finding], accepted: &[Accepted], date: NaiveDate) {
    let by_id = by_id(accepted);
    if by_id.is_empty() {
        return;
    }
    for finding in findings.iter_mut() {
        let acceptances = by_id.get(finding.id().as_str()).map(Vec::as_slice).unwrap_or_default();
        finding.waived = acceptances.iter().find(|a| holds(a, finding, date)).map(|a| a.waiver.clone());
    }
}

/// Notes (W604) about findings that were accepted and are open again.
pub fn open_again(findings: &[Finding], accepted: &[Accepted]) -> Vec<Finding> {
    let by_id = by_id(accepted);
    let mut notes = Vec::new();
    for finding in findings.iter().filter(|f| f.is_open() && !by_id.is_empty()) {
        let id = finding.id();
        let Some(last) = by_id.get(id.as_str()).and_then(|all| all.last()) else { continue };
        let changed = !same_found(&last.found, &finding.found);
        let (ja, en) = if changed {
            (format!("「{}」が「{}」に変わりました", quote(&last.found, 30), quote(&finding.found, 30)), "its value has changed".to_owned())
        } else {
            let until = last.waiver.until.clone().unwrap_or_default();
            (format!("有効期限（{until}）が過ぎました"), format!("the acceptance ended on {until}"))
        };
        let mut note = Finding::new(&rules::OPEN_AGAIN)
            .found(&finding.found)
            .expected(&last.found)
            .discriminator(&id)
            .message(format!("確認済みの {} を未対応に戻しました。{ja}。", finding.rule.code), format!("{} is open again: {en}.", finding.rule.code));
        note.department.clone_from(&finding.department);
        note.initiative.clone_from(&finding.initiative);
        note.field.clone_from(&finding.field);
        notes.push(note);
    }
    notes
}

fn by_id(accepted: &[Accepted]) -> BTreeMap<&str, Vec<&Accepted>> {
    let mut map: BTreeMap<&str, Vec<&Accepted>> = BTreeMap::new();
    for one in accepted {
        map.entry(one.id.as_str()).or_default().push(one);
    }
    map
}

/// Whether an acceptance still holds: the value is the one that was accepted, and its last day has not passed.
fn holds(accepted: &Accepted, finding: &Finding, date: NaiveDate) -> bool {
    let until = accepted.waiver.until.as_deref().and_then(date_of);
    same_found(&accepted.found, &finding.found) && until.is_none_or(|last| date <= last)
}

/// Excel cuts a cell at 32,767 characters; up to there the texts are compared as written but for blanks at line ends.
fn same_found(then: &str, now: &str) -> bool {
    let blanks = |text: &str| text.chars().filter(|c| !c.is_whitespace()).take(32_000).collect::<String>();
    blanks(then) == blanks(now)
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| fold(w).eq_ignore_ascii_case(&fold(text)))
}

fn is_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A day as people write it or Excel shows it: `2026-03-31`, `2026/3/31`, `2026年3月31日`, `令和8年3月31日`, `R8.3.31`, a serial number.
fn date_of(text: &str) -> Option<NaiveDate> {
    let folded = fold(text);
    let (era, rest) = Era::ALL
        .into_iter()
        .find_map(|e| folded.strip_prefix(e.name()).or_else(|| folded.strip_prefix(e.letter())).map(|rest| (Some(e), rest)))
        .unwrap_or((None, folded.as_str()));
    let rest = rest.replace('元', "1");
    let parts: Vec<i64> = rest.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).map_while(|p| p.parse().ok()).collect();
    match (era, parts.as_slice()) {
        (era, [year, month, day, ..]) => {
            let year = i32::try_from(*year).ok()?;
            let year = era.map_or(Some(year), |e| e.year(year))?;
            NaiveDate::from_ymd_opt(year, u32::try_from(*month).ok()?, u32::try_from(*day).ok()?)
        }
        (None, [serial]) if (36_526..80_000).contains(serial) => {
            NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(u64::try_from(*serial).ok()?))
        }
        _ => None,
    }
}

/// The rows of the fresh `waivers.xlsx`: every finding of the run with what the person wrote about it, then the person's rows whose finding is gone.
/// Each row has a text for each of [`columns::WAIVERS`], in that order.
pub fn waiver_rows(findings: &[Finding], decisions: &Decisions) -> Vec<Vec<String>> {
    let theirs: BTreeMap<&str, &Row> = decisions.waiver_rows.iter().filter_map(|r| Some((r.get(columns::ID)?.as_str(), r))).collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut rows = Vec::new();
    for finding in findings {
        let id = finding.id();
        let mut row = row_of(finding, &id);
        if let Some(their) = theirs.get(id.as_str()) {
            for &column in columns::FOR_PEOPLE {
                row.extend(their.get(column).map(|text| (column, text.clone())));
            }
        }
        rows.push(in_order(&row, columns::WAIVERS));
        seen.insert(id);
    }
    let gone = decisions.waiver_rows.iter().filter(|r| !r.get(columns::ID).is_some_and(|id| seen.contains(id)));
    rows.extend(gone.map(|r| in_order(r, columns::WAIVERS)));
    rows
}

/// The rows of the fresh `corrections.xlsx`: the person's own, in the order of [`columns::CORRECTIONS`].
pub fn correction_rows(decisions: &Decisions) -> Vec<Vec<String>> {
    decisions.correction_rows.iter().map(|r| in_order(r, columns::CORRECTIONS)).collect()
}

/// What the program says of a finding in its row.
fn row_of(finding: &Finding, id: &str) -> Row {
    let or_blank = |text: &Option<String>| text.clone().unwrap_or_default();
    Row::from([
        (columns::ID, id.to_owned()),
        (columns::CODE, finding.rule.code.to_owned()),
        (columns::SEVERITY, finding.rule.severity.name().ja.to_owned()),
        (columns::DEPARTMENT, or_blank(&finding.department)),
        (columns::INITIATIVE, or_blank(&finding.initiative)),
        (columns::FIELD, or_blank(&finding.field)),
        (columns::FILE, or_blank(&finding.origin.file)),
        (columns::SHEET, or_blank(&finding.origin.sheet)),
        (columns::CELL, or_blank(&finding.origin.cell)),
        (columns::MESSAGE, finding.message.ja.clone()),
        (columns::FOUND, finding.found.clone()),
        (columns::EXPECTED, finding.expected.clone()),
    ])
}

fn in_order(row: &Row, columns: &[&'static str]) -> Vec<String> {
    columns.iter().map(|c| row.get(c).cloned().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::placeholder_left;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn finding(found: &str) -> Finding {
        Finding::new(&placeholder_left::RULE).department("企画課").initiative("1").field("report.R6").found(found)
    }

    fn row(pairs: &[(&'static str, &str)]) -> Decisions {
        let mut decisions = Decisions::default();
        read_waiver(2, &pairs.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(), &mut decisions);
        decisions
    }

    fn accept(found: &str, until: &str) -> Decisions {
        let id = finding(found).id();
        row(&[
            (columns::ID, &id),
            (columns::FOUND, found),
            (columns::VERDICT, "確認済み"),
            (columns::REASON, "例示のため"),
            (columns::BY, "山田"),
            (columns::UNTIL, until),
        ])
    }

    fn waived(decisions: &Decisions, found: &str, date: &str) -> bool {
        let mut findings = [finding(found)];
        apply(&mut findings, &decisions.accepted, day(date));
        !findings[0].is_open()
    }

    #[test]
    fn an_acceptance_holds_for_the_value_that_was_accepted() {
        let decisions = accept("○○を実施", "");
        assert!(waived(&decisions, "○○を実施", "2025-04-20"));
        assert!(!waived(&decisions, "××を実施", "2025-04-20"));
        let notes = open_again(&[finding("××を実施")], &decisions.accepted);
        assert_eq!(notes[0].rule.code, "W604");
        assert!(open_again(&[finding("別")], &[]).is_empty());
    }

    #[test]
    fn an_acceptance_ends_after_its_last_day() {
        let decisions = accept("○○", "令和7年4月30日");
        assert!(waived(&decisions, "○○", "2025-04-30"));
        assert!(!waived(&decisions, "○○", "2025-05-01"));
    }

    #[test]
    fn a_row_without_reason_name_or_id_is_told_and_does_not_count() {
        let id = finding("○○").id();
        let told = |pairs: &[(&'static str, &str)]| {
            let decisions = row(pairs);
            (decisions.accepted.len(), decisions.findings.iter().map(|f| f.rule.code).collect::<Vec<_>>())
        };
        assert_eq!(told(&[(columns::ID, &id), (columns::VERDICT, "確認済み"), (columns::BY, "山田")]), (0, vec!["W602"]));
        assert_eq!(told(&[(columns::ID, &id), (columns::VERDICT, "たぶん"), (columns::BY, "山田"), (columns::REASON, "可")]), (0, vec!["W602"]));
        assert_eq!(told(&[(columns::VERDICT, "はい"), (columns::BY, "山田"), (columns::REASON, "可")]), (0, vec!["W601"]));
        assert_eq!(told(&[(columns::ID, &id), (columns::VERDICT, "未確認")]), (0, vec![]));
        assert_eq!(told(&[(columns::ID, &id)]), (0, vec![]));
    }

    #[test]
    fn a_decision_on_an_unknown_initiative_is_read() {
        let decisions = row(&[(columns::FOUND, "窓口の改良"), (columns::DEPARTMENT, "企画課"), (columns::DECIDED, "1-01")]);
        let told = &decisions.decided[0];
        assert_eq!((told.name.as_str(), told.department.as_deref(), told.initiative.as_str()), ("窓口の改良", Some("企画課"), "1-01"));
    }

    #[test]
    fn days_are_read_in_every_spelling() {
        for text in ["2026-03-31", "2026/3/31", "2026年3月31日", "令和8年3月31日", "R8.3.31", "46112"] {
            assert_eq!(date_of(text), Some(day("2026-03-31")), "{text}");
        }
        assert_eq!(date_of("令和元年5月1日"), Some(day("2019-05-01")));
        assert_eq!(date_of("年度末"), None);
        assert_eq!(date_of("2026/13/1"), None);
    }

    #[test]
    fn the_persons_words_come_back_and_rows_of_mended_findings_stay() {
        let mut decisions = accept("○○", "");
        let id = finding("○○").id();
        decisions.waiver_rows.push(Row::from([(columns::ID, id), (columns::REASON, "例示のため".to_owned())]));
        decisions.waiver_rows.push(Row::from([(columns::ID, "0123456789ab".to_owned()), (columns::REASON, "済".to_owned())]));
        let rows = waiver_rows(&[finding("○○")], &decisions);
        let reason = columns::WAIVERS.iter().position(|c| *c == columns::REASON).expect("a column");
        assert_eq!(rows.iter().map(|r| r[reason].as_str()).collect::<Vec<_>>(), ["例示のため", "済"]);
    }
}
