//! Where a character of an expanded template stands in the template itself.
//!
//! In: template sources before Tera, and the text that Tera makes of them. Out: sources with invisible markers, and one clean line of XML with a map of
//! places.
//! Stays true: markers are private-use characters that no data can bring in (data is escaped); a place is never further off than the Tera tag before it.
//! Neighbours: [`super::template`] puts these around Tera, [`super::parse`] asks for places.

use crate::finding::Text;

/// First marker character (a supplementary private-use plane); the number after it is the index of a place.
const FIRST_MARKER: u32 = 0xF_0000;
/// How many places can be marked.
const MARKERS: usize = 0xFFFD;

/// A place in a template, from 1, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The template's file name.
    pub file: String,
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// Something wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, in both languages.
    pub message: Text,
}

impl Problem {
    /// A problem at a place.
    pub fn new(place: Place, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Problem { place, message: Text::new(ja, en) }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Place { file, line, column } = &self.place;
        if *line == 0 {
            write!(f, "{file}: {} / {}", self.message.ja, self.message.en)
        } else {
            write!(f, "{file} {line}行{column}字目: {} / {}", self.message.ja, self.message.en)
        }
    }
}

impl std::error::Error for Problem {}

/// All marked places of a form's templates.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    files: Vec<String>,
    marked: Vec<(usize, usize, usize)>,
}

impl Places {
    /// The source with a marker at the start of each line and after each Tera tag.
    pub(super) fn mark(&mut self, file: &str, source: &str) -> String {
        let file = {
            self.files.push(file.to_owned());
            self.files.len() - 1
        };
        let mut out = String::with_capacity(source.len() + source.len() / 8);
        let (mut line, mut column) = (1, 1);
        let mut rest = source;
        let mut line_start = true;
        while !rest.is_empty() {
            if let Some(length) = tag_length(rest) {
                let tag = &rest[..length];
                out.push_str(tag);
                advance(tag, &mut line, &mut column);
                rest = &rest[length..];
                line_start = false;
                if !is_head_tag(tag) {
                    self.push(&mut out, (file, line, column));
                }
                continue;
            }
            // Before a tag that opens a line no marker is needed, and `extends` and `import` suffer nothing before them.
            if line_start && rest.starts_with([' ', '\t']) {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
                column += 1;
                continue;
            }
            if line_start && tag_length(rest).is_none() {
                self.push(&mut out, (file, line, column));
            }
            line_start = false;
            let Some(c) = rest.chars().next() else { break };
            out.push(c);
            rest = &rest[c.len_utf8()..];
            if c == '\n' {
                line += 1;
                column = 1;
                line_start = true;
            } else {
                column += 1;
            }
        }
        out
    }

    fn push(&mut self, out: &mut String, place: (usize, usize, usize)) {
        if self.marked.len() < MARKERS
            && let Some(c) = u32::try_from(self.marked.len()).ok().and_then(|i| char::from_u32(FIRST_MARKER + i))
        {
            out.push(c);
            self.marked.push(place);
        }
    }

    /// The place a marker stands for.
    fn of(&self, marker: usize) -> Option<Place> {
        self.marked.get(marker).map(|(f, line, column)| Place { file: self.files[*f].clone(), line: *line, column: *column })
    }
}

/// `{% extends %}` and `{% import %}` must stand first in a template.
fn is_head_tag(tag: &str) -> bool {
    let inner = tag.trim_start_matches("{%").trim_start_matches('-').trim_start();
    tag.starts_with("{%") && (inner.starts_with("import") || inner.starts_with("extends"))
}

/// Moves a place over a text.
fn advance(text: &str, line: &mut usize, column: &mut usize) {
    for c in text.chars() {
        if c == '\n' {
            *line += 1;
            *column = 1;
        } else {
            *column += 1;
        }
    }
}

/// The length of the Tera tag that a text begins with.
fn tag_length(text: &str) -> Option<usize> {
    let close = match text.get(..2)? {
        "{{" => "}}",
        "{%" => "%}",
        "{#" => return text.find("#}").map(|i| i + 2),
        _ => return None,
    };
    let mut quote = None;
    for (i, c) in text.char_indices().skip(2) {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if text[i..].starts_with(close) => return Some(i + 2),
            None => {}
        }
    }
    None
}

/// The marker index of a character.
fn marker(c: char) -> Option<usize> {
    let n = u32::from(c);
    (FIRST_MARKER..FIRST_MARKER + MARKERS as u32).contains(&n).then(|| (n - FIRST_MARKER) as usize)
}

/// Escapes a text from the data for XML: line breaks and private-use characters of the marker plane stand as references, so that nothing in the data
/// looks like template. Control characters, which XML cannot hold, become blanks.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c if marker(c).is_some() => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Expanded XML on one line, with the way back to the template.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// The XML.
    pub(super) xml: String,
    marks: Vec<(usize, usize)>,
}

impl Expanded {
    /// Takes the markers, line breaks and indents of the template out of an expanded text. Line breaks of the data stay: they are `&#10;`.
    pub(super) fn new(text: &str) -> Self {
        let mut this = Expanded { xml: String::with_capacity(text.len()), marks: Vec::new() };
        let mut quote: Option<char> = None;
        let mut in_tag = false;
        let mut after_break = false;
        let mut comment = false;
        for c in text.chars() {
            if let Some(m) = marker(c) {
                this.marks.push((this.xml.len(), m));
                continue;
            }
            if comment {
                this.xml.push(c);
                comment = !this.xml.ends_with("-->");
                continue;
            }
            if matches!(c, '\n' | '\r') && quote.is_none() && !in_tag {
                let kept = this.xml.trim_end_matches([' ', '\t']).len();
                let floor = this.marks.last().map_or(0, |(at, _)| *at);
                this.xml.truncate(kept.max(floor));
                after_break = true;
                continue;
            }
            if after_break && matches!(c, ' ' | '\t') {
                continue;
            }
            if after_break && c.is_ascii_alphanumeric() && this.xml.ends_with(|p: char| p.is_ascii_alphanumeric()) {
                this.xml.push(' ');
            }
            after_break = false;
            match (in_tag, quote) {
                (true, Some(q)) if c == q => quote = None,
                (true, None) if matches!(c, '"' | '\'') => quote = Some(c),
                (true, None) if c == '>' => in_tag = false,
                (false, _) if c == '<' => in_tag = true,
                _ => {}
            }
            this.xml.push(if matches!(c, '\n' | '\r') { ' ' } else { c });
            if in_tag && quote.is_none() && this.xml.ends_with("<!--") {
                (comment, in_tag) = (true, false);
            }
        }
        this
    }

    /// The place in the template of a byte of the XML.
    pub(super) fn place(&self, offset: usize, places: &Places) -> Place {
        let last = self.marks.partition_point(|(at, _)| *at <= offset);
        let Some((at, m)) = last.checked_sub(1).and_then(|i| self.marks.get(i)) else { return Place::default() };
        let mut place = places.of(*m).unwrap_or_default();
        place.column += self.xml.get(*at..offset).map_or(0, |t| t.chars().count());
        place
    }

    /// The place in the template of the `n`th character of the XML, from 0.
    pub(super) fn place_of_char(&self, n: usize, places: &Places) -> Place {
        let offset = self.xml.char_indices().nth(n).map_or(self.xml.len(), |(i, _)| i);
        self.place(offset, places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_expansion() {
        let mut places = Places::default();
        let marked = places.mark("sheet.xml", "<a>\n  {% if x %}<b/>{% endif %}\n  <c wrong=\"1\"/>\n</a>");
        let expanded = Expanded::new(&marked.replace("{% if x %}", "").replace("{% endif %}", ""));
        assert_eq!(expanded.xml, "<a><b/><c wrong=\"1\"/></a>");
        let place = expanded.place(expanded.xml.find("<c").unwrap_or(0), &places);
        assert_eq!((place.line, place.column), (3, 3));
        let place = expanded.place(expanded.xml.find("<b").unwrap_or(0), &places);
        assert_eq!((place.line, place.column), (2, 13));
    }

    #[test]
    fn data_cannot_pretend_to_be_template() {
        assert_eq!(escape("<b>&\n\u{F0001}"), "&lt;b&gt;&amp;&#10;&#983041;");
        let mut places = Places::default();
        let marked = places.mark("x", "{% import \"m\" as m %}\n<a/>");
        assert!(marked.starts_with("{% import"));
    }
}
