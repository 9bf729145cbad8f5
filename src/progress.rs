//! How far a run is: its stages in order, told to whoever watches.
//!
//! Stays true: nothing of a run depends on who watches; the library knows no clock, so the time of a stage is measured by the watcher.

use crate::finding::Text;

/// A stage of a run, in the order of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Form, plan and decisions are loaded, and what arrived is collected.
    Preparing,
    /// The workbooks are opened and the forms in them read.
    Reading,
    /// Readings are matched with the plan, checked and settled.
    Reconciling,
    /// Sheets and packet are set on pages.
    LayingOut,
    /// The single sheets become PDF files.
    Printing,
    /// The packet and the page are written.
    Writing,
    /// The workbooks and what goes back to the departments are made, and everything moved into place.
    Returning,
}

impl Stage {
    /// What is being done, while it is being done.
    pub fn doing(self) -> Text {
        match self {
            Stage::Preparing => Text::new("準備をしています", "getting ready"),
            Stage::Reading => Text::new("回答を読んでいます", "reading the answers"),
            Stage::Reconciling => Text::new("計画と突き合わせています", "reconciling"),
            Stage::LayingOut => Text::new("様式に組んでいます", "laying out"),
            Stage::Printing => Text::new("調書をPDFにしています", "printing sheets"),
            Stage::Writing => Text::new("冊子と一覧ページを作っています", "making packet and page"),
            Stage::Returning => Text::new("集計表と差戻しを作っています", "making workbooks and returns"),
        }
    }

    /// Its name, for a list of times.
    pub fn name(self) -> Text {
        match self {
            Stage::Preparing => Text::new("準備", "preparing"),
            Stage::Reading => Text::new("読み取り", "reading"),
            Stage::Reconciling => Text::new("突き合わせ", "reconciling"),
            Stage::LayingOut => Text::new("組版", "laying out"),
            Stage::Printing => Text::new("調書", "sheets"),
            Stage::Writing => Text::new("冊子・一覧", "packet and page"),
            Stage::Returning => Text::new("集計・差戻し", "workbooks and returns"),
        }
    }
}

/// Is told how far a run is; the terminal shows it, tests ignore it.
pub trait Progress: Sync {
    /// A stage begins, with the number of steps it will take (0 if unknown).
    fn stage(&self, stage: Stage, steps: u64);
    /// One step of the stage is done.
    fn step(&self);
}

/// Shows nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _stage: Stage, _steps: u64) {}
    fn step(&self) {}
}
