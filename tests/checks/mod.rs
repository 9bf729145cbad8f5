//! The checks above a single file: the ten sample mailboxes as a careful person reads them, totals a second time, time in proportion, documentation.

mod gate;
mod ideal;
mod proportion;

/// `docs/findings.md` is what the rules say today; run with `UPDATE_DOCS=1` to write it.
#[test]
fn the_page_of_findings_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let text = torimatome::catalog::documentation();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/findings.md is not current: run the tests with UPDATE_DOCS=1");
}
