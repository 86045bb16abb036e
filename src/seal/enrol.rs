//! Enrolment: a key asks to be believed.
//!
//! The key signs its own request (proof that it is held); a colleague may countersign it, and a second
//! person beneath that. The portal approves, and the key appears in the trust list.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::payload::read_version;
use super::sealing::is_recipient;
use super::{Jws, KeyUse, PublicKey, SealError, SecretKey, Trust, TrustKey, Typ, sign};
use crate::env::{Facility, Role};

/// What asks. FROZEN: version 1 is without `reply`, version 2 has it. A reader of version 1 refuses a
/// request of version 2, so it is written only to a registry that seals replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// Version of the format: 1, or 2 with `reply`.
    #[cfg_attr(feature = "portal", schema(minimum = 1))]
    pub v: u64,
    /// A device or a person.
    pub what: KeyUse,
    /// `x` of the key's JWK; the request is signed with it.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub x: String,
    /// Facility code.
    pub fac: String,
    /// Facility's name, district and office: of a device's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub facility: Option<FacilityClaim>,
    /// Login, of a person's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub usr: Option<String>,
    /// Name of the person or the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub name: Option<String>,
    /// Role, of a person's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub role: Option<Role>,
    /// Key of the same device that this one takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub replaces: Option<String>,
    /// When it was made, raw system time.
    pub at: DateTime<FixedOffset>,
    /// Proof that the registry's one-time code is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub code: Option<String>,
    /// Recipient to which replies on a stick are sealed (age X25519, `age1…`), of a device's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub reply: Option<String>,
}

/// What a device says of its facility; the registry checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
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
    /// The request's JWS, or a second person's countersignature of it.
    req: String,
}

/// A request that was read: its own signature holds.
#[derive(Clone, Debug)]
pub struct VerifiedEnrolment {
    /// What asks.
    pub request: EnrolRequest,
    /// The key.
    pub key: PublicKey,
    /// The countersignature, to be verified against the trust list.
    pub countersigned: Option<Jws>,
    /// The one beneath it, of a second person, where there are two.
    pub second: Option<Jws>,
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
            replaces: None,
            at,
            code: None,
            reply: None,
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
            replaces: None,
            at,
            code: None,
            reply: None,
        }
    }

    /// In the place of another key of this device.
    pub fn instead_of(mut self, old: &PublicKey) -> EnrolRequest {
        self.replaces = Some(old.kid().to_owned());
        self
    }

    /// With the recipient to which replies on a stick are sealed: version 2.
    pub fn with_reply(mut self, recipient: &str) -> EnrolRequest {
        self.v = 2;
        self.reply = Some(recipient.to_owned());
        self
    }

    /// Signs the request with the key that asks.
    pub fn seal(&self, key: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Enrol, key, self)
    }
}

impl VerifiedEnrolment {
    /// The colleague who countersigned, where one did: a person of the same facility with another login,
    /// not revoked when the request was received. What their word counts for is the registry's to say.
    ///
    /// # Errors
    /// A countersignature by anybody else, or one that does not verify.
    pub fn vouched_by<'t>(
        &self,
        trust: &'t Trust,
        received: DateTime<FixedOffset>,
    ) -> Result<Option<&'t TrustKey>, SealError> {
        let by = self.countersigned.as_ref();
        by.map(|jws| self.colleague(jws, trust, received)).transpose()
    }

    /// The second person, where one countersigned beneath the first: another one of the same kind.
    ///
    /// # Errors
    /// As [`VerifiedEnrolment::vouched_by`].
    pub fn seconded_by<'t>(
        &self,
        trust: &'t Trust,
        received: DateTime<FixedOffset>,
    ) -> Result<Option<&'t TrustKey>, SealError> {
        let Some(jws) = &self.second else {
            return Ok(None);
        };
        let second = self.colleague(jws, trust, received)?;
        match self.vouched_by(trust, received)? {
            Some(first) if first.usr != second.usr => Ok(Some(second)),
            _ => Err(SealError::UnknownKey),
        }
    }

    fn colleague<'t>(
        &self,
        jws: &Jws,
        trust: &'t Trust,
        received: DateTime<FixedOffset>,
    ) -> Result<&'t TrustKey, SealError> {
        let listed = trust
            .find(jws.kid())
            .filter(|k| k.what == KeyUse::Person && k.fac.as_deref() == Some(&self.request.fac))
            .filter(|k| k.usr != self.request.usr)
            .ok_or(SealError::UnknownKey)?;
        jws.verify(&listed.public()?)?;
        match listed.believed_at(received) {
            true => Ok(listed),
            false => Err(SealError::RevokedKey),
        }
    }
}

/// Somebody's signature around a request.
pub fn countersign(request: &str, key: &SecretKey) -> Result<String, SealError> {
    sign(
        Typ::Enrol,
        key,
        &Countersigned {
            v: 1,
            req: request.to_owned(),
        },
    )
}

/// What stands in a countersignature, and that countersignature; or the request itself.
fn within(jws: Jws) -> Result<(Jws, Option<Jws>), SealError> {
    if jws.payload().get("req").is_none() {
        return Ok((jws, None));
    }
    let around: Countersigned = read_version(&jws, 1)?;
    Ok((Jws::parse(&around.req, Typ::Enrol)?, Some(jws)))
}

/// Reads a request, countersigned or not, and verifies that the key that asks signed it.
pub fn read_enrolment(text: &str) -> Result<VerifiedEnrolment, SealError> {
    let outer = Jws::parse(text, Typ::Enrol)?;
    let (inner, countersigned) = within(outer)?;
    let (inner, second) = match countersigned {
        Some(_) => within(inner)?,
        None => (inner, None),
    };
    let request: EnrolRequest = read_version(&inner, 2)?;
    let key = PublicKey::from_x(&request.x)?;
    inner.verify(&key)?;
    let complete = match request.what {
        KeyUse::Device => request.facility.is_some(),
        KeyUse::Person => {
            let own = request.facility.is_none() && request.replaces.is_none();
            let of_people = |role| !matches!(role, Role::Device | Role::Registrar);
            own && request.usr.is_some() && request.role.is_some_and(of_people)
        }
        KeyUse::Trust | KeyUse::Receipt => false,
    };
    if !complete {
        return Err(SealError::Member("what".into()));
    }
    let reply = request.reply.as_deref();
    let fits = match request.v {
        1 => reply.is_none(),
        _ => request.what == KeyUse::Device && reply.is_some_and(is_recipient),
    };
    if !fits {
        return Err(SealError::Member("reply".into()));
    }
    Ok(VerifiedEnrolment {
        request,
        key,
        countersigned,
        second,
    })
}
