//! Annulling: a ward asks, a second person there or the registry decides.

use super::notice::annulled;
use super::{Around, Decided, Told};
use crate::portal::record::{Annulment, Record, State, Step, problem, problem_of};
use crate::seal::{By, Status};
use crate::wire::Reason;

/// Decides an entry that annuls. From then on nothing is registered; it takes effect with a second person.
pub(in crate::portal) fn annulment(around: &Around<'_>) -> Decided {
    if !around.names_its_notification() {
        return Decided::returned(Reason::RevConflict);
    }
    let Some(record) = &around.record else {
        let told = Told::because(Status::AnnulmentPending, problem(Reason::ParentMissing));
        return Decided::waits(told, around.row.nid.to_string());
    };
    if record.fac != around.row.fac {
        return Decided::held(Reason::ForeignKey);
    }
    if let Some(doubt) = &around.signer.doubt {
        return Decided::told(Told::held(std::slice::from_ref(doubt)));
    }
    if let Some(position) = around.position {
        return Decided::held(position);
    }
    let may = around
        .signer
        .role
        .is_some_and(|role| around.settings.policy.may_sign(role, "void"));
    if !may {
        return Decided::returned(Reason::Role);
    }
    match record.state {
        State::AnnulmentPending { .. } | State::Voided { .. } => {
            return Decided::told(Told::because(Status::Returned, annulled()));
        }
        _ => {}
    }
    let asked = Annulment {
        h: around.row.h.clone(),
        kid: Some(around.row.kid.clone()),
        decided_by: None,
        reason: None,
    };
    Decided::with(
        vec![Step::AnnulmentAsked(asked)],
        Told::because(Status::AnnulmentPending, problem(Reason::Annulment)),
    )
}

/// Makes an annulment final; where a registrar asked for it, with his reason.
pub(in crate::portal) fn settle_annulment(by: By, reason: Option<&str>) -> Decided {
    let problem = reason.filter(|reason| !reason.is_empty()).map(|reason| {
        let why = Reason::AnnulledByRegistrar.msg().with("what", reason);
        problem_of(Reason::AnnulledByRegistrar.code(), None, &why)
    });
    let told = Told {
        by,
        problem,
        ..Told::of(Status::Voided)
    };
    Decided::with(vec![Step::Annulled], told)
}

/// Declines an annulment: the notification stands as it stood, and is judged anew where it was not
/// registered.
pub(in crate::portal) fn decline(told: Told) -> Decided {
    Decided::with(vec![Step::AnnulmentDeclined], told)
}

/// Whether a family has the certificate of what an annulment is about: then only the registry decides.
pub(super) fn has_certificate(record: &Record) -> bool {
    record
        .state
        .registration()
        .is_some_and(|r| r.certificate.is_some())
}
