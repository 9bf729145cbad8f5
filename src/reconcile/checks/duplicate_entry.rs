//! R311 duplicate-entry: one department reports one initiative twice.

use super::Case;
use crate::finding::{Finding, Origin, Rule, Severity, StaticText};
use crate::intake::Reading;

/// R311.
pub static RULE: Rule = Rule {
    code: "R311",
    slug: "duplicate-entry",
    severity: Severity::Error,
    title: StaticText { ja: "同じ取組の報告が二つあります", en: "one initiative is reported twice" },
    what: StaticText {
        ja: "同じ課から、同じ取組のシート（行）が二つ以上届いているものを探します。差替えのファイル（I107）や、別の課との共同の取組は対象外です。",
        en: "Two sheets or rows of one department for one initiative. A corrected file (I107) and a joint initiative of two departments are none.",
    },
    why: StaticText {
        ja: "どちらが正しい報告か決められません。最初のものを仮に使っています。",
        en: "Nobody can tell which one counts. The first is used for now.",
    },
    example: StaticText { ja: "企画課のファイルに、1-01のシートが二枚ある。", en: "The file holds two sheets for 1-01." },
    fix: StaticText {
        ja: "正しい方だけを残したファイルを、改めて提出するよう課に依頼してください。",
        en: "Please ask the department for a file with the right one only.",
    },
};

/// Finds further reports of the same department.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answer in &case.matched.answers {
        let (Some(initiative), Some(first)) = (case.plan.initiatives.get(answer.initiative), answer.reading) else { continue };
        let sender = |r: &usize| case.matched.reading_department.get(r).unwrap_or(&answer.department);
        for other in answer.others.iter().filter(|r| sender(r) == sender(&first)) {
            let (Some(one), Some(two)) = (case.intake.readings.get(first), case.intake.readings.get(*other)) else { continue };
            let (here, there) = (place(case, two), place(case, one));
            let (ja, en) = if same_answers(case, one, two) {
                ("内容は同じです。", " They say the same.")
            } else {
                ("内容が違います。", " They differ.")
            };
            let name = &initiative.name;
            findings.push(
                Finding::new(&RULE)
                    .department(sender(other))
                    .initiative(&initiative.key)
                    .found(here.to_string())
                    .expected(there.to_string())
                    .discriminator(format!("{} {}", two.sheet, case.file_of(two)))
                    .related("もう一つの報告", "the other report", name, there)
                    .message(
                        format!("「{name}」の報告が「{}」と「{}」の二つにあります。{ja}", one.sheet, two.sheet),
                        format!("「{name}」 is reported on 「{}」 and on 「{}」.{en}", one.sheet, two.sheet),
                    )
                    .at(here),
            );
        }
    }
    findings
}

/// The cell of the name, or the sheet.
fn place(case: &Case<'_>, reading: &Reading) -> Origin {
    case.name_in(reading).map_or_else(|| Origin::sheet(case.file_of(reading), &reading.sheet), |(_, v)| v.origin.clone())
}

fn same_answers(case: &Case<'_>, one: &Reading, two: &Reading) -> bool {
    let asked = |key: &str| case.key(key).is_some_and(|k| k.asked);
    one.fields.iter().filter(|(key, _)| asked(key)).all(|(key, value)| two.fields.get(key).is_some_and(|v| v.value == value.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    fn bench() -> Bench {
        Bench::new().initiative("1", "窓口", "企画課", &[]).report("1", "企画課", &[("name", Some("窓口")), ("report.R6", Some("甲"))])
    }

    #[test]
    fn one_report_is_silent() {
        assert_eq!(bench().check(check).len(), 0);
    }

    #[test]
    fn the_second_is_found_at_its_name() {
        let findings = bench().report("1", "企画課", &[("name", Some("窓口")), ("report.R6", Some("乙"))]).check(check);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].origin, Origin::cell("企画課.xlsx", "1", "C1"));
        assert!(findings[0].message.ja.contains("内容が違います"));
    }

    #[test]
    fn another_department_makes_it_joint() {
        assert_eq!(bench().report("1", "市民課", &[("name", Some("窓口"))]).check(check).len(), 0);
    }
}
