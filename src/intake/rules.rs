//! The rules of intake, I101 to I116: what can be wrong with what arrives, with its documentation.
//!
//! Raised by `collect` and `recognise`; listed in [`crate::catalog`].

use crate::finding::{Rule, Severity, StaticText};

/// I101: the file cannot be read.
pub static UNREADABLE_FILE: Rule = Rule {
    code: "I101",
    slug: "unreadable-file",
    severity: Severity::Error,
    title: StaticText { ja: "ファイルが読めません", en: "the file cannot be read" },
    what: StaticText {
        ja: "届いたファイルが壊れている、途中で切れている、または表計算のファイルではないもの（HTML、PDF、Wordなど）を探します。種類は拡張子ではなく中身で判断します。",
        en: "Looks for files that are damaged, cut short, or no spreadsheet at all (HTML, PDF, Word …). The kind is told by the content, not by the extension.",
    },
    why: StaticText {
        ja: "読めないファイルの回答は調書に載らず、その課の欄が空のまま印刷されてしまいます。",
        en: "The answers in it would be missing, and the department's sheets would be printed empty.",
    },
    example: StaticText {
        ja: "「収納課.xls」の中身がHTMLの表であるとき、「HTMLの表です」と示します。",
        en: "A file 収納課.xls that is really an HTML table is named as such.",
    },
    fix: StaticText {
        ja: "担当課に、Excelで開いて「Excelブック（.xlsx）」として保存し直したものを、もう一度送ってもらってください。",
        en: "Ask the department to open it in Excel, save it as an Excel workbook (.xlsx) and send it again.",
    },
};

/// I102: the file is protected by a password.
pub static PASSWORD_PROTECTED: Rule = Rule {
    code: "I102",
    slug: "password-protected",
    severity: Severity::Error,
    title: StaticText { ja: "パスワードがかかっていて開けません", en: "the file is protected by a password" },
    what: StaticText {
        ja: "パスワード付きのブックやzipで、業務の設定にあるパスワードのどれでも開けないものを探します。",
        en: "Looks for workbooks and zips with a password that none of those in the job settings opens.",
    },
    why: StaticText {
        ja: "開けないファイルの回答は集計にも調書にも入りません。", en: "What cannot be opened is neither counted nor printed."
    },
    example: StaticText {
        ja: "設定の passwords = [\"r6plan\"] では開けない「課税課.xlsx」があるとき、そのファイル名を示します。",
        en: "With passwords = [\"r6plan\"], a workbook that needs another one is named.",
    },
    fix: StaticText {
        ja: "担当課にパスワードを確かめて設定ファイルの passwords に書き加えるか、パスワードを外して送り直してもらってください。",
        en: "Ask for the password and add it to passwords in the job settings, or have the file sent again without one.",
    },
};

/// I103: the file is empty (0 bytes).
pub static EMPTY_FILE: Rule = Rule {
    code: "I103",
    slug: "empty-file",
    severity: Severity::Error,
    title: StaticText { ja: "ファイルが空です（0バイト）", en: "the file is empty (0 bytes)" },
    what: StaticText { ja: "中身が1バイトもないファイルを探します。", en: "Looks for files without a single byte." },
    why: StaticText {
        ja: "添付や保存の失敗で空になったもので、回答は届いていません。", en: "Saving or sending failed: no answer has arrived."
    },
    example: StaticText { ja: "0バイトの「下水道課.xlsx」が届いたとき。", en: "A 下水道課.xlsx of 0 bytes." },
    fix: StaticText { ja: "担当課に、もう一度送ってもらってください。", en: "Ask the department to send it again." },
};

/// I104: the file is over a limit and was not read.
pub static OVER_LIMIT: Rule = Rule {
    code: "I104",
    slug: "over-limit",
    severity: Severity::Error,
    title: StaticText { ja: "大きすぎるため読み込みを止めました", en: "the file is over a limit and was not read" },
    what: StaticText {
        ja: "大きさ、セルの数、展開後の量などが安全のための上限を超えるファイルを探します。",
        en: "Looks for files whose size, number of cells or unpacked size is over the limits set for safety.",
    },
    why: StaticText {
        ja: "上限を超えるファイルを開くと、パソコンの動作が止まるおそれがあります。",
        en: "Opening such a file could bring the computer to a standstill.",
    },
    example: StaticText {
        ja: "展開すると300MBになるzipや、200万個を超えるセルをもつブック。",
        en: "A zip of 300 MB once unpacked, a workbook of more than two million cells.",
    },
    fix: StaticText {
        ja: "担当課に、不要なシートや図を除いて小さくしたものを送ってもらってください。",
        en: "Ask the department to remove sheets and pictures that are not needed and to send it again.",
    },
};

/// I105: the form was not found in it.
pub static UNRECOGNISED_LAYOUT: Rule = Rule {
    code: "I105",
    slug: "unrecognised-layout",
    severity: Severity::Error,
    title: StaticText { ja: "様式が見つかりません", en: "the form was not found in it" },
    what: StaticText {
        ja: "ブックは開けても、この業務の様式の項目名がどのシートにも見つからないものを探します。",
        en: "Looks for workbooks that open, but in which no sheet shows the labels of this job's form.",
    },
    why: StaticText {
        ja: "どのセルが回答なのか決められないため、推測では取り込みません。",
        en: "Which cells hold the answers cannot be told, and nothing is guessed.",
    },
    example: StaticText {
        ja: "様式ではない一覧表が「企画課.xlsx」として届いたとき。",
        en: "A list of the department's own arrives instead of the form.",
    },
    fix: StaticText {
        ja: "担当課に、送付した様式に記入して送り直してもらってください。",
        en: "Ask the department to fill in the form that was sent out.",
    },
};

/// I106: it is the form of another year.
pub static LAST_YEAR_FORM: Rule = Rule {
    code: "I106",
    slug: "last-year-form",
    severity: Severity::Error,
    title: StaticText { ja: "別の年度の様式です", en: "it is the form of another year" },
    what: StaticText {
        ja: "見出しの年度が、この業務の年度と違う調書を探します。",
        en: "Looks for sheets whose headings name another fiscal year than the job's.",
    },
    why: StaticText {
        ja: "前年度の実績を今年度のものとして印刷してしまうおそれがあります。",
        en: "Last year's results would be printed as this year's.",
    },
    example: StaticText {
        ja: "令和6年度の取りまとめに、見出しが「R5年度末の取組状況報告」の調書が届いたとき。",
        en: "A sheet headed R5年度末の取組状況報告 arrives for fiscal year 2024.",
    },
    fix: StaticText {
        ja: "担当課に、今年度の様式に記入して送り直してもらってください。", en: "Ask the department to fill in this year's form."
    },
};

/// I107: a later file replaces an earlier one.
pub static RESUBMISSION: Rule = Rule {
    code: "I107",
    slug: "resubmission",
    severity: Severity::Note,
    title: StaticText { ja: "差し替えのファイルが届いています", en: "a later file replaces an earlier one" },
    what: StaticText {
        ja: "同じ課から同じ取組について二つ以上のファイルが届いたものを探し、新しい方を採ります。",
        en: "Looks for several files of one department about the same initiative; the latest counts.",
    },
    why: StaticText {
        ja: "古い方を印刷すると、訂正が反映されません。", en: "Printing the earlier one would lose the correction."
    },
    example: StaticText {
        ja: "「保険課.xlsx」と「保険課_final.xlsx」が届いたとき、後の方を採り、違うセルを示します。",
        en: "Of 保険課.xlsx and 保険課_final.xlsx the latter counts, and the cells that differ are listed.",
    },
    fix: StaticText {
        ja: "採用したファイルが正しいか、理由の欄を見て確かめてください。",
        en: "See from the reason given whether the right file was taken.",
    },
};

/// I108: it cannot be decided which answer counts.
pub static AMBIGUOUS_FIELD: Rule = Rule {
    code: "I108",
    slug: "ambiguous-field",
    severity: Severity::Error,
    title: StaticText { ja: "どちらの回答か決められません", en: "it cannot be decided which answer counts" },
    what: StaticText {
        ja: "一つの項目に当てはまる場所が二つあるもの、二つの取組に当てはまる調書、印がどれに付いているか分からない選択肢、何と同じか分からない「〃」、取り消し線の引かれた回答を探します。",
        en: "Looks for a field that stands in two places, a sheet that fits two initiatives, choices of which nobody can say which is marked, a 〃 that repeats nothing, and answers that are struck out.",
    },
    why: StaticText {
        ja: "推測で一方を選ぶと、誤った回答を印刷するおそれがあります。", en: "Choosing one by guess could print the wrong answer."
    },
    example: StaticText {
        ja: "「評価」の欄がF14とF30にあり、別の値が入っているとき、両方を示します。",
        en: "評価 stands in F14 and in F30 with different values: both places are named.",
    },
    fix: StaticText {
        ja: "示された二つの場所を見比べ、不要な方を消して送り直してもらってください。",
        en: "Compare the two places and have the one that is not needed removed.",
    },
};

/// I109: rows or columns of the form have moved.
pub static LAYOUT_DRIFT: Rule = Rule {
    code: "I109",
    slug: "layout-drift",
    severity: Severity::Note,
    title: StaticText { ja: "様式の行や列がずれています", en: "rows or columns of the form have moved" },
    what: StaticText {
        ja: "行や列が挿入・削除された様式、別の言い方や「同左」で書かれた回答、様式の欄の外にある記入を探します。項目名をたどって読み取っています。欄の外の記入は、回答には取り込みません。",
        en: "Looks for forms in which rows or columns were put in or taken out (the answers were found by their labels), for answers that repeat a neighbour, and for what is written outside the fields, which is not part of the answers.",
    },
    why: StaticText {
        ja: "読み取りはできていますが、念のためお知らせします。", en: "It was read all the same; this is only said to be safe."
    },
    example: StaticText { ja: "評価の欄がF14からF16に移っているとき。", en: "評価 has moved from F14 to F16." },
    fix: StaticText { ja: "読み取った値が正しいか、一度見てください。", en: "Glance at the values that were read." },
};

/// I110: there is content in a hidden part.
pub static HIDDEN_CONTENT: Rule = Rule {
    code: "I110",
    slug: "hidden-content",
    severity: Severity::Note,
    title: StaticText { ja: "非表示の部分に記入があります", en: "there is content in a hidden part" },
    what: StaticText {
        ja: "非表示のシート、行、列に様式や記入があるものを探します。回答としては採りません。",
        en: "Looks for forms and entries on hidden sheets, rows and columns. They do not count as answers.",
    },
    why: StaticText {
        ja: "古い下書きであることが多く、知らずに採ると誤りになります。",
        en: "They are mostly old drafts; taking them unseen would be wrong.",
    },
    example: StaticText {
        ja: "非表示のシート「下書き」に同じ取組の調書があるとき。", en: "A hidden sheet 下書き holds the same initiative."
    },
    fix: StaticText {
        ja: "必要な記入であれば、再表示して送り直してもらってください。", en: "If it is needed, have it unhidden and sent again."
    },
};

/// I111: a formula has no stored result.
pub static FORMULA_WITHOUT_VALUE: Rule = Rule {
    code: "I111",
    slug: "formula-without-value",
    severity: Severity::Error,
    title: StaticText { ja: "数式の結果が保存されていません", en: "a formula has no stored result" },
    what: StaticText {
        ja: "数式だけがあり、計算結果が入っていないセルを探します。", en: "Looks for cells with a formula and no stored result."
    },
    why: StaticText {
        ja: "結果がわからないため、値を推測せず空欄として扱います。",
        en: "The result is not known; it is left blank and not guessed.",
    },
    example: StaticText { ja: "F14に「=SUM(F10:F13)」とあり、結果がないとき。", en: "F14 holds =SUM(F10:F13) and no result." },
    fix: StaticText {
        ja: "担当課に、Excelで開いて上書き保存したものを送ってもらうか、値を直接入力してもらってください。",
        en: "Have the file opened and saved in Excel, or the value typed in.",
    },
};

/// I112: a cell shows an error value.
pub static ERROR_VALUE: Rule = Rule {
    code: "I112",
    slug: "error-value",
    severity: Severity::Error,
    title: StaticText { ja: "セルがエラー値になっています", en: "a cell shows an error value" },
    what: StaticText {
        ja: "#REF! や #DIV/0! などのエラー値が表示されている回答欄を探します。",
        en: "Looks for answer cells that show #REF!, #DIV/0! and the like.",
    },
    why: StaticText {
        ja: "エラー値のまま会議資料に印刷されてしまいます。", en: "The error would be printed in the papers of the meeting."
    },
    example: StaticText { ja: "実績値のセルが #REF! のとき。", en: "The cell of the result shows #REF!." },
    fix: StaticText {
        ja: "担当課に、数式を直すか値を直接入力してもらってください。", en: "Have the formula mended, or the value typed in."
    },
};

/// I113: there is a comment or text in a shape.
pub static UNREAD_COMMENT: Rule = Rule {
    code: "I113",
    slug: "unread-comment",
    severity: Severity::Warning,
    title: StaticText { ja: "コメントや図形の文字があります", en: "there is a comment or text in a shape" },
    what: StaticText {
        ja: "セルのコメント、メモ、図形の中の文字など、回答欄の外に書かれたものを探します。",
        en: "Looks for notes, comments and text in shapes, written beside the answer cells.",
    },
    why: StaticText {
        ja: "訂正や但し書きのことがありますが、調書には印刷されません。",
        en: "It may be a correction or a proviso, and is not printed.",
    },
    example: StaticText {
        ja: "F14のメモに「精査中、後日差し替え」とあるとき。", en: "A note on F14 says that a replacement will follow."
    },
    fix: StaticText {
        ja: "内容を読み、必要なら回答欄に書いてもらってください。", en: "Read it, and have it written into the answer if it matters."
    },
};

/// I114: it is not known which department sent it.
pub static UNKNOWN_DEPARTMENT: Rule = Rule {
    code: "I114",
    slug: "unknown-department",
    severity: Severity::Error,
    title: StaticText { ja: "どの課の提出物かわかりません", en: "it is not known which department sent it" },
    what: StaticText {
        ja: "シート、ファイル名、差出人のどこからも、業務の設定にある課がわからない提出物を探します。",
        en: "Looks for submissions in which neither sheet nor file name nor sender names a department of the job settings.",
    },
    why: StaticText {
        ja: "提出済みの課が未提出として扱われてしまいます。", en: "A department that has answered would be counted as missing."
    },
    example: StaticText { ja: "「報告.xlsx」に課の名前がどこにもないとき。", en: "報告.xlsx names no department anywhere." },
    fix: StaticText {
        ja: "課がわかったら、ファイル名に課の名前を付けるか、設定ファイルに旧課名を書き加えてください。",
        en: "Put the department's name into the file name, or add its old name to the job settings.",
    },
};

/// I115: a sheet was passed over.
pub static IGNORED_SHEET: Rule = Rule {
    code: "I115",
    slug: "ignored-sheet",
    severity: Severity::Note,
    title: StaticText { ja: "回答として扱わないシートがあります", en: "a sheet was passed over" },
    what: StaticText {
        ja: "記入例、別の用途の表、白紙の様式など、回答として採らないシートを探します。",
        en: "Looks for sheets that are no answers: examples, other tables, blank forms.",
    },
    why: StaticText {
        ja: "採らなかったことをお知らせし、漏れがないか確かめられるようにします。",
        en: "So that a person can see that nothing was left out by mistake.",
    },
    example: StaticText { ja: "シート「記入例」が残っているとき。", en: "A sheet 記入例 is still in the workbook." },
    fix: StaticText { ja: "回答が含まれていないか確かめてください。", en: "See that it holds no answer." },
};

/// I116: it is the form of another plan.
pub static WRONG_PLAN: Rule = Rule {
    code: "I116",
    slug: "wrong-plan",
    severity: Severity::Note,
    title: StaticText { ja: "別の計画の様式です", en: "it is the form of another plan" },
    what: StaticText {
        ja: "この業務とは別の計画の様式で書かれたシートを探します。",
        en: "Looks for sheets in the form of another plan than this job's.",
    },
    why: StaticText { ja: "送り先の取り違えのことがあります。", en: "It may have been sent to the wrong place." },
    example: StaticText {
        ja: "行革の取りまとめに、情報化計画の調書が届いたとき。",
        en: "A sheet of the computing plan arrives with the reform plan's answers.",
    },
    fix: StaticText {
        ja: "正しい業務の入力フォルダーに移すか、担当課に確かめてください。",
        en: "Move it to the input folder of its own job, or ask the department.",
    },
};

/// Every rule of intake, in the order of its code.
pub fn rules() -> Vec<&'static Rule> {
    vec![
        &UNREADABLE_FILE,
        &PASSWORD_PROTECTED,
        &EMPTY_FILE,
        &OVER_LIMIT,
        &UNRECOGNISED_LAYOUT,
        &LAST_YEAR_FORM,
        &RESUBMISSION,
        &AMBIGUOUS_FIELD,
        &LAYOUT_DRIFT,
        &HIDDEN_CONTENT,
        &FORMULA_WITHOUT_VALUE,
        &ERROR_VALUE,
        &UNREAD_COMMENT,
        &UNKNOWN_DEPARTMENT,
        &IGNORED_SHEET,
        &WRONG_PLAN,
    ]
}
