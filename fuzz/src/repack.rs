//! Packs a zip anew with one member bent, stored, with right checksums: so mutations reach the readers behind the checksum.

use torimatome::workbook::archive_parts;

/// The archive with one member changed by `bend`; `None` if it cannot be unpacked.
pub fn bend_member(seed: &[u8], random: u64, bend: impl FnOnce(Vec<u8>, u64) -> Vec<u8>) -> Option<Vec<u8>> {
    let mut parts = archive_parts(seed)?;
    let candidates: Vec<usize> = (0..parts.len()).filter(|n| !parts[*n].1.is_empty()).collect();
    let chosen = *candidates.get((random % candidates.len().max(1) as u64) as usize)?;
    parts[chosen].1 = bend(std::mem::take(&mut parts[chosen].1), random);
    Some(stored(&parts))
}

/// A zip of stored members.
pub fn stored(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in parts {
        let offset = out.len() as u32;
        let crc = crc32(data);
        let size = data.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
        common.extend(crc.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(data);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = out.len() as u32;
    let count = parts.len() as u16;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 != 0 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
