//! The heading of a packet: committee and date above the box with its number (「資料1-2」), top right of the first page; 「（案）」 on every page.
//!
//! In: the job's packet settings. Out: head lines of the parts.
//! Stays true: what the settings leave blank is not printed.
//! Neighbours: `super::bind` adds it before pages are set.

use super::trees::Trees;
use crate::form::tree::{Align, Block, CellRole, Content, Grid, GridCell, Piece, Row, TextBlock, TextStyle, VAlign};
use crate::plan::Job;

/// Width of the box in mm.
const BOX: f64 = 32.0;

/// Adds the mark of a draft to every page and the heading to the first.
pub(super) fn add(trees: &mut Trees<'_>, job: &Job) {
    let packet = &job.settings.packet;
    if !packet.draft.is_empty() {
        let own = trees.parts.iter_mut().flat_map(|p| &mut p.groups).map(|g| &mut g.tree);
        for tree in own.chain(trees.alone.iter_mut().map(|(_, tree)| tree)) {
            tree.page.head.insert(0, Block::Text(line(&packet.draft, Align::Right, 10.0)));
        }
    }
    let lines: Vec<&str> = [packet.committee.as_str(), packet.date.as_str()].into_iter().filter(|t| !t.is_empty()).collect();
    if lines.is_empty() && packet.number.is_empty() {
        return;
    }
    let Some(group) = trees.parts.first_mut().and_then(|p| p.groups.first_mut()) else { return };
    let mut blocks: Vec<Block> = lines.into_iter().map(|t| Block::Text(line(t, Align::Right, 10.0))).collect();
    if !packet.number.is_empty() {
        let page = &group.tree.page;
        blocks.push(Block::Grid(boxed(&packet.number, page.width - page.margin[1] - page.margin[3])));
    }
    blocks.append(&mut group.tree.page.head);
    group.tree.page.head = blocks;
}

/// The number in its box, at the right end of a line so wide.
fn boxed(number: &str, width: f64) -> Grid {
    let cell = |text: &str, rules: bool| GridCell {
        role: CellRole::Plain,
        content: line(text, Align::Center, 12.0).content,
        style: line(text, Align::Center, 12.0).style,
        valign: VAlign::Middle,
        rules: [rules; 4],
        ..GridCell::default()
    };
    let row = Row { cells: vec![cell("", false), cell(number, true)], min_height: 8.0, ..Row::default() };
    Grid { columns: vec![width - BOX, BOX], rows: vec![row], rule: 0.3, frame: 0.3, ..Grid::default() }
}

/// One line that does not shrink.
fn line(text: &str, align: Align, size: f64) -> TextBlock {
    let piece = Piece::Text { text: text.to_owned(), bold: false, underline: false };
    TextBlock {
        content: Content { pieces: vec![piece], mark: None },
        style: TextStyle { size, align, fixed: true, ..TextStyle::default() },
        space: (0.0, 0.5),
        indent: (0.0, 0.0),
        keep_with_next: false,
        link: None,
    }
}
