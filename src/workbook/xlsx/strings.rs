//! Shared strings: the texts of a workbook, rich text joined, furigana left out.

use super::parts::Book;
use crate::finding::Text;
use crate::workbook::Unreadable;
use crate::workbook::archive::Archive;
use crate::workbook::limits::Meter;
use crate::workbook::xml::{Node, Xml};

/// Reads the table of shared strings. What it says of its own length is not believed.
pub(super) fn read(archive: &mut Archive<'_>, book: &Book, meter: &mut Meter) -> Result<Vec<String>, Unreadable> {
    let Some(text) = book.strings.as_deref().map_or(Ok(None), |part| archive.text(part))? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    let mut xml = Xml::new(&text);
    let broken = |e: String| {
        Unreadable::Damaged(Text::new(format!("ファイルが壊れています（文字列の表: {e}）"), format!("the file is damaged (its strings: {e})")))
    };
    loop {
        match xml.next().map_err(broken)? {
            Node::Open(tag) if tag.name() == "si" => {
                let string = item(&mut xml).map_err(broken)?;
                meter.text(string.len()).map_err(super::file_fault)?;
                out.push(string);
            }
            Node::End => return Ok(out),
            _ => {}
        }
    }
}

/// The text of an `si`, `is` or `text` element whose opening tag was just read: all its runs, without the furigana.
pub(super) fn item(xml: &mut Xml<'_>) -> Result<String, String> {
    let mut out = String::new();
    let mut depth = 0u32;
    loop {
        match xml.next()? {
            Node::Open(tag) => match tag.name() {
                "t" => out.push_str(&xml.text()?),
                "rPh" | "phoneticPr" => xml.skip()?,
                _ => depth += 1,
            },
            Node::Close(_) if depth == 0 => return Ok(unescape(&out)),
            Node::Close(_) => depth -= 1,
            Node::Text(_) => {}
            Node::End => return Err("the document ends inside a string".into()),
        }
    }
}

/// `_x000D_` is a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19). Line breaks become `\n`.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest[at + 6..].starts_with('_'));
        let c = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32);
        match c {
            Some(c) => {
                out.push_str(&rest[..at]);
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    if out.contains('\r') { out.replace("\r\n", "\n").replace('\r', "\n") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furigana_is_left_out_and_runs_are_joined() {
        let mut xml = Xml::new(
            "<si><r><t>東</t></r><r><rPr/><t xml:space=\"preserve\">京 </t></r><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr/></si>",
        );
        assert!(matches!(xml.next(), Ok(Node::Open(_))));
        assert_eq!(item(&mut xml).as_deref(), Ok("東京 "));
    }

    #[test]
    fn escapes() {
        assert_eq!(unescape("一_x000D_\n二"), "一\n二");
        assert_eq!(unescape("_x005F_x0041_"), "_x0041_");
        assert_eq!(unescape("_x_x00_x12"), "_x_x00_x12");
        assert_eq!(unescape("_xあいう"), "_xあいう");
        assert_eq!(unescape("a\rb"), "a\nb");
    }
}
