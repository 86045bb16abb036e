//! Children whose naming the ward no longer waits for: the family names them at the registry office.
//!
//! A mark of this ward about its own worklists; it is in no notification and moves no status.

use chrono::{DateTime, FixedOffset};
use rusqlite::params;

use super::{Store, StoreError};

impl Store {
    /// Leaves a child's naming to the registry office, or takes that back; says how it is now.
    pub fn leave_naming(
        &mut self,
        nid: &str,
        by: &str,
        now: DateTime<FixedOffset>,
    ) -> Result<bool, StoreError> {
        self.write(|db| {
            let taken_back = db
                .prepare_cached("DELETE FROM left_to_registry WHERE nid = ?1")?
                .execute([nid])?;
            if taken_back > 0 {
                return Ok(false);
            }
            db.prepare_cached("INSERT INTO left_to_registry VALUES (?1, ?2, ?3)")?
                .execute(params![nid, now.to_rfc3339(), by])?;
            Ok(true)
        })
    }
}
