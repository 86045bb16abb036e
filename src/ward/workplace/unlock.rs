//! Opening a person's key. A secret key lives for as long as one act takes.

use std::time::Duration;

use super::device::{KeyStanding, Workplace};
use super::error::UnlockError;
use crate::env::wait_after;
use crate::seal::{KeyFile, SealError, SecretKey};
use crate::ward::store::{Person, Signer};

/// A person whose key is open: every check before a signature has been passed.
pub struct UnlockedPerson {
    /// Who it is, as the device knows them now.
    pub person: Person,
    /// The open key.
    pub key: SecretKey,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for UnlockedPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnlockedPerson")
    }
}

impl UnlockedPerson {
    /// As one who signs.
    pub fn signer(&self) -> Signer<'_> {
        Signer {
            login: &self.person.login,
            role: self.person.role,
            key: &self.key,
        }
    }
}

impl Workplace {
    /// Finds the person with this login where only the secret is missing: known here, not suspended, the
    /// key not revoked. For whoever asks for the passphrase first.
    ///
    /// # Errors
    /// [`UnlockError::NoPerson`], [`UnlockError::Suspended`], [`UnlockError::RevokedKey`].
    pub fn admitted(&self, login: &str) -> Result<Person, UnlockError> {
        let person = self.store.person(login)?.ok_or(UnlockError::NoPerson)?;
        if person.suspended.is_some() {
            return Err(UnlockError::Suspended);
        }
        match self.standing_of(&person.kid)? {
            KeyStanding::Revoked => Err(UnlockError::RevokedKey),
            KeyStanding::Confirmed | KeyStanding::Unconfirmed => Ok(person),
        }
    }

    /// Opens a person's key with the passphrase, or with the PIN of this session.
    ///
    /// A passphrase that is tried is counted on the disk before, so that no power cut makes a try free;
    /// the right one forgives them.
    ///
    /// # Errors
    /// Those of [`Workplace::admitted`], then [`UnlockError::Wait`], where nothing was tried, then
    /// [`UnlockError::WrongPassphrase`].
    pub fn unlock(&mut self, login: &str, secret: &str) -> Result<UnlockedPerson, UnlockError> {
        let person = self.admitted(login)?;
        let key = match self.session.by_pin(login, secret) {
            Some(opened) => opened?,
            None => self.by_passphrase(&person, secret)?,
        };
        Ok(UnlockedPerson { person, key })
    }

    fn by_passphrase(&mut self, person: &Person, secret: &str) -> Result<SecretKey, UnlockError> {
        let login = person.login.as_str();
        let file = KeyFile::from_text(&person.key_blob)?;
        let wait = wait_after(self.store.wrong_tries(login)?);
        match wait.checked_sub(self.session.since_try(login)) {
            None | Some(Duration::ZERO) => {}
            Some(left) => return Err(UnlockError::Wait(whole_seconds(left))),
        }
        self.store.count_try(login)?;
        let opened = file.unlock(secret);
        self.session.note_try(login);
        let key = opened?;
        self.store.forgive_tries(login)?;
        Ok(key)
    }

    /// Lets a PIN, too, open this person's key, until the program ends or it was wrong too often.
    pub fn set_pin(&mut self, by: &UnlockedPerson, pin: &str) -> Result<(), SealError> {
        let facility = &self.settings.facility.code;
        self.session.set_pin(&by.person.login, &by.key, facility, pin)
    }
}

/// Seconds, rounded up: after them the wait is over.
fn whole_seconds(left: Duration) -> u64 {
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}
