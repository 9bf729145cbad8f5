//! Outlook messages (.msg): an OLE file with one stream for each property (MS-OXMSG).

use super::mail::Found;
use super::{Inner, Letter};
use crate::finding::Text;
use crate::workbook::{Unreadable, limits};
use encoding_rs::Encoding;
use std::io::{Cursor, Read};

type Ole<'a> = cfb::CompoundFile<Cursor<&'a [u8]>>;

/// Deepest message in a message.
const DEPTH: usize = 8;

/// Whether an OLE file is a message.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    cfb::CompoundFile::open(Cursor::new(bytes)).is_ok_and(|ole| ole.exists("/__properties_version1.0"))
}

/// Reads a message.
///
/// # Errors
/// If the file is damaged.
pub(super) fn read(bytes: &[u8]) -> Result<Found, Unreadable> {
    let mut ole = cfb::CompoundFile::open(Cursor::new(bytes))
        .map_err(|e| Unreadable::Damaged(Text::new(format!("メールが壊れています（{e}）"), format!("the message is damaged ({e})"))))?;
    Ok(message(&mut ole, "", bytes.len(), 0))
}

/// The message below a storage.
fn message(ole: &mut Ole<'_>, at: &str, limit: usize, depth: usize) -> Found {
    // The header of the properties is longer at the top than in a message inside another.
    let properties = Properties::read(ole, at, if depth == 0 { 32 } else { 24 }, limit);
    let encoding = properties.encoding();
    let text = |ole: &mut Ole<'_>, tag: &str| text(ole, at, tag, encoding, limit);
    let name = text(ole, "0C1A").or_else(|| text(ole, "0042"));
    let address = text(ole, "5D01").or_else(|| text(ole, "0C1F").filter(|a| a.contains('@')));
    let sender = match (name, address) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (name, address) => name.or(address),
    };
    let headers = text(ole, "007D").unwrap_or_default();
    let header_date = || headers.lines().find_map(|l| l.strip_prefix("Date:")).and_then(super::mail::date);
    let sent_at = properties.time(0x0039).or_else(header_date).or_else(|| properties.time(0x0E06));
    let letter = Letter { sender, subject: text(ole, "0037"), sent_at };
    let body = text(ole, "1000").unwrap_or_default();
    Found { letter, body, attachments: attachments(ole, at, encoding, limit, depth) }
}

fn attachments(ole: &mut Ole<'_>, at: &str, encoding: &'static Encoding, limit: usize, depth: usize) -> Vec<Inner> {
    let Ok(entries) = ole.read_storage(if at.is_empty() { "/" } else { at }) else { return Vec::new() };
    let names: Vec<String> = entries
        .filter(|e| e.is_storage() && e.name().starts_with("__attach_version1.0_"))
        .map(|e| e.name().to_string())
        .take(limits::MEMBERS)
        .collect();
    let mut out = Vec::new();
    for storage in names {
        let storage = format!("{at}/{storage}");
        let properties = Properties::read(ole, &storage, 8, limit);
        let name = text(ole, &storage, "3707", encoding, limit).or_else(|| text(ole, &storage, "3704", encoding, limit));
        let inside = format!("{storage}/__substg1.0_3701000D");
        if ole.is_storage(&inside) {
            out.extend(embedded(ole, &inside, limit, depth));
            continue;
        }
        let bytes = stream(ole, &format!("{storage}/__substg1.0_37010102"), limit).unwrap_or_default();
        let name = name.or_else(|| text(ole, &storage, "3001", encoding, limit)).unwrap_or_else(|| "添付.bin".into());
        // A picture inside the text has an identifier there and is hidden from the list of attachments.
        let in_text = text(ole, &storage, "3712", encoding, limit).is_some() && properties.flag(0x7FFE);
        let problem = in_text.then(|| Unreadable::NotForUs(Text::new("メールの本文に埋め込まれた画像です", "a picture inside the text of the mail")));
        out.push(Inner { name, bytes, time: None, problem });
    }
    out
}

/// The attachments of a message inside a message, with its subject as folder.
fn embedded(ole: &mut Ole<'_>, at: &str, limit: usize, depth: usize) -> Vec<Inner> {
    if depth >= DEPTH {
        let text = Text::new("メールの入れ子が深すぎます", "the mail is nested too deeply");
        return vec![Inner { name: "転送メール".into(), bytes: Vec::new(), time: None, problem: Some(Unreadable::OverLimit(text)) }];
    }
    let found = message(ole, at, limit, depth + 1);
    let subject = found.letter.subject.unwrap_or_else(|| "転送メール".into()).replace(['/', '\\'], "／");
    found.attachments.into_iter().map(|inner| Inner { name: format!("{subject}/{}", inner.name), ..inner }).collect()
}

fn stream(ole: &mut Ole<'_>, path: &str, limit: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ole.open_stream(path).ok()?.take(limit as u64).read_to_end(&mut out).ok()?;
    Some(out)
}

/// A text property: Unicode (001F), or bytes in the message's code page (001E).
fn text(ole: &mut Ole<'_>, at: &str, tag: &str, encoding: &'static Encoding, limit: usize) -> Option<String> {
    let text = match stream(ole, &format!("{at}/__substg1.0_{tag}001F"), limit) {
        Some(bytes) => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => encoding.decode(&stream(ole, &format!("{at}/__substg1.0_{tag}001E"), limit)?).0.into_owned(),
    };
    let text = text.trim_end_matches('\0').trim().to_string();
    (!text.is_empty()).then_some(text)
}

/// Properties of fixed length, in entries of sixteen bytes.
struct Properties(Vec<(u16, [u8; 8])>);

impl Properties {
    fn read(ole: &mut Ole<'_>, at: &str, header: usize, limit: usize) -> Self {
        let data = stream(ole, &format!("{at}/__properties_version1.0"), limit).unwrap_or_default();
        let entries = data.get(header..).unwrap_or(&[]).chunks_exact(16);
        Properties(entries.filter_map(|e| Some((u16::from_le_bytes([e[2], e[3]]), e.get(8..16)?.try_into().ok()?))).collect())
    }

    fn get(&self, tag: u16) -> Option<u64> {
        self.0.iter().find(|(t, _)| *t == tag).map(|(_, v)| u64::from_le_bytes(*v))
    }

    fn flag(&self, tag: u16) -> bool {
        self.get(tag).is_some_and(|v| v & 1 != 0)
    }

    fn time(&self, tag: u16) -> Option<chrono::NaiveDateTime> {
        crate::workbook::file_time(self.get(tag)?)
    }

    /// The code page of texts that are not Unicode: that of the message, else that of the internet; Japanese if neither stands there.
    fn encoding(&self) -> &'static Encoding {
        let page = self.get(0x3FFD).or_else(|| self.get(0x3FDE)).map_or(932, |p| p as u32);
        let label = match page {
            65001 => "utf-8",
            50220..=50222 => "iso-2022-jp",
            51932 | 20932 => "euc-jp",
            1252 => "windows-1252",
            _ => "shift_jis",
        };
        Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::SHIFT_JIS)
    }
}
