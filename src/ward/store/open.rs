//! Who has the database open: everybody who works on it shares a lock, and whoever puts another file
//! in its place has to be alone.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::StoreError;
use super::connect::BUSY;
use crate::env::private_file;

/// Held while a database is open, or while it is replaced. The system lets go of it when the process
/// ends, however it ends. Where a file system has no locks everybody may work, and nobody replaces.
pub struct Hold {
    _file: Option<File>,
}

/// Shares the database with others who work on it.
pub(super) fn share(path: &Path) -> Result<Hold, StoreError> {
    let end = Instant::now() + BUSY;
    loop {
        match take(path, File::try_lock_shared)? {
            Some(hold) => return Ok(hold),
            // Somebody is putting another file in its place.
            None if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
            None => return Err(StoreError::Busy),
        }
    }
}

/// Keeps everybody else out, for whoever replaces the database.
///
/// # Errors
/// [`StoreError::InUse`]: a program has it open,
/// and where there are no locks nobody can say so.
pub fn alone(path: &Path) -> Result<Hold, StoreError> {
    let hold = take(path, File::try_lock)?.ok_or(StoreError::InUse)?;
    match hold._file {
        Some(_) => Ok(hold),
        None => Err(StoreError::InUse),
    }
}

fn take(path: &Path, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<Option<Hold>, StoreError> {
    let mut options = private_file();
    // Readable too: some network file systems share no lock on a file that is only written.
    options.create(true).truncate(false).read(true);
    let file = match options.open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::StorageFull => return Ok(Some(Hold { _file: None })),
        Err(e) => {
            return Err(StoreError::Unwritable {
                path: path.to_owned(),
                what: e.to_string(),
            });
        }
    };
    match lock(&file) {
        Ok(()) => Ok(Some(Hold { _file: Some(file) })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(_)) => Ok(Some(Hold { _file: None })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_share_and_one_is_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("open.lock");
        let (first, second) = (share(&path).unwrap(), share(&path).unwrap());
        assert!(matches!(alone(&path), Err(StoreError::InUse)));
        drop((first, second));
        let one = alone(&path).unwrap();
        assert!(matches!(alone(&path), Err(StoreError::InUse)));
        drop(one);
        share(&path).unwrap();
    }
}
