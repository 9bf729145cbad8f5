//! Slots: where an answer stands in a returned workbook, told by the labels around it.
//!
//! In: the report edition of a blank initiative. Out: a [`Slot`] for each value cell, in reading order.
//! Stays true: a slot's labels are those a reader of the form sees: on the left in its row, above it in its column; nearest first.
//! Neighbours: `intake` finds the cells by these.

use super::setting::Setting;
use super::template::Templates;
use super::tree::{Block, CellRole, Content, Grid, GridCell, Piece, Tree};
use super::values::Blank;
use super::{Form, Slot, pattern};
use crate::value::{FiscalYear, fold};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The slots of a form. See [`Form::slots`].
pub(super) fn slots(form: &Form, report_year: FiscalYear) -> Vec<Slot> {
    blank_tree(form, report_year, true).map(|tree| of_tree(form, &tree, report_year)).unwrap_or_default()
}

/// The sheet of a blank initiative (of a list: the list with one blank row); `None` if the template is wrong.
pub fn blank_tree(form: &Form, report_year: FiscalYear, report: bool) -> Option<Tree> {
    let templates = Templates::new(form).ok()?;
    let setting = Setting { form, values: &Blank, report_year, report };
    templates.tree(sheet_template(form), &blank_context(&setting), &setting).ok()
}

/// The template of an initiative's sheet: that of the part set for each initiative, else the first part with values in it, else `sheet.xml`.
pub fn sheet_template(form: &Form) -> &str {
    let holds_values = |p: &&super::Part| form.templates.get(&p.template).is_some_and(|t| t.contains("<value"));
    let parts = &form.packet.parts;
    parts.iter().find(|p| p.each).or_else(|| parts.iter().find(holds_values)).map_or("sheet.xml", |p| p.template.as_str())
}

/// What a template is told of a blank initiative: every field there is, empty.
pub fn blank_context(setting: &Setting<'_>) -> tera::Context {
    let form = setting.form;
    let mut fields = Map::new();
    let mut raw = Map::new();
    let mut lists = Map::new();
    for field in &form.fields {
        let source = field.from.as_deref().unwrap_or(&field.key);
        let root = source.trim_start_matches('{').split(['.', '}']).next().unwrap_or(source);
        raw.entry(root.to_owned()).or_insert_with(|| Value::String(String::new()));
        match (&field.list, field.yearly) {
            (Some(list), _) => {
                let member = field.key.strip_prefix(list.as_str()).unwrap_or("");
                fields.insert(format!("{list}.0{member}"), json!(""));
                lists.insert(list.clone(), json!([0]));
            }
            (None, true) => fields.extend(form.years().iter().map(|y| (format!("{}.{}", field.key, y.key()), json!("")))),
            (None, false) => {
                fields.insert(field.key.clone(), json!(""));
            }
        }
    }
    let blank = json!({"key": "", "name": "", "department": "", "chapter": "", "anchor": "sheet:", "answered": false, "fields": fields, "lists": lists, "it": raw});
    let mut context = setting.context();
    if let Value::Object(map) = &blank {
        for (key, value) in map {
            context.insert(key, value);
        }
    }
    context.insert("initiatives", &[&blank]);
    context.insert("by_key", &json!({}));
    context.insert("plan", &json!({}));
    context.insert("job", &json!({"id": "", "title": "", "city": "", "number": "", "committee": "", "date": "", "draft": false}));
    context.insert("counts", &json!({}));
    context.insert("totals", &blank_totals());
    context
}

/// The totals of nothing, with one of everything that is listed.
fn blank_totals() -> Value {
    let count = json!({"count": 0, "share": ""});
    json!({
        "year": "", "landscape": false, "net": 0, "gross": 0, "repeated": 0, "standings": [count, count, count],
        "mark_word": "", "marks": [{"mark": "", "meaning": "", "count": 0, "share": "", "before": 0, "change": ""}], "meanings": "",
        "evaluated": 0, "evaluated_share": "", "knows_last_year": true, "evaluated_before": 0, "evaluated_change": "",
        "missing": 0, "blank": 0, "doubtful": 0, "groups": [{"name": "", "gross": 0, "standings": [0, 0, 0], "marks": [0]}],
    })
}

/// The slots of a tree's value cells.
fn of_tree(form: &Form, tree: &Tree, report_year: FiscalYear) -> Vec<Slot> {
    let mut grids = Vec::new();
    collect(&tree.blocks, &mut grids);
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (number, grid) in grids.iter().enumerate() {
        let cells = placed(grid);
        for at in &cells {
            let CellRole::Value { key, year } = &at.cell.role else { continue };
            if let Some(slot) = slot(form, &cells, at, key, *year, report_year, number)
                && seen.insert(key.clone())
            {
                out.push(slot);
            }
        }
    }
    out
}

/// One value cell.
fn slot(
    form: &Form,
    cells: &[Placed<'_>],
    at: &Placed<'_>,
    key: &str,
    year: Option<FiscalYear>,
    report_year: FiscalYear,
    grid: usize,
) -> Option<Slot> {
    let (field, index) = field_of(form, key)?;
    let declared = &form.fields[field];
    let labels = |mut found: Vec<&Placed<'_>>, nearness: fn(&Placed<'_>) -> u32| {
        found.sort_by_key(|c| std::cmp::Reverse(nearness(c)));
        found.iter().map(|c| spellings(form, &text(&c.cell.content), report_year)).collect::<Vec<_>>()
    };
    let next = cells.iter().find(|c| c.column == at.column + at.columns && overlap(c.row, c.rows, at.row, at.rows));
    let label = |c: &&Placed<'_>| c.cell.role == CellRole::Label && !text(&c.cell.content).is_empty();
    let left = cells.iter().filter(label).filter(|c| c.column + c.columns <= at.column && overlap(c.row, c.rows, at.row, at.rows)).collect();
    let above = cells.iter().filter(label).filter(|c| c.row + c.rows <= at.row && overlap(c.column, c.columns, at.column, at.columns)).collect();
    Some(Slot {
        key: key.to_owned(),
        field,
        year,
        index,
        asked: declared.is_asked(year, report_year),
        left: labels(left, |c| c.column + c.columns),
        above: labels(above, |c| c.row + c.rows),
        followed: next.is_some_and(|c| c.cell.role != CellRole::Label),
        place: (grid, at.row, at.column, at.rows, at.columns),
    })
}

/// The field of a full key, and the place in its list.
pub fn field_of(form: &Form, key: &str) -> Option<(usize, Option<usize>)> {
    form.fields.iter().enumerate().find_map(|(i, f)| {
        if f.key == key {
            return Some((i, None));
        }
        if let Some(list) = &f.list {
            let rest = key.strip_prefix(list.as_str())?.strip_prefix('.')?;
            let (index, member) = rest.split_once('.')?;
            return (f.key == format!("{list}.{member}")).then(|| Some((i, Some(index.parse().ok()?))))?;
        }
        let year = key.strip_prefix(f.key.as_str())?.strip_prefix('.')?;
        (f.yearly && FiscalYear::parse(year).is_some()).then_some((i, None))
    })
}

/// All spellings of a label: those of its field, of a year heading, or itself.
fn spellings(form: &Form, text: &str, report_year: FiscalYear) -> Vec<String> {
    let folded = fold(text);
    let of_field = form.fields.iter().map(|f| form.labels(f, report_year)).find(|l| l.first().is_some_and(|l| fold(l) == folded));
    if let Some(labels) = of_field {
        return labels;
    }
    let mut out = vec![text.to_owned()];
    let known = form.years().into_iter().find(|y| fold(&form.printed_year(*y)) == folded);
    if let Some(year) = known.or_else(|| FiscalYear::parse(text)) {
        let key = year.key();
        let number = key.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        for spelling in [key.clone(), format!("令和{number}年度"), format!("{}年度", year.western())] {
            // The era's name is only right for years of that era.
            let fits = !spelling.starts_with("令和") || key.starts_with('R');
            if fits && !out.iter().any(|o| fold(o) == fold(&spelling)) {
                out.push(spelling);
            }
        }
    }
    out
}

/// Whether two ranges share a place.
fn overlap(a: u32, a_length: u32, b: u32, b_length: u32) -> bool {
    a < b + b_length && b < a + a_length
}

/// A cell and where it stands in its grid: first row and column, rows and columns that it covers.
pub struct Placed<'a> {
    /// The cell.
    pub cell: &'a GridCell,
    /// Its first row.
    pub row: u32,
    /// Its first column.
    pub column: u32,
    /// Rows covered.
    pub rows: u32,
    /// Columns covered.
    pub columns: u32,
}

/// Where each cell of a grid stands; columns covered from above are not named in a row.
pub fn placed(grid: &Grid) -> Vec<Placed<'_>> {
    let mut covered = vec![0usize; grid.columns.len()];
    let mut out = Vec::new();
    for (r, row) in grid.rows.iter().enumerate() {
        let mut column = 0;
        let mut fresh = vec![0; covered.len()];
        for cell in &row.cells {
            while covered.get(column).is_some_and(|c| *c > 0) {
                column += 1;
            }
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            out.push(Placed { cell, row: number(r), column: number(column), rows: number(cell.rows), columns: number(cell.span) });
            for f in fresh.iter_mut().skip(column).take(cell.span) {
                *f = cell.rows;
            }
            column += cell.span;
        }
        for (c, f) in covered.iter_mut().zip(fresh) {
            *c = (*c).max(f).saturating_sub(1);
        }
    }
    out
}

/// All grids of some blocks, in reading order; a grid inside a cell comes after its own.
fn collect<'a>(blocks: &'a [Block], out: &mut Vec<&'a Grid>) {
    for block in blocks {
        match block {
            Block::Grid(grid) => with_inner(grid, out),
            Block::Keep(inner) => collect(inner, out),
            Block::Frame(frame) => collect(&frame.blocks, out),
            Block::Text(_) | Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
        }
    }
}

fn with_inner<'a>(grid: &'a Grid, out: &mut Vec<&'a Grid>) {
    out.push(grid);
    for inner in grid.rows.iter().flat_map(|r| &r.cells).filter_map(|c| c.inner.as_deref()) {
        with_inner(inner, out);
    }
}

/// The characters of a content.
pub fn text(content: &Content) -> String {
    content
        .pieces
        .iter()
        .map(|p| match p {
            Piece::Text { text, .. } => text.clone(),
            Piece::CheckBox(on) => (if *on { "■" } else { "□" }).to_owned(),
            Piece::Sdg(n) => n.to_string(),
            Piece::Leader | Piece::PageOf(_) | Piece::PageNumber | Piece::PageCount => String::new(),
        })
        .collect()
}

/// The paths of the plan's data that a form's patterns name, for checking.
pub fn paths(form: &Form) -> Vec<String> {
    form.fields.iter().filter_map(|f| f.from.as_deref()).flat_map(|p| pattern::names(p).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}
