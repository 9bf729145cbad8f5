//! The book: one workbook being written, its looks and its page setup.
//!
//! In: sheets. Out: the bytes of a workbook; the same sheets give the same bytes.
//! Stays true: everything is readable in black and white; the font is a universal-design one that Windows brings along.
//! Neighbours: [`super::table`] and the sheets write into it.

use super::View;
use super::ruler::{PIXELS_PER_MM, Ruler};
use crate::finding::Lang;
use crate::render::made_by;
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, FormatBorder, FormatPattern, FormatUnderline, Workbook, Worksheet, XlsxError};
use std::path::{Path, PathBuf};

/// The font of everything: a universal-design font that Windows 10 and 11 bring along. Where it is missing, the character set makes Excel take a
/// Japanese one.
pub(super) const FONT: &str = "BIZ UDゴシック";
/// Size of the default font, in points. Excel counts column widths in figures of it: at this size a figure is 7 pixels wide, as the library reckons.
const DEFAULT_SIZE: f64 = 10.5;
/// Grey of rules.
const RULE: Color = Color::RGB(0x0059_5959);
/// Light grey behind headings.
const HEAD: Color = Color::RGB(0x00E4_E7EB);
/// Blue of links: dark enough for black and white.
const LINK: Color = Color::RGB(0x0005_3F8C);

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Heading of a sheet.
    Title,
    /// Heading of a part of a sheet.
    Section,
    /// A remark outside a table.
    Remark,
    /// Heading of a column.
    Head,
    /// A cell of a table.
    Body,
    /// A cell of a table of counts: in the middle of its row, its text at a distance from the figures before it.
    Count,
    /// A cell of the row of totals of such a table.
    CountTotal,
    /// A cell whose text goes on below the table.
    Long,
    /// A cell of the row of totals.
    Total,
    /// A cell that a person fills in.
    Entry,
    /// Characters of a rich text.
    Run,
    /// Underlined characters of a rich text.
    Underlined,
    /// Stands out: something is wrong.
    Alarm,
    /// Stands out a little: someone should look.
    Notice,
    /// Stands back: settled.
    Quiet,
}

/// How a cell's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// A workbook being written.
pub(super) struct Book<'a> {
    workbook: Workbook,
    /// Measures texts.
    pub(super) ruler: Ruler<'a>,
    /// Language of fixed texts.
    pub(super) lang: Lang,
    /// What stands at the left of every footer.
    footer: String,
    /// Date of the run, at the right of every footer.
    date: String,
    /// Where the rows of very long sheets wait; `None` keeps them in memory.
    beside: Option<PathBuf>,
}

impl<'a> Book<'a> {
    /// An empty workbook that says whose it is. Rows of very long sheets wait in a nameless file beside the output folder: personal data stay with the job.
    ///
    /// # Errors
    /// If the library refuses the default format.
    pub(super) fn new(view: &View<'a>, title: &str) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_default_format(&base(DEFAULT_SIZE), 18, 64)?;
        workbook.set_properties(
            &DocProperties::new()
                .set_title(format!("{}　{title}", view.settled.title))
                .set_author(&view.settled.city)
                .set_company(&view.settled.city)
                .set_creation_datetime(&view.settled.date),
        );
        let beside = view.job.output.parent().filter(|folder| folder.is_dir()).map(Path::to_path_buf);
        let date = view.settled.date.format("%Y/%m/%d").to_string();
        Ok(Book { workbook, ruler: Ruler::new(view.fonts), lang: view.lang, footer: view.settled.title.replace('&', "&&"), date, beside })
    }

    /// The text in the language of the run.
    pub(super) fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        say(self.lang, ja, en)
    }

    /// A new sheet, not yet part of the workbook.
    ///
    /// # Errors
    /// If the name is not one that Excel takes.
    pub(super) fn sheet(&self, name: &str) -> Result<Worksheet, XlsxError> {
        Book::set_up(Worksheet::new(), name)
    }

    /// A new sheet of very many rows, which are written in order and kept in a file until the workbook is finished.
    ///
    /// # Errors
    /// If the name is not one that Excel takes, or the file cannot be made.
    pub(super) fn long_sheet(&mut self, name: &str) -> Result<Worksheet, XlsxError> {
        let Some(folder) = &self.beside else { return self.sheet(name) };
        self.workbook.set_tempdir(folder)?;
        Book::set_up(self.workbook.new_worksheet_with_constant_memory()?, name)
    }

    fn set_up(mut sheet: Worksheet, name: &str) -> Result<Worksheet, XlsxError> {
        sheet.set_default_format(&base(DEFAULT_SIZE), 18, 64)?;
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false);
        Ok(sheet)
    }

    /// Adds a finished sheet.
    pub(super) fn push(&mut self, sheet: Worksheet) {
        self.workbook.push_worksheet(sheet);
    }

    /// Defines a name for an area (first row, first column, last row, last column, zero-based).
    ///
    /// # Errors
    /// If Excel does not take the name.
    pub(super) fn define(&mut self, name: &str, sheet: &str, area: (u32, u16, u32, u16)) -> Result<(), XlsxError> {
        let corner = |row: u32, col: u16| {
            let a1 = crate::workbook::CellRef::new(row, u32::from(col)).a1();
            let split = a1.find(|c: char| c.is_ascii_digit()).unwrap_or(a1.len());
            format!("${}${}", &a1[..split], &a1[split..])
        };
        let formula = format!("='{}'!{}:{}", sheet.replace('\'', "''"), corner(area.0, area.1), corner(area.2, area.3));
        self.workbook.define_name(name, &formula)?;
        Ok(())
    }

    /// Paper and margins: A4 landscape, or A3 where the columns would become too small to read; always as wide as the paper; page x of y.
    pub(super) fn page(&self, sheet: &mut Worksheet, width: f64) {
        // 277 mm are free on A4 landscape; below 80 per cent 9 points are no longer readable for everybody.
        let a3 = width / PIXELS_PER_MM > 277.0 / 0.80;
        sheet.set_landscape().set_paper_size(if a3 { 8 } else { 9 }).set_print_fit_to_pages(1, 0);
        self.margins(sheet);
    }

    /// Margins and footer of every sheet.
    pub(super) fn margins(&self, sheet: &mut Worksheet) {
        sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        let page = self.say("&P / &N 頁", "page &P of &N");
        sheet.set_footer(format!("&L&8&\"{FONT}\"{}　&A&C&8&\"{FONT}\"{page}&R&8&\"{FONT}\"{}", self.footer, self.date));
    }

    /// The bytes of the workbook.
    ///
    /// # Errors
    /// If it cannot be assembled.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer().map(made_by::anywhere)
    }

    /// The format of a cell.
    pub(super) fn format(&self, look: Look, align: Align, number_format: &str) -> Format {
        let f = base(9.0);
        let f = match look {
            Look::Title => base(14.0).set_bold().set_align(FormatAlign::VerticalCenter),
            Look::Section => base(10.5).set_bold().set_align(FormatAlign::VerticalCenter),
            Look::Remark => f.set_text_wrap().set_align(FormatAlign::Top),
            Look::Head => boxed(f)
                .set_bold()
                .set_text_wrap()
                .set_background_color(HEAD)
                .set_align(FormatAlign::VerticalCenter)
                .set_border_bottom(FormatBorder::Medium),
            Look::Count => boxed(f).set_text_wrap().set_align(FormatAlign::VerticalCenter),
            Look::CountTotal => total(f),
            Look::Body | Look::Alarm | Look::Notice | Look::Quiet => boxed(f).set_text_wrap().set_align(FormatAlign::Top),
            Look::Long => boxed(f).set_text_wrap().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::MediumDashed),
            Look::Total => total(f),
            Look::Entry => boxed(f).set_text_wrap().set_align(FormatAlign::Top).set_background_color(Color::RGB(0x00FF_F9DB)).set_unlocked(),
            Look::Run => return f,
            Look::Underlined => return f.set_underline(FormatUnderline::Single).set_bold(),
        };
        let apart = matches!(look, Look::Count | Look::CountTotal);
        let f = match align {
            Align::Left if apart => f.set_align(FormatAlign::Left).set_indent(1),
            Align::Left => f.set_align(FormatAlign::Left),
            Align::Centre => f.set_align(FormatAlign::Center),
            Align::Right => f.set_align(FormatAlign::Right),
        };
        if number_format.is_empty() { f } else { f.set_num_format(number_format) }
    }

    /// The format of a cell that leads somewhere.
    pub(super) fn link(&self, look: Look, align: Align) -> Format {
        self.format(look, align, "").set_font_color(LINK).set_underline(FormatUnderline::Single)
    }

    /// How a mark changes a cell: by weight and pattern, so that a black and white print shows it too.
    pub(super) fn mark(&self, look: Look) -> Format {
        match look {
            Look::Alarm => Format::new()
                .set_bold()
                .set_pattern(FormatPattern::Gray125)
                .set_border(FormatBorder::Thin)
                .set_font_color(Color::RGB(0x009C_0006))
                .set_foreground_color(Color::RGB(0x0000_0000))
                .set_background_color(Color::RGB(0x00FF_FFFF)),
            Look::Notice => Format::new().set_bold().set_background_color(Color::RGB(0x00F2_F2F2)),
            _ => Format::new().set_font_color(Color::RGB(0x0040_4040)).set_italic(),
        }
    }
}

/// The text in a language.
pub(super) fn say<'t>(lang: Lang, ja: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// The font at a size, in points.
fn base(size: f64) -> Format {
    Format::new().set_font_name(FONT).set_font_size(size).set_font_family(3).set_font_charset(128)
}

/// The row of totals.
fn total(format: Format) -> Format {
    boxed(format).set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter).set_border_top(FormatBorder::Double)
}

/// With thin rules all round.
fn boxed(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(RULE)
}
