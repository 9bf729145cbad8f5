//! plan.xlsx: the master plan as a workbook that an office keeps.
//!
//! In: the pages that [`crate::plan::xlsx`] makes of the plan's data. Out: the bytes of a workbook.
//! Stays true: every cell is text (numbers of initiatives aside), so that Excel changes nothing; the second row holds machine keys and stays grey and small.
//! Neighbours: `plan::xlsx` reads it back.

use super::book::FONT;
use crate::plan::xlsx::Page;
use crate::render::made_by;
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// Writes the pages of a plan. The date stands in the properties, so that the same plan gives the same bytes.
///
/// # Errors
/// If the workbook cannot be assembled.
pub fn plan_book(pages: &[Page], title: &str, date: chrono::NaiveDate) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&date));
    for page in pages {
        workbook.push_worksheet(sheet(page)?);
    }
    Ok(made_by::anywhere(workbook.save_to_buffer()?))
}

/// One page: headings, machine keys, rows.
fn sheet(page: &Page) -> Result<Worksheet, XlsxError> {
    let base = || Format::new().set_font_name(FONT).set_font_size(9.0).set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
    let head = base().set_bold().set_background_color(Color::RGB(0x00E4_E7EB)).set_align(FormatAlign::VerticalCenter);
    let key = base().set_font_size(6.0).set_font_color(Color::RGB(0x0059_5959));
    // Text format: what is typed later stays as it is typed (1-01 is no date).
    let body = base().set_num_format("@");
    let mut sheet = Worksheet::new();
    sheet.set_name(&page.name)?;
    for (col, heading) in (0u16..).zip(&page.headings) {
        sheet.write_string_with_format(0, col, heading, &head)?;
        sheet.set_column_width(col, width(page, usize::from(col)))?;
    }
    for (col, text) in (0u16..).zip(&page.keys) {
        sheet.write_string_with_format(1, col, text, &key)?;
    }
    for (row, cells) in (2u32..).zip(&page.rows) {
        for (col, text) in (0u16..).zip(cells) {
            if text.is_empty() {
                sheet.write_blank(row, col, &body)?;
            } else {
                sheet.write_string_with_format(row, col, text, &body)?;
            }
        }
    }
    let last_row = u32::try_from(page.rows.len()).unwrap_or(u32::MAX).saturating_add(1);
    let last_col = u16::try_from(page.headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.set_freeze_panes(2, 0)?;
    sheet.autofilter(1, 0, last_row, last_col)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

/// Width of a column in characters: the longest line of its cells, kanji counted double, within reason.
fn width(page: &Page, col: usize) -> f64 {
    let cells = page.rows.iter().filter_map(|r| r.get(col)).chain(page.headings.get(col));
    let wide = |line: &str| line.chars().map(|c| if c.is_ascii() { 1usize } else { 2 }).sum::<usize>();
    let longest = cells.flat_map(|c| c.lines().take(20).map(wide)).max().unwrap_or(0);
    f64::from(u32::try_from(longest.clamp(6, 44)).unwrap_or(44)) + 2.0
}
