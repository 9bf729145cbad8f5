//! Authoring: what people who make forms and jobs need: a new job folder, and a preview of a form in all its faces.
//!
//! In: a form's name or folder. Out: files of a job that runs; a PDF and a page of the form with sample data.
//! Stays true: nothing here is used by a run.
//! Neighbours: `form::check` tells what is wrong with a form; `packet` and `render` make the preview as they make the real thing.

mod html;
mod preview;
mod sample;
mod scaffold;

pub use preview::{Preview, preview};
pub use scaffold::scaffold;
