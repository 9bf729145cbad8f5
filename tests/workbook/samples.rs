//! The samples: what a careful person reads out of each cell is what the grid shows there, in .xlsx, .xlsm, .xls and .ods alike.

use std::path::{Path, PathBuf};
use torimatome::workbook::{CellRef, ReadOptions, Stored, Unreadable, Workbook, read};

/// One round of replies: what should be read, and the files.
struct Round {
    expected: PathBuf,
    input: PathBuf,
}

fn sample_rounds() -> Vec<Round> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let jobs = ["annaka", "honjo", "kodaira", "oyama_gyokaku", "oyama_joho"];
    let round = |job: &str, kind: &str| {
        let folder = root.join("tests/samples").join(job).join(kind);
        let input = if kind == "typical" { root.join("input").join(job) } else { folder.join("input") };
        Round { expected: folder.join("expected.json"), input }
    };
    jobs.iter().flat_map(|job| [round(job, "typical"), round(job, "hostile")]).collect()
}

/// Samples are compared after NFKC and without blanks.
fn fold_for_comparison(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

fn open(path: &Path) -> Result<Workbook, Unreadable> {
    let bytes = std::fs::read(path).unwrap();
    read(&bytes, &path.file_name().unwrap().to_string_lossy(), &ReadOptions::default())
}

#[test]
fn every_expected_value_is_shown_at_its_cell() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for round in sample_rounds() {
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(&round.expected).unwrap()).unwrap();
        for record in expected["records"].as_array().unwrap() {
            let (file, sheet) = (record["file"].as_str().unwrap(), record["sheet"].as_str().unwrap());
            let workbook = open(&round.input.join(file)).unwrap_or_else(|e| panic!("{file}: {e:?}"));
            assert!(workbook.broken.is_empty(), "{file}: {:?}", workbook.broken);
            let grid = workbook.sheets.iter().find(|s| s.name == sheet).unwrap_or_else(|| panic!("{file}: no sheet {sheet}"));
            for (key, field) in record["fields"].as_object().unwrap() {
                let Some(at) = field["cell"].as_str().and_then(CellRef::parse) else { continue };
                let cell = grid.cells.get(&at);
                compared += 1;
                let ok = match field["value"].as_str() {
                    None => cell.is_some_and(|c| matches!(c.stored, Stored::Nothing | Stored::Error(_))) || cell.is_none(),
                    Some(value) => {
                        let shown = fold_for_comparison(grid.text(at));
                        // A field may be a part of its cell (numbers and names in one heading).
                        shown.contains(&fold_for_comparison(value))
                    }
                };
                if !ok {
                    wrong.push(format!("{file} {sheet} {} {key}: {:?} / {:?}", at.a1(), grid.text(at), field["value"]));
                }
            }
        }
    }
    assert!(compared > 3000, "{compared}");
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_is_no_workbook_is_refused() {
    for round in sample_rounds() {
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(&round.expected).unwrap()).unwrap();
        for entry in expected["unreadable"].as_array().unwrap() {
            let file = entry["file"].as_str().unwrap();
            let why = entry["why"].as_str().unwrap_or_default();
            let reason = open(&round.input.join(file)).map(|w| w.sheets.len()).unwrap_err();
            let right = match why {
                "password_protected" => reason == Unreadable::Password,
                "empty_file" => reason == Unreadable::Empty,
                "renamed_html_as_xls" => matches!(&reason, Unreadable::Damaged(t) if t.ja.contains("HTML")),
                _ => matches!(reason, Unreadable::Damaged(_)),
            };
            assert!(right, "{file}: {why} {reason:?}");
        }
    }
}
