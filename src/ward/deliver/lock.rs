//! The lock of the program that pushes.
//!
//! It keeps several programs on one store from sending the same things at the same time, which
//! would only cost traffic. The system lets go of it when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::env::private_file;

/// What came of asking for the lock.
pub(super) enum Taken {
    /// It is ours until this is dropped.
    Ours(#[expect(dead_code, reason = "held, never read")] PushLock),
    /// Another program pushes.
    Theirs,
    /// There is no lock to be had on this file system. Pushing goes on without one.
    NoLock,
}

/// Held while pushing.
pub(super) struct PushLock {
    _file: File,
}

/// Asks for the lock at `path`, without waiting.
pub(super) fn take(path: &Path) -> Taken {
    let Ok(file) = private_file().create(true).truncate(false).open(path) else {
        return Taken::NoLock;
    };
    match file.try_lock() {
        Ok(()) => Taken::Ours(PushLock { _file: file }),
        Err(TryLockError::WouldBlock) => Taken::Theirs,
        Err(TryLockError::Error(_)) => Taken::NoLock,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it_and_dropping_gives_it_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("push.lock");
        let first = take(&path);
        assert!(matches!(first, Taken::Ours(_)));
        assert!(matches!(take(&path), Taken::Theirs));
        drop(first);
        assert!(matches!(take(&path), Taken::Ours(_)));
        assert!(matches!(take(&dir.path().join("no/such/folder")), Taken::NoLock));
    }
}
