//! What was looked at and how it is.

use crate::lang::Msg;

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A stable word.
    pub what: &'static str,
    /// How it is.
    pub level: Level,
    /// What was found.
    pub msg: Msg,
    /// Until when it holds, where that is known (RFC 3339).
    pub until: Option<String>,
}

/// How a thing that was looked at is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Good,
    /// As it should be, and not for long.
    Soon,
    /// Something has to be done.
    Bad,
}

impl Level {
    /// A stable word for it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Good => "good",
            Level::Soon => "soon",
            Level::Bad => "bad",
        }
    }
}

impl Finding {
    pub(super) fn new(what: &'static str, level: Level, msg: Msg) -> Finding {
        Finding {
            what,
            level,
            msg,
            until: None,
        }
    }

    /// Whether nothing has to be done now.
    pub fn is_ok(&self) -> bool {
        self.level != Level::Bad
    }
}
