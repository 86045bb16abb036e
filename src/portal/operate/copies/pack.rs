//! Writes a sealed copy: beside its place, to the disk, then renamed into it.

use std::fs::File;
use std::io::{BufWriter, Read, Result, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::manifest::{Manifest, NAME, Part, hex};
use crate::env::{private_file, rename_synced};
use crate::portal::PortalError;
use crate::portal::age::{Recipient, Sealer};

/// What goes into a copy.
pub(super) enum Content {
    /// A small file, read already.
    Bytes(Zeroizing<Vec<u8>>),
    /// A large one.
    File(PathBuf),
}

impl Content {
    fn reader(&self) -> Result<Box<dyn Read + '_>> {
        Ok(match self {
            Content::Bytes(bytes) => Box::new(bytes.as_slice()),
            Content::File(path) => Box::new(File::open(path)?),
        })
    }

    /// How the manifest names it.
    pub fn part(&self, name: &str) -> Result<Part> {
        let (mut hash, mut size) = (Sha256::new(), 0);
        let mut reader = self.reader()?;
        let mut buffer = vec![0; 256 << 10];
        loop {
            let read = reader.read(&mut buffer)?;
            let Some(bytes) = buffer.get(..read).filter(|b| !b.is_empty()) else {
                break;
            };
            hash.update(bytes);
            size += u64::try_from(read).unwrap_or(0);
        }
        Ok(Part {
            name: name.to_owned(),
            size,
            sha256: hex(&hash.finalize()),
        })
    }
}

/// Writes a copy to `to`, over one that is there; gives its bytes. Cut off anywhere, it leaves what was there.
pub(super) fn write(
    to: &Path,
    recipients: &[Recipient],
    manifest: &Manifest,
    parts: &[(String, Content)],
    at_s: u64,
) -> std::result::Result<u64, PortalError> {
    let mut name = std::ffi::OsString::from(".");
    name.push(to.file_name().unwrap_or_default());
    name.push(".ogoh-unfinished");
    let beside = to.with_file_name(name);
    // A run that was cut off may have left one. Nobody else gives a file such a name.
    let _ = std::fs::remove_file(&beside);
    let written = seal(&beside, recipients, manifest, parts, at_s);
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    let size = written.map_err(PortalError::io(&beside))?;
    rename_synced(&beside, to).map_err(PortalError::io(to))?;
    Ok(size)
}

fn seal(
    path: &Path,
    recipients: &[Recipient],
    manifest: &Manifest,
    parts: &[(String, Content)],
    at_s: u64,
) -> Result<u64> {
    let file = private_file().create_new(true).open(path)?;
    let sealer = Sealer::new(BufWriter::with_capacity(256 << 10, file), recipients)?;
    let mut tar = tar::Builder::new(sealer);
    let mut add = |name: &str, size: u64, from: &mut dyn Read| {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o600);
        header.set_mtime(at_s);
        header.set_size(size);
        tar.append_data(&mut header, name, from)
    };
    let text = serde_json::to_vec_pretty(manifest)?;
    add(NAME, u64::try_from(text.len()).unwrap_or(0), &mut text.as_slice())?;
    for ((name, content), part) in parts.iter().zip(&manifest.parts) {
        add(name, part.size, &mut content.reader()?)?;
    }
    let mut out = tar.into_inner()?.finish()?;
    out.flush()?;
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}
