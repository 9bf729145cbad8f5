//! The same values as calamine reads, in every .xlsx and .xls of the samples: numbers, texts and truth values at the same places.

use calamine::{Data, Reader, open_workbook_auto_from_rs};
use std::path::{Path, PathBuf};
use torimatome::workbook::{CellRef, ReadOptions, Stored, read};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "xlsx" || e == "xlsm" || e == "xls") {
            out.push(path);
        }
    }
}

#[test]
fn calamine_reads_the_same_values() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    files(&root.join("input"), &mut all);
    files(&root.join("tests/samples"), &mut all);
    all.sort();
    let (mut books, mut cells) = (0, 0);
    for path in all {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(ours) = read(&bytes, &path.to_string_lossy(), &ReadOptions::default()) else { continue };
        let Ok(mut theirs) = open_workbook_auto_from_rs(std::io::Cursor::new(&bytes)) else { continue };
        books += 1;
        for sheet in &ours.sheets {
            let Ok(range) = theirs.worksheet_range(&sheet.name) else { continue };
            let (row, col) = range.start().unwrap_or((0, 0));
            for (r, c, value) in range.used_cells() {
                let at = CellRef::new(row + r as u32, col + c as u32);
                let stored = sheet.cells.get(&at).map(|cell| &cell.stored);
                let same = match (value, stored) {
                    (Data::String(a), Some(Stored::Text(b))) => a.trim().replace('\r', "") == b.trim().replace('\r', ""),
                    (Data::Float(a), Some(Stored::Number(b))) => a == b,
                    (Data::Int(a), Some(Stored::Number(b))) => *a as f64 == *b,
                    (Data::DateTime(a), Some(Stored::Number(b))) => a.as_f64() == *b,
                    (Data::Bool(a), Some(Stored::Bool(b))) => a == b,
                    (Data::Error(_), Some(Stored::Error(_))) => true,
                    (Data::String(a), None) => a.is_empty(),
                    _ => false,
                };
                cells += 1;
                assert!(same, "{} {} {}: {value:?} / {stored:?}", path.display(), sheet.name, at.a1());
            }
        }
    }
    assert!(books > 150 && cells > 10_000, "{books} books, {cells} cells");
}
