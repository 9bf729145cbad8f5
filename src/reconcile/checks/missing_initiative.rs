//! R302 missing-initiative: the department's file arrived, without this initiative.

use super::{Case, unknown_initiative::likeness};
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::intake::{ReadingKind, Status};
use crate::plan::Initiative;
use crate::value::fold;
use std::collections::{BTreeMap, BTreeSet};

/// R302.
pub static RULE: Rule = Rule {
    code: "R302",
    slug: "missing-initiative",
    severity: Severity::Error,
    title: StaticText {
        ja: "提出されたファイルにこの取組がありません", en: "the file that arrived does not hold this initiative"
    },
    what: StaticText {
        ja: "課のファイルは届いているのに、依頼した取組のシート（行）がないものを探します。前年度の様式のまま届いたもの（I106）や、読めないファイルに入っていると思われるものは、その指摘だけにします。",
        en: "An initiative that the department was asked for and that its file does not hold. Where last year's form came (I106) or a file cannot be read, that finding stands alone.",
    },
    why: StaticText {
        ja: "その取組が「未提出」のまま印刷されます。", en: "The initiative is printed as 未提出 (not submitted)."
    },
    example: StaticText {
        ja: "広報課のファイルに3-01のシートはあるが、3-02のシートがない。",
        en: "The file of 広報課 holds a sheet for 3-01 and none for 3-02.",
    },
    fix: StaticText {
        ja: "この取組のシート（行）を加えたファイルを、改めて提出するよう課に依頼してください。",
        en: "Please ask the department for a file that holds this initiative too.",
    },
};

/// Finds initiatives that a file that arrived should hold and does not.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let files = files_of_departments(case);
    let told = told_otherwise(case);
    let unknown = unknown_of_departments(case);
    let mut findings = Vec::new();
    for answer in case.matched.answers.iter().filter(|a| a.reading.is_none()) {
        let Some(initiative) = case.plan.initiatives.get(answer.initiative) else { continue };
        let department = answer.department.as_str();
        let Some(Some(file)) = files.get(department) else { continue };
        if told.contains(&(department, fold(&initiative.name))) || told.contains(&(department, fold(&initiative.key))) {
            continue;
        }
        findings.push(finding(initiative, department, file, unknown.get(department).map(Vec::as_slice).unwrap_or_default()));
    }
    findings
}

fn finding(initiative: &Initiative, department: &str, file: &str, unknown: &[(String, String)]) -> Finding {
    let name = format!("{} {}", initiative.key, initiative.name);
    let near = unknown.iter().find(|(reported, _)| likeness(reported, &initiative.name) >= 0.6);
    let (ja, en) = near.map_or_else(
        || (String::new(), String::new()),
        |(reported, sheet)| {
            (
                format!("シート「{sheet}」の「{reported}」がこの取組であれば、計画の名称に直してください。"),
                format!(" If 「{reported}」 on the sheet 「{sheet}」 is meant, please write the plan's name."),
            )
        },
    );
    Finding::new(&RULE)
        .department(department)
        .initiative(&initiative.key)
        .at(Origin::file(file))
        .expected(&name)
        .message(format!("{department}のファイルに「{name}」がありません。"), format!("The file of {department} does not hold 「{name}」."))
        .help(
            format!("{department}に、この取組のシート（行）を加えて改めて提出するよう依頼してください。{ja}"),
            format!("Please ask {department} for a file that holds this initiative too.{en}"),
        )
}

/// For each department the first file that counts; `None` where a file of it cannot be read, which tells enough.
fn files_of_departments<'a>(case: &Case<'a>) -> BTreeMap<&'a str, Option<&'a str>> {
    let mut files: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut unreadable = BTreeSet::new();
    for entry in &case.matched.ledger {
        let (Some(department), Some(file)) = (entry.department.as_deref(), entry.file.as_deref()) else { continue };
        match entry.status {
            Status::Accepted => {
                files.entry(department).or_insert(Some(file));
            }
            Status::Unreadable => {
                unreadable.insert(department);
            }
            Status::Superseded | Status::Ignored | Status::Missing => {}
        }
    }
    for department in unreadable {
        files.insert(department, None);
    }
    files
}

/// Departments with the folded names, numbers and sheet names of the other year's forms that came from them: I106 tells of those.
fn told_otherwise<'a>(case: &Case<'a>) -> BTreeSet<(&'a str, String)> {
    let mut told = BTreeSet::new();
    for (index, reading) in case.intake.readings.iter().enumerate() {
        let Some(department) = case.matched.reading_department.get(&index).filter(|_| matches!(reading.kind, ReadingKind::OtherYear(_))) else {
            continue;
        };
        let name = case.name_in(reading).and_then(|(_, v)| v.value.as_deref()).unwrap_or_default();
        let bare = fold(super::renamed_initiative::bare_name(name));
        let without_notes = bare.find(['(', '【', '[', '〔']).map(|at| bare[..at].to_owned());
        let sheet = fold(&reading.sheet);
        let number = sheet.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
        told.extend([sheet, number, fold(name), bare].into_iter().chain(without_notes).filter(|t| !t.is_empty()).map(|t| (department.as_str(), t)));
    }
    told
}

/// For each department the names that fit no initiative, with their sheets.
fn unknown_of_departments<'a>(case: &Case<'a>) -> BTreeMap<&'a str, Vec<(String, String)>> {
    let mut unknown: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for index in &case.matched.unknown {
        let Some(department) = case.matched.reading_department.get(index) else { continue };
        let Some(reading) = case.intake.readings.get(*index) else { continue };
        if let Some(name) = case.name_in(reading).and_then(|(_, v)| v.value.clone()) {
            unknown.entry(department.as_str()).or_default().push((name, reading.sheet.clone()));
        }
    }
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn bench(status: Status) -> Bench {
        Bench::new()
            .initiative("1", "窓口の改善", "企画課", &[])
            .initiative("2", "広報の充実", "企画課", &[])
            .report("1", "企画課", &[("name", Some("窓口の改善"))])
            .ledger("企画課", Some("企画課.xlsx"), status)
    }

    #[test]
    fn answered_initiatives_are_silent() {
        assert_eq!(bench(Status::Accepted).report("2", "企画課", &[]).check(check).len(), 0);
    }

    #[test]
    fn the_missing_one_is_named_with_the_file() {
        assert_eq!(bench(Status::Accepted).shown(check), ["R302 2 - -:  / 2 広報の充実"]);
        assert_eq!(bench(Status::Accepted).check(check)[0].origin.file.as_deref(), Some("企画課.xlsx"));
    }

    #[test]
    fn one_cause_is_told_once() {
        assert_eq!(bench(Status::Accepted).ledger("企画課", Some("二.xlsx"), Status::Unreadable).check(check).len(), 0);
        assert_eq!(bench(Status::Superseded).check(check).len(), 0);
        let mut last_year = bench(Status::Accepted);
        let index = last_year.reading("2", "企画課", &[("name", Some("広報の充実"))]);
        last_year.intake.readings[index].kind = ReadingKind::OtherYear("R5".to_owned());
        assert_eq!(last_year.check(check).len(), 0);
    }

    #[test]
    fn a_near_name_in_the_same_file_is_pointed_at() {
        let findings = bench(Status::Accepted).report("?", "企画課", &[("name", Some("広報の拡充"))]).check(check);
        assert!(findings[0].help.ja.contains("「広報の拡充」"), "{}", findings[0].help.ja);
    }
}
