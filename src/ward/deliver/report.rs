//! What came of a push.

use chrono::{DateTime, FixedOffset};

use super::DeliverError;
use crate::lang::Msg;

/// What came of a push. Counts, no content.
#[derive(Debug, Default)]
pub struct PushReport {
    /// Entries that got a receipt in this push.
    pub sent: usize,
    /// Receipts that were new to us, from deliveries and from the feed.
    pub receipts: usize,
    /// A newer trust list came: keys are believed, or revoked.
    pub trust: bool,
    /// Notifications that were given back to a registry that was restored from a copy.
    pub given_back: usize,
    /// Entries that the portal could not take and that were put aside.
    pub refused: usize,
    /// Entries that still wait.
    pub left: usize,
    /// When the next attempt is due, if something waits.
    pub next_at: Option<DateTime<FixedOffset>>,
    /// Another program on this store is pushing; nothing was sent from here.
    pub elsewhere: bool,
    /// What ended the push early.
    pub error: Option<DeliverError>,
}

impl PushReport {
    /// Nothing but an error.
    pub(super) fn failed(error: DeliverError) -> PushReport {
        PushReport {
            error: Some(error),
            ..PushReport::default()
        }
    }

    /// Nothing but a newer trust list.
    pub(super) fn of_trust() -> PushReport {
        PushReport {
            trust: true,
            ..PushReport::default()
        }
    }

    /// Whether anything happened that a person would want to see.
    pub fn is_news(&self) -> bool {
        self.sent + self.receipts + self.refused + self.given_back > 0 || self.trust || self.error.is_some()
    }

    /// What was given back to the registry, in a sentence for a person; none where nothing was.
    pub fn given_back_msg(&self) -> Option<Msg> {
        (self.given_back > 0).then(|| Msg::new("deliver-given-back").with("n", self.given_back))
    }

    /// One sentence for a person. An error has a message of its own.
    pub fn msg(&self) -> Msg {
        if self.elsewhere {
            return Msg::new("deliver-elsewhere");
        }
        if self.trust && self.sent + self.receipts + self.refused == 0 {
            return Msg::new("deliver-trust");
        }
        Msg::new("deliver-report")
            .with("sent", self.sent)
            .with("receipts", self.receipts)
            .with("refused", self.refused)
            .with("left", self.left)
    }
}
