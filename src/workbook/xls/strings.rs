//! Strings of BIFF: with or without high bytes, cut anywhere by a continuation, rich and phonetic parts passed over.

use super::records::Fields;
use encoding_rs::Encoding;

/// Reads over the pieces of a record as if they were one.
pub(super) struct Pieces<'a, 'p> {
    pieces: &'p [&'a [u8]],
    piece: usize,
    at: usize,
}

impl<'a, 'p> Pieces<'a, 'p> {
    pub(super) fn new(pieces: &'p [&'a [u8]]) -> Self {
        Pieces { pieces, piece: 0, at: 0 }
    }

    /// Steps to the next piece when this one is used up; false at the end of all.
    fn settle(&mut self) -> bool {
        while let Some(piece) = self.pieces.get(self.piece) {
            if self.at < piece.len() {
                return true;
            }
            self.piece += 1;
            self.at = 0;
        }
        false
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        if !self.settle() {
            return None;
        }
        let byte = *self.pieces.get(self.piece)?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub(super) fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            if !self.settle() {
                return None;
            }
            let step = bytes.min(self.pieces.get(self.piece)?.len() - self.at);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// `count` characters; where a piece ends inside, the next begins with a byte that says how it is stored.
    pub(super) fn chars(&mut self, count: usize, mut wide: bool) -> Option<String> {
        let mut units: Vec<u16> = Vec::with_capacity(count.min(8224));
        while units.len() < count {
            let exhausted = self.pieces.get(self.piece).is_none_or(|p| self.at >= p.len());
            if exhausted {
                if !self.settle() {
                    return None;
                }
                wide = self.u8()? & 1 != 0;
                continue;
            }
            units.push(if wide { self.u16()? } else { u16::from(self.u8()?) });
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// A Unicode string with a two-byte length.
    pub(super) fn string(&mut self) -> Option<String> {
        let count = usize::from(self.u16()?);
        let flags = self.u8()?;
        let runs = if flags & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let phonetic = if flags & 4 != 0 { self.u32()? as usize } else { 0 };
        let text = self.chars(count, flags & 1 != 0)?;
        self.skip(runs * 4)?;
        // A cut phonetic part costs nothing that is shown.
        let _ = self.skip(phonetic);
        Some(text)
    }
}

/// A string inside one record: BIFF8 has a flag byte, BIFF5 bytes in the workbook's code page. `wide_length` if its length takes two bytes.
pub(super) fn short(data: &[u8], at: usize, wide_length: bool, biff8: bool, encoding: &'static Encoding) -> Option<String> {
    let fields = Fields(data);
    let (count, at) = if wide_length { (usize::from(fields.u16(at)?), at + 2) } else { (usize::from(fields.u8(at)?), at + 1) };
    if !biff8 {
        return Some(encoding.decode(data.get(at..)?.get(..count)?).0.into_owned());
    }
    let rest = [data.get(at + 1..)?];
    Pieces::new(&rest).chars(count, fields.u8(at)? & 1 != 0)
}

/// The encoding of a code page; Windows-31J for what is not known, since these files are Japanese.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        874 => "windows-874",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1252 | 367 | 32769 => "windows-1252",
        1253 => "windows-1253",
        1254 => "windows-1254",
        10000 | 32768 => "macintosh",
        65001 => "utf-8",
        _ => "shift_jis",
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::SHIFT_JIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_cut_anywhere() {
        let first: &[u8] = &[4, 0, 1, 0x42, 0x30, 0x44, 0x30];
        let second: &[u8] = &[0, b'a', b'b'];
        assert_eq!(Pieces::new(&[first, second]).string().as_deref(), Some("あいab"));
        assert_eq!(Pieces::new(&[first]).string(), None);
    }

    #[test]
    fn furigana_and_runs_are_passed_over() {
        let bytes: &[u8] = &[1, 0, 0x0D, 1, 0, 2, 0, 0, 0, 0xB2, 0x8A, 9, 9, 9, 9, 7, 7, 1, 0, 0, b'x'];
        let list = [bytes];
        let mut pieces = Pieces::new(&list);
        assert_eq!(pieces.string().as_deref(), Some("課"));
        assert_eq!(pieces.string().as_deref(), Some("x"));
    }
}
