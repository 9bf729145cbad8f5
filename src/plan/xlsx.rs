//! The plan as an Excel workbook: one row an initiative, yearly goals in columns, as an office keeps it.
//!
//! In: the plan's data (JSON), or a workbook. Out: [`Page`]s for the writer, or the data again.
//! Stays true: data → workbook → data is the same data, `null`, `""`, `[]` and what is not there kept apart. A second heading row of machine keys says
//! which column is what; a workbook kept by hand without it is read by the form's labels.
//! Neighbours: `render::xlsx::plan_book` writes the pages; `workbook` reads them.

use super::data;
use super::settings::{Job, nearest};
use crate::form::{Form, Kind, Role};
use crate::value::{FiscalYear, fold, split_departments};
use crate::workbook::{self, CellRef, ReadOptions, Sheet, Unreadable};
use anyhow::{Context, bail};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a cell says of an unknown value (`null`).
const UNKNOWN: &str = "（不明）";
/// What a cell says where the data has no such entry at all.
const ABSENT: &str = "（欄なし）";
/// Name of the sheet of initiatives.
const INITIATIVES: &str = "取組";
/// Name of the sheet that holds what is no table.
const DOCUMENT: &str = "文書";
/// What Excel takes in one cell, with room to spare.
const CELL_LIMIT: usize = 32_000;

/// One sheet of a plan's workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Name of the sheet.
    pub name: String,
    /// Headings for people.
    pub headings: Vec<String>,
    /// The machine row: path and type of each column.
    pub keys: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// How the values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    /// A text.
    Text,
    /// A list of texts, one a line.
    Lines,
    /// A whole number.
    Number,
    /// A check box.
    Check,
    /// Anything else, as JSON.
    Json,
}

impl Type {
    const ALL: [(Type, &'static str); 5] =
        [(Type::Text, "text"), (Type::Lines, "lines"), (Type::Number, "number"), (Type::Check, "check"), (Type::Json, "json")];

    fn name(self) -> &'static str {
        Type::ALL.iter().find(|(t, _)| *t == self).map_or("json", |(_, n)| n)
    }

    fn of(name: &str) -> Option<Type> {
        Type::ALL.iter().find(|(_, n)| *n == name).map(|(t, _)| *t)
    }
}

/// The pages of a plan's workbook.
///
/// # Errors
/// If the data has no list of initiatives, or one text is longer than Excel takes.
pub fn pages(plan: &Value, form: &Form) -> anyhow::Result<Vec<Page>> {
    let list = form.data.list.as_str();
    let map = plan.as_object().context("計画のデータではありません / not a plan")?;
    let members = map.get(list).and_then(Value::as_array).with_context(|| format!("取組の一覧「{list}」がありません / no list `{list}`"))?;
    let mut pages = vec![table(INITIATIVES, list, members, Some(form))?];
    let mut rest = Map::new();
    for (key, value) in map.iter().filter(|(key, _)| *key != list) {
        match value.as_array().filter(|a| !a.is_empty() && a.iter().all(|v| v.as_object().is_some_and(|o| !o.is_empty()))) {
            Some(rows) => pages.push(table(&sheet_name(key, &pages), key, rows, None)?),
            None => {
                rest.insert(key.clone(), value.clone());
            }
        }
    }
    pages.push(document(&rest)?);
    Ok(pages)
}

/// A name that Excel takes and no other page has.
fn sheet_name(key: &str, pages: &[Page]) -> String {
    let plain: String = key.chars().map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { '_' } else { c }).take(25).collect();
    let taken = |name: &str| name == DOCUMENT || pages.iter().any(|p| p.name.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|n| format!("{plain} {n}"));
    std::iter::once(plain.clone()).chain(numbered).find(|n| !n.is_empty() && !taken(n)).unwrap_or(plain)
}

/// A table of objects.
fn table(name: &str, key: &str, rows: &[Value], form: Option<&Form>) -> anyhow::Result<Page> {
    let values: Vec<Option<&Value>> = rows.iter().map(Some).collect();
    let mut columns = Vec::new();
    columns_of("", &values, &mut columns);
    let mut page = Page { name: name.to_owned(), headings: Vec::new(), keys: Vec::new(), rows: Vec::new() };
    for (n, (path, kind)) in columns.iter().enumerate() {
        page.headings.push(form.map_or_else(|| path.clone(), |f| heading(path, f)));
        // The first key names the list that the page holds.
        let list = if n == 0 { format!("{key} : ") } else { String::new() };
        page.keys.push(format!("{list}{path} {}", kind.name()));
    }
    for (at, row) in rows.iter().enumerate() {
        let cells: anyhow::Result<Vec<String>> = columns.iter().map(|(path, kind)| encode(pointer(row, path), *kind)).collect();
        page.rows.push(cells.with_context(|| format!("「{name}」の{}行目 / row {} of `{name}`", at + 1, at + 1))?);
    }
    Ok(page)
}

/// The heading of a column in the form's words: label, year, place in a list.
fn heading(path: &str, form: &Form) -> String {
    let steps: Vec<&str> = path.split('/').collect();
    let source = |f: &crate::form::Field| f.from.clone().unwrap_or_else(|| f.key.clone());
    let dotted = |n: usize| steps[..n].join(".");
    for used in (1..=steps.len()).rev() {
        let found = form
            .fields
            .iter()
            .find(|f| f.key == dotted(used) || source(f) == dotted(used) || f.key == format!("{}.{}", steps[0], steps[steps.len() - 1]));
        if let Some(label) = found.and_then(|f| f.labels.first()) {
            let rest: Vec<String> =
                steps[used..].iter().map(|s| FiscalYear::parse(s).map_or_else(|| (*s).to_owned(), |y| form.printed_year(y))).collect();
            return std::iter::once(label.clone()).chain(rest).collect::<Vec<_>>().join(" ");
        }
    }
    path.replace('/', " ")
}

/// The columns of a set of values below one path.
fn columns_of(path: &str, values: &[Option<&Value>], into: &mut Vec<(String, Type)>) {
    let known: Vec<&Value> = values.iter().flatten().copied().collect();
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}/{step}") };
    if !known.is_empty() && known.iter().all(|v| v.as_object().is_some_and(|o| !o.is_empty())) {
        let mut keys: Vec<&String> = Vec::new();
        let mut seen = BTreeSet::new();
        for key in known.iter().filter_map(|v| v.as_object()).flat_map(Map::keys) {
            if seen.insert(key) {
                keys.push(key);
            }
        }
        for key in keys {
            let inner: Vec<Option<&Value>> = values.iter().map(|v| v.and_then(|v| v.get(key))).collect();
            columns_of(&below(&key.replace('~', "~0").replace('/', "~1")), &inner, into);
        }
        return;
    }
    // Short lists of objects get a column a place (indicators 1 to 3).
    let lists: Vec<&Vec<Value>> = known.iter().filter_map(|v| v.as_array()).collect();
    let longest = lists.iter().map(|l| l.len()).max().unwrap_or(0);
    let flat = |v: &Value| v.as_object().is_some_and(|o| !o.is_empty() && o.values().all(Value::is_string));
    if lists.len() == known.len() && (1..=3).contains(&longest) && lists.iter().all(|l| !l.is_empty() && l.iter().all(flat)) {
        for n in 0..longest {
            let inner: Vec<Option<&Value>> = values.iter().map(|v| v.and_then(|v| v.get(n))).collect();
            columns_of(&below(&format!("#{n}")), &inner, into);
        }
        return;
    }
    into.push((path.to_owned(), type_of(&known)));
}

/// The type that all values of a column have, `null` aside.
fn type_of(values: &[&Value]) -> Type {
    let mut known = values.iter().filter(|v| !v.is_null()).peekable();
    if known.peek().is_none() {
        return Type::Text;
    }
    let known: Vec<&&Value> = known.collect();
    let line = |v: &Value| v.as_str().is_some_and(|s| !s.contains(['\n', '\r']));
    let lines = |v: &Value| v.as_array().is_some_and(|a| a.iter().all(line) && !(a.len() == 1 && a[0] == ""));
    if known.iter().all(|v| v.is_string()) {
        Type::Text
    } else if known.iter().all(|v| lines(v)) {
        Type::Lines
    } else if known.iter().all(|v| v.as_i64().is_some_and(|n| n.abs() < 1 << 53)) {
        Type::Number
    } else if known.iter().all(|v| v.is_boolean()) {
        Type::Check
    } else {
        Type::Json
    }
}

/// The value at a column's path.
fn pointer<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('/').filter(|s| !s.is_empty()).try_fold(value, |v, step| match step.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()) {
        Some(n) if v.is_array() => v.get(n),
        _ => v.get(step.replace("~1", "/").replace("~0", "~")),
    })
}

/// A value as the text of a cell.
fn encode(value: Option<&Value>, kind: Type) -> anyhow::Result<String> {
    let text = match (value, kind) {
        (None, _) => ABSENT.to_owned(),
        (Some(Value::Null), _) => UNKNOWN.to_owned(),
        (Some(Value::String(s)), Type::Text) => escape(s),
        (Some(Value::Array(lines)), Type::Lines) => escape(&lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")),
        (Some(Value::Bool(b)), Type::Check) => if *b { "■" } else { "□" }.to_owned(),
        (Some(value), _) => value.to_string(),
    };
    if text.chars().count() > CELL_LIMIT {
        bail!("文章が長すぎてExcelのセルに入りません / a text is longer than an Excel cell takes: {}…", text.chars().take(40).collect::<String>());
    }
    Ok(text)
}

/// Texts that look like one of our own words, or that Excel would change, get a backslash in front.
fn escape(text: &str) -> String {
    let own = text == UNKNOWN || text == ABSENT || text.starts_with('\\');
    let changed = text != text.trim() || text.contains('\r') || text.chars().any(|c| c.is_control() && c != '\n');
    if changed {
        format!("\\{}", Value::String(text.to_owned()))
    } else if own {
        format!("\\{text}")
    } else {
        text.to_owned()
    }
}

fn unescape(text: &str) -> String {
    match text.strip_prefix('\\') {
        Some(json) if json.starts_with('"') => serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()),
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    }
}

/// The value that a cell holds; `None` where the data has no such entry.
fn decode(text: &str, kind: Type) -> anyhow::Result<Option<Value>> {
    let value = match (text, kind) {
        (ABSENT, _) => return Ok(None),
        (UNKNOWN, _) => Value::Null,
        (_, Type::Text) => Value::String(unescape(text)),
        ("", Type::Lines) => Value::Array(Vec::new()),
        (_, Type::Lines) => Value::Array(unescape(text).split('\n').map(|l| Value::String(l.to_owned())).collect()),
        ("", Type::Number | Type::Check | Type::Json) => return Ok(None),
        (_, Type::Number) => {
            let number: i64 = fold(text).replace(',', "").parse().with_context(|| format!("「{text}」は数ではありません / not a number"))?;
            Value::from(number)
        }
        ("■" | "○" | "1", Type::Check) => Value::Bool(true),
        ("□" | "0", Type::Check) => Value::Bool(false),
        (_, Type::Check) => bail!("「{text}」は■でも□でもありません / neither ■ nor □"),
        (_, Type::Json) => serde_json::from_str(text).with_context(|| format!("「{text}」はJSONではありません / not JSON"))?,
    };
    Ok(Some(value))
}

/// What is no table, one value a row: path, type, value.
fn document(rest: &Map<String, Value>) -> anyhow::Result<Page> {
    let mut rows = Vec::new();
    for (key, value) in rest {
        leaves(&key.replace('~', "~0").replace('/', "~1"), value, &mut rows)?;
    }
    let headings = ["項目", "種類", "内容"].map(str::to_owned).to_vec();
    Ok(Page { name: DOCUMENT.to_owned(), headings, keys: ["path text", "type text", "value text"].map(str::to_owned).to_vec(), rows })
}

fn leaves(path: &str, value: &Value, into: &mut Vec<Vec<String>>) -> anyhow::Result<()> {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                leaves(&format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), inner, into)?;
            }
        }
        Value::Array(members) if !members.is_empty() && type_of(&[value]) != Type::Lines => {
            for (n, inner) in members.iter().enumerate() {
                leaves(&format!("{path}/#{n}"), inner, into)?;
            }
        }
        _ => {
            let kind = type_of(&[value]);
            into.push(vec![path.to_owned(), kind.name().to_owned(), encode(Some(value), kind)?]);
        }
    }
    Ok(())
}

/// Reads a plan's workbook: by its machine rows, or a sheet kept by hand by the form's labels.
///
/// # Errors
/// If it is no workbook, a heading is unknown, or a row cannot be read; the message names sheet and cell.
pub fn read(bytes: &[u8], name: &str, job: &Job, form: &Form) -> anyhow::Result<Value> {
    let options = ReadOptions { passwords: job.settings.passwords.clone() };
    let book = workbook::read(bytes, name, &options).map_err(|why| anyhow::anyhow!("{}", unreadable(&why)))?;
    let mut plan = Map::new();
    let mut by_machine = false;
    for sheet in &book.sheets {
        let grid = Grid::new(sheet);
        let Some((row, keys)) = grid.machine_row() else { continue };
        by_machine = true;
        read_page(&grid, row, &keys, &mut plan).with_context(|| format!("「{}」シート / sheet `{}`", sheet.name, sheet.name))?;
    }
    if !by_machine {
        let sheet = book.sheets.iter().find(|s| !s.cells.is_empty()).context("何も書かれていません / the workbook is empty")?;
        let rows = by_labels(&Grid::new(sheet), job, form).with_context(|| format!("「{}」シート / sheet `{}`", sheet.name, sheet.name))?;
        plan.insert(form.data.list.clone(), Value::Array(rows));
    }
    Ok(Value::Object(plan))
}

fn unreadable(why: &Unreadable) -> String {
    match why {
        Unreadable::Damaged(text) | Unreadable::Unavailable(text) | Unreadable::OverLimit(text) | Unreadable::NotForUs(text) => {
            format!("{} / {}", text.ja, text.en)
        }
        Unreadable::Password => "パスワードで保護されています / protected by a password".to_owned(),
        Unreadable::Empty => "中身がありません / the file is empty".to_owned(),
    }
}

/// A sheet as rows of texts.
struct Grid<'a> {
    sheet: &'a Sheet,
    rows: u32,
    columns: u32,
}

impl<'a> Grid<'a> {
    fn new(sheet: &'a Sheet) -> Self {
        let rows = sheet.cells.keys().map(|c| c.row + 1).max().unwrap_or(0);
        let columns = sheet.cells.keys().map(|c| c.col + 1).max().unwrap_or(0);
        Grid { sheet, rows, columns }
    }

    /// The text of a cell, line breaks of Windows made plain, not trimmed.
    fn text(&self, row: u32, col: u32) -> String {
        self.sheet.cells.get(&CellRef::new(row, col)).map_or(String::new(), |c| c.shown.replace("\r\n", "\n"))
    }

    /// The row of machine keys among the first rows: every cell is `path type`.
    fn machine_row(&self) -> Option<(u32, Vec<(u32, String)>)> {
        (0..self.rows.min(6)).find_map(|row| {
            let keys: Vec<(u32, String)> = (0..self.columns).map(|c| (c, self.text(row, c))).filter(|(_, t)| !t.trim().is_empty()).collect();
            let fits = |t: &str| t.trim().rsplit_once(' ').is_some_and(|(_, kind)| Type::of(kind).is_some());
            (!keys.is_empty() && keys.iter().all(|(_, t)| fits(t))).then_some((row, keys))
        })
    }

    fn is_blank(&self, row: u32) -> bool {
        (0..self.columns).all(|c| self.text(row, c).trim().is_empty())
    }
}

/// Reads one page below its machine row.
fn read_page(grid: &Grid<'_>, head: u32, keys: &[(u32, String)], plan: &mut Map<String, Value>) -> anyhow::Result<()> {
    let is_document = keys.len() == 3 && keys[0].1 == "path text";
    let mut list = String::new();
    let mut columns = Vec::new();
    for (col, key) in keys {
        let (key, kind) = key.trim().rsplit_once(' ').unwrap_or((key, "text"));
        let path = match key.split_once(" : ") {
            Some((name, path)) => {
                list = name.to_owned();
                path
            }
            None => key,
        };
        columns.push((*col, path.to_owned(), Type::of(kind).unwrap_or(Type::Text)));
    }
    let mut rows = Vec::new();
    for row in (head + 1..grid.rows).filter(|r| !grid.is_blank(*r)) {
        if is_document {
            let kind = Type::of(grid.text(row, keys[1].0).trim()).context("種類が分かりません / an unknown type")?;
            if let Some(value) = decode(&grid.text(row, keys[2].0), kind)? {
                let mut root = Value::Object(std::mem::take(plan));
                put(&mut root, grid.text(row, keys[0].0).trim(), value);
                *plan = root.as_object().cloned().unwrap_or_default();
            }
            continue;
        }
        let mut object = Value::Object(Map::new());
        for (col, path, kind) in &columns {
            let text = grid.text(row, *col);
            let value = decode(&text, *kind).with_context(|| format!("{} セル / cell", CellRef::new(row, *col).a1()))?;
            if let Some(value) = value {
                put(&mut object, path, value);
            }
        }
        rows.push(object);
    }
    if !is_document {
        plan.insert(list, Value::Array(rows));
    }
    Ok(())
}

/// Puts a value at a path, making objects and lists on the way.
fn put(root: &mut Value, path: &str, value: Value) {
    let mut at = root;
    for step in path.split('/').filter(|s| !s.is_empty()) {
        if let Some(n) = step.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()).filter(|n| *n < 100_000) {
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            let Value::Array(list) = at else { return };
            while list.len() <= n {
                list.push(Value::Null);
            }
            at = &mut list[n];
        } else {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(map) = at else { return };
            at = map.entry(step.replace("~1", "/").replace("~0", "~")).or_insert(Value::Null);
        }
    }
    *at = value;
}

/// What a column of a workbook kept by hand is.
struct HandColumn {
    col: u32,
    field: usize,
    year: Option<FiscalYear>,
    /// Place in a list of groups (指標1, 指標2).
    index: usize,
}

/// Reads a sheet kept by hand: headings are the form's labels, yearly ones with their year behind (「各年度達成目標 R6」).
fn by_labels(grid: &Grid<'_>, job: &Job, form: &Form) -> anyhow::Result<Vec<Value>> {
    let (head, columns, unknown) = best_heading_row(grid, job, form).context("見出しの行が見つかりません / no row of headings")?;
    let has = |role: Role| columns.iter().any(|c| form.fields[c.field].role == Some(role));
    if !unknown.is_empty() {
        let labels: Vec<String> = form.fields.iter().filter_map(|f| f.labels.first().cloned()).collect();
        let first = &unknown[0];
        let hint = nearest(first, labels.iter().map(String::as_str)).map_or(String::new(), |n| format!("「{n}」ではありませんか。"));
        bail!("見出し「{}」が様式にありません。{hint}使えるのは {} です / unknown headings", unknown.join("」「"), labels.join("、"));
    }
    if !has(Role::Name) {
        bail!("取組の名称の列がありません / there is no column of names");
    }
    let mut rows = Vec::new();
    for row in (head + 1..grid.rows).filter(|r| !grid.is_blank(*r)) {
        let mut object = Value::Object(Map::new());
        for column in &columns {
            put_field(&mut object, grid.text(row, column.col).trim(), column, job, form);
        }
        if let Some(col) = number_column(grid, head) {
            put_key(&mut object, grid.text(row, col).trim(), &form.data.key);
        }
        if data::fill(&form.data.key, &object).is_none_or(|k| k.is_empty()) {
            bail!("{}行目に番号がありません。「番号」の列が要ります / row {} has no number", row + 1, row + 1);
        }
        rows.push(object);
    }
    Ok(rows)
}

/// The row among the first ten with the most headings that the form knows.
fn best_heading_row(grid: &Grid<'_>, job: &Job, form: &Form) -> Option<(u32, Vec<HandColumn>, Vec<String>)> {
    let read = |row: u32| {
        let mut columns: Vec<HandColumn> = Vec::new();
        let mut unknown = Vec::new();
        for col in 0..grid.columns {
            let text = grid.text(row, col);
            match hand_column(&text, col, job, form) {
                Some(column) => columns.push(column),
                None if text.trim().is_empty() || is_number_heading(&text) => {}
                None => unknown.push(text.trim().replace('\n', " ")),
            }
        }
        (row, columns, unknown)
    };
    (0..grid.rows.min(10))
        .map(read)
        .max_by_key(|(row, columns, _)| (columns.len(), std::cmp::Reverse(*row)))
        .filter(|(_, columns, _)| !columns.is_empty())
}

fn hand_column(text: &str, col: u32, job: &Job, form: &Form) -> Option<HandColumn> {
    let heading = fold(text);
    let mut best: Option<(usize, HandColumn)> = None;
    for (at, field) in form.fields.iter().enumerate() {
        let labels = form.labels(field, job.settings.fiscal_year);
        for label in labels.iter().map(|l| fold(l)).filter(|l| !l.is_empty()) {
            let Some(rest) = heading.strip_prefix(&label) else { continue };
            let rest = rest.trim_matches(|c: char| matches!(c, '(' | ')' | '_' | '-' | ':' | '・' | '/'));
            let year = FiscalYear::parse(rest).or_else(|| FiscalYear::parse_near(rest, form.years.first));
            let index = rest.parse::<usize>().ok().filter(|n| (1..=20).contains(n) && field.list.is_some());
            let fits = if field.yearly { year.is_some() } else { rest.is_empty() || index.is_some() };
            if fits && best.as_ref().is_none_or(|(length, _)| label.len() > *length) {
                best = Some((label.len(), HandColumn { col, field: at, year, index: index.map_or(0, |n| n - 1) }));
            }
        }
    }
    best.map(|(_, column)| column)
}

fn is_number_heading(text: &str) -> bool {
    matches!(fold(text).as_str(), "番号" | "整理番号" | "No" | "No." | "NO" | "NO." | "取組番号" | "計画番号")
}

/// The column of the whole number, if the sheet has one.
fn number_column(grid: &Grid<'_>, head: u32) -> Option<u32> {
    (0..grid.columns).find(|c| is_number_heading(&grid.text(head, *c)))
}

/// Takes a number apart by the key's pattern: `1-01` by `{field}-{no:02}`.
fn put_key(object: &mut Value, text: &str, pattern: &str) {
    let mut rest = text;
    let mut parts = pattern.split('{');
    rest = rest.strip_prefix(parts.next().unwrap_or("")).unwrap_or(rest);
    let number = |t: &str| t.parse::<i64>().map_or_else(|_| Value::String(t.to_owned()), Value::from);
    if !pattern.contains('{') {
        put(object, &pattern.replace('.', "/"), number(text));
        return;
    }
    for part in parts {
        let Some((path, literal)) = part.split_once('}') else { return };
        let path = path.split(':').next().unwrap_or(path).trim();
        let (own, next) = if literal.is_empty() { (rest, "") } else { rest.split_once(literal).unwrap_or((rest, "")) };
        if !own.is_empty() {
            put(object, &path.replace('.', "/"), number(own));
        }
        rest = next;
    }
}

/// Puts the text of a column where the form looks for it.
fn put_field(object: &mut Value, text: &str, column: &HandColumn, job: &Job, form: &Form) {
    let field = &form.fields[column.field];
    let source = field.from.clone().unwrap_or_else(|| field.key.clone());
    let value = Value::String(text.to_owned());
    match field.role {
        Some(Role::Name) => put(object, &form.data.name.replace('.', "/"), value.clone()),
        Some(Role::Number) => put_key(object, text, &form.data.key),
        _ => {}
    }
    if field.kind == Kind::Departments {
        let path = match field.role {
            Some(Role::Related) => form.data.related.as_deref(),
            _ => form.data.leads.as_deref(),
        };
        let names = split_departments(text, &job.register).into_iter().map(Value::String).collect();
        put(object, &path.unwrap_or(&source).replace('.', "/"), Value::Array(names));
        if path == Some(source.as_str()) {
            return;
        }
    }
    if source.contains('{') || field.role == Some(Role::Number) {
        return;
    }
    let lines =
        || if text.is_empty() { Value::Array(Vec::new()) } else { Value::Array(text.split('\n').map(|l| Value::String(l.to_owned())).collect()) };
    if let Some(year) = column.year.filter(|_| field.yearly) {
        put(object, &format!("{}/{}", source.replace('.', "/"), year.key()), lines());
    } else if let Some((list, rest)) = source.split_once('.').filter(|_| field.list.is_some()) {
        put(object, &format!("{list}/#{}/{}", column.index, rest.replace('.', "/")), value);
    } else {
        put(object, &source.replace('.', "/"), value);
    }
}

/// Where two pieces of data differ: paths, for messages and tests.
pub fn differences(a: &Value, b: &Value) -> Vec<String> {
    let mut left = BTreeMap::new();
    let mut right = BTreeMap::new();
    flat("", a, &mut left);
    flat("", b, &mut right);
    let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    keys.into_iter().filter(|k| left.get(*k) != right.get(*k)).map(|k| format!("{k}: {:?} / {:?}", left.get(k), right.get(k))).collect()
}

fn flat(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) if !map.is_empty() => map.iter().for_each(|(k, v)| flat(&format!("{path}/{k}"), v, into)),
        Value::Array(list) if !list.is_empty() => list.iter().enumerate().for_each(|(n, v)| flat(&format!("{path}/{n}"), v, into)),
        other => {
            into.insert(path.to_owned(), other.to_string());
        }
    }
}
