//! Lines: atoms are broken into lines of a width.
//!
//! In: shaped paragraphs, the size of a kanji and the width, both in mm. Out: [`Line`]s.
//! Stays true: every atom is in exactly one line, in order; no line is wider than the width (blanks at its end hang, a closing punctuation mark there may
//! take half its room), unless a single atom is; kinsoku is broken only when nothing else fits.
//! Neighbours: [`super::shape`] made the atoms, [`super::paint`] places the lines.

use super::kinsoku::{self, Break};
use super::shape::{Atom, Para, Shaped};

/// A line: some atoms of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    /// Which paragraph.
    pub(crate) para: usize,
    /// First atom.
    pub(crate) from: usize,
    /// Atom after the last.
    pub(crate) to: usize,
    /// Distance from the left edge in mm (hanging indent).
    pub(crate) indent: f64,
    /// Width in mm, without blanks at the end.
    pub(crate) width: f64,
    /// The paragraph ends here.
    pub(crate) last: bool,
}

/// Breaks all paragraphs. An empty paragraph is an empty line.
pub(crate) fn break_lines(shaped: &Shaped, em: f64, width: f64) -> Vec<Line> {
    let mut lines = Vec::with_capacity(shaped.paras.len());
    for (index, para) in shaped.paras.iter().enumerate() {
        break_para(para, index, em, width, &mut lines);
    }
    lines
}

fn break_para(para: &Para, index: usize, em: f64, width: f64, lines: &mut Vec<Line>) {
    let limit = (width / em * 1000.0) as f32;
    let hang = hang_for(para.hang, limit);
    let end = para.leader.unwrap_or(para.atoms.len());
    let limit = match para.leader {
        Some(at) => room_before_leader(para, at, limit),
        None => limit,
    };
    let start = lines.len();
    let mut from = 0;
    loop {
        let first = from == 0;
        let room = if first { limit } else { limit - hang };
        let to = line_end(para, from, end, room);
        let last = to == end;
        lines.push(Line {
            para: index,
            from,
            to: if last { para.atoms.len() } else { to },
            indent: if first { 0.0 } else { f64::from(hang) / 1000.0 * em },
            width: f64::from(natural_width(para, from, to)) / 1000.0 * em,
            last,
        });
        if last {
            break;
        }
        from = to;
    }
    if para.leader.is_none() {
        share_last(para, em, limit - hang, &mut lines[start..]);
    }
}

/// A paragraph should not end with a line of one character: the line above gives it what stands after its last good break, if it stays more than half full.
fn share_last(para: &Para, em: f64, room: f32, lines: &mut [Line]) {
    let [.., above, last] = lines else { return };
    if !is_runt(para, last) {
        return;
    }
    let Some(to) = (above.from + 1..above.to).rev().find(|i| para.atoms[*i].before == Break::Allowed) else { return };
    let (kept, given) = (natural_width(para, above.from, to), natural_width(para, to, last.to));
    if given > room || kept * 2.0 < room {
        return;
    }
    (above.to, above.width) = (to, f64::from(kept) / 1000.0 * em);
    (last.from, last.width) = (to, f64::from(given) / 1000.0 * em);
}

/// One character or chip, closing marks after it not counted.
fn is_runt(para: &Para, line: &Line) -> bool {
    let closes = |a: &Atom| para.text.get(a.start as usize..).and_then(|t| t.chars().next()).is_some_and(kinsoku::closes);
    para.atoms[line.from..line.to].iter().filter(|a| !a.blank && !closes(a)).count() <= 1
}

/// A hanging indent that would leave hardly any room is given up.
fn hang_for(hang: f32, limit: f32) -> f32 {
    if hang * 2.0 > limit || limit - hang < 3000.0 { 0.0 } else { hang }
}

/// The room for the text before a leader: all of it if the text, a few dots and what follows fit on one line, else less on every line.
fn room_before_leader(para: &Para, at: usize, limit: f32) -> f32 {
    let after = natural_width(para, at, para.atoms.len());
    let rest = limit - after - 1500.0;
    if rest < limit / 3.0 { limit } else { rest }
}

/// Width of some atoms as a line: blanks at the end do not count, a closing mark there counts half.
pub(crate) fn natural_width(para: &Para, from: usize, to: usize) -> f32 {
    let mut sum: f32 = para.atoms[from..to].iter().map(|a| a.advance).sum();
    for atom in para.atoms[from..to].iter().rev().take_while(|a| a.blank) {
        sum -= atom.advance;
    }
    sum
}

/// Where the line that starts at `from` ends: the last good break that fits, else the last break inside a word, else any.
fn line_end(para: &Para, from: usize, end: usize, room: f32) -> usize {
    const TINY: f32 = 0.5;
    if from >= end {
        return end;
    }
    let mut best = [None::<usize>; 3];
    let mut width = 0.0;
    // Width up to the last atom that is no blank, and how much less it may be.
    let mut inked = 0.0;
    let mut spare = 0.0;
    for i in from..=end {
        if i > from && inked - spare <= room + TINY {
            let rank = if i == end { 2 } else { para.atoms[i].before as usize };
            best[rank] = Some(i);
        }
        if i == end || inked - 500.0 > room + TINY {
            break;
        }
        let atom = &para.atoms[i];
        width += atom.advance;
        if !atom.blank {
            inked = width;
            spare = if atom.half { atom.advance / 2.0 } else { 0.0 };
        }
    }
    // `Emergency` before `Allowed` would only shorten the line: so the best rank wins.
    best[2].or(best[1]).or(best[0]).unwrap_or(from + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tree::{Content, Piece, TextStyle};
    use crate::layout::context::Context;
    use crate::layout::font::Fonts;
    use crate::layout::shape;
    use proptest::prelude::*;

    fn shaped(text: &str) -> Shaped {
        let content = Content { pieces: vec![Piece::Text { text: text.to_owned(), bold: false, underline: false }], mark: None };
        shape::shape(&content, &TextStyle::default(), &Fonts::default(), &Context::default(), "")
    }

    fn broken(text: &str, characters: f64) -> Vec<String> {
        let shaped = shaped(text);
        break_lines(&shaped, 1.0, characters)
            .iter()
            .map(|l| {
                shaped.paras[l.para].atoms[l.from..l.to]
                    .iter()
                    .map(|a| {
                        let at = a.start as usize;
                        &shaped.paras[l.para].text[at..at + usize::from(a.bytes)]
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn lines_of_a_form() {
        assert_eq!(broken("市民課の窓口で、申請を受ける。", 7.0), ["市民課の窓口", "で、申請を受", "ける。"]);
        assert_eq!(broken("市民課の窓口、申請。", 6.5), ["市民課の窓口、", "申請。"]);
        assert_eq!(broken("交付件数4,300件を", 6.0), ["交付件数", "4,300件を"]);
        assert_eq!(broken("○市民の声を聴く", 5.0), ["○市民の声", "を聴く"]);
        assert_eq!(broken("https://example.jp/very/long", 5.0).concat(), "https://example.jp/very/long");
        assert_eq!(broken("", 5.0).len(), 0);
        // No line of one character at the end, unless the line above would become too short or a word would break.
        assert_eq!(broken("固定資産台帳の活用", 8.0), ["固定資産台帳の", "活用"]);
        assert_eq!(broken("調査・検討", 4.5), ["調査・", "検討"]);
        assert_eq!(broken("エネルギーをみんなに　そしてクリーンに", 6.2), ["エネルギーを", "みんなに　そ", "してクリー", "ンに"]);
        assert_eq!(broken("拡大(市立体育館)", 7.0), ["拡大(市立体", "育館)"]);
        assert_eq!(broken("拡大（市立体育館）", 7.0), ["拡大（市立体", "育館）"]);
        assert_eq!(broken("あ「い」う", 4.5), ["あ「い」", "う"]);
        assert_eq!(broken("一\n\n二", 5.0), ["一", "", "二"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[あ-ん漢字亜、。「」（）ーァｱA-Za-z0-9,. 　\n～㎡％○①-]{0,60}", characters in 1.0f64..30.0) {
            let shaped = shaped(&text);
            let lines = break_lines(&shaped, 1.0, characters);
            let mut seen = String::new();
            for (n, line) in lines.iter().enumerate() {
                let para = &shaped.paras[line.para];
                prop_assert!(line.from < line.to || para.atoms.is_empty());
                for atom in &para.atoms[line.from..line.to] {
                    seen.push_str(&para.text[atom.start as usize..atom.start as usize + usize::from(atom.bytes)]);
                }
                prop_assert!(line.width + line.indent <= characters + 0.501 || line.to - line.from == 1, "{line:?}");
                if line.from > 0 {
                    let broken = para.atoms[line.from].before;
                    if broken == Break::Forbidden {
                        // No better place was in reach.
                        let before = lines[n - 1];
                        let better = para.atoms[before.from + 1..line.from].iter().any(|a| a.before != Break::Forbidden);
                        prop_assert!(!better, "{text:?} at {}", line.from);
                    }
                }
            }
            prop_assert_eq!(seen, text.replace('\n', ""));
            prop_assert!(kinsoku::never_first('。'));
        }
    }
}
