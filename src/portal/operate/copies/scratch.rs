//! A private folder within the portal's own, for what is under way. A run that was cut off leaves one; the next
//! run clears it away.

use std::path::{Path, PathBuf};

use crate::env::{FileLock, create_private_dir};
use crate::portal::PortalError;

/// The folder; it goes when this is dropped.
pub(super) struct Scratch {
    pub dir: PathBuf,
    _alone: Option<FileLock>,
}

impl Scratch {
    /// Makes it, once nobody else works in it.
    pub fn new(within: &Path, name: &str) -> Result<Scratch, PortalError> {
        let lock = within.join(format!("{name}.lock"));
        let alone = FileLock::wait(&lock).map_err(PortalError::io(&lock))?;
        let dir = within.join(name);
        if dir.exists() {
            std::fs::remove_dir_all(&dir).map_err(PortalError::io(&dir))?;
        }
        create_private_dir(&dir)?;
        Ok(Scratch { dir, _alone: alone })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left is cleared away by the next run.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
