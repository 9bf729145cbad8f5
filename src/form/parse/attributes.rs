//! Attributes: lengths, words, flags and styles, with their checks.
//!
//! In: an element and where it inherits from. Out: values in mm and points.
//! Stays true: a value that cannot be read is a problem and the default is taken, so that all problems of a template are told at once.

use super::Reader;
use crate::form::nearest::did_you_mean;
use crate::form::tree::{Align, TextStyle, VAlign};
use roxmltree::Node;

/// Attributes that a style can hold.
pub(super) const STYLE: &[&str] = &[
    "size",
    "bold",
    "align",
    "leading",
    "tracking",
    "hang",
    "vertical",
    "underline",
    "fixed",
    "shade",
    "padding",
    "valign",
    "rules",
    "space-before",
    "space-after",
    "indent",
    "keep-with-next",
    "repeat",
];

/// An element with those it inherits from, nearest first.
pub(super) struct Look<'x> {
    own: Vec<Node<'x, 'x>>,
    /// Grid and sheet, from which only size and leading come.
    around: Vec<Node<'x, 'x>>,
}

impl<'x> Look<'x> {
    /// Only the element itself.
    pub(super) fn of(node: Node<'x, 'x>) -> Self {
        Look { own: vec![node], around: Vec::new() }
    }

    /// Adds a style.
    pub(super) fn add(&mut self, style: Node<'x, 'x>) {
        self.own.push(style);
    }

    /// Adds what stands around it.
    pub(super) fn under(&mut self, grid: Option<Node<'x, 'x>>, sheet: Node<'x, 'x>) {
        self.around.extend(grid);
        self.around.push(sheet);
    }

    /// An attribute as text.
    pub(super) fn text(&self, name: &str) -> Option<&'x str> {
        self.holder(name).and_then(|n| n.attribute(name))
    }

    fn holder(&self, name: &str) -> Option<Node<'x, 'x>> {
        let around: &[Node<'x, 'x>] = if matches!(name, "size" | "leading") { &self.around } else { &[] };
        self.own.iter().chain(around).find(|n| n.has_attribute(name)).copied()
    }

    /// A problem with an attribute, at its place.
    fn wrong(&self, reader: &Reader<'_, '_>, name: &str, ja: &str, en: &str) {
        let at = self.holder(name).and_then(|n| n.attribute_node(name)).map_or(0, |a| a.range().start);
        let value = self.text(name).unwrap_or("");
        reader.problem_at(at, format!("{name}=\"{value}\": {ja}"), format!("{name}=\"{value}\": {en}"));
    }

    /// A number between two bounds.
    pub(super) fn number(&self, reader: &Reader<'_, '_>, name: &str, least: f64, most: f64) -> Option<f64> {
        match self.text(name)?.trim().parse::<f64>() {
            Ok(n) if n >= least && n <= most => Some(n),
            _ => {
                self.wrong(reader, name, &format!("{least}から{most}までの数を書きます"), &format!("a number from {least} to {most} is needed"));
                None
            }
        }
    }

    /// A whole number between two bounds.
    pub(super) fn whole(&self, reader: &Reader<'_, '_>, name: &str, least: usize, most: usize) -> Option<usize> {
        match self.text(name)?.trim().parse::<usize>() {
            Ok(n) if n >= least && n <= most => Some(n),
            _ => {
                self.wrong(
                    reader,
                    name,
                    &format!("{least}から{most}までの整数を書きます"),
                    &format!("a whole number from {least} to {most} is needed"),
                );
                None
            }
        }
    }

    /// A yes or no.
    pub(super) fn flag(&self, reader: &Reader<'_, '_>, name: &str, default: bool) -> bool {
        match self.text(name) {
            None => default,
            Some("true") => true,
            Some("false") => false,
            Some(_) => {
                self.wrong(reader, name, "true か false を書きます", "true or false is needed");
                default
            }
        }
    }

    /// One of some words.
    pub(super) fn word<'w>(&self, reader: &Reader<'_, '_>, name: &str, known: &[&'w str], default: &'w str) -> &'w str {
        let Some(text) = self.text(name) else { return default };
        if let Some(word) = known.iter().find(|k| **k == text) {
            return word;
        }
        let hint = did_you_mean(text, known.iter().copied());
        self.wrong(reader, name, &format!("{} のどれかを書きます{hint}", known.join("、")), &format!("one of {} is needed", known.join(", ")));
        default
    }

    /// One, two or four lengths as in CSS: top, right, bottom, left.
    pub(super) fn sides(&self, reader: &Reader<'_, '_>, name: &str, default: f64) -> [f64; 4] {
        let Some(list) = self.numbers(reader, name, 500.0) else { return [default; 4] };
        match list[..] {
            [a] => [a; 4],
            [v, h] => [v, h, v, h],
            [t, r, b, l] => [t, r, b, l],
            _ => {
                self.wrong(reader, name, "数を1つ、2つ（上下・左右）か4つ（上・右・下・左）書きます", "one, two or four numbers are needed");
                [default; 4]
            }
        }
    }

    /// One or two lengths.
    pub(super) fn pair(&self, reader: &Reader<'_, '_>, name: &str, default: (f64, f64)) -> (f64, f64) {
        let Some(list) = self.numbers(reader, name, 500.0) else { return default };
        match list[..] {
            [a] => (a, a),
            [a, b] => (a, b),
            _ => {
                self.wrong(reader, name, "数を1つか2つ書きます", "one or two numbers are needed");
                default
            }
        }
    }

    /// Blank-separated lengths from 0 to `most`.
    fn numbers(&self, reader: &Reader<'_, '_>, name: &str, most: f64) -> Option<Vec<f64>> {
        let text = self.text(name)?;
        let list: Option<Vec<f64>> = text.split_whitespace().map(|p| p.parse().ok().filter(|n| *n >= 0.0 && *n <= most)).collect();
        if list.is_none() {
            self.wrong(reader, name, &format!("0から{most}までの数をミリで書きます"), &format!("numbers from 0 to {most} (mm) are needed"));
        }
        list
    }

    /// Horizontal alignment.
    pub(super) fn align(&self, reader: &Reader<'_, '_>, default: Align) -> Align {
        let word = match default {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
            Align::Spread => "spread",
        };
        match self.word(reader, "align", &["left", "center", "right", "spread"], word) {
            "center" => Align::Center,
            "right" => Align::Right,
            "spread" => Align::Spread,
            _ => Align::Left,
        }
    }

    /// Vertical alignment.
    pub(super) fn valign(&self, reader: &Reader<'_, '_>) -> VAlign {
        match self.word(reader, "valign", &["top", "middle", "bottom"], "middle") {
            "top" => VAlign::Top,
            "bottom" => VAlign::Bottom,
            _ => VAlign::Middle,
        }
    }

    /// Which rules of a cell are drawn: `all`, `none`, or names of sides.
    pub(super) fn rules(&self, reader: &Reader<'_, '_>) -> [bool; 4] {
        let text = self.text("rules").unwrap_or("all");
        match text {
            "all" => [true; 4],
            "none" => [false; 4],
            _ => {
                let sides = ["top", "right", "bottom", "left"];
                if text.split_whitespace().any(|w| !sides.contains(&w)) {
                    self.wrong(reader, "rules", "all、none か top right bottom left を書きます", "all, none or names of sides are needed");
                }
                sides.map(|s| text.split_whitespace().any(|w| w == s))
            }
        }
    }

    /// How text looks.
    pub(super) fn text_style(&self, reader: &Reader<'_, '_>, align: Align, size: f64) -> TextStyle {
        TextStyle {
            size: self.number(reader, "size", 3.0, 200.0).unwrap_or(size),
            bold: self.flag(reader, "bold", false),
            leading: self.number(reader, "leading", 0.8, 5.0).unwrap_or(1.35),
            align: self.align(reader, align),
            tracking: self.number(reader, "tracking", -0.2, 10.0).unwrap_or(0.0),
            hang: self.number(reader, "hang", 0.0, 40.0),
            vertical: self.flag(reader, "vertical", false),
            underline: self.flag(reader, "underline", false),
            fixed: self.flag(reader, "fixed", false),
        }
    }
}
