//! OpenDocument spreadsheets (.ods, and .fods as one flat file): one pass over the content.
//!
//! In: the bytes of the zip, or the flat XML. Out: a [`Workbook`].
//! Stays true: `number-columns-repeated` of blank cells costs nothing, of filled ones counts every cell; furigana is left out.
//! Beside calamine, which reads the values in a child process (`child`): it gives no texts as shown, no visibility, notes, shapes and validations, allocates the
//! bounding box and puts furigana behind the text; so this pass makes the grid, and its values stand if the child fails.

use super::archive::Archive;
use super::limits::{COLS, Fault, Meter, ROWS, SHEETS, in_grid};
use super::xml::{Node, Tag, Xml};
use super::{Area, Cell, CellRef, Format, Shape, Sheet, Stored, Unreadable, Visibility, Workbook, calendar, decimal};
use crate::finding::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Reads a zipped document.
///
/// # Errors
/// If it is damaged, locked or over a limit.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    if archive.text("META-INF/manifest.xml")?.is_some_and(|m| m.contains("encryption-data")) {
        return Err(Unreadable::Password);
    }
    let content = archive.text("content.xml")?.ok_or_else(|| damaged("content.xml"))?;
    let mut workbook = read_flat(&content)?;
    if let Some(meta) = archive.text("meta.xml")? {
        workbook.modified = modified(&meta).or(workbook.modified);
    }
    archive.check_rest()?;
    Ok(workbook)
}

/// Reads a flat document.
///
/// # Errors
/// If its markup is broken or it is over a limit.
pub(super) fn read_flat(text: &str) -> Result<Workbook, Unreadable> {
    let mut reader = Reader {
        xml: Xml::new(text),
        meter: Meter::default(),
        sheets: Vec::new(),
        broken: Vec::new(),
        hidden_styles: BTreeSet::new(),
        lists: BTreeMap::new(),
        pending: Vec::new(),
    };
    match reader.document() {
        Ok(()) => {}
        Err(Fault::File(reason)) => return Err(reason),
        Err(Fault::Sheet(reason)) => return Err(Unreadable::Damaged(reason)),
    }
    reader.settle_choices();
    let modified = modified(text.get(..text.len().min(4000)).unwrap_or(""));
    Ok(Workbook { format: Format::Ods, sheets: reader.sheets, modified, broken: reader.broken, values: Default::default() })
}

fn damaged(detail: &str) -> Unreadable {
    Unreadable::Damaged(Text::new(format!("ファイルが壊れています（{detail}）"), format!("the file is damaged ({detail})")))
}

/// `dc:date`, the time of the last change.
fn modified(meta: &str) -> Option<chrono::NaiveDateTime> {
    let mut xml = Xml::new(meta);
    while let Ok(node) = xml.next() {
        match node {
            Node::Open(tag) if tag.name() == "date" => return xml.text().ok().and_then(|t| super::moment(&t)),
            Node::End => break,
            _ => {}
        }
    }
    None
}

/// Where the words of a validation come from.
enum Source {
    Words(Vec<String>),
    Range(String),
}

struct Reader<'x> {
    xml: Xml<'x>,
    meter: Meter,
    sheets: Vec<Sheet>,
    broken: Vec<(String, Text)>,
    hidden_styles: BTreeSet<String>,
    lists: BTreeMap<String, Source>,
    /// Sheet, area and name of a validation.
    pending: Vec<(usize, Area, String)>,
}

/// One cell while it is read.
#[derive(Default)]
struct Content {
    paragraphs: Vec<String>,
    note: Option<String>,
    shapes: Vec<(String, String, Option<CellRef>)>,
}

/// The place in a sheet.
struct Place {
    row: u32,
    col: u32,
    /// Columns that were said to be hidden, rows likewise; cut to the used part at the end.
    hidden_rows: Vec<(u32, u32)>,
    hidden_cols: Vec<(u32, u32)>,
    next_column: u32,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Node<'_>, Fault> {
        self.xml.next().map_err(|e| Fault::damaged(format!("ファイルが壊れています（{e}）"), format!("the file is damaged ({e})")))
    }

    fn document(&mut self) -> Result<(), Fault> {
        let mut style = String::new();
        let mut depth = 0u32;
        loop {
            enum Step {
                Style(String),
                Hide,
                Validation(String, String),
                Table(String, String),
                Other,
                Close,
            }
            let step = match self.next()? {
                Node::Open(tag) => match tag.name() {
                    "style" => Step::Style(tag.attr("name").unwrap_or_default()),
                    "table-properties" if tag.attr("display").as_deref() == Some("false") => Step::Hide,
                    "content-validation" => Step::Validation(tag.attr("name").unwrap_or_default(), tag.attr("condition").unwrap_or_default()),
                    "table" => Step::Table(tag.attr("name").unwrap_or_default(), tag.attr("style-name").unwrap_or_default()),
                    _ => Step::Other,
                },
                Node::Close(_) => Step::Close,
                Node::Text(_) => continue,
                Node::End if depth > 0 => return Err(Fault::File(damaged("content.xml"))),
                Node::End => return Ok(()),
            };
            match step {
                Step::Style(name) => style = name,
                Step::Hide => {
                    self.hidden_styles.insert(style.clone());
                }
                Step::Validation(name, condition) => {
                    if let Some(source) = list_source(&condition) {
                        self.lists.insert(name, source);
                    }
                }
                Step::Table(name, style) => {
                    if self.sheets.len() >= SHEETS {
                        return Err(Fault::File(Unreadable::OverLimit(Text::new(
                            format!("シートの数が上限（{SHEETS}）を超えています"),
                            format!("more than {SHEETS} sheets"),
                        ))));
                    }
                    self.table(name, &style)?;
                    continue;
                }
                Step::Other => {}
                Step::Close => {
                    depth = depth.saturating_sub(1);
                    continue;
                }
            }
            depth += 1;
        }
    }

    fn table(&mut self, name: String, style: &str) -> Result<(), Fault> {
        let visibility = if self.hidden_styles.contains(style) { Visibility::Hidden } else { Visibility::Visible };
        let mut sheet = Sheet { name, visibility, ..Default::default() };
        let mut place = Place { row: 0, col: 0, hidden_rows: Vec::new(), hidden_cols: Vec::new(), next_column: 0 };
        let mut fault = None;
        let mut depth = 0u32;
        let mut sub_tables = 0u32;
        // Repetition of the row that is being read, and where its cells begin in the list of those to repeat.
        let mut row_repeat = 1u32;
        loop {
            let node = self.xml.next().map_err(|e| Fault::damaged(format!("ファイルが壊れています（{e}）"), format!("the file is damaged ({e})")))?;
            match node {
                Node::Open(tag) if sub_tables == 0 => match tag.name() {
                    "table-cell" | "covered-table-cell" => {
                        let result = self.cell(&tag, row_repeat, &mut place, &mut sheet);
                        match result {
                            Err(Fault::Sheet(reason)) => {
                                fault.get_or_insert(reason);
                            }
                            other => other?,
                        }
                        continue;
                    }
                    "table-row" => {
                        row_repeat = tag.number::<u32>("number-rows-repeated").unwrap_or(1).max(1);
                        place.col = 0;
                        if matches!(tag.attr("visibility").as_deref(), Some("collapse" | "filter")) {
                            place.hidden_rows.push((place.row, place.row.saturating_add(row_repeat)));
                        }
                        depth += 1;
                    }
                    "table-column" => {
                        let n = tag.number::<u32>("number-columns-repeated").unwrap_or(1).max(1);
                        if matches!(tag.attr("visibility").as_deref(), Some("collapse" | "filter")) {
                            place.hidden_cols.push((place.next_column, place.next_column.saturating_add(n)));
                        }
                        place.next_column = place.next_column.saturating_add(n);
                        depth += 1;
                    }
                    "table" => {
                        sub_tables += 1;
                        depth += 1;
                    }
                    "custom-shape" | "ellipse" | "rect" | "line" | "frame" | "connector" | "path" | "control" => {
                        let shape = self.shape(&tag)?;
                        let mut content = Content { shapes: vec![shape], ..Default::default() };
                        self.shapes(&mut content, CellRef::new(0, 0), &mut sheet)?;
                    }
                    _ => depth += 1,
                },
                Node::Open(_) => depth += 1,
                Node::Close(end) => {
                    match end.local_name().into_inner() {
                        "table-row" if sub_tables == 0 => place.row = place.row.saturating_add(row_repeat),
                        "table" if sub_tables > 0 => sub_tables -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                    depth -= 1;
                }
                Node::Text(_) => {}
                Node::End => return Err(Fault::File(damaged("content.xml"))),
            }
        }
        place.hide(&mut sheet);
        match fault {
            Some(reason) => self.broken.push((sheet.name, reason)),
            None => self.sheets.push(sheet),
        }
        Ok(())
    }

    fn cell(&mut self, tag: &Tag<'_>, rows: u32, place: &mut Place, sheet: &mut Sheet) -> Result<(), Fault> {
        let cols = tag.number::<u32>("number-columns-repeated").unwrap_or(1).max(1);
        let at = CellRef::new(place.row, place.col);
        let mut content = self.content()?;
        place.col = place.col.saturating_add(cols);
        let spans = (tag.number::<u32>("number-rows-spanned").unwrap_or(1), tag.number::<u32>("number-columns-spanned").unwrap_or(1));
        if spans.0 > 1 || spans.1 > 1 {
            let last = CellRef::new(at.row.saturating_add(spans.0.max(1) - 1), at.col.saturating_add(spans.1.max(1) - 1));
            if last.row < ROWS && last.col < COLS {
                self.meter.merge()?;
                sheet.merges.push(Area { first: at, last });
            }
        }
        if let Some(name) = tag.attr("content-validation-name").filter(|n| self.lists.contains_key(n)) {
            let last = CellRef::new((at.row.saturating_add(rows) - 1).min(ROWS - 1), (place.col - 1).min(COLS - 1));
            if at.row < ROWS && at.col < COLS {
                self.meter.extra(0)?;
                self.pending.push((self.sheets.len(), Area { first: at, last }, name));
            }
        }
        if let Some(note) = content.note.take().filter(|n| !n.trim().is_empty()) {
            in_grid(at.row, at.col)?;
            self.meter.extra(note.len())?;
            sheet.comments.push((at, note));
        }
        self.shapes(&mut content, at, sheet)?;
        let Some(cell) = value(tag, &content.paragraphs.join("\n")) else { return Ok(()) };
        in_grid(at.row, at.col)?;
        for row in at.row..at.row.saturating_add(rows) {
            for col in at.col..at.col.saturating_add(cols) {
                in_grid(row, col)?;
                self.meter.cell(cell.shown.len())?;
                self.meter.formula(cell.formula.as_ref().map_or(0, String::len))?;
                sheet.cells.insert(CellRef::new(row, col), cell.clone());
            }
        }
        Ok(())
    }

    /// What stands between the tags of a cell.
    fn content(&mut self) -> Result<Content, Fault> {
        let mut out = Content::default();
        loop {
            enum Step {
                Paragraph,
                Note,
                Shape((String, Option<CellRef>, String)),
                Other,
                Close,
            }
            let step = match self.next()? {
                Node::Open(tag) => match tag.name() {
                    "p" => Step::Paragraph,
                    "annotation" => Step::Note,
                    "custom-shape" | "ellipse" | "rect" | "line" | "frame" | "connector" | "path" | "control" => {
                        Step::Shape((tag.name().to_string(), end_cell(&tag), String::new()))
                    }
                    _ => Step::Other,
                },
                Node::Close(_) => Step::Close,
                Node::Text(_) => continue,
                Node::End => return Err(Fault::File(damaged("content.xml"))),
            };
            match step {
                Step::Paragraph => out.paragraphs.push(self.paragraph()?),
                Step::Note => out.note = Some(self.words()?.1),
                Step::Shape((name, end, _)) => {
                    let (geometry, text) = self.words()?;
                    out.shapes.push((if geometry.is_empty() { geometry_of(&name) } else { geometry }, text, end));
                }
                Step::Other => self.xml.skip().map_err(|e| Fault::File(damaged(&e)))?,
                Step::Close => return Ok(out),
            }
        }
    }

    fn shape(&mut self, tag: &Tag<'_>) -> Result<(String, String, Option<CellRef>), Fault> {
        let (name, end) = (tag.name().to_string(), end_cell(tag));
        let (geometry, text) = self.words()?;
        Ok((if geometry.is_empty() { geometry_of(&name) } else { geometry }, text, end))
    }

    /// Geometry and paragraphs of an annotation or a shape.
    fn words(&mut self) -> Result<(String, String), Fault> {
        let mut geometry = String::new();
        let mut lines: Vec<String> = Vec::new();
        let mut depth = 0u32;
        loop {
            enum Step {
                Paragraph,
                Skip,
                Open,
                Close,
            }
            let step = match self.next()? {
                Node::Open(tag) => match tag.name() {
                    "p" => Step::Paragraph,
                    // Author and date of a note are not its text.
                    "creator" | "date" | "date-string" | "creator-initials" => Step::Skip,
                    "enhanced-geometry" => {
                        geometry = tag.attr("type").unwrap_or_default();
                        Step::Open
                    }
                    _ => Step::Open,
                },
                Node::Close(_) => Step::Close,
                Node::Text(_) => continue,
                Node::End => return Err(Fault::File(damaged("content.xml"))),
            };
            match step {
                Step::Paragraph => lines.push(self.paragraph()?),
                Step::Skip => self.xml.skip().map_err(|e| Fault::File(damaged(&e)))?,
                Step::Open => depth += 1,
                Step::Close if depth == 0 => return Ok((geometry, lines.join("\n"))),
                Step::Close => depth -= 1,
            }
        }
    }

    /// The text of a paragraph: blanks collapse as in HTML, `text:s` are blanks that stay, furigana is left out.
    fn paragraph(&mut self) -> Result<String, Fault> {
        let mut out = String::new();
        let mut depth = 0u32;
        loop {
            enum Step {
                Skip,
                Close,
                None,
            }
            let step = match self.next()? {
                Node::Open(tag) => match tag.name() {
                    "ruby-text" | "annotation" | "note" => Step::Skip,
                    "s" => {
                        let blanks = tag.number::<usize>("c").unwrap_or(1).min(10_000);
                        out.push_str(&" ".repeat(blanks));
                        depth += 1;
                        Step::None
                    }
                    "tab" => {
                        out.push('\t');
                        depth += 1;
                        Step::None
                    }
                    "line-break" => {
                        out.push('\n');
                        depth += 1;
                        Step::None
                    }
                    _ => {
                        depth += 1;
                        Step::None
                    }
                },
                Node::Close(_) => Step::Close,
                Node::Text(text) => {
                    for c in text.chars() {
                        let blank = matches!(c, ' ' | '\t' | '\n' | '\r');
                        if !blank {
                            out.push(c);
                        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
                            out.push(' ');
                        }
                    }
                    Step::None
                }
                Node::End => return Err(Fault::File(damaged("content.xml"))),
            };
            match step {
                Step::Skip => self.xml.skip().map_err(|e| Fault::File(damaged(&e)))?,
                Step::Close if depth == 0 => return Ok(out),
                Step::Close => depth -= 1,
                Step::None => {}
            }
        }
    }

    fn shapes(&mut self, content: &mut Content, at: CellRef, sheet: &mut Sheet) -> Result<(), Fault> {
        for (geometry, text, end) in content.shapes.drain(..) {
            in_grid(at.row, at.col)?;
            self.meter.extra(text.len())?;
            let last = end.map_or(at, |e| CellRef::new(e.row.max(at.row), e.col.max(at.col)));
            sheet.shapes.push(Shape { over: Area { first: at, last }, geometry, text });
        }
        Ok(())
    }

    /// Validations stand before the sheets and name cells of any sheet, so they are looked up last.
    fn settle_choices(&mut self) {
        for (n, area, name) in std::mem::take(&mut self.pending) {
            let words = match self.lists.get(&name) {
                Some(Source::Words(words)) => words.clone(),
                Some(Source::Range(range)) => self.range_words(n, range),
                None => continue,
            };
            if let (Some(sheet), false) = (self.sheets.get_mut(n), words.is_empty()) {
                sheet.choices.push((area, words));
            }
        }
    }

    /// `$Sheet2.$A$1:.$A$5`.
    fn range_words(&self, own: usize, range: &str) -> Vec<String> {
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        let (sheet_name, first) = from.rsplit_once('.').unwrap_or(("", from));
        let last = to.rsplit('.').next().unwrap_or(to);
        let wanted = sheet_name.trim_start_matches('$').trim_matches('\'');
        let sheet = if wanted.is_empty() { self.sheets.get(own) } else { self.sheets.iter().find(|s| s.name == wanted) };
        let (Some(sheet), Some(area)) = (sheet, Area::parse(&format!("{first}:{last}"))) else { return Vec::new() };
        let cells = sheet.cells.range(area.first..=area.last).filter(|(at, _)| area.contains(**at));
        cells.map(|(_, c)| c.shown.trim().to_string()).filter(|w| !w.is_empty()).take(1000).collect()
    }
}

impl Place {
    /// Hidden rows and columns as far as the sheet is used: offices hide the endless rest of a sheet.
    fn hide(&self, sheet: &mut Sheet) {
        let rows = sheet.cells.keys().next_back().map_or(0, |c| c.row + 1);
        let cols = sheet.cells.keys().map(|c| c.col + 1).max().unwrap_or(0);
        for (from, to) in &self.hidden_rows {
            sheet.hidden_rows.extend(*from..(*to).min(rows));
        }
        for (from, to) in &self.hidden_cols {
            sheet.hidden_cols.extend(*from..(*to).min(cols));
        }
    }
}

fn end_cell(tag: &Tag<'_>) -> Option<CellRef> {
    CellRef::parse(tag.attr("end-cell-address")?.rsplit('.').next()?)
}

/// The preset name that corresponds to an element of OpenDocument.
fn geometry_of(element: &str) -> String {
    match element {
        "ellipse" => "ellipse",
        "rect" | "frame" => "rect",
        "line" | "connector" => "line",
        _ => "",
    }
    .to_string()
}

/// `of:cell-content-is-in-list("A";"B")`.
fn list_source(condition: &str) -> Option<Source> {
    let inner = condition.split_once("cell-content-is-in-list(")?.1.rsplit_once(')')?.0.trim();
    if let Some(range) = inner.strip_prefix('[') {
        return Some(Source::Range(range.trim_end_matches(']').to_string()));
    }
    if !inner.starts_with('"') {
        return Some(Source::Range(inner.to_string()));
    }
    let words = inner.split(';').map(|w| w.trim().trim_matches('"').to_string()).filter(|w| !w.is_empty());
    Some(Source::Words(words.collect()))
}

/// The cell that tag and text describe; `None` if it holds nothing.
fn value(tag: &Tag<'_>, text: &str) -> Option<Cell> {
    let (mut kind, mut plain, mut formula, mut error) = (String::new(), String::new(), None, false);
    tag.each_attr(|key, v| match key {
        // `calcext:value-type` repeats `office:value-type`, except for errors.
        "value-type" if v == "error" => error = true,
        "value-type" if kind.is_empty() => kind = v.into_owned(),
        "value" | "date-value" | "time-value" | "boolean-value" => plain = v.into_owned(),
        "formula" => formula = Some(v.split_once(":=").map_or(v.as_ref(), |(_, f)| f).trim_start_matches('=').to_string()),
        _ => {}
    });
    let string_value = tag.attr("string-value");
    let shown = if text.is_empty() { string_value.unwrap_or_default() } else { text.to_string() };
    if error || (formula.is_some() && is_error(&shown)) {
        let shown = if shown.is_empty() { "#VALUE!".to_string() } else { shown };
        return Some(Cell { stored: Stored::Error(shown.clone()), shown, formula });
    }
    let number = |n: f64| {
        let shown = if shown.is_empty() { decimal::general(n) } else { shown.clone() };
        (Stored::Number(n), shown)
    };
    let (stored, shown) = match kind.as_str() {
        "float" | "percentage" | "currency" => number(plain.parse().ok().filter(|n: &f64| n.is_finite())?),
        "date" => match super::moment(&plain).and_then(calendar::serial) {
            Some(serial) => number(serial),
            None => (Stored::Text(shown.clone()), shown),
        },
        "time" => match duration(&plain) {
            Some(days) => number(days),
            None => (Stored::Text(shown.clone()), shown),
        },
        "boolean" => {
            let yes = plain == "true";
            (Stored::Bool(yes), if shown.is_empty() { if yes { "TRUE" } else { "FALSE" }.to_string() } else { shown })
        }
        _ if shown.is_empty() && formula.is_some() && kind.is_empty() => (Stored::Nothing, shown),
        _ if shown.is_empty() && formula.is_none() => return None,
        _ => (Stored::Text(shown.clone()), shown),
    };
    Some(Cell { shown, stored, formula })
}

fn is_error(text: &str) -> bool {
    matches!(text, "#REF!" | "#DIV/0!" | "#VALUE!" | "#NAME?" | "#N/A" | "#NUM!" | "#NULL!") || text.starts_with("Err:")
}

/// `PT13H30M00S` as a fraction of a day.
pub(super) fn duration(text: &str) -> Option<f64> {
    let rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    let mut digits = String::new();
    for c in rest.chars() {
        match c {
            'H' | 'M' | 'S' => {
                let n: f64 = digits.replace(',', ".").parse().ok()?;
                seconds += n * if c == 'H' {
                    3600.0
                } else if c == 'M' {
                    60.0
                } else {
                    1.0
                };
                digits.clear();
            }
            c => digits.push(c),
        }
    }
    Some(seconds / 86_400.0)
}
