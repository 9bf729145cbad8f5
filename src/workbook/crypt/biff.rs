//! Protected .xls: the records of the stream are ciphered one by one, their headers are not.

use super::{Hash, candidates, utf16};
use crate::workbook::Unreadable;
use crate::workbook::bytes::{u16_at, u32_at};

const FILE_PASS: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
/// Records that are never ciphered (MS-XLS 2.2.10): beginnings, locks, the protection itself.
const PLAIN: [u16; 7] = [0x0809, FILE_PASS, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196];

/// Deciphers a stream in place; one that is not protected stays as it is.
///
/// # Errors
/// [`Unreadable::Password`] if no password fits or the method is unknown.
pub(in crate::workbook) fn unlock_biff(stream: &mut [u8], passwords: &[String]) -> Result<(), Unreadable> {
    let Some(protection) = records(stream).take_while(|r| r.kind != 0x000A).find(|r| r.kind == FILE_PASS) else { return Ok(()) };
    let info = stream.get(protection.at..protection.at + protection.len).unwrap_or(&[]).to_vec();
    let method = method(&info).ok_or(Unreadable::Password)?;
    let cipher = candidates(passwords).find_map(|password| method.cipher(password)).ok_or(Unreadable::Password)?;
    let ciphered: Vec<Place> = records(stream).filter(|r| !PLAIN.contains(&r.kind)).collect();
    let mut keys = Keys { cipher: &cipher, block: None, key_stream: Vec::new() };
    for record in ciphered {
        // The place of a sheet's stream stays readable.
        let from = if record.kind == BOUND_SHEET { 4.min(record.len) } else { 0 };
        for n in from..record.len {
            if let Some(byte) = stream.get_mut(record.at + n) {
                *byte = keys.plain(*byte, record.at + n, record.at + record.len + n);
            }
        }
    }
    Ok(())
}

struct Place {
    kind: u16,
    at: usize,
    len: usize,
}

fn records(stream: &[u8]) -> impl Iterator<Item = Place> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let head = stream.get(at..at + 4)?;
        let place = Place { kind: u16::from_le_bytes([head[0], head[1]]), at: at + 4, len: usize::from(u16::from_le_bytes([head[2], head[3]])) };
        at = place.at + place.len;
        (at <= stream.len()).then_some(place)
    })
}

/// How the stream is protected.
enum Method {
    Xor {
        key: u16,
        verifier: u16,
    },
    /// RC4 with MD5 (Office 97) or SHA-1 (CryptoAPI).
    Rc4 {
        crypto_api: bool,
        key_bytes: usize,
        salt: Vec<u8>,
        verifier: Vec<u8>,
        verifier_hash: Vec<u8>,
    },
}

/// An opened protection.
enum Cipher {
    Xor([u8; 16]),
    Rc4 { crypto_api: bool, key_bytes: usize, base: Vec<u8> },
}

fn method(info: &[u8]) -> Option<Method> {
    if info.len() == 4 {
        // Excel 95 knows only XOR and does not say so.
        return Some(Method::Xor { key: u16_at(info, 0)?, verifier: u16_at(info, 2)? });
    }
    if u16_at(info, 0)? == 0 {
        return Some(Method::Xor { key: u16_at(info, 2)?, verifier: u16_at(info, 4)? });
    }
    let slice = |from: usize, len: usize| info.get(from..from.checked_add(len)?).map(<[u8]>::to_vec);
    match u16_at(info, 2)? {
        1 => Some(Method::Rc4 { crypto_api: false, key_bytes: 16, salt: slice(6, 16)?, verifier: slice(22, 16)?, verifier_hash: slice(38, 16)? }),
        2..=4 => {
            let header = u32_at(info, 10)? as usize;
            let bits = u32_at(info, 14 + 16)?;
            let at = 14usize.checked_add(header)?;
            let key_bytes = if bits == 0 { 5 } else { (bits / 8) as usize };
            (1..=16).contains(&key_bytes).then_some(())?;
            Some(Method::Rc4 {
                crypto_api: true,
                key_bytes,
                salt: slice(at.checked_add(4)?, 16)?,
                verifier: slice(at + 20, 16)?,
                verifier_hash: slice(at + 40, 20)?,
            })
        }
        _ => None,
    }
}

impl Method {
    fn cipher(&self, password: &str) -> Option<Cipher> {
        match self {
            Method::Xor { key, verifier } => xor_cipher(password, *key, *verifier),
            Method::Rc4 { crypto_api, key_bytes, salt, verifier, verifier_hash } => {
                let base = if *crypto_api {
                    Hash::Sha1.of(&[salt, &utf16(password)])
                } else {
                    let first = Hash::Md5.of(&[&utf16(password)]);
                    let piece = [first.get(..5)?, salt.as_slice()].concat();
                    Hash::Md5.of(&[&piece.repeat(16)])
                };
                let cipher = Cipher::Rc4 { crypto_api: *crypto_api, key_bytes: *key_bytes, base };
                let stream = cipher.key_stream(0, verifier.len() + verifier_hash.len());
                let plain: Vec<u8> = verifier.iter().chain(verifier_hash).zip(&stream).map(|(a, b)| a ^ b).collect();
                let (word, expected) = plain.split_at(verifier.len());
                let real = if *crypto_api { Hash::Sha1.of(&[word]) } else { Hash::Md5.of(&[word]) };
                (real == expected).then_some(cipher)
            }
        }
    }
}

impl Cipher {
    /// The first bytes of the key stream of a block.
    fn key_stream(&self, block: u32, length: usize) -> Vec<u8> {
        let Cipher::Rc4 { crypto_api, key_bytes, base } = self else { return vec![0; length] };
        let key = if *crypto_api {
            let hash = Hash::Sha1.of(&[base, &block.to_le_bytes()]);
            let mut key = hash[..(*key_bytes).min(hash.len())].to_vec();
            // Keys of forty bits are filled up with zeros.
            if *key_bytes == 5 {
                key.resize(16, 0);
            }
            key
        } else {
            Hash::Md5.of(&[&base[..5.min(base.len())], &block.to_le_bytes()])
        };
        rc4(&key, length)
    }
}

/// The key stream while walking over the stream.
struct Keys<'a> {
    cipher: &'a Cipher,
    block: Option<u32>,
    key_stream: Vec<u8>,
}

impl Keys<'_> {
    /// Deciphers the byte at a place of the stream; `turn` is what the XOR method counts by.
    fn plain(&mut self, byte: u8, at: usize, turn: usize) -> u8 {
        match self.cipher {
            Cipher::Xor(keys) => byte.rotate_left(3) ^ keys[turn % 16],
            Cipher::Rc4 { .. } => {
                let block = u32::try_from(at / 1024).unwrap_or(u32::MAX);
                if self.block != Some(block) {
                    self.key_stream = self.cipher.key_stream(block, 1024);
                    self.block = Some(block);
                }
                byte ^ self.key_stream[at % 1024]
            }
        }
    }
}

fn rc4(key: &[u8], length: usize) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|n| n as u8);
    let mut j = 0u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len().max(1)]);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0u8, 0u8);
    (0..length)
        .map(|_| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(state[usize::from(i)]);
            state.swap(usize::from(i), usize::from(j));
            state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
        })
        .collect()
}

const PAD: [u8; 15] = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00];
const INITIAL: [u16; 15] = [0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3];
#[rustfmt::skip]
const MATRIX: [u16; 105] = [
    0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF, 0x4563, 0x8AC6, 0x05AD, 0x0B5A,
    0x16B4, 0x2D68, 0x5AD0, 0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40, 0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45,
    0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A, 0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4,
    0x7B68, 0xF6D0, 0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC, 0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10, 0xAA51, 0x4483,
    0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C, 0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6,
    0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC, 0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4,
];

/// XOR obfuscation, method 1 (MS-OFFCRYPTO 2.3.7). Passwords have one to fifteen letters of one byte.
fn xor_cipher(password: &str, key: u16, verifier: u16) -> Option<Cipher> {
    let (letters, _, _) = encoding_rs::SHIFT_JIS.encode(password);
    if !(1..=15).contains(&letters.len()) || xor_key(&letters) != key || xor_verifier(&letters) != verifier {
        return None;
    }
    let mut keys = [0u8; 16];
    for (n, k) in keys.iter_mut().enumerate() {
        let letter = letters.get(n).copied().or_else(|| PAD.get(n - letters.len().min(n)).copied()).unwrap_or(0);
        *k = (letter ^ key.to_le_bytes()[n & 1]).rotate_left(2);
    }
    Some(Cipher::Xor(keys))
}

fn xor_key(letters: &[u8]) -> u16 {
    let mut key = INITIAL[letters.len() - 1];
    let mut element = MATRIX.len();
    for letter in letters.iter().rev() {
        let mut letter = *letter;
        for _ in 0..7 {
            element -= 1;
            if letter & 0x40 != 0 {
                key ^= MATRIX[element];
            }
            letter <<= 1;
        }
    }
    key
}

fn xor_verifier(letters: &[u8]) -> u16 {
    let mut verifier = 0u16;
    let length = letters.len() as u8;
    for byte in letters.iter().rev().chain(std::iter::once(&length)) {
        verifier = (verifier >> 14 & 1 | verifier << 1 & 0x7FFF) ^ u16::from(*byte);
    }
    verifier ^ 0xCE4B
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    /// A stream locked with a cipher; ciphering RC4 is the same as deciphering it.
    fn locked(info: &[u8], cipher: &Cipher, long: &[u8]) -> Vec<u8> {
        let mut stream = [record(0x0809, b"BOF!"), record(FILE_PASS, info), record(0x0085, b"0123name"), record(0x00FC, long)].concat();
        let places: Vec<Place> = records(&stream).filter(|r| !PLAIN.contains(&r.kind)).collect();
        let mut keys = Keys { cipher, block: None, key_stream: Vec::new() };
        for place in places {
            for n in if place.kind == BOUND_SHEET { 4 } else { 0 }..place.len {
                stream[place.at + n] = keys.plain(stream[place.at + n], place.at + n, 0);
            }
        }
        stream
    }

    #[test]
    fn rc4_opens_with_its_password_only() {
        let long: Vec<u8> = (0..5000u32).map(|n| n as u8).collect();
        let base = |password: &str| {
            let first = Hash::Md5.of(&[&utf16(password)]);
            Hash::Md5.of(&[&[&first[..5], &[7u8; 16]].concat().repeat(16)])
        };
        let cipher = Cipher::Rc4 { crypto_api: false, key_bytes: 16, base: base("計画") };
        let word = [5u8; 16];
        let stream = cipher.key_stream(0, 32);
        let sealed: Vec<u8> = word.iter().chain(&Hash::Md5.of(&[&word])).zip(&stream).map(|(a, b)| a ^ b).collect();
        let info = [&[1u8, 0, 1, 0, 1, 0][..], &[7; 16], &sealed].concat();
        let file = locked(&info, &cipher, &long);
        let mut opened = file.clone();
        assert_eq!(unlock_biff(&mut opened, &["計画".into()]), Ok(()));
        assert!(opened.ends_with(&long) && opened.windows(8).any(|w| w == b"0123name"));
        assert_eq!(unlock_biff(&mut file.clone(), &["other".into()]), Err(Unreadable::Password));
    }

    #[test]
    fn xor_knows_its_password() {
        // Key and verifier of the password "abc", from the formulas of MS-OFFCRYPTO 2.3.7.
        let (key, verifier) = (xor_key(b"abc"), xor_verifier(b"abc"));
        assert!(xor_cipher("abc", key, verifier).is_some());
        assert!(xor_cipher("abd", key, verifier).is_none());
        assert!(xor_cipher("", key, verifier).is_none());
        assert!(xor_cipher("sixteen-letters!", key, verifier).is_none());
    }

    #[test]
    fn what_is_not_locked_stays_as_it_is() {
        let mut stream = record(0x0809, b"BOF!");
        assert_eq!(unlock_biff(&mut stream, &[]), Ok(()));
        assert_eq!(stream, record(0x0809, b"BOF!"));
    }
}
