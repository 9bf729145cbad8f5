//! Pages: one form spread over several sheets (front and back, 1/2 and 2/2).
//!
//! In: the sheets of a workbook with what each gave by itself. Out: the same, with a form that lacks labels read together with the sheets that have them.
//! Stays true: sheets are put together only where the next one holds labels that the form lacks, names no other initiative, and the whole then lacks less;
//! every value keeps its own sheet and cell.

use super::hits;
use super::labels::SURE;
use super::model::Model;
use super::notes::Place;
use super::tiles::Tiles;
use super::{FileRead, classify, instances, read_sheet, sheet_form};
use crate::finding::{Finding, Origin};
use crate::form::Role;
use crate::intake::{Reading, ReadingKind, rules};
use crate::value::fold;
use crate::workbook::{Area, CellRef, Sheet, Visibility};
use std::collections::BTreeSet;

/// Sheets below each other as if they were one: each with the row at which it begins.
struct Stack<'a> {
    whole: Sheet,
    parts: Vec<(u32, &'a Sheet)>,
}

impl<'a> Stack<'a> {
    fn of(first: &'a Sheet) -> Self {
        Stack { whole: first.clone(), parts: vec![(0, first)] }
    }

    /// The same with one sheet more below.
    fn with(&self, next: &'a Sheet) -> Self {
        let top = Tiles::of(&self.whole).last_row().saturating_add(2);
        let down = |at: CellRef| CellRef::new(at.row.saturating_add(top), at.col);
        let area = |a: &Area| Area { first: down(a.first), last: down(a.last) };
        let mut whole = self.whole.clone();
        whole.cells.extend(next.cells.iter().map(|(at, cell)| (down(*at), cell.clone())));
        whole.merges.extend(next.merges.iter().map(area));
        whole.hidden_rows.extend(next.hidden_rows.iter().map(|r| r.saturating_add(top)));
        whole.set_apart.extend(next.set_apart.iter().map(|(at, apart)| (down(*at), apart.clone())));
        whole.comments.extend(next.comments.iter().map(|(at, text)| (down(*at), text.clone())));
        whole.shapes.extend(next.shapes.iter().map(|s| crate::workbook::Shape { over: area(&s.over), ..s.clone() }));
        let mut parts = self.parts.clone();
        parts.push((top, next));
        Stack { whole, parts }
    }

    /// The sheet and cell that a cell of the stack really is.
    fn place(&self, at: CellRef) -> (&'a Sheet, CellRef) {
        let (top, sheet) = self.parts.iter().rev().find(|(top, _)| *top <= at.row).copied().unwrap_or(self.parts[0]);
        (sheet, CellRef::new(at.row - top, at.col))
    }

    fn put_right(&self, origin: &mut Origin) {
        if origin.sheet.as_deref() != Some(&self.whole.name) {
            return;
        }
        let Some(at) = origin.cell.as_deref().and_then(CellRef::parse) else { return };
        let (sheet, at) = self.place(at);
        origin.sheet = Some(sheet.name.clone());
        origin.cell = Some(at.a1());
    }
}

/// Reads forms over several sheets together; `read` holds what each sheet gave by itself, in the order of the sheets.
pub(super) fn join(n: usize, file: &str, sheets: &[Sheet], model: &Model, read: &mut [FileRead]) {
    let shown: Vec<usize> = (0..sheets.len()).filter(|s| sheets[*s].visibility == Visibility::Visible).collect();
    let mut at = 0;
    while at < shown.len() {
        let mut stack = Stack::of(&sheets[shown[at]]);
        let mut next = at + 1;
        while next < shown.len() {
            let lacking = lacking(&read[shown[at]]);
            if lacking.is_empty() || !goes_on(&read[shown[at]], &read[shown[next]], &sheets[shown[next]], model, &lacking) {
                break;
            }
            let longer = stack.with(&sheets[shown[next]]);
            let mut whole = FileRead::default();
            read_sheet(n, file, &longer.whole, model, &mut whole);
            if whole.readings.len() != 1 || whole.readings[0].kind != ReadingKind::Report || self::lacking(&whole).len() >= lacking.len() {
                break;
            }
            put_right(&mut whole, &longer, file);
            read[shown[at]] = whole;
            read[shown[next]] = FileRead { part_of_another: true, ..FileRead::default() };
            stack = longer;
            next += 1;
        }
        at = next;
    }
}

/// The fields whose labels the one report of a sheet lacks.
fn lacking(read: &FileRead) -> BTreeSet<String> {
    match read.readings.as_slice() {
        [one] if one.kind == ReadingKind::Report => {
            let missing = one.findings.iter().filter(|f| f.rule.code == rules::UNRECOGNISED_LAYOUT.code);
            missing.filter_map(|f| f.field.clone()).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// Whether a sheet holds labels that the form before it lacks, and names no other initiative.
fn goes_on(before: &FileRead, own: &FileRead, sheet: &Sheet, model: &Model, lacking: &BTreeSet<String>) -> bool {
    let one_report = own.readings.iter().all(|r| r.kind == ReadingKind::Report) && own.readings.len() < 2;
    let Some(first) = before.readings.first().filter(|_| one_report && !own.part_of_another && !classify::is_example_name(&sheet.name)) else {
        return false;
    };
    let tiles = Tiles::of(sheet);
    let hits = hits::find(&tiles, model);
    let plans = hits.iter().filter(|h| h.quality >= SURE).filter_map(|h| model.labels[h.label].plan);
    let asked: BTreeSet<&str> = plans.flat_map(|p| &model.plans[p].wants).filter(|w| w.asked).map(|w| w.key.as_str()).collect();
    // What both ask for makes them two forms.
    let twice = asked.iter().any(|key| first.fields.contains_key(*key));
    !twice && lacking.iter().any(|key| asked.contains(key.as_str())) && same_initiative(first, &tiles, &hits, model)
}

/// Whether the names and numbers on a sheet, if it has any, are those of the form before it.
fn same_initiative(first: &Reading, tiles: &Tiles<'_>, hits: &[hits::Hit], model: &Model) -> bool {
    let regions = instances::split(hits, model);
    let [region] = regions.as_slice() else { return false };
    let draft = sheet_form::read(tiles, model, hits, region);
    let telling = model.plans.iter().filter(|p| matches!(p.field.role, Some(Role::Name | Role::Number))).flat_map(|p| &p.wants);
    telling.into_iter().all(|want| {
        let here = draft.answers.get(&want.key).and_then(|a| a.value.as_deref()).map(fold).filter(|t| !t.is_empty());
        let there = first.fields.get(&want.key).and_then(|v| v.value.as_deref()).map(fold);
        here.is_none_or(|h| there.is_none_or(|t| h == t))
    })
}

/// Gives every place its own sheet again, and says what was read together.
fn put_right(whole: &mut FileRead, stack: &Stack<'_>, file: &str) {
    let findings = whole.findings.iter_mut().chain(whole.readings.iter_mut().flat_map(|r| r.findings.iter_mut()));
    for finding in findings {
        stack.put_right(&mut finding.origin);
        finding.related.iter_mut().for_each(|r| stack.put_right(&mut r.origin));
    }
    for remark in &mut whole.remarks {
        let (sheet, at) = stack.place(remark.at);
        remark.sheet.clone_from(&sheet.name);
        remark.at = at;
    }
    for reading in &mut whole.readings {
        reading.fields.values_mut().for_each(|v| stack.put_right(&mut v.origin));
        reading.area = on_first(reading, stack);
        let names: Vec<&str> = stack.parts.iter().map(|(_, s)| s.name.as_str()).collect();
        let place = Place { file, sheet: &reading.sheet };
        reading.findings.push(
            Finding::new(&rules::LAYOUT_DRIFT).at(Origin::sheet(place.file, place.sheet)).found(names.join("、")).discriminator("pages").message(
                format!("シート「{}」を、続けて一つの様式として読み取りました。", names.join("」「")),
                format!("The sheets {} were read together as one form.", names.join(", ")),
            ),
        );
    }
}

/// The part of a reading's area that lies on its first sheet.
fn on_first(reading: &Reading, stack: &Stack<'_>) -> Area {
    let end = stack.parts.get(1).map_or(u32::MAX, |(top, _)| top.saturating_sub(1));
    let last = CellRef::new(reading.area.last.row.min(end).max(reading.area.first.row), reading.area.last.col);
    Area { first: reading.area.first, last }
}
