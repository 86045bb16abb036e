//! What waits to be delivered, and how its deliveries have gone so far.
//!
//! Deliberately absent: deciding what is sent when; that is `outbox`, which sees only these values.

use crate::vital::{EntryHash, Nid};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// How soon an entry goes out, whatever else waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Opens a journal or brings a key; without it nothing else of the journal counts.
    Opening,
    /// Annuls, or confirms an annulment: the register must stop as soon as it can.
    Annulment,
    /// Everything else.
    Usual,
}

impl Urgency {
    /// Urgency of an entry by the code of its type.
    pub fn of(t: &str) -> Urgency {
        match t {
            "open" | "key" => Urgency::Opening,
            "void" | "attest" => Urgency::Annulment,
            _ => Urgency::Usual,
        }
    }

    /// Its number in the outbox; lower goes first.
    pub(super) fn number(self) -> i64 {
        match self {
            Urgency::Opening => 0,
            Urgency::Annulment => 1,
            Urgency::Usual => 2,
        }
    }

    /// The urgency with this number.
    pub(super) fn from_number(number: i64) -> Urgency {
        match number {
            0 => Urgency::Opening,
            1 => Urgency::Annulment,
            _ => Urgency::Usual,
        }
    }
}

/// A signed entry without a verified receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Identifier of the entry.
    pub id: String,
    /// Hash of the entry, by which a receipt names it.
    pub h: EntryHash,
    /// Notification that the entry belongs to.
    pub nid: Nid,
    /// Order in which the entries of this store were signed.
    pub n: i64,
    /// How soon it goes.
    pub urgency: Urgency,
    /// Whether it opens a journal; the newest goes first, because it names those that it continues.
    pub opens: bool,
    /// Whether it says something of a person's key; these go in their order.
    pub of_key: bool,
    /// Length of its JWS in bytes.
    pub bytes: usize,
    /// How its deliveries have gone.
    pub tries: Tries,
}

/// How the deliveries of one entry have gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Answers for this very entry that were no receipt, since the last success or release.
    pub failures: u32,
    /// When it was tried last, and how many seconds to wait from then.
    pub wait: Option<Wait>,
    /// Code of the portal's refusal, where the entry was set aside.
    pub quarantined: Option<String>,
}

/// A pause that began at a time.
///
/// The begin is kept with the length so that a clock that was set back does not make a pause of
/// an hour last a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// When it began, by the system's clock.
    pub from: DateTime<FixedOffset>,
    /// Its length in seconds.
    pub seconds: u64,
}

impl Wait {
    /// Seconds that are left at a time; none where the clock shows a time before the begin.
    pub fn left(&self, now: DateTime<FixedOffset>) -> u64 {
        match u64::try_from((now - self.from).num_seconds()) {
            Ok(gone) => self.seconds.saturating_sub(gone),
            Err(_) => 0,
        }
    }
}

/// How the connection as a whole is doing; kept from one run to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    /// Transport failures in a row.
    pub failures: u32,
    /// The pause after the last one.
    pub wait: Option<Wait>,
    /// Entries that go into one batch at the most.
    pub entries: usize,
    /// Bytes that go into one batch at the most.
    pub bytes: usize,
    /// Code of the last failure, for the screen.
    pub code: Option<String>,
}

/// What became of one entry in a delivery that got an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptOutcome {
    /// Bytes that are no entry or fail under a known key: set aside.
    Refused,
    /// No receipt that verifies and names the entry: unknown, so the same bytes go again.
    NoReceipt,
    /// The portal asked to come back later, for this entry alone.
    Later,
    /// Sent, but the answer never came: unknown, so the same bytes go again.
    Lost,
}

impl AttemptOutcome {
    /// The word in the log of attempts.
    pub fn code(self) -> &'static str {
        match self {
            AttemptOutcome::Refused => "refused",
            AttemptOutcome::NoReceipt => "no-receipt",
            AttemptOutcome::Later => "later",
            AttemptOutcome::Lost => "lost",
        }
    }

    /// The outcome with this code.
    pub fn from_code(code: &str) -> Option<AttemptOutcome> {
        [
            AttemptOutcome::Refused,
            AttemptOutcome::NoReceipt,
            AttemptOutcome::Later,
            AttemptOutcome::Lost,
        ]
        .into_iter()
        .find(|o| o.code() == code)
    }
}

/// Entries of a batch to begin with: what a slow line carries before a proxy gives up.
pub const FIRST_ENTRIES: usize = 32;

/// Bytes of a batch to begin with.
pub const FIRST_BYTES: usize = 48 * 1024;

impl Default for LinkState {
    fn default() -> Self {
        LinkState {
            failures: 0,
            wait: None,
            entries: FIRST_ENTRIES,
            bytes: FIRST_BYTES,
            code: None,
        }
    }
}

impl LinkState {
    /// The same connection without its pause, for *send now* and for a network that came back.
    #[must_use]
    pub fn released(self) -> LinkState {
        LinkState {
            failures: 0,
            wait: None,
            ..self
        }
    }
}
