//! Form sheets: the values of one form that lies on a sheet, found from its labels.
//!
//! In: the labels of one [`Region`]. Out: a [`Draft`]: every field found, blank ones too, and what is uncertain.
//! Stays true: a value belongs to the nearest label on its left in its row and the nearest heading above it; where two places are equally good and say
//! different things, none is taken.
//! Neighbours: `instances` says which labels belong together, `headings` where the years stand, `values` what a cell says.

use super::headings::Heading;
use super::hits::Hit;
use super::instances::Region;
use super::labels::SURE;
use super::model::{Direction, Model, Plan};
use super::tiles::{Tile, Tiles, share_col, share_row, union};
use super::values::{Answer, of_choices, of_pieces, of_tile};
use crate::form::Kind;
use crate::workbook::{Area, CellRef};
use std::collections::{BTreeMap, BTreeSet};

/// Two places that are equally good for a field and say different things.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    /// Full key.
    pub key: String,
    /// The places with what stands there.
    pub places: Vec<Answer>,
}

/// One form as read from its place.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The cells it covers.
    pub area: Option<Area>,
    /// Field key → answer.
    pub answers: BTreeMap<String, Answer>,
    /// Fields with two places.
    pub conflicts: Vec<Conflict>,
    /// Labels of asked fields that are not there: as the form prints them, with the key.
    pub missing: Vec<(String, String)>,
    /// Labels that stand elsewhere, are written otherwise or have their answer on another side: label, and what is different.
    pub drift: Vec<(String, CellRef, Drift)>,
    /// The fields that were found, indices into the model's plans.
    pub found: BTreeSet<usize>,
    /// Years in labels: what the form says, what stands there, the text, and whether it is the label of an asked field.
    pub years: Vec<YearSeen>,
    /// The years of the year headings.
    pub columns: Vec<crate::value::FiscalYear>,
}

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drift {
    /// The label stands in another order.
    Order,
    /// The answer stands on another side of the label.
    Side,
    /// The label is worded otherwise.
    Wording,
}

/// A year in a label.
#[derive(Debug, Clone)]
pub(super) struct YearSeen {
    /// In the form.
    pub expected: i32,
    /// On the sheet.
    pub seen: i32,
    /// The text on the sheet.
    pub text: String,
    /// Whether it is the label of a field that departments fill in.
    pub asked: bool,
    /// The field whose own label it is, if departments fill it in.
    pub key: Option<String>,
    /// Where the label stands.
    pub at: CellRef,
}

/// What is needed to read one region.
pub(super) struct Reader<'a> {
    /// The sheet.
    pub tiles: &'a Tiles<'a>,
    /// The form.
    pub model: &'a Model,
    /// All labels of the sheet.
    pub hits: &'a [Hit],
    /// The region.
    pub region: &'a Region,
    /// Its year headings.
    pub headings: Vec<Heading>,
    /// Tiles that are labels.
    pub label_tiles: BTreeSet<usize>,
    /// For label columns the column in which most answers begin.
    pub usual: BTreeMap<u32, u32>,
}

/// Reads the form of a region.
pub(super) fn read(tiles: &Tiles<'_>, model: &Model, hits: &[Hit], region: &Region) -> Draft {
    let label_tiles = region.hits.iter().map(|n| &hits[*n]).filter(|h| h.quality >= SURE).flat_map(|h| h.tiles.iter().copied()).collect();
    let mut reader = Reader { tiles, model, hits, region, headings: Vec::new(), label_tiles, usual: BTreeMap::new() };
    reader.headings = super::headings::find(tiles, model, region, &reader.label_tiles);
    for heading in &reader.headings {
        reader.label_tiles.extend(heading.years.iter().map(|(_, n)| *n));
    }
    let chosen = reader.choose();
    reader.label_tiles.extend(chosen.values().flatten().flat_map(|n| hits[*n].tiles.iter().copied()));
    reader.usual = reader.usual_columns(&chosen);
    let side = reader.usual_side(&chosen);
    let mut draft =
        Draft { columns: reader.headings.first().map(|h| h.years.iter().map(|(y, _)| *y).collect()).unwrap_or_default(), ..Draft::default() };
    for (n, plan) in model.plans.iter().enumerate() {
        match chosen.get(&n) {
            Some(places) if !places.is_empty() => {
                reader.fill(plan, places, side, &mut draft);
                let read = plan.wants.iter().any(|w| draft.answers.contains_key(&w.key) || draft.conflicts.iter().any(|c| c.key == w.key));
                if !read && plan.is_asked() && plan.field.list.is_none() {
                    let shown = reader.shown(plan);
                    draft.missing.extend(plan.wants.iter().find(|w| w.asked).map(|w| (shown, w.key.clone())));
                }
            }
            _ if plan.label.is_some() && plan.is_asked() => {
                let shown = plan.label.map(|l| model.labels[l].shown.clone()).unwrap_or_default();
                draft.missing.extend(plan.wants.iter().find(|w| w.asked).map(|w| (shown, w.key.clone())));
            }
            _ => {}
        }
    }
    draft.found = chosen.iter().filter(|(_, c)| !c.is_empty()).map(|(p, _)| *p).collect();
    super::titles::fill(&reader, &chosen, &mut draft);
    reader.note_years(&chosen, &mut draft);
    reader.note_order(&chosen, &mut draft);
    draft.area = reader.covered(&chosen, &draft);
    draft
}

impl<'a> Reader<'a> {
    /// For every field the places of its label that are worth reading, best first; more than one only if they are equally good.
    fn choose(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut chosen = BTreeMap::new();
        for (n, plan) in self.model.plans.iter().enumerate() {
            let Some(label) = plan.label else { continue };
            let mut places: Vec<usize> = self.region.hits.iter().copied().filter(|h| self.hits[*h].label == label).collect();
            let Some(best) = places.iter().map(|h| self.hits[*h].quality).max() else { continue };
            places.retain(|h| self.hits[*h].quality.saturating_add(12) >= best && (best < SURE || self.hits[*h].quality >= SURE));
            self.narrow(&mut places, |r, h| plan.parents.iter().any(|p| r.beside(*p, h)));
            self.narrow(&mut places, |r, h| !r.is_answer_of_another(h));
            if best < SURE && places.len() > 1 {
                continue;
            }
            chosen.insert(n, places);
        }
        chosen
    }

    /// Keeps the places for which the test holds, if it holds for some.
    fn narrow(&self, places: &mut Vec<usize>, test: impl Fn(&Self, &Hit) -> bool) {
        if places.len() > 1 && places.iter().any(|h| test(self, &self.hits[*h])) {
            places.retain(|h| test(self, &self.hits[*h]));
        }
    }

    /// Whether a grouping label stands on the left in the same rows.
    fn beside(&self, parent: usize, hit: &Hit) -> bool {
        self.region
            .hits
            .iter()
            .map(|h| &self.hits[*h])
            .any(|p| p.label == parent && share_row(&p.area, &hit.area) && p.area.last.col < hit.area.first.col)
    }

    /// Whether the text stands where the answer of another label is expected: directly right of a label whose answers stand there.
    fn is_answer_of_another(&self, hit: &Hit) -> bool {
        let Some(left) = hit.area.first.col.checked_sub(1) else { return false };
        let Some(n) = self.tiles.at(CellRef::new(hit.area.first.row, left)) else { return false };
        self.region.hits.iter().map(|h| &self.hits[*h]).any(|h| {
            h.tiles.contains(&n)
                && h.quality >= SURE
                && self.model.labels[h.label]
                    .plan
                    .is_some_and(|p| self.model.plans[p].direction == Direction::Right && !self.model.plans[p].is_yearly())
        })
    }

    fn in_region(&self, area: &Area) -> bool {
        area.first.row >= self.region.top
            && area.first.row <= self.region.bottom
            && area.first.col >= self.region.left
            && area.first.col <= self.region.right
    }

    /// The tiles right of a label in one of its rows, up to the next label or the first gap behind an answer area.
    pub(super) fn run_right(&self, area: &Area, row: u32) -> Vec<usize> {
        let mut run: Vec<usize> = Vec::new();
        let mut edge = area.last.col;
        for n in self.tiles.in_row(row) {
            let a = self.tiles.all[n].area;
            if a.first.col <= area.last.col || !self.in_region(&Area { first: CellRef::new(row, a.first.col), last: a.last }) {
                continue;
            }
            let gap = a.first.col.saturating_sub(edge.saturating_add(1));
            let answer_seen = !run.is_empty();
            if self.label_tiles.contains(&n) || (answer_seen && gap > 0) || gap > 12 {
                break;
            }
            run.push(n);
            edge = edge.max(a.last.col);
        }
        run
    }

    /// Tiles below a label in its columns, row by row, up to the next row with a label of the form.
    pub(super) fn rows_below(&self, area: &Area) -> Vec<(u32, Vec<usize>)> {
        let limit = area.last.row.saturating_add(60).min(self.region.bottom);
        let mut rows = Vec::new();
        for row in self.tiles.rows(area.last.row.saturating_add(1), limit) {
            let here = self.tiles.in_row(row);
            let band: Vec<usize> = here.into_iter().filter(|n| self.in_region(&self.tiles.all[*n].area)).collect();
            if band.iter().any(|n| self.label_tiles.contains(n) && self.tiles.all[*n].area.first.row == row) {
                break;
            }
            rows.push((row, band.into_iter().filter(|n| share_col(&self.tiles.all[*n].area, area)).collect()));
        }
        rows
    }

    /// A remark that someone put between the rows.
    pub(super) fn is_note(&self, n: usize) -> bool {
        let text = self.tiles.all[n].text;
        text.starts_with(['※', '注', '＊', '*', '←', '↑', '↓', '→'])
    }

    /// For each column in which labels begin, the column in which most of their answers begin.
    fn usual_columns(&self, chosen: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<u32, u32> {
        let mut votes: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
        for hit in chosen.values().flatten().map(|n| &self.hits[*n]) {
            let run = self.run_right(&hit.area, hit.area.first.row);
            if let Some(first) = run.iter().find(|n| !self.tiles.all[**n].is_blank() || self.tiles.all[**n].is_merged()) {
                *votes.entry(hit.area.first.col).or_default().entry(self.tiles.all[*first].area.first.col).or_default() += 1;
            }
        }
        votes.into_iter().filter_map(|(col, v)| v.into_iter().max_by_key(|(c, n)| (*n, std::cmp::Reverse(*c))).map(|(c, _)| (col, c))).collect()
    }

    /// Whether the answers of this sheet stand on another side of their labels than the form has them (labels in a row, answers below).
    fn usual_side(&self, chosen: &BTreeMap<usize, Vec<usize>>) -> Option<Direction> {
        let mut right = 0;
        let mut below = 0;
        for (plan, places) in chosen {
            let Some(hit) = places.first().map(|n| &self.hits[*n]) else { continue };
            if self.model.plans[*plan].is_yearly() {
                continue;
            }
            let r = self.run_right(&hit.area, hit.area.first.row).iter().any(|n| !self.tiles.all[*n].is_blank());
            let b = self.rows_below(&hit.area).first().is_some_and(|(_, t)| t.iter().any(|n| !self.tiles.all[*n].is_blank() && !self.is_note(*n)));
            right += usize::from(r);
            below += usize::from(b && !r);
        }
        match (right, below) {
            (r, b) if b >= 3 && b > r * 2 => Some(Direction::Below),
            (r, b) if r >= 3 && r > b * 2 => Some(Direction::Right),
            _ => None,
        }
    }

    /// Reads all values of a field at its place or places.
    fn fill(&self, plan: &Plan, places: &[usize], side: Option<Direction>, draft: &mut Draft) {
        let mut read: Vec<(BTreeMap<String, Answer>, Option<Drift>)> = places.iter().map(|n| self.read_at(plan, &self.hits[*n], side)).collect();
        if let Some(hit) = places.first().map(|n| &self.hits[*n])
            && hit.quality < SURE
        {
            draft.drift.push((self.shown(plan), hit.area.first, Drift::Wording));
        }
        for want in &plan.wants {
            let mut answers: Vec<&Answer> = read.iter().filter_map(|(r, _)| r.get(&want.key)).collect();
            let filled: Vec<&Answer> = answers.iter().copied().filter(|a| !a.is_blank()).collect();
            let differ = filled.windows(2).any(|w| w[0].value.as_deref().map(crate::value::fold) != w[1].value.as_deref().map(crate::value::fold));
            if differ && want.asked {
                let places = filled.iter().map(|a| (*a).clone()).collect();
                draft.conflicts.push(Conflict { key: want.key.clone(), places });
                continue;
            }
            if let Some(one) = filled.first() {
                answers = vec![one];
            }
            if let Some(answer) = answers.first() {
                draft.answers.insert(want.key.clone(), (*answer).clone());
            }
        }
        // Members of a list beyond those the form draws.
        for (key, answer) in read.first_mut().map(|(r, _)| std::mem::take(r)).unwrap_or_default() {
            let conflicted = draft.conflicts.iter().any(|c| c.key == key);
            if !conflicted {
                draft.answers.entry(key).or_insert(answer);
            }
        }
        if let (Some((_, Some(drift))), Some(hit)) = (read.first(), places.first().map(|n| &self.hits[*n])) {
            draft.drift.push((self.shown(plan), hit.area.first, *drift));
        }
    }

    fn shown(&self, plan: &Plan) -> String {
        plan.label.map(|l| self.model.labels[l].shown.clone()).unwrap_or_default()
    }

    /// All values of a field, read from one place of its label.
    fn read_at(&self, plan: &Plan, hit: &Hit, side: Option<Direction>) -> (BTreeMap<String, Answer>, Option<Drift>) {
        if let Some(inline) = &hit.inline
            && let Some(want) = plan.wants.iter().find(|w| w.asked).or(plan.wants.first())
        {
            let mut answer = Answer::text(inline, hit.area.first);
            answer.area = hit.area;
            return ([(want.key.clone(), answer)].into(), Some(Drift::Side));
        }
        if plan.field.list.is_some() {
            return super::lists_in_sheets::read(self, plan, hit);
        }
        if plan.is_yearly() && !self.circled_in_row(plan, hit) {
            if let Some(values) = self.read_years(plan, hit) {
                return (values, None);
            }
            if plan.wants.len() > 1 && !self.has_one_answer(hit) {
                // Without headings nobody knows which year each of several answers means.
                return (BTreeMap::new(), None);
            }
        }
        let want =
            plan.wants.iter().find(|w| w.asked && w.year == Some(self.model.year)).or(plan.wants.iter().find(|w| w.asked)).or(plan.wants.first());
        let Some(want) = want else { return (BTreeMap::new(), None) };
        let (answer, drift) = self.read_one(plan, hit, side);
        ([(want.key.clone(), answer)].into(), drift)
    }

    /// Whether the choices stand in a row of cells and one is marked: then they are no answers of years.
    fn circled_in_row(&self, plan: &Plan, hit: &Hit) -> bool {
        if plan.field.kind != Kind::Choice {
            return false;
        }
        let run = self.run_right(&hit.area, hit.area.first.row);
        let printed =
            |c: &String| run.iter().any(|n| crate::value::same_text(self.tiles.all[*n].text.trim_start_matches(['○', '◯', '〇', '◎', '●']), c));
        plan.field.choices.len() >= 2
            && plan.field.choices.iter().all(printed)
            && of_choices(self.tiles, &run, &plan.field.choices).is_some_and(|a| !a.is_blank())
    }

    /// Whether one answer alone stands on the right of a label.
    fn has_one_answer(&self, hit: &Hit) -> bool {
        self.run_right(&hit.area, hit.area.first.row).iter().filter(|n| !self.tiles.all[**n].is_blank()).count() == 1
    }

    /// The one value beside or below a label.
    fn read_one(&self, plan: &Plan, hit: &Hit, side: Option<Direction>) -> (Answer, Option<Drift>) {
        let right = self.read_right(plan, hit);
        let below = self.read_below(plan, hit);
        let declared = plan.direction;
        let filled = |a: &Option<(Answer, bool)>| a.as_ref().is_some_and(|(a, _)| !a.is_blank());
        let firm = |a: &Option<(Answer, bool)>| a.as_ref().is_some_and(|(_, firm)| *firm);
        let (own, other) = match declared {
            Direction::Right => (&right, &below),
            Direction::Below => (&below, &right),
        };
        let turned = side.is_some_and(|s| s != declared);
        // The other side is taken where the form's own side holds nothing: no answer and no room drawn for one.
        let other_first =
            if turned { filled(other) || !filled(own) } else { !filled(own) && !firm(own) && filled(other) && self.may_turn(hit, declared) };
        if other_first && let Some((answer, _)) = other {
            return (answer.clone(), Some(Drift::Side));
        }
        let fallback = || Answer::blank(self.blank_cell(hit, declared));
        (own.as_ref().map_or_else(fallback, |(a, _)| a.clone()), None)
    }

    /// Whether the answer may stand on the other side: below only if another label follows further down, so that no foreign text is taken.
    fn may_turn(&self, hit: &Hit, declared: Direction) -> bool {
        match declared {
            Direction::Below => true,
            Direction::Right => {
                let next = self.region.hits.iter().map(|n| &self.hits[*n]).any(|h| h.quality >= SURE && h.area.first.row > hit.area.last.row);
                next && self.run_right(&hit.area, hit.area.first.row).is_empty() && self.label_follows(&hit.area)
            }
        }
    }

    /// Whether the next thing in the label's row is another label, or the row ends there.
    fn label_follows(&self, area: &Area) -> bool {
        self.tiles.in_row(area.first.row).into_iter().all(|n| self.tiles.all[n].area.first.col <= area.last.col || self.label_tiles.contains(&n))
    }

    /// The answer on the right; `true` if a place for it is drawn there.
    fn read_right(&self, plan: &Plan, hit: &Hit) -> Option<(Answer, bool)> {
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for row in hit.area.first.row..=hit.area.last.row.min(hit.area.first.row.saturating_add(200)) {
            let run = self.run_right(&hit.area, row);
            rows.push(run.into_iter().filter(|n| self.tiles.all[*n].area.first.row.max(hit.area.first.row) == row).collect());
        }
        let all: Vec<usize> = rows.iter().flatten().copied().collect();
        if plan.field.kind == Kind::Choice
            && let Some(answer) = of_choices(self.tiles, &all, &plan.field.choices)
        {
            return Some((answer, true));
        }
        // An answer area that is drawn and empty is the answer, whatever stands behind it.
        if let Some(first) = all.first().filter(|n| self.tiles.all[**n].is_blank() && self.tiles.all[**n].is_merged()) {
            let behind_is_answer = rows.iter().flatten().skip(1).any(|n| !self.tiles.all[*n].is_blank() && self.usual_start(hit, *n));
            if !behind_is_answer {
                return Some((Answer::blank(self.tiles.all[*first].area.first), true));
            }
        }
        let start = all.iter().find(|n| !self.tiles.all[**n].is_blank()).copied()?;
        let column = self.tiles.all[start].area.first.col;
        let mut pieces: Vec<Vec<&Tile<'_>>> = rows
            .iter()
            .map(|r| r.iter().map(|n| &self.tiles.all[*n]).filter(|t| !t.is_blank()).collect())
            .filter(|r: &Vec<&Tile<'_>>| r.first().is_some_and(|t| t.area.first.col == column))
            .collect();
        if plan.followed {
            pieces.iter_mut().for_each(|row| row.truncate(1));
        }
        if plan.field.kind != Kind::Choice {
            pieces.extend(self.lines_after(hit, column, start));
        }
        of_pieces(&pieces).map(|a| (a, true))
    }

    fn usual_start(&self, hit: &Hit, n: usize) -> bool {
        self.usual.get(&hit.area.first.col) == Some(&self.tiles.all[n].area.first.col)
    }

    /// Lines of an answer that were typed into the rows below it: the label's columns are empty there, and they begin in the answer's column.
    fn lines_after(&self, hit: &Hit, column: u32, start: usize) -> Vec<Vec<&Tile<'a>>> {
        let mut lines = Vec::new();
        let mut expected = hit.area.last.row.max(self.tiles.all[start].area.last.row).saturating_add(1);
        while expected <= self.region.bottom && lines.len() < 100 {
            let here = self.tiles.in_row(expected);
            let touches_label = here
                .iter()
                .any(|n| self.label_tiles.contains(n) || (self.tiles.all[*n].area.first.col <= hit.area.last.col && !self.tiles.all[*n].is_blank()));
            let first = here.iter().find(|n| !self.tiles.all[**n].is_blank());
            match first {
                Some(n)
                    if !touches_label
                        && self.tiles.all[*n].area.first.col == column
                        && self.tiles.all[*n].area.first.row == expected
                        && !self.is_note(*n) =>
                {
                    lines.push(vec![&self.tiles.all[*n]]);
                    expected = self.tiles.all[*n].area.last.row.saturating_add(1);
                }
                _ => break,
            }
        }
        lines
    }

    /// The answer below; `true` if a place for it is drawn there.
    fn read_below(&self, plan: &Plan, hit: &Hit) -> Option<(Answer, bool)> {
        let rows = self.rows_below(&hit.area);
        let run: Vec<usize> = rows.iter().flat_map(|(_, t)| t.iter().copied()).collect();
        if plan.field.kind == Kind::Choice
            && let Some(answer) = of_choices(self.tiles, &run, &plan.field.choices)
        {
            return Some((answer, true));
        }
        let mut lines: Vec<Vec<&Tile<'_>>> = Vec::new();
        let mut next = None;
        let mut drawn = None;
        for (row, here) in &rows {
            let filled: Vec<usize> =
                here.iter().copied().filter(|n| !self.tiles.all[*n].is_blank() && self.tiles.all[*n].area.first.row == *row).collect();
            if filled.is_empty() {
                drawn = drawn.or(here.iter().copied().find(|n| self.tiles.all[*n].is_merged() && lines.is_empty()));
                continue;
            }
            if filled.iter().any(|n| self.is_note(*n)) || drawn.is_some() || next.is_some_and(|e| e != *row) {
                if !lines.is_empty() {
                    break;
                }
                continue;
            }
            next = filled.iter().map(|n| self.tiles.all[*n].area.last.row.saturating_add(1)).max();
            lines.push(filled.into_iter().map(|n| &self.tiles.all[n]).collect());
        }
        match (of_pieces(&lines), drawn) {
            (Some(answer), _) => Some((answer, true)),
            (None, Some(n)) => Some((Answer::blank(self.tiles.all[n].area.first), true)),
            (None, None) => None,
        }
    }

    /// Where a blank answer should stand.
    pub(super) fn blank_cell(&self, hit: &Hit, direction: Direction) -> CellRef {
        match direction {
            Direction::Below => CellRef::new(hit.area.last.row.saturating_add(1), hit.area.first.col),
            Direction::Right => {
                let beside = hit.area.last.col.saturating_add(1);
                let usual = self.usual.get(&hit.area.first.col).copied().filter(|c| *c >= beside);
                CellRef::new(hit.area.first.row, usual.unwrap_or(beside))
            }
        }
    }

    /// Years in the labels that were found, beside those of the form.
    fn note_years(&self, chosen: &BTreeMap<usize, Vec<usize>>, draft: &mut Draft) {
        let used: BTreeSet<usize> = chosen.values().filter_map(|c| c.first().copied()).collect();
        for n in &self.region.hits {
            let hit = &self.hits[*n];
            let label = &self.model.labels[hit.label];
            if label.plan.is_some() && !used.contains(n) || hit.quality < SURE {
                continue;
            }
            let Some((c, _)) = label.spellings.iter().find(|(c, _)| c.years.len() == hit.years.len() && !c.years.is_empty()) else { continue };
            let asked = match label.plan {
                Some(p) => self.model.plans[p].is_asked(),
                None => self.model.plans.iter().any(|p| p.parents.contains(&hit.label) && p.is_asked()),
            };
            let text: String = hit.tiles.iter().map(|t| self.tiles.all[*t].text).collect();
            let pairs = c.years.iter().zip(&hit.years);
            let key = label.plan.and_then(|p| self.model.plans[p].wants.iter().find(|w| w.asked)).map(|w| w.key.clone());
            let at = hit.area.first;
            draft.years.extend(pairs.map(|(e, s)| YearSeen { expected: *e, seen: *s, text: text.clone(), asked, key: key.clone(), at }));
        }
    }

    /// Labels that stand in another order than in the form.
    fn note_order(&self, chosen: &BTreeMap<usize, Vec<usize>>, draft: &mut Draft) {
        let mut seen: Vec<((usize, u32, u32), &Hit, usize)> =
            chosen.iter().filter_map(|(p, c)| c.first().map(|n| (self.model.plans[*p].order, &self.hits[*n], *p))).collect();
        seen.sort_by_key(|(order, _, p)| (*order, *p));
        let mut lowest = 0;
        for (_, hit, plan) in seen {
            if hit.area.last.row < lowest {
                draft.drift.push((self.shown(&self.model.plans[plan]), hit.area.first, Drift::Order));
            } else {
                lowest = lowest.max(hit.area.first.row);
            }
        }
    }

    fn covered(&self, chosen: &BTreeMap<usize, Vec<usize>>, draft: &Draft) -> Option<Area> {
        let labels = chosen.values().flatten().map(|n| self.hits[*n].area);
        labels.chain(draft.answers.values().map(|a| a.area)).reduce(union)
    }
}

/// The answer of a tile, for the other files of this folder.
pub(super) fn tile_answer(tiles: &Tiles<'_>, n: usize) -> Answer {
    of_tile(&tiles.all[n])
}
