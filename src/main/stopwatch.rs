//! The stopwatch: how long each stage of a run took. The library knows no clock, so it is read here.

use std::sync::Mutex;
use std::time::{Duration, Instant};
use torimatome::finding::Lang;
use torimatome::{Progress, Stage};

/// Passes a run's progress on and notes when each stage began.
pub(crate) struct Stopwatch<P> {
    shown: P,
    begun: Mutex<Vec<(Stage, Instant)>>,
}

impl<P: Progress> Stopwatch<P> {
    /// A stopwatch in front of whatever shows the progress.
    pub(crate) fn new(shown: P) -> Self {
        Stopwatch { shown, begun: Mutex::new(Vec::new()) }
    }

    /// What shows the progress.
    pub(crate) fn shown(&self) -> &P {
        &self.shown
    }

    /// One line with the time of every stage until now: 「読み取り 0.05秒・…（計 0.26秒）」.
    pub(crate) fn line(&self, lang: Lang) -> String {
        let begun = self.begun.lock().map(|b| b.clone()).unwrap_or_default();
        let end = now();
        let ends = begun.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let stages: Vec<String> =
            begun.iter().zip(ends).map(|((stage, at), end)| format!("{} {}", stage.name().get(lang), seconds(end - *at, lang))).collect();
        let whole = seconds(begun.first().map_or(Duration::ZERO, |(_, at)| end - *at), lang);
        match lang {
            Lang::Ja => format!("  時間  {}（計 {whole}）", stages.join("・")),
            Lang::En => format!("  time  {} ({whole} in all)", stages.join(" · ")),
        }
    }
}

impl<P: Progress> Progress for Stopwatch<P> {
    fn stage(&self, stage: Stage, steps: u64) {
        if let Ok(mut begun) = self.begun.lock() {
            begun.push((stage, now()));
        }
        self.shown.stage(stage, steps);
    }

    fn step(&self) {
        self.shown.step();
    }
}

#[allow(clippy::disallowed_methods)] // The command may read the clock.
fn now() -> Instant {
    Instant::now()
}

fn seconds(time: Duration, lang: Lang) -> String {
    let unit = match lang {
        Lang::Ja => "秒",
        Lang::En => " s",
    };
    format!("{:.2}{unit}", time.as_secs_f64())
}
