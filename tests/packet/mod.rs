//! The packet: the plan editions of the five plans, page for page.

mod binding;
mod plan_edition;
