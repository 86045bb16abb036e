//! Signatures: what is signed, by whom, and whether that holds.
//!
//! Compact JWS with Ed25519 (RFC 7515, 8037) over strict JSON; the exact text is the truth. Bytes
//! go in, verified types come out.
//!
//! Deliberately absent: databases, networks, files, and any algorithm but Ed25519 (the trust list
//! names the algorithm of each key, so that a second one can be added without changing records).

mod entry;
mod error;
mod jws;
mod key;
mod receipt;
mod strict;
mod trust;

pub use entry::{Entry, EntryType, NO_PREV, Reason, Ref, VERSION};
pub use error::SealError;
pub use jws::{Jws, MAX_JWS, Typ, sign};
pub use key::{PublicKey, SecretKey, hash, jwks};
pub use receipt::{By, Head, Problem, Receipt, Status};
pub use strict::MAX_DEPTH;
pub use trust::{KeyUse, Trust, TrustKey, TrustList};
