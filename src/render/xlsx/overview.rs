//! 概要: what the executives look at: counts and shares, change against last year, charts, and what every word means.
//!
//! In: [`Totals`]. Out: a sheet on one grid of columns, so that its tables stand under each other and print on A4.
//! Stays true: every table says below it what its words mean and what it leaves out, with the number.

use super::View;
use super::book::{Align, Book, FONT, Look, say};
use super::by_evaluation::definitions;
use super::facts;
use super::ruler::PIXELS_PER_MM;
use super::table::{Cell, write_across, write_cell};
use crate::reconcile::Edition;
use crate::reconcile::since::Since;
use crate::reconcile::totals::Standing;
use crate::reconcile::totals::{Group, Totals};
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPatternFill, ChartPatternFillType, ChartSolidFill,
    ChartType, Color, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// Name of the sheet.
const SHEET: &str = "概要";
/// Width of the first column and of the others, in mm.
const WIDTHS: (f64, f64) = (46.0, 19.0);
/// Columns of the grid.
const COLUMNS: u16 = 13;
/// First column of the charts at the right of tables.
const BESIDE: u16 = 7;
/// What the indent of a cell takes of its width, in pixels.
const INDENT: f64 = 12.0;
/// Height of the rows under a chart, in points.
const CHART_ROW: f64 = 17.0;

/// A sheet being written from top to bottom.
struct Page<'b, 'a> {
    book: &'b Book<'a>,
    sheet: Worksheet,
    row: u32,
    width: f64,
    breaks: Vec<u32>,
    /// Heights of the rows so far, in points.
    heights: BTreeMap<u32, f64>,
}

/// Writes the sheet.
///
/// # Errors
/// If a limit of Excel is broken after all (a fault of this program).
pub(super) fn write(view: &View<'_>, book: &mut Book<'_>, totals: &Totals, since: Option<&Since>) -> Result<(), XlsxError> {
    let mut page = Page { sheet: book.sheet(SHEET)?, book, row: 0, width: 0.0, breaks: Vec::new(), heights: BTreeMap::new() };
    page.columns(totals)?;
    page.head(view, totals)?;
    page.standings(view, totals)?;
    page.evaluations(view, totals)?;
    page.findings(view, totals, since)?;
    page.groups(view, totals, &totals.chapters, view_word(view, "章・分野別", "By chapter"), true)?;
    page.words(view, totals)?;
    page.groups(view, totals, &totals.departments, view_word(view, "所属別", "By department"), false)?;
    let Page { mut sheet, width, breaks, .. } = page;
    book.page(&mut sheet, width);
    sheet.set_page_breaks(&breaks)?;
    sheet.set_active(true);
    book.push(sheet);
    Ok(())
}

fn view_word<'t>(view: &View<'_>, ja: &'t str, en: &'t str) -> &'t str {
    say(view.lang, ja, en)
}

impl Page<'_, '_> {
    /// The grid of columns: as many as the widest table asks for.
    fn columns(&mut self, totals: &Totals) -> Result<(), XlsxError> {
        let count = COLUMNS.max(9 + totals.marks.len().min(40) as u16);
        for column in 0..count {
            let mm = if column == 0 { WIDTHS.0 } else { WIDTHS.1 };
            let pixels = (mm * PIXELS_PER_MM) as u32;
            self.sheet.set_column_width_pixels(column, pixels)?;
            self.width += f64::from(pixels);
        }
        Ok(())
    }

    /// Last column of the grid.
    fn last(&self) -> u16 {
        ((self.width / PIXELS_PER_MM - WIDTHS.0) / WIDTHS.1).round() as u16
    }

    /// Sets the height of a row and remembers it.
    fn height(&mut self, row: u32, points: f64) -> Result<(), XlsxError> {
        self.heights.insert(row, points);
        self.sheet.set_row_height(row, points)?;
        Ok(())
    }

    /// A text over the whole width.
    fn across(&mut self, text: &str, look: Look) -> Result<(), XlsxError> {
        if !text.is_empty() {
            let last = self.last();
            write_across(self.book, &mut self.sheet, self.row, last, self.width, text, look)?;
            self.row += 1;
        }
        Ok(())
    }

    /// Heading of a part.
    fn section(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.height(self.row - 1, 9.0)?;
        self.sheet.write_string_with_format(self.row, 0, text, &self.book.format(Look::Section, Align::Left, ""))?;
        self.height(self.row, 18.0)?;
        self.row += 1;
        Ok(())
    }

    /// A row of a table: cells with the number of columns each takes.
    fn line(&mut self, cells: &[(Cell, u16)], look: Look) -> Result<(), XlsxError> {
        let mut column = 0;
        let mut lines = 1;
        for (n, (cell, span)) in cells.iter().enumerate() {
            let align = if n == 0 || *span > 1 { Align::Left } else { Align::Right };
            let align = if look == Look::Head { Align::Centre } else { align };
            if *span > 1 {
                self.sheet.merge_range(self.row, column, self.row, column + span - 1, "", &self.book.format(look, align, ""))?;
            }
            if let Cell::Text(text) = cell {
                let width = (if column == 0 { WIDTHS.0 } else { WIDTHS.1 } + f64::from(span - 1) * WIDTHS.1) * PIXELS_PER_MM - INDENT;
                lines = lines.max(self.book.ruler.lines(text, width, super::table::SIZE));
            }
            write_cell(self.book, &mut self.sheet, self.row, column, cell, look, align, &mut 0)?;
            column += span;
        }
        self.height(self.row, super::table::height(lines) + 5.0)?;
        self.row += 1;
        Ok(())
    }

    /// Title, plan, year, date, and what the sheet counts.
    fn head(&mut self, view: &View<'_>, totals: &Totals) -> Result<(), XlsxError> {
        let settled = view.settled;
        self.sheet.write_string_with_format(
            0,
            0,
            self.book.say("進捗総括表", "Progress summary"),
            &self.book.format(Look::Title, Align::Left, ""),
        )?;
        self.sheet.set_row_height(0, 26.0)?;
        self.row = 1;
        let year = settled.fiscal_year.name();
        let made = settled.date.format("%Y/%m/%d");
        self.across(&format!("{}　{year}　{}{made}", settled.title, self.book.say("作成日：", "made ")), Look::Remark)?;
        let all = &totals.all;
        let counted = match view.lang {
            crate::finding::Lang::Ja => format!(
                "対象：取組 {} 件（純計）。再掲 {} 件を含めた延べ数は {} 件です。下の表は延べ数で数えています。",
                all.net(),
                all.repeated,
                all.gross
            ),
            crate::finding::Lang::En => {
                format!("{} initiatives net; {} with the {} that are listed twice. The tables count gross.", all.net(), all.gross, all.repeated)
            }
        };
        self.across(&counted, Look::Remark)
    }

    /// By state.
    fn standings(&mut self, view: &View<'_>, totals: &Totals) -> Result<(), XlsxError> {
        self.section(view_word(view, "1　提出の状況", "1  State of answers"))?;
        if view.settled.edition == Edition::Plan {
            return self.across(view_word(view, "報告は届いていません（計画版）。", "Nothing has arrived: the plan as published."), Look::Remark);
        }
        let words = [("区分", "State"), ("件数", "Count"), ("割合", "Share"), ("意味", "Meaning")];
        let head: Vec<(Cell, u16)> = words.iter().zip([1, 1, 1, 4]).map(|((ja, en), span)| (Cell::text(view_word(view, ja, en)), span)).collect();
        self.line(&head, Look::Head)?;
        let first = self.row;
        for (standing, count) in Standing::ALL.iter().zip(totals.all.standings) {
            let cells = [
                (Cell::text(standing.word(view)), 1),
                (Cell::count(count), 1),
                (Cell::share(count, totals.all.gross), 1),
                (Cell::text(standing.meaning(view)), 4),
            ];
            self.line(&cells, Look::Count)?;
        }
        let total = [
            (Cell::text(view_word(view, "合計", "Total")), 1),
            (Cell::count(totals.all.gross), 1),
            (Cell::share(totals.all.gross, totals.all.gross), 1),
            (Cell::Blank, 4),
        ];
        self.line(&total, Look::CountTotal)?;
        let mut chart = bar(view_word(view, "提出の状況（件）", "State of answers"));
        series(&mut chart, view_word(view, "件数", "Count"), (first, first + 2), 1, 0);
        chart.legend().set_hidden();
        chart.set_alt_text(view_word(view, "提出の状況の件数を示す横棒グラフ。値は表1のとおり。", "Bars of table 1."));
        self.beside(first - 2, chart)
    }

    /// By evaluation, with last year's count and the change.
    fn evaluations(&mut self, view: &View<'_>, totals: &Totals) -> Result<(), XlsxError> {
        let word = facts::mark_word(view);
        let word = word.as_str();
        self.section(&format!("2　{word}{}", view_word(view, "の状況", "")))?;
        if totals.marks.is_empty() {
            return self.across(view_word(view, "この様式には評価欄がありません。", "This form has no evaluation."), Look::Remark);
        }
        let words = [(word, word), ("件数", "Count"), ("割合", "Share"), ("前年度", "Last year"), ("増減", "Change"), ("意味", "Meaning")];
        let head: Vec<(Cell, u16)> =
            words.iter().zip([1, 1, 1, 1, 1, 2]).map(|((ja, en), span)| (Cell::text(view_word(view, ja, en)), span)).collect();
        self.line(&head, Look::Head)?;
        let first = self.row;
        let evaluated = totals.all.evaluated();
        for (n, mark) in totals.marks.iter().enumerate() {
            let now = totals.all.marks[n];
            let before = totals.knows_last_year().then(|| totals.all.before[n]);
            let meaning = if mark.known { mark.meaning.as_str() } else { view_word(view, "評価の尺度にない記載", "not on the scale") };
            let cells = [
                (Cell::text(&mark.mark), 1),
                (Cell::count(now), 1),
                (Cell::share(now, evaluated), 1),
                (before.map_or(Cell::text("―"), Cell::count), 1),
                (before.map_or(Cell::text("―"), |b| Cell::change(now, b)), 1),
                (Cell::text(meaning), 2),
            ];
            self.line(&cells, Look::Count)?;
        }
        let before = totals.knows_last_year().then(|| totals.all.evaluated_before());
        let total = [
            (Cell::text(view_word(view, "合計", "Total")), 1),
            (Cell::count(evaluated), 1),
            (Cell::share(evaluated, evaluated), 1),
            (before.map_or(Cell::text("―"), Cell::count), 1),
            (before.map_or(Cell::text("―"), |b| Cell::change(evaluated, b)), 1),
            (Cell::Blank, 2),
        ];
        self.line(&total, Look::CountTotal)?;
        let mut chart = bar(&format!("{word}{}", view_word(view, "の状況（件）", "")));
        let rows = (first, first + totals.marks.len() as u32 - 1);
        series(&mut chart, view_word(view, "今年度", "This year"), rows, 1, 0);
        if totals.knows_last_year() {
            series(&mut chart, view_word(view, "前年度", "Last year"), rows, 3, 2);
            chart.legend().set_position(ChartLegendPosition::Right).set_font(ChartFont::new().set_name(FONT).set_size(9));
        } else {
            chart.legend().set_hidden();
        }
        chart.set_alt_text(view_word(view, "評価ごとの件数を示す横棒グラフ。値は表2のとおり。", "Bars of table 2."));
        self.beside(first - 2, chart)?;
        self.height(self.row, 5.0)?;
        self.row += 1;
        self.across(&left_out(view, totals), Look::Remark)
    }

    /// A chart at the right of the table just written, from its heading down to its last row: patterns and figures tell without colour.
    fn beside(&mut self, top: u32, mut chart: Chart) -> Result<(), XlsxError> {
        let points: f64 = (top..self.row).map(|row| self.heights.get(&row).copied().unwrap_or(13.5)).sum();
        let pixels = f64::from(self.last() + 1 - BESIDE) * WIDTHS.1 * PIXELS_PER_MM;
        chart.set_width(pixels as u32 - 14).set_height((points * 96.0 / 72.0) as u32 - 2);
        self.sheet.insert_chart_with_offset(top, BESIDE, &chart, 12, 1)?;
        Ok(())
    }

    /// Open and accepted findings, and what changed since the last run.
    fn findings(&mut self, view: &View<'_>, totals: &Totals, since: Option<&Since>) -> Result<(), XlsxError> {
        self.section(view_word(view, "3　指摘の状況", "3  Findings"))?;
        let words = [
            ("", ""),
            ("エラー", "Errors"),
            ("警告", "Warnings"),
            ("注記", "Notes"),
            ("確認済み", "Accepted"),
            ("前回から\n新規", "New since\nlast run"),
            ("前回から\n解消", "Mended"),
            ("値の変化", "Values\nchanged"),
            ("新着\nファイル", "Files\narrived"),
        ];
        let head: Vec<(Cell, u16)> = words.iter().map(|(ja, en)| (Cell::text(view_word(view, ja, en)), 1)).collect();
        self.line(&head, Look::Head)?;
        let mut cells = vec![(Cell::text(view_word(view, "件数", "Count")), 1)];
        let f = &totals.findings;
        cells.extend([f.errors, f.warnings, f.notes, f.accepted].map(|n| (Cell::count(n), 1)));
        match since {
            Some(s) => cells.extend([s.new.len(), s.mended.len(), s.values.len(), s.arrived.len()].map(|n| (Cell::count(n), 1))),
            None => cells.extend(std::iter::repeat_n((Cell::text("―"), 1), 4)),
        }
        self.line(&cells, Look::Count)?;
        let note = match since {
            Some(s) => format!("{}{}", view_word(view, "前回の実行：", "last run: "), s.date),
            None => view_word(view, "前回の実行の記録がないため、差は示していません。", "There was no run before.").to_owned(),
        };
        self.across(&note, Look::Remark)
    }

    /// A table of groups, on a page of its own.
    fn groups(&mut self, view: &View<'_>, totals: &Totals, groups: &[Group], title: &str, chart: bool) -> Result<(), XlsxError> {
        if groups.is_empty() || (groups.len() == 1 && groups[0].name.is_empty()) {
            return Ok(());
        }
        self.breaks.push(self.row + 1);
        let number = 3 + self.breaks.len();
        self.section(&format!("{number}　{title}"))?;
        let columns = super::by_department::group_columns(view, totals);
        let keep = if chart { columns.len() - 3 } else { columns.len() };
        let mut head = vec![(Cell::text(title.trim_end_matches('別')), 1)];
        head.extend(columns.iter().take(keep).map(|c| (Cell::text(&c.title), 1)));
        self.line(&head, Look::Head)?;
        let first = self.row;
        for group in groups {
            let name = if group.name.is_empty() { view_word(view, "（定めなし）", "(none)") } else { &group.name };
            let mut cells = vec![(Cell::text(name), 1)];
            cells.extend(super::by_department::group_cells(group).into_iter().take(keep).map(|c| (c, 1)));
            self.line(&cells, Look::Count)?;
        }
        let mut whole = totals.all.clone();
        whole.findings = super::by_department::sum(groups);
        let mut cells = vec![(Cell::text(view_word(view, "合計", "Total")), 1)];
        cells.extend(super::by_department::group_cells(&whole).into_iter().take(keep).map(|c| (c, 1)));
        self.line(&cells, Look::CountTotal)?;
        if chart && !totals.marks.is_empty() {
            self.stacked(view, totals, (first, first + groups.len() as u32 - 1))?;
        }
        Ok(())
    }

    /// Evaluations by chapter as stacked bars.
    fn stacked(&mut self, view: &View<'_>, totals: &Totals, rows: (u32, u32)) -> Result<(), XlsxError> {
        let top = self.row;
        let bars = (rows.1 - rows.0 + 1).min(12);
        let height_rows = 7 + bars;
        for row in top..top + height_rows {
            self.sheet.set_row_height(row, CHART_ROW)?;
        }
        let height = (f64::from(height_rows) * CHART_ROW * 96.0 / 72.0) as u32 - 8;
        let mut chart = Chart::new(ChartType::BarStacked);
        dress(&mut chart, &format!("{}{}", view_word(view, "章・分野別の", "By chapter: "), facts::mark_word(view)));
        chart.set_width(self.width as u32 - 8).set_height(height);
        for (n, mark) in totals.marks.iter().enumerate().take(8) {
            series(&mut chart, &mark.mark, rows, 5 + n as u16, n);
        }
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(ChartFont::new().set_name(FONT).set_size(9));
        chart.set_alt_text(view_word(
            view,
            "章・分野ごとの評価の件数を示す積み上げ横棒グラフ。値は上の表のとおり。",
            "Stacked bars of the table above.",
        ));
        self.sheet.insert_chart_with_offset(top, 0, &chart, 2, 4)?;
        self.row = top + height_rows;
        Ok(())
    }

    /// What every word means.
    fn words(&mut self, view: &View<'_>, totals: &Totals) -> Result<(), XlsxError> {
        self.section(view_word(view, "用語", "Words"))?;
        for (ja, en) in WORDS {
            self.across(view_word(view, ja, en), Look::Remark)?;
        }
        let scale = definitions(view, totals);
        if !scale.is_empty() {
            self.across(&format!("{}{scale}", view_word(view, "評価の意味　", "Marks: ")), Look::Remark)?;
        }
        Ok(())
    }
}

/// What the counts of evaluations leave out, with the number.
fn left_out(view: &View<'_>, totals: &Totals) -> String {
    let all = &totals.all;
    let missing = all.missing;
    let known = all.evaluated_before();
    let before = match (known, view.lang) {
        (0, crate::finding::Lang::Ja) => {
            "前年度の評価は、計画データにも前年度の結果（設定の last_year）にもないため、増減は示していません。".to_owned()
        }
        (0, crate::finding::Lang::En) => " Neither the plan nor a result of last year (the setting last_year) holds marks of last year.".to_owned(),
        (_, crate::finding::Lang::Ja) => {
            format!("前年度は、今年度の取組のうち前年度の評価が分かる {known} 件の評価です。章・所属の表の（　）は前年度との増減です。")
        }
        (_, crate::finding::Lang::En) => {
            format!(
                " Last year: the marks of those {known} of this year's initiatives whose mark of last year is known; ( ) in the tables by chapter and department is the change."
            )
        }
    };
    match view.lang {
        crate::finding::Lang::Ja => format!(
            "{0}の件数に含めていないもの：未提出 {missing} 件、{0}が空欄 {1} 件、{0}の値が要確認 {2} 件。割合は{0}のあるものに対する割合です。{before}",
            facts::mark_word(view),
            all.blank,
            all.doubtful
        ),
        crate::finding::Lang::En => format!(
            "Left out: {missing} missing, {} with a blank mark, {} whose mark is in doubt. Shares are of those with a mark.{before}",
            all.blank, all.doubtful
        ),
    }
}

/// Words used on this sheet.
const WORDS: &[(&str, &str)] = &[
    ("取組　計画に番号を付けて載せた一つの取組（実施項目・施策）", "initiative: one numbered undertaking of the plan"),
    (
        "延べ数・純計　再掲（別の箇所にもう一度載せた取組）を含めた数が延べ数、除いた数が純計",
        "gross / net: with and without initiatives listed twice",
    ),
    (
        "指摘　人が確認すべき事柄。エラー＝このまま印刷すると誤りや空欄になるもの、警告＝人が見るべきもの、注記＝取りまとめで読み替えたもの",
        "finding: something a person must look at",
    ),
    ("確認済み　指摘の内容を担当者が確認し、理由を付けて了とした記録（waivers.xlsx）", "accepted: a person has looked at a finding and accepted it"),
    ("▲　減少（前年度との比較）を示す。±0 は増減なし", "▲: a decrease against last year"),
    (
        "達成率　目標に対する実績の割合。減らす目標では、少ないほど高くなるように計算する",
        "achievement: result against goal; a falling goal is reckoned the other way round",
    ),
    ("所属　回答した課、または回答を求めた課（現在の名称）", "department: the one that answered or was asked, under its name of today"),
];

/// A bar chart with its looks.
fn bar(title: &str) -> Chart {
    let mut chart = Chart::new(ChartType::Bar);
    dress(&mut chart, title);
    chart
}

/// Fonts, frame and axes of every chart: black on white.
fn dress(chart: &mut Chart, title: &str) {
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(9).set_color(Color::Black);
    let mut bold = ChartFont::new();
    bold.set_name(FONT).set_size(10.5).set_bold().set_color(Color::Black);
    let mut frame = ChartLine::new();
    frame.set_color(Color::RGB(0x0059_5959)).set_width(0.75);
    let mut light = ChartLine::new();
    light.set_color(Color::RGB(0x00BF_BFBF)).set_width(0.5);
    chart.title().set_name(title).set_font(&bold);
    // Of a bar chart the library calls the axis of categories y; the first category stands on top, the figures below.
    chart.y_axis().set_font(&font).set_reverse().set_crossing(ChartAxisCrossing::Max).set_major_gridlines(false);
    chart.x_axis().set_font(&font).set_major_gridlines(true).set_major_gridlines_line(&light).set_num_format("#,##0").set_min(0);
    chart.chart_area().set_format(ChartFormat::new().set_border(&frame).set_solid_fill(ChartSolidFill::new().set_color(Color::White)));
}

/// A series from a column of the sheet, with a pattern of its own and its figures beside the bars.
fn series(chart: &mut Chart, name: &str, rows: (u32, u32), column: u16, look: usize) {
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(9).set_color(Color::Black);
    let mut label = rust_xlsxwriter::ChartDataLabel::new();
    label.show_value().set_font(&font).set_num_format("#,##0;;");
    // A figure on a pattern is hard to read without white behind it.
    label.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::White)));
    let series = chart.add_series();
    series
        .set_categories((SHEET, rows.0, 0, rows.1, 0))
        .set_values((SHEET, rows.0, column, rows.1, column))
        .set_name(name)
        .set_gap(60)
        .set_data_label(&label)
        .set_format(&mut fill(look));
}

/// Fills that differ without colour: solid, hatched, dotted, white …
fn fill(look: usize) -> ChartFormat {
    use ChartPatternFillType::{DiagonalStripesWideDownwards, DiagonalStripesWideUpwards, Dotted20Percent, HorizontalStripesLight, SmallGrid};
    let mut border = ChartLine::new();
    border.set_color(Color::Black).set_width(0.75);
    let mut format = ChartFormat::new();
    format.set_border(&border);
    let patterns = [DiagonalStripesWideUpwards, Dotted20Percent, DiagonalStripesWideDownwards, HorizontalStripesLight, SmallGrid];
    match look % 7 {
        0 => format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(0x00A6_A6A6))),
        2 => format.set_solid_fill(ChartSolidFill::new().set_color(Color::White)),
        n => {
            let pattern = patterns[if n == 1 { 0 } else { n - 2 }];
            let mut fill = ChartPatternFill::new();
            fill.set_pattern(pattern).set_foreground_color(Color::RGB(0x0040_4040)).set_background_color(Color::White);
            format.set_pattern_fill(&fill)
        }
    };
    format
}
