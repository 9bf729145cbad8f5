//! What is fuzzed: each function takes any bytes and must come back, with no panic and within the limits.

pub mod repack;

use torimatome::intake::Submission;
use torimatome::intake::collect::unpack;
use torimatome::workbook::{ReadOptions, Workbook, limits, read_unfenced};

/// Reads the bytes as a workbook. The reader's own fence against panics is left out, so that every panic shows.
pub fn workbook(data: &[u8]) {
    for name in ["a.xlsx", "a.csv"] {
        if let Ok(workbook) = read_unfenced(data, name, &ReadOptions { passwords: vec!["password".into()] }) {
            check(&workbook);
        }
    }
}

/// Reads the bytes as a mail.
pub fn mail(data: &[u8]) {
    for name in ["a.eml", "a.mbox", "a.msg"] {
        unpacked(data, name);
    }
}

/// Reads the bytes as a zip.
pub fn zip(data: &[u8]) {
    unpacked(data, "a.zip");
}

fn unpacked(data: &[u8], name: &str) {
    let submission = Submission { file: name.into(), bytes: data.to_vec(), ..Default::default() };
    let out = unpack(submission, &["password".into()]);
    assert!(!out.is_empty(), "a file was lost");
    for file in &out {
        assert!(!file.file.split(['/', '!']).any(|p| p == ".." || p.is_empty()), "{}", file.file);
    }
}

/// What must be true of every workbook that was read.
fn check(workbook: &Workbook) {
    let cells: usize = workbook.sheets.iter().map(|s| s.cells.len()).sum();
    assert!(cells as u64 <= limits::CELLS);
    for sheet in &workbook.sheets {
        assert!(sheet.cells.keys().all(|at| at.row < limits::ROWS && at.col < limits::COLS));
        assert!(sheet.merges.iter().all(|m| m.first <= m.last));
    }
}
