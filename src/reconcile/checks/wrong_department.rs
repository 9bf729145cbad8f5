//! R305 wrong-department: the report came from a department that the plan does not name for it.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{Kind, Role};
use crate::plan::Initiative;
use crate::value::split_departments;

/// R305.
pub static RULE: Rule = Rule {
    code: "R305",
    slug: "wrong-department",
    severity: Severity::Warning,
    title: StaticText { ja: "計画の担当課と違う課です", en: "this is not the department that the plan names" },
    what: StaticText {
        ja: "計画で担当とされていない課から届いた報告と、課が担当課を書く様式で、課の名簿にない名称が書かれたものを探します。複数の課が担当する取組は、そのどの課から届いても構いません。",
        en: "A report from a department that the plan does not name as lead; and, where departments write who leads, a name that the register does not have. Of a joint initiative any lead may report.",
    },
    why: StaticText {
        ja: "ほかの課のシートに誤って記入されたものかもしれません。",
        en: "It may have been written into another department's sheet by mistake.",
    },
    example: StaticText {
        ja: "市民課が担当する取組の報告が、企画課のファイルに入っている。",
        en: "A report on an initiative of 市民課 stands in the file of 企画課.",
    },
    fix: StaticText {
        ja: "どちらの課の報告か確かめてください。担当が移った場合は、設定の割当てを直してください。",
        en: "Please check whose report it is; if the task has moved, correct the assignment in the settings.",
    },
};

/// Finds reports from others than the leads, and names that are no department's.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for answered in case.answered() {
        let leads = leads_of(case, answered.initiative);
        if !leads.is_empty() && !leads.iter().any(|l| l == answered.department) {
            let names = leads.join("、");
            let origin = case.name_in(answered.reading).map(|(_, v)| v.origin.clone()).unwrap_or_default();
            findings.push(answered.finding(&RULE).at(origin).found(answered.department).expected(&names).message(
                format!("「{}」は{names}が担当する取組ですが、{}から報告が届きました。", answered.initiative.name, answered.department),
                format!("「{}」 is led by {names}; the report came from {}.", answered.initiative.name, answered.department),
            ));
        }
        findings.extend(unknown_names(case, &answered));
    }
    findings
}

/// Names of today of everyone who may report: the department that was asked and the plan's leads.
fn leads_of(case: &Case<'_>, initiative: &Initiative) -> Vec<String> {
    let register = &case.job.register;
    let today = |name: &str| register.find(name).map_or(name, |(n, _)| n).to_owned();
    let mut leads: Vec<String> = initiative.answers.iter().cloned().collect();
    for name in initiative.leads.iter().filter(|l| !register.is_group(l)) {
        let name = today(name);
        if !leads.contains(&name) {
            leads.push(name);
        }
    }
    leads
}

/// Names that a department wrote as lead and that the register does not have.
fn unknown_names(case: &Case<'_>, answered: &crate::reconcile::Answered<'_>) -> Vec<Finding> {
    let register = &case.job.register;
    let mut findings = Vec::new();
    for (key, what, value) in case.asked(answered) {
        let Some(text) = value.value.as_deref().filter(|_| what.field.kind == Kind::Departments && what.is(Role::Lead)) else { continue };
        let names = split_departments(text, register);
        let known = names.iter().any(|n| register.find(n).is_some());
        let stranger = names.into_iter().find(|n| register.find(n).is_none() && !register.is_group(n) && !(known && register.is_aside(n)));
        let Some(name) = stranger.filter(|_| !register.entries.is_empty()) else { continue };
        let near = super::nearest(&name, register.entries.iter().map(|e| e.name.as_str()), 0.5).unwrap_or_default();
        let label = case.label(key);
        findings.push(answered.at(&RULE, key, value).found(&name).expected(near).discriminator(&name).message(
            format!(
                "{label}の「{name}」は課の名簿にありません。{}",
                if near.is_empty() { String::new() } else { format!("「{near}」のことかもしれません。") }
            ),
            format!(
                "{label}: the register has no department 「{name}」.{}",
                if near.is_empty() { String::new() } else { format!(" 「{near}」 may be meant.") }
            ),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::testing::Bench;

    #[test]
    fn the_department_that_was_asked_is_silent() {
        assert_eq!(Bench::one(&[], &[("name", Some("窓口の改善"))]).check(check).len(), 0);
    }

    #[test]
    fn another_department_is_found_at_the_name() {
        let bench = Bench::new().initiative("1", "窓口の改善", "企画課", &[]).report("1", "市民課", &[("name", Some("窓口の改善"))]);
        assert_eq!(bench.shown(check), ["R305 1 - C1: 市民課 / 企画課"]);
    }

    #[test]
    fn every_lead_of_a_joint_initiative_may_report_under_any_of_its_names() {
        let mut bench = Bench::new().initiative("1", "窓口の改善", "企画課", &[]).report("1", "市民課", &[("name", Some("窓口の改善"))]);
        bench.plan.initiatives[0].leads = vec!["企画室".to_owned(), "市民課".to_owned()];
        assert_eq!(bench.check(check).len(), 0);
    }
}
