//! The forms with titles, side boxes, blocks of a year and list shapes, bent; and grids that are not forms at all.

use super::bend::*;
use proptest::prelude::*;
use torimatome::intake::ReadingKind;
use torimatome::workbook::{Area, CellRef, Sheet};

/// Three heading lines, a box beside a tall cell, a block of the year reported.
fn titled() -> Sheet {
    sheet(
        "1-(3)-②",
        "A1:L1 1 市民ニーズの把握と「総働」
         A2:L2 (3) 市民の意見を受け止める行政
         A3:L3 ② 審議会等への市民公募
         A4:B4 担当課
         C4:F4 地域創造課
         G4:H4 関係課
         I4:L4
         A5:B5 現状と課題
         C5:L5 公募委員が少ない。
         A6:B6 取組内容
         C6:L6 状況を調べる。
         A7:B10 目標の状態
         C7:H10 市民の参加が進む。
         I7:L7 現状の数値
         I8:L8 女性参加率 29.2%
         I9:L9 目標の数値
         I10:L10 女性参加率 36.0%
         A11:A14 年次計画
         B11 年度
         C11:D11 令和2年度
         E11:F11 令和3年度
         G11:H11 令和4年度
         I11:J11 令和5年度
         K11:L11 令和6年度
         B12 進捗状況
         C12:D12 実施
         E12:F12 実施
         G12:H12 実施
         I12:J12 実施
         K12:L12 達成
         B13 年度目標
         C13:L13 調査と公表
         B14 数値
         C14:D14 31.0%
         E14:F14 32.0%
         G14:H14 33.0%
         I14:J14 35.0%
         K14:L14 36.0%
         A15:A16 令和3年度実績
         B15 取組実績
         C15:L15 公募枠を広げた。
         B16 実績値
         C16:L16 女性参加率 32.0%",
    )
}

/// A title with a number beside the departments, check boxes, years in a row, a block R03.
fn running() -> Sheet {
    sheet(
        "施策10",
        "A1:G1 10. 災害時の情報共有 (防災ポータル等)
         H1:I1 主管課\\n(関係課)
         J1:L1 危機管理課
         A2:B2 目標区分
         C2:L2 □ スマート自治体 ■ 未来社会創出
         A3:B3 施策分野
         C3:G3 ⑦防災
         H3:I3 関連計画
         J3:L3
         A4:B4 現状・課題
         C4:L4 支障をきたす。
         A5:B5 施策内容
         C5:L5 仕組みを整備する。
         A6:B6 期待される効果
         C6:L6 共有される。
         A7:B8 実施計画
         C7:D7 令和3年度
         E7:F7 令和4年度
         G7:H7 令和5年度
         I7:J7 令和6年度
         K7:L7 令和7年度
         C8:D8 導入
         E8:F8 運用
         G8:H8 運用
         I8:J8 運用
         K8:L8 運用
         A9:B9 進捗実績
         C9:D9 一部実施
         E9:F9
         A10:A12 R03
         B10 実績
         C10:L10 訓練した。
         B11 課題
         C11:L11 時間がかかる。
         B12 進捗評価
         C12:D12 少し遅延
         E12 理由
         F12:L12 仕様の調整。",
    )
}

fn read_titled(sheet: Sheet) -> Read {
    read("annaka", "R3", vec![sheet])
}

fn read_running(sheet: Sheet) -> Read {
    read("oyama_joho", "R3", vec![sheet])
}

fn tapped(mut sheet: Sheet, f: impl FnOnce(&mut Sheet)) -> Sheet {
    f(&mut sheet);
    sheet
}

#[test]
fn titles_and_boxes() {
    let read = read_titled(titled());
    let straight = said(read.one());
    for (key, expected) in [
        ("chapter", "1 市民ニーズの把握と「総働」 @A1"),
        ("section", "(3) 市民の意見を受け止める行政 @A2"),
        ("plan_name", "② 審議会等への市民公募 @A3"),
        ("related_departments", " @I4"),
        ("goal_state", "市民の参加が進む。 @C7"),
        ("current_value", "女性参加率 29.2% @I8"),
        ("target_value", "女性参加率 36.0% @I10"),
        ("status.R6", "達成 @K12"),
        ("year_goals.R2", "調査と公表 @C13"),
        ("year_values.R3", "32.0% @E14"),
        ("results.R3", "公募枠を広げた。 @C15"),
        ("result_values.R3", "女性参加率 32.0% @C16"),
    ] {
        assert_eq!(straight.get(key).map(String::as_str), Some(expected), "{key}");
    }
    assert!(!straight.contains_key("year_goals.R3"), "one text over all years is the first year's");
    assert_eq!(read.codes(), Vec::<&str>::new());
}

#[test]
fn bent_titled_forms_say_the_same() {
    let straight = values(read_titled(titled()).one());
    for (name, bent) in [
        (
            "rows above",
            tapped(titled(), |s| {
                insert_rows(s, 0, 2);
                put(s, "A1", "（令和3年度末　提出用）");
                put(s, "A2", "提出日　　年　　月　　日");
            }),
        ),
        (
            "row between titles and form",
            tapped(titled(), |s| {
                insert_rows(s, 3, 1);
                put(s, "A4", "※提出前に確認を受けてください。");
            }),
        ),
        (
            "nothing merged",
            tapped(titled(), |s| {
                let keep = area("C13:L13");
                s.merges.retain(|m| *m == keep);
            }),
        ),
        ("block of the year spelled", tapped(titled(), |s| reword(s, "令和3年度実績", "Ｒ３実績"))),
        ("vertical label", tapped(titled(), |s| reword(s, "年次計画", "年\n次\n計\n画"))),
        (
            "box in one row",
            tapped(titled(), |s| {
                s.merges.retain(|m| m.first.col != 8 || !(6..=9).contains(&m.first.row));
                for (c, t) in [("I7:J8", "現状の数値"), ("K7:L8", "女性参加率 29.2%"), ("I9:J10", "目標の数値"), ("K9:L10", "女性参加率 36.0%")]
                {
                    put(s, c, t);
                }
                for c in ["I8", "I10"] {
                    s.cells.remove(&at(c));
                }
            }),
        ),
        (
            "label spaced",
            tapped(titled(), |s| {
                reword(s, "担当課", "担　当　課");
                reword(s, "実績値", "実 績 値");
            }),
        ),
    ] {
        let read = read_titled(bent);
        assert_eq!(values(read.one()), straight, "{name}");
        assert!(read.codes().iter().all(|c| *c == "I109"), "{name}: {:?}", read.codes());
    }
    let last = read_titled(tapped(titled(), |s| reword(s, "令和3年度実績", "令和2年度実績")));
    assert_eq!(last.readings[0].kind, ReadingKind::OtherYear("令和2年度実績".into()));
    let mut two = titled();
    let mut other = titled();
    reword(&mut other, "② 審議会等への市民公募", "③ 女性の参加");
    overlay(&mut two, &other, 16, 0);
    let both = read_titled(two);
    assert_eq!(both.reports().iter().map(|r| values(r)["plan_name"].clone()).collect::<Vec<_>>(), ["② 審議会等への市民公募", "③ 女性の参加"]);
}

#[test]
fn bent_running_forms_say_the_same() {
    let read = read_running(running());
    let straight = values(read.one());
    for (key, expected) in [
        ("title_printed", "10. 災害時の情報共有 (防災ポータル等)"),
        ("departments", "危機管理課"),
        ("related_plans", ""),
        ("year_plan.R3", "導入"),
        ("progress.R3", "一部実施"),
        ("results", "訓練した。"),
        ("issues", "時間がかかる。"),
        ("evaluation", "少し遅延"),
        ("reason", "仕様の調整。"),
    ] {
        assert_eq!(straight.get(key).map(String::as_str), Some(expected), "{key}");
    }
    assert_eq!(read.codes(), Vec::<&str>::new());
    for (name, bent) in [
        (
            "rows inside",
            tapped(running(), |s| {
                insert_rows(s, 6, 1);
                insert_rows(s, 3, 1);
                put(s, "A4", "※確認");
            }),
        ),
        ("nothing merged", tapped(running(), |s| s.merges.clear())),
        ("block spelled", tapped(running(), |s| reword(s, "R03", "R\n0\n3"))),
        ("boxes for the evaluation", tapped(running(), |s| reword(s, "少し遅延", "□計画通り　☑少し遅延"))),
        (
            "label spread",
            tapped(running(), |s| {
                s.merges.retain(|m| m.first != at("A6"));
                put(s, "A6", "期待される");
                put(s, "B6", "効果");
            }),
        ),
    ] {
        let read = read_running(bent);
        assert_eq!(values(read.one()), straight, "{name}");
        assert!(read.codes().iter().all(|c| *c == "I109"), "{name}: {:?}", read.codes());
    }
    let last = read_running(tapped(running(), |s| reword(s, "R03", "R02")));
    assert_eq!(last.readings[0].kind, ReadingKind::OtherYear("R02".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever lies where, nothing panics, and what is read stands in the grid as written.
    #[test]
    fn no_grid_panics(
        cells in prop::collection::vec((0u32..12, 0u32..8, 0usize..22), 0..60),
        merges in prop::collection::vec((0u32..12, 0u32..8, 0u32..4, 0u32..4), 0..8),
        form in 0usize..5,
        far in prop::bool::ANY,
    ) {
        let words = [
            "計画名", "実行課", "年度", "R5", "R6", "R7", "年度末評価", "R6年度末の取組状況報告", "備考", "No.", "取組名", "変更種別", "変更理由", "A", "○", "本文",
            "指標", "令和3年度", "実績", "担当課：企画課", "計画", "※注",
        ];
        let mut sheet = Sheet { name: "s".into(), ..Sheet::default() };
        let base = if far { 1_048_500 } else { 0 };
        for (row, col, word) in &cells {
            sheet.cells.insert(CellRef::new(base + row, *col), cell(words[*word]));
        }
        for (row, col, rows, cols) in merges {
            sheet.merges.push(Area { first: CellRef::new(base + row, col), last: CellRef::new(base + row + rows, col + cols) });
        }
        let form = ["honjo", "annaka", "kodaira", "oyama_joho", "oyama_gyokaku"][form];
        let read = read(form, if form == "honjo" { "R6" } else { "R3" }, vec![sheet]);
        for reading in &read.readings {
            for value in reading.fields.values() {
                prop_assert!(value.origin.cell.is_some());
            }
        }
    }
}
