//! Lists bent in many ways, lists instead of sheets and sheets instead of lists.

use super::bend::*;
use torimatome::intake::ReadingKind;
use torimatome::workbook::Sheet;

fn rows(sheet: Sheet) -> Vec<Vec<String>> {
    let read = read("oyama_gyokaku", "R4", vec![sheet]);
    let keys = ["no", "name", "departments", "change_type", "change_reason"];
    read.reports().iter().map(|r| keys.iter().map(|k| values(r).get(*k).cloned().unwrap_or_default()).collect()).collect()
}

fn bent(bend: impl FnOnce(&mut Sheet)) -> Sheet {
    let mut sheet = list();
    bend(&mut sheet);
    sheet
}

#[test]
fn bent_lists_say_the_same() {
    let straight = rows(list());
    assert_eq!(straight[1], ["38", "定員管理の適正化", "職員課", "名称変更", "範囲を明確にするため。"]);
    for (name, sheet) in [
        ("rows above", bent(|s| insert_rows(s, 1, 3))),
        ("columns left", bent(|s| insert_cols(s, 0, 2))),
        (
            "blank rows between",
            bent(|s| {
                insert_rows(s, 4, 2);
                insert_rows(s, 3, 1);
            }),
        ),
        (
            "spaced headings",
            bent(|s| {
                reword(s, "取組名", "取　組　名");
                reword(s, "変更種別", "変更種別\n（選択）");
                reword(s, "変更理由", "変更理由 ※具体的に");
            }),
        ),
        (
            "other words",
            bent(|s| {
                reword(s, "No", "番号");
                reword(s, "所属", "担当課");
                reword(s, "変更種別", "変更区分");
            }),
        ),
        (
            "foreign column",
            bent(|s| {
                insert_cols(s, 3, 1);
                put(s, "D3", "内線");
                put(s, "D4", "123");
                put(s, "D5", "124");
            }),
        ),
        (
            "heading repeated",
            bent(|s| {
                insert_rows(s, 4, 1);
                for (c, t) in [("A5", "No"), ("B5", "取組名"), ("C5", "所属"), ("D5", "変更種別"), ("E5", "変更理由")] {
                    put(s, c, t);
                }
            }),
        ),
        (
            "two levels",
            bent(|s| {
                insert_rows(s, 2, 1);
                put(s, "D3:E3", "変更");
                reword(s, "変更種別", "種別");
                reword(s, "変更理由", "理由");
                for c in ["A", "B", "C"] {
                    let t = s.cells.remove(&at(&format!("{c}4"))).unwrap().shown;
                    put(s, &format!("{c}3:{c}4"), &t);
                }
            }),
        ),
        (
            "sums and remarks below",
            bent(|s| {
                put(s, "A7", "※変更のない取組も記入");
                put(s, "A8", "合計");
                put(s, "B8", "2");
            }),
        ),
        (
            "reason over two rows",
            bent(|s| {
                insert_rows(s, 4, 1);
                for c in ["A", "B", "C", "D"] {
                    s.merges.push(area(&format!("{c}4:{c}5")));
                }
                put(s, "E4:E5", "指標を改めて取り組む。");
            }),
        ),
    ] {
        assert_eq!(rows(sheet), straight, "{name}");
    }
}

#[test]
fn rows_that_go_on() {
    let more = bent(|s| {
        insert_rows(s, 4, 1);
        put(s, "E5", "来年度も続ける。");
    });
    assert_eq!(rows(more)[0][4], "指標を改めて取り組む。\n来年度も続ける。");
}

#[test]
fn dittos_come_from_the_row_above() {
    let read = read(
        "oyama_gyokaku",
        "R4",
        vec![bent(|s| {
            put(s, "C5", "〃");
            put(s, "E5", "同上");
        })],
    );
    let second = read.reports()[1].clone();
    assert_eq!(values(&second)["departments"], "職員課");
    assert_eq!(second.fields["change_reason"].value.as_deref(), Some("指標を改めて取り組む。"));
    assert_eq!(second.fields["change_reason"].as_written, "同上");
    assert_eq!(read.codes(), ["I109", "I109"]);
}

#[test]
fn examples_and_hidden_rows_do_not_count() {
    let read = read(
        "oyama_gyokaku",
        "R4",
        vec![bent(|s| {
            put(s, "A4", "例");
            s.hidden_rows.insert(4);
        })],
    );
    let kinds: Vec<&ReadingKind> = read.readings.iter().map(|r| &r.kind).collect();
    assert_eq!(kinds, [&ReadingKind::Example, &ReadingKind::Hidden]);
}

#[test]
fn a_department_above_the_list_counts_for_all() {
    let sheet = bent(|s| {
        for c in ["C3", "C4", "C5"] {
            put(s, c, "");
        }
        put(s, "A2", "所属：職員課");
    });
    assert_eq!(rows(sheet)[1][2], "職員課");
}

#[test]
fn a_sheet_instead_of_a_list() {
    let one = sheet(
        "No.38",
        "A1 No\nB1 38\nA2 取組名\nB2 定員管理の適正化\nA3 所属\nB3 職員課\nA4 変更種別\nB4 名称変更\nA5 変更理由\nB5 範囲を明確にするため。",
    );
    assert_eq!(rows(one), [["38", "定員管理の適正化", "職員課", "名称変更", "範囲を明確にするため。"]]);
}

#[test]
fn a_list_instead_of_sheets() {
    let list = sheet(
        "一覧",
        "A1:A2 計画名
         B1:B2 実行課
         C1:G1 各年度達成目標
         C2 R5
         D2 R6
         E2 R7
         F2 R8
         G2 R9
         H1:H2 R6年度末の取組状況報告
         I1:I2 年度末評価
         J1:J2 R7年度に向けた取組方針
         K1:K2 備考
         A3 コンビニ交付の普及推進
         B3 市民課
         C3 4,300件
         D3 16,800件
         H3 増えた。
         I3 A
         J3 続ける。
         A4 窓口発券機の設置
         B4 市民課
         H4 設置した。
         I4 B
         J4 見直す。",
    );
    let read = read("honjo", "R6", vec![list]);
    assert_eq!(read.reports().len(), 2);
    let first = said(read.reports()[0]);
    assert_eq!(first["year_goals.R6"], "16,800件 @D3");
    assert_eq!(first["evaluation.R6"], "A @I3");
    assert_eq!(first["status_report"], "増えた。 @H3");
    assert_eq!(said(read.reports()[1])["notes"], " @K4");
    assert_eq!(read.codes(), Vec::<&str>::new());
}

#[test]
fn one_column_for_each_choice() {
    let list = sheet(
        "一覧",
        "A1:A2 計画名
         B1:B2 実行課
         C1:C2 R6年度末の取組状況報告
         D1:F1 年度末評価
         D2 A
         E2 B
         F2 C
         G1:G2 R7年度に向けた取組方針
         A3 コンビニ交付の普及推進
         B3 市民課
         C3 増えた。
         E3 ○
         G3 続ける。",
    );
    let read = read("honjo", "R6", vec![list]);
    assert_eq!(said(read.one())["evaluation.R6"], "B @E3");
}

#[test]
fn indicators_in_a_list() {
    let list = sheet(
        "一覧",
        "A1 No.
         B1 実施項目
         C1 推進担当課
         D1 指標
         E1 現状値
         F1 目標値
         G1 3年度計画
         A2 22
         B2 職員定数の適正管理
         C2 職員課
         D2 休暇
         E2 10.9日
         F2 12.5日
         D3 満足度
         E3 85%
         F3 90%",
    );
    let read = read("kodaira", "R3", vec![list]);
    let said = values(read.one());
    assert_eq!(said["indicators.0.name"], "休暇");
    assert_eq!(said["indicators.1.target"], "90%");
}
