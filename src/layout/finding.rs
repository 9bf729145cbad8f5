//! What layout finds: texts that are too long for their form (C408) and characters that no font has (N208).
//!
//! In: facts of measuring. Out: [`LayoutFinding`]s, which the packet turns into findings of an initiative.
//! Stays true: nothing is cut on account of a finding; it only tells a person to look.

use crate::finding::{Finding, Rule, Severity, StaticText};
use crate::plan::FieldKey;

/// C408: a text is longer than its form has room for.
pub static TOO_LONG_FOR_FORM: Rule = Rule {
    code: "C408",
    slug: "too-long-for-form",
    severity: Severity::Warning,
    title: StaticText { ja: "様式に収まらない長さです", en: "the text is too long for the form" },
    what: StaticText {
        ja: "1ページに収める調書が、文字を最小の大きさまで縮めても収まらないとき、または項目の文字数が様式の目安を超えたときに出します。",
        en: "Raised when a sheet that should be one page does not fit even at its smallest type, or when a text exceeds the length the form expects.",
    },
    why: StaticText {
        ja: "文章は切らずに全文を印刷しますが、続きのページができて読みにくくなり、会議資料の体裁もそろいません。",
        en: "The text is printed whole, but a sheet that runs on is hard to read and the packet loses its even shape.",
    },
    example: StaticText {
        ja: "「取組状況報告」が2,475文字あり、シートが「12」と「12-2」の2ページになった。",
        en: "A report of 2,475 characters makes the sheet run over two pages, 12 and 12-2.",
    },
    fix: StaticText {
        ja: "要点だけに短くまとめてください。全文が必要なら、別紙にして本文から参照してください。",
        en: "Shorten the text to its main points, or move the details to an annex and refer to it.",
    },
};

/// N208: no font has a character.
pub static MISSING_GLYPH: Rule = Rule {
    code: "N208",
    slug: "missing-glyph",
    severity: Severity::Error,
    title: StaticText { ja: "印刷できない文字があります", en: "a character cannot be printed" },
    what: StaticText {
        ja: "組み込みの書体にも業務フォルダーの fonts の書体にもない文字（外字など）を探します。",
        en: "Looks for characters that neither the built-in fonts nor those in the job folder's fonts/ have (private characters and the like).",
    },
    why: StaticText {
        ja: "その文字は「〓」で印刷されます。氏名や地名が誤って公表されるおそれがあります。",
        en: "The character is printed as 〓; a name of a person or place could be published wrongly.",
    },
    example: StaticText { ja: "外字 U+E000 を使った氏名。", en: "A name with the private-use character U+E000." },
    fix: StaticText {
        ja: "標準の文字に直すか、その文字を持つ書体（IPAmj明朝など）を業務フォルダーの fonts に入れてください。",
        en: "Replace it by a standard character, or put a font that has it (IPAmj Mincho, for example) into the job folder's fonts/.",
    },
};

/// Something that layout found, before anyone knows whose it is.
#[derive(Debug, Clone)]
pub struct LayoutFinding {
    /// [`TOO_LONG_FOR_FORM`] or [`MISSING_GLYPH`].
    pub rule: &'static Rule,
    /// The last anchor before the place (`sheet:1-01`), if there is one.
    pub anchor: Option<String>,
    /// The field whose value it is; `None` for a label or other text.
    pub field: Option<FieldKey>,
    /// Characters that have no glyph, or the length found.
    pub found: String,
    /// The length expected, or empty.
    pub expected: String,
    /// The whole message: Japanese, English.
    pub message: (String, String),
}

impl LayoutFinding {
    /// The finding; the caller adds initiative, department and origin.
    pub fn finding(&self) -> Finding {
        let mut finding =
            Finding::new(self.rule).found(self.found.clone()).expected(self.expected.clone()).message(self.message.0.clone(), self.message.1.clone());
        if let Some(field) = &self.field {
            finding = finding.field(field.clone());
        }
        finding
    }

    /// A text longer than its field expects.
    pub(crate) fn long_text(anchor: Option<String>, field: FieldKey, length: usize, expected: usize) -> Self {
        LayoutFinding {
            rule: &TOO_LONG_FOR_FORM,
            anchor,
            field: Some(field),
            found: format!("{length}文字"),
            expected: format!("{expected}文字以内"),
            message: (
                format!("様式の目安は{expected}文字ですが、{length}文字あります。全文を印刷しました。"),
                format!("The form expects {expected} characters, the text has {length}. It was printed whole."),
            ),
        }
    }

    /// A sheet that ran on to `pages` pages; `field` holds the longest text, of `length` characters.
    pub(crate) fn ran_on(anchor: Option<String>, field: Option<FieldKey>, length: usize, pages: usize) -> Self {
        LayoutFinding {
            rule: &TOO_LONG_FOR_FORM,
            anchor,
            field,
            found: format!("{length}文字、{pages}ページ"),
            expected: "1ページ".to_owned(),
            message: (
                format!(
                    "文字を最小の大きさにしても1ページに収まらず、{pages}ページになりました。最も長い項目は{length}文字です。全文を印刷しました。"
                ),
                format!(
                    "Even at its smallest type the sheet takes {pages} pages instead of one; its longest text has {length} characters. It was printed whole."
                ),
            ),
        }
    }

    /// Characters that no font has.
    pub(crate) fn missing(anchor: Option<String>, field: Option<FieldKey>, clusters: &[String]) -> Self {
        let mut list: Vec<String> = Vec::new();
        for cluster in clusters {
            let codes: Vec<String> = cluster.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
            let shown = codes.join(" ");
            if !list.contains(&shown) {
                list.push(shown);
            }
        }
        let list = list.join("、");
        LayoutFinding {
            rule: &MISSING_GLYPH,
            anchor,
            field,
            found: clusters.concat(),
            expected: String::new(),
            message: (
                format!("どの書体にもない文字（{list}）を「〓」で印刷しました。"),
                format!("No font has {}; printed as 〓.", list.replace('、', ", ")),
            ),
        }
    }
}
