//! Putting a run's files in place: written beside the last ones, swapped at the end.
//!
//! Stays true: the last output is replaced whole or stands untouched. On Windows a file that is open elsewhere keeps its folder from being replaced; then the
//! new results lie in another folder beside it, and the person is told so.

use anyhow::Context;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Where the files of a run came to lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// Whether the last output could not be replaced, because another program holds on to it; then `folder` is another one beside it.
    pub aside: bool,
    /// The files of the last output that are open elsewhere, as far as that can be told.
    pub locked: Vec<PathBuf>,
    /// The files whose path is too long for Explorer or Excel to open.
    pub too_long: Vec<PathBuf>,
}

/// A folder beside the output, in which a run is written.
#[derive(Debug)]
pub struct Staging {
    /// Where it is written.
    folder: PathBuf,
    /// Where it will go.
    target: PathBuf,
    /// How many files were written.
    files: AtomicUsize,
}

/// So many folders beside the last output are tried when it cannot be replaced.
const ASIDE: u32 = 9;

/// `prefix` + name + `suffix` beside `path`.
fn beside(path: &Path, prefix: &str, suffix: &str) -> PathBuf {
    let mut name = OsString::from(prefix);
    name.push(path.file_name().unwrap_or_default());
    name.push(suffix);
    path.with_file_name(name)
}

/// The name under which the last output is kept for the moment of the swap.
fn old(target: &Path) -> PathBuf {
    beside(target, ".", ".old")
}

/// If a run was killed in the moment of the swap, puts the last good output back.
///
/// # Errors
/// If it cannot be moved.
pub fn recover(target: &Path) -> anyhow::Result<()> {
    let old = old(target);
    if old.is_dir() && !target.exists() {
        moved(&old, target).with_context(|| cannot_move(target))?;
    }
    Ok(())
}

impl Staging {
    /// An empty folder beside `target`. What a killed run left there is removed.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn beside(target: &Path) -> anyhow::Result<Self> {
        recover(target)?;
        let folder = beside(target, ".", ".new");
        removed(&folder).with_context(|| cannot_move(&folder))?;
        std::fs::create_dir_all(&folder).with_context(|| format!("{}: 作れません / cannot be made", folder.display()))?;
        Ok(Staging { folder, target: target.to_owned(), files: AtomicUsize::new(0) })
    }

    /// Where a file at the top of the folder is written.
    pub(super) fn file(&self, name: &'static str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes one file. `path` is below the folder, separated by `/`; parts that would lead out of it are refused.
    ///
    /// # Errors
    /// If the path leads out of the folder or the file cannot be written.
    pub fn write(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let safe = path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']));
        anyhow::ensure!(safe, "「{path}」は出力フォルダの外を指しています / leads out of the output folder");
        let file = self.folder.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("{}: 作れません / cannot be made", parent.display()))?;
        }
        std::fs::write(&file, bytes).with_context(|| format!("{}: 書けません / cannot be written", file.display()))?;
        self.files.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Swaps the folder with the last output. What a person put into the last output and no run made (files at its top) is carried over.
    ///
    /// # Errors
    /// If the folder cannot be moved anywhere, or if files of it are gone: a second run of the same job was started meanwhile.
    pub fn put_in_place(self) -> anyhow::Result<Placed> {
        anyhow::ensure!(
            files_below(&self.folder).len() >= self.files.load(Ordering::Relaxed),
            "同じ業務が同時にもう一つ実行されています。終わるのを待って、必要ならもう一度実行してください / the same job is being run a second time; wait for it to end"
        );
        if !self.target.exists() {
            moved(&self.folder, &self.target).with_context(|| cannot_move(&self.target))?;
            return Ok(placed(self.target, false, Vec::new()));
        }
        let locked = locked_files(&self.target);
        if locked.is_empty() && self.swap()? {
            return Ok(placed(self.target, false, locked));
        }
        let folder = self.put_aside()?;
        Ok(placed(folder, true, locked))
    }

    /// Whether the new folder stands in the place of the last output; it does not where another program holds on to that.
    fn swap(&self) -> anyhow::Result<bool> {
        let last = old(&self.target);
        if removed(&last).is_err() || self.carry_over().is_err() || moved(&self.target, &last).is_err() {
            return Ok(false);
        }
        if let Err(error) = moved(&self.folder, &self.target) {
            moved(&last, &self.target).with_context(|| cannot_move(&last))?;
            return Err(error).with_context(|| cannot_move(&self.target));
        }
        // The new output stands; a leftover of the old one is removed by the next run. Results put aside by an earlier run are out of date now.
        let _ = removed(&last);
        for outdated in (1..=ASIDE).map(|n| aside(&self.target, n)) {
            if strangers(&outdated).is_ok_and(|found| found.is_empty()) {
                let _ = removed(&outdated);
            }
        }
        Ok(true)
    }

    /// Moves the new folder beside the last output, where nobody holds on to anything; where it lies then.
    fn put_aside(&self) -> anyhow::Result<PathBuf> {
        for n in 1..=ASIDE {
            let folder = aside(&self.target, n);
            if locked_files(&folder).is_empty() && removed(&folder).is_ok() && moved(&self.folder, &folder).is_ok() {
                return Ok(folder);
            }
        }
        anyhow::bail!(cannot_move(&self.target))
    }

    /// Copies files and folders of the last output's top that are not ours.
    fn carry_over(&self) -> io::Result<()> {
        for own in strangers(&self.target)? {
            copied(&own, &self.folder.join(own.file_name().unwrap_or_default()))?;
        }
        Ok(())
    }
}

/// Copies a file, or a folder with everything in it; links are left where they are.
fn copied(from: &Path, to: &Path) -> io::Result<()> {
    let kind = std::fs::symlink_metadata(from)?.file_type();
    if kind.is_file() {
        std::fs::copy(from, to)?;
    } else if kind.is_dir() {
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            copied(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Files and folders at the top of an output that no run made.
fn strangers(output: &Path) -> io::Result<Vec<PathBuf>> {
    const OURS: [&str; 9] = [
        super::RESULT,
        super::SUMMARY,
        super::FINDINGS,
        super::SHEETS,
        super::PACKET,
        super::PAGE,
        super::RETURNS,
        super::WAIVERS,
        super::CORRECTIONS,
    ];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(output)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|n| OURS.contains(&n) || n.starts_with("~$"));
        if !ours {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// The `n`th folder in which results lie that could not replace the last ones.
fn aside(target: &Path, n: u32) -> PathBuf {
    let number = if n == 1 { String::new() } else { n.to_string() };
    beside(target, "", &format!("（新しい結果{number}）"))
}

/// Renames a folder. On Windows that fails while any file in it is open, as a virus scanner opens fresh files for a moment: it is tried for two seconds.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    let mut more = if cfg!(windows) { 20 } else { 0 };
    loop {
        match std::fs::rename(from, to) {
            Err(_) if more > 0 => {
                more -= 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            done => return done,
        }
    }
}

/// Removes a folder, if there is one.
fn removed(folder: &Path) -> io::Result<()> {
    if folder.exists() { std::fs::remove_dir_all(folder) } else { Ok(()) }
}

fn cannot_move(folder: &Path) -> String {
    format!(
        "{}: 結果を置けません。このフォルダーを開いているソフトを閉じて、もう一度実行してください / cannot be replaced; close the programs that use this folder",
        folder.display()
    )
}

/// Files that another program holds open: on Windows they cannot be opened for writing then.
fn locked_files(folder: &Path) -> Vec<PathBuf> {
    const SHARING_VIOLATION: i32 = 32;
    const LOCK_VIOLATION: i32 = 33;
    if !cfg!(windows) {
        return Vec::new();
    }
    let in_use = |path: &PathBuf| {
        let opened = std::fs::OpenOptions::new().append(true).open(path);
        matches!(opened.err().and_then(|e| e.raw_os_error()), Some(SHARING_VIOLATION | LOCK_VIOLATION))
    };
    files_below(folder).into_iter().filter(in_use).collect()
}

/// Every file below a folder, ordered by path; those that can be listed.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What came to lie in a folder.
fn placed(folder: PathBuf, aside: bool, locked: Vec<PathBuf>) -> Placed {
    let too_long = if cfg!(windows) { files_below(&folder).into_iter().filter(|f| is_too_long(f)).collect() } else { Vec::new() };
    Placed { folder, aside, locked, too_long }
}

/// Whether Windows' own programs cannot open a path of this length, in UTF-16 units: Excel none above 218, Explorer none above 259. We ourselves can.
fn is_too_long(path: &Path) -> bool {
    let workbook = path.extension().is_some_and(|e| e == "xlsx" || e == "xlsm");
    path.to_string_lossy().encode_utf16().count() > if workbook { 218 } else { 259 }
}

#[cfg(all(test, windows))]
mod on_windows;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_run_replaces_the_last_one_whole_and_keeps_a_persons_files() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("honjo");
        let first = Staging::beside(&target).unwrap();
        first.write("調書/a.pdf", b"1").unwrap();
        first.put_in_place().unwrap();
        std::fs::write(target.join("メモ.txt"), b"mine").unwrap();
        std::fs::create_dir_all(target.join("議会用/控え")).unwrap();
        std::fs::write(target.join("議会用/控え/答弁.txt"), b"mine too").unwrap();

        let second = Staging::beside(&target).unwrap();
        second.write("調書/b.pdf", b"2").unwrap();
        assert!(target.join("調書/a.pdf").exists(), "the last output stands until the end");
        second.put_in_place().unwrap();
        assert!(!target.join("調書/a.pdf").exists());
        assert!(target.join("調書/b.pdf").exists());
        assert!(target.join("メモ.txt").exists());
        assert_eq!(std::fs::read(target.join("議会用/控え/答弁.txt")).unwrap(), b"mine too");
    }

    #[test]
    fn a_run_killed_in_the_swap_is_mended() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("job");
        std::fs::create_dir_all(old(&target)).unwrap();
        std::fs::write(old(&target).join("result.json"), b"{}").unwrap();
        recover(&target).unwrap();
        assert!(target.join("result.json").exists());
    }

    #[test]
    fn a_second_run_at_the_same_time_puts_nothing_half_in_place() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("job");
        let first = Staging::beside(&target).unwrap();
        first.write("a.txt", b"1").unwrap();
        let second = Staging::beside(&target).unwrap();
        first.write("b.txt", b"1").unwrap();
        assert!(first.put_in_place().is_err(), "a.txt is gone");
        second.write("a.txt", b"1").unwrap();
        second.write("b.txt", b"1").unwrap();
        second.put_in_place().unwrap();
        assert!(target.join("a.txt").exists() && target.join("b.txt").exists());
    }

    #[test]
    fn long_paths_are_told_apart_by_what_opens_them() {
        let of = |length: usize, end: &str| PathBuf::from(format!("{}{end}", "字".repeat(length - end.len())));
        assert!(!is_too_long(&of(218, ".xlsx")) && is_too_long(&of(219, ".xlsx")));
        assert!(!is_too_long(&of(259, ".pdf")) && is_too_long(&of(260, ".pdf")));
    }

    #[test]
    fn no_path_leads_out() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::beside(&dir.path().join("job")).unwrap();
        for bad in ["../x", "a/../../x", "/x", "a//b", "c:x", "a\\b"] {
            assert!(staging.write(bad, b"").is_err(), "{bad}");
        }
    }
}
