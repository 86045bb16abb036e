//! Locks on files. The system lets go of one when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Result};
use std::path::Path;
use std::time::{Duration, Instant};

use super::private_file;

/// How long somebody who is just ending is waited for.
const ENDING: Duration = Duration::from_secs(2);

/// A lock on a file; nothing is held where the file system has no locks, or no room for the file.
pub struct FileLock(Option<File>);

impl FileLock {
    /// Shares the lock with others; none while somebody is alone on it.
    pub fn share(path: &Path) -> Result<Option<FileLock>> {
        FileLock::take(path, File::try_lock_shared)
    }

    /// Keeps everybody else out; none while somebody has it, and still has it a moment later: a lock outlives
    /// its process where another one is just being started from it.
    pub fn alone(path: &Path) -> Result<Option<FileLock>> {
        let until = Instant::now() + ENDING;
        loop {
            let lock = FileLock::take(path, File::try_lock)?;
            if lock.is_some() || Instant::now() >= until {
                return Ok(lock);
            }
            std::thread::sleep(ENDING / 20);
        }
    }

    /// Keeps everybody else out, once nobody has it; none where the file system has no locks.
    pub fn wait(path: &Path) -> Result<Option<FileLock>> {
        FileLock::take(path, |file| file.lock().map_err(TryLockError::Error))
    }

    /// Whether it is really held.
    pub fn is_held(&self) -> bool {
        self.0.is_some()
    }

    fn take(
        path: &Path,
        lock: impl Fn(&File) -> std::result::Result<(), TryLockError>,
    ) -> Result<Option<FileLock>> {
        let mut options = private_file();
        // Readable too: some network file systems share no lock on a file that is only written.
        options.create(true).truncate(false).read(true);
        let file = match options.open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::StorageFull => return Ok(Some(FileLock(None))),
            Err(e) => return Err(e),
        };
        match lock(&file) {
            Ok(()) => Ok(Some(FileLock(Some(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(_)) => Ok(Some(FileLock(None))),
        }
    }
}
