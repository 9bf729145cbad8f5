//! Form sheets: the values of one form that lies on a sheet, found from its labels.
//!
//! In: the labels of one [`Region`]. Out: a [`Draft`]: every field found, blank ones too, and what is uncertain.
//! Stays true: a value belongs to the nearest label on its left in its row and the nearest heading above it; where two places are equally good and say
//! different things, none is taken.
//! Neighbours: `instances` says which labels belong together, `headings` where the years stand, `reader` what
//! stands beside a label, `values` what a cell says.

use super::draft::{Conflict, Draft, Drift, YearSeen};
use super::hits::Hit;
use super::instances::Region;
use super::labels::SURE;
use super::model::{Direction, Model, Plan};
use super::reader::Reader;
use super::tiles::{Tiles, share_row, union};
use super::values::{Answer, of_choices};
use crate::form::Kind;
use crate::workbook::{Area, CellRef};
use std::collections::{BTreeMap, BTreeSet};

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
