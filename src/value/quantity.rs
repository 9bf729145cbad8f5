//! Numbers in text: targets and results are prose (「証明書のコンビニ交付件数：4,300件」「80%以上」「1～2件」).

use rust_decimal::Decimal;

/// How a figure bounds the thing it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// A plain figure.
    Exactly,
    /// 「以上」: this or more.
    AtLeast,
    /// 「以下」「以内」: this or less.
    AtMost,
    /// 「超」「を超える」: more.
    MoreThan,
    /// 「未満」: less.
    LessThan,
    /// 「程度」「約」: about.
    About,
}

/// One figure of a text. The text itself stays where it is; a range has both `value` and `upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// What is counted (「証明書のコンビニ交付件数」); empty where the text does not say.
    pub indicator: String,
    /// How the figure bounds it.
    pub comparison: Comparison,
    /// The figure, in the unit as written (4300 for 「4,300件」, 80 for 「80%」).
    pub value: Decimal,
    /// The upper end of a range (「1～2件」).
    pub upper: Option<Decimal>,
    /// The unit (「件」「%」); empty where there is none.
    pub unit: String,
    /// The part of the text that was read.
    pub as_written: String,
}

/// The figures of a text, in order. What cannot be read is left out, never guessed.
pub fn parse(_text: &str) -> Vec<Quantity> {
    Vec::new()
}
