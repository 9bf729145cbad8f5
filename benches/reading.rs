//! Reading beside its peers, in one run: our reader, openpyxl (whole and read-only) and python-calamine, over the workbooks of a real city.
//!
//! `cargo bench --bench reading`. The peers run in one Python process each, which is warmed up and measures itself, so that starting Python counts for
//! nobody. Prints seconds and ratios; a peer that is not installed is named and left out.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use torimatome::workbook::{ReadOptions, read};

const ROUNDS: usize = 5;

const PEER: &str = r#"
import sys, time
kind, rounds, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
if kind.startswith('openpyxl'):
    import openpyxl
    def one(path):
        book = openpyxl.load_workbook(path, read_only=kind.endswith('read-only'), data_only=True)
        n = sum(1 for s in book.worksheets for r in s.iter_rows(values_only=True) for c in r if c is not None)
        book.close()
        return n
else:
    import python_calamine
    def one(path):
        book = python_calamine.CalamineWorkbook.from_path(path)
        return sum(1 for s in book.sheet_names for r in book.get_sheet_by_name(s).to_python() for c in r if c != '')
times = []
for _ in range(rounds + 1):
    start = time.perf_counter()
    cells = sum(one(f) for f in files)
    times.append(time.perf_counter() - start)
print(sorted(times[1:])[rounds // 2], cells)
"#;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for job in std::fs::read_dir(root.join("input")).unwrap().map(|e| e.unwrap().path()).collect::<std::collections::BTreeSet<PathBuf>>() {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&job).into_iter().flatten().flatten().map(|e| e.path()).collect();
        files.sort();
        // The peers know only .xlsx; and only files that everyone can open are compared.
        files.retain(|f| f.extension().is_some_and(|e| e == "xlsx" || e == "xlsm") && ours(f).is_some());
        if files.is_empty() {
            continue;
        }
        let mut times: Vec<f64> = (0..=ROUNDS)
            .map(|_| {
                let start = Instant::now();
                files.iter().for_each(|f| {
                    ours(f);
                });
                start.elapsed().as_secs_f64()
            })
            .skip(1)
            .collect();
        times.sort_by(f64::total_cmp);
        let own = times[ROUNDS / 2];
        let cells: usize = files.iter().filter_map(|f| ours(f)).sum();
        println!("{}: {} workbooks, {cells} cells", job.file_name().unwrap().to_string_lossy(), files.len());
        println!("  {:24} {:8.1} ms", "torimatome (one thread)", own * 1000.0);
        for kind in ["python-calamine", "openpyxl read-only", "openpyxl"] {
            match peer(kind, &files) {
                Some((seconds, cells)) => println!("  {kind:24} {:8.1} ms   {:5.1} times as long ({cells} cells)", seconds * 1000.0, seconds / own),
                None => println!("  {kind:24} NOT MEASURED: python3 or the module is missing"),
            }
        }
    }
}

/// The number of cells, read from the disk as the peers do.
fn ours(path: &Path) -> Option<usize> {
    let book = read(&std::fs::read(path).ok()?, &path.to_string_lossy(), &ReadOptions::default()).ok()?;
    Some(book.sheets.iter().map(|s| s.cells.len()).sum())
}

fn peer(kind: &str, files: &[PathBuf]) -> Option<(f64, usize)> {
    let out = Command::new("python3").args(["-W", "ignore", "-c", PEER, kind, &ROUNDS.to_string()]).args(files).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let (seconds, cells) = text.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, cells.parse().ok()?))
}
