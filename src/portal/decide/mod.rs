//! What follows from a fact: what surrounds it in, the steps that it leads to out. Pure.
//!
//! One file for each kind of fact. A decision never acts: `unit` loads what surrounds a fact, has it decided
//! here, keeps the steps and signs the receipt.
//!
//! Deliberately absent: the database, clocks, keys; what a statement is worth is asked of
//! [`crate::portal::record::assess`] alone.

mod amendment;
mod annulment;
mod attestation;
mod came_back;
mod import;
mod key;
mod notice;
mod overdue;
mod ruling;
mod service;
mod tally;

pub(in crate::portal) use amendment::amendment;
pub(in crate::portal) use annulment::{annulment, settle_annulment};
pub(in crate::portal) use attestation::{Attested, attestation};
pub(in crate::portal) use came_back::{came_back, on_lost, second_number};
pub(in crate::portal) use import::import;
pub(in crate::portal) use key::{AroundKeys, KeyChange, suspension};
pub(in crate::portal) use notice::{
    first_entry, forked, judge, on_death_of, on_journal, on_notification, on_set,
};
pub(in crate::portal) use overdue::{linked_annulled, original_annulled, overdue};
pub(in crate::portal) use ruling::{Ruling, Unfit, act_known, on_act, on_annulment_of, returned, rule};
pub(in crate::portal) use service::{AtOffice, NotDone, Service, reason, serve};
pub(in crate::portal) use tally::tally;

use chrono::{DateTime, FixedOffset};

use crate::portal::PortalSettings;
use crate::portal::record::{
    About, Case, Decision, EntryRow, Hold, Record, Revision, Signer, SigningTime, Step, Surroundings, about,
    problem,
};
use crate::seal::{By, Entry, Problem, Status};
use crate::vital::{Event, Nid, OfficeCode, Set, field};
use crate::wire::Reason;

/// What surrounds an entry about a notification.
pub(in crate::portal) struct Around<'a> {
    pub settings: &'a PortalSettings,
    /// The portal's time.
    pub now: DateTime<FixedOffset>,
    pub row: &'a EntryRow,
    pub entry: &'a Entry,
    pub signer: Signer,
    /// Why its place in the journal is not believed: beside another entry, or not after the one before.
    pub position: Option<Reason>,
    /// The notification as it stands; none where there is no such one.
    pub record: Option<Record>,
    /// What the entry states, or why it cannot be read.
    pub event: Option<Result<Event, Problem>>,
    /// The statement in force.
    pub before: Option<Event>,
    /// Whether somebody who may has signed that statement, so that a clerk may add to it.
    pub certified: bool,
    pub surroundings: Surroundings,
    /// Whether what it names as the revision before is the newest one, or was returned after it.
    pub follows: bool,
}

/// What a decision tells of an entry; number, office and certificate follow from the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) struct Told {
    pub status: Status,
    pub by: By,
    pub problem: Option<Problem>,
    pub other: Option<Nid>,
    /// Number and office of the other one, where this is its duplicate.
    pub original: Option<(Option<String>, OfficeCode)>,
}

/// A decision: the steps of a notification that it takes, and what is told of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) struct Decided {
    pub steps: Vec<Step>,
    pub told: Told,
    /// Under what the entry waits to be decided again.
    pub waits_for: Vec<String>,
}

impl Told {
    /// A status by the machine, nothing more.
    pub fn of(status: Status) -> Told {
        Told {
            status,
            by: By::Auto,
            problem: None,
            other: None,
            original: None,
        }
    }

    /// A status with its reason.
    pub fn because(status: Status, problem: Problem) -> Told {
        Told {
            problem: Some(problem),
            ..Told::of(status)
        }
    }

    /// That a person looks, at the gravest reason, and which notification it may repeat.
    pub fn held(holds: &[Hold]) -> Told {
        Told {
            problem: holds.first().map(|hold| hold.problem.clone()),
            other: holds.iter().find_map(|hold| hold.of.clone()),
            ..Told::of(Status::Held)
        }
    }

    /// The same, decided by a registrar.
    pub fn by_registrar(self) -> Told {
        Told {
            by: By::Registrar,
            ..self
        }
    }

    /// What was told last, said again by a registrar.
    pub fn again(last: Option<&Decision>) -> Told {
        let told = match last {
            None => Told::of(Status::Received),
            Some(last) => Told {
                status: last.status,
                by: By::Registrar,
                problem: last.problem.clone(),
                other: last.dup_of.clone(),
                original: None,
            },
        };
        told.by_registrar()
    }

    /// The receipt's words for a notification as it stands now; `open` is what it still lacks.
    pub fn decision(self, record: Option<&Record>, open: Vec<String>) -> Decision {
        let mut decision = Decision {
            status: self.status,
            by: self.by,
            problem: self.problem,
            dup_of: self.other,
            ..Decision::of(self.status)
        };
        let Some(record) = record else { return decision };
        let registration = record.state.registration();
        if matches!(self.status, Status::Registered | Status::CertificateIssued) && registration.is_some() {
            decision.status = record.status();
            decision.cert = registration.and_then(|r| r.certificate.clone()).map(|c| c.on);
        }
        let prepared = decision
            .problem
            .as_ref()
            .is_some_and(|p| p.code == Reason::Prepared.code());
        let in_register = matches!(decision.status, Status::Registered | Status::CertificateIssued);
        let ended = matches!(
            decision.status,
            Status::AnnulmentPending | Status::Voided | Status::Duplicate
        );
        if in_register || ended {
            decision.reg_no = registration.map(|r| r.number.clone());
        }
        if in_register || ended || prepared || decision.status == Status::Held {
            decision.office = Some(record.office.clone());
        }
        if in_register || prepared {
            decision.open = open;
        }
        if let Some((number, office)) = self.original {
            decision.reg_no = number;
            decision.office = Some(office);
        }
        decision
    }
}

impl Decided {
    /// Nothing of a notification changes; this is told of the entry.
    pub fn told(told: Told) -> Decided {
        Decided {
            steps: Vec::new(),
            told,
            waits_for: Vec::new(),
        }
    }

    /// The same, and the entry is decided again once something comes.
    pub fn waits(told: Told, waits_for: String) -> Decided {
        Decided {
            waits_for: vec![waits_for],
            ..Decided::told(told)
        }
    }

    /// Steps, and what is told of the entry.
    pub fn with(steps: Vec<Step>, told: Told) -> Decided {
        Decided {
            steps,
            told,
            waits_for: Vec::new(),
        }
    }

    /// Sent back, changing nothing of a notification.
    pub fn returned(reason: Reason) -> Decided {
        Decided::told(Told::because(Status::Returned, problem(reason)))
    }

    /// Held, changing nothing of a notification.
    pub fn held(reason: Reason) -> Decided {
        Decided::told(Told::because(Status::Held, problem(reason)))
    }
}

impl Around<'_> {
    /// The entry as a revision.
    pub fn revision(&self) -> Revision {
        Revision {
            rev: self.row.rev,
            h: self.row.h.clone(),
        }
    }

    /// What the entry states, to be assessed as what is not registered yet, after the statement in force and
    /// reasons that a person looks at it for already.
    fn case<'a>(
        &'a self,
        record: &'a Record,
        event: &'a Event,
        before: Option<&'a Event>,
        kept: &'a [Hold],
    ) -> Case<'a> {
        Case {
            settings: self.settings,
            now: self.now,
            record,
            h: &self.row.h,
            entry: self.entry,
            event,
            signer: &self.signer,
            around: &self.surroundings,
            before,
            registered: false,
            kept,
        }
    }

    /// Whether what it names as the revision before is of the same notification.
    pub fn names_its_notification(&self) -> bool {
        let named = self.entry.reference.as_ref();
        named.is_some_and(|reference| reference.nid == self.row.nid)
    }

    /// What can be told of a statement whose form is wrong: its office, and its multiple birth, which does not
    /// wait for it any more.
    pub fn outlined(&self) -> Step {
        let body = &self.entry.body;
        let office = body.get("office").and_then(serde_json::Value::as_str);
        let set = body.get("set").cloned().map(serde_json::from_value::<Set>);
        let set = set.and_then(Result::ok).map(|set| (set.id, set.n));
        Step::Described {
            about: About {
                set,
                ..About::default()
            },
            office: self
                .settings
                .registration
                .office(office.unwrap_or_default())
                .into(),
        }
    }

    /// The office that serves what is stated. What an office has registered stays its own, and what was given
    /// to another office stays there while the ward addresses the same one.
    pub fn office(&self, event: &Event) -> OfficeCode {
        let addressed = |event: &Event| event.text(field::OFFICE).unwrap_or_default().to_owned();
        let kept = self.record.as_ref().filter(|record| {
            let registered = record.state.registration().is_some();
            let same = record.effective.h == self.row.h
                || self.before.as_ref().map(addressed) == Some(addressed(event));
            !record.office.is_empty() && (registered || same)
        });
        match kept {
            Some(record) => record.office.clone(),
            None => self.settings.registration.office(&addressed(event)).into(),
        }
    }

    /// The step by which a statement comes into force.
    pub fn described(&self, event: &Event) -> Step {
        let office = self.office(event);
        let unproven = matches!(
            self.surroundings.signed,
            Some(SigningTime::Ruled | SigningTime::Unproven)
        );
        Step::Described {
            about: About {
                unproven,
                ..about(event, self.now.offset())
            },
            office,
        }
    }
}
