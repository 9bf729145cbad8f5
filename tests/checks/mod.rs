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

#[test]
fn a_private_character_in_an_answer_is_told_once() {
    use torimatome::finding::Finding;
    let of = |rule, initiative: &str, field: &str, found: &str| Finding::new(rule).initiative(initiative).field(field).found(found);
    let missing = |initiative: &str, field: &str, found: &str| of(&torimatome::layout::MISSING_GLYPH, initiative, field, found);
    let mut findings = vec![of(&torimatome::reconcile::checks::private_use_character::RULE, "1", "report", "U+E000（〓田）")];
    let laid_out = vec![
        missing("1", "report", "\u{E000}"),
        // Another initiative, another field, another character: these say something of their own.
        missing("2", "report", "\u{E000}"),
        missing("1", "name", "\u{E000}"),
        missing("1", "report", "\u{E000}\u{13000}"),
    ];
    torimatome::reconcile::add_from_layout(&mut findings, laid_out);
    let codes: Vec<&str> = findings.iter().map(|f| f.rule.code).collect();
    assert_eq!(codes, ["N207", "N208", "N208", "N208"]);
    assert!(findings[0].message.ja.ends_with(torimatome::layout::MISSING_GLYPH.title.ja), "{}", findings[0].message.ja);
}
