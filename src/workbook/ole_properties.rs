//! Document properties of OLE files: when they were last saved.

use super::bytes::u32_at;
use std::io::{Cursor, Read};

/// The property "last saved" of the stream `SummaryInformation` (MS-OLEPS), in Japanese time.
pub(super) fn modified(ole: &mut cfb::CompoundFile<Cursor<&[u8]>>, limit: usize) -> Option<chrono::NaiveDateTime> {
    let mut data = Vec::new();
    ole.open_stream("/\u{5}SummaryInformation").ok()?.take(limit.min(1 << 20) as u64).read_to_end(&mut data).ok()?;
    let set = u32_at(&data, 44)? as usize;
    let count = u32_at(&data, set.checked_add(4)?)?;
    for n in 0..count.min(64) as usize {
        let entry = set.checked_add(8 + n * 8)?;
        // Property 13 is the time of the last save, a FILETIME (type 64).
        if u32_at(&data, entry)? == 13 {
            let at = set.checked_add(u32_at(&data, entry + 4)? as usize)?;
            if u32_at(&data, at)? != 64 {
                return None;
            }
            let low = u64::from(u32_at(&data, at.checked_add(4)?)?);
            return file_time(u64::from(u32_at(&data, at.checked_add(8)?)?) << 32 | low);
        }
    }
    None
}

/// Hundreds of nanoseconds since 1601, in Japanese time, to the second.
pub(crate) fn file_time(ticks: u64) -> Option<chrono::NaiveDateTime> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(11_644_473_600)?;
    if seconds <= 0 {
        return None;
    }
    chrono::DateTime::from_timestamp(seconds, 0)?.naive_utc().checked_add_signed(chrono::TimeDelta::hours(9))
}
