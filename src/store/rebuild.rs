//! Everything that is drawn from entries and receipts, drawn anew.

use super::{Store, StoreError};

impl Store {
    /// Draws lists, statuses, search and counters anew. Gives how many notifications there are.
    pub fn rebuild(&mut self) -> Result<u64, StoreError> {
        todo!()
    }
}
