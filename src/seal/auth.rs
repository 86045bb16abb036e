//! Bearer tokens of devices: a JWT by the device's key, good for five minutes.

use chrono::{DateTime, Duration, FixedOffset};
use serde::{Deserialize, Serialize};

use super::{Jws, KeyUse, SealError, SecretKey, Trust, Typ, payload, sign};

/// How long a token is good.
const LIFE_SECONDS: i64 = 300;
/// By how much two clocks may differ.
const LEEWAY_SECONDS: i64 = 60;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// A token for the portal at `aud` (its base address), by the clock that is given.
pub fn auth_token(device: &SecretKey, aud: &str, now: DateTime<FixedOffset>) -> Result<String, SealError> {
    let iat = now.timestamp();
    let claims = Claims {
        iss: device.public().kid().to_owned(),
        aud: aud.to_owned(),
        iat,
        exp: iat + LIFE_SECONDS,
    };
    sign(Typ::Auth, device, &claims)
}

/// Checks a token: the thumbprint of the device and its facility.
///
/// A token that is right but for its time gives [`SealError::Clock`], so that a device with a
/// wrong clock can try again with the portal's.
pub fn check_auth(
    token: &str,
    trust: &Trust,
    aud: &str,
    now: DateTime<FixedOffset>,
) -> Result<(String, String), SealError> {
    let jws = Jws::parse(token, Typ::Auth)?;
    let listed = trust
        .find(jws.kid())
        .filter(|k| k.what == KeyUse::Device)
        .ok_or(SealError::UnknownKey)?;
    jws.verify(&listed.public()?)?;
    if !listed.believed_at(now) {
        return Err(SealError::RevokedKey);
    }
    let claims: Claims = payload::read(jws.payload())?;
    if claims.iss != listed.kid {
        return Err(SealError::Member("iss".into()));
    }
    if claims.aud != aud {
        return Err(SealError::WrongAudience);
    }
    let time = now.timestamp();
    let leeway = Duration::seconds(LEEWAY_SECONDS).num_seconds();
    let life = claims.exp.saturating_sub(claims.iat);
    let in_time = claims.iat <= time.saturating_add(leeway) && time <= claims.exp.saturating_add(leeway);
    if !(0..=LIFE_SECONDS).contains(&life) || !in_time {
        return Err(SealError::Clock);
    }
    Ok((listed.kid.clone(), listed.fac.clone().unwrap_or_default()))
}
