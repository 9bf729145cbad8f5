//! R303 unknown-initiative: a report for something that the plan does not have. Candidates are offered; a person decides.

use super::Case;
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::plan::Initiative;
use crate::value::fold;
use std::collections::{BTreeMap, BTreeSet};

/// R303.
pub static RULE: Rule = Rule {
    code: "R303",
    slug: "unknown-initiative",
    severity: Severity::Warning,
    title: StaticText { ja: "計画にない取組の報告です", en: "a report for an initiative that the plan does not have" },
    what: StaticText {
        ja: "シート（行）の取組名・番号・課のいずれからも、計画のどの取組か決められないものを探します。似た名称の取組があれば、理由と近さを添えて候補として示します。自動では結び付けません。",
        en: "A sheet or row that neither its name nor its number and department tie to an initiative of the plan. Near names are offered with reason and score; nothing is tied by force.",
    },
    why: StaticText {
        ja: "この報告は、人が決めるまでどこにも印刷されません。", en: "The report is printed nowhere until a person decides."
    },
    example: StaticText {
        ja: "下水道課のファイルに、計画にない「移動図書館車の運行見直し」のシートがある。",
        en: "A file holds a sheet 「移動図書館車の運行見直し」, which the plan does not have.",
    },
    fix: StaticText {
        ja: "計画の取組であれば、waivers.xlsx の「この取組として扱う」に整理番号を書いてください。そうでなければ課に確認してください。",
        en: "If it is one of the plan's, please write its number into the column 「この取組として扱う」 of waivers.xlsx; otherwise ask the department.",
    },
};

/// Likeness from which a candidate is worth a reader's time.
const WORTH: f64 = 0.45;

/// Finds reports that fit no initiative.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let names = Names::of(case);
    let mut findings = Vec::new();
    for &index in &case.matched.unknown {
        let Some(reading) = case.intake.readings.get(index) else { continue };
        let named = case.name_in(reading);
        let name = named.and_then(|(_, v)| v.value.as_deref()).unwrap_or("").trim();
        let department = case.matched.reading_department.get(&index).map(String::as_str);
        let origin = named.map_or_else(|| Origin::sheet(case.file_of(reading), &reading.sheet), |(_, v)| v.origin.clone());
        let candidates = names.candidates(name, department);
        let mut finding = Finding::new(&RULE)
            .at(origin)
            .found(name)
            .expected(candidates.iter().map(Candidate::short).collect::<Vec<_>>().join("、"))
            .discriminator(format!("{} {}", reading.sheet, fold(name)))
            .message(message_ja(name, &candidates), message_en(name, &candidates));
        finding.department = department.map(str::to_owned);
        finding.field = named.map(|(key, _)| key.to_owned());
        for candidate in &candidates {
            finding =
                finding.related("候補", "candidate", format!("{} {}（{}）", candidate.key, candidate.name, candidate.reason()), Origin::default());
        }
        findings.push(finding);
    }
    findings
}

fn message_ja(name: &str, candidates: &[Candidate<'_>]) -> String {
    let shown = if name.is_empty() { "名称のない取組" } else { name };
    match candidates.first() {
        None => format!("「{shown}」は計画にない取組です。"),
        Some(c) => format!("「{shown}」は計画にない取組です。「{} {}」のことかもしれません（{}）。", c.key, c.name, c.reason()),
    }
}

fn message_en(name: &str, candidates: &[Candidate<'_>]) -> String {
    let near = candidates.first().map_or_else(String::new, |c| format!(" 「{} {}」 may be meant ({:.0} % alike).", c.key, c.name, c.score * 100.0));
    format!("The plan has no initiative 「{name}」.{near}")
}

/// How alike two names are, 0 to 1, width and blanks folded away.
pub(crate) fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&fold(super::renamed_initiative::bare_name(a)), &fold(b))
}

/// An initiative that may be meant.
struct Candidate<'a> {
    key: &'a str,
    name: &'a str,
    score: f64,
    same_department: bool,
    open: bool,
}

impl Candidate<'_> {
    fn short(&self) -> String {
        format!("{} {}", self.key, self.name)
    }

    fn reason(&self) -> String {
        let mut reasons = vec![format!("名称の近さ{:.0}％", self.score * 100.0)];
        if self.same_department {
            reasons.push("同じ課の取組".to_owned());
        }
        if self.open {
            reasons.push("報告がまだない".to_owned());
        }
        reasons.join("・")
    }
}

/// The plan's names, indexed by pairs of neighbouring characters so that a name is compared with few others however long the plan is.
struct Names<'a> {
    initiatives: Vec<(&'a Initiative, &'a str, bool)>,
    pairs: BTreeMap<(char, char), Vec<usize>>,
}

/// At most this many initiatives are looked at for one pair of characters, and this many pairs of a name.
const MOST_LOOKED_AT: usize = 64;

impl<'a> Names<'a> {
    fn of(case: &Case<'a>) -> Self {
        let mut names = Names { initiatives: Vec::new(), pairs: BTreeMap::new() };
        if case.matched.unknown.is_empty() {
            return names;
        }
        for answer in &case.matched.answers {
            let Some(initiative) = case.plan.initiatives.get(answer.initiative) else { continue };
            let at = names.initiatives.len();
            names.initiatives.push((initiative, &answer.department, answer.reading.is_none()));
            for pair in pairs_of(&initiative.name) {
                names.pairs.entry(pair).or_default().push(at);
            }
        }
        names
    }

    /// At most three initiatives whose name is near, the nearest first; the same department and an open answer count for a little.
    fn candidates(&self, name: &str, department: Option<&str>) -> Vec<Candidate<'a>> {
        let mut pairs: Vec<&Vec<usize>> = pairs_of(super::renamed_initiative::bare_name(name)).iter().filter_map(|p| self.pairs.get(p)).collect();
        pairs.sort_by_key(|places| places.len());
        let near: BTreeSet<usize> = pairs.iter().take(MOST_LOOKED_AT / 4).flat_map(|p| p.iter().take(MOST_LOOKED_AT)).copied().collect();
        let mut candidates: Vec<Candidate<'_>> = near
            .into_iter()
            .map(|at| {
                let (initiative, asked, open) = self.initiatives[at];
                let same_department = department == Some(asked);
                Candidate { key: &initiative.key, name: &initiative.name, score: likeness(name, &initiative.name), same_department, open }
            })
            .filter(|c| c.score >= WORTH)
            .collect();
        let weight = |c: &Candidate<'_>| c.score + if c.same_department { 0.1 } else { 0.0 } + if c.open { 0.1 } else { 0.0 };
        candidates.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.key.cmp(b.key)));
        candidates.truncate(3);
        candidates
    }
}

/// Pairs of neighbouring characters of a name, each once.
fn pairs_of(name: &str) -> BTreeSet<(char, char)> {
    let chars: Vec<char> = fold(name).chars().collect();
    chars.windows(2).map(|w| (w[0], w[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn bench() -> Bench {
        Bench::new().initiative("1", "窓口業務の改善と効率化", "企画課", &[]).initiative("2", "広報の充実", "市民課", &[])
    }

    #[test]
    fn matched_reports_are_silent() {
        assert_eq!(bench().report("1", "企画課", &[("name", Some("窓口業務の改善と効率化"))]).check(check).len(), 0);
    }

    #[test]
    fn an_unknown_name_is_found_at_its_cell_without_an_initiative() {
        assert_eq!(bench().report("x", "企画課", &[("name", Some("移動図書館車の運行"))]).shown(check), ["R303 - name C1: 移動図書館車の運行 / "]);
    }

    #[test]
    fn near_names_are_offered_with_reason_and_score() {
        let findings = bench().report("x", "企画課", &[("name", Some("窓口業務の改善・効率化"))]).check(check);
        assert_eq!(findings[0].expected, "1 窓口業務の改善と効率化");
        assert!(findings[0].message.ja.contains("同じ課の取組・報告がまだない"), "{}", findings[0].message.ja);
    }

    #[test]
    fn a_sheet_without_a_name_cell_is_told_by_its_sheet() {
        let findings = bench().report("x", "企画課", &[]).check(check);
        assert_eq!(findings[0].origin, Origin::sheet("企画課.xlsx", "x"));
    }
}
