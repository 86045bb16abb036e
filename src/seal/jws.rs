//! Compact JWS (RFC 7515, 8037), the strict subset that is signed here.

use serde::Serialize;
use serde_json::Value;

use super::key::{b64, hash, unb64};
use super::{PublicKey, SealError, SecretKey};
use crate::seal::strict_json;

/// Longest JWS in bytes.
pub const MAX_JWS: usize = 64 * 1024;

/// What is signed. FROZEN: the words keep one kind of object from being taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typ {
    /// A line of a journal.
    Entry,
    /// The portal's answer to an entry.
    Receipt,
    /// The list of keys to believe.
    Trust,
    /// A request to be believed.
    Enrol,
    /// A device's state.
    Heartbeat,
    /// The manifest of a bundle.
    Bundle,
    /// A bearer token.
    Auth,
    /// The names of a facility's people.
    People,
    /// What a family's paper says of an entry.
    Slip,
    /// The keys to which bundles are sealed.
    Sealing,
}

impl Typ {
    /// The `typ` of the header.
    pub fn header(self) -> &'static str {
        match self {
            Typ::Entry => "ogoh-entry+jws",
            Typ::Receipt => "ogoh-receipt+jws",
            Typ::Trust => "ogoh-trust+jws",
            Typ::Enrol => "ogoh-enrol+jws",
            Typ::Heartbeat => "ogoh-heartbeat+jws",
            Typ::Bundle => "ogoh-bundle+jws",
            Typ::Auth => "ogoh-auth+jwt",
            Typ::People => "ogoh-people+jws",
            Typ::Slip => "ogoh-slip+jws",
            Typ::Sealing => "ogoh-sealing+jws",
        }
    }
}

/// Signs a payload. The text that comes back is the truth from then on.
pub fn sign<T: Serialize>(typ: Typ, key: &SecretKey, payload: &T) -> Result<String, SealError> {
    let value = serde_json::to_value(payload).map_err(|_| SealError::Payload("json"))?;
    if !value.is_object() {
        return Err(SealError::Payload("object"));
    }
    strict_json::check(&value, 0)?;
    let bytes = serde_json::to_vec(&value).map_err(|_| SealError::Payload("json"))?;
    // Written by hand so that its bytes never depend on a library's order.
    let header = format!(
        r#"{{"alg":"EdDSA","kid":"{}","typ":"{}"}}"#,
        key.public().kid(),
        typ.header()
    );
    let input = format!("{}.{}", b64(header.as_bytes()), b64(&bytes));
    let signature = key.sign(input.as_bytes());
    let text = format!("{input}.{}", b64(&signature));
    if text.len() > MAX_JWS {
        Err(SealError::TooLong)
    } else {
        Ok(text)
    }
}

/// A JWS whose form is right. Its signature is not yet verified.
#[derive(Clone, Debug)]
pub struct Jws {
    text: String,
    kid: String,
    payload: Value,
    signature: Vec<u8>,
    input: usize,
}

impl Jws {
    /// Reads the strict form; `typ` says what this place takes.
    pub fn parse(text: &str, typ: Typ) -> Result<Jws, SealError> {
        if text.len() > MAX_JWS {
            return Err(SealError::TooLong);
        }
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SealError::NotCompact);
        };
        let decode = |part: &str| unb64(part).ok_or(SealError::NotCompact);
        let kid = read_header(&decode(header)?, typ)?;
        let input = header.len() + 1 + payload.len();
        let payload = strict_json::parse(&decode(payload)?)?;
        if !payload.is_object() {
            return Err(SealError::Payload("object"));
        }
        let signature = decode(signature)?;
        if signature.len() != 64 {
            return Err(SealError::BadSignature);
        }
        Ok(Jws {
            text: text.to_owned(),
            kid,
            payload,
            signature,
            input,
        })
    }

    /// Thumbprint of the key that is said to have signed.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The payload, an object.
    pub fn payload(&self) -> &Value {
        &self.payload
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Hash of the whole text.
    pub fn hash(&self) -> String {
        hash(&self.text)
    }

    /// Whether this key signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<(), SealError> {
        if key.kid() != self.kid {
            return Err(SealError::UnknownKey);
        }
        let input = self
            .text
            .as_bytes()
            .get(..self.input)
            .ok_or(SealError::NotCompact)?;
        key.verify(input, &self.signature)
    }
}

/// Checks a protected header and gives its `kid`.
fn read_header(bytes: &[u8], typ: Typ) -> Result<String, SealError> {
    let header = strict_json::parse(bytes).map_err(|_| SealError::Header("json"))?;
    let Value::Object(map) = header else {
        return Err(SealError::Header("object"));
    };
    let text = |name: &'static str| {
        map.get(name)
            .and_then(Value::as_str)
            .ok_or(SealError::Header(name))
    };
    let (alg, kid, found) = (text("alg")?, text("kid")?, text("typ")?);
    if map.len() != 3 {
        return Err(SealError::Header("members"));
    }
    if !matches!(alg, "EdDSA" | "Ed25519") {
        return Err(SealError::Header("alg"));
    }
    if kid.len() != 43 || unb64(kid).is_none() {
        return Err(SealError::Header("kid"));
    }
    if found != typ.header() {
        return Err(SealError::WrongType);
    }
    Ok(kid.to_owned())
}

#[cfg(feature = "portal")]
impl utoipa::PartialSchema for Jws {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some(r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"))
            .max_length(Some(MAX_JWS))
            .description(Some(
                "A compact JWS (RFC 7515, 8037): header exactly alg EdDSA, kid, typ; payload an object of \
                 this document. A line may also be the bare JWS without quotation marks.",
            ))
            .into()
    }
}

#[cfg(feature = "portal")]
impl utoipa::ToSchema for Jws {}
