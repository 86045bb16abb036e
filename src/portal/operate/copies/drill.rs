//! Restores a copy beside the registry and verifies it: a copy that was never restored is a hope.

use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::DateTime;
use serde::Serialize;

use super::restore::{adopt, place};
use super::scratch::Scratch;
use super::unpack::newest;
use crate::env::Clock;
use crate::portal::PortalError;
use crate::portal::age::Identity;
use crate::portal::book::Copied;
use crate::portal::book::database::Database;
use crate::portal::files::Files;
use crate::portal::operate::verify::{Verified, verify};
use crate::portal::unit::opened::Opened;

/// What restoring for trial came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drilled {
    /// The copy.
    pub file: PathBuf,
    /// The moment that it shows (RFC 3339).
    pub at: String,
    /// How long ago that is, in minutes.
    pub minutes_old: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What `verify` found in it; none for a dump that was only read from end to end.
    pub verified: Option<Verified>,
}

impl Drilled {
    /// Whether the copy would do.
    pub fn holds(&self) -> bool {
        self.verified.as_ref().is_none_or(Verified::holds)
    }
}

/// Restores the newest copy into a folder beside, verifies it and removes it; notes that it held. `database` is an
/// empty PostgreSQL database for a dump, which is emptied again; without it a dump is only read.
///
/// # Errors
/// Those of `restore`; [`PortalError::NoCopyFolder`].
pub fn drill(
    dir: &Path,
    from: Option<&Path>,
    identities: &str,
    database: Option<&str>,
    clock: &dyn Clock,
) -> Result<Drilled, PortalError> {
    let began = Instant::now();
    let mut opened = Opened::at(dir)?;
    let folder = opened.files.load()?.copies.folder;
    let folder = Some(PathBuf::from(folder)).filter(|folder| !folder.as_os_str().is_empty());
    let from = from
        .map(Path::to_owned)
        .or(folder)
        .ok_or(PortalError::NoCopyFolder)?;
    let keys = Identity::parse_all(identities).ok_or(PortalError::Identity)?;
    let file = newest(&from, &keys)?;
    let trial = Scratch::new(dir, "drilling")?;
    let restored = place(&trial.dir, &file, identities, false, clock)?;
    let verified = match &restored.dump {
        None => Some(verify(&trial.dir)?),
        Some(dump) => match database {
            Some(url) => Some(in_database(&trial.dir, dump, url, clock)?),
            None => {
                Database::read_dump(dump)?;
                None
            }
        },
    };
    let (now, at) = (clock.now(), DateTime::parse_from_rfc3339(&restored.at));
    let at = at.map_err(|_| PortalError::CopyDamaged(file.clone()))?;
    let out = Drilled {
        file,
        at: restored.at,
        minutes_old: (now - at).num_minutes(),
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        verified,
    };
    if out.holds() {
        let (now, of) = (now.timestamp_millis(), at.timestamp_millis());
        opened.book.write(|tx| tx.note_copied(Copied::Drill, now, of))?;
    }
    Ok(out)
}

/// Restores a dump into a database of its own and verifies it there.
fn in_database(dir: &Path, dump: &Path, url: &str, clock: &dyn Clock) -> Result<Verified, PortalError> {
    Database::restore_dump(url, dump)?;
    let files = Files(dir.to_owned());
    let verified = files.load().and_then(|mut settings| {
        settings.database = url.to_owned();
        settings.witness = "none".to_owned();
        settings.save(&files.settings())?;
        Database::Postgres(url.to_owned()).migrate()?;
        adopt(dir, clock)?;
        verify(dir)
    });
    Database::clear(url)?;
    verified
}
