//! The database as a file: `backup`, `restore`, `encrypt`.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward::{Ward, device_key};
use crate::env::{Clock, DatabaseKey, EnvError, Paths, Settings, SystemClock, write_private};
use crate::lang::Msg;
use crate::store::{self, Store, StoreError};

/// `backup FILE`: a copy of the database of one moment, while others work on it.
pub fn backup(call: &Call, out: Out) -> Result<i32, Failure> {
    let file = Path::new(call.arg()?);
    Ward::open(call)?.store.backup(file)?;
    out.either(&json!({ "file": file }), || {
        Msg::new("cli-backed-up")
            .with("path", file.display().to_string())
            .render(out.lang)
    });
    Ok(fail::OK)
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
    let beside = |suffix: &str| {
        let mut name = database.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    // Read to the end before anything here is moved.
    let coming = beside(".restoring");
    write_private(
        &coming,
        &std::fs::read(file).map_err(|e| EnvError::Unwritable(file.to_owned(), e))?,
    )?;
    let read = under_own_key(&paths, &coming, call).and_then(|key| {
        let mut store = Store::open_with(&coming, key.as_ref())?;
        store.leave_journals("restored")?;
        Ok(store.entries_after(0, usize::MAX)?.len())
    });
    if read.is_err() {
        let _ = std::fs::remove_file(&coming);
    }
    let entries = read?;
    // The old log goes first: beside another database SQLite would read it into that one.
    for suffix in ["-wal", "-shm", ""] {
        let old = beside(suffix);
        if old.exists() {
            std::fs::rename(&old, beside(&format!(".before-{at}{suffix}"))).map_err(unwritable)?;
        }
    }
    // Closed in order, the restored one is a single file.
    std::fs::rename(&coming, &database).map_err(unwritable)?;
    out.either(&json!({ "file": file, "entries": entries }), || {
        Msg::new("cli-restored").with("n", entries).render(out.lang)
    });
    Ok(fail::OK)
}

/// Brings a backup under the key of this device, and gives that key: a plain one is encrypted where
/// there is a key, one of another device needs the key of that one (`--key-file`).
fn under_own_key(paths: &Paths, coming: &Path, call: &Call) -> Result<Option<DatabaseKey>, Failure> {
    let own = DatabaseKey::find(paths)?.map(|(key, _)| key);
    let brought = match call.value("key-file") {
        Some(file) => DatabaseKey::read(Path::new(file))?,
        None => None,
    };
    match (store::is_plain(coming), own, brought) {
        (true, Some(own), _) if store::CAN_ENCRYPT => {
            store::encrypt(coming, &own)?;
            Ok(Some(own))
        }
        (true, _, _) => Ok(None),
        (false, Some(own), Some(brought)) if own != brought => {
            store::change_key(coming, &brought, &own)?;
            Ok(Some(own))
        }
        (false, None, Some(brought)) => {
            let text = zeroize::Zeroizing::new(format!("{}\n", brought.hex()));
            write_private(&paths.database_key(), text.as_bytes())?;
            Ok(Some(brought))
        }
        (false, own, _) => Ok(own),
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
    let plain = store::is_plain(&database);
    if plain {
        // The key is on the disk before anything is encrypted with it.
        let key = DatabaseKey::find_or_make(&paths)?;
        store::encrypt(&database, &key)?;
    }
    let id = match plain {
        true => "cli-encrypted",
        false => "cli-encrypted-already",
    };
    out.either(&json!({ "file": database, "encrypted": true }), || {
        Msg::new(id)
            .with("path", database.display().to_string())
            .with("key", paths.database_key().display().to_string())
            .render(out.lang)
    });
    Ok(fail::OK)
}
