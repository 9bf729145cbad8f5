//! Findings: what a person must look at, and how it is said.
//!
//! In: facts that any stage noticed. Out: [`Finding`]s with a place, a text in Japanese and English, and a stable id.
//! Stays true: bad data is a finding and never an error of the program; every rule has its documentation beside it.
//! Neighbours: every room makes findings; [`crate::catalog`] lists every rule; `output` and `render` show them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A text in the two languages of the program. Both are always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Japanese, plain and polite: the clerk's language.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages at once.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Text { ja: ja.into(), en: en.into() }
    }

    /// The text in the language asked for.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// A text in two languages that is written in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaticText {
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

impl StaticText {
    /// The text in the language asked for.
    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }

    /// An owned copy.
    pub fn text(&self) -> Text {
        Text::new(self.ja, self.en)
    }
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Japanese (the default).
    #[default]
    Ja,
    /// English.
    En,
}

/// How serious a finding is. The rule is the same everywhere; a check does not invent its own scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Printing this would say something wrong or leave a hole.
    Error,
    /// A person should look.
    Warning,
    /// We changed or assumed something.
    Note,
}

impl Severity {
    /// The word for it, as people read it.
    pub fn name(self) -> StaticText {
        match self {
            Severity::Error => StaticText { ja: "エラー", en: "error" },
            Severity::Warning => StaticText { ja: "警告", en: "warning" },
            Severity::Note => StaticText { ja: "注記", en: "note" },
        }
    }
}

/// One kind of finding, with its documentation. Declared as a `static` in the file of the check that makes it.
#[derive(Debug)]
pub struct Rule {
    /// A letter and three digits, for example `R301`. Never reused.
    pub code: &'static str,
    /// Names the problem, never the cure, for example `missing-department`.
    pub slug: &'static str,
    /// See [`Severity`].
    pub severity: Severity,
    /// The headline: would do if nothing else were shown.
    pub title: StaticText,
    /// What it looks for.
    pub what: StaticText,
    /// Why it matters.
    pub why: StaticText,
    /// A worked example.
    pub example: StaticText,
    /// How to fix it: one doable step.
    pub fix: StaticText,
}

/// Where something stands. Everything is optional: a missing department has no file, a damaged file no cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Path below `input/`; parts inside mail or zip come after `!`.
    pub file: Option<String>,
    /// Name of the sheet.
    pub sheet: Option<String>,
    /// Address as Excel shows it (`F14`); the top left cell of a merged one.
    pub cell: Option<String>,
}

impl Origin {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Origin { file: Some(file.into()), ..Default::default() }
    }

    /// A sheet of a file.
    pub fn sheet(file: impl Into<String>, sheet: impl Into<String>) -> Self {
        Origin { file: Some(file.into()), sheet: Some(sheet.into()), cell: None }
    }

    /// A cell of a sheet.
    pub fn cell(file: impl Into<String>, sheet: impl Into<String>, cell: impl Into<String>) -> Self {
        Origin { file: Some(file.into()), sheet: Some(sheet.into()), cell: Some(cell.into()) }
    }
}

impl std::fmt::Display for Origin {
    /// `file » sheet » cell`, as far as known.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<&str> = [&self.file, &self.sheet, &self.cell].iter().filter_map(|p| p.as_deref()).collect();
        f.write_str(&parts.join(" » "))
    }
}

/// Another place that belongs to a finding, with what stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// What the place is (「目標」/ "target").
    pub label: Text,
    /// The text as it stands there.
    pub quote: String,
    /// Where, if it came from a file; empty for a place in the plan.
    pub origin: Origin,
}

/// That a person has looked at a finding and accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Why it may stand.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
    /// When, as written (ISO where Excel held a date).
    pub date: String,
    /// Until when the acceptance holds, if it was limited (ISO date).
    pub until: Option<String>,
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// The department that must act, under its name of today.
    pub department: Option<String>,
    /// Key of the initiative.
    pub initiative: Option<String>,
    /// Field key with its year (`evaluation.R6`).
    pub field: Option<String>,
    /// Where it was found.
    pub origin: Origin,
    /// Other places.
    pub related: Vec<Related>,
    /// What was found, as written.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// The whole message.
    pub message: Text,
    /// What to do: one doable step.
    pub help: Text,
    /// Tells findings of one rule about one field apart (a file name, a reference); part of the id, never a position that moves.
    pub discriminator: String,
    /// Set when a person has accepted it.
    pub waived: Option<Waiver>,
}

impl Finding {
    /// A finding of `rule` with its standard headline and help; the other parts are added with the methods below.
    pub fn new(rule: &'static Rule) -> Self {
        Finding {
            rule,
            department: None,
            initiative: None,
            field: None,
            origin: Origin::default(),
            related: Vec::new(),
            found: String::new(),
            expected: String::new(),
            message: rule.title.text(),
            help: rule.fix.text(),
            discriminator: String::new(),
            waived: None,
        }
    }

    /// The department that must act.
    pub fn department(mut self, name: impl Into<String>) -> Self {
        self.department = Some(name.into());
        self
    }

    /// The initiative it is about.
    pub fn initiative(mut self, key: impl Into<String>) -> Self {
        self.initiative = Some(key.into());
        self
    }

    /// The field it is about.
    pub fn field(mut self, key: impl Into<String>) -> Self {
        self.field = Some(key.into());
        self
    }

    /// Where it was found.
    pub fn at(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// What was found, as written.
    pub fn found(mut self, text: impl Into<String>) -> Self {
        self.found = text.into();
        self
    }

    /// What was expected.
    pub fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = text.into();
        self
    }

    /// The whole message, in both languages.
    pub fn message(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.message = Text::new(ja, en);
        self
    }

    /// What to do, in both languages, where the rule's own sentence is too general.
    pub fn help(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Text::new(ja, en);
        self
    }

    /// Another place and what stands there.
    pub fn related(mut self, ja: &str, en: &str, quote: impl Into<String>, origin: Origin) -> Self {
        self.related.push(Related { label: Text::new(ja, en), quote: quote.into(), origin });
        self
    }

    /// What tells this finding from another of the same rule about the same field.
    pub fn discriminator(mut self, text: impl Into<String>) -> Self {
        self.discriminator = text.into();
        self
    }

    /// An id that is the same in every run in which the same thing is wrong, whatever the file is called and whatever value stands there.
    /// Twelve hexadecimal digits.
    pub fn id(&self) -> String {
        let mut hash = Sha256::new();
        let file = if self.initiative.is_none() { self.origin.file.as_deref().unwrap_or("") } else { "" };
        for part in [
            self.rule.code,
            self.department.as_deref().unwrap_or(""),
            self.initiative.as_deref().unwrap_or(""),
            self.field.as_deref().unwrap_or(""),
            file,
            &self.discriminator,
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
    }

    /// Whether it still needs a person.
    pub fn is_open(&self) -> bool {
        self.waived.is_none()
    }
}

/// Sorts findings by file, sheet, row, column, code, initiative and field, so that the order never depends on the order of work.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_cached_key(|f| {
        (
            f.origin.file.clone(),
            f.origin.sheet.clone(),
            f.origin.cell.as_deref().map(cell_order),
            f.rule.code,
            f.initiative.clone(),
            f.field.clone(),
            f.discriminator.clone(),
        )
    });
}

/// Most open findings of one rule about one file (or, without a file, one department) that a person is shown at once.
pub const MOST_OF_A_KIND: usize = 40;

/// One finding of a list that is cut for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the whole list.
    pub place: usize,
    /// At the last of a flood: how many more of the kind are not shown; else 0.
    pub further: usize,
}

impl Shown {
    /// The finding's message, with the number of those that are not shown.
    pub fn message(self, finding: &Finding) -> Text {
        let mut message = finding.message.clone();
        if self.further > 0 {
            message.ja.push_str(&format!("（同じ種類の指摘がほかに{}件あります。）", self.further));
            message.en.push_str(&format!(" ({} more of this kind are not listed.)", self.further));
        }
        message
    }
}

/// Cuts a flood for terminal and letter: of each rule in each file at most [`MOST_OF_A_KIND`], in the order of the list; the last says how many
/// more there are. Accepted findings and findings about the plan itself are never cut. The list itself holds them all, and so do `result.json`, workbooks, page
/// and every count.
pub fn cut<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Shown> {
    let mut piles: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut shown: Vec<Shown> = Vec::new();
    for (place, finding) in findings.into_iter().enumerate() {
        let pile = finding.origin.file.as_deref().or(finding.department.as_deref()).filter(|_| finding.is_open());
        let Some(pile) = pile else {
            shown.push(Shown { place, further: 0 });
            continue;
        };
        let (size, last) = piles.entry((finding.rule.code, pile)).or_default();
        *size += 1;
        if *size > MOST_OF_A_KIND {
            shown[*last].further += 1;
        } else {
            *last = shown.len();
            shown.push(Shown { place, further: 0 });
        }
    }
    shown
}

/// `F14` → (14, 6): the order in which a person reads a sheet.
fn cell_order(cell: &str) -> (u32, u32) {
    let mut column = 0u32;
    let mut row = 0u32;
    for c in cell.bytes() {
        match c {
            b'A'..=b'Z' => column = column.saturating_mul(26).saturating_add(u32::from(c - b'A') + 1),
            b'0'..=b'9' => row = row.saturating_mul(10).saturating_add(u32::from(c - b'0')),
            _ => {}
        }
    }
    (row, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: StaticText = StaticText { ja: "見出し", en: "headline" };
    static RULE: Rule = Rule { code: "C999", slug: "x", severity: Severity::Warning, title: TEXT, what: TEXT, why: TEXT, example: TEXT, fix: TEXT };

    fn findings(n: usize) -> Vec<Finding> {
        (1..=n).map(|i| Finding::new(&RULE).at(Origin::cell("a.xlsx", "1", format!("C{i}"))).initiative(format!("{i}"))).collect()
    }

    #[test]
    fn cells_are_sorted_as_a_person_reads() {
        let mut all = vec![
            Finding::new(&RULE).at(Origin::cell("a.xlsx", "1", "C10")),
            Finding::new(&RULE).at(Origin::cell("a.xlsx", "1", "AA2")),
            Finding::new(&RULE).at(Origin::cell("a.xlsx", "1", "B2")),
        ];
        sort(&mut all);
        assert_eq!(all.iter().filter_map(|f| f.origin.cell.as_deref()).collect::<Vec<_>>(), ["B2", "AA2", "C10"]);
    }

    #[test]
    fn a_flood_is_cut_for_reading_and_its_count_said() {
        let few = findings(MOST_OF_A_KIND);
        assert_eq!(cut(&few).len(), MOST_OF_A_KIND);
        assert!(cut(&few).iter().all(|s| s.message(&few[s.place]).ja == "見出し"));
        let mut many = findings(MOST_OF_A_KIND + 7);
        let shown = cut(&many);
        assert_eq!((many.len(), shown.len()), (MOST_OF_A_KIND + 7, MOST_OF_A_KIND));
        assert_eq!(shown.iter().map(|s| s.further).sum::<usize>(), 7);
        let last = shown[MOST_OF_A_KIND - 1];
        let message = last.message(&many[last.place]);
        assert!(message.ja.contains("ほかに7件") && message.en.contains("7 more"));
        for finding in &mut many {
            finding.waived = Some(Waiver { reason: "r".into(), by: "b".into(), date: "d".into(), until: None });
        }
        assert_eq!(cut(&many).len(), many.len());
    }

    #[test]
    fn the_id_stays_when_file_and_value_change() {
        let one = Finding::new(&RULE).initiative("1").field("report").found("甲").at(Origin::cell("a.xlsx", "1", "C1"));
        let two = Finding::new(&RULE).initiative("1").field("report").found("乙").at(Origin::cell("b.xlsx", "2", "C5"));
        assert_eq!(one.id(), two.id());
        assert_ne!(one.id(), one.clone().discriminator("2").id());
    }
}
