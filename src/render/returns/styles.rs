//! Styles of a marked cell: its own style with a tint and a thick frame, added to `styles.xml`.
//!
//! In: the part `styles.xml`. Out: the same with one fill, one frame and a few cell formats more.
//! Stays true: what stood there keeps its place, so every other cell looks as before; number format, font and alignment of a marked cell stay.

use super::package::{Edits, MAIN, Package, Unmarkable, append_to, prefix, set_attribute, without_mark};
use super::relations::relationships;
use std::collections::BTreeMap;

/// The styles of a workbook with those added.
pub(super) struct Styles {
    part: String,
    text: String,
    /// The raw text of every cell format.
    formats: Vec<String>,
    /// Style → its marked twin.
    twins: BTreeMap<usize, usize>,
    added: Vec<String>,
    fill: usize,
    border: usize,
    prefix: String,
}

impl Styles {
    /// Reads the styles of a workbook.
    pub(super) fn open(package: &mut Package<'_>, book: &str) -> Result<Self, Unmarkable> {
        let part = relationships(package, book)?.into_iter().find(|r| r.kind == "styles").ok_or(Unmarkable::OtherKind)?.target;
        let text = package.text(&part)?.ok_or(Unmarkable::Damaged)?;
        let text = without_mark(&text).to_owned();
        let document = roxmltree::Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
        let root = document.root_element();
        let count = |name: &str, item: &str| {
            let group = root.children().find(|n| n.has_tag_name((MAIN, name)))?;
            Some(group.children().filter(|n| n.has_tag_name((MAIN, item))).count())
        };
        let fill = count("fills", "fill").ok_or(Unmarkable::OtherKind)?;
        let border = count("borders", "border").ok_or(Unmarkable::OtherKind)?;
        let group = root.children().find(|n| n.has_tag_name((MAIN, "cellXfs"))).ok_or(Unmarkable::OtherKind)?;
        let formats: Vec<String> = group.children().filter(|n| n.has_tag_name((MAIN, "xf"))).map(|n| text[n.range()].to_owned()).collect();
        let prefix = prefix(&text, root).to_owned();
        drop(document);
        Ok(Styles { part, text, formats, twins: BTreeMap::new(), added: Vec::new(), fill, border, prefix })
    }

    /// The marked twin of a style.
    pub(super) fn marked(&mut self, style: usize) -> usize {
        if let Some(twin) = self.twins.get(&style) {
            return *twin;
        }
        let twin = self.formats.len() + self.added.len();
        let (fill, border) = (self.fill.to_string(), self.border.to_string());
        let plain = format!("<{}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>", self.prefix);
        let raw = self.formats.get(style).cloned().unwrap_or(plain);
        let changes = [("fillId", fill.as_str()), ("borderId", border.as_str()), ("applyFill", "1"), ("applyBorder", "1")];
        self.added.push(with_attributes(&raw, &changes));
        self.twins.insert(style, twin);
        twin
    }

    /// Puts the added styles into the package.
    pub(super) fn finish(self, package: &mut Package<'_>) {
        if self.added.is_empty() {
            return;
        }
        let Ok(document) = roxmltree::Document::parse(&self.text) else { return };
        let p = &self.prefix;
        let side = |name: &str| format!("<{p}{name} style=\"thick\"><{p}color rgb=\"FFC00000\"/></{p}{name}>");
        let border = format!("<{p}border>{}{}{}{}<{p}diagonal/></{p}border>", side("left"), side("right"), side("top"), side("bottom"));
        let fill = format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FFFFF2AB\"/><{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        );
        let mut edits = Edits::default();
        let groups = [
            ("fills", fill, self.fill + 1),
            ("borders", border, self.border + 1),
            ("cellXfs", self.added.concat(), self.formats.len() + self.added.len()),
        ];
        for (name, new, count) in groups {
            if let Some(group) = document.root_element().children().find(|n| n.has_tag_name((MAIN, name))) {
                append_to(&self.text, group, &new, &mut edits);
                set_attribute(&self.text, group, "count", &count.to_string(), &mut edits);
            }
        }
        let text = edits.apply(&self.text);
        package.put(&self.part, text);
    }
}

/// A raw element with attributes of its opening tag set.
fn with_attributes(raw: &str, changes: &[(&str, &str)]) -> String {
    let end = raw.find('>').unwrap_or(raw.len());
    let (tag, rest) = raw.split_at(end);
    let (tag, slash) = tag.strip_suffix('/').map_or((tag, ""), |tag| (tag, "/"));
    let mut tag = tag.trim_end().to_owned();
    for (name, value) in changes {
        let known = [format!(" {name}=\""), format!(" {name}='")].into_iter().find_map(|start| {
            let at = tag.find(&start)? + start.len();
            let quote = start.chars().last()?;
            let close = at + tag[at..].find(quote)?;
            Some(at..close)
        });
        match known {
            Some(range) => tag.replace_range(range, value),
            None => tag.push_str(&format!(" {name}=\"{value}\"")),
        }
    }
    format!("{tag}{slash}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_set_in_the_opening_tag_only() {
        assert_eq!(
            with_attributes("<xf fillId=\"0\" xfId=\"3\"/>", &[("fillId", "7"), ("applyFill", "1")]),
            "<xf fillId=\"7\" xfId=\"3\" applyFill=\"1\"/>"
        );
        assert_eq!(
            with_attributes("<x:xf fillId='0'><x:alignment wrapText=\"1\"/></x:xf>", &[("fillId", "7")]),
            "<x:xf fillId='7'><x:alignment wrapText=\"1\"/></x:xf>"
        );
    }
}
