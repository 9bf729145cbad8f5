//! Output: writes everything below one folder, beside the old one, and moves it into place at the end.
//!
//! In: bytes and the settled model. Out: the files of a run, with fixed names.
//! Stays true: a run that is killed leaves the last good output whole; no name of a file, sheet or initiative leads out of the folder.
//! Neighbours: `render` made the bytes; nothing comes after.
//!
//! `result.json` is made here from the settled model.
