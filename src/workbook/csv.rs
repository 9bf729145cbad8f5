//! Text in columns: comma, tab or semicolon; UTF-8, UTF-16 or Shift_JIS.

use super::limits::{Fault, Meter, in_grid};
use super::{Cell, CellRef, Format, Sheet, Stored, Unreadable, Workbook};
use crate::finding::Text;

/// The text of a file: by its byte order mark, else UTF-8, else Shift_JIS as Excel in Japan writes it.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        // A head that was cut inside a character is UTF-8 all the same.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(bytes).0.into_owned(),
    }
}

/// Reads the text as one sheet. Everything is text, and shown as it stands; plain numbers are numbers too.
///
/// # Errors
/// If it is over a limit.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<Workbook, Unreadable> {
    let text = decode(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut meter = Meter::default();
    let mut sheet = Sheet { name: sheet_name(name), ..Default::default() };
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(text)).from_reader(text.as_bytes());
    let mut record = ::csv::StringRecord::new();
    // The reader counts lines; blank ones are no records, yet they are rows.
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                return Err(Unreadable::Damaged(Text::new(format!("CSVとして読めません（{error}）"), format!("cannot be read as CSV ({error})"))));
            }
        }
        let row = record.position().map_or(0, |p| p.line().saturating_sub(1));
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        for (col, field) in record.iter().enumerate().filter(|(_, f)| !f.is_empty()) {
            let at = CellRef::new(row, u32::try_from(col).unwrap_or(u32::MAX));
            in_grid(at.row, at.col).and_then(|()| meter.cell(field.len())).map_err(|fault| match fault {
                Fault::File(reason) => reason,
                Fault::Sheet(reason) => Unreadable::OverLimit(reason),
            })?;
            let shown = field.replace("\r\n", "\n");
            let plain = shown.trim().parse::<f64>().ok().filter(|n| n.is_finite() && shown.starts_with(|c: char| c.is_ascii_digit() || c == '-'));
            let stored = plain.map_or_else(|| Stored::Text(shown.clone()), Stored::Number);
            sheet.cells.insert(at, Cell { shown, stored, formula: None });
        }
    }
    Ok(Workbook { format: Format::Csv, sheets: vec![sheet], modified: None, broken: Vec::new() })
}

/// The sign that stands most often in the first lines, outside quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0u32), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(20_000) {
        if byte == b'"' {
            quoted = !quoted;
        }
        if let (false, Some(found)) = (quoted, counts.iter_mut().find(|c| c.0 == byte)) {
            found.1 += 1;
        }
    }
    counts.iter().rev().max_by_key(|c| c.1).filter(|c| c.1 > 0).map_or(b',', |c| c.0)
}

fn sheet_name(name: &str) -> String {
    let file = name.rsplit(['/', '!']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_string()
}
