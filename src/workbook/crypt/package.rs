//! Protected packages: an OLE file with the streams `EncryptionInfo` and `EncryptedPackage`.

use super::{Hash, candidates, fitted, utf16};
use crate::finding::Text;
use crate::workbook::Unreadable;
use crate::workbook::bytes::{u16_at, u32_at, u64_at};
use crate::workbook::xml::{Node, Tag, Xml, decode};
use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockDecrypt, BlockDecryptMut, KeyInit, KeyIvInit, block_padding::NoPadding};
use base64::Engine;
use std::io::{Cursor, Read};

/// More rounds than any program uses (Excel: 100,000); a file that asks for more only wants to keep us busy.
const MOST_ROUNDS: u32 = 250_000;

fn damaged() -> Unreadable {
    Unreadable::Damaged(Text::new("ファイルが壊れています（暗号化の情報が読めません）", "the file is damaged (its encryption cannot be read)"))
}

/// Opens a protected package.
///
/// # Errors
/// [`Unreadable::Password`] if no password fits.
pub(in crate::workbook) fn unlock_package(bytes: &[u8], passwords: &[String]) -> Result<Vec<u8>, Unreadable> {
    let mut ole = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut stream = |name: &str| -> Result<Vec<u8>, Unreadable> {
        let mut out = Vec::new();
        let stream = ole.open_stream(name).map_err(|_| damaged())?;
        stream.take(bytes.len() as u64).read_to_end(&mut out).map_err(|_| damaged())?;
        Ok(out)
    };
    let info = stream("/EncryptionInfo")?;
    let package = stream("/EncryptedPackage")?;
    let version = (u16_at(&info, 0), u16_at(&info, 2));
    let open = match version {
        (Some(4), Some(4)) => agile(&info)?,
        (Some(2..=4), Some(2)) => standard(&info)?,
        // Extensible encryption with a foreign program's key.
        _ => return Err(Unreadable::Password),
    };
    let key = candidates(passwords).find_map(|password| open.key(password)).ok_or(Unreadable::Password)?;
    let size = u64_at(&package, 0).and_then(|s| usize::try_from(s).ok()).ok_or_else(damaged)?;
    let mut plain = open.plain(&key, package.get(8..).unwrap_or(&[])).ok_or_else(damaged)?;
    if size > plain.len() {
        return Err(damaged());
    }
    plain.truncate(size);
    Ok(plain)
}

/// How a package is protected.
enum Protection {
    Agile(Box<Agile>),
    Standard(Standard),
}

impl Protection {
    /// The key of the package, if the password is right.
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        match self {
            Protection::Agile(agile) => agile.key(password),
            Protection::Standard(standard) => standard.key(password),
        }
    }

    fn plain(&self, key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Protection::Agile(agile) => agile.plain(key, data),
            Protection::Standard(_) => ecb(key, data),
        }
    }
}

/// One set of parameters of agile encryption (MS-OFFCRYPTO 2.3.4.10).
struct Parameters {
    hash: Hash,
    block: usize,
    key_bytes: usize,
    salt: Vec<u8>,
}

struct Agile {
    data: Parameters,
    password: Parameters,
    rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

fn parameters(tag: &Tag<'_>) -> Option<Parameters> {
    let block = tag.number::<usize>("blockSize")?;
    let bits = tag.number::<usize>("keyBits")?;
    let chaining = tag.attr("cipherChaining").unwrap_or_default();
    let known =
        tag.attr("cipherAlgorithm").as_deref() == Some("AES") && chaining == "ChainingModeCBC" && block == 16 && matches!(bits, 128 | 192 | 256);
    known.then_some(())?;
    Some(Parameters { hash: Hash::by_name(&tag.attr("hashAlgorithm")?)?, block, key_bytes: bits / 8, salt: bytes(tag, "saltValue")? })
}

fn bytes(tag: &Tag<'_>, name: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(tag.attr(name)?.trim()).ok()
}

fn agile(info: &[u8]) -> Result<Protection, Unreadable> {
    let text = decode(info.get(8..).unwrap_or(&[]).to_vec());
    let mut xml = Xml::new(&text);
    let (mut data, mut found) = (None, None);
    while let Ok(node) = xml.next() {
        match node {
            Node::Open(tag) if tag.name() == "keyData" => data = parameters(&tag),
            Node::Open(tag) if tag.name() == "encryptedKey" && found.is_none() => found = encrypted_key(&tag),
            Node::End => break,
            _ => {}
        }
    }
    let (Some(data), Some((password, rounds, verifier, verifier_hash, key))) = (data, found) else { return Err(damaged()) };
    if rounds > MOST_ROUNDS {
        return Err(damaged());
    }
    Ok(Protection::Agile(Box::new(Agile { data, password, rounds, verifier, verifier_hash, key })))
}

type EncryptedKey = (Parameters, u32, Vec<u8>, Vec<u8>, Vec<u8>);

fn encrypted_key(tag: &Tag<'_>) -> Option<EncryptedKey> {
    let rounds = tag.number::<u32>("spinCount")?;
    let verifier = bytes(tag, "encryptedVerifierHashInput")?;
    Some((parameters(tag)?, rounds, verifier, bytes(tag, "encryptedVerifierHashValue")?, bytes(tag, "encryptedKeyValue")?))
}

impl Agile {
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        let p = &self.password;
        let mut hash = p.hash.of(&[&p.salt, &utf16(password)]);
        for n in 0..self.rounds {
            hash = p.hash.of(&[&n.to_le_bytes(), &hash]);
        }
        let open = |block_key: [u8; 8], data: &[u8]| {
            let key = fitted(p.hash.of(&[&hash, &block_key]), p.key_bytes, 0x36);
            cbc(&key, &fitted(p.salt.clone(), p.block, 0x36), data)
        };
        let verifier = open([0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79], &self.verifier)?;
        let expected = open([0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E], &self.verifier_hash)?;
        let verifier = verifier.get(..p.salt.len().min(verifier.len()))?;
        let real = p.hash.of(&[verifier]);
        if expected.get(..real.len())? != real {
            return None;
        }
        let key = open([0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6], &self.key)?;
        Some(key.get(..self.data.key_bytes)?.to_vec())
    }

    /// The package comes in segments of 4,096 bytes, each with a start of its own.
    fn plain(&self, key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(data.len());
        for (n, segment) in data.chunks(4096).enumerate() {
            let start = self.data.hash.of(&[&self.data.salt, &u32::try_from(n).ok()?.to_le_bytes()]);
            let whole = segment.len() / 16 * 16;
            out.extend(cbc(key, &fitted(start, self.data.block, 0x36), &segment[..whole])?);
        }
        Some(out)
    }
}

/// Standard encryption (MS-OFFCRYPTO 2.3.4.5): AES in blocks, SHA-1, 50,000 rounds.
struct Standard {
    key_bytes: usize,
    salt: Vec<u8>,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
}

fn standard(info: &[u8]) -> Result<Protection, Unreadable> {
    let read = || -> Option<Standard> {
        let header = usize::try_from(u32_at(info, 8)?).ok()?;
        let (algorithm, bits) = (u32_at(info, 12 + 8)?, u32_at(info, 12 + 16)?);
        let at = 12usize.checked_add(header)?;
        let bits = match algorithm {
            0x660E => 128,
            0x660F => 192,
            0x6610 => 256,
            // No algorithm named: AES with the size given.
            0 if matches!(bits, 128 | 192 | 256) => bits,
            _ => return None,
        };
        let slice = |from: usize, len: usize| info.get(at.checked_add(from)?..at.checked_add(from + len)?).map(<[u8]>::to_vec);
        Some(Standard { key_bytes: bits as usize / 8, salt: slice(4, 16)?, verifier: slice(20, 16)?, verifier_hash: slice(40, 32)? })
    };
    read().map(Protection::Standard).ok_or_else(damaged)
}

impl Standard {
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        let mut hash = Hash::Sha1.of(&[&self.salt, &utf16(password)]);
        for n in 0..50_000u32 {
            hash = Hash::Sha1.of(&[&n.to_le_bytes(), &hash]);
        }
        let hash = Hash::Sha1.of(&[&hash, &0u32.to_le_bytes()]);
        let half = |pad: u8| {
            let mut block = [pad; 64];
            for (b, h) in block.iter_mut().zip(&hash) {
                *b ^= h;
            }
            Hash::Sha1.of(&[&block])
        };
        let key = fitted([half(0x36), half(0x5C)].concat(), self.key_bytes, 0);
        let verifier = ecb(&key, &self.verifier)?;
        let expected = ecb(&key, &self.verifier_hash)?;
        (expected.get(..20)? == Hash::Sha1.of(&[&verifier])).then_some(key)
    }
}

/// AES in chained blocks, without padding.
fn cbc(key: &[u8], start: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut out = data.to_vec();
    macro_rules! run {
        ($aes:ty) => {
            cbc::Decryptor::<$aes>::new_from_slices(key, start).ok()?.decrypt_padded_mut::<NoPadding>(&mut out).ok()?.len()
        };
    }
    match key.len() {
        16 => run!(aes::Aes128),
        24 => run!(aes::Aes192),
        32 => run!(aes::Aes256),
        _ => return None,
    };
    Some(out)
}

/// AES block by block.
fn ecb(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut out = data[..data.len() / 16 * 16].to_vec();
    macro_rules! run {
        ($aes:ty) => {{
            let cipher = <$aes>::new_from_slice(key).ok()?;
            for block in out.chunks_exact_mut(16) {
                cipher.decrypt_block(GenericArray::from_mut_slice(block));
            }
        }};
    }
    match key.len() {
        16 => run!(aes::Aes128),
        24 => run!(aes::Aes192),
        32 => run!(aes::Aes256),
        _ => return None,
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use aes::cipher::BlockEncryptMut;
    use std::io::Write;

    fn sealed(key: &[u8], start: &[u8], data: &[u8]) -> Vec<u8> {
        let mut out = fitted(data.to_vec(), data.len().div_ceil(16) * 16, 0);
        let length = out.len();
        cbc::Encryptor::<aes::Aes256>::new_from_slices(key, start).unwrap().encrypt_padded_mut::<NoPadding>(&mut out, length).unwrap();
        out
    }

    /// A package locked as Excel does it, with fewer rounds.
    fn locked(plain: &[u8], password: &str, rounds: u32) -> Vec<u8> {
        let b64 = |b: &[u8]| base64::engine::general_purpose::STANDARD.encode(b);
        let (salt, data_salt, key, word) = ([7u8; 16], [9u8; 16], [3u8; 32], [5u8; 16]);
        let mut hash = Hash::Sha512.of(&[&salt, &utf16(password)]);
        for n in 0..rounds.min(10) {
            hash = Hash::Sha512.of(&[&n.to_le_bytes(), &hash]);
        }
        let seal = |block: [u8; 8], data: &[u8]| b64(&sealed(&fitted(Hash::Sha512.of(&[&hash, &block]), 32, 0x36), &salt, data));
        let common = r#"blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512""#;
        let info = format!(
            r#"<encryption><keyData saltSize="16" {common} saltValue="{}"/><keyEncryptors><keyEncryptor><p:encryptedKey spinCount="{rounds}" saltSize="16" {common} saltValue="{}" encryptedVerifierHashInput="{}" encryptedVerifierHashValue="{}" encryptedKeyValue="{}"/></keyEncryptor></keyEncryptors></encryption>"#,
            b64(&data_salt),
            b64(&salt),
            seal([0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79], &word),
            seal([0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E], &Hash::Sha512.of(&[&word])),
            seal([0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6], &key),
        );
        let mut package = (plain.len() as u64).to_le_bytes().to_vec();
        for (n, segment) in plain.chunks(4096).enumerate() {
            let start = fitted(Hash::Sha512.of(&[&data_salt, &(n as u32).to_le_bytes()]), 16, 0x36);
            package.extend(sealed(&key, &start, segment));
        }
        let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let info = [&[4u8, 0, 4, 0, 0x40, 0, 0, 0][..], info.as_bytes()].concat();
        ole.create_stream("/EncryptionInfo").unwrap().write_all(&info).unwrap();
        ole.create_stream("/EncryptedPackage").unwrap().write_all(&package).unwrap();
        ole.into_inner().into_inner()
    }

    #[test]
    fn the_right_password_opens_and_no_other() {
        let plain: Vec<u8> = (0..10_000u32).map(|n| n as u8).collect();
        let file = locked(&plain, "計画R6", 10);
        assert_eq!(unlock_package(&file, &["x".into(), "計画R6".into()]), Ok(plain));
        assert_eq!(unlock_package(&file, &["計画R7".into()]), Err(Unreadable::Password));
        assert_eq!(unlock_package(&file, &[]), Err(Unreadable::Password));
    }

    #[test]
    fn endless_work_is_refused() {
        assert!(matches!(unlock_package(&locked(b"x", "p", 4_000_000_000), &["p".into()]), Err(Unreadable::Damaged(_))));
    }
}
