//! Mails (.eml, .mbox): the letter and its attachments.

use super::{Inner, Letter, header};
use crate::finding::Text;
use crate::workbook::{Unreadable, limits};
use mailparse::body::Body;
use mailparse::{MailHeader, ParsedMail};

/// What a mail holds.
pub(super) struct Found {
    pub(super) letter: Letter,
    /// The words of the letter.
    pub(super) body: String,
    pub(super) attachments: Vec<Inner>,
}

/// Whether the bytes begin with the headers of a mail.
pub(super) fn looks_like_mail(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(16_384)).unwrap_or(bytes);
    let (mut known, mut lines) = (0, 0);
    for line in head.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if lines == 0 {
                return false;
            }
            continue;
        }
        lines += 1;
        let Some(colon) = line.iter().position(|b| *b == b':') else { return false };
        let name = line[..colon].to_ascii_lowercase();
        if !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_') || name.is_empty() {
            return false;
        }
        if matches!(name.as_slice(), b"from" | b"to" | b"date" | b"subject" | b"received" | b"message-id" | b"return-path" | b"delivered-to") {
            known += 1;
        }
    }
    known >= 2
}

/// What follows the first line.
pub(super) fn after_first_line(bytes: &[u8]) -> &[u8] {
    bytes.iter().position(|b| *b == b'\n').map_or(&[], |n| &bytes[n + 1..])
}

/// The mails of an mbox: each begins with a line `From …`, the first in the file or behind a blank line.
pub(super) fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut blank = true;
    let mut at = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if blank && line.starts_with(b"From ") && looks_like_mail(&bytes[at + line.len()..]) {
            starts.push((at, at + line.len()));
        }
        blank = matches!(line, b"\n" | b"\r\n");
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|s| s.0).chain(std::iter::once(bytes.len()));
    starts.iter().zip(ends).map(|((_, from), to)| &bytes[*from..to]).take(limits::MEMBERS).collect()
}

/// Reads a mail.
///
/// # Errors
/// If it is nested too deeply or damaged beyond reading.
pub(super) fn read(bytes: &[u8]) -> Result<Found, Unreadable> {
    let mail = mailparse::parse_mail(bytes).map_err(|error| {
        let detail = error.to_string();
        if detail.to_lowercase().contains("recursion") || detail.contains("deep") {
            return Unreadable::OverLimit(Text::new("メールの入れ子が深すぎます", "the mail is nested too deeply"));
        }
        Unreadable::Damaged(Text::new(format!("メールが壊れています（{detail}）"), format!("the mail is damaged ({detail})")))
    })?;
    let mut found = Found { letter: letter(&mail.headers), body: String::new(), attachments: Vec::new() };
    part(&mail, &mut found, false);
    Ok(found)
}

fn value(headers: &[MailHeader<'_>], name: &str) -> Option<String> {
    let raw = raw(headers, name)?;
    Some(header::decode(raw)).filter(|v| !v.is_empty())
}

fn raw<'a>(headers: &'a [MailHeader<'_>], name: &str) -> Option<&'a [u8]> {
    headers.iter().find(|h| h.get_key_raw().eq_ignore_ascii_case(name.as_bytes())).map(MailHeader::get_value_raw)
}

fn letter(headers: &[MailHeader<'_>]) -> Letter {
    let received = || value(headers, "Received").and_then(|v| v.rsplit(';').next().and_then(date));
    Letter {
        sender: value(headers, "From").or_else(|| value(headers, "Sender")),
        subject: value(headers, "Subject"),
        sent_at: value(headers, "Date").as_deref().and_then(date).or_else(received),
    }
}

/// A date of a mail, in Japanese time.
pub(super) fn date(text: &str) -> Option<chrono::NaiveDateTime> {
    let seconds = mailparse::dateparse(text).ok()?;
    chrono::DateTime::from_timestamp(seconds, 0)?.naive_utc().checked_add_signed(chrono::TimeDelta::hours(9))
}

/// One part and those below it. The library bounds the depth.
fn part(mail: &ParsedMail<'_>, found: &mut Found, inside_related: bool) {
    let kind = header::parameters(raw(&mail.headers, "Content-Type").unwrap_or(b"text/plain"));
    if !mail.subparts.is_empty() && kind.value.starts_with("multipart/") {
        for inner in &mail.subparts {
            part(inner, found, inside_related || kind.value == "multipart/related");
        }
        return;
    }
    let disposition = header::parameters(raw(&mail.headers, "Content-Disposition").unwrap_or(b""));
    let name = disposition.get("filename").or_else(|| kind.get("name"));
    let is_text = kind.value.is_empty() || kind.value.starts_with("text/plain") || kind.value.starts_with("text/html");
    if name.is_none() && is_text && disposition.value != "attachment" {
        if found.body.is_empty() || kind.value.starts_with("text/plain") {
            let bytes = content(mail);
            let charset = kind.get("charset");
            let text = charset.map_or_else(|| header::guess(&bytes), |c| header::charset_of(&c).decode(&bytes).0.into_owned());
            found.body = if kind.value.starts_with("text/html") { without_tags(&text) } else { text };
        }
        return;
    }
    if kind.value.starts_with("multipart/") {
        return;
    }
    let bytes = content(mail);
    let problem = decoration(&kind.value, mail, inside_related, disposition.value == "attachment");
    let name = name.unwrap_or_else(|| unnamed(&kind.value, &bytes));
    found.attachments.push(Inner { name, bytes, time: None, problem });
}

/// A name for an attachment that has none.
fn unnamed(kind: &str, bytes: &[u8]) -> String {
    if kind.starts_with("message/rfc822") {
        let subject = mailparse::parse_headers(bytes).ok().and_then(|(h, _)| value(&h, "Subject"));
        return format!("{}.eml", subject.unwrap_or_else(|| "転送メール".into()));
    }
    let end = kind.rsplit('/').next().unwrap_or("bin");
    format!("添付.{}", if end.len() <= 5 { end } else { "bin" })
}

/// Pictures in the text and signatures are no submissions.
fn decoration(kind: &str, mail: &ParsedMail<'_>, inside_related: bool, attached: bool) -> Option<Unreadable> {
    let embedded = raw(&mail.headers, "Content-ID").is_some() || inside_related;
    if kind.starts_with("image/") && embedded && !attached {
        return Some(Unreadable::NotForUs(Text::new("メールの本文に埋め込まれた画像です", "a picture inside the text of the mail")));
    }
    if matches!(kind, "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature" | "text/x-vcard" | "text/vcard") {
        return Some(Unreadable::NotForUs(Text::new("メールの電子署名または名刺です", "a signature or a visiting card of the mail")));
    }
    if kind == "message/delivery-status" {
        return Some(Unreadable::NotForUs(Text::new("メールの配送通知です", "a delivery report of the mail")));
    }
    None
}

/// The bytes of a part; damaged base64 gives what is whole in it.
fn content(mail: &ParsedMail<'_>) -> Vec<u8> {
    match mail.get_body_encoded() {
        Body::Base64(body) => header::base64(body.get_raw()),
        _ => mail.get_body_raw().unwrap_or_default(),
    }
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
