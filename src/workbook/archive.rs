//! Zip archives, distrusted: the directory is checked before anything is unpacked, every member is unpacked once at most and its checksum compared.
//!
//! In: the bytes of a zip. Out: its members by name.
//! Stays true: declared and real sizes stay below the limits; no name stands twice; no two members overlap; nothing is read outside the file.
//! Neighbours: `xlsx` and `ods` read their parts here; `intake::collect` checks mailed archives here before it opens them.

use super::Unreadable;
use super::bytes::{u16_at, u32_at, u64_at};
use super::limits::{MEMBER_BYTES, MEMBERS, TOTAL_BYTES};
use crate::finding::Text;
use std::collections::BTreeMap;
use std::io::Read;

/// One member as the central directory tells it.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Its name, as the bytes that stand there.
    pub(crate) raw_name: Vec<u8>,
    /// Whether it needs a password.
    pub(crate) encrypted: bool,
    method: u16,
    crc: u32,
    packed: u64,
    /// Its size once unpacked, as declared.
    pub(crate) size: u64,
    start: usize,
}

/// An archive whose directory was found in order.
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    members: Vec<Member>,
    by_name: BTreeMap<String, usize>,
    checked: Vec<bool>,
}

fn damaged(ja: &str, en: &str) -> Unreadable {
    Unreadable::Damaged(Text::new(format!("ファイルが壊れています（{ja}）"), format!("the file is damaged ({en})")))
}

fn over(ja: String, en: String) -> Unreadable {
    Unreadable::OverLimit(Text::new(ja, en))
}

/// Where the central directory stands.
struct Directory {
    entries: u64,
    offset: u64,
    /// Bytes before the archive begins (self-extracting archives).
    shift: u64,
}

/// Finds the end record, searching backwards over a comment of any length.
fn find_directory(bytes: &[u8]) -> Option<Directory> {
    let lowest = bytes.len().saturating_sub(22 + 65_535);
    let mut at = bytes.len().checked_sub(22)?;
    loop {
        if bytes[at..].starts_with(b"PK\x05\x06")
            && let Some(found) = end_record(bytes, at)
        {
            return Some(found);
        }
        if at == lowest {
            return None;
        }
        at -= 1;
    }
}

fn end_record(bytes: &[u8], at: usize) -> Option<Directory> {
    let (mut entries, mut size, mut offset) =
        (u64::from(u16_at(bytes, at + 10)?), u64::from(u32_at(bytes, at + 12)?), u64::from(u32_at(bytes, at + 16)?));
    let mut end = at as u64;
    if let Some(locator) = at.checked_sub(20).filter(|l| bytes[*l..].starts_with(b"PK\x06\x07")) {
        // Zip64: the locator names the place of a larger end record.
        let place = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
        if bytes.get(place..)?.starts_with(b"PK\x06\x06") {
            entries = u64_at(bytes, place + 32)?;
            size = u64_at(bytes, place + 40)?;
            offset = u64_at(bytes, place + 48)?;
            end = place as u64;
        }
    }
    let begins = end.checked_sub(size)?;
    let shift = begins.checked_sub(offset)?;
    Some(Directory { entries, offset: begins, shift })
}

/// Reads one entry of the central directory; gives it and the place of the next.
fn entry(bytes: &[u8], at: usize, shift: u64) -> Option<(Member, u64, usize)> {
    if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
        return None;
    }
    let flags = u16_at(bytes, at + 8)?;
    let (name_len, extra_len, comment_len) =
        (usize::from(u16_at(bytes, at + 28)?), usize::from(u16_at(bytes, at + 30)?), usize::from(u16_at(bytes, at + 32)?));
    let name_at = at + 46;
    let raw_name = bytes.get(name_at..name_at + name_len)?.to_vec();
    let extra = bytes.get(name_at + name_len..name_at + name_len + extra_len)?;
    let mut packed = u64::from(u32_at(bytes, at + 20)?);
    let mut size = u64::from(u32_at(bytes, at + 24)?);
    let mut offset = u64::from(u32_at(bytes, at + 42)?);
    wide_sizes(extra, &mut size, &mut packed, &mut offset);
    let member =
        Member { raw_name, encrypted: flags & 1 != 0, method: u16_at(bytes, at + 10)?, crc: u32_at(bytes, at + 16)?, packed, size, start: 0 };
    Some((member, offset.checked_add(shift)?, name_at + name_len + extra_len + comment_len))
}

/// The zip64 field holds, in this order, those of the three figures that are all ones in the entry.
fn wide_sizes(extra: &[u8], size: &mut u64, packed: &mut u64, offset: &mut u64) {
    let mut at = 0;
    while let (Some(id), Some(len)) = (u16_at(extra, at), u16_at(extra, at + 2)) {
        if id == 1 {
            let mut field = at + 4;
            for figure in [size, packed, offset] {
                if *figure == 0xFFFF_FFFF {
                    if let Some(wide) = u64_at(extra, field) {
                        *figure = wide;
                    }
                    field += 8;
                }
            }
            return;
        }
        at += 4 + usize::from(len);
    }
}

/// The name under which a part is asked for: `/` as separator, no leading one, lower case (part names do not tell case apart).
pub(super) fn part_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

impl<'a> Archive<'a> {
    /// Reads and checks the directory; nothing is unpacked yet.
    ///
    /// # Errors
    /// If it is damaged, over a limit, holds a name twice or members that overlap.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let cut = || damaged("途中で切れているか、目次がありません", "it is cut short, or its directory is missing");
        let directory = find_directory(bytes).ok_or_else(cut)?;
        if directory.entries > MEMBERS as u64 {
            return Err(over(
                format!("中のファイルの数（{}）が上限（{MEMBERS}）を超えています", directory.entries),
                format!("{} members, more than {MEMBERS}", directory.entries),
            ));
        }
        let mut at = usize::try_from(directory.offset).map_err(|_| cut())?;
        let mut members = Vec::new();
        let mut spans: Vec<(usize, usize)> = Vec::new();
        let mut by_name = BTreeMap::new();
        let mut total = 0u64;
        for n in 0..directory.entries as usize {
            let (mut member, offset, next) = entry(bytes, at, directory.shift).ok_or_else(cut)?;
            at = next;
            total = total.saturating_add(member.size);
            check_size(&member, total)?;
            let (start, span) = locate(bytes, &member, offset).ok_or_else(cut)?;
            member.start = start;
            spans.push(span);
            let name = part_name(&String::from_utf8_lossy(&member.raw_name));
            // Names outside Unicode may look alike once decoded; only equal bytes are the same name.
            let twice = by_name
                .insert(name, n)
                .is_some_and(|other: usize| members.get(other).is_none_or(|m: &Member| m.raw_name.eq_ignore_ascii_case(&member.raw_name)));
            if twice {
                return Err(damaged("同じ名前の中身が二つあります", "a name stands twice in it"));
            }
            members.push(member);
        }
        spans.sort_unstable();
        if spans.windows(2).any(|w| w[1].0 < w[0].1) {
            return Err(damaged("中身が重なり合っています", "its members overlap"));
        }
        let checked = vec![false; members.len()];
        Ok(Archive { bytes, members, by_name, checked })
    }

    /// The members in the order of the directory.
    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&part_name(name))
    }

    /// The names of all parts, folded as [`part_name`] does.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Unpacks the part of this name, if there is one.
    ///
    /// # Errors
    /// If it is damaged or longer than declared.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let Some(&n) = self.by_name.get(&part_name(name)) else { return Ok(None) };
        let mut out = Vec::new();
        self.unpack(n, &mut |piece| out.extend_from_slice(piece))?;
        Ok(Some(out))
    }

    /// As [`Archive::read`], as text.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        Ok(self.read(name)?.map(super::xml::decode))
    }

    /// Unpacks every member that was not read yet, only to compare its checksum.
    ///
    /// # Errors
    /// If one is damaged; the message names it.
    pub(crate) fn check_rest(&mut self) -> Result<(), Unreadable> {
        for n in 0..self.members.len() {
            if !self.checked[n] {
                self.unpack(n, &mut |_| {})?;
            }
        }
        Ok(())
    }

    /// Unpacks a member in pieces and compares size and checksum at its end.
    fn unpack(&mut self, n: usize, take: &mut dyn FnMut(&[u8])) -> Result<(), Unreadable> {
        let member = &self.members[n];
        let name = String::from_utf8_lossy(&member.raw_name).into_owned();
        if member.encrypted {
            return Err(Unreadable::Password);
        }
        self.checked[n] = true;
        let bad = || damaged(&format!("「{name}」が読めません"), &format!("its part \"{name}\" cannot be unpacked"));
        let packed_end = member.start.checked_add(usize::try_from(member.packed).map_err(|_| bad())?).ok_or_else(bad)?;
        let packed = self.bytes.get(member.start..packed_end).ok_or_else(bad)?;
        let mut crc = flate2::Crc::new();
        let mut real = 0u64;
        let mut pass = |piece: &[u8]| {
            real += piece.len() as u64;
            if real > member.size {
                return false;
            }
            crc.update(piece);
            take(piece);
            true
        };
        let whole = match member.method {
            0 => pass(packed),
            // Some programs name the method and pack nothing at all.
            8 if packed.is_empty() => true,
            8 => inflate(packed, &mut pass),
            _ => false,
        };
        if !whole || real != member.size || crc.sum() != member.crc {
            return Err(bad());
        }
        Ok(())
    }
}

/// Unpacks deflate in pieces; false if it is damaged or the receiver had enough.
fn inflate(packed: &[u8], pass: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    let mut inflater = flate2::read::DeflateDecoder::new(packed);
    let mut buffer = vec![0u8; 64 << 10];
    loop {
        match inflater.read(&mut buffer) {
            Ok(0) => return true,
            Ok(n) => {
                if !pass(&buffer[..n]) {
                    return false;
                }
            }
            Err(_) => return false,
        }
    }
}

fn check_size(member: &Member, total: u64) -> Result<(), Unreadable> {
    if member.size > MEMBER_BYTES {
        let (mb, limit) = (member.size >> 20, MEMBER_BYTES >> 20);
        return Err(over(
            format!("中の一つが展開すると{mb}MBあり、上限（{limit}MB）を超えています"),
            format!("a member of {mb} MB, more than {limit} MB"),
        ));
    }
    if total > TOTAL_BYTES {
        let limit = TOTAL_BYTES >> 20;
        return Err(over(format!("展開後の合計が上限（{limit}MB）を超えています"), format!("more than {limit} MB once unpacked")));
    }
    Ok(())
}

/// Where a member's data begin, and the span of the file that it takes with its local header.
fn locate(bytes: &[u8], member: &Member, offset: u64) -> Option<(usize, (usize, usize))> {
    let at = usize::try_from(offset).ok()?;
    if !bytes.get(at..)?.starts_with(b"PK\x03\x04") {
        return None;
    }
    let start = at + 30 + usize::from(u16_at(bytes, at + 26)?) + usize::from(u16_at(bytes, at + 28)?);
    let end = start.checked_add(usize::try_from(member.packed).ok()?)?;
    (end <= bytes.len()).then_some((start, (at, end)))
}
