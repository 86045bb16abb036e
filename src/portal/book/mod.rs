//! The registry's book: what the portal keeps.
//!
//! Work happens on a [`Transaction`], which is one transaction: all of it becomes durable, or nothing.
//! Every statement is written once, here, in the SQL that SQLite and PostgreSQL share; a [`Book`]
//! brings a connection and the few words in which the two differ. Rows are plain values; their
//! meaning is `intake`'s and `decide`'s.
//!
//! Deliberately absent: decisions.

pub(in crate::portal) mod database;
mod entries;
mod facilities;
mod figures;
mod notifications;
mod offices;
mod people;
mod postgresql;
mod read;
mod receipts;
mod sql;
mod sqlite;
mod trust;

pub(in crate::portal) use notifications::kind_of;
pub use people::{Account, ActRow, AlertRow, CellRow, SignInLink, StaffRole, TallyRow, WebSession};
pub use sql::{ColumnValue, Row, Sql, SqlValue};

/// The book failed; nothing of the transaction remains.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Somebody else writes for too long, or the disk is full: try again later.
    #[error("busy or full: {0}")]
    Busy(String),
    /// The database failed, or holds what it should not.
    #[error("{0}")]
    Failed(String),
    /// It was written by a newer version.
    #[error("database of version {0}")]
    Newer(i64),
    /// It was written by an older version and has to be brought up to date first.
    #[error("database of version {0}, to be brought up to date")]
    Older(i64),
}

impl From<serde_json::Error> for BookError {
    fn from(e: serde_json::Error) -> BookError {
        // Its words quote what stands in the text, and that may be about a person; the place never does.
        let (kind, line, column) = (e.classify(), e.line(), e.column());
        BookError::Failed(format!("JSON: {kind:?} at {line}:{column}"))
    }
}

/// Result of the book.
pub type BookResult<T> = Result<T, BookError>;

/// The book.
pub trait Book: Send {
    /// Runs `work` in a transaction that excludes other writers; an error undoes all of it.
    fn write(&mut self, work: &mut dyn FnMut(&Transaction<'_>) -> BookResult<()>) -> BookResult<()>;
    /// Runs `work` on one consistent state.
    fn read(&mut self, work: &mut dyn FnMut(&Transaction<'_>) -> BookResult<()>) -> BookResult<()>;
}

/// One transaction.
pub struct Transaction<'a>(pub &'a dyn Sql);
