//! The registry's one-time code, by which a new device and its administrator are believed.
//!
//! The code is given over the telephone or in a letter and never travels: a request carries a proof
//! that whoever made it knows the code, for that one key at that one facility. Whoever reads a
//! request, on a stick or in a book, can do nothing with it for a key of their own.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::hash;

/// What the proof is about, so that it can be mistaken for no other. FROZEN.
const CONTEXT: &str = "ogoh-enrol";

/// What the registry keeps of a code: as hard to guess as the code itself, and as secret while the
/// code is open. Blanks and capital letters make no difference.
pub fn code_secret(code: &str) -> String {
    let words: Vec<String> = code.split_whitespace().map(str::to_lowercase).collect();
    hash(&words.join(" "))
}

/// The proof for the key `x` of a facility: base64url of an HMAC-SHA-256 (RFC 2104).
pub fn code_proof(secret: &str, fac: &str, x: &str) -> String {
    Base64UrlUnpadded::encode_string(&mac(secret, fac, x).finalize().into_bytes())
}

/// Whether a proof is the one for this key; takes the same time for every wrong one.
pub fn proves_code(proof: &str, secret: &str, fac: &str, x: &str) -> bool {
    Base64UrlUnpadded::decode_vec(proof).is_ok_and(|bytes| mac(secret, fac, x).verify_slice(&bytes).is_ok())
}

fn mac(secret: &str, fac: &str, x: &str) -> Hmac<Sha256> {
    // A key of any length is taken: the other branch is never reached, and would prove nothing.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    for part in [CONTEXT, fac, x] {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_for_one_code_one_facility_and_one_key() {
        let secret = code_secret("себ барг дарё кӯҳ об 42");
        let proof = code_proof(&secret, "TJ-DU-BOX-01", "key");
        assert!(proves_code(&proof, &secret, "TJ-DU-BOX-01", "key"));
        assert_eq!(code_secret("  Себ  БАРГ дарё кӯҳ об 42 "), secret);
        for (secret, fac, x) in [
            (code_secret("себ барг дарё кӯҳ об 43"), "TJ-DU-BOX-01", "key"),
            (secret.clone(), "TJ-DU-BOX-02", "key"),
            (secret.clone(), "TJ-DU-BOX-01", "other"),
            (secret.clone(), "TJ-DU-BOX-01\nkey", ""),
        ] {
            assert!(!proves_code(&proof, &secret, fac, x), "{fac} {x}");
        }
        for torn in ["", "AA", proof.get(1..).unwrap_or_default(), &format!("{proof}=")] {
            assert!(!proves_code(torn, &secret, "TJ-DU-BOX-01", "key"), "{torn}");
        }
    }

    #[test]
    fn the_proof_is_the_same_for_ever() {
        // Computed with Python: hmac.new(b64url(sha256("a b 10")), b"ogoh-enrol\nF\nX\n", "sha256").
        assert_eq!(
            code_proof(&code_secret("a b 10"), "F", "X"),
            "ZPD_ghiNaINf_WZEFEuD9mDt4upiYdVBcDHAyiOR6og"
        );
    }
}
