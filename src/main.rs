//! The command `torimatome`: arguments, clock, exit status.
//!
//! In: the command line and the folder it is run in. Out: what [`torimatome`] says, on the terminal, and an exit status: 0 done, 1 errors are open (`check`,
//! `run --strict`) or a form is wrong, 2 a wrong command line, 3 a fault.
//! Stays true: this is the only place that reads the clock, the environment or the terminal; results go to standard output, progress and faults to standard error.
//! Neighbours: `arguments` are the commands, `screen` is the terminal; the texts come from [`torimatome::terminal`].

#[path = "main/arguments.rs"]
mod arguments;
#[path = "main/forms.rs"]
mod forms;
#[path = "main/screen.rs"]
mod screen;
#[path = "main/stopwatch.rs"]
mod stopwatch;

use arguments::{Arguments, Command, FormCommand};
use clap::{CommandFactory, Parser};
use screen::Screen;
use std::process::ExitCode;
use stopwatch::Stopwatch;
use torimatome::finding::{Lang, Severity};
use torimatome::plan::Job;
use torimatome::workbook::child;
use torimatome::{Options, Outcome, terminal};

/// Exit status: errors are open.
const OPEN: u8 = 1;
/// Exit status: a wrong command line.
const WRONG: u8 = 2;
/// Exit status: a fault of the machine, the settings or the program.
const FAULT: u8 = 3;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|first| first == child::ARGUMENT) {
        return read_for_our_parent(words.next().is_some_and(|second| second == child::TRIAL));
    }
    if let Ok(executable) = std::env::current_exe() {
        child::use_executable(executable);
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(screen::usage(&error)),
    };
    let screen = Screen::new(&arguments);
    let double_clicked = arguments.command.is_none() && screen::was_double_clicked();
    let status = execute(&arguments, &screen, double_clicked).unwrap_or_else(|error| {
        screen.fault(&error);
        FAULT
    });
    if double_clicked {
        screen.wait_for_a_key();
    }
    ExitCode::from(status)
}

/// The hidden half of the command: a process that reads workbooks for another one of the same executable.
fn read_for_our_parent(trial: bool) -> ExitCode {
    let done = child::serve(trial, &mut std::io::stdin().lock(), &mut std::io::stdout().lock());
    ExitCode::from(if done.is_ok() { 0 } else { FAULT })
}

/// Does what the command line says; the exit status.
fn execute(arguments: &Arguments, screen: &Screen, double_clicked: bool) -> anyhow::Result<u8> {
    match &arguments.command {
        None => jobs(arguments, screen, &[], Task { write: true, strict: false }, double_clicked),
        Some(Command::Run { jobs: names, strict }) => jobs(arguments, screen, names, Task { write: true, strict: *strict }, false),
        Some(Command::Check { jobs: names }) => jobs(arguments, screen, names, Task { write: false, strict: true }, false),
        Some(Command::Explain { code }) => Ok(explain(arguments, screen, code)),
        Some(Command::New { folder, form, templates }) => {
            forms::new_job(screen, folder, form, *templates)?;
            Ok(0)
        }
        Some(Command::Form(FormCommand::Check { folder })) => Ok(forms::check(arguments, screen, folder)),
        Some(Command::Form(FormCommand::Preview { folder, to })) => {
            forms::preview(screen, folder, to, arguments.date.unwrap_or_else(today))?;
            Ok(0)
        }
        Some(Command::Completions { shell }) => {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "torimatome", &mut bytes);
            screen.bytes(&bytes);
            Ok(0)
        }
        Some(Command::Man) => {
            let mut bytes = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut bytes)?;
            screen.bytes(&bytes);
            Ok(0)
        }
    }
}

/// What is done with each job.
#[derive(Clone, Copy)]
struct Task {
    /// Write the output, or read and reconcile only.
    write: bool,
    /// Whether open errors show in the exit status.
    strict: bool,
}

/// Runs the jobs of the folder, all or those named. A job with a fault does not keep the others from running.
fn jobs(arguments: &Arguments, screen: &Screen, names: &[String], task: Task, double_clicked: bool) -> anyhow::Result<u8> {
    if double_clicked {
        screen::go_to_the_job_folder()?;
    }
    #[allow(clippy::disallowed_methods)] // Here the folder in which the command runs is asked for, once.
    let here = std::env::current_dir()?;
    let all = Job::of_folder(&here)?;
    let known: Vec<&str> = all.iter().map(|j| j.settings.id.as_str()).collect();
    if let Some(unknown) = names.iter().find(|n| !known.contains(&n.as_str())) {
        screen.unknown_job(unknown, &known);
        return Ok(WRONG);
    }
    let options = Options { date: arguments.date.unwrap_or_else(today), lang: arguments.lang(), write: task.write };
    let mut status = 0;
    let mut told = Vec::new();
    for job in all.iter().filter(|j| names.is_empty() || names.contains(&j.settings.id)) {
        let progress = Stopwatch::new(screen.progress(job));
        // In a worker itself, the run shares the memory that the workers give back; a thread of its own would keep that apart.
        let outcome = rayon::scope(|_| torimatome::run(job, &options, &progress));
        progress.shown().finish();
        match outcome {
            Ok(outcome) => {
                if task.strict && open_errors(&outcome) && status == 0 {
                    status = OPEN;
                }
                if arguments.json {
                    told.push(terminal::machine(job, &outcome));
                } else {
                    screen.print(&text(screen, job, &outcome, task));
                    screen.remark(&progress.line(arguments.lang()));
                }
            }
            Err(error) => {
                status = FAULT;
                told.push(terminal::failed(job, &error));
                screen.job_fault(job, &error);
            }
        }
    }
    if arguments.json {
        screen.print(&format!("{:#}\n", serde_json::json!({ "version": env!("CARGO_PKG_VERSION"), "status": status, "jobs": told })));
    }
    Ok(status)
}

/// What a person reads of a job: after `check` every finding, after `run` the summary alone (the findings are on the page).
fn text(screen: &Screen, job: &Job, outcome: &Outcome, task: Task) -> String {
    let look = screen.look();
    let summary = terminal::summary(look, job, outcome);
    if task.write { summary } else { format!("{summary}{}", terminal::listing(look, job, &outcome.settled)) }
}

/// Whether an error is open.
fn open_errors(outcome: &Outcome) -> bool {
    outcome.settled.findings.iter().any(|f| f.is_open() && f.rule.severity == Severity::Error)
}

/// Explains a code.
fn explain(arguments: &Arguments, screen: &Screen, code: &str) -> u8 {
    match terminal::explain(screen.look(), code) {
        Ok(page) => {
            screen.print(&page);
            0
        }
        Err(unknown) => {
            let nearest: Vec<String> = unknown.nearest.iter().map(|(code, slug)| format!("{code}（{slug}）")).collect();
            screen.complain(&match arguments.lang() {
                Lang::Ja => format!("「{code}」という指摘の番号はありません。近いもの： {}", nearest.join("、")),
                Lang::En => format!("there is no finding with the code \"{code}\"; the nearest are {}", nearest.join(", ")),
            });
            WRONG
        }
    }
}

/// The day in Japan: the one place that reads the clock.
fn today() -> chrono::NaiveDate {
    #[allow(clippy::disallowed_methods)]
    let now = std::time::SystemTime::now();
    let seconds = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    chrono::DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(0) + 9 * 3600, 0).map_or(chrono::NaiveDate::MIN, |t| t.date_naive())
}
