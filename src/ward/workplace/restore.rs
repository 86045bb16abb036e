//! The database as a file: a backup in its place, and its encryption.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::device::device_key;
use super::error::WorkplaceError;
use crate::env::{
    Clock, DatabaseKey, EnvError, KeptIn, Paths, Settings, SystemClock, rename_synced, write_private,
};
use crate::lang::{Explain, Msg};
use crate::seal::PublicKey;
use crate::ward::store::{self, Carried, Store, StoreError};

/// What keeps a backup from going into its place. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is of another facility: its people would sign here in that one's name.
    #[error("backup of facility {found}")]
    OtherFacility {
        /// Code of that one.
        found: String,
        /// Code of ours.
        own: String,
    },
    /// It does not open with the key at hand, or is no backup.
    #[error("backup does not open: {0}")]
    Key(PathBuf),
    /// The file cannot be read.
    #[error("backup unreadable: {0}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The database that is here cannot be read, or not wholly, and held entries that were never sent and
    /// that nobody else has.
    #[error("{n} entries would be lost")]
    WouldLose {
        /// How many, at the most.
        n: u64,
        /// That database.
        here: PathBuf,
    },
    /// The database that is here cannot be read, or not wholly, and nothing says what it held.
    #[error("entries may be lost")]
    MayLose {
        /// That database.
        here: PathBuf,
        /// When the last entry of the backup was signed; none where it has none.
        since: Option<String>,
    },
    /// The device.
    #[error(transparent)]
    Failed(#[from] WorkplaceError),
}

impl From<StoreError> for RestoreError {
    fn from(e: StoreError) -> RestoreError {
        RestoreError::Failed(e.into())
    }
}

impl From<EnvError> for RestoreError {
    fn from(e: EnvError) -> RestoreError {
        RestoreError::Failed(e.into())
    }
}

impl Explain for RestoreError {
    fn msg(&self) -> Msg {
        match self {
            RestoreError::OtherFacility { found, own } => Msg::new("cli-restore-other")
                .with("found", found.as_str())
                .with("own", own.as_str()),
            RestoreError::Key(file) => Msg::new("cli-restore-key").with("path", file.display().to_string()),
            RestoreError::Unreadable(file, e) => Msg::new("cli-unreadable-file")
                .with("path", file.display().to_string())
                .with("what", e.to_string()),
            RestoreError::WouldLose { n, here } => Msg::new("cli-restore-would-lose")
                .with("n", i64::try_from(*n).unwrap_or(i64::MAX))
                .with("path", here.display().to_string()),
            RestoreError::MayLose { here, since } => Msg::new("cli-restore-may-lose")
                .with("path", here.display().to_string())
                .with("since", since.clone().unwrap_or_default()),
            RestoreError::Failed(e) => e.msg(),
        }
    }

    fn hint(&self) -> Option<Msg> {
        match self {
            RestoreError::Failed(e) => e.hint(),
            RestoreError::WouldLose { .. } | RestoreError::MayLose { .. } => {
                Some(Msg::new("cli-restore-lose-hint"))
            }
            _ => None,
        }
    }
}

/// What a restore brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Entries that are in place now, those of the backup and those that were taken over.
    pub entries: usize,
    /// What was taken over from the database that was here.
    pub carried: Carried,
}

/// What a person says beside the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct RestoreBy<'a> {
    /// The database key of the device that made the backup.
    pub key_file: Option<&'a Path>,
    /// Whether entries may be lost that were signed here and never sent.
    pub lose_unsent: bool,
}

/// Puts a backup in the place of this device's database. What was here stays beside it, and what it holds
/// that the backup lacks is taken over: nothing that was signed is lost. It may be repeated, wherever it
/// was cut off.
///
/// The journals are not written to again: others may have seen more of them. What is missing comes back
/// from the registry with the next delivery.
///
/// # Errors
/// As [`RestoreError`]; and [`StoreError::InUse`] where a program has the database open.
pub fn restore(paths: &Paths, file: &Path, by: RestoreBy<'_>) -> Result<Restored, RestoreError> {
    // A device that is set up: its key and settings are not in a backup. Its database may be beyond
    // opening, which is why somebody restores.
    let settings = Settings::load(&paths.settings())?;
    device_key(paths)?;
    // Whoever had the old file open would go on writing to it, and lose what they wrote.
    let _alone = store::alone(&paths.open_lock())?;
    let database = paths.database();
    // Read to the end before anything here is moved; what an earlier call was cut off in goes first.
    let coming = store::beside(&database, ".restoring");
    store::remove_with_companions(&coming);
    let own = DatabaseKey::find(paths)?.map(|(key, _)| key);
    let read = bring(file, &coming, own.as_ref(), by.key_file).and_then(|key| {
        let opened = Store::open_with(&coming, key.as_ref());
        let mut store = opened.map_err(|e| foreign_key(e, file))?;
        let restored = take_over(&mut store, paths, own.as_ref(), &settings, by.lose_unsent)?;
        drop(store);
        store::settle(&coming, key.as_ref())?;
        Ok((restored, key))
    });
    if read.is_err() {
        store::remove_with_companions(&coming);
    }
    let (restored, key) = read?;
    if let (Some(key), None) = (&key, &own) {
        // It opened with the key that was brought, which is this device's from now on.
        let text = Zeroizing::new(format!("{}\n", key.hex()));
        write_private(&paths.database_key(), text.as_bytes())?;
    }
    let aside = exchange(&database, &coming, own.as_ref(), &settings)?;
    if let Some(key) = key.filter(|_| store::is_plain(&aside)) {
        // What lies aside is as private as what is in use.
        store::encrypt(&aside, &key)?;
    }
    if by.lose_unsent {
        let key = DatabaseKey::find(paths)?.map(|(key, _)| key);
        Store::open_with(&database, key.as_ref())?.give_up_missing(&paths.witness())?;
    }
    Ok(restored)
}

/// Brings a backup here under the key of this device, and gives that key: a plain one is encrypted where
/// there is a key, one of another device needs the key of that one.
fn bring(
    file: &Path,
    coming: &Path,
    own: Option<&DatabaseKey>,
    key_file: Option<&Path>,
) -> Result<Option<DatabaseKey>, RestoreError> {
    let brought = match key_file {
        Some(path) => match DatabaseKey::read(path)? {
            Some(key) => Some(key),
            None => {
                let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(EnvError::DatabaseKey(path.to_owned(), gone.to_string()).into());
            }
        },
        None => None,
    };
    // SQLite takes an empty file for an empty database; what was cut off may have left one.
    if std::fs::metadata(file).is_ok_and(|found| found.is_file() && found.len() == 0) {
        return Err(RestoreError::Key(file.to_owned()));
    }
    if let Some(own) = own.filter(|_| store::CAN_ENCRYPT && store::is_plain(file)) {
        store::encrypt_copy(file, coming, own)?;
        return Ok(Some(own.clone()));
    }
    let bytes = std::fs::read(file).map_err(|e| RestoreError::Unreadable(file.to_owned(), e))?;
    write_private(coming, &bytes)?;
    match (store::is_plain(coming), own, brought) {
        (true, _, _) => Ok(None),
        (false, Some(own), Some(brought)) if *own != brought => {
            store::change_key(coming, &brought, own).map_err(|e| foreign_key(e, file))?;
            Ok(Some(own.clone()))
        }
        (false, own, brought) => Ok(own.cloned().or(brought)),
    }
}

/// Reads what was brought to the end, takes over what is here and was moved aside, and lets it begin a
/// journal that names the old one.
fn take_over(
    store: &mut Store,
    paths: &Paths,
    own: Option<&DatabaseKey>,
    settings: &Settings,
    lose: bool,
) -> Result<Restored, RestoreError> {
    let fac = &settings.facility.code;
    let brought = store.entries_after(0, usize::MAX)?;
    if let Some((_, entry, _)) = brought.iter().find(|(_, entry, _)| entry.fac != *fac) {
        return Err(RestoreError::OtherFacility {
            found: entry.fac.clone().into(),
            own: fac.clone(),
        });
    }
    let root = PublicKey::from_x(&settings.portal.root_key).map_err(WorkplaceError::from)?;
    let since = brought.last().map(|(_, entry, _)| entry.rec.to_rfc3339());
    let mut carried = Carried::default();
    let here = others(&paths.database());
    let gone = here.is_empty();
    for (i, path) in here.iter().enumerate() {
        let opened = Store::open_with(path, own);
        let unread = Carried {
            unread: true,
            ..Carried::default()
        };
        let mut from = opened
            .and_then(|other| store.carry_over(&other, fac, &root))
            .unwrap_or(unread);
        // What lay aside before was told then.
        from.unread &= i == 0;
        carried += from;
    }
    if !lose {
        let here = paths.database();
        // What a database that is whole does not have is missing already, and not by this.
        let missing = store.lacking_of(&paths.witness())?;
        let lacking = missing.iter().flatten().map(|lost| lost.unsent).sum::<u64>();
        let lacking = if carried.unread || gone { lacking } else { 0 };
        match lacking.saturating_add(carried.left as u64) {
            0 if carried.unread && missing.is_none() => return Err(RestoreError::MayLose { here, since }),
            0 => {}
            n => return Err(RestoreError::WouldLose { n, here }),
        }
    }
    store.leave_journals("restored")?;
    store.rebuild()?;
    let entries = store.entries_after(0, usize::MAX)?.len();
    Ok(Restored { entries, carried })
}

/// The databases from which something may have to be taken over: the one that is here, and those that earlier
/// restores moved aside, the newest first.
fn others(database: &Path) -> Vec<PathBuf> {
    let mut all = set_aside(database);
    all.sort();
    all.push(database.to_owned());
    all.retain(|path| path.exists());
    all.reverse();
    all
}

/// Moves the old database aside and the new one into its place; gives where the old one lies.
fn exchange(
    database: &Path,
    coming: &Path,
    own: Option<&DatabaseKey>,
    settings: &Settings,
) -> Result<PathBuf, EnvError> {
    let unwritable = |e| EnvError::Unwritable(database.to_owned(), e);
    let clock = SystemClock {
        utc_offset_minutes: settings.utc_offset_minutes,
    };
    let at = clock.now().format("%Y%m%d-%H%M%S").to_string();
    // One file, where the old one still opens; else what there is of it, logs first: beside another database
    // SQLite would read them into that one.
    let _ = store::settle(database, own.filter(|_| !store::is_plain(database)));
    let aside = store::beside(database, &format!(".before-{at}"));
    for suffix in ["-wal", "-shm", "-journal", ""] {
        let old = store::beside(database, suffix);
        if old.exists() {
            std::fs::rename(&old, store::beside(&aside, suffix)).map_err(unwritable)?;
        }
    }
    rename_synced(coming, database).map_err(unwritable)?;
    Ok(aside)
}

/// A backup that does not open with the key that is at hand.
fn foreign_key(e: StoreError, file: &Path) -> RestoreError {
    match e {
        StoreError::WrongDatabaseKey(_) | StoreError::NotADatabase(_) => RestoreError::Key(file.to_owned()),
        other => other.into(),
    }
}

/// Lists databases that a restore moved aside.
pub fn set_aside(database: &Path) -> Vec<PathBuf> {
    let before = store::beside(database, ".before-");
    let logs = ["-wal", "-shm", "-journal"];
    let files = database.parent().and_then(|dir| std::fs::read_dir(dir).ok());
    let paths = files.into_iter().flatten().flatten().map(|entry| entry.path());
    let starts = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.starts_with(&*before.to_string_lossy()) && !logs.iter().any(|log| name.ends_with(log))
    };
    paths.filter(starts).collect()
}

/// What came of encrypting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encrypted {
    /// It was already.
    Already,
    /// With the key that systemd hands over.
    Sealed,
    /// With a key in a file beside the database.
    WithFile,
}

/// Encrypts the database of this device and what was moved aside. The key is the one that systemd hands
/// over, else a new file beside the database.
///
/// # Errors
/// [`StoreError::NoEncryption`], [`StoreError::InUse`]; and what keeps the files from being written.
pub fn encrypt(paths: &Paths) -> Result<Encrypted, WorkplaceError> {
    Settings::load(&paths.settings())?;
    let database = paths.database();
    if !store::CAN_ENCRYPT {
        return Err(StoreError::NoEncryption(database).into());
    }
    let _alone = store::alone(&paths.open_lock())?;
    let mut plain = set_aside(&database);
    plain.push(database.clone());
    plain.retain(|path| store::is_plain(path));
    if !plain.is_empty() {
        // The key is on the disk before anything is encrypted with it.
        let key = DatabaseKey::find_or_make(paths)?;
        plain.iter().try_for_each(|path| store::encrypt(path, &key))?;
    }
    store::remove_with_companions(&store::beside(&database, ".restoring"));
    let sealed = DatabaseKey::find(paths)?.is_some_and(|(_, kept)| kept == KeptIn::Credential);
    Ok(match (plain.is_empty(), sealed) {
        (true, _) => Encrypted::Already,
        (false, true) => Encrypted::Sealed,
        (false, false) => Encrypted::WithFile,
    })
}
