//! Letters and mail drafts (Tera templates in `templates/letters/`).
//!
//! In: what a letter is about. Out: its HTML and plain text, and an `.eml` draft that Outlook and Thunderbird open for sending.
//! Stays true: the date is that of the run; a draft has no sender of its own making and is marked unsent; the same letter gives the same bytes.
//! Neighbours: [`super::returns`] says what is in them.

use super::xlsx::View;
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use tera::{Context as Words, Tera};

/// The built-in templates by name.
static BUILT_IN: &[(&str, &str)] = &[
    ("request.txt", include_str!("../../templates/letters/request.txt")),
    ("request.html", include_str!("../../templates/letters/request.html")),
    ("reminder.txt", include_str!("../../templates/letters/reminder.txt")),
    ("reminder.html", include_str!("../../templates/letters/reminder.html")),
];

/// One thing that a department is asked to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// 要修正 or 要確認.
    pub severity: &'static str,
    /// Whether it is an error.
    pub is_error: bool,
    /// What is wrong.
    pub message: String,
    /// Number and name of the initiative.
    pub initiative: String,
    /// File, sheet, cell and field in words.
    pub place: String,
    /// What was found, as written.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do.
    pub help: String,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, Serialize)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub about: String,
}

/// What a letter says.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Letter {
    /// The department written to.
    pub department: String,
    /// What it is asked to mend; empty for a reminder.
    pub items: Vec<Item>,
    /// The initiatives it was asked for; for a reminder.
    pub initiatives: Vec<String>,
    /// Files that go with it.
    pub attachments: Vec<Attached>,
    /// The one of them that is the form to be filled in; empty if none goes along.
    pub form: String,
    /// What must be said besides: what could not be marked.
    pub notes: Vec<String>,
}

/// The templates of a job, ready for use.
pub struct Templates {
    tera: Tera,
}

impl Templates {
    /// The built-in templates, or those of the job folder's `templates/letters/` where it has them.
    ///
    /// # Errors
    /// If a template of the job folder is wrong; the message names it.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let mut tera = Tera::default();
        for (name, text) in BUILT_IN {
            let own = folder.join("templates").join("letters").join(name);
            let text = if own.is_file() { std::fs::read_to_string(&own).with_context(|| own.display().to_string())? } else { (*text).to_owned() };
            tera.add_raw_template(name, &text)
                .with_context(|| format!("templates/letters/{name}: テンプレートの書き方が正しくありません / the template is wrong"))?;
        }
        Ok(Templates { tera })
    }

    /// A letter by its template (`request.html` …).
    ///
    /// # Errors
    /// If the template asks for something that there is not.
    pub fn render(&self, template: &str, letter: &Letter, view: &View<'_>) -> anyhow::Result<String> {
        let mut words = Words::from_serialize(letter)?;
        let settings = &view.job.settings;
        let due = settings.due.map(japanese_date);
        let in_time = settings.due.is_some_and(|due| due >= view.settled.date);
        let due_words = match (&due, in_time) {
            (Some(due), true) => format!("{due}までに"),
            _ => "できるだけ早く".to_owned(),
        };
        words.insert("title", &view.settled.title);
        words.insert("year", &view.settled.fiscal_year.name());
        words.insert("city", &view.settled.city);
        words.insert("office", &office(view));
        words.insert("signature", &signature(view));
        words.insert("today", &japanese_date(view.settled.date));
        words.insert("due", &due.filter(|_| !in_time));
        words.insert("due_words", &due_words);
        self.tera.render(template, &words).with_context(|| format!("templates/letters/{template}"))
    }
}

/// The section that writes.
fn office(view: &View<'_>) -> String {
    let name = view.job.settings.office.name.trim();
    if name.is_empty() { format!("{}　取りまとめ担当", view.settled.city) } else { name.to_owned() }
}

/// Who to ask, one line each.
fn signature(view: &View<'_>) -> String {
    let office = &view.job.settings.office;
    let mut lines = vec![format!("{}　{}", view.settled.city, self::office(view)).trim().to_owned()];
    if view.job.settings.office.name.trim().is_empty() {
        lines = vec![self::office(view)];
    }
    for (label, text) in [("担当：", &office.person), ("電話：", &office.telephone), ("メール：", &office.mail)] {
        if !text.trim().is_empty() {
            lines.push(format!("{label}{}", text.trim()));
        }
    }
    lines.join("\n")
}

/// 「令和7年4月18日」.
pub fn japanese_date(date: NaiveDate) -> String {
    // The year's own name: that of the fiscal year which begins in it, without 度.
    let year = crate::value::FiscalYear::from_western(date.year()).name();
    format!("{}{}月{}日", year.trim_end_matches('度'), date.month(), date.day())
}

/// A mail draft: RFC 5322, text in UTF-8, attachments with names that old and new mail programs read.
pub struct Draft<'a> {
    /// Address of the department, if the register holds it.
    pub to: Option<&'a str>,
    /// Address of the office, if the settings hold it.
    pub from: Option<&'a str>,
    /// The subject.
    pub subject: &'a str,
    /// The day of the run.
    pub date: NaiveDate,
    /// The plain text.
    pub text: &'a str,
    /// Names, kinds and bytes of what goes with it.
    pub attachments: Vec<(&'a str, &'a str, &'a [u8])>,
}

impl Draft<'_> {
    /// The bytes of the draft.
    pub fn bytes(&self) -> Vec<u8> {
        let boundary = self.boundary();
        let mut out = String::new();
        let mut line = |text: &str| {
            out.push_str(text);
            out.push_str("\r\n");
        };
        if let Some(from) = self.from.map(address).filter(|a| !a.is_empty()) {
            line(&format!("From: {from}"));
        }
        line(&format!("To: {}", self.to.map(address).unwrap_or_default()));
        line(&encoded_header("Subject", self.subject));
        line(&format!("Date: {}", self.date.format("%a, %-d %b %Y 09:00:00 +0900")));
        line("X-Unsent: 1");
        line("MIME-Version: 1.0");
        line(&format!("Content-Type: multipart/mixed; boundary=\"{boundary}\""));
        line("");
        line(&format!("--{boundary}"));
        line("Content-Type: text/plain; charset=UTF-8");
        line("Content-Transfer-Encoding: base64");
        line("");
        line(&base64_lines(self.text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()));
        for (name, kind, bytes) in &self.attachments {
            line(&format!("--{boundary}"));
            line(&format!("Content-Type: {kind};\r\n name=\"{}\"", encoded_words(name).join("\r\n ")));
            line("Content-Transfer-Encoding: base64");
            line(&format!("Content-Disposition: attachment;\r\n{}", extended_parameter("filename", name)));
            line("");
            line(&base64_lines(bytes));
        }
        line(&format!("--{boundary}--"));
        out.into_bytes()
    }

    /// A line that stands nowhere in the parts: made of their contents, so that the same draft has the same one.
    fn boundary(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.text.as_bytes());
        for (name, _, bytes) in &self.attachments {
            hash.update(name.as_bytes());
            hash.update(bytes);
        }
        let digest: String = hash.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect();
        format!("=_torimatome_{digest}")
    }
}

/// An address on one line: nothing that would begin another header.
fn address(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// A header in encoded words (RFC 2047), folded.
fn encoded_header(name: &str, text: &str) -> String {
    format!("{name}: {}", encoded_words(text).join("\r\n "))
}

/// Encoded words of at most 75 characters, none of which splits a character.
fn encoded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut part = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if part.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut part));
        }
        part.push(c);
    }
    words.push(part);
    words.iter().map(|w| format!("=?UTF-8?B?{}?=", STANDARD.encode(w))).collect()
}

/// A parameter in RFC 2231 form, in numbered pieces of lines that are not too long.
fn extended_parameter(name: &str, value: &str) -> String {
    let mut pieces: Vec<String> = vec![String::new()];
    for byte in value.bytes() {
        let encoded =
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        match pieces.last_mut() {
            Some(piece) if piece.len() + encoded.len() <= 54 => piece.push_str(&encoded),
            _ => pieces.push(encoded),
        }
    }
    if let [one] = pieces.as_slice() {
        return format!(" {name}*=UTF-8''{one}");
    }
    let lines: Vec<String> = pieces
        .iter()
        .enumerate()
        .map(|(n, piece)| if n == 0 { format!(" {name}*0*=UTF-8''{piece}") } else { format!(" {name}*{n}*={piece}") })
        .collect();
    lines.join(";\r\n")
}

/// Base64 in lines of 76 characters.
fn base64_lines(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let mut out = String::with_capacity(encoded.len() + encoded.len() / 38);
    for (n, c) in encoded.chars().enumerate() {
        if n > 0 && n % 76 == 0 {
            out.push_str("\r\n");
        }
        out.push(c);
    }
    out
}
