//! The key in `secrets.key`, under which the book keeps second factors and open one-time codes: a copy of the
//! book alone gives none of them away.
//!
//! Deliberately absent: the portal's signing keys (`files`), and what only needs a hash.
//!
//! A portal of version 0.1 gets the key when it is first needed, and what it kept in plain is sealed then.
//! Portals that share one database share the key; a book whose secrets were sealed under another one is
//! refused.

use std::path::Path;

use zeroize::Zeroizing;

use crate::env::{rename_synced, write_new_private, write_private};
use crate::portal::PortalError;
use crate::portal::book::{Book, Mark, WriteTransaction};
use crate::portal::files::{Files, read};
use crate::portal::record::Invitation;
use crate::seal::{RestKey, SEALED};

/// Where the second factor of a person is sealed for.
pub(in crate::portal) fn of_second_factor(login: &str) -> String {
    format!("second factor\n{login}")
}

/// Where the secret of a one-time code is sealed for.
pub(in crate::portal) fn of_code(fac: &str) -> String {
    format!("one-time code\n{fac}")
}

/// Gives the key of a portal, and makes sure that the book keeps no secret in plain.
///
/// # Errors
/// [`PortalError::SecretsKey`]: the file is missing or another one, and secrets are sealed already.
pub(in crate::portal) fn unlock(files: &Files, book: &mut Book) -> Result<RestKey, PortalError> {
    let path = files.secrets_key();
    let key = match book.read(|tx| tx.mark(Mark::SecretsKey))? {
        Some(id) => marked(files, &id)?.ok_or(PortalError::SecretsKey(path))?,
        // Nobody else writes meanwhile: of several portals that begin at once one makes it.
        None => book.write(|tx| make(files, tx))?,
    };
    let plain = book.read(|tx| {
        let accounts = tx.accounts()?.into_iter().any(|a| is_plain(&a.second));
        Ok(accounts || tx.all_invitations()?.into_iter().any(|i| is_plain(&i.secret)))
    })?;
    if plain {
        book.write(|tx| seal_kept(tx, &key))?;
        book.overwrite_freed()?;
    }
    Ok(key)
}

/// Puts a new key in the place of the present one, also where that is lost. Gives the logins whose second factor
/// was lost with it and has to be made anew; one-time codes that do not open are dropped.
pub(in crate::portal) fn renew(files: &Files, book: &mut Book) -> Result<Vec<String>, PortalError> {
    let old = match unlock(files, book) {
        Ok(key) => Some(key),
        Err(PortalError::SecretsKey(_)) => None,
        Err(e) => return Err(e),
    };
    let opened = |context: &str, sealed: &str| old.as_ref()?.open(context, sealed);
    let new = RestKey::generate()?;
    // The new key is on the disk before anything is sealed under it.
    let (beside, path) = (files.next_secrets_key(), files.secrets_key());
    write_private(&beside, text(&new).as_bytes())?;
    let lost = book.write(|tx| {
        let mut lost = Vec::new();
        for mut account in tx.accounts()? {
            let context = of_second_factor(&account.login);
            match opened(&context, &account.second) {
                Some(second) => {
                    account.second = new.seal(&context, &second)?;
                    tx.put_account(&account)?;
                }
                None => lost.push(account.login),
            }
        }
        for Invitation { secret, fac, .. } in tx.all_invitations()? {
            let context = of_code(&fac);
            match opened(&context, &secret) {
                Some(code) => tx.replace_invitation_secret(&secret, &new.seal(&context, &code)?)?,
                None => tx.drop_invitation(&secret)?,
            }
        }
        tx.replace_mark(Mark::SecretsKey, &new.id())?;
        Ok::<_, PortalError>(lost)
    })?;
    rename_synced(&beside, &path).map_err(PortalError::io(&path))?;
    Ok(lost)
}

fn is_plain(secret: &str) -> bool {
    !secret.starts_with(SEALED)
}

fn text(key: &RestKey) -> Zeroizing<String> {
    Zeroizing::new(format!("{}\n", *key.to_text()))
}

fn find(path: &Path) -> Result<Option<RestKey>, PortalError> {
    if !path.exists() {
        return Ok(None);
    }
    let text = Zeroizing::new(read(path)?);
    let key = RestKey::from_text(&text);
    Ok(Some(key.ok_or(PortalError::SecretsKey(path.to_owned()))?))
}

/// The key of this name, where the folder has it.
fn marked(files: &Files, id: &str) -> Result<Option<RestKey>, PortalError> {
    let (path, beside) = (files.secrets_key(), files.next_secrets_key());
    let is_it = |key: &RestKey| key.id() == id;
    match find(&path) {
        Ok(Some(key)) if is_it(&key) => return Ok(Some(key)),
        // A damaged one may be what a renewal was about to replace.
        Ok(_) | Err(PortalError::SecretsKey(_)) => {}
        Err(e) => return Err(e),
    }
    let next = find(&beside)?.filter(is_it);
    if next.is_some() {
        // A renewal was cut off after it had sealed everything.
        rename_synced(&beside, &path).map_err(PortalError::io(&path))?;
    }
    Ok(next)
}

fn make(files: &Files, tx: &WriteTransaction<'_>) -> Result<RestKey, PortalError> {
    let path = files.secrets_key();
    let key = match find(&path)? {
        Some(key) => key,
        None => {
            let key = RestKey::generate()?;
            write_new_private(&path, text(&key).as_bytes())?;
            key
        }
    };
    tx.put_mark(Mark::SecretsKey, &key.id())?;
    match tx.mark(Mark::SecretsKey)? {
        Some(id) if id == key.id() => Ok(key),
        _ => Err(PortalError::SecretsKey(path)),
    }
}

fn seal_kept(tx: &WriteTransaction<'_>, key: &RestKey) -> Result<(), PortalError> {
    for mut account in tx.accounts()?.into_iter().filter(|a| is_plain(&a.second)) {
        account.second = key.seal(&of_second_factor(&account.login), &account.second)?;
        tx.put_account(&account)?;
    }
    for Invitation { secret, fac, .. } in tx.all_invitations()? {
        if is_plain(&secret) {
            tx.replace_invitation_secret(&secret, &key.seal(&of_code(&fac), &secret)?)?;
        }
    }
    Ok(())
}
