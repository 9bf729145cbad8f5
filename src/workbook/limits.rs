//! Limits: what one file may hold before it is refused, and the meter that counts while a file is read.
//!
//! Stays true: everything is counted before memory is taken for it. The figures come from measurements on five thousand real workbooks,
//! none of which comes near them.

use super::Unreadable;
use crate::finding::Text;

/// Largest file, in bytes.
pub const FILE_BYTES: usize = 50 << 20;
/// Most members of a zip.
pub const MEMBERS: usize = 5_000;
/// Largest member of a zip once unpacked, in bytes.
pub const MEMBER_BYTES: u64 = 96 << 20;
/// All members of a zip once unpacked, in bytes.
pub const TOTAL_BYTES: u64 = 256 << 20;
/// Most cells of a workbook.
pub const CELLS: u64 = 2_000_000;
/// Most text of a workbook, in bytes.
pub const TEXT_BYTES: u64 = 128 << 20;
/// Most formulas of a workbook, in bytes.
pub const FORMULA_BYTES: u64 = 64 << 20;
/// Most merged areas of a workbook.
pub const MERGES: u64 = 100_000;
/// Most cells of the bounding box of a sheet where a reader allocates it whole (.xlsb, formulas of .xls).
pub const DENSE_CELLS: u64 = 4_000_000;
/// Most sheets of a workbook.
pub const SHEETS: usize = 2_000;
/// Most shapes, comments and choices of a workbook.
pub const EXTRAS: u64 = 100_000;
/// Rows of Excel's grid.
pub const ROWS: u32 = 1_048_576;
/// Columns of Excel's grid.
pub const COLS: u32 = 16_384;

/// Why reading stopped.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fault {
    /// Only this sheet is lost.
    Sheet(Text),
    /// The whole file is refused.
    File(Unreadable),
}

impl Fault {
    /// The sheet's markup is broken.
    pub(super) fn broken(detail: impl std::fmt::Display) -> Fault {
        Fault::Sheet(Text::new(format!("シートの中身が壊れています（{detail}）"), format!("the sheet's content is damaged ({detail})")))
    }

    /// The whole file is damaged.
    pub(super) fn damaged(ja: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::File(Unreadable::Damaged(Text::new(ja, en)))
    }
}

/// Counts what a file holds while it is read.
#[derive(Debug, Default)]
pub(super) struct Meter {
    cells: u64,
    text: u64,
    formulas: u64,
    merges: u64,
    extras: u64,
}

fn over(ja: String, en: String) -> Fault {
    Fault::File(Unreadable::OverLimit(Text::new(ja, en)))
}

impl Meter {
    /// One more cell with this much text.
    pub(super) fn cell(&mut self, text: usize) -> Result<(), Fault> {
        self.cells += 1;
        if self.cells > CELLS {
            return Err(over(format!("セルの数が上限（{CELLS}個）を超えています"), format!("more than {CELLS} cells")));
        }
        self.text(text)
    }

    /// So much more text.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), Fault> {
        self.text += bytes as u64;
        if self.text > TEXT_BYTES {
            let mb = TEXT_BYTES >> 20;
            return Err(over(format!("文字の量が上限（{mb}MB）を超えています"), format!("more than {mb} MB of text")));
        }
        Ok(())
    }

    /// A formula of this length.
    pub(super) fn formula(&mut self, bytes: usize) -> Result<(), Fault> {
        self.formulas += bytes as u64;
        if self.formulas > FORMULA_BYTES {
            let mb = FORMULA_BYTES >> 20;
            return Err(over(format!("数式の量が上限（{mb}MB）を超えています"), format!("more than {mb} MB of formulas")));
        }
        Ok(())
    }

    /// One more merged area.
    pub(super) fn merge(&mut self) -> Result<(), Fault> {
        self.merges += 1;
        if self.merges > MERGES {
            return Err(over(format!("結合セルの数が上限（{MERGES}個）を超えています"), format!("more than {MERGES} merged areas")));
        }
        Ok(())
    }

    /// One more shape, comment or choice with this much text.
    pub(super) fn extra(&mut self, text: usize) -> Result<(), Fault> {
        self.extras += 1;
        if self.extras > EXTRAS {
            let ja = format!("図形・コメント・入力規則の数が上限（{EXTRAS}個）を超えています");
            return Err(over(ja, format!("more than {EXTRAS} shapes, comments and validations")));
        }
        self.text(text)
    }
}

/// Whether the position lies in Excel's grid; otherwise the sheet is refused.
pub(super) fn in_grid(row: u32, col: u32) -> Result<(), Fault> {
    if row < ROWS && col < COLS {
        return Ok(());
    }
    Err(Fault::Sheet(Text::new(
        format!("表の範囲の外にセルがあります（行{}・列{}）", u64::from(row) + 1, u64::from(col) + 1),
        format!("a cell lies outside the grid (row {}, column {})", u64::from(row) + 1, u64::from(col) + 1),
    )))
}
