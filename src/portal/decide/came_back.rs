//! What comes back with a receipt of the registry's own that its book has lost.
//!
//! The entry is not decided again where the receipt gave a number, so that no second one is ever given; the
//! number stands as long as the entry verifies under a key that is believed. Anything that was open is
//! judged as it is now.

use super::{Around, Decided, Told};
use crate::lang::Msg;
use crate::portal::record::{
    ActPlace, Annulment, Certificate, Cleared, Decision, Hold, Original, Record, State, Step, open, problem,
    problem_of, uphold,
};
use crate::seal::{EntryType, Status};
use crate::wire::Reason;

/// What a receipt that was lost made of a notification. None where the entry has to be judged as if it came
/// for the first time.
pub(in crate::portal) fn came_back(around: &Around<'_>, lost: &Decision, at_ms: i64) -> Option<Decided> {
    let told = Told::of(lost.status);
    let steps = match (&around.entry.t, &around.record) {
        (EntryType::Notice(kind), None) => {
            let mut steps = vec![Step::Made {
                kind: *kind,
                fac: around.row.fac.clone(),
                at_ms: around.row.at_ms,
            }];
            steps.extend(described(around));
            steps.extend(state_of(around, lost, at_ms)?);
            steps
        }
        (EntryType::Notice(_), Some(record)) => caught_up(around, record, lost, at_ms)?,
        (EntryType::Amend, Some(record)) => revision(around, record, lost, at_ms)?,
        (EntryType::Void, Some(record)) => annulment(around, record, lost),
        (EntryType::Amend | EntryType::Void, None) => {
            return Some(Decided::waits(told, on_lost(&around.row.nid)));
        }
        _ => Vec::new(),
    };
    let mut decided = Decided::with(with_notices(around, steps, lost), told);
    if let Some(of) = lost.dup_of.as_ref().filter(|_| lost.status == Status::Duplicate) {
        decided.waits_for = vec![super::on_annulment_of(of)];
    }
    Some(decided)
}

/// The same, and what a person looks at of what stands again: something that may be the same event and came while
/// the book lacked this one, and what the registry alone had kept of it.
fn with_notices(around: &Around<'_>, mut steps: Vec<Step>, lost: &Decision) -> Vec<Step> {
    let stands = |step: &Step| matches!(step, Step::Registered { .. } | Step::Applied { .. });
    let ended = |step: &Step| matches!(step, Step::Annulled);
    let unnumbered = |step: &Step| matches!(step, Step::Certified(of) if of.number.is_empty());
    let mut notices = Vec::new();
    if steps.iter().any(stands) && !steps.iter().any(ended) {
        notices.extend(around.surroundings.likeness());
        notices.extend(supplement_lost(around, lost).then(|| Hold::of(Reason::SupplementLost)));
    }
    if steps.iter().any(unnumbered) {
        notices.push(Hold::of(Reason::CertificateLost));
    }
    if let Some(record) = &around.record {
        notices.retain(|hold| !record.is_answered(hold, &around.row.h) && !record.notices.contains(hold));
    }
    steps.extend((!notices.is_empty()).then_some(Step::Noticed(notices)));
    steps
}

/// That a notification had this number before it was given the one that it has; a person tells the family.
pub(in crate::portal) fn second_number(record: &Record, had: &str) -> Option<Hold> {
    let has = &record.registered()?.number;
    let words = Msg::new("reason-number-second").with("number", had);
    let notice = Hold {
        problem: problem_of(Reason::NumberClash.code(), None, &words),
        of: None,
    };
    let is_new = !record.is_answered(&notice, &record.effective.h) && !record.notices.contains(&notice);
    (had != has && is_new).then_some(notice)
}

/// Whether the family had added something that the statement lacks and the copy never had.
fn supplement_lost(around: &Around<'_>, lost: &Decision) -> bool {
    match (&around.event, &around.record) {
        (Some(Ok(event)), None) => open(event).iter().any(|what| !lost.open.contains(what)),
        _ => false,
    }
}

/// Under what waits what came back before its notification did.
pub(in crate::portal) fn on_lost(nid: &str) -> String {
    format!("lost {nid}")
}

/// What a lost receipt adds to a notification that the copy has.
fn caught_up(around: &Around<'_>, record: &Record, lost: &Decision, at_ms: i64) -> Option<Vec<Step>> {
    // A later revision says more.
    if record.effective.h != around.row.h {
        return Some(Vec::new());
    }
    Some(match (&record.state, lost.status) {
        (State::Registered(_), Status::Registered | Status::CertificateIssued) => {
            certified(record, lost).into_iter().collect()
        }
        (State::Registered(_), Status::AnnulmentPending) => vec![asked(around, None)],
        (State::Registered(_), Status::Voided) => vec![asked(around, None), Step::Annulled],
        (State::AnnulmentPending { .. }, Status::Voided) => vec![Step::Annulled],
        (State::Registered(_) | State::AnnulmentPending { .. } | State::Voided { .. }, _) => Vec::new(),
        _ if record.newest.h != around.row.h => Vec::new(),
        _ => {
            let mut steps: Vec<Step> = described(around).into_iter().collect();
            steps.extend(state_of(around, lost, at_ms)?);
            steps
        }
    })
}

/// That the family has a certificate of which the book knows nothing; its number was the registry's alone.
fn certified(record: &Record, lost: &Decision) -> Option<Step> {
    let known = record.registered().is_none_or(|r| r.certificate.is_some());
    let on = lost.cert.clone().filter(|_| !known)?;
    Some(Step::Certified(Certificate {
        number: String::new(),
        on,
    }))
}

fn described(around: &Around<'_>) -> Option<Step> {
    match &around.event {
        Some(Ok(event)) => Some(around.described(event)),
        _ => None,
    }
}

fn registered(cleared: Cleared, lost: &Decision, at_ms: i64) -> Vec<Step> {
    let Some(number) = lost.reg_no.clone() else {
        return Vec::new();
    };
    let mut steps = vec![Step::Registered {
        cleared,
        number,
        at_ms,
    }];
    // The certificate's number was the registry's alone; its date came back.
    steps.extend(lost.cert.clone().map(|on| {
        Step::Certified(Certificate {
            number: String::new(),
            on,
        })
    }));
    steps
}

/// What a receipt's duplicate repeats: a notification, or an act that was registered before.
fn original(lost: &Decision) -> Option<Original> {
    let act = || {
        Some(Original::Act(ActPlace {
            office: lost.office.clone()?,
            year: None,
            number: lost.reg_no.clone()?,
        }))
    };
    lost.dup_of.clone().map(Original::Notification).or_else(act)
}

/// The state that a receipt names; none where it was open.
fn state_of(around: &Around<'_>, lost: &Decision, at_ms: i64) -> Option<Vec<Step>> {
    let cleared = uphold(&around.signer, &around.row.h);
    let held = |problem| {
        Step::Held(vec![Hold {
            problem,
            of: lost.dup_of.clone(),
        }])
    };
    Some(match lost.status {
        Status::Received => return None,
        Status::Held => vec![held(
            lost.problem
                .clone()
                .unwrap_or_else(|| problem(Reason::Correction)),
        )],
        Status::Returned => vec![Step::Returned {
            why: lost.problem.clone().unwrap_or_else(|| problem(Reason::Registrar)),
            kept: Vec::new(),
        }],
        Status::Duplicate => vec![Step::Duplicate { of: original(lost)? }],
        Status::Registered | Status::CertificateIssued => registered(cleared?, lost, at_ms),
        Status::AnnulmentPending | Status::Voided => {
            let mut steps = match lost.reg_no {
                Some(_) => registered(cleared?, lost, at_ms),
                None => Vec::new(),
            };
            steps.push(asked(around, None));
            if lost.status == Status::Voided {
                steps.push(Step::Annulled);
            }
            steps
        }
    })
}

fn revision(around: &Around<'_>, record: &Record, lost: &Decision, at_ms: i64) -> Option<Vec<Step>> {
    if around.row.rev < record.newest.rev {
        return Some(Vec::new());
    }
    let registered_now = matches!(record.state, State::Registered(_));
    // What was annulled, or may be, states this and stays so.
    if matches!(
        record.state,
        State::Voided { .. } | State::AnnulmentPending { .. }
    ) {
        return Some(match lost.status {
            Status::Registered | Status::CertificateIssued => {
                std::iter::once(Step::Revised).chain(described(around)).collect()
            }
            _ => Vec::new(),
        });
    }
    Some(match (lost.status, registered_now) {
        (Status::Registered | Status::CertificateIssued, true) => {
            let cleared = uphold(&around.signer, &around.row.h)?;
            let mut steps = vec![Step::Revised];
            steps.extend(described(around));
            steps.push(Step::Applied { cleared });
            steps.extend(certified(record, lost));
            steps
        }
        (Status::Held, true) => vec![
            Step::Revised,
            Step::HeldBeside(vec![Hold {
                problem: lost
                    .problem
                    .clone()
                    .unwrap_or_else(|| problem(Reason::Correction)),
                of: lost.dup_of.clone(),
            }]),
        ],
        (Status::Returned, _) => Vec::new(),
        (_, true) => Vec::new(),
        (_, false) => {
            let mut steps = vec![Step::Revised];
            steps.extend(described(around));
            steps.extend(state_of(around, lost, at_ms)?);
            steps
        }
    })
}

fn annulment(around: &Around<'_>, record: &Record, lost: &Decision) -> Vec<Step> {
    let ended = matches!(record.state, State::Voided { .. });
    let pending = matches!(record.state, State::AnnulmentPending { .. });
    match lost.status {
        Status::AnnulmentPending if !ended && !pending => vec![asked(around, Some(&around.row.kid))],
        Status::Voided if pending => vec![Step::Annulled],
        Status::Voided if !ended => vec![asked(around, Some(&around.row.kid)), Step::Annulled],
        _ => Vec::new(),
    }
}

fn asked(around: &Around<'_>, kid: Option<&String>) -> Step {
    Step::AnnulmentAsked(Annulment {
        h: around.row.h.clone(),
        kid: kid.cloned(),
        decided_by: None,
        reason: None,
    })
}
