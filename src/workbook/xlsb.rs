//! Binary Office Open XML workbooks (.xlsb): the package of an .xlsx with records in place of XML (MS-XLSB).
//!
//! In: the bytes of the zip. Out: a [`Workbook`].
//! Stays true: as in `xlsx`, cells are kept sparsely and every count that a file states of itself is ignored.
//! Beside calamine, which reads values and formulas in a child process (`child`): it gives no number formats and no visibility, and takes memory for counts.
//! Not read here: the text of formulas (`?` until calamine gives it), comments and shapes; they are rare in this format.

use super::archive::Archive;
use super::bytes;
use super::limits::{COLS, Fault, Meter, ROWS, SHEETS, in_grid};
use super::numfmt::{NumFmt, builtin};
use super::xlsx::{Part, modified, relations};
use super::{Area, Cell, CellRef, Format, Sheet, Stored, Unreadable, Visibility, Workbook};
use crate::finding::Text;
use std::collections::BTreeMap;

/// Types of records (MS-XLSB 2.3).
mod kind {
    pub(super) const ROW: u16 = 0x0000;
    pub(super) const RK: u16 = 0x0002;
    pub(super) const ERROR: u16 = 0x0003;
    pub(super) const BOOL: u16 = 0x0004;
    pub(super) const REAL: u16 = 0x0005;
    pub(super) const STRING: u16 = 0x0006;
    pub(super) const SHARED: u16 = 0x0007;
    pub(super) const FORMULA_STRING: u16 = 0x0008;
    pub(super) const FORMULA_NUMBER: u16 = 0x0009;
    pub(super) const FORMULA_BOOL: u16 = 0x000A;
    pub(super) const FORMULA_ERROR: u16 = 0x000B;
    pub(super) const SST_ITEM: u16 = 0x0013;
    pub(super) const FORMAT: u16 = 0x002C;
    pub(super) const XF: u16 = 0x002F;
    pub(super) const COLUMN: u16 = 0x003C;
    pub(super) const CELL_RICH_STRING: u16 = 0x003E;
    pub(super) const END_SHEET: u16 = 0x0082;
    pub(super) const WORKBOOK_PROPERTIES: u16 = 0x0099;
    pub(super) const SHEET: u16 = 0x009C;
    pub(super) const MERGE: u16 = 0x00B0;
    pub(super) const BEGIN_CELL_XFS: u16 = 0x0269;
    pub(super) const END_CELL_XFS: u16 = 0x026A;
}

/// Walks over the records of a part.
struct Records<'a> {
    data: &'a [u8],
    at: usize,
}

impl Records<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.data.get(self.at)?;
        self.at += 1;
        Some(byte)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, Fields<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.byte()?;
        let kind = if first & 0x80 != 0 { u16::from(first & 0x7F) | u16::from(self.byte()? & 0x7F) << 7 } else { u16::from(first) };
        let mut length = 0usize;
        for n in 0..4 {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7F) << (7 * n);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let data = self.data.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some((kind, Fields(data)))
    }
}

/// Little-endian fields of a record.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u8(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        bytes::u16_at(self.0, at)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        bytes::u32_at(self.0, at)
    }

    fn f64(&self, at: usize) -> Option<f64> {
        bytes::f64_at(self.0, at).filter(|n| n.is_finite())
    }

    /// A string with a length of four bytes, and the place behind it.
    fn string(&self, at: usize) -> Option<(String, usize)> {
        let length = usize::try_from(self.u32(at)?).ok()?;
        if length == 0xFFFF_FFFF {
            return Some((String::new(), at + 4));
        }
        let end = (at + 4).checked_add(length.checked_mul(2)?)?;
        let units: Vec<u16> = self.0.get(at + 4..end)?.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
        Some((String::from_utf16_lossy(&units).replace("\r\n", "\n"), end))
    }
}

/// What the sheets share.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    formats: Vec<NumFmt>,
    of_style: Vec<usize>,
    date1904: bool,
}

impl Book {
    fn number(&self, style: u32, number: f64) -> String {
        let format = self.of_style.get(style as usize).and_then(|n| self.formats.get(*n));
        format.map_or_else(|| super::decimal::general(number), |f| f.number(number, self.date1904))
    }

    fn text(&self, style: u32, text: &str) -> String {
        let format = self.of_style.get(style as usize).and_then(|n| self.formats.get(*n));
        format.map_or_else(|| text.to_string(), |f| f.text(text))
    }
}

fn damaged(detail: &str) -> Unreadable {
    Unreadable::Damaged(Text::new(format!("ファイルが壊れています（{detail}）"), format!("the file is damaged ({detail})")))
}

/// Reads a workbook.
///
/// # Errors
/// If the archive or one of its central parts is damaged, or over a limit.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let mut archive = Archive::open(bytes)?;
    let workbook_part = archive.read("xl/workbook.bin")?.ok_or_else(|| damaged("xl/workbook.bin"))?;
    let related: BTreeMap<String, Part> = relations(&mut archive, "xl/workbook.bin")?;
    let mut meter = Meter::default();
    let mut book = Book::default();
    let entries = sheets(&workbook_part, &mut book)?;
    read_strings(&mut archive, &mut book, &mut meter)?;
    read_styles(&mut archive, &mut book)?;
    let mut out = Workbook { format: Format::Xlsb, sheets: Vec::new(), modified: None, broken: Vec::new(), values: Default::default() };
    for (name, visibility, id) in entries {
        let Some(part) = related.get(&id).filter(|p| p.kind == "worksheet") else { continue };
        let content = match archive.read(&part.target) {
            Ok(Some(content)) => content,
            Ok(None) => {
                out.broken.push((name, Text::new("シートの中身がファイルにありません", "the sheet's content is not in the file")));
                continue;
            }
            Err(Unreadable::Damaged(reason)) => {
                out.broken.push((name, reason));
                continue;
            }
            Err(other) => return Err(other),
        };
        match sheet(&content, &book, &mut meter) {
            Ok(sheet) => out.sheets.push(Sheet { name, visibility, ..sheet }),
            Err(Fault::Sheet(reason)) => out.broken.push((name, reason)),
            Err(Fault::File(reason)) => return Err(reason),
        }
    }
    out.modified = modified(&mut archive)?;
    archive.check_rest()?;
    Ok(out)
}

/// Names, visibility and relation of the sheets.
fn sheets(data: &[u8], book: &mut Book) -> Result<Vec<(String, Visibility, String)>, Unreadable> {
    let mut out = Vec::new();
    for (kind, fields) in (Records { data, at: 0 }) {
        match kind {
            kind::WORKBOOK_PROPERTIES => book.date1904 = fields.u32(0).unwrap_or(0) & 1 != 0,
            kind::SHEET => {
                let visibility = match fields.u32(0) {
                    Some(1) => Visibility::Hidden,
                    Some(2) => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                let Some((id, next)) = fields.string(8) else { continue };
                let name = fields.string(next).map_or_else(|| format!("Sheet{}", out.len() + 1), |n| n.0);
                out.push((name, visibility, id));
                if out.len() > SHEETS {
                    let ja = format!("シートの数が上限（{SHEETS}）を超えています");
                    return Err(Unreadable::OverLimit(Text::new(ja, format!("more than {SHEETS} sheets"))));
                }
            }
            _ => {}
        }
    }
    Ok(out)
}

fn read_strings(archive: &mut Archive<'_>, book: &mut Book, meter: &mut Meter) -> Result<(), Unreadable> {
    let Some(data) = archive.read("xl/sharedStrings.bin")? else { return Ok(()) };
    for (kind, fields) in (Records { data: &data, at: 0 }) {
        if kind == kind::SST_ITEM {
            let text = fields.string(1).map_or_else(String::new, |t| t.0);
            meter.text(text.len()).map_err(|fault| match fault {
                Fault::File(reason) => reason,
                Fault::Sheet(reason) => Unreadable::Damaged(reason),
            })?;
            book.strings.push(text);
        }
    }
    Ok(())
}

fn read_styles(archive: &mut Archive<'_>, book: &mut Book) -> Result<(), Unreadable> {
    let Some(data) = archive.read("xl/styles.bin")? else { return Ok(()) };
    let mut codes: BTreeMap<u16, String> = BTreeMap::new();
    let mut known: BTreeMap<u16, usize> = BTreeMap::new();
    let mut inside = false;
    for (kind, fields) in (Records { data: &data, at: 0 }) {
        match kind {
            kind::FORMAT => {
                if let (Some(id), Some((code, _))) = (fields.u16(0), fields.string(2)) {
                    codes.insert(id, code);
                }
            }
            kind::BEGIN_CELL_XFS => inside = true,
            kind::END_CELL_XFS => inside = false,
            kind::XF if inside => {
                let id = fields.u16(2).unwrap_or(0);
                let index = *known.entry(id).or_insert_with(|| {
                    book.formats.push(NumFmt::parse(codes.get(&id).map_or_else(|| builtin(id), String::as_str)));
                    book.formats.len() - 1
                });
                book.of_style.push(index);
            }
            _ => {}
        }
    }
    Ok(())
}

fn sheet(data: &[u8], book: &Book, meter: &mut Meter) -> Result<Sheet, Fault> {
    let mut sheet = Sheet::default();
    let mut row = 0;
    let mut ended = false;
    for (kind, fields) in (Records { data, at: 0 }) {
        match kind {
            kind::ROW => {
                row = fields.u32(0).unwrap_or(u32::MAX);
                in_grid(row, 0)?;
                if fields.u8(11).unwrap_or(0) & 0x10 != 0 {
                    sheet.hidden_rows.insert(row);
                }
            }
            kind::COLUMN => {
                if let (Some(first), Some(last), Some(flags)) = (fields.u32(0), fields.u32(4), fields.u16(16))
                    && (flags & 1 != 0 || fields.u32(8) == Some(0))
                {
                    sheet.hidden_cols.extend(first..=last.min(COLS - 1));
                }
            }
            kind::MERGE => {
                let corners = (fields.u32(0), fields.u32(4), fields.u32(8), fields.u32(12));
                if let (Some(r1), Some(r2), Some(c1), Some(c2)) = corners
                    && r1 <= r2
                    && c1 <= c2
                    && r2 < ROWS
                    && c2 < COLS
                    && (r1, c1) != (r2, c2)
                {
                    meter.merge()?;
                    sheet.merges.push(Area { first: CellRef::new(r1, c1), last: CellRef::new(r2, c2) });
                }
            }
            kind::RK..=kind::FORMULA_ERROR | kind::CELL_RICH_STRING => cell(kind, &fields, row, book, meter, &mut sheet)?,
            kind::END_SHEET => ended = true,
            _ => {}
        }
    }
    if ended { Ok(sheet) } else { Err(Fault::broken("the records are cut short")) }
}

fn cell(kind: u16, fields: &Fields<'_>, row: u32, book: &Book, meter: &mut Meter, sheet: &mut Sheet) -> Result<(), Fault> {
    let (Some(col), Some(style)) = (fields.u32(0), fields.u32(4)) else { return Ok(()) };
    in_grid(row, col)?;
    let style = style & 0x00FF_FFFF;
    let number = |n: f64| (Stored::Number(n), book.number(style, n));
    let text = |t: String| {
        let shown = book.text(style, &t);
        (Stored::Text(t), shown)
    };
    let found = match kind {
        kind::RK => fields.u32(8).map(|rk| number(super::xls::rk_number(rk))),
        kind::ERROR | kind::FORMULA_ERROR => fields.u8(8).map(|code| {
            let name = super::xls::error_name(code).to_string();
            (Stored::Error(name.clone()), name)
        }),
        kind::BOOL | kind::FORMULA_BOOL => {
            fields.u8(8).map(|v| (Stored::Bool(v != 0), if v != 0 { "TRUE".to_string() } else { "FALSE".to_string() }))
        }
        kind::REAL | kind::FORMULA_NUMBER => fields.f64(8).map(number),
        kind::STRING | kind::FORMULA_STRING => fields.string(8).map(|t| text(t.0)),
        kind::CELL_RICH_STRING => fields.string(9).map(|t| text(t.0)),
        kind::SHARED => match fields.u32(8).and_then(|n| book.strings.get(n as usize)) {
            Some(string) => Some(text(string.clone())),
            None => {
                return Err(Fault::Sheet(Text::new("文字列の番号が文字列の表にありません", "a string number is not in the table of strings")));
            }
        },
        _ => None,
    };
    let Some((stored, shown)) = found else { return Ok(()) };
    let formula = (kind::FORMULA_STRING..=kind::FORMULA_ERROR).contains(&kind).then(|| "?".to_string());
    if formula.is_none() && shown.is_empty() && stored == Stored::Text(String::new()) {
        return Ok(());
    }
    meter.cell(shown.len())?;
    sheet.cells.insert(CellRef::new(row, col), Cell { shown, stored, formula });
    Ok(())
}
