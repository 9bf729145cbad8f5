//! Makes mails, zips and Outlook messages.

use base64::Engine;
use std::io::Write;

/// Base64 in lines.
pub(crate) fn b64(bytes: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    text.as_bytes().chunks(76).map(|l| String::from_utf8_lossy(l).into_owned()).collect::<Vec<_>>().join("\r\n")
}

/// The text in an encoding of Japan.
pub(crate) fn in_encoding(text: &str, label: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
}

/// An encoded word.
pub(crate) fn word(text: &str, charset: &str) -> String {
    format!("=?{charset}?B?{}?=", base64::engine::general_purpose::STANDARD.encode(in_encoding(text, charset)))
}

/// A mail with a text and attachments; each attachment is its headers and its bytes.
pub(crate) fn mail(headers: &str, text: &str, attachments: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = format!("{headers}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n");
    out.push_str(&format!(
        "--=_b\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        b64(text.as_bytes())
    ));
    for (headers, bytes) in attachments {
        out.push_str(&format!("--=_b\r\n{headers}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", b64(bytes)));
    }
    out.push_str("--=_b--\r\n");
    out.into_bytes()
}

/// One member of a zip.
pub(crate) struct Member<'a> {
    /// Its name, as the bytes to write.
    pub(crate) name: &'a [u8],
    pub(crate) bytes: &'a [u8],
    /// Flags of the general purpose.
    pub(crate) flags: u16,
    /// What the directory declares as size, if not the truth.
    pub(crate) declared: Option<u32>,
    /// Whether to pack it.
    pub(crate) deflate: bool,
}

impl<'a> Member<'a> {
    pub(crate) fn new(name: &'a [u8], bytes: &'a [u8]) -> Self {
        Member { name, bytes, flags: 0, declared: None, deflate: false }
    }
}

/// A zip, written by hand so that it may lie.
pub(crate) fn zip(members: &[Member<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let mut crc = flate2::Crc::new();
        crc.update(member.bytes);
        let packed = if member.deflate {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(member.bytes).unwrap();
            encoder.finish().unwrap()
        } else {
            member.bytes.to_vec()
        };
        let mut common = Vec::new();
        common.extend(20u16.to_le_bytes());
        common.extend(member.flags.to_le_bytes());
        common.extend((if member.deflate { 8u16 } else { 0 }).to_le_bytes());
        // 2025-04-10 17:54:48
        common.extend((17u16 << 11 | 54 << 5 | 24).to_le_bytes());
        common.extend((45u16 << 9 | 4 << 5 | 10).to_le_bytes());
        common.extend(crc.sum().to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend(member.declared.unwrap_or(member.bytes.len() as u32).to_le_bytes());
        common.extend((member.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let offset = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(member.name);
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name);
    }
    let (at, count) = (out.len() as u32, members.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A zip with a password, written by the library that reads it.
pub(crate) fn locked_zip(name: &str, bytes: &[u8], password: &str, aes: bool) -> Vec<u8> {
    use zip::unstable::write::FileOptionsExt;
    use zip::write::SimpleFileOptions;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let options = if aes {
        options.with_aes_encryption(zip::AesMode::Aes256, password)
    } else {
        options.with_deprecated_encryption(password.as_bytes()).unwrap()
    };
    writer.start_file(name, options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

/// An Outlook message with one attachment; texts in the code page of Japan.
pub(crate) fn msg(subject: &str, sender: &str, file: &str, bytes: &[u8]) -> Vec<u8> {
    let mut ole = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    let mut put = |path: &str, bytes: &[u8]| {
        ole.create_storage_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        ole.create_stream(path).unwrap().write_all(bytes).unwrap();
    };
    let mut properties = vec![0u8; 32];
    // PidTagClientSubmitTime: 2025-04-10 00:00:00 UTC in hundreds of nanoseconds since 1601.
    let ticks = (1_744_243_200u64 + 11_644_473_600) * 10_000_000;
    properties.extend([0x40, 0x00, 0x39, 0x00, 6, 0, 0, 0]);
    properties.extend(ticks.to_le_bytes());
    properties.extend([0x03, 0x00, 0xFD, 0x3F, 6, 0, 0, 0]);
    properties.extend(932u64.to_le_bytes());
    put("/__properties_version1.0", &properties);
    put("/__substg1.0_0037001E", &in_encoding(subject, "shift_jis"));
    put("/__substg1.0_0C1A001E", &in_encoding(sender, "shift_jis"));
    put("/__attach_version1.0_#00000000/__substg1.0_3707001E", &in_encoding(file, "shift_jis"));
    put("/__attach_version1.0_#00000000/__substg1.0_37010102", bytes);
    ole.into_inner().into_inner()
}
