//! Who sent a reading: by the lead department it names, the file's name, the mail.
//!
//! In: a reading and its file. Out: a [`Who`], names of today only.
//! Stays true: a former name is its successor; a name that is nobody's is no sender.

use crate::form::{Form, Role};
use crate::intake::{Reading, Submission, sender};
use crate::value::{Register, split_departments};

/// The departments that a reading may come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    /// Those its lead field names, in order.
    pub lead: Vec<String>,
    /// The one that the file's name or the mail names.
    pub file: Option<String>,
}

impl Who {
    /// Looks at a reading.
    pub(super) fn of(reading: &Reading, submission: Option<&Submission>, form: &Form, register: &Register) -> Self {
        let file = submission.and_then(|s| sender::of_submission(s, register)).map(|t| t.department);
        let mut lead: Vec<String> = Vec::new();
        let keys = form.fields.iter().filter(|f| f.role == Some(Role::Lead)).map(|f| f.key.as_str());
        for text in keys.filter_map(|k| reading.fields.get(k)).filter_map(|v| v.value.as_deref()) {
            for name in split_departments(text, register) {
                // A department that was split: either of its successors may have sent it.
                let split: Vec<&str> = register.successors(&name);
                if split.len() > 1 && register.find(&name).is_some_and(|(_, former)| former) {
                    lead.extend(split.into_iter().filter(|s| !lead.iter().any(|l| l == s)).map(str::to_owned).collect::<Vec<_>>());
                    continue;
                }
                // A typed variant (「企画課 行政改革担当」) holds the known name.
                let found = register.find(&name).map(|(n, _)| n.to_owned()).or_else(|| sender::in_text(&name, register).map(|t| t.department));
                if let Some(found) = found.filter(|f| !lead.contains(f) && !register.is_group(&name)) {
                    lead.push(found);
                }
            }
        }
        Who { lead, file }
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        self.lead.iter().chain(&self.file)
    }

    /// Nobody is named.
    pub(super) fn is_unknown(&self) -> bool {
        self.lead.is_empty() && self.file.is_none()
    }

    /// The one who sent it: the file's own department if the sheet names it too or the initiative was asked of it, else the one asked, else the first.
    pub(super) fn sender(&self, asked: Option<&str>) -> Option<String> {
        let own = self.file.as_ref().filter(|f| self.lead.contains(f) || self.lead.is_empty() || asked == Some(f.as_str()));
        let one_asked = self.lead.iter().find(|l| asked == Some(l.as_str()));
        own.or(one_asked).or(self.lead.first()).or(self.file.as_ref()).cloned().or_else(|| asked.map(str::to_owned))
    }
}
