//! Files and folders that only the account that runs the program can read. The one place that knows the
//! permissions of Unix; where the system has no such bits its own rules decide, and nothing is said against
//! them.

use std::fs::{File, Metadata, OpenOptions};
use std::path::{Path, PathBuf};

use super::EnvError;

/// Creates a folder for this account alone, on the disk when it returns. One that is there already is tightened.
///
/// # Errors
/// [`EnvError::ForeignFolder`]: it belongs to another account, holds files of one, or is a folder that all
/// accounts share.
pub fn create_private_dir(dir: &Path) -> Result<(), EnvError> {
    let fail = |e| EnvError::Unwritable(dir.to_owned(), e);
    if dir.exists() {
        if system::is_of_others(dir).map_err(fail)? {
            return Err(EnvError::ForeignFolder(dir.to_owned()));
        }
        return system::tighten(dir).map_err(fail);
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    system::for_owner_dir(&mut builder);
    let is_new = |above: &&Path| !above.as_os_str().is_empty() && !above.exists();
    let made: Vec<&Path> = dir.ancestors().take_while(is_new).collect();
    builder.create(dir).map_err(fail)?;
    made.into_iter().for_each(sync_dir_of);
    Ok(())
}

/// Tightens a file or folder that an older version, or a copy, left open. What is not there, or belongs to
/// another account, stays as it is.
pub fn keep_private(path: &Path) {
    // Whoever may not tighten it may not have made it open either: `doctor` tells what is left.
    let _ = system::tighten(path);
}

/// How to open a file for writing that is this account's alone if it is new.
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    system::for_owner(&mut options);
    options
}

/// Whether other accounts of this machine may read a file or enter a folder.
pub fn others_may_read(path: &Path) -> bool {
    system::is_open(path)
}

/// Writes a file that only its owner can read, on the disk when it returns: beside it first, then renamed over it.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), EnvError> {
    write_beside(path, bytes, None)
}

/// The same for whoever may read or write something else too, such as what the file answers.
pub fn write_as_open_as(path: &Path, bytes: &[u8], like: &Metadata) -> Result<(), EnvError> {
    write_beside(path, bytes, Some(like))
}

fn write_beside(path: &Path, bytes: &[u8], like: Option<&Metadata>) -> Result<(), EnvError> {
    use std::io::Write;
    let fail = |e| EnvError::Unwritable(path.to_owned(), e);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // A run that was cut off may have left one; whoever else did keeps nothing of it.
    let _ = std::fs::remove_file(&beside);
    let mut file = private_file().create_new(true).open(&beside).map_err(fail)?;
    if let Some(like) = like {
        // Where the file system knows no permissions, its own rules decide.
        let _ = system::open_as(&file, like);
    }
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(fail)?;
    drop(file);
    rename_synced(&beside, path).map_err(fail)
}

/// Writes a new file that only its owner can read, on the disk when it returns; one that is there stays, and is
/// an error.
pub fn write_new_private(path: &Path, bytes: &[u8]) -> Result<(), EnvError> {
    use std::io::Write;
    let file = private_file().create_new(true).open(path);
    file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(|e| EnvError::Unwritable(path.to_owned(), e))?;
    sync_dir_of(path);
    Ok(())
}

/// Renames a file, over one that is there; on the disk when it returns.
pub fn rename_synced(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::rename(from, to)?;
    sync_dir_of(to);
    if from.parent() != to.parent() {
        sync_dir_of(from);
    }
    Ok(())
}

/// Brings the name of a file or folder to the disk, so that it survives a power cut; folders can be synced only
/// where they open.
pub fn sync_dir_of(path: &Path) {
    let here = Path::new(".");
    let within = path.parent().map(|dir| match dir.as_os_str().is_empty() {
        true => here,
        false => dir,
    });
    if let Some(dir) = within.and_then(|dir| File::open(dir).ok()) {
        let _ = dir.sync_all();
    }
}

#[cfg(unix)]
mod system {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
    use std::io::{ErrorKind, Result};
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    /// Whatever group and others may do.
    const OTHERS: u32 = 0o077;
    /// Everybody writes, each removes their own: a folder such as `/tmp`.
    const STICKY: u32 = 0o1000;

    fn us() -> u32 {
        rustix::process::geteuid().as_raw()
    }

    pub fn for_owner(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub fn for_owner_dir(builder: &mut DirBuilder) {
        builder.mode(0o700);
    }

    pub fn is_open(path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|m| m.mode() & OTHERS != 0)
    }

    pub fn is_of_others(dir: &Path) -> Result<bool> {
        let (own, us) = (std::fs::metadata(dir)?, us());
        if own.uid() != us || own.mode() & STICKY != 0 {
            return Ok(true);
        }
        for within in std::fs::read_dir(dir)? {
            match within?.metadata() {
                Ok(found) if found.uid() != us => return Ok(true),
                // Another process of this account renamed or removed it meanwhile.
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(false)
    }

    pub fn open_as(file: &File, like: &Metadata) -> Result<()> {
        file.set_permissions(Permissions::from_mode(like.mode() & 0o666 | 0o600))
    }

    pub fn tighten(path: &Path) -> Result<()> {
        let found = std::fs::metadata(path)?;
        if found.mode() & OTHERS == 0 || found.uid() != us() {
            return Ok(());
        }
        std::fs::set_permissions(path, Permissions::from_mode(found.mode() & 0o7777 & !OTHERS))
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io::Result;
    use std::path::Path;

    pub fn for_owner(_: &mut OpenOptions) {}

    pub fn for_owner_dir(_: &mut DirBuilder) {}

    pub fn is_open(_: &Path) -> bool {
        false
    }

    pub fn is_of_others(_: &Path) -> Result<bool> {
        Ok(false)
    }

    pub fn open_as(_: &File, _: &Metadata) -> Result<()> {
        Ok(())
    }

    pub fn tighten(_: &Path) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_folder_in_which_another_process_replaces_a_file_is_no_fault() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("noted");
        create_private_dir(&folder).unwrap();
        let over = AtomicBool::new(false);
        let told = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    // Many names, each gone again, as a file that is renamed over another leaves none.
                    for n in 0..50 {
                        let name = folder.join(n.to_string());
                        std::fs::write(&name, b"").unwrap();
                        std::fs::remove_file(&name).unwrap();
                    }
                }
            });
            let told: Vec<_> = (0..20_000)
                .filter_map(|_| create_private_dir(&folder).err())
                .collect();
            over.store(true, Ordering::Relaxed);
            told
        });
        assert!(
            told.is_empty(),
            "{} of 20,000, the first: {:?}",
            told.len(),
            told.first()
        );
    }
}
