//! Start to first frame in a real pseudo-terminal, and the memory that is resident then.

use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use crate::harness::{Bench, timed};
use crate::sample::Ward;

/// Argument that makes this program the smallest terminal program there is.
pub const SMALLEST: &str = "--smallest";
const SMALLEST_WORDS: &str = "smallest program";

/// Draws one paragraph and waits for a key: what every ratatui program pays.
pub fn smallest() {
    let mut terminal = ratatui::init();
    terminal
        .draw(|frame| frame.render_widget(ratatui::widgets::Paragraph::new(SMALLEST_WORDS), frame.area()))
        .unwrap();
    crossterm::event::read().ok();
    ratatui::restore();
}

/// A program that has drawn its first frame.
struct Started {
    took: Duration,
    child: Box<dyn Child + Send + Sync>,
    // Dropping it hangs up.
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Drop for Started {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Started {
    /// Resident memory in KiB.
    fn resident(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.process_id().unwrap());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

/// Starts a program at 80×24 and waits until these words stand on the screen.
fn start(program: &Path, args: &[&str], words: &str) -> Started {
    let pty = native_pty_system()
        .openpty(PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.env("TERM", "xterm-256color");
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut screen = vt100::Parser::new(cells(24), cells(80), 0);
    let mut buffer = [0; 16 * 1024];
    let began = Instant::now();
    let child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    loop {
        let n = reader.read(&mut buffer).unwrap_or(0);
        assert!(
            n > 0,
            "{} ended without a frame: {}",
            program.display(),
            screen.screen().contents()
        );
        screen.process(&buffer[..n]);
        if screen.screen().contents().contains(words) {
            return Started {
                took: began.elapsed(),
                child,
                _master: pty.master,
            };
        }
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "no frame: {}",
            screen.screen().contents()
        );
    }
}

/// The app with a full store against the smallest program, and its memory.
pub fn measure(bench: &mut Bench) {
    let count = bench.choose(10_000, 100_000);
    let folder = tempfile::tempdir().unwrap();
    let ward = Ward::new(folder.path());
    let mut store = ward.store();
    let (took, ()) = timed(|| ward.fill(&mut store, count));
    let queued = store.queue().unwrap().unsent;
    assert!(queued >= count as u64, "{queued} are queued");
    drop(store);
    println!(
        "a store with {count} notifications, filled in {:.1} s",
        took.as_secs_f64()
    );

    let us = PathBuf::from(env!("CARGO_BIN_EXE_ogoh"));
    let this = std::env::current_exe().unwrap();
    let dir = ward.paths.dir().to_str().unwrap();
    let facility = ward.settings.facility.name.as_str();
    let app = || start(&us, &["--data-dir", dir], facility);
    let pairs = bench.choose(20, 60);
    bench.pairs(
        &format!("start to first frame, {count} notifications / smallest ratatui program"),
        pairs,
        3.0,
        10.0,
        || vec![start(&this, &[SMALLEST], SMALLEST_WORDS).took],
        || vec![app().took],
    );

    let resident = app().resident();
    let least = start(&this, &[SMALLEST], SMALLEST_WORDS).resident();
    println!("resident after the first frame, {count} notifications");
    println!("  ours   {:.1} MiB", mib(resident));
    println!("  limit  {:.1} MiB, the smallest ratatui program", mib(least));
    println!("  ratio  {:.2}", mib(resident) / mib(least));
    bench.bound("MiB resident", mib(resident), 16.0, 32.0);
}

fn cells(n: u16) -> NonZero<u16> {
    NonZero::new(n).unwrap()
}

fn mib(kib: u64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let kib = kib as f64;
    kib / 1024.0
}
