//! Grids made by hand: a form as a department's file would show it, and ways to bend it.

use std::collections::BTreeMap;
use torimatome::finding::Finding;
use torimatome::form::Form;
use torimatome::intake::recognise::read_grids;
use torimatome::intake::{Reading, ReadingKind};
use torimatome::value::FiscalYear;
use torimatome::workbook::{Area, Cell, CellRef, Format, Sheet, Stored, Visibility, Workbook};

/// A cell by its address.
pub(crate) fn at(a1: &str) -> CellRef {
    CellRef::parse(a1).unwrap()
}

/// A rectangle by its corners: `A1:B2`, or one cell.
pub(crate) fn area(a1: &str) -> Area {
    let (first, last) = a1.split_once(':').unwrap_or((a1, a1));
    Area { first: at(first), last: at(last) }
}

/// A text cell.
pub(crate) fn cell(text: &str) -> Cell {
    Cell { shown: text.into(), stored: Stored::Text(text.into()), formula: None }
}

/// A sheet from lines `A1:B1 text`; a rectangle is merged. `\n` in a text is a line break.
pub(crate) fn sheet(name: &str, lines: &str) -> Sheet {
    let mut sheet = Sheet { name: name.into(), ..Sheet::default() };
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (place, text) = line.split_once(' ').unwrap_or((line, ""));
        put(&mut sheet, place, &text.replace("\\n", "\n"));
    }
    sheet
}

/// Writes into a cell, or merges and writes.
pub(crate) fn put(sheet: &mut Sheet, place: &str, text: &str) {
    let area = area(place);
    if area.first != area.last {
        sheet.merges.retain(|m| m.first != area.first);
        sheet.merges.push(area);
    }
    if text.is_empty() {
        sheet.cells.remove(&area.first);
    } else {
        sheet.cells.insert(area.first, cell(text));
    }
}

/// Moves everything from a row on downwards by `n` rows.
pub(crate) fn insert_rows(sheet: &mut Sheet, from: u32, n: u32) {
    shift(sheet, |c| CellRef::new(if c.row >= from { c.row + n } else { c.row }, c.col));
}

/// Moves everything from a column on to the right by `n` columns.
pub(crate) fn insert_cols(sheet: &mut Sheet, from: u32, n: u32) {
    shift(sheet, |c| CellRef::new(c.row, if c.col >= from { c.col + n } else { c.col }));
}

/// Moves the whole sheet.
pub(crate) fn shift(sheet: &mut Sheet, to: impl Fn(CellRef) -> CellRef) {
    sheet.cells = std::mem::take(&mut sheet.cells).into_iter().map(|(c, v)| (to(c), v)).collect();
    for merge in &mut sheet.merges {
        *merge = Area { first: to(merge.first), last: to(merge.last) };
    }
}

/// Copies another sheet onto this one, moved by rows and columns.
pub(crate) fn overlay(sheet: &mut Sheet, other: &Sheet, rows: u32, cols: u32) {
    for (c, v) in &other.cells {
        sheet.cells.insert(CellRef::new(c.row + rows, c.col + cols), v.clone());
    }
    for m in &other.merges {
        let moved = |c: CellRef| CellRef::new(c.row + rows, c.col + cols);
        sheet.merges.push(Area { first: moved(m.first), last: moved(m.last) });
    }
}

/// Replaces the text of the cell that says `old`.
pub(crate) fn reword(sheet: &mut Sheet, old: &str, new: &str) {
    let place = sheet.cells.iter().find(|(_, c)| c.shown == old).map(|(c, _)| *c);
    sheet.cells.insert(place.unwrap_or_else(|| panic!("no {old}")), cell(new));
}

/// What is read from a workbook of these sheets.
pub(crate) struct Read {
    pub(crate) readings: Vec<Reading>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads sheets with a built-in form.
pub(crate) fn read(form: &str, year: &str, sheets: Vec<Sheet>) -> Read {
    let form = Form::load(form, None).unwrap();
    let workbook = Workbook { format: Format::Xlsx, sheets, modified: None, broken: Vec::new(), values: Default::default() };
    let (readings, findings) = read_grids(0, "課.xlsx", &workbook, &form, FiscalYear::parse(year).unwrap());
    Read { readings, findings }
}

impl Read {
    /// The only report.
    pub(crate) fn one(&self) -> &Reading {
        let reports: Vec<&Reading> = self.reports();
        assert_eq!(reports.len(), 1, "reports: {:?} findings: {:?}", self.readings.len(), self.codes());
        reports[0]
    }

    /// All reports of this year.
    pub(crate) fn reports(&self) -> Vec<&Reading> {
        self.readings.iter().filter(|r| r.kind == ReadingKind::Report).collect()
    }

    /// Codes of all findings, those on readings too, sorted.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let all = self.findings.iter().chain(self.readings.iter().flat_map(|r| &r.findings));
        let mut codes: Vec<&'static str> = all.map(|f| f.rule.code).collect();
        codes.sort_unstable();
        codes
    }
}

/// Field → `value @ cell` of a reading, for comparing; unreadable values are `!`.
pub(crate) fn said(reading: &Reading) -> BTreeMap<String, String> {
    let show = |v: &torimatome::value::Sourced| format!("{} @{}", v.value.as_deref().unwrap_or("!"), v.origin.cell.as_deref().unwrap_or("?"));
    reading.fields.iter().map(|(k, v)| (k.clone(), show(v))).collect()
}

/// The values of a reading without cells.
pub(crate) fn values(reading: &Reading) -> BTreeMap<String, String> {
    reading.fields.iter().map(|(k, v)| (k.clone(), v.value.clone().unwrap_or_else(|| "!".into()))).collect()
}

/// The sheet of an initiative as it is sent out, with its answers: yearly goals, a report, a letter, next year's policy.
pub(crate) fn yearly() -> Sheet {
    sheet(
        "1-09",
        "A1:L1 市行政改革大綱　R6年度実施計画シート
         A2:B2 改革テーマ
         C2:L2 スマート自治体への転換
         A3:B3 改革分野
         C3:L3 1. 行政サービス改革
         A4:B4 計画名
         C4:L4 コンビニ交付の普及推進
         A5:B5 実行課
         C5:F5 市民課
         G5:H5 連携課
         I5:L5 課税課
         A6:B6 開始年度
         C6:D6 R 5
         E6:F6 達成目標年度
         G6:H6 R 9
         I6:J6 SDGs関連No.
         K6:L6
         A7:B7 改革の視点
         C7:L7 ICTの積極的な活用
         A9:B9 現状と課題
         C9:L9 ○証明書のコンビニ交付は…
         A10:B10 取組内容
         C10:L10 周知を行います。
         A11:B11 取組の効果
         C11:L11 ○選択肢が広がります。
         A12:B12 年度
         C12:D12 R5
         E12:F12 R6
         G12:H12 R7
         I12:J12 R8
         K12:L12 R9
         A13:B13 各年度達成目標
         C13:D13 4,300件
         E13:F13 16,800件
         G13:H13 18,400件
         I13:J13 19,300件
         K13:L13 20,000件
         A14:B14 R6年度末の取組状況報告
         C14:L14 窓口で案内し、17,100件でした。
         A15:B15 年度末評価
         C15:D15 B
         E15:F15 A
         G15:H15
         I15:J15
         K15:L15
         A16:B16 R7年度に向けた取組方針
         C16:L16 休日の利用を増やします。
         A17:B17 備考
         C17:L17",
    )
}

/// The small form: labels over values, a list of indicators, a plan for each year.
pub(crate) fn small() -> Sheet {
    sheet(
        "No.22",
        "A1 No.
         B1:I1 実施項目
         J1:M1 推進担当課
         A2 22
         B2:I2 職員定数の適正管理
         J2:M2 職員課
         A3 目的・ねらい
         B3:M3 適正化を図る。
         A4 取組内容
         B4:M4 ・職員の適正配置
         A5:E5 指標
         F5:I5 現状値（計画策定時）
         J5:M5 令和6年度目標値
         A6:E6 休暇の平均取得日数
         F6:I6 10.9日
         J6:M6 12.5日
         A7:E7 満足度
         F7:I7 85%
         J7:M7 90%
         A8:A9 年度計画
         B8:D8 3年度
         E8:G8 4年度
         H8:J8 5年度
         K8:M8 6年度
         B9:D9 調査
         E9:G9 方針の決定
         H9:J9 移行
         K9:M9 運用",
    )
}

/// The list: one row an initiative.
pub(crate) fn list() -> Sheet {
    sheet(
        "変更一覧",
        "A1 行政改革実施計画　変更一覧（照会回答票）
         A3 No
         B3 取組名
         C3 所属
         D3 変更種別
         E3 変更理由
         A4 35
         B4 働き方改革の取り組み
         C4 職員課
         D4 継続
         E4 指標を改めて取り組む。
         A5 38
         B5 定員管理の適正化
         C5 職員課
         D5 名称変更
         E5 範囲を明確にするため。",
    )
}

/// A sheet that is not shown.
pub(crate) fn hidden(mut sheet: Sheet) -> Sheet {
    sheet.visibility = Visibility::Hidden;
    sheet
}
