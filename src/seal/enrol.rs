//! Enrolment: a key asks to be believed.
//!
//! The key signs its own request (proof that it is held); an administrator's key may countersign
//! it. The portal approves, and the key appears in the trust list.

use chrono::{DateTime, FixedOffset};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::entry::name_in;
use super::{Jws, KeyUse, PublicKey, SealError, SecretKey, Trust, TrustKey, Typ, sign};
use crate::env::{Facility, Role};

/// What asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// Version of the format, 1.
    pub v: u64,
    /// A device or a person.
    pub what: KeyUse,
    /// `x` of the key's JWK; the request is signed with it.
    pub x: String,
    /// Facility code.
    pub fac: String,
    /// Facility's name, district and office: of a device's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityClaim>,
    /// Login, of a person's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usr: Option<String>,
    /// Name of the person or the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Role, of a person's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// When it was made, raw system time.
    pub at: DateTime<FixedOffset>,
    /// The registry's one-time code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What a device says of its facility; the registry checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityClaim {
    /// Name.
    pub name: String,
    /// District code.
    pub district: String,
    /// Registry office that it addresses.
    pub office: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Countersigned {
    v: u64,
    /// The request's JWS.
    req: String,
}

/// A request that was read: its own signature holds.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// What asks.
    pub request: EnrolRequest,
    /// The key.
    pub key: PublicKey,
    /// The countersignature, to be verified against the trust list.
    pub countersigned: Option<Jws>,
}

impl EnrolRequest {
    /// A device asks to be believed, and says what facility it stands in.
    pub fn of_device(key: &PublicKey, facility: &Facility, at: DateTime<FixedOffset>) -> EnrolRequest {
        EnrolRequest {
            v: 1,
            what: KeyUse::Device,
            x: key.x(),
            fac: facility.code.clone(),
            facility: Some(FacilityClaim {
                name: facility.name.clone(),
                district: facility.district.clone(),
                office: facility.office.clone(),
            }),
            usr: None,
            name: None,
            role: None,
            at,
            code: None,
        }
    }

    /// A person of a facility asks to be believed.
    pub fn of_person(
        key: &PublicKey,
        fac: &str,
        (login, name, role): (&str, &str, Role),
        at: DateTime<FixedOffset>,
    ) -> EnrolRequest {
        EnrolRequest {
            v: 1,
            what: KeyUse::Person,
            x: key.x(),
            fac: fac.to_owned(),
            facility: None,
            usr: Some(login.to_owned()),
            name: Some(name.to_owned()),
            role: Some(role),
            at,
            code: None,
        }
    }

    /// Signs the request with the key that asks.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Enrol, key, self)
    }
}

impl Enrolment {
    /// The administrator who countersigned, where one did: listed for the same facility in that
    /// role, not revoked when the request was received.
    ///
    /// # Errors
    /// A countersignature by anybody else, or one that does not verify.
    pub fn administrator<'t>(
        &self,
        trust: &'t Trust,
        received: DateTime<FixedOffset>,
    ) -> Result<Option<&'t TrustKey>, SealError> {
        let Some(jws) = &self.countersigned else {
            return Ok(None);
        };
        let listed = trust
            .find(jws.kid())
            .filter(|k| k.what == KeyUse::Person && k.role == Some(Role::Administrator))
            .filter(|k| k.fac.as_deref() == Some(&self.request.fac))
            .ok_or(SealError::UnknownKey)?;
        jws.verify(&listed.public()?)?;
        if listed.believed_at(received) {
            Ok(Some(listed))
        } else {
            Err(SealError::RevokedKey)
        }
    }
}

/// An administrator's signature around a request.
pub fn countersign(request: &str, administrator: &SecretKey) -> Result<String, SealError> {
    sign(
        Typ::Enrol,
        administrator,
        &Countersigned {
            v: 1,
            req: request.to_owned(),
        },
    )
}

/// Reads version 1 of a payload. The version comes first: a newer one may have other members.
fn read<T: DeserializeOwned>(jws: &Jws) -> Result<T, SealError> {
    match jws.payload().get("v").and_then(serde_json::Value::as_u64) {
        Some(1) => serde_json::from_value(jws.payload().clone()).map_err(|e| SealError::Member(name_in(&e))),
        Some(v) if v > 1 => Err(SealError::NewerVersion(v)),
        _ => Err(SealError::Member("v".into())),
    }
}

/// Reads a request, countersigned or not, and verifies that the key that asks signed it.
pub fn read_enrolment(text: &str) -> Result<Enrolment, SealError> {
    let outer = Jws::parse(text, Typ::Enrol)?;
    let (inner, countersigned) = if outer.payload().get("req").is_some() {
        let around: Countersigned = read(&outer)?;
        (Jws::parse(&around.req, Typ::Enrol)?, Some(outer))
    } else {
        (outer, None)
    };
    let request: EnrolRequest = read(&inner)?;
    let key = PublicKey::from_x(&request.x)?;
    inner.verify(&key)?;
    let complete = match request.what {
        KeyUse::Device => request.facility.is_some(),
        KeyUse::Person => request.usr.is_some() && request.role.is_some_and(|r| r != Role::Device),
        KeyUse::Trust | KeyUse::Receipt => false,
    };
    if !complete {
        return Err(SealError::Member("what".into()));
    }
    Ok(Enrolment {
        request,
        key,
        countersigned,
    })
}
