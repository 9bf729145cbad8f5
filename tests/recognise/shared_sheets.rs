//! What shares a sheet with another (two lists side by side), what spreads over several (front and back), and answers that repeat a neighbour.

use super::bend::*;
use torimatome::workbook::{Sheet, Visibility};

/// The rows of a sheet from `from` on (one-based), moved up by `up`, as a sheet of their own.
fn cut(sheet: &mut Sheet, from: u32, up: u32, name: &str) -> Sheet {
    let mut rest = sheet.clone();
    rest.name = name.into();
    sheet.cells.retain(|c, _| c.row + 1 < from);
    sheet.merges.retain(|m| m.first.row + 1 < from);
    rest.cells.retain(|c, _| c.row + 1 >= from);
    rest.merges.retain(|m| m.first.row + 1 >= from);
    shift(&mut rest, |c| torimatome::workbook::CellRef::new(c.row - up, c.col));
    rest
}

#[test]
fn a_form_over_two_sheets_is_one() {
    for (up, head) in [(11, false), (7, true)] {
        let mut front = yearly();
        let mut back = cut(&mut front, 12, up, "2／2");
        if head {
            put(&mut back, "A1", "計画名");
            put(&mut back, "C1", "コンビニ交付の普及推進");
            put(&mut back, "A2", "実行課");
            put(&mut back, "C2", "市民課");
        }
        let read = read("honjo", "R6", vec![front, back]);
        let one = read.one();
        assert_eq!(values(one)["status_report"], "窓口で案内し、17,100件でした。");
        assert_eq!(values(one)["plan_name"], "コンビニ交付の普及推進");
        let letter = &one.fields["evaluation.R6"];
        let cell = format!("E{}", 15 - up);
        assert_eq!(
            (letter.value.as_deref(), letter.origin.sheet.as_deref(), letter.origin.cell.as_deref()),
            (Some("A"), Some("2／2"), Some(cell.as_str()))
        );
        assert_eq!(one.fields["current_issues"].origin.sheet.as_deref(), Some("1-09"));
        assert_eq!(read.codes(), ["I109"], "with a head: {head}");
    }
}

#[test]
fn three_sheets_are_one_form_too() {
    let mut first = yearly();
    let mut second = cut(&mut first, 12, 11, "2");
    let third = cut(&mut second, 5, 4, "3");
    let read = read("honjo", "R6", vec![first, second, third]);
    assert_eq!(read.one().fields["next_policy"].origin.to_string(), "課.xlsx » 3 » C1");
    assert_eq!(read.codes(), ["I109"]);
}

#[test]
fn another_initiative_or_a_hidden_sheet_is_no_second_page() {
    let front = || {
        let mut front = yearly();
        let back = cut(&mut front, 12, 9, "裏");
        (front, back)
    };
    let (first, mut other) = front();
    put(&mut other, "A1", "計画名");
    put(&mut other, "C1", "別の取組");
    let read_both = read("honjo", "R6", vec![first, other]);
    assert!(read_both.reports().iter().all(|r| !r.fields.contains_key("status_report") || values(r)["plan_name"] == "別の取組"));
    assert!(read_both.codes().contains(&"I105"));
    let (first, mut unseen) = front();
    unseen.visibility = Visibility::Hidden;
    let read_one = read("honjo", "R6", vec![first, unseen]);
    assert!(!read_one.one().fields.contains_key("status_report"));
    // A whole form behind one that lacks a label stays a form of its own.
    let mut lacking = yearly();
    lacking.cells.retain(|c, _| c.row != 15);
    let two = read("honjo", "R6", vec![lacking, Sheet { name: "1-10".into(), ..yearly() }]);
    assert_eq!(two.reports().len(), 2);
    assert_eq!(two.codes(), ["I105"]);
}

#[test]
fn two_lists_side_by_side_are_both_read() {
    for gap in [5, 6] {
        let mut both = list();
        let mut right = list();
        right.cells.retain(|c, _| c.row >= 2);
        for (place, text) in [("A4", "82"), ("B4", "地域医療の推進"), ("A5", "83"), ("B5", "フレイル予防"), ("C5", "〃")] {
            put(&mut right, place, text);
        }
        overlay(&mut both, &right, 0, gap);
        let read = read("oyama_gyokaku", "R4", vec![both]);
        let names: Vec<String> = read.reports().iter().map(|r| values(r)["name"].clone()).collect();
        assert_eq!(names, ["働き方改革の取り組み", "定員管理の適正化", "地域医療の推進", "フレイル予防"]);
        let last = read.reports()[3];
        assert_eq!(values(last)["departments"], "職員課");
        assert_eq!(last.fields["name"].origin.cell.as_deref(), Some(if gap == 5 { "G5" } else { "H5" }));
        assert_eq!(read.codes(), ["I109"]);
    }
}

#[test]
fn what_repeats_the_year_on_its_left_is_read_as_that() {
    let of = |bend: &dyn Fn(&mut Sheet)| {
        let mut sheet = small();
        bend(&mut sheet);
        read("kodaira", "R3", vec![sheet])
    };
    for word in ["同左", "〃", "左に同じ"] {
        let read = of(&|s| {
            put(s, "E9:G9", word);
            put(s, "H9:J9", word);
        });
        let values = values(read.one());
        assert_eq!(
            (values["year_plan.R4"].as_str(), values["year_plan.R5"].as_str(), values["year_plan.R6"].as_str()),
            ("調査", "調査", "運用"),
            "{word}"
        );
        assert_eq!(read.one().fields["year_plan.R5"].as_written, word);
        assert_eq!(read.codes(), ["I109", "I109"]);
    }
    // Nothing stands on the left of the first year, and 同上 looks up, where nothing stands either.
    for (place, word) in [("B9:D9", "同左"), ("E9:G9", "同上"), ("E9:G9", "同じ")] {
        let read = of(&|s| put(s, place, word));
        assert_eq!(read.codes(), ["I108"], "{place} {word}");
    }
    // An arrow or a remark in the cell of a year is its answer.
    for text in ["→", "※検討中"] {
        assert_eq!(values(of(&|s| put(s, "H9:J9", text)).one())["year_plan.R5"], text);
    }
}

#[test]
fn a_unit_in_a_cell_of_its_own_belongs_to_its_figure() {
    let mut apart = small();
    put(&mut apart, "J6", "12.5");
    put(&mut apart, "K6", "日");
    apart.merges.retain(|m| m.first != at("J6"));
    let read = read("kodaira", "R3", vec![apart]);
    assert_eq!(said(read.one())["indicators.0.target"], "12.5日 @J6");
    assert_eq!(values(read.one())["indicators.1.target"], "90%");
}
