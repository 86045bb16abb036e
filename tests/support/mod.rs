//! What several tests need: a data folder, waiting without sleeping, the real binary, and foreign
//! tools that may be missing.
//!
//! Deliberately absent: anything that knows a notification; each test builds its own.

pub mod delivering;
pub mod kept;
pub mod not_run;
pub mod ward;

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a condition may take to become true before a test gives up. Generous, because a test
/// that fails on a busy machine is worse than one that fails late.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for a data directory, deleted at the end of the test.
pub fn data_dir() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("ogoh-test-").tempdir().unwrap()
}

/// A folder in memory where the system has room there, for tests that bring much to the disk and cut no power;
/// else one on the disk.
pub fn scratch_dir() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let roomy = fs4::available_space(memory).is_ok_and(|free| free > ENOUGH);
    let made = roomy.then(|| tempfile::tempdir_in(memory).ok()).flatten();
    made.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

/// Bytes of memory that many such tests at once do not fill.
const ENOUGH: u64 = 2 << 30;

/// Asks again every 5 ms until there is an answer; fails the test, naming what it waited for,
/// when there is none within [`PATIENCE`].
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let give_up = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < give_up, "waited {PATIENCE:?} for: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// The real binary, with none of the surrounding settings of whoever runs the tests.
pub fn ogoh() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ogoh"));
    for name in [
        "OGOH_DATA_DIR",
        "OGOH_LANG",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "NO_COLOR",
        "LC_ALL",
        "LANG",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs a command to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a command that is killed as it makes a system call for the `when`th time. Needs `strace`.
#[track_caller]
pub fn killed_at(command: &Command, call: &str, when: usize) -> Ran {
    let inject = format!("inject={call}:signal=SIGKILL:when={when}");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", &inject]);
    run(traced.arg(command.get_program()).args(command.get_args()))
}

/// Copies the files of a folder, which is made where it is not there.
pub fn copied(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// A running program that is killed and reaped when the test ends, also when it fails.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Whether a foreign program answers, for a test that cross-checks with it.
///
/// Where it does not, the test returns early and its name is noted: `without_tools`, the last
/// of the test programs, prints it. With the environment variable `CI` set a missing tool fails.
#[must_use]
pub fn has_tool(name: &str, probe: &mut Command) -> bool {
    let answers = probe
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    if !answers {
        let test = std::thread::current().name().unwrap_or("?").to_owned();
        assert!(
            std::env::var_os("CI").is_none(),
            "{test} needs {name}, and under CI nothing is left out"
        );
        note_not_run(&test, name);
    }
    answers
}

fn note_not_run(test: &str, tool: &str) {
    // One piece each, so that tests that say it at once do not write into each other's words.
    let line = format!("{test}: there is no {tool}\n");
    // Past the capture of test output, so that it shows where it happens, too.
    std::io::stderr()
        .write_all(format!("NOT RUN: {line}").as_bytes())
        .ok();
    let note = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(not_run::note());
    note.and_then(|mut f| f.write_all(line.as_bytes())).unwrap();
}
