//! What a running program remembers of the people at it: when a passphrase was last tried, and PINs. It
//! dies with the program.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::error::UnlockError;
use crate::env::Kdf;
use crate::seal::{KeyFile, SealError, SecretKey};

/// Wrong PINs after which only the passphrase counts.
const TRIES: u32 = 5;
/// Cost of a PIN. Who can read this process's memory has the key anyway; it only slows guessing here.
const PIN_KDF: Kdf = Kdf {
    m_kib: 19_456,
    t: 2,
    p: 1,
};

/// A key locked with a PIN, in memory only.
struct Pin {
    file: KeyFile,
    wrong: u32,
}

/// People at this program since it began.
pub(super) struct Session {
    began: Instant,
    tried: BTreeMap<String, Instant>,
    pins: BTreeMap<String, Pin>,
}

impl Session {
    /// Begins now.
    pub fn new() -> Session {
        Session {
            began: Instant::now(),
            tried: BTreeMap::new(),
            pins: BTreeMap::new(),
        }
    }

    /// Time since a person's last try; before the first one, since the program began. The clock of the
    /// wall is not asked, so none can be set back.
    pub fn since_try(&self, login: &str) -> Duration {
        self.tried.get(login).unwrap_or(&self.began).elapsed()
    }

    /// A passphrase was tried just now.
    pub fn note_try(&mut self, login: &str) {
        self.tried.insert(login.to_owned(), Instant::now());
    }

    /// Opens the key with a PIN; none where what was typed can be no PIN of this person.
    pub fn by_pin(&mut self, login: &str, secret: &str) -> Option<Result<SecretKey, UnlockError>> {
        if !secret.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let pin = self.pins.get_mut(login)?;
        // Counted before the attempt, so that nothing can be tried for free.
        pin.wrong += 1;
        Some(match pin.file.unlock(secret) {
            Ok(key) => {
                pin.wrong = 0;
                Ok(key)
            }
            Err(_) if pin.wrong >= TRIES => {
                self.pins.remove(login);
                Err(UnlockError::PinSpent)
            }
            Err(_) => Err(UnlockError::WrongPin),
        })
    }

    /// From now on this PIN, too, opens this key.
    pub fn set_pin(
        &mut self,
        login: &str,
        key: &SecretKey,
        facility: &str,
        pin: &str,
    ) -> Result<(), SealError> {
        let file = KeyFile::lock(key, login, facility, pin, &PIN_KDF)?;
        self.pins.insert(login.to_owned(), Pin { file, wrong: 0 });
        Ok(())
    }

    /// The person has another key: the PIN of the old one opens nothing any longer.
    pub fn forget_pin(&mut self, login: &str) {
        self.pins.remove(login);
    }
}
