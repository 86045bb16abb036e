//! The calls by which a key asks to be believed.

use super::enrolment::{Admission, CodeCheck, redeem};
use crate::portal::record::arrived;
use crate::portal::unit::registry::Registry;
use crate::wire::{self, EnrolmentAnswer, EnrolmentState, ProblemCode};

/// Requests to enrol that may wait at once; more are asked to come back.
const MOST_WAITING: u64 = 1000;

/// Keeps a request to enrol, unless it brings a wrong code; believes it at once where somebody
/// vouches for it and the settings say so.
pub(in crate::portal) fn enrol(registry: &Registry, text: &str) -> Result<EnrolmentAnswer, ProblemCode> {
    let jws = wire::jws_of_line(text).ok_or(ProblemCode::Malformed)?;
    let now = registry.clock.now();
    let at_ms = now.timestamp_millis();
    let (mut asked, read) = arrived(jws, at_ms).map_err(|_| ProblemCode::Malformed)?;
    let keyring = registry.keyring()?;
    let kept = registry.write(|tx| {
        let kept = match tx.enrolment(&asked.id)? {
            Some(known) => known,
            None => {
                let full = tx.waiting_enrolments()? >= MOST_WAITING;
                match redeem(tx, &registry.secrets, &read, at_ms)? {
                    CodeCheck::Wrong => return Err(ProblemCode::EnrolCode),
                    code => asked.invited = code == CodeCheck::Right,
                }
                // A crowd of strangers keeps nobody out who is known here.
                let known = read.vouched_by(keyring.trust(), now).is_ok_and(|by| by.is_some());
                if full && !asked.invited && !known {
                    return Err(ProblemCode::Busy);
                }
                tx.add_enrolment(&asked)?;
                asked
            }
        };
        // Whoever vouches for one that waits may be believed by now.
        if let Some(trust_key) = &registry.trust_key
            && kept.state == EnrolmentState::Waiting
        {
            let newer = keyring.newer(tx)?;
            let admission = Admission {
                settings: &registry.settings,
                trust_key,
                receipt_key: &registry.receipt_key,
                now,
            };
            admission.approve_vouched(tx, newer.as_ref().unwrap_or(&keyring), &kept)?;
        }
        Ok(kept)
    })?;
    enrolment(registry, &kept.id)
}

/// How far a request has come.
pub(in crate::portal) fn enrolment(registry: &Registry, id: &str) -> Result<EnrolmentAnswer, ProblemCode> {
    let found = registry.read(|tx| tx.enrolment(id))?;
    let e = found.ok_or(ProblemCode::NotFound)?;
    Ok(EnrolmentAnswer {
        id: e.id,
        kid: e.kid,
        state: e.state,
    })
}
