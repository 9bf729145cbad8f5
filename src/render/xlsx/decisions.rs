//! waivers.xlsx and corrections.xlsx: where a person writes what was decided.
//!
//! In: the rows that `reconcile::waivers` makes. Out: workbooks whose entry cells are tinted and offer choices.
//! Stays true: headings and sheet names are those by which the reader finds them again; what a person wrote comes back as it was.

use super::View;
use super::book::{Align, Book, Look};
use super::ruler::PIXELS_PER_MM;
use super::table::{CELL_LIMITS, Cell, SIZE, height, write_cell};
use crate::reconcile::waivers::{Decisions, columns, correction_rows, waiver_rows};
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

/// Blank rows with choices below the last one, for what a person adds.
const SPARE: u32 = 200;

/// waivers.xlsx.
///
/// # Errors
/// If the workbook cannot be assembled.
pub(super) fn waivers(view: &View<'_>, decisions: &Decisions) -> Result<Vec<u8>, XlsxError> {
    let book = Book::new(view, columns::WAIVERS_SHEET)?;
    let rows = waiver_rows(&view.settled.findings, decisions);
    let help = "指摘を了とする行の「判断（確認済み）」で確認済みを選び、理由・確認者・確認日を書いて、業務フォルダーの waivers.xlsx として保存してください。次の実行から反映されます。";
    let list = List { sheet: columns::WAIVERS_SHEET, columns: columns::WAIVERS, entries: columns::FOR_PEOPLE, help };
    list.finish(book, &rows, |sheet, first, last| {
        let verdict = DataValidation::new()
            .allow_list_strings(&[columns::YES[0], columns::NO[0]])?
            .set_input_title("判断")?
            .set_input_message("了とするときは「確認済み」を選んでください。空欄は未対応のままです。")?
            .set_error_title("判断")?
            .set_error_message("「確認済み」か「未確認」を選んでください。")?;
        add(sheet, columns::WAIVERS, columns::VERDICT, first, last, &verdict)
    })
}

/// corrections.xlsx.
///
/// # Errors
/// If the workbook cannot be assembled.
pub(super) fn corrections(view: &View<'_>, decisions: &Decisions) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new(view, columns::CORRECTIONS_SHEET)?;
    let rows = correction_rows(decisions);
    let help = "電話などで確かめた値を1行に1件書き、業務フォルダーの corrections.xlsx として保存してください。項目は「選択肢」シートの項目キーです。";
    let list = List { sheet: columns::CORRECTIONS_SHEET, columns: columns::CORRECTIONS, entries: columns::CORRECTIONS, help };
    let keys: Vec<String> = view.settled.initiatives.iter().map(|i| i.key.clone()).collect();
    let mut fields: Vec<String> = Vec::new();
    for key in view.settled.initiatives.iter().flat_map(|i| i.fields.iter().filter(|(_, f)| f.reported).map(|(k, _)| k)) {
        if !fields.contains(key) {
            fields.push(key.clone());
        }
    }
    let choices = choices(view, &book, &keys, &fields)?;
    let name = choices.name();
    let (keys, fields) = (keys.len(), fields.len());
    let make = |sheet: &mut Worksheet, first: u32, last: u32| {
        // The lists stand on a sheet of their own: a list inside a validation holds 255 characters at most.
        for (column, letter, count) in [(columns::INITIATIVE, 'A', keys), (columns::FIELD, 'C', fields)] {
            if count > 0 {
                let list = format!("='{name}'!${letter}$2:${letter}${}", count + 1);
                let validation = DataValidation::new().allow_list_formula(rust_xlsxwriter::Formula::new(list)).show_error_message(false);
                add(sheet, columns::CORRECTIONS, column, first, last, &validation)?;
            }
        }
        Ok(())
    };
    let sheet = list.sheet(&mut book, &rows, make)?;
    book.push(sheet);
    book.push(choices);
    book.finish()
}

/// The sheet of choices: keys and names of initiatives, keys and labels of fields.
fn choices(view: &View<'_>, book: &Book<'_>, keys: &[String], fields: &[String]) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.sheet("選択肢")?;
    let head = book.format(Look::Head, Align::Left, "");
    let body = book.format(Look::Body, Align::Left, "");
    for (column, title) in [columns::INITIATIVE, "取組名", "項目キー", "項目名"].iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *title, &head)?;
    }
    for (row, (key, initiative)) in keys.iter().zip(&view.settled.initiatives).enumerate() {
        sheet.write_string_with_format(row as u32 + 1, 0, key, &body)?;
        sheet.write_string_with_format(row as u32 + 1, 1, &initiative.name, &body)?;
    }
    for (row, key) in fields.iter().enumerate() {
        sheet.write_string_with_format(row as u32 + 1, 2, key, &body)?;
        sheet.write_string_with_format(row as u32 + 1, 3, super::facts::label(view, key), &body)?;
    }
    for (column, mm) in [24.0, 90.0, 44.0, 60.0].iter().enumerate() {
        sheet.set_column_width_pixels(column as u16, (mm * PIXELS_PER_MM) as u32)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    book.page(&mut sheet, 218.0 * PIXELS_PER_MM);
    Ok(sheet)
}

/// A list that a person works in: headings in the first row, so that the reader and Excel's own tools find them.
struct List<'l> {
    sheet: &'l str,
    columns: &'l [&'static str],
    entries: &'l [&'static str],
    help: &'l str,
}

impl List<'_> {
    /// The workbook with this one sheet.
    fn finish(
        &self,
        mut book: Book<'_>,
        rows: &[Vec<String>],
        validate: impl Fn(&mut Worksheet, u32, u32) -> Result<(), XlsxError>,
    ) -> Result<Vec<u8>, XlsxError> {
        let sheet = self.sheet(&mut book, rows, validate)?;
        book.push(sheet);
        book.finish()
    }

    /// The sheet.
    fn sheet(
        &self,
        book: &mut Book<'_>,
        rows: &[Vec<String>],
        validate: impl Fn(&mut Worksheet, u32, u32) -> Result<(), XlsxError>,
    ) -> Result<Worksheet, XlsxError> {
        let mut sheet = book.sheet(self.sheet)?;
        let widths: Vec<f64> = self.columns.iter().map(|c| width(c) * PIXELS_PER_MM).collect();
        for (n, title) in self.columns.iter().enumerate() {
            sheet.set_column_width_pixels(n as u16, widths[n] as u32)?;
            sheet.write_string_with_format(0, n as u16, *title, &book.format(Look::Head, Align::Centre, ""))?;
        }
        sheet.set_row_height(0, height(2) + 4.0)?;
        sheet.insert_note(0, 0, &rust_xlsxwriter::Note::new(self.help).set_author("torimatome").set_width(360).set_height(110))?;
        let spare = if self.entries.len() == self.columns.len() { SPARE } else { 0 };
        for n in 0..rows.len() as u32 + spare {
            let row = rows.get(n as usize);
            let mut lines = 1;
            for (column, title) in self.columns.iter().enumerate() {
                let text = row.and_then(|r| r.get(column)).map(String::as_str).unwrap_or_default();
                lines = lines.max(book.ruler.lines(text, widths[column], SIZE));
                let look = if self.entries.contains(title) { Look::Entry } else { Look::Body };
                write_cell(book, &mut sheet, n + 1, column as u16, &Cell::text(text), look, Align::Left, &mut 0)?;
            }
            sheet.set_row_height(n + 1, height(lines).min(CELL_LIMITS.1))?;
        }
        let last = (rows.len() as u32 + spare).max(1);
        sheet.autofilter(0, 0, last, self.columns.len() as u16 - 1)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        validate(&mut sheet, 1, last)?;
        book.page(&mut sheet, widths.iter().sum());
        Ok(sheet)
    }
}

/// Adds choices to the column of this heading.
fn add(sheet: &mut Worksheet, all: &[&str], column: &str, first: u32, last: u32, validation: &DataValidation) -> Result<(), XlsxError> {
    if let Some(place) = all.iter().position(|c| *c == column) {
        sheet.add_data_validation(first, place as u16, last, place as u16, validation)?;
    }
    Ok(())
}

/// Width of a column in mm, by what stands in it.
fn width(column: &str) -> f64 {
    match column {
        columns::ID => 28.0,
        columns::CODE | columns::SEVERITY | columns::CELL => 18.0,
        columns::MESSAGE => 80.0,
        columns::FOUND | columns::EXPECTED | columns::VALUE => 56.0,
        columns::FILE | columns::REASON => 50.0,
        columns::VERDICT | columns::DECIDED | columns::FIELD => 32.0,
        _ => 26.0,
    }
}
