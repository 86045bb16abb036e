//! Opening a connection: what every one needs, and what is refused.

use super::error::StoreError;
use super::schema;
use crate::env::{DatabaseKey, private_file};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Oldest SQLite that does not damage a write-ahead log that two programs use (fixed 2026-03-13).
pub(super) const SQLITE_LEAST: i32 = 3_051_003;

/// How long a write waits for another program's.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Makes sure that a new file can be read by its owner alone. Its companions inherit that.
pub(super) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = private_file();
    options.read(true).create(true).truncate(false);
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
pub(super) fn connect(path: &Path, key: Option<&DatabaseKey>) -> Result<Connection, StoreError> {
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
        unlock(&db, key)?;
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
pub(super) fn write_ahead(db: &Connection, path: &Path) -> Result<(), StoreError> {
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

/// Gives a new connection its key; has to come before anything else.
pub(super) fn unlock(db: &Connection, key: &DatabaseKey) -> Result<(), StoreError> {
    // It would write to the terminal by itself; what went wrong is said by the error.
    db.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", key.hex()));
    db.execute_batch(&pragma)?;
    Ok(())
}
