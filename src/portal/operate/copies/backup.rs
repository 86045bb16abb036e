//! Makes a sealed copy of a registry while it serves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use zeroize::Zeroizing;

use super::manifest::{BOOK, DUMP, FORMAT, Manifest};
use super::pack::{self, Content};
use super::scratch::Scratch;
use crate::env::Clock;
use crate::portal::age::Recipient;
use crate::portal::book::database::Database;
use crate::portal::book::{BookResult, Copied, ReadTransaction};
use crate::portal::files::Files;
use crate::portal::record::NumberSeries;
use crate::portal::unit::opened::Opened;
use crate::portal::{PortalError, PortalSettings};
use crate::seal::ReceiptNumber;

/// How often keys are read again that somebody changes meanwhile.
const TRIES: usize = 5;

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackedUp {
    /// The file.
    pub file: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// The moment of the book (RFC 3339).
    pub at: String,
    /// Epoch of the book.
    pub epoch: u32,
    /// Facilities whose receipts are in it.
    pub facilities: usize,
}

/// Makes a sealed copy while the portal serves: in a file that is not there yet, or in one with the date as its
/// name where `to` is a folder; without it, in the folder of the settings. Sealed to `recipients`, or to those of
/// the settings where none is given.
///
/// # Errors
/// [`PortalError::NoRecipient`], [`PortalError::NoCopyFolder`], [`PortalError::FileExists`]; the portal's.
pub fn backup(
    dir: &Path,
    to: Option<&Path>,
    recipients: &[String],
    clock: &dyn Clock,
) -> Result<BackedUp, PortalError> {
    let mut opened = Opened::at(dir)?;
    let settings = opened.files.load()?;
    let recipients = recipients_of(recipients, &settings)?;
    let now = clock.now();
    let folder = Some(settings.copies.folder.as_str()).filter(|folder| !folder.is_empty());
    let to = to.map(Path::to_owned).or(folder.map(PathBuf::from));
    let mut to = to.ok_or(PortalError::NoCopyFolder)?;
    if to.is_dir() {
        to.push(now.format("ogoh-%Y-%m-%dT%H%M%S.age").to_string());
    }
    if to.exists() {
        return Err(PortalError::FileExists(to));
    }
    copy(&mut opened, &settings, &recipients, now, &to)
}

/// Those that are given, else those of the settings.
pub(super) fn recipients_of(
    given: &[String],
    settings: &PortalSettings,
) -> Result<Vec<Recipient>, PortalError> {
    let wanted = match given {
        [] => &settings.copies.recipients,
        given => given,
    };
    if wanted.is_empty() {
        return Err(PortalError::NoRecipient);
    }
    wanted.iter().map(|key| recipient(key)).collect()
}

fn recipient(key: &str) -> Result<Recipient, PortalError> {
    Recipient::parse(key).ok_or_else(|| PortalError::Recipient(key.to_owned()))
}

/// Says whether a text is a public key to which copies can be sealed.
///
/// # Errors
/// [`PortalError::Recipient`] where it is none.
pub fn check_recipient(key: &str) -> Result<(), PortalError> {
    recipient(key).map(drop)
}

/// What a book says of the receipts and numbers that it gave.
struct Counters {
    epoch: u32,
    numbers: Vec<(NumberSeries, u64)>,
    receipts: BTreeMap<String, ReceiptNumber>,
}

fn counters(tx: &ReadTransaction<'_>) -> BookResult<Counters> {
    Ok(Counters {
        epoch: tx.epoch()?,
        numbers: tx.numbers()?,
        receipts: tx.receipt_counters()?,
    })
}

/// Makes a copy in the place of `to` and notes in the book which receipts lie in it.
pub(super) fn copy(
    opened: &mut Opened,
    settings: &PortalSettings,
    recipients: &[Recipient],
    now: DateTime<FixedOffset>,
    to: &Path,
) -> Result<BackedUp, PortalError> {
    let scratch = Scratch::new(&opened.files.0, "copying")?;
    let database = Database::of(opened.files.database(), settings, None);
    let (name, is_file) = match &database {
        Database::Sqlite(_) => (BOOK, true),
        Database::Postgres(_) => (DUMP, false),
    };
    let book = scratch.dir.join(name);
    let (keys, counted) = snapshot(opened, &database, &book)?;
    // A dump cannot be read as a book: it holds at least what was counted before it began.
    let counted = match is_file {
        true => Database::look(&book)?.read(counters)?,
        false => counted,
    };
    let mut parts = keys;
    parts.push((name.to_owned(), Content::File(book.clone())));
    let named = parts.iter().map(|(name, content)| content.part(name));
    let manifest = Manifest {
        format: FORMAT,
        app: format!("ogoh {}", env!("CARGO_PKG_VERSION")),
        root: opened.files.root()?.x(),
        at: now.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
        epoch: counted.epoch,
        numbers: counted.numbers,
        receipts: counted
            .receipts
            .iter()
            .map(|(fac, n)| (fac.clone(), n.to_string()))
            .collect(),
        parts: named
            .collect::<std::io::Result<_>>()
            .map_err(PortalError::io(&book))?,
    };
    let at_s = u64::try_from(now.timestamp()).unwrap_or(0);
    let bytes = pack::write(to, recipients, &manifest, &parts, at_s)?;
    let at_ms = now.timestamp_millis();
    opened.book.write(|tx| {
        tx.raise_safe(&counted.receipts)?;
        tx.note_copied(Copied::Backup, at_ms, at_ms)
    })?;
    Ok(BackedUp {
        file: to.to_owned(),
        bytes,
        at: manifest.at,
        epoch: manifest.epoch,
        facilities: counted.receipts.len(),
    })
}

type Keys = Vec<(String, Content)>;

/// Copies the book, with the settings and keys that belong to that moment: where somebody changed them meanwhile,
/// once more.
fn snapshot(opened: &mut Opened, database: &Database, to: &Path) -> Result<(Keys, Counters), PortalError> {
    let mut keys = keys(&opened.files)?;
    for _ in 0..TRIES {
        let counted = opened.book.read(counters)?;
        database.copy_to(to)?;
        let again = self::keys(&opened.files)?;
        if again == keys {
            let keys = keys
                .into_iter()
                .map(|(name, bytes)| (name, Content::Bytes(bytes)));
            return Ok((keys.collect(), counted));
        }
        keys = again;
        std::fs::remove_file(to).map_err(PortalError::io(to))?;
    }
    Err(PortalError::KeysChanging)
}

/// A file of the folder: its name and its bytes.
type NamedFile = (String, Zeroizing<Vec<u8>>);

fn keys(files: &Files) -> Result<Vec<NamedFile>, PortalError> {
    let mut out = Vec::new();
    for name in Files::COPIED {
        let path = files.0.join(name);
        match std::fs::read(&path) {
            Ok(bytes) => out.push(((*name).to_owned(), Zeroizing::new(bytes))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(PortalError::Io(path, e)),
        }
    }
    Ok(out)
}
