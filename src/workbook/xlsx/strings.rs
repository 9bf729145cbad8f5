//! Shared strings: the texts of a workbook, rich text joined, furigana left out.

use super::parts::Book;
use crate::finding::Text;
use crate::workbook::archive::Archive;
use crate::workbook::limits::Meter;
use crate::workbook::xml::{Node, Xml, yes};
use crate::workbook::{SetApart, Unreadable};
use std::collections::BTreeMap;

/// The table of shared strings.
#[derive(Default)]
pub(super) struct Strings {
    /// The texts.
    pub(super) texts: Vec<String>,
    /// Those of which a part is set apart, by their place in the table.
    pub(super) set_apart: BTreeMap<usize, SetApart>,
}

/// Reads the table of shared strings. What it says of its own length is not believed.
pub(super) fn read(archive: &mut Archive<'_>, book: &Book, meter: &mut Meter) -> Result<Strings, Unreadable> {
    let mut out = Strings::default();
    let Some(text) = book.strings.as_deref().map_or(Ok(None), |part| archive.text(part))? else { return Ok(out) };
    let mut xml = Xml::new(&text);
    let broken = |e: String| {
        Unreadable::Damaged(Text::new(format!("ファイルが壊れています（文字列の表: {e}）"), format!("the file is damaged (its strings: {e})")))
    };
    loop {
        match xml.next().map_err(broken)? {
            Node::Open(tag) if tag.name() == "si" => {
                let (string, apart) = rich_item(&mut xml).map_err(broken)?;
                meter.text(string.len() + apart.as_ref().map_or(0, |a| a.struck.len())).map_err(super::file_fault)?;
                if let Some(apart) = apart {
                    out.set_apart.insert(out.texts.len(), apart);
                }
                out.texts.push(string);
            }
            Node::End => return Ok(out),
            _ => {}
        }
    }
}

/// The text of an `si`, `is` or `text` element whose opening tag was just read: all its runs, without the furigana.
pub(super) fn item(xml: &mut Xml<'_>) -> Result<String, String> {
    rich_item(xml).map(|(text, _)| text)
}

/// How the characters of one run look.
#[derive(Clone, Default, PartialEq)]
struct Look {
    struck: bool,
    bold: bool,
    underlined: bool,
    colour: Option<String>,
}

/// As [`item`], with the parts of the text that are set apart.
pub(super) fn rich_item(xml: &mut Xml<'_>) -> Result<(String, Option<SetApart>), String> {
    let mut out = String::new();
    let mut depth = 0u32;
    let mut look = Look::default();
    let mut first: Option<Look> = None;
    let mut apart = SetApart::default();
    loop {
        match xml.next()? {
            Node::Open(tag) => match tag.name() {
                "t" => {
                    let text = xml.text()?;
                    if look.struck {
                        apart.struck.push_str(&unescape(&text));
                    }
                    let marks = Look { struck: false, ..look.clone() };
                    if !text.trim().is_empty() {
                        apart.mixed |= *first.get_or_insert(marks.clone()) != marks;
                    }
                    out.push_str(&text);
                }
                "rPh" | "phoneticPr" => xml.skip()?,
                name => {
                    let on = tag.attr("val").is_none_or(|v| yes(&v) || (name == "u" && v != "none"));
                    match name {
                        "r" => look = Look::default(),
                        "strike" => look.struck = on,
                        "b" => look.bold = on,
                        "u" => look.underlined = on,
                        "color" => look.colour = tag.attr("rgb").or_else(|| tag.attr("theme")).or_else(|| tag.attr("indexed")),
                        _ => {}
                    }
                    depth += 1;
                }
            },
            Node::Close(_) if depth == 0 => {
                let told = apart.mixed || !apart.struck.trim().is_empty();
                return Ok((unescape(&out), told.then_some(apart)));
            }
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
    fn what_is_set_apart_is_told() {
        let read = |runs: &str| {
            let text = format!("<si>{runs}</si>");
            let mut xml = Xml::new(&text);
            assert!(matches!(xml.next(), Ok(Node::Open(_))));
            rich_item(&mut xml).unwrap_or_default()
        };
        let struck = read("<r><rPr><strike/></rPr><t>3,120件</t></r><r><rPr><strike val=\"0\"/></rPr><t>3,200件</t></r>");
        assert_eq!(struck, ("3,120件3,200件".into(), Some(SetApart { struck: "3,120件".into(), mixed: false })));
        assert_eq!(read("<r><t>A</t></r><r><rPr><u/></rPr><t>B</t></r>").1, Some(SetApart { struck: String::new(), mixed: true }));
        assert_eq!(read("<r><rPr><b/></rPr><t>A</t></r><r><rPr><b/></rPr><t>B</t></r>").1, None);
        assert_eq!(read("<t>A</t>").1, None);
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
