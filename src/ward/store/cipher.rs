//! Encryption of the whole file, write-ahead log included: SQLCipher 4 (AES-256 in CBC mode with a
//! HMAC-SHA-512 of each page), where the program was built with the feature `sqlcipher`.
//!
//! The key is used as it is, without a derivation: it is random already, and a derivation would cost
//! every command a second.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

use super::StoreError;
use super::connect::{connect, create_private};
use crate::env::{DatabaseKey, Paths, rename_synced};

/// What every SQLite file begins with that is not encrypted.
const PLAIN: &[u8] = b"SQLite format 3\0";

/// Whether this program can encrypt.
pub const CAN_ENCRYPT: bool = cfg!(feature = "sqlcipher");

/// Whether anybody who has the file can read it. A file that is not there yet is not plain.
pub fn is_plain(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; PLAIN.len()];
    let read = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut head));
    read.is_ok() && head == *PLAIN
}

/// The key for a file: none for a plain one, which goes on working until it is encrypted.
pub(super) fn key_for<'k>(
    path: &Path,
    key: Option<&'k DatabaseKey>,
) -> Result<Option<&'k DatabaseKey>, StoreError> {
    match key {
        Some(_) if is_plain(path) => Ok(None),
        Some(_) if !CAN_ENCRYPT => Err(StoreError::NoEncryption(path.to_owned())),
        key => Ok(key),
    }
}

/// Puts an encrypted copy in the place of a plain database that nobody has open.
///
/// The old file is deleted, not overwritten: what a disk does with freed blocks is the disk's affair.
///
/// # Errors
/// [`StoreError::NoEncryption`], and whatever keeps the copy from being made; the plain one stays then.
pub fn encrypt(path: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    if !CAN_ENCRYPT {
        return Err(StoreError::NoEncryption(path.to_owned()));
    }
    settle(path, None)?;
    let beside = beside(path, ".encrypting");
    let made = encrypt_copy(path, &beside, key)
        .and_then(|()| rename_synced(&beside, path).map_err(|e| unwritable(path, &e)));
    if made.is_err() {
        // A full disk must not stay full of half a copy.
        remove_with_companions(&beside);
    }
    made
}

/// Brings everything from the log of a database that nobody has open into its one file.
pub fn settle(path: &Path, key: Option<&DatabaseKey>) -> Result<(), StoreError> {
    let db = connect(path, key)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    db.execute_batch("PRAGMA journal_mode = DELETE")?;
    Ok(())
}

/// Writes an encrypted copy of a plain database that is a single file, proves it and brings it to the disk.
///
/// # Errors
/// [`StoreError::NoEncryption`], [`StoreError::Damaged`] where the copy is not what it was made from.
pub fn encrypt_copy(from: &Path, to: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    if !CAN_ENCRYPT {
        return Err(StoreError::NoEncryption(from.to_owned()));
    }
    remove_with_companions(to);
    create_private(to)?;
    let counted = {
        let plain = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version: i64 = plain.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        let id: i64 = plain.query_row("PRAGMA application_id", [], |r| r.get(0))?;
        let attach = Zeroizing::new(format!("ATTACH ?1 AS vault KEY \"x'{}'\"", key.hex()));
        plain.execute(&attach, [to.to_string_lossy()])?;
        plain.query_row("SELECT sqlcipher_export('vault')", [], |_| Ok(()))?;
        plain.pragma_update(Some("vault"), "user_version", version)?;
        plain.pragma_update(Some("vault"), "application_id", id)?;
        plain.execute_batch("DETACH vault")?;
        rows(&plain)?
    };
    let copy = connect(to, Some(key))?;
    let damaged: Option<String> = copy
        .query_row("PRAGMA cipher_integrity_check", [], |r| r.get(0))
        .optional()?;
    let whole = rows(&copy)? == counted;
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    drop(copy);
    if let Some(what) = damaged.or((!whole).then(|| "the copy lacks something".to_owned())) {
        return Err(StoreError::Damaged(what));
    }
    std::fs::OpenOptions::new()
        .write(true)
        .open(to)
        .and_then(|f| f.sync_all())
        .map_err(|e| unwritable(to, &e))
}

/// How many rows of each kind of truth there are, and which entry came last.
fn rows(db: &Connection) -> Result<(i64, i64, i64, i64, Option<String>), StoreError> {
    let sql = "SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM receipts),
         (SELECT count(*) FROM people), (SELECT count(*) FROM drafts),
         (SELECT h FROM entries ORDER BY n DESC LIMIT 1)";
    Ok(db.query_row(sql, [], |r| {
        Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
    })?)
}

/// A restore that was cut off has moved the old database aside and not yet brought the new one: an empty
/// one in its place would look as if everything were gone.
pub(super) fn refuse_half_restored(paths: &Paths) -> Result<(), StoreError> {
    let database = paths.database();
    if !database.exists() && beside(&database, ".restoring").exists() {
        return Err(StoreError::HalfRestored(database));
    }
    Ok(())
}

/// The path with something behind its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Removes a file that was cut off, with the logs that SQLite would read into the next one of that name.
pub fn remove_with_companions(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(beside(path, suffix));
    }
}

/// Puts another key in the place of the one that a file is encrypted with.
pub fn change_key(path: &Path, from: &DatabaseKey, to: &DatabaseKey) -> Result<(), StoreError> {
    let db = connect(path, Some(from))?;
    // A key is changed page by page, which asks for a file without a log.
    db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    let pragma = Zeroizing::new(format!("PRAGMA rekey = \"x'{}'\"", to.hex()));
    db.execute_batch(&pragma)?;
    Ok(())
}

fn unwritable(path: &Path, e: &std::io::Error) -> StoreError {
    StoreError::Unwritable {
        path: path.to_owned(),
        what: e.to_string(),
    }
}
