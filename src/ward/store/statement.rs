//! What a person can state and sign.

use super::Person;
use crate::seal::{AmendReason, EntryType};
use crate::vital::{Event, Nid};

/// A statement, before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A vital event happened.
    Event(Event),
    /// A notification is to say this instead.
    Amend {
        /// The notification.
        nid: Nid,
        /// Hash of the revision that was looked at; where another has come since, nothing is
        /// signed. `None` takes whatever is latest.
        seen: Option<String>,
        /// The full new statement.
        event: Event,
        /// Why.
        reason: AmendReason,
    },
    /// A notification is to be annulled.
    Void {
        /// The notification.
        nid: Nid,
        /// Why.
        reason: AmendReason,
    },
    /// A second person confirms the annulment of a notification.
    Attest {
        /// The notification.
        nid: Nid,
    },
    /// A colleague who has forgotten the passphrase has a new key from now on.
    Key {
        /// That person with the new key.
        person: Box<Person>,
        /// The new key's request to be believed, countersigned by whoever signs this.
        request: String,
    },
    /// A colleague's key counts no more from now on, or counts again.
    Suspend {
        /// Login.
        login: String,
        /// Whether it is suspended.
        suspended: bool,
    },
    /// The delivery book's counts of a month.
    Tally {
        /// `YYYY-MM`.
        month: String,
        /// Live births.
        births: u32,
        /// Foetal deaths.
        foetal_deaths: u32,
        /// Deaths.
        deaths: u32,
    },
}

impl Statement {
    /// What the policy is asked about: the kind of event, or the type of entry.
    pub fn policy_code(&self) -> &'static str {
        match self {
            Statement::Event(event) | Statement::Amend { event, .. } => event.kind.code(),
            Statement::Void { .. } => "void",
            Statement::Attest { .. } => "attest",
            Statement::Key { .. } | Statement::Suspend { .. } => "key",
            Statement::Tally { .. } => "tally",
        }
    }

    /// Type of its entry.
    pub fn entry_type(&self) -> EntryType {
        match self {
            Statement::Event(event) => EntryType::Notice(event.kind),
            Statement::Amend { .. } => EntryType::Amend,
            Statement::Void { .. } => EntryType::Void,
            Statement::Attest { .. } => EntryType::Attest,
            Statement::Key { .. } | Statement::Suspend { .. } => EntryType::Key,
            Statement::Tally { .. } => EntryType::Tally,
        }
    }

    /// The event that it states, where it states one.
    pub fn event(&self) -> Option<&Event> {
        match self {
            Statement::Event(event) | Statement::Amend { event, .. } => Some(event),
            _ => None,
        }
    }
}

/// A statement and the draft that it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    /// What is stated.
    pub what: Statement,
    /// The draft, which goes when the entry is signed.
    pub draft: Option<String>,
    /// The identifier that the entry is to have where it was written in no draft, so that others can name it.
    pub id: Option<String>,
}

impl From<Statement> for ToSign {
    fn from(what: Statement) -> Self {
        ToSign {
            what,
            draft: None,
            id: None,
        }
    }
}
