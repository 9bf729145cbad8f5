//! The columns of `waivers.xlsx` and `corrections.xlsx`: one list for the writer (`render::xlsx`) and the reader (here).
//!
//! Headings may be reordered, and further columns added by a person; a column is known by its heading, with width and blanks folded away.

/// Name of the sheet that holds the waivers.
pub const WAIVERS_SHEET: &str = "確認済み";
/// Name of the sheet that holds the corrections.
pub const CORRECTIONS_SHEET: &str = "訂正";

/// Id of the finding; stable from run to run.
pub const ID: &str = "指摘ID";
/// Code of the rule.
pub const CODE: &str = "コード";
/// エラー, 警告 or 注記.
pub const SEVERITY: &str = "重要度";
/// Department that must act.
pub const DEPARTMENT: &str = "課";
/// Key of the initiative (in both files).
pub const INITIATIVE: &str = "整理番号";
/// Field key (in both files).
pub const FIELD: &str = "項目";
/// File below `input/`.
pub const FILE: &str = "ファイル";
/// Sheet of that file.
pub const SHEET: &str = "シート";
/// Cell.
pub const CELL: &str = "セル";
/// The message.
pub const MESSAGE: &str = "指摘内容";
/// What was found; a waiver holds only as long as this does not change.
pub const FOUND: &str = "見つかった値";
/// What was expected.
pub const EXPECTED: &str = "期待";
/// A person writes 確認済み (or はい, ○ …) here to accept the finding.
pub const VERDICT: &str = "判断（確認済み）";
/// Why it may stand; also why a correction is made.
pub const REASON: &str = "理由";
/// Who accepted it.
pub const BY: &str = "確認者";
/// When.
pub const DATE: &str = "確認日";
/// Until when the acceptance holds; blank for always.
pub const UNTIL: &str = "有効期限";
/// For R303: the key of the initiative that the report is to answer.
pub const DECIDED: &str = "この取組として扱う";

/// The right value.
pub const VALUE: &str = "正しい値";
/// Who gave it, by telephone or the like.
pub const TOLD_BY: &str = "連絡者";
/// When.
pub const TOLD_ON: &str = "連絡日";

/// The columns of `waivers.xlsx`, in the order in which they are written.
pub static WAIVERS: &[&str] =
    &[ID, CODE, SEVERITY, DEPARTMENT, INITIATIVE, FIELD, FILE, SHEET, CELL, MESSAGE, FOUND, EXPECTED, VERDICT, REASON, BY, DATE, UNTIL, DECIDED];

/// The columns of `corrections.xlsx`, in the order in which they are written.
pub static CORRECTIONS: &[&str] = &[INITIATIVE, FIELD, VALUE, TOLD_BY, TOLD_ON, REASON];

/// The columns of `waivers.xlsx` that a person fills in; the others are the program's.
pub static FOR_PEOPLE: &[&str] = &[VERDICT, REASON, BY, DATE, UNTIL, DECIDED];

/// What a person writes to accept a finding; the first is the one offered.
pub static YES: &[&str] = &["確認済み", "確認済", "はい", "○", "〇", "✓", "済", "可", "了解", "yes", "ok"];

/// What a person writes to leave it open.
pub static NO: &[&str] = &["未確認", "いいえ", "×", "✕", "要対応", "no"];
