//! The grid of one sheet: cells, merges, hidden rows and columns, validations.

use super::formula;
use super::strings::{Strings, rich_item, unescape};
use super::styles::Styles;
use crate::finding::Text;
use crate::workbook::limits::{COLS, Fault, Meter, ROWS, in_grid};
use crate::workbook::xml::{Node, Tag, Xml, yes};
use crate::workbook::{Area, Cell, CellRef, SetApart, Sheet, Stored, calendar};
use std::collections::BTreeMap;

/// What cells refer to.
pub(super) struct Context<'a> {
    pub(super) styles: &'a Styles,
    pub(super) strings: &'a Strings,
    pub(super) date1904: bool,
}

/// A list of choices, before its source is looked up.
pub(super) struct List {
    pub(super) areas: Vec<Area>,
    /// `"A,B,C"` with its quotes, a reference or a name.
    pub(super) source: String,
}

impl List {
    /// The words of a list that stands in the rule itself.
    pub(super) fn inline_words(&self) -> Option<Vec<String>> {
        let inner = self.source.trim().strip_prefix('"')?.strip_suffix('"')?;
        Some(inner.replace("\"\"", "\"").split(',').map(|w| w.trim().to_string()).filter(|w| !w.is_empty()).collect())
    }
}

/// The reader's place in the grid and what it has found.
struct Reader<'a, 'x> {
    xml: Xml<'x>,
    context: &'a Context<'a>,
    meter: &'a mut Meter,
    sheet: Sheet,
    lists: Vec<List>,
    shared: BTreeMap<u32, (CellRef, String)>,
    row: u32,
    col: u32,
    row_started: bool,
}

/// Reads the part of a sheet.
///
/// # Errors
/// If its markup is broken, a cell lies outside the grid, or a budget is used up.
pub(super) fn read(text: &str, context: &Context<'_>, meter: &mut Meter) -> Result<(Sheet, Vec<List>), Fault> {
    let mut reader = Reader {
        xml: Xml::new(text),
        context,
        meter,
        sheet: Sheet::default(),
        lists: Vec::new(),
        shared: BTreeMap::new(),
        row: 0,
        col: 0,
        row_started: false,
    };
    let mut depth = 0u32;
    let mut seen = false;
    loop {
        match reader.xml.next().map_err(Fault::broken)? {
            Node::Open(tag) => {
                seen = true;
                depth += 1;
                if reader.element(&tag)? {
                    depth -= 1;
                }
            }
            Node::Close(_) => depth = depth.saturating_sub(1),
            Node::Text(_) => {}
            Node::End if depth > 0 || !seen => return Err(Fault::broken("the part is cut short")),
            Node::End => return Ok((reader.sheet, reader.lists)),
        }
    }
}

impl Reader<'_, '_> {
    /// Handles an element; true if it was read to its end.
    fn element(&mut self, tag: &Tag<'_>) -> Result<bool, Fault> {
        match tag.name() {
            "c" => self.cell(tag)?,
            "row" => {
                self.begin_row(tag)?;
                return Ok(false);
            }
            "col" => {
                self.column(tag);
                return Ok(false);
            }
            "mergeCell" => {
                self.merge(tag)?;
                return Ok(false);
            }
            "dataValidation" => self.validation(tag)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn begin_row(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        let next = if self.row_started { self.row.saturating_add(1) } else { 0 };
        let (mut row, mut hidden) = (next, false);
        tag.each_attr(|key, value| match key {
            "r" => row = value.trim().parse::<u32>().ok().and_then(|r| r.checked_sub(1)).unwrap_or(next),
            "hidden" => hidden = yes(&value),
            _ => {}
        });
        in_grid(row, 0)?;
        self.row = row;
        self.row_started = true;
        self.col = 0;
        if hidden {
            self.sheet.hidden_rows.insert(row);
        }
        Ok(())
    }

    fn column(&mut self, tag: &Tag<'_>) {
        let no_width = tag.number::<f64>("width") == Some(0.0);
        if let (Some(min), Some(max), true) = (tag.number::<u32>("min"), tag.number::<u32>("max"), tag.flag("hidden") || no_width) {
            self.sheet.hidden_cols.extend(min.saturating_sub(1)..max.min(COLS));
        }
    }

    fn merge(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        let Some(area) = tag.attr("ref").and_then(|r| Area::parse(&r)) else { return Ok(()) };
        if area.first != area.last && area.last.row < ROWS && area.last.col < COLS {
            self.meter.merge()?;
            self.sheet.merges.push(area);
        }
        Ok(())
    }

    fn cell(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        let (mut at, mut style, mut kind) = (CellRef::new(self.row, self.col), 0usize, String::new());
        tag.each_attr(|key, value| match key {
            "r" => at = CellRef::parse(value.trim()).unwrap_or(at),
            "s" => style = value.trim().parse().unwrap_or(0),
            "t" => kind = value.into_owned(),
            _ => {}
        });
        in_grid(at.row, at.col)?;
        self.col = at.col + 1;
        let (value, formula) = self.content(at)?;
        let shared = (kind == "s").then(|| value.as_deref()?.trim().parse::<usize>().ok()).flatten();
        if let Some(apart) = shared.and_then(|n| self.context.strings.set_apart.get(&n)) {
            self.meter.text(apart.struck.len())?;
            self.sheet.set_apart.insert(at, apart.clone());
        }
        let Some((stored, shown)) = self.value(&kind, style, value, formula.is_some())? else { return Ok(()) };
        self.meter.cell(shown.len())?;
        if let Some(formula) = &formula {
            self.meter.formula(formula.len())?;
        }
        if self.context.styles.strikes(style) && !shown.trim().is_empty() {
            self.meter.text(shown.len())?;
            self.sheet.set_apart.insert(at, SetApart { struck: shown.clone(), mixed: false });
        }
        self.sheet.cells.insert(at, Cell { shown, stored, formula });
        Ok(())
    }

    /// The raw value and the formula between the tags of a cell.
    fn content(&mut self, at: CellRef) -> Result<(Option<String>, Option<String>), Fault> {
        let (mut value, mut formula) = (None, None);
        loop {
            match self.xml.next().map_err(Fault::broken)? {
                Node::Open(tag) => match tag.name() {
                    "v" => value = Some(self.xml.text().map_err(Fault::broken)?),
                    "is" => {
                        let (text, apart) = rich_item(&mut self.xml).map_err(Fault::broken)?;
                        value = Some(text);
                        if let Some(apart) = apart {
                            self.meter.text(apart.struck.len())?;
                            self.sheet.set_apart.insert(at, apart);
                        }
                    }
                    "f" => formula = Some(self.formula(&tag, at)?),
                    _ => self.xml.skip().map_err(Fault::broken)?,
                },
                Node::Close(_) => return Ok((value, formula)),
                Node::Text(_) => {}
                Node::End => return Err(Fault::broken("the part is cut short")),
            }
        }
    }

    fn formula(&mut self, tag: &Tag<'_>, at: CellRef) -> Result<String, Fault> {
        let shared = (tag.attr("t").as_deref() == Some("shared")).then(|| tag.number::<u32>("si")).flatten();
        let text = unescape(&self.xml.text().map_err(Fault::broken)?);
        let Some(group) = shared else { return Ok(text) };
        if !text.is_empty() {
            self.shared.entry(group).or_insert((at, text.clone()));
            return Ok(text);
        }
        Ok(match self.shared.get(&group) {
            Some((first, text)) => formula::shift(text, i64::from(at.row) - i64::from(first.row), i64::from(at.col) - i64::from(first.col)),
            None => text,
        })
    }

    /// What is stored and what is shown; `None` for a cell that holds nothing.
    fn value(&self, kind: &str, style: usize, raw: Option<String>, has_formula: bool) -> Result<Option<(Stored, String)>, Fault> {
        let Some(raw) = raw.filter(|r| !r.is_empty() || kind == "str" || kind == "inlineStr") else {
            return Ok(has_formula.then(|| (Stored::Nothing, String::new())));
        };
        let format = self.context.styles.format(style);
        let text = |t: String| {
            let shown = format.text(&t);
            (Stored::Text(t), shown)
        };
        Ok(Some(match kind {
            "s" => text(self.shared_string(&raw)?),
            "str" => text(unescape(&raw)),
            "inlineStr" => text(raw),
            "b" => {
                let yes = raw.trim() == "1" || raw.trim().eq_ignore_ascii_case("true");
                (Stored::Bool(yes), if yes { "TRUE".into() } else { "FALSE".into() })
            }
            "e" => (Stored::Error(raw.trim().to_string()), raw.trim().to_string()),
            "d" => match crate::workbook::moment(raw.trim()).and_then(calendar::serial) {
                Some(serial) => (Stored::Number(serial), format.number(serial, false)),
                None => text(raw),
            },
            _ => match raw.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => (Stored::Number(number), format.number(number, self.context.date1904)),
                _ => text(raw),
            },
        }))
    }

    fn shared_string(&self, raw: &str) -> Result<String, Fault> {
        raw.trim().parse::<usize>().ok().and_then(|n| self.context.strings.texts.get(n)).cloned().ok_or_else(|| {
            Fault::Sheet(Text::new(
                format!("文字列の番号（{}）が文字列の表にありません", raw.trim()),
                format!("the string number {} is not in the table of strings", raw.trim()),
            ))
        })
    }

    /// A validation of type list, in its old or its 2010 spelling.
    fn validation(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        let is_list = tag.attr("type").as_deref() == Some("list");
        let mut areas = tag.attr("sqref").unwrap_or_default();
        let mut source = String::new();
        let mut depth = 0u32;
        let mut in_source = false;
        loop {
            match self.xml.next().map_err(Fault::broken)? {
                Node::Open(inner) => match inner.name() {
                    "sqref" => areas = self.xml.text().map_err(Fault::broken)?,
                    name => {
                        in_source = in_source || name == "formula1";
                        depth += 1;
                    }
                },
                Node::Close(end) => {
                    if end.local_name().into_inner() == "formula1" {
                        in_source = false;
                    }
                    if depth == 0 {
                        break;
                    }
                    depth -= 1;
                }
                Node::Text(text) if in_source => source.push_str(&text),
                Node::Text(_) => {}
                Node::End => return Err(Fault::broken("the part is cut short")),
            }
        }
        if is_list && !source.is_empty() {
            let areas: Vec<Area> = areas.split_whitespace().filter_map(Area::parse).collect();
            self.meter.extra(source.len())?;
            self.lists.push(List { areas, source: source.trim().to_string() });
        }
        Ok(())
    }
}
