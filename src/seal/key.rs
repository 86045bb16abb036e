//! Keys: Ed25519 (RFC 8032), named by their RFC 7638 thumbprint.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::SealError;

/// Base64url without padding.
pub(super) fn b64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Strict base64url: no padding, no stray bits, one way to write each value.
pub(super) fn unb64(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text)
        .ok()
        .filter(|bytes| b64(bytes) == text)
}

/// Base64url of the SHA-256 of a text: the hash of a JWS.
pub fn hash(text: &str) -> String {
    b64(&Sha256::digest(text.as_bytes()))
}

/// A secret key. Never shown, never written in the clear but for a device's own file.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// A new key from the operating system's randomness.
    pub fn generate() -> Result<SecretKey, SealError> {
        let seed = Zeroizing::new(crate::env::random::<32>().map_err(|_| SealError::NoRandomness)?);
        Ok(SecretKey::from_seed(&seed))
    }

    /// The key of a 32-byte seed (RFC 8032).
    pub fn from_seed(seed: &[u8; 32]) -> SecretKey {
        SecretKey(SigningKey::from_bytes(seed))
    }

    /// The seed.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey {
        PublicKey::of(self.0.verifying_key())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }

    /// The seed and the thumbprint as one line of text: what `device.key` and the portal's key
    /// files hold. The thumbprint tells a damaged file from another key. FROZEN.
    pub fn to_text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(b64(self.seed().as_slice()));
        Zeroizing::new(format!("ogoh-key-1 {} {}\n", *seed, self.public().kid()))
    }

    /// Reads [`SecretKey::to_text`].
    pub fn from_text(text: &str) -> Result<SecretKey, SealError> {
        let read = || {
            let (seed, kid) = text.trim_end().strip_prefix("ogoh-key-1 ")?.split_once(' ')?;
            let seed = Zeroizing::new(unb64(seed)?);
            let key = SecretKey::from_seed(seed.as_slice().try_into().ok()?);
            (key.public().kid() == kid).then_some(key)
        };
        read().ok_or(SealError::DamagedKeyFile)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public().kid())
    }
}

/// A public key and its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicKey {
    key: VerifyingKey,
    kid: String,
}

impl PublicKey {
    fn of(key: VerifyingKey) -> PublicKey {
        // RFC 7638: the members that JWK requires, in lexicographic order, no blanks.
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, b64(key.as_bytes()));
        PublicKey {
            kid: hash(&canonical),
            key,
        }
    }

    /// From the `x` of its JWK.
    pub fn from_x(x: &str) -> Result<PublicKey, SealError> {
        let bytes: [u8; 32] = unb64(x)
            .and_then(|b| b.try_into().ok())
            .ok_or(SealError::NotAKey)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| SealError::NotAKey)?;
        // One key, one way to write it, one name: another encoding of the point has another kid.
        let canonical = key.to_edwards().compress().to_bytes() == bytes;
        if key.is_weak() || !canonical {
            return Err(SealError::NotAKey);
        }
        Ok(PublicKey::of(key))
    }

    /// The `x` of its JWK: base64url of the 32 bytes.
    pub fn x(&self) -> String {
        b64(self.key.as_bytes())
    }

    /// RFC 7638 thumbprint, base64url of SHA-256, 43 characters.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its JWK (RFC 8037).
    pub fn jwk(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "x": self.x(), "kid": self.kid, "alg": "EdDSA", "use": "sig"
        })
    }

    /// The thumbprint as 20 digits in groups of four, to be read over the telephone.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.kid.as_bytes());
        let number = digest
            .iter()
            .take(16)
            .fold(0u128, |n, b| (n << 8) | u128::from(*b));
        let digits = format!("{:020}", number % 100_000_000_000_000_000_000u128);
        let groups: Vec<String> = digits
            .as_bytes()
            .chunks(4)
            .map(|c| String::from_utf8_lossy(c).into_owned())
            .collect();
        groups.join(" ")
    }

    /// Verifies strictly: canonical encodings, no small-order points.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SealError> {
        let signature: [u8; 64] = signature.try_into().map_err(|_| SealError::BadSignature)?;
        self.key
            .verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature))
            .map_err(|_| SealError::BadSignature)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kid)
    }
}

/// A JWK Set (RFC 7517) of keys.
pub fn jwks<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> serde_json::Value {
    let keys: Vec<serde_json::Value> = keys.into_iter().map(PublicKey::jwk).collect();
    serde_json::json!({ "keys": keys })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_rfc_8037_byte_by_byte() {
        // Appendix A.4: the key of A.1 over the signing input.
        let seed = unb64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = SecretKey::from_seed(seed.as_slice().try_into().unwrap());
        let input = format!(
            "{}.{}",
            b64(br#"{"alg":"EdDSA"}"#),
            b64(b"Example of Ed25519 signing")
        );
        assert_eq!(
            b64(&key.sign(input.as_bytes())),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    #[test]
    fn a_fingerprint_is_twenty_digits_and_another_for_another_key() {
        let of = |n: u8| SecretKey::from_seed(&[n; 32]).public().fingerprint();
        let digits: String = of(1).split(' ').collect();
        assert_eq!((of(1).split(' ').count(), digits.len()), (5, 20));
        assert!(digits.bytes().all(|b| b.is_ascii_digit()));
        assert_ne!(of(1), of(2));
    }
}
