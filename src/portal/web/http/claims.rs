//! What calls of devices claim to hold.

use axum::http::HeaderMap;
use axum::response::Response;

use super::respond::refuse;
use super::shared::Shared;
use crate::portal::unit::registry::Device;
use crate::wire::{CLAIM, Claim, ProblemCode};

/// What a claim is.
pub(super) const CLAIMS: &str = "The highest receipt that the device holds, `EPOCH.N HASH`, so that a registry that was set \
     back can notice it. It proves nothing and changes nothing; without it nothing is said.";

/// The highest receipt that a device claims to hold, where its call names one.
pub(super) fn claim(headers: &HeaderMap) -> Result<Option<Claim>, Response> {
    let Some(value) = headers.get(CLAIM) else {
        return Ok(None);
    };
    let read = value.to_str().ok().and_then(Claim::read);
    read.map(Some).ok_or_else(|| refuse(ProblemCode::Malformed))
}

/// Refuses a call of a device that claims a receipt which the book lacks.
pub(super) async fn compare(shared: &Shared, device: &Device, headers: &HeaderMap) -> Result<(), Response> {
    let Some(claim) = claim(headers)? else {
        return Ok(());
    };
    let device = device.clone();
    shared
        .work(move |r| r.claim(&device.kid, &device.fac, &claim))
        .await
}
