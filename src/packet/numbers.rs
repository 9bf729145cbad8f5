//! Numbering: parts are set on pages that bear the printed numbers of the city's document.
//!
//! In: the trees of all parts. Out: pages in order, each group's place, and what layout found.
//! Stays true: a sheet that must be one page takes one number; what runs on is a branch of it (12-2), so that later numbers stand. Contents pages are
//! set twice: once to know how many pages they take, once with the right numbers.
//! Neighbours: `super::trees` makes the trees, `layout::set` sets them.

use super::trees::{Built, Group, Groups, Maker};
use crate::form::Numbers;
use crate::form::tree::{Block, Fit};
use crate::layout::{Context, Item, LayoutFinding, Page, Side, font::Fonts, set};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often the packet is set again because a contents page took more or fewer pages than it did before.
const ROUNDS: usize = 3;

/// Initiatives whose sheets are made and set at once.
const STRETCH: usize = 64;

/// A group on its pages.
pub(super) struct Laid {
    pub(super) initiative: Option<usize>,
    pub(super) pages: Vec<Arc<Page>>,
    pub(super) findings: Vec<LayoutFinding>,
    /// Its further pages are branches of its first.
    branch: bool,
    /// An empty back page stands before it.
    pub(super) blank_before: bool,
}

/// How pages are counted while the parts are gone through.
#[derive(Clone, Copy)]
struct Counter {
    arabic: u32,
    roman: u32,
    sheets: usize,
}

/// The place of a group before it is set.
#[derive(Clone, Copy)]
struct Start {
    first: Option<u32>,
    roman: Option<u32>,
    branch: bool,
    side: Option<Side>,
    blank_before: bool,
}

/// Sets all parts.
///
/// # Errors
/// If a template is wrong.
pub(super) fn lay(maker: &Maker<'_>, parts: &[Built<'_>], fonts: &Fonts, duplex: bool) -> anyhow::Result<Vec<Laid>> {
    let guess =
        |g: &Group| set(&g.tree, fonts, &Context { first: Some(1), pages_of: Some(&|_| Some("00".to_owned())), ..Context::default() }).0.len();
    let mut lengths: Vec<Vec<usize>> =
        parts.iter().map(|p| if p.names_pages { p.groups.made().iter().map(guess).collect() } else { vec![1; p.groups.len()] }).collect();
    let mut laid = Vec::new();
    for round in 0..ROUNDS {
        laid = lay_round(maker, parts, fonts, duplex, &mut lengths)?;
        let anchors = printed(&laid);
        let changed = name_pages(parts, fonts, duplex, &anchors, &mut laid, &mut lengths);
        if !changed || round + 1 == ROUNDS {
            break;
        }
    }
    Ok(laid.into_iter().flatten().collect())
}

/// Sets every part that prints no page numbers of others; the others keep their place by the lengths known so far.
fn lay_round(maker: &Maker<'_>, parts: &[Built<'_>], fonts: &Fonts, duplex: bool, lengths: &mut [Vec<usize>]) -> anyhow::Result<Vec<Vec<Laid>>> {
    let mut counter = Counter { arabic: 1, roman: 1, sheets: 0 };
    let mut out = Vec::new();
    for (part, lengths) in parts.iter().zip(lengths) {
        if let Some(first) = part.part.first {
            (counter.arabic, counter.roman) = (first, first);
        }
        let mut laid = Vec::with_capacity(lengths.len());
        match &part.groups {
            Groups::Made(groups) => lay_groups(part, groups, fonts, duplex, lengths, &mut counter, &mut laid),
            Groups::Sheets(leads) => {
                for start in (0..leads.len()).step_by(STRETCH) {
                    let groups = maker.sheets(part, leads, start..(start + STRETCH).min(leads.len()))?;
                    lay_groups(part, &groups, fonts, duplex, lengths, &mut counter, &mut laid);
                }
            }
        }
        out.push(laid);
    }
    Ok(out)
}

/// Sets some groups of a part behind those that are laid already.
fn lay_groups(part: &Built<'_>, groups: &[Group], fonts: &Fonts, duplex: bool, lengths: &mut [usize], counter: &mut Counter, laid: &mut Vec<Laid>) {
    // Sheets of one page whose numbers are known beforehand are set side by side; everything else one after the other.
    let known = !duplex && !part.names_pages && groups.iter().all(branches);
    if known {
        let before = laid.len();
        let starts: Vec<Start> = (before..before + groups.len()).map(|i| start(part, true, duplex, i == 0, counter, 1)).collect();
        laid.par_extend(groups.par_iter().zip(starts).map(|(g, s)| lay_group(g, fonts, s, None)));
        for (length, l) in lengths[before..].iter_mut().zip(&laid[before..]) {
            *length = l.pages.len();
        }
        return;
    }
    for group in groups {
        let index = laid.len();
        let before = *counter;
        let branch = branches(group);
        let first = start(part, branch, duplex, index == 0, counter, lengths[index]);
        if part.names_pages {
            laid.push(Laid { initiative: group.initiative, pages: Vec::new(), findings: Vec::new(), branch, blank_before: first.blank_before });
            continue;
        }
        let set = lay_group(group, fonts, first, None);
        lengths[index] = set.pages.len();
        *counter = before;
        start(part, branch, duplex, index == 0, counter, set.pages.len());
        laid.push(set);
    }
}

/// Whether further pages of a group are branches of its first.
fn branches(group: &Group) -> bool {
    group.initiative.is_some() && matches!(group.tree.page.fit, Fit::OnePage { .. })
}

/// Where a group of so many pages starts; moves the counter behind it.
fn start(part: &Built<'_>, branch: bool, duplex: bool, first_of_part: bool, counter: &mut Counter, length: usize) -> Start {
    let blank_before = duplex && first_of_part && part.part.front && counter.sheets % 2 == 1;
    counter.sheets += usize::from(blank_before);
    let side = duplex.then_some(if counter.sheets.is_multiple_of(2) { Side::Front } else { Side::Back });
    let taken = if branch { 1 } else { u32::try_from(length).unwrap_or(u32::MAX) };
    let mut start = Start { first: None, roman: None, branch, side, blank_before };
    match part.part.numbers {
        Numbers::Arabic => {
            start.first = Some(counter.arabic);
            counter.arabic = counter.arabic.saturating_add(taken);
        }
        Numbers::Roman => {
            start.roman = Some(counter.roman);
            counter.roman = counter.roman.saturating_add(taken);
        }
        Numbers::None => {}
    }
    counter.sheets += length;
    start
}

/// Sets one group.
fn lay_group(group: &Group, fonts: &Fonts, start: Start, anchors: Option<&BTreeMap<String, String>>) -> Laid {
    let lookup = |name: &str| anchors.and_then(|a| a.get(name).cloned());
    let context = Context {
        first: start.first.or(start.roman),
        roman: start.roman.is_some(),
        branch: start.branch,
        side: start.side,
        pages_of: anchors.map(|_| &lookup as _),
        continued: sheet_name(group),
        ..Context::default()
    };
    let (pages, findings) = set(&group.tree, fonts, &context);
    Laid {
        initiative: group.initiative,
        pages: pages.into_iter().map(Arc::new).collect(),
        findings,
        branch: start.branch,
        blank_before: start.blank_before,
    }
}

/// What heads the further pages of a sheet: its name as the bookmarks have it.
fn sheet_name(group: &Group) -> Option<&str> {
    group.initiative?;
    group.tree.blocks.iter().find_map(|block| match block {
        Block::Anchor(anchor) if anchor.name.starts_with("sheet:") => anchor.bookmark.as_deref(),
        _ => None,
    })
}

/// Sets the parts that print page numbers of others. Tells whether one takes another number of pages than was thought.
fn name_pages(
    parts: &[Built<'_>],
    fonts: &Fonts,
    duplex: bool,
    anchors: &BTreeMap<String, String>,
    laid: &mut [Vec<Laid>],
    lengths: &mut [Vec<usize>],
) -> bool {
    let mut counter = Counter { arabic: 1, roman: 1, sheets: 0 };
    let mut changed = false;
    for ((part, laid), lengths) in parts.iter().zip(laid).zip(lengths) {
        if let Some(first) = part.part.first {
            (counter.arabic, counter.roman) = (first, first);
        }
        for index in 0..laid.len() {
            let first = start(part, laid[index].branch, duplex, index == 0, &mut counter, lengths[index]);
            if let Some(group) = part.groups.made().get(index).filter(|_| part.names_pages) {
                laid[index] = lay_group(group, fonts, first, Some(anchors));
                changed |= laid[index].pages.len() != lengths[index];
                lengths[index] = laid[index].pages.len();
            }
        }
    }
    changed
}

/// The printed number of every anchor.
fn printed(laid: &[Vec<Laid>]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for page in laid.iter().flatten().flat_map(|l| &l.pages) {
        for item in &page.items {
            if let Item::Anchor { name, .. } = item {
                out.entry(name.clone()).or_insert_with(|| page.number.clone());
            }
        }
    }
    out
}
