//! Who has the database open: everybody who works on it shares a lock, and whoever puts another file
//! in its place has to be alone.

use std::path::Path;
use std::time::{Duration, Instant};

use super::StoreError;
use super::connect::BUSY;
use crate::env::FileLock;

/// Held while a database is open, or while it is replaced. The system lets go of it when the process
/// ends, however it ends. Where a file system has no locks everybody may work, and nobody replaces.
pub struct Hold {
    lock: FileLock,
}

/// Shares the database with others who work on it.
pub(super) fn share(path: &Path) -> Result<Hold, StoreError> {
    let end = Instant::now() + BUSY;
    loop {
        match take(path, FileLock::share)? {
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
    let hold = take(path, FileLock::alone)?.ok_or(StoreError::InUse)?;
    match hold.lock.is_held() {
        true => Ok(hold),
        false => Err(StoreError::InUse),
    }
}

fn take(
    path: &Path,
    lock: impl Fn(&Path) -> std::io::Result<Option<FileLock>>,
) -> Result<Option<Hold>, StoreError> {
    let taken = lock(path).map_err(|e| StoreError::Unwritable {
        path: path.to_owned(),
        what: e.to_string(),
    })?;
    Ok(taken.map(|lock| Hold { lock }))
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
