//! Receipts: the portal's signed answers. Only a receipt moves a status.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::entry::name_in;
use super::{Jws, SealError, SecretKey, Trust, Typ, sign};

/// What the registry says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Stored, not yet decided.
    Received,
    /// A human at the registry looks at it.
    Held,
    /// The ward must correct.
    Returned,
    /// Has a number.
    Registered,
    /// The family has the certificate.
    CertificateIssued,
    /// The event was registered from another notification.
    Duplicate,
    /// Annulled by one person, waits for a second.
    AnnulmentPending,
    /// Annulled.
    Voided,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 8] = [
        Status::Received,
        Status::Held,
        Status::Returned,
        Status::Registered,
        Status::CertificateIssued,
        Status::Duplicate,
        Status::AnnulmentPending,
        Status::Voided,
    ];

    /// The word that is signed; `status-<code>` in the catalogue. FROZEN.
    pub fn code(self) -> &'static str {
        match self {
            Status::Received => "received",
            Status::Held => "held",
            Status::Returned => "returned",
            Status::Registered => "registered",
            Status::CertificateIssued => "certificate-issued",
            Status::Duplicate => "duplicate",
            Status::AnnulmentPending => "annulment-pending",
            Status::Voided => "voided",
        }
    }

    /// The status with this word.
    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The portal by its rules.
    Auto,
    /// A person at the registry.
    Registrar,
}

/// Why an entry is held or returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code.
    pub code: String,
    /// The field it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// In words, by language (`tg`, `ru`, `en`).
    pub text: BTreeMap<String, String>,
}

/// The highest contiguous entry that the portal has of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its place.
    pub seq: u64,
    /// Its hash.
    pub h: String,
}

/// The portal's answer to one entry. FROZEN: these are the members that are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Number, gapless for each facility in the order of commits.
    pub n: u64,
    /// Facility whose numbering that is.
    pub fac: String,
    /// The notification.
    pub nid: String,
    /// Its revision.
    pub rev: u32,
    /// The entry.
    pub id: String,
    /// Hash of the entry's JWS.
    pub nh: String,
    /// Its journal.
    pub jid: String,
    /// Its place there.
    pub seq: u64,
    /// What became of it.
    pub status: Status,
    /// Who decided.
    pub by: By,
    /// Number of the record, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_no: Option<String>,
    /// The registry office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// When, by the portal's clock.
    pub at: DateTime<FixedOffset>,
    /// What is still missing: `name`, `father`, `document`, `cause`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Date of the certificate, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert: Option<String>,
    /// The notification that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dup_of: Option<String>,
    /// Why it is held or returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// What the portal has of the journal.
    pub head: Head,
}

impl Receipt {
    /// Reads a receipt and verifies that a receipt key of the trust list signed it.
    pub fn open(text: &str, trust: &Trust) -> Result<Receipt, SealError> {
        let jws = Jws::parse(text, Typ::Receipt)?;
        jws.verify(&trust.receipt_key(jws.kid())?)?;
        let receipt: Receipt =
            serde_json::from_value(jws.payload().clone()).map_err(|e| SealError::Member(name_in(&e)))?;
        // What a key signed before it was revoked holds for ever, slips in people's hands included.
        match trust.find(jws.kid()) {
            Some(key) if key.believed_at(receipt.at) => Ok(receipt),
            _ => Err(SealError::RevokedKey),
        }
    }

    /// Signs it with the portal's receipt key.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Receipt, key, self)
    }
}
