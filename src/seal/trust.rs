//! The trust list: whose key, in which role, for which facility, from when, revoked when.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::entry::name_in;
use super::{Jws, PublicKey, SealError, SecretKey, Typ, sign};
use crate::env::Role;

/// What a listed key may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// Later trust lists.
    Trust,
    /// Receipts.
    Receipt,
    /// What a device signs.
    Device,
    /// What a person signs.
    Person,
}

/// A key and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustKey {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// Algorithm; a verifier takes it from here.
    pub alg: String,
    /// `x` of the JWK.
    pub x: String,
    /// What it may sign.
    pub what: KeyUse,
    /// Facility, of a device or a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fac: Option<String>,
    /// Login, of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usr: Option<String>,
    /// Name, of a person or a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Role, of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Believed from then on.
    pub from: DateTime<FixedOffset>,
    /// Not believed for what arrives from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<DateTime<FixedOffset>>,
}

impl TrustKey {
    /// The key itself; its thumbprint and algorithm must agree.
    pub fn public(&self) -> Result<PublicKey, SealError> {
        let key = PublicKey::from_x(&self.x)?;
        match self.alg.as_str() {
            "EdDSA" | "Ed25519" if key.kid() == self.kid => Ok(key),
            _ => Err(SealError::NotAKey),
        }
    }

    /// Whether what arrived at this time is believed.
    pub fn believed_at(&self, received: DateTime<FixedOffset>) -> bool {
        self.revoked.is_none_or(|revoked| received < revoked)
    }
}

/// A numbered list of keys. FROZEN: these are the members that are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustList {
    /// Number, upward from 1.
    pub number: u64,
    /// Hash of the list before; absent in list 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// When it was made.
    pub at: DateTime<FixedOffset>,
    /// All keys, revoked ones too: old documents verify for ever.
    pub keys: Vec<TrustKey>,
}

impl TrustList {
    /// Signs it: list 1 with the root key, later ones with the trust key.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Trust, key, self)
    }
}

/// A verified list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    list: TrustList,
    text: String,
    hash: String,
}

impl Trust {
    /// Verifies list 1 with the pinned root key.
    pub fn open_first(text: &str, root: &PublicKey) -> Result<Trust, SealError> {
        let jws = Jws::parse(text, Typ::Trust)?;
        jws.verify(root)?;
        let trust = Trust::read(&jws)?;
        if trust.list.number != 1 || trust.list.prev.is_some() {
            return Err(SealError::TrustOrder);
        }
        Ok(trust)
    }

    /// Verifies the list that follows this one.
    pub fn open_next(&self, text: &str) -> Result<Trust, SealError> {
        let jws = Jws::parse(text, Typ::Trust)?;
        let signer = self
            .list
            .keys
            .iter()
            .find(|k| k.kid == jws.kid() && k.what == KeyUse::Trust && k.revoked.is_none())
            .ok_or(SealError::UnknownKey)?;
        jws.verify(&signer.public()?)?;
        let next = Trust::read(&jws)?;
        if Some(next.list.number) != self.list.number.checked_add(1)
            || next.list.prev.as_deref() != Some(&self.hash)
        {
            return Err(SealError::TrustOrder);
        }
        Ok(next)
    }

    /// Verifies a chain of lists from the first, as the store keeps and the portal serves it.
    pub fn open_chain<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        root: &PublicKey,
    ) -> Result<Trust, SealError> {
        let mut texts = texts.into_iter();
        let first = Trust::open_first(texts.next().ok_or(SealError::TrustOrder)?, root)?;
        texts.try_fold(first, |trust, text| trust.open_next(text))
    }

    fn read(jws: &Jws) -> Result<Trust, SealError> {
        let list: TrustList =
            serde_json::from_value(jws.payload().clone()).map_err(|e| SealError::Member(name_in(&e)))?;
        Ok(Trust {
            list,
            text: jws.text().to_owned(),
            hash: jws.hash(),
        })
    }

    /// Its number.
    pub fn number(&self) -> u64 {
        self.list.number
    }

    /// What it says.
    pub fn list(&self) -> &TrustList {
        &self.list
    }

    /// The signed text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Hash of the signed text.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The entry for a key, revoked or not.
    pub fn find(&self, kid: &str) -> Option<&TrustKey> {
        self.list.keys.iter().find(|k| k.kid == kid)
    }

    /// A key that signs receipts. A revoked one still verifies what it signed before.
    pub fn receipt_key(&self, kid: &str) -> Result<PublicKey, SealError> {
        match self.find(kid) {
            Some(k) if k.what == KeyUse::Receipt => k.public(),
            _ => Err(SealError::UnknownKey),
        }
    }
}
