//! A mutation runner that needs no nightly toolchain: takes seed files, bends them, and watches for panics, hangs and memory.
//!
//! `mutate workbook|mail|zip MINUTES SEEDS… [--out FOLDER]`: seeds are files or folders. Zip members are bent inside and packed anew, so that the readers
//! behind the checksum are reached. A panic or a run of more than five seconds is written to the folder, with the seed of the random numbers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(target), Some(minutes)) = (args.next(), args.next().and_then(|m| m.parse::<f64>().ok())) else {
        eprintln!("mutate workbook|mail|zip MINUTES SEEDS… [--out FOLDER]");
        std::process::exit(2);
    };
    let mut out = PathBuf::from("artifacts");
    let mut seeds = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--out" {
            out = args.next().map_or(out, PathBuf::from);
        } else {
            gather(Path::new(&arg), &mut seeds);
        }
    }
    let run: fn(&[u8]) = match target.as_str() {
        "workbook" => torimatome_fuzz::workbook,
        "mail" => torimatome_fuzz::mail,
        "zip" => torimatome_fuzz::zip,
        other => {
            eprintln!("no target {other}");
            std::process::exit(2);
        }
    };
    std::panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ std::process::id() as u64);
    let (mut runs, mut bad, mut slowest) = (0u64, 0u64, Duration::ZERO);
    while start.elapsed() < Duration::from_secs_f64(minutes * 60.0) && !seeds.is_empty() {
        let seed = &seeds[random.below(seeds.len())];
        let data = bend(seed, &mut random);
        let begun = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| run(&data)));
        let took = begun.elapsed();
        slowest = slowest.max(took);
        runs += 1;
        if result.is_err() || took > Duration::from_secs(5) {
            bad += 1;
            let kind = if result.is_err() { "panic" } else { "slow" };
            let why = result.err().map(|e| message(&e)).unwrap_or_default();
            std::fs::create_dir_all(&out).ok();
            let file = out.join(format!("{target}-{kind}-{runs}"));
            std::fs::write(&file, &data).ok();
            eprintln!("{} {took:?} {why}", file.display());
        }
    }
    println!("{target}: {runs} runs in {:.1} minutes, {bad} bad, slowest {slowest:?}, {} seeds", start.elapsed().as_secs_f64() / 60.0, seeds.len());
    std::process::exit(i32::from(bad > 0));
}

fn message(error: &Box<dyn std::any::Any + Send>) -> String {
    error.downcast_ref::<String>().cloned().or_else(|| error.downcast_ref::<&str>().map(|s| (*s).to_string())).unwrap_or_default()
}

fn gather(path: &Path, seeds: &mut Vec<Vec<u8>>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        entries.iter().for_each(|p| gather(p, seeds));
    } else if let Ok(bytes) = std::fs::read(path) {
        if bytes.len() <= 300_000 {
            seeds.push(bytes);
        }
    }
}

/// A few changes at random places; inside a member for zips, most of the time.
fn bend(seed: &[u8], random: &mut Random) -> Vec<u8> {
    if seed.starts_with(b"PK") && random.below(4) > 0 {
        if let Some(packed) = torimatome_fuzz::repack::bend_member(seed, random.next(), |bytes, n| {
            let mut inner = Random(n | 1);
            changes(bytes, &mut inner)
        }) {
            return packed;
        }
    }
    changes(seed.to_vec(), random)
}

fn changes(mut data: Vec<u8>, random: &mut Random) -> Vec<u8> {
    const WORDS: [&[u8]; 16] = [
        b"\xFF\xFF\xFF\xFF",
        b"\0\0\0\0",
        b"99999999999",
        b"-1",
        b"1048577",
        b"XFE1",
        b"\"/>",
        b"</row>",
        b"&#x0;",
        b"\x7F",
        b"1e308",
        b"number-columns-repeated=\"999999999\"",
        b"<c r=\"A1\"><v>",
        b"=?ISO-2022-JP?B?",
        b"../",
        b"\r\n\r\n",
    ];
    for _ in 0..=random.below(4) {
        let at = random.below(data.len() + 1);
        match random.below(7) {
            0 if at < data.len() => data[at] ^= 1 << random.below(8),
            1 if at < data.len() => data[at] = random.next() as u8,
            2 => data.truncate(at),
            3 => {
                let end = (at + random.below(64)).min(data.len());
                data.drain(at..end);
            }
            4 => {
                let end = (at + random.below(256)).min(data.len());
                let piece = data[at..end].to_vec();
                let to = random.below(data.len() + 1);
                data.splice(to..to, piece);
            }
            5 => {
                let word = WORDS[random.below(WORDS.len())];
                data.splice(at..at, word.iter().copied());
            }
            _ => {
                let word = WORDS[random.below(WORDS.len())];
                for (n, b) in word.iter().enumerate() {
                    if let Some(place) = data.get_mut(at + n) {
                        *place = *b;
                    }
                }
            }
        }
    }
    data
}
