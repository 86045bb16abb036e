//! Search over names, documents, phones and paper certificates, in any spelling.

use super::{Row, Store, StoreError};

impl Store {
    /// Notifications whose words begin with all words of the query, newest first.
    pub fn search(&self, _query: &str, _limit: usize) -> Result<Vec<Row>, StoreError> {
        todo!()
    }
}
