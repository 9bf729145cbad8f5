//! Form sheets bent in every way that a grid allows: the values stay the same.

use super::bend::*;
use std::collections::BTreeMap;
use torimatome::intake::ReadingKind;
use torimatome::workbook::{SetApart, Shape, Sheet, Stored, Visibility};

fn read_yearly(sheet: Sheet) -> Read {
    read("honjo", "R6", vec![sheet])
}

fn straight() -> BTreeMap<String, String> {
    values(read_yearly(yearly()).one())
}

/// The bent sheet says what the straight one says, without an error or a warning.
fn same(name: &str, sheet: Sheet) {
    let read = read_yearly(sheet);
    assert_eq!(values(read.one()), straight(), "{name}");
    assert!(read.codes().iter().all(|c| matches!(*c, "I109" | "I110")), "{name}: {:?}", read.codes());
}

fn bent(bend: impl FnOnce(&mut Sheet)) -> Sheet {
    let mut sheet = yearly();
    bend(&mut sheet);
    sheet
}

#[test]
fn as_sent_out() {
    let read = read_yearly(yearly());
    let said = said(read.one());
    for (key, expected) in [
        ("plan_name", "コンビニ交付の普及推進 @C4"),
        ("departments", "市民課 @C5"),
        ("related_departments", "課税課 @I5"),
        ("start_year", "R 5 @C6"),
        ("target_year", "R 9 @G6"),
        ("sdgs", " @K6"),
        ("year_goals.R6", "16,800件 @E13"),
        ("status_report", "窓口で案内し、17,100件でした。 @C14"),
        ("evaluation.R5", "B @C15"),
        ("evaluation.R6", "A @E15"),
        ("evaluation.R7", " @G15"),
        ("next_policy", "休日の利用を増やします。 @C16"),
        ("notes", " @C17"),
    ] {
        assert_eq!(said.get(key).map(String::as_str), Some(expected), "{key}");
    }
    assert_eq!(read.codes(), Vec::<&str>::new());
}

#[test]
fn rows_and_columns_put_in() {
    same(
        "rows above",
        bent(|s| {
            insert_rows(s, 0, 3);
            put(s, "A1", "提出日　　年　　月　　日");
        }),
    );
    same(
        "row inside",
        bent(|s| {
            insert_rows(s, 9, 1);
            put(s, "A10", "※提出前に所属長の確認を受けてください。");
        }),
    );
    same("row before the headings", bent(|s| insert_rows(s, 11, 2)));
    same("row between headings and goals", bent(|s| insert_rows(s, 12, 1)));
    same("row between goals and report", bent(|s| insert_rows(s, 13, 1)));
    same("columns left", bent(|s| insert_cols(s, 0, 2)));
    same("column between label and value", bent(|s| insert_cols(s, 2, 1)));
    same(
        "far away",
        bent(|s| {
            insert_cols(s, 0, 20);
            insert_rows(s, 0, 40);
        }),
    );
    same("every second row blank", bent(|s| shift(s, |c| torimatome::workbook::CellRef::new(c.row * 2, c.col))));
}

#[test]
fn labels_written_otherwise() {
    for (old, new) in [
        ("計画名", "計　画　名"),
        ("実行課", "実 行 課 ："),
        ("実行課", "【実行課】"),
        ("実行課", "担当課"),
        ("連携課", "関 係 課"),
        ("年度末評価", "年度末\n評価"),
        ("年度末評価", "年度末評価（A・B・C）"),
        ("年度末評価", "年度末評価 ※A～Cで記入"),
        ("年度末評価", "■年度末評価"),
        ("年度末評価", "年度末評価\nA、B、Cのいずれか"),
        ("R6年度末の取組状況報告", "令和6年度末の\n取組状況報告"),
        ("R6年度末の取組状況報告", "Ｒ６年度末の取組状況報告"),
        ("R6年度末の取組状況報告", "2024年度末の取組状況報告"),
        ("R6年度末の取組状況報告", "６年度末の取組状況報告（200字程度）"),
        ("R6年度末の取組状況報告", "令和6年度（2024年度）末の取組状況報告"),
        ("R6年度末の取組状況報告", "取組状況報告"),
        ("R7年度に向けた取組方針", "令和７年度に向けた取組方針"),
        ("現状と課題", "(1) 現状と課題"),
        ("現状と課題", "① 現状と課題"),
        ("取組内容", "取組内容欄"),
        ("各年度達成目標", "各年度の達成目標"),
        ("備考", "備 考"),
    ] {
        same(&format!("{old} → {new}"), bent(|s| reword(s, old, new)));
    }
}

#[test]
fn year_headings_written_otherwise() {
    for write in [
        |n: u32| format!("令和{n}年度"),
        |n: u32| format!("{n}年度"),
        |n: u32| format!("Ｒ{n}"),
        |n: u32| format!("{}年度", 2018 + n),
        |n: u32| format!("令和{n}年度\n（{}年度）", 2018 + n),
        |n: u32| format!("【R{n}】"),
        |n: u32| format!("R0{n}"),
    ] {
        same(&write(6), bent(|s| (5..=9).for_each(|n| reword(s, &format!("R{n}"), &write(n)))));
    }
}

#[test]
fn labels_over_two_cells() {
    same(
        "two merged cells side by side",
        bent(|s| {
            put(s, "A14", "R6年度末の");
            s.merges.retain(|m| m.first != at("A14"));
            put(s, "B14", "取組状況報告");
        }),
    );
    same(
        "one below the other",
        bent(|s| {
            insert_rows(s, 14, 1);
            s.merges.retain(|m| m.first.row != 13);
            put(s, "A14", "R6年度末の");
            put(s, "A15", "取組状況報告");
            put(s, "C14:L15", "窓口で案内し、17,100件でした。");
        }),
    );
    same(
        "letters in cells of their own",
        bent(|s| {
            s.merges.retain(|m| m.first != at("A17"));
            put(s, "A17", "備");
            put(s, "B17", "考");
        }),
    );
}

#[test]
fn merged_and_unmerged() {
    same("nothing merged", bent(|s| s.merges.clear()));
    same(
        "labels merged over two rows",
        bent(|s| {
            insert_rows(s, 14, 1);
            put(s, "A14:B15", "R6年度末の取組状況報告");
            put(s, "C14:L15", "窓口で案内し、17,100件でした。");
        }),
    );
    same("no wide answers", bent(|s| s.merges.retain(|m| m.last.col - m.first.col < 3)));
}

#[test]
fn values_in_pieces() {
    same(
        "lines in rows of their own",
        bent(|s| {
            insert_rows(s, 14, 1);
            s.merges.retain(|m| m.first != at("C14"));
            put(s, "C14", "窓口で案内し、");
            put(s, "C15", "17,100件でした。");
            // Written as two lines, read as two lines.
            reword(s, "17,100件でした。", "17,100件でした。");
        })
        .tap(|s| {
            put(s, "C14", "窓口で案内し、17,100件でした。");
            put(s, "C15", "");
        }),
    );
    let mut split = yearly();
    insert_rows(&mut split, 14, 1);
    split.merges.retain(|m| m.first != at("C14"));
    put(&mut split, "C14", "窓口で案内し、");
    put(&mut split, "C15", "17,100件でした。");
    let read = read_yearly(split);
    assert_eq!(said(read.one())["status_report"], "窓口で案内し、\n17,100件でした。 @C14");
    assert_eq!(said(read.one())["evaluation.R6"], "A @E16");

    let mut figure = yearly();
    figure.merges.retain(|m| m.first != at("E13"));
    put(&mut figure, "E13", "16,800");
    put(&mut figure, "F13", "件");
    assert_eq!(said(read_yearly(figure).one())["year_goals.R6"], "16,800件 @E13");

    let mut two = yearly();
    insert_rows(&mut two, 14, 1);
    two.merges.retain(|m| m.first.row != 13);
    put(&mut two, "A14:B15", "R6年度末の取組状況報告");
    put(&mut two, "C14:L14", "・一つ目");
    put(&mut two, "C15:L15", "・二つ目");
    assert_eq!(said(read_yearly(two).one())["status_report"], "・一つ目\n・二つ目 @C14");
}

trait Tap: Sized {
    fn tap(self, f: impl FnOnce(&mut Self)) -> Self;
}

impl Tap for Sheet {
    fn tap(mut self, f: impl FnOnce(&mut Self)) -> Self {
        f(&mut self);
        self
    }
}

#[test]
fn label_and_answer_in_one_cell() {
    let read = read_yearly(bent(|s| {
        s.merges.retain(|m| m.first.row != 4);
        put(s, "A5", "実行課：市民課");
        put(s, "C5", "");
    }));
    assert_eq!(said(read.one())["departments"], "市民課 @A5");
    assert_eq!(said(read.one())["related_departments"], "課税課 @I5");
}

#[test]
fn answers_below_their_labels() {
    let read = read_yearly(bent(|s| {
        insert_rows(s, 14, 1);
        s.merges.retain(|m| m.first.row != 13);
        put(s, "A14:L14", "R6年度末の取組状況報告");
        put(s, "A15:L15", "窓口で案内し、17,100件でした。");
    }));
    assert_eq!(said(read.one())["status_report"], "窓口で案内し、17,100件でした。 @A15");
    assert_eq!(read.codes(), ["I109"]);
}

#[test]
fn years_running_downwards() {
    let turned = sheet(
        "1-09",
        "A1 計画名
         B1 コンビニ交付の普及推進
         A2 実行課
         B2 市民課
         A4 年度
         B4 各年度達成目標
         C4 年度末評価
         A5 R5
         B5 4,300件
         C5 B
         A6 R6
         B6 16,800件
         C6 A
         A7 R7
         B7 18,400件
         A8 R8
         A9 R9
         A11 R6年度末の取組状況報告
         B11 増えた。
         A12 R7年度に向けた取組方針
         B12 続ける。",
    );
    let read = read_yearly(turned);
    let said = said(read.one());
    assert_eq!(said["year_goals.R6"], "16,800件 @B6");
    assert_eq!(said["evaluation.R5"], "B @C5");
    assert_eq!(said["evaluation.R6"], "A @C6");
    assert_eq!(said["status_report"], "増えた。 @B11");
}

#[test]
fn another_year_column_between() {
    same(
        "a column of a year before",
        bent(|s| {
            insert_cols(s, 2, 2);
            put(s, "C12:D12", "R4");
            put(s, "C13:D13", "0件");
        }),
    );
}

#[test]
fn answers_as_circles() {
    // The letters stand in the cells of the years, one of them circled: then they are no years' answers.
    let mut in_years = yearly();
    for (c, t) in [("C15:D15", "A"), ("E15:F15", "B"), ("G15:H15", "C")] {
        put(&mut in_years, c, t);
    }
    in_years.shapes.push(Shape { over: area("G15:H15"), geometry: "ellipse".into(), text: String::new() });
    assert_eq!(said(read_yearly(in_years).one())["evaluation.R6"], "C @G15");
    let mut by_shape = sheet(
        "s",
        "A1 計画名\nB1 名\nA2 実行課\nB2 市民課\nA3 R6年度末の取組状況報告\nB3 済\nA4 年度末評価\nB4 A\nC4 B\nD4 C\nA5 R7年度に向けた取組方針\nB5 続",
    );
    by_shape.shapes.push(Shape { over: area("C4"), geometry: "ellipse".into(), text: String::new() });
    assert_eq!(said(read_yearly(by_shape.clone()).one())["evaluation.R6"], "B @C4");
    by_shape.shapes.push(Shape { over: area("D4"), geometry: "ellipse".into(), text: String::new() });
    let two = read_yearly(by_shape);
    assert_eq!(two.one().fields["evaluation.R6"].value, None);
    assert_eq!(two.codes(), ["I108"]);
    for (text, wanted) in [("○A　B　C", "A"), ("A　○B　C", "B"), ("□A ■B □C", "B"), ("☐A ☐B ☑C", "C"), ("Ⓐ・B・C", "A"), ("A・B・C", "")]
    {
        let mut one = sheet("s", "A1 計画名\nB1 名\nA2 実行課\nB2 市民課\nA3 R6年度末の取組状況報告\nB3 済\nA5 R7年度に向けた取組方針\nB5 続");
        put(&mut one, "A4", "年度末評価");
        put(&mut one, "B4", text);
        assert_eq!(said(read_yearly(one).one())["evaluation.R6"], format!("{wanted} @B4"), "{text}");
    }
}

#[test]
fn years_that_are_hard_to_read() {
    same("bare numbers", bent(|s| (5..=9).for_each(|n| reword(s, &format!("R{n}"), &n.to_string()))));
    let only = read_yearly(bent(|s| {
        for row in [12, 13, 15] {
            for (from, to) in [("C", "D"), ("G", "H"), ("I", "J"), ("K", "L")] {
                s.merges.retain(|m| m.first != at(&format!("{from}{row}")));
                s.cells.remove(&at(&format!("{from}{row}")));
                let _ = to;
            }
        }
    }));
    assert_eq!(values(only.one())["year_goals.R6"], "16,800件");
    assert_eq!(values(only.one())["evaluation.R6"], "A");
    // Without any heading several answers have no year: nothing is taken, and the evaluation asked for is missed.
    let none = read_yearly(bent(|s| s.cells.retain(|c, _| c.row != 11 || c.col < 2)));
    assert!(!none.one().fields.keys().any(|k| k.starts_with("year_goals") || k.starts_with("evaluation")));
    assert_eq!(none.codes(), ["I105"]);
}

#[test]
fn an_example_beside_the_form() {
    let mut both = yearly();
    overlay(&mut both, &yearly(), 0, 14);
    put(&mut both, "O1", "");
    both.merges.retain(|m| m.first != at("O1"));
    put(&mut both, "O1", "【記入例】");
    let read = read_yearly(both);
    assert_eq!(read.readings.len(), 2);
    assert_eq!(values(read.one()), straight());
    assert_eq!(read.codes(), ["I115"]);
}

#[test]
fn two_places_are_named_and_none_is_taken() {
    let read = read_yearly(bent(|s| {
        insert_rows(s, 15, 1);
        put(s, "A16:B16", "年度末評価");
        put(s, "C16:D16", "B");
        put(s, "E16:F16", "C");
    }));
    assert_eq!(read.one().fields["evaluation.R6"].value, None);
    let finding = read.one().findings.iter().find(|f| f.rule.code == "I108").unwrap();
    assert_eq!(finding.field.as_deref(), Some("evaluation.R6"));
    assert_eq!(finding.found, "E15「A」 / E16「C」");
    let same_twice = read_yearly(bent(|s| {
        insert_rows(s, 15, 1);
        put(s, "A16:B16", "年度末評価");
        put(s, "E16:F16", "A");
    }));
    assert_eq!(values(same_twice.one())["evaluation.R6"], "A");
    assert!(!same_twice.codes().contains(&"I108"));
}

#[test]
fn several_forms_on_a_sheet() {
    let mut other = yearly();
    reword(&mut other, "コンビニ交付の普及推進", "窓口発券機の設置");
    reword(&mut other, "A", "C");
    for (rows, cols) in [(20, 0), (17, 0), (0, 13), (0, 12)] {
        let mut both = yearly();
        overlay(&mut both, &other, rows, cols);
        let read = read_yearly(both);
        let reports = read.reports();
        assert_eq!(reports.len(), 2, "{rows} {cols}");
        assert_eq!(values(reports[0]), straight(), "{rows} {cols}");
        assert_eq!(values(reports[1])["plan_name"], "窓口発券機の設置", "{rows} {cols}");
        assert_eq!(values(reports[1])["evaluation.R6"], "C", "{rows} {cols}");
        assert_eq!(values(reports[1])["next_policy"], "休日の利用を増やします。");
    }
    let mut four = yearly();
    for (rows, cols) in [(20, 0), (0, 14), (20, 14)] {
        overlay(&mut four, &other, rows, cols);
    }
    assert_eq!(read_yearly(four).reports().len(), 4);
    let mut stack = small();
    for n in 1..3 {
        overlay(&mut stack, &small(), n * 10, 0);
    }
    let read = read("kodaira", "R3", vec![stack]);
    assert_eq!(read.reports().len(), 3);
    for report in read.reports() {
        assert_eq!(values(report)["indicators.1.target"], "90%");
        assert_eq!(values(report)["year_plan.R6"], "運用");
    }
}

#[test]
fn another_years_form() {
    let last = bent(|s| {
        reword(s, "R6年度末の取組状況報告", "R5年度末の取組状況報告");
        reword(s, "R7年度に向けた取組方針", "R6年度に向けた取組方針");
    });
    let read = read_yearly(last);
    assert_eq!(read.readings[0].kind, ReadingKind::OtherYear("R5年度末の取組状況報告".into()));
    // A forgotten title alone does not make it last year's.
    same("title of last year", bent(|s| reword(s, "市行政改革大綱　R6年度実施計画シート", "市行政改革大綱　R5年度実施計画シート")));
}

#[test]
fn examples_hidden_drafts_and_blank_forms() {
    let mut example = yearly();
    example.name = "記入例".into();
    assert_eq!(read_yearly(example).readings[0].kind, ReadingKind::Example);
    assert_eq!(read_yearly(bent(|s| reword(s, "コンビニ交付の普及推進", "（例）コンビニ交付"))).readings[0].kind, ReadingKind::Example);
    assert_eq!(read_yearly(hidden(yearly())).readings[0].kind, ReadingKind::Hidden);
    let mut very = yearly();
    very.visibility = Visibility::VeryHidden;
    assert_eq!(read_yearly(very).readings[0].kind, ReadingKind::Hidden);
    let blank = bent(|s| {
        ["コンビニ交付の普及推進", "窓口で案内し、17,100件でした。", "A", "休日の利用を増やします。"].iter().for_each(|t| {
            let at = *s.cells.iter().find(|(_, c)| c.shown == *t).unwrap().0;
            s.cells.remove(&at);
        })
    });
    assert!(read_yearly(blank).readings.is_empty());
}

#[test]
fn extra_sheets_cause_no_error() {
    let memo = sheet("メモ", "A1 打合せメモ\nA2 担当：鈴木\nA3 備考\nB3 あとで確認");
    let read = read("honjo", "R6", vec![yearly(), memo]);
    assert_eq!(read.one().sheet, "1-09");
    assert_eq!(read.codes(), ["I115"]);
}

#[test]
fn a_file_without_the_form_is_told() {
    let read = read("honjo", "R6", vec![sheet("Sheet1", "A1 お世話になっております\nA2 別紙のとおりです")]);
    assert!(read.readings.is_empty());
    assert_eq!(read.codes(), ["I105"]);
}

#[test]
fn another_plans_form_is_told() {
    let read = read("honjo", "R6", vec![small()]);
    assert!(read.reports().is_empty());
    assert_eq!(read.codes(), ["I116"]);
}

#[test]
fn a_label_that_is_gone_is_told() {
    let read = read_yearly(bent(|s| {
        s.cells.remove(&at("A15"));
        s.cells.remove(&at("E15"));
        s.cells.remove(&at("C15"));
    }));
    let finding = &read.one().findings[0];
    assert_eq!((finding.rule.code, finding.field.as_deref()), ("I105", Some("evaluation.R6")));
    assert!(!read.one().fields.contains_key("evaluation.R6"));
}

#[test]
fn cells_that_cannot_be_read() {
    let mut sheet = yearly();
    let cells = &mut sheet.cells;
    cells.get_mut(&at("C16")).unwrap().stored = Stored::Error("#REF!".into());
    let formula = cells.get_mut(&at("E15")).unwrap();
    (formula.shown, formula.stored, formula.formula) = (String::new(), Stored::Nothing, Some("IF(1,2)".into()));
    let read = read_yearly(sheet);
    let reading = read.one();
    assert_eq!(read.codes(), ["I111", "I112"]);
    assert_eq!((&reading.fields["evaluation.R6"].value, reading.fields["evaluation.R6"].as_written.as_str()), (&None, "=IF(1,2)"));
    assert_eq!(reading.fields["next_policy"].value, None);
}

#[test]
fn labels_over_values() {
    let straight = values(read("kodaira", "R3", vec![small()]).one());
    for (key, expected) in [
        ("no", "22"),
        ("name", "職員定数の適正管理"),
        ("departments", "職員課"),
        ("indicators.0.name", "休暇の平均取得日数"),
        ("indicators.1.current", "85%"),
        ("indicators.1.target", "90%"),
        ("year_plan.R3", "調査"),
        ("year_plan.R6", "運用"),
    ] {
        assert_eq!(straight[key], expected, "{key}");
    }
    let mut beside = small();
    for (label, a1, text, b1) in [("No.", "A1", "22", "B1"), ("実施項目", "A2", "職員定数の適正管理", "B2"), ("推進担当課", "A3", "職員課", "B3")]
    {
        if label == "No." {
            insert_rows(&mut beside, 2, 2);
            beside.merges.retain(|m| m.first.row > 3);
            beside.cells.retain(|c, _| c.row > 3);
        }
        put(&mut beside, a1, label);
        put(&mut beside, b1, text);
    }
    assert_eq!(values(read("kodaira", "R3", vec![beside]).one()), straight);
    let mut gap = small();
    insert_rows(&mut gap, 5, 1);
    insert_rows(&mut gap, 8, 1);
    put(&mut gap, "A9", "※指標は3つまで");
    assert_eq!(values(read("kodaira", "R3", vec![gap]).one()), straight);
    let mut loose = small();
    loose.merges.retain(|m| m.first != at("A8"));
    assert_eq!(values(read("kodaira", "R3", vec![loose]).one()), straight);
    let mut bare = small();
    bare.merges.clear();
    assert_eq!(values(read("kodaira", "R3", vec![bare]).one()), straight);
    let mut aside = small();
    put(&mut aside, "O4", "計算用");
    put(&mut aside, "O5", "120");
    assert_eq!(values(read("kodaira", "R3", vec![aside]).one()), straight);
}

#[test]
fn dittos_in_a_form_are_told() {
    let read = read_yearly(bent(|s| reword(s, "休日の利用を増やします。", "同上")));
    assert_eq!(read.codes(), ["I108"]);
    assert_eq!(values(read.one())["next_policy"], "同上");
}

#[test]
fn characters_struck_out_are_told_once() {
    let struck = |s: &mut Sheet, place: &str, text: &str| {
        s.set_apart.insert(at(place), SetApart { struck: text.into(), mixed: false });
    };
    let read = read_yearly(bent(|s| {
        struck(s, "C14", "17,100件");
        struck(s, "C9", "証明書");
        struck(s, "A14", "R6");
    }));
    assert_eq!(read.codes(), ["I108"]);
    let finding = &read.one().findings[0];
    assert_eq!((finding.field.as_deref(), finding.origin.cell.as_deref(), finding.found.as_str()), (Some("status_report"), Some("C14"), "17,100件"));
    assert!(finding.message.ja.contains("C9"), "{}", finding.message.ja);
    assert_eq!(values(read.one())["status_report"], "窓口で案内し、17,100件でした。");
    let only_the_plan = read_yearly(bent(|s| struck(s, "C9", "証明書")));
    assert_eq!(only_the_plan.codes(), ["I113"]);
}

#[test]
fn a_form_half_of_last_year_is_told() {
    let read = read_yearly(bent(|s| reword(s, "R7年度に向けた取組方針", "R6年度に向けた取組方針")));
    assert_eq!(read.codes(), ["I108"]);
    assert_eq!(read.one().findings[0].field.as_deref(), Some("next_policy"));
}
