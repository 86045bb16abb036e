//! What an operator does from the command line: set up, revoke, rotate. Works beside a running
//! portal, on the same database.

use std::path::Path;
use std::sync::Arc;

use crate::env::{Clock, create_private_dir, rename_synced, write_private};
use crate::portal::book::database::Database;
use crate::portal::files::{self, Files, listed};
use crate::portal::operate::copies::backup::check_recipient;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::registry::Registry;
use crate::portal::{Initialised, PortalError, PortalSettings, secrets};
use crate::seal::{KeyUse, TrustList};

/// Says whether a portal can be set up in a folder.
///
/// # Errors
/// [`PortalError::Exists`] where there is one.
pub fn check_vacant(dir: &Path) -> Result<(), PortalError> {
    let files = Files(dir.to_owned());
    match files.database().exists() || files.is_portal() {
        true => Err(PortalError::Exists(dir.to_owned())),
        false => Ok(()),
    }
}

/// Sets up a portal in a folder that holds none yet: root, trust and receipt keys, trust list 1,
/// settings and database.
///
/// `root.key` signs list 1 and is needed again only for a new trust key: it belongs on a medium
/// that is locked away.
pub fn init(dir: &Path, settings: &PortalSettings, clock: &dyn Clock) -> Result<Initialised, PortalError> {
    let files = Files(dir.to_owned());
    check_vacant(dir)?;
    settings
        .copies
        .recipients
        .iter()
        .try_for_each(|key| check_recipient(key))?;
    create_private_dir(dir)?;
    let mut book = Database::of(files.database(), settings, None).create()?;
    if book.read(|tx| tx.trust_number())? > 0 {
        // The database belongs to another portal's keys.
        return Err(PortalError::Exists(dir.to_owned()));
    }
    let now = clock.now();
    let root = files::new_secret(&files.root_key())?;
    let trust_key = files::new_secret(&files.trust_key())?;
    let receipt_key = files::new_secret(&files.receipt_key())?;
    let first = TrustList {
        number: 1,
        prev: None,
        at: now,
        keys: vec![
            listed(&trust_key.public(), KeyUse::Trust, now),
            listed(&receipt_key.public(), KeyUse::Receipt, now),
        ],
    };
    let list = first.seal(&root)?;
    settings.save(&files.settings())?;
    secrets::unlock(&files, &mut book)?;
    book.write(|tx| tx.add_trust(1, &list))?;
    // Last: without it the folder is no portal yet.
    let public = root.public();
    write_private(&files.root_public(), format!("{}\n", public.x()).as_bytes())?;
    Ok(Initialised {
        root_key: public.x(),
        root_kid: public.kid().to_owned(),
    })
}

/// Brings a portal's database up to date, with every projection of what it keeps: a portal that
/// begins to serve before that would miss look-alikes.
pub fn migrate(dir: &Path, clock: Arc<dyn Clock>) -> Result<(), PortalError> {
    let files = Files(dir.to_owned());
    let settings = files.load()?;
    Database::of(files.database(), &settings, None).migrate()?;
    let registry = Registry::open(dir, None, clock)?;
    while registry.project_stale()? {}
    registry.recount(u64::MAX)?;
    Ok(())
}

/// Every trust list, as signed, from the first: what a stick brings to a ward.
pub fn trust_lists(dir: &Path) -> Result<Vec<String>, PortalError> {
    Ok(Opened::at(dir)?.book.read(|tx| tx.trust_lists(0))?)
}

/// Revokes a key: what arrives from now on under it is held. Returns the number of the trust list.
pub fn revoke(dir: &Path, kid: &str, clock: &dyn Clock) -> Result<u64, PortalError> {
    let mut opened = Opened::at(dir)?;
    let keyring = opened.keyring()?;
    let trust_key = files::read_secret(&opened.files.trust_key())?;
    let now = clock.now();
    let number = opened.book.write(|tx| {
        let keyring = keyring.newer(tx)?.unwrap_or(keyring);
        match keyring.find(kid) {
            None => return Err(PortalError::NoSuchKey(kid.to_owned())),
            // One that ends later, after a rotation, ends now.
            Some((key, _)) if !key.believed_at(now) => return Ok(keyring.trust().number()),
            Some(_) => {}
        }
        let keyring = keyring.extend(tx, &trust_key, now, |keys| {
            for key in keys.iter_mut().filter(|k| k.kid == kid) {
                key.revoked = Some(now);
            }
        })?;
        Ok::<_, PortalError>(keyring.trust().number())
    })?;
    opened.note_stand()?;
    Ok(number)
}

/// Puts a new key in the place of the one that signs receipts or trust lists; gives the number of the
/// trust list that says so. What the old one signed verifies for ever. A portal that runs goes on with
/// the old receipt key until it is started again; each copy of the folder needs the new files. A receipt key that
/// somebody else may have is revoked as well ([`revoke`]): what a retired one signed goes on being honoured.
///
/// # Errors
/// [`PortalError::NoSuchKey`] for any other use of a key.
pub fn rotate(dir: &Path, what: KeyUse, clock: &dyn Clock) -> Result<u64, PortalError> {
    let mut opened = Opened::at(dir)?;
    let file = match what {
        KeyUse::Receipt => opened.files.receipt_key(),
        KeyUse::Trust => opened.files.trust_key(),
        KeyUse::Device | KeyUse::Person => return Err(PortalError::NoSuchKey(format!("{what:?}"))),
    };
    let keyring = opened.keyring()?;
    // The new key is on the disk before a list names it: a list cannot be taken back.
    let beside = file.with_extension("key.next");
    if beside.exists()
        && keyring
            .find(files::read_secret(&beside)?.public().kid())
            .is_some()
    {
        // An earlier call was cut off after its list: that key is the one in force.
        rename_synced(&beside, &file).map_err(PortalError::io(&file))?;
        return Ok(keyring.trust().number());
    }
    let trust_key = files::read_secret(&opened.files.trust_key())?;
    let old = files::read_secret(&file)?;
    let new = files::new_secret(&beside)?;
    let now = clock.now();
    let keyring = opened.book.write(|tx| {
        let keyring = keyring.newer(tx)?.unwrap_or(keyring);
        keyring.extend(tx, &trust_key, now, |keys| {
            for key in keys.iter_mut().filter(|k| k.kid == old.public().kid()) {
                let end = match what {
                    KeyUse::Receipt => &mut key.retired,
                    _ => &mut key.revoked,
                };
                end.get_or_insert(now);
            }
            keys.push(listed(&new.public(), what, now));
        })
    })?;
    rename_synced(&beside, &file).map_err(PortalError::io(&file))?;
    opened.note_stand()?;
    Ok(keyring.trust().number())
}

/// Puts a new key in the place of the one that second factors and open one-time codes are sealed under, also
/// where that one is lost; gives the logins whose second factor was lost with it. A portal that runs has to be
/// started again.
pub fn rotate_secrets(dir: &Path) -> Result<Vec<String>, PortalError> {
    let Opened { files, mut book, .. } = Opened::at(dir)?;
    secrets::renew(&files, &mut book)
}

/// The newest trust list, verified from the root.
pub fn trust(dir: &Path) -> Result<crate::seal::Trust, PortalError> {
    Ok(Opened::at(dir)?.keyring()?.trust().clone())
}
