//! What several tests need: a data folder, waiting without sleeping, the real binary, and foreign
//! tools that may be missing.
//!
//! Deliberately absent: anything that knows a notification; each test builds its own.

// Every test binary compiles the whole of this and uses a part.
#![allow(dead_code)]

pub mod registry;
pub mod source;
pub mod structure;
pub mod ward;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a condition may take to become true before a test gives up. Generous, because a test
/// that fails on a busy machine is worse than one that fails late.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for a data directory, deleted at the end of the test.
pub fn data_dir() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("ogoh-test-").tempdir().unwrap()
}

/// How often an attack is tried: 20,000 times, or as OGOH_ROUNDS says.
pub fn rounds() -> u64 {
    let wanted = std::env::var("OGOH_ROUNDS").ok().and_then(|n| n.parse().ok());
    wanted.unwrap_or(20_000)
}

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

/// Python with the given modules: `OGOH_PYTHON`, or else `python3`.
#[must_use]
pub fn python_with(modules: &[&str]) -> Option<PathBuf> {
    let python = PathBuf::from(std::env::var_os("OGOH_PYTHON").unwrap_or_else(|| "python3".into()));
    let mut probe = Command::new(&python);
    probe.arg("-c").arg(format!("import {}", modules.join(", ")));
    has_tool(&format!("Python with {}", modules.join(", ")), &mut probe).then_some(python)
}

/// Node with the package `jose` in the folder that `OGOH_NODE_MODULES` names, or else in this one.
#[must_use]
pub fn node_with_jose() -> Option<PathBuf> {
    let node = PathBuf::from("node");
    let mut probe = Command::new(&node);
    // Looks where `jose_check.mjs` looks; what needs a newer Node fails there, and loudly.
    probe.args([
        "-e",
        "require.resolve('jose', {paths: [process.env.OGOH_NODE_MODULES || '.']})",
    ]);
    has_tool("Node with jose", &mut probe).then_some(node)
}

/// The note of one run of the tests: all test programs of a run have the same parent.
pub fn not_run_note() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("not-run-{}", std::os::unix::process::parent_id()))
}

fn note_not_run(test: &str, tool: &str) {
    // Past the capture of test output, so that it shows where it happens, too.
    writeln!(std::io::stderr(), "NOT RUN: {test}: there is no {tool}").ok();
    let note = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(not_run_note());
    note.and_then(|mut f| writeln!(f, "{test}: there is no {tool}"))
        .unwrap();
}
