//! 変更一覧: the counts by kind, and what became what with both ends linked.

use crate::common::Trial;
use std::io::Read;
use torimatome::workbook::{CellRef, ReadOptions, Sheet, read};

/// The sheet, and its links inside the workbook as (cell, row they lead to).
fn changes(trial: &Trial) -> (Sheet, Vec<(CellRef, u32)>) {
    let bytes = trial.output("進捗総括表.xlsx");
    let book = read(&bytes, "進捗総括表.xlsx", &ReadOptions::default()).unwrap();
    let place = book.sheets.iter().position(|s| s.name == "変更一覧").unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut xml = String::new();
    zip.by_name(&format!("xl/worksheets/sheet{}.xml", place + 1)).unwrap().read_to_string(&mut xml).unwrap();
    let part = |tag: &str, name: &str| Some(tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?.to_owned());
    let links = xml.split("<hyperlink ").skip(1).filter_map(|tag| {
        let tag = format!(" {}", tag.split('>').next()?);
        let row = part(&tag, "location")?.rsplit_once("!A")?.1.parse::<u32>().ok()?;
        Some((CellRef::parse(&part(&tag, "ref")?)?, row - 1))
    });
    let links = links.collect();
    (book.sheets[place].clone(), links)
}

#[test]
fn what_became_what_is_listed_with_both_ends_linked() {
    let trial = Trial::empty("oyama_gyokaku");
    trial.run();
    let (sheet, links) = changes(&trial);
    let said: String = sheet.cells.iter().filter(|(at, _)| at.row == 2).map(|(_, c)| c.shown.as_str()).collect();
    assert_eq!(said, "変更種別ごとの件数：継続 38、取組完了 15、名称変更 5、統合 8、経常業務 19、個別計画あり 19、削除 1、新規 2（計 107）");
    let head = sheet.cells.iter().find(|(at, c)| at.col == 0 && c.shown.trim() == "変更前").unwrap().0.row;
    let text = |row: u32, col: u32| sheet.text(CellRef::new(row, col)).trim().to_owned();
    let rows: Vec<u32> = (head + 1..).take_while(|row| !text(*row, 3).is_empty()).collect();
    let lines: Vec<String> = rows.iter().map(|&row| format!("{} {} {} {}", text(row, 0), text(row, 3), text(row, 4), text(row, 5))).collect();
    insta::assert_snapshot!(lines.join("\n"));

    for &(at, to) in &links {
        let shown = sheet.text(at);
        if at.row > head && at.col == 0 {
            assert_eq!(shown.trim(), text(to, 0), "{at:?} leads to its own row");
        } else if let Some(named) = shown.trim().strip_prefix("No.") {
            assert_eq!(named.split(' ').next().unwrap(), text(to, 0), "{at:?} leads to the other end");
        }
    }
    let linked = |row: u32, col: u32| links.iter().any(|(at, _)| *at == CellRef::new(row, col));
    for &row in &rows {
        assert!(linked(row, 0) || text(row, 0) == "―", "{}", text(row, 0));
        assert!(linked(row, 4) || text(row, 4).starts_with(['（', '―']), "{}", text(row, 4));
    }
}

#[test]
fn the_counts_by_kind_leave_nothing_out() {
    for kind in ["typical", "hostile"] {
        let trial = Trial::sample("oyama_gyokaku", kind);
        let run = trial.run();
        let (sheet, _) = changes(&trial);
        let said: String = sheet.cells.iter().filter(|(at, _)| at.row == 2).map(|(_, c)| c.shown.as_str()).collect();
        let (parts, all) = said.trim_start_matches("変更種別ごとの件数：").trim_end_matches('）').rsplit_once("（計 ").unwrap();
        let sum: usize = parts.split('、').map(|p| p.rsplit(' ').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!((sum, all.parse().unwrap()), (107, run.outcome.settled.initiatives.len()), "{said}");
    }
}
