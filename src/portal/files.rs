//! The portal's folder: where its files lie, its settings and its own keys.
//!
//! Deliberately absent: what the keys are used for.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use super::{PortalError, PortalSettings};
use crate::env::{keep_private, write_private};
use crate::seal::{KeyUse, PublicKey, SecretKey, TrustKey};

/// Where a portal keeps its things.
pub(in crate::portal) struct Files(pub PathBuf);

impl Files {
    /// What a copy of a portal holds beside its book; those that are being renewed too. `root.key` belongs on a
    /// medium of its own.
    pub const COPIED: &[&str] = &[
        "portal.toml",
        "root.pub",
        "trust.key",
        "trust.key.next",
        "receipt.key",
        "receipt.key.next",
        "secrets.key",
        "secrets.key.next",
    ];

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

    /// Secret: seals second factors and open one-time codes in the book.
    pub fn secrets_key(&self) -> PathBuf {
        self.0.join("secrets.key")
    }

    /// The next one, until everything is sealed under it.
    pub fn next_secrets_key(&self) -> PathBuf {
        self.0.join("secrets.key.next")
    }

    /// Tightens the folder and what lies in it: a copy, or an older version, may have left it open.
    fn keep_private(&self) {
        keep_private(&self.0);
        for path in [
            self.settings(),
            self.root_key(),
            self.trust_key(),
            self.receipt_key(),
            self.secrets_key(),
        ] {
            keep_private(&path);
        }
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
        self.keep_private();
        Ok(PortalSettings::load(&self.settings())?)
    }

    /// The public root key.
    pub fn root(&self) -> Result<PublicKey, PortalError> {
        Ok(PublicKey::from_x(read(&self.root_public())?.trim())?)
    }
}

/// Reads a text file.
pub(in crate::portal) fn read(path: &Path) -> Result<String, PortalError> {
    std::fs::read_to_string(path).map_err(PortalError::io(path))
}

/// Reads a secret key.
pub(in crate::portal) fn read_secret(path: &Path) -> Result<SecretKey, PortalError> {
    let text = zeroize::Zeroizing::new(read(path)?);
    Ok(SecretKey::from_text(&text)?)
}

/// Makes a secret key and its file.
pub(in crate::portal) fn new_secret(path: &Path) -> Result<SecretKey, PortalError> {
    let key = SecretKey::generate()?;
    write_private(path, key.to_text().as_bytes())?;
    Ok(key)
}

/// A key of the portal itself or of somebody else, as the list names it from now on.
pub(in crate::portal) fn listed(key: &PublicKey, what: KeyUse, from: DateTime<FixedOffset>) -> TrustKey {
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
        retired: None,
    }
}
