//! A second person over an entry.

use super::annulment::has_certificate;
use super::{Decided, Told};
use crate::portal::PortalSettings;
use crate::portal::record::{EntryRow, Record, Signer, State, problem};
use crate::seal::Status;
use crate::wire::Reason;

/// What an attestation comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Attested {
    /// Nothing of a notification changes; this is told of the attestation.
    Told(Decided),
    /// The annulment that it is over takes effect as well.
    Annuls,
}

/// Decides an attestation over `other`; `record` is the notification that `other` is about, and
/// `same_person` whether one person signed both.
pub(in crate::portal) fn attestation(
    settings: &PortalSettings,
    row: &EntryRow,
    signer: &Signer,
    other: Option<&EntryRow>,
    record: Option<&Record>,
    same_person: bool,
) -> Attested {
    let target = |h: &str| {
        let told = Told::because(Status::Received, problem(Reason::ParentMissing));
        Attested::Told(Decided::waits(told, h.to_owned()))
    };
    let Some(other) = other else {
        return Attested::Told(Decided::told(Told::because(
            Status::Received,
            problem(Reason::ParentMissing),
        )));
    };
    if let Some(doubt) = &signer.doubt {
        return Attested::Told(Decided::told(Told::held(std::slice::from_ref(doubt))));
    }
    if !signer
        .role
        .is_some_and(|role| settings.policy.may_sign(role, "attest"))
    {
        return Attested::Told(Decided::returned(Reason::Role));
    }
    let received = Attested::Told(Decided::told(Told::of(Status::Received)));
    if other.t != "void" {
        return received;
    }
    let pending = record.filter(
        |record| matches!(&record.state, State::AnnulmentPending { annulment, .. } if annulment.h == other.h),
    );
    let Some(record) = pending else {
        if record.is_some_and(|record| matches!(record.state, State::Voided { .. })) {
            return received;
        }
        // What was declined or refused is not to be confirmed.
        return match other.decision.as_ref().filter(|d| d.status == Status::Returned) {
            Some(refused) => Attested::Told(Decided::told(Told {
                problem: refused.problem.clone(),
                ..Told::of(Status::Returned)
            })),
            None => target(&other.h),
        };
    };
    if same_person {
        return Attested::Told(Decided::returned(Reason::SecondPerson));
    }
    if record.fac != row.fac {
        return Attested::Told(Decided::held(Reason::ForeignKey));
    }
    // The family holds a certificate: the ward has asked, and the registry decides.
    if has_certificate(record) {
        return received;
    }
    Attested::Annuls
}
