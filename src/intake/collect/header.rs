//! Headers of mails: encoded words, parameters in pieces, and raw Japanese bytes that no standard allows.

use encoding_rs::Encoding;

/// A header's value as text: encoded words (RFC 2047) joined before they are decoded, raw bytes guessed.
pub(super) fn decode(raw: &[u8]) -> String {
    let text = unfold(&guess(raw));
    words(&text)
}

/// Raw bytes as text: ISO-2022-JP by its escapes, UTF-8, else Shift_JIS, else EUC-JP.
pub(super) fn guess(raw: &[u8]) -> String {
    if raw.windows(2).any(|w| w == b"\x1B$" || w == b"\x1B(") {
        return encoding_rs::ISO_2022_JP.decode(raw).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(raw) {
        return text.to_string();
    }
    let (text, _, wrong) = encoding_rs::SHIFT_JIS.decode(raw);
    if !wrong {
        return text.into_owned();
    }
    let (other, _, wrong) = encoding_rs::EUC_JP.decode(raw);
    if wrong { text.into_owned() } else { other.into_owned() }
}

/// Joins folded lines.
fn unfold(text: &str) -> String {
    text.replace("\r\n", "\n").replace("\n\t", " ").replace("\n ", " ").replace('\n', " ").trim().to_string()
}

/// Replaces encoded words. Neighbours of one encoding are joined as bytes first, since many programs split inside a character.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut pending: Option<(&'static Encoding, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        let Some((encoding, bytes, length)) = word_at(word) else {
            flush(&mut pending, &mut out);
            out.push_str(before);
            out.push_str("=?");
            rest = &word[2..];
            continue;
        };
        let joined = before.trim().is_empty() && pending.is_some();
        if !joined {
            flush(&mut pending, &mut out);
            out.push_str(before);
        }
        match &mut pending {
            Some((open, held)) if *open == encoding => held.extend(bytes),
            _ => {
                flush(&mut pending, &mut out);
                pending = Some((encoding, bytes));
            }
        }
        rest = &word[length..];
    }
    flush(&mut pending, &mut out);
    out.push_str(rest);
    out
}

fn flush(pending: &mut Option<(&'static Encoding, Vec<u8>)>, out: &mut String) {
    if let Some((encoding, bytes)) = pending.take() {
        out.push_str(&encoding.decode(&bytes).0);
    }
}

/// `=?charset?B?…?=` at the start: encoding, bytes, length.
fn word_at(word: &str) -> Option<(&'static Encoding, Vec<u8>, usize)> {
    let mut parts = word.get(2..)?.splitn(3, '?');
    let (charset, kind, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let end = rest.find("?=")?;
    let body = rest.get(..end)?;
    let bytes = match kind {
        "B" | "b" => base64(body.as_bytes()),
        "Q" | "q" => quoted(body),
        _ => return None,
    };
    let length = 2 + charset.len() + 1 + kind.len() + 1 + end + 2;
    Some((charset_of(charset), bytes, length))
}

/// The encoding of a charset name; the Japanese ones in the extended forms that Windows writes under their names.
pub(super) fn charset_of(name: &str) -> &'static Encoding {
    let name = name.split('*').next().unwrap_or(name).trim().trim_matches('"').to_ascii_lowercase();
    let label = match name.as_str() {
        "cp932" | "ms932" | "windows-31j" | "sjis" | "x-sjis" => "shift_jis",
        "cp50220" | "cp50221" | "iso-2022-jp-ms" | "iso-2022-jp-1" => "iso-2022-jp",
        other => other,
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8)
}

/// Base64 as it arrives: foreign characters are passed over, missing padding does not matter, a broken end gives what is whole.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                // Padding ends a run; another may follow in the same body.
                (held, bits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        held = (held << 6 | u32::from(value)) & 0xFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xFF) as u8);
        }
    }
    out
}

/// The Q encoding of a word.
fn quoted(text: &str) -> Vec<u8> {
    percent(&text.replace('_', " "), b'=')
}

/// Bytes with escapes like `=E3` or `%E3`.
fn percent(text: &str, sign: u8) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| *byte == sign).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        match code {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// A header with parameters: its value in lower case and its parameters as text, pieces joined (RFC 2231).
pub(super) struct Parameters {
    pub(super) value: String,
    list: Vec<(String, String)>,
}

impl Parameters {
    /// The parameter of this name.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.plain(name).or_else(|| self.pieces(name)).filter(|t| !t.trim().is_empty())
    }

    /// `name*=charset'lang'…` goes before `name=…`.
    fn plain(&self, name: &str) -> Option<String> {
        let starred = format!("{name}*");
        if let Some((_, value)) = self.list.iter().find(|(k, _)| *k == starred) {
            let (charset, text) = extended(value);
            return Some(charset_of(charset).decode(&percent(text, b'%')).0.into_owned());
        }
        self.list.iter().find(|(k, _)| k == name).map(|(_, value)| words(value))
    }

    /// `name*0*=charset'lang'…; name*1*=…; name*2=…`, in any order.
    fn pieces(&self, name: &str) -> Option<String> {
        let mut charset = "utf-8";
        let mut bytes = Vec::new();
        for n in 0..1000 {
            let (coded, plain) = (format!("{name}*{n}*"), format!("{name}*{n}"));
            let Some((key, value)) = self.list.iter().find(|(k, _)| *k == coded || *k == plain) else { break };
            if *key == plain {
                bytes.extend(value.bytes());
            } else if n == 0 {
                let (set, text) = extended(value);
                charset = set;
                bytes.extend(percent(text, b'%'));
            } else {
                bytes.extend(percent(value, b'%'));
            }
        }
        // Pieces of encoded words are against the standard and yet sent.
        (!bytes.is_empty()).then(|| words(&charset_of(charset).decode(&bytes).0))
    }
}

/// `charset'lang'text`.
fn extended(value: &str) -> (&str, &str) {
    let mut parts = value.splitn(3, '\'');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(charset), Some(_), Some(text)) if !charset.is_empty() => (charset, text),
        (_, Some(_), Some(text)) => ("utf-8", text),
        _ => ("utf-8", value),
    }
}

/// Takes a header with parameters apart.
pub(super) fn parameters(raw: &[u8]) -> Parameters {
    let text = unfold(&guess(raw));
    let mut parts = split(&text).into_iter();
    let value = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let list = parts
        .filter_map(|part| {
            let (key, value) = part.split_once('=')?;
            let value = value.trim();
            let value = match value.strip_prefix('"') {
                Some(inner) => unquote(inner.strip_suffix('"').unwrap_or(inner)),
                None => value.to_string(),
            };
            Some((key.trim().to_ascii_lowercase(), value))
        })
        .collect();
    Parameters { value, list }
}

/// A backslash quotes a quotation mark or itself; elsewhere it is meant (`C:\予算`).
fn unquote(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Splits at semicolons outside quotes.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ';' if !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;

    fn b64(bytes: &[u8]) -> String {
        ::base64::engine::general_purpose::STANDARD.encode(bytes)
    }

    #[test]
    fn words_of_every_kind() {
        let jis = "\u{1b}$B4k2h2]\u{1b}(B";
        assert_eq!(decode(format!("=?ISO-2022-JP?B?{}?=", b64(jis.as_bytes())).as_bytes()), "企画課");
        assert_eq!(decode(b"=?UTF-8?Q?=E8=AA=B2_A?= <a@example.jp>"), "課 A <a@example.jp>");
        // A character split between two words.
        let utf8 = "企画課".as_bytes();
        let split = format!("=?utf-8?B?{}?=\r\n =?utf-8?B?{}?=", b64(&utf8[..4]), b64(&utf8[4..]));
        assert_eq!(decode(split.as_bytes()), "企画課");
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("㈱髙橋①");
        assert_eq!(decode(&sjis), "㈱髙橋①");
        assert_eq!(decode(jis.as_bytes()), "企画課");
        assert_eq!(decode(b"=?broken"), "=?broken");
        assert_eq!(decode(b"=?x?Z?a?= b"), "=?x?Z?a?= b");
    }

    #[test]
    fn names_in_pieces() {
        let p = parameters(b"attachment; filename*0*=UTF-8''%E4%BC%81%E7; filename*1*=%94%BB%E8%AA%B2; filename*2=.xlsx");
        assert_eq!(p.value, "attachment");
        assert_eq!(p.get("filename").as_deref(), Some("企画課.xlsx"));
        let p = parameters(b"attachment; filename*=Shift_JIS'ja'%8A%E9%89%E6%89%DB.xls");
        assert_eq!(p.get("filename").as_deref(), Some("企画課.xls"));
        let p = parameters(format!("application/x; name=\"=?UTF-8?B?{}?=\"", b64("様式;1.xlsx".as_bytes())).as_bytes());
        assert_eq!(p.get("name").as_deref(), Some("様式;1.xlsx"));
        let p = parameters(b"x; a=\"q\\\"; b\"; c=d");
        assert_eq!((p.get("a").as_deref(), p.get("c").as_deref()), (Some("q\"; b"), Some("d")));
    }

    #[test]
    fn base64_is_forgiving() {
        assert_eq!(base64(b"44\r\nGC*"), "あ".as_bytes());
        assert_eq!(base64(b"YQ==YQ=="), b"aa");
        assert_eq!(base64(b"YWI"), b"ab");
    }
}
