//! The trees of a packet: each part's template expanded, for each initiative where the form says so.
//!
//! In: the form's packet plan, the settled model. Out: [`Built`] parts of [`Group`]s, each a tree that begins on a page of its own.
//! Stays true: every initiative has an anchor `sheet:<key>` and every chapter one `chapter:<n>`, with bookmarks, whether the templates say so or not.
//! Neighbours: `super::numbers` lays them out and numbers their pages.

use super::context::{self, SettledValues};
use crate::form::template::Templates;
use crate::form::tree::{Anchor, Block, Content, Piece, Tree};
use crate::form::{Form, Part, Problem, pattern};
use crate::plan::Job;
use crate::reconcile::{Edition, Settled, SettledInitiative};
use rayon::prelude::*;
use std::cell::{OnceCell, RefCell};

/// A part with its trees.
pub(super) struct Built<'a> {
    pub(super) part: &'a Part,
    pub(super) groups: Vec<Group>,
    /// Prints page numbers of other parts, so it is set last.
    pub(super) names_pages: bool,
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

/// Expands every part.
///
/// # Errors
/// If a template is wrong.
pub(super) fn build<'a>(form: &'a Form, settled: &Settled, job: &Job) -> anyhow::Result<Trees<'a>> {
    let templates = Templates::new(form).map_err(|p| told(&form.id, &p))?;
    let values = SettledValues::new(settled);
    let maker = Maker::new(form, settled, job, &templates, &values);
    let mut trees = Trees { parts: Vec::new(), alone: Vec::new() };
    for part in form.packet.parts.iter().filter(|p| !p.report_only || settled.edition == Edition::Report) {
        let groups = if part.each { maker.each(part, &mut trees.alone)? } else { vec![maker.once(part)?] };
        let names_pages = groups.iter().any(|g| blocks_name_pages(&g.tree.blocks));
        trees.parts.push(Built { part, groups, names_pages });
    }
    Ok(trees)
}

/// All problems of a template in one message.
pub(super) fn told(form: &str, problems: &[Problem]) -> anyhow::Error {
    let list: Vec<String> = problems.iter().map(|p| format!("  templates/{form}/{p}")).collect();
    anyhow::anyhow!("様式のテンプレートに誤りがあります / a template is wrong:\n{}", list.join("\n"))
}

/// What making a tree needs.
pub(super) struct Maker<'a, 'b> {
    form: &'a Form,
    settled: &'b Settled,
    job: &'b Job,
    templates: &'b Templates,
    values: &'b SettledValues<'b>,
    /// What templates of the whole are told: costly, so it is made once and only where such a template is.
    everything: OnceCell<RefCell<tera::Context>>,
}

impl<'a, 'b> Maker<'a, 'b> {
    pub(super) fn new(form: &'a Form, settled: &'b Settled, job: &'b Job, templates: &'b Templates, values: &'b SettledValues<'b>) -> Self {
        Maker { form, settled, job, templates, values, everything: OnceCell::new() }
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
        let everything = self.everything.get_or_init(|| {
            let mut context = context::base(&setting, self.settled, self.job);
            context::whole(&mut context, self.form, self.settled, self.job);
            RefCell::new(context)
        });
        let mut context = everything.borrow_mut();
        if let Some((no, name)) = chapter {
            context.insert("chapter", name);
            context.insert("chapter_no", &no);
        }
        self.templates.tree(template, &context, &setting).map_err(|p| told(&self.form.id, &p))
    }

    /// A template set for every initiative.
    fn each(&self, part: &Part, alone: &mut Vec<(usize, Tree)>) -> anyhow::Result<Vec<Group>> {
        let count = self.settled.initiatives.len();
        // A context is costly to make and cheap to change: one for each stretch of initiatives.
        let stretch = count.div_ceil(rayon::current_num_threads().max(1)).max(1);
        let starts: Vec<usize> = (0..count).step_by(stretch).collect();
        let sheets = self.sheets();
        let made: Vec<anyhow::Result<Vec<Tree>>> = starts.par_iter().map(|s| sheets.of(&part.template, *s..(*s + stretch).min(count))).collect();
        let mut trees = Vec::with_capacity(count);
        for list in made {
            trees.extend(list?);
        }
        let leads = self.leads(part)?;
        Ok(if part.running { self.running(trees, leads, alone) } else { single(trees, leads) })
    }

    /// The part of this that threads share.
    pub(super) fn sheets(&self) -> Sheets<'_> {
        Sheets { form: self.form, settled: self.settled, job: self.job, templates: self.templates, values: self.values }
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

/// What making the sheets needs, shared between threads.
pub(super) struct Sheets<'b> {
    form: &'b Form,
    settled: &'b Settled,
    job: &'b Job,
    templates: &'b Templates,
    values: &'b SettledValues<'b>,
}

impl Sheets<'_> {
    /// The sheets of some initiatives.
    pub(super) fn of(&self, template: &str, range: std::ops::Range<usize>) -> anyhow::Result<Vec<Tree>> {
        let base_values = self.values.of(None);
        let mut context = context::base(&context::setting(self.form, self.settled, &base_values), self.settled, self.job);
        range
            .map(|index| {
                let values = self.values.of(Some(index));
                let setting = context::setting(self.form, self.settled, &values);
                context::add_initiative(&mut context, self.form, &self.settled.initiatives[index]);
                self.templates.tree(template, &context, &setting).map_err(|p| told(&self.form.id, &p))
            })
            .collect()
    }
}

/// What stands before an initiative's sheet.
struct Lead {
    divider: Option<Tree>,
    anchors: Vec<Block>,
}

/// Each sheet on pages of its own, dividers too.
fn single(trees: Vec<Tree>, leads: Vec<Lead>) -> Vec<Group> {
    let mut out = Vec::new();
    for (index, (mut tree, mut lead)) in trees.into_iter().zip(leads).enumerate() {
        if let Some(mut divider) = lead.divider {
            let own = lead.anchors.split_off(lead.anchors.len().saturating_sub(1));
            divider.blocks.splice(0..0, lead.anchors);
            out.push(Group { tree: divider, initiative: None });
            lead.anchors = own;
        }
        tree.blocks.splice(0..0, lead.anchors);
        out.push(Group { tree, initiative: Some(index) });
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
