//! Passwords: opens protected workbooks with the passwords of the job, as MS-OFFCRYPTO describes it.
//!
//! In: the protected bytes and the passwords to try. Out: the plain bytes.
//! Stays true: a password is only taken if the file's own verifier says so; the work per password is bounded.
//! Parts: `package` (.xlsx, .xlsm, .xlsb: agile and standard), `biff` (.xls: RC4 and XOR).

mod biff;
mod package;

pub(super) use biff::unlock_biff;
pub(super) use package::unlock_package;

use sha2::Digest;

/// Excel locks workbooks "read-only recommended" with this password and opens them without asking.
const SILENT: &str = "VelvetSweatshop";

/// The passwords to try, in order.
fn candidates(passwords: &[String]) -> impl Iterator<Item = &str> {
    std::iter::once(SILENT).chain(passwords.iter().map(String::as_str))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The hashes that protected files name.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn by_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().replace('-', "").as_str() {
            "MD5" => Hash::Md5,
            "SHA1" => Hash::Sha1,
            "SHA256" => Hash::Sha256,
            "SHA384" => Hash::Sha384,
            "SHA512" => Hash::Sha512,
            _ => return None,
        })
    }

    /// The hash of several pieces in a row.
    fn of(self, pieces: &[&[u8]]) -> Vec<u8> {
        fn run<D: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            for piece in pieces {
                hash.update(piece);
            }
            hash.finalize().to_vec()
        }
        match self {
            Hash::Md5 => run::<md5::Md5>(pieces),
            Hash::Sha1 => run::<sha1::Sha1>(pieces),
            Hash::Sha256 => run::<sha2::Sha256>(pieces),
            Hash::Sha384 => run::<sha2::Sha384>(pieces),
            Hash::Sha512 => run::<sha2::Sha512>(pieces),
        }
    }
}

/// Cut or filled up to a length.
fn fitted(mut bytes: Vec<u8>, length: usize, fill: u8) -> Vec<u8> {
    bytes.resize(length, fill);
    bytes
}
