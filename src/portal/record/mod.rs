//! A notification's record: its states as types, what its entries, acts and decisions add up to
//! (`reduce`), and whether it may stand in the register (`assess`). Pure.
//!
//! Deliberately absent: the database, transactions, and what is done with a record.

mod act;
mod assess;
mod change;
mod event;
mod hold;
mod inherited;
pub(in crate::portal) mod numbering;
mod passed_over;
mod policy;
mod reason;
pub(in crate::portal) mod recovery;
mod request;
mod rows;
mod state;
pub(in crate::portal) mod supplement;

pub(in crate::portal) use act::ActDetails;
pub(in crate::portal) use assess::{
    Assessment, Case, Cleared, Linked, Signer, SigningTime, Surroundings, assess, take_over, uphold,
};
pub(in crate::portal) use change::{Step, reduce};
pub(in crate::portal) use event::{Faults, about, needs_signing_time, open, read_event};
pub(in crate::portal) use hold::{Answer, Hold};
pub(in crate::portal) use inherited::inherited;
pub(in crate::portal) use passed_over::{NotGiven, NumberSeries, passed_over};
pub(in crate::portal) use reason::{problem, problem_of};
pub(in crate::portal) use request::{arrived, names_in_lines};
pub use rows::{
    Decision, EnrolmentRequestRow, EntryRow, Evidence, FeedRow, HeartbeatRow, Invitation, JournalRow,
    LoggedDecision, MatchIndexEntry, MatchingRow, Notification, SuspendedBy,
};
pub(in crate::portal) use state::{
    About, ActPlace, Annulment, Certificate, Original, Record, Revision, State, Waits,
};

use crate::seal::{Entry, Jws, Typ};

/// Reads an entry that the book already has.
pub(in crate::portal) fn reread(row: &EntryRow) -> Option<Entry> {
    let jws = Jws::parse(&row.jws, Typ::Entry).ok()?;
    Entry::from_jws(&jws).ok()
}
