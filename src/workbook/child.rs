//! A second process of the same executable, in which calamine reads the formats that could abort a process: .xls, .xlsb and .ods.
//!
//! In: the bytes of a workbook that our own reader has passed and that is small from corner to corner. Out: its values as bytes, or nothing.
//! Stays true: whatever the child does costs only its own reading. If it dies, hangs past its time, takes too much memory or cannot be started, nothing comes
//! back and the values of our own bounded reader stand, which are the same. The parent waits, and kills the child that it started, by its handle.
//! Limits: the time per file on every system. The memory on Linux, where the parent watches the resident size of the child in `/proc` while it waits; elsewhere
//! there is no safe means for it in the standard library, so that there the scan before it (cells from corner to corner) and the time limit bound the child.
//! Neighbours: `main` starts [`serve`] for a hidden argument and names the executable; `values` makes the answer and lays it over the grid.

use super::{Workbook, values};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::Duration;

/// The hidden argument of the command behind which [`serve`] runs.
pub const ARGUMENT: &str = "__read-values";
/// A word behind [`ARGUMENT`] that makes a child obey the orders in test files: to hang, to die, to eat memory.
pub const TRIAL: &str = "trial";
/// How long one file may take.
pub const TIME: Duration = Duration::from_secs(20);
/// How much memory a child may hold, in bytes.
pub const MEMORY: u64 = 512 << 20;

/// How often the parent looks at a child that it waits for.
const STEP: Duration = Duration::from_millis(10);
/// After so many children were lost no more are started: a folder full of bombs shall not cost a process each.
const LOSSES: u32 = 20;
/// The longest answer that is taken.
const ANSWER_BYTES: u64 = 512 << 20;

static SHARED: OnceLock<Readers> = OnceLock::new();

/// Names the executable that understands [`ARGUMENT`]; without it our own reader serves alone. The first call counts.
pub fn use_executable(executable: PathBuf) {
    let _ = SHARED.set(Readers::new(executable, vec![ARGUMENT.into()], TIME, MEMORY));
}

/// The readers of this process, if [`use_executable`] was called.
pub(super) fn shared() -> Option<&'static Readers> {
    SHARED.get()
}

/// Up to two child processes, started when they are first needed and used for many files.
#[derive(Debug)]
pub struct Readers {
    executable: PathBuf,
    arguments: Vec<OsString>,
    time: Duration,
    memory: u64,
    workers: [Mutex<Option<Worker>>; 2],
    lost: AtomicU32,
}

impl Readers {
    /// Readers that run this command; nothing is started yet.
    pub fn new(executable: PathBuf, arguments: Vec<OsString>, time: Duration, memory: u64) -> Self {
        Readers { executable, arguments, time, memory, workers: [Mutex::new(None), Mutex::new(None)], lost: AtomicU32::new(0) }
    }

    /// How many children were lost so far.
    pub fn lost(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Lets a child read the values and lays them over the grid, if the workbook is one for it.
    pub(super) fn read(&self, bytes: &[u8], workbook: &mut Workbook) {
        if values::is_dense(workbook.format)
            && values::is_small_when_dense(workbook)
            && let Some(answer) = self.ask(bytes)
        {
            values::lay_answer(&answer, workbook);
        }
    }

    /// The answer of a child; `None` if there is none. A child that fails is ended, and the next file gets a new one.
    fn ask(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut slot = self.free_worker();
        if slot.is_none() && self.lost() < LOSSES {
            *slot = Worker::start(&self.executable, &self.arguments);
            if slot.is_none() {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
        match slot.as_mut()?.ask(bytes, self.time, self.memory) {
            Ok(answer) => answer,
            Err(Lost) => {
                self.lost.fetch_add(1, Ordering::Relaxed);
                *slot = None;
                None
            }
        }
    }

    fn free_worker(&self) -> MutexGuard<'_, Option<Worker>> {
        for worker in &self.workers {
            match worker.try_lock() {
                Ok(slot) => return slot,
                Err(TryLockError::Poisoned(slot)) => return slot.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.workers[0].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The child is of no more use.
struct Lost;

/// One child with a thread for each of its pipes, so that neither a child that does not read nor one that does not write can hold us.
#[derive(Debug)]
struct Worker {
    child: Child,
    requests: Sender<Vec<u8>>,
    answers: Receiver<Option<Vec<u8>>>,
}

impl Worker {
    fn start(executable: &PathBuf, arguments: &[OsString]) -> Option<Worker> {
        let mut child = Command::new(executable).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let (mut input, mut output) = (child.stdin.take()?, child.stdout.take()?);
        let (requests, to_write) = channel::<Vec<u8>>();
        let (to_read, answers) = channel();
        std::thread::spawn(move || {
            for request in to_write {
                if write_frame(&mut input, &request).is_err() {
                    return;
                }
            }
        });
        std::thread::spawn(move || {
            while let Ok(Some(frame)) = read_frame(&mut output, ANSWER_BYTES) {
                // The first byte says whether calamine could read it.
                let answer = frame.split_first().filter(|(mark, _)| **mark == 1).map(|(_, rest)| rest.to_vec());
                if to_read.send(answer).is_err() {
                    return;
                }
            }
        });
        Some(Worker { child, requests, answers })
    }

    fn ask(&mut self, bytes: &[u8], time: Duration, memory: u64) -> Result<Option<Vec<u8>>, Lost> {
        self.requests.send(bytes.to_vec()).map_err(|_| Lost)?;
        let mut waited = Duration::ZERO;
        loop {
            match self.answers.recv_timeout(STEP) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err(Lost),
                Err(RecvTimeoutError::Timeout) => waited += STEP,
            }
            if waited >= time || resident(self.child.id()).is_some_and(|size| size > memory) {
                return Err(Lost);
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How much memory a process holds, where the system says so in `/proc`.
fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? << 10)
}

fn write_frame(to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

/// The next frame; `None` at the end, or if it is longer than it may be.
fn read_frame(from: &mut dyn Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0u8; 8];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from_le_bytes(length);
    if length > limit {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 == length).then_some(bytes))
}

/// The child: reads workbooks from its input and writes their values to its output, until the input ends.
///
/// # Errors
/// If a pipe breaks; then the parent is gone or has given up.
pub fn serve(trial: bool, input: &mut dyn Read, output: &mut dyn Write) -> io::Result<()> {
    while let Some(bytes) = read_frame(input, super::limits::FILE_BYTES as u64)? {
        if trial {
            obey(&bytes);
        }
        let answer = std::panic::catch_unwind(|| values::answer(&bytes)).ok().flatten();
        let mut frame = vec![u8::from(answer.is_some())];
        frame.extend(answer.unwrap_or_default());
        write_frame(output, &frame)?;
    }
    Ok(())
}

/// Does what a test file orders.
fn obey(bytes: &[u8]) {
    let ordered = |word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    if ordered("TRIAL-DIE") {
        std::process::abort();
    }
    if ordered("TRIAL-HANG") {
        std::thread::sleep(Duration::from_secs(600));
    }
    if ordered("TRIAL-EAT") {
        let mut eaten: Vec<Vec<u8>> = Vec::new();
        for n in 0..200u8 {
            eaten.push(vec![n | 1; 16 << 20]);
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(eaten);
    }
}
