//! P503 rename-without-name: a renaming without the new name.

use super::Case;
use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::form::Role;
use crate::plan::lineage;

/// The rule; its texts are the documentation.
pub static RULE: Rule = Rule {
    code: "P503",
    slug: "rename-without-name",
    severity: Severity::Warning,
    title: StaticText { ja: "名称変更とありますが、新しい名称が書かれていません", en: "a renaming without the new name" },
    what: StaticText {
        ja: "変更種別が「名称変更」の取組で、変更理由に新しい名称（「○○」に名称変更）があるかを調べます。",
        en: "Looks whether the reason of a renaming gives the new name.",
    },
    why: StaticText {
        ja: "新しい名称が分からないと、翌年度の計画に引き継げません。", en: "Without the new name next year’s plan cannot be made."
    },
    example: StaticText {
        ja: "No.65「名称変更」、変更理由「…の取組を統合した。」だけ。",
        en: "No.65 is renamed, and its reason only tells of a merger.",
    },
    fix: StaticText {
        ja: "変更理由に新しい名称を「」に入れて書いてください。", en: "Write the new name in 「」 into the reason."
    },
};

/// Renamings whose reason holds no new name.
pub fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(field) = case.form.by_role(Role::ChangeReason) else { return Vec::new() };
    let lineage = lineage::read(case.plan, case.form);
    let nameless = lineage.changes.iter().filter(|c| lineage::is_renaming(&c.kind) && c.new_name.is_none());
    nameless
        .map(|change| {
            let initiative = &case.plan.initiatives[change.initiative];
            Finding::new(&RULE)
                .initiative(&initiative.key)
                .field(&field.key)
                .found(&change.reason)
                .expected("「…」に名称変更")
                .message(
                    format!("{}「{}」: 「{}」ですが、変更理由に新しい名称がありません", initiative.key, initiative.name, change.kind),
                    format!("{} 「{}」: 「{}」, but the reason gives no new name", initiative.key, initiative.name, change.kind),
                )
                .related("変更理由", "reason", &change.reason, crate::finding::Origin::default())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::checks::plan_case::{Fixture, shown};
    use serde_json::json;

    fn found(kind: &str, reason: &str) -> Vec<String> {
        let data = json!({"sheets": [{"no": 1, "name": "窓口の改善", "kind": kind, "reason": reason}]});
        shown(Fixture::new("[[field]]\nkey=\"kind\"\nrole=\"change-type\"\n[[field]]\nkey=\"reason\"\nrole=\"change-reason\"", data).run(check))
    }

    #[test]
    fn a_renaming_with_its_name_is_silent() {
        assert!(found("名称変更", "「窓口サービスの向上」に名称変更。").is_empty());
        assert!(found("継続", "記述を変更した。").is_empty());
    }

    #[test]
    fn a_renaming_without_a_name_is_told() {
        assert_eq!(found("名称変更", "二つの取組を統合した。"), ["P503 1 reason 二つの取組を統合した。 | 「…」に名称変更"]);
    }

    #[test]
    fn a_quoted_phrase_is_no_new_name() {
        assert_eq!(found("名称変更", "「民間活力」という表現を使う。").len(), 1);
        assert!(found("名称変更", "名称を「～利活用」に変更。").is_empty(), "a shortened name is a name");
    }
}
