//! Putting data into the page so that it stays data.
//!
//! In: anything that serialises. Out: text for an inert `<script type="application/json">`.
//! Stays true: the text holds no `<`, `>` or `&`, so it can neither end its element nor begin another.

use base64::Engine;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Write;

/// From this many bytes of details on, they are packed: the file stays small enough for a shared folder and a mail.
const PACK_FROM: usize = 4 << 20;

/// Blocks that are made side by side before they are packed.
const AT_ONCE: usize = 8;

/// A block of data: plain JSON, or packed (zlib, base64).
pub(super) struct Block {
    id: String,
    packed: bool,
    text: String,
}

impl Block {
    /// Plain JSON.
    pub(super) fn plain(id: String, text: String) -> Self {
        Block { id, packed: false, text }
    }

    /// As it stands in the page, on a line of its own.
    pub(super) fn element(&self) -> String {
        let Block { id, packed, text } = self;
        let packed = if *packed { " data-packed=\"1\"" } else { "" };
        format!("<script type=\"application/json\" id=\"{id}\"{packed}>{text}</script>\n")
    }

    /// zlib, then base64; what is packed already stays so.
    fn pack(self) -> anyhow::Result<Self> {
        if self.packed {
            return Ok(self);
        }
        let mut packer = flate2::write::ZlibEncoder::new(Vec::with_capacity(self.text.len() / 4), flate2::Compression::new(6));
        packer.write_all(self.text.as_bytes())?;
        let text = base64::engine::general_purpose::STANDARD.encode(packer.finish()?);
        Ok(Block { packed: true, text, ..self })
    }
}

/// JSON that may stand inside a script element: what could be markup is written as an escape, which says the same in JSON.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // Serialising our own plain structs into memory cannot fail; an empty object would be shown as an empty page.
    let plain = serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned());
    let mut safe = String::with_capacity(plain.len() + plain.len() / 32);
    for part in plain.split_inclusive(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let escape = match part.chars().next_back() {
            Some('<') => "\\u003c",
            Some('>') => "\\u003e",
            Some('&') => "\\u0026",
            Some('\u{2028}') => "\\u2028",
            Some('\u{2029}') => "\\u2029",
            _ => {
                safe.push_str(part);
                continue;
            }
        };
        let end = part.char_indices().next_back().map_or(0, |(at, _)| at);
        safe.push_str(&part[..end]);
        safe.push_str(escape);
    }
    safe
}

/// Blocks of JSON, each with its id, all packed if together they would make the page heavy: a few at a time, so that never all are in memory unpacked.
///
/// # Errors
/// None in practice: packing into memory does not fail.
pub(super) fn blocks<P: Sync>(parts: &[P], make: impl Fn(&P) -> (String, String) + Sync) -> anyhow::Result<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::with_capacity(parts.len());
    let mut size = 0;
    for some in parts.chunks(AT_ONCE) {
        blocks.par_extend(some.par_iter().map(|part| {
            let (id, text) = make(part);
            Block::plain(id, text)
        }));
        size += blocks[blocks.len() - some.len()..].iter().map(|b| b.text.len()).sum::<usize>();
        if size >= PACK_FROM {
            blocks = blocks.into_par_iter().map(Block::pack).collect::<anyhow::Result<_>>()?;
        }
    }
    Ok(blocks)
}

/// How the page's policy names a script or style: `sha256-…`.
pub(super) fn digest(text: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_its_element() {
        let hostile = "</script><!--<img src=x onerror=alert(1)>&amp;\u{2028}]]>";
        let safe = json(hostile);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), hostile);
    }
}
