//! The page of a preview: the sheet as tables, and the list of where each answer is read.
//!
//! In: a form, the tree of its blank sheet, its slots. Out: one HTML page.
//! Stays true: every text is escaped; labels are header cells.

use crate::form::tree::{Block, CellRole, Grid, Tree};
use crate::form::{Form, Slot, slots};
use std::fmt::Write as _;

/// The whole page.
pub(super) fn page(form: &Form, tree: &Tree, slots: &[Slot]) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>様式の見本</title><style>\n\
         body{font-family:'BIZ UDGothic','Yu Gothic',sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;line-height:1.5}\n\
         table{border-collapse:collapse;width:100%;margin:.6rem 0}td,th{border:1px solid #444;padding:.3rem .5rem;font-weight:normal;text-align:left}\n\
         th{background:#eee;text-align:center}td.asked{background:#fff8d8}code{font-size:.9em}\n</style></head><body>\n",
    );
    let _ = writeln!(out, "<h1>様式「{}」の見本</h1>\n<p>黄色い欄が、課に書いてもらう欄です。</p>", escape(&form.id));
    blocks(&tree.blocks, slots, &mut out);
    out.push_str("<h2>戻ってきたファイルの読み取り</h2>\n<table><thead><tr><th scope=\"col\">項目</th><th scope=\"col\">左の見出し</th><th scope=\"col\">上の見出し</th><th scope=\"col\">書く人</th></tr></thead><tbody>\n");
    for slot in slots {
        let show = |labels: &[Vec<String>]| labels.iter().map(|l| l.join("／")).collect::<Vec<_>>().join(" ＜ ");
        let who = if slot.asked { "課" } else { "計画" };
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{who}</td></tr>",
            escape(&slot.key),
            escape(&show(&slot.left)),
            escape(&show(&slot.above))
        );
    }
    out.push_str("</tbody></table>\n</body></html>\n");
    out
}

/// Blocks one below the other.
fn blocks(list: &[Block], known: &[Slot], out: &mut String) {
    for block in list {
        match block {
            Block::Text(text) => {
                let _ = writeln!(out, "<p>{}</p>", lines(&slots::text(&text.content)));
            }
            Block::Grid(grid) => self::grid(grid, known, out),
            Block::Keep(inner) => blocks(inner, known, out),
            Block::Frame(frame) => blocks(&frame.blocks, known, out),
            Block::Space(_) | Block::PageBreak | Block::Anchor(_) => {}
        }
    }
}

/// A table.
fn grid(grid: &Grid, known: &[Slot], out: &mut String) {
    out.push_str("<table>");
    for row in &grid.rows {
        out.push_str("<tr>");
        for cell in &row.cells {
            let (tag, class, key) = match &cell.role {
                CellRole::Label => ("th", "", ""),
                CellRole::Value { key, .. } => {
                    let asked = known.iter().any(|s| s.asked && s.key == *key);
                    ("td", if asked { " class=\"asked\"" } else { "" }, key.as_str())
                }
                CellRole::Plain => ("td", "", ""),
            };
            let text = lines(&slots::text(&cell.content));
            let shown = if text.is_empty() && !key.is_empty() { format!("<code>{}</code>", escape(key)) } else { text };
            let _ = write!(out, "<{tag}{class} colspan=\"{}\" rowspan=\"{}\">{shown}", cell.span, cell.rows);
            if let Some(inner) = &cell.inner {
                self::grid(inner, known, out);
            }
            let _ = write!(out, "</{tag}>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

/// A text with its line breaks.
fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

/// A text for HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
