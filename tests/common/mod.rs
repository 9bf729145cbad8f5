//! One harness for tests above a single file: a sample mailbox in a temporary folder, a run over it, and what came out.

use serde_json::Value;
use std::path::{Path, PathBuf};
use torimatome::finding::{Finding, Lang};
use torimatome::plan::Job;
use torimatome::{Options, Outcome, Quiet};

/// The repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A job in a temporary folder that is removed with it.
pub(crate) struct Trial {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) job: Job,
}

impl Trial {
    /// The sample mailbox of a job (`typical` or `hostile`), with the times at which its files arrived.
    pub(crate) fn sample(id: &str, kind: &str) -> Self {
        let trial = Trial::empty(id);
        let from = if kind == "typical" { root().join("input").join(id) } else { root().join("tests/samples").join(id).join(kind).join("input") };
        copy(&from, &trial.job.input);
        trial.received(&root().join("tests/samples").join(id).join(kind).join("received.tsv"));
        trial
    }

    /// The job with nothing in its mailbox.
    pub(crate) fn empty(id: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("seeds").join(id), &folder.path().join("seeds").join(id));
        std::fs::create_dir_all(folder.path().join("input")).unwrap();
        let list = format!("[[job]]\nid = \"{id}\"\nsettings = \"seeds/{id}/job.toml\"\ninput = \"input\"\noutput = \"output\"\n");
        std::fs::write(folder.path().join("torimatome.toml"), list).unwrap();
        let job = Job::of_folder(folder.path()).unwrap().remove(0);
        Trial { folder, job }
    }

    /// Gives the files the times of `received.tsv`: a checkout does not keep them.
    fn received(&self, list: &Path) {
        for line in std::fs::read_to_string(list).unwrap_or_default().lines().skip(1) {
            let Some((time, file)) = line.split_once('\t') else { continue };
            let Ok(at) = chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S") else { continue };
            let seconds = u64::try_from(at.and_utc().timestamp() - 9 * 3600).unwrap_or_default();
            if let Ok(file) = std::fs::File::options().write(true).open(self.job.input.join(file)) {
                file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
            }
        }
    }

    /// Writes a file of the person's own beside the job's settings.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> &Self {
        std::fs::write(self.job.folder.join(name), bytes).unwrap();
        self
    }

    /// Reads and reconciles, and writes nothing.
    pub(crate) fn check(&self) -> Run {
        self.go(false)
    }

    /// The whole run.
    pub(crate) fn run(&self) -> Run {
        self.go(true)
    }

    fn go(&self, write: bool) -> Run {
        let date = chrono::NaiveDate::from_ymd_opt(2025, 4, 20).unwrap();
        let outcome = torimatome::run(&self.job, &Options { date, lang: Lang::Ja, write }, &Quiet).unwrap();
        Run { result: outcome.result(), outcome }
    }

    /// A file that the run wrote.
    pub(crate) fn output(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.job.output.join(name)).unwrap()
    }
}

/// What a run found.
pub(crate) struct Run {
    pub(crate) outcome: Outcome,
    result: Value,
}

impl Run {
    /// `result.json`.
    pub(crate) fn result(&self) -> &Value {
        &self.result
    }

    /// The findings of a code.
    pub(crate) fn findings(&self, code: &str) -> Vec<&Finding> {
        self.outcome.settled.findings.iter().filter(|f| f.rule.code == code).collect()
    }

    /// The finding of a code about an initiative.
    pub(crate) fn finding(&self, code: &str, initiative: &str) -> &Finding {
        let about = |f: &&&Finding| f.initiative.as_deref() == Some(initiative);
        self.findings(code).iter().find(about).unwrap_or_else(|| panic!("no {code} about {initiative}"))
    }
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
