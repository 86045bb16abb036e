//! The first entry of a notification, and how its newest statement is judged.

use super::{Around, Decided, Told};
use crate::portal::record::{
    Assessment, Hold, Record, State, Step, Waits, assess, problem, problem_of, reduce,
};
use crate::seal::{EntryType, Status};
use crate::vital::{Event, Kind};
use crate::wire::Reason;

/// Makes a notification of its first entry, whatever it is held for afterwards. One whose first entry nobody
/// believes gives way to one that is believed; any other second one under the same identifier is a fork.
pub(in crate::portal) fn first_entry(around: &Around<'_>) -> Decided {
    let EntryType::Notice(kind) = around.entry.t else {
        return Decided::returned(Reason::BadField);
    };
    let own = |field| Told::because(Status::Returned, bad(field));
    if around.row.nid.as_str() != around.entry.id {
        return Decided::told(own("nid"));
    }
    if around.row.rev != 1 {
        return Decided::told(own("rev"));
    }
    let mut steps = match &around.record {
        None => vec![made(around, kind)],
        // It is decided once more: its key is known by now.
        Some(record) if record.first == around.row.h => Vec::new(),
        Some(record) if gives_way(record, around) => vec![
            Step::Displaced,
            Step::Belongs {
                fac: around.row.fac.clone(),
                at_ms: around.row.at_ms,
            },
        ],
        Some(_) => return Decided::held(Reason::Fork),
    };
    match &around.event {
        Some(Ok(event)) => steps.push(around.described(event)),
        Some(Err(_)) => steps.push(around.outlined()),
        None => {}
    }
    Decided::with(steps, Told::of(Status::Received))
}

fn bad(field: &str) -> crate::seal::Problem {
    problem_of(Reason::BadField.code(), Some(field), &Reason::BadField.msg())
}

fn made(around: &Around<'_>, kind: Kind) -> Step {
    Step::Made {
        kind,
        fac: around.row.fac.clone(),
        at_ms: around.row.at_ms,
    }
}

/// Whether a notification rests on a key that nobody believes, and this entry on one that is believed.
fn gives_way(record: &Record, around: &Around<'_>) -> bool {
    let doubted = matches!(&record.state, State::Held(why) if why.iter().any(|hold| !hold.is_answerable()));
    doubted && around.signer.doubt.is_none() && record.kind.code() == around.row.t
}

/// Judges the newest statement of a notification that is not registered, and says under what it waits.
///
/// `kept` are reasons that a person looks at it for already. Nothing is decided while an annulment is
/// pending.
pub(in crate::portal) fn judge(around: &Around<'_>) -> Decided {
    let Some(record) = &around.record else {
        return Decided::told(Told::of(Status::Received));
    };
    let settled = match &record.state {
        State::Registered(_) | State::AnnulmentPending { .. } | State::Voided { .. } => true,
        // Only a registrar who answered its correction says that it is none.
        State::Duplicate { .. } => !record.is_answered(&Hold::of(Reason::Correction), &around.row.h),
        _ => false,
    };
    if settled {
        return Decided::told(Told::of(Status::Received));
    }
    let mut kept: Vec<Hold> = match &record.state {
        State::Held(why) => why.clone(),
        State::Returned { kept } => kept.clone(),
        _ => Vec::new(),
    };
    kept.retain(|hold| !hold.is_asked_afresh());
    kept.extend(around.position.map(Hold::of));
    let event = match around.event.as_ref() {
        Some(Ok(event)) => event,
        // Unreadable: of a signature that nobody believes it says nothing yet.
        Some(Err(problem)) => {
            return match around.signer.doubt.clone() {
                Some(doubt) => hold(around, record, vec![doubt], None),
                None => send_back(problem.clone(), kept),
            };
        }
        None => return Decided::told(Told::of(Status::Received)),
    };
    let certified = around.certified && record.effective.h != around.row.h;
    let before = around.before.as_ref().filter(|_| certified);
    let case = around.case(record, event, before, &kept);
    match assess(&case) {
        Assessment::Fault(why) => send_back(why, kept),
        Assessment::NeedsHuman(holds) => hold(around, record, holds, Some(event)),
        Assessment::Waits(waits) => wait(around, event, waits),
        Assessment::Prepared(cleared, why) => Decided::with(
            vec![
                around.described(event),
                Step::Prepared {
                    cleared,
                    why: why.clone(),
                },
            ],
            Told::because(Status::Received, why),
        ),
        Assessment::Cleared(cleared) => Decided::with(
            vec![
                around.described(event),
                Step::Registered {
                    cleared,
                    number: String::new(),
                    at_ms: around.now.timestamp_millis(),
                },
            ],
            Told::of(Status::Registered),
        ),
    }
}

fn send_back(why: crate::seal::Problem, kept: Vec<Hold>) -> Decided {
    let told = Told::because(Status::Returned, why.clone());
    Decided::with(vec![Step::Returned { why, kept }], told)
}

fn hold(around: &Around<'_>, record: &Record, holds: Vec<Hold>, event: Option<&Event>) -> Decided {
    let mut steps: Vec<Step> = event.map(|event| around.described(event)).into_iter().collect();
    steps.push(Step::Held(holds.clone()));
    let mut decided = Decided::with(steps, Told::held(&holds));
    decided.waits_for = holds
        .iter()
        .filter_map(|hold| woken_by(hold, record, around))
        .collect();
    if holds.iter().any(|hold| hold.is(Reason::DeathAwaited)) {
        decided.waits_for.extend(event.into_iter().flat_map(on_its_death));
    }
    decided
}

/// Under what an entry waits that a person looks at only until something comes.
fn woken_by(hold: &Hold, record: &Record, around: &Around<'_>) -> Option<String> {
    let other = hold.of.as_ref();
    match () {
        () if hold.is(Reason::LinkMissing) || hold.is(Reason::LinkedHeld) => Some(on_notification(other?)),
        () if hold.is(Reason::DeathAwaited) => Some(on_death_of(&record.nid)),
        () if hold.is(Reason::TimeUnproven) => Some(on_journal(&around.row.jid)),
        () if hold.is(Reason::SetIncomplete) => record.about.set.as_ref().map(|(set, _)| on_set(set)),
        () => None,
    }
}

fn wait(around: &Around<'_>, event: &Event, waits: Waits) -> Decided {
    let told = match waits.problem() {
        None => Told::of(Status::Received),
        Some(why) => Told::because(Status::Received, why),
    };
    let on = match &waits {
        Waits::Set | Waits::Decision => event.set.as_ref().map(|set| on_set(&set.id)),
        Waits::Link(nid) => Some(on_notification(nid)),
        Waits::Death => Some(on_death_of(&around.row.nid)),
    };
    let is_death = waits == Waits::Death;
    let mut decided = Decided::with(vec![around.described(event), Step::Waits(waits)], told);
    decided.waits_for = on.into_iter().collect();
    if is_death {
        decided.waits_for.extend(on_its_death(event));
    }
    decided
}

/// Under what a birth waits for the death that it names to stand.
fn on_its_death(event: &Event) -> Vec<String> {
    let its = event
        .links
        .iter()
        .filter(|link| link.kind == "birth-of-this-death");
    its.map(|link| on_notification(&link.nid)).collect()
}

/// Under what an entry waits for a multiple birth to become whole.
pub(in crate::portal) fn on_set(set: &str) -> String {
    format!("set {set}")
}

/// Under what an entry waits for a notification that it names to come or to change.
pub(in crate::portal) fn on_notification(nid: &str) -> String {
    format!("link {nid}")
}

/// Under what a birth waits for the death that names it.
pub(in crate::portal) fn on_death_of(nid: &str) -> String {
    format!("death {nid}")
}

/// Under what an entry waits for a registrar to rule on when its journal was signed.
pub(in crate::portal) fn on_journal(jid: &str) -> String {
    format!("time {jid}")
}

/// Gives to a person what shares its place in a journal with another entry and is not registered.
pub(in crate::portal) fn forked(record: &Record) -> Option<Decided> {
    let mut why = match &record.state {
        State::Received(_) | State::Prepared(_) => Vec::new(),
        State::Held(why) => why.clone(),
        _ => return None,
    };
    let fork = Hold::of(Reason::Fork);
    if why.contains(&fork) || record.is_answered(&fork, &record.newest.h) {
        return None;
    }
    why.push(fork);
    let told = Told::held(&why);
    Some(Decided::with(vec![Step::Held(why)], told))
}

/// The record as it is after some steps of this entry's.
pub(super) fn after(around: &Around<'_>, steps: &[Step]) -> Option<Record> {
    reduce(around.record.clone(), &around.row.nid, &around.revision(), steps)
}

/// The reason why nothing follows from an entry of an annulled notification.
pub(super) fn annulled() -> crate::seal::Problem {
    problem(Reason::Annulled)
}
