//! Printing beside its peers: the same sheets of about 1,230 characters in a ruled table, laid out and written as PDF.
//!
//!     cargo bench --bench pdf --features bench-peers [-- --pages 1000] [--long]
//!
//! Peers: krilla (crate; gets our placed items), Typst (Python module `typst`), LibreOffice (`soffice`, from a workbook as an office has
//! it, and from a flat OpenDocument file, which it reads much faster; same cells, rules and font, each sheet fitted to one page). A peer that is not there is named and left out. Every scenario runs in a process of its own, memory is the
//! peak resident set that Linux reports. "whole" is the time of the whole process, its start and fonts included: the best of five of ours, one of Typst and of
//! LibreOffice (without making their input). "PDF alone" is the best of three within one process. `--long` adds 10,000 pages. Ratios are of the same run.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

#[path = "../tests/layout/trees.rs"]
#[allow(dead_code)]
mod trees;

use rayon::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use torimatome::form::tree::*;
use torimatome::layout::font::Fonts;
use torimatome::layout::{Context, Page, set};
use torimatome::render::pdf::{About, write};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1)).cloned();
    let pages = after("--pages").map_or(1000, |n| n.parse().expect("--pages takes a number"));
    if let Some(scenario) = after("--scenario") {
        return alone(&scenario, pages);
    }
    println!("{:<34} {:>7} {:>9} {:>9} {:>9} {:>8}", "", "pages", "wall s", "peak MB", "out MB", "ratio");
    let mut ours = None;
    let mut sizes = vec![pages];
    if arguments.iter().any(|a| a == "--long") {
        sizes.push(pages * 10);
    }
    for size in sizes {
        ours = report("torimatome: whole", "ours", size, None).or(ours);
    }
    let base = report("torimatome: PDF alone", "write", pages, None);
    report("torimatome: PDF alone, 1 thread", "write1", pages, base);
    report("krilla: PDF alone", "krilla", pages, base);
    report("torimatome: whole, 56 files", "files", 56, None);
    report("typst: whole", "typst", pages, ours);
    let some = pages.min(200);
    let few = report("torimatome: whole", "ours", some, None);
    report("libreoffice: whole, from xlsx", "xlsx", some, few);
    report("libreoffice: whole, from fods", "fods", some, few);
}

/// Scenarios that are measured as a whole process.
const WHOLE: [&str; 2] = ["ours", "files"];

/// Runs a scenario in a process of its own and prints its line; the ratio is to `base`.
fn report(what: &str, scenario: &str, pages: usize, base: Option<f64>) -> Option<f64> {
    let run = || {
        let start = Instant::now();
        let own = std::env::current_exe().unwrap();
        let output = Command::new(own).args(["--scenario", scenario, "--pages", &pages.to_string()]).output().unwrap();
        (start.elapsed().as_secs_f64(), output)
    };
    let (mut whole, output) = run();
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let [wall, peak, size] = numbers[..] else {
        println!("{what:<34} SKIPPED: {}{}", text.trim(), String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or(""));
        return None;
    };
    let wall = if WHOLE.contains(&scenario) {
        (1..5).for_each(|_| whole = whole.min(run().0));
        whole
    } else {
        wall
    };
    let ratio = base.map_or(String::new(), |b| format!("{:.1}x", wall / b));
    println!("{what:<34} {pages:>7} {wall:>9.3} {peak:>9.0} {size:>9.2} {ratio:>8}");
    Some(wall)
}

/// One scenario: prints seconds, peak MB and MB written.
fn alone(scenario: &str, pages: usize) {
    let mut best = f64::INFINITY;
    let mut size = 0;
    let folder = tempfile::tempdir().unwrap();
    let fonts = Fonts::default();
    let placed = if ["write", "write1", "krilla"].contains(&scenario) { layout(pages, &fonts) } else { Vec::new() };
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let rounds = if ["write", "write1", "krilla"].contains(&scenario) { 3 } else { 1 };
    for _ in 0..rounds {
        let start = Instant::now();
        size = match scenario {
            "ours" => pdf(&layout(pages, &fonts), &fonts),
            "write" => pdf(&placed, &fonts),
            "write1" => single.install(|| pdf(&placed, &fonts)),
            "files" => layout(pages, &fonts).par_iter().map(|p| pdf(std::slice::from_ref(p), &fonts)).sum(),
            "krilla" => krilla_pdf(&placed, &fonts),
            "typst" => match typst(pages, folder.path()) {
                Some(size) => size,
                None => return,
            },
            "xlsx" | "fods" => match soffice(scenario, pages, folder.path()) {
                Some(size) => size,
                None => return,
            },
            _ => return println!("no such scenario"),
        };
        if size == 0 {
            return;
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{best:.4} {:.1} {:.3}", peak(), size as f64 / 1e6);
}

fn layout(pages: usize, fonts: &Fonts) -> Vec<Page> {
    (0..pages)
        .into_par_iter()
        .flat_map_iter(|i| {
            let tree = trees::sheet(&name(i), &body(i), Fit::OnePage { min_size: 8.0 });
            set(&tree, fonts, &Context { first: Some(i as u32 + 1), branch: true, ..Context::default() }).0
        })
        .collect()
}

fn name(i: usize) -> String {
    format!("窓口アンケートの実施及びフィードバック その{i}")
}

/// About 1,050 characters that differ from sheet to sheet; labels and the other cells make 1,230.
fn body(i: usize) -> String {
    let mut text = trees::prose(1040);
    write!(text, "\n○第{i}号").unwrap();
    text
}

fn pdf(pages: &[Page], fonts: &Fonts) -> usize {
    let about = About { title: "会議資料".to_owned(), author: "みどり市".to_owned(), date: chrono::NaiveDate::default() };
    write(&pages.iter().collect::<Vec<_>>(), &about, fonts).unwrap().len()
}

/// Peak resident set of this process and of the processes it waited for, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let own = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<f64>().ok());
    own.unwrap_or(0.0) / 1024.0
}

#[cfg(not(feature = "bench-peers"))]
fn krilla_pdf(_pages: &[Page], _fonts: &Fonts) -> usize {
    println!("needs --features bench-peers");
    0
}

#[cfg(feature = "bench-peers")]
fn krilla_pdf(pages: &[Page], fonts: &Fonts) -> usize {
    use krilla::geom::{PathBuilder, Point, Rect};
    use krilla::page::PageSettings;
    use krilla::paint::{Fill, Stroke};
    use krilla::text::{Font, GlyphId, KrillaGlyph};
    use torimatome::layout::{Item, MM_PER_PT, font::FontId};
    let pt = |mm: f64| (mm / MM_PER_PT) as f32;
    let faces: Vec<Font> = (0..fonts.len()).map(|i| Font::new(fonts.face(FontId(i as u8)).unwrap().data().to_vec().into(), 0).unwrap()).collect();
    let mut document = krilla::Document::new();
    for page in pages {
        let mut sheet = document.start_page_with(PageSettings::from_wh(pt(page.width), pt(page.height)).unwrap());
        let mut surface = sheet.surface();
        for item in &page.items {
            match item {
                Item::Fill { area, color } => {
                    let [r, g, b] = color.map(|c| (c * 255.0) as u8);
                    surface.set_stroke(None);
                    surface.set_fill(Some(Fill { paint: krilla::color::rgb::Color::new(r, g, b).into(), ..Fill::default() }));
                    let mut path = PathBuilder::new();
                    path.push_rect(Rect::from_xywh(pt(area.0), pt(area.1), pt(area.2), pt(area.3)).unwrap());
                    surface.draw_path(&path.finish().unwrap());
                }
                Item::Line { from, to, width } => {
                    surface.set_fill(None);
                    surface.set_stroke(Some(Stroke { width: pt(*width), ..Stroke::default() }));
                    let mut path = PathBuilder::new();
                    path.move_to(pt(from.0), pt(from.1));
                    path.line_to(pt(to.0), pt(to.1));
                    surface.draw_path(&path.finish().unwrap());
                }
                Item::Text(run) => {
                    surface.set_stroke(None);
                    surface.set_fill(Some(Fill::default()));
                    let mut at = 0;
                    let glyphs: Vec<KrillaGlyph> = run
                        .glyphs
                        .iter()
                        .map(|g| {
                            let from = at;
                            at += usize::from(g.bytes);
                            KrillaGlyph::new(GlyphId::new(u32::from(g.id)), g.advance / 1000.0, 0.0, 0.0, 0.0, from..at, None)
                        })
                        .collect();
                    surface.draw_glyphs(
                        Point::from_xy(pt(run.x), pt(run.y)),
                        &glyphs,
                        faces[usize::from(run.font.0)].clone(),
                        run.text(),
                        run.size as f32,
                        false,
                    );
                }
                _ => {}
            }
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().unwrap().len()
}

/// A cell of the sheet: left and right edge in mm, whether it is shaded, its text.
type Cell = (f64, f64, bool, String);

/// The sheet of `trees::sheet` as rows of cells, with the least height of each row.
fn rows(i: usize) -> Vec<(f64, Vec<Cell>)> {
    let cell = |from: f64, to: f64, text: &str| (from, to, false, text.to_owned());
    let label = |from: f64, to: f64, text: &str| (from, to, true, text.to_owned());
    let years = ["R 5", "R 6", "R 7", "R 8", "R 9"];
    let in_years = |text: &dyn Fn(usize) -> (bool, String)| {
        (0..5).map(move |n| (30.0 + 27.0 * n as f64, 57.0 + 27.0 * n as f64, text(n).0, text(n).1)).collect::<Vec<_>>()
    };
    let goals = |n: usize| (false, if n == 1 { "運用・一部研究検討" } else { "1,200件以上" }.to_owned());
    vec![
        (7.0, vec![label(0.0, 28.0, "計画名"), cell(28.0, 165.0, &name(i))]),
        (
            7.0,
            vec![
                label(0.0, 28.0, "実行課"),
                cell(28.0, 90.0, "企画課"),
                label(90.0, 117.0, "連携課"),
                cell(117.0, 165.0, "全庁・市民課・危機管理課"),
            ],
        ),
        (
            7.0,
            vec![
                label(0.0, 28.0, "目標区分"),
                cell(28.0, 117.0, "■ 窓口改革　□ 財政基盤　☑ 済 ☐ 未 ☒ 不可 ✔"),
                label(117.0, 141.0, "SDGs"),
                cell(141.0, 165.0, "3　9　11　17"),
            ],
        ),
        (20.0, vec![label(0.0, 28.0, "現状と課題"), cell(28.0, 165.0, &body(i))]),
        (10.0, vec![label(0.0, 28.0, "取組の効果"), cell(28.0, 165.0, "○市民の声（年間4,300件）を活かす。\n○職員の負担が減る。")]),
        (
            7.0,
            [label(0.0, 8.0, "年次計画ー（案）"), label(8.0, 30.0, "年度")].into_iter().chain(in_years(&|n| (true, years[n].to_owned()))).collect(),
        ),
        (7.0, [label(8.0, 30.0, "目標")].into_iter().chain(in_years(&goals)).collect()),
        (7.0, vec![label(8.0, 30.0, "実績"), cell(30.0, 84.0, "未提出"), cell(84.0, 165.0, "16,800件（要確認）")]),
    ]
}

const TITLE: &str = "みどり市行政改革大綱 R6年度実施計画シート";
/// The edges of all columns of the sheet, in mm: Typst and spreadsheets have one grid where a sheet has several.
const EDGES: [f64; 13] = [0.0, 8.0, 28.0, 30.0, 57.0, 66.0, 84.0, 90.0, 111.0, 117.0, 138.0, 141.0, 165.0];

/// How many columns of that grid lie between two edges.
fn columns(from: f64, to: f64) -> usize {
    EDGES.iter().filter(|e| **e > from && **e <= to).count()
}

/// Whether a cell is the tall label, three rows high.
fn is_tall(from: f64, to: f64) -> bool {
    from == 0.0 && to == 8.0
}

/// The same sheets in Typst's language, compiled by its Python module.
fn typst(pages: usize, folder: &Path) -> Option<usize> {
    let mut source = String::from(
        "#set page(paper: \"a4\", margin: (top: 20mm, right: 18mm, bottom: 20mm, left: 27mm), numbering: \"1\")\n#set text(font: \"BIZ UDGothic\", size: 9pt, lang: \"ja\")\n",
    );
    let widths: String = EDGES.windows(2).map(|e| format!("{}mm, ", e[1] - e[0])).collect();
    for i in 0..pages {
        writeln!(source, "#align(center, text(14pt, weight: \"bold\")[{TITLE}])\n#table(columns: ({widths}), inset: 1mm,").unwrap();
        for (from, to, shaded, text) in rows(i).into_iter().flat_map(|(_, cells)| cells) {
            let text = text.replace(['#', '[', ']', '$', '*', '_', '@', '<', '>', '`', '\\'], " ").replace('\n', " \\\n");
            let shade = if shaded { ", fill: luma(88%), align: center" } else { "" };
            let tall = if is_tall(from, to) { 3 } else { 1 };
            writeln!(source, "table.cell(colspan: {}, rowspan: {tall}{shade})[{text}],", columns(from, to)).unwrap();
        }
        source.push_str(")\n#pagebreak(weak: true)\n");
    }
    std::fs::write(folder.join("in.typ"), source).unwrap();
    let script = "import sys,typst,resource\ntypst.compile(sys.argv[1],output=sys.argv[2],font_paths=[sys.argv[3]])\nsys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024))";
    let fonts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let start = Instant::now();
    let output = Command::new("python3").args(["-c", script]).arg(folder.join("in.typ")).arg(folder.join("out.pdf")).arg(fonts).output();
    finished(output, start, &folder.join("out.pdf"), "typst (pip install typst)")
}

/// The same sheets as a spreadsheet, one table each, converted by LibreOffice.
fn soffice(kind: &str, pages: usize, folder: &Path) -> Option<usize> {
    let file = folder.join(format!("in.{kind}"));
    if kind == "xlsx" {
        workbook(pages, &file)
    } else {
        flat(pages, &file)
    }
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let start = Instant::now();
    let output = Command::new("soffice").args([&profile, "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder).arg(file).output();
    finished(output, start, &folder.join("in.pdf"), "soffice")
}

/// The height of a row in mm: a spreadsheet does not fit it to a merged cell, so the long row is given the height that its text takes.
fn height(least: f64) -> f64 {
    if least == 20.0 { 160.0 } else { least }
}

/// As a workbook of Excel.
fn workbook(pages: usize, file: &Path) {
    use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook};
    let base = || Format::new().set_font_name("BIZ UDGothic").set_font_size(9).set_text_wrap();
    let value = base().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let label = base().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0xE0E0E0)).set_align(FormatAlign::Center);
    let title = base().set_font_size(14).set_bold().set_align(FormatAlign::Center);
    let mut book = Workbook::new();
    for i in 0..pages {
        let sheet = book.add_worksheet();
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 1).set_margins(1.06, 0.71, 0.79, 0.79, 0.3, 0.3).set_footer("&C&P");
        for (n, edge) in EDGES.windows(2).enumerate() {
            sheet.set_column_width_pixels(n as u16, ((edge[1] - edge[0]) * 96.0 / 25.4) as u32).unwrap();
        }
        sheet.merge_range(0, 0, 0, 11, TITLE, &title).unwrap();
        for (n, (least, cells)) in rows(i).into_iter().enumerate() {
            let row = n as u32 + 1;
            sheet.set_row_height(row, height(least) / 25.4 * 72.0).unwrap();
            for (from, to, shaded, text) in cells {
                let (first, last) = (columns(-1.0, from) as u16 - 1, columns(-1.0, to) as u16 - 2);
                let bottom = if is_tall(from, to) { row + 2 } else { row };
                let format = if shaded { &label } else { &value };
                if (first, row) == (last, bottom) {
                    sheet.write_string_with_format(row, first, text, format).unwrap();
                } else {
                    sheet.merge_range(row, first, bottom, last, &text, format).unwrap();
                }
            }
        }
    }
    book.save(file).unwrap();
}

/// As a flat OpenDocument file.
fn flat(pages: usize, file: &Path) {
    let mut source = String::from(FODS_HEAD);
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let paragraphs = |text: &str| text.lines().map(|l| format!("<text:p>{}</text:p>", escaped(l))).collect::<String>();
    for (n, edge) in EDGES.windows(2).enumerate() {
        write!(
            source,
            "<style:style style:name=\"c{n}\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"{}mm\"/></style:style>",
            edge[1] - edge[0]
        )
        .unwrap();
    }
    for least in [7.0, 10.0, 20.0] {
        write!(
            source,
            "<style:style style:name=\"r{least}\" style:family=\"table-row\"><style:table-row-properties style:row-height=\"{}mm\"/></style:style>",
            height(least)
        )
        .unwrap();
    }
    source.push_str("</office:automatic-styles><office:master-styles><style:master-page style:name=\"Default\" style:page-layout-name=\"page\"><style:footer><text:p><text:page-number>1</text:page-number></text:p></style:footer></style:master-page></office:master-styles><office:body><office:spreadsheet>");
    for i in 0..pages {
        write!(source, "<table:table table:name=\"s{i}\" table:style-name=\"sheet\">").unwrap();
        (0..EDGES.len() - 1).for_each(|n| write!(source, "<table:table-column table:style-name=\"c{n}\"/>").unwrap());
        let title = format!(
            "<table:table-cell table:style-name=\"title\" table:number-columns-spanned=\"12\" office:value-type=\"string\">{}</table:table-cell>",
            paragraphs(TITLE)
        );
        write!(source, "<table:table-row table:style-name=\"r10\">{title}</table:table-row>").unwrap();
        for (least, cells) in rows(i) {
            write!(source, "<table:table-row table:style-name=\"r{least}\">").unwrap();
            if cells[0].0 > 0.0 {
                source.push_str("<table:covered-table-cell/>");
            }
            for (from, to, shaded, text) in cells {
                let wide = columns(from, to);
                write!(
                    source,
                    "<table:table-cell table:style-name=\"{}\" table:number-columns-spanned=\"{wide}\" table:number-rows-spanned=\"{}\" office:value-type=\"string\">{}</table:table-cell>{}",
                    if shaded { "label" } else { "value" },
                    if is_tall(from, to) { 3 } else { 1 },
                    paragraphs(&text),
                    "<table:covered-table-cell/>".repeat(wide - 1)
                )
                .unwrap();
            }
            source.push_str("</table:table-row>");
        }
        source.push_str("</table:table>");
    }
    source.push_str("</office:spreadsheet></office:body></office:document>");
    std::fs::write(file, source).unwrap();
}

/// A4, our margins, a foot with the page number, every sheet fitted to one page; font, rules, shades and wrapping of the cells.
const FODS_HEAD: &str = r##"<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:styles><style:default-style style:family="table-cell"><style:text-properties style:font-name-asian="BIZ UDGothic" style:font-family-asian="BIZ UDGothic" fo:font-family="BIZ UDGothic" fo:font-size="9pt" style:font-size-asian="9pt" style:language-asian="ja" style:country-asian="JP"/></style:default-style></office:styles><office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" style:print-orientation="portrait" fo:margin-top="20mm" fo:margin-right="18mm" fo:margin-bottom="10mm" fo:margin-left="27mm" style:scale-to-X="1" style:scale-to-Y="1"/><style:footer-style><style:header-footer-properties fo:min-height="6mm" fo:margin-top="2mm"/></style:footer-style></style:page-layout><style:style style:name="sheet" style:family="table" style:master-page-name="Default"><style:table-properties table:display="true"/></style:style><style:style style:name="title" style:family="table-cell"><style:table-cell-properties style:vertical-align="middle"/><style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-size="14pt" style:font-size-asian="14pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style><style:style style:name="label" style:family="table-cell"><style:table-cell-properties fo:border="0.2mm solid #000000" fo:background-color="#e0e0e0" fo:wrap-option="wrap" style:vertical-align="middle"/><style:paragraph-properties fo:text-align="center"/></style:style><style:style style:name="value" style:family="table-cell"><style:table-cell-properties fo:border="0.2mm solid #000000" fo:wrap-option="wrap" style:vertical-align="top"/></style:style>"##;

/// Prints the line of an outside program itself, since its time and memory are its own.
fn finished(output: std::io::Result<std::process::Output>, start: Instant, result: &Path, what: &str) -> Option<usize> {
    let wall = start.elapsed().as_secs_f64();
    let size = std::fs::metadata(result).map_or(0, |m| m.len());
    match output {
        Ok(output) if size > 0 => {
            let memory: f64 = String::from_utf8_lossy(&output.stderr).trim().parse().unwrap_or(0.0);
            println!("{wall:.4} {memory:.1} {:.3}", size as f64 / 1e6);
        }
        Ok(output) => println!("{what} failed: {}", String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("")),
        Err(error) => println!("{what} is not there: {error}"),
    }
    None
}
