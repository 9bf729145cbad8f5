//! The command `torimatome`: arguments, clock, exit status.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use torimatome::finding::{Lang, Severity};
use torimatome::plan::Job;
use torimatome::{Options, Quiet};

/// 取りまとめ: 各課の報告を計画と突き合わせ、調書・冊子・集計表を作ります。
#[derive(Parser)]
#[command(name = "torimatome", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Messages in English.
    #[arg(long, global = true, default_value = "ja")]
    lang: String,
    /// The day of the run (default: today).
    #[arg(long, global = true)]
    date: Option<chrono::NaiveDate>,
}

#[derive(Subcommand)]
enum Command {
    /// Read, reconcile, print.
    Run {
        jobs: Vec<String>,
        #[arg(long)]
        strict: bool,
    },
    /// Read and reconcile only.
    Check { jobs: Vec<String> },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            report(&format!("{error:#}"));
            ExitCode::from(3)
        }
    }
}

#[allow(clippy::print_stderr)]
fn report(text: &str) {
    eprintln!("{text}");
}

#[allow(clippy::disallowed_methods)] // The command asks where it runs; the library never does.
fn execute(arguments: &Arguments) -> anyhow::Result<u8> {
    let (names, write, strict) = match &arguments.command {
        None => (Vec::new(), true, false),
        Some(Command::Run { jobs, strict }) => (jobs.clone(), true, *strict),
        Some(Command::Check { jobs }) => (jobs.clone(), false, true),
    };
    let lang = if arguments.lang == "en" { Lang::En } else { Lang::Ja };
    let date = arguments.date.unwrap_or_else(today);
    let mut open_errors = 0;
    for job in Job::of_folder(&std::env::current_dir()?)? {
        if !names.is_empty() && !names.contains(&job.settings.id) {
            continue;
        }
        let outcome = torimatome::run(&job, &Options { date, lang, write }, &Quiet)?;
        for f in &outcome.settled.findings {
            report(&format!("{} {:?} {} {}", f.rule.code, f.rule.severity, f.origin, f.message.get(lang)));
        }
        open_errors += outcome.settled.findings.iter().filter(|f| f.is_open() && f.rule.severity == Severity::Error).count();
    }
    Ok(u8::from(strict && open_errors > 0))
}

/// The day in Japan: the one place that reads the clock.
#[allow(clippy::disallowed_methods)] // See above.
fn today() -> chrono::NaiveDate {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    chrono::DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(0) + 9 * 3600, 0).map_or(chrono::NaiveDate::MIN, |t| t.date_naive())
}
