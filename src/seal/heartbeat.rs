//! Heartbeats: a device's signed state. No personal data.

use super::{Jws, PublicKey, SealError, SecretKey, Typ, payload, sign};
use crate::env::ClockTrust;
use crate::vital::FacilityCode;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// How a device is. FROZEN: these are the members that are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct Heartbeat {
    /// Facility code.
    #[cfg_attr(feature = "portal", schema(value_type = String))]
    pub fac: FacilityCode,
    /// Thumbprint of the device's key.
    #[cfg_attr(feature = "portal", schema(value_type = super::Hash))]
    pub dev: String,
    /// Raw system time; by the portal's clock where the portal has refused ours. The portal takes none that is
    /// not of about now, and none twice.
    pub at: DateTime<FixedOffset>,
    /// How far that time may be believed.
    pub clk: ClockTrust,
    /// Version of the program.
    pub app: String,
    /// Signed and not yet receipted.
    pub unsent: u64,
    /// System time of the oldest of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub oldest: Option<DateTime<FixedOffset>>,
    /// Returned by the registry and not yet corrected.
    pub returned: u64,
    /// Drafts.
    pub drafts: u64,
}

impl Heartbeat {
    /// Signs it with the device's key.
    pub fn seal(&self, device: &SecretKey) -> Result<String, SealError> {
        sign(Typ::Heartbeat, device, self)
    }

    /// Reads it and verifies that this device signed it.
    pub fn open(text: &str, device: &PublicKey) -> Result<Heartbeat, SealError> {
        let jws = Jws::parse(text, Typ::Heartbeat)?;
        jws.verify(device)?;
        let beat: Heartbeat = payload::read(jws.payload())?;
        if beat.dev == device.kid() {
            Ok(beat)
        } else {
            Err(SealError::Member("dev".into()))
        }
    }
}
