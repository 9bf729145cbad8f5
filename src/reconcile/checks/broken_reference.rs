//! P501 broken-reference: a text cites an initiative, or an SDG, that is not there.

use super::Case;
use super::plan_texts::{TextOf, texts};
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::{FilledBy, Role};
use crate::intake::Intake;
use crate::plan::entries::tables;
use crate::plan::lineage::{Citation, Index};
use crate::value::same_text;
use serde_json::Value;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P501",
    slug: "broken-reference",
    severity: Severity::Warning,
    title: StaticText {
        ja: "番号と名称の合わない引用、または存在しない番号の引用があります", en: "a reference names something that is not there"
    },
    what: StaticText {
        ja: "取組の文中にある「No.38 事務事業の見直し」のような引用について、番号の取組があるか、名称がその番号の取組のものかを調べます。SDGsは1から17までかを調べます。",
        en: "Looks at citations such as 「No.38 name」: whether the number exists and bears that name; and whether SDG numbers lie between 1 and 17.",
    },
    why: StaticText {
        ja: "引用先を間違えると、統合や見直しの経緯をたどれなくなります。",
        en: "A wrong reference breaks the trail of mergers and changes.",
    },
    example: StaticText {
        ja: "No.8の変更理由「No.38 事務事業の定期的な見直し」→ その名称はNo.37です。",
        en: "No.8 cites 「No.38 事務事業の定期的な見直し」, which is No.37.",
    },
    fix: StaticText {
        ja: "引用の番号か名称を、計画の一覧に合わせて直してください。",
        en: "Correct the number or the name after the list of the plan.",
    },
};

/// Citations of the plan and of the reports, and SDG numbers.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let index = Index::new(case.plan);
    let mut found = Vec::new();
    for text in texts(case) {
        found.extend(index.citations(text.text).iter().filter_map(|c| wrong(case, c, &text)));
    }
    found.extend(reported(case, &index, case.intake));
    found.extend(sdgs(case));
    found
}

/// The finding of a citation whose number is nobody's, or another's.
fn wrong(case: &Case<'_>, citation: &Citation, text: &TextOf<'_>) -> Option<Finding> {
    let name_of = |at: usize| format!("No.{} {}", case.plan.initiatives[at].key, case.plan.initiatives[at].name);
    let own = &case.plan.initiatives[text.initiative].key;
    let quoted = text.text.contains(&format!("「{}", citation.as_written)) || !citation.name.is_empty();
    let (ja, en, expected) = match (citation.by_number, citation.by_name) {
        (Some(n), Some(m)) if n == m => return None,
        (Some(_), None) if citation.name.is_empty() => return None,
        (None, None) if !quoted || !case.plan.initiatives.iter().any(|i| i.key.bytes().all(|b| b.is_ascii_digit())) => return None,
        (_, Some(meant)) => ("その名称の取組は番号が違います", "the initiative of that name has another number", name_of(meant)),
        (Some(numbered), None) => ("その番号の取組は名称が違います", "the initiative of that number has another name", name_of(numbered)),
        (None, None) => ("その番号の取組はありません", "there is no initiative of that number", String::new()),
    };
    let mut finding = Finding::new(&RULE)
        .initiative(own)
        .field(text.key)
        .found(&citation.as_written)
        .expected(&expected)
        .discriminator(&citation.number)
        .message(
            format!("{own}の「{}」: {ja}（{expected}）", citation.as_written),
            format!("{own} cites 「{}」: {en} ({expected})", citation.as_written),
        )
        .related("引用のある文", "the text", text.text, Origin::default());
    if let Some(at) = citation.by_number.filter(|at| citation.by_name != Some(*at)) {
        finding = finding.related("その番号の取組", "the initiative of that number", name_of(at), Origin::default());
    }
    Some(finding)
}

/// Citations in what departments wrote, where it is not the plan's own text.
fn reported(case: &Case<'_>, index: &Index, intake: &Intake) -> Vec<Finding> {
    let mut found = Vec::new();
    for answer in &case.matched.answers {
        let Some(reading) = answer.reading.and_then(|r| intake.readings.get(r)) else { continue };
        let initiative = &case.plan.initiatives[answer.initiative];
        for (key, value) in &reading.fields {
            let asked = case.form.fields.iter().any(|f| f.by == FilledBy::Department && key.split('.').next() == f.key.split('.').next());
            let Some(text) = value.value.as_deref().filter(|_| asked) else { continue };
            if initiative.fields.get(key).is_some_and(|own| same_text(own, text)) {
                continue;
            }
            let place = TextOf { initiative: answer.initiative, key, text, role: None };
            let wrong = index.citations(text).into_iter().filter_map(|c| wrong(case, &c, &place));
            found.extend(wrong.map(|f| f.at(value.origin.clone()).department(&answer.department)));
        }
    }
    found
}

/// SDG numbers outside 1 to 17, on sheets and in tables.
fn sdgs(case: &Case<'_>) -> Vec<Finding> {
    let Some(field) = case.form.by_role(Role::Sdgs) else { return Vec::new() };
    let mut found = Vec::new();
    let mut look = |at: usize, numbers: Option<&Value>, place: &str| {
        for number in numbers.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_i64).filter(|n| !(1..=17).contains(n)) {
            let initiative = &case.plan.initiatives[at];
            found.push(
                Finding::new(&RULE)
                    .initiative(&initiative.key)
                    .field(&field.key)
                    .found(number.to_string())
                    .expected("1～17")
                    .discriminator(format!("{place} {number}"))
                    .message(
                        format!("{}「{}」: SDGsの{number}番はありません（{place}）", initiative.key, initiative.name),
                        format!("{} 「{}」: there is no SDG {number} ({place})", initiative.key, initiative.name),
                    )
                    .related(place, place, numbers.map(Value::to_string).unwrap_or_default(), Origin::default()),
            );
        }
    };
    for (at, initiative) in case.plan.initiatives.iter().enumerate() {
        look(at, initiative.raw.get(&field.key), "調書");
    }
    for table in tables(case.plan, case.form) {
        for entry in &table.entries {
            if let Some(at) = entry.initiative {
                look(at, entry.value.get(&field.key), &table.title);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn case(reason: &str) -> Fixture {
        let data = json!({"sheets": [
            {"no": 1, "name": "窓口の改善", "text": reason}, {"no": 2, "name": "道路の点検", "text": "", "sdgs": [3, 17]},
        ]});
        Fixture::new("[[field]]\nkey=\"text\"\nrole=\"change-reason\"\n[[field]]\nkey=\"sdgs\"\nrole=\"sdgs\"", data)
    }

    #[test]
    fn right_references_are_silent() {
        assert!(shown(case("「No.2 道路の点検」へ統合。No.2も参照。WPA No.").run(check)).is_empty());
    }

    #[test]
    fn wrong_numbers_and_unknown_ones_are_told() {
        assert_eq!(shown(case("「No.1 道路の点検」と統合").run(check)), ["P501 1 text No.1 道路の点検 | No.2 道路の点検"]);
        assert_eq!(shown(case("「No.9 水道」と統合").run(check)), ["P501 1 text No.9 水道 | "]);
    }

    #[test]
    fn a_name_that_differs_a_little_is_another_rule() {
        assert!(shown(case("「No.2 道路等の点検」へ").run(check)).is_empty());
    }

    #[test]
    fn there_are_seventeen_goals() {
        let data = json!({"sheets": [{"no": 1, "name": "a", "sdgs": [17, 18]}]});
        let found = Fixture::new("[[field]]\nkey=\"sdgs\"\nrole=\"sdgs\"", data).run(check);
        assert_eq!(shown(found), ["P501 1 sdgs 18 | 1～17"]);
    }
}
