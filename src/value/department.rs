//! Departments: names of today, former names, and lists of names in one cell.

use super::fold;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

/// The departments of a city, as its job settings list them. Merged departments have several former names; a former name that stands with two
/// departments was split.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// Every department, in the order of the settings.
    pub entries: Vec<DepartmentEntry>,
    /// Words that stand for many departments, folded.
    group_words: BTreeSet<String>,
    /// Folded name → index of the department that bears it today.
    today: BTreeMap<String, usize>,
    /// Folded former name → indexes of the departments that bore it.
    former: BTreeMap<String, Vec<usize>>,
    /// Folded names that hold a separator (人権・男女共同参画課), the longest first.
    compound: Vec<Vec<char>>,
}

/// Endings of words that stand for many departments.
const GROUP_ENDINGS: [&str; 18] = [
    "全庁",
    "全課",
    "各課",
    "関係課",
    "各課室",
    "各部",
    "各部署",
    "全部署",
    "関係部署",
    "各所属",
    "全所属",
    "各施設",
    "各学校",
    "関係機関",
    "全職員",
    "担当課",
    "所管課",
    "庁内",
];

/// Endings of what comes after named departments and leaves others unnamed.
const OPEN_ENDINGS: [&str; 4] = ["など", "等", "ほか", "他"];

/// Endings of the names of departments: a part of a cell without one of these is not a name of its own.
const UNIT_ENDINGS: [&str; 22] = [
    "課",
    "室",
    "局",
    "所",
    "部",
    "係",
    "館",
    "園",
    "センター",
    "校",
    "会",
    "班",
    "署",
    "隊",
    "院",
    "担当",
    "チーム",
    "グループ",
    "本部",
    "支所",
    "庁",
    "課長",
];

impl Register {
    /// The register of a job: its departments and the words that are nobody's name.
    pub fn new(entries: Vec<DepartmentEntry>, group_words: Vec<String>) -> Self {
        let mut register = Register { group_words: group_words.iter().map(|w| fold(w)).collect(), ..Register::default() };
        for (at, entry) in entries.iter().enumerate() {
            register.today.entry(fold(&entry.name)).or_insert(at);
            for old in &entry.former {
                register.former.entry(fold(&old.name)).or_default().push(at);
            }
        }
        let names = register.today.keys().chain(register.former.keys());
        register.compound = names.filter(|n| n.contains(is_separator)).map(|n| n.chars().collect()).collect();
        register.compound.sort_by_key(|n| std::cmp::Reverse(n.len()));
        register.entries = entries;
        register
    }

    /// The department of today that bears or bore this name; the flag tells that the name is a former one. What stands in brackets behind a name
    /// (「情報政策課（DX担当）」), the city or division in front of it (「総務部企画課」) and the team behind it (「企画課庶務係」) are no part of it unless
    /// the register says so.
    pub fn find(&self, name: &str) -> Option<(&str, bool)> {
        self.lookup(&self.known_spelling(&fold(name))?)
    }

    /// The spelling under which the register knows a folded name.
    fn known_spelling(&self, wanted: &str) -> Option<String> {
        let known = |name: &str| self.lookup(name).is_some();
        if known(wanted) {
            return Some(wanted.to_owned());
        }
        let bare = without_brackets(wanted);
        let above = bare.char_indices().filter(|(_, c)| matches!(c, '部' | '市' | '町' | '村' | '区'));
        // 「都市計画課」 is no 計画課 of a 都市: the name of a city is longer.
        let inner = above.filter(|(at, c)| *c == '部' || bare[..*at].chars().count() >= 2).map(|(at, c)| &bare[at + c.len_utf8()..]);
        let mut spellings: Vec<&str> = std::iter::once(bare.as_str()).chain(inner).collect();
        spellings.extend(spellings.clone().into_iter().filter_map(without_team));
        spellings.into_iter().find(|s| known(s)).map(str::to_owned)
    }

    /// Whether a part of a cell is no department but goes with one: its division, its team, a person, a telephone number.
    pub fn is_aside(&self, name: &str) -> bool {
        let folded = fold(name);
        let bare = without_brackets(&folded);
        if self.find(name).is_some() || self.is_group(name) {
            return false;
        }
        let division = ["部", "市", "町", "村", "係", "担当", "班", "グループ", "課長", "室長", "局長", "館長", "所長"];
        let office = ["者", "員", "監", "官", "議会", "農委"];
        let contact = bare.is_empty() || bare.contains(':') || bare.chars().any(|c| c.is_ascii_digit()) || bare.starts_with("内線");
        contact || division.iter().any(|e| bare.ends_with(e)) || !UNIT_ENDINGS.iter().chain(&office).any(|e| bare.ends_with(e))
    }

    /// Every department of today that bore this name: two or more after a split.
    pub fn successors(&self, name: &str) -> Vec<&str> {
        self.former.get(&fold(name)).into_iter().flatten().map(|at| self.entries[*at].name.as_str()).collect()
    }

    /// The department of today for a name that stood in a document of this day: a name that was given up before and is borne by another department
    /// today means the old one.
    pub fn find_on(&self, name: &str, day: chrono::NaiveDate) -> Option<(&str, bool)> {
        let wanted = fold(name);
        let still = |at: &&usize| self.entries[**at].former.iter().any(|f| fold(&f.name) == wanted && f.until.is_some_and(|last| day <= last));
        let old = self.former.get(&wanted).into_iter().flatten().find(still);
        old.map(|at| (self.entries[*at].name.as_str(), true)).or_else(|| self.find(name))
    }

    /// The department of today for a name that was no longer right on this day, and the name's last day where the register gives it. `None` for a
    /// name that was right then (its last day counts), and for one that nobody bore.
    pub fn outdated(&self, name: &str, day: chrono::NaiveDate) -> Option<(&str, Option<chrono::NaiveDate>)> {
        let (today, _) = self.find(name).filter(|(_, former)| *former)?;
        let spelling = self.known_spelling(&fold(name))?;
        let owners = self.former.get(&spelling)?;
        let entries = owners.iter().flat_map(|at| &self.entries[*at].former).filter(|f| fold(&f.name) == spelling);
        let last = entries.filter_map(|f| f.until).max();
        last.is_none_or(|last| last < day).then_some((today, last))
    }

    /// Whether the words name many departments and therefore nobody (全庁, 関係各課, 福祉部各課, 企画課など).
    pub fn is_group(&self, name: &str) -> bool {
        let name = fold(name);
        if self.today.contains_key(&name) || self.former.contains_key(&name) {
            return false;
        }
        let open = OPEN_ENDINGS.iter().any(|e| name.ends_with(e));
        self.group_words.contains(&name) || open || GROUP_ENDINGS.iter().any(|e| name.ends_with(e))
    }

    fn lookup(&self, folded: &str) -> Option<(&str, bool)> {
        if let Some(at) = self.today.get(folded) {
            return Some((&self.entries[*at].name, false));
        }
        let at = self.former.get(folded)?.first()?;
        Some((&self.entries[*at].name, true))
    }

    /// How many characters of the text (blanks included) a known name with a separator inside covers, if one begins here and ends before a separator.
    fn compound_at(&self, chars: &[char]) -> Option<usize> {
        self.compound.iter().find_map(|name| {
            let mut rest = name.iter();
            let mut next = rest.next();
            for (at, c) in chars.iter().enumerate() {
                let Some(wanted) = next else {
                    return (is_separator(*c) || matches!(c, '(' | '（') || c.is_whitespace()).then_some(at);
                };
                if fold(&c.to_string()).chars().eq([*wanted]) {
                    next = rest.next();
                } else if !c.is_whitespace() {
                    return None;
                }
            }
            next.is_none().then_some(chars.len())
        })
    }
}

/// A folded name without the team or the head behind the department: 「企画課庶務係」, 「企画課長」.
fn without_team(name: &str) -> Option<&str> {
    let team = ["係", "担当", "班", "グループ", "長"].iter().any(|e| name.ends_with(e));
    let ends = UNIT_ENDINGS.iter().take(3).filter_map(|e| name.rfind(e).map(|at| at + e.len()));
    ends.max().filter(|end| team && *end < name.len()).map(|end| &name[..end])
}

fn is_separator(c: char) -> bool {
    matches!(c, '、' | ',' | '，' | '\n' | '\r' | '・' | '･' | '/' | '／' | ';' | '；' | '､')
}

/// A folded name without what stands in brackets.
fn without_brackets(name: &str) -> String {
    let mut depth = 0u32;
    let keep = |c: &char| match c {
        '(' | '[' | '〔' => {
            depth += 1;
            false
        }
        ')' | ']' | '〕' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    name.chars().filter(keep).collect()
}

/// Splits the text of a cell into department names as written. Names that the register knows are never split at a separator inside them; a part that
/// cannot be a name of its own (「人権」 of 「人権・男女共同参画課」) stays with the part behind it.
pub fn split_departments(text: &str, register: &Register) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut names: Vec<String> = Vec::new();
    let mut name = String::new();
    let mut depth = 0u32;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if name.trim().is_empty()
            && depth == 0
            && let Some(len) = register.compound_at(&chars[at..])
        {
            name = chars[at..at + len].iter().collect();
            at += len;
            continue;
        }
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let joint = matches!(c, '・' | '･') || (c.is_whitespace() && !matches!(c, '\n' | '\r'));
        if depth == 0 && (is_separator(c) || c.is_whitespace()) && !(joint && !name.trim().is_empty() && !ends_a_name(&name, register)) {
            push(&mut names, &mut name);
        } else {
            name.push(c);
        }
        at += 1;
    }
    push(&mut names, &mut name);
    names
}

/// Whether what was read so far can be a name of its own.
fn ends_a_name(name: &str, register: &Register) -> bool {
    let folded = fold(name);
    let bare = without_brackets(&folded);
    register.lookup(&folded).is_some() || register.is_group(name) || UNIT_ENDINGS.iter().any(|e| bare.ends_with(e))
}

fn push(names: &mut Vec<String>, name: &mut String) {
    let trimmed = name.trim();
    if !trimmed.is_empty() {
        names.push(trimmed.to_owned());
    }
    name.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, former: &[(&str, Option<&str>)]) -> DepartmentEntry {
        let former = former.iter().map(|(n, until)| FormerName { name: (*n).into(), until: until.map(|u| u.parse().expect("a date")) }).collect();
        DepartmentEntry { name: name.into(), former, mail: None }
    }

    fn register() -> Register {
        let entries = vec![
            entry("人権・男女共同参画課", &[]),
            entry("情報政策課", &[("情報システム課", Some("2021-03-31")), ("広報統計課", None)]),
            entry("総務課", &[]),
            entry("行政課", &[("総務課", Some("2020-03-31"))]),
            entry("こども課", &[("子育て支援課", None)]),
            entry("保育課", &[("子育て支援課", None)]),
        ];
        Register::new(entries, vec!["全所管".into()])
    }

    #[test]
    fn names_are_found_with_their_history() {
        let r = register();
        for (name, expected) in [
            ("情報政策課", Some(("情報政策課", false))),
            ("情 報 政 策 課", Some(("情報政策課", false))),
            ("情報政策課（ＤＸ担当）", Some(("情報政策課", false))),
            ("企画部情報政策課", Some(("情報政策課", false))),
            ("本庄市情報政策課", Some(("情報政策課", false))),
            ("本庄市企画部 情報政策課", Some(("情報政策課", false))),
            ("情報政策課統計係", Some(("情報政策課", false))),
            ("情報政策課長", Some(("情報政策課", false))),
            ("都市総務課", None),
            ("情報政策課分室", None),
            ("広報統計課", Some(("情報政策課", true))),
            ("総務課", Some(("総務課", false))),
            ("防災課", None),
        ] {
            assert_eq!(r.find(name), expected, "{name}");
        }
        assert_eq!(r.successors("子育て支援課"), ["こども課", "保育課"], "a split");
        assert_eq!(r.find_on("総務課", "2020-03-31".parse().expect("a date")), Some(("行政課", true)), "the last day");
        assert_eq!(r.find_on("総務課", "2020-04-01".parse().expect("a date")), Some(("総務課", false)), "the day after");
    }

    #[test]
    fn a_name_is_outdated_from_the_day_after_its_last() {
        let r = register();
        let day = |d: &str| d.parse::<chrono::NaiveDate>().expect("a date");
        let last = day("2021-03-31");
        assert_eq!(r.outdated("情報システム課", last), None, "the last day");
        assert_eq!(r.outdated("情報システム課", day("2021-04-01")), Some(("情報政策課", Some(last))), "the day after");
        assert_eq!(r.outdated("企画部情報システム課（統計）", day("2021-04-01")), Some(("情報政策課", Some(last))));
        assert_eq!(r.outdated("広報統計課", day("1990-01-01")), Some(("情報政策課", None)), "no day is known");
        assert_eq!(r.outdated("総務課", day("2025-04-01")), None, "another department bears it today");
        assert_eq!(r.outdated("防災課", day("2025-04-01")), None, "nobody");
    }

    #[test]
    fn group_words_are_nobody() {
        let r = register();
        for word in ["全庁", "関係各課", "福祉部各課", "企画課など", "企画課 等", "全所管"] {
            assert!(r.is_group(word), "{word}");
        }
        for name in ["企画課", "図書館", "農業委員会事務局", "人権・男女共同参画課"] {
            assert!(!r.is_group(name), "{name}");
        }
    }

    #[test]
    fn what_goes_with_a_department_is_none() {
        let r = register();
        for aside in ["総務部", "本庄市", "庶務係", "山田太郎", "担当:山田(0495-25-1111)", "内線2345", "(代理)"] {
            assert!(r.is_aside(aside), "{aside}");
        }
        for name in ["情報政策課", "防災課", "会計管理者", "教育委員会", "支所", "全庁"] {
            assert!(!r.is_aside(name), "{name}");
        }
    }

    #[test]
    fn cells_split_into_names() {
        let r = register();
        let unknown = Register::default();
        for (cell, expected) in [
            ("企画課、広報課", vec!["企画課", "広報課"]),
            ("人権・男女共同参画課・市民課", vec!["人権・男女共同参画課", "市民課"]),
            ("市民課\n国保年金課", vec!["市民課", "国保年金課"]),
            ("行政改革課・\n市民課", vec!["行政改革課", "市民課"]),
            ("企 画 課", vec!["企 画 課"]),
            ("企画課　広報課", vec!["企画課", "広報課"]),
            ("情報政策課（DX担当、統計）、市民課", vec!["情報政策課（DX担当、統計）", "市民課"]),
            ("", vec![]),
        ] {
            assert_eq!(split_departments(cell, &r), expected, "{cell}");
            assert_eq!(split_departments(cell, &unknown), expected, "{cell} without a register");
        }
    }
}
