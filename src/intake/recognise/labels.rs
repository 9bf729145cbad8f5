//! Labels: when a cell's text is a label of the form, however it is spelled, spaced, numbered, bracketed or annotated.
//!
//! In: the text of a cell and the spellings of the form. Out: how well they agree, and which years the text names.
//! Stays true: years are compared apart from words, so last year's label is still recognised as that label.
//! Neighbours: `model` holds the form's labels in this shape, `hits` looks for them in a grid.

use crate::value::{FiscalYear, fold, years_in};

/// Stands for a year in the words of a label.
pub(super) const YEAR: char = '\u{1}';

/// How well a label agrees: everything from here on is as good as printed.
pub(super) const SURE: u8 = 80;

/// A label text without blanks, width and years.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Canon {
    /// The words, with [`YEAR`] for every year.
    pub words: String,
    /// The years in their order, western.
    pub years: Vec<i32>,
}

/// Words and years of a label text. Years without an era (`6年度`) are taken near `near`.
pub(super) fn canon(text: &str, near: FiscalYear) -> Canon {
    let folded = fold(text);
    let mut spans: Vec<(usize, usize, i32)> =
        years_in(&folded).into_iter().filter(|m| m.month.is_none()).map(|m| (m.at.start, m.at.end, m.year)).collect();
    spans.extend(bare_years(&folded, near, &spans));
    spans.sort_unstable();
    let mut words = String::new();
    let mut years: Vec<i32> = Vec::new();
    let mut at = 0;
    for (from, to, year) in spans {
        if from < at {
            continue;
        }
        words.push_str(folded.get(at..from).unwrap_or_default());
        at = to;
        // A year in brackets behind the same year says nothing new: 令和6年度(2024年度).
        if words.ends_with("\u{1}(") && years.last() == Some(&year) && folded.get(to..).is_some_and(|r| r.starts_with(')')) {
            words.pop();
            at = to + 1;
            continue;
        }
        words.push(YEAR);
        years.push(year);
    }
    words.push_str(folded.get(at..).unwrap_or_default());
    Canon { words: spelled_alike(words.to_lowercase()), years }
}

/// Words that offices spell in several ways, made one.
fn spelled_alike(mut words: String) -> String {
    const SPELLINGS: [(&str, &str); 12] = [
        ("取り組み", "取組"),
        ("取組み", "取組"),
        ("取り組", "取組"),
        ("とりくみ", "取組"),
        ("および", "及び"),
        ("にむけた", "に向けた"),
        ("進ちょく", "進捗"),
        ("見とおし", "見通し"),
        ("おこなった", "行った"),
        ("箇所", "か所"),
        ("ヶ所", "か所"),
        ("ヵ所", "か所"),
    ];
    for (other, usual) in SPELLINGS {
        if words.contains(other) {
            words = words.replace(other, usual);
        }
    }
    words
}

/// `6年度` and `元年度` without an era.
fn bare_years(folded: &str, near: FiscalYear, known: &[(usize, usize, i32)]) -> Vec<(usize, usize, i32)> {
    let mut found = Vec::new();
    for (at, _) in folded.match_indices("年度") {
        let head = folded.get(..at).unwrap_or_default();
        let number: String = head.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '元').collect();
        let from = at - number.len();
        let to = at + "年度".len();
        if number.is_empty() || number.chars().count() > 2 || known.iter().any(|(f, t, _)| *f < to && from < *t) {
            continue;
        }
        if let Some(year) = folded.get(from..to).and_then(|t| FiscalYear::parse_near(t, near)) {
            found.push((from, to, year.western()));
        }
    }
    found
}

/// The year that a heading cell names and nothing else: `R 6`, `令和6年度`, `6年度`, `2024`, `令和6年度（2024）`, `R6年度目標`-like headings do not count.
pub(super) fn heading_year(text: &str, near: FiscalYear) -> Option<FiscalYear> {
    let short = text.trim();
    if short.is_empty() || short.chars().count() > 24 {
        return None;
    }
    if let Some(year) = FiscalYear::parse_near(short, near) {
        return Some(year);
    }
    let bare: String = fold(short).trim_matches(|c: char| "【】〔〕[]()<>「」:：".contains(c)).to_owned();
    if let Some(year) = FiscalYear::parse_near(&bare, near) {
        return Some(year);
    }
    let c = canon(short, near);
    let rest: String = strip_notes(&c.words).unwrap_or(c.words);
    let rest = rest.trim_matches(|c: char| "【】〔〕[]()<>「」:：".contains(c)).to_owned();
    match c.years.as_slice() {
        [y] if rest == YEAR.to_string() => Some(FiscalYear::from_western(*y)),
        [y, z] if y == z && rest == YEAR.to_string() => Some(FiscalYear::from_western(*y)),
        _ => None,
    }
}

const OPEN: &str = "【〔[(<「《『〈{";
const CLOSE: &str = "】〕])>」》』〉}";

/// The ways in which a cell's text may be read as a label, best first, with the quality of each.
pub(super) fn readings(text: &str, near: FiscalYear) -> Vec<(Canon, u8)> {
    let mut out: Vec<(Canon, u8)> = Vec::new();
    let mut push = |c: Canon, q: u8| {
        if !c.words.is_empty() && !out.iter().any(|(o, _)| *o == c) {
            out.push((c, q));
        }
    };
    for (part, loss) in [(Some(text), 0), (text.trim().split_once('\n').map(|(first, _)| first), 8)] {
        let Some(part) = part else { continue };
        let whole = canon(part, near);
        push(whole.clone(), 100 - loss);
        let mut words = whole.words.clone();
        for (step, quality) in
            [(trimmed as fn(&str) -> Option<String>, 96), (strip_notes, 92), (trimmed, 92), (unnumbered, 88), (strip_notes, 88), (trimmed, 88)]
        {
            if let Some(shorter) = step(&words) {
                words = shorter;
                push(Canon { years: years_kept(&whole, &words), words: words.clone() }, quality - loss);
            }
        }
        for ending in ["欄", "名", "等", "について", "記入欄"] {
            if let Some(shorter) = words.strip_suffix(ending) {
                push(Canon { years: years_kept(&whole, shorter), words: shorter.to_owned() }, 82 - loss);
            }
        }
    }
    out
}

/// The years still in the words: notes stand behind, so years go from the end; numbering in front holds none.
fn years_kept(whole: &Canon, words: &str) -> Vec<i32> {
    whole.years.iter().copied().take(words.chars().filter(|c| *c == YEAR).count()).collect()
}

/// Without marks in front, colons behind and brackets around.
fn trimmed(words: &str) -> Option<String> {
    let mut now = words.trim_matches(|c: char| "●■◆○◎□◇▼▽▶▲△・*※★☆:;,、。.=-―ー_|".contains(c)).to_owned();
    // 「ー」 and 「.」 end some words; take only what was in front of them when nothing else is lost.
    if words.ends_with('ー') && !now.ends_with('ー') {
        now.push('ー');
    }
    let first = now.chars().next()?;
    if let Some(n) = OPEN.chars().position(|c| c == first)
        && let Some(close) = CLOSE.chars().nth(n)
        && now.ends_with(close)
        && now.chars().count() > 2
    {
        let inner: String = now.chars().skip(1).take(now.chars().count() - 2).collect();
        if !inner.contains(close) {
            now = inner;
        }
    }
    (now != words && !now.is_empty()).then_some(now)
}

/// Without a remark behind: from ※ or 注 on, and brackets at the end.
fn strip_notes(words: &str) -> Option<String> {
    let mut now = words.to_owned();
    if let Some((head, _)) = now.split_once('※')
        && !head.is_empty()
    {
        now = head.to_owned();
    }
    while let Some(last) = now.chars().last()
        && let Some(n) = CLOSE.chars().position(|c| c == last)
        && let Some(open) = OPEN.chars().nth(n)
        && let Some(at) = now.rfind(open)
        && at > 0
    {
        now.truncate(at);
    }
    (now != words).then_some(now)
}

/// Without a number in front: `1.`, `(1)`, `1現状と課題` (from ①).
fn unnumbered(words: &str) -> Option<String> {
    let rest = words.trim_start_matches(['(', '第']).trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches([')', '.', '、', ',', ':', '-']);
    (rest != words && words.chars().any(|c| c.is_ascii_digit()) && !rest.is_empty()).then(|| rest.to_owned())
}

/// How alike two label texts are that are not the same, 0 to 70: a slip of the pen or a part left out. 0 for other words.
pub(super) fn likeness(cell: &str, label: &str) -> u8 {
    let (a, b) = (cell.chars().count(), label.chars().count());
    if a < 3 || b < 4 || a > 40 {
        return 0;
    }
    let close = strsim::normalized_levenshtein(cell, label);
    // 「取組の実績」 is 「取組実績」, however short both are.
    let joined = |words: &str| words.replace('の', "");
    if b >= 5 && close >= 0.8 || joined(cell) == joined(label) {
        return 70;
    }
    let (long, short) = if a > b { (cell, label) } else { (label, cell) };
    let (n, m) = (long.chars().count(), short.chars().count());
    if m >= 4 && m * 2 >= n && long.contains(short) {
        return 60;
    }
    0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn near() -> FiscalYear {
        FiscalYear::from_western(2024)
    }

    fn best(text: &str, label: &str) -> u8 {
        let label = canon(label, near());
        readings(text, near()).into_iter().filter(|(c, _)| c.words == label.words).map(|(_, q)| q).max().unwrap_or(0)
    }

    #[test]
    fn bent_labels_are_still_the_label() {
        for (text, label) in [
            ("計　画　名", "計画名"),
            ("実行課：", "実行課"),
            ("【現状と課題】", "現状と課題"),
            ("■取組内容", "取組内容"),
            ("取組内容（200字以内で記入）", "取組内容"),
            ("備考 ※変更があれば記入", "備考"),
            ("R6年度末の\n取組状況報告", "R 6年度末の取組状況報告"),
            ("令和６年度末の取組状況報告", "R6年度末の取組状況報告"),
            ("2024年度末の取組状況報告", "R6年度末の取組状況報告"),
            ("６年度末の取組状況報告", "R6年度末の取組状況報告"),
            ("①現状と課題", "現状と課題"),
            ("（1）現状と課題", "現状と課題"),
            ("年度末評価\nA・B・Cで記入", "年度末評価"),
            ("ＳＤＧｓ関連Ｎｏ．", "SDGs関連No."),
            ("変更理由欄", "変更理由"),
            ("取り組み内容", "取組内容"),
            ("取組みの効果", "取組の効果"),
            ("令和六年度末の取組状況報告", "R6年度末の取組状況報告"),
        ] {
            assert!(best(text, label) >= SURE, "{text} / {label}: {}", best(text, label));
        }
        assert_eq!(best("企画課", "実行課"), 0);
    }

    #[test]
    fn years_stand_apart_from_words() {
        let last = canon("R5年度末の取組状況報告", near());
        let this = canon("令和6年度（2024年度）末の取組状況報告", near());
        assert_eq!(last.words, this.words);
        assert_eq!((last.years, this.years), (vec![2023], vec![2024]));
    }

    #[test]
    fn headings_name_a_year_and_nothing_else() {
        for text in [
            "R 6",
            "Ｒ６",
            "令和六年度",
            "六年度",
            "令6",
            "令六",
            "令和6年度",
            "6年度",
            "2024年度",
            "（令和6年度）",
            "令和6年度（2024年度）",
            "【R6】",
        ] {
            assert_eq!(heading_year(text, near()), Some(near()), "{text}");
        }
        for text in ["年度", "R6年度目標", "6", "6件", ""] {
            assert_eq!(heading_year(text, near()), None, "{text}");
        }
    }

    #[test]
    fn likeness_is_for_slips_only() {
        assert!(likeness("現状・課題", "現状と課題") > 0);
        assert!(likeness("取組状況報告", "取組状況の報告") > 0);
        assert!(likeness("取組の実績", "取組実績") > 0);
        assert_eq!(likeness("取組の効果", "取組内容"), 0);
        assert_eq!(likeness("備考", "参考"), 0);
    }
}
