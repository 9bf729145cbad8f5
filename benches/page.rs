//! The page of invented towns: how long it takes to make and how large it is. The pages stay for `tests/conformance/page.py`, which opens them in a browser.
//!
//!     cargo bench --bench page
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

#[path = "../tests/page/town.rs"]
mod town;

use std::time::Instant;
use torimatome::finding::Lang;
use town::{HOSTILE, Town, hostile};

fn main() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::create_dir_all(&folder).unwrap();
    println!("{:<24} {:>11} {:>9} {:>9}", "page", "initiatives", "s", "MB");
    println!("hostile texts: {}", HOSTILE.len());
    for (name, town) in [("town", Town::of(56)), ("hostile", hostile()), ("large", Town::of(10_000))] {
        let start = Instant::now();
        let page = town.page(Lang::Ja);
        let seconds = start.elapsed().as_secs_f64();
        println!("{name:<24} {:>11} {seconds:>9.3} {:>9.2}", town.settled.initiatives.len(), page.len() as f64 / 1e6);
        std::fs::write(folder.join(format!("{name}.html")), page).unwrap();
    }
}
