//! R301 missing-department: nothing arrived from a department that was asked.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::intake::Status;
use std::collections::{BTreeMap, BTreeSet};

/// R301.
pub static RULE: Rule = Rule {
    code: "R301",
    slug: "missing-department",
    severity: Severity::Error,
    title: StaticText { ja: "提出がありません", en: "nothing arrived from the department" },
    what: StaticText {
        ja: "報告を依頼した課のうち、ファイルが一つも届いていないものを探します。読めないファイルが届いている課は、そのファイルの指摘（I101など）になります。",
        en: "A department that was asked for a report and from which no file arrived. A file that cannot be read is a finding of its own (I101 and so on).",
    },
    why: StaticText {
        ja: "その課の取組がすべて「未提出」のまま印刷されます。", en: "All its initiatives are printed as 未提出 (not submitted)."
    },
    example: StaticText {
        ja: "生涯学習課からファイルが届いていない（取組1件）。", en: "No file arrived from 生涯学習課 (one initiative)."
    },
    fix: StaticText {
        ja: "報告の様式に記入して提出するよう、課に依頼してください。", en: "Please ask the department to fill in and send the form."
    },
};

/// Finds departments that sent nothing.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing: BTreeSet<&str> =
        case.matched.ledger.iter().filter(|e| e.status == Status::Missing).filter_map(|e| e.department.as_deref()).collect();
    let mut waiting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for answer in case.matched.answers.iter().filter(|a| a.reading.is_none()) {
        if let Some(initiative) = case.plan.initiatives.get(answer.initiative) {
            waiting.entry(answer.department.as_str()).or_default().push(&initiative.key);
        }
    }
    missing
        .into_iter()
        .map(|department| {
            let keys = waiting.get(department).map(Vec::as_slice).unwrap_or_default();
            let list = super::first_few(keys);
            let (ja, en) = if keys.is_empty() {
                (String::new(), String::new())
            } else {
                (format!("（取組{}件：{list}）", keys.len()), format!(" ({} initiatives: {list})", keys.len()))
            };
            Finding::new(&RULE)
                .department(department)
                .expected(list)
                .message(format!("{department}から提出がありません{ja}。"), format!("Nothing arrived from {department}{en}."))
                .help(
                    format!("{department}に、報告の様式に記入して提出するよう依頼してください。"),
                    format!("Please ask {department} to fill in and send the form."),
                )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn bench() -> Bench {
        Bench::new().initiative("1", "窓口", "企画課", &[]).initiative("2", "広報", "市民課", &[])
    }

    #[test]
    fn a_department_that_answered_is_silent() {
        let bench = bench().report("1", "企画課", &[]).ledger("企画課", Some("企画課.xlsx"), Status::Accepted);
        assert_eq!(bench.check(check).len(), 0);
    }

    #[test]
    fn a_silent_department_is_named_once_with_what_it_owes() {
        let findings = bench().ledger("市民課", None, Status::Missing).ledger("市民課", None, Status::Missing).check(check);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].department.as_deref(), Some("市民課"));
        assert_eq!(findings[0].message.ja, "市民課から提出がありません（取組1件：2）。");
        assert_eq!(findings[0].initiative, None);
    }

    #[test]
    fn an_unreadable_file_is_no_silence() {
        assert_eq!(bench().ledger("市民課", Some("市民課.xlsx"), Status::Unreadable).check(check).len(), 0);
    }
}
