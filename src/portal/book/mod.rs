//! The registry's book: what the portal keeps.
//!
//! Work happens in a transaction of a `Book`: on a `ReadTransaction`, which sees one consistent state
//! and has no statement that changes anything, or on a `WriteTransaction`, all of which becomes
//! durable, or nothing. Every statement is written once, here, in the SQL that SQLite and PostgreSQL
//! share; a connection brings the few words in which the two differ. Rows are plain values; what they
//! add up to is said in `record`, and what follows is decided in `unit`.
//!
//! Deliberately absent: decisions.

mod attempts;
mod copies;
pub(in crate::portal) mod database;
mod decisions;
mod entries;
mod error;
mod facilities;
mod figures;
mod marks;
mod notifications;
mod offices;
mod people;
mod pg_tools;
mod postgresql;
mod read;
mod receipts;
mod recovery;
mod sql;
mod sqlite;
mod strangers;
mod transaction;
mod trust;
mod whole;

pub(in crate::portal) use attempts::AttemptRow;
pub(in crate::portal) use copies::Copied;
pub use error::{BookError, BookResult};
pub(in crate::portal) use marks::Mark;
pub(in crate::portal) use notifications::kind_of;
pub use people::{Account, ActRow, AlertRow, CellRow, SignInLink, StaffRole, TallyRow, WebSession};
pub(in crate::portal) use recovery::DoubtedRow;
pub use sql::Archiving;
pub(in crate::portal) use transaction::{Book, ReadTransaction, WriteTransaction};
