//! P509 unknown-department: a department of the plan that the job does not know.

use super::Case;
use super::plan_texts::{named, texts};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::value::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P509",
    slug: "unknown-department",
    severity: Severity::Warning,
    title: StaticText {
        ja: "計画にある課名が、設定の課の一覧にありません", en: "the plan names a department that the settings do not know"
    },
    what: StaticText {
        ja: "計画の担当課・関係課の名称が、業務の設定の課の一覧（旧課名を含む）にあるかを調べます。「全庁」「関係各課」などは課の名前と見なしません。",
        en: "Looks whether the departments of the plan stand in the settings, former names included. Words such as 全庁 are no departments.",
    },
    why: StaticText {
        ja: "課名の誤りがあると、照会が届かず、提出も受け取れません。",
        en: "A wrong name means that nobody is asked and no answer is expected.",
    },
    example: StaticText {
        ja: "「行政総務課」→ 一覧にあるのは「行政経営課」「総務課」。",
        en: "「行政総務課」 where the settings list 「行政経営課」 and 「総務課」.",
    },
    fix: StaticText {
        ja: "課名を直すか、設定の課の一覧に加えてください。", en: "Correct the name, or add the department to the settings."
    },
};

/// Names that the register does not know. A register that knows hardly half of the plan's leads lists only those who were asked: then a name counts only
/// where it stands once and is nearly that of a known department.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let register = &case.job.register;
    if register.entries.is_empty() {
        return Vec::new();
    }
    let mut places: BTreeMap<String, Vec<(usize, &str, bool)>> = BTreeMap::new();
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        // The first lead is the one that is asked.
        let leads = initiative.leads.iter().enumerate().map(|(n, name)| (name, n == 0));
        for (name, lead) in leads.chain(initiative.related.iter().map(|n| (n, false))) {
            if !register.is_group(name) && register.find(name).is_none() {
                places.entry(fold(name)).or_default().push((at, name, lead));
            }
        }
    }
    let leads: BTreeSet<String> = case.plan.initiatives.iter().flat_map(|i| i.leads.iter().map(|n| fold(n))).collect();
    let unknown = leads.iter().filter(|n| places.contains_key(*n)).count();
    let complete = unknown * 5 <= leads.len();
    let mut found = Vec::new();
    for named_at in places.values() {
        let (at, name, _) = named_at[0];
        let near = super::nearest(name, register.entries.iter().map(|e| e.name.as_str()), 0.5);
        let is_lead = named_at.iter().any(|(.., lead)| *lead);
        if (is_lead && complete) || (named_at.len() == 1 && near.is_some_and(|n| is_slip(n, name))) {
            found.push(finding(case, at, name, near, named_at.len()));
        }
    }
    found.extend(cut_short(case));
    found
}

/// Departments in running text whose name is the beginning of a known one and no department of its own (「秘書課」 where there is 「秘書政策課」).
fn cut_short(case: &Case<'_>) -> Vec<Finding> {
    let register = &case.job.register;
    let named_leads = case.plan.initiatives.iter().flat_map(|i| i.leads.iter().chain(&i.related));
    let known: BTreeSet<String> = register.entries.iter().map(|e| &e.name).chain(named_leads).map(|n| fold(n)).collect();
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    for text in texts(case).filter(|t| t.role == Some(Role::PlanText)) {
        for name in departments_in(text.text) {
            let stem = name.trim_end_matches('課');
            if stem.chars().count() < 2 || known.contains(&name) || register.is_group(&name) || register.find(&name).is_some() {
                continue;
            }
            let longer = known.range(stem.to_owned()..).next().filter(|n| n.starts_with(stem) && n.ends_with('課'));
            if let Some(longer) = longer.filter(|_| told.insert(name.clone())) {
                let mut slip = finding(case, text.initiative, &name, Some(longer), 1).field(text.key);
                let line = text.text.lines().find(|l| l.contains(&name)).unwrap_or(text.text);
                slip = slip.related("本文", "text", line, Origin::default());
                found.push(slip);
            }
        }
    }
    found
}

/// Words of kanji that end in 課.
fn departments_in(text: &str) -> Vec<String> {
    let kanji = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // 「地域課題」 is no department: nothing of the word may follow.
    let words = text.split(|c| !kanji(c)).filter(|w| w.ends_with('課') && w.chars().count() > 2);
    words.map(str::to_owned).collect()
}

/// Whether two names differ by one character, as a slip of the pen does.
fn is_slip(known: &str, name: &str) -> bool {
    let (a, b) = (fold(known), fold(name));
    a.chars().count() >= 4 && strsim::levenshtein(&a, &b) == 1
}

fn finding(case: &Case<'_>, at: usize, name: &str, near: Option<&str>, times: usize) -> Finding {
    let initiative = &case.plan.initiatives[at];
    let hint = near.map_or(String::new(), |n| format!("。「{n}」ではありませんか"));
    let hint_en = near.map_or(String::new(), |n| format!("; did you mean 「{n}」?"));
    let mut finding = Finding::new(&RULE)
        .initiative(&initiative.key)
        .field(case.form.data.leads.clone().unwrap_or_default())
        .found(name)
        .expected(near.unwrap_or_default())
        .discriminator(name)
        .message(
            format!("{}: 「{name}」は設定の課の一覧にありません（計画に{times}か所）{hint}", named(initiative)),
            format!("{}: 「{name}」 is not in the settings ({times} places in the plan){hint_en}", named(initiative)),
        )
        .related(
            "計画の課名",
            "in the plan",
            initiative.leads.iter().chain(&initiative.related).cloned().collect::<Vec<_>>().join("、"),
            Origin::default(),
        );
    if let Some(near) = near {
        finding = finding.related("設定にある近い課名", "the nearest in the settings", near, Origin::default());
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(leads: [&str; 2], settings: &[&str]) -> Vec<String> {
        let departments: String = settings.iter().map(|n| format!("[[department]]\nname=\"{n}\"\n")).collect();
        let data = json!({"sheets": [{"no": 1, "name": "a", "departments": [leads[0]], "related": ["全庁", "関係各課"]}, {"no": 2, "name": "b", "departments": [leads[1]]},
            {"no": 3, "name": "c", "departments": ["市民課"]}, {"no": 4, "name": "d", "departments": ["財政課"]}, {"no": 5, "name": "e", "departments": ["税務課"]}]});
        shown(Fixture::with_settings("", data, &departments).run(check))
    }

    #[test]
    fn known_departments_and_group_words_are_silent() {
        assert!(found(["企画課", "企画課（統計担当）"], &["企画課", "市民課", "財政課", "税務課"]).is_empty());
        assert!(found(["企画課", "防災課"], &[]).is_empty(), "no register, no finding");
    }

    #[test]
    fn an_unknown_one_is_told_with_the_nearest() {
        assert_eq!(
            found(["企画課", "行政総務課"], &["企画課", "市民課", "財政課", "税務課", "行政経営課"]),
            ["P509 2 departments 行政総務課 | 行政経営課"]
        );
    }

    #[test]
    fn a_name_cut_short_in_the_text_is_told() {
        let data = json!({"sheets": [{"no": 1, "name": "a", "departments": ["秘書政策課"], "text": "意見は秘書課で受け付け、所管課と市民課が市民課題に答える。"}]});
        let fixture = Fixture::with_settings(
            "[[field]]\nkey=\"text\"\nrole=\"plan-text\"",
            data,
            "[[department]]\nname=\"秘書政策課\"\n[[department]]\nname=\"市民課\"",
        );
        assert_eq!(shown(fixture.run(check)), ["P509 1 text 秘書課 | 秘書政策課"]);
    }

    #[test]
    fn a_register_of_a_few_tells_only_slips() {
        assert!(found(["防災課", "建築課"], &["市民課"]).is_empty());
    }
}
