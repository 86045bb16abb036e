//! Start to first frame in a real pseudo-terminal, and the memory that is resident then.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ogoh::lang::{Lang, text};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::harness::{Bench, timed};
use crate::sample::{Dice, NAME, PASSPHRASE, Ward};

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

/// A program in a pseudo-terminal.
struct Started {
    began: Instant,
    child: Box<dyn Child + Send + Sync>,
    screen: vt100::Parser,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    // Dropping it hangs up.
    _master: Box<dyn MasterPty + Send>,
}

impl Drop for Started {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Started {
    /// Starts a program at 80×24.
    fn new(program: &Path, args: &[&str]) -> Started {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env("TERM", "xterm-256color");
        let (reader, writer) = (
            pty.master.try_clone_reader().unwrap(),
            pty.master.take_writer().unwrap(),
        );
        let screen = vt100::Parser::new(NonZero::new(24).unwrap(), NonZero::new(80).unwrap(), 0);
        let began = Instant::now();
        let child = pty.slave.spawn_command(command).unwrap();
        Started {
            began,
            child,
            screen,
            reader,
            writer,
            _master: pty.master,
        }
    }

    /// Waits until these words stand on the screen; gives the time since the start.
    fn shows(&mut self, words: &str) -> Duration {
        let mut buffer = [0; 16 * 1024];
        while !self.screen.screen().contents().contains(words) {
            let n = self.reader.read(&mut buffer).unwrap_or(0);
            let shown = self.screen.screen().contents();
            assert!(n > 0, "it ended without {words:?}: {shown}");
            assert!(
                self.began.elapsed() < Duration::from_secs(60),
                "no {words:?}: {shown}"
            );
            self.screen.process(&buffer[..n]);
        }
        self.began.elapsed()
    }

    /// Types.
    fn types(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Resident memory in KiB.
    fn resident(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.process_id().unwrap());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

/// The app with a full store against the smallest program, and its memory.
pub fn measure(bench: &mut Bench) {
    let count = bench.choose(2_000, 100_000);
    let folder = tempfile::tempdir().unwrap();
    let ward = Ward::new(folder.path());
    let mut store = ward.store();
    let (took, ()) = timed(|| ward.fill(&mut store, &mut Dice(2026), count));
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
    let app = || Started::new(&us, &["--data-dir", dir]);
    let small = || Started::new(&this, &[SMALLEST]);
    let pairs = bench.choose(20, 60);
    bench.pairs(
        &format!("start to first frame, {count} notifications / smallest ratatui program"),
        pairs,
        3.0,
        20.0,
        || vec![small().shows(SMALLEST_WORDS)],
        || vec![app().shows(facility)],
    );

    let mut least = small();
    least.shows(SMALLEST_WORDS);
    let mut app = app();
    app.shows(facility);
    // The only person, and what opens the key; its derivation takes 64 MiB and gives them back.
    app.shows(NAME);
    app.types("\r");
    app.shows(&text(Lang::En, "ui-passphrase"));
    app.types(PASSPHRASE);
    app.types("\r");
    app.shows(&text(Lang::En, "ui-list-unsent"));
    let (ours, limit) = (mib(app.resident()), mib(least.resident()));
    println!("resident at home, {count} notifications / smallest ratatui program");
    println!("  ours   {ours:.1} MiB");
    println!("  limit  {limit:.1} MiB");
    println!("  ratio  {:.2}", ours / limit);
    bench.bound("MiB resident", ours, 16.0, 48.0);
}

fn mib(kib: u64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let kib = kib as f64;
    kib / 1024.0
}
