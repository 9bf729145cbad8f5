//! Every field of every record of the ten sample mailboxes: value and cell. Only `expected.json` says what is right.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use torimatome::Quiet;
use torimatome::form::Form;
use torimatome::intake::{Intake, Reading, ReadingKind};
use torimatome::plan::Job;
use unicode_normalization::UnicodeNormalization;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The job of a sample with the mailbox of this kind as its input.
fn job(id: &str, kind: &str) -> Job {
    let mut job = Job::of_folder(&root()).unwrap().into_iter().find(|j| j.settings.id == id).unwrap();
    if kind == "hostile" {
        job.input = root().join("tests/samples").join(id).join("hostile/input");
    }
    job
}

fn expected(id: &str, kind: &str) -> Value {
    let path = root().join("tests/samples").join(id).join(kind).join("expected.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// As the samples compare: NFKC without blanks and line breaks.
fn norm(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

fn text(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        _ => String::new(),
    }
}

fn base(path: &str) -> &str {
    path.rsplit(['/', '!']).next().unwrap_or(path)
}

fn same(reading: &Reading, intake: &Intake, record: &Value) -> bool {
    let file = &intake.submissions[reading.submission].file;
    norm(base(file)) == norm(&text(&record["file"])) && norm(&reading.sheet) == norm(&text(&record["sheet"]))
}

/// What is wrong with the fields of a mailbox, and how many were compared.
fn misses(id: &str, kind: &str) -> (usize, Vec<String>) {
    let job = job(id, kind);
    let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
    let plan = torimatome::plan::load(&job, &form).unwrap();
    let (intake, findings) = torimatome::intake::take_in(&job, &form, &plan, &Quiet).unwrap();
    let expected = expected(id, kind);
    let mut misses = Vec::new();
    let mut compared = 0;
    for record in expected["records"].as_array().unwrap() {
        let fields = record["fields"].as_object().unwrap();
        let place = format!("{} {} {}", text(&record["initiative"]), text(&record["file"]), text(&record["sheet"]));
        // In a list many records share a sheet: the one whose cells agree is meant.
        let agree =
            |r: &Reading| fields.iter().filter(|(k, v)| r.fields.get(*k).is_some_and(|f| f.origin.cell.as_deref() == v["cell"].as_str())).count();
        let best = intake.readings.iter().filter(|r| r.kind == ReadingKind::Report && same(r, &intake, record)).max_by_key(|r| agree(r));
        let Some(reading) = best else {
            misses.push(format!("{place}: no reading"));
            continue;
        };
        for (key, want) in fields {
            compared += 1;
            let Some(got) = reading.fields.get(key) else {
                misses.push(format!("{place} {key}: not read, wanted {:?} at {}", text(&want["value"]), text(&want["cell"])));
                continue;
            };
            let mut cells = vec![text(&want["cell"])];
            cells.extend(want["cell_accept"].as_array().into_iter().flatten().map(text));
            if !cells.contains(&got.origin.cell.clone().unwrap_or_default()) {
                misses.push(format!("{place} {key}: at {:?}, wanted {cells:?}", got.origin.cell));
            }
            let mut values = vec![norm(&text(&want["value"]))];
            values.extend(want["accept"].as_array().into_iter().flatten().map(|v| norm(&text(v))));
            let value = norm(got.value.as_deref().unwrap_or_default());
            let unreadable = want["value"].is_null() && got.value.is_none();
            if !unreadable && !values.contains(&value) {
                misses.push(format!("{place} {key}: {value:?}, wanted {values:?}"));
            }
        }
    }
    misses.extend(strays(&intake, &expected));
    let clean: Vec<String> = expected["clean_departments"].as_array().into_iter().flatten().map(text).collect();
    for f in findings.iter().chain(intake.readings.iter().flat_map(|r| &r.findings)) {
        let file = f.origin.file.clone().unwrap_or_default();
        let department = expected["submissions"].as_array().unwrap().iter().find(|s| norm(&text(&s["file"])) == norm(base(&file)));
        let department = department.map(|s| text(&s["department"])).unwrap_or_default();
        if f.rule.severity != torimatome::finding::Severity::Note && clean.contains(&department) {
            misses.push(format!("false alarm {} {} {}", f.rule.code, f.origin, f.message.ja));
        }
    }
    (compared, misses)
}

/// Reports that no record and no unknown initiative of the expected result accounts for.
fn strays(intake: &Intake, expected: &Value) -> Vec<String> {
    let mut wanted: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut add = |file: &Value, sheet: &Value| *wanted.entry((norm(&text(file)), norm(&text(sheet)))).or_default() += 1;
    for record in expected["records"].as_array().unwrap() {
        add(&record["file"], &record["sheet"]);
        for old in record["superseded_files"].as_array().into_iter().flatten() {
            add(old, &record["sheet"]);
        }
    }
    for finding in expected["findings"].as_array().unwrap().iter().filter(|f| f["kind"] == "unknown_initiative") {
        add(&finding["file"], &finding["sheet"]);
    }
    let mut out = Vec::new();
    for reading in intake.readings.iter().filter(|r| r.kind == ReadingKind::Report) {
        let file = &intake.submissions[reading.submission].file;
        match wanted.get_mut(&(norm(base(file)), norm(&reading.sheet))) {
            Some(n) if *n > 0 => *n -= 1,
            _ => out.push(format!("stray reading: {file} {} {:?}", reading.sheet, reading.area)),
        }
    }
    out
}

/// What is wrong with departments, initiatives, the ledger and the findings of intake and matching.
fn mismatches(id: &str, kind: &str) -> Vec<String> {
    let job = job(id, kind);
    let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
    let plan = torimatome::plan::load(&job, &form).unwrap();
    let (intake, mut findings) = torimatome::intake::take_in(&job, &form, &plan, &Quiet).unwrap();
    let (matched, more) = torimatome::reconcile::matching::match_readings(&intake, &job, &form, &plan);
    findings.extend(more);
    let expected = expected(id, kind);
    let mut misses = Vec::new();
    let list = |key: &str| expected[key].as_array().cloned().unwrap_or_default();
    let mut wanted = 0;
    for record in list("records") {
        let key = text(&record["initiative"]);
        let answer = matched.answers.iter().find(|a| norm(&plan.initiatives[a.initiative].key) == norm(&key));
        let Some(answer) = answer else {
            misses.push(format!("{key}: not in the plan"));
            continue;
        };
        let own = answer.reading.iter().chain(&answer.others).find(|r| same(&intake.readings[**r], &intake, &record));
        match own {
            None => misses.push(format!("{key}: no answer from {}", text(&record["file"]))),
            Some(r) if matched.reading_department.get(r).map(|d| norm(d)) != Some(norm(&text(&record["department"]))) => {
                misses.push(format!("{key}: from {:?}, wanted {}", matched.reading_department.get(r), text(&record["department"])));
            }
            Some(_) => wanted += 1,
        }
    }
    let answered: usize = matched.answers.iter().map(|a| usize::from(a.reading.is_some()) + a.others.len()).sum();
    if answered != wanted {
        misses.push(format!("{answered} readings answer initiatives, wanted {wanted}"));
    }
    for submission in list("submissions") {
        let entry = matched.ledger.iter().find(|e| e.file.as_deref().is_some_and(|f| norm(base(f)) == norm(&text(&submission["file"]))));
        let Some(entry) = entry else {
            misses.push(format!("{}: not in the ledger", text(&submission["file"])));
            continue;
        };
        let status = format!("{:?}", entry.status).to_lowercase();
        if status != text(&submission["status"]) || entry.department.as_deref().map(norm) != Some(norm(&text(&submission["department"]))) {
            misses.push(format!(
                "{}: {status} from {:?}, wanted {} from {}",
                text(&submission["file"]),
                entry.department,
                submission["status"],
                submission["department"]
            ));
        }
    }
    let missing: Vec<String> = matched.ledger.iter().filter(|e| e.file.is_none()).filter_map(|e| e.department.clone()).collect();
    let mut wanted: Vec<String> = list("missing_departments").iter().map(text).collect();
    wanted.sort();
    let mut got = missing.clone();
    got.sort();
    if got != wanted {
        misses.push(format!("missing departments {got:?}, wanted {wanted:?}"));
    }
    let codes = [
        ("hidden_old_sheet", "I110"),
        ("password_protected", "I102"),
        ("truncated_file", "I101"),
        ("renamed_html_as_xls", "I101"),
        ("empty_file", "I103"),
        ("resubmission", "I107"),
        ("last_year_form", "I106"),
        ("formula_without_cached_value", "I111"),
        ("error_value", "I112"),
    ];
    let mut used = vec![false; findings.len()];
    for want in list("findings") {
        let Some((_, code)) = codes.iter().find(|(k, _)| *k == text(&want["kind"])) else { continue };
        let found = findings.iter().position(|f| {
            let initiative = want["initiative"].is_null() || f.initiative.as_deref().map(norm) == Some(norm(&text(&want["initiative"])));
            let department = f.department.as_deref().map(norm) == Some(norm(&text(&want["department"])));
            let cell = want["cell"].is_null() || *code == "I110" || f.origin.cell.as_deref() == want["cell"].as_str();
            let field = want["field"].is_null() || f.field.as_deref() == want["field"].as_str();
            f.rule.code == *code && initiative && department && cell && field
        });
        match found {
            Some(n) => used[n] = true,
            None => misses.push(format!("no {code} for {want}")),
        }
    }
    for (n, f) in findings.iter().enumerate() {
        if !used[n] && f.rule.severity != torimatome::finding::Severity::Note {
            misses.push(format!("not asked for: {} {:?} {:?} {} {}", f.rule.code, f.department, f.initiative, f.origin, f.message.ja));
        }
    }
    let unknown: Vec<String> = matched.unknown.iter().map(|n| norm(base(&intake.submissions[intake.readings[*n].submission].file))).collect();
    for want in list("findings").iter().filter(|f| f["kind"] == "unknown_initiative") {
        if !unknown.contains(&norm(&text(&want["file"]))) {
            misses.push(format!("not unknown: {want}"));
        }
    }
    if unknown.len() != list("findings").iter().filter(|f| f["kind"] == "unknown_initiative").count() {
        misses.push(format!("unknown: {unknown:?}"));
    }
    misses
}

fn check(id: &str, kind: &str) {
    let (compared, mut misses) = misses(id, kind);
    misses.extend(mismatches(id, kind));
    assert!(misses.is_empty(), "{id}/{kind}: {} misses of {compared} fields\n{}", misses.len(), misses.join("\n"));
    assert!(compared > 80, "{id}/{kind}: only {compared} fields compared");
}

macro_rules! mailboxes {
    ($($name:ident: $id:literal $kind:literal;)*) => { $(#[test] fn $name() { check($id, $kind); })* };
}

mailboxes! {
    honjo_typical: "honjo" "typical";
    honjo_hostile: "honjo" "hostile";
    annaka_typical: "annaka" "typical";
    annaka_hostile: "annaka" "hostile";
    kodaira_typical: "kodaira" "typical";
    kodaira_hostile: "kodaira" "hostile";
    oyama_joho_typical: "oyama_joho" "typical";
    oyama_joho_hostile: "oyama_joho" "hostile";
    oyama_gyokaku_typical: "oyama_gyokaku" "typical";
    oyama_gyokaku_hostile: "oyama_gyokaku" "hostile";
}

/// The folder of samples is where the tests think it is.
#[test]
fn samples_are_there() {
    assert!(Path::new(&root().join("tests/samples/honjo/hostile/input")).is_dir());
}

#[test]
fn what_stands_beside_the_form_is_noted_and_nothing_else() {
    for (id, kind, wanted) in
        [("honjo", "hostile", &["2-11!O4 計算用", "1-17!A11 ※提出前", "3-07!A11 ※提出前"][..]), ("oyama_gyokaku", "typical", &[])]
    {
        let job = job(id, kind);
        let form = Form::load(&job.settings.form, Some(&job.folder)).unwrap();
        let plan = torimatome::plan::load(&job, &form).unwrap();
        let (intake, findings) = torimatome::intake::take_in(&job, &form, &plan, &Quiet).unwrap();
        let all = findings.iter().chain(intake.readings.iter().flat_map(|r| &r.findings)).filter(|f| f.discriminator == "outside");
        let place = |o: &torimatome::finding::Origin| format!("{}!{}", o.sheet.clone().unwrap_or_default(), o.cell.clone().unwrap_or_default());
        let mut noted: Vec<String> = all.map(|f| format!("{} {}", place(&f.origin), f.found.chars().take(4).collect::<String>())).collect();
        noted.sort();
        let mut wanted: Vec<String> = wanted.iter().map(|w| (*w).to_owned()).collect();
        wanted.sort();
        assert_eq!(noted, wanted, "{id} {kind}");
    }
}
