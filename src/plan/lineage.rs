//! What became of initiatives: merged, renamed, finished, new; read out of the kind and the reason of each change.
//!
//! In: a [`Plan`] whose form has a change type and a change reason. Out: one [`Change`] an initiative, in the order of the plan, and counts by type.
//! Stays true: only what the reasons say; a number that is cited with another initiative's name is resolved by the name and kept as cited.
//! Neighbours: the summary workbook prints it (変更一覧); checks of the P family look for contradictions in it.

use super::Plan;
use crate::form::{Form, Role};
use crate::value::{fold, likeness};
use std::collections::BTreeMap;

/// A citation 「No.38 事務事業の定期的な見直し」.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The part of the text.
    pub as_written: String,
    /// The number that is cited.
    pub number: String,
    /// The name behind the number; empty where there is none.
    pub name: String,
    /// The initiative that bears the number, an index into the plan.
    pub by_number: Option<usize>,
    /// The initiative that bears the name.
    pub by_name: Option<usize>,
}

impl Citation {
    /// The initiative that is meant: the one that bears the name, else the one with the number.
    pub fn meant(&self) -> Option<usize> {
        self.by_name.or(self.by_number)
    }
}

/// What became of one initiative.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Index into the plan.
    pub initiative: usize,
    /// The kind of change as printed (統合, 名称変更 …).
    pub kind: String,
    /// The reason as printed.
    pub reason: String,
    /// Every citation of the reason.
    pub citations: Vec<Citation>,
    /// What this one was merged into.
    pub successors: Vec<usize>,
    /// What was merged into this one, as its own reason says.
    pub predecessors: Vec<usize>,
    /// The new name, if the reason gives one (may be shortened with ～ as printed).
    pub new_name: Option<String>,
}

/// The changes of a plan.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// One an initiative, in the order of the plan. Empty for a plan without changes.
    pub changes: Vec<Change>,
    /// How often each kind occurs, in the order of the form's choices, others behind.
    pub counts: Vec<(String, usize)>,
}

impl Lineage {
    /// What was merged into this initiative by any account: its own, or that of the merged ones.
    pub fn merged_into(&self, initiative: usize) -> Vec<usize> {
        let mut all: Vec<usize> = self.changes.get(initiative).map(|c| c.predecessors.clone()).unwrap_or_default();
        all.extend(self.changes.iter().filter(|c| c.successors.contains(&initiative)).map(|c| c.initiative));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Numbers and names of a plan, for citations.
pub struct Index {
    numbers: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
    list: Vec<String>,
    /// The first characters of each name → the initiatives whose names begin so.
    beginnings: BTreeMap<String, Vec<usize>>,
}

/// How many characters of a name are looked up at once.
const BEGINNING: usize = 6;

impl Index {
    /// The numbers and names of a plan.
    pub fn new(plan: &Plan) -> Self {
        let numbers = plan.initiatives.iter().enumerate().map(|(at, i)| (i.key.clone(), at)).collect();
        let names = plan.initiatives.iter().enumerate().map(|(at, i)| (fold(&i.name), at)).collect();
        let list: Vec<String> = plan.initiatives.iter().map(|i| i.name.clone()).collect();
        let mut beginnings: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in list.iter().enumerate().filter(|(_, n)| n.chars().count() >= BEGINNING) {
            beginnings.entry(name.chars().take(BEGINNING).collect()).or_default().push(at);
        }
        Index { numbers, names, list, beginnings }
    }

    /// The initiatives whose names stand in a text.
    fn named_in(&self, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, _) in text.char_indices() {
            let head: String = text[at..].chars().take(BEGINNING).collect();
            let homes = self.beginnings.get(&head).map_or(&[][..], Vec::as_slice);
            found.extend(homes.iter().copied().filter(|n| text[at..].starts_with(&self.list[*n])));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The citations of a text: `No.` with a number, and the name behind it up to the closing bracket or the next word of the sentence.
    pub fn citations(&self, text: &str) -> Vec<Citation> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(step) = text.get(from..).and_then(|rest| rest.find(['N', 'Ｎ', '№'])) {
            let at = from + step;
            let tail = &text[at..];
            let Some((number, consumed)) = number_after(tail) else {
                from = at + tail.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            from = at + consumed;
            let quoted = text[..at].rfind('「') > text[..at].rfind('」');
            let name = if quoted { text[from..].split(['」', '\n']).next().unwrap_or("") } else { "" };
            let as_written = text[at..from + name.len()].to_owned();
            let by_number = self.numbers.get(&number).copied();
            let name = name.trim().to_owned();
            let by_name = if name.is_empty() { None } else { self.by_name(&name, by_number) };
            found.push(Citation { as_written, number, name, by_number, by_name });
        }
        found
    }

    /// The initiative of a name: the very name, else the one with the number if the names are alike.
    fn by_name(&self, name: &str, numbered: Option<usize>) -> Option<usize> {
        let exact = self.names.get(&fold(name)).copied();
        exact.or_else(|| numbered.filter(|at| likeness(&self.list[*at], name) >= 0.6))
    }
}

/// `No.38` at the head of a text: the number, and the bytes it takes.
fn number_after(text: &str) -> Option<(String, usize)> {
    let mut chars = text.char_indices().peekable();
    let (_, first) = chars.next()?;
    if first != '№' {
        let (_, o) = chars.next()?;
        if !matches!(o, 'o' | 'O' | 'ｏ' | 'Ｏ') {
            return None;
        }
    }
    while chars.peek().is_some_and(|(_, c)| matches!(c, '.' | '．' | ' ' | '　')) {
        chars.next();
    }
    let mut number = String::new();
    let mut end = 0;
    while let Some((at, c)) = chars.peek().copied() {
        let folded = fold(&c.to_string());
        if folded.chars().all(|d| d.is_ascii_digit()) && !folded.is_empty() {
            number.push_str(&folded);
            end = at + c.len_utf8();
            chars.next();
        } else {
            break;
        }
    }
    let trimmed = number.trim_start_matches('0');
    (!trimmed.is_empty() && number.len() <= 6).then(|| (trimmed.to_owned(), end))
}

/// Reads the changes of a plan; empty if its form has no change type.
pub fn read(plan: &Plan, form: &Form) -> Lineage {
    let (Some(kind), Some(reason)) = (form.by_role(Role::ChangeType), form.by_role(Role::ChangeReason)) else { return Lineage::default() };
    let index = Index::new(plan);
    let mut changes: Vec<Change> = Vec::with_capacity(plan.initiatives.len());
    for (at, initiative) in plan.initiatives.iter().enumerate() {
        let text = |key: &str| initiative.fields.get(key).cloned().unwrap_or_default();
        changes.push(change(at, text(&kind.key), text(&reason.key), &index));
    }
    let mut counts: Vec<(String, usize)> = kind.choices.iter().map(|c| (c.clone(), 0)).collect();
    for change in changes.iter().filter(|c| !c.kind.is_empty()) {
        match counts.iter_mut().find(|(k, _)| fold(k) == fold(&change.kind)) {
            Some((_, n)) => *n += 1,
            None => counts.push((change.kind.clone(), 1)),
        }
    }
    Lineage { changes, counts }
}

/// Whether a kind of change is a merger.
pub fn is_merger(kind: &str) -> bool {
    kind.contains("統合") || kind.contains("合併")
}

/// Whether a kind of change is a renaming.
pub fn is_renaming(kind: &str) -> bool {
    kind.contains("名称") || kind.contains("改称")
}

/// Whether a kind of change is an end.
pub fn is_ending(kind: &str) -> bool {
    ["完了", "終了", "削除", "廃止"].iter().any(|w| kind.contains(w))
}

/// Whether a kind of change is a beginning.
pub fn is_beginning(kind: &str) -> bool {
    ["新規", "新設", "追加"].iter().any(|w| kind.contains(w))
}

fn change(at: usize, kind: String, reason: String, index: &Index) -> Change {
    let citations = index.citations(&reason);
    let merged: Vec<usize> = citations.iter().filter_map(Citation::meant).filter(|c| *c != at).collect();
    let (mut successors, mut predecessors) = (Vec::new(), Vec::new());
    let speaks_of_merging = reason.contains("統合") || reason.contains("合併");
    if is_merger(&kind) {
        // 「No.12とあわせ、No.22へ統合する」: the last sentence part before へ統合 names what it goes into.
        successors = targets(&reason, &citations, at);
        if successors.is_empty() {
            successors = merged;
        }
    } else if speaks_of_merging {
        predecessors = if goes_elsewhere(&reason) { Vec::new() } else { merged };
        // Merged initiatives may be named without their numbers.
        predecessors.extend(index.named_in(&reason).into_iter().filter(|n| *n != at));
        predecessors.sort_unstable();
        predecessors.dedup();
    }
    Change { initiative: at, new_name: new_name(&reason), kind, reason, citations, successors, predecessors }
}

/// Citations that stand before へ統合 or に統合 in their clause; 「AとあわせBへ統合」 keeps B, 「AおよびB…へ統合」 both.
fn targets(reason: &str, citations: &[Citation], own: usize) -> Vec<usize> {
    let mut found = Vec::new();
    for sentence in reason.split(['。', '\n']).filter(|s| s.contains("統合")) {
        let clause = sentence.rsplit_once("あわせ").map_or(sentence, |(_, rest)| rest);
        found.extend(citations.iter().filter(|c| clause.contains(&c.as_written)).filter_map(Citation::meant).filter(|at| *at != own));
    }
    found.dedup();
    found
}

/// Whether the reason of an initiative that goes on says that it itself goes elsewhere.
fn goes_elsewhere(reason: &str) -> bool {
    ["へ統合する", "に統合する", "へ統合した", "に統合した"].iter().any(|w| reason.contains(w))
}

/// The new name that a reason gives: 「X」に名称変更, 名称を「X」に変更.
fn new_name(reason: &str) -> Option<String> {
    let mut rest = reason;
    let mut found = None;
    while let Some(open) = rest.find('「') {
        let inside = &rest[open + '「'.len_utf8()..];
        let close = inside.find('」')?;
        let behind = &inside[close + '」'.len_utf8()..];
        let turns = ["に名称変更", "へ名称変更", "と名称変更", "に変更", "へ変更", "と改め", "に改め", "に改称", "へ改称"]
            .iter()
            .any(|w| behind.starts_with(w));
        let about_names = reason.contains("名称") || reason.contains("改称") || reason.contains("取組名");
        if turns && about_names {
            found = Some(inside[..close].to_owned());
        }
        rest = behind;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_names_are_read_where_they_are_given() {
        assert_eq!(new_name("「市民課窓口業務のBPR」に名称変更。").as_deref(), Some("市民課窓口業務のBPR"));
        assert_eq!(new_name("取組名称を「おーバスの利用促進」に変更した。").as_deref(), Some("おーバスの利用促進"));
        assert_eq!(new_name("現年収納率向上と過年度分収納率向上の取組を統合した。"), None);
        assert_eq!(new_name("「民間活力の活用」という表現を利用する。"), None);
    }

    #[test]
    fn citations_end_where_their_bracket_closes() {
        let index =
            Index { numbers: BTreeMap::from([("8".into(), 0)]), names: BTreeMap::new(), list: vec!["評価".into()], beginnings: BTreeMap::new() };
        let found = index.citations("「Ｎｏ．８ 評価」とあわせ、No.9へ。№ 10も。Norm");
        let shown: Vec<(&str, &str, Option<usize>)> = found.iter().map(|c| (c.number.as_str(), c.name.as_str(), c.by_number)).collect();
        assert_eq!(shown, [("8", "評価", Some(0)), ("9", "", None), ("10", "", None)]);
    }
}
