//! What a `key` entry says: a key given to a colleague who has forgotten the passphrase, or a colleague
//! suspended and resumed.
//!
//! The new key's own request to be believed stands inside, countersigned by whoever gave it; the
//! entry is signed by the same hand. What the new key signs counts once the registry has
//! confirmed it with that person.

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value};

use super::{
    EnrolRequest, Entry, EntryType, FIRST_EPOCH, KeyFile, KeyUse, PublicKey, ReceiptNumber, SealError,
    SecretKey, VerifiedEnrolment, read_enrolment,
};
use crate::env::{Kdf, Role};

/// The word of `what` for a key that is added or takes the place of one. FROZEN.
const NEW: &str = "new";
/// The words of `what` for a key that counts no more, and for one that counts again. FROZEN.
const SUSPENDED: &str = "suspended";
const RESUMED: &str = "resumed";

/// The body of a `key` entry. `request` is countersigned by whoever signs the entry.
pub fn key_body(login: &str, request: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("what".into(), Value::from(NEW));
    body.insert("usr".into(), Value::from(login));
    body.insert("request".into(), Value::from(request));
    body
}

/// What a facility says of one of its own people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspension {
    /// They sign no more.
    Begins,
    /// They sign again. It ends what its journal said before, and what the facility had been told by
    /// the receipt of that number: nobody ends a suspension of which they could not know.
    Ends {
        /// Number of the newest receipt that the signer's device had; 0 for none.
        heard: ReceiptNumber,
    },
}

/// The body of a `key` entry that suspends a person's key, or resumes it.
pub fn suspension_body(login: &str, kid: &str, says: Suspension) -> Map<String, Value> {
    let mut body = Map::new();
    let what = match says {
        Suspension::Begins => SUSPENDED,
        Suspension::Ends { .. } => RESUMED,
    };
    body.insert("what".into(), Value::from(what));
    body.insert("usr".into(), Value::from(login));
    body.insert("kid".into(), Value::from(kid));
    if let Suspension::Ends { heard } = says {
        body.insert("heard".into(), Value::from(heard.n));
        // Written since there are epochs; without it the first one is meant.
        if heard.epoch > FIRST_EPOCH {
            body.insert("epoch".into(), Value::from(heard.epoch));
        }
    }
    body
}

/// Reads a `key` entry that suspends or resumes: whose login, which key, and what it says of them; none
/// where the entry says something else.
pub fn read_suspension(entry: &Entry) -> Option<(&str, &str, Suspension)> {
    let text = |name: &str| entry.body.get(name).and_then(Value::as_str);
    let number = |name: &str| entry.body.get(name).and_then(Value::as_u64);
    let says = match text("what").filter(|_| entry.t == EntryType::Key)? {
        SUSPENDED => Suspension::Begins,
        RESUMED => Suspension::Ends {
            heard: ReceiptNumber {
                epoch: number("epoch")
                    .and_then(|e| e.try_into().ok())
                    .unwrap_or(FIRST_EPOCH),
                n: number("heard").unwrap_or(0),
            },
        },
        _ => return None,
    };
    Some((text("usr")?, text("kid")?, says))
}

/// Reads the request in a `key` entry that the key `signer` signed.
///
/// # Errors
/// [`SealError::Member`] where the entry is none of this kind, or speaks of another person or
/// facility than the request, or somebody else countersigned it; and whatever is wrong with the
/// request itself.
pub fn read_key_request(entry: &Entry, signer: &str) -> Result<VerifiedEnrolment, SealError> {
    let member = |name: &str| SealError::Member(name.to_owned());
    let text = |name: &str| entry.body.get(name).and_then(Value::as_str);
    if entry.t != EntryType::Key {
        return Err(member("t"));
    }
    if text("what") != Some(NEW) {
        return Err(member("what"));
    }
    let read = read_enrolment(text("request").ok_or_else(|| member("request"))?)?;
    let request = &read.request;
    if request.what != KeyUse::Person || request.fac != entry.fac {
        return Err(member("request"));
    }
    if request.usr.as_deref() != text("usr") || request.usr.as_deref() == Some(&entry.usr) {
        return Err(member("usr"));
    }
    let by_signer = read.countersigned.as_ref().is_some_and(|jws| jws.kid() == signer);
    match by_signer {
        true => Ok(read),
        false => Err(member("request")),
    }
}

/// A key made for a person: locked, and with its own request to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonKey {
    /// The public key.
    pub public: PublicKey,
    /// The locked key ([`KeyFile`] as text).
    pub blob: String,
    /// The request, signed while the key was open: proof that it is held.
    pub request: String,
}

/// Makes a key for a person of a facility and locks it with a passphrase; the key itself is gone
/// when this returns.
pub fn person_key(
    (login, name, role): (&str, &str, Role),
    facility: &str,
    phrase: &str,
    kdf: &Kdf,
    now: DateTime<FixedOffset>,
) -> Result<PersonKey, SealError> {
    let key = SecretKey::generate()?;
    let file = KeyFile::lock(&key, login, facility, phrase, kdf)?;
    let request = EnrolRequest::of_person(&key.public(), facility, (login, name, role), now);
    Ok(PersonKey {
        public: key.public(),
        blob: file.to_text()?,
        request: request.seal(&key)?,
    })
}
