//! The packet: cover, contents, dividers, sheets, numbering and bookmarks.
//!
//! In: the settled model, the form's templates, the fonts. Out: a [`Packet`] of numbered pages and the findings of layout.
//! Stays true: page numbers are the printed ones of the city's document; a continued sheet is numbered as a branch so that later numbers stand.
//! Neighbours: `layout` sets the pages, `render::pdf` draws them.

pub mod asking;
mod context;
mod heading;
mod numbers;
mod totals;
mod trees;

use crate::finding::Finding;
use crate::form::Form;
use crate::form::template::Templates;
use crate::layout::{Context, Item, LayoutFinding, Page, font::Fonts, set};
use crate::plan::{InitiativeKey, Job};
use crate::reconcile::Settled;
use numbers::Laid;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trees::{Maker, Trees};

/// Where an initiative stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPages {
    /// Its key.
    pub initiative: InitiativeKey,
    /// First printed number.
    pub first_page: u32,
    /// Last printed number.
    pub last_page: u32,
    /// Indexes of its pages in the packet, first and last.
    pub index: (usize, usize),
}

/// The bound packet.
#[derive(Debug, Clone, Default)]
pub struct Packet {
    /// All pages in order.
    pub pages: Vec<Arc<Page>>,
    /// Where each initiative stands, in the order of the plan.
    pub sheets: Vec<SheetPages>,
    /// The pages of each initiative printed alone, for 調書/, in the order of the plan; empty for a form that prints no single sheets.
    /// Where a sheet has pages of its own in the packet, these are the very ones.
    pub single: Vec<(InitiativeKey, Vec<Arc<Page>>)>,
}

impl Packet {
    /// Where everything stands, without the pages themselves.
    pub fn without_pages(self) -> Packet {
        Packet { sheets: self.sheets, ..Packet::default() }
    }
}

/// Lays everything out and binds it.
///
/// # Errors
/// If a template is wrong; the message names template, line and column.
pub fn bind(form: &Form, settled: &Settled, job: &Job, fonts: &Fonts) -> anyhow::Result<(Packet, Vec<Finding>)> {
    let templates = Templates::new(form).map_err(|p| trees::told(&form.id, &p))?;
    let maker = Maker::new(form, settled, job, &templates);
    let trees = maker.build()?;
    let laid = numbers::lay(&maker, &trees.parts, fonts, job.settings.packet.duplex)?;
    let findings = findings(&laid, settled);
    let mut packet = Packet { single: singles(form, settled, &laid), ..Packet::default() };
    for group in laid {
        if group.blank_before {
            packet.pages.push(Arc::new(blank_like(group.pages.first().map(Arc::as_ref))));
        }
        packet.pages.extend(group.pages);
    }
    packet.sheets = places(&packet.pages, settled);
    if form.packet.single && packet.single.is_empty() {
        packet.single = alone(&trees, &packet.sheets, settled, fonts);
    }
    Ok((packet, findings))
}

/// An empty page of the same paper.
fn blank_like(page: Option<&Page>) -> Page {
    page.map_or_else(Page::default, |p| Page { width: p.width, height: p.height, ..Page::default() })
}

/// What layout found, with the initiative and the cell it is about.
fn findings(laid: &[Laid], settled: &Settled) -> Vec<Finding> {
    let by_key: BTreeMap<&str, usize> = settled.initiatives.iter().enumerate().map(|(i, s)| (s.key.as_str(), i)).collect();
    let mut out = Vec::new();
    for group in laid {
        let mut told: BTreeSet<(&str, usize)> = BTreeSet::new();
        for found in &group.findings {
            let named = found.anchor.as_deref().and_then(|a| a.strip_prefix("sheet:")).and_then(|k| by_key.get(k).copied());
            let owner = named.or(group.initiative).or_else(|| row_of(found, settled, &mut told));
            let mut finding = found.finding();
            if let Some(initiative) = owner.and_then(|i| settled.initiatives.get(i)) {
                finding = finding.initiative(initiative.key.clone()).department(initiative.department.clone());
                if let Some(field) = found.field.as_deref().and_then(|k| initiative.fields.get(k)) {
                    finding = finding.at(field.origin.clone());
                }
            }
            out.push(finding);
        }
    }
    out
}

/// Whose value it is in a list, where many initiatives share a page: the first one not told yet whose value has what was found.
fn row_of<'a>(found: &'a LayoutFinding, settled: &Settled, told: &mut BTreeSet<(&'a str, usize)>) -> Option<usize> {
    let field = found.field.as_deref()?;
    let fits = |value: &str| {
        if found.rule.code == crate::layout::MISSING_GLYPH.code {
            found.found.chars().filter(|c| !c.is_whitespace()).any(|c| value.contains(c))
        } else {
            found.expected.trim_end_matches("文字以内").parse::<usize>().is_ok_and(|limit| value.chars().count() > limit)
        }
    };
    let index = settled
        .initiatives
        .iter()
        .enumerate()
        .position(|(i, initiative)| !told.contains(&(found.rule.code, i)) && initiative.fields.get(field).is_some_and(|f| fits(&f.value)))?;
    told.insert((found.rule.code, index));
    Some(index)
}

/// The sheets that have pages of their own in the packet, for 調書/.
fn singles(form: &Form, settled: &Settled, laid: &[Laid]) -> Vec<(InitiativeKey, Vec<Arc<Page>>)> {
    if !form.packet.single {
        return Vec::new();
    }
    laid.iter().filter_map(|l| Some((settled.initiatives.get(l.initiative?)?.key.clone(), l.pages.clone()))).collect()
}

/// The sheets of a running form, each set alone, with the numbers of its pages in the packet.
fn alone(trees: &Trees<'_>, sheets: &[SheetPages], settled: &Settled, fonts: &Fonts) -> Vec<(InitiativeKey, Vec<Arc<Page>>)> {
    let firsts: BTreeMap<&str, u32> = sheets.iter().rev().map(|s| (s.initiative.as_str(), s.first_page)).collect();
    trees
        .alone
        .par_iter()
        .filter_map(|(index, tree)| {
            let key = settled.initiatives.get(*index)?.key.clone();
            let first = firsts.get(key.as_str()).copied();
            let (pages, _) = set(tree, fonts, &Context { first, ..Context::default() });
            Some((key, pages.into_iter().map(Arc::new).collect()))
        })
        .collect()
}

/// Where each initiative stands: from its anchor to the page before the next one begins.
fn places(pages: &[Arc<Page>], settled: &Settled) -> Vec<SheetPages> {
    let marks = marks(pages);
    let mut first_at: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, mark) in marks.iter().enumerate() {
        first_at.entry(mark.name).or_insert(at);
    }
    let mut out = Vec::new();
    for initiative in &settled.initiatives {
        let name = format!("sheet:{}", initiative.key);
        let Some(&at) = first_at.get(name.as_str()) else { continue };
        let first = marks[at].page;
        let last = match marks.get(at + 1) {
            Some(next) if next.opens_page => next.page.saturating_sub(1),
            Some(next) => next.page,
            None => pages.len() - 1,
        };
        let last = last.max(first);
        out.push(SheetPages {
            initiative: initiative.key.clone(),
            first_page: printed(pages, first),
            last_page: printed(pages, last),
            index: (first, last),
        });
    }
    out
}

/// The printed number of a page without its branch; its place in the packet if it bears none.
fn printed(pages: &[Arc<Page>], index: usize) -> u32 {
    let number = pages.get(index).map_or("", |p| p.number.as_str());
    number.split('-').next().and_then(|n| n.parse().ok()).unwrap_or_else(|| u32::try_from(index + 1).unwrap_or(u32::MAX))
}

/// Where a chapter, a sheet or a part begins.
struct MarkAt<'a> {
    name: &'a str,
    page: usize,
    /// Nothing stands above it on its page.
    opens_page: bool,
}

fn marks(pages: &[Arc<Page>]) -> Vec<MarkAt<'_>> {
    let mut out: Vec<MarkAt<'_>> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let top = page.items.iter().filter_map(top_of).fold(f64::INFINITY, f64::min);
        let mut here: Vec<(f64, &str)> = page
            .items
            .iter()
            .filter_map(|i| match i {
                Item::Anchor { name, y, .. } => Some((*y, name.as_str())),
                _ => None,
            })
            .collect();
        here.sort_by(|a, b| a.0.total_cmp(&b.0));
        out.extend(here.into_iter().map(|(y, name)| MarkAt { name, page: index, opens_page: y <= top + 0.5 }));
    }
    out
}

/// The upper edge of what is drawn in the flow of a page (anchors and page numbers at the foot are not).
fn top_of(item: &Item) -> Option<f64> {
    match item {
        Item::Line { from, to, .. } => Some(from.1.min(to.1)),
        Item::Fill { area, .. } | Item::Symbol { area, .. } => Some(area.1),
        Item::Text(run) => Some(run.y - run.size * crate::layout::MM_PER_PT),
        _ => None,
    }
}
