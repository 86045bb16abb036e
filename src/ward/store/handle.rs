//! The ward's database as one thread of one program has it open.

use super::connect::{SQLITE_LEAST, connect, create_private};
use super::error::StoreError;
use super::open::{self, Hold};
use super::{cipher, presence};
use crate::env::{DatabaseKey, Paths};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// The ward's database, opened by one thread of one program.
pub struct Store {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    pub(super) key: Option<DatabaseKey>,
    /// With everybody else who has it open.
    _hold: Option<Hold>,
    pub(super) process: String,
    /// Where the heads of its journals are witnessed; none for a copy.
    pub(super) witness: Option<PathBuf>,
    #[cfg(test)]
    pub(super) commit_fault: Option<CommitFault>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a database, creates it where there is none, brings an older one up to date.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`], [`StoreError::NotADatabase`], [`StoreError::Newer`],
    /// [`StoreError::NoWriteAheadLog`], [`StoreError::DiskFull`], [`StoreError::SqliteTooOld`]:
    /// each leaves the file as it was.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        Store::open_with(path, None)
    }

    /// Opens the database of a device, with its key where it has one.
    ///
    /// # Errors
    /// As [`Store::open`]; and [`StoreError::WrongDatabaseKey`], [`StoreError::NoEncryption`],
    /// [`StoreError::Env`], and [`StoreError::Busy`] where another file is just being put in its place.
    pub fn open_at(paths: &Paths) -> Result<Store, StoreError> {
        let hold = open::share(&paths.open_lock())?;
        let key = DatabaseKey::find(paths)?.map(|(key, _)| key);
        cipher::refuse_half_restored(paths)?;
        let mut store = Store::open_with(&paths.database(), key.as_ref())?;
        store._hold = Some(hold);
        store.open_witness(paths.witness())?;
        Ok(store)
    }

    /// Opens a database that may be encrypted with this key.
    ///
    /// # Errors
    /// As [`Store::open_at`].
    pub fn open_with(path: &Path, key: Option<&DatabaseKey>) -> Result<Store, StoreError> {
        if rusqlite::version_number() < SQLITE_LEAST {
            return Err(StoreError::SqliteTooOld(rusqlite::version().to_owned()));
        }
        create_private(path)?;
        let key = cipher::key_for(path, key)?;
        Ok(Store {
            db: connect(path, key)?,
            path: path.to_owned(),
            key: key.cloned(),
            _hold: None,
            process: presence::this_process(),
            witness: None,
            #[cfg(test)]
            commit_fault: None,
        })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Speaks for another process, for a test that needs two.
    #[must_use]
    pub fn as_process(mut self, process: &str) -> Store {
        process.clone_into(&mut self.process);
        self
    }

    /// Runs a write in one transaction that holds the lock from its first read.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Runs several reads that see one state.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self.db.unchecked_transaction()?;
        let done = work(&tx)?;
        tx.finish()?;
        Ok(done)
    }

    /// Closes and opens the file again: the state of a connection whose COMMIT failed is not to be
    /// built on.
    pub(super) fn reopen(&mut self) -> Result<(), StoreError> {
        let closed = std::mem::replace(&mut self.db, Connection::open_in_memory()?);
        drop(closed);
        self.db = connect(&self.path, self.key.as_ref())?;
        Ok(())
    }
}

/// What a test lets a COMMIT do.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommitFault {
    /// Fails, and nothing is on the disk.
    Lost,
    /// Fails, and yet everything is on the disk.
    Durable,
}
