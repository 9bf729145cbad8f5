#![no_main]
//! `cargo +nightly fuzz run workbook --features libfuzzer`

libfuzzer_sys::fuzz_target!(|data: &[u8]| torimatome_fuzz::workbook(data));
