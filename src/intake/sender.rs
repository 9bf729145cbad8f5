//! Senders: which department a file comes from, as far as its name and its mail tell.
//!
//! In: a submission and the register. Out: a department of today.
//! Stays true: the longest known name wins (行政経営課施設担当 before 行政経営課); two different names of the same weight are no answer.
//! Neighbours: `recognise` names the department of a file that cannot be read, `reconcile` that of a sheet that does not say its own.

use super::Submission;
use crate::value::{Register, fold};

/// A department told from a name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its name of today.
    pub department: String,
    /// The name that was found, as the register has it.
    pub named: String,
    /// Whether that name is a former one.
    pub former: bool,
}

/// The department whose name a text contains.
pub fn in_text(text: &str, register: &Register) -> Option<Told> {
    let folded = fold(text);
    if folded.is_empty() {
        return None;
    }
    let mut found: Vec<(usize, usize, Told)> = Vec::new();
    for entry in &register.entries {
        let names = std::iter::once((&entry.name, false)).chain(entry.former.iter().map(|f| (&f.name, true)));
        for (name, former) in names {
            let wanted = fold(name);
            if wanted.is_empty() {
                continue;
            }
            for (at, _) in folded.match_indices(&wanted) {
                found.push((at, at + wanted.len(), Told { department: entry.name.clone(), named: name.clone(), former }));
            }
        }
    }
    // A name inside a longer one is not meant.
    let kept: Vec<&(usize, usize, Told)> =
        found.iter().filter(|(a, e, _)| !found.iter().any(|(b, f, _)| b <= a && e <= f && f - b > e - a)).collect();
    let today = kept.iter().find(|(_, _, t)| !t.former);
    let mut departments: Vec<&str> = kept.iter().map(|(_, _, t)| t.department.as_str()).collect();
    departments.sort_unstable();
    departments.dedup();
    match departments.as_slice() {
        [_] => today.or(kept.first()).map(|(_, _, t)| t.clone()),
        _ => None,
    }
}

/// The department that a file's own name names (its last part first, then its folders and the mail it came in).
pub fn of_file(file: &str, register: &Register) -> Option<Told> {
    let mut parts: Vec<&str> = file.split(['/', '!']).collect();
    parts.reverse();
    parts.into_iter().find_map(|part| in_text(part, register))
}

/// The department that sent a file: by the file's name, the sender's address or name, the subject of the mail.
pub fn of_submission(submission: &Submission, register: &Register) -> Option<Told> {
    of_file(&submission.file, register)
        .or_else(|| submission.sender.as_deref().and_then(|s| by_address(s, register).or_else(|| in_text(s, register))))
        .or_else(|| submission.subject.as_deref().and_then(|s| in_text(s, register)))
}

/// The department whose mail address stands in the sender.
fn by_address(sender: &str, register: &Register) -> Option<Told> {
    let sender = sender.to_lowercase();
    let entry = register.entries.iter().find(|e| e.mail.as_ref().is_some_and(|m| !m.is_empty() && sender.contains(&m.to_lowercase())))?;
    Some(Told { department: entry.name.clone(), named: entry.name.clone(), former: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{DepartmentEntry, FormerName};

    fn register() -> Register {
        let entry = |name: &str, former: &[&str]| DepartmentEntry {
            name: name.into(),
            former: former.iter().map(|f| FormerName { name: (*f).into(), until: None }).collect(),
            mail: Some(format!("{}@example.lg.jp", name.len())),
        };
        Register::new(
            vec![entry("行政経営課", &[]), entry("公共施設マネジメント課", &["行政経営課施設担当"]), entry("市民課", &[]), entry("支所市民課", &[])],
            Vec::new(),
        )
    }

    #[test]
    fn the_longest_name_in_the_file_name_counts() {
        let r = register();
        let of = |f: &str| of_file(f, &r).map(|t| (t.department, t.former));
        assert_eq!(of("調査票_行政経営課施設担当.xlsx"), Some(("公共施設マネジメント課".into(), true)));
        assert_eq!(of("08_行政経営課.xlsx"), Some(("行政経営課".into(), false)));
        assert_eq!(of("回答/市民課/様式.xlsx"), Some(("市民課".into(), false)));
        assert_eq!(of("【支所市民課】回答.zip!様式.xlsx"), Some(("支所市民課".into(), false)));
        assert_eq!(of("市民課と行政経営課.xlsx"), None);
        assert_eq!(of("様式.xlsx"), None);
    }

    #[test]
    fn the_sender_helps() {
        let r = register();
        let s = Submission { file: "様式.xlsx".into(), sender: Some("担当 <9@example.lg.jp>".into()), ..Submission::default() };
        assert_eq!(of_submission(&s, &r).map(|t| t.department), Some("市民課".into()));
    }
}
