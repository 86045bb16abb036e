//! The database as a file: `backup`, `restore`, `encrypt`.

use std::path::Path;

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::env::{DatabaseKey, KeptIn, Paths};
use crate::lang::Msg;
use crate::ward::store;
use crate::ward::workplace::{self, Encrypted, RestoreBy};

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
        out.message(&Msg::new("cli-keep-key").with("key", key));
    }
    Ok(())
}

/// `restore FILE`: a backup in the place of this device's database. What was here stays beside it, what the
/// backup lacks of it is taken over, and what is missing comes back from the registry with the next `push`.
pub fn restore(call: &Call, out: Out) -> Result<i32, Failure> {
    let file = Path::new(call.arg()?);
    let paths = Paths::find(call.path("data-dir"))?;
    let key_file = call.path("key-file");
    let by = RestoreBy {
        key_file: key_file.as_deref(),
        lose_unsent: call.has("lose-unsent"),
    };
    let restored = workplace::restore(&paths, file, by)?;
    let carried = restored.carried;
    out.either(
        &json!({
            "file": file, "entries": restored.entries, "carried": carried.entries, "unsent": carried.unsent,
            "drafts": carried.drafts,
        }),
        || {
            Msg::new("cli-restored")
                .with("n", restored.entries)
                .render(out.lang)
        },
    );
    if carried.entries + carried.drafts > 0 && !out.json {
        out.message(
            &Msg::new("cli-restored-carried")
                .with("n", carried.entries)
                .with("unsent", carried.unsent)
                .with("drafts", carried.drafts),
        );
    }
    Ok(fail::OK)
}

/// `encrypt`: the database of this device is encrypted from now on. Its key is the one that systemd
/// hands over, else a new file beside the database.
pub fn encrypt(call: &Call, out: Out) -> Result<i32, Failure> {
    let paths = Paths::find(call.path("data-dir"))?;
    let id = match workplace::encrypt(&paths)? {
        Encrypted::Already => "cli-encrypted-already",
        Encrypted::Sealed => "cli-encrypted-sealed",
        Encrypted::WithFile => "cli-encrypted",
    };
    let database = paths.database();
    out.either(&json!({ "file": database, "encrypted": true }), || {
        Msg::new(id)
            .with("path", database.display().to_string())
            .with("key", paths.database_key().display().to_string())
            .render(out.lang)
    });
    Ok(fail::OK)
}
