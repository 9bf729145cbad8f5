//! Every rule, in the order of its code: for `explain`, `docs/findings.md` and the test that none is forgotten.

use crate::finding::Rule;

/// Every rule.
pub fn rules() -> Vec<&'static Rule> {
    vec![&crate::layout::MISSING_GLYPH, &crate::layout::TOO_LONG_FOR_FORM]
}
