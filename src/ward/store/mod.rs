//! The ward's database: drafts, journal, outbox, receipts, people, search.
//!
//! The exact text of signed entries and receipts is the truth; every status, list and counter is
//! drawn from it in the same transaction, and [`Store::rebuild`] draws it anew. Several programs
//! work on one database at a time: each write takes the lock first and reads what it rests on
//! under it. What this module says is saved has been through COMMIT with the disk's word for it
//! (`synchronous=FULL`); where COMMIT failed, the identifier is looked up and nothing is signed
//! twice.
//!
//! This is the only module of the ward that names rusqlite. Deliberately absent: HTTP, the
//! decision what is delivered when (`outbox`), texts for people, the secret keys themselves (they
//! come with a call and go with it).

mod attempts;
mod backup;
mod causes;
mod cipher;
mod comparison_set;
mod convert;
mod drafts;
mod entry_status;
mod error;
mod journal;
mod key_issuance;
mod meta;
mod minimise;
mod month;
mod naming;
mod notification;
mod open;
mod outbox_item;
mod people;
mod presence;
mod projection;
mod projection_writer;
mod rebuild;
mod receipts;
mod schema;
mod search;
mod sign;
mod statement;
mod unsigned_entry;
mod verify;
mod verify_report;
mod worklist;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::env::{DatabaseKey, Paths};

pub use attempts::Attempt;
pub use cipher::{
    CAN_ENCRYPT, beside, change_key, encrypt, encrypt_copy, is_plain, remove_with_companions, settle,
};
pub use comparison_set::ComparisonSet;
pub use drafts::{DraftRow, Held};
pub use entry_status::EntryStatus;
pub use error::StoreError;
pub use journal::Journal;
pub use key_issuance::enrolment_request_key;
pub use month::MonthRow;
pub use notification::{Happening, Notification, Revision};
pub use open::{Hold, alone};
pub use outbox_item::{AttemptOutcome, FIRST_BYTES, FIRST_ENTRIES, Item, LinkState, Tries, Urgency, Wait};
pub use people::Person;
pub use receipts::Declined;
pub use sign::{Recorded, Signer, Site};
pub use statement::{Statement, ToSign};
pub use verify_report::{Bad, Fault, VerifyReport};
pub use worklist::{Filter, NotificationList, NotificationRow, OutboxSummary, WorklistCounts};

/// Oldest SQLite that does not damage a write-ahead log that two programs use (fixed 2026-03-13).
const SQLITE_LEAST: i32 = 3_051_003;
/// How long a write waits for another program's.
const BUSY: Duration = Duration::from_secs(5);

/// The ward's database, opened by one thread of one program.
pub struct Store {
    db: Connection,
    path: PathBuf,
    key: Option<DatabaseKey>,
    /// With everybody else who has it open.
    _hold: Option<Hold>,
    process: String,
    #[cfg(test)]
    commit_fault: Option<sign::CommitFault>,
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
    fn write<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Runs several reads that see one state.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let tx = self.db.unchecked_transaction()?;
        let done = work(&tx)?;
        tx.finish()?;
        Ok(done)
    }

    /// Closes and opens the file again: the state of a connection whose COMMIT failed is not to be
    /// built on.
    fn reopen(&mut self) -> Result<(), StoreError> {
        let closed = std::mem::replace(&mut self.db, Connection::open_in_memory()?);
        drop(closed);
        self.db = connect(&self.path, self.key.as_ref())?;
        Ok(())
    }
}

/// Makes sure that a new file can be read by its owner alone. Its companions inherit that.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::StorageFull => Err(StoreError::DiskFull),
        Err(e) => Err(StoreError::Unwritable {
            path: path.to_owned(),
            what: e.to_string(),
        }),
    }
}

/// Opens, refuses what is not ours, sets what every connection needs, migrates.
fn connect(path: &Path, key: Option<&DatabaseKey>) -> Result<Connection, StoreError> {
    let located = |e: rusqlite::Error| match StoreError::from(e) {
        StoreError::NotADatabase(_) if key.is_some() => StoreError::WrongDatabaseKey(path.to_owned()),
        StoreError::NotADatabase(_) => StoreError::NotADatabase(path.to_owned()),
        StoreError::Unwritable { what, .. } => StoreError::Unwritable {
            path: path.to_owned(),
            what,
        },
        other => other,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(located)?;
    db.busy_timeout(BUSY).map_err(located)?;
    if let Some(key) = key {
        cipher::unlock(&db, key)?;
    }
    // Of one moment: another program may be creating the tables just now.
    let look = db.transaction().map_err(located)?;
    let id: i64 = look
        .query_row("PRAGMA application_id", [], |r| r.get(0))
        .map_err(located)?;
    let version = schema::version(&look).map_err(located)?;
    let tables: i64 = look
        .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
        .map_err(located)?;
    look.finish().map_err(located)?;
    let empty = id == 0 && version == 0 && tables == 0;
    if id != schema::APPLICATION_ID && !empty {
        return Err(StoreError::NotADatabase(path.to_owned()));
    }
    if version > schema::latest() {
        return Err(StoreError::Newer {
            found: version,
            known: schema::latest(),
        });
    }
    write_ahead(&db, path).map_err(|e| match e {
        StoreError::Unwritable { what, .. } => StoreError::Unwritable {
            path: path.to_owned(),
            what,
        },
        other => other,
    })?;
    // Removed drafts are overwritten where that costs nothing; sorting never spills names to disk. 16 MiB of
    // pages stay in memory: an encrypted one is decrypted each time that it comes back.
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16384; PRAGMA secure_delete = FAST; PRAGMA recursive_triggers = ON;",
    )
    .map_err(located)?;
    db.set_prepared_statement_cache_capacity(96);
    schema::migrate(&mut db)?;
    Ok(db)
}

/// Switches to the write-ahead log; of several programs that begin at once one does it, and
/// SQLite's own waiting does not cover that moment.
fn write_ahead(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let end = Instant::now() + BUSY;
    loop {
        let mode = db.query_row("PRAGMA journal_mode = WAL", [], |r| r.get::<_, String>(0));
        match mode.map_err(StoreError::from) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(StoreError::NoWriteAheadLog(path.to_owned())),
            Err(StoreError::Busy) if Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(e) => return Err(e),
        }
    }
}
