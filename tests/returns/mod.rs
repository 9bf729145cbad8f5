//! 差戻し: what goes back to the departments, and that a workbook goes back as it came but for its marks.

mod draft;
mod form;

use crate::xlsx::{fixture::Fixture, keep};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Mutex;
use torimatome::finding::Origin;
use torimatome::intake::Submission;
use torimatome::render::returns::returns;
use torimatome::workbook::{self, CellRef, ReadOptions, Workbook};

type Files = BTreeMap<String, Vec<u8>>;

fn all(fixture: &Fixture) -> Files {
    let files = Mutex::new(Files::new());
    let keep = |path: &str, bytes: &[u8]| {
        files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        Ok(())
    };
    returns(&fixture.view(), &fixture.submissions, &keep).unwrap();
    files.into_inner().unwrap()
}

fn read(name: &str, bytes: &[u8]) -> Workbook {
    workbook::read(bytes, name, &ReadOptions::default()).unwrap()
}

/// The members of a zip with their contents.
fn members(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut part = zip.by_index(n).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

#[test]
fn every_department_with_something_to_do_gets_a_letter_and_nobody_else() {
    for id in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        for kind in ["typical", "hostile"] {
            let fixture = Fixture::of(id, kind);
            let files = all(&fixture);
            let mut folders: Vec<&str> = files.keys().map(|f| f.split('/').next().unwrap()).collect();
            folders.dedup();
            let expected: serde_json::Value =
                serde_json::from_slice(&std::fs::read(format!("{}/tests/samples/{id}/{kind}/expected.json", env!("CARGO_MANIFEST_DIR"))).unwrap())
                    .unwrap();
            for clean in expected["clean_departments"].as_array().unwrap() {
                assert!(!folders.contains(&clean.as_str().unwrap()), "{id} {kind}: nothing is asked of {clean}");
            }
            for missing in expected["missing_departments"].as_array().unwrap() {
                let name = missing.as_str().or(missing["department"].as_str()).unwrap();
                assert!(files.contains_key(&format!("{name}/督促文.html")), "{id} {kind}: {name} is reminded");
            }
            for finding in expected["findings"].as_array().unwrap().iter().filter(|f| f["severity"] != "info" && !f["department"].is_null()) {
                assert!(folders.contains(&finding["department"].as_str().unwrap()), "{id} {kind}: {finding}");
            }
            for (name, bytes) in &files {
                keep(&format!("returns/{id}-{kind}/{name}"), bytes);
            }
        }
    }
}

#[test]
fn a_marked_workbook_differs_only_where_it_is_marked() {
    let mut seen = 0;
    for id in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        let fixture = Fixture::of(id, "hostile");
        for (path, bytes) in all(&fixture) {
            let name = path.rsplit('/').next().unwrap();
            let Some(original) = fixture.submissions.iter().find(|s| s.file == name) else { continue };
            seen += 1;
            let (before, after) = (members(&original.bytes), members(&bytes));
            for (part, content) in &before {
                let may_differ = part.contains("worksheets/")
                    || part.ends_with("styles.xml")
                    || part == "[Content_Types].xml"
                    || part.contains("comments")
                    || part.contains("vmlDrawing");
                assert!(after[part] == *content || may_differ, "{path}: {part} is as it was");
            }
            let (old, new) = (read(name, &original.bytes), read(name, &bytes));
            for (o, n) in old.sheets.iter().zip(&new.sheets) {
                let filled = |s: &torimatome::workbook::Sheet| s.cells.iter().map(|(at, c)| (*at, c.clone())).collect::<Vec<_>>();
                assert_eq!(filled(o), filled(n), "{path} {}", o.name);
                assert_eq!((&o.name, o.visibility, &o.merges, &o.choices), (&n.name, n.visibility, &n.merges, &n.choices));
                for comment in &o.comments {
                    assert!(n.comments.iter().any(|(at, text)| *at == comment.0 && text.contains(&comment.1)), "{path}: {comment:?} is still there");
                }
            }
            for finding in fixture.settled.findings.iter().filter(|f| f.origin.file.as_deref() == Some(name) && f.origin.cell.is_some()) {
                let sheet = new.sheets.iter().find(|s| Some(&s.name) == finding.origin.sheet.as_ref()).unwrap();
                let at = CellRef::parse(finding.origin.cell.as_deref().unwrap()).unwrap();
                if finding.rule.severity != torimatome::finding::Severity::Note {
                    assert!(sheet.comments.iter().any(|(c, text)| *c == at && text.contains("お願い：")), "{path} {at:?}: {:?}", sheet.comments);
                }
            }
        }
    }
    assert!(seen > 20, "{seen} workbooks were marked");
}

#[test]
fn old_formats_go_back_as_a_new_workbook_with_the_same_content() {
    let mut fixture = Fixture::of("honjo", "typical");
    let file = fixture.submissions.iter().find(|s| s.file.ends_with(".ods")).unwrap().clone();
    let book = read(&file.file, &file.bytes);
    let sheet = book.sheets.iter().find(|s| s.cells.len() > 10).unwrap();
    let finding = fixture.settled.findings.iter_mut().find(|f| f.origin.cell.is_some()).unwrap();
    finding.origin = Origin::cell(&file.file, &sheet.name, "C14");
    let department = finding.department.clone().unwrap();
    let files = all(&fixture);
    let (name, bytes) = files.iter().find(|(n, _)| n.starts_with(&format!("{department}/")) && n.ends_with("（印付き）.xlsx")).unwrap();
    let copy = read(name, bytes);
    let copied = copy.sheets.iter().find(|s| s.name == sheet.name).unwrap();
    for (at, cell) in &sheet.cells {
        assert_eq!(copied.text(*at), cell.shown.trim(), "{at:?}");
    }
    assert_eq!(copied.comments.len(), 1);
    let letter = String::from_utf8(files[&format!("{department}/依頼文.html")].clone()).unwrap();
    assert!(letter.contains("修正は元のファイルにしてください"));
}

#[test]
fn a_strict_workbook_goes_back_with_the_same_content() {
    let mut fixture = Fixture::of("honjo", "hostile");
    let marked = all(&fixture);
    let mut seen = 0;
    for submission in &mut fixture.submissions {
        if !marked.keys().any(|k| k.ends_with(&format!("/{}", submission.file))) || !submission.file.ends_with(".xlsx") {
            continue;
        }
        submission.bytes = strict(&submission.bytes);
        seen += 1;
    }
    assert!(seen > 3);
    let files = all(&fixture);
    let mut marks = 0;
    for (path, bytes) in &files {
        let name = path.rsplit('/').next().unwrap().replace("（印付き）", "");
        let Some(original) = fixture.submissions.iter().find(|s| s.file == name && path.ends_with(".xlsx")) else { continue };
        let (old, new) = (read(&name, &original.bytes), read(&name, bytes));
        for sheet in &old.sheets {
            let copied = new.sheets.iter().find(|s| s.name == sheet.name).unwrap();
            for (at, cell) in &sheet.cells {
                assert_eq!(copied.text(*at), cell.shown.trim(), "{path} {at:?}");
            }
            marks += copied.comments.len();
        }
    }
    assert!(marks >= seen, "{marks} marks in {seen} workbooks");
}

/// The same workbook in the strict variant of the format (ISO/IEC 29500 strict), as Excel saves it on request.
fn strict(bytes: &[u8]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members(bytes) {
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = String::from_utf8(content.clone()).map(|t| {
            t.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
        });
        std::io::Write::write_all(&mut out, &text.map_or(content, String::into_bytes)).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_file_from_a_mail_goes_back_by_its_own_name() {
    let mut fixture = Fixture::of("honjo", "typical");
    let place = fixture
        .settled
        .findings
        .iter()
        .position(|f| f.origin.file.as_deref().is_some_and(|n| n.ends_with(".xlsx")) && f.origin.cell.is_some())
        .unwrap();
    let old = fixture.settled.findings[place].origin.file.clone().unwrap();
    let new = format!("回答.eml!提出.zip!様式/{old}");
    for finding in fixture.settled.findings.iter_mut().filter(|f| f.origin.file.as_ref() == Some(&old)) {
        finding.origin.file = Some(new.clone());
    }
    let bytes = fixture.submissions.iter().find(|s| s.file == old).unwrap().bytes.clone();
    fixture.submissions.push(Submission { file: new, bytes, ..Submission::default() });
    let department = fixture.settled.findings[place].department.clone().unwrap();
    let files = all(&fixture);
    assert!(files.contains_key(&format!("{department}/{old}")), "{:?}", files.keys());
}

#[test]
fn the_same_model_gives_the_same_returns() {
    let fixture = Fixture::of("annaka", "hostile");
    assert!(all(&fixture) == all(&fixture));
}

#[test]
fn a_letter_says_where_and_what_in_words() {
    let fixture = Fixture::of("honjo", "typical");
    let files = all(&fixture);
    let letter = String::from_utf8(files["財政課/依頼文.html"].clone()).unwrap();
    for words in [
        "財政課　ご担当者 様",
        "財政課（R6実施計画シート）.xlsx",
        "シート「3-03」、セル C14",
        "報告が空欄です",
        "企画課行政改革担当",
        "令和7年4月18日",
    ] {
        assert!(letter.contains(words), "{words}");
    }
    let reminder = String::from_utf8(files["営繕住宅課/督促文.html"].clone()).unwrap();
    assert!(reminder.contains("提出期限は令和7年4月11日でした"));
    assert!(reminder.contains("2-13"));
}
