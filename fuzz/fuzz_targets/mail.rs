#![no_main]
//! `cargo +nightly fuzz run mail --features libfuzzer`

libfuzzer_sys::fuzz_target!(|data: &[u8]| torimatome_fuzz::mail(data));
