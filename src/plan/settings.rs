//! The settings of a job: `torimatome.toml` of an office's folder, or `seeds/<job>/job.toml` named by the root's list of jobs.

use crate::value::{DepartmentEntry, FiscalYear, Register};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One plan in one year, ready to run: its settings and where its files are.
#[derive(Debug, Clone)]
pub struct Job {
    /// The settings as written.
    pub settings: Settings,
    /// The folder of the settings file; paths in the settings are relative to it.
    pub folder: PathBuf,
    /// Where the departments' files are.
    pub input: PathBuf,
    /// Where everything is written.
    pub output: PathBuf,
    /// The departments.
    pub register: Register,
}

/// A job's settings, as written by a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Short name: folder names and `--` arguments (`honjo`).
    pub id: String,
    /// The plan's title, for headings.
    pub title: String,
    /// The city or office, for letters.
    #[serde(default)]
    pub city: String,
    /// The plan's file (`plan.json` or `plan.xlsx`), relative to this file.
    pub plan: PathBuf,
    /// The form's name: a folder below `templates/`.
    pub form: String,
    /// The fiscal year that is reported.
    pub fiscal_year: FiscalYear,
    /// When the answers were due.
    #[serde(default)]
    pub due: Option<chrono::NaiveDate>,
    /// Passwords that the departments were told to use.
    #[serde(default)]
    pub passwords: Vec<String>,
    /// The section that collects: name, person, telephone, mail; used in letters.
    #[serde(default)]
    pub office: Office,
    /// The committee and date printed on the packet, its number (「資料1-2」) and composition.
    #[serde(default)]
    pub packet: Packet,
    /// The departments.
    #[serde(default, rename = "department")]
    pub departments: Vec<DepartmentEntry>,
    /// Which department was asked for which initiative: key → name of today. Without it, the first lead answers.
    #[serde(default)]
    pub assignments: BTreeMap<String, String>,
    /// The city's evaluation scale, best first.
    #[serde(default, rename = "scale")]
    pub scale: Vec<Band>,
    /// Words that stand for many departments and are nobody's name (全庁, 関係各課).
    #[serde(default)]
    pub group_words: Vec<String>,
    /// A person's decisions on near matches: name as reported → initiative key.
    #[serde(default, rename = "decision")]
    pub decisions: Vec<Decision>,
    /// Further settings of the checks, by rule code, for example `P515 = { min_length = 40 }`.
    #[serde(default)]
    pub checks: BTreeMap<String, toml::Value>,
}

/// The section that collects the answers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Name of the section.
    #[serde(default)]
    pub name: String,
    /// Who is asked.
    #[serde(default)]
    pub person: String,
    /// Extension.
    #[serde(default)]
    pub telephone: String,
    /// Mail address.
    #[serde(default)]
    pub mail: String,
}

/// What the bound packet says of itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packet {
    /// The box top right: 「資料1-2」.
    #[serde(default)]
    pub number: String,
    /// The committee, above the box.
    #[serde(default)]
    pub committee: String,
    /// The date of the meeting, as printed.
    #[serde(default)]
    pub date: String,
    /// Mirrored inner margins for printing on both sides.
    #[serde(default)]
    pub duplex: bool,
}

/// One step of an evaluation scale.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The letter or word (`A`, `計画通り`).
    pub mark: String,
    /// What it means, for the definitions under tables.
    #[serde(default)]
    pub meaning: String,
    /// The lowest achievement rate of the band, in per cent of the target, included. The last band has none.
    #[serde(default)]
    pub at_least: Option<f64>,
}

/// That a person has decided which initiative a report with another name answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The name as reported.
    pub name: String,
    /// The department that reported it.
    #[serde(default)]
    pub department: Option<String>,
    /// The initiative it is.
    pub initiative: String,
}

impl Job {
    /// The jobs of a folder: its `torimatome.toml` either lists jobs (`[[job]]` with id, settings, input, output) or is itself the settings of one job,
    /// whose files lie in `input/` and `output/` beside it.
    ///
    /// # Errors
    /// If there is no such file or it is wrong; the message names file, line and column.
    pub fn of_folder(_folder: &std::path::Path) -> anyhow::Result<Vec<Job>> {
        anyhow::bail!("not there yet")
    }
}
