//! The grid of one sheet of an .xls.

use super::drawing::Drawings;
use super::formula;
use super::globals::{Entry, Globals};
use super::records::{Fields, Record, Records, error_name, kind};
use super::strings::{Pieces, short};
use crate::finding::Text;
use crate::workbook::limits::{Fault, Meter, in_grid};
use crate::workbook::{Area, Cell, CellRef, Sheet, Stored};
use std::collections::BTreeMap;

/// A list of choices before a range is looked up.
pub(super) struct List {
    areas: Vec<Area>,
    words: Result<Vec<String>, Area>,
}

struct Reader<'a> {
    globals: &'a Globals,
    meter: &'a mut Meter,
    sheet: Sheet,
    drawings: Drawings,
    lists: Vec<List>,
    /// The cell of the last formula whose text result is in the record that follows.
    waiting: Option<CellRef>,
    shared: BTreeMap<CellRef, String>,
    pending_shared: Vec<(CellRef, CellRef)>,
    last_formula: Option<CellRef>,
}

/// Reads the records of a sheet.
///
/// # Errors
/// If the sheet does not begin where it should, lies outside the grid, or a budget is used up.
pub(super) fn read(stream: &[u8], entry: &Entry, globals: &Globals, meter: &mut Meter) -> Result<(Sheet, Vec<List>), Fault> {
    let mut records = Records::new(stream, entry.at);
    if records.next().is_none_or(|r| r.kind != kind::BOF) {
        return Err(Fault::Sheet(Text::new("シートの中身がファイルにありません", "the sheet's content is not in the file")));
    }
    let mut reader = Reader {
        globals,
        meter,
        sheet: Sheet::default(),
        drawings: Drawings::default(),
        lists: Vec::new(),
        waiting: None,
        shared: BTreeMap::new(),
        pending_shared: Vec::new(),
        last_formula: None,
    };
    // Charts inside a sheet are streams of their own between BOF and EOF.
    let mut depth = 1u32;
    for record in records {
        match record.kind {
            kind::BOF => depth += 1,
            kind::EOF => {
                depth -= 1;
                if depth == 0 {
                    return reader.finish();
                }
            }
            _ if depth == 1 => reader.record(&record)?,
            _ => {}
        }
    }
    Err(Fault::broken("the records are cut short"))
}

/// Turns ranges of choices into the words in their cells.
pub(super) fn settle_choices(sheets: &mut [Sheet], lists: Vec<(usize, Vec<List>)>) {
    for (n, found) in lists {
        let Some(sheet) = sheets.get_mut(n) else { continue };
        for list in found {
            let words = match list.words {
                Ok(words) => words,
                Err(area) => {
                    let cells = sheet.cells.range(area.first..=area.last).filter(|(at, _)| area.contains(**at));
                    cells.map(|(_, c)| c.shown.trim().to_string()).filter(|w| !w.is_empty()).take(1000).collect()
                }
            };
            if !words.is_empty() {
                sheet.choices.extend(list.areas.into_iter().map(|a| (a, words.clone())));
            }
        }
    }
}

impl Reader<'_> {
    fn finish(mut self) -> Result<(Sheet, Vec<List>), Fault> {
        for (at, first) in std::mem::take(&mut self.pending_shared) {
            if let (Some(text), Some(cell)) = (self.shared.get(&first), self.sheet.cells.get_mut(&at)) {
                cell.formula = Some(text.clone());
            }
        }
        self.drawings.settle(&mut self.sheet);
        Ok((self.sheet, self.lists))
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), Fault> {
        let fields = Fields(record.data());
        let data = record.data();
        match record.kind {
            kind::LABEL_SST => {
                let Some(index) = fields.u32(6) else { return Ok(()) };
                let text = self.globals.strings.get(index as usize).cloned().ok_or_else(|| {
                    Fault::Sheet(Text::new(
                        format!("文字列の番号（{index}）が文字列の表にありません"),
                        format!("the string number {index} is not in the table of strings"),
                    ))
                })?;
                self.text(&fields, text)
            }
            kind::LABEL | kind::R_STRING => match short(data, 6, true, self.globals.biff8, self.globals.encoding) {
                Some(text) => self.text(&fields, text),
                None => Ok(()),
            },
            kind::NUMBER => match (at(&fields), fields.u16(4), fields.f64(6)) {
                (Some(at), Some(style), Some(number)) => self.number(at, style, number, None),
                _ => Ok(()),
            },
            kind::RK => match (at(&fields), fields.u16(4), fields.u32(6)) {
                (Some(at), Some(style), Some(rk)) => self.number(at, style, rk_number(rk), None),
                _ => Ok(()),
            },
            kind::MUL_RK => self.mul_rk(&fields),
            kind::BOOL_ERR => match (at(&fields), fields.u8(6), fields.u8(7)) {
                (Some(at), Some(value), Some(is_error)) => self.bool_or_error(at, value, is_error != 0, None),
                _ => Ok(()),
            },
            // Excel 4 and before wrote formulas under 0x0206 and 0x0406.
            kind::FORMULA | 0x0206 | 0x0406 => self.formula(&fields),
            kind::SHARED_FORMULA => {
                if let (Some(first), Some(rgce)) = (self.last_formula, data.get(10..)) {
                    let text = formula::text(rgce, self.globals, first);
                    self.meter.formula(text.len())?;
                    self.shared.insert(first, text);
                }
                Ok(())
            }
            kind::STRING => self.string(record),
            kind::ROW => {
                if let (Some(row), Some(flags)) = (fields.u16(0), fields.u16(12))
                    && flags & 0x20 != 0
                {
                    self.sheet.hidden_rows.insert(u32::from(row));
                }
                Ok(())
            }
            kind::COL_INFO => {
                if let (Some(first), Some(last), Some(flags)) = (fields.u16(0), fields.u16(2), fields.u16(8))
                    && (flags & 1 != 0 || fields.u16(4) == Some(0))
                {
                    self.sheet.hidden_cols.extend(u32::from(first)..=u32::from(last.min(255)));
                }
                Ok(())
            }
            kind::MERGE_CELLS => self.merges(&fields),
            kind::DV => self.validation(record),
            kind::MSO_DRAWING | kind::OBJ | kind::TXO | kind::NOTE => self.drawings.record(record, self.globals.biff8, self.meter),
            _ => Ok(()),
        }
    }

    fn put(&mut self, at: CellRef, stored: Stored, shown: String, formula: Option<String>) -> Result<(), Fault> {
        in_grid(at.row, at.col)?;
        self.meter.cell(shown.len())?;
        self.meter.formula(formula.as_ref().map_or(0, String::len))?;
        self.sheet.cells.insert(at, Cell { shown, stored, formula });
        Ok(())
    }

    fn text(&mut self, fields: &Fields<'_>, text: String) -> Result<(), Fault> {
        let (Some(at), Some(style)) = (at(fields), fields.u16(4)) else { return Ok(()) };
        if text.is_empty() {
            return Ok(());
        }
        let text = lines(text);
        let shown = self.globals.format(style).text(&text);
        self.put(at, Stored::Text(text), shown, None)
    }

    fn number(&mut self, at: CellRef, style: u16, number: f64, formula: Option<String>) -> Result<(), Fault> {
        let shown = self.globals.format(style).number(number, self.globals.date1904);
        self.put(at, Stored::Number(number), shown, formula)
    }

    fn bool_or_error(&mut self, at: CellRef, value: u8, is_error: bool, formula: Option<String>) -> Result<(), Fault> {
        if is_error {
            let name = error_name(value).to_string();
            return self.put(at, Stored::Error(name.clone()), name, formula);
        }
        let shown = if value != 0 { "TRUE" } else { "FALSE" };
        self.put(at, Stored::Bool(value != 0), shown.into(), formula)
    }

    fn mul_rk(&mut self, fields: &Fields<'_>) -> Result<(), Fault> {
        let (Some(row), Some(first)) = (fields.u16(0), fields.u16(2)) else { return Ok(()) };
        let count = fields.0.len().saturating_sub(6) / 6;
        for n in 0..count {
            if let (Some(style), Some(rk)) = (fields.u16(4 + n * 6), fields.u32(6 + n * 6)) {
                let col = u32::from(first) + u32::try_from(n).unwrap_or(u32::MAX);
                self.number(CellRef::new(u32::from(row), col), style, rk_number(rk), None)?;
            }
        }
        Ok(())
    }

    fn formula(&mut self, fields: &Fields<'_>) -> Result<(), Fault> {
        let (Some(at), Some(style), Some(value)) = (at(fields), fields.u16(4), fields.0.get(6..14)) else { return Ok(()) };
        self.last_formula = Some(at);
        self.waiting = None;
        let rgce_at = 22;
        let length = usize::from(fields.u16(rgce_at - 2).unwrap_or(0));
        let rgce = fields.0.get(rgce_at..).map(|r| r.get(..length).unwrap_or(r)).unwrap_or(&[]);
        if let Some(first) = formula::shared_from(rgce) {
            self.pending_shared.push((at, first));
        }
        let text = Some(formula::text(rgce, self.globals, at));
        if value[6..8] != [0xFF, 0xFF] {
            let number = fields.f64(6).filter(|n| n.is_finite()).unwrap_or(0.0);
            return self.number(at, style, number, text);
        }
        match value[0] {
            0 => {
                self.waiting = Some(at);
                self.put(at, Stored::Nothing, String::new(), text)
            }
            1 => self.bool_or_error(at, value[2], false, text),
            2 => self.bool_or_error(at, value[2], true, text),
            _ => self.put(at, Stored::Text(String::new()), String::new(), text),
        }
    }

    /// The text result of the formula before.
    fn string(&mut self, record: &Record<'_>) -> Result<(), Fault> {
        let Some(at) = self.waiting.take() else { return Ok(()) };
        let text =
            if self.globals.biff8 { Pieces::new(&record.pieces).string() } else { short(record.data(), 0, true, false, self.globals.encoding) };
        let Some(text) = text.map(lines) else { return Ok(()) };
        self.meter.text(text.len())?;
        if let Some(cell) = self.sheet.cells.get_mut(&at) {
            cell.shown = text.clone();
            cell.stored = Stored::Text(text);
        }
        Ok(())
    }

    fn merges(&mut self, fields: &Fields<'_>) -> Result<(), Fault> {
        let count = usize::from(fields.u16(0).unwrap_or(0));
        for n in 0..count {
            let Some(area) = area(fields, 2 + n * 8) else { break };
            if area.first != area.last {
                self.meter.merge()?;
                self.sheet.merges.push(area);
            }
        }
        Ok(())
    }

    /// A data validation: title and messages, the formula of the list, the areas.
    fn validation(&mut self, record: &Record<'_>) -> Result<(), Fault> {
        let _ = validation(record).map(|list| self.lists.push(list));
        self.meter.extra(0)
    }
}

fn validation(record: &Record<'_>) -> Option<List> {
    let mut pieces = Pieces::new(&record.pieces);
    let flags = pieces.u32()?;
    if flags & 0xF != 3 {
        return None;
    }
    for _ in 0..4 {
        pieces.string()?;
    }
    let length = usize::from(pieces.u16()?);
    pieces.u16()?;
    let rgce: Vec<u8> = (0..length).map_while(|_| pieces.u8()).collect();
    let second = usize::from(pieces.u16()?);
    pieces.u16()?;
    pieces.skip(second)?;
    let count = pieces.u16()?;
    let mut areas = Vec::new();
    for _ in 0..count {
        let (r1, r2, c1, c2) = (pieces.u16()?, pieces.u16()?, pieces.u16()?, pieces.u16()?);
        areas.push(Area { first: CellRef::new(r1.into(), c1.into()), last: CellRef::new(r2.into(), c2.into()) });
    }
    Some(List { areas, words: formula::list_source(&rgce)? })
}

/// Row and column at the start of a cell's record.
fn at(fields: &Fields<'_>) -> Option<CellRef> {
    Some(CellRef::new(u32::from(fields.u16(0)?), u32::from(fields.u16(2)?)))
}

fn area(fields: &Fields<'_>, at: usize) -> Option<Area> {
    let (r1, r2, c1, c2) = (fields.u16(at)?, fields.u16(at + 2)?, fields.u16(at + 4)?, fields.u16(at + 6)?);
    let first = CellRef::new(u32::from(r1.min(r2)), u32::from(c1.min(c2)));
    Some(Area { first, last: CellRef::new(u32::from(r1.max(r2)), u32::from(c1.max(c2))) })
}

fn lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// RK: thirty bits of an integer or of a float, perhaps in hundredths (MS-XLS 2.5.217).
pub(in crate::workbook) fn rk_number(rk: u32) -> f64 {
    let number = if rk & 2 != 0 { f64::from(rk.cast_signed() >> 2) } else { f64::from_bits(u64::from(rk & 0xFFFF_FFFC) << 32) };
    let number = if number.is_finite() { number } else { 0.0 };
    if rk & 1 != 0 { number / 100.0 } else { number }
}
