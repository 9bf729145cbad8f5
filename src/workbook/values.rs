//! The values of cells as calamine reads them, laid over the grid; the only file that names calamine.
//!
//! In: the bytes of a workbook that the guards have passed, and the grid with its styles and its values as they are stored. Out: the grid with every
//! value read by calamine, and a [`Tally`] of how that went.
//! Stays true: a value counts if calamine reads the same as stands in the file. Where calamine bends what is stored (it trims blanks, puts furigana behind
//! the text, leaves NUL letters) or cannot read a sheet (one `#SPILL!` or one bad string number costs it the rest), the stored value stays. So the grid is the
//! same with and without calamine, and with and without the child process that reads the dense formats.
//! Neighbours: `xlsx` is read here, in the process and cell by cell; `child` asks a second process for .xls, .xlsb and .ods and hands the answer in here.

use super::archive::Archive;
use super::limits::{CELLS, DENSE_CELLS, TEXT_BYTES};
use super::{CellRef, Format, Sheet, Stored, Workbook, calendar, ods, sniff, xls};
use calamine::{CellErrorType, Data, DataRef, ExcelDateTime, Range, Reader, Xls, XlsOptions, Xlsb, Xlsx, XlsxFormulaMetadata};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How the values of a workbook were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sheets that calamine read to their end.
    pub sheets: u32,
    /// Values that calamine reads as they are stored.
    pub same: u64,
    /// Texts that calamine bends in a known way, kept as stored: trimmed blanks, furigana, NUL letters.
    pub restored: u64,
    /// Places where calamine reads something else, kept as stored; the first twenty.
    pub differences: Vec<String>,
}

/// The most parts of styles, in bytes, that calamine is given: it keeps some hundred bytes for each style.
const STYLE_BYTES: usize = 8 << 20;

/// A value as calamine reads it.
#[derive(Debug, PartialEq)]
enum Value<'a> {
    Text(&'a str),
    Number(f64),
    Bool(bool),
    Error(Cow<'a, str>),
}

/// How a value of calamine's lies beside the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Same,
    Bent,
    Other,
}

/// Reads the values of an .xlsx whose every part was found sound.
pub(super) fn read_package(bytes: &[u8], workbook: &mut Workbook) {
    if !counts_are_true(bytes) {
        return;
    }
    let Some(mut book) = unless_it_panics(|| Xlsx::new(Cursor::new(bytes)).ok()) else { return };
    let names = names_of(workbook);
    let Workbook { sheets, values, .. } = workbook;
    for sheet in sheets.iter_mut().filter(|s| names.get(&s.name) == Some(&1)) {
        let name = sheet.name.clone();
        let mut cells = Overlay::new(sheet, values);
        let whole = unless_it_panics(|| {
            let mut reader = book.worksheet_cells_reader(&name).ok()?;
            while let Some(record) = reader.next_cell_with_formula_metadata().ok()? {
                let formula = match &record.formula {
                    Some(XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. }) => Some(formula.as_str()),
                    _ => None,
                };
                let mut moment = None;
                cells.lay(CellRef::new(record.pos.0, record.pos.1), value_ref(&record.value, &mut moment).as_ref(), formula);
            }
            Some(())
        });
        if whole.is_some() {
            cells.finish();
        }
    }
}

/// Whether the tables of a package are as long as they claim: calamine takes memory for a claim.
fn counts_are_true(bytes: &[u8]) -> bool {
    let Ok(mut archive) = Archive::open(bytes) else { return false };
    let names: Vec<String> = archive.names().filter(|n| n.ends_with("sharedstrings.xml") || n.ends_with("styles.xml")).map(str::to_string).collect();
    names.iter().all(|name| match archive.read(name) {
        Ok(Some(part)) if name.ends_with("styles.xml") => part.len() <= STYLE_BYTES,
        Ok(Some(part)) => claimed(&part).is_none_or(|claim| claim <= part.len() as u64 / 4),
        _ => false,
    })
}

/// The number behind the first `uniqueCount=`.
fn claimed(part: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(part.get(..part.len().min(4096)).unwrap_or(part));
    let digits: String = head.split_once("uniqueCount")?.1.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Whether the sheets, laid out from corner to corner, stay small enough to be given to calamine's dense ranges.
pub(super) fn is_small_when_dense(workbook: &Workbook) -> bool {
    let dense = workbook.sheets.iter().map(|sheet| {
        let rows = sheet.cells.keys().next_back().map_or(0, |c| u64::from(c.row) + 1);
        let cols = sheet.cells.keys().map(|c| u64::from(c.col) + 1).max().unwrap_or(0);
        rows * cols
    });
    dense.sum::<u64>() <= DENSE_CELLS
}

/// Runs something of calamine's; `None` if it panics, which costs only its reading.
fn unless_it_panics<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

/// How often each name stands in the workbook: calamine finds sheets by name, so a name that stands twice is not asked for.
fn names_of(workbook: &Workbook) -> BTreeMap<String, u32> {
    let mut names = BTreeMap::new();
    for name in workbook.sheets.iter().map(|s| &s.name).chain(workbook.broken.iter().map(|b| &b.0)) {
        *names.entry(name.clone()).or_default() += 1;
    }
    names
}

/// Lays calamine's values over the cells of one sheet.
struct Overlay<'a> {
    sheet: &'a mut Sheet,
    tally: &'a mut Tally,
    found: u64,
}

impl<'a> Overlay<'a> {
    fn new(sheet: &'a mut Sheet, tally: &'a mut Tally) -> Self {
        Overlay { sheet, tally, found: 0 }
    }

    /// One cell as calamine reads it.
    fn lay(&mut self, at: CellRef, value: Option<&Value<'_>>, formula: Option<&str>) {
        let cell = self.sheet.cells.get_mut(&at);
        let stored = cell.as_ref().map(|c| &c.stored);
        if stored.is_some_and(is_something) {
            self.found += 1;
        }
        match compare(value, stored) {
            Match::Same => self.tally.same += u64::from(value.is_some()),
            Match::Bent => self.tally.restored += 1,
            Match::Other => {
                let text = format!("{} {}: {value:?} / {stored:?}", self.sheet.name, at.a1());
                self.differs(text);
                return;
            }
        }
        // Our reader of .xlsb does not spell formulas out.
        if let (Some(cell), Some(formula)) = (self.sheet.cells.get_mut(&at), formula)
            && cell.formula.as_deref() == Some("?")
            && !formula.is_empty()
        {
            cell.formula = Some(formula.to_string());
        }
    }

    /// The sheet was read to its end: values that calamine did not find are told.
    fn finish(mut self) {
        self.tally.sheets += 1;
        let own = self.sheet.cells.values().filter(|c| is_something(&c.stored)).count() as u64;
        if own > self.found {
            let text = format!("{}: {} of {own} values are not found", self.sheet.name, own - self.found);
            self.differs(text);
        }
    }

    fn differs(&mut self, text: String) {
        if self.tally.differences.len() < 20 {
            self.tally.differences.push(text);
        }
    }
}

fn is_something(stored: &Stored) -> bool {
    !matches!(stored, Stored::Nothing) && !matches!(stored, Stored::Text(t) if t.is_empty())
}

fn compare(theirs: Option<&Value<'_>>, stored: Option<&Stored>) -> Match {
    let same = match (theirs, stored) {
        (None, stored) => stored.is_none_or(|s| !is_something(s)),
        (Some(Value::Text(a)), None | Some(Stored::Nothing)) => a.is_empty(),
        (Some(Value::Text(a)), Some(Stored::Text(b))) => return compare_texts(a, b),
        (Some(Value::Number(a)), Some(Stored::Number(b))) => a == b,
        (Some(Value::Bool(a)), Some(Stored::Bool(b))) => a == b,
        (Some(Value::Error(a)), Some(Stored::Error(b))) => a == b,
        // OpenDocument stores an error as its text.
        (Some(Value::Text(a)), Some(Stored::Error(b))) => a == b,
        _ => false,
    };
    if same { Match::Same } else { Match::Other }
}

fn compare_texts(theirs: &str, stored: &str) -> Match {
    if theirs == stored {
        return Match::Same;
    }
    let mut rest = theirs.chars().filter(|c| !c.is_whitespace() && *c != '\0');
    let plain = stored.chars().filter(|c| !c.is_whitespace() && *c != '\0');
    // What is stored stands in order within what calamine reads: blanks are gone, furigana stand between.
    let mut all = plain;
    if all.all(|c| rest.any(|r| r == c)) { Match::Bent } else { Match::Other }
}

/// A streamed value; `text` holds what has to be made for it.
fn value_ref<'a>(data: &'a DataRef<'_>, text: &'a mut Option<String>) -> Option<Value<'a>> {
    Some(match data {
        DataRef::Int(n) => Value::Number(*n as f64),
        DataRef::Float(n) => Value::Number(*n),
        DataRef::String(t) => Value::Text(lines(t, text)),
        DataRef::SharedString(t) => Value::Text(lines(t, text)),
        DataRef::Bool(b) => Value::Bool(*b),
        DataRef::DateTime(at) => Value::Number(serial(at)),
        DataRef::DateTimeIso(t) => moment(t),
        DataRef::DurationIso(t) => duration(t),
        DataRef::Error(e) => Value::Error(error(e)),
        DataRef::Empty => return None,
    })
}

/// As [`value_ref`], of a dense range.
fn value<'a>(data: &'a Data, text: &'a mut Option<String>) -> Option<Value<'a>> {
    Some(match data {
        Data::Int(n) => Value::Number(*n as f64),
        Data::Float(n) => Value::Number(*n),
        Data::String(t) => Value::Text(lines(t, text)),
        Data::Bool(b) => Value::Bool(*b),
        Data::DateTime(at) => Value::Number(serial(at)),
        Data::DateTimeIso(t) => moment(t),
        Data::DurationIso(t) => duration(t),
        Data::Error(e) => Value::Error(error(e)),
        Data::Empty => return None,
    })
}

fn serial(at: &ExcelDateTime) -> f64 {
    at.as_f64()
}

fn moment(text: &str) -> Value<'_> {
    super::moment(text).and_then(calendar::serial).map_or(Value::Text(text), Value::Number)
}

fn duration(text: &str) -> Value<'_> {
    ods::duration(text).map_or(Value::Text(text), Value::Number)
}

/// Line breaks as the grid has them.
fn lines<'a>(text: &'a str, room: &'a mut Option<String>) -> &'a str {
    if text.contains('\r') { room.insert(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}

fn error(error: &CellErrorType) -> Cow<'static, str> {
    match error {
        CellErrorType::GettingData => Cow::Borrowed("#GETTING_DATA"),
        other => Cow::Owned(other.to_string()),
    }
}

/// In the child process: reads .xls, .xlsb or .ods and writes every value down; `None` if calamine cannot read it.
pub(super) fn answer(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Answer::default();
    match sniff::kind(bytes, "") {
        sniff::Kind::Xls => {
            let mut options = XlsOptions::default();
            // BIFF8 is UTF-16 whatever its code page says; calamine believes the code page.
            options.force_codepage = xls::is_biff8(bytes)?.then_some(1200);
            out.dense(&mut Xls::new_with_options(Cursor::new(bytes), options).ok()?)?;
        }
        sniff::Kind::Ods => out.dense(&mut calamine::Ods::new(Cursor::new(bytes)).ok()?)?,
        sniff::Kind::Xlsb => out.sparse(&mut Xlsb::new(Cursor::new(bytes)).ok()?)?,
        _ => return None,
    }
    Some(out.bytes)
}

/// In the parent: lays the answer of the child over the grid. An answer that breaks off costs only what would have followed.
pub(super) fn lay_answer(answer: &[u8], workbook: &mut Workbook) {
    let names = names_of(workbook);
    let Workbook { sheets, values, .. } = workbook;
    let mut fields = Fields { bytes: answer };
    let mut nowhere = (Sheet::default(), Tally::default());
    while let Some(name) = fields.text() {
        let known = sheets.iter_mut().find(|s| s.name == name && names.get(name) == Some(&1));
        let mut cells = match known {
            Some(sheet) => Overlay::new(sheet, values),
            None => Overlay::new(&mut nowhere.0, &mut nowhere.1),
        };
        let Some(whole) = lay_sheet(&mut fields, &mut cells) else { return };
        if whole {
            cells.finish();
        }
    }
}

/// The cells of one sheet of an answer; whether calamine read it to its end.
fn lay_sheet(fields: &mut Fields<'_>, cells: &mut Overlay<'_>) -> Option<bool> {
    loop {
        let tag = fields.byte()?;
        if tag == END || tag == BROKEN {
            return Some(tag == END);
        }
        let at = CellRef::new(fields.number()?, fields.number()?);
        let value = match tag {
            NUMBER => Some(Value::Number(f64::from_le_bytes(fields.take(8)?.try_into().ok()?))),
            TEXT => Some(Value::Text(fields.text()?)),
            BOOL => Some(Value::Bool(fields.byte()? != 0)),
            ERROR => Some(Value::Error(Cow::Borrowed(fields.text()?))),
            _ => None,
        };
        let formula = fields.text()?;
        cells.lay(at, value.as_ref(), Some(formula));
    }
}

const END: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;
const BOOL: u8 = 3;
const ERROR: u8 = 4;
const NOTHING: u8 = 5;
const BROKEN: u8 = 6;

/// An answer while it is written: per sheet its name, its cells, and a mark at the end.
#[derive(Default)]
struct Answer {
    bytes: Vec<u8>,
    cells: u64,
}

impl Answer {
    fn text(&mut self, text: &str) {
        self.bytes.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
        self.bytes.extend(text.as_bytes());
    }

    /// One cell; `None` if the budget is used up.
    fn cell(&mut self, (row, col): (u32, u32), value: Option<&Value<'_>>, formula: &str) -> Option<()> {
        self.cells += 1;
        if self.cells > CELLS || self.bytes.len() as u64 > 2 * TEXT_BYTES {
            return None;
        }
        let tag = match value {
            Some(Value::Number(_)) => NUMBER,
            Some(Value::Text(_)) => TEXT,
            Some(Value::Bool(_)) => BOOL,
            Some(Value::Error(_)) => ERROR,
            None => NOTHING,
        };
        self.bytes.push(tag);
        self.bytes.extend(row.to_le_bytes());
        self.bytes.extend(col.to_le_bytes());
        match value {
            Some(Value::Number(n)) => self.bytes.extend(n.to_le_bytes()),
            Some(Value::Text(t)) => self.text(t),
            Some(Value::Error(e)) => self.text(e),
            Some(Value::Bool(b)) => self.bytes.push(u8::from(*b)),
            None => {}
        }
        self.text(formula);
        Some(())
    }

    /// Sheets that calamine gives as ranges from their first used cell.
    fn dense<R: Reader<Cursor<B>>, B: AsRef<[u8]>>(&mut self, book: &mut R) -> Option<()> {
        for name in book.sheet_names() {
            self.text(&name);
            match book.worksheet_range(&name) {
                Ok(range) => {
                    self.range(&range)?;
                    self.bytes.push(END);
                }
                Err(_) => self.bytes.push(BROKEN),
            }
        }
        Some(())
    }

    fn range(&mut self, range: &Range<Data>) -> Option<()> {
        let (row, col) = range.start().unwrap_or((0, 0));
        for (r, c, data) in range.used_cells() {
            let mut room = None;
            let at = (row.checked_add(u32::try_from(r).ok()?)?, col.checked_add(u32::try_from(c).ok()?)?);
            self.cell(at, value(data, &mut room).as_ref(), "")?;
        }
        Some(())
    }

    /// Sheets of an .xlsb, cell by cell; formulas come from a second walk.
    fn sparse(&mut self, book: &mut Xlsb<Cursor<&[u8]>>) -> Option<()> {
        for name in book.sheet_names() {
            let mut formulas = BTreeMap::new();
            if let Ok(mut reader) = book.worksheet_cells_reader(&name) {
                while let Ok(Some(cell)) = reader.next_formula() {
                    if formulas.len() as u64 > CELLS {
                        return None;
                    }
                    formulas.insert(cell.get_position(), cell.get_value().clone());
                }
            }
            self.text(&name);
            let Ok(mut reader) = book.worksheet_cells_reader(&name) else {
                self.bytes.push(BROKEN);
                continue;
            };
            let end = loop {
                match reader.next_cell() {
                    Ok(Some(cell)) => {
                        let (at, mut room) = (cell.get_position(), None);
                        let formula = formulas.remove(&at).unwrap_or_default();
                        self.cell(at, value_ref(cell.get_value(), &mut room).as_ref(), &formula)?;
                    }
                    Ok(None) => break END,
                    Err(_) => break BROKEN,
                }
            };
            self.bytes.push(end);
        }
        Some(())
    }
}

/// Reads an answer.
struct Fields<'a> {
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

/// Whether a second process reads this format.
pub(super) fn is_dense(format: Format) -> bool {
    matches!(format, Format::Xls | Format::Xlsb | Format::Ods)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_calamine_bends_are_known() {
        for (theirs, stored, expected) in [
            ("課", "課", Match::Same),
            ("課", " 課 ", Match::Bent),
            ("東京とうきょう", "東京", Match::Bent),
            ("a\0b\0", "ab", Match::Bent),
            ("課", "係", Match::Other),
            ("4300", "430", Match::Bent),
            ("430", "4300", Match::Other),
        ] {
            assert_eq!(compare_texts(theirs, stored), expected, "{theirs} / {stored}");
        }
    }

    #[test]
    fn an_answer_says_what_it_holds() {
        let mut out = Answer::default();
        out.text("S");
        for (n, value) in [Value::Number(1.5), Value::Text("課"), Value::Bool(true), Value::Error("#REF!".into())].iter().enumerate() {
            out.cell((0, n as u32), Some(value), "A1").unwrap();
        }
        out.bytes.push(END);
        let cell = |stored: Stored| super::super::Cell { shown: String::new(), stored, formula: Some("?".into()) };
        let stored = [Stored::Number(1.5), Stored::Text(" 課".into()), Stored::Bool(true), Stored::Error("#REF!".into())];
        let cells = stored.into_iter().enumerate().map(|(n, s)| (CellRef::new(0, n as u32), cell(s))).collect();
        let sheet = Sheet { name: "S".into(), cells, ..Default::default() };
        let mut workbook = Workbook { format: Format::Xlsb, sheets: vec![sheet], modified: None, broken: vec![], values: Tally::default() };
        lay_answer(&out.bytes, &mut workbook);
        assert_eq!(workbook.values, Tally { sheets: 1, same: 3, restored: 1, differences: vec![] });
        assert!(workbook.sheets[0].cells.values().all(|c| c.formula.as_deref() == Some("A1")));
        for cut in 0..out.bytes.len() {
            lay_answer(&out.bytes[..cut], &mut workbook);
        }
    }

    #[test]
    fn claims_are_found() {
        assert_eq!(claimed(b"<sst uniqueCount = '40000000000'>"), Some(40_000_000_000));
        assert_eq!(claimed(b"<sst/>"), None);
    }
}
