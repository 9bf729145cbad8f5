//! What all sheets of a workbook share: strings, number formats, names of sheets.

use super::records::{Fields, Record, Records, kind};
use super::strings::{Pieces, code_page, short};
use crate::finding::Text;
use crate::workbook::limits::TEXT_BYTES;
use crate::workbook::numfmt::{NumFmt, builtin};
use crate::workbook::{Unreadable, Visibility};
use std::collections::BTreeMap;

/// One sheet as the globals name it.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) at: usize,
}

/// The shared part.
pub(super) struct Globals {
    pub(super) biff8: bool,
    pub(super) encoding: &'static encoding_rs::Encoding,
    pub(super) date1904: bool,
    pub(super) sheets: Vec<Entry>,
    pub(super) strings: Vec<String>,
    /// Names defined in the workbook, in their order, for formulas.
    pub(super) names: Vec<String>,
    /// The names of all tabs, charts too: references count them.
    tabs: Vec<String>,
    /// For each book that is referred to, whether it is this one.
    own_books: Vec<bool>,
    /// Book and first tab of each reference to a sheet.
    externs: Vec<(u16, u16)>,
    formats: Vec<NumFmt>,
    of_style: Vec<usize>,
    general: NumFmt,
}

impl Globals {
    /// The name of the sheet that a reference means, if it is one of this workbook.
    pub(super) fn extern_sheet(&self, index: u16) -> Option<&str> {
        let (book, tab) = self.externs.get(usize::from(index))?;
        let own = self.own_books.get(usize::from(*book))?;
        own.then(|| self.tabs.get(usize::from(*tab)).map(String::as_str)).flatten()
    }

    /// The number format of a cell style.
    pub(super) fn format(&self, style: u16) -> &NumFmt {
        self.of_style.get(usize::from(style)).and_then(|n| self.formats.get(*n)).unwrap_or(&self.general)
    }
}

fn damaged() -> Unreadable {
    Unreadable::Damaged(Text::new("ファイルが壊れています（ブックの構成が読めません）", "the file is damaged (its globals cannot be read)"))
}

/// Reads the globals at the start of the stream.
pub(super) fn read(stream: &[u8]) -> Result<Globals, Unreadable> {
    let mut records = Records::new(stream, 0);
    let first = records.next().ok_or_else(damaged)?;
    if first.kind != kind::BOF {
        return Err(damaged());
    }
    let biff8 = Fields(first.data()).u16(0) == Some(0x0600);
    let mut out = Globals {
        biff8,
        encoding: encoding_rs::SHIFT_JIS,
        date1904: false,
        sheets: Vec::new(),
        strings: Vec::new(),
        names: Vec::new(),
        tabs: Vec::new(),
        own_books: Vec::new(),
        externs: Vec::new(),
        formats: Vec::new(),
        of_style: Vec::new(),
        general: NumFmt::parse("General"),
    };
    let mut codes: BTreeMap<u16, String> = BTreeMap::new();
    let mut styles: Vec<u16> = Vec::new();
    let mut ended = false;
    for record in records {
        let fields = Fields(record.data());
        match record.kind {
            kind::EOF => {
                ended = true;
                break;
            }
            kind::CODE_PAGE => out.encoding = code_page(fields.u16(0).unwrap_or(932)),
            kind::DATE_MODE => out.date1904 = fields.u16(0) == Some(1),
            kind::BOUND_SHEET => bound_sheet(&record, &mut out),
            kind::FORMAT => {
                let code = short(record.data(), 2, biff8, biff8, out.encoding);
                if let (Some(id), Some(code)) = (fields.u16(0), code) {
                    codes.insert(id, code);
                }
            }
            kind::XF => styles.push(fields.u16(2).unwrap_or(0)),
            kind::NAME => out.names.push(name(&record, &out).unwrap_or_default()),
            kind::SUP_BOOK => out.own_books.push(fields.u16(2) == Some(0x0401)),
            kind::EXTERN_SHEET => {
                let count = usize::from(fields.u16(0).unwrap_or(0));
                out.externs.extend((0..count).map_while(|n| Some((fields.u16(2 + n * 6)?, fields.u16(4 + n * 6)?))));
            }
            kind::SST => strings(&record, &mut out)?,
            _ => {}
        }
    }
    if !ended && out.sheets.is_empty() {
        return Err(damaged());
    }
    settle_formats(&mut out, &codes, &styles);
    Ok(out)
}

fn settle_formats(out: &mut Globals, codes: &BTreeMap<u16, String>, styles: &[u16]) {
    let mut known: BTreeMap<u16, usize> = BTreeMap::new();
    for id in styles {
        let index = *known.entry(*id).or_insert_with(|| {
            out.formats.push(NumFmt::parse(codes.get(id).map_or_else(|| builtin(*id), String::as_str)));
            out.formats.len() - 1
        });
        out.of_style.push(index);
    }
}

fn bound_sheet(record: &Record<'_>, out: &mut Globals) {
    let fields = Fields(record.data());
    let name = short(record.data(), 6, false, out.biff8, out.encoding).unwrap_or_else(|| format!("Sheet{}", out.tabs.len() + 1));
    out.tabs.push(name.clone());
    // Only worksheets; charts, macro sheets and modules hold no answers.
    let (Some(at), Some(state), Some(0)) = (fields.u32(0), fields.u8(4), fields.u8(5)) else { return };
    let visibility = match state & 3 {
        1 => Visibility::Hidden,
        2 => Visibility::VeryHidden,
        _ => Visibility::Visible,
    };
    out.sheets.push(Entry { name, visibility, at: at as usize });
}

fn name(record: &Record<'_>, out: &Globals) -> Option<String> {
    let fields = Fields(record.data());
    let count = usize::from(fields.u8(3)?);
    let data = record.data();
    if !out.biff8 {
        return Some(out.encoding.decode(data.get(14..14 + count)?).0.into_owned());
    }
    let rest = [data.get(15..)?];
    Pieces::new(&rest).chars(count, fields.u8(14)? & 1 != 0)
}

/// The shared strings. Their number is not believed; a table that is cut short gives those that are whole.
fn strings(record: &Record<'_>, out: &mut Globals) -> Result<(), Unreadable> {
    let mut pieces = Pieces::new(&record.pieces);
    let _ = pieces.skip(8);
    let mut total = 0u64;
    while let Some(text) = pieces.string() {
        total += text.len() as u64;
        if total > TEXT_BYTES {
            let mb = TEXT_BYTES >> 20;
            let ja = format!("文字の量が上限（{mb}MB）を超えています");
            return Err(Unreadable::OverLimit(Text::new(ja, format!("more than {mb} MB of text"))));
        }
        out.strings.push(text);
    }
    Ok(())
}
