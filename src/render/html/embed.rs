//! Putting data into the page so that it stays data.
//!
//! In: anything that serialises. Out: text for an inert `<script type="application/json">`.
//! Stays true: the text holds no `<`, `>` or `&`, so it can neither end its element nor begin another.

use base64::Engine;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Write;

/// A block of data: plain JSON, or packed (zlib, base64).
#[derive(Serialize)]
pub(super) struct Block {
    /// Whether it is packed.
    packed: bool,
    /// The text.
    text: String,
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

/// Blocks of JSON, packed if the page would be heavy.
///
/// # Errors
/// None in practice: packing into memory does not fail.
pub(super) fn blocks(texts: Vec<String>, packed: bool) -> anyhow::Result<Vec<Block>> {
    texts.into_par_iter().map(|text| Ok(Block { packed, text: if packed { pack(&text)? } else { text } })).collect()
}

/// zlib, then base64.
fn pack(text: &str) -> anyhow::Result<String> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::with_capacity(text.len() / 4), flate2::Compression::new(6));
    packer.write_all(text.as_bytes())?;
    Ok(base64::engine::general_purpose::STANDARD.encode(packer.finish()?))
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
