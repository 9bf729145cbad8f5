//! Reads every file below a folder and reports: `read-folder FOLDER` (or the variable TORIMATOME_FOREIGN). For corpora that are not in the repository.
//!
//! One line per trouble, then counts by outcome, the slowest files and the peak memory of the process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use torimatome::workbook::{ReadOptions, Unreadable, read_unfenced};

fn main() {
    let folder = std::env::args().nth(1).or_else(|| std::env::var("TORIMATOME_FOREIGN").ok());
    let Some(folder) = folder else {
        eprintln!("read-folder FOLDER");
        std::process::exit(2);
    };
    let mut files = Vec::new();
    gather(Path::new(&folder), &mut files);
    std::panic::set_hook(Box::new(|_| {}));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut slow = Vec::new();
    let options = ReadOptions { passwords: ["password", "abc", "a", "1234", "pass", "solrcell"].map(String::from).to_vec() };
    for file in &files {
        let Ok(bytes) = std::fs::read(file) else { continue };
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let start = Instant::now();
        let result = std::panic::catch_unwind(|| read_unfenced(&bytes, &name, &options));
        slow.push((start.elapsed(), file.clone()));
        let outcome = match result {
            Err(error) => {
                let why = error.downcast_ref::<String>().cloned().unwrap_or_default();
                println!("PANIC {} {why}", file.display());
                "panic".to_string()
            }
            Ok(Ok(workbook)) => {
                for (sheet, reason) in &workbook.broken {
                    println!("sheet {} {sheet}: {}", file.display(), reason.en);
                }
                format!("read {:?}{}", workbook.format, if workbook.broken.is_empty() { "" } else { ", sheets broken" })
            }
            Ok(Err(reason)) => {
                let (kind, why) = match reason {
                    Unreadable::Damaged(t) => ("damaged", t.en),
                    Unreadable::OverLimit(t) => ("over a limit", t.en),
                    Unreadable::NotForUs(t) => ("not for us", t.en),
                    Unreadable::Password => ("password", String::new()),
                    Unreadable::Empty => ("empty", String::new()),
                };
                println!("{kind} {} {why}", file.display());
                kind.to_string()
            }
        };
        *counts.entry(outcome).or_default() += 1;
    }
    slow.sort();
    println!("{} files", files.len());
    for (outcome, n) in counts {
        println!("{n:6} {outcome}");
    }
    for (took, file) in slow.iter().rev().take(5) {
        println!("slow {took:?} {}", file.display());
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|l| l.starts_with("VmHWM")).for_each(|l| println!("{l}"));
    }
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        entries.iter().for_each(|p| gather(p, files));
    } else {
        files.push(path.to_path_buf());
    }
}
