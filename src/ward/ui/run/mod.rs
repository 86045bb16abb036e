//! The shell: terminal, clock, threads, store and portal around the pure part.
//!
//! Threads: one reads the keyboard, one waits for signals, one works (its own connection to the
//! store; effects in order), one delivers in the background. All of them send messages into one
//! channel, and the screen is drawn after messages only; beside them one timer, once a minute.
//!
//! Deliberately absent: what a message means. That is [`update`](super::update()).

mod order;
mod read;
mod terminal;
mod words;
mod worker;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use chrono::Timelike;
use ratatui::Terminal;
use ratatui::backend::Backend;

use super::data::Shown;
use super::theme::Theme;
use super::{Effect, Model, Msg, update, view};
use crate::env::ClockTrust;
use crate::lang::{self, Explain};
use crate::ward::deliver::{self, PushHandle, PushReport};
use crate::ward::workplace::Workplace;

pub use order::Order;
pub use worker::Worker;

/// What keeps the app from running.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    /// The terminal refuses.
    #[error("terminal: {0}")]
    Terminal(#[source] std::io::Error),
    /// A thread of the program has ended before its time.
    #[error("a part of the program stopped")]
    Thread,
}

impl Explain for UiError {
    fn msg(&self) -> lang::Msg {
        match self {
            UiError::Terminal(e) => lang::Msg::new("ui-terminal").with("what", e.to_string()),
            UiError::Thread => lang::Msg::new("ui-thread"),
        }
    }
}

/// How the app opens.
#[derive(Debug, Default)]
pub struct Opening {
    /// Lines that the help ends with.
    pub notes: Vec<String>,
    /// Who works from the start: login and passphrase. Nobody on a ward; a demonstration opens on
    /// the home screen.
    pub person: Option<(String, super::msg::Secret)>,
}

/// Runs the app on this terminal until the person leaves; gives the exit code.
///
/// # Errors
/// What keeps it from starting: the terminal.
pub fn run(workplace: Workplace, opening: Opening) -> Result<i32, UiError> {
    let (settings, clock) = (workplace.settings.clone(), Arc::clone(&workplace.clock));
    let push_handle = PushHandle::new();
    let mono = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let theme = if mono { Theme::mono() } else { Theme::colour() };
    let mut model = Model::new(settings, theme, clock.now(), ClockTrust::Unsynced);
    model.notes = opening.notes;
    let (inbox, messages) = channel();
    let (effects, orders) = channel();
    let mut screen = terminal::open().map_err(UiError::Terminal)?;
    terminal::listen(&inbox);
    let delivering = deliver_in_background(&workplace, &push_handle, &inbox, &effects);
    let worker = Worker::new(workplace, Some(push_handle.clone()));
    let working = {
        let inbox = inbox.clone();
        std::thread::spawn(move || worker.run(&orders, &inbox))
    };
    if let Some((login, secret)) = opening.person {
        let unlock = Effect::Unlock { login, secret };
        effects.send(Order::Do(unlock)).map_err(|_| UiError::Thread)?;
    }
    let done = main_loop(&mut screen, model, &messages, &effects);
    // What was typed last is still on its way to the disk: the worker finishes its orders first.
    let _ = effects.send(Order::End);
    push_handle.stop();
    let worked = working.join();
    drop(screen);
    // Waiting for the portal is cut off by the end of the process; entries are sent again.
    drop(delivering);
    worked.map_err(|_| UiError::Thread)?;
    done
}

fn deliver_in_background(
    workplace: &Workplace,
    push_handle: &PushHandle,
    inbox: &Sender<Msg>,
    effects: &Sender<Order>,
) -> std::thread::JoinHandle<()> {
    let (paths, settings) = (workplace.paths.clone(), workplace.settings.clone());
    let (device, clock) = (workplace.device.clone(), Arc::clone(&workplace.clock));
    let push_handle = push_handle.clone();
    let (inbox, effects) = (inbox.clone(), effects.clone());
    std::thread::spawn(move || {
        let tell = |report: &PushReport| {
            // Nobody asked for it, and everybody wonders what their line is busy with.
            if let Some(msg) = report.given_back_msg() {
                let _ = inbox.send(Msg::Notice(Shown::new(msg)));
            }
            let shown = match &report.error {
                Some(error) => Shown::of(error),
                None => Shown::new(report.given_back_msg().unwrap_or_else(|| report.msg())),
            };
            let _ = inbox.send(Msg::Sent(shown));
            let _ = effects.send(Order::Do(Effect::Queue));
        };
        let done = deliver::watch(&paths, &settings, &device, clock.as_ref(), &push_handle, tell);
        if let Err(error) = done {
            let _ = inbox.send(Msg::Failed(Shown::of(&error)));
        }
    })
}

/// Takes messages, draws, hands effects on, until somebody quits.
///
/// # Errors
/// The terminal's, and the end of the worker.
pub fn main_loop<B: Backend>(
    screen: &mut Terminal<B>,
    mut model: Model,
    messages: &Receiver<Msg>,
    effects: &Sender<Order>,
) -> Result<i32, UiError> {
    let send = |effect| effects.send(Order::Do(effect)).map_err(|_| UiError::Thread);
    send(Effect::People)?;
    // The header speaks of the queue from the first moment; it must not say "no receipt yet".
    send(Effect::Queue)?;
    let idle = Duration::from_secs(u64::from(model.settings.lock_minutes) * 60);
    let mut touched = Instant::now();
    let mut minute = Instant::now();
    loop {
        screen
            .draw(|frame| view(&model, frame))
            .map_err(|e| UiError::Terminal(std::io::Error::other(e.to_string())))?;
        let first = match messages.recv_timeout(minute.saturating_duration_since(Instant::now())) {
            Ok(msg) => msg,
            Err(RecvTimeoutError::Timeout) => {
                // The worker's answer sets the next one to the turn of the minute.
                minute = Instant::now() + Duration::from_secs(60);
                send(Effect::Time)?;
                if touched.elapsed() >= idle && model.user.is_some() {
                    Msg::Idle
                } else {
                    continue;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Err(UiError::Thread),
        };
        // Everything that has come goes into one drawing: a paste is no flicker.
        let mut next = Some(first);
        while let Some(msg) = next {
            if matches!(msg, Msg::Key(_) | Msg::Paste(_)) {
                touched = Instant::now();
            }
            if matches!(msg, Msg::Resize) {
                // A terminal that shrank and grew back before anybody looked has lost what stood
                // on it, though its size is the one last drawn: the whole screen is painted again.
                let failed = |e: B::Error| UiError::Terminal(std::io::Error::other(e.to_string()));
                let size = screen.size().map_err(failed)?;
                screen.resize(size.into()).map_err(failed)?;
            }
            if let Msg::Tick(now, _) = &msg {
                minute = Instant::now() + Duration::from_secs(u64::from(60 - now.second().min(59)));
            }
            for effect in update(&mut model, msg) {
                if effect == Effect::Quit {
                    return Ok(0);
                }
                send(effect)?;
            }
            next = messages.try_recv().ok();
        }
    }
}
