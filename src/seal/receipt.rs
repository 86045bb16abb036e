//! Receipts: the portal's signed answers. Only a receipt moves a status.

use std::collections::BTreeMap;

use super::{Jws, SealError, SecretKey, Trust, Typ, payload, sign};
use crate::vital::{EntryHash, FacilityCode, Jid, Nid, OfficeCode};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// What the registry says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub enum By {
    /// The portal by its rules.
    Auto,
    /// A person at the registry.
    Registrar,
}

/// Why an entry is held or returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "portal", schema(as = ReceiptProblem))]
pub struct Problem {
    /// Stable code: a Reason, or the identifier of a rule of data quality.
    pub code: String,
    /// The field it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub field: Option<String>,
    /// In words, by language (`tg`, `ru`, `en`).
    #[cfg_attr(feature = "portal", schema(schema_with = in_every_language))]
    pub text: BTreeMap<String, String>,
}

/// The highest contiguous entry that the portal has of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct Head {
    /// Its place.
    pub seq: u64,
    /// Its hash.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub h: EntryHash,
}

/// The epoch of a book that was never set back, and of receipts from before epochs were written.
pub const FIRST_EPOCH: u32 = 1;

/// The place of a receipt in the order of a facility's receipts: by epoch, then by number.
///
/// A registry that was restored from a copy opens the next epoch, and numbers begin at 1 in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct ReceiptNumber {
    /// Epoch of the book, from 1.
    pub epoch: u32,
    /// Number within the epoch, gapless from 1; 0 stands for none yet.
    pub n: u64,
}

impl ReceiptNumber {
    /// Before every receipt.
    pub const NONE: ReceiptNumber = ReceiptNumber {
        epoch: FIRST_EPOCH,
        n: 0,
    };

    /// The place just before: everything from this receipt on comes after it.
    pub fn before(self) -> ReceiptNumber {
        ReceiptNumber {
            n: self.n.saturating_sub(1),
            ..self
        }
    }

    /// Whether `next` follows this one without a gap: the next number, or the first of a later epoch.
    /// How many receipts an epoch had is not written anywhere, so its end cannot be seen.
    pub fn is_followed_by(self, next: ReceiptNumber) -> bool {
        match next.epoch == self.epoch {
            true => self.n.checked_add(1) == Some(next.n),
            false => next.epoch > self.epoch && next.n == 1,
        }
    }
}

/// `EPOCH.N`, as deliveries remember it and claims write it.
impl std::fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.epoch, self.n)
    }
}

/// Reads `EPOCH.N`; a number alone is of the first epoch, as it was written before there were epochs.
impl std::str::FromStr for ReceiptNumber {
    type Err = SealError;

    fn from_str(text: &str) -> Result<ReceiptNumber, SealError> {
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let (epoch, n) = match text.split_once('.') {
            Some((epoch, n)) if digits(epoch) && digits(n) => (epoch.parse().ok(), n.parse().ok()),
            None if digits(text) => (Some(FIRST_EPOCH), text.parse().ok()),
            _ => (None, None),
        };
        match (epoch, n) {
            (Some(epoch), Some(n)) if epoch >= FIRST_EPOCH => Ok(ReceiptNumber { epoch, n }),
            _ => Err(SealError::Member("n".into())),
        }
    }
}

fn first_epoch() -> u32 {
    FIRST_EPOCH
}

/// The portal's answer to one entry. FROZEN: these are the members that are signed.
///
/// `epoch` and `safe` came later: a receipt without them is of the first epoch and says nothing of a
/// backup, and an older reader passes over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Epoch of the book.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    #[serde(default = "first_epoch")]
    pub epoch: u32,
    /// Number, gapless for each facility within the epoch, in the order of commits.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub n: u64,
    /// Facility whose numbering that is.
    #[cfg_attr(feature = "portal", schema(value_type = String))]
    pub fac: FacilityCode,
    /// The notification.
    #[cfg_attr(feature = "portal", schema(value_type = String, format = "uuid"))]
    pub nid: Nid,
    /// Its revision.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub rev: u32,
    /// The entry.
    #[cfg_attr(feature = "portal", schema(format = "uuid"))]
    pub id: String,
    /// Hash of the entry's JWS.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub nh: EntryHash,
    /// Its journal.
    #[cfg_attr(feature = "portal", schema(value_type = String, format = "uuid"))]
    pub jid: Jid,
    /// Its place there.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub seq: u64,
    /// What became of it.
    pub status: Status,
    /// Who decided.
    pub by: By,
    /// Number of the record, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub reg_no: Option<String>,
    /// The registry office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(value_type = Option<String>, nullable = false))]
    pub office: Option<OfficeCode>,
    /// When, by the portal's clock.
    pub at: DateTime<FixedOffset>,
    /// What is still missing: `name`, `father`, `document`, `cause`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "portal", schema(schema_with = still_missing))]
    pub open: Vec<String>,
    /// Date of the certificate, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(format = Date, nullable = false))]
    pub cert: Option<String>,
    /// The notification that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(value_type = Option<String>, format = "uuid", nullable = false))]
    pub dup_of: Option<Nid>,
    /// Why it is held or returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub problem: Option<Problem>,
    /// What the portal has of the journal.
    pub head: Head,
    /// The highest receipt of this facility that lies in a backup of the registry; none where the
    /// registry does not know of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub safe: Option<ReceiptNumber>,
}

impl Receipt {
    /// Its place in the order of the facility's receipts.
    pub fn number(&self) -> ReceiptNumber {
        ReceiptNumber {
            epoch: self.epoch,
            n: self.n,
        }
    }

    /// What a record may still lack, as `open` names it.
    pub const OPEN: [&str; 4] = ["name", "father", "document", "cause"];

    /// Reads a receipt and verifies that a receipt key of the trust list signed it.
    pub fn open(text: &str, trust: &Trust) -> Result<Receipt, SealError> {
        let jws = Jws::parse(text, Typ::Receipt)?;
        jws.verify(&trust.receipt_key(jws.kid())?)?;
        let receipt: Receipt = payload::read(jws.payload())?;
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

/// The schema of a text in every language.
#[cfg(feature = "portal")]
fn in_every_language() -> utoipa::openapi::Object {
    let words = utoipa::openapi::Object::with_type(utoipa::openapi::Type::String);
    let texts = utoipa::openapi::ObjectBuilder::new().description(Some("In words, by language."));
    let texts = crate::lang::Lang::ALL.iter().fold(texts, |texts, lang| {
        texts.property(lang.code(), words.clone()).required(lang.code())
    });
    texts.build()
}

/// The schema of what a record still lacks.
#[cfg(feature = "portal")]
fn still_missing() -> utoipa::openapi::schema::Array {
    let word = utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(Receipt::OPEN));
    utoipa::openapi::schema::ArrayBuilder::new()
        .description(Some("What is still missing."))
        .items(word)
        .build()
}
