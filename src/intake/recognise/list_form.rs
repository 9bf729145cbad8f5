//! Lists: one row an initiative, below headings of one or two levels.
//!
//! In: the tiles of a sheet and its labels. Out: one [`Row`] a record with its answers.
//! Stays true: a row that continues the one above it (merged, or with name and number left blank) is part of it; headings repeated on a later page,
//! sums and remarks are no records.
//! Neighbours: `sheet_form` reads the same form when it lies as a sheet.

use super::hits::Hit;
use super::labels::{SURE, canon, heading_year};
use super::lists_in_sheets::key_of;
use super::model::{Model, Plan};
use super::tiles::{Tiles, share_col, union};
use super::values::{Answer, is_ditto, is_mark, of_pieces};
use crate::form::Role;
use crate::workbook::{Area, CellRef};
use std::collections::{BTreeMap, BTreeSet};

/// One column of a list.
#[derive(Debug, Clone)]
struct Column {
    /// The field, an index into the model's plans.
    plan: usize,
    /// The key of its values; of a list's members the key of the first.
    key: String,
    /// First and last column.
    cols: (u32, u32),
    /// For choices that have a column each: the choice.
    choice: Option<String>,
    /// Place in a list, if the headings count (指標1, 指標2).
    index: usize,
}

/// One record of a list.
#[derive(Debug)]
pub(super) struct Row {
    /// The cells it was read from.
    pub area: Area,
    /// Field key → answer.
    pub answers: BTreeMap<String, Answer>,
    /// It stands in hidden rows.
    pub hidden: bool,
}

/// A list as read.
#[derive(Debug)]
pub(super) struct List {
    /// Its records, from top to bottom.
    pub rows: Vec<Row>,
    /// The fields that have a column, indices into the model's plans.
    pub found: BTreeSet<usize>,
    /// Asked fields without a column: label as printed, and key.
    pub missing: Vec<(String, String)>,
    /// First row of the headings.
    pub head: u32,
    /// The years that headings name for asked fields, with the text.
    pub years: Vec<(i32, i32, String)>,
}

/// Reads the list of a sheet, if most of the form's labels stand side by side as headings.
pub(super) fn read(tiles: &Tiles<'_>, model: &Model, hits: &[Hit]) -> Option<List> {
    let (top, bottom) = heading_band(model, hits)?;
    let bottom = bottom.max(lower_headings(tiles, model, top, bottom));
    let band: Vec<usize> = (0..hits.len()).filter(|n| hits[*n].area.first.row <= bottom && hits[*n].area.last.row >= top).collect();
    let columns = columns(tiles, model, hits, &band, top, bottom);
    let plans: BTreeSet<usize> = columns.iter().map(|c| c.plan).collect();
    let named = plans.iter().any(|p| matches!(model.plans[*p].field.role, Some(Role::Name | Role::Number)));
    if !named || plans.len() < 2 {
        return None;
    }
    let everywhere: BTreeSet<usize> =
        hits.iter().filter(|h| h.quality >= SURE).filter_map(|h| model.labels[h.label].plan).filter(|p| !plans.contains(p)).collect();
    if everywhere.len() * 2 > plans.len() {
        return None;
    }
    let heads: Vec<Vec<String>> = vec![band.iter().map(|n| canon(tiles.all[hits[*n].tiles[0]].text, model.year).words).collect()];
    let rows = records(tiles, model, &columns, bottom, &heads[0]);
    let missing = model
        .plans
        .iter()
        .enumerate()
        .filter(|(n, p)| p.is_asked() && p.label.is_some() && !plans.contains(n) && !everywhere.contains(n))
        .filter_map(|(_, p)| Some((p.label.map(|l| model.labels[l].shown.clone())?, p.wants.iter().find(|w| w.asked)?.key.clone())))
        .collect();
    let years = band
        .iter()
        .map(|n| &hits[*n])
        .filter(|h| model.labels[h.label].plan.is_some_and(|p| model.plans[p].is_asked()))
        .flat_map(|h| {
            let expected = model.labels[h.label].spellings.iter().find(|(c, _)| c.years.len() == h.years.len()).map(|(c, _)| c.years.clone());
            let text = tiles.all[h.tiles[0]].text.to_owned();
            expected.unwrap_or_default().into_iter().zip(h.years.clone()).map(move |(e, s)| (e, s, text.clone()))
        })
        .collect();
    Some(List { rows, found: plans, missing, head: top, years })
}

/// The rows in which most labels stand side by side; two levels count together.
fn heading_band(model: &Model, hits: &[Hit]) -> Option<(u32, u32)> {
    let mut rows: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for hit in hits.iter().filter(|h| h.quality >= SURE && h.inline.is_none()) {
        if let Some(plan) = model.labels[hit.label].plan {
            rows.entry(hit.area.first.row).or_default().insert(plan);
        }
    }
    let all: BTreeSet<usize> = rows.values().flatten().copied().collect();
    let two = |row: u32| -> BTreeSet<usize> {
        let below = rows.get(&row.saturating_add(1)).cloned().unwrap_or_default();
        rows.get(&row).into_iter().flatten().copied().chain(below).collect()
    };
    let best = rows.keys().map(|r| (two(*r).len(), *r)).max_by_key(|(n, r)| (*n, std::cmp::Reverse(*r)))?;
    let (count, row) = best;
    if count < 2 || count * 10 < all.len() * 6 {
        return None;
    }
    // Labels below one another in the same column are a form sheet, not headings.
    let first: Vec<&Hit> = hits.iter().filter(|h| h.area.first.row == row && h.quality >= SURE && model.labels[h.label].plan.is_some()).collect();
    let second: Vec<&Hit> =
        hits.iter().filter(|h| h.area.first.row == row + 1 && h.quality >= SURE && model.labels[h.label].plan.is_some()).collect();
    if first.len() < 2 && second.len() < 2 {
        return None;
    }
    let stacked =
        second.iter().any(|s| first.iter().any(|f| share_col(&f.area, &s.area) && f.area.first.col == f.area.last.col && f.label != s.label));
    if stacked && first.len() < 3 {
        return None;
    }
    let bottom = if second.is_empty() || stacked { row } else { row + 1 };
    let bottom = first.iter().map(|h| h.area.last.row.min(row + 3)).max().unwrap_or(row).max(bottom);
    Some((row, bottom))
}

/// A second level that holds only years or choices below headings of the first.
fn lower_headings(tiles: &Tiles<'_>, model: &Model, top: u32, bottom: u32) -> u32 {
    let next = bottom.saturating_add(1);
    let here: Vec<usize> =
        tiles.in_row(next).into_iter().filter(|n| tiles.all[*n].area.first.row == next && !tiles.all[*n].text.is_empty()).collect();
    let choices: BTreeSet<String> = model.plans.iter().flat_map(|p| p.field.choices.iter()).map(|c| crate::value::fold(c)).collect();
    let under_wide = |n: &usize| {
        let area = tiles.all[*n].area;
        let above = (top..=bottom).flat_map(|r| tiles.in_row(r)).map(|m| tiles.all[m].area);
        above.into_iter().any(|a| a.first.col < a.last.col && share_col(&a, &area))
    };
    let level = |n: &usize| {
        let text = tiles.all[*n].text;
        heading_year(text, model.year).is_some() || (choices.contains(&crate::value::fold(text)) && under_wide(n))
    };
    if here.len() >= 2 && here.iter().all(level) { next } else { bottom }
}

/// Which columns hold which values.
fn columns(tiles: &Tiles<'_>, model: &Model, hits: &[Hit], band: &[usize], top: u32, bottom: u32) -> Vec<Column> {
    let mut out: Vec<Column> = Vec::new();
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    let mut order: Vec<&Hit> = band.iter().map(|n| &hits[*n]).filter(|h| model.labels[h.label].plan.is_some()).collect();
    // The lower level says more than the upper one.
    order.sort_by_key(|h| (std::cmp::Reverse(h.area.last.row), h.area.first.col, std::cmp::Reverse(h.quality)));
    for hit in order {
        let Some(n) = model.labels[hit.label].plan else { continue };
        let plan = &model.plans[n];
        let cols = (hit.area.first.col, hit.area.last.col);
        if (cols.0..=cols.1.min(cols.0 + 400)).any(|c| taken.contains(&c)) {
            continue;
        }
        let below: Vec<usize> = sub_headings(tiles, hit, bottom);
        let found = by_year(tiles, model, n, plan, &below).or_else(|| by_choice(tiles, n, plan, &below, model));
        let found = found.unwrap_or_else(|| single(model, n, plan, hit, cols));
        let repeated = out.iter().filter(|c| c.plan == n).count();
        if repeated > 0 && plan.field.list.is_none() && !found.iter().all(|f| out.iter().all(|c| c.key != f.key)) {
            continue;
        }
        for mut column in found {
            if plan.field.list.is_some() {
                column.index = out.iter().filter(|c| c.plan == n).count();
                column.key = key_of(plan, column.index);
            }
            taken.extend(column.cols.0..=column.cols.1.min(column.cols.0 + 400));
            out.push(column);
        }
    }
    split_by_parent(tiles, model, &mut out, &taken, top, bottom);
    out
}

/// Headings under a wide one.
fn sub_headings(tiles: &Tiles<'_>, hit: &Hit, bottom: u32) -> Vec<usize> {
    (hit.area.last.row.saturating_add(1)..=bottom)
        .flat_map(|r| tiles.in_row(r).into_iter().filter(move |n| tiles.all[*n].area.first.row == r))
        .filter(|n| share_col(&tiles.all[*n].area, &hit.area) && !tiles.all[*n].text.is_empty())
        .collect()
}

fn by_year(tiles: &Tiles<'_>, model: &Model, n: usize, plan: &Plan, below: &[usize]) -> Option<Vec<Column>> {
    let found: Vec<Column> = below
        .iter()
        .filter_map(|t| {
            let year = heading_year(tiles.all[*t].text, model.year)?;
            let want = plan.wants.iter().find(|w| w.year == Some(year))?;
            let area = tiles.all[*t].area;
            Some(Column { plan: n, key: want.key.clone(), cols: (area.first.col, area.last.col), choice: None, index: 0 })
        })
        .collect();
    (!found.is_empty()).then_some(found)
}

fn by_choice(tiles: &Tiles<'_>, n: usize, plan: &Plan, below: &[usize], model: &Model) -> Option<Vec<Column>> {
    let want = plan.wants.iter().find(|w| w.asked && w.year.is_none_or(|y| y == model.year)).or(plan.wants.first())?;
    let found: Vec<Column> = below
        .iter()
        .filter_map(|t| {
            let choice = plan.field.choices.iter().find(|c| crate::value::same_text(c, tiles.all[*t].text))?;
            let area = tiles.all[*t].area;
            Some(Column { plan: n, key: want.key.clone(), cols: (area.first.col, area.last.col), choice: Some(choice.clone()), index: 0 })
        })
        .collect();
    (found.len() >= 2).then_some(found)
}

/// One column for a field: of a yearly one the year that its heading names, else the year reported.
fn single(model: &Model, n: usize, plan: &Plan, hit: &Hit, cols: (u32, u32)) -> Vec<Column> {
    let named = hit.years.first().map(|y| crate::value::FiscalYear::from_western(*y));
    let of = |y: Option<crate::value::FiscalYear>| plan.wants.iter().find(|w| w.year == y && y.is_some());
    let want = of(named).or_else(|| of(Some(model.year))).or_else(|| plan.wants.iter().find(|w| w.asked)).or(plan.wants.first());
    want.map(|w| Column { plan: n, key: w.key.clone(), cols, choice: None, index: 0 }).into_iter().collect()
}

/// Columns whose heading is only whole together with the wide one above it (「変更」 over 「種別」 and 「理由」), and year columns that name their field
/// themselves (「R6達成目標」).
fn split_by_parent(tiles: &Tiles<'_>, model: &Model, out: &mut Vec<Column>, taken: &BTreeSet<u32>, top: u32, bottom: u32) {
    let above_top = top.saturating_sub(1);
    let mut leaves: Vec<usize> = (top..=bottom).flat_map(|r| tiles.in_row(r)).filter(|n| !tiles.all[*n].text.is_empty()).collect();
    leaves.sort_unstable();
    leaves.dedup();
    for n in leaves {
        let leaf = &tiles.all[n];
        if taken.contains(&leaf.area.first.col) || out.iter().any(|c| c.cols.0 <= leaf.area.last.col && leaf.area.first.col <= c.cols.1) {
            continue;
        }
        let parents = (above_top..leaf.area.first.row).flat_map(|r| tiles.in_row(r)).filter(|p| share_col(&tiles.all[*p].area, &leaf.area));
        let mut texts: Vec<String> = parents.filter(|p| *p != n).map(|p| format!("{}{}", tiles.all[p].text, leaf.text)).collect();
        let c = canon(leaf.text, model.year);
        let bare: String = c.words.chars().filter(|ch| *ch != super::labels::YEAR).collect();
        texts.push(bare.trim_matches(|ch: char| "の()・:_-".contains(ch)).to_owned());
        for text in texts {
            let Some((labels, quality, _)) = model.find(&text) else { continue };
            let Some(plan) = labels.iter().find_map(|l| model.labels[*l].plan).filter(|_| quality >= SURE) else { continue };
            let year = c.years.first().map(|y| crate::value::FiscalYear::from_western(*y));
            let wants = &model.plans[plan].wants;
            let want = wants.iter().find(|w| year.is_some() && w.year == year).or_else(|| {
                // A year that is not the form's own column is another year's value, unless the field has no years at all.
                wants.iter().find(|w| w.year.is_none() || (year.is_none() && w.asked))
            });
            if let Some(want) = want.filter(|w| out.iter().all(|o| o.key != w.key)) {
                out.push(Column { plan, key: want.key.clone(), cols: (leaf.area.first.col, leaf.area.last.col), choice: None, index: 0 });
                break;
            }
        }
    }
}

/// The records below the headings.
fn records(tiles: &Tiles<'_>, model: &Model, columns: &[Column], bottom: u32, heads: &[String]) -> Vec<Row> {
    let key_cols: Vec<&Column> = columns.iter().filter(|c| matches!(model.plans[c.plan].field.role, Some(Role::Name | Role::Number))).collect();
    let left = columns.iter().map(|c| c.cols.0).min().unwrap_or(0);
    let right = columns.iter().map(|c| c.cols.1).max().unwrap_or(0);
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in tiles.rows(bottom.saturating_add(1), tiles.last_row()) {
        let here: Vec<usize> = tiles
            .in_row(row)
            .into_iter()
            .filter(|n| {
                let t = &tiles.all[*n];
                t.area.first.row == row && t.area.first.col <= right && t.area.last.col >= left && !t.is_blank()
            })
            .collect();
        if here.is_empty() {
            // Rows of merged areas still belong to the record that they continue.
            continue;
        }
        let starts = here.iter().any(|n| key_cols.iter().any(|c| in_column(c, &tiles.all[*n].area)));
        if is_not_a_record(tiles, model, &here, heads, (left, right), columns) {
            spans.push((row, row.saturating_sub(1)));
            continue;
        }
        match spans.last_mut() {
            _ if starts => spans.push((row, end_of(tiles, &here, &key_cols, row))),
            Some((first, last)) if *last >= *first && row <= last.saturating_add(1) => *last = (*last).max(row),
            _ => {}
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for (first, last) in spans.into_iter().filter(|(f, l)| l >= f) {
        let mut row = one_record(tiles, model, columns, first, last);
        ditto(&mut row, rows.last());
        ditto_left(&mut row, model, columns);
        rows.push(row);
    }
    rows
}

/// The last row of a record: the end of its merged name or number.
fn end_of(tiles: &Tiles<'_>, here: &[usize], keys: &[&Column], row: u32) -> u32 {
    let areas = here.iter().map(|n| tiles.all[*n].area).filter(|a| keys.iter().any(|c| in_column(c, a)));
    areas.map(|a| a.last.row).max().unwrap_or(row)
}

fn in_column(column: &Column, area: &Area) -> bool {
    area.first.col <= column.cols.1 && column.cols.0 <= area.last.col
}

/// Headings repeated, sums, remarks, titles of sections over the whole width.
fn is_not_a_record(tiles: &Tiles<'_>, model: &Model, here: &[usize], heads: &[String], width: (u32, u32), columns: &[Column]) -> bool {
    let again = here.iter().filter(|n| heads.contains(&canon(tiles.all[**n].text, model.year).words)).count();
    if again >= 2 {
        return true;
    }
    let Some(first) = here.first().map(|n| &tiles.all[*n]) else { return true };
    let folded = crate::value::fold(first.text);
    if first.text.starts_with(['※', '注', '＊']) || matches!(folded.as_str(), "合計" | "計" | "小計" | "総計" | "以下余白" | "以上")
    {
        return true;
    }
    let wide = first.area.first.col <= width.0 && u64::from(first.area.last.col - first.area.first.col + 1) * 2 > u64::from(width.1 - width.0 + 1);
    here.len() == 1 && wide && columns.len() > 2 && first.is_merged()
}

/// The answers of one record.
fn one_record(tiles: &Tiles<'_>, model: &Model, columns: &[Column], first: u32, last: u32) -> Row {
    let mut answers = BTreeMap::new();
    let mut area: Option<Area> = None;
    for column in columns {
        let plan = &model.plans[column.plan];
        let mut lines: Vec<(u32, Vec<usize>)> = Vec::new();
        let mut cover = None;
        for row in first..=last.min(first.saturating_add(400)) {
            let here: Vec<usize> = tiles.in_row(row).into_iter().filter(|n| in_column(column, &tiles.all[*n].area)).collect();
            cover = cover.or(here.first().copied());
            let mine: Vec<usize> = here.into_iter().filter(|n| tiles.all[*n].area.first.row.max(first) == row && !tiles.all[*n].is_blank()).collect();
            if !mine.is_empty() {
                lines.push((row, mine));
            }
        }
        let at = cover.map_or(CellRef::new(first, column.cols.0), |n| tiles.all[n].area.first);
        if let Some(choice) = &column.choice {
            let marked = lines.iter().flat_map(|(_, l)| l).any(|n| is_mark(tiles.all[*n].text));
            if marked || !answers.contains_key(&column.key) {
                put_choice(&mut answers, column, choice, marked, at);
            }
            continue;
        }
        if plan.field.list.is_some() && lines.len() > 1 {
            for (index, (_, line)) in lines.iter().enumerate() {
                if let Some(a) = of_pieces(&[line.iter().map(|n| &tiles.all[*n]).collect()]) {
                    answers.insert(key_of(plan, column.index + index), a);
                }
            }
            continue;
        }
        let pieces: Vec<Vec<_>> = lines.iter().map(|(_, l)| l.iter().map(|n| &tiles.all[*n]).collect()).collect();
        let answer = of_pieces(&pieces).unwrap_or_else(|| Answer::blank(at));
        area = Some(area.map_or(answer.area, |a| union(a, answer.area)));
        if column.index == 0 || !answer.is_blank() {
            answers.insert(column.key.clone(), answer);
        }
    }
    let left = columns.iter().map(|c| c.cols.0).min().unwrap_or(0);
    let right = columns.iter().map(|c| c.cols.1).max().unwrap_or(left);
    let whole = Area { first: CellRef::new(first, left), last: CellRef::new(last, right) };
    let hidden = (first..=last).all(|r| tiles.sheet.hidden_rows.contains(&r));
    Row { area: area.map_or(whole, |a| union(a, whole)), answers, hidden }
}

fn put_choice(answers: &mut BTreeMap<String, Answer>, column: &Column, choice: &str, marked: bool, at: CellRef) {
    let before = answers.get(&column.key).is_some_and(|a| !a.is_blank());
    if marked && before {
        if let Some(a) = answers.get_mut(&column.key) {
            let both = format!("{}・{choice}", a.value.clone().unwrap_or_default());
            a.value = None;
            a.trouble = Some(super::values::Trouble::Marks(both));
        }
        return;
    }
    let mut answer = if marked { Answer::text(choice, at) } else { Answer::blank(at) };
    if marked {
        answer.as_written = "○".to_owned();
    }
    answers.insert(column.key.clone(), answer);
}

/// 〃 and 同上 stand for what the row above says in the same column.
fn ditto(row: &mut Row, above: Option<&Row>) {
    let Some(above) = above else { return };
    for (key, answer) in &mut row.answers {
        let written = answer.value.clone().unwrap_or_default();
        // 同左 looks to the left, where another field stands.
        if !is_ditto(&written) || super::values::is_ditto_left(&written) {
            continue;
        }
        if let Some(Some(value)) = above.answers.get(key).map(|a| a.value.clone()).filter(|v| v.as_ref().is_some_and(|v| !v.is_empty())) {
            answer.value = Some(value);
        }
    }
}

/// 同左 in a column of years stands for what the year on its left says.
fn ditto_left(row: &mut Row, model: &Model, columns: &[Column]) {
    let mut yearly: Vec<&Column> = columns.iter().filter(|c| model.plans[c.plan].is_yearly()).collect();
    yearly.sort_by_key(|c| c.cols);
    for pair in yearly.windows(2).filter(|p| p[0].plan == p[1].plan) {
        let left = row.answers.get(&pair[0].key).and_then(|a| a.value.clone()).filter(|v| !v.is_empty() && !is_ditto(v));
        if let (Some(left), Some(answer)) = (left, row.answers.get_mut(&pair[1].key))
            && answer.value.as_deref().is_some_and(super::values::is_ditto_left)
        {
            answer.value = Some(left);
        }
    }
}
