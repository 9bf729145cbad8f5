//! Departments: names of today, former names, and lists of names in one cell.

use super::fold;
use serde::{Deserialize, Serialize};

/// What the job settings say of one department.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentEntry {
    /// Its name of today.
    pub name: String,
    /// Names it bore before, with the last day of each where known.
    #[serde(default)]
    pub former: Vec<FormerName>,
    /// Address for the drafts of letters.
    #[serde(default)]
    pub mail: Option<String>,
}

/// A name that a department bore before a reorganisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// The old name.
    pub name: String,
    /// The last day on which it was right.
    #[serde(default, deserialize_with = "super::toml_date")]
    pub until: Option<chrono::NaiveDate>,
}

/// The departments of a city, as its job settings list them.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// Every department, in the order of the settings.
    pub entries: Vec<DepartmentEntry>,
    /// Words that stand for many departments (全庁, 関係各課): folded.
    group_words: Vec<String>,
}

impl Register {
    /// The register of a job: its departments and the words that are nobody's name.
    pub fn new(entries: Vec<DepartmentEntry>, group_words: Vec<String>) -> Self {
        Register { entries, group_words: group_words.iter().map(|w| fold(w)).collect() }
    }

    /// Whether the words name many departments and therefore nobody.
    pub fn is_group(&self, name: &str) -> bool {
        self.group_words.contains(&fold(name))
    }

    /// The department of today that bears or bore this name; the flag tells that the name is a former one.
    pub fn find(&self, name: &str) -> Option<(&str, bool)> {
        let wanted = fold(name);
        if let Some(e) = self.entries.iter().find(|e| fold(&e.name) == wanted) {
            return Some((&e.name, false));
        }
        self.entries.iter().find(|e| e.former.iter().any(|f| fold(&f.name) == wanted)).map(|e| (e.name.as_str(), true))
    }
}

/// Splits the text of a cell into department names. Names that the register knows are never split at a separator inside them.
pub fn split_departments(text: &str, _register: &Register) -> Vec<String> {
    text.split(['、', '\n', '・', ' ', '　']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}
