//! Numbers in text: targets and results are prose (「証明書のコンビニ交付件数：4,300件」「80%以上」「1～2件」).
//!
//! In: a cell's text. Out: the figures in it, each with what it counts, how it bounds it and its unit; achievement rates of goals against results.
//! Stays true: what cannot be read is left out, never guessed; ordinals, dates, ages and names with digits are no figures. Line after line and sentence
//! after sentence; no figure reaches over the end of a line.
//! Neighbours: `fiscal_year` tells which digits are years.

mod achievement;
mod scan;
mod units;

pub use achievement::{Direction, Rate, claims_success, compare, direction};
pub use scan::parse;

use rust_decimal::Decimal;

/// How a figure bounds the thing it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// A plain figure.
    Exactly,
    /// 「以上」「少なくとも」: this or more.
    AtLeast,
    /// 「以下」「以内」「最大」: this or less.
    AtMost,
    /// 「超」「を超える」: more.
    MoreThan,
    /// 「未満」: less.
    LessThan,
    /// 「程度」「約」: about.
    About,
}

/// In what sense a text gives a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// As its own.
    Plainly,
    /// As the goal, in a text about the result (「目標（80%以上）に対して」).
    AsGoal,
    /// For comparison: an earlier year, 「(参考)」.
    ForReference,
}

/// One figure of a text. The text itself stays where it is; a range has both `value` and `upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// What is counted (「証明書のコンビニ交付件数」); empty where the text does not say.
    pub indicator: String,
    /// How the figure bounds it.
    pub comparison: Comparison,
    /// The figure (4300 for 「4,300件」, 80 for 「80%」, 16430000 for 「16,430千円」, 30 for 「3割」).
    pub value: Decimal,
    /// The upper end of a range (「1～2件」).
    pub upper: Option<Decimal>,
    /// The unit under one name for its spellings (「件」「%」; か所 for 箇所); empty where there is none.
    pub unit: String,
    /// Whether it is a change and no level (「3%増加」「1台以上削減」).
    pub change: bool,
    /// In what sense the text gives it.
    pub said: Said,
    /// The part of the text that was read.
    pub as_written: String,
}
