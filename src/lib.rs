//! torimatome (取りまとめ): reads the workbooks that a city's departments send in, reconciles them with the master plan, and prints the official sheets,
//! a summary workbook and the packet for the council.
//!
//! The rooms, in the order the data flows; a room uses rooms above it, never below:
//! [`finding`], [`value`], [`workbook`], [`plan`], [`form`], [`intake`], [`reconcile`], [`layout`], [`packet`], [`render`], [`output`].

pub mod catalog;
pub mod finding;
pub mod form;
pub mod intake;
pub mod layout;
pub mod output;
pub mod packet;
pub mod plan;
pub mod reconcile;
pub mod render;
pub mod value;
pub mod workbook;

/// Is told how far a run is; the terminal shows it, tests ignore it.
pub trait Progress: Sync {
    /// A stage begins, with the number of steps it will take (0 if unknown).
    fn stage(&self, name: finding::Text, steps: u64);
    /// One step of the stage is done.
    fn step(&self);
}

/// Shows nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _name: finding::Text, _steps: u64) {}
    fn step(&self) {}
}
