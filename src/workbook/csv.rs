//! Text in columns: comma, tab or semicolon; UTF-8, UTF-16 or Shift_JIS.

use super::limits::{Fault, Meter, in_grid};
use super::{Cell, CellRef, Format, Sheet, Stored, Unreadable, Workbook};

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
    for (at, field) in fields(text, separator(text)) {
        in_grid(at.row, at.col).and_then(|()| meter.cell(field.len())).map_err(|fault| match fault {
            Fault::File(reason) => reason,
            Fault::Sheet(reason) => Unreadable::OverLimit(reason),
        })?;
        let looks_plain = field.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let plain = field.trim().parse::<f64>().ok().filter(|n| n.is_finite() && looks_plain);
        let stored = plain.map_or_else(|| Stored::Text(field.clone()), Stored::Number);
        sheet.cells.insert(at, Cell { shown: field, stored, formula: None });
    }
    Ok(Workbook { format: Format::Csv, sheets: vec![sheet], modified: None, broken: Vec::new(), values: Default::default() })
}

/// The filled fields with their places, as Excel reads them: blank lines are rows, a line break in quotes is none.
fn fields(text: &str, separator: char) -> impl Iterator<Item = (CellRef, String)> + '_ {
    let mut chars = text.chars().peekable();
    let mut at = CellRef::new(0, 0);
    std::iter::from_fn(move || {
        loop {
            chars.peek()?;
            let mut field = String::new();
            let mut quoted = false;
            let mut begun = false;
            let mut next = None;
            while let Some(c) = chars.next() {
                let line_end = matches!(c, '\r' | '\n');
                match c {
                    '"' if quoted && chars.peek() == Some(&'"') => {
                        chars.next();
                        field.push('"');
                    }
                    '"' if quoted => quoted = false,
                    '"' if !begun => quoted = true,
                    _ if quoted && c == '\r' && chars.peek() == Some(&'\n') => {}
                    _ if quoted => field.push(c),
                    _ if c == separator => {
                        next = Some(CellRef::new(at.row, at.col.saturating_add(1)));
                        break;
                    }
                    _ if line_end => {
                        if c == '\r' {
                            chars.next_if_eq(&'\n');
                        }
                        next = Some(CellRef::new(at.row.saturating_add(1), 0));
                        break;
                    }
                    _ => field.push(c),
                }
                begun = true;
            }
            let place = at;
            at = next.unwrap_or(CellRef::new(at.row, at.col.saturating_add(1)));
            if !field.is_empty() {
                return Some((place, field));
            }
        }
    })
}

/// The sign that stands most often in the first lines, outside quotes.
fn separator(text: &str) -> char {
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
    counts.iter().rev().max_by_key(|c| c.1).filter(|c| c.1 > 0).map_or(',', |c| char::from(c.0))
}

fn sheet_name(name: &str) -> String {
    let file = name.rsplit(['/', '!']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_string()
}
