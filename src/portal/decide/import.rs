//! An act that was registered before there was this registry.
//!
//! It gets no number and no person is asked: it stands as it stood. What it may repeat is told to whoever
//! brings it, and what comes later is compared with it.

use super::{Around, Decided, Told, first_entry};
use crate::portal::record::{ActPlace, Certificate, Step, take_over};
use crate::seal::Status;

/// Puts an act into the register by its place in its book. None where the registry does not say so itself,
/// or its statement makes no notification.
pub(in crate::portal) fn import(
    around: &Around<'_>,
    act: &ActPlace,
    certificate: Option<&Certificate>,
) -> Option<Decided> {
    let cleared = take_over(&around.signer, &around.row.h)?;
    let mut made = first_entry(around);
    if made.told.status != Status::Received || around.record.is_some() {
        return None;
    }
    made.steps.push(Step::Imported {
        cleared,
        act: act.clone(),
        at_ms: around.now.timestamp_millis(),
    });
    made.steps.extend(certificate.cloned().map(Step::Certified));
    made.told = Told::of(Status::Registered).by_registrar();
    Some(made)
}
