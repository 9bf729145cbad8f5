//! The form that goes along with a reminder: sent out by one run, filled in, and read by the next.

use super::members;
use crate::common::Trial;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use torimatome::workbook::{self, CellRef, ReadOptions, Sheet};

/// An answer: file, sheet and cell, and what was typed there.
type Typed = BTreeMap<(String, String, String), String>;

/// The part of a package that holds a sheet, in the order of the workbook: our writer numbers them so.
fn part(number: usize) -> String {
    format!("xl/worksheets/sheet{}.xml", number + 1)
}

/// Numbers of the cell styles that are unlocked.
fn unlocked(styles: &str) -> BTreeSet<usize> {
    let cells = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap();
    let each = cells.split("<xf ").skip(1).enumerate();
    each.filter(|(_, xf)| xf.contains("locked=\"0\"")).map(|(n, _)| n).collect()
}

/// The first choice of a dropdown of one cell, if it has one.
fn choice(sheet: &Sheet, at: CellRef) -> Option<String> {
    let list = sheet.choices.iter().find(|(area, _)| area.contains(at)).map(|(_, list)| list)?;
    list.first().cloned()
}

/// Types into every answer cell of a form: choices from their lists, elsewhere a text that stands nowhere else.
fn fill(file: &str, bytes: &[u8], typed: &mut Typed) -> Vec<u8> {
    let mut parts = members(bytes);
    let open = unlocked(&String::from_utf8(parts["xl/styles.xml"].clone()).unwrap());
    let book = workbook::read(bytes, file, &ReadOptions::default()).unwrap();
    for (number, sheet) in book.sheets.iter().enumerate() {
        let xml = String::from_utf8(parts[&part(number)].clone()).unwrap();
        let mut filled = String::new();
        let mut rest = xml.as_str();
        while let Some(start) = rest.find("<c r=\"") {
            let (before, cell) = rest.split_at(start);
            filled.push_str(before);
            let end = cell.find('>').unwrap() + 1;
            let (tag, after) = cell.split_at(end);
            rest = after;
            let value = |name: &str| tag.split(&format!("{name}=\"")).nth(1).and_then(|t| t.split('"').next());
            let at = CellRef::parse(value(" r").unwrap()).unwrap();
            let style: usize = value(" s").map_or(0, |s| s.parse().unwrap());
            if !tag.ends_with("/>") || !open.contains(&style) || sheet.anchor(at) != at {
                filled.push_str(tag);
                continue;
            }
            let department = at.row > 0 && sheet.text(sheet.anchor(CellRef::new(at.row - 1, at.col))).contains("担当課");
            let own = department.then(|| file.split(['【', '】']).nth(1).unwrap().to_owned());
            let text =
                own.or_else(|| choice(sheet, at)).unwrap_or_else(|| format!("{}の{}を進め、{}件を処理した。", sheet.name, at.a1(), typed.len() + 1));
            filled.push_str(&format!("<c r=\"{}\" s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>", at.a1()));
            typed.insert((file.to_owned(), sheet.name.clone(), at.a1()), text);
        }
        filled.push_str(rest);
        parts.insert(part(number), filled.into_bytes());
    }
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in &parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Every form below 差戻し, by its file name.
fn forms(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut forms = BTreeMap::new();
    for department in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(department.unwrap().path()).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().to_string_lossy().into_owned();
            if name.contains("報告様式") {
                forms.insert(name, std::fs::read(file.path()).unwrap());
            }
        }
    }
    forms
}

/// Sends the form to everybody, has it filled in, and reads it: every cell that was typed in is a field of a record, at its place.
fn there_and_back(id: &str, trial: &Trial, departments: usize) {
    std::fs::create_dir_all(&trial.job.input).unwrap();
    std::fs::write(trial.job.input.join("メモ.txt"), "提出待ち").unwrap();
    let first = trial.run();
    let missing = first.findings("R301").len();
    let sent = forms(&trial.job.output.join("差戻し"));
    assert!(missing >= departments && sent.len() == missing, "{id}: {} forms for {missing} departments", sent.len());
    assert_eq!(first.result()["records"].as_array().unwrap().len(), 0, "{id}");

    let mut typed = Typed::new();
    for (name, bytes) in &sent {
        std::fs::write(trial.job.input.join(name), fill(name, bytes, &mut typed)).unwrap();
    }
    let second = trial.run();
    let result = second.result();
    let asked = result["initiatives"].as_array().unwrap().iter().filter(|i| i["department"] != "").count();
    let answered: BTreeSet<&str> = result["records"].as_array().unwrap().iter().filter_map(|r| r["initiative"].as_str()).collect();
    assert_eq!(answered.len(), asked, "{id}");
    let mut read = Typed::new();
    for field in result["records"].as_array().unwrap().iter().flat_map(|r| r["fields"].as_object().unwrap().values()) {
        let text = |key: &str| field[key].as_str().unwrap_or_default().to_owned();
        let place = (text("file"), text("sheet"), text("cell"));
        if typed.contains_key(&place) {
            read.insert(place, text("value"));
        }
    }
    assert_eq!(read.len(), typed.len(), "{id}: cells that nobody read: {:?}", typed.keys().filter(|k| !read.contains_key(*k)).collect::<Vec<_>>());
    assert_eq!(read, typed, "{id}");
    // Nothing is said of forms that are our own: no trouble of reading or matching, no text of the plan altered.
    let own = |d: &&Value| d["file"].as_str().is_some_and(|f| f.contains("報告様式"));
    let trouble: Vec<String> = result["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(own)
        .filter(|d| ["I", "R"].iter().any(|family| d["code"].as_str().unwrap().starts_with(family)))
        .map(|d| format!("{} {} {} {}: {}", d["code"], d["file"], d["sheet"], d["cell"], d["message"]))
        .collect();
    assert_eq!(trouble, Vec::<String>::new(), "{id}");
}

#[test]
fn a_form_that_was_sent_out_comes_back_with_every_answer_at_its_cell() {
    for id in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        there_and_back(id, &Trial::empty(id), 6);
    }
}

/// A trial of the invented city of docs/forms.md, its form changed.
fn sixth_city(change: impl Fn(&str, String) -> String) -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/form/sixth-city");
    for file in ["torimatome.toml", "plan.json", "templates/shinko/form.toml", "templates/shinko/sheet.xml", "templates/shinko/contents.xml"] {
        let to = folder.path().join(file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, change(file.rsplit('/').next().unwrap(), std::fs::read_to_string(from.join(file)).unwrap())).unwrap();
    }
    let job = torimatome::plan::Job::of_folder(folder.path()).unwrap().remove(0);
    Trial { folder, job }
}

#[test]
fn any_form_can_be_sent_out_and_read_again() {
    there_and_back("as documented", &sixth_city(|_, text| text), 2);
    // Answers below their headings, side by side, and inside a table of their own.
    let report = "<row min-height=\"40\" stretch=\"1\"><label field=\"report\"/><value field=\"report\" span=\"3\"/></row>";
    let below = "<row><label field=\"report\" span=\"2\"/><label field=\"grade\"/><label field=\"policy\"/></row>
        <row min-height=\"60\"><value field=\"report\" span=\"2\"/><value field=\"grade\"/><value field=\"policy\"/></row>";
    let rest = |text: &str| {
        let from = text.find("<row min-height=\"9\"><label field=\"grade\"").unwrap();
        let to = text.find("{% endif %}").unwrap();
        format!("{}{}", &text[..from], &text[to..])
    };
    there_and_back("below", &sixth_city(|file, text| if file == "sheet.xml" { rest(&text).replace(report, below) } else { text }), 2);
    // A plan text that no row of Excel could hold.
    let long = |file: &str, text: String| {
        if file == "plan.json" { text.replace("窓口の混雑を和らげ", &"窓口の混雑を和らげ、".repeat(400)) } else { text }
    };
    there_and_back("long", &sixth_city(long), 2);
}

#[test]
fn a_form_goes_along_for_what_is_missing_from_a_file_that_came_and_not_for_what_was_accepted() {
    let trial = Trial::sample("honjo", "hostile");
    let first = trial.run();
    let missing = first.findings("R302");
    let finding = missing.first().expect("the sample lacks an initiative");
    let (key, department) = (finding.initiative.clone().unwrap(), finding.department.clone().unwrap());
    let folder = trial.job.output.join("差戻し").join(&department);
    let form = folder.join(format!("【{department}】R6報告様式.xlsx"));
    let book = workbook::read(&std::fs::read(&form).unwrap(), "form.xlsx", &ReadOptions::default()).unwrap();
    assert!(book.sheets.iter().any(|s| s.name == key), "{key}");
    let letter = std::fs::read_to_string(folder.join("依頼文.html")).unwrap();
    assert!(letter.contains("R6報告様式.xlsx") && letter.contains("黄色の欄"), "{letter}");
}
