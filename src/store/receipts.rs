//! Receipts, and entries of other journals that came with them.

use super::{Store, StoreError};
use crate::seal::Receipt;

impl Store {
    /// Keeps receipts that were verified ([`Receipt::open`]) and moves what they move, in one
    /// transaction. Gives how many were new.
    pub fn add_receipts(&mut self, _receipts: &[(Receipt, String)]) -> Result<usize, StoreError> {
        todo!()
    }

    /// Keeps entries that were not signed here: of other devices, or of a journal of ours that was
    /// lost. Whoever brings them has proof of them: a receipt that names the hash. Gives how many
    /// were new.
    pub fn add_foreign(&mut self, _entries: &[String]) -> Result<usize, StoreError> {
        todo!()
    }
}
