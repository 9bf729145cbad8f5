//! Whole runs of the command, as a user starts it: a real city, all five jobs, and a made-up one of growing size.
//!
//!     cargo bench --bench city [-- --sizes 1000,10000]
//!
//! Wall time is the median of five after a warm-up run; memory is the peak resident set of the process and its children that Linux reports (`VmHWM`).
//! The made-up city has 17 initiatives a department, each a copy of a sheet of the sample mailbox under a name of its own.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use torimatome::workbook::{self, ReadOptions, Sheet};

const PER_DEPARTMENT: usize = 17;

fn main() {
    let sizes = sizes();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    println!("{:<44} {:>9} {:>9} {:>9} {:>9}", "whole process", "median s", "min s", "max s", "peak MB");

    let folder = tempfile::tempdir().unwrap();
    for name in ["torimatome.toml", "seeds", "input"] {
        copy(&root.join(name), &folder.path().join(name));
    }
    measure("one city: 34 departments, 56 initiatives", folder.path(), &["run", "honjo"], 5);
    measure("all five jobs", folder.path(), &["run"], 5);

    let mut last: Option<(usize, f64)> = None;
    for size in sizes {
        let folder = tempfile::tempdir().unwrap();
        make_city(&root, folder.path(), size);
        let seconds = measure(&format!("made-up city: {} workbooks, {size} initiatives", size.div_ceil(PER_DEPARTMENT)), folder.path(), &["run"], 1);
        if let Some((before, then)) = last {
            let growth = (seconds / then) / (size as f64 / before as f64);
            println!("    time grew {growth:.2} times as fast as the number of initiatives");
        }
        last = Some((size, seconds));
    }
}

fn sizes() -> Vec<usize> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|a| a == "--sizes");
    let text = at.and_then(|i| arguments.get(i + 1)).map_or("1000,10000", String::as_str);
    text.split(',').map(|n| n.parse().expect("--sizes takes whole numbers, separated by commas")).collect()
}

/// Runs the command `runs` times after a warm-up and prints a line. Returns the median in seconds.
fn measure(what: &str, folder: &Path, arguments: &[&str], runs: usize) -> f64 {
    if runs > 1 {
        once(folder, arguments);
    }
    let mut times = Vec::new();
    let mut peak = 0;
    for _ in 0..runs {
        let (time, memory) = once(folder, arguments);
        times.push(time.as_secs_f64());
        peak = peak.max(memory);
    }
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    println!("{what:<44} {median:>9.3} {:>9.3} {:>9.3} {:>9.1}", times[0], times[times.len() - 1], peak as f64 / 1024.0);
    median
}

fn once(folder: &Path, arguments: &[&str]) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_torimatome"))
        .args(arguments)
        .args(["--date", "2026-04-01"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    loop {
        peak = peak.max(resident(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "the run failed");
            return (start.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// Peak resident set in KiB of a process and its children; 0 where the system does not say.
fn resident(pid: u32) -> u64 {
    let own = std::fs::read_to_string(format!("/proc/{pid}/status"))
        .ok()
        .and_then(|text| text.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok()))
        .unwrap_or(0);
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    own + children.split_whitespace().filter_map(|c| c.parse().ok()).map(resident).sum::<u64>()
}

/// A job folder with `size` initiatives on the form of the first sample job.
fn make_city(root: &Path, folder: &Path, size: usize) {
    let plan: Value = serde_json::from_slice(&std::fs::read(root.join("seeds/honjo/plan.json")).unwrap()).unwrap();
    let templates: Vec<Value> = plan["sheets"].as_array().unwrap().clone();
    let source = sample_sheet(root);
    let departments = size.div_ceil(PER_DEPARTMENT);
    let department = |n: usize| format!("第{}課", n + 1);

    let mut sheets = Vec::with_capacity(size);
    for n in 0..size {
        let mut sheet = templates[n % templates.len()].clone();
        let owner = department(n / PER_DEPARTMENT);
        sheet["seq"] = json!(n + 1);
        sheet["field"] = json!(1);
        sheet["no"] = json!(n + 1);
        sheet["page"] = json!(n + 4);
        sheet["plan_name"] = json!(name(n));
        sheet["departments"] = json!([owner]);
        sheet["departments_printed"] = json!(owner);
        sheets.push(sheet);
    }
    let mut whole = plan.clone();
    whole["contents"] = sheets
        .iter()
        .map(|s| {
            json!({ "field": 1, "no": s["no"], "plan_name": s["plan_name"], "departments": s["departments"],
            "departments_printed": s["departments_printed"], "start": s["start_year"], "end": "", "page": s["page"] })
        })
        .collect();
    whole["sheets"] = Value::Array(sheets.clone());
    std::fs::write(folder.join("plan.json"), serde_json::to_vec(&whole).unwrap()).unwrap();

    let mut settings = String::from(
        "id = \"made-up\"\ntitle = \"架空市 実施計画\"\ncity = \"架空市\"\nplan = \"plan.json\"\nform = \"honjo\"\nfiscal_year = \"R6\"\ngroup_words = [\"全庁\"]\n",
    );
    for (mark, least) in [("A", "at_least = 100"), ("B", "at_least = 80"), ("C", "")] {
        settings.push_str(&format!("\n[[scale]]\nmark = \"{mark}\"\n{least}\n"));
    }
    for d in 0..departments {
        settings.push_str(&format!("\n[[department]]\nname = \"{}\"\n", department(d)));
    }
    std::fs::write(folder.join("torimatome.toml"), settings).unwrap();

    std::fs::create_dir_all(folder.join("input")).unwrap();
    for d in 0..departments {
        let mut book = Workbook::new();
        for (n, sheet) in sheets.iter().enumerate().skip(d * PER_DEPARTMENT).take(PER_DEPARTMENT) {
            write_sheet(&mut book, &source, sheet, n);
        }
        book.save(folder.join(format!("input/{}.xlsx", department(d)))).unwrap();
    }
}

fn name(n: usize) -> String {
    format!("架空の取組その{}", n + 1)
}

/// The first form sheet of a sample workbook.
fn sample_sheet(root: &Path) -> Sheet {
    let path = root.join("input/honjo/【企画課】R6実施計画シート.xlsx");
    let book = workbook::read(&std::fs::read(&path).unwrap(), "sample.xlsx", &ReadOptions::default()).expect("the sample can be read");
    book.sheets.into_iter().next().unwrap()
}

/// A copy of the sample sheet with the texts of another initiative.
fn write_sheet(book: &mut Workbook, source: &Sheet, plan: &Value, n: usize) {
    let merged = Format::new().set_text_wrap();
    let page = book.add_worksheet();
    page.set_name(format!("1-{:02}", n + 1)).unwrap();
    for area in &source.merges {
        let (first, last) = (area.first, area.last);
        page.merge_range(first.row, first.col as u16, last.row, last.col as u16, "", &merged).unwrap();
    }
    for (at, cell) in &source.cells {
        page.write_string(at.row, at.col as u16, &cell.shown).unwrap();
    }
    let lines = |key: &str| plan[key].as_array().map(|a| a.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")).unwrap_or_default();
    let text = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
    // The cells of the sample: see its README for the layout.
    for (cell, value) in [
        ("C4", text("plan_name")),
        ("C5", text("departments_printed")),
        ("I5", text("related_departments_printed")),
        ("C6", text("start_year_printed")),
        ("G6", text("target_year_printed")),
        ("C7", text("viewpoint")),
        ("C8", text("master_plan_printed")),
        ("C9", lines("current_issues")),
        ("C10", lines("actions")),
        ("C11", lines("effects")),
        ("C17", lines("notes")),
        ("C15", plan["evaluation"]["R5"].as_str().unwrap_or_default().to_owned()),
    ] {
        let at = workbook::CellRef::parse(cell).unwrap();
        page.write_string(at.row, at.col as u16, value).unwrap();
    }
    for (cell, year) in [("C13", "R5"), ("E13", "R6"), ("G13", "R7"), ("I13", "R8"), ("K13", "R9")] {
        let at = workbook::CellRef::parse(cell).unwrap();
        let goal = plan["year_goals"][year].as_array().map(|a| a.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")).unwrap_or_default();
        page.write_string(at.row, at.col as u16, goal).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}
