//! Requests to enrol as they arrive.

use super::rows::EnrolmentRequestRow;
use crate::seal::{EnrolRequest, SealError, VerifiedEnrolment, hash, read_enrolment};
use crate::vital::{is_code, name};
use crate::wire::EnrolmentState;

/// A request that arrived, to be kept; nobody has looked at its code yet.
///
/// # Errors
/// [`SealError`] where the text is no request whose own signature holds, or names somebody or something by what
/// is no line that a reader sees whole.
pub(in crate::portal) fn arrived(
    jws: String,
    at_ms: i64,
) -> Result<(EnrolmentRequestRow, VerifiedEnrolment), SealError> {
    let read = read_enrolment(&jws)?;
    if !names_in_lines(&read.request) {
        return Err(SealError::Member("name".to_owned()));
    }
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

/// Whether everything in a request that a person entered is a line that a reader sees whole.
pub(in crate::portal) fn names_in_lines(request: &EnrolRequest) -> bool {
    let claim = request.facility.iter();
    let mut names = request.name.iter().chain(claim.clone().map(|claim| &claim.name));
    let mut codes = std::iter::once(&request.fac)
        .chain(&request.usr)
        .chain(claim.flat_map(|claim| [&claim.district, &claim.office]));
    names.all(|entered| name(entered).is_some()) && codes.all(|code| is_code(code))
}
