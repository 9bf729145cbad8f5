//! Tables: grids, rows and cells.
//!
//! In: a `<grid>`. Out: a [`Grid`] whose rows fill its columns exactly.
//! Stays true: cells that overlap, or rows that are too short or too long, are problems, told at the row.

use super::{DEPTH, Look, Reader, attributes};
use crate::form::nearest::did_you_mean;
use crate::form::tree::{Align, CellRole, Content, Grid, GridCell, Row};
use crate::form::{Field, values};
use crate::value::FiscalYear;
use roxmltree::Node;

/// A value that a template names: its key, year and content.
pub(super) struct Named {
    pub(super) key: String,
    pub(super) year: Option<FiscalYear>,
    pub(super) content: Content,
}

impl<'x> Reader<'_, 'x> {
    /// A table in a space `width` mm wide.
    pub(super) fn grid(&self, node: Node<'x, 'x>, width: f64, depth: usize) -> Option<Grid> {
        self.known_attributes(
            node,
            &[&["columns", "width", "rule", "frame", "head-rows", "keep", "space-after", "rows-per-page", "size", "leading"]],
        );
        if depth > DEPTH {
            self.problem(node, "要素の入れ子が深すぎます", "elements are nested too deeply");
            return None;
        }
        let look = Look::of(node);
        let width = look.number(self, "width", 1.0, 2000.0).unwrap_or(width);
        let mut grid = Grid {
            columns: self.columns(node, width)?,
            head_rows: look.whole(self, "head-rows", 0, 50).unwrap_or(0),
            rule: look.number(self, "rule", 0.0, 5.0).unwrap_or(0.2),
            frame: look.number(self, "frame", 0.0, 5.0).unwrap_or(0.4),
            keep: look.flag(self, "keep", false),
            space_after: look.number(self, "space-after", 0.0, 300.0).unwrap_or(0.0),
            rows_per_page: look.whole(self, "rows-per-page", 1, 1000),
            rows: Vec::new(),
        };
        let mut covered: Vec<usize> = vec![0; grid.columns.len()];
        let mut last = node;
        for child in node.children().filter(Node::is_element) {
            if child.has_tag_name("row") {
                let row = self.row(child, node, &grid.columns, &mut covered, depth);
                grid.rows.push(row);
                last = child;
            } else {
                let name = child.tag_name().name();
                let hint = did_you_mean(name, ["row"]);
                self.problem(
                    child,
                    format!("<grid> の中は <row> です（<{name}> は書けません{hint}）"),
                    format!("only <row> stands in <grid>, not <{name}>{}", hint.en),
                );
            }
        }
        if covered.iter().any(|c| *c > 0) {
            self.problem(last, "rows が表の最後の行を越えています", "a cell reaches below the last row");
            clamp(&mut grid);
        }
        grid.head_rows = grid.head_rows.min(grid.rows.len());
        Some(grid)
    }

    /// Widths of the columns: millimetres, or shares of what is left (`*`, `2*`).
    fn columns(&self, node: Node<'x, 'x>, width: f64) -> Option<Vec<f64>> {
        let text = self.needed(node, "columns")?;
        let at = node.attribute_node("columns").map_or(0, |a| a.range().start);
        let mut list = Vec::new();
        for part in text.split_whitespace() {
            let (number, share) = match part.strip_suffix('*') {
                Some("") => (Some(1.0), true),
                Some(n) => (n.parse::<f64>().ok(), true),
                None => (part.parse::<f64>().ok(), false),
            };
            match number.filter(|n| *n > 0.0 && *n <= 2000.0) {
                Some(n) => list.push((n, share)),
                None => {
                    self.problem_at(at, format!("columns の「{part}」が読めません。幅（ミリ）か * を書きます"), format!("`{part}` is no width"));
                    return None;
                }
            }
        }
        let fixed: f64 = list.iter().filter(|(_, share)| !share).map(|(n, _)| n).sum();
        let shares: f64 = list.iter().filter(|(_, share)| *share).map(|(n, _)| n).sum();
        let left = width - fixed;
        if list.is_empty() || left < -0.05 || (shares > 0.0 && left < 1.0) {
            self.problem_at(
                at,
                format!("列の幅の合計 {fixed} mm が、使える幅 {width:.1} mm を越えています"),
                format!("the columns take {fixed} mm of {width:.1} mm"),
            );
            return None;
        }
        Some(list.into_iter().map(|(n, share)| if share { left * n / shares } else { n }).collect())
    }

    /// One row. `covered` holds for how many more rows each column is covered from above.
    fn row(&self, node: Node<'x, 'x>, grid: Node<'x, 'x>, columns: &[f64], covered: &mut [usize], depth: usize) -> Row {
        self.known_attributes(node, &[&["min-height", "breakable", "keep-with-next", "stretch", "anchor", "bookmark", "level"]]);
        let look = Look::of(node);
        let mut row = Row {
            cells: Vec::new(),
            min_height: look.number(self, "min-height", 0.0, 1000.0).unwrap_or(0.0),
            breakable: look.flag(self, "breakable", false),
            keep_with_next: look.flag(self, "keep-with-next", false),
            stretch: look.number(self, "stretch", 0.0, 1000.0).unwrap_or(0.0),
            anchor: node.attribute("anchor").map(|name| self.anchor_named(node, name)),
        };
        let mut column = 0;
        let mut fresh = vec![0; columns.len()];
        for child in node.children().filter(Node::is_element) {
            while covered.get(column).is_some_and(|c| *c > 0) {
                column += 1;
            }
            let name = child.tag_name().name();
            if !matches!(name, "label" | "value" | "cell") {
                let hint = did_you_mean(name, ["label", "value", "cell"]);
                self.problem(child, format!("<row> の中に <{name}> は書けません{hint}"), format!("no element <{name}> in <row>{}", hint.en));
                continue;
            }
            let own = Look::of(child);
            let span = own.whole(self, "span", 1, 500).unwrap_or(1);
            let rows = own.whole(self, "rows", 1, 500).unwrap_or(1);
            let free = (column..column + span).all(|c| covered.get(c) == Some(&0));
            if !free {
                let text = format!("この欄は列からはみ出すか重なります（表は{}列です）", columns.len());
                self.problem(child, text, format!("this cell does not fit into the grid's {} columns", columns.len()));
                return row;
            }
            let width: f64 = columns[column..column + span].iter().sum();
            row.cells.push(self.cell(child, grid, (span, rows), width, depth));
            fresh[column..column + span].fill(rows);
            column += span;
        }
        row.cells.shrink_to_fit();
        let filled = (0..columns.len()).filter(|c| covered[*c] > 0 || fresh[*c] > 0).count();
        if filled < columns.len() {
            let text = format!("この行は{}列のうち{filled}列しかありません", columns.len());
            self.problem(node, text, format!("this row fills {filled} of {} columns", columns.len()));
        }
        for (c, f) in covered.iter_mut().zip(fresh) {
            *c = (*c).max(f).saturating_sub(1);
        }
        row
    }

    /// One cell.
    fn cell(&self, node: Node<'x, 'x>, grid: Node<'x, 'x>, (span, rows): (usize, usize), width: f64, depth: usize) -> GridCell {
        let name = node.tag_name().name();
        let own: &[&str] = match name {
            "label" => &["field", "year", "also"],
            "value" => &["field", "year", "index", "of", "lines"],
            _ => &[],
        };
        self.known_attributes(node, &[attributes::STYLE, own, &["span", "rows", "style", "link"]]);
        let look = self.look(node, Some(grid));
        let label = name == "label";
        let padding = look.pair(self, "padding", if label { (1.0, 0.8) } else { (1.5, 0.8) });
        let (role, content) = match name {
            "label" => (CellRole::Label, self.label(node)),
            "value" => match self.value_of(node, "field") {
                Some(v) => (CellRole::Value { key: v.key, year: v.year }, v.content),
                None => (CellRole::Plain, Content::default()),
            },
            _ => (CellRole::Plain, self.inline(node, &["grid"])),
        };
        let inner = node.children().find(|n| n.has_tag_name("grid")).filter(|_| !label);
        GridCell {
            role,
            content,
            span,
            rows,
            style: look.text_style(self, if label { Align::Center } else { Align::Left }, 10.5),
            valign: look.valign(self),
            shade: look.number(self, "shade", 0.0, 100.0).unwrap_or(if label { 12.0 } else { 0.0 }),
            padding,
            repeat: look.flag(self, "repeat", label),
            rules: look.rules(self),
            inner: inner.and_then(|g| self.grid(g, width - 2.0 * padding.0, depth + 1)).map(Box::new),
            link: look.text("link").map(str::to_owned),
            expected: self.form.fields.iter().find(|f| name == "value" && node.attribute("field") == Some(&f.key)).and_then(|f| f.expected),
        }
    }

    /// What a label says: its own text, the field's label, or a year.
    fn label(&self, node: Node<'x, 'x>) -> Content {
        let written = self.inline(node, &[]);
        if !written.pieces.is_empty() {
            return written;
        }
        let text = match (node.attribute("field"), node.attribute("year")) {
            (Some(_), _) => self.field(node, "field").and_then(|f| self.form.labels(f, self.report_year).into_iter().next()),
            (None, Some(year)) => self.year(node, year).map(|y| self.form.printed_year(y)),
            (None, None) => None,
        };
        Content { pieces: values::plain(&text.unwrap_or_default()), mark: None }
    }

    /// The field an attribute names.
    fn field(&self, node: Node<'x, 'x>, attribute: &str) -> Option<&Field> {
        let name = self.needed(node, attribute)?;
        let found = self.form.fields.iter().find(|f| f.key == name);
        if found.is_none() {
            let hint = did_you_mean(name, self.form.fields.iter().map(|f| f.key.as_str()));
            let at = node.attribute_node(attribute).map_or(0, |a| a.range().start);
            self.problem_at(at, format!("項目「{name}」は form.toml にありません{hint}"), format!("form.toml has no field `{name}`{}", hint.en));
        }
        found
    }

    /// The year an attribute names.
    fn year(&self, node: Node<'x, 'x>, text: &str) -> Option<FiscalYear> {
        let year = FiscalYear::parse(text);
        if year.is_none() {
            let at = node.attribute_node("year").map_or(0, |a| a.range().start);
            self.problem_at(at, format!("year=\"{text}\" は年度として読めません（R6 のように書きます）"), format!("`{text}` is no fiscal year"));
        }
        year
    }

    /// The value that an element names with its field, year, place in a list, and initiative.
    pub(super) fn value_of(&self, node: Node<'x, 'x>, attribute: &str) -> Option<Named> {
        let field = self.field(node, attribute)?;
        let year = match node.attribute("year") {
            Some(text) => Some(self.year(node, text)?),
            None => None,
        };
        if field.yearly != year.is_some() {
            let (ja, en) =
                if field.yearly { ("year が要ります", "needs a year") } else { ("年度ごとの項目ではありません", "has no years") };
            self.problem(node, format!("項目「{}」には{ja}", field.key), format!("the field `{}` {en}", field.key));
            return None;
        }
        let key = match (&field.list, year) {
            (Some(list), _) => {
                let index = self.needed(node, "index").and(Look::of(node).whole(self, "index", 0, 9999))?;
                format!("{list}.{index}{}", field.key.strip_prefix(list.as_str()).unwrap_or(""))
            }
            (None, Some(year)) => format!("{}.{}", field.key, year.key()),
            (None, None) => field.key.clone(),
        };
        let shown = self.values.get(node.attribute("of"), &key).unwrap_or_default();
        let text = match node.attribute("lines") {
            Some(range) => self.lines(node, shown.text, range),
            None => shown.text.to_owned(),
        };
        Some(Named { key, year, content: values::content(field, &text, shown.mark) })
    }

    /// Some of the lines of a text: `2-5`, `3-`, counted from 1.
    fn lines(&self, node: Node<'x, 'x>, text: &str, range: &str) -> String {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let bounds = (from.trim().parse::<usize>().ok(), if to.trim().is_empty() { Some(usize::MAX) } else { to.trim().parse().ok() });
        let (Some(from), Some(to)) = bounds else {
            self.problem(node, format!("lines=\"{range}\" は 2-5 や 3- のように書きます"), format!("lines=\"{range}\" must look like 2-5 or 3-"));
            return text.to_owned();
        };
        let keep = |i: &usize| i + 1 >= from && *i < to;
        text.split('\n').enumerate().filter(|(i, _)| keep(i)).map(|(_, l)| l).collect::<Vec<_>>().join("\n")
    }
}

/// Shortens cells that reach below the last row.
fn clamp(grid: &mut Grid) {
    let count = grid.rows.len();
    for (i, row) in grid.rows.iter_mut().enumerate() {
        for cell in &mut row.cells {
            cell.rows = cell.rows.min(count - i);
        }
    }
}
