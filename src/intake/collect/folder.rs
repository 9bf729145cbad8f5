//! Folders: every file below the input folder, with its path in NFC, its time and its bytes.

use super::sha256;
use crate::finding::Text;
use crate::intake::Submission;
use crate::workbook::limits::FILE_BYTES;
use crate::workbook::{self, Unreadable};
use anyhow::Context;
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// Deepest folder that is looked into.
const DEPTH: usize = 32;

/// Reads every file below `root`. One that cannot be read is a submission with a problem, so that the ledger names it.
pub(super) fn files(root: &Path) -> anyhow::Result<Vec<Submission>> {
    let mut out = Vec::new();
    if !root.exists() {
        return Ok(out);
    }
    let mut folders = vec![(root.to_path_buf(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let listed = match entries(&folder) {
            Ok(listed) => listed,
            Err(error) if depth == 0 => return Err(error).with_context(|| format!("フォルダーを開けません / cannot list {}", folder.display())),
            Err(error) => {
                out.push(unavailable(&prefix, "フォルダーを開けません", &error));
                continue;
            }
        };
        for path in listed {
            let name: String = path.file_name().map(|n| n.to_string_lossy().nfc().collect()).unwrap_or_default();
            let file = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            // Links are not followed: what they point at lies elsewhere and did not arrive.
            match path.symlink_metadata() {
                Ok(meta) if meta.is_dir() && depth < DEPTH => folders.push((path, file, depth + 1)),
                Ok(meta) if meta.is_dir() => out.push(unreadable(&file, "フォルダーが深すぎます", "folders are nested too deeply")),
                Ok(meta) if meta.is_file() => out.push(read(&path, &meta, &file)),
                Ok(_) => out.push(unreadable(&file, "ファイルではなくリンクです", "it is a link and no file")),
                Err(error) => out.push(unavailable(&file, "ファイルを開けません", &error)),
            }
        }
    }
    Ok(out)
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read(path: &Path, meta: &std::fs::Metadata, file: &str) -> Submission {
    let file_time = meta.modified().ok().and_then(japanese_time);
    if meta.len() > FILE_BYTES as u64 {
        return Submission { file: file.to_string(), file_time, problem: Some(too_large(meta.len())), ..Default::default() };
    }
    match std::fs::read(path) {
        Ok(bytes) => Submission { file: file.to_string(), sha256: sha256(&bytes), bytes, file_time, ..Default::default() },
        Err(error) => match workbook::left_behind(file.rsplit('/').next().unwrap_or(file)) {
            Some(what) => problem(file, Unreadable::NotForUs(what)),
            None => unavailable(file, "ファイルを開けません", &error),
        },
    }
}

/// A moment of the machine in Japanese time, to the second.
fn japanese_time(at: std::time::SystemTime) -> Option<NaiveDateTime> {
    let seconds = at.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let utc = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    utc.naive_utc().checked_add_signed(TimeDelta::hours(9))
}

/// A file that is none to be read.
fn unreadable(file: &str, ja: &str, en: &str) -> Submission {
    problem(file, Unreadable::Damaged(Text::new(ja, en)))
}

/// A file whose bytes cannot be had. On Windows another program may hold it.
fn unavailable(file: &str, what: &str, error: &std::io::Error) -> Submission {
    problem(file, Unreadable::Unavailable(Text::new(format!("{what}（{error}）"), error.to_string())))
}

fn problem(file: &str, problem: Unreadable) -> Submission {
    Submission { file: file.to_string(), problem: Some(problem), ..Default::default() }
}

/// A file that is larger than any workbook.
pub(super) fn too_large(bytes: u64) -> Unreadable {
    let (mb, limit) = (bytes.div_ceil(1 << 20), FILE_BYTES >> 20);
    Unreadable::OverLimit(Text::new(format!("{mb}MBあり、上限（{limit}MB）を超えています"), format!("it has {mb} MB, more than {limit} MB")))
}

#[cfg(test)]
#[cfg(windows)]
mod tests {
    use super::*;
    use std::os::windows::fs::OpenOptionsExt;

    #[test]
    fn a_file_that_another_program_holds_is_named_with_what_to_do() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut open = Vec::new();
        for name in ["市民課.xlsx", "~$市民課.xlsx"] {
            std::fs::write(dir.path().join(name), b"x").expect("a file");
            let held = std::fs::OpenOptions::new().read(true).share_mode(0).open(dir.path().join(name));
            open.push(held.expect("it is open"));
        }
        let found = files(dir.path()).expect("a list");
        let [owner, book] = &found[..] else { panic!("{found:?}") };
        let (_, _, finding) = crate::intake::refusal(&book.file, book.problem.as_ref().expect("a problem"));
        assert!(finding.is_some_and(|f| f.rule.code == "I101" && f.help.ja.contains("閉じて")));
        assert!(matches!(owner.problem, Some(Unreadable::NotForUs(_))), "{owner:?}");
    }
}
