//! How alike two texts are: for candidates and near spellings, never for deciding.

use super::fold;

/// How alike two texts are, 0 to 1, by the pairs of neighbouring characters they share (after folding).
pub fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (pairs(a), pairs(b));
    if a.is_empty() || b.is_empty() {
        return if a == b { 1.0 } else { 0.0 };
    }
    let mut common = 0usize;
    let mut rest = b.as_slice();
    for pair in &a {
        let skip = rest.partition_point(|p| p < pair);
        rest = &rest[skip..];
        if rest.first() == Some(pair) {
            common += 1;
            rest = &rest[1..];
        }
    }
    2.0 * common as f64 / (a.len() + b.len()) as f64
}

/// The pairs of neighbouring characters, sorted; one character alone is a pair with itself.
fn pairs(text: &str) -> Vec<(char, char)> {
    let chars: Vec<char> = fold(text).chars().collect();
    let mut pairs: Vec<(char, char)> = chars.windows(2).map(|w| (w[0], w[1])).collect();
    if let ([only], true) = (chars.as_slice(), pairs.is_empty()) {
        pairs.push((*only, *only));
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn equal_is_one_and_strange_is_nothing() {
        assert!((likeness("窓口 の改善", "窓口の改善") - 1.0).abs() < 1e-9);
        assert!(likeness("窓口の改善", "道路").abs() < 1e-9);
        assert!(likeness("長寿命社会の実現", "長寿社会の実現") > 0.7);
    }
}
