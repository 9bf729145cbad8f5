//! P502 one-sided-merge: a merger that only one of its sides tells.

use super::Case;
use crate::finding::Origin;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::plan::lineage::{self, Change};

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P502",
    slug: "one-sided-merge",
    severity: Severity::Warning,
    title: StaticText { ja: "統合が片方にしか書かれていません", en: "a merger is told on one side only" },
    what: StaticText {
        ja: "「統合」とした取組の行き先が、統合を受け入れたことを書いているかを調べます。逆に、受け入れた側が挙げる取組が統合になっているかも調べます。",
        en: "Looks whether the initiative into which another was merged says so too, and the other way round.",
    },
    why: StaticText {
        ja: "受け入れた側に書かれていないと、統合された取組がなくなったように見えます。",
        en: "If the receiving side is silent, the merged initiative looks lost.",
    },
    example: StaticText {
        ja: "No.69は「No.68へ統合」、No.68の変更理由は空欄。",
        en: "No.69 says 「merged into No.68」; No.68 gives no reason at all.",
    },
    fix: StaticText {
        ja: "受け入れた取組（または統合された取組）の変更理由に、統合のことを書き足してください。",
        en: "Add the merger to the reason of the side that is silent.",
    },
};

/// Compares what both sides of each merger say.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let lineage = lineage::read(case.plan, case.form);
    let Some(field) = case.form.by_role(Role::ChangeReason) else { return Vec::new() };
    let mut found = Vec::new();
    for change in &lineage.changes {
        for into in &change.successors {
            let other = &lineage.changes[*into];
            // 「過年度分の取組を統合した」 tells a merger without naming it by number: enough for a reader.
            let tells = other.predecessors.contains(&change.initiative) || (other.reason.contains("統合") && other.predecessors.is_empty());
            if !tells && !other.successors.contains(&change.initiative) {
                found.push(silent(
                    case,
                    &field.key,
                    other,
                    change,
                    "受け入れた側に統合のことが書かれていません",
                    "the receiving side does not tell it",
                ));
            }
        }
        for from in &change.predecessors {
            let other = &lineage.changes[*from];
            if !other.successors.contains(&change.initiative) && !other.predecessors.contains(&change.initiative) {
                found.push(silent(case, &field.key, other, change, "統合された側に統合のことが書かれていません", "the merged side does not tell it"));
            }
        }
        if lineage::is_merger(&change.kind) && change.successors.is_empty() {
            let key = &case.plan.initiatives[change.initiative].key;
            found.push(Finding::new(&RULE).initiative(key).field(&field.key).found(&change.reason).discriminator("no-target").message(
                format!("{key}: 「{}」ですが、どの取組へ統合するのか書かれていません", change.kind),
                format!("{key}: 「{}」, but the reason does not say into what", change.kind),
            ));
        }
    }
    found
}

/// The finding for the side that is silent; the side that speaks is quoted.
fn silent(case: &Case<'_>, field: &str, quiet: &Change, speaking: &Change, ja: &str, en: &str) -> Finding {
    let (q, s) = (&case.plan.initiatives[quiet.initiative], &case.plan.initiatives[speaking.initiative]);
    Finding::new(&RULE)
        .initiative(&q.key)
        .field(field)
        .found(&quiet.reason)
        .expected(format!("{} {}", s.key, s.name))
        .discriminator(&s.key)
        .message(
            format!("{}「{}」と{}「{}」の統合: {ja}", q.key, q.name, s.key, s.name),
            format!("merger of {} 「{}」 and {} 「{}」: {en}", q.key, q.name, s.key, s.name),
        )
        .related("統合を書いている側", "the side that tells it", format!("{}: {}", s.key, speaking.reason), Origin::default())
        .related("もう一方", "the other side", format!("{}: {} {}", q.key, quiet.kind, quiet.reason), Origin::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn case(first: (&str, &str), second: (&str, &str)) -> Fixture {
        let data = json!({"sheets": [
            {"no": 1, "name": "窓口の改善", "kind": first.0, "reason": first.1}, {"no": 2, "name": "道路の点検", "kind": second.0, "reason": second.1},
        ]});
        Fixture::new("[[field]]\nkey=\"kind\"\nrole=\"change-type\"\n[[field]]\nkey=\"reason\"\nrole=\"change-reason\"", data)
    }

    #[test]
    fn both_sides_tell_it() {
        assert!(shown(case(("統合", "「No.2 道路の点検」へ統合する。"), ("継続", "「No.1 窓口の改善」を統合した。")).run(check)).is_empty());
    }

    #[test]
    fn one_side_is_silent() {
        assert_eq!(shown(case(("統合", "「No.2 道路の点検」へ統合する。"), ("継続", "")).run(check)), ["P502 2 reason  | 1 窓口の改善"]);
        assert_eq!(shown(case(("継続", ""), ("継続", "「No.1 窓口の改善」を統合した。")).run(check)), ["P502 1 reason  | 2 道路の点検"]);
        assert_eq!(shown(case(("統合", "類似のため。"), ("継続", "")).run(check)), ["P502 1 reason 類似のため。 | "]);
    }

    #[test]
    fn a_merger_told_without_a_number_is_told() {
        assert!(shown(case(("統合", "「No.2 道路の点検」へ統合。"), ("継続", "窓口の取組を統合した。")).run(check)).is_empty());
    }
}
