//! Stretching a passphrase: Argon2id (RFC 9106), the same for key files and for the accounts of a
//! portal.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::SealError;
use super::key::{b64, hash, unb64};
use crate::env::{Kdf, random};

/// What a hostile file may ask for at most, and an honest one at least.
const M_KIB: std::ops::RangeInclusive<u32> = 19_456..=262_144;
const PASSES: std::ops::RangeInclusive<u32> = 2..=10;
const LANES: std::ops::RangeInclusive<u32> = 1..=4;

/// Refuses parameters out of bounds.
pub(super) fn within(m_kib: u32, passes: u32, lanes: u32) -> Result<(), SealError> {
    let within = M_KIB.contains(&m_kib) && PASSES.contains(&passes) && LANES.contains(&lanes);
    within.then_some(()).ok_or(SealError::KeyFileBounds)
}

/// Stretches a passphrase to 32 bytes.
pub(super) fn stretch(
    passphrase: &str,
    salt: &[u8],
    m_kib: u32,
    passes: u32,
    lanes: u32,
) -> Result<Zeroizing<[u8; 32]>, SealError> {
    use unicode_normalization::UnicodeNormalization;
    let params = Params::new(m_kib, passes, lanes, Some(32)).map_err(|_| SealError::KeyFileBounds)?;
    if salt.len() != 16 {
        return Err(SealError::DamagedKeyFile);
    }
    // Blanks around and between the words, and the form of a letter, make no other passphrase.
    let words: Vec<&str> = passphrase.split_whitespace().collect();
    let joined = Zeroizing::new(words.join(" "));
    let phrase: Zeroizing<String> = Zeroizing::new(joined.nfc().collect());
    let mut out = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(phrase.as_bytes(), salt, out.as_mut_slice())
        // Lengths are right by now; what is left is memory that this machine does not have.
        .map_err(|_| SealError::KeyFileBounds)?;
    Ok(out)
}

/// By what a passphrase is known again without being kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseMark {
    m_kib: u32,
    t: u32,
    p: u32,
    salt: String,
    /// Hash of the stretched passphrase.
    h: String,
}

impl PhraseMark {
    /// Makes the mark of a passphrase.
    pub fn make(passphrase: &str, kdf: &Kdf) -> Result<PhraseMark, SealError> {
        within(kdf.m_kib, kdf.t, kdf.p)?;
        let salt = random::<16>().map_err(|_| SealError::NoRandomness)?;
        let out = stretch(passphrase, &salt, kdf.m_kib, kdf.t, kdf.p)?;
        Ok(PhraseMark {
            m_kib: kdf.m_kib,
            t: kdf.t,
            p: kdf.p,
            salt: b64(&salt),
            h: hash(&b64(out.as_slice())),
        })
    }

    /// Whether this is the passphrase.
    pub fn fits(&self, passphrase: &str) -> Result<bool, SealError> {
        within(self.m_kib, self.t, self.p)?;
        let salt = unb64(&self.salt).ok_or(SealError::DamagedKeyFile)?;
        let out = stretch(passphrase, &salt, self.m_kib, self.t, self.p)?;
        // Comparing hashes of high entropy tells nothing by the time that it takes.
        Ok(hash(&b64(out.as_slice())) == self.h)
    }

    /// As it is stored.
    pub fn to_text(&self) -> Result<String, SealError> {
        serde_json::to_string(self).map_err(|_| SealError::DamagedKeyFile)
    }

    /// Reads what is stored.
    pub fn from_text(text: &str) -> Result<PhraseMark, SealError> {
        serde_json::from_str(text).map_err(|_| SealError::DamagedKeyFile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_knows_its_passphrase_again_and_no_other_one() {
        let kdf = Kdf {
            m_kib: 19_456,
            t: 2,
            p: 1,
        };
        let mark = PhraseMark::make("анор китоб 42", &kdf).unwrap();
        let read = PhraseMark::from_text(&mark.to_text().unwrap()).unwrap();
        assert!(read.fits(" анор  китоб 42 ").unwrap());
        assert!(!read.fits("анор китоб 43").unwrap());
        let greedy = mark.to_text().unwrap().replace("19456", "99999999");
        assert!(PhraseMark::from_text(&greedy).unwrap().fits("x").is_err());
    }
}
