//! Every rule, in the order of its code: for `explain`, `docs/findings.md` and the test that none is forgotten.

use crate::finding::Rule;
use crate::reconcile::checks;

/// Every rule, in the order of its code.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = vec![&crate::layout::MISSING_GLYPH, &crate::layout::TOO_LONG_FOR_FORM];
    rules.extend(checks::RULES);
    rules.extend(crate::intake::rules::rules());
    rules.sort_by_key(|rule| rule.code);
    rules
}
