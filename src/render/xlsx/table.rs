//! A table on a sheet: what every list of our workbooks looks like, on the screen and on paper.
//!
//! In: a [`Table`] of columns and rows. Out: a worksheet with title, remarks, headings, rows, filter, frozen panes, print setup.
//! Stays true: strings are written as strings; no text is cut: a row grows with its texts, and what no row can hold (Excel's limits: 409 points a row,
//! 32,767 characters a cell) is printed whole below the table.
//! Neighbours: one file a sheet makes the tables; [`super::book`] holds them; [`super::ruler`] measures.

use super::book::{Align, Book, Look};
use super::ruler::{CELL_PADDING, PIXELS_PER_MM, Ruler};
use chrono::NaiveDateTime;
use rust_xlsxwriter::{ConditionalFormatText, ConditionalFormatTextRule, Format, Url, Worksheet, XlsxError};
use std::borrow::Cow;
use std::cmp::Ordering;

/// Most rows below the headings that a sheet can hold, with room for remarks below.
pub(super) const MOST_ROWS: usize = 1_000_000;
/// Rows from which on a table leaves out what only adorns it.
const LONG_TABLE: usize = 50_000;
/// Rows from which on a sheet waits in a file until the workbook is finished.
const FILED_TABLE: usize = 5_000;
/// Most links a sheet can hold (65,530 by Excel's own specification).
const MOST_LINKS: usize = 65_000;
/// Most UTF-16 units in a cell.
const MOST_UNITS: usize = 32_767;
/// Greatest height of a row, in points.
const HIGHEST: f64 = 409.0;
/// Most UTF-16 units in a cell and greatest height of a row.
pub(super) const CELL_LIMITS: (usize, f64) = (MOST_UNITS, HIGHEST);
/// Type size of tables, in points.
pub(super) const SIZE: f64 = 9.0;
/// Height of a line of that size, in points.
const LINE: f64 = 11.25;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Blank,
    /// A text; never a formula.
    Text(String),
    /// A figure with its number format (`#,##0"件"`).
    Number(f64, String),
    /// A text that leads somewhere.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads, as the library writes it (`internal:…`, `file:///…`).
        url: String,
    },
    /// A text with underlined parts.
    Rich(Vec<(bool, String)>),
    /// A day and time.
    Time(NaiveDateTime),
}

impl Cell {
    /// A text, or nothing if it is empty.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Cell::Blank } else { Cell::Text(text) }
    }

    /// A whole figure.
    pub(super) fn count(n: usize) -> Self {
        Cell::Number(n as f64, "#,##0;▲#,##0;\"－\"".to_owned())
    }

    /// A whole figure with its change in brackets: 12（▲3）. The change stands in the format, so that the cell stays a number that can be added up.
    pub(super) fn count_since(now: usize, before: usize) -> Self {
        if now + before == 0 {
            return Cell::count(0);
        }
        let change = match now.cmp(&before) {
            Ordering::Greater => format!("+{}", now - before),
            Ordering::Less => format!("▲{}", before - now),
            Ordering::Equal => "±0".to_owned(),
        };
        Cell::Number(now as f64, format!("#,##0\"（{change}）\""))
    }

    /// A share, 0 to 1, shown in per cent; nothing if there is no whole.
    pub(super) fn share(part: usize, whole: usize) -> Self {
        if whole == 0 { Cell::Blank } else { Cell::Number(part as f64 / whole as f64, "0.0%".to_owned()) }
    }

    /// A change, with ▲ for a decrease, as offices write it.
    pub(super) fn change(now: usize, before: usize) -> Self {
        Cell::Number(now as f64 - before as f64, "+#,##0;▲#,##0;±0".to_owned())
    }

    /// A number if the text is a plain one (so that Excel sorts it rightly), else the text.
    pub(super) fn number_or_text(text: &str) -> Self {
        match text.parse::<u32>() {
            Ok(n) if n.to_string() == text => Cell::Number(f64::from(n), "0".to_owned()),
            _ => Cell::text(text),
        }
    }

    /// A text that leads somewhere, or the text alone.
    pub(super) fn link(text: impl Into<String>, url: Option<String>) -> Self {
        match url {
            Some(url) => Cell::Link { text: text.into(), url },
            None => Cell::text(text),
        }
    }

    /// What it shows, nearly: for measuring.
    fn shown(&self) -> String {
        match self {
            Cell::Blank => String::new(),
            Cell::Text(t) | Cell::Link { text: t, .. } => t.clone(),
            Cell::Number(n, format) => {
                let unit: String = format.split('"').skip(1).step_by(2).collect();
                let figure = if format.contains('%') && unit.is_empty() { format!("{:.1}%", n * 100.0) } else { format!("{n}") };
                let commas = if format.contains(',') { figure.len() / 4 } else { 0 };
                format!("{figure}{unit}{}", " ".repeat(commas + 1))
            }
            Cell::Rich(parts) => parts.iter().map(|(_, t)| t.as_str()).collect(),
            Cell::Time(_) => "2026/11/21 13:00".to_owned(),
        }
    }
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its heading.
    pub title: String,
    /// Least and greatest width in mm.
    pub width: (f64, f64),
    /// How its cells stand.
    pub align: Align,
}

impl Column {
    /// A column between two widths, in mm.
    pub(super) fn new(title: impl Into<String>, least: f64, most: f64) -> Self {
        Column { title: title.into(), width: (least, most), align: Align::Left }
    }

    /// Its cells stand in the middle.
    pub(super) fn centre(mut self) -> Self {
        self.align = Align::Centre;
        self
    }

    /// Its cells stand at the right: figures.
    pub(super) fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }
}

/// The rows of a table: at hand, or made one by one while they are written, so that a very long table never stands in memory twice.
pub(super) enum Rows<'t> {
    /// At hand.
    Made(Vec<Vec<Cell>>),
    /// So many, each made when it is asked for.
    Drawn(usize, Box<dyn Fn(usize) -> Vec<Cell> + 't>),
}

impl Default for Rows<'_> {
    fn default() -> Self {
        Rows::Made(Vec::new())
    }
}

impl FromIterator<Vec<Cell>> for Rows<'_> {
    fn from_iter<I: IntoIterator<Item = Vec<Cell>>>(rows: I) -> Self {
        Rows::Made(rows.into_iter().collect())
    }
}

impl Rows<'_> {
    /// How many.
    fn len(&self) -> usize {
        match self {
            Rows::Made(rows) => rows.len(),
            Rows::Drawn(count, _) => *count,
        }
    }

    /// One of them.
    fn get(&self, place: usize) -> Cow<'_, [Cell]> {
        match self {
            Rows::Made(rows) => Cow::Borrowed(rows.get(place).map_or(&[], Vec::as_slice)),
            Rows::Drawn(_, make) => Cow::Owned(make(place)),
        }
    }
}

/// A second table below the first, on the same columns.
#[derive(Default)]
pub(super) struct Below {
    /// Heading over it.
    pub title: String,
    /// What it says of itself, on a line of its own.
    pub lead: String,
    /// Headings of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A table with all that belongs to its sheet.
#[derive(Default)]
pub(super) struct Table<'t> {
    /// Name of the sheet.
    pub sheet: String,
    /// Name defined for its rows (`一覧表`); empty for none.
    pub defined: String,
    /// Heading over the table.
    pub title: String,
    /// Remarks between heading and table.
    pub lead: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, one cell a column.
    pub rows: Rows<'t>,
    /// A row of totals below them, outside the filter.
    pub total: Option<Vec<Cell>>,
    /// A second table below.
    pub below: Option<Below>,
    /// Remarks below.
    pub notes: Vec<String>,
    /// How many columns stay when the sheet is scrolled sideways.
    pub frozen: usize,
    /// Words that make a cell of a column stand out (column, word, looks); weight and pattern tell it without colour.
    pub marks: Vec<(usize, String, Look)>,
    /// What is said if there is no row.
    pub empty: String,
}

impl Table<'_> {
    /// Writes the table as a sheet of the book.
    ///
    /// # Errors
    /// If a limit of Excel is broken after all (a fault of this program).
    pub(super) fn write(&self, book: &mut Book<'_>) -> Result<(), XlsxError> {
        let is_long = self.rows.len() >= FILED_TABLE;
        let mut sheet = if is_long { book.long_sheet(&self.sheet)? } else { book.sheet(&self.sheet)? };
        let last = self.columns.len().saturating_sub(1) as u16;
        let widths = self.widths(&book.ruler);
        for (i, width) in widths.iter().enumerate() {
            sheet.set_column_width_pixels(i as u16, *width as u32)?;
        }
        let total: f64 = widths.iter().sum();
        let head = self.write_head(book, &mut sheet, last, total)?;
        let (bottom, mut long) = self.write_rows(book, &mut sheet, head, &widths)?;
        if self.rows.len() > 0 {
            sheet.autofilter(head, 0, bottom, last)?;
            self.write_marks(book, &mut sheet, head + 1, bottom)?;
        }
        let end = self.write_below(book, &mut sheet, bottom, &widths, &mut long)?;
        self.write_foot(book, &mut sheet, end + 1, total, &long, &widths)?;
        sheet.set_freeze_panes(head + 1, self.frozen as u16)?;
        sheet.set_repeat_rows(head, head)?;
        book.page(&mut sheet, total);
        book.push(sheet);
        if !self.defined.is_empty() && self.rows.len() > 0 {
            book.define(&self.defined, &self.sheet, (head, 0, bottom, last))?;
        }
        Ok(())
    }

    /// Width of each column in pixels: as wide as its longest line, between its limits. Of a very long table some rows are measured; what is longer in
    /// the others goes on a second line.
    fn widths(&self, ruler: &Ruler<'_>) -> Vec<f64> {
        let most: Vec<f64> = self.columns.iter().map(|c| (c.width.1 * PIXELS_PER_MM).floor()).collect();
        // The filter's button needs its place beside the heading, or below it in a heading of two lines.
        let heading = |c: &Column| ruler.width(&c.title, SIZE) + CELL_PADDING + 18.0;
        let mut widths: Vec<f64> = self.columns.iter().map(|c| (c.width.0 * PIXELS_PER_MM).max(heading(c))).collect();
        let mut measure = |cells: &[Cell]| {
            for ((width, cell), most) in widths.iter_mut().zip(cells).zip(&most) {
                if *width < *most {
                    *width = width.max(ruler.width(&cell.shown(), SIZE) + CELL_PADDING + 6.0);
                }
            }
        };
        for place in (0..self.rows.len()).step_by(1 + self.rows.len() / 4_000) {
            measure(&self.rows.get(place));
        }
        if let Some(total) = &self.total {
            measure(total);
        }
        widths.iter().zip(&most).map(|(width, most)| width.min(*most).ceil()).collect()
    }

    /// Title, remarks and headings; returns the row of the headings.
    fn write_head(&self, book: &Book<'_>, sheet: &mut Worksheet, last: u16, total: f64) -> Result<u32, XlsxError> {
        sheet.write_string_with_format(0, 0, &self.title, &book.format(Look::Title, Align::Left, ""))?;
        sheet.set_row_height(0, 24.0)?;
        let mut row = 1;
        for text in &self.lead {
            write_across(book, sheet, row, last, total, text, Look::Remark)?;
            row += 1;
        }
        let format = book.format(Look::Head, Align::Centre, "");
        for (i, column) in self.columns.iter().enumerate() {
            sheet.write_string_with_format(row, i as u16, &column.title, &format)?;
        }
        let lines = self.columns.iter().map(|c| c.title.split('\n').count()).max().unwrap_or(1);
        let wrapped = self.columns.iter().any(|c| book.ruler.width(&c.title, SIZE) + CELL_PADDING > c.width.1 * PIXELS_PER_MM);
        sheet.set_row_height(row, LINE * (lines.max(1) + usize::from(wrapped)) as f64 + 8.0)?;
        Ok(row)
    }

    /// The rows and their total; returns the last row and the texts that did not fit.
    fn write_rows(&self, book: &Book<'_>, sheet: &mut Worksheet, head: u32, widths: &[f64]) -> Result<(u32, Vec<Long>), XlsxError> {
        let mut long = Vec::new();
        let mut links = 0;
        let mut row = head;
        for place in 0..self.rows.len() {
            row += 1;
            self.write_row(book, sheet, row, &self.rows.get(place), widths, false, &mut links, &mut long)?;
        }
        let bottom = row;
        if let Some(cells) = &self.total {
            self.write_row(book, sheet, row + 1, cells, widths, true, &mut links, &mut long)?;
        }
        if self.rows.len() == 0 {
            write_across(book, sheet, head + 1, self.columns.len().saturating_sub(1) as u16, widths.iter().sum(), &self.empty, Look::Body)?;
            return Ok((head + 1, long));
        }
        Ok((bottom, long))
    }

    /// One row; its height follows its tallest text.
    #[expect(clippy::too_many_arguments, reason = "one row of one sheet: all of it is the place where it is written")]
    fn write_row(
        &self,
        book: &Book<'_>,
        sheet: &mut Worksheet,
        row: u32,
        cells: &[Cell],
        widths: &[f64],
        total: bool,
        links: &mut usize,
        long: &mut Vec<Long>,
    ) -> Result<(), XlsxError> {
        let mut lines = 1;
        for (i, column) in self.columns.iter().enumerate() {
            let cell = cells.get(i).unwrap_or(&Cell::Blank);
            let needed = match cell {
                Cell::Text(t) | Cell::Link { text: t, .. } => book.ruler.lines(t, widths[i], SIZE),
                Cell::Rich(_) => book.ruler.lines(&cell.shown(), widths[i], SIZE),
                _ => 1,
            };
            let too_long = height(needed) > HIGHEST || utf16(cell) > MOST_UNITS;
            if too_long {
                long.push(Long { row: cells.first().cloned().unwrap_or_default(), column: column.title.replace('\n', ""), cell: cell.clone() });
            }
            lines = lines.max(needed);
            let look = match (total, too_long) {
                (true, _) => Look::Total,
                (false, true) => Look::Long,
                (false, false) => Look::Body,
            };
            // A rule round nothing costs as much as a value; very long tables go without.
            if *cell != Cell::Blank || self.rows.len() < LONG_TABLE {
                write_cell(book, sheet, row, i as u16, cell, look, column.align, links)?;
            }
        }
        sheet.set_row_height(row, height(lines).min(HIGHEST))?;
        Ok(())
    }

    /// The second table; returns the last row, not counting the row of totals of the first.
    fn write_below(&self, book: &Book<'_>, sheet: &mut Worksheet, bottom: u32, widths: &[f64], long: &mut Vec<Long>) -> Result<u32, XlsxError> {
        let Some(below) = &self.below else { return Ok(bottom) };
        let last = widths.len().saturating_sub(1) as u16;
        let total = u32::from(self.total.is_some());
        let mut row = bottom + total + 2;
        write_across(book, sheet, row, last, widths.iter().sum(), &below.title, Look::Section)?;
        row += 1;
        write_across(book, sheet, row, last, widths.iter().sum(), &below.lead, Look::Remark)?;
        row += 1;
        for (column, head) in below.heads.iter().enumerate() {
            sheet.write_string_with_format(row, column as u16, head, &book.format(Look::Head, Align::Centre, ""))?;
        }
        sheet.set_row_height(row, LINE + 8.0)?;
        // The first table has at most one link a row where there is a second.
        let mut links = self.rows.len();
        for cells in &below.rows {
            row += 1;
            self.write_row(book, sheet, row, cells, widths, false, &mut links, long)?;
        }
        Ok(row - total)
    }

    /// What stands out, by words and not by colour alone.
    fn write_marks(&self, book: &Book<'_>, sheet: &mut Worksheet, first: u32, last: u32) -> Result<(), XlsxError> {
        for (column, word, look) in &self.marks {
            let rule = ConditionalFormatText::new().set_rule(ConditionalFormatTextRule::Contains(word.clone())).set_format(book.mark(*look));
            sheet.add_conditional_format(first, *column as u16, last, *column as u16, &rule)?;
        }
        Ok(())
    }

    /// The row of Excel, counted from 1, in which a row of the table stands under so many remarks.
    pub(super) fn row_number(remarks: usize, place: usize) -> usize {
        remarks + 3 + place
    }

    /// Long texts in full, then the remarks.
    fn write_foot(&self, book: &Book<'_>, sheet: &mut Worksheet, bottom: u32, total: f64, long: &[Long], widths: &[f64]) -> Result<(), XlsxError> {
        let last = widths.len().saturating_sub(1) as u16;
        let mut row = bottom + 1 + u32::from(self.total.is_some());
        if !long.is_empty() {
            let words = book.say(
                "長文の全文（上の表で下辺が破線の欄は行の高さの限度を超えるため、ここに全文を載せています。）",
                "Long texts in full (cells with a dashed bottom rule above are longer than a row can be high)",
            );
            write_across(book, sheet, row, last, total, words, Look::Section)?;
            row += 1;
            for text in long {
                for piece in text.pieces(&book.ruler, total) {
                    write_across(book, sheet, row, last, total, &piece, Look::Body)?;
                    row += 1;
                }
            }
            row += 1;
        }
        for note in &self.notes {
            write_across(book, sheet, row, last, total, note, Look::Remark)?;
            row += 1;
        }
        Ok(())
    }
}

/// A text that no row can hold.
struct Long {
    /// First cell of its row: who it belongs to.
    row: Cell,
    /// Heading of its column.
    column: String,
    /// The text.
    cell: Cell,
}

impl Long {
    /// The text in pieces that each fit a row across the whole table, the first headed by row and column.
    fn pieces(&self, ruler: &Ruler<'_>, total: f64) -> Vec<String> {
        let text = format!("【{}　{}】\n{}", self.row.shown().trim(), self.column, self.cell.shown());
        let mut pieces = Vec::new();
        let mut piece = String::new();
        for line in text.split_inclusive('\n') {
            // A paragraph by itself may be too long, so it is taken in handfuls.
            let characters: Vec<char> = line.chars().collect();
            for part in characters.chunks(400) {
                let part: String = part.iter().collect();
                if !piece.is_empty() && height(ruler.lines(&format!("{piece}{part}"), total, SIZE)) > HIGHEST {
                    pieces.push(std::mem::take(&mut piece));
                }
                piece.push_str(&part);
            }
        }
        pieces.push(piece);
        pieces.into_iter().map(|p| p.trim_end_matches('\n').to_owned()).filter(|p| !p.is_empty()).collect()
    }
}

/// Height of a row of so many lines, in points.
pub(super) fn height(lines: usize) -> f64 {
    lines as f64 * LINE + 4.5
}

/// Length of a cell's text as Excel counts it.
fn utf16(cell: &Cell) -> usize {
    match cell {
        Cell::Text(t) | Cell::Link { text: t, .. } => t.encode_utf16().count(),
        Cell::Rich(parts) => parts.iter().map(|(_, t)| t.encode_utf16().count()).sum(),
        _ => 0,
    }
}

/// The beginning of a text that Excel's limit allows, with a word that it goes on.
pub(super) fn within_limit(text: &str) -> String {
    if text.len() <= MOST_UNITS || text.encode_utf16().count() <= MOST_UNITS {
        return text.to_owned();
    }
    let mut units = 0;
    let cut: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MOST_UNITS - 20
        })
        .collect();
    format!("{cut}…（全文は表の下）")
}

/// Writes a text over all columns of the table, with the height it needs.
pub(super) fn write_across(book: &Book<'_>, sheet: &mut Worksheet, row: u32, last: u16, total: f64, text: &str, look: Look) -> Result<(), XlsxError> {
    let format = book.format(look, Align::Left, "");
    if last > 0 {
        sheet.merge_range(row, 0, row, last, "", &format)?;
    }
    sheet.write_string_with_format(row, 0, within_limit(text), &format)?;
    sheet.set_row_height(row, height(book.ruler.lines(text, total, SIZE)).min(HIGHEST))?;
    Ok(())
}

/// Writes one cell. A text that looks like a formula gets Excel's text mark, so that it stays a text when someone edits it.
#[expect(clippy::too_many_arguments, reason = "one cell: value, place and looks")]
pub(super) fn write_cell(
    book: &Book<'_>,
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    look: Look,
    align: Align,
    links: &mut usize,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => sheet.write_blank(row, column, &book.format(look, align, ""))?,
        Cell::Text(text) => sheet.write_string_with_format(row, column, within_limit(text), &guarded(book.format(look, align, ""), text))?,
        Cell::Number(n, number_format) => {
            let align = if align == Align::Left { Align::Right } else { align };
            sheet.write_number_with_format(row, column, *n, &book.format(look, align, number_format))?
        }
        Cell::Time(time) => sheet.write_datetime_with_format(row, column, time, &book.format(look, Align::Centre, "yyyy/m/d h:mm"))?,
        Cell::Rich(parts) => write_rich(book, sheet, row, column, parts, look)?,
        Cell::Link { text, url } => {
            let text = within_limit(text);
            // Excel refuses addresses over 2,080 characters and more than 65,530 links a sheet; the text stays in any case.
            if *links >= MOST_LINKS || url.encode_utf16().count() > 1_500 {
                sheet.write_string_with_format(row, column, &text, &book.format(look, align, ""))?
            } else {
                *links += 1;
                let format = guarded(book.link(look, align), &text);
                sheet.write_url_with_options(row, column, Url::new(url.clone()), &text, "", Some(&format))?
            }
        }
    };
    Ok(())
}

/// A text with underlined parts.
fn write_rich<'s>(
    book: &Book<'_>,
    sheet: &'s mut Worksheet,
    row: u32,
    column: u16,
    parts: &[(bool, String)],
    look: Look,
) -> Result<&'s mut Worksheet, XlsxError> {
    let format = book.format(look, Align::Left, "");
    let (plain, underlined) = (book.format(Look::Run, Align::Left, ""), book.format(Look::Underlined, Align::Left, ""));
    let units: usize = parts.iter().map(|(_, t)| t.encode_utf16().count()).sum();
    let runs: Vec<(&Format, &str)> =
        parts.iter().filter(|(_, t)| !t.is_empty()).map(|(changed, t)| (if *changed { &underlined } else { &plain }, t.as_str())).collect();
    match runs.as_slice() {
        [] => sheet.write_blank(row, column, &format),
        _ if units > MOST_UNITS => {
            let text: String = parts.iter().map(|(_, t)| t.as_str()).collect();
            sheet.write_string_with_format(row, column, within_limit(&text), &format)
        }
        runs => sheet.write_rich_string_with_format(row, column, runs, &format),
    }
}

/// The format with Excel's text mark if the text begins like a formula.
fn guarded(format: Format, text: &str) -> Format {
    if text.starts_with(['=', '+', '-', '@']) { format.set_quote_prefix() } else { format }
}
