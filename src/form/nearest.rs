//! The nearest known name to a mistyped one.
//!
//! In: what was written, the names there are. Out: the one that was probably meant.
//! Stays true: a name that resembles none gets no suggestion.

/// The known name nearest to `wrong`, if one is near enough to have been meant.
pub(super) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(wrong, k), k))
        .filter(|(distance, k)| *distance <= (k.chars().count().max(wrong.chars().count()) / 2).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

/// A suggestion for messages, in both languages; shown in Japanese.
#[derive(Debug, Default)]
pub(super) struct Hint {
    ja: String,
    /// The same in English.
    pub(super) en: String,
}

impl std::fmt::Display for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.ja)
    }
}

/// 「…ではありませんか」 for messages; empty if nothing is near.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Hint {
    nearest(wrong, known)
        .map_or_else(Hint::default, |k| Hint { ja: format!("。「{k}」ではありませんか"), en: format!("; did you mean `{k}`?") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_and_nonsense_is_not() {
        let known = ["plan_name", "departments", "notes"];
        assert_eq!(nearest("plan_nmae", known), Some("plan_name"));
        assert_eq!(nearest("department", known), Some("departments"));
        assert_eq!(nearest("xyzzy", known), None);
    }
}
