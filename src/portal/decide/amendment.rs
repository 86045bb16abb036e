//! A later revision of a notification.

use super::notice::{after, annulled, judge};
use super::{Around, Decided, Told};
use crate::portal::record::{Assessment, Case, Hold, Record, State, Step, assess, problem};
use crate::seal::Status;
use crate::vital::Nid;
use crate::wire::Reason;

/// Decides a revision whose notification is there. Only what takes effect, or may still, occupies a
/// revision: what is refused leaves the place to the next one.
pub(in crate::portal) fn amendment(around: &Around<'_>) -> Decided {
    if !around.names_its_notification() {
        return Decided::returned(Reason::RevConflict);
    }
    let Some(record) = &around.record else {
        let told = Told::because(Status::Received, problem(Reason::ParentMissing));
        return Decided::waits(told, around.row.nid.to_string());
    };
    // Two facilities never amend one another's notifications.
    if record.fac != around.row.fac {
        return Decided::held(Reason::ForeignKey);
    }
    if !around.follows {
        return conflict(around, record);
    }
    match &record.state {
        State::Voided { .. } => return Decided::told(Told::because(Status::Returned, annulled())),
        State::AnnulmentPending { .. } => {
            return Decided::waits(
                Told::because(Status::Held, annulled()),
                around.row.nid.to_string(),
            );
        }
        _ => {}
    }
    if let Some(doubt) = &around.signer.doubt {
        return Decided::told(Told::held(std::slice::from_ref(doubt)));
    }
    if let Some(position) = around.position {
        return Decided::held(position);
    }
    match &record.state {
        State::Registered(_) => beside_registered(around, record),
        State::Duplicate { .. } => correction(around, record),
        _ => unregistered(around),
    }
}

/// The revision that it names is on its way, or another one came first.
fn conflict(around: &Around<'_>, record: &Record) -> Decided {
    let names = around.entry.reference.as_ref().map_or(0, |r| r.rev);
    if record.newest.rev < names {
        let told = Told::because(Status::Received, problem(Reason::ParentMissing));
        return Decided::waits(told, around.row.nid.to_string());
    }
    Decided::returned(Reason::RevConflict)
}

/// What is not registered is judged with the new statement; what a person looks at, he goes on to look at.
fn unregistered(around: &Around<'_>) -> Decided {
    let revised = vec![Step::Revised];
    let next = Around {
        record: after(around, &revised),
        row: around.row,
        entry: around.entry,
        signer: around.signer.clone(),
        event: around.event.clone(),
        before: around.before.clone(),
        surroundings: around.surroundings.clone(),
        ..*around
    };
    let mut decided = judge(&next);
    let held = matches!(
        &around.record,
        Some(Record {
            state: State::Held(_),
            ..
        })
    );
    match decided.told.status {
        // What a person looks at stays on the desk as it was.
        Status::Returned if held => decided.steps.clear(),
        Status::Returned => {}
        _ => decided.steps.insert(0, Step::Revised),
    }
    // What is held stays held: a correction updates what the registrar sees.
    let lets_go = !matches!(decided.told.status, Status::Held | Status::Returned);
    if held && lets_go {
        let why = around
            .record
            .as_ref()
            .map(|r| r.holds().to_vec())
            .unwrap_or_default();
        let believed: Vec<Hold> = why.into_iter().filter(|hold| !hold.doubts_key()).collect();
        let why = match believed.is_empty() {
            true => vec![Hold::of(Reason::Correction)],
            false => believed,
        };
        decided.steps.pop();
        decided.told = Told::held(&why);
        decided.steps.push(Step::Held(why));
    }
    decided
}

/// A correction of what is registered takes effect by itself where it only fills in and nothing speaks
/// against it; anything else waits beside the record.
pub(super) fn beside_registered(around: &Around<'_>, record: &Record) -> Decided {
    let event = match around.event.as_ref() {
        Some(Ok(event)) => event,
        Some(Err(why)) => return Decided::told(Told::because(Status::Returned, why.clone())),
        None => return Decided::returned(Reason::BadField),
    };
    let kept: Vec<Hold> = record
        .beside
        .iter()
        .filter(|hold| !hold.is_asked_afresh() && !hold.is(Reason::Correction))
        .cloned()
        .collect();
    let case = Case {
        registered: true,
        ..around.case(record, event, around.before.as_ref(), &kept)
    };
    match assess(&case) {
        Assessment::Fault(why) => Decided::told(Told::because(Status::Returned, why)),
        Assessment::NeedsHuman(holds) => beside(holds),
        Assessment::Waits(waits) => beside(vec![waits.overdue()]),
        Assessment::Cleared(cleared) | Assessment::Prepared(cleared, _) => Decided::with(
            vec![around.described(event), Step::Applied { cleared }],
            Told::of(Status::Registered),
        ),
    }
}

fn beside(holds: Vec<Hold>) -> Decided {
    let told = Told::held(&holds);
    Decided::with(vec![Step::Revised, Step::HeldBeside(holds)], told)
}

/// A correction of a duplicate is for a person: it may tell that it is none.
fn correction(around: &Around<'_>, record: &Record) -> Decided {
    match around.event.as_ref() {
        Some(Err(why)) => Decided::told(Told::because(Status::Returned, why.clone())),
        _ => {
            let mut holds = vec![Hold::of(Reason::Correction)];
            let mut others: Vec<Nid> = record.other().into_iter().collect();
            others.extend(around.surroundings.alike.iter().cloned());
            others.dedup();
            holds.extend(others.into_iter().map(|of| Hold::beside(Reason::LookAlike, of)));
            beside(holds)
        }
    }
}
