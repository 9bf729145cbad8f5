//! Zip archives: members with their Japanese names, opened with the passwords of the job.

use super::Inner;
use crate::finding::Text;
use crate::workbook::Unreadable;
use crate::workbook::archive::Archive;
use crate::workbook::limits::MEMBER_BYTES;
use chrono::NaiveDate;
use std::io::{Cursor, Read};

/// What an archive holds.
pub(super) struct Found {
    pub(super) members: Vec<Inner>,
    /// Whether some members could not be opened for want of a password.
    pub(super) locked: bool,
}

/// Takes an archive apart. The directory is checked by our own reader before the library sees it.
///
/// # Errors
/// If it is damaged or over a limit.
pub(super) fn read(bytes: &[u8], passwords: &[String]) -> Result<Found, Unreadable> {
    Archive::open(bytes)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let mut found = Found { members: Vec::new(), locked: false };
    for n in 0..archive.len() {
        let (name, encrypted, time, folder) = match archive.by_index_raw(n) {
            Ok(member) => {
                let name = decode_name(member.name_raw());
                let folder = name.ends_with(['/', '\\']);
                (name, member.encrypted(), member.last_modified().and_then(time), folder)
            }
            Err(error) => {
                found.members.push(Inner { name: format!("{}", n + 1), bytes: Vec::new(), time: None, problem: Some(damaged(&error.to_string())) });
                continue;
            }
        };
        if folder {
            continue;
        }
        let content = if encrypted { unlock(&mut archive, n, passwords) } else { content(&mut archive, n, None).map(Some) };
        let (bytes, problem) = match content {
            Ok(Some(bytes)) => (bytes, None),
            Ok(None) => {
                found.locked = true;
                continue;
            }
            Err(detail) => (Vec::new(), Some(damaged(&detail))),
        };
        found.members.push(Inner { name, bytes, time, problem });
    }
    Ok(found)
}

fn damaged(detail: &str) -> Unreadable {
    Unreadable::Damaged(Text::new(format!("zipの中身が壊れています（{detail}）"), format!("the zip is damaged ({detail})")))
}

type Zip<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// One member's content, checksum compared.
fn content(archive: &mut Zip<'_>, n: usize, password: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let options = zip::read::ZipReadOptions::new().password(password);
    let member = archive.by_index_with_options(n, options).map_err(|e| e.to_string())?;
    let mut out = Vec::new();
    member.take(MEMBER_BYTES + 1).read_to_end(&mut out).map_err(|e| e.to_string())?;
    if out.len() as u64 > MEMBER_BYTES {
        return Err(format!("{} MB", MEMBER_BYTES >> 20));
    }
    Ok(out)
}

/// Tries the passwords, as UTF-8 and as Windows-31J. A wrong one may be taken by chance once in 256 times; then the checksum fails.
fn unlock(archive: &mut Zip<'_>, n: usize, passwords: &[String]) -> Result<Option<Vec<u8>>, String> {
    for password in passwords {
        let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode(password);
        for bytes in [password.as_bytes(), &japanese] {
            if let Ok(content) = content(archive, n, Some(bytes)) {
                return Ok(Some(content));
            }
        }
    }
    Ok(None)
}

/// The name of a member: UTF-8 where it is that, else Windows-31J. The flag for UTF-8 is missing too often to be asked.
fn decode_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(raw).0.into_owned(),
    }
}

fn time(at: zip::DateTime) -> Option<chrono::NaiveDateTime> {
    let date = NaiveDate::from_ymd_opt(i32::from(at.year()), u32::from(at.month()), u32::from(at.day()))?;
    date.and_hms_opt(u32::from(at.hour()), u32::from(at.minute()), u32::from(at.second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_windows_and_of_the_mac() {
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("予算表ソ①㈱髙.xlsx");
        assert_eq!(decode_name(&sjis), "予算表ソ①㈱髙.xlsx");
        assert_eq!(decode_name("予算.xlsx".as_bytes()), "予算.xlsx");
    }
}
