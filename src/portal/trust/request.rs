//! The calls by which a key asks to be believed.

use super::enrolment::Admission;
use super::invitation::{CodeCheck, redeem};
use crate::portal::book::{BookResult, WriteTransaction};
use crate::portal::record::{EnrolmentRequestRow, arrived};
use crate::portal::settings::Quotas;
use crate::portal::unit::registry::Registry;
use crate::seal::{SealError, read_enrolment};
use crate::wire::{self, EnrolmentAnswer, EnrolmentState, ProblemCode};

const DAY_MS: i64 = 86_400_000;

/// Keeps a request to enrol, unless it brings a wrong code; believes it at once where somebody
/// vouches for it and the settings say so. A crowd of strangers keeps nobody out: of one source only so many
/// may wait, and where too many do, the source that has most gives way.
pub(in crate::portal) fn enrol(
    registry: &Registry,
    source: &str,
    text: &str,
) -> Result<EnrolmentAnswer, ProblemCode> {
    let jws = wire::jws_of_line(text).ok_or(ProblemCode::Malformed)?;
    let now = registry.clock.now();
    let at_ms = now.timestamp_millis();
    let (mut asked, read) = arrived(jws, at_ms).map_err(|_| ProblemCode::Malformed)?;
    let keyring = registry.keyring()?;
    let kept = registry.write(|tx| {
        let kept = match tx.enrolment(&asked.id)? {
            Some(known) => known,
            None => {
                match redeem(tx, &registry.secrets, &read, at_ms)? {
                    CodeCheck::Wrong => return Err(ProblemCode::EnrolCode),
                    code => asked.invited = code == CodeCheck::Right,
                }
                let known = read.vouched_by(keyring.trust(), now).is_ok_and(|by| by.is_some());
                if !asked.invited && !known {
                    let source = registry.secrets.keyed_hash(&["enrolment", source]);
                    make_room(tx, &registry.settings.quotas, &source)?;
                    tx.add_strange_enrolment(&asked.id, &source)?;
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
                noted: registry.witness.noted(),
                now,
            };
            admission.approve_vouched(tx, newer.as_ref().unwrap_or(&keyring), &kept)?;
        }
        Ok(kept)
    })?;
    registry.note_stand()?;
    enrolment(registry, &kept.id)
}

/// Makes room for one more request of a stranger.
fn make_room(tx: &WriteTransaction<'_>, quotas: &Quotas, source: &str) -> Result<(), ProblemCode> {
    if tx.strange_enrolments_from(source)? >= u64::from(quotas.enrolments_per_source) {
        return Err(ProblemCode::Quota);
    }
    if tx.strange_enrolments()? >= u64::from(quotas.enrolments_waiting)
        && let Some(id) = tx.strangest_enrolment()?
    {
        tx.drop_enrolment(&id)?;
    }
    Ok(())
}

/// Drops requests that have waited long enough, and for which nobody vouched. One whose hand was believed once
/// stays: somebody at the registry looks.
pub(in crate::portal) fn drop_expired(registry: &Registry) -> BookResult<()> {
    let now = registry.clock.now();
    let days = i64::from(registry.settings.quotas.enrolment_days);
    let before = now.timestamp_millis() - days * DAY_MS;
    let old = registry.read(|tx| tx.waiting_since(before))?;
    if old.is_empty() {
        return Ok(());
    }
    let keyring = registry.keyring()?;
    let vouched = |row: &EnrolmentRequestRow| {
        let read = read_enrolment(&row.jws);
        let by = read.and_then(|read| read.vouched_by(keyring.trust(), now).map(|by| by.is_some()));
        matches!(by, Ok(true) | Err(SealError::RevokedKey))
    };
    let expired: Vec<_> = old.iter().filter(|row| !vouched(row)).collect();
    registry.write(|tx| expired.iter().try_for_each(|row| tx.drop_enrolment(&row.id)))
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
