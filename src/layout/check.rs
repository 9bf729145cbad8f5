//! A check of finished pages, for tests: nothing outside the paper, nothing over anything else.
//!
//! In: pages. Out: what is wrong, in words. Stays true: it looks only at the items, not at how they came about.

use super::paint::ASCENT;
use super::{Item, MM_PER_PT, Page, TextRun};

/// Everything that is wrong on these pages: items off the paper, runs of text over each other, rules through text. Empty if all is well.
pub fn check_pages(pages: &[Page]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        check_page(index + 1, page, &mut wrong);
    }
    wrong
}

/// Left, top, right, bottom in mm.
type Extent = (f64, f64, f64, f64);

fn check_page(number: usize, page: &Page, wrong: &mut Vec<String>) {
    let mut texts: Vec<(Extent, &str)> = Vec::new();
    let mut rules: Vec<Extent> = Vec::new();
    for item in &page.items {
        let (left, top, right, bottom) = extent(item);
        if left < -0.01 || top < -0.01 || right > page.width + 0.01 || bottom > page.height + 0.01 {
            wrong.push(format!("page {number}: off the paper: {}", name(item)));
        }
        match item {
            Item::Text(run) => {
                // The middle of the characters' box: accents and overhang may come near a rule, ink never crosses it.
                let em = run.size * MM_PER_PT;
                texts.push(((left + 0.02 * em, top + 0.1 * em, right - 0.02 * em, bottom - 0.1 * em), run.text()));
                if run.glyphs.iter().any(|g| g.id == 0) {
                    wrong.push(format!("page {number}: glyph 0 in {:?}", run.text()));
                }
                if run.glyphs.iter().map(|g| usize::from(g.bytes)).sum::<usize>() != run.text.len() {
                    wrong.push(format!("page {number}: glyphs and text differ in {:?}", run.text()));
                }
            }
            Item::Symbol { .. } => texts.push(((left, top, right, bottom), "symbol")),
            Item::Line { .. } => rules.push((left, top, right, bottom)),
            Item::Dots { .. } | Item::Fill { .. } | Item::Link { .. } | Item::Anchor { .. } => {}
        }
    }
    texts.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    for (i, (a, text)) in texts.iter().enumerate() {
        for (b, other) in texts[i + 1..].iter().take_while(|(b, _)| b.1 < a.3) {
            if overlap(a, b) {
                wrong.push(format!("page {number}: {text:?} and {other:?} overlap"));
            }
        }
        if rules.iter().any(|r| overlap(a, r)) {
            wrong.push(format!("page {number}: a rule through {text:?}"));
        }
    }
}

fn overlap(a: &Extent, b: &Extent) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

fn extent(item: &Item) -> Extent {
    match item {
        Item::Text(run) => {
            let em = run.size * MM_PER_PT;
            (run.x, run.y - ASCENT * em, run.x + inked_width(run), run.y + (1.0 - ASCENT) * em)
        }
        Item::Line { from, to, .. } => (from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1)),
        Item::Dots { from, to, size, .. } => (from.0, from.1 - size, to.0, to.1 + size),
        Item::Fill { area, .. } | Item::Symbol { area, .. } | Item::Link { area, .. } => (area.0, area.1, area.0 + area.2, area.1 + area.3),
        Item::Anchor { y, .. } => (0.0, *y, 0.0, *y),
    }
}

/// Width without the blanks at the end, which print nothing.
fn inked_width(run: &TextRun) -> f64 {
    let blanks: f64 = run
        .clusters()
        .map(|(g, text)| (f64::from(g.advance), text.trim().is_empty()))
        .fold(0.0, |sum, (advance, blank)| if blank { sum + advance } else { 0.0 });
    run.width() - blanks / 1000.0 * run.size * MM_PER_PT
}

fn name(item: &Item) -> String {
    match item {
        Item::Text(run) => format!("text {:?} at {:.1}, {:.1}", run.text(), run.x, run.y),
        other => format!("{other:?}"),
    }
}
