//! Requests to enrol as they arrive.

use super::rows::EnrolmentRequestRow;
use crate::seal::{SealError, VerifiedEnrolment, hash, read_enrolment};
use crate::wire::EnrolmentState;

/// A request that arrived, to be kept; nobody has looked at its code yet.
///
/// # Errors
/// [`SealError`] where the text is no request whose own signature holds.
pub(in crate::portal) fn arrived(
    jws: String,
    at_ms: i64,
) -> Result<(EnrolmentRequestRow, VerifiedEnrolment), SealError> {
    let read = read_enrolment(&jws)?;
    let kept = EnrolmentRequestRow {
        id: hash(&jws),
        kid: read.key.kid().to_owned(),
        jws,
        at_ms,
        state: EnrolmentState::Waiting,
        invited: false,
    };
    Ok((kept, read))
}
