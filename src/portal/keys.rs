//! The portal's own keys as files, and the keys it believes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use super::book::{BookError, Kept, Leaf};
use super::{PortalError, PortalSettings};
use crate::env::write_private;
use crate::seal::{KeyUse, PublicKey, SecretKey, Trust, TrustKey};

/// Where a portal keeps its things.
pub(super) struct Files(pub PathBuf);

impl Files {
    pub fn database(&self) -> PathBuf {
        self.0.join("portal.db")
    }
    pub fn settings(&self) -> PathBuf {
        self.0.join("portal.toml")
    }
    /// Secret; belongs offline once list 1 is signed.
    pub fn root_key(&self) -> PathBuf {
        self.0.join("root.key")
    }
    pub fn root_public(&self) -> PathBuf {
        self.0.join("root.pub")
    }
    pub fn trust_key(&self) -> PathBuf {
        self.0.join("trust.key")
    }
    pub fn receipt_key(&self) -> PathBuf {
        self.0.join("receipt.key")
    }

    /// Whether the folder holds a portal.
    pub fn is_portal(&self) -> bool {
        self.root_public().exists()
    }

    /// The settings of the portal in the folder.
    pub fn load(&self) -> Result<PortalSettings, PortalError> {
        if !self.is_portal() {
            return Err(PortalError::NotAPortal(self.0.clone()));
        }
        PortalSettings::load(&self.settings())
    }

    /// The public root key.
    pub fn root(&self) -> Result<PublicKey, PortalError> {
        Ok(PublicKey::from_x(read(&self.root_public())?.trim())?)
    }
}

/// Reads a text file.
pub(super) fn read(path: &Path) -> Result<String, PortalError> {
    std::fs::read_to_string(path).map_err(PortalError::io(path))
}

/// Reads a secret key.
pub(super) fn read_secret(path: &Path) -> Result<SecretKey, PortalError> {
    let text = zeroize::Zeroizing::new(read(path)?);
    Ok(SecretKey::from_text(&text)?)
}

/// Makes a secret key and its file.
pub(super) fn new_secret(path: &Path) -> Result<SecretKey, PortalError> {
    let key = SecretKey::generate()?;
    write_private(path, key.to_text().as_bytes())?;
    Ok(key)
}

/// A key of the portal itself or of somebody else, as the list names it from now on.
pub(super) fn listed(key: &PublicKey, what: KeyUse, from: DateTime<FixedOffset>) -> TrustKey {
    TrustKey {
        kid: key.kid().to_owned(),
        alg: "EdDSA".to_owned(),
        x: key.x(),
        what,
        fac: None,
        usr: None,
        name: None,
        role: None,
        from,
        revoked: None,
    }
}

/// The trust list with its keys ready for use.
#[derive(Clone)]
pub(super) struct Ring {
    trust: Trust,
    keys: HashMap<String, (TrustKey, PublicKey)>,
}

impl Ring {
    fn of(trust: Trust) -> Ring {
        let keys = trust.list().keys.iter();
        let ready = keys.filter_map(|k| Some((k.kid.clone(), (k.clone(), k.public().ok()?))));
        Ring {
            keys: ready.collect(),
            trust,
        }
    }

    /// Reads the lists of a book from the first one.
    pub fn load(leaf: &Leaf<'_>, root: &PublicKey) -> Kept<Ring> {
        let lists = leaf.trust_lists(0)?;
        Trust::open_chain(lists.iter().map(String::as_str), root)
            .map(Ring::of)
            .map_err(|e| BookError::Failed(format!("trust list: {}", e.code())))
    }

    /// Follows the lists that came since, perhaps from another process.
    pub fn refresh(&mut self, leaf: &Leaf<'_>) -> Kept<()> {
        if leaf.trust_number()? == self.trust.number() {
            return Ok(());
        }
        let mut trust = self.trust.clone();
        for text in leaf.trust_lists(self.trust.number())? {
            trust = trust
                .open_next(&text)
                .map_err(|e| BookError::Failed(format!("trust list: {}", e.code())))?;
        }
        *self = Ring::of(trust);
        Ok(())
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

    /// Signs and keeps the next list with changed keys.
    pub fn extend(
        &mut self,
        leaf: &Leaf<'_>,
        trust_key: &SecretKey,
        now: DateTime<FixedOffset>,
        change: impl FnOnce(&mut Vec<TrustKey>),
    ) -> Result<u64, PortalError> {
        let mut keys = self.trust.list().keys.clone();
        change(&mut keys);
        // Only what differs is signed: all keys of a country would not fit into one text.
        let list = self.trust.next(keys, now);
        let number = list.number;
        let text = list.seal(trust_key)?;
        let next = self.trust.open_next(&text)?;
        leaf.add_trust(number, &text)?;
        *self = Ring::of(next);
        Ok(number)
    }
}
