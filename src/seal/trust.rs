//! The trust list: whose key, in which role, for which facility, from when, revoked when.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::{Jws, PublicKey, SealError, SecretKey, Typ, payload, sign};
use crate::env::Role;

/// What a listed key may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct TrustKey {
    /// RFC 7638 thumbprint.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub kid: String,
    /// Algorithm; a verifier takes it from here.
    #[cfg_attr(feature = "portal", schema(pattern = "^(EdDSA|Ed25519)$"))]
    pub alg: String,
    /// `x` of the JWK.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub x: String,
    /// What it may sign.
    pub what: KeyUse,
    /// Facility, of a device or a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub fac: Option<String>,
    /// Login, of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub usr: Option<String>,
    /// Name, of a person or a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub name: Option<String>,
    /// Role, of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub role: Option<Role>,
    /// Believed from then on.
    pub from: DateTime<FixedOffset>,
    /// Not believed for what arrives from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub revoked: Option<DateTime<FixedOffset>>,
    /// Replaced by another one from then on: what it signed goes on being believed. Of receipt keys alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub retired: Option<DateTime<FixedOffset>>,
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

    /// Whether it signs what is new at this time: it is believed and was not replaced.
    pub fn in_force_at(&self, now: DateTime<FixedOffset>) -> bool {
        self.believed_at(now) && self.retired.is_none_or(|retired| now < retired)
    }
}

/// A numbered list of keys. FROZEN: these are the members that are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct TrustList {
    /// Number, upward from 1.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub number: u64,
    /// Hash of the list before; absent in list 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub prev: Option<String>,
    /// When it was made.
    pub at: DateTime<FixedOffset>,
    /// Keys that are new or changed since the list before; unchanged ones may stand here too. A
    /// country's keys would not fit into one signed text, so lists add up.
    pub keys: Vec<TrustKey>,
}

impl TrustList {
    /// Signs it: list 1 with the root key, later ones with the trust key.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Trust, key, self)
    }
}

/// Verified lists, added up: all keys, revoked ones too, so that old documents verify for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    list: TrustList,
    /// Where a key stands in the list, by its thumbprint.
    place: HashMap<String, usize>,
    text: String,
    hash: String,
}

impl Trust {
    /// Verifies list 1 with the pinned root key.
    pub fn open_first(text: &str, root: &PublicKey) -> Result<Trust, SealError> {
        let jws = Jws::parse(text, Typ::Trust)?;
        jws.verify(root)?;
        let list = read(&jws)?;
        if list.number != 1 || list.prev.is_some() {
            return Err(SealError::TrustOrder);
        }
        let nothing = TrustList {
            keys: Vec::new(),
            ..list.clone()
        };
        let before = Trust {
            list: nothing,
            place: HashMap::new(),
            text: String::new(),
            hash: String::new(),
        };
        before.with(list, &jws)
    }

    /// Verifies the list that follows this one. A key stays listed, a revoked one revoked and a
    /// retired one retired, for ever: nothing that a later list says can take that back.
    pub fn open_next(&self, text: &str) -> Result<Trust, SealError> {
        self.clone().followed_by(text)
    }

    fn followed_by(self, text: &str) -> Result<Trust, SealError> {
        let jws = Jws::parse(text, Typ::Trust)?;
        let signer = self
            .find(jws.kid())
            .filter(|k| k.what == KeyUse::Trust)
            .ok_or(SealError::UnknownKey)?;
        jws.verify(&signer.public()?)?;
        if signer.revoked.is_some() {
            return Err(SealError::RevokedKey);
        }
        let next = read(&jws)?;
        if Some(next.number) != self.list.number.checked_add(1) || next.prev.as_deref() != Some(&self.hash) {
            return Err(SealError::TrustOrder);
        }
        self.with(next, &jws)
    }

    /// Adds a list that was verified to come next.
    fn with(mut self, next: TrustList, jws: &Jws) -> Result<Trust, SealError> {
        let mut named = HashSet::new();
        for key in next.keys {
            if !named.insert(key.kid.clone()) {
                return Err(SealError::Member("keys".into()));
            }
            let Some(listed) = self.place.get(&key.kid).and_then(|i| self.list.keys.get_mut(*i)) else {
                self.place.insert(key.kid.clone(), self.list.keys.len());
                self.list.keys.push(key);
                continue;
            };
            let same = listed.x == key.x && listed.alg == key.alg && listed.what == key.what;
            let kept = |was: Option<DateTime<FixedOffset>>, now: Option<DateTime<FixedOffset>>| {
                was.is_none_or(|was| now.is_some_and(|now| now <= was))
            };
            let still = kept(listed.revoked, key.revoked) && kept(listed.retired, key.retired);
            if !same || !still {
                return Err(SealError::TrustOrder);
            }
            *listed = key;
        }
        self.list.number = next.number;
        self.list.prev = next.prev;
        self.list.at = next.at;
        jws.text().clone_into(&mut self.text);
        self.hash = jws.hash();
        Ok(self)
    }

    /// The list to sign after this one, so that the keys are these: names only what differs.
    pub fn next(&self, keys: Vec<TrustKey>, at: DateTime<FixedOffset>) -> TrustList {
        TrustList {
            number: self.list.number.saturating_add(1),
            prev: Some(self.hash.clone()),
            at,
            keys: keys
                .into_iter()
                .filter(|k| self.find(&k.kid) != Some(k))
                .collect(),
        }
    }

    /// Verifies a chain of lists from the first, as the store keeps and the portal serves it.
    pub fn open_chain<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        root: &PublicKey,
    ) -> Result<Trust, SealError> {
        let mut texts = texts.into_iter();
        let first = Trust::open_first(texts.next().ok_or(SealError::TrustOrder)?, root)?;
        texts.try_fold(first, Trust::followed_by)
    }

    /// Number of the newest list.
    pub fn number(&self) -> u64 {
        self.list.number
    }

    /// The newest list with the keys of all lists up to it.
    pub fn list(&self) -> &TrustList {
        &self.list
    }

    /// The signed text of the newest list.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Hash of the signed text.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The entry for a key, revoked or not.
    pub fn find(&self, kid: &str) -> Option<&TrustKey> {
        self.place.get(kid).and_then(|i| self.list.keys.get(*i))
    }

    /// A key that signs receipts. A revoked one still verifies what it signed before.
    pub fn receipt_key(&self, kid: &str) -> Result<PublicKey, SealError> {
        match self.find(kid) {
            Some(k) if k.what == KeyUse::Receipt => k.public(),
            _ => Err(SealError::UnknownKey),
        }
    }
}

fn read(jws: &Jws) -> Result<TrustList, SealError> {
    payload::read(jws.payload())
}
