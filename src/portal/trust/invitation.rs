//! The registry's one-time codes: made for a facility, and used by its first keys.

use std::path::Path;

use crate::env::{Clock, Role};
use crate::portal::PortalError;
use crate::portal::book::{BookResult, WriteTransaction};
use crate::portal::record::Invitation;
use crate::portal::secrets::of_code;
use crate::portal::unit::opened::Opened;
use crate::seal::{KeyUse, RestKey, VerifiedEnrolment, code_secret, passphrase, proves_code};

/// Longest time that a code is open, days.
const LONGEST_INVITATION: u32 = 90;
const DAY_MS: i64 = 86_400_000;

/// What a request says of the one-time code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum CodeCheck {
    /// Nothing.
    None,
    /// The proof is right, and the code was open for it.
    Right,
    /// The code is wrong, used, too old or of another facility.
    Wrong,
}

/// A new one-time code for a facility, open for so many days. It is shown once.
///
/// # Errors
/// [`PortalError::Place`] for an empty facility, [`PortalError::Days`] outside 1 to 90.
pub fn invite(dir: &Path, fac: &str, days: u32, clock: &dyn Clock) -> Result<String, PortalError> {
    if !crate::vital::is_code(fac) {
        return Err(PortalError::Place(fac.to_owned()));
    }
    if !(1..=LONGEST_INVITATION).contains(&days) {
        return Err(PortalError::Days(days));
    }
    let mut opened = Opened::at(dir)?;
    let code = passphrase()?;
    let invitation = Invitation {
        secret: opened.secrets()?.seal(&of_code(fac), &code_secret(&code, fac)?)?,
        fac: fac.into(),
        until_ms: clock.now().timestamp_millis() + i64::from(days) * DAY_MS,
        device: None,
        person: None,
    };
    opened.book.write(|tx| tx.put_invitation(&invitation))?;
    Ok(code)
}

/// Looks at the proof of a code, and lets the code be used by this key.
pub(in crate::portal) fn redeem(
    tx: &WriteTransaction<'_>,
    secrets: &RestKey,
    read: &VerifiedEnrolment,
    at_ms: i64,
) -> BookResult<CodeCheck> {
    let request = &read.request;
    if request.code.is_none() {
        return Ok(CodeCheck::None);
    }
    let open = tx.invitations(&request.fac)?;
    let proves = |i: &Invitation| {
        let secret = secrets.open(&of_code(&request.fac), &i.secret);
        secret.is_some_and(|secret| proves_code(&secret, request))
    };
    let known = open.into_iter().find(|i| i.until_ms > at_ms && proves(i));
    let Some(mut invitation) = known else {
        return Ok(CodeCheck::Wrong);
    };
    let place = match (request.what, request.role) {
        (KeyUse::Device, _) => &mut invitation.device,
        (KeyUse::Person, Some(Role::Administrator)) => &mut invitation.person,
        _ => return Ok(CodeCheck::Wrong),
    };
    let kid = read.key.kid();
    if place.get_or_insert_with(|| kid.to_owned()) != kid {
        return Ok(CodeCheck::Wrong);
    }
    tx.put_invitation(&invitation)?;
    Ok(CodeCheck::Right)
}
