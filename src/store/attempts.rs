//! The outbox as rows: what waits, and the answers that were no receipt.

use chrono::{DateTime, FixedOffset};

use super::{Item, Outcome, Store, StoreError, Tries};

/// An answer that was no receipt, as often as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The entry.
    pub id: String,
    /// What came.
    pub outcome: Outcome,
    /// The portal's word for it.
    pub code: String,
    /// When first.
    pub first: DateTime<FixedOffset>,
    /// When last.
    pub last: DateTime<FixedOffset>,
    /// How often.
    pub times: u32,
}

impl Store {
    /// Everything without a receipt, for the plan.
    pub fn pending(&self) -> Result<Vec<Item>, StoreError> {
        todo!()
    }

    /// The exact text of an entry.
    pub fn entry_text(&self, _id: &str) -> Result<String, StoreError> {
        todo!()
    }

    /// Notes an answer that was no receipt, and what follows for the entry.
    pub fn note_attempt(
        &mut self,
        _id: &str,
        _now: DateTime<FixedOffset>,
        _outcome: Outcome,
        _code: &str,
        _tries: &Tries,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Lets everything be tried again at once (*send now*).
    pub fn release_outbox(&mut self) -> Result<(), StoreError> {
        todo!()
    }

    /// Answers for a notification's entries that were no receipt, oldest first.
    pub fn attempts_of(&self, _nid: &str) -> Result<Vec<Attempt>, StoreError> {
        todo!()
    }
}
