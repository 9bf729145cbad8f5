//! Reading expanded templates: XML to a layout tree.
//!
//! In: one line of XML with its map of places, the form, the values. Out: a [`Tree`], or every problem found.
//! Stays true: an unknown element, attribute or field is a problem with its place and the nearest known name; nothing is skipped in silence.
//! Neighbours: `attributes` reads lengths and styles, `grid` tables, `inline` texts.

mod attributes;
mod grid;
mod inline;

use super::nearest::did_you_mean;
use super::setting::Setting;
use super::source::{Expanded, Place, Places, Problem};
use super::tree::{Anchor, Block, Fit, Frame, PageStyle, TextBlock, Tree};
use super::{Form, values::Values};
use crate::value::FiscalYear;
use attributes::Look;
use roxmltree::{Document, Node};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How deep elements may stand in one another.
const DEPTH: usize = 40;

/// What the parts of the reader share.
struct Reader<'a, 'x> {
    expanded: &'a Expanded,
    places: &'a Places,
    name: &'a str,
    form: &'a Form,
    values: &'a dyn Values,
    report_year: FiscalYear,
    styles: BTreeMap<String, Node<'x, 'x>>,
    sheet: Node<'x, 'x>,
    problems: RefCell<Vec<Problem>>,
}

/// Reads an expanded template.
pub(super) fn read(expanded: &Expanded, places: &Places, name: &str, setting: &Setting<'_>) -> Result<Tree, Vec<Problem>> {
    let document = Document::parse(&expanded.xml).map_err(|e| vec![xml_problem(expanded, places, name, &e)])?;
    let sheet = document.root_element();
    let Setting { form, values, report_year, report } = *setting;
    let reader = Reader { expanded, places, name, form, values, report_year, styles: BTreeMap::new(), sheet, problems: RefCell::default() };
    // The smallest type size of a one-page sheet, unless it says otherwise.
    reader.whole(if report { 8.0 } else { 9.0 })
}

/// What roxmltree found wrong.
fn xml_problem(expanded: &Expanded, places: &Places, name: &str, error: &roxmltree::Error) -> Problem {
    let pos = error.pos();
    let mut place = expanded.place_of_char((pos.col as usize).saturating_sub(1), places);
    if place.line == 0 {
        place = Place { file: name.to_owned(), line: 1, column: 1 };
    }
    Problem::new(place, format!("XMLの書き方が違います（{error}）"), format!("this is not well-formed XML: {error}"))
}

impl<'x> Reader<'_, 'x> {
    /// The root element and everything in it.
    fn whole(mut self, min_size: f64) -> Result<Tree, Vec<Problem>> {
        let sheet = self.sheet;
        if sheet.tag_name().name() != "sheet" {
            self.problem(sheet, format!("一番外は <sheet> です（<{}> ではありません）", sheet.tag_name().name()), "the root element must be <sheet>");
            return Err(self.problems.into_inner());
        }
        for style in sheet.children().filter(|n| n.has_tag_name("style")) {
            if let Some(name) = style.attribute("name") {
                self.styles.insert(name.to_owned(), style);
            } else {
                self.problem(style, "<style> には name が要ります", "<style> needs a name");
            }
        }
        for style in self.styles.values() {
            self.known_attributes(*style, &[&["name"], attributes::STYLE]);
        }
        let page = self.page(min_size);
        let width = page.width - page.margin[1] - page.margin[3];
        let mut tree = Tree { page, blocks: Vec::new() };
        tree.blocks = self.blocks(sheet, width, 0);
        for (name, into) in [("head", &mut tree.page.head), ("foot", &mut tree.page.foot)] {
            if let Some(node) = sheet.children().find(|n| n.has_tag_name(name)) {
                self.known_attributes(node, &[]);
                for child in node.children().filter(|c| c.is_element() && !c.has_tag_name("text") && !c.has_tag_name("grid")) {
                    let (element, other) = (child.tag_name().name(), format!("<{name}> の中に書けるのは <text> と <grid> だけです"));
                    self.problem(child, other, format!("only <text> and <grid> stand in <{name}>, not <{element}>"));
                }
                *into = self.blocks(node, width, 1);
            }
        }
        let problems = self.problems.into_inner();
        if problems.is_empty() { Ok(tree) } else { Err(problems) }
    }

    /// Paper, margins and fit.
    fn page(&self, min_size: f64) -> PageStyle {
        let sheet = self.sheet;
        self.known_attributes(sheet, &[&["paper", "orientation", "margin", "fit", "min-size", "size", "leading"]]);
        let look = Look::of(sheet);
        let (mut width, mut height) = match look.word(self, "paper", &["A4", "A3", "B5", "A5"], "A4") {
            "A3" => (297.0, 420.0),
            "B5" => (182.0, 257.0),
            "A5" => (148.0, 210.0),
            _ => (210.0, 297.0),
        };
        if look.word(self, "orientation", &["portrait", "landscape"], "portrait") == "landscape" {
            std::mem::swap(&mut width, &mut height);
        }
        let mut margin = look.sides(self, "margin", 20.0);
        if margin[1] + margin[3] > width - 10.0 || margin[0] + margin[2] > height - 10.0 {
            self.problem(sheet, "余白が用紙より大きくなっています", "the margins leave no room on the paper");
            margin = [20.0; 4];
        }
        let fit = match look.word(self, "fit", &["flow", "one-page"], "flow") {
            "one-page" => Fit::OnePage { min_size: look.number(self, "min-size", 4.0, 72.0).unwrap_or(min_size) },
            _ => Fit::Flow,
        };
        PageStyle { width, height, margin, fit, head: Vec::new(), foot: Vec::new() }
    }

    /// The blocks inside an element, `width` mm wide.
    fn blocks(&self, parent: Node<'x, 'x>, width: f64, depth: usize) -> Vec<Block> {
        if depth > DEPTH {
            self.problem(parent, "要素の入れ子が深すぎます", "elements are nested too deeply");
            return Vec::new();
        }
        let mut out = Vec::new();
        for node in parent.children() {
            if node.is_text() {
                if node.text().is_some_and(|t| !t.trim().is_empty()) {
                    self.problem(node, "文字は <text> の中に書きます", "text must stand inside <text>");
                }
                continue;
            }
            if node.is_element() {
                out.extend(self.block(node, width, depth));
            }
        }
        out
    }

    /// One block.
    fn block(&self, node: Node<'x, 'x>, width: f64, depth: usize) -> Option<Block> {
        match node.tag_name().name() {
            "text" => Some(Block::Text(self.text(node))),
            "grid" => self.grid(node, width, depth).map(Block::Grid),
            "space" => {
                self.known_attributes(node, &[&["height"]]);
                Some(Block::Space(Look::of(node).number(self, "height", 0.0, 1000.0).unwrap_or(4.0)))
            }
            "page-break" => {
                self.known_attributes(node, &[]);
                Some(Block::PageBreak)
            }
            "keep" => {
                self.known_attributes(node, &[]);
                Some(Block::Keep(self.blocks(node, width, depth + 1)))
            }
            "frame" => Some(Block::Frame(self.frame(node, width, depth))),
            "anchor" => self.anchor(node).map(Block::Anchor),
            "style" | "head" | "foot" if depth == 0 => None,
            other => {
                let known = ["text", "grid", "space", "page-break", "keep", "frame", "anchor", "style", "head", "foot"];
                let hint = did_you_mean(other, known);
                self.problem(node, format!("<{other}> という要素はここに書けません{hint}"), format!("no element <{other}> here{}", hint.en));
                None
            }
        }
    }

    /// A paragraph or heading.
    fn text(&self, node: Node<'x, 'x>) -> TextBlock {
        self.known_attributes(node, &[attributes::STYLE, &["style", "link"]]);
        let look = self.look(node, None);
        TextBlock {
            content: self.inline(node, &[]),
            style: look.text_style(self, super::tree::Align::Left, 10.5),
            space: (look.number(self, "space-before", 0.0, 300.0).unwrap_or(0.0), look.number(self, "space-after", 0.0, 300.0).unwrap_or(0.0)),
            indent: look.pair(self, "indent", (0.0, 0.0)),
            keep_with_next: look.flag(self, "keep-with-next", false),
            link: look.text("link").map(str::to_owned),
        }
    }

    /// A framed box.
    fn frame(&self, node: Node<'x, 'x>, width: f64, depth: usize) -> Frame {
        self.known_attributes(node, &[&["padding", "rule", "width", "align"]]);
        let look = Look::of(node);
        let own = look.number(self, "width", 1.0, 2000.0);
        let padding = look.number(self, "padding", 0.0, 100.0).unwrap_or(2.0);
        Frame {
            blocks: self.blocks(node, own.unwrap_or(width) - 2.0 * padding, depth + 1),
            padding,
            rule: look.number(self, "rule", 0.0, 5.0).unwrap_or(0.35),
            width: own,
            align: look.align(self, super::tree::Align::Left),
        }
    }

    /// A target of links and bookmarks.
    fn anchor(&self, node: Node<'x, 'x>) -> Option<Anchor> {
        self.known_attributes(node, &[&["name", "bookmark", "level"]]);
        let Some(name) = node.attribute("name") else {
            self.problem(node, "<anchor> には name が要ります", "<anchor> needs a name");
            return None;
        };
        Some(self.anchor_named(node, name))
    }

    /// A target of that name, with the bookmark of its element.
    fn anchor_named(&self, node: Node<'x, 'x>, name: &str) -> Anchor {
        let level = Look::of(node).whole(self, "level", 1, 9).unwrap_or(1);
        Anchor { name: name.to_owned(), bookmark: node.attribute("bookmark").map(str::to_owned), level: level as u8 }
    }

    /// Where an element gets its looks from: itself, its named style, the style of its kind, its grid, the sheet.
    fn look(&self, node: Node<'x, 'x>, grid: Option<Node<'x, 'x>>) -> Look<'x> {
        let mut look = Look::of(node);
        if let Some(name) = node.attribute("style") {
            match self.styles.get(name) {
                Some(style) => look.add(*style),
                None => {
                    let hint = did_you_mean(name, self.styles.keys().map(String::as_str));
                    self.problem(node, format!("style「{name}」は定義されていません{hint}"), format!("there is no style `{name}`{}", hint.en));
                }
            }
        }
        if let Some(style) = self.styles.get(node.tag_name().name()) {
            look.add(*style);
        }
        look.under(grid, self.sheet);
        look
    }

    /// Records a problem at an element.
    fn problem(&self, node: Node<'_, '_>, ja: impl Into<String>, en: impl Into<String>) {
        self.problem_at(node.range().start, ja, en);
    }

    /// Records a problem at a byte of the XML.
    fn problem_at(&self, offset: usize, ja: impl Into<String>, en: impl Into<String>) {
        let mut place = self.expanded.place(offset, self.places);
        if place.line == 0 {
            place.file = self.name.to_owned();
        }
        let problem = Problem::new(place, ja, en);
        let mut problems = self.problems.borrow_mut();
        // A loop repeats the same slip; it is told once.
        if !problems.contains(&problem) && problems.len() < 200 {
            problems.push(problem);
        }
    }

    /// Every attribute must be one of the known ones.
    fn known_attributes(&self, node: Node<'_, '_>, known: &[&[&str]]) {
        for attribute in node.attributes() {
            let name = attribute.name();
            if !known.iter().any(|list| list.contains(&name)) {
                let hint = did_you_mean(name, known.iter().flat_map(|l| l.iter().copied()));
                let element = node.tag_name().name();
                self.problem_at(
                    attribute.range().start,
                    format!("<{element}> に「{name}」という属性はありません{hint}"),
                    format!("<{element}> has no attribute `{name}`{}", hint.en),
                );
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
