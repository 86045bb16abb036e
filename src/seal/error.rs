//! What can be wrong with sealed things.

use crate::lang::{Explain, Msg};

/// Why a signed text, a key or a list is refused. Carries no content of what was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Longer than 64 KiB.
    #[error("longer than 64 KiB")]
    TooLong,
    /// Not three base64url parts without padding.
    #[error("not a compact JWS")]
    NotCompact,
    /// The protected header is not exactly `alg`, `kid`, `typ`.
    #[error("header: {0}")]
    Header(&'static str),
    /// Of another type than this place takes.
    #[error("wrong typ")]
    WrongType,
    /// The payload is not the JSON that is signed here.
    #[error("payload: {0}")]
    Payload(&'static str),
    /// A member of the payload is missing or wrong.
    #[error("member {0}")]
    Member(String),
    /// A newer version of the format.
    #[error("newer version {0}")]
    NewerVersion(u64),
    /// The key is not in the trust list, or not for this.
    #[error("unknown key")]
    UnknownKey,
    /// The key was revoked.
    #[error("revoked key")]
    RevokedKey,
    /// The signature does not fit.
    #[error("bad signature")]
    BadSignature,
    /// A public key is not one.
    #[error("not a public key")]
    NotAKey,
    /// A key file is damaged or not one.
    #[error("damaged key file")]
    DamagedKeyFile,
    /// A key file asks for more memory or time than is allowed.
    #[error("key file parameters out of bounds")]
    KeyFileBounds,
    /// The passphrase does not open the key file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// A trust list is older than the one that is held, or does not follow it.
    #[error("trust list does not follow")]
    TrustOrder,
    /// A bearer token is of another time than ours.
    #[error("clock")]
    Clock,
    /// A bearer token is for somebody else.
    #[error("wrong audience")]
    WrongAudience,
    /// No randomness.
    #[error("no randomness")]
    NoRandomness,
}

impl SealError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SealError::TooLong => "too-long",
            SealError::NotCompact => "not-compact",
            SealError::Header(_) => "header",
            SealError::WrongType => "wrong-type",
            SealError::Payload(_) => "payload",
            SealError::Member(_) => "member",
            SealError::NewerVersion(_) => "newer-version",
            SealError::UnknownKey => "unknown-key",
            SealError::RevokedKey => "revoked-key",
            SealError::BadSignature => "bad-signature",
            SealError::NotAKey => "not-a-key",
            SealError::DamagedKeyFile => "damaged-key-file",
            SealError::KeyFileBounds => "key-file-bounds",
            SealError::WrongPassphrase => "wrong-passphrase",
            SealError::TrustOrder => "trust-order",
            SealError::Clock => "clock",
            SealError::WrongAudience => "wrong-audience",
            SealError::NoRandomness => "no-randomness",
        }
    }
}

impl Explain for SealError {
    fn msg(&self) -> Msg {
        let msg = Msg::new(format!("seal-{}", self.code()));
        match self {
            SealError::Header(what) | SealError::Payload(what) => msg.with("what", *what),
            SealError::Member(name) => msg.with("name", name.as_str()),
            SealError::NewerVersion(v) => msg.with("version", i64::try_from(*v).unwrap_or(i64::MAX)),
            _ => msg,
        }
    }
}
