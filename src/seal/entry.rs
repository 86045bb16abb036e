//! Entries: the signed lines of a journal.

use super::key::unb64;
use super::{Jws, SealError, SecretKey, Typ, sign};
use crate::env::{ClockTrust, Role};
use crate::vital::{EntryHash, FacilityCode, Jid, Kind, Nid};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Version of the entry's format.
pub const VERSION: u64 = 1;

/// `prev` of the first entry of a journal: 32 zero bytes.
pub const NO_PREV: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryType {
    /// Opens a journal; signed by the device.
    Open,
    /// Notifies a vital event.
    Notice(Kind),
    /// Replaces the body of a notification.
    Amend,
    /// Annuls a notification.
    Void,
    /// A second person over an entry.
    Attest,
    /// A user's key added, rotated or suspended offline.
    Key,
    /// The month's count by the delivery book.
    Tally,
    /// Of a newer version; kept and held, never interpreted.
    Unknown(String),
}

impl EntryType {
    /// All types that this version interprets.
    pub const KNOWN: [EntryType; 9] = [
        EntryType::Open,
        EntryType::Notice(Kind::Birth),
        EntryType::Notice(Kind::Death),
        EntryType::Notice(Kind::FoetalDeath),
        EntryType::Amend,
        EntryType::Void,
        EntryType::Attest,
        EntryType::Key,
        EntryType::Tally,
    ];

    /// The word that is signed. FROZEN.
    pub fn code(&self) -> &str {
        match self {
            EntryType::Open => "open",
            EntryType::Notice(kind) => kind.code(),
            EntryType::Amend => "amend",
            EntryType::Void => "void",
            EntryType::Attest => "attest",
            EntryType::Key => "key",
            EntryType::Tally => "tally",
            EntryType::Unknown(code) => code,
        }
    }

    /// The type with this word.
    pub fn from_code(code: &str) -> EntryType {
        let known = EntryType::KNOWN.into_iter().find(|t| t.code() == code);
        known.unwrap_or_else(|| EntryType::Unknown(code.to_owned()))
    }
}

#[cfg(feature = "portal")]
impl utoipa::PartialSchema for EntryType {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let words: Vec<&str> = EntryType::KNOWN.iter().map(EntryType::code).collect();
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some(format!(
                "One of {}; others are kept and held.",
                words.join(", ")
            )))
            .into()
    }
}

#[cfg(feature = "portal")]
impl utoipa::ToSchema for EntryType {}

impl Serialize for EntryType {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for EntryType {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(EntryType::from_code(&String::deserialize(d)?))
    }
}

/// The entry that an amendment, annulment or attestation is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct Ref {
    /// The notification.
    #[cfg_attr(feature = "portal", schema(value_type = String, format = "uuid"))]
    pub nid: Nid,
    /// Its revision.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub rev: u32,
    /// Hash of that revision's JWS.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub h: EntryHash,
}

/// Why something was amended or annulled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct AmendReason {
    /// `completed`, `named`, `typing-error`, `new-information`, `wrong-person`, `twice`, `other`.
    pub code: String,
    /// In the person's words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// One signed line of a journal. FROZEN: these are the members that are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct Entry {
    /// Version of the format, 1.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub v: u64,
    /// What it does.
    pub t: EntryType,
    /// UUIDv7 of the entry.
    #[cfg_attr(feature = "portal", schema(format = "uuid"))]
    pub id: String,
    /// The notification; equal to `id` in its first entry.
    #[cfg_attr(feature = "portal", schema(value_type = String, format = "uuid"))]
    pub nid: Nid,
    /// Revision, from 1.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub rev: u32,
    /// Journal.
    #[cfg_attr(feature = "portal", schema(value_type = String, format = "uuid"))]
    pub jid: Jid,
    /// Place in the journal, from 1, gapless.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub seq: u64,
    /// Hash of the entry before, or 32 zero bytes.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub prev: EntryHash,
    /// Raw system time with offset, never clamped.
    pub rec: DateTime<FixedOffset>,
    /// How far that time may be believed.
    pub clk: ClockTrust,
    /// Facility code.
    #[cfg_attr(feature = "portal", schema(value_type = String))]
    pub fac: FacilityCode,
    /// Thumbprint of the device's key.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub dev: String,
    /// Login of the person who signs; the device's thumbprint in `open`.
    pub usr: String,
    /// In which role.
    pub role: Role,
    /// Version of the program.
    pub app: String,
    /// What is stated: BodyBirth, BodyDeath or BodyFoetalDeath in a notification and its amendments.
    #[cfg_attr(feature = "portal", schema(value_type = Object))]
    pub body: Map<String, Value>,
    /// What it is about: of `amend`, `void`, `attest`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub reference: Option<Ref>,
    /// Why: of `amend`, `void`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub reason: Option<AmendReason>,
}

impl Entry {
    /// Reads the payload of a JWS. Signature and sense are for others to check.
    pub fn from_jws(jws: &Jws) -> Result<Entry, SealError> {
        let payload = jws.payload();
        let member = |name: &str| SealError::Member(name.to_owned());
        let version = payload
            .get("v")
            .and_then(Value::as_u64)
            .ok_or_else(|| member("v"))?;
        if version > VERSION {
            return Err(SealError::NewerVersion(version));
        }
        let entry: Entry = super::payload::read(payload)?;
        let uuid = |name: &str, text: &str| match uuid::Uuid::try_parse(text) {
            Ok(u) if u.hyphenated().to_string() == text => Ok(()),
            _ => Err(member(name)),
        };
        uuid("id", &entry.id)?;
        uuid("nid", &entry.nid)?;
        uuid("jid", &entry.jid)?;
        if entry.v != VERSION {
            return Err(member("v"));
        }
        if entry.seq == 0 {
            return Err(member("seq"));
        }
        if entry.rev == 0 {
            return Err(member("rev"));
        }
        if (entry.seq == 1) != (entry.prev == NO_PREV) || !is_hash(&entry.prev) {
            return Err(member("prev"));
        }
        let needs_ref = matches!(entry.t, EntryType::Amend | EntryType::Void | EntryType::Attest);
        if needs_ref && entry.reference.is_none() {
            return Err(member("ref"));
        }
        if let Some(reference) = &entry.reference {
            uuid("ref", &reference.nid)?;
            if reference.rev == 0 || !is_hash(&reference.h) {
                return Err(member("ref"));
            }
        }
        if matches!(entry.t, EntryType::Amend | EntryType::Void) && entry.reason.is_none() {
            return Err(member("reason"));
        }
        Ok(entry)
    }

    /// Signs it.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Entry, key, self)
    }
}

/// Whether a text is the base64url of 32 bytes.
fn is_hash(text: &str) -> bool {
    unb64(text).is_some_and(|bytes| bytes.len() == 32)
}
