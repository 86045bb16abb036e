//! Short secrets at rest: sealed under a key that lies elsewhere, so that a copy of the database alone gives
//! nothing away. XChaCha20-Poly1305, and HMAC-SHA-256 (RFC 2104) for what is only compared.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SealError;
use super::key::{b64, unb64};
use crate::env::random;

/// What every sealed text begins with. No secret of version 0.1 has a full stop. FROZEN.
pub const SEALED: &str = "sealed1.";
/// Bytes of a key.
const BYTES: usize = 32;
/// Bytes of a nonce.
const NONCE: usize = 24;

/// A key under which short secrets are sealed.
#[derive(Clone)]
pub struct RestKey(Zeroizing<[u8; BYTES]>);

/// Secrets stay out of logs.
impl std::fmt::Debug for RestKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RestKey")
    }
}

impl RestKey {
    /// Makes a new key.
    pub fn generate() -> Result<RestKey, SealError> {
        let bytes = random::<BYTES>().map_err(|_| SealError::NoRandomness)?;
        Ok(RestKey(Zeroizing::new(bytes)))
    }

    /// Reads base64url of 32 bytes.
    pub fn from_text(text: &str) -> Option<RestKey> {
        let bytes = Zeroizing::new(unb64(text.trim())?);
        let bytes: [u8; BYTES] = bytes.as_slice().try_into().ok()?;
        Some(RestKey(Zeroizing::new(bytes)))
    }

    /// Gives base64url of its 32 bytes.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(b64(self.0.as_slice()))
    }

    /// Names the key without giving it away.
    pub fn id(&self) -> String {
        self.keyed_hash(&["id"])
    }

    /// Hashes texts in a way that nobody can repeat without the key.
    pub fn keyed_hash(&self, parts: &[&str]) -> String {
        b64(&self.mac("hash", parts))
    }

    /// Seals a text for one context: it opens in no other one.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`].
    pub fn seal(&self, context: &str, text: &str) -> Result<String, SealError> {
        let nonce = random::<NONCE>().map_err(|_| SealError::NoRandomness)?;
        let payload = Payload {
            msg: text.as_bytes(),
            aad: context.as_bytes(),
        };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| SealError::DamagedKeyFile)?;
        Ok(format!("{SEALED}{}.{}", b64(&nonce), b64(&sealed)))
    }

    /// Opens what was sealed under this key for this context; none for anything else.
    pub fn open(&self, context: &str, sealed: &str) -> Option<Zeroizing<String>> {
        let (nonce, sealed) = sealed.strip_prefix(SEALED)?.split_once('.')?;
        let nonce: [u8; NONCE] = unb64(nonce)?.try_into().ok()?;
        let sealed = unb64(sealed)?;
        let payload = Payload {
            msg: &sealed,
            aad: context.as_bytes(),
        };
        let opened = self.cipher().decrypt(&XNonce::from(nonce), payload).ok()?;
        String::from_utf8(opened).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        // A key of its own: the same bytes do not both hash and seal.
        let key = Zeroizing::new(self.mac("seal", &[]));
        XChaCha20Poly1305::new((&*key).into())
    }

    fn mac(&self, what: &str, parts: &[&str]) -> [u8; BYTES] {
        // A key of any length is taken: the other branch is never reached.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .unwrap_or_else(|_| Hmac::new(&Default::default()));
        for part in std::iter::once(&what).chain(parts) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_under_its_key_in_its_context_and_never_twice_alike() {
        let key = RestKey::generate().unwrap();
        let same = RestKey::from_text(&format!("{}\n", *key.to_text())).unwrap();
        let (one, two) = (key.seal("a", "сирр").unwrap(), key.seal("a", "сирр").unwrap());
        assert_ne!(one, two);
        assert!(one.starts_with(SEALED) && !one.contains("сирр"));
        assert_eq!(same.open("a", &one).unwrap().as_str(), "сирр");
        let other = RestKey::generate().unwrap();
        assert!(other.open("a", &one).is_none() && key.open("b", &one).is_none());
        for torn in ["", "sealed1.", "JBSWY3DP", one.get(..one.len() - 2).unwrap()] {
            assert!(key.open("a", torn).is_none(), "{torn}");
        }
        assert_eq!(key.id(), same.id());
        assert_ne!(key.id(), other.id());
        assert_ne!(key.keyed_hash(&["ab", "c"]), key.keyed_hash(&["a", "bc"]));
    }
}
