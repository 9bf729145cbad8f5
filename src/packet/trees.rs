//! The trees of a packet: each part's template expanded, for each initiative where the form says so.
//!
//! In: the form's packet plan, the settled model. Out: [`Built`] parts of [`Group`]s, each a tree that begins on a page of its own.
//! Stays true: every initiative has an anchor `sheet:<key>` and every chapter one `chapter:<n>`, with bookmarks, whether the templates say so or not.
//! A plan may have thousands of initiatives: sheets on pages of their own are made a stretch at a time, when they are laid out.
//! Neighbours: `super::numbers` lays them out and numbers their pages.

use super::context::{self, SettledValues};
use super::heading;
use crate::form::template::Templates;
use crate::form::tree::{Anchor, Block, Content, Piece, Tree};
use crate::form::{Form, Part, Problem, pattern};
use crate::plan::Job;
use crate::reconcile::{Edition, Settled, SettledInitiative};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A part with its trees.
pub(super) struct Built<'a> {
    pub(super) part: &'a Part,
    pub(super) groups: Groups,
    /// Prints page numbers of other parts, so it is set last.
    pub(super) names_pages: bool,
    /// Opens the packet.
    is_first: bool,
}

/// The groups of a part.
pub(super) enum Groups {
    /// At hand.
    Made(Vec<Group>),
    /// Sheets on pages of their own, by what stands before each: [`Maker::sheets`] makes them.
    Sheets(Vec<Lead>),
}

impl Groups {
    /// How many groups these are: a divider before a sheet is one of its own.
    pub(super) fn len(&self) -> usize {
        match self {
            Groups::Made(groups) => groups.len(),
            Groups::Sheets(leads) => leads.iter().map(|l| 1 + usize::from(l.divider.is_some())).sum(),
        }
    }

    /// Those at hand.
    pub(super) fn made(&self) -> &[Group] {
        match self {
            Groups::Made(groups) => groups,
            Groups::Sheets(_) => &[],
        }
    }
}

/// A tree that begins on a page of its own.
pub(super) struct Group {
    pub(super) tree: Tree,
    /// The initiative it is the sheet of.
    pub(super) initiative: Option<usize>,
}

/// The trees of a packet, and for running forms those of each initiative alone.
pub(super) struct Trees<'a> {
    pub(super) parts: Vec<Built<'a>>,
    pub(super) alone: Vec<(usize, Tree)>,
}

/// All problems of a template in one message.
pub(super) fn told(form: &str, problems: &[Problem]) -> anyhow::Error {
    let list: Vec<String> = problems.iter().map(|p| format!("  templates/{form}/{p}")).collect();
    anyhow::anyhow!("様式のテンプレートに誤りがあります / a template is wrong:\n{}", list.join("\n"))
}

/// Makes trees of the templates.
pub(super) struct Maker<'a> {
    form: &'a Form,
    settled: &'a Settled,
    job: &'a Job,
    templates: &'a Templates,
    values: SettledValues<'a>,
    /// What templates of the whole are told: costly, so it is made once and only where such a template is.
    everything: Mutex<Option<tera::Context>>,
    /// What templates of one initiative are told: costly to make and cheap to change, so each thread takes one and puts it back.
    contexts: Mutex<Vec<tera::Context>>,
}

/// What a lock guards; a thread that panicked left it as it was.
fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Maker<'a> {
    pub(super) fn new(form: &'a Form, settled: &'a Settled, job: &'a Job, templates: &'a Templates) -> Self {
        let values = SettledValues::new(settled);
        Maker { form, settled, job, templates, values, everything: Mutex::default(), contexts: Mutex::default() }
    }

    /// Expands every part.
    ///
    /// # Errors
    /// If a template is wrong.
    pub(super) fn build(&self) -> anyhow::Result<Trees<'a>> {
        let mut trees = Trees { parts: Vec::new(), alone: Vec::new() };
        let parts = self.form.packet.parts.iter().filter(|p| !p.report_only || self.settled.edition == Edition::Report);
        for (at, part) in parts.enumerate() {
            let mut groups = if part.each { self.each(part, &mut trees.alone)? } else { Groups::Made(vec![self.once(part)?]) };
            let names_pages = groups.made().iter().any(|g| blocks_name_pages(&g.tree.blocks));
            if let Groups::Made(groups) = &mut groups {
                groups.iter_mut().enumerate().for_each(|(n, group)| heading::add(&mut group.tree, at == 0 && n == 0, self.job));
            }
            trees.parts.push(Built { part, groups, names_pages, is_first: at == 0 });
        }
        trees.alone.iter_mut().for_each(|(_, tree)| heading::add(tree, false, self.job));
        *open(&self.everything) = None;
        Ok(trees)
    }

    /// The groups of some initiatives of a part of sheets.
    ///
    /// # Errors
    /// If a template is wrong.
    pub(super) fn sheets(&self, built: &Built<'_>, leads: &[Lead], range: Range<usize>) -> anyhow::Result<Vec<Group>> {
        let mut groups = single(self.expand(&built.part.template, range.clone())?, &leads[range.clone()], range.start);
        for (n, group) in groups.iter_mut().enumerate() {
            heading::add(&mut group.tree, built.is_first && range.start == 0 && n == 0, self.job);
        }
        Ok(groups)
    }

    /// A template set once, for the whole.
    fn once(&self, part: &Part) -> anyhow::Result<Group> {
        let mut tree = self.whole(&part.template, None)?;
        if let Some(title) = &part.bookmark {
            let anchor = Anchor { name: format!("part:{}", part.template), bookmark: Some(title.clone()), level: 1 };
            tree.blocks.insert(0, Block::Anchor(anchor));
        }
        Ok(Group { tree, initiative: None })
    }

    /// The tree of a template of the whole.
    pub(super) fn whole(&self, template: &str, chapter: Option<(usize, &str)>) -> anyhow::Result<Tree> {
        let values = self.values.of(None);
        let setting = context::setting(self.form, self.settled, &values);
        let mut everything = open(&self.everything);
        let context = everything.get_or_insert_with(|| {
            let mut context = context::base(&setting, self.settled, self.job);
            context::whole(&mut context, self.form, self.settled, self.job);
            context
        });
        if let Some((no, name)) = chapter {
            context.insert("chapter", name);
            context.insert("chapter_no", &no);
        }
        self.templates.tree(template, context, &setting).map_err(|p| told(&self.form.id, &p))
    }

    /// A template set for every initiative.
    fn each(&self, part: &Part, alone: &mut Vec<(usize, Tree)>) -> anyhow::Result<Groups> {
        let count = self.settled.initiatives.len();
        let leads = self.leads(part)?;
        if part.running {
            return Ok(Groups::Made(self.running(self.expand(&part.template, 0..count)?, leads, alone)));
        }
        let named = leads.iter().filter_map(|l| l.divider.as_ref()).any(|d| blocks_name_pages(&d.blocks));
        if named || self.may_name_pages(&part.template) {
            return Ok(Groups::Made(single(self.expand(&part.template, 0..count)?, &leads, 0)));
        }
        Ok(Groups::Sheets(leads))
    }

    /// Whether a template, or one that it may include, prints page numbers of other parts.
    fn may_name_pages(&self, template: &str) -> bool {
        let is_part = |name: &str| self.form.packet.parts.iter().any(|p| p.template == name || p.divider.as_deref() == Some(name));
        self.form.templates.iter().any(|(name, source)| (name == template || !is_part(name)) && source.contains("<page-of"))
    }

    /// The sheets of some initiatives.
    fn expand(&self, template: &str, range: Range<usize>) -> anyhow::Result<Vec<Tree>> {
        let stretch = range.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
        let starts: Vec<usize> = range.clone().step_by(stretch).collect();
        let made: Vec<anyhow::Result<Vec<Tree>>> =
            starts.par_iter().map(|start| self.expand_stretch(template, *start..(start + stretch).min(range.end))).collect();
        let mut trees = Vec::with_capacity(range.len());
        for list in made {
            trees.extend(list?);
        }
        Ok(trees)
    }

    /// The same on one thread.
    pub(super) fn expand_stretch(&self, template: &str, range: Range<usize>) -> anyhow::Result<Vec<Tree>> {
        let free = open(&self.contexts).pop();
        let mut context = free.unwrap_or_else(|| {
            let values = self.values.of(None);
            context::base(&context::setting(self.form, self.settled, &values), self.settled, self.job)
        });
        let trees = range
            .map(|index| {
                let values = self.values.of(Some(index));
                let setting = context::setting(self.form, self.settled, &values);
                context::add_initiative(&mut context, self.form, &self.settled.initiatives[index]);
                self.templates.tree(template, &context, &setting).map_err(|p| told(&self.form.id, &p))
            })
            .collect();
        open(&self.contexts).push(context);
        trees
    }

    /// What stands before each initiative: at the first of a chapter its divider and anchor, and always its own anchor.
    fn leads(&self, part: &Part) -> anyhow::Result<Vec<Lead>> {
        let mut out = Vec::new();
        let mut chapters = 0;
        let mut last: Option<&str> = None;
        for initiative in &self.settled.initiatives {
            let mut lead = Lead { divider: None, anchors: Vec::new() };
            let new = !initiative.chapter.is_empty() && last != Some(initiative.chapter.as_str());
            if new {
                last = Some(&initiative.chapter);
                chapters += 1;
                if let Some(template) = &part.divider {
                    lead.divider = Some(self.whole(template, Some((chapters, &initiative.chapter)))?);
                }
                let bookmark = Some(initiative.chapter.clone());
                lead.anchors.push(Block::Anchor(Anchor { name: format!("chapter:{chapters}"), bookmark, level: 1 }));
            }
            let level = if last.is_some() { 2 } else { 1 };
            let bookmark = Some(self.title(initiative));
            lead.anchors.push(Block::Anchor(Anchor { name: format!("sheet:{}", initiative.key), bookmark, level }));
            out.push(lead);
        }
        Ok(out)
    }

    /// The bookmark of an initiative.
    fn title(&self, initiative: &SettledInitiative) -> String {
        match &self.form.packet.bookmark {
            Some(p) => pattern::expand(p, &initiative.raw).replace('\n', " "),
            None => initiative.name.clone(),
        }
    }

    /// All sheets as one tree, one after the other on the page.
    fn running(&self, trees: Vec<Tree>, leads: Vec<Lead>, alone: &mut Vec<(usize, Tree)>) -> Vec<Group> {
        let mut whole: Option<Tree> = None;
        for (index, (tree, lead)) in trees.into_iter().zip(leads).enumerate() {
            if self.form.packet.single {
                alone.push((index, tree.clone()));
            }
            let into = whole.get_or_insert_with(|| Tree { page: tree.page.clone(), blocks: Vec::new() });
            let mut anchors = lead.anchors;
            if let Some(divider) = lead.divider {
                // The anchors of a chapter stand behind a page break that opens its divider.
                let breaks = divider.blocks.iter().take_while(|b| matches!(b, Block::PageBreak)).count();
                let mut blocks = divider.blocks;
                let rest = blocks.split_off(breaks);
                into.blocks.extend(blocks);
                let own = anchors.split_off(anchors.len().saturating_sub(1));
                into.blocks.append(&mut anchors);
                into.blocks.extend(rest);
                anchors = own;
            }
            into.blocks.append(&mut anchors);
            into.blocks.extend(tree.blocks);
        }
        whole.into_iter().map(|tree| Group { tree, initiative: None }).collect()
    }
}

/// What stands before an initiative's sheet.
#[derive(Clone)]
pub(super) struct Lead {
    divider: Option<Tree>,
    anchors: Vec<Block>,
}

/// Each sheet on pages of its own, dividers too. `first` is the place of the first initiative in the plan.
fn single(trees: Vec<Tree>, leads: &[Lead], first: usize) -> Vec<Group> {
    let mut out = Vec::new();
    for (index, (mut tree, mut lead)) in trees.into_iter().zip(leads.iter().cloned()).enumerate() {
        if let Some(mut divider) = lead.divider {
            let own = lead.anchors.split_off(lead.anchors.len().saturating_sub(1));
            divider.blocks.splice(0..0, lead.anchors);
            out.push(Group { tree: divider, initiative: None });
            lead.anchors = own;
        }
        tree.blocks.splice(0..0, lead.anchors);
        out.push(Group { tree, initiative: Some(first + index) });
    }
    out
}

/// Calls a function on every content of some blocks.
fn contents(blocks: &[Block], see: &mut dyn FnMut(&Content)) {
    for block in blocks {
        match block {
            Block::Text(t) => see(&t.content),
            Block::Grid(g) => grid_contents(g, see),
            Block::Keep(b) => contents(b, see),
            Block::Frame(f) => contents(&f.blocks, see),
            Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
        }
    }
}

fn grid_contents(grid: &crate::form::tree::Grid, see: &mut dyn FnMut(&Content)) {
    for cell in grid.rows.iter().flat_map(|r| &r.cells) {
        see(&cell.content);
        if let Some(inner) = &cell.inner {
            grid_contents(inner, see);
        }
    }
}

/// Whether page numbers of anchors are printed in some blocks.
fn blocks_name_pages(blocks: &[Block]) -> bool {
    let mut found = false;
    contents(blocks, &mut |c| found |= c.pieces.iter().any(|p| matches!(p, Piece::PageOf(_))));
    found
}
