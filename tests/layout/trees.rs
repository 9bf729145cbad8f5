//! Made-up trees for the tests of layout and PDF: an official sheet with everything the language has, and texts of any length.

use torimatome::form::tree::*;

/// A piece of plain text.
pub(crate) fn plain(text: &str) -> Content {
    Content { pieces: vec![Piece::Text { text: text.to_owned(), bold: false, underline: false }], mark: None }
}

pub(crate) fn style(size: f64) -> TextStyle {
    TextStyle { size, ..TextStyle::default() }
}

pub(crate) fn label(text: &str) -> GridCell {
    GridCell {
        role: CellRole::Label,
        content: plain(text),
        shade: 12.0,
        style: TextStyle { align: Align::Center, ..style(10.0) },
        ..GridCell::default()
    }
}

pub(crate) fn value(key: &str, text: &str) -> GridCell {
    GridCell { role: CellRole::Value { key: key.to_owned(), year: None }, content: plain(text), style: style(10.0), ..GridCell::default() }
}

pub(crate) fn span(cell: GridCell, span: usize, rows: usize) -> GridCell {
    GridCell { span, rows, ..cell }
}

pub(crate) fn row(cells: Vec<GridCell>) -> Row {
    Row { cells, ..Row::default() }
}

pub(crate) fn grid(columns: &[f64], rows: Vec<Row>) -> Grid {
    Grid { columns: columns.to_vec(), rows, rule: 0.2, frame: 0.4, space_after: 3.0, ..Grid::default() }
}

pub(crate) fn text(words: &str, size: f64) -> TextBlock {
    TextBlock { content: plain(words), style: style(size), ..TextBlock::default() }
}

pub(crate) fn anchor(name: &str, title: &str, level: u8) -> Block {
    Block::Anchor(Anchor { name: name.to_owned(), bookmark: Some(title.to_owned()), level })
}

/// An official sheet: title, spans, a tall vertical label, years, check boxes, chips, marks.
pub(crate) fn sheet(name: &str, body: &str, fit: Fit) -> Tree {
    let title = TextBlock {
        style: TextStyle { bold: true, align: Align::Center, ..style(14.0) },
        space: (0.0, 2.0),
        keep_with_next: true,
        ..text("みどり市行政改革大綱 R6年度実施計画シート", 14.0)
    };
    let boxes = Content {
        pieces: vec![
            Piece::CheckBox(true),
            Piece::Text { text: " 窓口改革　".to_owned(), bold: false, underline: false },
            Piece::CheckBox(false),
            Piece::Text { text: " 財政基盤　☑ 済 ☐ 未 ☒ 不可 ✔".to_owned(), bold: false, underline: false },
        ],
        mark: None,
    };
    let chips = Content { pieces: vec![Piece::Sdg(3), Piece::Sdg(9), Piece::Sdg(11), Piece::Sdg(17)], mark: None };
    let spread = GridCell { style: TextStyle { align: Align::Spread, ..style(10.0) }, ..label("計画名") };
    let tall = GridCell { style: TextStyle { vertical: true, ..style(10.0) }, ..span(label("年次計画ー（案）"), 1, 3) };
    let years = ["R 5", "R 6", "R 7", "R 8", "R 9"];
    let head = grid(
        &[28.0, 38.0, 24.0, 27.0, 24.0, 24.0],
        vec![
            row(vec![spread, span(value("plan_name", name), 5, 1)]),
            row(vec![
                label("実行課"),
                span(value("departments", "企画課"), 2, 1),
                label("連携課"),
                span(value("related", "全庁・市民課・危機管理課"), 2, 1),
            ]),
            row(vec![
                label("目標区分"),
                span(GridCell { content: boxes, ..value("goals", "") }, 3, 1),
                label("SDGs"),
                GridCell { content: chips, ..value("sdgs", "") },
            ]),
        ],
    );
    let long = Row { min_height: 20.0, breakable: fit == Fit::Flow, ..row(vec![label("現状と課題"), value("current_issues", body)]) };
    let issues = grid(
        &[28.0, 137.0],
        vec![
            long,
            Row {
                stretch: 1.0, ..row(vec![label("取組の効果"), value("effects", "○市民の声（年間4,300件）を活かす。\n○職員の負担が減る。")])
            },
        ],
    );
    let goals: Vec<GridCell> = std::iter::once(label("目標"))
        .chain(years.iter().enumerate().map(|(i, _)| value("year_goals", if i == 1 { "運用・一部研究検討" } else { "1,200件以上" })))
        .collect();
    let missing = GridCell { content: Content { pieces: Vec::new(), mark: Some(Mark::Missing) }, ..value("status_report", "") };
    let check = GridCell { content: Content { mark: Some(Mark::Check), ..plain("16,800件") }, ..value("value", "") };
    let table = grid(
        &[8.0, 22.0, 27.0, 27.0, 27.0, 27.0, 27.0],
        vec![
            row(std::iter::once(tall).chain([label("年度")]).chain(years.iter().map(|y| label(y))).collect()),
            row(goals),
            row(vec![label("実績"), span(missing, 2, 1), span(check, 3, 1)]),
        ],
    );
    Tree {
        page: PageStyle {
            margin: [20.0, 18.0, 20.0, 27.0],
            fit,
            foot: vec![Block::Text(TextBlock {
                content: Content { pieces: vec![Piece::PageNumber], mark: None },
                style: TextStyle { align: Align::Center, ..style(9.0) },
                ..TextBlock::default()
            })],
            ..PageStyle::default()
        },
        blocks: vec![anchor("sheet:1", name, 2), Block::Text(title), Block::Grid(head), Block::Grid(issues), Block::Grid(table)],
    }
}

/// Some text of about `characters` characters, in paragraphs.
pub(crate) fn prose(characters: usize) -> String {
    const SENTENCE: &str =
        "○市民の「声」を聴き、窓口（本庁・支所）の申請を令和6年度までに4,300件へ増やすため、ＤＸセンターとWeb申請サービスを整備する。";
    let sentence: Vec<char> = SENTENCE.chars().collect();
    let mut out = String::new();
    let mut left = characters;
    while left > 0 {
        let take = left.min(sentence.len());
        if !out.is_empty() {
            out.push('\n');
        }
        out.extend(&sentence[..take]);
        left -= take;
    }
    out
}

/// A contents page with leaders and links.
pub(crate) fn contents(entries: &[(&str, &str)]) -> Tree {
    let blocks = entries
        .iter()
        .map(|(name, to)| {
            let pieces =
                vec![Piece::Text { text: (*name).to_owned(), bold: false, underline: false }, Piece::Leader, Piece::PageOf((*to).to_owned())];
            Block::Text(TextBlock { content: Content { pieces, mark: None }, link: Some((*to).to_owned()), ..TextBlock::default() })
        })
        .collect();
    Tree { blocks, ..Tree::default() }
}
