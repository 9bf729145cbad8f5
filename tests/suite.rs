//! All tests above a single file, in one program: from a folder of workbooks to the printed page.
#![allow(clippy::unwrap_used, missing_docs)]

mod checks;
mod cli;
mod collect;
mod common;
mod form;
mod house;
mod layout;
mod output;
mod packet;
mod page;
mod pdf;
mod plan;
mod recognise;
mod returns;
mod samples;
mod value;
mod waivers;
mod workbook;
mod xlsx;
