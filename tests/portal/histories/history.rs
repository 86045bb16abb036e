//! One random history: what wards sign and registrars do, told to the portal and to the model.

use ogoh::env::Role;
use ogoh::seal::{SecretKey, Status};
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::model::{Model, State};
use super::report::Signer;
use super::{Cast, Dice};
use crate::portal_support::*;

/// A notification as the ward knows it.
pub struct Known {
    pub kind: Kind,
    pub first: Signed,
    /// What the next correction follows.
    pub newest: Signed,
    pub body: Value,
    /// What stands, where the newest one waits beside it.
    pub in_force: (Signed, Value),
    pub void: Option<Signed>,
    /// Corrections that came while it was about to be annulled, as the model's.
    pub waiting: Vec<Correction>,
    /// Corrections by somebody else that are still on their way.
    pub late: Vec<Correction>,
    /// Corrections that came to nothing, and the revision that each followed.
    pub sent_back: Vec<(Signed, String)>,
    /// Corrections that wait beside what is in force, each in place of the one before.
    pub beside: Vec<Signed>,
}

/// A signed correction.
#[derive(Clone)]
pub struct Correction {
    pub entry: Signed,
    /// What it follows.
    pub of: String,
    pub event: usize,
    pub signer: Signer,
    pub faulty: bool,
    pub body: Value,
    pub by: Device,
    /// The entry that stands at the same place of the journal.
    pub twin: Option<String>,
}

/// Which device of a facility.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Device {
    Ward,
    Other,
}

/// One history: what the wards signed, and what the model says of it.
pub struct History<'a> {
    pub cast: &'a mut Cast,
    pub dice: Dice,
    pub seed: u64,
    pub model: Model,
    pub known: Vec<Known>,
    /// The notification that it is about.
    pub at: usize,
    pub events: Vec<(Kind, Value)>,
    pub newcomer: Option<(SecretKey, usize)>,
    pub told: Vec<String>,
    /// What else happened: a notification, and where it has to stand in the end.
    pub expected: Vec<(String, &'static str)>,
}

impl History<'_> {
    pub fn key(&mut self, fac: usize, signer: Signer) -> SecretKey {
        let facility = &self.cast.facilities[fac];
        match signer {
            Signer::Doctor => facility.doctor.clone(),
            Signer::Head => facility.head.clone(),
            Signer::Clerk => facility.clerk.clone(),
            Signer::Expert => self.cast.expert.clone(),
            Signer::Newcomer => self.newcomer.as_ref().unwrap().0.clone(),
        }
    }

    /// Delivers one entry by either portal, sometimes twice; what it is told.
    pub fn deliver(&mut self, fac: usize, entry: &Signed) -> Status {
        self.deliver_by(fac, Device::Ward, entry)
    }

    pub fn deliver_by(&mut self, fac: usize, device: Device, entry: &Signed) -> Status {
        let second = self.dice.one_in(3);
        let twice = self.dice.one_in(6);
        let cast = &mut *self.cast;
        let base = match second {
            true => format!("http://{}", cast.second.addr),
            false => cast.world.url(""),
        };
        let facility = &mut cast.facilities[fac];
        let ward = match device {
            Device::Ward => &mut facility.ward,
            Device::Other => &mut facility.other,
        };
        ward.base = base;
        let receipt = receipt_of(&ward.push(&[entry])[0], &cast.trust);
        assert_eq!(receipt.nh, entry.h);
        if twice {
            let again = receipt_of(&ward.push(&[entry])[0], &cast.trust);
            assert_eq!(again, receipt, "{}", self.seed);
        }
        self.told.push(format!("  told {}", code(&receipt)));
        receipt.status
    }

    /// Everything that was told so far.
    pub fn story(&self) -> String {
        format!("seed {}\n{}", self.seed, self.told.join("\n"))
    }

    #[track_caller]
    pub fn expect(&mut self, what: String, told: Status, expected: Status) {
        self.told.push(format!("{what} → {}", told.code()));
        assert_eq!(told, expected, "{}", self.story());
    }

    pub fn run(&mut self) {
        for facility in &mut self.cast.facilities {
            facility.ward.jid = ogoh::env::new_uuid();
            (facility.ward.seq, facility.ward.prev) = (0, ogoh::seal::NO_PREV.into());
        }
        for fac in 0..2 {
            let open = self.cast.facilities[fac].ward.open();
            self.deliver(fac, &open);
        }
        if self.dice.one_in(8) {
            let key = SecretKey::generate().unwrap();
            let fac = self.dice.roll(2);
            let code = self.cast.facilities[fac].ward.fac.clone();
            // Entries name the login that the key will have.
            self.cast
                .world
                .person_request(&key, &code, "newcomer", Role::Doctor);
            self.newcomer = Some((key, fac));
        }
        for _ in 0..10 {
            self.go_on();
            for (i, known) in self.known.iter_mut().enumerate() {
                if self.model.all[i].beside.is_none() {
                    known.in_force = (known.newest.clone(), known.body.clone());
                    known.beside.clear();
                }
            }
        }
        self.check();
    }

    fn go_on(&mut self) {
        if self.dice.one_in(8) {
            return self.something_else();
        }
        if self.known.is_empty() || self.dice.one_in(3) {
            return self.first();
        }
        // Much of it befalls one notification, so that one thing follows on another.
        if self.dice.one_in(2) {
            self.at = self.dice.roll(self.known.len());
        }
        let i = self.at;
        match self.dice.roll(9) {
            0 | 1 => self.amend(i),
            2 => self.void(i),
            3 => self.attest(i),
            4 => self.approve(),
            5 => self.arrives_late(),
            _ => self.rule(i),
        }
    }

    /// What stands in the book is what the model says, and each event has one number.
    fn check(&self) {
        let kept = self.cast.world.statuses();
        for (i, known) in self.known.iter().enumerate() {
            let (status, _) = &kept[&known.first.nid];
            assert_eq!(status, self.model.status(i).code(), "{i} {}", self.story());
        }
        for (nid, expected) in &self.expected {
            assert_eq!(kept[nid].0, *expected, "{nid} {}", self.story());
        }
        let registered = |state: &State| match state {
            State::Pending { stood, .. } => **stood == State::Registered,
            state => *state == State::Registered,
        };
        let let_pass = self.model.all.iter().filter(|n| n.let_pass).count();
        for event in 0..self.events.len() {
            let all = self.model.all.iter().filter(|n| n.event == event);
            let numbered = all.filter(|n| registered(&n.state)).count();
            assert!(numbered <= 1 + let_pass, "{}", self.story());
        }
    }
}

/// Spoils a report so that no rule lets it pass.
pub fn spoilt(kind: Kind, body: Value) -> Value {
    match kind {
        Kind::Death => with(body, "deceased.born", json!("2027-01-01")),
        _ => with(body, "birth.weight", json!(99)),
    }
}
