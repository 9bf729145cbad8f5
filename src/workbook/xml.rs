//! XML as the readers of this room want it: local names, whole texts, entities resolved, nothing recursive.
//!
//! In: the bytes of one part. Out: a flat run of [`Node`]s.
//! Stays true: an unknown encoding, an unknown entity or a broken attribute never panics; broken markup is an error of the part.

use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// One step through a document. Comments, declarations and processing instructions are passed over.
pub(super) enum Node<'a> {
    /// An element begins (`<a/>` begins and ends).
    Open(Tag<'a>),
    /// An element ends.
    Close(BytesEnd<'a>),
    /// Text; one run of text may come in pieces.
    Text(Cow<'a, str>),
    /// The document is over.
    End,
}

/// The opening tag of an element.
pub(super) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of the attribute with this local name.
    pub(super) fn attr(&self, name: &str) -> Option<String> {
        let mut found = None;
        self.each_attr(|key, value| {
            if key == name && found.is_none() {
                found = Some(value.into_owned());
            }
        });
        found
    }

    /// Whether the attribute says yes (`1`, `true`, `on`).
    pub(super) fn flag(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|v| yes(&v))
    }

    /// The attribute as a number.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attr(name).and_then(|v| v.trim().parse().ok())
    }

    /// Every attribute by local name; namespace declarations and broken ones are passed over.
    pub(super) fn each_attr<'s>(&'s self, mut use_it: impl FnMut(&str, Cow<'s, str>)) {
        for attribute in self.0.attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let local = key.rsplit(':').next().unwrap_or(key);
            let value = match attribute.value {
                Cow::Borrowed(raw) => unescape(raw),
                Cow::Owned(raw) => Cow::Owned(unescape(&raw).into_owned()),
            };
            use_it(local, value);
        }
    }
}

/// `1`, `true` and `on` are yes.
pub(super) fn yes(value: &str) -> bool {
    matches!(value.trim(), "1" | "true" | "on" | "True" | "TRUE")
}

fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// Walks through a document.
pub(super) struct Xml<'a>(Reader<&'a [u8]>);

impl<'a> Xml<'a> {
    /// Begins at the start.
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Xml(reader)
    }

    /// The next step.
    ///
    /// # Errors
    /// If the markup is broken there, or ends before every element was closed.
    pub(super) fn next(&mut self) -> Result<Node<'a>, String> {
        loop {
            return Ok(match self.0.read_event().map_err(|e| e.to_string())? {
                Event::Start(start) => Node::Open(Tag(start)),
                Event::Empty(start) => Node::Open(Tag(start)),
                Event::End(end) => Node::Close(end),
                Event::Text(text) => match text.xml10_content() {
                    Cow::Owned(owned) => Node::Text(Cow::Owned(owned)),
                    Cow::Borrowed(_) => Node::Text(text.into_inner()),
                },
                Event::CData(data) => Node::Text(data.into_inner()),
                Event::GeneralRef(reference) => Node::Text(Cow::Owned(resolve(&reference))),
                Event::Eof => Node::End,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            });
        }
    }

    /// The text of the element whose opening tag was just read, those of elements inside it too, up to its end.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn text(&mut self) -> Result<String, String> {
        let mut out = String::new();
        let mut depth = 0u32;
        loop {
            match self.next()? {
                Node::Open(_) => depth += 1,
                Node::Close(_) if depth == 0 => return Ok(out),
                Node::Close(_) => depth -= 1,
                Node::Text(text) => out.push_str(&text),
                Node::End => return Err("the document ends inside an element".into()),
            }
        }
    }

    /// Passes over the element whose opening tag was just read.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(super) fn skip(&mut self) -> Result<(), String> {
        let mut depth = 0u32;
        loop {
            match self.next()? {
                Node::Open(_) => depth += 1,
                Node::Close(_) if depth == 0 => return Ok(()),
                Node::Close(_) => depth -= 1,
                Node::Text(_) => {}
                Node::End => return Err("the document ends inside an element".into()),
            }
        }
    }
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name: &str = reference;
    match name {
        "lt" => "<".into(),
        "gt" => ">".into(),
        "amp" => "&".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        "nbsp" => "\u{a0}".into(),
        other => format!("&{other};"),
    }
}

/// The text of a part: UTF-8, UTF-16 by its byte order mark, or what its declaration names. Bytes that fit nothing become U+FFFD.
pub(super) fn decode(bytes: Vec<u8>) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(&bytes) {
        return encoding.decode(&bytes).0.into_owned();
    }
    // Without a byte order mark UTF-16 shows itself by the zero beside "<".
    if bytes.starts_with(&[b'<', 0]) {
        return encoding_rs::UTF_16LE.decode(&bytes).0.into_owned();
    }
    if bytes.starts_with(&[0, b'<']) {
        return encoding_rs::UTF_16BE.decode(&bytes).0.into_owned();
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let bytes = error.into_bytes();
            let encoding = declared(&bytes).unwrap_or(encoding_rs::UTF_8);
            encoding.decode(&bytes).0.into_owned()
        }
    }
}

/// The encoding that the declaration of a document names.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let at = head.find("encoding=")?;
    let rest = head.get(at + 9..)?;
    let quote = rest.chars().next()?;
    let label = rest.get(1..)?.split(quote).next()?;
    encoding_rs::Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_whole() {
        let mut xml = Xml::new("<r a='1 &amp; 2'><x:t>課&amp;係<b>&#x2460;</b>\r\n<![CDATA[<生>]]></x:t></r>");
        let Ok(Node::Open(r)) = xml.next() else { panic!("no element") };
        assert_eq!(r.attr("a").as_deref(), Some("1 & 2"));
        let Ok(Node::Open(t)) = xml.next() else { panic!("no element") };
        assert_eq!(t.name(), "t");
        assert_eq!(xml.text().as_deref(), Ok("課&係①\n<生>"));
    }

    #[test]
    fn broken_markup_is_an_error() {
        let mut xml = Xml::new("<a><b></a>");
        assert!((0..9).any(|_| xml.next().is_err()));
        let mut cut = Xml::new("<a><b>");
        assert!(matches!(cut.next(), Ok(Node::Open(_))));
        assert!(cut.text().is_err());
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decode("課".into()), "課");
        assert_eq!(decode(vec![0xFF, 0xFE, 0xB2, 0x8A]), "課");
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>課</a>");
        assert!(decode(sjis.into_owned()).ends_with("<a>課</a>"));
    }
}
