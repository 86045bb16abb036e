//! The registry's keys to which bundles on a stick are sealed. They stand in an object of their own,
//! because the uses of keys in the trust list are a closed list that older wards read.
//!
//! Deliberately absent: sealing itself.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::payload::read_version;
use super::{Jws, KeyUse, SealError, SecretKey, Trust, Typ, sign};

/// A recipient that bundles may be sealed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingKey {
    /// An age X25519 recipient, `age1…`.
    pub recipient: String,
    /// Used from then on.
    pub from: DateTime<FixedOffset>,
    /// Not used from then on; what was sealed to it before can still be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<FixedOffset>>,
}

/// The registry's sealing keys. FROZEN: these are the members that are signed. A reader passes over
/// members that it does not know and refuses a higher `v`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingKeys {
    /// Version of the format, 1.
    pub v: u64,
    /// Number, upward from 1; a reader keeps the highest.
    pub number: u64,
    /// When it was made.
    pub at: DateTime<FixedOffset>,
    /// The keys, newest last.
    pub keys: Vec<SealingKey>,
}

impl SealingKeys {
    /// The version that is written.
    pub const VERSION: u64 = 1;

    /// Signs it with the trust key.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Sealing, key, self)
    }

    /// Reads it and verifies that a trust key signed it that is not revoked.
    ///
    /// # Errors
    /// [`SealError::Member`] also where a recipient is none.
    pub fn open(text: &str, trust: &Trust) -> Result<SealingKeys, SealError> {
        let jws = Jws::parse(text, Typ::Sealing)?;
        let signer = trust
            .find(jws.kid())
            .filter(|k| k.what == KeyUse::Trust)
            .ok_or(SealError::UnknownKey)?;
        jws.verify(&signer.public()?)?;
        if signer.revoked.is_some() {
            return Err(SealError::RevokedKey);
        }
        let keys: SealingKeys = read_version(&jws, Self::VERSION)?;
        match keys.keys.iter().all(|k| is_recipient(&k.recipient)) {
            true => Ok(keys),
            false => Err(SealError::Member("recipient".into())),
        }
    }
}

/// Whether a text has the form of an age X25519 recipient: `age1` and 58 characters of Bech32. Its
/// checksum is looked at by whoever seals to it.
pub fn is_recipient(text: &str) -> bool {
    const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    text.strip_prefix("age1")
        .is_some_and(|rest| rest.len() == 58 && rest.bytes().all(|b| BECH32.contains(&b)))
}
