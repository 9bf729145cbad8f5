//! A new job folder: settings, a plan with examples, a place for what arrives, and on wish the form's templates to change.
//!
//! In: a folder that is not there yet or empty, the name of a form. Out: files; the job runs as it is.
//! Stays true: nothing that is already there is overwritten.

use super::sample;
use crate::form::{Form, Role, load};
use anyhow::{Context, bail};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Makes a job folder for a form and tells which files were written. `with_templates` also copies the form's templates, for changing them.
///
/// # Errors
/// If the form is unknown, if the folder already holds a job, or if a file cannot be written.
pub fn scaffold(folder: &Path, form: &str, with_templates: bool) -> anyhow::Result<Vec<PathBuf>> {
    let form = Form::load(form, Some(folder))?;
    let settings = folder.join("torimatome.toml");
    if settings.exists() {
        bail!("{} はすでにあります。別のフォルダーを指定してください / there already is a job here", settings.display());
    }
    let pages = crate::plan::xlsx::pages(&sample::plan(&form), &form)?;
    let made = chrono::NaiveDate::from_ymd_opt(form.years.first.western(), 4, 1).unwrap_or_default();
    let plan = crate::render::xlsx::plan_book(&pages, TITLE, made)?;
    let id = folder.file_name().map_or_else(|| "job".to_owned(), |n| n.to_string_lossy().into_owned());
    let mut files = vec![
        (settings, settings_text(&form, &id).into_bytes()),
        (folder.join("plan.xlsx"), plan),
        (folder.join("input").join("README.txt"), INPUT.into()),
    ];
    if with_templates {
        let own = folder.join("templates").join(&form.id);
        files.extend(load::files_of(&form.id, None)?.into_iter().map(|(name, text)| (own.join(name), text.into_bytes())));
    }
    let mut written = Vec::new();
    for (path, bytes) in files {
        if path.exists() {
            continue;
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("{} を作れません / cannot be made", parent.display()))?;
        }
        std::fs::write(&path, bytes).with_context(|| format!("{} に書けません / cannot be written", path.display()))?;
        written.push(path);
    }
    Ok(written)
}

/// What the empty input folder says.
const INPUT: &str = "各課から届いたファイル（.xlsx .xls .ods .eml .msg .zip）をこのフォルダーに入れて、torimatome を実行してください。\r\n";

/// The title of the sample plan, in the settings and in its workbook.
const TITLE: &str = "実施計画（ここに計画の名前を書きます）";

/// The settings, with a word on each.
fn settings_text(form: &Form, id: &str) -> String {
    let mut text = SETTINGS
        .replace("{id}", &quoted(id))
        .replace("{title}", &quoted(TITLE))
        .replace("{form}", &quoted(&form.id))
        .replace("{year}", &quoted(&form.years.first.key()));
    let marks = form.fields.iter().find(|f| f.role == Some(Role::Evaluation) && !f.choices.is_empty()).map_or(&[][..], |f| &f.choices[..]);
    if marks.is_empty() {
        text.push_str(SCALE_EXAMPLE);
    }
    for mark in marks {
        // Writing to a string cannot fail.
        let _ = write!(text, "[[scale]]\nmark = {}\nmeaning = \"\"\n# at_least = 80\n\n", quoted(mark));
    }
    text.push_str(DEPARTMENTS);
    for n in 1..=3 {
        let _ = write!(text, "[[department]]\nname = {}\n\n", quoted(sample::department(n)));
    }
    text
}

/// Everything before the lists. What starts with `# ` and a name can be used by taking the `# ` away.
const SETTINGS: &str = r#"# 業務の設定です。「#」で始まる行は説明か、使うときに「# 」を消す例です。
# くわしくは docs/settings.md をご覧ください。

# 業務の短い名前。半角の英数字と「_」が無難です
id = {id}
# 計画の名前。見出しと手紙に出ます
title = {title}
# 市や役所の名前。手紙と表紙に出ます
city = "○○市"
# 計画のデータ（.xlsx か .json）。見本の行を自分の計画に書き換えます。2行目の小さな字は消さないでください
plan = "plan.xlsx"
# 様式。templates フォルダーに同じ名前のフォルダーがあれば、その中のファイルが優先されます
form = {form}
# 報告する年度（R6、令和6年度、2024 のどれでも）
fiscal_year = {year}
# 報告の締切
# due = 2025-05-30
# 各課と決めたパスワード（パスワード付きの zip や Excel を開くため）
passwords = []
# 前年度の結果があれば、前年度と同じ文の報告を見つけ、進捗総括表に前年度との増減を出します
# last_year = "../前年度のフォルダー/output/result.json"
# 多くの課をまとめて指すことば。課の名前とは見ません
group_words = ["全庁", "全課", "関係各課"]

# 取りまとめる係。手紙に出ます
[office]
name = "企画課"
person = ""
telephone = ""
mail = ""

# 会議資料：右上の番号、会議名、日付、全ページの右上に出す「（案）」（空なら出ません）、両面印刷のとじしろ
[packet]
number = ""
committee = ""
date = ""
draft = ""
duplex = false

# 取組ごとの提出課。書かなければ、計画の先頭の担当課が答えるものとします
[assignments]
# "1-01" = "企画課"

# 点検の細かな設定：規則の番号ごとに書きます
[checks]
# P515 = { min_length = 40 }

# 名前の違う報告がどの取組への回答か、人が決めたもの
# [[decision]]
# name = "届いたファイルに書いてあった名前"
# department = "企画課"
# initiative = "1-01"

# 評価の段階（よい順）。at_least は、その評価になる達成率（％）の下限です。最後の段階には書きません
"#;

/// How a scale is written, for forms without an evaluation of fixed choices.
const SCALE_EXAMPLE: &str = "# [[scale]]\n# mark = \"A\"\n# meaning = \"計画どおり\"\n# at_least = 80\n\n";

/// What stands above the departments.
const DEPARTMENTS: &str = r#"# 課の名前。前の名前があれば、いつまでその名前だったかとともに former に書きます（until はその名前の最終日。分からなければ省けます）
# former = [{ name = "旧課名", until = 2024-03-31 }]
# mail は手紙の下書きのあて先です
# mail = "kikaku@example.jp"
"#;

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
