//! The heading of a packet: committee and date above the box with its number (「資料1-2」), top right of the first page; 「（案）」 on every page.
//!
//! In: the job's packet settings. Out: head lines of the parts.
//! Stays true: what the settings leave blank is not printed.
//! Neighbours: `super::trees` adds it to every tree that it makes.

use crate::form::tree::{Align, Block, CellRole, Content, Grid, GridCell, Piece, Row, TextBlock, TextStyle, Tree, VAlign};
use crate::plan::Job;

/// Width of the box in mm.
const BOX: f64 = 32.0;

/// Adds the mark of a draft to a tree, and to the first of a packet the heading.
pub(super) fn add(tree: &mut Tree, is_first: bool, job: &Job) {
    let packet = &job.settings.packet;
    if !packet.draft.is_empty() {
        tree.page.head.insert(0, Block::Text(line(&packet.draft, Align::Right, 10.0)));
    }
    if !is_first {
        return;
    }
    let lines = [packet.committee.as_str(), packet.date.as_str()].into_iter().filter(|t| !t.is_empty());
    let mut blocks: Vec<Block> = lines.map(|t| Block::Text(line(t, Align::Right, 10.0))).collect();
    if !packet.number.is_empty() {
        blocks.push(Block::Grid(boxed(&packet.number, tree.page.width - tree.page.margin[1] - tree.page.margin[3])));
    }
    blocks.append(&mut tree.page.head);
    tree.page.head = blocks;
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
