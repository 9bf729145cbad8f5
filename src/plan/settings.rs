//! The settings of a job: `torimatome.toml` of an office's folder, or `seeds/<job>/job.toml` named by the root's list of jobs.

use crate::value::{DepartmentEntry, FiscalYear, Register};
use anyhow::Context;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    /// What was reported a year ago, if the settings name it.
    pub last_year: super::LastYear,
}

/// A job's settings, as written by a person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Short name: folder names and `--` arguments (`my_plan`).
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
    #[serde(default, deserialize_with = "crate::value::toml_date")]
    pub due: Option<chrono::NaiveDate>,
    /// Last year's `result.json`, relative to this file: reports that only repeat it are found (C406).
    #[serde(default)]
    pub last_year: Option<PathBuf>,
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
    /// Printed at the top right of every page while the packet is no final one: 「（案）」.
    #[serde(default)]
    pub draft: String,
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

/// The root's list of jobs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JobList {
    job: Vec<JobEntry>,
}

/// One line of the root's list; paths are relative to the folder in which the command runs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JobEntry {
    id: String,
    settings: PathBuf,
    input: Option<PathBuf>,
    output: Option<PathBuf>,
}

impl Job {
    /// The jobs of a folder: its `torimatome.toml` either lists jobs (`[[job]]` with id, settings, input, output) or is itself the settings of one job,
    /// whose files lie in `input/` and `output/` beside it.
    ///
    /// # Errors
    /// If there is no such file or it is wrong; the message names file, line and column.
    pub fn of_folder(folder: &Path) -> anyhow::Result<Vec<Job>> {
        let file = folder.join("torimatome.toml");
        anyhow::ensure!(
            file.exists(),
            "{}: 業務の設定（torimatome.toml）がこのフォルダーにありません。torimatome.exe を業務フォルダーに置いて実行してください / there is no job (torimatome.toml) here; run in a job's folder",
            folder.display()
        );
        let text = read_text(&file)?;
        let table: toml::Table = parse(&file, &text)?;
        if !table.contains_key("job") {
            return Ok(vec![Job::new(parse(&file, &text)?, folder, folder.join("input"), folder.join("output")).with_last_year()?]);
        }
        let list: JobList = parse(&file, &text)?;
        let mut jobs: Vec<Job> = Vec::new();
        for entry in list.job {
            if jobs.iter().any(|j| j.settings.id == entry.id) {
                anyhow::bail!("{}: 業務「{id}」が二つあります / the job `{id}` is listed twice", file.display(), id = entry.id);
            }
            jobs.push(entry.load(folder)?);
        }
        Ok(jobs)
    }

    /// A job from settings that are at hand: the register is made from its departments.
    pub fn new(settings: Settings, folder: &Path, input: PathBuf, output: PathBuf) -> Job {
        let register = Register::new(settings.departments.clone(), settings.group_words.clone());
        Job { settings, folder: folder.to_path_buf(), input, output, register, last_year: super::LastYear::default() }
    }

    /// The job with last year's result, if its settings name one.
    /// The choices of a field; for an evaluation without choices of its own, the marks of the city's scale.
    pub fn choices<'a>(&'a self, field: &'a crate::form::Field) -> Vec<&'a str> {
        if field.choices.is_empty() && field.role == Some(crate::form::Role::Evaluation) {
            return self.settings.scale.iter().map(|b| b.mark.as_str()).collect();
        }
        field.choices.iter().map(String::as_str).collect()
    }

    fn with_last_year(mut self) -> anyhow::Result<Job> {
        if let Some(file) = &self.settings.last_year {
            self.last_year = super::LastYear::load(&self.folder.join(file), self.settings.fiscal_year)?;
        }
        Ok(self)
    }

    /// The department that is asked for an initiative: the assignment, else the first lead that is a department's name (「全庁」 is nobody).
    /// A former name becomes the name of today.
    pub fn answers(&self, key: &str, leads: &[String]) -> Option<String> {
        let asked = self.settings.assignments.get(key).map(String::as_str);
        let name = asked.or_else(|| leads.iter().map(String::as_str).find(|name| !self.register.is_group(name)))?;
        Some(self.register.find(name).map_or(name, |(today, _)| today).to_owned())
    }
}

impl JobEntry {
    fn load(self, root: &Path) -> anyhow::Result<Job> {
        let file = root.join(&self.settings);
        let text = read_text(&file)?;
        let mut settings: Settings = parse(&file, &text)?;
        // Put together anew, so that on Windows a `/` of the settings shows as its own sign.
        let below = |path: PathBuf| root.join(path).components().collect::<PathBuf>();
        let input = below(self.input.unwrap_or_else(|| Path::new("input").join(&self.id)));
        let output = below(self.output.unwrap_or_else(|| Path::new("output").join(&self.id)));
        settings.id = self.id;
        let folder = file.parent().unwrap_or(root).to_path_buf();
        Job::new(settings, &folder, input, output).with_last_year()
    }
}

/// The text of a settings file.
fn read_text(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("{}: 設定ファイルを開けません / the settings cannot be opened", file.display()))?;
    let text = String::from_utf8(bytes)
        .with_context(|| format!("{}: 文字コードをUTF-8にして保存し直してください / please save the file as UTF-8", file.display()))?;
    // Notepad puts a byte order mark in front.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Reads TOML; a mistake is told with file, line and column, an unknown name with the nearest known one.
fn parse<T: serde::de::DeserializeOwned>(file: &Path, text: &str) -> anyhow::Result<T> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |s| s.start.min(text.len()));
        let before = text.get(..start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let meant = did_you_mean(error.message()).map_or_else(String::new, |name| format!("「{name}」ではありませんか / did you mean `{name}`?"));
        anyhow::anyhow!("{}:{line}:{column}: 設定の書き方が正しくありません / the settings are wrong: {} {meant}", file.display(), error.message())
    })
}

/// The known name nearest to the unknown one of a message like ``unknown field `titel`, expected one of `id`, `title` ``.
fn did_you_mean(message: &str) -> Option<&str> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    nearest(unknown, quoted)
}

/// The candidate most like `name`, if one is like enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|c| (strsim::jaro_winkler(name, c), c));
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = "id = \"x\"\ntitle = \"計画\"\nplan = \"plan.json\"\nform = \"f\"\nfiscal_year = \"R6\"\ngroup_words = [\"全庁\"]\n\
                            [assignments]\n\"1\" = \"企画課\"\n[[department]]\nname = \"広報課\"\nformer = [{ name = \"秘書広報課\" }]\n";

    #[test]
    fn an_offices_own_folder_is_one_job() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("torimatome.toml"), format!("\u{feff}{SETTINGS}")).expect("written");
        let jobs = Job::of_folder(folder.path()).expect("right settings");
        assert_eq!(jobs.len(), 1);
        assert_eq!(jobs[0].input, folder.path().join("input"));
        assert_eq!(jobs[0].answers("1", &["市民課".into()]), Some("企画課".into()));
        assert_eq!(jobs[0].answers("2", &["全庁".into(), "秘書広報課".into()]), Some("広報課".into()));
        assert_eq!(jobs[0].answers("3", &["全庁".into()]), None);
    }

    #[test]
    fn a_mistake_is_told_with_line_column_and_the_nearest_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("torimatome.toml"), SETTINGS.replace("title", "titel")).expect("written");
        let error = Job::of_folder(folder.path()).expect_err("wrong settings").to_string();
        assert!(error.contains("torimatome.toml:2:1:"), "{error}");
        assert!(error.contains("did you mean `title`?"), "{error}");
    }
}
