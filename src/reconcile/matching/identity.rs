//! Identity: which initiative a reading names, by its name first, then by number and department, then by the plan's own text on it.
//!
//! In: a reading and the plan. Out: a [`Fit`].
//! Stays true: nothing is matched by force; a name that resembles another is no match, only a candidate for a person.

use super::who::Who;
use crate::form::{Form, Role};
use crate::intake::Reading;
use crate::intake::recognise::pattern;
use crate::plan::{Initiative, Job, Plan};
use crate::reconcile::checks::renamed_initiative::bare_name;
use crate::value::{Register, fold};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// What a reading is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// This initiative, by its name (or a person's decision).
    Named(usize),
    /// This initiative, by number or by the plan's text, and by department; the name differs.
    Numbered(usize),
    /// Several fit equally well.
    Several(Vec<usize>),
    /// None.
    Nothing,
}

/// The plan, indexed for matching.
pub(super) struct Identities<'a> {
    plan: &'a Plan,
    form: &'a Form,
    job: &'a Job,
    by_name: BTreeMap<String, Vec<usize>>,
    by_number: BTreeMap<Vec<u64>, Vec<usize>>,
    /// For each initiative everyone who may report it, under the names of today.
    leads: Vec<BTreeSet<String>>,
    /// Field key and folded text of the plan's longer texts → the initiatives that hold it.
    by_text: BTreeMap<(&'a str, String), Vec<usize>>,
    /// Folded key of an initiative → its place.
    by_key: BTreeMap<String, usize>,
    /// Folded name that a person decided on → places in the settings' decisions.
    decisions: BTreeMap<String, Vec<usize>>,
}

/// Shortest text, folded, that tells one initiative from another.
const TELLING: usize = 15;

/// A text that more initiatives than this share tells none of them.
const MOST_SHARING: usize = 200;

impl<'a> Identities<'a> {
    /// Indexes a plan.
    pub(super) fn new(job: &'a Job, form: &'a Form, plan: &'a Plan) -> Self {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_number: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        let mut by_text: BTreeMap<(&'a str, String), Vec<usize>> = BTreeMap::new();
        let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
        for (n, initiative) in plan.initiatives.iter().enumerate() {
            for name in names_of(form, initiative) {
                let list = by_name.entry(name).or_default();
                if !list.contains(&n) {
                    list.push(n);
                }
            }
            by_number.entry(numbers(&initiative.key)).or_default().push(n);
            by_key.entry(fold(&initiative.key)).or_insert(n);
            for (key, text) in &initiative.fields {
                let folded = fold(text);
                if folded.chars().count() >= TELLING {
                    by_text.entry((key.as_str(), folded)).or_default().push(n);
                }
            }
        }
        let mut decisions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (n, decision) in job.settings.decisions.iter().enumerate() {
            for name in BTreeSet::from([fold(&decision.name), fold(bare_name(&decision.name))]) {
                decisions.entry(name).or_default().push(n);
            }
        }
        let leads = plan.initiatives.iter().map(|i| leads_of(i, &job.register)).collect();
        Identities { plan, form, job, by_name, by_number, leads, by_text, by_key, decisions }
    }

    /// Whether the sender may report this initiative.
    pub(super) fn leads(&self, initiative: usize, who: &Who) -> bool {
        self.leads.get(initiative).is_some_and(|l| who.all().any(|d| l.contains(d)))
    }

    /// What a reading is about.
    pub(super) fn fit(&self, reading: &Reading, who: &Who) -> Fit {
        let name = self.name_of(reading).unwrap_or_default();
        if let Some(decided) = self.decided(&name, who) {
            return Fit::Named(decided);
        }
        let mut named: Vec<usize> = Vec::new();
        for form in spellings(&name) {
            if let Some(list) = self.by_name.get(&form) {
                named.clone_from(list);
                break;
            }
        }
        match named.as_slice() {
            [one] => {
                return match self.numbered_for(reading, who).filter(|other| other != one && !self.leads(*one, who)) {
                    // Another department's name over this department's number.
                    Some(other) => Fit::Several(vec![*one, other]),
                    None => Fit::Named(*one),
                };
            }
            [] => {}
            several => return self.one_of(several, reading, who),
        }
        self.by_support(reading, who, &name)
    }

    /// The one initiative of the sender's own that the number on the form or the name of the sheet gives.
    fn numbered_for(&self, reading: &Reading, who: &Who) -> Option<usize> {
        let number = self.printed_number(reading).unwrap_or_else(|| sheet_numbers(&reading.sheet));
        let own: Vec<usize> = self.by_number.get(&number)?.iter().copied().filter(|n| self.leads(*n, who)).collect();
        if let [one] = own.as_slice() { Some(*one) } else { None }
    }

    /// Which of several initiatives of one name: by department, then number, then the plan's text.
    fn one_of(&self, several: &[usize], reading: &Reading, who: &Who) -> Fit {
        let mut left = several.to_vec();
        let tests: [&dyn Fn(usize) -> bool; 4] = [
            &|n| self.leads(n, who),
            &|n| self.printed_number(reading) == Some(numbers(&self.plan.initiatives[n].key)),
            &|n| sheet_numbers(&reading.sheet) == numbers(&self.plan.initiatives[n].key),
            &|n| self.same_texts(n, reading) >= 2,
        ];
        for test in tests {
            let kept: Vec<usize> = left.iter().copied().filter(|n| test(*n)).collect();
            if !kept.is_empty() {
                left = kept;
            }
            if let [one] = left.as_slice() {
                return Fit::Named(*one);
            }
        }
        let most = left.iter().map(|n| self.same_texts(*n, reading)).max().unwrap_or(0);
        let best: Vec<usize> = left.iter().copied().filter(|n| self.same_texts(*n, reading) == most).collect();
        match best.as_slice() {
            [one] if most > 0 => Fit::Named(*one),
            _ => Fit::Several(left),
        }
    }

    /// The name is not in the plan: number and department, or the plan's text and department.
    fn by_support(&self, reading: &Reading, who: &Who, name: &str) -> Fit {
        let likeness = |n: usize| crate::reconcile::checks::unknown_initiative::likeness(name, &self.plan.initiatives[n].name);
        let printed = self.printed_number(reading);
        let on_sheet = Some(sheet_numbers(&reading.sheet)).filter(|s| !s.is_empty());
        for number in [printed.clone(), on_sheet].into_iter().flatten() {
            let listed = self.by_number.get(&number).cloned().unwrap_or_default();
            let fitting: Vec<usize> =
                listed.into_iter().filter(|n| self.leads(*n, who) || (who.is_unknown() && likeness(*n) >= 0.6) || likeness(*n) >= 0.9).collect();
            match fitting.as_slice() {
                [one] => return Fit::Numbered(*one),
                [] => {}
                several => return Fit::Several(several.to_vec()),
            }
            // A printed number that fits nothing is not overruled by the name of the sheet, unless the text is the plan's.
            if printed.is_some() {
                break;
            }
        }
        let mut texts: Vec<(usize, usize)> = self
            .sharing_texts(reading)
            .into_iter()
            .filter(|(n, same)| *same >= 2 && (self.leads(*n, who) || who.is_unknown()))
            .map(|(n, same)| (same, n))
            .collect();
        texts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        match texts.as_slice() {
            [(_, one)] => Fit::Numbered(*one),
            [(a, one), (b, _), ..] if a > b => Fit::Numbered(*one),
            _ => Fit::Nothing,
        }
    }

    /// The name on a reading.
    pub(super) fn name_of(&self, reading: &Reading) -> Option<String> {
        let keys = self.form.fields.iter().filter(|f| f.role == Some(Role::Name)).map(|f| f.key.as_str());
        keys.filter_map(|k| reading.fields.get(k)).filter_map(|v| v.value.clone()).find(|v| !v.trim().is_empty())
    }

    /// A person's decision on a reported name.
    fn decided(&self, name: &str, who: &Who) -> Option<usize> {
        let wanted = fold(name);
        if wanted.is_empty() {
            return None;
        }
        let meant = [wanted, fold(bare_name(name))];
        let places: BTreeSet<usize> = meant.iter().filter_map(|n| self.decisions.get(n)).flatten().copied().collect();
        let mut decisions = places.into_iter().filter_map(|at| self.job.settings.decisions.get(at));
        let decision = decisions.find(|d| d.department.as_deref().is_none_or(|d| who.is_unknown() || who.all().any(|w| fold(w) == fold(d))))?;
        self.by_key.get(&fold(&decision.initiative)).copied()
    }

    /// The number that the form itself prints: a number field, or the numbers in front of the titles, put together.
    fn printed_number(&self, reading: &Reading) -> Option<Vec<u64>> {
        let mut found: Vec<u64> = Vec::new();
        for field in &self.form.fields {
            let Some(value) = reading.fields.get(&field.key).and_then(|v| v.value.as_deref()) else { continue };
            if field.role == Some(Role::Number) {
                let own = numbers(value);
                return (!own.is_empty()).then_some(own);
            }
            if let Some(parts) = field.pattern.as_deref().and_then(|p| pattern::split(p, value)) {
                found.extend(numbers(&parts.number));
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The initiatives of which longer texts stand on the reading word for word, with how many; looked up, however long the plan is.
    fn sharing_texts(&self, reading: &Reading) -> BTreeMap<usize, usize> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for (key, value) in &reading.fields {
            let Some(folded) = value.value.as_deref().map(fold).filter(|f| f.chars().count() >= TELLING) else { continue };
            let sharing = self.by_text.get(&(key.as_str(), folded)).filter(|all| all.len() <= MOST_SHARING);
            for n in sharing.into_iter().flatten() {
                *counts.entry(*n).or_default() += 1;
            }
        }
        counts
    }

    /// How many of the plan's longer texts stand on the reading word for word.
    fn same_texts(&self, initiative: usize, reading: &Reading) -> usize {
        let Some(own) = self.plan.initiatives.get(initiative) else { return 0 };
        let same = |key: &String, text: &String| {
            let wanted = fold(text);
            wanted.chars().count() >= TELLING && reading.fields.get(key).and_then(|v| v.value.as_deref()).is_some_and(|v| fold(v) == wanted)
        };
        own.fields.iter().filter(|(key, text)| same(key, text)).count()
    }
}

/// All folded spellings under which the plan knows an initiative.
fn names_of(form: &Form, initiative: &Initiative) -> BTreeSet<String> {
    let printed = form.fields.iter().filter(|f| f.role == Some(Role::Name)).filter_map(|f| initiative.fields.get(&f.key));
    let mut names: BTreeSet<String> = printed.flat_map(|p| spellings(p)).collect();
    names.insert(fold(&initiative.name));
    names.remove("");
    names
}

/// A name as written, without number in front, and without brackets behind, folded; the fullest first.
fn spellings(name: &str) -> Vec<String> {
    let whole = fold(name);
    let bare = fold(bare_name(name));
    let mut out = vec![whole, bare.clone()];
    let mut rest = bare.as_str();
    while let Some(close) = rest.chars().last().filter(|c| matches!(c, ')' | '】' | ']' | '〕')) {
        let open = match close {
            ')' => '(',
            '】' => '【',
            ']' => '[',
            _ => '〔',
        };
        match rest.rfind(open) {
            Some(at) if at > 0 => rest = &rest[..at],
            _ => break,
        }
        out.push(rest.to_owned());
    }
    out.retain(|s| !s.is_empty());
    out.dedup();
    out
}

/// The numbers in a text, ① and full-width ones too.
pub(super) fn numbers(text: &str) -> Vec<u64> {
    let wide: String = text.nfkc().collect();
    wide.split(|c: char| !c.is_ascii_digit()).filter_map(|d| d.parse().ok()).collect()
}

/// The numbers in the name of a sheet, without the (2) of a copy. 「Sheet1」 is the program's own count and says nothing.
fn sheet_numbers(name: &str) -> Vec<u64> {
    let wide: String = name.nfkc().collect::<String>().trim().to_owned();
    if ["sheet", "シート"].iter().any(|own| wide.to_lowercase().starts_with(own)) {
        return Vec::new();
    }
    let copy = wide.rfind(" (").filter(|at| wide.ends_with(')') && wide[at + 2..wide.len() - 1].chars().all(|c| c.is_ascii_digit()));
    numbers(copy.map_or(wide.as_str(), |at| &wide[..at]))
}

/// Everyone who may report an initiative, under the names of today.
fn leads_of(initiative: &Initiative, register: &Register) -> BTreeSet<String> {
    let today = |name: &String| register.find(name).map_or(name.as_str(), |(n, _)| n).to_owned();
    let leads = initiative.leads.iter().filter(|l| !register.is_group(l)).map(today);
    leads.chain(initiative.answers.iter().map(today)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_keys_and_sheets_agree() {
        assert_eq!(numbers("1-(3)-①"), [1, 3, 1]);
        assert_eq!(sheet_numbers("１－０１"), [1, 1]);
        assert_eq!(sheet_numbers("2-07 (2)"), [2, 7]);
        assert_eq!(sheet_numbers("1-(3)"), [1, 3]);
        assert_eq!(sheet_numbers("施策10"), [10]);
        for own in ["Sheet1", "Ｓｈｅｅｔ３", "シート2", "シート 1 - 表 1"] {
            assert_eq!(sheet_numbers(own), Vec::<u64>::new(), "{own}");
        }
    }

    #[test]
    fn names_lose_numbers_and_notes_step_by_step() {
        let all = spellings("10. 災害時の情報共有 (防災ポータル等) 【自治体 DX】");
        assert_eq!(
            all,
            [
                "10.災害時の情報共有(防災ポータル等)【自治体DX】",
                "災害時の情報共有(防災ポータル等)【自治体DX】",
                "災害時の情報共有(防災ポータル等)",
                "災害時の情報共有"
            ]
        );
    }
}
