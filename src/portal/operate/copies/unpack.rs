//! Opens a sealed copy into a private folder, and believes nothing of it before every hash is right.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::manifest::{BOOK, DUMP, FORMAT, Manifest, NAME, Part, hex};
use crate::env::private_file;
use crate::portal::PortalError;
use crate::portal::age::{Identity, Opener};
use crate::portal::files::Files;

/// Most bytes of a manifest.
const MOST_MANIFEST: u64 = 64 << 20;

/// The newest copy: the file itself, or the newest one of a folder.
pub(super) fn newest(from: &Path) -> Result<PathBuf, PortalError> {
    if !from.is_dir() {
        return Ok(from.to_owned());
    }
    let mut found = Vec::new();
    for file in std::fs::read_dir(from).map_err(PortalError::io(from))? {
        let path = file.map_err(PortalError::io(from))?.path();
        if path.extension().is_some_and(|end| end == "age") {
            let changed = path.metadata().and_then(|meta| meta.modified());
            found.push((changed.map_err(PortalError::io(&path))?, path));
        }
    }
    let newest = found.into_iter().max();
    newest
        .map(|(_, path)| path)
        .ok_or_else(|| PortalError::NoCopy(from.to_owned()))
}

/// Opens a copy into a folder, each part by its name; nothing is to be done with them unless this succeeds.
pub(super) fn unpack(file: &Path, identities: &[Identity], into: &Path) -> Result<Manifest, PortalError> {
    let input = File::open(file).map_err(PortalError::io(file))?;
    let failed = |e: Error| match e.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => PortalError::CopyDamaged(file.to_owned()),
        _ => PortalError::Io(file.to_owned(), e),
    };
    let opener = Opener::new(input, identities).map_err(failed)?;
    let opener = opener.ok_or_else(|| PortalError::CopyLocked(file.to_owned()))?;
    let mut tar = tar::Archive::new(opener);
    let damaged = || PortalError::CopyDamaged(file.to_owned());
    let mut entries = tar.entries().map_err(failed)?;
    let first = entries.next().ok_or_else(damaged)?.map_err(failed)?;
    if first.path().map_err(failed)?.as_ref() != Path::new(NAME) {
        return Err(damaged());
    }
    let manifest = read_manifest(first, file)?;
    let mut rest = manifest.parts.iter();
    for entry in entries {
        let mut entry = entry.map_err(failed)?;
        let part = rest.next().ok_or_else(damaged)?;
        // A name of ours, so that nothing is written anywhere else.
        if entry.path().map_err(failed)?.as_ref() != Path::new(&part.name) || !is_ours(&part.name) {
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
    std::io::copy(&mut tar.into_inner(), &mut std::io::sink()).map_err(failed)?;
    Ok(manifest)
}

/// The form is looked at first: a later one may have other members.
fn read_manifest(entry: impl Read, file: &Path) -> Result<Manifest, PortalError> {
    let damaged = || PortalError::CopyDamaged(file.to_owned());
    let mut text = Vec::new();
    entry
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
