//! Keeps a second copy close behind a registry while it serves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::backup::{BackedUp, copy, recipients_of};
use crate::env::{Clock, create_private_dir};
use crate::portal::PortalError;
use crate::portal::book::Archiving;
use crate::portal::unit::opened::Opened;

/// How often changes are looked for. With the copy itself it stays below a minute.
const EVERY: Duration = Duration::from_secs(20);
/// The one file of an archive.
const NAME: &str = "ogoh-archive.age";

/// What an archive did or found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Archived {
    /// A copy took the place of the one before.
    Copied(BackedUp),
    /// Nothing changed since.
    Unchanged,
    /// It failed and is tried again; the copy before stays.
    Failed(String),
    /// PostgreSQL keeps its own archive.
    Server(Archiving),
}

/// Keeps the newest copy in a folder: looks for changes without end, or `once`. PostgreSQL archives by itself: how
/// that stands is told, and nothing is copied.
///
/// # Errors
/// The portal's; while it goes on, only those of the beginning.
pub fn archive(
    dir: &Path,
    to: &Path,
    recipients: &[String],
    once: bool,
    clock: &dyn Clock,
    told: &mut dyn FnMut(&Archived),
) -> Result<(), PortalError> {
    let mut opened = Opened::at(dir)?;
    let settings = opened.files.load()?;
    if let Some(state) = opened.book.archiving()? {
        told(&Archived::Server(state));
        return Ok(());
    }
    let recipients = recipients_of(recipients, &settings)?;
    create_private_dir(to)?;
    let file: PathBuf = to.join(NAME);
    let mut seen = None;
    loop {
        // Before the copy: what changes during it is copied the next time.
        let now = opened.book.changes()?;
        let done = match seen == Some(now) {
            true => Ok(Archived::Unchanged),
            false => copy(&mut opened, &settings, &recipients, clock.now(), &file).map(Archived::Copied),
        };
        match done {
            Ok(done) => {
                seen = Some(now);
                told(&done);
            }
            Err(e) if once => return Err(e),
            Err(e) => {
                tracing::error!(event = "archive", why = %e);
                told(&Archived::Failed(e.to_string()));
            }
        }
        if once {
            return Ok(());
        }
        std::thread::sleep(EVERY);
    }
}
