//! The commands for people who make jobs and forms: `new`, `form check`, `form preview`.

use super::arguments::Arguments;
use super::screen::Screen;
use anyhow::Context;
use std::path::Path;
use torimatome::layout::font::Fonts;
use torimatome::{authoring, form};

/// Makes a job folder and says what to put where.
pub(crate) fn new_job(screen: &Screen, folder: &Path, form: &str, templates: bool) -> anyhow::Result<()> {
    let files = authoring::scaffold(folder, form, templates)?;
    let mut text = format!("{}\n", screen.say("業務フォルダを作りました。", "The job folder is made."));
    for file in files {
        text.push_str(&format!("  {}\n", file.display()));
    }
    text.push_str(screen.say(
        "torimatome.toml に計画と課を書き、届いたファイルを input に入れて、このフォルダで torimatome を実行してください。\n",
        "Write plan and departments into torimatome.toml, put what arrives into input, and run torimatome in the folder.\n",
    ));
    screen.print(&text);
    Ok(())
}

/// Tells everything that is wrong with a form; the exit status.
pub(crate) fn check(arguments: &Arguments, screen: &Screen, folder: &Path) -> u8 {
    let problems = form::check::check(folder);
    if arguments.json {
        let list: Vec<serde_json::Value> = problems
            .iter()
            .map(|p| serde_json::json!({ "file": p.place.file, "line": p.place.line, "column": p.place.column, "message": p.message.ja, "message_en": p.message.en }))
            .collect();
        screen.print(&format!("{:#}\n", serde_json::json!({ "problems": list })));
    } else if problems.is_empty() {
        screen.print(screen.say("様式に誤りはありません。\n", "Nothing is wrong with the form.\n"));
    } else {
        for problem in &problems {
            let place = &problem.place;
            let at = match (place.line, screen.is_japanese()) {
                (0, _) => place.file.clone(),
                (line, true) => format!("{} {line}行{}字目", place.file, place.column),
                (line, false) => format!("{}:{line}:{}", place.file, place.column),
            };
            screen.print(&format!("{at}: {}\n", problem.message.get(arguments.lang())));
        }
    }
    if problems.is_empty() { 0 } else { super::OPEN }
}

/// Writes the preview of a form.
pub(crate) fn preview(screen: &Screen, folder: &Path, to: &Path, date: chrono::NaiveDate) -> anyhow::Result<()> {
    let shown = authoring::preview(folder, &Fonts::load(None)?, date)?;
    std::fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    let mut text = String::new();
    for (name, bytes) in [("preview.pdf", shown.pdf.as_slice()), ("preview.html", shown.html.as_bytes())] {
        let file = to.join(name);
        std::fs::write(&file, bytes).with_context(|| file.display().to_string())?;
        text.push_str(&format!("{}\n", file.display()));
    }
    screen.print(&text);
    Ok(())
}
