//! The shell: terminal, clock, threads, store and portal around the pure part.

use crate::env::{Paths, Settings};
use crate::lang::{Explain, Msg};

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
    fn msg(&self) -> Msg {
        match self {
            UiError::Terminal(e) => Msg::new("ui-terminal").with("what", e.to_string()),
            UiError::Thread => Msg::new("ui-thread"),
        }
    }
}

/// Runs the app on this terminal until the person leaves; gives the exit code.
pub fn run(_paths: &Paths, _settings: Settings) -> Result<i32, UiError> {
    Err(UiError::Thread)
}
