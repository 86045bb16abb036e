//! The names of a facility's people, for its own devices. The trust list names keys, roles and
//! facilities to everybody and holds no names.

use super::payload::read_version;
use super::{Jws, SealError, SecretKey, Trust, Typ, sign};
use crate::vital::FacilityCode;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// A key and whose it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedKey {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// Name of the person or the device.
    pub name: String,
}

/// Names stay out of logs.
impl std::fmt::Debug for NamedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NamedKey({})", self.kid)
    }
}

/// The names of one facility as of a trust list. FROZEN: these are the members that are signed.
/// A reader passes over members that it does not know and refuses a higher `v`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityPeople {
    /// Version of the format, 1.
    pub v: u64,
    /// The facility whose people these are.
    pub fac: FacilityCode,
    /// Number of the trust list that it goes with.
    pub number: u64,
    /// When it was made, by the portal's clock.
    pub at: DateTime<FixedOffset>,
    /// Keys of the trust list that have a name, in the order of their thumbprints.
    pub people: Vec<NamedKey>,
}

impl FacilityPeople {
    /// The version that is written.
    pub const VERSION: u64 = 1;

    /// Signs it with the portal's receipt key, which a running portal holds.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::People, key, self)
    }

    /// Reads it and verifies that a receipt key of the trust list signed it while that was believed.
    pub fn open(text: &str, trust: &Trust) -> Result<FacilityPeople, SealError> {
        let jws = Jws::parse(text, Typ::People)?;
        jws.verify(&trust.receipt_key(jws.kid())?)?;
        let people: FacilityPeople = read_version(&jws, Self::VERSION)?;
        match trust.find(jws.kid()) {
            Some(key) if key.believed_at(people.at) => Ok(people),
            _ => Err(SealError::RevokedKey),
        }
    }
}
