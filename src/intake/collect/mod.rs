//! Collecting: folders, mails and archives become a flat list of files.
//!
//! In: the job's input folder. Out: [`Submission`]s ordered by path, and findings about what could not be opened.
//! Stays true: every file below the folder gives at least one submission, with a problem where it cannot be opened; nothing is written; links are not
//! followed out of the folder; no name from a mail or zip leads anywhere; what is unpacked out of one file stays below the limits.
//! Neighbours: `recognise` opens the submissions as workbooks.
//! Parts: `folder` (the disk), `zip`, `mail` (.eml, .mbox), `header` (their encodings), `outlook` (.msg).

mod folder;
mod header;
mod mail;
mod outlook;
mod zip;

use super::Submission;
use crate::finding::{Finding, Text};
use crate::plan::Job;
use crate::workbook::{Unreadable, limits};
use rayon::prelude::*;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Deepest nesting of mails and zips in each other.
pub const DEPTH: usize = 8;

/// Every file below the job's input folder, out of mails and archives too, ordered by path. A missing folder is an empty one.
///
/// # Errors
/// If the folder cannot be listed.
pub fn collect(job: &Job) -> anyhow::Result<(Vec<Submission>, Vec<Finding>)> {
    let files = folder::files(&job.input)?;
    let passwords = &job.settings.passwords;
    let mut submissions: Vec<Submission> = files.into_par_iter().flat_map_iter(|file| unpack(file, passwords)).collect();
    submissions.sort_by(|a, b| a.file.cmp(&b.file));
    Ok((submissions, Vec::new()))
}

/// What is inside a file that is a mail or an archive, to any depth; any other file comes back as it is.
pub fn unpack(submission: Submission, passwords: &[String]) -> Vec<Submission> {
    let mut parcel = Parcel { passwords, out: Vec::new(), names: BTreeSet::new(), bytes: 0, files: 0 };
    let fallback = Submission { bytes: Vec::new(), problem: Some(stopped()), ..submission.clone() };
    // Libraries that take mails and zips apart may panic on damaged ones.
    let whole = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| parcel.open(submission, 0)));
    if whole.is_err() {
        parcel.out.push(fallback);
    }
    parcel.out
}

fn stopped() -> Unreadable {
    Unreadable::Damaged(Text::new("ファイルが壊れているため取り出せません", "the file is damaged in a way that stopped the reader"))
}

/// What a container is.
enum Container {
    Zip,
    Mail,
    Mbox,
    Outlook,
    None,
}

/// Tells containers by their content. A workbook is a zip too, and is none.
fn container(file: &Submission) -> Container {
    let bytes = &file.bytes;
    let lower = file.file.to_lowercase();
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let office = crate::workbook::is_package(bytes, &file.file);
        // A zip whose directory is broken is named by its name only.
        return if office || (crate::workbook::archive::Archive::open(bytes).is_err() && !lower.ends_with(".zip")) {
            Container::None
        } else {
            Container::Zip
        };
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return if outlook::is_message(bytes) { Container::Outlook } else { Container::None };
    }
    if bytes.starts_with(b"From ") && mail::looks_like_mail(mail::after_first_line(bytes)) {
        return Container::Mbox;
    }
    let sheet_name = [".xls", ".xlsx", ".xlsm", ".csv", ".htm", ".html", ".mht", ".mhtml"].iter().any(|e| lower.ends_with(e));
    if !sheet_name && (lower.ends_with(".eml") || mail::looks_like_mail(bytes)) && !bytes.is_empty() {
        return Container::Mail;
    }
    Container::None
}

/// What is being taken out of one file, and how much it was so far.
struct Parcel<'a> {
    passwords: &'a [String],
    out: Vec<Submission>,
    names: BTreeSet<String>,
    bytes: u64,
    files: usize,
}

/// One thing found in a container.
struct Inner {
    /// Its name as written there.
    name: String,
    bytes: Vec<u8>,
    time: Option<chrono::NaiveDateTime>,
    problem: Option<Unreadable>,
}

/// The letter around an attachment.
#[derive(Default, Clone)]
struct Letter {
    sender: Option<String>,
    subject: Option<String>,
    sent_at: Option<chrono::NaiveDateTime>,
}

impl Parcel<'_> {
    fn open(&mut self, file: Submission, depth: usize) {
        let kind = if file.problem.is_some() { Container::None } else { container(&file) };
        if !matches!(kind, Container::None) && depth >= DEPTH {
            let text =
                Text::new(format!("メールやzipの入れ子が深すぎます（{DEPTH}段まで）"), format!("mails and zips are nested more than {DEPTH} deep"));
            self.out.push(Submission { problem: Some(Unreadable::OverLimit(text)), ..file });
            return;
        }
        match kind {
            Container::None => self.out.push(file),
            Container::Zip => self.open_zip(file, depth),
            Container::Mail => {
                let bytes = file.bytes.clone();
                self.open_mail(&file, &bytes, depth);
            }
            Container::Mbox => {
                let bytes = file.bytes.clone();
                for (n, letter) in mail::split(&bytes).into_iter().enumerate() {
                    let one = Submission { file: format!("{}!{}.eml", file.file, n + 1), ..file.clone_without_bytes() };
                    self.open_mail(&one, letter, depth);
                }
            }
            Container::Outlook => match outlook::read(&file.bytes) {
                Ok(found) => self.put_letter(&file, found, depth),
                Err(problem) => self.out.push(Submission { problem: Some(problem), ..file }),
            },
        }
    }

    fn open_zip(&mut self, file: Submission, depth: usize) {
        match zip::read(&file.bytes, self.passwords) {
            Ok(found) => {
                if found.locked {
                    self.out.push(Submission { problem: Some(Unreadable::Password), ..file.clone_without_bytes() });
                } else if found.members.is_empty() {
                    let text = Text::new("zipの中にファイルがありません", "the zip holds no file");
                    self.out.push(Submission { problem: Some(Unreadable::Damaged(text)), ..file.clone_without_bytes() });
                }
                let letter = Letter { sender: file.sender.clone(), subject: file.subject.clone(), sent_at: file.sent_at };
                for inner in found.members {
                    self.put(&file, inner, &letter, depth);
                }
            }
            Err(problem) => self.out.push(Submission { problem: Some(problem), ..file }),
        }
    }

    fn open_mail(&mut self, file: &Submission, bytes: &[u8], depth: usize) {
        match mail::read(bytes) {
            Ok(found) => self.put_letter(file, found, depth),
            Err(problem) => self.out.push(Submission { problem: Some(problem), ..file.clone() }),
        }
    }

    /// The attachments of a letter; a letter without any is kept for its words.
    fn put_letter(&mut self, file: &Submission, found: mail::Found, depth: usize) {
        let letter = Letter {
            sender: found.letter.sender.or_else(|| file.sender.clone()),
            subject: found.letter.subject.or_else(|| file.subject.clone()),
            sent_at: found.letter.sent_at.or(file.sent_at),
        };
        let real = found.attachments.iter().any(|a| a.problem.is_none());
        if !real {
            let words: String = found.body.split_whitespace().collect::<Vec<_>>().join(" ");
            let quote: String = words.chars().take(200).collect();
            let more = if words.chars().count() > 200 { "…" } else { "" };
            let text = if quote.is_empty() {
                Text::new("添付ファイルのないメールです", "a mail without attachment")
            } else {
                Text::new(
                    format!("添付ファイルのないメールです。本文：「{quote}{more}」"),
                    format!("a mail without attachment; it says: \"{quote}{more}\""),
                )
            };
            let sender =
                Submission { sender: letter.sender.clone(), subject: letter.subject.clone(), sent_at: letter.sent_at, ..file.clone_without_bytes() };
            self.out.push(Submission { problem: Some(Unreadable::NotForUs(text)), ..sender });
        }
        for inner in found.attachments {
            self.put(file, inner, &letter, depth);
        }
    }

    /// Adds one thing found inside `outer`, and opens it if it is a container itself.
    fn put(&mut self, outer: &Submission, inner: Inner, letter: &Letter, depth: usize) {
        self.files += 1;
        self.bytes += inner.bytes.len() as u64;
        if self.files > limits::MEMBERS || self.bytes > limits::TOTAL_BYTES {
            if self.out.last().is_none_or(|s| s.file != outer.file) {
                let text = Text::new("中身が多すぎるため、残りは取り出していません", "it holds too much; the rest was left inside");
                self.out.push(Submission { problem: Some(Unreadable::OverLimit(text)), ..outer.clone_without_bytes() });
            }
            return;
        }
        let name = safe_name(&inner.name);
        let mut file = format!("{}!{name}", outer.file);
        let mut n = 2;
        while !self.names.insert(file.clone()) {
            file = format!("{}!{n}/{name}", outer.file);
            n += 1;
        }
        let too_large = (inner.bytes.len() > limits::FILE_BYTES).then(|| folder::too_large(inner.bytes.len() as u64));
        let submission = Submission {
            file,
            sha256: sha256(&inner.bytes),
            bytes: inner.bytes,
            sender: letter.sender.clone(),
            subject: letter.subject.clone(),
            sent_at: letter.sent_at,
            file_time: inner.time.or(outer.file_time),
            problem: inner.problem.or(too_large),
        };
        self.open(submission, depth + 1);
    }
}

impl Submission {
    /// The same file as an entry of the ledger only.
    fn clone_without_bytes(&self) -> Submission {
        Submission {
            file: self.file.clone(),
            bytes: Vec::new(),
            sha256: self.sha256.clone(),
            sender: self.sender.clone(),
            subject: self.subject.clone(),
            sent_at: self.sent_at,
            file_time: self.file_time,
            problem: self.problem.clone(),
        }
    }
}

/// A name from outside as parts of a path that lead nowhere else: no `..`, no drive, no control character; composed as Windows does (NFC).
fn safe_name(name: &str) -> String {
    let composed: String = name.nfc().filter(|c| !c.is_control()).collect();
    let parts: Vec<&str> = composed.split(['/', '\\']).map(str::trim).filter(|p| !matches!(*p, "" | "." | "..") && !p.ends_with(':')).collect();
    let name = parts.join("/");
    // The sign between a container and its content stands for nothing else.
    let name: String = name.chars().map(|c| if c == '!' { '！' } else { c }).collect();
    let cut: String = name.chars().take(400).collect();
    if cut.trim().is_empty() { "名前なし".into() } else { cut }
}

/// SHA-256, hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        for (name, safe) in [
            ("../../etc/passwd", "etc/passwd"),
            ("C:\\Windows\\予算.xlsx", "Windows/予算.xlsx"),
            ("/絶対/パス.xlsx", "絶対/パス.xlsx"),
            ("..", "名前なし"),
            ("", "名前なし"),
            ("か\u{3099}.xlsx", "が.xlsx"),
            ("a\0b\n.xlsx", "ab.xlsx"),
            ("至急!.xlsx", "至急！.xlsx"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
    }
}
