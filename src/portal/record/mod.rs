//! A notification's record: its rows as plain values, and what its entries and acts add up to. Pure.
//!
//! Deliberately absent: the database, transactions, and what is done with a record.

mod act;
pub(in crate::portal) mod assess;
mod notification;
pub(in crate::portal) mod numbering;
pub(in crate::portal) mod policy;
mod reason;
mod request;
mod rows;
pub(in crate::portal) mod supplement;

pub(in crate::portal) use act::ActDetails;
pub(in crate::portal) use notification::{describe, new_notification, reread};
pub(in crate::portal) use reason::{problem, problem_of};
pub(in crate::portal) use request::arrived;
pub use rows::{
    Decision, EnrolmentRequestRow, EntryRow, FeedRow, HeartbeatRow, Invitation, JournalRow, MatchIndexEntry,
    MatchingRow, Notification, StatedRow, SuspendedBy,
};
