//! The database as a file: `backup`, `restore`, `encrypt`.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::env::{
    Clock, DatabaseKey, EnvError, KeptIn, Paths, Settings, SystemClock, sync_dir_of, write_private,
};
use crate::lang::Msg;
use crate::ward::store::{self, Store, StoreError};
use crate::ward::workplace::device_key;

/// `backup FILE`: a copy of the database of one moment, while others work on it.
pub fn backup(call: &Call, out: Out) -> Result<i32, Failure> {
    let file = Path::new(call.arg()?);
    let ward = ward::open(call)?;
    if file.exists() {
        let msg = Msg::new("cli-backup-exists").with("path", file.display().to_string());
        return Err(Failure::refused(msg));
    }
    ward.store.backup(file)?;
    out.either(&json!({ "file": file }), || {
        Msg::new("cli-backed-up")
            .with("path", file.display().to_string())
            .render(out.lang)
    });
    keep_key(&ward.paths, out)?;
    Ok(fail::OK)
}

/// Says where the key lies without which neither database nor backups open, where it is a file.
pub(super) fn keep_key(paths: &Paths, out: Out) -> Result<(), Failure> {
    let kept = DatabaseKey::find(paths)?.map(|(_, kept)| kept);
    if kept == Some(KeptIn::File) && !store::is_plain(&paths.database()) && !out.json {
        let key = paths.database_key().display().to_string();
        out.say(&Msg::new("cli-keep-key").with("key", key));
    }
    Ok(())
}

/// `restore FILE`: a backup in the place of this device's database. What was here stays beside it.
///
/// The journal that the backup knows is not written to again: others may have seen more of it. What is
/// missing comes back from the registry with the next `push`.
pub fn restore(call: &Call, out: Out) -> Result<i32, Failure> {
    let file = Path::new(call.arg()?);
    // A device that is set up: its key and settings are not in a backup. Its database may be beyond
    // opening, which is why somebody restores.
    let paths = Paths::find(call.path("data-dir"))?;
    let settings = Settings::load(&paths.settings())?;
    device_key(&paths)?;
    // Whoever had the old file open would go on writing to it, and lose what they wrote.
    let _alone = store::alone(&paths.open_lock())?;
    let database = paths.database();
    let unwritable = |e| EnvError::Unwritable(database.clone(), e);
    let clock = SystemClock {
        utc_offset_minutes: settings.utc_offset_minutes,
    };
    let at = clock.now().format("%Y%m%d-%H%M%S").to_string();
    // Read to the end before anything here is moved; what an earlier call was cut off in goes first.
    let coming = store::beside(&database, ".restoring");
    store::remove_with_companions(&coming);
    let own = DatabaseKey::find(&paths)?.map(|(key, _)| key);
    let read = bring(file, &coming, own.as_ref(), call).and_then(|key| {
        let opened = Store::open_with(&coming, key.as_ref());
        let mut store = opened.map_err(|e| foreign_key(e, file))?;
        let all = store.entries_after(0, usize::MAX)?;
        // Its people would sign here in the name of another facility.
        if let Some((_, entry, _)) = all
            .iter()
            .find(|(_, entry, _)| entry.fac != settings.facility.code)
        {
            return Err(Failure::refused(
                Msg::new("cli-restore-other")
                    .with("found", entry.fac.as_str())
                    .with("own", settings.facility.code.as_str()),
            ));
        }
        store.leave_journals("restored")?;
        let entries = all.len();
        drop(store);
        store::settle(&coming, key.as_ref())?;
        Ok((entries, key))
    });
    if read.is_err() {
        store::remove_with_companions(&coming);
    }
    let (entries, key) = read?;
    if let (Some(key), None) = (&key, &own) {
        // It opened with the key that was brought, which is this device's from now on.
        let text = zeroize::Zeroizing::new(format!("{}\n", key.hex()));
        write_private(&paths.database_key(), text.as_bytes())?;
    }
    // One file, where the old one still opens; else what there is of it, logs first: beside another database
    // SQLite would read them into that one.
    let _ = store::settle(&database, own.as_ref().filter(|_| !store::is_plain(&database)));
    let aside = store::beside(&database, &format!(".before-{at}"));
    for suffix in ["-wal", "-shm", "-journal", ""] {
        let old = store::beside(&database, suffix);
        if old.exists() {
            std::fs::rename(&old, store::beside(&aside, suffix)).map_err(unwritable)?;
        }
    }
    std::fs::rename(&coming, &database).map_err(unwritable)?;
    sync_dir_of(&database);
    if let Some(key) = key.filter(|_| store::is_plain(&aside)) {
        // What lies aside is as private as what is in use.
        store::encrypt(&aside, &key)?;
    }
    out.either(&json!({ "file": file, "entries": entries }), || {
        Msg::new("cli-restored").with("n", entries).render(out.lang)
    });
    Ok(fail::OK)
}

/// A backup that does not open with the key that is at hand.
fn foreign_key(e: StoreError, file: &Path) -> Failure {
    match e {
        StoreError::WrongDatabaseKey(_) | StoreError::NotADatabase(_) => {
            Failure::refused(Msg::new("cli-restore-key").with("path", file.display().to_string()))
        }
        other => other.into(),
    }
}

fn unreadable(file: &Path, e: &std::io::Error) -> Failure {
    Failure::refused(
        Msg::new("cli-unreadable-file")
            .with("path", file.display().to_string())
            .with("what", e.to_string()),
    )
}

/// Databases that a restore moved aside.
pub(super) fn set_aside(database: &Path) -> Vec<PathBuf> {
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

/// Brings a backup here under the key of this device, and gives that key: a plain one is encrypted where
/// there is a key, one of another device needs the key of that one (`--key-file`).
fn bring(
    file: &Path,
    coming: &Path,
    own: Option<&DatabaseKey>,
    call: &Call,
) -> Result<Option<DatabaseKey>, Failure> {
    let brought = match call.path("key-file") {
        Some(path) => match DatabaseKey::read(&path)? {
            Some(key) => Some(key),
            None => {
                let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(EnvError::DatabaseKey(path, gone.to_string()).into());
            }
        },
        None => None,
    };
    if let Some(own) = own.filter(|_| store::CAN_ENCRYPT && store::is_plain(file)) {
        store::encrypt_copy(file, coming, own)?;
        return Ok(Some(own.clone()));
    }
    let bytes = std::fs::read(file).map_err(|e| unreadable(file, &e))?;
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

/// `encrypt`: the database of this device is encrypted from now on. Its key is the one that systemd
/// hands over, else a new file beside the database.
pub fn encrypt(call: &Call, out: Out) -> Result<i32, Failure> {
    let paths = Paths::find(call.path("data-dir"))?;
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
        let key = DatabaseKey::find_or_make(&paths)?;
        plain.iter().try_for_each(|path| store::encrypt(path, &key))?;
    }
    store::remove_with_companions(&store::beside(&database, ".restoring"));
    let sealed = DatabaseKey::find(&paths)?.is_some_and(|(_, kept)| kept == KeptIn::Credential);
    let id = match (plain.is_empty(), sealed) {
        (true, _) => "cli-encrypted-already",
        (false, true) => "cli-encrypted-sealed",
        (false, false) => "cli-encrypted",
    };
    out.either(&json!({ "file": database, "encrypted": true }), || {
        Msg::new(id)
            .with("path", database.display().to_string())
            .with("key", paths.database_key().display().to_string())
            .render(out.lang)
    });
    Ok(fail::OK)
}
