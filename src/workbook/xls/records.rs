//! The records of a BIFF stream, and a reader over one record with those that continue it.

use crate::workbook::bytes;

/// Types of records that are read (MS-XLS 2.3).
pub(super) mod kind {
    pub(in crate::workbook::xls) const FORMULA: u16 = 0x0006;
    pub(in crate::workbook::xls) const EOF: u16 = 0x000A;
    pub(in crate::workbook::xls) const EXTERN_SHEET: u16 = 0x0017;
    pub(in crate::workbook::xls) const NAME: u16 = 0x0018;
    pub(in crate::workbook::xls) const NOTE: u16 = 0x001C;
    pub(in crate::workbook::xls) const DATE_MODE: u16 = 0x0022;
    pub(in crate::workbook::xls) const CONTINUE: u16 = 0x003C;
    pub(in crate::workbook::xls) const CODE_PAGE: u16 = 0x0042;
    pub(in crate::workbook::xls) const OBJ: u16 = 0x005D;
    pub(in crate::workbook::xls) const COL_INFO: u16 = 0x007D;
    pub(in crate::workbook::xls) const BOUND_SHEET: u16 = 0x0085;
    pub(in crate::workbook::xls) const MUL_RK: u16 = 0x00BD;
    pub(in crate::workbook::xls) const R_STRING: u16 = 0x00D6;
    pub(in crate::workbook::xls) const XF: u16 = 0x00E0;
    pub(in crate::workbook::xls) const MERGE_CELLS: u16 = 0x00E5;
    pub(in crate::workbook::xls) const MSO_DRAWING: u16 = 0x00EC;
    pub(in crate::workbook::xls) const SST: u16 = 0x00FC;
    pub(in crate::workbook::xls) const LABEL_SST: u16 = 0x00FD;
    pub(in crate::workbook::xls) const SUP_BOOK: u16 = 0x01AE;
    pub(in crate::workbook::xls) const TXO: u16 = 0x01B6;
    pub(in crate::workbook::xls) const DV: u16 = 0x01BE;
    pub(in crate::workbook::xls) const NUMBER: u16 = 0x0203;
    pub(in crate::workbook::xls) const LABEL: u16 = 0x0204;
    pub(in crate::workbook::xls) const BOOL_ERR: u16 = 0x0205;
    pub(in crate::workbook::xls) const STRING: u16 = 0x0207;
    pub(in crate::workbook::xls) const ROW: u16 = 0x0208;
    pub(in crate::workbook::xls) const RK: u16 = 0x027E;
    pub(in crate::workbook::xls) const FORMAT: u16 = 0x041E;
    pub(in crate::workbook::xls) const SHARED_FORMULA: u16 = 0x04BC;
    pub(in crate::workbook::xls) const BOF: u16 = 0x0809;
}

/// One record with its continuations.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    /// The data of the record and of every `CONTINUE` behind it.
    pub(super) pieces: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The data of the record itself.
    pub(super) fn data(&self) -> &'a [u8] {
        self.pieces.first().copied().unwrap_or(&[])
    }
}

/// Walks over the records from a place in the stream.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Records { stream, at }
    }

    fn header(&self) -> Option<(u16, usize)> {
        let head = self.stream.get(self.at..self.at.checked_add(4)?)?;
        Some((u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]]))))
    }

    fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, len) = self.header()?;
        let data = self.stream.get(self.at + 4..self.at + 4 + len)?;
        self.at += 4 + len;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.take()?;
        let mut pieces = vec![data];
        while self.header().is_some_and(|(k, _)| k == kind::CONTINUE) {
            pieces.push(self.take()?.1);
        }
        Some(Record { kind, pieces })
    }
}

/// Reads little-endian figures from the data of a record.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl Fields<'_> {
    pub(super) fn u8(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        bytes::u16_at(self.0, at)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        bytes::u32_at(self.0, at)
    }

    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        bytes::f64_at(self.0, at)
    }
}

/// Error values (MS-XLS 2.5.10).
pub(in crate::workbook) fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}
