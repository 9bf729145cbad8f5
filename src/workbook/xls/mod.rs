//! Excel 97–2003 workbooks (.xls): BIFF8, and BIFF5 of Excel 95.
//!
//! In: the bytes of an OLE file. Out: a [`Workbook`].
//! Stays true: records are walked one by one and cells kept sparsely, so neither lying dimensions nor far-off cells cost memory; one bad sheet costs itself.
//! Beside calamine, which reads the values in a child process (`child`): it allocates the bounding box while it opens the file, and gives neither number formats
//! nor hidden rows nor notes; so this pass makes the grid, and its values stand if the child fails.
//! Parts: `records` (the stream), `strings`, `globals` (fonts aside), `sheet` (the grid), `drawing` (notes and shapes), `formula` (its text).

mod drawing;
mod formula;
mod globals;
mod records;
mod sheet;
mod strings;

pub(super) use records::error_name;
pub(super) use sheet::rk_number;

use super::limits::{Fault, Meter, SHEETS};
use super::{Format, Unreadable, Workbook, crypt};
use crate::finding::Text;
use std::io::{Cursor, Read};

/// Reads a workbook; `ole` is the opened file.
///
/// # Errors
/// If the stream is damaged, locked or over a limit.
pub(super) fn read(bytes: &[u8], passwords: &[String]) -> Result<Workbook, Unreadable> {
    let mut ole = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let mut stream = stream(&mut ole, bytes.len())?;
    crypt::unlock_biff(&mut stream, passwords)?;
    let mut workbook = read_stream(&stream)?;
    workbook.modified = crate::workbook::ole_properties::modified(&mut ole, bytes.len());
    Ok(workbook)
}

fn damaged(detail: &str) -> Unreadable {
    Unreadable::Damaged(Text::new(format!("ファイルが壊れています（{detail}）"), format!("the file is damaged ({detail})")))
}

/// The stream `Workbook` (`Book` in Excel 95). It cannot be longer than the file.
fn stream(ole: &mut cfb::CompoundFile<Cursor<&[u8]>>, limit: usize) -> Result<Vec<u8>, Unreadable> {
    for name in ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"] {
        if let Ok(stream) = ole.open_stream(name) {
            let mut out = Vec::new();
            stream.take(limit as u64).read_to_end(&mut out).map_err(|e| damaged(&e.to_string()))?;
            return Ok(out);
        }
    }
    Err(damaged("Workbook"))
}

/// Whether the records are those of Excel 97 and later; `None` if there are none.
pub(super) fn is_biff8(bytes: &[u8]) -> Option<bool> {
    let mut ole = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let stream = stream(&mut ole, bytes.len()).ok()?;
    Some(stream.get(4..6)? == [0x00, 0x06])
}

/// Reads the records of a workbook.
///
/// # Errors
/// As [`read`].
pub(super) fn read_stream(stream: &[u8]) -> Result<Workbook, Unreadable> {
    let globals = globals::read(stream)?;
    if globals.sheets.len() > SHEETS {
        return Err(Unreadable::OverLimit(Text::new(format!("シートの数が上限（{SHEETS}）を超えています"), format!("more than {SHEETS} sheets"))));
    }
    let mut meter = Meter::default();
    let mut out = Workbook { format: Format::Xls, sheets: Vec::new(), modified: None, broken: Vec::new(), values: Default::default() };
    let mut lists = Vec::new();
    for entry in &globals.sheets {
        match sheet::read(stream, entry, &globals, &mut meter) {
            Ok((mut sheet, found)) => {
                sheet.name = entry.name.clone();
                sheet.visibility = entry.visibility;
                lists.push((out.sheets.len(), found));
                out.sheets.push(sheet);
            }
            Err(Fault::Sheet(reason)) => out.broken.push((entry.name.clone(), reason)),
            Err(Fault::File(reason)) => return Err(reason),
        }
    }
    sheet::settle_choices(&mut out.sheets, lists);
    Ok(out)
}
