//! Puts a copy in the place of a registry's folder. What was there is set aside, never deleted.
//!
//! Everything is made ready beside and on the disk before anything moves, and the book moves last: cut off between
//! any two steps, no portal starts, and the same command goes on.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::manifest::{BOOK, DUMP, Manifest};
use super::scratch::Scratch;
use super::unpack::{newest, unpack};
use crate::env::{Clock, create_private_dir, rename_synced};
use crate::portal::age::Identity;
use crate::portal::book::database::Database;
use crate::portal::book::{Book, BookError, BookResult, WriteTransaction};
use crate::portal::files::{Files, read, read_secret};
use crate::portal::record::recovery::Noticed;
use crate::portal::unit::keyring::Keyring;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::set_back;
use crate::portal::witness::{Noted, Stand, Witness};
use crate::portal::{PortalError, PortalSettings};
use crate::seal::{KeyUse, TrustKey};

/// Companions of the book's file. The book goes first: without it nothing opens.
const BOOK_FILES: [&str; 3] = [BOOK, "portal.db-wal", "portal.db-shm"];

/// A registry that was put back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The moment of the copy (RFC 3339); empty where the book was restored by other means.
    pub at: String,
    /// The epoch that was opened; 0 where that is still to be done, after PostgreSQL's own restore.
    pub epoch: u32,
    /// Registration numbers that are passed over.
    pub passed_over: u64,
    /// Where the old files are.
    pub aside: Option<PathBuf>,
    /// Books that were set aside and cannot be read: numbers and epoch follow from the copy alone.
    pub unread: Vec<PathBuf>,
    /// What PostgreSQL's `pg_restore` is to restore, before `restore --adopt`.
    pub dump: Option<PathBuf>,
}

/// What the books of a folder had come to, and those that cannot be read.
type Aside = (Stand, Vec<PathBuf>);

/// Puts a copy in the place of the portal in a folder, which may be empty.
///
/// # Errors
/// [`PortalError::InUse`], [`PortalError::AnotherPortal`]; the copy's: `CopyLocked`, `CopyDamaged`, `CopyForged`,
/// `CopyNewer`.
pub fn restore(
    dir: &Path,
    from: &Path,
    identities: &str,
    clock: &dyn Clock,
) -> Result<Restored, PortalError> {
    create_private_dir(dir)?;
    // A PostgreSQL database that answers must have nobody on it; one that does not is still to be restored.
    let mut database = match Files(dir.to_owned()).load() {
        Ok(settings) if !settings.database.is_empty() => Database::Postgres(settings.database).open().ok(),
        _ => None,
    };
    if let Some(book) = &mut database
        && !book.be_alone()?
    {
        return Err(PortalError::InUse);
    }
    place(dir, from, identities, true, clock)
}

/// Puts a copy into a folder that no portal serves from. One for trial leaves the witness alone.
pub(super) fn place(
    dir: &Path,
    from: &Path,
    identities: &str,
    in_earnest: bool,
    clock: &dyn Clock,
) -> Result<Restored, PortalError> {
    let identities = Identity::parse_all(identities).ok_or(PortalError::Identity)?;
    let from = newest(from, &identities)?;
    let files = Files(dir.to_owned());
    let _alone = Database::alone(&files.database())?.ok_or(PortalError::InUse)?;
    let ready = Scratch::new(dir, "restoring")?;
    let manifest = unpack(&from, &identities, &ready.dir)?;
    let is_another = |root: String| root.trim() != manifest.root;
    if files.is_portal() && read(&files.root_public()).is_ok_and(is_another) {
        return Err(PortalError::AnotherPortal(from));
    }
    let mut out = Restored {
        at: manifest.at.clone(),
        ..Restored::default()
    };
    let settled = Files(ready.dir.clone());
    if settled.root()?.x() != manifest.root {
        return Err(PortalError::CopyForged(from));
    }
    let settings = settled.load()?;
    let mut stand = None;
    let witness = match in_earnest {
        true => Some(Witness::open(dir, &settings, settled.root()?.kid())?),
        false => None,
    };
    // A portal that serves elsewhere with the same one would take itself for set back.
    let _sole = witness.as_ref().map(Witness::alone).transpose()?;
    if settled.database().exists() {
        let mut book = Database::Sqlite(settled.database()).open()?;
        if !belongs_together(&settled, &mut book)? {
            return Err(PortalError::CopyForged(from));
        }
        let (aside, unread) = look_aside(dir)?;
        let noted = witness.as_ref().map(Witness::noted).unwrap_or_default();
        let settled = book.write(|tx| settle(tx, &settings, &noted, &aside, clock.now()))?;
        (out.epoch, out.passed_over, out.unread) = (settled.0, settled.1, unread);
        stand = Some(book.read(Stand::of)?);
        // Its log is merged into it, or the file alone would be the book before.
        drop(book);
        let log = ready.dir.join(BOOK_FILES[1]);
        if log.exists() {
            return Err(PortalError::Io(log, std::io::ErrorKind::AlreadyExists.into()));
        }
    }
    out.aside = put(dir, &ready.dir, &manifest)?;
    if let (Some(witness), Some(stand)) = (&witness, &stand) {
        witness.note(stand)?;
    }
    let dump = dir.join(DUMP);
    out.dump = dump.exists().then_some(dump);
    Ok(out)
}

/// Does the last part for a book that other means restored: opens the next epoch and passes numbers over.
///
/// # Errors
/// [`PortalError::InUse`], [`PortalError::CopyForged`]; the portal's.
pub fn adopt(dir: &Path, clock: &dyn Clock) -> Result<Restored, PortalError> {
    let mut opened = Opened::at(dir)?;
    if !opened.book.be_alone()? {
        return Err(PortalError::InUse);
    }
    if !belongs_together(&opened.files, &mut opened.book)? {
        return Err(PortalError::CopyForged(dir.to_owned()));
    }
    let settings = opened.files.load()?;
    let (aside, unread) = look_aside(dir)?;
    let noted = opened.witness(&settings)?.noted();
    let settled = opened
        .book
        .write(|tx| settle(tx, &settings, &noted, &aside, clock.now()))?;
    opened.note_stand()?;
    let (epoch, passed_over) = settled;
    Ok(Restored {
        epoch,
        passed_over,
        unread,
        ..Restored::default()
    })
}

/// Whether the root key verifies the trust lists of a book, and these name the secret keys in the folder. Anybody
/// who knows a recipient can seal a copy, but not with these keys.
fn belongs_together(files: &Files, book: &mut Book) -> Result<bool, PortalError> {
    let root = files.root()?;
    let keyring = match book.read(|tx| Keyring::load(tx, &root)) {
        Err(BookError::Failed(_)) => return Ok(false),
        read => read?,
    };
    let is_named = |file: &Path, what: KeyUse| -> Result<bool, PortalError> {
        let key = read_secret(file)?;
        let listed = keyring.find(key.public().kid());
        let in_force = |key: &TrustKey| key.revoked.is_none() && key.retired.is_none();
        Ok(listed.is_some_and(|(listed, _)| listed.what == what && in_force(listed)))
    };
    for (file, what) in [
        (files.receipt_key(), KeyUse::Receipt),
        (files.trust_key(), KeyUse::Trust),
    ] {
        // The trust key may be kept elsewhere; while a key is renewed the next one lies beside it.
        let next = file.with_extension("key.next");
        let absent = what == KeyUse::Trust && !file.exists();
        let named = absent || is_named(&file, what)? || next.exists() && is_named(&next, what)?;
        if !named {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Opens an epoch above every one that is known, and passes over the numbers that may have been given since the
/// copy; gives the epoch, and how many numbers.
fn settle(
    tx: &WriteTransaction<'_>,
    settings: &PortalSettings,
    noted: &Noted,
    aside: &Stand,
    now: DateTime<FixedOffset>,
) -> BookResult<(u32, u64)> {
    let mut noted = noted.clone();
    noted.raise(aside);
    let lost = noted.epoch.max(tx.epoch()?);
    let count = |tx: &WriteTransaction<'_>| -> BookResult<u64> {
        Ok(tx
            .not_given()?
            .iter()
            .map(|passed| passed.to - passed.from + 1)
            .sum())
    };
    let before = count(tx)?;
    let epoch = set_back::open_epoch(tx, settings, (lost, &noted), Noticed::Restored, now)?;
    Ok((epoch, count(tx)? - before))
}

/// What is known of the books in the folder, the present one and those that were set aside before.
fn look_aside(dir: &Path) -> Result<Aside, PortalError> {
    let (mut out, mut unread) = (Stand::default(), Vec::new());
    let folders = std::iter::once(dir.to_owned()).chain(asides(dir)?);
    for book in folders
        .map(|folder| folder.join(BOOK))
        .filter(|book| book.exists())
    {
        let looked =
            Database::look(&book).and_then(|mut book| book.read(|tx| Ok((tx.epoch()?, tx.numbers()?))));
        match looked {
            Ok((epoch, numbers)) => {
                out.epoch = out.epoch.max(epoch);
                out.numbers.extend(numbers);
            }
            Err(_) => unread.push(book),
        }
    }
    Ok((out, unread))
}

/// Folders of what was set aside, in their order.
fn asides(dir: &Path) -> Result<Vec<PathBuf>, PortalError> {
    let mut found = Vec::new();
    for one in std::fs::read_dir(dir).map_err(PortalError::io(dir))? {
        let name = one.map_err(PortalError::io(dir))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("set-aside-"));
        found.extend(number.and_then(|n| n.parse::<u32>().ok()));
    }
    found.sort_unstable();
    Ok(found
        .into_iter()
        .map(|n| dir.join(format!("set-aside-{n}")))
        .collect())
}

/// Moves what is ready into its place, and what was there aside; gives where that is.
fn put(dir: &Path, ready: &Path, manifest: &Manifest) -> Result<Option<PathBuf>, PortalError> {
    let names: Vec<&str> = manifest.parts.iter().map(|part| part.name.as_str()).collect();
    let differs = |name: &&str| {
        let here = dir.join(name);
        here.exists() && std::fs::read(&here).ok() != std::fs::read(ready.join(name)).ok()
    };
    let (books, keys): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| [BOOK, DUMP].contains(name));
    let old_book = BOOK_FILES.into_iter().filter(|name| dir.join(name).exists());
    let old: Vec<&str> = match books.contains(&BOOK) {
        true => old_book.collect(),
        false => Vec::new(),
    };
    let old: Vec<&str> = old
        .into_iter()
        .chain(
            books
                .iter()
                .copied()
                .filter(|name| *name == DUMP && dir.join(name).exists()),
        )
        .chain(keys.iter().copied().filter(differs))
        .collect();
    let aside = match old.is_empty() {
        true => None,
        false => Some(aside_for(dir, old.contains(&BOOK))?),
    };
    for name in old {
        if let Some(aside) = &aside {
            let (from, to) = (dir.join(name), unused(aside, name));
            rename_synced(&from, &to).map_err(PortalError::io(&from))?;
        }
    }
    // Keys and settings first; a folder without its book starts nowhere.
    for name in keys.into_iter().chain(books) {
        let (from, to) = (ready.join(name), dir.join(name));
        rename_synced(&from, &to).map_err(PortalError::io(&to))?;
    }
    Ok(aside)
}

/// A new folder for a book that is set aside; what was left of a run that was cut off follows its book.
fn aside_for(dir: &Path, new: bool) -> Result<PathBuf, PortalError> {
    let all = asides(dir)?;
    let last = all.last().filter(|_| !new).cloned();
    let folder = last.unwrap_or_else(|| {
        let next = all
            .last()
            .and_then(|last| last.to_str()?.rsplit('-').next()?.parse::<u32>().ok());
        dir.join(format!("set-aside-{}", next.unwrap_or(0) + 1))
    });
    create_private_dir(&folder)?;
    Ok(folder)
}

/// A name in a folder that nothing has yet.
fn unused(folder: &Path, name: &str) -> PathBuf {
    let names = std::iter::once(name.to_owned()).chain((2..).map(|n: u32| format!("{name}.{n}")));
    let mut free = names.map(|name| folder.join(name)).filter(|path| !path.exists());
    free.next().unwrap_or_else(|| folder.join(name))
}
