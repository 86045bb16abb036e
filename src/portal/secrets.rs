//! The key in `secrets.key`, under which the book keeps second factors and open one-time codes: a copy of the
//! book alone gives none of them away.
//!
//! A portal of version 0.1 gets the key when it is first needed, and what it kept in plain is sealed then.
//! Portals that share one database share the key; a book whose secrets were sealed under another one is
//! refused.

use crate::env::write_new_private;
use crate::portal::PortalError;
use crate::portal::book::{Book, Mark, WriteTransaction};
use crate::portal::files::Files;
use crate::portal::record::Invitation;
use crate::seal::RestKey;

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
    let marked = book.read(|tx| tx.mark(Mark::SecretsKey))?;
    let key = match (marked, find(files)?) {
        (Some(id), Some(key)) if id == key.id() => key,
        (Some(_), _) => return Err(PortalError::SecretsKey(files.secrets_key())),
        // Nobody else writes meanwhile: of several portals that begin at once one makes it.
        (None, _) => book.write(|tx| make(files, tx))?,
    };
    let (accounts, codes) = book.read(|tx| Ok((tx.unsealed_accounts()?, tx.unsealed_invitations()?)))?;
    if !accounts.is_empty() || !codes.is_empty() {
        book.write(|tx| seal_kept(tx, &key))?;
        book.overwrite_freed()?;
    }
    Ok(key)
}

fn find(files: &Files) -> Result<Option<RestKey>, PortalError> {
    let path = files.secrets_key();
    if !path.exists() {
        return Ok(None);
    }
    let text = zeroize::Zeroizing::new(crate::portal::files::read(&path)?);
    let key = RestKey::from_text(&text).ok_or(PortalError::SecretsKey(path))?;
    Ok(Some(key))
}

fn make(files: &Files, tx: &WriteTransaction<'_>) -> Result<RestKey, PortalError> {
    let key = match find(files)? {
        Some(key) => key,
        None => {
            let key = RestKey::generate()?;
            write_new_private(&files.secrets_key(), format!("{}\n", *key.to_text()).as_bytes())?;
            key
        }
    };
    tx.put_mark(Mark::SecretsKey, &key.id())?;
    match tx.mark(Mark::SecretsKey)? {
        Some(id) if id == key.id() => Ok(key),
        _ => Err(PortalError::SecretsKey(files.secrets_key())),
    }
}

fn seal_kept(tx: &WriteTransaction<'_>, key: &RestKey) -> Result<(), PortalError> {
    for mut account in tx.unsealed_accounts()? {
        account.second = key.seal(&of_second_factor(&account.login), &account.second)?;
        tx.put_account(&account)?;
    }
    for Invitation { secret, fac, .. } in tx.unsealed_invitations()? {
        tx.replace_invitation_secret(&secret, &key.seal(&of_code(&fac), &secret)?)?;
    }
    Ok(())
}
