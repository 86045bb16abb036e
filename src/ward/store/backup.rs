//! A copy of the database while it is in use. The device's key is not in it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::cipher::{beside, remove_with_companions};
use super::connect::{create_private, unlock};
use super::{Store, StoreError};
use crate::env::rename_synced;

/// Pages of one step; between steps others can write.
const PAGES: i32 = 2048;

impl Store {
    /// Copies the database to a new file, whole and of one moment; cut off, there is none of that name. A file
    /// that is there already is refused. A copy of an encrypted one is encrypted with the same key.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let located = |what: String| StoreError::Unwritable {
            path: to.to_owned(),
            what,
        };
        if to.exists() {
            return Err(located(std::io::ErrorKind::AlreadyExists.to_string()));
        }
        let beside = beside(to, ".new");
        // A run that was cut off may have left one.
        remove_with_companions(&beside);
        let made = self
            .copy_to(&beside)
            .and_then(|()| rename_synced(&beside, to).map_err(|e| located(e.to_string())));
        if made.is_err() {
            // A full disk must not stay full of half a copy.
            remove_with_companions(&beside);
        }
        made
    }

    fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        let located = |what: String| StoreError::Unwritable {
            path: to.to_owned(),
            what,
        };
        create_private(to)?;
        let mut copy = Connection::open(to).map_err(|e| located(e.to_string()))?;
        if let Some(key) = &self.key {
            unlock(&copy, key)?;
        }
        Backup::new(&self.db, &mut copy)?.run_to_completion(PAGES, Duration::from_millis(5), None)?;
        // One file, nothing beside it, and on the disk before anybody is told.
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        copy.close().map_err(|(_, e)| StoreError::from(e))?;
        std::fs::File::open(to)
            .and_then(|f| f.sync_all())
            .map_err(|e| located(e.to_string()))
    }
}
