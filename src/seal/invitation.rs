//! The registry's one-time code, by which a new device and its administrator are believed.
//!
//! The code is given over the telephone or in a letter and never travels: a request carries a proof
//! that whoever made it knows the code, for that one key, use and facility. The code is stretched as a passphrase is
//! (51 bits under Argon2id), so that whoever copies a request from a stick does not find it by trying.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::key::b64;
use super::stretch::stretch;
use super::{EnrolRequest, SealError};
use crate::env::Kdf;

/// What the proof is about, so that it can be mistaken for no other. FROZEN.
const CONTEXT: &str = "ogoh-enrol";

/// What the registry keeps of a code of a facility, as secret as the code while that is open. Blanks and
/// capital letters make no difference. FROZEN: the cost is the default one.
///
/// # Errors
/// [`SealError::KeyFileBounds`]: this machine lacks the memory.
pub fn code_secret(code: &str, fac: &str) -> Result<String, SealError> {
    let Kdf { m_kib, t, p } = Kdf::default();
    let salt = Sha256::digest(format!("{CONTEXT}\n{fac}\n"));
    let salt = salt.get(..16).unwrap_or_default();
    let key = stretch(&code.to_lowercase(), salt, m_kib, t, p)?;
    Ok(b64(key.as_slice()))
}

/// The proof for the key of a request: base64url of an HMAC-SHA-256 (RFC 2104).
pub fn code_proof(secret: &str, request: &EnrolRequest) -> String {
    Base64UrlUnpadded::encode_string(&mac(secret, request).finalize().into_bytes())
}

/// Whether the proof of a request is the one for its key; takes the same time for every wrong one.
pub fn proves_code(secret: &str, request: &EnrolRequest) -> bool {
    let proof = request.code.as_deref().map(Base64UrlUnpadded::decode_vec);
    proof.is_some_and(|proof| proof.is_ok_and(|bytes| mac(secret, request).verify_slice(&bytes).is_ok()))
}

impl EnrolRequest {
    /// With the proof that the registry's one-time code is known.
    ///
    /// # Errors
    /// [`SealError::KeyFileBounds`]: this machine lacks the memory to stretch the code.
    pub fn with_code(mut self, code: &str) -> Result<EnrolRequest, SealError> {
        self.code = Some(code_proof(&code_secret(code, &self.fac)?, &self));
        Ok(self)
    }
}

fn mac(secret: &str, request: &EnrolRequest) -> Hmac<Sha256> {
    // A key of any length is taken: the other branch is never reached.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    let role = request.role.map_or("device", |role| role.code());
    for part in [CONTEXT, &request.fac, role, &request.x] {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Role;
    use crate::seal::SecretKey;

    fn request(seed: u8, fac: &str, role: Role) -> EnrolRequest {
        let key = SecretKey::from_seed(&[seed; 32]).public();
        let at = chrono::DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
        EnrolRequest::of_person(&key, fac, ("zebo", "Зебо", role), at)
    }

    #[test]
    fn a_proof_holds_for_one_code_one_facility_one_role_and_one_key() {
        let words = "себ барг дарё кӯҳ об 42";
        let secret = code_secret(words, "TJ-DU-BOX-01").unwrap();
        let asked = request(1, "TJ-DU-BOX-01", Role::Administrator);
        let code = Some(code_proof(&secret, &asked));
        let asked = EnrolRequest {
            code: code.clone(),
            ..asked
        };
        assert!(proves_code(&secret, &asked));
        // As it is typed, with capital letters and a letter that arrives in two parts.
        let typed = "  Себ  БАРГ дарё ку\u{304}ҳ об 42 ";
        assert_eq!(code_secret(typed, "TJ-DU-BOX-01").unwrap(), secret);
        for other in [
            code_secret("себ барг дарё кӯҳ об 43", "TJ-DU-BOX-01").unwrap(),
            code_secret(words, "TJ-DU-BOX-02").unwrap(),
        ] {
            assert!(!proves_code(&other, &asked));
        }
        for other in [
            request(2, "TJ-DU-BOX-01", Role::Administrator),
            request(1, "TJ-DU-BOX-02", Role::Administrator),
            request(1, "TJ-DU-BOX-01", Role::Doctor),
        ] {
            assert!(!proves_code(
                &secret,
                &EnrolRequest {
                    code: code.clone(),
                    ..other
                }
            ));
        }
        for torn in [
            None,
            Some(""),
            Some("AA"),
            code.as_deref().and_then(|c| c.get(1..)),
        ] {
            let torn = torn.map(str::to_owned);
            assert!(!proves_code(
                &secret,
                &EnrolRequest {
                    code: torn,
                    ..asked.clone()
                }
            ));
        }
    }

    #[test]
    fn the_proof_is_the_same_for_ever() {
        // Computed with Python: argon2-cffi and hmac.
        let secret = code_secret("a b 10", "F").unwrap();
        let asked = request(1, "F", Role::Administrator);
        assert_eq!(
            (secret.as_str(), code_proof(&secret, &asked).as_str()),
            (
                "TXtwJuJrvqevOiLSm_eJuPoY-TzrYv1wI3NWZ2fQAsA",
                "MqT1qwiss_Gc_YwxWhwTOa-YMazZhOkBp-1RrKA26a4"
            )
        );
    }
}
