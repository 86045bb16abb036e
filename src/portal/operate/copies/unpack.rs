//! Opens a sealed copy into a private folder, and believes nothing of it before every hash is right.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use chrono::DateTime;
use sha2::{Digest, Sha256};

use super::manifest::{BOOK, DUMP, FORMAT, Manifest, NAME, Part, hex};
use crate::env::private_file;
use crate::portal::PortalError;
use crate::portal::age::{Identity, Opener};
use crate::portal::files::Files;

/// Most bytes of a manifest.
const MOST_MANIFEST: u64 = 64 << 20;

/// The newest copy: the file itself, or of a folder the one whose book is the newest by what it says of itself. A
/// file that is sealed to others is passed over there.
///
/// # Errors
/// [`PortalError::NoCopy`]; those of reading a copy, for any other that is no whole one: it may be the newest.
pub(super) fn newest(from: &Path, identities: &[Identity]) -> Result<PathBuf, PortalError> {
    if !from.is_dir() {
        return Ok(from.to_owned());
    }
    let (mut newest, mut locked) = (None, None);
    for file in std::fs::read_dir(from).map_err(PortalError::io(from))? {
        let path = file.map_err(PortalError::io(from))?.path();
        if path.extension().is_none_or(|end| end != "age") {
            continue;
        }
        match Copy::open(&path, identities).and_then(|mut copy| copy.manifest()) {
            Ok(manifest) => {
                let at = DateTime::parse_from_rfc3339(&manifest.at);
                let at = at.map_err(|_| PortalError::CopyDamaged(path.clone()))?;
                newest = newest.max(Some((manifest.epoch, at, path)));
            }
            Err(e @ PortalError::CopyLocked(_)) => locked = Some(e),
            Err(e) => return Err(e),
        }
    }
    match (newest, locked) {
        (Some((_, _, path)), _) => Ok(path),
        (None, Some(e)) => Err(e),
        (None, None) => Err(PortalError::NoCopy(from.to_owned())),
    }
}

/// A copy that one of the secret keys opens.
struct Copy {
    tar: tar::Archive<Opener<File>>,
    file: PathBuf,
}

impl Copy {
    fn open(file: &Path, identities: &[Identity]) -> Result<Copy, PortalError> {
        let input = File::open(file).map_err(PortalError::io(file))?;
        let opener = Opener::new(input, identities).map_err(|e| unreadable(file, e))?;
        let opener = opener.ok_or_else(|| PortalError::CopyLocked(file.to_owned()))?;
        Ok(Copy {
            tar: tar::Archive::new(opener),
            file: file.to_owned(),
        })
    }

    /// What it says of itself.
    fn manifest(&mut self) -> Result<Manifest, PortalError> {
        let mut entries = self.tar.entries().map_err(|e| unreadable(&self.file, e))?;
        read_manifest(&mut entries, &self.file)
    }
}

fn unreadable(file: &Path, e: Error) -> PortalError {
    match e.kind() {
        // What is no archive is of the last kind.
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof | ErrorKind::Other => {
            PortalError::CopyDamaged(file.to_owned())
        }
        _ => PortalError::Io(file.to_owned(), e),
    }
}

/// Opens a copy into a folder, each part by its name; nothing is to be done with them unless this succeeds.
pub(super) fn unpack(file: &Path, identities: &[Identity], into: &Path) -> Result<Manifest, PortalError> {
    let mut copy = Copy::open(file, identities)?;
    let failed = |e: Error| unreadable(file, e);
    let damaged = || PortalError::CopyDamaged(file.to_owned());
    let mut entries = copy.tar.entries().map_err(failed)?;
    let manifest = read_manifest(&mut entries, file)?;
    let mut rest = manifest.parts.iter();
    for entry in entries {
        let mut entry = entry.map_err(failed)?;
        let part = rest.next().ok_or_else(damaged)?;
        // A name of ours, so that nothing is written anywhere else, and a file that is no longer than it says: one with
        // holes could fill the disk.
        let is_part = entry.path().map_err(failed)?.as_ref() == Path::new(&part.name) && is_ours(&part.name);
        if !is_part || !entry.header().entry_type().is_file() || entry.size() != part.size {
            return Err(damaged());
        }
        let to = into.join(&part.name);
        if !take(&mut entry, part, &to).map_err(|e| match e.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => damaged(),
            _ => PortalError::Io(to, e),
        })? {
            return Err(damaged());
        }
    }
    if rest.next().is_some() {
        return Err(damaged());
    }
    // Only the last byte says that nothing is missing.
    std::io::copy(&mut copy.tar.into_inner(), &mut std::io::sink()).map_err(failed)?;
    Ok(manifest)
}

/// Reads what stands first. Its form is looked at before all else: a later one may have other members.
fn read_manifest(entries: &mut tar::Entries<'_, Opener<File>>, file: &Path) -> Result<Manifest, PortalError> {
    let damaged = || PortalError::CopyDamaged(file.to_owned());
    let first = entries.next().ok_or_else(damaged)?;
    let first = first.map_err(|e| unreadable(file, e))?;
    let name = first.path().map_err(|e| unreadable(file, e))?;
    if name.as_ref() != Path::new(NAME) {
        return Err(damaged());
    }
    drop(name);
    let mut text = Vec::new();
    first
        .take(MOST_MANIFEST)
        .read_to_end(&mut text)
        .map_err(|_| damaged())?;
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(|_| damaged())?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(form) if form > u64::from(FORMAT) => Err(PortalError::CopyNewer(file.to_owned())),
        Some(_) => serde_json::from_value(value).map_err(|_| damaged()),
        None => Err(damaged()),
    }
}

fn is_ours(name: &str) -> bool {
    name == BOOK || name == DUMP || Files::COPIED.contains(&name)
}

/// Writes a part to the disk; says whether it is what the manifest says.
fn take(from: &mut impl Read, part: &Part, to: &Path) -> std::io::Result<bool> {
    let mut file = private_file().create_new(true).open(to)?;
    let (mut hash, mut size) = (Sha256::new(), 0);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|b| !b.is_empty()) else {
            break;
        };
        hash.update(bytes);
        size += u64::try_from(read).unwrap_or(0);
        file.write_all(bytes)?;
    }
    file.sync_all()?;
    Ok(size == part.size && hex(&hash.finalize()) == part.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::age::{Recipient, Sealer};

    /// Keys of the tests, sealing nothing else.
    const SECRET: &str = "AGE-SECRET-KEY-1AA0UYQVNJKRV4GDT8PPC9MYXTL98T79A8KHC96JR2MKD3MK5DR5SAG89UF";
    const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";
    const AT: &str = "2026-11-23T10:00:00+05:00";

    /// A copy with one part, of which it says that it has `said` bytes.
    fn copy(to: &Path, at: &str, epoch: u32, said: u64, part: &[u8], kind: tar::EntryType) {
        let manifest = Manifest {
            format: FORMAT,
            app: "test".to_owned(),
            root: String::new(),
            at: at.to_owned(),
            epoch,
            numbers: Vec::new(),
            receipts: std::collections::BTreeMap::new(),
            parts: vec![Part {
                name: BOOK.to_owned(),
                size: said,
                sha256: hex(&Sha256::digest(part)),
            }],
        };
        let recipients = [Recipient::parse(PUBLIC).unwrap()];
        let sealer = Sealer::new(File::create(to).unwrap(), &recipients).unwrap();
        let mut tar = tar::Builder::new(sealer);
        let text = serde_json::to_vec(&manifest).unwrap();
        for (name, bytes, kind) in [
            (NAME, text.as_slice(), tar::EntryType::Regular),
            (BOOK, part, kind),
        ] {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_mode(0o600);
            header.set_size(bytes.len() as u64);
            tar.append_data(&mut header, name, bytes).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
    }

    fn keys() -> Vec<Identity> {
        Identity::parse_all(SECRET).unwrap()
    }

    #[test]
    fn a_part_that_is_longer_than_the_copy_says_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("copy.age");
        let into = dir.path().join("into");
        std::fs::create_dir(&into).unwrap();
        let long = vec![7; 4 << 20];
        for (said, kind) in [
            (3, tar::EntryType::Regular),
            (long.len() as u64, tar::EntryType::GNUSparse),
            (long.len() as u64, tar::EntryType::Symlink),
        ] {
            copy(&file, AT, 1, said, &long, kind);
            let refused = unpack(&file, &keys(), &into);
            assert!(matches!(refused, Err(PortalError::CopyDamaged(_))), "{kind:?}");
            assert!(!into.join(BOOK).exists(), "{kind:?}");
        }
        copy(&file, AT, 1, long.len() as u64, &long, tar::EntryType::Regular);
        assert_eq!(unpack(&file, &keys(), &into).unwrap().epoch, 1);
    }

    #[test]
    fn the_newest_of_a_folder_is_so_by_what_it_says_of_itself() {
        let dir = tempfile::tempdir().unwrap();
        let made = |name: &str, at: &str, epoch: u32| {
            let file = dir.path().join(name);
            copy(&file, at, epoch, 1, b"x", tar::EntryType::Regular);
            file
        };
        // The last one written is the oldest one: somebody copied it here.
        let new = made("b.age", "2026-11-24T08:00:00+05:00", 1);
        made("c.age", AT, 1);
        assert_eq!(newest(dir.path(), &keys()).unwrap(), new);
        // A book that was set back and went on is newer than one that was lost.
        let later = made("a.age", AT, 2);
        assert_eq!(newest(dir.path(), &keys()).unwrap(), later);
        std::fs::write(dir.path().join("d.age"), "age-encryption.org/v1\n").unwrap();
        let found = newest(dir.path(), &keys());
        assert!(matches!(found, Err(PortalError::CopyDamaged(_))), "{found:?}");
    }
}
