//! Whether what a notification states may stand in the register: the one way to a number. Pure.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::event::{Faults, category, is_without_identity, late, only_fills_in};
use super::hold::Hold;
use super::policy::{PolicyOutcome, outcome};
use super::reason::problem;
use super::state::{Record, State, Waits};
use crate::env::Role;
use crate::matching::MatchingRecord;
use crate::portal::PortalSettings;
use crate::rules::Sibling;
use crate::seal::{Entry, Problem};
use crate::vital::{EntryHash, Event, Kind, Link, Nid};
use crate::wire::Reason;

/// That a statement may stand in the register. Only [`assess`], [`uphold`] and [`take_over`] make one, and nothing is
/// registered, nor a registered statement changed, without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// The entry that states it.
    h: EntryHash,
    /// By what it may stand.
    ground: Ground,
}

/// By what a statement may stand in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ground {
    /// Nothing speaks against it, or a registrar answered what did.
    Assessed,
    /// The registry said so before, in a receipt that its book has lost.
    Upheld,
    /// It stood in a book of records before there was this registry, which says so itself.
    Imported,
}

impl Cleared {
    /// The entry that states it.
    pub fn entry(&self) -> &EntryHash {
        &self.h
    }

    /// Whether the ground is a receipt of the registry's own.
    pub fn is_upheld(&self) -> bool {
        self.ground == Ground::Upheld
    }
}

/// What is known of whoever signed, at the time of receipt.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Role by the trust list; none of a device and of a key that nobody knows.
    pub role: Option<Role>,
    /// Why the signature is not believed.
    pub doubt: Option<Hold>,
}

/// How far the time of signing is borne out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningTime {
    /// By what the journal had delivered before.
    Proven,
    /// By a registrar who ruled on the journal and the span.
    Ruled,
    /// By its own word alone.
    Unproven,
}

/// A notification that is named by a link, as it stands.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The link.
    pub link: Link,
    /// What stands at the other end; none where the registry has no such notification.
    pub other: Option<(Kind, State)>,
}

impl Linked {
    /// Whether a death names its birth by it.
    pub fn is_birth_of_death(&self) -> bool {
        self.link.kind == "death-of-this-birth"
    }
}

/// What surrounds a statement in the register.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Notifications that may be the same event, the likeliest first.
    pub alike: Vec<Nid>,
    /// Another birth of the same mother, too short a time away.
    pub too_soon: Option<Nid>,
    /// What it names.
    pub links: Vec<Linked>,
    /// Whether a death that stands names this birth.
    pub death_named: bool,
    /// Other members of its multiple birth, as rules see them.
    pub siblings: Vec<Sibling>,
    /// How many members of it have arrived, this one among them.
    pub members: u32,
    /// How far the time of signing is borne out; none where nothing hangs on it.
    pub signed: Option<SigningTime>,
    /// Whether its office gives no number by itself, because the book was set back and recovers.
    pub recovering: bool,
}

impl Surroundings {
    /// What may be the same event, or another birth of the same mother too soon, as reasons to look.
    pub fn likeness(&self) -> impl Iterator<Item = Hold> {
        let alike = self.alike.iter().cloned();
        let too_soon = self.too_soon.iter().cloned();
        alike
            .map(|nid| Hold::beside(Reason::LookAlike, nid))
            .chain(too_soon.map(|nid| Hold::beside(Reason::BirthInterval, nid)))
    }
}

/// A statement and what it is judged by.
pub struct Case<'a> {
    pub settings: &'a PortalSettings,
    /// The portal's time.
    pub now: DateTime<FixedOffset>,
    pub record: &'a Record,
    pub h: &'a EntryHash,
    pub entry: &'a Entry,
    pub event: &'a Event,
    pub signer: &'a Signer,
    pub around: &'a Surroundings,
    /// The statement in force before this one, where there is one.
    pub before: Option<&'a Event>,
    /// Whether that one is registered.
    pub registered: bool,
    /// Reasons that a person looks at it for already.
    pub kept: &'a [Hold],
}

/// What a statement comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assessment {
    /// It may stand in the register.
    Cleared(Cleared),
    /// It may, once the family has applied.
    Prepared(Cleared, Problem),
    /// A person has to look; the gravest reason first, never none.
    NeedsHuman(Vec<Hold>),
    /// Something is still to come.
    Waits(Waits),
    /// The ward has to correct it.
    Fault(Problem),
}

/// Judges a statement: signer and role, form, the rules of every door, what surrounds it, identity,
/// likeness, categories that need a person. A registrar's answers count for reasons, never for a signature
/// or an error.
pub fn assess(case: &Case<'_>) -> Assessment {
    let unanswered = |hold: &Hold| !(hold.is_answerable() && case.record.is_answered(hold, case.h));
    // What a person had to look at already, he has to look at whatever else is waited for.
    let kept: Vec<Hold> = case
        .kept
        .iter()
        .filter(|hold| unanswered(hold))
        .cloned()
        .collect();
    if let Some(doubt) = case.signer.doubt.clone().filter(&unanswered) {
        let holds = std::iter::once(doubt).chain(kept);
        return Assessment::NeedsHuman(once_each(holds));
    }
    if !is_entitled(case) {
        return Assessment::Fault(problem(Reason::Role));
    }
    let limit = |waits: Waits| {
        let overdue =
            unanswered(&waits.overdue()) && !waits.is_overdue(case.settings, case.record.first_ms, case.now);
        overdue.then(|| match kept.is_empty() {
            true => Assessment::Waits(waits),
            false => Assessment::NeedsHuman(once_each(kept.iter().cloned())),
        })
    };
    let set = case.event.set.as_ref().filter(|_| !case.registered);
    let incomplete = set.is_some_and(|set| case.around.members < set.n);
    if incomplete && let Some(waits) = limit(Waits::Set) {
        return waits;
    }
    let faults = Faults {
        settings: case.settings,
        now: case.now,
        siblings: &case.around.siblings,
    };
    if let Some(fault) = faults.first(case.event, case.entry) {
        return Assessment::Fault(fault);
    }
    let missing = missing(case);
    if let Some(waits) = missing.iter().find_map(|waits| limit(waits.clone())) {
        return waits;
    }
    let mut holds: Vec<Hold> = case.kept.to_vec();
    holds.extend(incomplete.then(|| Waits::Set.overdue()));
    holds.extend(missing.iter().map(Waits::overdue));
    holds.extend(reasons(case, &faults));
    let all = once_each(holds.into_iter().filter(unanswered));
    let cleared = Cleared {
        h: case.h.clone(),
        ground: Ground::Assessed,
    };
    let policy = Hold::of(Reason::Policy);
    match recovery(case, outcome(case.settings, case.event.kind, all)) {
        PolicyOutcome::Hold(holds) => match holds.as_slice() {
            // A record that is there already, and one that a registrar let pass, needs no policy.
            [only] if only.is(Reason::Policy) && (case.registered || !unanswered(&policy)) => {
                Assessment::Cleared(cleared)
            }
            _ => Assessment::NeedsHuman(holds),
        },
        PolicyOutcome::Prepare(why) => {
            let applied = case.record.is_answered(&Hold::of(Reason::Prepared), case.h);
            match applied || case.registered {
                true => Assessment::Cleared(cleared),
                false => Assessment::Prepared(cleared, why),
            }
        }
        PolicyOutcome::Register => Assessment::Cleared(cleared),
    }
}

/// While the book recovers, what would get a number by itself waits for the family or for the end of that.
fn recovery(case: &Case<'_>, outcome: PolicyOutcome) -> PolicyOutcome {
    match outcome {
        PolicyOutcome::Register if case.around.recovering => PolicyOutcome::Prepare(Problem {
            text: problem(Reason::Recovering).text,
            ..problem(Reason::Prepared)
        }),
        outcome => outcome,
    }
}

/// Each reason once, in their order.
fn once_each(holds: impl Iterator<Item = Hold>) -> Vec<Hold> {
    let mut all: Vec<Hold> = Vec::new();
    for hold in holds {
        if !all
            .iter()
            .any(|h| h.problem.code == hold.problem.code && h.of == hold.of)
        {
            all.push(hold);
        }
    }
    all
}

/// What a verified receipt of our own bears out that the book has lost: its number stays.
pub fn uphold(signer: &Signer, h: &EntryHash) -> Option<Cleared> {
    signer.doubt.is_none().then(|| Cleared {
        h: h.clone(),
        ground: Ground::Upheld,
    })
}

/// What stood in a book of records before, by the registry's own word: its number stays as written there.
pub fn take_over(signer: &Signer, h: &EntryHash) -> Option<Cleared> {
    let own = signer.doubt.is_none() && signer.role == Some(Role::Registrar);
    own.then(|| Cleared {
        h: h.clone(),
        ground: Ground::Imported,
    })
}

/// Whether the signer may state this: what the policy says of the kind of event, a clerk the administrative
/// supplement of what a certifier has signed, and a registrar what was told at the office.
fn is_entitled(case: &Case<'_>) -> bool {
    let Some(role) = case.signer.role else {
        return false;
    };
    role == Role::Registrar
        || crate::questions::may_sign(&case.settings.policy, role, case.before, case.event)
}

/// What it names, or has to have beside it, that has not arrived.
fn missing(case: &Case<'_>) -> Vec<Waits> {
    let mut out = Vec::new();
    let mut death = case.around.death_named;
    let mut named = false;
    for linked in &case.around.links {
        match &linked.other {
            None => {
                named |= linked.link.kind == "birth-of-this-death";
                out.push(Waits::Link(linked.link.nid.as_str().into()));
            }
            Some((kind, state)) => {
                death |= linked.link.kind == "birth-of-this-death" && *kind == Kind::Death && state.stands();
            }
        }
    }
    let died =
        case.event.kind == Kind::Birth && case.event.text(crate::vital::field::CHILD_LIVING) == Some("no");
    if died && !death && !named {
        out.push(Waits::Death);
    }
    out
}

/// Lists what speaks against the register without a person, the gravest first.
fn reasons(case: &Case<'_>, faults: &Faults<'_>) -> Vec<Hold> {
    let (event, around) = (case.event, case.around);
    let registered = case.before.filter(|_| case.registered);
    let mut out = Vec::new();
    match registered {
        None => {
            out.extend(late(case.settings, event, case.now).map(Hold::of));
            if around.signed == Some(SigningTime::Unproven) {
                out.push(Hold::of(Reason::TimeUnproven));
            }
            out.extend(of_itself(case, faults, event));
        }
        Some(before) => {
            if !only_fills_in(before, event) {
                out.push(Hold::of(Reason::Correction));
            }
            // What it was registered in spite of is not asked again with every name.
            let known = of_itself(case, faults, before);
            out.extend(
                of_itself(case, faults, event)
                    .into_iter()
                    .filter(|hold| !known.contains(hold)),
            );
        }
    }
    // Whatever changes which event it is about is compared anew.
    if registered.is_none_or(|before| identity(before) != identity(event)) {
        out.extend(around.likeness());
    }
    out
}

/// What a statement itself gives a person to look at: its category, that nobody can tell whom it is about,
/// rules that the settings name, what it names.
fn of_itself(case: &Case<'_>, faults: &Faults<'_>, event: &Event) -> Vec<Hold> {
    let mut out: Vec<Hold> = category(event, case.signer.role)
        .map(Hold::of)
        .into_iter()
        .collect();
    if is_without_identity(event) && !out.iter().any(is_about_identity) {
        out.push(Hold::of(Reason::NoIdentity));
    }
    let named = faults.named(event, case.entry);
    out.extend(named.map(|problem| Hold { problem, of: None }));
    let links = case
        .around
        .links
        .iter()
        .filter(|linked| event.links.contains(&linked.link));
    out.extend(links.filter_map(|linked| link_reason(case, linked)));
    out
}

/// What of a statement says which event it is about, without what families add to it.
fn identity(event: &Event) -> Option<MatchingRecord> {
    MatchingRecord::of(event, "").map(|record| MatchingRecord {
        phone: String::new(),
        district: String::new(),
        father: String::new(),
        child: String::new(),
        ..record
    })
}

fn is_about_identity(hold: &Hold) -> bool {
    [Reason::Foundling, Reason::UnknownDeceased, Reason::MotherRefused]
        .iter()
        .any(|reason| hold.is(*reason))
}

/// What speaks against a link: nobody knows its kind, it names another kind of event, or what it names is
/// not registered itself.
fn link_reason(case: &Case<'_>, linked: &Linked) -> Option<Hold> {
    let (kind, state) = linked.other.as_ref()?;
    let other = Nid::from(linked.link.nid.as_str());
    let fits = match (linked.link.kind.as_str(), case.event.kind) {
        ("twin", Kind::Birth | Kind::FoetalDeath) => matches!(kind, Kind::Birth | Kind::FoetalDeath),
        ("birth-of-this-death", Kind::Birth) => *kind == Kind::Death,
        ("death-of-this-birth", Kind::Death) => *kind == Kind::Birth,
        ("mothers-death", Kind::Birth | Kind::FoetalDeath) => *kind == Kind::Death,
        ("mothers-death", Kind::Death) => matches!(kind, Kind::Birth | Kind::FoetalDeath),
        _ => false,
    };
    if !fits {
        return Some(Hold::beside(Reason::LinkWrong, other));
    }
    let together = case.settings.registration.hold_linked && linked.is_birth_of_death();
    let stands = match state {
        State::Registered(_) | State::Prepared(_) => true,
        State::Received(waits) => *waits == Waits::Death,
        _ => false,
    };
    (together && !stands).then(|| Hold::beside(Reason::LinkedHeld, other))
}

#[cfg(test)]
mod tests;
