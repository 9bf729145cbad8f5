//! A new job folder: settings, a plan with examples, a place for what arrives, and on wish the form's templates to change.
//!
//! In: a folder that is not there yet or empty, the name of a form. Out: files; the job runs as it is.
//! Stays true: nothing that is already there is overwritten.

use super::sample;
use crate::form::{Form, load};
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
    let plan = serde_json::to_string_pretty(&sample::plan(&form))?;
    let id = folder.file_name().map_or_else(|| "job".to_owned(), |n| n.to_string_lossy().into_owned());
    let mut files = vec![
        (settings, settings_text(&form, &id)),
        (folder.join("plan.json"), plan + "\n"),
        (folder.join("input").join("README.txt"), INPUT.to_owned()),
    ];
    if with_templates {
        let own = folder.join("templates").join(&form.id);
        files.extend(load::files_of(&form.id, None)?.into_iter().map(|(name, text)| (own.join(name), text)));
    }
    let mut written = Vec::new();
    for (path, text) in files {
        if path.exists() {
            continue;
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("{} を作れません / cannot be made", parent.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("{} に書けません / cannot be written", path.display()))?;
        written.push(path);
    }
    Ok(written)
}

/// What the empty input folder says.
const INPUT: &str = "各課から届いたファイル（.xlsx .xls .ods .eml .msg .zip）をこのフォルダーに入れて、torimatome を実行してください。\r\n";

/// The settings, with a word on each.
fn settings_text(form: &Form, id: &str) -> String {
    let year = form.years.first.key();
    let mut text = format!(
        "# 業務の設定です。「#」で始まる行は説明です。\n\n\
         id = {}\n\
         title = \"実施計画（ここに計画の名前を書きます）\"\n\
         city = \"○○市\"\n\
         # 計画のデータ（計画が決まったら中身を書き換えます）\n\
         plan = \"plan.json\"\n\
         # 様式：templates フォルダーに同じ名前のフォルダーがあれば、その中のファイルが優先されます\n\
         form = {}\n\
         # 報告する年度\n\
         fiscal_year = \"{year}\"\n\
         # 前年度の結果があれば、前年度と同じ文の報告を見つけます\n\
         # last_year = \"../前年度のフォルダー/output/result.json\"\n\
         # 「全庁」などは課の名前ではありません\n\
         group_words = [\"全庁\", \"全課\", \"関係各課\"]\n\n\
         [office]\n\
         name = \"企画課\"\n\n\
         # 会議資料の右上に出す番号、会議名、日付（空なら出ません）\n\
         [packet]\n\
         number = \"\"\n\
         committee = \"\"\n\
         date = \"\"\n\n\
         # 課の名前。前の名前があれば former = [{{ name = \"旧課名\", until = \"2025-03-31\" }}] と書きます（until はその名前の最終日。分からなければ省けます）\n",
        quoted(id),
        quoted(&form.id)
    );
    for n in 1..=3 {
        // Writing to a string cannot fail.
        let _ = write!(text, "[[department]]\nname = \"{}\"\n\n", sample::department(n));
    }
    text
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
