//! Layout: made-up trees on pages.

pub(crate) mod trees;

use insta::assert_snapshot;
use proptest::prelude::*;
use std::fmt::Write;
use torimatome::form::tree::*;
use torimatome::layout::font::Fonts;
use torimatome::layout::{Context, Item, LayoutFinding, Page, Side, check_pages, set};
use trees::*;

fn laid(tree: &Tree) -> (Vec<Page>, Vec<LayoutFinding>) {
    let fonts = Fonts::default();
    let (pages, findings) = set(tree, &fonts, &Context { first: Some(12), branch: true, ..Context::default() });
    assert_eq!(check_pages(&pages), Vec::<String>::new());
    (pages, findings)
}

/// Every placed text: page, x, y, size, characters.
fn placed(pages: &[Page]) -> String {
    let mut list = String::new();
    for page in pages {
        for item in &page.items {
            match item {
                Item::Text(run) => writeln!(list, "p{} {:.1} {:.1} {} {}", page.number, run.x, run.y, run.size, run.text()).unwrap(),
                Item::Symbol { shape, area } => writeln!(list, "p{} {:.1} {:.1} {}", page.number, area.0, area.1, shape.text()).unwrap(),
                _ => {}
            }
        }
    }
    list
}

/// All characters without blanks and line breaks.
fn ink(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn all_text(pages: &[Page]) -> String {
    pages.iter().map(Page::text).collect()
}

#[test]
fn a_sheet_stands_where_it_should() {
    let tree = sheet(
        "窓口アンケートの実施及びフィードバック",
        "○市民の声を聴く仕組みがない。\n○窓口（本庁・支所）の混雑が続き、待ち時間が平均18分である。",
        Fit::OnePage { min_size: 9.0 },
    );
    let (pages, findings) = laid(&tree);
    assert!(findings.is_empty());
    assert_snapshot!(placed(&pages), @r#"
    p12 58.9 25.2 14 みどり市行政改革大綱 R6年度実施計画シート
    p12 30.4 33.2 10 計画名
    p12 56.2 33.2 10 窓口アンケートの実施及びフィードバック
    p12 35.7 39.6 10 実行課
    p12 56.2 39.6 10 企画課
    p12 125.2 39.6 10 連携課
    p12 145.2 39.6 10 全庁・市民課・危機管理課
    p12 33.9 48.3 10 目標区分
    p12 56.4 45.4 ■
    p12 59.7 48.3 10  窓口改革　
    p12 79.3 45.4 □
    p12 82.7 48.3 10  財政基盤　
    p12 102.3 45.4 ☑
    p12 105.6 48.3 10  済 
    p12 112.9 45.4 ☐
    p12 116.2 48.3 10  未 
    p12 123.4 45.4 ☒
    p12 126.8 48.3 10  不可 
    p12 137.6 45.4 ✔
    p12 152.5 48.3 10 SDGs
    p12 171.2 45.8 9.5 3
    p12 178.1 45.8 9.5 9
    p12 170.3 50.5 9.5 11
    p12 177.2 50.5 9.5 17
    p12 32.2 66.9 10 現状と課題
    p12 56.2 64.5 10 ○市民の声を聴く仕組みがない。
    p12 56.2 69.2 10 ○窓口（本庁・支所）の混雑が続き、待ち時間が平均18分である。
    p12 32.2 160.1 10 取組の効果
    p12 56.2 157.7 10 ○市民の声（年間4,300件）を活かす。
    p12 56.2 162.4 10 ○職員の負担が減る。
    p12 29.2 249.0 10 年
    p12 29.2 252.8 10 次
    p12 29.2 256.6 10 計
    p12 29.2 260.4 10 画
    p12 29.2 264.2 10 ー
    p12 29.2 268.0 10 （
    p12 29.2 271.8 10 案
    p12 29.2 275.6 10 ）
    p12 42.5 249.4 10 年度
    p12 67.9 249.4 10 R 5
    p12 94.9 249.4 10 R 6
    p12 121.9 249.4 10 R 7
    p12 148.9 249.4 10 R 8
    p12 175.9 249.4 10 R 9
    p12 42.5 260.2 10 目標
    p12 58.2 260.2 10 1,200件以上
    p12 85.2 257.9 10 運用・一部研
    p12 85.2 262.6 10 究検討
    p12 112.2 260.2 10 1,200件以上
    p12 139.2 260.2 10 1,200件以上
    p12 166.2 260.2 10 1,200件以上
    p12 42.5 273.1 10 実績
    p12 58.2 273.1 10 未提出
    p12 112.2 273.1 10 16,800件 
    p12 128.1 273.1 10 要確認
    p12 107.9 286.7 9 12
    "#);
}

#[test]
fn rules_are_even_strokes() {
    let tree = Tree {
        blocks: vec![Block::Grid(grid(&[20.0, 30.0], vec![row(vec![label("甲"), value("a", "乙")]), row(vec![span(value("b", "丙"), 2, 1)])]))],
        ..Tree::default()
    };
    let (pages, _) = laid(&tree);
    let strokes: Vec<String> = pages[0]
        .items
        .iter()
        .filter_map(|i| match i {
            Item::Line { from, to, width } => Some(format!("{:.1},{:.1} {:.1},{:.1} {width}", from.0, from.1, to.0, to.1)),
            _ => None,
        })
        .collect();
    assert_snapshot!(strokes.join("\n"), @r#"
    20.0,20.0 70.0,20.0 0.4
    20.0,26.4 70.0,26.4 0.2
    20.0,32.7 70.0,32.7 0.4
    20.0,20.0 20.0,32.7 0.4
    40.0,20.0 40.0,26.4 0.2
    70.0,20.0 70.0,32.7 0.4
    "#);
}

#[test]
fn a_full_sheet_shrinks_and_an_overfull_one_goes_on() {
    let (pages, findings) = laid(&sheet("計画", &prose(1500), Fit::OnePage { min_size: 8.0 }));
    assert_eq!(pages.len(), 1);
    assert!(findings.is_empty());
    let (pages, findings) = laid(&sheet("計画", &prose(3500), Fit::OnePage { min_size: 8.0 }));
    assert_eq!(pages.iter().map(|p| p.number.as_str()).collect::<Vec<_>>(), ["12", "12-2"]);
    assert!(pages[1].text().contains("（続き）"));
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!((finding.rule.code, finding.field.as_deref(), finding.anchor.as_deref()), ("C408", Some("current_issues"), Some("sheet:1")));
    assert!(ink(&all_text(&pages)).contains(&ink(&prose(500))));
}

#[test]
fn a_sheet_that_goes_on_has_no_smaller_type_than_its_pages_ask_for() {
    let least = |length: usize| {
        let (pages, _) = laid(&sheet("計画", &prose(length), Fit::OnePage { min_size: 8.0 }));
        let sizes = pages.iter().flat_map(|p| &p.items).filter_map(|i| match i {
            Item::Text(run) if run.text().contains("市民") => Some(run.size),
            _ => None,
        });
        (pages.len(), sizes.fold(f64::INFINITY, f64::min))
    };
    // Hardly more than one page, two full ones, hardly more than two.
    assert_eq!([2400, 3600, 4200].map(least), [(2, 10.0), (2, 8.0), (3, 10.0)]);
}

#[test]
fn a_row_longer_than_a_page_is_printed_whole_with_its_label() {
    let body: String = (1..=200).map(|i| format!("{i}行目の文章\n")).collect();
    for fit in [Fit::Flow, Fit::OnePage { min_size: 9.0 }] {
        let (pages, _) = laid(&sheet("計画", body.trim_end(), fit));
        let text = all_text(&pages);
        for i in 1..=200 {
            assert_eq!(text.matches(&format!("\n{i}行目の文章\n")).count(), 1, "{i}");
        }
        assert!(text.matches("現状と課題").count() >= 3);
    }
}

#[test]
fn expected_lengths_and_missing_characters_are_told() {
    let long = GridCell { expected: Some(5), ..value("notes", "六文字である") };
    let tree = Tree {
        blocks: vec![Block::Grid(grid(&[60.0], vec![row(vec![long]), row(vec![value("name", "山\u{E000}田\u{E001}")])]))],
        ..Tree::default()
    };
    let (pages, findings) = laid(&tree);
    let told: Vec<_> = findings.iter().map(|f| (f.rule.code, f.field.as_deref().unwrap(), f.found.as_str())).collect();
    assert_eq!(told, [("C408", "notes", "6文字"), ("N208", "name", "\u{E000}\u{E001}")]);
    // What copies is the character itself, what is seen is 〓.
    assert!(all_text(&pages).contains("山\u{E000}田\u{E001}"));
}

#[test]
fn rows_a_page_and_repeated_headings() {
    let mut rows = vec![row(vec![label("No"), label("取組名")])];
    rows.extend((1..=14).map(|i| Row { min_height: 20.0, ..row(vec![value("no", &i.to_string()), value("name", "窓口業務のBPR")]) }));
    let table = Grid { head_rows: 1, rows_per_page: Some(6), ..grid(&[20.0, 100.0], rows) };
    let (pages, _) = laid(&Tree { blocks: vec![Block::Grid(table)], ..Tree::default() });
    let counts: Vec<usize> = pages.iter().map(|p| p.text().matches("窓口業務").count()).collect();
    assert_eq!(counts, [6, 6, 2]);
    assert!(pages.iter().all(|p| p.text().starts_with("No\n取組名")));
}

#[test]
fn a_spanning_label_goes_on_over_the_page() {
    let tall = GridCell { style: TextStyle { vertical: true, ..style(10.0) }, ..span(label("R03"), 1, 2) };
    let first = Row { breakable: true, ..row(vec![tall, label("実績"), value("results", &prose(1500))]) };
    let second = Row { breakable: true, ..row(vec![label("課題"), value("issues", &prose(1500))]) };
    let tree = Tree { blocks: vec![Block::Space(120.0), Block::Grid(grid(&[8.0, 20.0, 100.0], vec![first, second]))], ..Tree::default() };
    let (pages, _) = laid(&tree);
    assert!(pages.len() >= 2);
    for page in &pages {
        assert!(ink(&page.text()).contains("R03"), "{}", page.text());
    }
    assert_eq!(ink(&all_text(&pages)).matches("整備する").count(), ink(&prose(3000)).matches("整備する").count());
}

#[test]
fn a_value_over_two_rows_is_printed_whole_even_over_pages() {
    let words: String = (1..=150).map(|i| format!("第{i}行\n")).collect();
    let rows = vec![row(vec![span(value("long", words.trim_end()), 1, 2), value("a", "甲")]), row(vec![value("b", "乙")])];
    let (pages, _) = laid(&Tree { blocks: vec![Block::Grid(grid(&[80.0, 60.0], rows))], ..Tree::default() });
    let text = all_text(&pages);
    for i in 1..=150 {
        assert_eq!(text.matches(&format!("第{i}行\n")).count(), 1, "{i}");
    }
    assert!(text.contains("甲") && text.contains("乙"));
}

/// The texts of the pages of a table for which so much height is left on the first.
fn pages_of_rows(free: f64, rows: Vec<Row>) -> Vec<String> {
    let before = Block::Keep(vec![Block::Grid(grid(&[100.0], vec![Row { min_height: 257.0 - free, ..row(vec![label("前の表")]) }]))]);
    let mut table = grid(&[28.0, 100.0], rows);
    table.space_after = 0.0;
    let tree = Tree { blocks: vec![before, Block::Grid(table)], ..Tree::default() };
    laid(&tree).0.iter().map(Page::text).collect()
}

#[test]
fn a_row_that_may_break_does_not_go_on_empty() {
    let high = |breakable| vec![Row { breakable, min_height: 30.0, ..row(vec![label("理由"), value("reason", "計画どおり。")]) }];
    assert_eq!(pages_of_rows(12.0, high(true)), ["前の表\n理由\n計画どおり。\n"]);
    // Where its text does not fit, it moves and has its height again.
    let tree = |rows| Tree { blocks: vec![Block::Space(252.0), Block::Grid(grid(&[28.0, 100.0], rows))], ..Tree::default() };
    let lowest = laid(&tree(high(true))).0[1].items.iter().map(|i| if let Item::Line { to, .. } = i { to.1 } else { 0.0 }).fold(0.0, f64::max);
    assert!((lowest - 50.0).abs() < 0.01, "{lowest}");
    // A row that may not break keeps its height and moves.
    assert_eq!(pages_of_rows(12.0, high(false)), ["前の表\n", "理由\n計画どおり。\n"]);
}

#[test]
fn a_row_stays_with_the_one_after_it() {
    let rows = |keep| {
        let title = Row { keep_with_next: keep, min_height: 20.0, ..row(vec![label("施策"), value("name", "スマート農業")]) };
        let body = Row { breakable: true, ..row(vec![label("現状"), value("issues", &prose(400))]) };
        vec![title, body]
    };
    assert!(pages_of_rows(25.0, rows(false))[0].contains("施策"));
    let kept = pages_of_rows(25.0, rows(true));
    assert!(kept[0] == "前の表\n" && kept[1].starts_with("施策\nスマート農業\n現状\n"), "{kept:?}");
    // With room for the first lines after it, it stays where it is.
    assert!(pages_of_rows(38.0, rows(true))[0].contains("施策"));
}

#[test]
fn the_name_of_a_goal_hangs_behind_its_chip() {
    let name = Piece::Text { text: "産業と技術革新の基盤をつくろう".to_owned(), bold: false, underline: false };
    let cell = GridCell { content: Content { pieces: vec![Piece::Sdg(9), name], mark: None }, ..value("sdgs", "") };
    let (pages, _) = laid(&Tree { blocks: vec![Block::Grid(grid(&[30.0], vec![row(vec![cell])]))], ..Tree::default() });
    let places: Vec<f64> = pages[0].items.iter().filter_map(|i| if let Item::Text(run) = i { Some(run.x) } else { None }).collect();
    assert!(places.len() > 2 && places[0] < places[1], "{places:?}");
    assert!(places[1..].iter().all(|x| (x - places[1]).abs() < 0.01), "{places:?}");
}

#[test]
fn contents_have_leaders_links_and_numbers() {
    let tree = contents(&[("1 窓口アンケート", "sheet:1"), (&"とても長い計画名".repeat(8), "sheet:2")]);
    let fonts = Fonts::default();
    let numbers = |name: &str| Some(if name == "sheet:1" { "4" } else { "130" }.to_owned());
    let (pages, _) = set(&tree, &fonts, &Context { pages_of: Some(&numbers), ..Context::default() });
    assert_eq!(check_pages(&pages), Vec::<String>::new());
    let right: Vec<f64> = pages[0]
        .items
        .iter()
        .filter_map(|i| match i {
            Item::Text(run) if ["4", "130"].contains(&run.text()) => Some(run.x + run.width()),
            _ => None,
        })
        .collect();
    assert_eq!(right.len(), 2);
    assert!(right.iter().all(|x| (x - 190.0).abs() < 0.01), "{right:?}");
    assert_eq!(pages[0].items.iter().filter(|i| matches!(i, Item::Dots { .. })).count(), 2);
    assert_eq!(pages[0].items.iter().filter(|i| matches!(i, Item::Link { .. })).count(), 2);
}

#[test]
fn headings_stay_with_what_they_head_and_margins_are_mirrored() {
    let heading = |t: &str| Block::Text(TextBlock { keep_with_next: true, ..text(t, 12.0) });
    let blocks: Vec<Block> = (0..20)
        .flat_map(|i| {
            [
                heading(&format!("見出し{i}")),
                Block::Keep(vec![Block::Grid(grid(&[100.0], vec![Row { min_height: 31.0, ..row(vec![value("a", "本文")]) }]))]),
            ]
        })
        .collect();
    let tree = Tree { page: PageStyle { margin: [20.0, 18.0, 20.0, 27.0], ..PageStyle::default() }, blocks };
    let fonts = Fonts::default();
    let (pages, _) = set(&tree, &fonts, &Context { side: Some(Side::Front), ..Context::default() });
    assert!(pages.len() > 2);
    for (i, page) in pages.iter().enumerate() {
        let lines: Vec<String> = page.text().lines().map(str::to_owned).collect();
        assert_eq!(lines.last().unwrap(), "本文");
        let left = page.items.iter().find_map(|i| if let Item::Text(run) = i { Some(run.x) } else { None }).unwrap();
        assert_eq!(left, if i % 2 == 0 { 27.0 } else { 18.0 });
    }
}

#[test]
fn frames_and_inner_tables_hold_their_content() {
    let inner = grid(&[30.0, 30.0], (0..30).map(|i| row(vec![value("c", &format!("講座{i}")), value("n", "12人")])).collect());
    let outer = GridCell { inner: Some(Box::new(inner)), ..value("results", "研修を行った。") };
    let frame = Frame { blocks: vec![Block::Text(text(&prose(3000), 10.0))], padding: 3.0, rule: 0.3, width: Some(120.0), align: Align::Center };
    let tree = Tree {
        blocks: vec![
            Block::Space(100.0),
            Block::Frame(frame),
            Block::Grid(grid(&[20.0, 120.0], vec![Row { breakable: true, ..row(vec![label("実績"), outer]) }])),
        ],
        ..Tree::default()
    };
    let (pages, _) = laid(&tree);
    let text = all_text(&pages);
    for i in 0..30 {
        assert_eq!(text.matches(&format!("講座{i}\n")).count(), 1);
    }
    assert_eq!(ink(&text).matches("整備する").count(), prose(3000).matches("整備する").count());
}

#[test]
fn wrong_trees_do_no_harm() {
    let narrow =
        grid(&[1.0, 0.0, -5.0], vec![row(vec![value("a", "とても狭い欄"), value("b", "二"), value("c", "三"), value("d", "余分")]), row(vec![])]);
    let spans = grid(&[50.0, 50.0], vec![row(vec![span(value("a", "甲"), 9, 9), value("b", "乙")]), row(vec![value("c", "丙")])]);
    let tree = Tree {
        blocks: vec![Block::PageBreak, Block::Grid(narrow), Block::PageBreak, Block::Grid(spans), Block::Grid(Grid::default()), Block::PageBreak],
        ..Tree::default()
    };
    let (pages, _) = set(&tree, &Fonts::default(), &Context::default());
    let text = ink(&all_text(&pages));
    for words in ["とても狭い欄", "余分", "甲", "乙", "丙"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(pages.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_sheet_loses_a_character_or_overlaps(body in "[あ-ん一-十、。「」（）ーA-Za-z0-9,. 　\n○①-]{0,1200}", one_page in any::<bool>(), min_size in 5.0f64..10.0) {
        let fit = if one_page { Fit::OnePage { min_size } } else { Fit::Flow };
        let (pages, _) = set(&sheet("名称", &body, fit), &Fonts::default(), &Context::default());
        prop_assert_eq!(check_pages(&pages), Vec::<String>::new());
        if pages.len() == 1 {
            prop_assert!(ink(&all_text(&pages)).contains(&ink(&body)));
        }
        for c in ink(&body).chars() {
            prop_assert!(all_text(&pages).contains(c));
        }
    }
}
