//! Decisions that people write into Excel: the fresh copies that a run wrote are filled in, put into the job folder, and read by the next run.

use crate::common::{Run, Trial};
use rust_xlsxwriter::Workbook;
use torimatome::form::Form;
use torimatome::layout::Item;
use torimatome::layout::font::Fonts;
use torimatome::plan::Job;
use torimatome::reconcile::State;
use torimatome::reconcile::waivers::{columns, waiver_rows};
use torimatome::workbook;

/// A workbook of these columns and rows.
fn table(columns: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (n, title) in columns.iter().enumerate() {
        sheet.write_string(0, n as u16, *title).unwrap();
    }
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            sheet.write_string(r as u32 + 1, c as u16, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The rows of the run's waivers with these cells filled in for one finding.
fn filled(run: &Run, id: &str, cells: &[(&str, &str)]) -> Vec<u8> {
    let mut rows = waiver_rows(&run.outcome.settled.findings, &Default::default());
    let at = |column: &str| columns::WAIVERS.iter().position(|c| *c == column).unwrap();
    let row = rows.iter_mut().find(|r| r[at(columns::ID)] == id).unwrap();
    for (column, text) in cells {
        row[at(column)] = (*text).to_owned();
    }
    table(columns::WAIVERS, &rows)
}

#[test]
fn an_accepted_finding_stays_accepted_and_opens_again_when_its_time_is_over() {
    let trial = Trial::sample("honjo", "hostile");
    let first = trial.check();
    let wrong = first.finding("N202", "1-06");
    let accept = |until: &str| {
        let cells = [
            (columns::VERDICT, "確認済み"),
            (columns::REASON, "様式の改定前の語"),
            (columns::BY, "山田"),
            (columns::DATE, "2025/4/21"),
            (columns::UNTIL, until),
        ];
        filled(&first, &wrong.id(), &cells)
    };
    assert_eq!(first.outcome.settled.initiatives.iter().find(|i| i.key == "1-06").unwrap().fields["evaluation.R6"].state, State::Check);

    trial.put("waivers.xlsx", &accept("令和8年3月31日"));
    let second = trial.check();
    let waived = second.finding("N202", "1-06").waived.clone().unwrap();
    assert_eq!((waived.by.as_str(), waived.reason.as_str(), waived.until.as_deref()), ("山田", "様式の改定前の語", Some("2026-03-31")));
    assert_eq!(second.outcome.settled.initiatives.iter().find(|i| i.key == "1-06").unwrap().fields["evaluation.R6"].state, State::Reported);
    assert_eq!(second.outcome.settled.findings.iter().filter(|f| !f.is_open()).count(), 1);

    trial.put("waivers.xlsx", &accept("2025-04-19"));
    let third = trial.check();
    assert!(third.finding("N202", "1-06").is_open());
    assert_eq!(third.findings("W604").len(), 1);
}

#[test]
fn what_the_run_wrote_is_read_back_as_no_decision_at_all() {
    let trial = Trial::sample("kodaira", "hostile");
    trial.run();
    trial.put("waivers.xlsx", &trial.output("waivers.xlsx")).put("corrections.xlsx", &trial.output("corrections.xlsx"));
    let again = trial.check();
    assert!(again.outcome.settled.findings.iter().all(|f| f.is_open()));
    assert_eq!(again.outcome.settled.findings.iter().filter(|f| f.rule.code.starts_with('W')).count(), 0);
}

#[test]
fn a_correction_wins_over_the_file_and_keeps_both() {
    let trial = Trial::sample("honjo", "hostile");
    let row = |cells: [&str; 6]| cells.map(str::to_owned).to_vec();
    let rows = [
        row(["1-18", "年度末評価", "B", "道路管理課 佐藤", "2025-04-18", "電話で確認"]),
        row(["1-06", "evaluation.R6", "A", "市民活動推進課", "2025-04-18", "電話で確認"]),
        row(["9-99", "evaluation.R6", "A", "", "", ""]),
        row(["1-07", "無い項目", "A", "", "", ""]),
    ];
    trial.put("corrections.xlsx", &table(columns::CORRECTIONS, &rows));
    let run = trial.check();
    let field = |key: &str| run.outcome.settled.initiatives.iter().find(|i| i.key == key).unwrap().fields["evaluation.R6"].clone();
    assert_eq!(field("1-18").value, "B");
    assert!(matches!(field("1-06").state, State::Corrected(c) if c.instead_of.as_deref() == Some("達成") && c.by == "市民活動推進課"));
    assert_eq!(run.findings("W603").len(), 2);
    let record = run.result()["records"].as_array().unwrap().iter().find(|r| r["initiative"] == "1-06").unwrap();
    assert_eq!((&record["fields"]["evaluation.R6"]["value"], &record["evaluation"]), (&"A".into(), &"A".into()));
    // Both are kept, with the cell of the old one and who said the new one.
    let before = first_field(&Trial::sample("honjo", "hostile").check(), "1-06");
    let now = &record["fields"]["evaluation.R6"];
    assert_eq!((&now["as_written"], &now["file"], &now["cell"]), (&before["as_written"], &before["file"], &before["cell"]));
    let corrected = &now["corrected"];
    assert_eq!(
        (&corrected["instead_of"], &corrected["by"], &corrected["when"], &corrected["why"]),
        (&"達成".into(), &"市民活動推進課".into(), &"2025-04-18".into(), &"電話で確認".into())
    );
    // The finding against the old word is there no more as a doubt about what is printed; the sheet says that the value came by telephone.
    let printed = printed(&trial, &run, "1-06");
    assert!(printed.contains("電話回答") && !printed.contains("達成要確認"), "{printed}");
    assert!(!self::printed(&trial, &run, "1-02").contains("電話回答"));
}

/// The year's evaluation of an initiative in `result.json`.
fn first_field(run: &Run, key: &str) -> serde_json::Value {
    let records = run.result()["records"].as_array().unwrap();
    records.iter().find(|r| r["initiative"] == key).unwrap()["fields"]["evaluation.R6"].clone()
}

/// Every character printed on the sheet of an initiative.
fn printed(trial: &Trial, run: &Run, key: &str) -> String {
    let form = Form::load(&trial.job.settings.form, Some(&trial.job.folder)).unwrap();
    let fonts = Fonts::load(Some(&trial.job.folder)).unwrap();
    let (packet, _) = torimatome::packet::bind(&form, &run.outcome.settled, &trial.job, &fonts).unwrap();
    let (_, pages) = packet.single.iter().find(|(k, _)| k == key).unwrap();
    let items = pages.iter().flat_map(|p| &p.items);
    items.filter_map(|i| if let Item::Text(run) = i { Some(&*run.text) } else { None }).collect()
}

#[test]
fn a_decision_on_a_near_match_is_followed() {
    let trial = Trial::sample("honjo", "hostile");
    let first = trial.run();
    let unknown = first.findings("R303")[0].clone();
    let open = |run: &Run| run.outcome.settled.initiatives.iter().find(|i| !i.answered).unwrap().key.clone();
    let meant = open(&first);
    // The workbook that the run wrote, with one cell filled in as a clerk would.
    trial.put("waivers.xlsx", &written_and_filled(&trial, &unknown.id(), columns::DECIDED, &meant));
    let second = trial.run();
    assert_eq!(second.findings("R303").len(), first.findings("R303").len() - 1);
    let initiative = second.outcome.settled.initiatives.iter().find(|i| i.key == meant).unwrap();
    assert!(initiative.answered);
    let records = second.result()["records"].as_array().unwrap();
    let record = records.iter().find(|r| r["initiative"] == meant.as_str()).unwrap();
    let from = |r: &serde_json::Value| r["fields"]["evaluation.R6"]["file"].as_str().map(str::to_owned);
    assert_eq!(from(record), unknown.origin.file);
    // The decision stands in the fresh copy too, so that a third run needs nothing new.
    trial.put("waivers.xlsx", &trial.output("waivers.xlsx"));
    let third = trial.check();
    assert!(third.outcome.settled.initiatives.iter().find(|i| i.key == meant).unwrap().answered);
}

/// The `waivers.xlsx` that the run wrote, with one cell of one finding filled in.
fn written_and_filled(trial: &Trial, id: &str, column: &str, text: &str) -> Vec<u8> {
    let book = workbook::read(&trial.output("waivers.xlsx"), "waivers.xlsx", &workbook::ReadOptions::default()).unwrap();
    let sheet = book.sheets.iter().find(|s| s.cells.values().any(|c| c.shown == id)).unwrap();
    let row = sheet.cells.iter().find(|(_, c)| c.shown == id).unwrap().0.row;
    let col = sheet.cells.iter().find(|(_, c)| c.shown == column).unwrap().0.col;
    let mut copy = Workbook::new();
    let page = copy.add_worksheet();
    for (at, cell) in &sheet.cells {
        page.write_string(at.row, at.col as u16, &cell.shown).unwrap();
    }
    page.write_string(row, col as u16, text).unwrap();
    copy.save_to_buffer().unwrap()
}

#[test]
fn a_report_that_repeats_last_years_result_is_found() {
    let mut trial = Trial::sample("honjo", "typical");
    let first = trial.check();
    assert_eq!(first.findings("C406").len(), 0);
    // Last year everybody wrote what they write today.
    let text = serde_json::to_string(first.result()).unwrap().replace(".R6\"", ".R5\"").replace("\"fiscal_year\":\"R6\"", "\"fiscal_year\":\"R5\"");
    trial.put("last.json", text.as_bytes());
    let settings = trial.job.folder.join("job.toml");
    let own = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("last_year = \"last.json\"\n{own}")).unwrap();
    trial.job = Job::of_folder(trial.folder.path()).unwrap().remove(0);
    let again = trial.check();
    assert!(again.findings("C406").len() > 20, "{}", again.findings("C406").len());

    std::fs::write(trial.job.folder.join("last.json"), serde_json::to_string(first.result()).unwrap()).unwrap();
    let error = Job::of_folder(trial.folder.path()).unwrap_err().to_string();
    assert!(error.contains("last_year"), "{error}");
}
