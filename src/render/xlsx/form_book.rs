//! The form as a workbook: what is sent out to be filled in, looking like the printed sheet.
//!
//! In: the sheets to be asked, as layout trees. Out: an .xlsx, a worksheet for each.
//! Stays true: answer cells are unlocked and tinted, everything else is locked (without a password); choices are dropdowns; what a person types stays as typed.
//! Neighbours: `packet::asking` makes the trees, [`super::sketch`] lays them on a net of columns; `intake` reads the workbook when it comes back.

use super::View;
use super::book::{Book, FONT};
use super::marked_copy::sheet_name;
use super::ruler::PIXELS_PER_MM;
use super::sketch::{Sketch, Sketched};
use super::table::within_limit;
use crate::form::tree::{Align, PageStyle, Tree, VAlign};
use crate::form::{Field, Kind, Role, slots};
use crate::packet::asking::AskedSheet;
use crate::value::{FieldKey, FiscalYear};
use rust_xlsxwriter::{Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, ProtectionOptions, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Light yellow behind answer cells, the same as in our own lists.
const ANSWER: Color = Color::RGB(0x00FF_F9DB);
/// Least height in mm of an answer cell: a short answer, and running text.
const LEAST: (f64, f64) = (8.0, 18.0);
/// Fields that hold running text are expected to be longer than this, in characters.
const SHORT: usize = 40;
/// Most characters of all choices together that Excel takes as a list.
const MOST_CHOICES: usize = 255;

/// The workbook.
///
/// # Errors
/// If it cannot be assembled.
pub(crate) fn form_book(view: &View<'_>, sheets: &[AskedSheet]) -> anyhow::Result<Vec<u8>> {
    let mut book = Book::new(view, "報告様式")?;
    let mut names = BTreeSet::new();
    for asked in sheets {
        let name = sheet_name(asked.initiative.as_deref().unwrap_or("報告様式"), &mut names);
        let sheet = Writer { view, book: &book, tree: &asked.tree }.sheet(&name)?;
        book.push(sheet);
    }
    Ok(book.finish()?)
}

/// Writes one worksheet.
struct Writer<'w, 'a> {
    view: &'w View<'a>,
    book: &'w Book<'a>,
    tree: &'w Tree,
}

impl Writer<'_, '_> {
    fn sheet(&self, name: &str) -> Result<Worksheet, XlsxError> {
        let wanted = |key: &FieldKey, year: Option<FiscalYear>| self.asked(key, year).map(least);
        let sketch = Sketch::of(self.tree, &self.book.ruler, &wanted);
        let mut sheet = self.book.sheet(name)?;
        let mut edge = 0.0;
        for (column, width) in sketch.widths.iter().enumerate() {
            // Rounded from edge to edge, so that the whole stays as wide as the form.
            let (from, to) = ((edge * PIXELS_PER_MM).round(), ((edge + width) * PIXELS_PER_MM).round());
            sheet.set_column_width_pixels(column as u16, (to - from) as u32)?;
            edge += width;
        }
        for (row, height) in sketch.heights.iter().enumerate() {
            sheet.set_row_height(row as u32, height * 72.0 / 25.4)?;
        }
        for cell in &sketch.cells {
            self.cell(&mut sheet, cell)?;
        }
        self.page(&mut sheet, &sketch)?;
        sheet.protect_with_options(&ProtectionOptions { format_columns: true, format_rows: true, ..ProtectionOptions::default() });
        Ok(sheet)
    }

    /// The field of a value that a department fills in. Remarks are open too: a change of the plan is announced there.
    fn asked(&self, key: &FieldKey, year: Option<FiscalYear>) -> Option<&Field> {
        let (field, _) = slots::field_of(self.view.form, key)?;
        let field = &self.view.form.fields[field];
        (field.is_asked(year, self.view.settled.fiscal_year) || field.role == Some(Role::Remarks)).then_some(field)
    }

    fn cell(&self, sheet: &mut Worksheet, cell: &Sketched) -> Result<(), XlsxError> {
        let asked = cell.value.as_ref().and_then(|(key, year)| self.asked(key, *year));
        let format = format(cell, asked.is_some());
        let (first, last) = (cell.rows.0 as u32, cell.rows.1 as u32);
        let (from, to) = (cell.columns.0 as u16, cell.columns.1 as u16);
        if first != last || from != to {
            sheet.merge_range(first, from, last, to, "", &format)?;
        }
        if cell.text.is_empty() {
            sheet.write_blank(first, from, &format)?;
        } else {
            sheet.write_string_with_format(first, from, within_limit(&cell.text), &format)?;
        }
        if let Some(field) = asked {
            sheet.add_data_validation(first, from, first, from, &self.hint(field)?)?;
        }
        Ok(())
    }

    /// What Excel says when the cell is chosen, and the choices that it offers. A wrong word is a warning only: the office decides.
    fn hint(&self, field: &Field) -> Result<DataValidation, XlsxError> {
        let choices = self.view.job.choices(field);
        let offered = !choices.is_empty() && choices.join(",").encode_utf16().count() <= MOST_CHOICES && !choices.iter().any(|c| c.contains(','));
        let validation = if offered { DataValidation::new().allow_list_strings(&choices)? } else { DataValidation::new().allow_any_value() };
        let must = if field.required { "必ず記入してください。" } else { "該当があれば記入してください。" };
        let label = self.view.form.labels(field, self.view.settled.fiscal_year).into_iter().next().unwrap_or_default();
        let words = if choices.is_empty() { must.to_owned() } else { format!("{}から選んでください。", choices.join("・")) };
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        validation
            .set_input_title(cut(&label, 30))?
            .set_input_message(cut(&words, 250))?
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title("選択肢にない言葉です")?
            .set_error_message("選択肢の中から選んでください。このまま記入しますか。")
    }

    /// Paper, margins and headings as on the printed form.
    fn page(&self, sheet: &mut Worksheet, sketch: &Sketch) -> Result<(), XlsxError> {
        let PageStyle { width, height, margin, .. } = &self.tree.page;
        let inch = |mm: f64| mm / 25.4;
        if width > height {
            sheet.set_landscape();
        }
        let a3 = width.max(*height) > 400.0;
        sheet.set_paper_size(if a3 { 8 } else { 9 }).set_print_fit_to_pages(1, 0);
        sheet.set_margins(inch(margin[3]), inch(margin[1]), inch(margin[0]), inch(margin[2]), 0.3, 0.3);
        sheet.set_footer(format!("&C&9&\"{FONT}\"黄色の欄に記入してください"));
        let breaks: Vec<u32> = sketch.breaks.iter().map(|row| *row as u32).filter(|row| *row > 0).collect();
        sheet.set_page_breaks(&breaks)?;
        if let Some((first, last)) = sketch.head {
            sheet.set_repeat_rows(first as u32, last as u32)?;
            sheet.set_freeze_panes(last as u32 + 1, 0)?;
        }
        Ok(())
    }
}

/// Least height of an answer cell in mm: room for what a person is expected to write.
fn least(field: &Field) -> f64 {
    let short = field.kind != Kind::Text || field.yearly && !field.required || field.expected.is_some_and(|n| n <= SHORT);
    if short { LEAST.0 } else { LEAST.1 }
}

/// How a cell looks.
fn format(cell: &Sketched, asked: bool) -> Format {
    let mut format = Format::new().set_font_name(FONT).set_font_size(cell.style.size).set_font_family(3).set_font_charset(128).set_text_wrap();
    if cell.style.bold {
        format = format.set_bold();
    }
    if cell.style.vertical {
        format = format.set_rotation(270);
    }
    format = format.set_align(match (cell.style.vertical, cell.style.align) {
        (true, _) | (_, Align::Center) => FormatAlign::Center,
        (_, Align::Left) => FormatAlign::Left,
        (_, Align::Right) => FormatAlign::Right,
        (_, Align::Spread) => FormatAlign::Distributed,
    });
    if cell.is_indented() {
        format = format.set_indent(1);
    }
    format = format.set_align(match cell.valign {
        VAlign::Top => FormatAlign::Top,
        VAlign::Middle => FormatAlign::VerticalCenter,
        VAlign::Bottom => FormatAlign::Bottom,
    });
    let [top, right, bottom, left] = cell.rules.map(|drawn| if drawn { FormatBorder::Thin } else { FormatBorder::None });
    format = format.set_border_top(top).set_border_right(right).set_border_bottom(bottom).set_border_left(left);
    if asked {
        return format.set_background_color(ANSWER).set_unlocked().set_num_format("@");
    }
    if cell.shade > 0.0 {
        let grey = (255.0 * (1.0 - cell.shade / 100.0)).round() as u32;
        format = format.set_background_color(Color::RGB(grey << 16 | grey << 8 | grey));
    }
    format
}
