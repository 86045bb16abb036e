//! What the family's paper says of an entry before the registry has answered: signed by the person who
//! signed the entry, in the same act.
//!
//! Deliberately absent: any name. The paper is shown to strangers, and its code is read by telephones.

use super::payload::read_version;
use super::{Jws, PublicKey, SealError, SecretKey, Typ, sign};
use crate::vital::{EntryHash, FacilityCode, Nid, OfficeCode};
use serde::{Deserialize, Serialize};

/// The statement of a slip. FROZEN: these are the members that are signed. A reader passes over members
/// that it does not know and refuses a higher `v`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Version of the format, 1.
    pub v: u64,
    /// The notification, by which the registry finds it.
    pub nid: Nid,
    /// Hash of the entry's JWS.
    pub h: EntryHash,
    /// `birth`, `death` or `foetal-death`.
    pub kind: String,
    /// Day of the event as far as it is known, `YYYY[-MM[-DD]]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Facility that signed.
    pub fac: FacilityCode,
    /// Registry office addressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeCode>,
}

impl Slip {
    /// The version that is written.
    pub const VERSION: u64 = 1;

    /// Signs it with the key that signed the entry.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Slip, key, self)
    }

    /// Reads it and verifies that this key signed it. Whose key that is, the caller asks the trust list.
    pub fn open(text: &str, key: &PublicKey) -> Result<Slip, SealError> {
        let jws = Jws::parse(text, Typ::Slip)?;
        jws.verify(key)?;
        read_version(&jws, Self::VERSION)
    }
}
