//! Two wordings side by side: what is left of them without marks, and where they differ.

/// A wording without list marks and separators: lists may be joined by 、 or line breaks.
pub(super) fn bare(text: &str) -> String {
    let mark = |c: &char| !matches!(c, '、' | '・' | '○' | '●' | '-' | '/' | ';' | '◎' | '■' | '□');
    if text.contains(['■', '□']) { super::fold_wording(text) } else { super::fold_wording(text).chars().filter(mark).collect() }
}

/// The parts of two texts that differ, as written, without what they share at both ends; a figure stands whole (12,500 and 10,000, not 2,5 and 0,0).
pub(super) fn difference(here: &str, there: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (here.chars().collect(), there.chars().collect());
    let same = |x: char, y: char| x == y || super::fold_wording(&x.to_string()) == super::fold_wording(&y.to_string());
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if same(*x, *y) {
            (i, j) = (i + 1, j + 1);
        } else if x.is_whitespace() {
            i += 1;
        } else if y.is_whitespace() {
            j += 1;
        } else {
            break;
        }
    }
    let (mut p, mut q) = (a.len(), b.len());
    while p > i && q > j {
        if same(a[p - 1], b[q - 1]) {
            (p, q) = (p - 1, q - 1);
        } else if a[p - 1].is_whitespace() {
            p -= 1;
        } else if b[q - 1].is_whitespace() {
            q -= 1;
        } else {
            break;
        }
    }
    let figure = |c: Option<&char>| c.is_some_and(|c| c.is_numeric() || matches!(c, ',' | '.' | '，' | '．'));
    let before = |at: usize| at.checked_sub(1);
    while let (Some(x), Some(y)) = (before(i), before(j)) {
        if !(same(a[x], b[y]) && figure(a.get(x)) && (figure(a.get(i)) || figure(b.get(j)))) {
            break;
        }
        (i, j) = (x, y);
    }
    while let (Some(x), Some(y)) = (a.get(p), b.get(q)) {
        let ends_in_figure = (p > i && figure(a.get(p - 1))) || (q > j && figure(b.get(q - 1)));
        if !(same(*x, *y) && figure(Some(x)) && ends_in_figure) {
            break;
        }
        (p, q) = (p + 1, q + 1);
    }
    let part = |chars: &[char]| super::quote(&chars.iter().collect::<String>(), 60);
    (part(&a[i..p]), part(&b[j..q]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_whole_in_a_difference() {
        for (here, there, expected) in [
            ("予約件数：10,000件", "予約件数：12,500件", ("10,000", "12,500")),
            ("11回以上", "10回以上", ("11", "10")),
            ("100件", "10件", ("100", "10")),
            ("年に10件", "件", ("年に10", "")),
            ("第2版の案内", "第2版の看板", ("案内", "看板")),
            ("3.5％", "3.5％", ("", "")),
        ] {
            assert_eq!(difference(here, there), (expected.0.to_owned(), expected.1.to_owned()), "{here}");
        }
    }
}
