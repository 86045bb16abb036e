//! The real binary in a real pseudo-terminal, and what a person would see there.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::support::until;

/// An app on a terminal of 80 by 24.
pub struct App {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    screen: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

fn nonzero(n: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(n).unwrap()
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl App {
    /// Starts the app on a data folder.
    pub fn start(dir: &Path, more: &[(&str, &str)]) -> App {
        App::command(&["--data-dir", &dir.display().to_string(), "--lang", "en"], more)
    }

    /// Starts a command.
    pub fn command(args: &[&str], more: &[(&str, &str)]) -> App {
        let pair = native_pty_system().openpty(size(80, 24)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ogoh"));
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("PATH", "/usr/bin:/bin");
        for (name, value) in more {
            command.env(name, value);
        }
        command.args(args);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let seen = Arc::new(Mutex::new(Seen {
            screen: vt100::Parser::new(nonzero(24), nonzero(80), 0),
            bytes: Vec::new(),
            ended: false,
        }));
        let feeding = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let n = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = feeding.lock().unwrap();
                if n == 0 {
                    seen.ended = true;
                    return;
                }
                seen.screen.process(&buffer[..n]);
                seen.bytes.extend_from_slice(&buffer[..n]);
            }
        });
        App {
            child,
            master: pair.master,
            writer,
            seen,
        }
    }

    /// Sends bytes as a terminal would.
    pub fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// What stands on the screen.
    pub fn screen(&self) -> String {
        self.seen.lock().unwrap().screen.screen().contents()
    }

    /// The character before the cursor.
    pub fn before_cursor(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let (row, column) = seen.screen.screen().cursor_position();
        let cell = seen.screen.screen().cell(row, column.saturating_sub(1));
        cell.map(|c| c.contents().to_owned()).unwrap_or_default()
    }

    /// Everything that was ever written to the terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().unwrap().bytes.clone()
    }

    /// Whether the alternate screen is on.
    pub fn is_alternate(&self) -> bool {
        self.seen.lock().unwrap().screen.screen().alternate_screen()
    }

    /// Waits until this stands on the screen.
    #[track_caller]
    pub fn shows(&self, wanted: &str) {
        self.shows_when(wanted, |s| s.contains(wanted));
    }

    /// Waits until the screen is as wanted.
    #[track_caller]
    pub fn shows_when(&self, what: &str, fine: impl Fn(&str) -> bool) {
        let end = std::time::Instant::now() + crate::support::PATIENCE;
        loop {
            let screen = self.screen();
            if fine(&screen) {
                return;
            }
            assert!(std::time::Instant::now() < end, "no “{what}” on:\n{screen}");
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
    }

    /// Sends keys and waits until this stands on the screen.
    #[track_caller]
    pub fn sees(&mut self, keys: &str, wanted: &str) {
        self.send(keys);
        self.shows(wanted);
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        // The picture first: what the app draws for the new size must not be read at the old one.
        let mut seen = self.seen.lock().unwrap();
        if columns > 0 && rows > 0 {
            seen.screen.screen_mut().set_size(nonzero(rows), nonzero(columns));
        }
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Its process.
    pub fn pid(&self) -> String {
        self.child.process_id().unwrap().to_string()
    }

    /// A signal by its name.
    pub fn signal(&self, name: &str) {
        let status = std::process::Command::new("kill")
            .args([name, &self.pid()])
            .status();
        assert!(status.unwrap().success());
    }

    /// Waits for its end and gives the exit code.
    pub fn ends(&mut self) -> u32 {
        let status = until("the end of the app", || self.child.try_wait().unwrap());
        let seen = Arc::clone(&self.seen);
        until("the end of its output", || {
            seen.lock().unwrap().ended.then_some(())
        });
        status.exit_code()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The app with the midwife at work. People stand in the order of their logins.
pub fn at_work(ward: &crate::support::ward::WardDevice, more: &[(&str, &str)]) -> App {
    let mut app = App::start(&ward.dir(), more);
    app.shows("Who is working now?");
    app.shows("Қосимова");
    app.send(key::DOWN);
    app.shows_when("the midwife chosen", |s| {
        s.lines().any(|l| l.contains('→') && l.contains("Қосимова"))
    });
    app.send("mehri 11");
    app.sees(key::ENTER, "No unfinished drafts.");
    app
}

/// Walks to a question with Tab.
pub fn focus(app: &mut App, label: &str) {
    let at = |s: &str| {
        s.lines()
            .find(|l| l.contains('→') && !l.contains("F8"))
            .map(str::to_owned)
    };
    for _ in 0..80 {
        let here = until("a question in focus", || at(&app.screen()));
        if here.contains(label) {
            return;
        }
        app.send(key::TAB);
        app.shows_when("another question", |s| at(s).is_some_and(|l| l != here));
    }
    panic!("{label} is not reached:\n{}", app.screen());
}

/// Types the whole of a normal birth, from the time on.
pub fn type_birth(app: &mut App, surname: &str) {
    app.sees("и", "Time of birth");
    focus(app, "Date of birth");
    app.sees(key::F[4], "today");
    app.send(key::ENTER);
    app.sees(key::F[4], "min ago");
    app.send(key::ENTER);
    app.send("2\r3350\r51,5\r39\r");
    app.shows("39");
    focus(app, "Mother's surname");
    app.send(surname);
    app.sees("\rҶамила\r\r17041998", "years old");
    app.send("\r\r13\r");
    app.shows("Bokhtar");
}

/// Keys by their bytes.
pub mod key {
    /// Enter.
    pub const ENTER: &str = "\r";
    /// Tab.
    pub const TAB: &str = "\t";
    /// Esc; what follows must come later, or it is read as Alt.
    pub const ESC: &str = "\x1b";
    /// Down.
    pub const DOWN: &str = "\x1b[B";
    /// F1 to F12.
    pub const F: [&str; 13] = [
        "", "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~",
        "\x1b[20~", "\x1b[21~", "\x1b[23~", "\x1b[24~",
    ];
}
