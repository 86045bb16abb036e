//! What a registrar decides about an entry that waits on the desk.

use super::amendment::beside_registered;
use super::annulment::{decline, has_certificate, settle_annulment};
use super::notice::{after, judge};
use super::{Around, Decided, Told};
use crate::env::Role;
use crate::portal::record::{
    ActPlace, Annulment, Answer, Hold, Original, Record, State, Step, problem, problem_of,
};
use crate::seal::{By, EntryType, Problem, Status};
use crate::vital::{Kind, Nid};
use crate::wire::Reason;

/// A registrar's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Ruling {
    /// Answer what it is held for, or make the annulment final.
    Accept,
    /// Send it back, with words, at a field.
    Return { field: Option<String>, text: String },
    /// It repeats another notification.
    Duplicate { of: Nid },
    /// The event stands in a book of records already.
    AlreadyRegistered { act: ActPlace },
}

impl Ruling {
    /// Its word in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Ruling::Accept => "accept",
            Ruling::Return { .. } => "return",
            Ruling::Duplicate { .. } => "duplicate",
            Ruling::AlreadyRegistered { .. } => "already-registered",
        }
    }
}

/// Why a ruling was not taken; sentences of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Unfit {
    /// Somebody was faster, or the ruling does not fit.
    TooLate,
    /// Nobody can answer for a signature.
    Signature,
    /// A second registrar has to confirm it.
    SecondRegistrar,
    /// The registry told it itself: there is nobody to whom it could go back.
    Own,
}

impl Unfit {
    /// Its sentence in the catalogue.
    pub fn id(self) -> &'static str {
        match self {
            Unfit::TooLate => "desk-too-late",
            Unfit::Signature => "desk-signature",
            Unfit::SecondRegistrar => "desk-second-registrar",
            Unfit::Own => "desk-own-return",
        }
    }
}

/// What a ruling comes to.
pub(in crate::portal) type Ruled = Result<Decided, Unfit>;

/// Applies a registrar's decision to an entry about a notification; `original` is the notification that it
/// is said to repeat. Its answers count for the reasons that were shown, one by one: what has come up since
/// is shown next.
pub(in crate::portal) fn rule(
    around: &Around<'_>,
    ruling: &Ruling,
    login: &str,
    original: Option<&Record>,
) -> Ruled {
    if let Some(record) = &around.record
        && let State::AnnulmentPending { annulment, .. } = &record.state
        && annulment.h == around.row.h
    {
        return rule_on_annulment(around, record, annulment, ruling, login);
    }
    match ruling {
        Ruling::Return { .. } if is_own_first(around) => Err(Unfit::Own),
        Ruling::Return { field, text } => Ok(send_back(around, field.as_deref(), text)),
        Ruling::Accept => accept(around),
        Ruling::Duplicate { .. } => duplicate(around, original),
        Ruling::AlreadyRegistered { .. } if original.is_some() => duplicate(around, original),
        Ruling::AlreadyRegistered { act } => repeats(around, act),
    }
}

/// Whether the registry itself states what is not registered; a correction of what stands can be dropped.
fn is_own_first(around: &Around<'_>) -> bool {
    let stands = |record: &Record| matches!(record.state, State::Registered(_) | State::Duplicate { .. });
    around.signer.role == Some(Role::Registrar) && around.record.as_ref().is_some_and(|r| !stands(r))
}

fn rule_on_annulment(
    around: &Around<'_>,
    record: &Record,
    annulment: &Annulment,
    ruling: &Ruling,
    login: &str,
) -> Ruled {
    match ruling {
        Ruling::Accept if has_certificate(record) => match &annulment.decided_by {
            None => Ok(Decided::with(
                vec![Step::AnnulmentDecided {
                    login: login.to_owned(),
                    reason: String::new(),
                }],
                Told::because(Status::AnnulmentPending, problem(Reason::SecondRegistrar)).by_registrar(),
            )),
            Some(first) if first == login => Err(Unfit::SecondRegistrar),
            Some(_) => Ok(settle_annulment(By::Registrar, annulment.reason.as_deref())),
        },
        Ruling::Accept => Ok(settle_annulment(By::Registrar, None)),
        Ruling::Return { field, text } => {
            let told = match annulment.kid {
                Some(_) => returned(field.as_deref(), text),
                // A registrar asked: the notification is told to stand as it stood.
                None => stands_again(around, record),
            };
            Ok(decline(told))
        }
        Ruling::Duplicate { .. } | Ruling::AlreadyRegistered { .. } => Err(Unfit::TooLate),
    }
}

fn stands_again(around: &Around<'_>, record: &Record) -> Told {
    let stood = after(around, &[Step::AnnulmentDeclined]);
    let status = stood.as_ref().unwrap_or(record).status();
    match status {
        Status::CertificateIssued => Told::of(Status::Registered),
        status => Told::of(status),
    }
    .by_registrar()
}

fn accept(around: &Around<'_>) -> Ruled {
    let Some(record) = around.record.as_ref().filter(|_| can_be_accepted(around)) else {
        return Err(Unfit::TooLate);
    };
    let beside = matches!(record.state, State::Registered(_));
    let held: Vec<Hold> = match &record.state {
        State::Prepared(_) => vec![Hold::of(Reason::Prepared)],
        State::Registered(_) | State::Held(_) | State::Duplicate { .. }
            if record.newest.h == around.row.h =>
        {
            record.holds().to_vec()
        }
        _ => Vec::new(),
    };
    let doubt = around.signer.doubt.as_ref();
    if held.iter().chain(doubt).any(|hold| !hold.is_answerable()) {
        return Err(Unfit::Signature);
    }
    let answer = |hold: &Hold| Answer {
        code: hold.problem.code.clone(),
        of: hold.of.clone(),
        entry: around.row.h.clone(),
    };
    let mut answers: Vec<Answer> = held.iter().chain(doubt).map(answer).collect();
    // Whoever registers a held one decides for the country's policy and for the family as well.
    answers.extend([Reason::Policy, Reason::Prepared].map(|reason| answer(&Hold::of(reason))));
    let answered = Step::Answered(answers);
    let next = Around {
        record: after(around, std::slice::from_ref(&answered)),
        row: around.row,
        entry: around.entry,
        signer: crate::portal::record::Signer {
            doubt: None,
            ..around.signer.clone()
        },
        event: around.event.clone(),
        before: around.before.clone(),
        surroundings: around.surroundings.clone(),
        position: None,
        ..*around
    };
    let Some(record) = &next.record else {
        return Err(Unfit::TooLate);
    };
    let mut decided = match beside {
        true => beside_registered(&next, record),
        false => judge(&next),
    };
    if record.newest.h != around.row.h && !decided.steps.is_empty() {
        decided.steps.insert(0, Step::Revised);
    }
    decided.steps.insert(0, answered);
    decided.told.by = By::Registrar;
    Ok(decided)
}

/// Whether an entry is its notification's newest revision, or a correction that would be the next.
fn can_be_accepted(around: &Around<'_>) -> bool {
    let Some(record) = &around.record else {
        return false;
    };
    let next = around.entry.t == EntryType::Amend && around.follows && record.fac == around.row.fac;
    let ended = matches!(
        record.state,
        State::Voided { .. } | State::AnnulmentPending { .. } | State::Returned { .. }
    );
    !ended && (record.newest.h == around.row.h || next)
}

fn send_back(around: &Around<'_>, field: Option<&str>, text: &str) -> Decided {
    let told = returned(field, text);
    let newest = around
        .record
        .as_ref()
        .filter(|record| record.newest.h == around.row.h);
    let steps = match newest {
        Some(record) => match &record.state {
            State::Registered(_) | State::Duplicate { .. } if !record.beside.is_empty() => {
                vec![Step::Dropped]
            }
            State::Received(_) | State::Held(_) | State::Returned { .. } | State::Prepared(_) => {
                vec![Step::Returned {
                    why: told.problem.clone().unwrap_or_else(|| problem(Reason::Registrar)),
                    // A person's reason to look at it stays, and the corrected one comes back to the desk.
                    kept: record
                        .holds()
                        .iter()
                        .filter(|hold| !hold.is_asked_afresh())
                        .cloned()
                        .collect(),
                }]
            }
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    Decided::with(steps, told)
}

/// Told that a registrar sent it back, with words.
pub(in crate::portal) fn returned(field: Option<&str>, text: &str) -> Told {
    let msg = Reason::Registrar.msg().with("what", text);
    let problem: Problem = problem_of(Reason::Registrar.code(), field, &msg);
    Told::because(Status::Returned, problem).by_registrar()
}

fn duplicate(around: &Around<'_>, original: Option<&Record>) -> Ruled {
    let (Some(record), Some(original)) = (&around.record, original) else {
        return Err(Unfit::TooLate);
    };
    // A duplicate of what no longer stands would leave the event in no register.
    let gone = matches!(
        original.state,
        State::Returned { .. }
            | State::Duplicate { .. }
            | State::AnnulmentPending { .. }
            | State::Voided { .. }
    );
    if original.nid == record.nid || gone || !is_open(around, record) {
        return Err(Unfit::TooLate);
    }
    Ok(ends_as(original))
}

/// That a notification ends as the duplicate of another one.
fn ends_as(original: &Record) -> Decided {
    let mut told = Told::of(Status::Duplicate).by_registrar();
    told.other = Some(original.nid.clone());
    let number = original.state.registration().map(|r| r.number.clone());
    told.original = Some((number, original.office.clone()));
    let mut decided = Decided::with(
        vec![Step::Duplicate {
            of: Original::Notification(original.nid.clone()),
        }],
        told,
    );
    decided.waits_for = vec![on_annulment_of(&original.nid)];
    decided
}

/// Whether an entry is the newest of a notification that is not settled yet.
fn is_open(around: &Around<'_>, record: &Record) -> bool {
    let open = matches!(
        record.state,
        State::Held(_) | State::Received(_) | State::Prepared(_)
    );
    open && record.newest.h == around.row.h
}

/// Ends a notification as a duplicate of an act of which the registry knows the place alone.
fn repeats(around: &Around<'_>, act: &ActPlace) -> Ruled {
    let Some(record) = around.record.as_ref().filter(|record| is_open(around, record)) else {
        return Err(Unfit::TooLate);
    };
    let mut told = Told::of(Status::Duplicate).by_registrar();
    told.original = Some((Some(act.number.clone()), act.office.clone()));
    let of = Original::Act(act.clone());
    let mut decided = Decided::with(vec![Step::Duplicate { of }], told);
    decided.waits_for = vec![on_act(record.kind, act)];
    Ok(decided)
}

/// Names the record of an act to a duplicate that knew the act's place alone. None where it is none.
pub(in crate::portal) fn act_known(duplicate: &Record, act: &ActPlace, original: &Record) -> Option<Decided> {
    let of = Original::Act(act.clone());
    (duplicate.state == State::Duplicate { of }).then(|| ends_as(original))
}

/// Under what a duplicate of an act waits for the act's record.
pub(in crate::portal) fn on_act(kind: Kind, act: &ActPlace) -> String {
    let year = act.year.unwrap_or_default();
    format!("act {} {} {year} {}", kind.code(), act.office, act.number)
}

/// Under what a duplicate waits for the end of its original.
pub(in crate::portal) fn on_annulment_of(nid: &str) -> String {
    format!("annulment {nid}")
}
