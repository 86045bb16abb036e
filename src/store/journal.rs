//! Journals: whose, how long, and why one is no longer written to.

use super::{Store, StoreError};
use crate::seal::Entry;

/// A journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Identifier.
    pub jid: String,
    /// Whether it was opened on this database.
    pub own: bool,
    /// Facility.
    pub fac: String,
    /// Thumbprint of the device's key.
    pub dev: String,
    /// The journal that it continues.
    pub continues: Option<String>,
    /// Why nothing more is written to it: `behind`, `fork`, `restored`, `device`.
    pub left_for: Option<String>,
    /// Place and hash of its last entry here; 0 and 32 zero bytes where there is none.
    pub head: (u64, String),
}

impl Store {
    /// All journals, own ones first.
    pub fn journals(&self) -> Result<Vec<Journal>, StoreError> {
        todo!()
    }

    /// Place and hash of the last entry of a journal here; 0 and 32 zero bytes where there is none.
    pub fn head(&self, _jid: &str) -> Result<(u64, String), StoreError> {
        todo!()
    }

    /// Entries of a journal from a place on, as text, at most `limit`.
    pub fn entries_from(&self, _jid: &str, _seq: u64, _limit: usize) -> Result<Vec<String>, StoreError> {
        todo!()
    }

    /// Everything that was signed here, in order, with its text: for export and bundles.
    pub fn entries_after(&self, _n: i64, _limit: usize) -> Result<Vec<(i64, Entry, String)>, StoreError> {
        todo!()
    }

    /// Leaves our journals behind after a restore from a backup: the next signature opens a new one
    /// that names the old.
    pub fn leave_journals(&mut self, _why: &str) -> Result<(), StoreError> {
        todo!()
    }
}
