//! Cells of a sheet: their style is set, missing ones are put in where they belong.
//!
//! In: the part of a sheet and cells. Out: the same part with `s="…"` on those cells and their merged areas.
//! Stays true: values and formulas, shared ones too, are not touched; rows and cells stay in order.

use super::package::{Edits, MAIN, Package, Unmarkable, append_to, prefix, set_attribute, without_mark};
use super::styles::Styles;
use crate::workbook::{Area, CellRef};
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Most cells of one merged area that get the frame; a larger area gets it at its top left cell.
const MOST_OF_A_MERGE: u32 = 4_000;

/// Marks cells of a sheet.
pub(super) fn mark(package: &mut Package<'_>, part: &str, cells: &[CellRef], styles: &mut Styles) -> Result<(), Unmarkable> {
    let text = package.text(part)?.ok_or(Unmarkable::Damaged)?;
    let text = without_mark(&text).to_owned();
    let document = roxmltree::Document::parse(&text).map_err(|_| Unmarkable::Damaged)?;
    let root = document.root_element();
    let data = root.children().find(|n| n.has_tag_name((MAIN, "sheetData"))).ok_or(Unmarkable::OtherKind)?;
    let wanted = with_merges(root, cells);
    let mut edits = Edits::default();
    let mut sheet = SheetEdits { text: &text, prefix: prefix(&text, root), columns: column_styles(root), styles, edits: &mut edits };
    sheet.rows(data, wanted);
    let text = edits.apply(&text);
    package.put(part, text);
    Ok(())
}

/// The cells and all cells of their merged areas, by row.
fn with_merges(root: Node<'_, '_>, cells: &[CellRef]) -> BTreeMap<u32, BTreeSet<u32>> {
    let merges: Vec<Area> = root.descendants().filter(|n| n.has_tag_name((MAIN, "mergeCell"))).filter_map(|n| area(n.attribute("ref")?)).collect();
    let mut wanted: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for cell in cells {
        let merge = merges.iter().find(|m| m.contains(*cell));
        let size = merge.map_or(1, |m| (m.last.row - m.first.row + 1).saturating_mul(m.last.col - m.first.col + 1));
        match merge {
            Some(m) if size <= MOST_OF_A_MERGE => {
                for row in m.first.row..=m.last.row {
                    wanted.entry(row).or_default().extend(m.first.col..=m.last.col);
                }
            }
            _ => {
                wanted.entry(cell.row).or_default().insert(cell.col);
            }
        }
    }
    wanted
}

/// `B2:C4`.
fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (first, last) = (CellRef::parse(first)?, CellRef::parse(last)?);
    (first.row <= last.row && first.col <= last.col).then_some(Area { first, last })
}

/// Styles of whole columns: first column, last column, style.
fn column_styles(root: Node<'_, '_>) -> Vec<(u32, u32, usize)> {
    let number = |n: &Node<'_, '_>, name: &str| n.attribute(name).and_then(|v| v.parse::<u32>().ok());
    root.descendants()
        .filter(|n| n.has_tag_name((MAIN, "col")))
        .filter_map(|n| Some((number(&n, "min")?.checked_sub(1)?, number(&n, "max")?.checked_sub(1)?, number(&n, "style")? as usize)))
        .collect()
}

/// A sheet being changed.
struct SheetEdits<'s> {
    text: &'s str,
    prefix: &'s str,
    columns: Vec<(u32, u32, usize)>,
    styles: &'s mut Styles,
    edits: &'s mut Edits,
}

impl SheetEdits<'_> {
    /// Goes through the rows of the sheet; rows that are not there are put in.
    fn rows(&mut self, data: Node<'_, '_>, mut wanted: BTreeMap<u32, BTreeSet<u32>>) {
        let mut next = 0;
        for node in data.children().filter(|n| n.has_tag_name((MAIN, "row"))) {
            let row = node.attribute("r").and_then(|r| r.parse::<u32>().ok()).and_then(|r| r.checked_sub(1)).unwrap_or(next);
            next = row.saturating_add(1);
            let before: Vec<u32> = wanted.range(..row).map(|(r, _)| *r).collect();
            for missing in before {
                if let Some(cells) = wanted.remove(&missing) {
                    let new = self.new_row(missing, &cells);
                    self.edits.insert(node.range().start, new);
                }
            }
            if let Some(cells) = wanted.remove(&row) {
                self.row(node, row, cells);
            }
        }
        let rest: String = std::mem::take(&mut wanted).iter().map(|(row, cells)| self.new_row(*row, cells)).collect();
        if !rest.is_empty() {
            append_to(self.text, data, &rest, self.edits);
        }
    }

    /// Marks cells of a row that is there.
    fn row(&mut self, node: Node<'_, '_>, row: u32, mut wanted: BTreeSet<u32>) {
        let own = if matches!(node.attribute("customFormat"), Some("1" | "true")) {
            node.attribute("s").and_then(|s| s.parse::<usize>().ok())
        } else {
            None
        };
        let mut next = 0;
        for cell in node.children().filter(|n| n.has_tag_name((MAIN, "c"))) {
            let col = cell.attribute("r").and_then(CellRef::parse).map_or(next, |at| at.col);
            next = col.saturating_add(1);
            let before: Vec<u32> = wanted.range(..col).copied().collect();
            for missing in before {
                wanted.remove(&missing);
                let new = self.new_cell(row, missing, own);
                self.edits.insert(cell.range().start, new);
            }
            if wanted.remove(&col) {
                let style = cell.attribute("s").and_then(|s| s.parse().ok()).unwrap_or(0);
                let marked = self.styles.marked(style).to_string();
                set_attribute(self.text, cell, "s", &marked, self.edits);
            }
        }
        let rest: String = wanted.iter().map(|col| self.new_cell(row, *col, own)).collect();
        if !rest.is_empty() {
            append_to(self.text, node, &rest, self.edits);
        }
    }

    /// A row that was not there.
    fn new_row(&mut self, row: u32, cells: &BTreeSet<u32>) -> String {
        let cells: String = cells.iter().map(|col| self.new_cell(row, *col, None)).collect();
        format!("<{0}row r=\"{1}\">{cells}</{0}row>", self.prefix, u64::from(row) + 1)
    }

    /// A cell that was not there: it looks like its row or column, with the mark.
    fn new_cell(&mut self, row: u32, col: u32, row_style: Option<usize>) -> String {
        let column = self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&col)).map(|(_, _, s)| *s);
        let style = self.styles.marked(row_style.or(column).unwrap_or(0));
        format!("<{}c r=\"{}\" s=\"{style}\"/>", self.prefix, CellRef::new(row, col).a1())
    }
}
