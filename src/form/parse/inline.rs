//! Texts: what stands inside `<text>`, `<label>` and `<cell>`.
//!
//! In: an element's children. Out: [`Content`].
//! Stays true: line breaks of the template are only layout of the template; a new line is `<br/>`, or a line break of the data.

use super::{Look, Reader};
use crate::form::nearest::did_you_mean;
use crate::form::tree::{Content, Mark, Piece};
use crate::form::values::sdg_name;
use roxmltree::Node;

/// Elements that may stand in a text.
const KNOWN: &[&str] = &["b", "u", "br", "check", "sdg", "leader", "page-of", "page-number", "page-count", "field"];

/// A text being read.
#[derive(Default)]
struct Run {
    pieces: Vec<Piece>,
    mark: Option<Mark>,
}

impl Run {
    /// Adds characters, to the last piece if it looks the same.
    fn text(&mut self, add: &str, style: (bool, bool)) {
        if let Some(Piece::Text { text, bold, underline }) = self.pieces.last_mut()
            && (*bold, *underline) == style
        {
            text.push_str(add);
        } else if !add.is_empty() {
            self.pieces.push(Piece::Text { text: add.to_owned(), bold: style.0, underline: style.1 });
        }
    }
}

impl<'x> Reader<'_, 'x> {
    /// The text of an element; children named in `aside` are left to the caller.
    pub(super) fn inline(&self, parent: Node<'x, 'x>, aside: &[&str]) -> Content {
        let mut run = Run::default();
        self.inline_into(parent, aside, (false, false), &mut run, 0);
        trim(&mut run.pieces);
        Content { pieces: run.pieces, mark: run.mark }
    }

    fn inline_into(&self, parent: Node<'x, 'x>, aside: &[&str], style: (bool, bool), run: &mut Run, depth: usize) {
        if depth > super::DEPTH {
            self.problem(parent, "要素の入れ子が深すぎます", "elements are nested too deeply");
            return;
        }
        for node in parent.children() {
            if let Some(text) = node.text().filter(|_| node.is_text()) {
                run.text(text, style);
            } else if node.is_element() && !aside.contains(&node.tag_name().name()) {
                self.inline_element(node, style, run, depth);
            }
        }
    }

    fn inline_element(&self, node: Node<'x, 'x>, style: (bool, bool), run: &mut Run, depth: usize) {
        let look = Look::of(node);
        let name = node.tag_name().name();
        match name {
            "b" => self.inline_into(node, &[], (true, style.1), run, depth + 1),
            "u" => self.inline_into(node, &[], (style.0, true), run, depth + 1),
            "br" => run.text("\n", style),
            "check" => run.pieces.push(Piece::CheckBox(look.flag(self, "on", false))),
            "sdg" => {
                let Some(goal) = look.whole(self, "n", 1, 17).and_then(|n| u8::try_from(n).ok()) else { return };
                run.pieces.push(Piece::Sdg(goal));
                if look.flag(self, "name", false) {
                    run.text(sdg_name(goal), style);
                }
            }
            "leader" => run.pieces.push(Piece::Leader),
            "page-of" => run.pieces.extend(self.needed(node, "anchor").map(|a| Piece::PageOf(a.to_owned()))),
            "page-number" => run.pieces.push(Piece::PageNumber),
            "page-count" => run.pieces.push(Piece::PageCount),
            "field" => self.inline_field(node, style, run),
            other => {
                let hint = did_you_mean(other, KNOWN.iter().copied());
                self.problem(node, format!("文字の中に <{other}> は書けません{hint}"), format!("no element <{other}> inside a text{}", hint.en));
            }
        }
        let known: &[&str] = match name {
            "check" => &["on"],
            "sdg" => &["n", "name"],
            "page-of" => &["anchor"],
            "field" => &["name", "year", "index", "of", "lines"],
            _ => &[],
        };
        if KNOWN.contains(&name) {
            self.known_attributes(node, &[known]);
        }
    }

    /// The value of a field inside a text.
    fn inline_field(&self, node: Node<'x, 'x>, style: (bool, bool), run: &mut Run) {
        let Some(value) = self.value_of(node, "name") else { return };
        for piece in value.content.pieces {
            match piece {
                Piece::Text { text, .. } => run.text(&text, style),
                other => run.pieces.push(other),
            }
        }
        run.mark = run.mark.or(value.content.mark);
    }

    /// An attribute that must be there.
    pub(super) fn needed(&self, node: Node<'x, 'x>, name: &str) -> Option<&'x str> {
        let value = node.attribute(name);
        if value.is_none() {
            let element = node.tag_name().name();
            self.problem(node, format!("<{element}> には {name} が要ります"), format!("<{element}> needs the attribute `{name}`"));
        }
        value
    }
}

/// Takes away blanks at both ends, which are layout of the template.
fn trim(pieces: &mut Vec<Piece>) {
    const BLANK: [char; 2] = [' ', '\t'];
    if let Some(Piece::Text { text, .. }) = pieces.first_mut() {
        *text = text.trim_start_matches(BLANK).to_owned();
    }
    if let Some(Piece::Text { text, .. }) = pieces.last_mut() {
        *text = text.trim_end_matches(BLANK).to_owned();
    }
    pieces.retain(|p| !matches!(p, Piece::Text { text, .. } if text.is_empty()));
}
