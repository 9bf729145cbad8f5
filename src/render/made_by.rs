//! Workbooks with the same bytes on every system.

/// Each entry of a zip names the system that made it, and the library names the one that it runs on: here it is always 0 (FAT), as Excel writes it.
pub(super) fn anywhere(mut zip: Vec<u8>) -> Vec<u8> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: usize = 46;
    let Some(end) = zip.windows(END.len()).rposition(|w| w == END) else { return zip };
    let number = |zip: &[u8], at: usize| zip.get(at..at + 2).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let mut at = number(&zip, end + 16) | number(&zip, end + 18) << 16;
    for _ in 0..number(&zip, end + 10) {
        if let Some(system) = zip.get_mut(at + 5) {
            *system = 0;
        }
        at += ENTRY + number(&zip, at + 28) + number(&zip, at + 30) + number(&zip, at + 32);
    }
    zip
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read, Write};
    use zip::{System, ZipArchive, ZipWriter, write::SimpleFileOptions};

    #[test]
    fn no_entry_tells_the_system_and_all_can_be_read() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["[Content_Types].xml", "調書.xml"] {
            writer.start_file(name, SimpleFileOptions::default()).expect("an entry");
            writer.write_all(name.as_bytes()).expect("its text");
        }
        let made = writer.finish().expect("a zip").into_inner();
        let mut read = ZipArchive::new(Cursor::new(anywhere(made.clone()))).expect("a zip still");
        for place in 0..2 {
            let mut entry = read.by_index(place).expect("an entry");
            assert_eq!(entry.system(), System::Dos);
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("its text");
            assert_eq!(text, entry.name().expect("a name"));
        }
        assert_eq!(anywhere(made.clone()).len(), made.len());
        assert_eq!(anywhere(b"no zip".to_vec()), b"no zip");
    }
}
