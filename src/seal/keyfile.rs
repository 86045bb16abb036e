//! A person's key, locked with a passphrase: Argon2id (RFC 9106) and XChaCha20-Poly1305.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::key::{b64, hash, unb64};
use super::stretch::{stretch, within};
use super::{PublicKey, SealError, SecretKey};
use crate::env::{Kdf, random};

/// A locked key. Everything but the ciphertext is authenticated with it. FROZEN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    head: KeyFileHeader,
    /// Base64url of the locked seed.
    ct: String,
    /// Hash of head and ciphertext: a damaged file says so, and nobody doubts their passphrase.
    /// It protects nothing; the AEAD does.
    sum: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFileHeader {
    v: u32,
    usr: String,
    fac: String,
    x: String,
    kdf: String,
    m_kib: u32,
    t: u32,
    p: u32,
    salt: String,
    nonce: String,
}

impl KeyFile {
    /// Locks a key.
    pub fn lock(
        key: &SecretKey,
        usr: &str,
        fac: &str,
        passphrase: &str,
        kdf: &Kdf,
    ) -> Result<KeyFile, SealError> {
        if passphrase.trim().is_empty() {
            return Err(SealError::WrongPassphrase);
        }
        let salt = random::<16>().map_err(|_| SealError::NoRandomness)?;
        let nonce = random::<24>().map_err(|_| SealError::NoRandomness)?;
        let head = KeyFileHeader {
            v: 1,
            usr: usr.to_owned(),
            fac: fac.to_owned(),
            x: key.public().x(),
            kdf: "argon2id".to_owned(),
            m_kib: kdf.m_kib,
            t: kdf.t,
            p: kdf.p,
            salt: b64(&salt),
            nonce: b64(&nonce),
        };
        let wrap = derive(&head, passphrase)?;
        let (seed, aad) = (key.seed(), head.bytes()?);
        let payload = Payload {
            msg: seed.as_slice(),
            aad: &aad,
        };
        let ct = XChaCha20Poly1305::new(
            wrap.as_slice()
                .try_into()
                .map_err(|_| SealError::DamagedKeyFile)?,
        )
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| SealError::DamagedKeyFile)?;
        let ct = b64(&ct);
        let sum = head.sum(&ct)?;
        Ok(KeyFile { head, ct, sum })
    }

    /// Opens it.
    pub fn unlock(&self, passphrase: &str) -> Result<SecretKey, SealError> {
        let wrap = derive(&self.head, passphrase)?;
        let nonce: [u8; 24] = unb64(&self.head.nonce)
            .and_then(|n| n.try_into().ok())
            .ok_or(SealError::DamagedKeyFile)?;
        let ct = unb64(&self.ct).ok_or(SealError::DamagedKeyFile)?;
        let aad = self.head.bytes()?;
        let payload = Payload { msg: &ct, aad: &aad };
        let seed = XChaCha20Poly1305::new(
            wrap.as_slice()
                .try_into()
                .map_err(|_| SealError::DamagedKeyFile)?,
        )
        .decrypt(&XNonce::from(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| SealError::WrongPassphrase)?;
        let seed: [u8; 32] = seed
            .as_slice()
            .try_into()
            .map_err(|_| SealError::DamagedKeyFile)?;
        let seed = Zeroizing::new(seed);
        let key = SecretKey::from_seed(&seed);
        if key.public().x() == self.head.x {
            Ok(key)
        } else {
            Err(SealError::DamagedKeyFile)
        }
    }

    /// The public key of the locked one.
    pub fn public(&self) -> Result<PublicKey, SealError> {
        PublicKey::from_x(&self.head.x)
    }

    /// Login of its owner.
    pub fn usr(&self) -> &str {
        &self.head.usr
    }

    /// Facility of its owner.
    pub fn fac(&self) -> &str {
        &self.head.fac
    }

    /// As it is stored.
    pub fn to_text(&self) -> Result<String, SealError> {
        serde_json::to_string(self).map_err(|_| SealError::DamagedKeyFile)
    }

    /// Reads what is stored; nothing is derived yet, and bounds are checked first.
    pub fn from_text(text: &str) -> Result<KeyFile, SealError> {
        let file: KeyFile = serde_json::from_str(text).map_err(|_| SealError::DamagedKeyFile)?;
        file.head.bounds()?;
        let whole = file.head.sum(&file.ct)? == file.sum;
        if !whole || file.head.v != 1 || file.head.kdf != "argon2id" {
            return Err(SealError::DamagedKeyFile);
        }
        Ok(file)
    }
}

impl KeyFileHeader {
    fn bounds(&self) -> Result<(), SealError> {
        within(self.m_kib, self.t, self.p)
    }

    fn bytes(&self) -> Result<Vec<u8>, SealError> {
        serde_json::to_vec(self).map_err(|_| SealError::DamagedKeyFile)
    }

    fn sum(&self, ct: &str) -> Result<String, SealError> {
        let head = b64(&self.bytes()?);
        Ok(hash(&format!("{head}.{ct}")))
    }
}

fn derive(head: &KeyFileHeader, passphrase: &str) -> Result<Zeroizing<[u8; 32]>, SealError> {
    head.bounds()?;
    let salt = unb64(&head.salt).ok_or(SealError::DamagedKeyFile)?;
    stretch(passphrase, &salt, head.m_kib, head.t, head.p)
}
