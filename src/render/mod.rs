//! Rendering: draws what was settled and laid out; corrects nothing.
//!
//! In: a [`crate::reconcile::Settled`] and laid-out pages. Out: bytes of PDF, XLSX, HTML and mail drafts.
//! Stays true: the same input gives the same bytes; a string never becomes a formula.
//! Neighbours: `layout` and `packet` before, `output` writes the bytes.

pub mod html;
pub mod letters;
mod made_by;
pub mod pdf;
pub mod returns;
mod way;
pub mod xlsx;
