//! Collecting: mails and archives made here, byte by byte, as programs in offices write them and as nobody should.

mod containers;
pub(crate) mod make;
