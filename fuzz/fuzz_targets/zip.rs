#![no_main]
//! `cargo +nightly fuzz run zip --features libfuzzer`

libfuzzer_sys::fuzz_target!(|data: &[u8]| torimatome_fuzz::zip(data));
