//! Putting a run's files in place: written beside the last ones, swapped at the end.

use anyhow::Context;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the files of a run came to lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// Files that were open elsewhere, so that the folder of the last run could not be replaced; then `folder` is another one beside it.
    pub locked: Vec<PathBuf>,
}

/// A folder beside the output, in which a run is written.
#[derive(Debug)]
pub struct Staging {
    /// Where it is written.
    folder: PathBuf,
    /// Where it will go.
    target: PathBuf,
}

/// `name` + `suffix` beside `path`.
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
        std::fs::rename(&old, target).with_context(|| format!("{}", old.display()))?;
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
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        Ok(Staging { folder, target: target.to_owned() })
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
            std::fs::create_dir_all(parent).with_context(|| format!("{}", parent.display()))?;
        }
        std::fs::write(&file, bytes).with_context(|| format!("{}", file.display()))
    }

    /// Swaps the folder with the last output. What a person put into the last output and no run made (files at its top) is carried over.
    ///
    /// # Errors
    /// If the folder cannot be moved anywhere.
    pub fn put_in_place(self) -> anyhow::Result<Placed> {
        let last = old(&self.target);
        if last.exists() {
            std::fs::remove_dir_all(&last).with_context(|| format!("{}", last.display()))?;
        }
        if !self.target.exists() {
            std::fs::rename(&self.folder, &self.target).with_context(|| format!("{}", self.target.display()))?;
            return Ok(Placed { folder: self.target, locked: Vec::new() });
        }
        self.carry_over()?;
        let locked = locked_files(&self.target);
        if locked.is_empty() && std::fs::rename(&self.target, &last).is_ok() {
            if let Err(error) = std::fs::rename(&self.folder, &self.target) {
                std::fs::rename(&last, &self.target).with_context(|| format!("{}", last.display()))?;
                return Err(error).with_context(|| format!("{}", self.target.display()));
            }
            // The new output stands; a leftover of the old one is removed by the next run.
            let _ = std::fs::remove_dir_all(&last);
            return Ok(Placed { folder: self.target, locked: Vec::new() });
        }
        let folder = beside(&self.target, "", "（新しい結果）");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        }
        std::fs::rename(&self.folder, &folder).with_context(|| format!("{}", folder.display()))?;
        Ok(Placed { folder, locked })
    }

    /// Copies files of the last output's top that are not ours.
    fn carry_over(&self) -> anyhow::Result<()> {
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
        for entry in std::fs::read_dir(&self.target).with_context(|| format!("{}", self.target.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            let ours = name.to_str().is_some_and(|n| OURS.contains(&n) || n.starts_with("~$"));
            if !ours && entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), self.folder.join(&name)).with_context(|| format!("{}", entry.path().display()))?;
            }
        }
        Ok(())
    }
}

/// Files that another program holds open: on Windows they cannot be opened for writing then.
fn locked_files(folder: &Path) -> Vec<PathBuf> {
    if !cfg!(windows) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(locked_files(&path));
        } else if std::fs::OpenOptions::new().append(true).open(&path).is_err() {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_run_replaces_the_last_one_whole_and_keeps_a_persons_file() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("honjo");
        let first = Staging::beside(&target).unwrap();
        first.write("調書/a.pdf", b"1").unwrap();
        first.put_in_place().unwrap();
        std::fs::write(target.join("メモ.txt"), b"mine").unwrap();

        let second = Staging::beside(&target).unwrap();
        second.write("調書/b.pdf", b"2").unwrap();
        assert!(target.join("調書/a.pdf").exists(), "the last output stands until the end");
        second.put_in_place().unwrap();
        assert!(!target.join("調書/a.pdf").exists());
        assert!(target.join("調書/b.pdf").exists());
        assert!(target.join("メモ.txt").exists());
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
    fn no_path_leads_out() {
        let dir = tempfile::tempdir().unwrap();
        let staging = Staging::beside(&dir.path().join("job")).unwrap();
        for bad in ["../x", "a/../../x", "/x", "a//b", "c:x", "a\\b"] {
            assert!(staging.write(bad, b"").is_err(), "{bad}");
        }
    }
}
