//! Clusters: a text cut into what is printed as one glyph each.
//!
//! In: any text. Out: for each cluster its character (voicing marks and Latin accents composed, nothing else normalised), its variation selector and
//! its place in the text.
//! Stays true: every character of the text is in exactly one cluster, except control characters and marks without width, which print nothing.
//! Neighbours: [`super::font`] finds the glyph, [`super::shape`] makes atoms of them.

use unicode_normalization::char::compose;

/// Calls `each` with character, selector, start and end (bytes) of each cluster.
pub(crate) fn clusters(text: &str, mut each: impl FnMut(char, Option<char>, usize, usize)) {
    let mut chars = text.char_indices().peekable();
    while let Some((start, mut c)) = chars.next() {
        if is_silent(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        let mut selector = None;
        while let Some((at, next)) = chars.peek().copied() {
            if is_mark(next) {
                let Some(composed) = compose(c, next) else { break };
                c = composed;
            } else if is_selector(next) {
                selector = selector.or(Some(next));
            } else {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        each(visible(c), selector, start, end);
    }
}

/// Marks that are composed with the character before them: Japanese voicing marks and Latin accents.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309A}' | '\u{0300}'..='\u{036F}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Characters that print nothing and take no room.
pub(crate) fn is_silent(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// A mark that stands alone is printed as its spacing form, a tab or odd blank as a blank.
fn visible(c: char) -> char {
    match c {
        '\u{3099}' => '゛',
        '\u{309A}' => '゜',
        '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    fn list(text: &str) -> Vec<(char, Option<char>, &str)> {
        let mut found = Vec::new();
        super::clusters(text, |c, s, from, to| found.push((c, s, &text[from..to])));
        found
    }

    #[test]
    fn only_voicing_marks_and_accents_are_composed() {
        assert_eq!(list("か\u{3099}\u{FA19}"), [('が', None, "か\u{3099}"), ('\u{FA19}', None, "\u{FA19}")]);
        assert_eq!(list("e\u{301}"), [('é', None, "e\u{301}")]);
        assert_eq!(list("葛\u{E0100}城"), [('葛', Some('\u{E0100}'), "葛\u{E0100}"), ('城', None, "城")]);
        assert_eq!(list("a\u{200B}\u{7}b").len(), 2);
        assert_eq!(list("漢\u{3099}"), [('漢', None, "漢"), ('゛', None, "\u{3099}")]);
    }
}
