//! Encryption of the whole file, write-ahead log included: SQLCipher 4 (AES-256 in CBC mode with a
//! HMAC-SHA-512 of each page), where the program was built with the feature `sqlcipher`.
//!
//! The key is used as it is, without a derivation: it is random already, and a derivation would cost
//! every command a second.

use std::path::Path;

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::{StoreError, connect, create_private};
use crate::env::DatabaseKey;

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

/// Gives a new connection its key; has to come before anything else.
pub(super) fn unlock(db: &Connection, key: &DatabaseKey) -> Result<(), StoreError> {
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", key.hex()));
    db.execute_batch(&pragma)?;
    Ok(())
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
    let mut beside = path.as_os_str().to_owned();
    beside.push(".encrypting");
    let beside = std::path::PathBuf::from(beside);
    match std::fs::remove_file(&beside) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(unwritable(&beside, &e)),
        _ => create_private(&beside)?,
    }
    {
        let plain = connect(path, None)?;
        // Everything from the log into the file, so that no plain log stays behind.
        plain.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let version: i64 = plain.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        let id: i64 = plain.query_row("PRAGMA application_id", [], |r| r.get(0))?;
        let attach = Zeroizing::new(format!("ATTACH ?1 AS vault KEY \"x'{}'\"", key.hex()));
        plain.execute(&attach, [beside.to_string_lossy()])?;
        plain.query_row("SELECT sqlcipher_export('vault')", [], |_| Ok(()))?;
        plain.pragma_update(Some("vault"), "user_version", version)?;
        plain.pragma_update(Some("vault"), "application_id", id)?;
        plain.execute_batch("DETACH vault; PRAGMA journal_mode = DELETE")?;
    }
    std::fs::File::open(&beside)
        .and_then(|f| f.sync_all())
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|e| unwritable(path, &e))?;
    // It opens, and holds what it should.
    connect(path, Some(key)).map(drop)
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
