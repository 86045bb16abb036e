//! Signatures: what is signed, by whom, and whether that holds.
//!
//! Compact JWS with Ed25519 (RFC 7515, 8037) over strict JSON; the exact text is the truth. Bytes
//! go in, verified types come out.
//!
//! Deliberately absent: databases, networks, files, and any algorithm but Ed25519 (the trust list
//! names the algorithm of each key, so that a second one can be added without changing records).

mod at_rest;
mod auth;
mod enrol;
mod entry;
mod error;
mod heartbeat;
mod invitation;
mod journal;
mod jws;
mod key;
mod key_entry;
mod keyfile;
mod payload;
mod people;
mod phrase;
mod receipt;
#[cfg(feature = "portal")]
mod schema;
mod sealing;
mod slip;
mod stretch;
mod strict_json;
mod trust;

pub use at_rest::{RestKey, SEALED};
pub use auth::{auth_token, check_auth};
pub use enrol::{EnrolRequest, FacilityClaim, VerifiedEnrolment, countersign, read_enrolment};
pub use entry::{AmendReason, Entry, EntryType, NO_PREV, Ref, VERSION};
pub use error::SealError;
pub use heartbeat::Heartbeat;
pub use invitation::{code_proof, code_secret, proves_code};
pub use journal::{Chain, ChainFault};
pub use jws::{Jws, MAX_JWS, Typ, sign};
pub use key::{PublicKey, SecretKey, hash, jwks};
pub use key_entry::{
    PersonKey, Suspension, key_body, person_key, read_key_request, read_suspension, suspension_body,
};
pub use keyfile::KeyFile;
pub use people::{FacilityPeople, NamedKey};
pub use phrase::passphrase;
pub use receipt::{By, FIRST_EPOCH, Head, Problem, Receipt, ReceiptNumber, Status};
#[cfg(feature = "portal")]
pub use schema::Hash;
pub use sealing::{SealingKey, SealingKeys, is_recipient};
pub use slip::Slip;
pub use stretch::PhraseMark;
pub use strict_json::MAX_DEPTH;
pub use trust::{KeyUse, Trust, TrustKey, TrustList};
