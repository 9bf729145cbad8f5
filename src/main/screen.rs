//! The terminal itself: printing, colours, progress, and a window that a double click opened.
//!
//! Rust's standard library writes Japanese rightly to the Windows console whatever its code page; UTF-8 goes into pipes and files.

use super::arguments::{Arguments, When};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;
use torimatome::finding::Lang;
use torimatome::plan::Job;
use torimatome::terminal::Look;
use torimatome::{Progress, Stage};

/// The terminal.
pub(crate) struct Screen {
    look: Look,
    quiet: bool,
}

/// The environment variable, if it is set to something.
fn environment(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|v| !v.is_empty())
}

impl Screen {
    /// As the command line and the terminal want it.
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let out = console::Term::stdout();
        // Asking for colours switches them on in the Windows console.
        let able = out.features().colors_supported();
        let colour = match arguments.color {
            When::Always => true,
            When::Never => false,
            When::Auto => std::io::stdout().is_terminal() && able && !environment("NO_COLOR"),
        };
        let columns = out.size_checked().map_or(100, |(_, columns)| usize::from(columns)).clamp(40, 120);
        Screen { look: Look { lang: arguments.lang(), colour, columns }, quiet: arguments.json }
    }

    /// What texts depend on.
    pub(crate) fn look(&self) -> &Look {
        &self.look
    }

    /// Whether messages are in Japanese.
    pub(crate) fn is_japanese(&self) -> bool {
        self.look.lang == Lang::Ja
    }

    /// The text in the language of the messages.
    pub(crate) fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.look.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// Results, to standard output.
    pub(crate) fn print(&self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Results, to standard output. A reader that has gone away (`| head`) is no fault.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    /// What is no result, to standard error: it differs from run to run.
    pub(crate) fn remark(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Faults, to standard error.
    pub(crate) fn complain(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// A fault that ends everything.
    pub(crate) fn fault(&self, error: &anyhow::Error) {
        self.complain(&format!("{}{error:#}", self.say("実行できませんでした： ", "failed: ")));
    }

    /// A fault of one job.
    pub(crate) fn job_fault(&self, job: &Job, error: &anyhow::Error) {
        let id = &job.settings.id;
        self.complain(&match self.look.lang {
            Lang::Ja => format!("「{id}」を実行できませんでした。前回の結果はそのまま残っています。\n  原因： {error:#}"),
            Lang::En => format!("{id} failed; what the last run wrote is untouched\n  cause: {error:#}"),
        });
    }

    /// A name that is no job of the folder.
    pub(crate) fn unknown_job(&self, wanted: &str, known: &[&str]) {
        let likeness = |name: &str| strsim::jaro_winkler(name, wanted);
        let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|name| likeness(name) > 0.7);
        let mut text = match self.look.lang {
            Lang::Ja => format!("「{wanted}」という業務はありません。業務： {}", known.join("、")),
            Lang::En => format!("there is no job \"{wanted}\"; the jobs are {}", known.join(", ")),
        };
        if let Some(nearest) = nearest {
            text.push_str(&match self.look.lang {
                Lang::Ja => format!("\n「{nearest}」のことですか。"),
                Lang::En => format!("\ndid you mean \"{nearest}\"?"),
            });
        }
        self.complain(&text);
    }

    /// A progress bar for a job; drawn only on a terminal.
    pub(crate) fn progress(&self, job: &Job) -> Bar {
        let bar = ProgressBar::with_draw_target(None, if self.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
        bar.set_prefix(job.settings.id.clone());
        Bar { bar, lang: self.look.lang }
    }

    /// Keeps the window open that a double click opened.
    pub(crate) fn wait_for_a_key(&self) {
        self.print(self.say("\nEnterキーを押すと閉じます。", "\nPress Enter to close."));
        let _ = std::io::stdin().read_line(&mut String::new());
    }
}

/// Shows how far a run is.
pub(crate) struct Bar {
    bar: ProgressBar,
    lang: Lang,
}

impl Bar {
    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn stage(&self, stage: Stage, steps: u64) {
        let template = if steps == 0 { "{prefix}  {spinner} {msg}" } else { "{prefix}  [{bar:24}] {pos}/{len} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            // A Japanese Windows console draws blocks twice as wide as they are counted here, and has no Braille.
            self.bar.set_style(style.progress_chars("=> ").tick_chars("|/-\\ "));
        }
        self.bar.set_length(steps);
        self.bar.set_position(0);
        self.bar.set_message(stage.doing().get(self.lang).to_owned());
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }

    fn step(&self) {
        self.bar.inc(1);
    }
}

/// Tells what is wrong with the command line, or shows help and version; the exit status.
pub(crate) fn usage(error: &clap::Error) -> u8 {
    if error.use_stderr() {
        let english = std::env::args().any(|a| a == "en" || a == "--lang=en");
        if !english {
            let _ = writeln!(std::io::stderr(), "コマンドの書き方が正しくありません。「torimatome --help」で使い方を確かめてください。\n");
        }
        let _ = error.print();
        return super::WRONG;
    }
    let _ = error.print();
    0
}

/// Whether the program was started from the Explorer, so that its window closes when it ends. A command prompt says that it is one (`PROMPT`), as do terminals
/// and shells with a profile; a window opened by a double click says nothing.
pub(crate) fn was_double_clicked() -> bool {
    let prompt = ["PROMPT", "WT_SESSION", "TERM", "TERM_PROGRAM", "CI"].iter().any(|name| environment(name));
    cfg!(windows) && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !prompt
}

/// A double click runs in the folder of the program, unless the folder it was started in holds a job.
///
/// # Errors
/// If the folder cannot be entered.
pub(crate) fn go_to_the_job_folder() -> anyhow::Result<()> {
    const SETTINGS: &str = "torimatome.toml";
    if std::path::Path::new(SETTINGS).exists() {
        return Ok(());
    }
    if let Some(folder) = std::env::current_exe()?.parent().filter(|folder| folder.join(SETTINGS).exists()) {
        std::env::set_current_dir(folder)?;
    }
    Ok(())
}
