//! The heading of a packet: committee and date above the box with its number (「資料1-2」), top right of the first page.
//!
//! In: the job's packet settings. Out: head lines of the first part.
//! Stays true: what the settings leave blank is not printed.
//! Neighbours: `super::bind` adds it before pages are set.

use super::trees::Trees;
use crate::form::tree::{Align, Block, Content, Frame, Piece, TextBlock, TextStyle};
use crate::plan::Job;

/// Width of the box in mm.
const BOX: f64 = 32.0;

/// Adds the heading to the first page.
pub(super) fn add(trees: &mut Trees<'_>, job: &Job) {
    let packet = &job.settings.packet;
    let lines: Vec<&str> = [packet.committee.as_str(), packet.date.as_str()].into_iter().filter(|t| !t.is_empty()).collect();
    if lines.is_empty() && packet.number.is_empty() {
        return;
    }
    let Some(group) = trees.parts.first_mut().and_then(|p| p.groups.first_mut()) else { return };
    let mut blocks: Vec<Block> = lines.into_iter().map(|t| Block::Text(line(t, Align::Right, 10.0))).collect();
    if !packet.number.is_empty() {
        let text = Block::Text(line(&packet.number, Align::Center, 12.0));
        blocks.push(Block::Frame(Frame { blocks: vec![text], padding: 1.0, rule: 0.3, width: Some(BOX), align: Align::Right }));
    }
    blocks.append(&mut group.tree.page.head);
    group.tree.page.head = blocks;
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
