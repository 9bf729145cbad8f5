//! What may be wrong with the rows that people write: rules W601 to W604.

use crate::finding::{Rule, Severity, StaticText};

/// The rules of this room, in the order of their codes.
pub static RULES: &[&Rule] = &[&UNKNOWN_FINDING, &INCOMPLETE, &UNKNOWN_TARGET, &OPEN_AGAIN];

/// W601.
pub static UNKNOWN_FINDING: Rule = Rule {
    code: "W601",
    slug: "waiver-without-finding",
    severity: Severity::Warning,
    title: StaticText { ja: "waivers.xlsx の行が、どの指摘のものか分かりません", en: "a row of waivers.xlsx names no finding" },
    what: StaticText {
        ja: "waivers.xlsx で確認済みとされた行のうち、指摘IDが空欄か、IDの形をしていないものを探します。以前の指摘で、直って消えたものは問題ありません。",
        en: "A row of waivers.xlsx that accepts something and whose id is blank or no id. The id of a finding that was mended is fine.",
    },
    why: StaticText { ja: "確認済みの記録がどの指摘にも効いていません。", en: "The acceptance has no effect." },
    example: StaticText {
        ja: "指摘IDの列が消され、理由だけが書かれている。", en: "The id was deleted and only the reason is left."
    },
    fix: StaticText {
        ja: "出力フォルダーの waivers.xlsx から、その指摘の行を写し直してください。",
        en: "Please copy the row again from the waivers.xlsx in the output folder.",
    },
};

/// W602.
pub static INCOMPLETE: Rule = Rule {
    code: "W602",
    slug: "incomplete-decision",
    severity: Severity::Warning,
    title: StaticText { ja: "確認済みの記録に足りない項目があります", en: "an acceptance is not complete" },
    what: StaticText {
        ja: "確認済みとされた行で理由・確認者が書かれていないもの、判断の言葉や有効期限が読めないもの、「この取組として扱う」の整理番号が計画にないものを探します。",
        en: "An accepted row without reason or name, with a verdict or a last day that cannot be read, or a decision that names no initiative of the plan.",
    },
    why: StaticText {
        ja: "誰がなぜ了としたのか説明できないため、指摘は未対応のままにしています。",
        en: "Nobody could say who accepted it and why, so the finding stays open.",
    },
    example: StaticText {
        ja: "判断が「確認済み」で、理由の欄が空欄。", en: "The verdict is 確認済み and the reason is blank."
    },
    fix: StaticText {
        ja: "waivers.xlsx のその行に、足りない項目を書いてください。", en: "Please complete the row in waivers.xlsx."
    },
};

/// W603.
pub static UNKNOWN_TARGET: Rule = Rule {
    code: "W603",
    slug: "unknown-correction",
    severity: Severity::Error,
    title: StaticText { ja: "corrections.xlsx の行を反映できません", en: "a row of corrections.xlsx cannot be applied" },
    what: StaticText {
        ja: "corrections.xlsx の行のうち、整理番号や項目が計画・様式にないもの、正しい値が空欄のものを探します。",
        en: "A row of corrections.xlsx whose initiative or field is not known, or whose value is blank.",
    },
    why: StaticText {
        ja: "電話などで確かめた値が印刷に反映されません。", en: "A value given by telephone would not be printed."
    },
    example: StaticText {
        ja: "整理番号に「1-99」とあるが、計画にない。",
        en: "The row names the initiative 「1-99」, which the plan does not have.",
    },
    fix: StaticText {
        ja: "整理番号と項目を、出力フォルダーの corrections.xlsx の選択肢から選び直してください。",
        en: "Please choose initiative and field from the lists in the output folder's corrections.xlsx.",
    },
};

/// W604.
pub static OPEN_AGAIN: Rule = Rule {
    code: "W604",
    slug: "acceptance-over",
    severity: Severity::Note,
    title: StaticText { ja: "確認済みの指摘を、改めて未対応にしました", en: "an accepted finding is open again" },
    what: StaticText {
        ja: "waivers.xlsx で確認済みとされた指摘のうち、そのときと値が変わったもの、有効期限が過ぎたものをお知らせします。",
        en: "A finding that was accepted and whose value has changed since, or whose acceptance has run out.",
    },
    why: StaticText { ja: "前に了としたのは、今の内容ではありません。", en: "What was accepted is not what stands there now." },
    example: StaticText {
        ja: "評価「B+」を確認済みとしたが、差替えのファイルでは「良」になっている。",
        en: "「B+」 was accepted; the corrected file says 「良」.",
    },
    fix: StaticText {
        ja: "今の内容を見て、了とする場合は waivers.xlsx の行を新しいものに替えてください。",
        en: "Please look again, and renew the row in waivers.xlsx if you accept it.",
    },
};
