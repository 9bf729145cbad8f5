//! The workbooks that we write: written, read back through our own reader, and compared with the model.

mod changes;
pub(crate) mod fixture;

use fixture::Fixture;
use torimatome::render::xlsx;
use torimatome::workbook::{self, CellRef, ReadOptions, Sheet, Stored, Workbook};

fn read(bytes: &[u8]) -> Workbook {
    workbook::read(bytes, "進捗総括表.xlsx", &ReadOptions::default()).unwrap()
}

/// Row and column (zero-based) of the first cell that holds just this text.
fn find(sheet: &Sheet, text: &str) -> CellRef {
    *sheet.cells.iter().find(|(_, c)| c.shown.trim() == text).unwrap_or_else(|| panic!("「{text}」 is not on {}", sheet.name)).0
}

/// Leaves a workbook below `target/tmp`, for looking at and for the outside programs of `tests/conformance`.
pub(crate) fn keep(name: &str, bytes: &[u8]) {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn the_summary_has_its_nine_sheets_and_a_row_for_every_initiative() {
    for id in ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"] {
        let fixture = Fixture::of(id, "typical");
        let bytes = xlsx::summary(&fixture.view()).unwrap();
        keep(&format!("{id}/進捗総括表.xlsx"), &bytes);
        let book = read(&bytes);
        let names: Vec<&str> = book.sheets.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["概要", "一覧", "所属別", "評価別", "提出状況", "変更一覧", "新旧対照", "突合結果", "出典"]);
        let list = &book.sheets[1];
        let head = find(list, "取組名");
        for (n, initiative) in fixture.settled.initiatives.iter().enumerate() {
            assert_eq!(list.text(CellRef::new(head.row + 1 + n as u32, head.col)), initiative.name.trim());
        }
        let sources = &book.sheets[8];
        let head = find(sources, "値");
        let key = find(sources, "項目キー");
        let values: usize = fixture.settled.initiatives.iter().map(|i| i.fields.len()).sum();
        for row in head.row + 1..=head.row + values as u32 {
            let initiative = sources.text(CellRef::new(row, 0));
            let initiative = fixture.settled.initiatives.iter().find(|i| i.key == initiative).unwrap();
            let value = &initiative.fields[sources.text(CellRef::new(row, key.col))].value;
            assert_eq!(sources.text(CellRef::new(row, head.col)), value.trim());
        }
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let fixture = Fixture::of("oyama_joho", "typical");
    assert!(xlsx::summary(&fixture.view()).unwrap() == xlsx::summary(&fixture.view()).unwrap());
    assert!(xlsx::findings(&fixture.view()).unwrap() == xlsx::findings(&fixture.view()).unwrap());
}

#[test]
fn a_text_that_looks_like_a_formula_stays_a_text() {
    let mut fixture = Fixture::of("honjo", "typical");
    let nasty = "=cmd|'/C calc'!A0";
    let first = fixture.settled.initiatives.iter_mut().find(|i| i.answered).unwrap();
    for field in first.fields.values_mut().filter(|f| f.reported) {
        field.value = nasty.to_owned();
    }
    first.name = nasty.to_owned();
    let book = read(&xlsx::summary(&fixture.view()).unwrap());
    let cells: Vec<_> = book.sheets.iter().flat_map(|s| s.cells.values()).collect();
    assert!(cells.iter().all(|c| c.formula.is_none()));
    assert!(cells.iter().any(|c| c.stored == Stored::Text(nasty.to_owned())));
}

#[test]
fn figures_are_numbers_with_their_unit() {
    let fixture = Fixture::of("honjo", "typical");
    let book = read(&xlsx::summary(&fixture.view()).unwrap());
    let list = &book.sheets[1];
    let (row, initiative) = fixture.settled.initiatives.iter().enumerate().find(|(_, i)| !i.achievements.is_empty()).unwrap();
    let head = find(list, "達成率");
    let rate = &list.cells[&CellRef::new(head.row + 1 + row as u32, head.col)];
    assert_eq!(rate.stored, Stored::Number(initiative.achievements[0].rate.unwrap() / 100.0));
    assert_eq!(rate.shown.trim(), "72.6%");
}

#[test]
fn a_text_longer_than_a_row_can_be_high_is_printed_whole_below() {
    let mut fixture = Fixture::of("honjo", "typical");
    let long: String = (0..4_000).map(|n| char::from_u32(0x4e00 + n % 2000).unwrap()).collect();
    let first = fixture.settled.initiatives.iter_mut().find(|i| i.answered).unwrap();
    first.fields.get_mut("status_report").unwrap().value = long.clone();
    let book = read(&xlsx::summary(&fixture.view()).unwrap());
    let list = &book.sheets[1];
    let head = find(list, "実績");
    assert!(list.cells.iter().any(|(at, c)| at.col == head.col && c.shown == long), "the cell holds the whole text");
    let below: String = list.cells.iter().filter(|(at, _)| at.col == 0).map(|(_, c)| c.shown.as_str()).collect();
    assert!(below.contains(&long), "and it stands below the table");
}

#[test]
fn texts_over_the_limit_of_a_cell_are_not_lost() {
    let mut fixture = Fixture::of("honjo", "typical");
    let long = "市".repeat(40_000) + "終わり";
    let first = fixture.settled.initiatives.iter_mut().find(|i| i.answered).unwrap();
    first.fields.get_mut("status_report").unwrap().value = long.clone();
    let book = read(&xlsx::summary(&fixture.view()).unwrap());
    let below: String = book.sheets[8].cells.iter().filter(|(at, _)| at.col == 0).map(|(_, c)| c.shown.as_str()).collect();
    assert!(below.contains(&long));
}

#[test]
fn a_very_long_sheet_waits_in_a_file_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut fixture = Fixture::of("honjo", "typical");
    fixture.job.output = folder.path().join("output");
    let one = fixture.settled.findings[0].clone();
    let finding = |n: usize| torimatome::finding::Finding { found: format!("={n}件目の内容\n二行目"), waived: None, ..one.clone() };
    fixture.settled.findings = (0..6_000).map(finding).collect();
    let bytes = xlsx::findings(&fixture.view()).unwrap();
    assert!(bytes == xlsx::findings(&fixture.view()).unwrap(), "the same model gives the same bytes");
    keep("long/突合結果.xlsx", &bytes);
    let book = read(&bytes);
    let place = find(&book.sheets[0], "=0件目の内容\n二行目");
    for n in 0..6_000u32 {
        let cell = &book.sheets[0].cells[&CellRef::new(place.row + n, place.col)];
        assert_eq!((cell.shown.as_str(), &cell.formula), (format!("={n}件目の内容\n二行目").as_str(), &None));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no file is left behind");
}

#[test]
fn findings_and_decisions_have_a_row_each() {
    let fixture = Fixture::of("honjo", "hostile");
    let view = fixture.view();
    let bytes = xlsx::findings(&view).unwrap();
    keep("honjo/突合結果.xlsx", &bytes);
    let book = read(&bytes);
    let head = find(&book.sheets[0], "指摘ID");
    let ids = book.sheets[0].cells.iter().filter(|(at, _)| at.col == head.col && at.row > head.row).count();
    assert_eq!(ids, fixture.settled.findings.len());

    let decisions = torimatome::reconcile::waivers::Decisions::default();
    let bytes = xlsx::waivers(&view, &decisions).unwrap();
    keep("honjo/waivers.xlsx", &bytes);
    let book = read(&bytes);
    assert_eq!(book.sheets[0].name, "確認済み");
    assert_eq!(find(&book.sheets[0], "指摘ID"), CellRef::new(0, 0));
    let bytes = xlsx::corrections(&view, &decisions).unwrap();
    keep("honjo/corrections.xlsx", &bytes);
    let book = read(&bytes);
    assert_eq!(find(&book.sheets[0], "正しい値").row, 0);
}

#[test]
fn nothing_at_all_still_makes_a_workbook() {
    let mut fixture = Fixture::of("kodaira", "typical");
    fixture.settled.initiatives.clear();
    fixture.settled.ledger.clear();
    fixture.settled.findings.clear();
    let book = read(&xlsx::summary(&fixture.view()).unwrap());
    assert_eq!(book.sheets.len(), 9);
    xlsx::findings(&fixture.view()).unwrap();
}
