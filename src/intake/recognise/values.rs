//! Values: what an answer says that stands in one cell, in pieces over several, or as a mark beside one of printed choices.
//!
//! In: the tiles of an answer. Out: an [`Answer`] with the text as shown, its cell, and why it cannot be read if so.
//! Stays true: no character is changed; where two readings are possible none is taken.

use super::tiles::{Tile, Tiles};
use crate::value::fold;
use crate::workbook::{Area, CellRef, Stored};

/// Why a value cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// An error value, as shown.
    Error(String),
    /// A formula without a stored result.
    NoResult(String),
    /// Several choices are marked, or a mark lies over several.
    Marks(String),
}

/// What stands at the place of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The text as shown, trimmed; empty for a blank; `None` with trouble.
    pub value: Option<String>,
    /// As stored.
    pub as_written: String,
    /// Its first cell.
    pub at: CellRef,
    /// Why there is no value.
    pub trouble: Option<Trouble>,
    /// All its cells.
    pub area: Area,
}

impl Answer {
    /// A blank answer, and where it should stand.
    pub(super) fn blank(at: CellRef) -> Self {
        Answer { value: Some(String::new()), as_written: String::new(), at, trouble: None, area: Area { first: at, last: at } }
    }

    /// A text in a place.
    pub(super) fn text(value: &str, at: CellRef) -> Self {
        Answer { value: Some(value.to_owned()), as_written: value.to_owned(), at, trouble: None, area: Area { first: at, last: at } }
    }

    /// Nothing there.
    pub(super) fn is_blank(&self) -> bool {
        self.value.as_deref() == Some("")
    }
}

/// The answer in one tile.
pub(super) fn of_tile(tile: &Tile<'_>) -> Answer {
    let at = tile.area.first;
    let mut answer = Answer { value: Some(tile.text.to_owned()), as_written: String::new(), at, trouble: None, area: tile.area };
    let Some(cell) = tile.cell else { return answer };
    answer.as_written = match &cell.stored {
        Stored::Number(n) => n.to_string(),
        _ => cell.shown.clone(),
    };
    match &cell.stored {
        Stored::Error(error) => {
            answer.value = None;
            answer.as_written = error.clone();
            answer.trouble = Some(Trouble::Error(error.clone()));
        }
        Stored::Nothing if cell.formula.is_some() => {
            let formula = format!("={}", cell.formula.as_deref().unwrap_or_default());
            answer.value = None;
            answer.as_written = formula.clone();
            answer.trouble = Some(Trouble::NoResult(formula));
        }
        _ => {}
    }
    answer
}

/// The answer in rows of tiles: pieces of a row are put together as they stand, rows are joined by line breaks.
pub(super) fn of_pieces(rows: &[Vec<&Tile<'_>>]) -> Option<Answer> {
    let mut whole: Option<Answer> = None;
    for row in rows {
        let mut line: Option<Answer> = None;
        for tile in row {
            let piece = of_tile(tile);
            line = Some(match line {
                None => piece,
                Some(before) => join(before, piece, ""),
            });
        }
        if let Some(line) = line {
            whole = Some(match whole {
                None => line,
                Some(before) => join(before, line, "\n"),
            });
        }
    }
    whole
}

fn join(before: Answer, piece: Answer, between: &str) -> Answer {
    Answer {
        value: before.value.zip(piece.value).map(|(a, b)| format!("{a}{between}{b}")),
        as_written: format!("{}{between}{}", before.as_written, piece.as_written),
        at: before.at,
        trouble: before.trouble.or(piece.trouble),
        area: super::tiles::union(before.area, piece.area),
    }
}

const MARKS: &str = "○◯〇◎●■☑✓✔レ☒✅⦿◉";
const BOXES: &str = "□☐◻▢";

/// Whether a text is nothing but a mark.
pub(super) fn is_mark(text: &str) -> bool {
    let mut chars = text.trim().chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if MARKS.contains(c))
}

/// Whether a text says that it repeats another: 〃, 同上.
pub(super) fn is_ditto(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "〃" | "″" | "\"" | "々" | "同上" | "仝" | "同左" | "左に同じ" | "左記と同じ" | "左同" | "同じ" | "上記と同じ" | "上に同じ"
    )
}

/// Whether a text is nothing but the mark of repetition.
pub(super) fn is_ditto_mark(text: &str) -> bool {
    matches!(fold(text).as_str(), "〃" | "″" | "\"" | "々" | "仝")
}

/// Whether a text says that it repeats what stands on its left.
pub(super) fn is_ditto_left(text: &str) -> bool {
    matches!(fold(text).as_str(), "同左" | "左に同じ" | "左記と同じ" | "左同")
}

/// The answer among printed choices: marked by ○ and the like, beside or in front, or by an ellipse drawn over it. `None` if the cells hold no printed
/// choices, so that their text is the answer.
pub(super) fn of_choices(tiles: &Tiles<'_>, run: &[usize], choices: &[String]) -> Option<Answer> {
    let filled: Vec<&Tile<'_>> = run.iter().map(|n| &tiles.all[*n]).filter(|t| !t.text.is_empty()).collect();
    let ellipses: Vec<CellRef> = tiles.sheet.shapes.iter().filter(|s| is_ellipse(&s.geometry)).map(|s| middle(&s.over)).collect();
    match filled.as_slice() {
        [] => None,
        [one] => in_one_cell(one, choices, &ellipses, tiles.sheet.set_apart.contains_key(&one.area.first)),
        several => in_several(several, choices, &ellipses),
    }
}

fn is_ellipse(geometry: &str) -> bool {
    matches!(geometry, "ellipse" | "oval" | "donut" | "flowChartConnector" | "circle")
}

fn middle(area: &Area) -> CellRef {
    CellRef::new(area.first.row.midpoint(area.last.row), area.first.col.midpoint(area.last.col))
}

/// 「○A　B　C」, 「■計画通り □少し遅延」, 「A（　）B（○）C（　）」, 「A・B・C」 with an ellipse, or with one letter underlined (`set_apart`).
fn in_one_cell(tile: &Tile<'_>, choices: &[String], ellipses: &[CellRef], set_apart: bool) -> Option<Answer> {
    let printed = places(tile.text, choices);
    let slots = slots(tile.text, &printed);
    let marked_at_all = slots.iter().any(|s| s.marked) || printed.iter().any(|p| p.circled);
    let boxed = slots.iter().any(|s| !s.marked);
    match printed.len() {
        0 => return None,
        1 if !(boxed || slots.iter().filter(|s| s.marked).count() == 1) => return None,
        1 => {}
        // Words between the choices (「A→B」, 「B寄りのA」), or some of the choices only, are an answer and no list to choose from.
        n if !marked_at_all && !boxed && (n < choices.len() || says_more(tile.text, &printed)) => return None,
        _ => {}
    }
    let mut answer = Answer { as_written: tile.text.to_owned(), area: tile.area, ..Answer::blank(tile.area.first) };
    let circled = || ellipses.iter().any(|e| tile.area.contains(*e));
    match chosen(&printed, &slots).as_deref() {
        Some([one]) => answer.value = Some(choices[*one].clone()),
        Some([]) if !circled() && !set_apart => {}
        _ => {
            answer.value = None;
            answer.trouble = Some(Trouble::Marks(tile.text.to_owned()));
        }
    }
    Some(answer)
}

/// A choice that a text prints.
#[derive(Debug, Clone, Copy)]
struct Printed {
    /// Which one.
    choice: usize,
    /// Its bytes in the text.
    from: usize,
    to: usize,
    /// Whether the letter itself is circled (Ⓑ).
    circled: bool,
}

/// A place for a mark: ○, ■, □, （　）, [x].
#[derive(Debug, Clone, Copy)]
struct Slot {
    marked: bool,
    from: usize,
    to: usize,
}

/// The choices that a text prints, in its order.
fn places(text: &str, choices: &[String]) -> Vec<Printed> {
    let mut found: Vec<Printed> = Vec::new();
    for (choice, words) in choices.iter().enumerate() {
        let wanted: Vec<char> = fold(words).chars().collect();
        let letters = wanted.iter().all(char::is_ascii_alphanumeric);
        // Blanks part letters; words may be spaced out.
        let chars: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| letters || !c.is_whitespace()).collect();
        let folded: Vec<char> = chars.iter().map(|(_, c)| fold(&c.to_string()).chars().next().unwrap_or(*c)).collect();
        if wanted.is_empty() {
            continue;
        }
        for at in 0..folded.len().saturating_sub(wanted.len() - 1) {
            let end = at + wanted.len();
            let inside = letters && (at > 0 && folded[at - 1].is_ascii_alphanumeric() || folded.get(end).is_some_and(char::is_ascii_alphanumeric));
            if folded[at..end] == wanted[..] && !inside {
                let circled = wanted.len() == 1 && ('Ⓐ'..='ⓩ').contains(&chars[at].1);
                let (last, c) = chars[end - 1];
                found.push(Printed { choice, from: chars[at].0, to: last + c.len_utf8(), circled });
            }
        }
    }
    // A choice inside a longer one (実施 in 一部実施) is not printed there.
    let longer = |p: &Printed, q: &Printed| q.choice != p.choice && q.from <= p.from && p.to <= q.to && q.to - q.from > p.to - p.from;
    let mut kept: Vec<Printed> = found.iter().filter(|p| !found.iter().any(|q| longer(p, q))).copied().collect();
    kept.sort_by_key(|p| p.from);
    kept
}

/// The places for marks around the printed choices, in the order of the text.
fn slots(text: &str, printed: &[Printed]) -> Vec<Slot> {
    let free = |at: usize| !printed.iter().any(|p| (p.from..p.to).contains(&at));
    let chars: Vec<(usize, char)> = text.char_indices().filter(|(at, _)| free(*at)).collect();
    let mut found = Vec::new();
    let mut n = 0;
    while let Some((from, c)) = chars.get(n).copied() {
        n += 1;
        let to = from + c.len_utf8();
        if let Some(slot) = bracketed(text, from) {
            n += chars[n..].iter().take_while(|(at, _)| *at < slot.to).count();
            found.push(slot);
        } else if BOXES.contains(c) {
            found.push(Slot { marked: false, from, to });
        } else if MARKS.contains(c) && (c != 'レ' || !text[to..].starts_with(char::is_alphabetic) || !free(to)) {
            found.push(Slot { marked: true, from, to });
        }
    }
    found
}

/// Brackets with nothing or a mark between them.
fn bracketed(text: &str, from: usize) -> Option<Slot> {
    let open = text[from..].chars().next()?;
    let close = match open {
        '(' => ')',
        '（' => '）',
        '[' => ']',
        '［' => '］',
        '〔' => '〕',
        '【' => '】',
        _ => return None,
    };
    let inner = from + open.len_utf8();
    let end = inner + text[inner..].find(close)?;
    let said = text[inner..end].trim();
    let marked = is_mark(said) || matches!(said, "x" | "X" | "v" | "V" | "ｘ" | "×" | "*");
    (marked || said.is_empty()).then(|| Slot { marked, from, to: end + close.len_utf8() })
}

/// Whether words stand beside the printed choices.
fn says_more(text: &str, printed: &[Printed]) -> bool {
    let rest = text.char_indices().filter(|(at, _)| !printed.iter().any(|p| (p.from..p.to).contains(at)));
    rest.map(|(_, c)| c).any(|c| !c.is_whitespace() && !"・･、，,./／｜|:：;；()（）[]［］「」".contains(c))
}

/// The choices that are marked; `None` if it cannot be said to which choice a mark belongs.
fn chosen(printed: &[Printed], slots: &[Slot]) -> Option<Vec<usize>> {
    let mut marked: Vec<usize> = printed.iter().filter(|p| p.circled).map(|p| p.choice).collect();
    let before = slots.len() == printed.len() && slots.iter().zip(printed).all(|(s, p)| s.to <= p.from);
    let behind = slots.len() == printed.len() && slots.iter().zip(printed).all(|(s, p)| p.to <= s.from);
    let in_turn = (1..printed.len()).all(|n| slots.len() == printed.len() && (!before || printed[n - 1].to <= slots[n].from))
        && (1..printed.len()).all(|n| slots.len() == printed.len() && (!behind || slots[n - 1].to <= printed[n].from));
    for (n, slot) in slots.iter().enumerate().filter(|(_, s)| s.marked) {
        let left = printed.iter().rfind(|p| p.to <= slot.from);
        let right = printed.iter().find(|p| p.from >= slot.to);
        let touches_left = left.is_some_and(|p| p.to == slot.from);
        let touches_right = right.is_some_and(|p| p.from == slot.to);
        let owner = match (left, right) {
            _ if (before || behind) && in_turn => printed.get(n),
            (Some(one), None) | (None, Some(one)) => Some(one),
            (Some(one), Some(_)) if touches_left && !touches_right => Some(one),
            (Some(_), Some(one)) if touches_right && !touches_left => Some(one),
            _ => None,
        };
        marked.push(owner?.choice);
    }
    marked.sort_unstable();
    marked.dedup();
    Some(marked)
}

/// Choices in cells of their own, with ○ beside one, in front of one, or an ellipse over one.
fn in_several(filled: &[&Tile<'_>], choices: &[String], ellipses: &[CellRef]) -> Option<Answer> {
    let printed: Vec<(usize, usize, bool)> = filled
        .iter()
        .enumerate()
        .filter_map(|(n, t)| match places(t.text, choices).as_slice() {
            [one] if fold(t.text).chars().count() <= fold(&choices[one.choice]).chars().count() + 4 => {
                let marked = one.circled || slots(t.text, &[*one]).iter().any(|s| s.marked);
                Some((n, one.choice, marked))
            }
            _ => None,
        })
        .collect();
    if printed.len() < 2 {
        return None;
    }
    let mut marked: Vec<(usize, usize)> = printed.iter().filter(|(_, _, m)| *m).map(|(n, c, _)| (*n, *c)).collect();
    for (n, tile) in filled.iter().enumerate().filter(|(_, t)| is_mark(t.text)) {
        // 「○ | A | □ | B」: the mark belongs to the choice behind it, or to the one before it where marks stand behind.
        let behind = printed.iter().find(|(p, _, _)| *p == n + 1);
        let before = n.checked_sub(1).and_then(|b| printed.iter().find(|(p, _, _)| *p == b));
        let first_is_mark = filled.first().is_some_and(|t| is_mark(t.text) || BOXES.contains(t.text.trim()));
        let below = printed.iter().find(|(p, _, _)| super::tiles::share_col(&filled[*p].area, &tile.area) && filled[*p].area != tile.area);
        if let Some((p, c, _)) = below.or(if first_is_mark { behind } else { before.or(behind) }) {
            marked.push((*p, *c));
        }
    }
    for ellipse in ellipses {
        marked.extend(printed.iter().filter(|(n, _, _)| filled[*n].area.contains(*ellipse)).map(|(n, c, _)| (*n, *c)));
    }
    marked.sort_unstable();
    marked.dedup();
    let text: Vec<&str> = filled.iter().map(|t| t.text).collect();
    let first = filled[printed[0].0];
    let mut answer = Answer { as_written: text.join(" "), area: first.area, ..Answer::blank(first.area.first) };
    match marked.as_slice() {
        [(n, choice)] => {
            answer.value = Some(choices[*choice].clone());
            answer.at = filled[*n].area.first;
            answer.area = filled[*n].area;
        }
        [] => {}
        _ => {
            answer.value = None;
            answer.trouble = Some(Trouble::Marks(text.join(" ")));
        }
    }
    Some(answer)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::workbook::{Cell, Shape, Sheet};

    fn sheet(cells: &[(&str, &str)]) -> Sheet {
        let mut sheet = Sheet::default();
        for (a1, text) in cells {
            let cell = Cell { shown: (*text).into(), stored: Stored::Text((*text).into()), formula: None };
            sheet.cells.insert(CellRef::parse(a1).unwrap(), cell);
        }
        sheet
    }

    fn choose(sheet: &Sheet, choices: &[&str]) -> Option<(Option<String>, String)> {
        let tiles = Tiles::of(sheet);
        let run: Vec<usize> = (0..tiles.all.len()).collect();
        let choices: Vec<String> = choices.iter().map(|c| (*c).to_owned()).collect();
        of_choices(&tiles, &run, &choices).map(|a| (a.value, a.at.a1()))
    }

    #[test]
    fn marks_choose() {
        let abc = ["A", "B", "C"];
        let two = ["計画通り", "少し遅延"];
        let got = |v: &str, at: &str| Some((Some(v.to_owned()), at.to_owned()));
        assert_eq!(choose(&sheet(&[("C1", "A　○B　C")]), &abc), got("B", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "A・Ⓑ・C")]), &abc), got("B", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "■計画通り □少し遅延")]), &two), got("計画通り", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "□ 計画通り　☑ 少し遅延")]), &two), got("少し遅延", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "A"), ("D1", "○B"), ("E1", "C")]), &abc), got("B", "D1"));
        assert_eq!(choose(&sheet(&[("C1", "○"), ("D1", "A"), ("E1", "□"), ("F1", "B")]), &abc), got("A", "D1"));
        assert_eq!(choose(&sheet(&[("C1", "A"), ("D1", "○"), ("E1", "B"), ("G1", "C")]), &abc), got("A", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "A・B・C")]), &abc), got("", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "○A ○B C")]), &abc), Some((None, "C1".into())));
        for behind in ["A□ B☑ C□", "A（　）B（○）C（　）", "[ ]A [x]B [ ]C", "A　B○　C"] {
            assert_eq!(choose(&sheet(&[("C1", behind)]), &abc), got("B", "C1"), "{behind}");
        }
        assert_eq!(choose(&sheet(&[("C1", "□A（目標を上回る）　■B（おおむね目標どおり）　□C（下回る）")]), &abc), got("B", "C1"));
        assert_eq!(choose(&sheet(&[("C1", "A○B C")]), &abc), Some((None, "C1".into())), "it touches both");
        for answer in ["A→B", "B寄りのA", "A・B", "B（Aに近い）"] {
            assert_eq!(choose(&sheet(&[("C1", answer)]), &abc), None, "{answer}");
        }
        assert_eq!(choose(&sheet(&[("C1", "A"), ("D1", "B（○）"), ("E1", "C")]), &abc), got("B", "D1"));
        assert_eq!(choose(&sheet(&[("C1", "Ａ")]), &abc), None);
        assert_eq!(choose(&sheet(&[("C1", "B+")]), &abc), None);
        assert_eq!(choose(&sheet(&[("C1", "良")]), &abc), None);
    }

    #[test]
    fn an_ellipse_chooses_its_cell() {
        let mut s = sheet(&[("C1", "A"), ("D1", "B"), ("E1", "C")]);
        let over = Area { first: CellRef::parse("E1").unwrap(), last: CellRef::parse("E1").unwrap() };
        s.shapes.push(Shape { over, geometry: "ellipse".into(), text: String::new() });
        assert_eq!(choose(&s, &["A", "B", "C"]), Some((Some("C".into()), "E1".into())));
        let mut one = sheet(&[("C1", "A・B・C")]);
        let over = Area { first: CellRef::parse("C1").unwrap(), last: CellRef::parse("C1").unwrap() };
        one.shapes.push(Shape { over, geometry: "ellipse".into(), text: String::new() });
        assert_eq!(choose(&one, &["A", "B", "C"]), Some((None, "C1".into())));
        let mut underlined = sheet(&[("C1", "A・B・C")]);
        underlined.set_apart.insert(CellRef::new(0, 2), crate::workbook::SetApart { struck: String::new(), mixed: true });
        assert_eq!(choose(&underlined, &["A", "B", "C"]), Some((None, "C1".into())), "nobody says what underlining means");
    }
}
