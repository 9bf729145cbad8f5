//! The packet: the plan editions of the five plans, page for page.

mod binding;
mod nothing_added;
mod plan_edition;
