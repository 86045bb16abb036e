//! The keys that the registry believes, ready for use.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};

use crate::portal::PortalError;
use crate::portal::book::{BookError, BookResult, ReadTransaction, WriteTransaction};
use crate::seal::{KeyUse, PublicKey, SecretKey, Trust, TrustKey};

/// The trust list with its keys ready for use.
#[derive(Clone)]
pub(in crate::portal) struct Keyring {
    trust: Trust,
    keys: HashMap<String, (TrustKey, PublicKey)>,
}

impl Keyring {
    fn of(trust: Trust) -> Keyring {
        let keys = trust.list().keys.iter();
        let ready = keys.filter_map(|k| Some((k.kid.clone(), (k.clone(), k.public().ok()?))));
        Keyring {
            keys: ready.collect(),
            trust,
        }
    }

    /// Reads the lists of a book from the first one.
    pub fn load(tx: &ReadTransaction<'_>, root: &PublicKey) -> BookResult<Keyring> {
        let lists = tx.trust_lists(0)?;
        Trust::open_chain(lists.iter().map(String::as_str), root)
            .map(Keyring::of)
            .map_err(|e| BookError::Failed(format!("trust list: {}", e.code())))
    }

    /// The keys by the lists that came since, perhaps from another process; none where none came.
    pub fn newer(&self, tx: &ReadTransaction<'_>) -> BookResult<Option<Keyring>> {
        if tx.trust_number()? == self.trust.number() {
            return Ok(None);
        }
        let mut trust = self.trust.clone();
        for text in tx.trust_lists(self.trust.number())? {
            trust = trust
                .open_next(&text)
                .map_err(|e| BookError::Failed(format!("trust list: {}", e.code())))?;
        }
        Ok(Some(Keyring::of(trust)))
    }

    /// The list.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// A key, revoked or not.
    pub fn find(&self, kid: &str) -> Option<(&TrustKey, &PublicKey)> {
        self.keys.get(kid).map(|(k, p)| (k, p))
    }

    /// A device that may speak now.
    pub fn device(&self, kid: &str, now: DateTime<FixedOffset>) -> Option<(&TrustKey, &PublicKey)> {
        self.find(kid)
            .filter(|(k, _)| k.what == KeyUse::Device && k.fac.is_some() && k.believed_at(now))
    }

    /// Signs and keeps the next list with changed keys; gives the keys by it.
    pub fn extend(
        &self,
        tx: &WriteTransaction<'_>,
        trust_key: &SecretKey,
        now: DateTime<FixedOffset>,
        change: impl FnOnce(&mut Vec<TrustKey>),
    ) -> Result<Keyring, PortalError> {
        let mut keys = self.trust.list().keys.clone();
        change(&mut keys);
        // Only what differs is signed: all keys of a country would not fit into one text.
        let list = self.trust.next(keys, now);
        let number = list.number;
        let text = list.seal(trust_key)?;
        let next = self.trust.open_next(&text)?;
        tx.add_trust(number, &text)?;
        Ok(Keyring::of(next))
    }
}
