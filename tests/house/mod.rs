//! House rules as tests: rooms import downwards only, no city is known in the source, third-party readers and writers stay in their rooms.

use std::path::{Path, PathBuf};

/// The rooms in the order the data flows; a room uses rooms before it, never after.
const ROOMS: [&str; 12] =
    ["finding", "value", "workbook", "form", "plan", "intake", "reconcile", "layout", "packet", "render", "output", "authoring"];

/// The library whose name may stand in one room only.
const ONE_ROOM: [(&str, &str); 6] = [
    ("calamine", "src/workbook"),
    ("cfb", "src/workbook|src/intake/collect"),
    ("rust_xlsxwriter", "src/render/xlsx"),
    ("printpdf", "src/render/pdf"),
    ("lopdf", "src/render/pdf"),
    ("mailparse", "src/intake/collect"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, wanted, found);
        } else if wanted(&path) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join("src"), &|p| p.extension().is_some_and(|e| e == "rs"), &mut found);
    assert!(found.len() > 30, "the sources were not found");
    found.into_iter().map(|p| (p.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"), std::fs::read_to_string(&p).unwrap())).collect()
}

/// The code of a file without its comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, l)| (n + 1, l)).filter(|(_, l)| !l.trim_start().starts_with("//"))
}

/// The part of a file before its tests, which may use anything.
fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn rooms_use_rooms_above_them() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some(room) = file.strip_prefix("src/").and_then(|f| f.split(['/', '.']).next()) else { continue };
        let Some(own) = ROOMS.iter().position(|r| *r == room) else { continue };
        for (line, code) in code(before_tests(&text)) {
            for (index, other) in ROOMS.iter().enumerate() {
                if index > own && (code.contains(&format!("crate::{other}::")) || code.contains(&format!("crate::{other};"))) {
                    wrong.push(format!("{file}:{line} uses {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "a room uses one below it:\n{}", wrong.join("\n"));
}

#[test]
fn no_city_is_known_in_the_source() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let lower = before_tests(&text).to_lowercase();
        for (line, code) in code(&lower) {
            for city in ["本庄", "安中", "小平", "小山", "honjo", "annaka", "kodaira", "oyama"] {
                if code.contains(city) {
                    wrong.push(format!("{file}:{line} names {city}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "a city is a folder of templates and data:\n{}", wrong.join("\n"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (library, rooms) in ONE_ROOM {
            if rooms.split('|').any(|room| file.starts_with(room)) {
                continue;
            }
            for (line, code) in code(&text) {
                if code.contains(&format!("{library}::")) {
                    wrong.push(format!("{file}:{line} uses {library}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "a library is used outside its room:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for (file, text) in sources() {
        assert!(text.starts_with("//!"), "{file} has no header");
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let mut found = Vec::new();
    files(
        &root(),
        &|p| {
            let name = p.strip_prefix(root()).unwrap().to_str().unwrap_or("").replace('\\', "/");
            let ours = !["target/", "output", ".git/", "fuzz/target", "fuzz/corpus"].iter().any(|skip| name.starts_with(skip));
            ours && p.extension().is_some_and(|e| ["md", "toml", "rs", "xml", "html", "py", "sh"].iter().any(|x| e == *x))
        },
        &mut found,
    );
    let home = ["/wo", "rk/"].concat();
    let temporary = ["/tm", "p/"].concat();
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        for word in [&home, &temporary] {
            assert!(!text.contains(word.as_str()), "{} names a path of one machine ({word})", path.display());
        }
    }
}

#[test]
fn every_city_is_a_folder_of_templates_and_data() {
    for job in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        for file in [format!("templates/{job}/form.toml"), format!("seeds/{job}/plan.json"), format!("seeds/{job}/job.toml")] {
            assert!(root().join(&file).is_file(), "{file} is missing");
        }
    }
}
