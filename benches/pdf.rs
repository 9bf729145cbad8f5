//! Printing beside its peers: the same sheets of about 1,230 characters in a ruled table, laid out and written as PDF.
//!
//!     cargo bench --bench pdf --features bench-peers [-- --pages 1000] [--long]
//!
//! Peers: krilla (crate; gets our placed items), Typst (Python module `typst`), LibreOffice (`soffice`, from a flat spreadsheet). A peer that is not there is
//! named and left out. Every scenario runs in a process of its own: wall time is the best of three inside it (one for Typst and LibreOffice), memory the
//! peak resident set that Linux reports. `--long` adds 10,000 pages. Ratios are of the same run.
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
        ours = report("torimatome: layout and PDF", "ours", size, None).or(ours);
    }
    let base = report("torimatome: PDF alone", "write", pages, None);
    report("torimatome: PDF alone, 1 thread", "write1", pages, base);
    report("krilla: PDF alone", "krilla", pages, base);
    report("torimatome: 56 files", "files", 56, None);
    report("typst: whole", "typst", pages, ours);
    let some = pages.min(200);
    let few = report("torimatome: layout and PDF", "ours", some, None);
    report("libreoffice: whole", "soffice", some, few);
}

/// Runs a scenario in a process of its own and prints its line; the ratio is to `base`.
fn report(what: &str, scenario: &str, pages: usize, base: Option<f64>) -> Option<f64> {
    let own = std::env::current_exe().unwrap();
    let output = Command::new(own).args(["--scenario", scenario, "--pages", &pages.to_string()]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let [wall, peak, size] = numbers[..] else {
        println!("{what:<34} SKIPPED: {}{}", text.trim(), String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or(""));
        return None;
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
    let rounds = if ["typst", "soffice"].contains(&scenario) { 1 } else { 3 };
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
            "soffice" => match soffice(pages, folder.path()) {
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

/// The same sheets in Typst's language, compiled by its Python module.
fn typst(pages: usize, folder: &Path) -> Option<usize> {
    let mut source = String::from(
        "#set page(paper: \"a4\", margin: (top: 20mm, right: 18mm, bottom: 20mm, left: 27mm))\n#set text(font: \"BIZ UDGothic\", size: 9pt, lang: \"ja\")\n",
    );
    for i in 0..pages {
        let cell = |text: &str| text.replace(['#', '[', ']', '$', '*', '_', '@', '<', '>', '`', '\\'], " ").replace('\n', " \\\n");
        write!(
            source,
            "#table(columns: (28mm, 1fr), [計画名], [{}], [実行課], [企画課　全庁・市民課・危機管理課], [現状と課題], [{}], [取組の効果], [市民の声（年間4,300件）を活かす。 \\ 職員の負担が減る。])\n#table(columns: (8mm, 22mm, 1fr, 1fr, 1fr, 1fr, 1fr), [年], [年度], [R 5], [R 6], [R 7], [R 8], [R 9], [次], [目標], [1,200件以上], [運用・一部研究検討], [1,200件以上], [1,200件以上], [1,200件以上])\n#pagebreak(weak: true)\n",
            name(i),
            cell(&body(i))
        )
        .unwrap();
    }
    std::fs::write(folder.join("in.typ"), source).unwrap();
    let script = "import sys,typst,resource\ntypst.compile(sys.argv[1],output=sys.argv[2],font_paths=[sys.argv[3]])\nsys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024))";
    let fonts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let start = Instant::now();
    let output = Command::new("python3").args(["-c", script]).arg(folder.join("in.typ")).arg(folder.join("out.pdf")).arg(fonts).output();
    finished(output, start, &folder.join("out.pdf"), "typst (pip install typst)")
}

/// The same sheets as a flat OpenDocument spreadsheet, one table each, converted by LibreOffice.
fn soffice(pages: usize, folder: &Path) -> Option<usize> {
    let mut source = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\" office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"><office:body><office:spreadsheet>",
    );
    let cell = |text: &str| {
        let paragraphs: String = text.lines().map(|l| format!("<text:p>{}</text:p>", l.replace('&', "&amp;").replace('<', "&lt;"))).collect();
        format!("<table:table-cell office:value-type=\"string\">{paragraphs}</table:table-cell>")
    };
    for i in 0..pages {
        let years = ["R 5", "R 6", "R 7", "R 8", "R 9"].map(cell).concat();
        let goals = cell("1,200件以上").repeat(5);
        write!(source, "<table:table table:name=\"s{i}\">").unwrap();
        for row in [
            cell("計画名") + &cell(&name(i)),
            cell("現状と課題") + &cell(&body(i)),
            cell("取組の効果") + &cell("市民の声を活かす。"),
            cell("年度") + &years,
            cell("目標") + &goals,
        ] {
            write!(source, "<table:table-row>{row}</table:table-row>").unwrap();
        }
        source.push_str("</table:table>");
    }
    source.push_str("</office:spreadsheet></office:body></office:document>");
    std::fs::write(folder.join("in.fods"), source).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let start = Instant::now();
    let output =
        Command::new("soffice").args([&profile, "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder).arg(folder.join("in.fods")).output();
    finished(output, start, &folder.join("in.pdf"), "soffice")
}

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
