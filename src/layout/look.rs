//! Looking over prepared texts: characters without glyph, texts longer than expected.
//!
//! In: prepared blocks. Out: findings N208 and C408, with the anchor and the field they are about.
//! Stays true: every text of the blocks is looked at once, inner tables included.
//! Neighbours: called by [`super::flow`].

use super::LayoutFinding;
use super::measure::{Block, Setting, Table};
use crate::form::tree::CellRole;

/// Looks for characters without glyph and for texts longer than expected.
pub(super) fn look(blocks: &[Block<'_>], anchor: &mut Option<String>, findings: &mut Vec<LayoutFinding>) {
    for block in blocks {
        match block {
            Block::Anchor(a) => *anchor = Some(a.name.clone()),
            Block::Text(text) => look_at(&text.text, None, None, anchor, findings),
            Block::Table(table) => look_into(table, anchor, findings),
            Block::Keep(blocks) => look(blocks, anchor, findings),
            Block::Frame(frame) => look(&frame.blocks, anchor, findings),
            Block::Space(_) | Block::PageBreak => {}
        }
    }
}

fn look_into(table: &Table<'_>, anchor: &Option<String>, findings: &mut Vec<LayoutFinding>) {
    for cell in &table.cells {
        let field = match &cell.cell.role {
            CellRole::Value { key, .. } => Some(key),
            CellRole::Label | CellRole::Plain => None,
        };
        let own = table.grid.rows.get(cell.row).and_then(|r| r.anchor.as_ref()).map(|a| a.name.clone());
        let anchor = if own.is_some() { &own } else { anchor };
        look_at(&cell.text, field, cell.cell.expected, anchor, findings);
        if let Some(inner) = &cell.inner {
            look_into(inner, anchor, findings);
        }
    }
}

fn look_at(text: &Setting<'_>, field: Option<&String>, expected: Option<usize>, anchor: &Option<String>, findings: &mut Vec<LayoutFinding>) {
    if !text.shaped.missing.is_empty() {
        findings.push(LayoutFinding::missing(anchor.clone(), field.cloned(), &text.shaped.missing));
    }
    if let (Some(field), Some(expected)) = (field, expected)
        && text.shaped.length > expected
    {
        findings.push(LayoutFinding::long_text(anchor.clone(), field.clone(), text.shaped.length, expected));
    }
}
