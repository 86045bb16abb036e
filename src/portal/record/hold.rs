//! Why a person looks at a notification, and what a registrar has answered.

use serde::{Deserialize, Serialize};

use super::reason::problem;
use crate::seal::Problem;
use crate::vital::{EntryHash, Nid};
use crate::wire::Reason;

/// One reason for which a person has to look, and the notification that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The reason as receipts carry it.
    pub problem: Problem,
    /// The other notification: what it may repeat, or what it hangs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Nid>,
}

impl Hold {
    /// A reason about this notification alone.
    pub fn of(reason: Reason) -> Hold {
        Hold {
            problem: problem(reason),
            of: None,
        }
    }

    /// A reason about this notification and another one.
    pub fn beside(reason: Reason, other: Nid) -> Hold {
        Hold {
            problem: problem(reason),
            of: Some(other),
        }
    }

    /// Whether it is this reason.
    pub fn is(&self, reason: Reason) -> bool {
        self.problem.code == reason.code()
    }

    /// Whether it doubts the key or the signature: such a notification resembles nothing, so that a
    /// flood of them holds no honest one.
    pub fn doubts_key(&self) -> bool {
        DOUBTS.iter().any(|reason| self.is(*reason))
    }

    /// Whether a registrar may answer it. What a signature does not bear out, nobody can.
    pub fn is_answerable(&self) -> bool {
        !UNANSWERABLE.iter().any(|reason| self.is(*reason))
    }

    /// Whether it is looked at afresh whenever the notification is: it goes once what it found is gone.
    pub fn is_asked_afresh(&self) -> bool {
        self.doubts_key()
            || AFRESH.iter().any(|reason| self.is(*reason))
            || crate::rules::rule(&self.problem.code).is_some()
    }
}

const DOUBTS: &[Reason] = &[
    Reason::UnknownKey,
    Reason::KeyUnconfirmed,
    Reason::WrongSignature,
    Reason::ForeignName,
    Reason::RevokedKey,
    Reason::KeySuspended,
    Reason::ForeignKey,
];

const UNANSWERABLE: &[Reason] = &[
    Reason::UnknownKey,
    Reason::KeyUnconfirmed,
    Reason::WrongSignature,
    Reason::ForeignName,
];

const AFRESH: &[Reason] = &[
    Reason::SetIncomplete,
    Reason::LinkMissing,
    Reason::DeathAwaited,
    Reason::LinkedHeld,
    Reason::TimeUnproven,
];

/// A reason that a registrar answered. It counts for the statement that was looked at, and is asked again of
/// every later one that it speaks against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Code of the reason.
    pub code: String,
    /// The other notification, where it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Nid>,
    /// The entry that states what was looked at.
    pub entry: EntryHash,
}
