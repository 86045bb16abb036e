//! Files in folders that others write to.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

/// Opens a file for reading where it is a regular file itself. A link, folder, pipe or device in its place is
/// neither followed nor waited for.
///
/// # Errors
/// Those of the system; [`ErrorKind::InvalidInput`] for anything that is no regular file.
pub fn open_regular(path: &Path) -> Result<File> {
    let file = system::open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(Error::from(ErrorKind::InvalidInput)),
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{Error, ErrorKind, Result};
    use std::path::Path;

    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;

    pub fn open(path: &Path) -> Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(file) => Ok(File::from(file)),
            // A link, a socket.
            Err(Errno::LOOP | Errno::NXIO) => Err(Error::from(ErrorKind::InvalidInput)),
            Err(e) => Err(e.into()),
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::File;
    use std::io::{Error, ErrorKind, Result};
    use std::path::Path;

    pub fn open(path: &Path) -> Result<File> {
        match std::fs::symlink_metadata(path)?.is_file() {
            true => File::open(path),
            false => Err(Error::from(ErrorKind::InvalidInput)),
        }
    }
}
