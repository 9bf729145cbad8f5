//! Workbooks: any spreadsheet becomes sparse grids with merges, visibility, formulas and notes. All guards are here.
//!
//! In: the bytes of one file. Out: a [`Workbook`], or the reason why it cannot be read.
//! Stays true: nothing here panics, hangs or runs out of memory whatever the bytes are; one bad sheet costs only itself.
//! Neighbours: `intake` hands in bytes and looks for forms in the grids. Nothing above this room knows file formats.
//!
//! How values are read: our own passes make the grid, with all that calamine does not give (texts as shown, visibility, merges, notes, shapes, validations,
//! passwords) and the values as stored. Calamine then reads every value once more and lays it over ([`Tally`]): .xlsx in this process, cell by cell; .xls, .xlsb
//! and .ods, whose dense ranges could abort the process, in a child process with limits of time and memory ([`child`]). A value that calamine bends or cannot
//! read stays as stored, so that results never depend on the child. The own passes keep only cells that are there, believe no count that a file states of
//! itself, and count every cell and every text before they keep it ([`limits`]). `tests/workbook/hostile.rs` has a file for every figure,
//! `tests/workbook/peers.rs` counts where calamine reads otherwise (nowhere in the samples), `fuzz/` bends workbooks without the fence of [`read`].

pub(crate) mod archive;
mod bytes;
mod calendar;
pub mod child;
mod crypt;
mod csv;
mod decimal;
pub mod limits;
mod numfmt;
mod ods;
mod ole_properties;
mod sniff;
mod values;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use crate::finding::Text;
use sniff::Kind;
use std::collections::{BTreeMap, BTreeSet};
pub use values::Tally;

/// A position in a sheet, zero-based. Shown to people only through [`CellRef::a1`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
}

impl CellRef {
    /// From zero-based row and column.
    pub fn new(row: u32, col: u32) -> Self {
        CellRef { row, col }
    }

    /// The address as Excel shows it: `F14`.
    pub fn a1(self) -> String {
        let mut letters = Vec::new();
        let mut n = u64::from(self.col) + 1;
        while n > 0 {
            letters.push(b'A' + ((n - 1) % 26) as u8);
            n = (n - 1) / 26;
        }
        letters.reverse();
        format!("{}{}", String::from_utf8_lossy(&letters), u64::from(self.row) + 1)
    }

    /// Reads `F14` or `$F$14`.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| *c != '$').collect();
        let split = text.find(|c: char| c.is_ascii_digit())?;
        let (letters, digits) = text.split_at(split);
        if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let col = letters.bytes().fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = digits.parse().ok()?;
        Some(CellRef { row: row.checked_sub(1)?, col: col - 1 })
    }
}

/// A rectangle of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// Top left.
    pub first: CellRef,
    /// Bottom right.
    pub last: CellRef,
}

impl Area {
    /// Reads `B2:D9`, `$B$2:$D$9` or a single address; corners in any order. Whole columns and rows (`A:A`) are none.
    pub fn parse(text: &str) -> Option<Self> {
        let (a, b) = text.trim().split_once(':').unwrap_or((text.trim(), text.trim()));
        let (a, b) = (CellRef::parse(a)?, CellRef::parse(b)?);
        let first = CellRef::new(a.row.min(b.row), a.col.min(b.col));
        Some(Area { first, last: CellRef::new(a.row.max(b.row), a.col.max(b.col)) })
    }

    /// Whether the cell lies in it.
    pub fn contains(&self, at: CellRef) -> bool {
        (self.first.row..=self.last.row).contains(&at.row) && (self.first.col..=self.last.col).contains(&at.col)
    }
}

/// The kinds of file that are read, told by content and not by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML (also .xlsm).
    Xlsx,
    /// Binary Office Open XML.
    Xlsb,
    /// Excel 97–2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Comma- or tab-separated text.
    Csv,
}

/// A workbook.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// What it is.
    pub format: Format,
    /// Its sheets, in order, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// When it was last saved, by its own document properties (local time as written).
    pub modified: Option<chrono::NaiveDateTime>,
    /// Sheets that could not be read, with the reason in Japanese and English.
    pub broken: Vec<(String, Text)>,
    /// How calamine read the values.
    pub values: Tally,
}

/// Whether a sheet is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Shown.
    #[default]
    Visible,
    /// Hidden by menu.
    Hidden,
    /// Hidden so that only a macro shows it.
    VeryHidden,
}

/// One sheet: only the cells that hold something.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is shown.
    pub visibility: Visibility,
    /// Cells that hold a value, a formula or an error.
    pub cells: BTreeMap<CellRef, Cell>,
    /// Merged areas.
    pub merges: Vec<Area>,
    /// Hidden rows, zero-based.
    pub hidden_rows: BTreeSet<u32>,
    /// Hidden columns, zero-based.
    pub hidden_cols: BTreeSet<u32>,
    /// Notes and comments of cells.
    pub comments: Vec<(CellRef, String)>,
    /// Texts and marks that lie over the grid.
    pub shapes: Vec<Shape>,
    /// Lists of choices allowed in an area.
    pub choices: Vec<(Area, Vec<String>)>,
    /// Texts of which a part is set apart from the rest, by cell (.xlsx and .xlsm only).
    pub set_apart: BTreeMap<CellRef, SetApart>,
}

/// How parts of a text are set apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetApart {
    /// The characters that are struck out.
    pub struck: String,
    /// Whether some characters are bold, underlined or coloured and others are not.
    pub mixed: bool,
}

/// A drawing over the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The cells it covers.
    pub over: Area,
    /// Preset geometry (`ellipse`, `rect` …); empty if unknown.
    pub geometry: String,
    /// Text inside, if any.
    pub text: String,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What Excel's screen shows (number formats applied, line breaks as `\n`), not trimmed.
    pub shown: String,
    /// What is stored.
    pub stored: Stored,
    /// The formula without its `=`, if there is one.
    pub formula: Option<String>,
}

/// What a cell stores.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    /// Text.
    Text(String),
    /// A number, dates too (then `shown` is the date as shown).
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value, as written: `#REF!`.
    Error(String),
    /// A formula without a stored result.
    Nothing,
}

impl Sheet {
    /// The merged area that holds this cell, if any.
    pub fn merge_at(&self, at: CellRef) -> Option<&Area> {
        self.merges.iter().find(|m| m.contains(at))
    }

    /// The top left cell of the merged area around `at`, or `at` itself.
    pub fn anchor(&self, at: CellRef) -> CellRef {
        self.merge_at(at).map_or(at, |m| m.first)
    }

    /// The text shown at a cell, trimmed; empty if there is none.
    pub fn text(&self, at: CellRef) -> &str {
        self.cells.get(&at).map_or("", |c| c.shown.trim())
    }
}

/// What may be asked of the reader.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Passwords to try on a protected workbook.
    pub passwords: Vec<String>,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Damaged, cut short, or no spreadsheet; the text names what it is.
    Damaged(Text),
    /// The system does not hand out its bytes: another program holds it, or we may not read it. The text names the reason.
    Unavailable(Text),
    /// Protected by a password that none of those given opens.
    Password,
    /// No content.
    Empty,
    /// Over a limit; the text names which.
    OverLimit(Text),
    /// Something that is no submission at all and may be passed over in silence but for the ledger (`~$` owner files, desktop.ini …).
    NotForUs(Text),
}

/// Reads a workbook from the bytes of a file. `name` is used for messages and for text formats only; the kind is told by the content.
///
/// # Errors
/// [`Unreadable`] says why; the caller makes a finding of it.
pub fn read(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Workbook, Unreadable> {
    read_with(bytes, name, options, Calamine::Children(child::shared()))
}

/// Where calamine reads.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Calamine<'a> {
    /// Nowhere: our own passes alone.
    Nowhere,
    /// Streamed formats in this process, dense ones in children if there are any.
    Children(Option<&'a child::Readers>),
}

/// As [`read`], with calamine where it is wanted: for tests.
///
/// # Errors
/// As [`read`].
#[doc(hidden)]
pub fn read_with(bytes: &[u8], name: &str, options: &ReadOptions, calamine: Calamine<'_>) -> Result<Workbook, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > limits::FILE_BYTES {
        let mb = limits::FILE_BYTES >> 20;
        return Err(Unreadable::OverLimit(Text::new(
            format!("ファイルの大きさが上限（{mb}MB）を超えています"),
            format!("the file has more than {mb} MB"),
        )));
    }
    // The readers are written not to panic; the libraries below them may.
    let work = std::panic::AssertUnwindSafe(|| read_kind(bytes, name, options, calamine));
    std::panic::catch_unwind(work).unwrap_or_else(|_| {
        Err(Unreadable::Damaged(Text::new("ファイルが壊れているため読み込めません", "the file is damaged in a way that stopped the reader")))
    })
}

/// As [`read`], without the fence against panics and without children: fuzzing must see them.
///
/// # Errors
/// As [`read`].
#[doc(hidden)]
pub fn read_unfenced(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Workbook, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    read_kind(bytes, name, options, Calamine::Children(None))
}

/// Whether a zip is a document of an office program (a workbook, a text …) rather than an archive of files.
pub(crate) fn is_package(bytes: &[u8], name: &str) -> bool {
    match sniff::kind(bytes, name) {
        Kind::Other(what) => !what.en.contains("zip archive"),
        _ => archive::Archive::open(bytes).is_ok(),
    }
}

/// What a file is, if its name alone tells that it is no submission (owner files of Excel, files that systems keep for themselves).
pub(crate) fn left_behind(name: &str) -> Option<Text> {
    match sniff::by_name(name) {
        Some(Kind::NotForUs(what)) => Some(what),
        _ => None,
    }
}

pub(crate) use ole_properties::file_time;

/// The members of a zip, unpacked: for fuzzing, which bends them and packs them anew.
#[doc(hidden)]
pub fn archive_parts(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = archive::Archive::open(bytes).ok()?;
    let names: Vec<String> = archive.members().iter().map(|m| String::from_utf8_lossy(&m.raw_name).into_owned()).collect();
    names.into_iter().map(|name| Some((name.clone(), archive.read(&name).ok()??))).collect()
}

fn read_kind(bytes: &[u8], name: &str, options: &ReadOptions, calamine: Calamine<'_>) -> Result<Workbook, Unreadable> {
    let mut workbook = match sniff::kind(bytes, name) {
        Kind::Xlsx => xlsx::read(bytes)?,
        Kind::Ods => ods::read(bytes)?,
        Kind::FlatOds => return ods::read_flat(&xml::decode(bytes.to_vec())),
        Kind::Xls => xls::read(bytes, &options.passwords)?,
        Kind::Csv => return csv::read(bytes, name),
        Kind::Xlsb => xlsb::read(bytes)?,
        Kind::Encrypted => {
            let plain = crypt::unlock_package(bytes, &options.passwords)?;
            return match sniff::kind(&plain, name) {
                Kind::Encrypted => Err(Unreadable::Password),
                _ => read_kind(&plain, name, &ReadOptions::default(), calamine),
            };
        }
        Kind::Other(what) => return Err(Unreadable::Damaged(what)),
        Kind::NotForUs(what) => return Err(Unreadable::NotForUs(what)),
    };
    match calamine {
        Calamine::Nowhere => {}
        Calamine::Children(_) if workbook.format == Format::Xlsx => values::read_package(bytes, &mut workbook),
        Calamine::Children(readers) => {
            if let Some(readers) = readers {
                readers.read(bytes, &mut workbook);
            }
        }
    }
    Ok(workbook)
}

/// A moment as document properties write it (`2025-04-10T08:54:48Z`): with a `Z` or an offset in Japanese time, without one as it stands.
fn moment(text: &str) -> Option<chrono::NaiveDateTime> {
    let text = text.trim();
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return at.naive_utc().checked_add_signed(chrono::TimeDelta::hours(9));
    }
    let date = || chrono::NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().or_else(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_there_and_back() {
        for (row, col, a1) in [(0, 0, "A1"), (13, 5, "F14"), (0, 25, "Z1"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")] {
            assert_eq!(CellRef::new(row, col).a1(), a1);
            assert_eq!(CellRef::parse(a1), Some(CellRef::new(row, col)));
        }
    }
}
