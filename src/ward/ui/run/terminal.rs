//! The real terminal: taken over at the start, given back at any end.

use std::io::{self, Stdout, Write};
use std::sync::mpsc::Sender;

use crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyEventKind};
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::super::Msg;

/// The screen; given back when it goes.
#[derive(Debug)]
pub struct TerminalGuard(Terminal<CrosstermBackend<Stdout>>);

impl std::ops::Deref for TerminalGuard {
    type Target = Terminal<CrosstermBackend<Stdout>>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::ops::DerefMut for TerminalGuard {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Takes the terminal over.
pub(super) fn open() -> io::Result<TerminalGuard> {
    // With NO_COLOR set crossterm would drop bold and reverse as well, and the focus with them;
    // the theme follows NO_COLOR instead.
    crossterm::style::force_color_output(true);
    terminal::enable_raw_mode()?;
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        // A panic's own words could hold what somebody typed; its place never does.
        match std::env::var_os("RUST_BACKTRACE") {
            Some(_) => before(info),
            None => {
                let place = info
                    .location()
                    .map(|l| format!("{}:{}", l.file(), l.line()))
                    .unwrap_or_default();
                let _ = writeln!(io::stderr(), "ogoh: defect at {place}. Drafts are on disk.");
            }
        }
    }));
    let mut out = io::stdout();
    // Cleared here and not by ratatui, which would first ask the terminal where its cursor is and
    // wait for the answer: a journey to and fro over SSH, and a failure where nobody answers.
    execute!(
        out,
        EnterAlternateScreen,
        Clear(ClearType::All),
        EnableBracketedPaste
    )?;
    Ok(TerminalGuard(Terminal::new(CrosstermBackend::new(out))?))
}

fn give_back() {
    let _ = execute!(
        io::stdout(),
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = terminal::disable_raw_mode();
}

/// Starts the threads that listen to the keyboard and to the system.
pub(super) fn listen(inbox: &Sender<Msg>) {
    let keys = inbox.clone();
    std::thread::spawn(move || {
        loop {
            let msg = match event::read() {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Msg::Key(key),
                Ok(Event::Paste(text)) => Msg::Paste(text),
                // On Unix the signal tells it, below.
                Ok(Event::Resize(..)) if cfg!(not(unix)) => Msg::Resize,
                Ok(_) => continue,
                // The terminal has gone: the line to it broke off.
                Err(_) => Msg::Terminate,
            };
            let end = matches!(msg, Msg::Terminate);
            if keys.send(msg).is_err() || end {
                return;
            }
        }
    });
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
        let inbox = inbox.clone();
        if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGWINCH]) {
            std::thread::spawn(move || {
                // A change of size is listened for here: where a key comes in the same moment, the
                // reader of keys can lose it, and what the terminal cut off stays lost.
                for signal in signals.forever() {
                    let (msg, end) = match signal {
                        SIGWINCH => (Msg::Resize, false),
                        _ => (Msg::Terminate, true),
                    };
                    if inbox.send(msg).is_err() || end {
                        return;
                    }
                }
            });
        }
    }
}
