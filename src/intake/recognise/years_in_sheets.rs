//! Yearly values of a form sheet: under a row of years, or beside a column of them.
//!
//! In: the place of a label and the year headings. Out: one answer for each year that has a place.
//! Stays true: an answer over several years belongs to the one that is asked for, else to the first; without headings nothing is given to a year.
//! Neighbours: `sheet_form` reads everything else, `headings` finds the years.

use super::headings::{Axis, Heading};
use super::hits::Hit;
use super::model::Plan;
use super::reader::Reader;
use super::tiles::{Tile, share_col, share_row};
use super::values::{Answer, is_ditto, is_ditto_left, is_ditto_mark, of_choices, of_pieces};
use crate::form::Kind;
use crate::workbook::{Area, CellRef};
use std::collections::BTreeMap;

impl Reader<'_> {
    /// The values of a field under (or beside) the year headings; `None` if there are no headings for it or one answer stands for the year reported.
    pub(super) fn read_years(&self, plan: &Plan, hit: &Hit) -> Option<BTreeMap<String, Answer>> {
        let heading = super::headings::of(&self.headings, hit)?;
        let mut out = BTreeMap::new();
        for want in &plan.wants {
            let Some((_, n)) = want.year.and_then(|y| heading.years.iter().find(|(h, _)| *h == y)) else { continue };
            let head = self.tiles.all[*n].area;
            let answer = match heading.axis {
                Axis::Row => self.under_heading(plan, hit, heading, &head),
                Axis::Column => self.beside_heading(hit, &head),
            };
            if let Some(answer) = answer.filter(|a| self.owner(plan, heading, &a.area) == want.year) {
                out.insert(want.key.clone(), answer);
            }
        }
        if heading.axis == Axis::Row {
            self.repeat_left(plan, heading, &mut out);
        }
        let single = plan.wants.len() == 1;
        let blank = out.values().all(Answer::is_blank);
        if single && (out.is_empty() || blank) {
            // One answer for the year reported that does not keep to the columns.
            return None;
        }
        Some(out)
    }

    /// 同左 stands for the answer of the year on its left; so does 〃 where nothing but the heading stands above it.
    fn repeat_left(&self, plan: &Plan, heading: &Heading, out: &mut BTreeMap<String, Answer>) {
        let mut left: Option<String> = None;
        for (year, _) in &heading.years {
            let Some(want) = plan.wants.iter().find(|w| w.year == Some(*year)) else {
                left = None;
                continue;
            };
            let Some(answer) = out.get_mut(&want.key) else { continue };
            let written = answer.value.clone().unwrap_or_default();
            let looks_left = is_ditto_left(&written) || (is_ditto_mark(&written) && self.is_under_heading(heading, answer.at));
            if want.asked && looks_left && left.is_some() {
                answer.value.clone_from(&left);
            }
            left = answer.value.clone().filter(|v| !v.is_empty() && !is_ditto(v));
        }
    }

    /// Whether the cell above is one of the heading's.
    fn is_under_heading(&self, heading: &Heading, at: CellRef) -> bool {
        let above = at.row.checked_sub(1).and_then(|row| self.tiles.at(CellRef::new(row, at.col)));
        above.is_some_and(|n| heading.years.iter().any(|(_, h)| *h == n))
    }

    /// The year to which an answer over several headings belongs: the one that is asked for, else the first.
    fn owner(&self, plan: &Plan, heading: &Heading, area: &Area) -> Option<crate::value::FiscalYear> {
        let covered: Vec<crate::value::FiscalYear> = heading
            .years
            .iter()
            .filter(|(_, n)| match heading.axis {
                Axis::Row => share_col(&self.tiles.all[*n].area, area),
                Axis::Column => share_row(&self.tiles.all[*n].area, area),
            })
            .map(|(y, _)| *y)
            .collect();
        let asked: Vec<_> = plan.wants.iter().filter(|w| w.asked).filter_map(|w| w.year).filter(|y| covered.contains(y)).collect();
        match asked.as_slice() {
            [one] => Some(*one),
            _ => covered.first().copied(),
        }
    }

    /// The answer in the label's rows and the heading's columns.
    fn under_heading(&self, plan: &Plan, hit: &Hit, heading: &Heading, head: &Area) -> Option<Answer> {
        let own_row = (hit.area.first.row..=hit.area.last.row).contains(&heading.area.first.row);
        let first = if own_row { heading.area.last.row.saturating_add(1) } else { hit.area.first.row };
        let last = hit.area.last.row.max(first);
        let mut lines: Vec<Vec<&Tile<'_>>> = Vec::new();
        let mut run = Vec::new();
        let mut drawn = None;
        let mut row = first;
        while row <= self.region.bottom && row <= first.saturating_add(60) {
            let here = self.tiles.in_row(row);
            let in_label = row <= last;
            let stop = here.iter().any(|n| {
                let a = self.tiles.all[*n].area;
                let label = self.label_tiles.contains(n) && a.first.row == row;
                let left =
                    a.first.col <= hit.area.last.col && a.first.col >= self.region.left && !self.tiles.all[*n].is_blank() && !hit.tiles.contains(n);
                (label || left) && !in_label
            });
            if stop {
                break;
            }
            let mine: Vec<usize> = here
                .into_iter()
                .filter(|n| {
                    let a = self.tiles.all[*n].area;
                    share_col(&a, head) && a.first.col > hit.area.last.col && a.first.row.max(first) == row && !self.label_tiles.contains(n)
                })
                .collect();
            drawn = drawn.or(mine.iter().copied().find(|n| self.tiles.all[*n].is_blank() && in_label));
            let filled: Vec<usize> = mine.iter().copied().filter(|n| !self.tiles.all[*n].is_blank() && (in_label || !self.is_note(*n))).collect();
            if filled.is_empty() && !in_label {
                break;
            }
            run.extend(mine);
            if !filled.is_empty() {
                lines.push(filled.into_iter().map(|n| &self.tiles.all[n]).collect());
            }
            row += 1;
        }
        if plan.field.kind == Kind::Choice
            && let Some(answer) = of_choices(self.tiles, &run, &plan.field.choices)
        {
            return Some(answer);
        }
        if let Some(answer) = of_pieces(&lines) {
            return Some(answer);
        }
        let at = drawn.map_or(CellRef::new(first, head.first.col), |n| self.tiles.all[n].area.first);
        let area = drawn.map_or(Area { first: at, last: at }, |n| self.tiles.all[n].area);
        Some(Answer { area, ..Answer::blank(at) })
    }

    /// The answer in the heading's rows and the label's columns, where years run downwards.
    fn beside_heading(&self, hit: &Hit, head: &Area) -> Option<Answer> {
        let lines: Vec<Vec<&Tile<'_>>> = (head.first.row..=head.last.row)
            .map(|row| {
                let here = self.tiles.in_row(row).into_iter();
                here.map(|n| &self.tiles.all[n])
                    .filter(|t| share_col(&t.area, &hit.area) && t.area.first.row.max(head.first.row) == row && !t.is_blank())
                    .collect()
            })
            .filter(|l: &Vec<_>| !l.is_empty())
            .collect();
        let at = CellRef::new(head.first.row, hit.area.first.col);
        Some(of_pieces(&lines).unwrap_or_else(|| Answer { area: Area { first: at, last: at }, ..Answer::blank(self.tiles.sheet.anchor(at)) }))
    }
}
