//! One random history: what wards sign and registrars do, told to the portal and to the model.

use ogoh::env::Role;
use ogoh::seal::{SecretKey, Status};
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::model::{Change, Model, Signer, State};
use super::{Cast, Dice};
use crate::portal_support::*;

/// Reports of one event at most: a registrar is shown five look-alikes.
const MOST_ALIKE: usize = 4;

/// A notification as the ward knows it.
pub struct Known {
    kind: Kind,
    /// What the next correction follows.
    newest: Signed,
    first: Signed,
    body: Value,
    void: Option<Signed>,
    /// A correction that lies on the desk.
    beside: Option<Signed>,
}

/// One history: what the wards signed, and what the model says of it.
pub struct History<'a> {
    pub cast: &'a mut Cast,
    pub dice: Dice,
    pub seed: u64,
    pub model: Model,
    pub known: Vec<Known>,
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
            Signer::Newcomer => self.newcomer.as_ref().unwrap().0.clone(),
        }
    }

    /// Delivers one entry by either portal, sometimes twice; what it is told.
    pub fn deliver(&mut self, fac: usize, entry: &Signed) -> Status {
        let second = self.dice.one_in(3);
        let twice = self.dice.one_in(6);
        let url = format!("http://{}", self.cast.second.addr);
        let world = &self.cast.world;
        let ward = &mut self.cast.facilities[fac].ward;
        ward.base = if second { url } else { world.url("") };
        let receipt = ward.deliver(world, &[entry]).remove(0);
        if twice {
            assert_eq!(ward.deliver(world, &[entry])[0], receipt, "{}", self.seed);
        }
        self.told.push(format!("  told {}", code(&receipt)));
        receipt.status
    }

    fn expect(&mut self, what: String, told: Status, expected: Status) {
        self.told.push(format!("{what} → {}", told.code()));
        assert_eq!(told, expected, "seed {}\n{}", self.seed, self.told.join("\n"));
    }

    fn first(&mut self) {
        let fac = self.dice.roll(2);
        let again = !self.events.is_empty() && self.dice.one_in(3);
        let event = match again {
            true => self.dice.roll(self.events.len()),
            false => {
                let kind = if self.dice.one_in(3) {
                    Kind::Death
                } else {
                    Kind::Birth
                };
                let body = self.dice.event(kind);
                self.events.push((kind, body));
                self.events.len() - 1
            }
        };
        if self.model.all.iter().filter(|n| n.event == event).count() >= MOST_ALIKE {
            return;
        }
        let signer = match self.dice.roll(8) {
            0 => Signer::Clerk,
            1 if self.newcomer.as_ref().is_some_and(|(_, at)| *at == fac) => Signer::Newcomer,
            2 | 3 => Signer::Head,
            _ => Signer::Doctor,
        };
        let (kind, body) = self.events[event].clone();
        let faulty = self.dice.one_in(8);
        let stated = match faulty {
            true => spoilt(kind, body.clone()),
            false => body.clone(),
        };
        let key = self.key(fac, signer);
        let entry = self.cast.facilities[fac]
            .ward
            .notice_by(&key, kind, stated.clone());
        let told = self.deliver(fac, &entry);
        let expected = self.model.first(fac, event, signer, faulty);
        self.known.push(Known {
            kind,
            newest: entry.clone(),
            first: entry,
            body,
            void: None,
            beside: None,
        });
        self.expect(
            format!("{}: first of event {event} by {signer:?}", self.known.len() - 1),
            told,
            expected,
        );
    }

    fn amend(&mut self, i: usize) {
        let pending = matches!(self.model.all[i].state, State::Pending { .. });
        let duplicate = matches!(self.model.all[i].state, State::Duplicate(_));
        if pending {
            return;
        }
        let change = match self.dice.roll(6) {
            0 if !duplicate => Change::Fault,
            1 if self.may_change_event(i) => {
                let n = &self.model.all[i];
                let stated = n.beside.as_ref().map_or(n.event, |(event, _)| *event);
                let others: Vec<usize> = (0..self.events.len())
                    .filter(|e| *e != stated && *e != n.event && self.events[*e].0 == self.known[i].kind)
                    .collect();
                match others.is_empty() {
                    true => Change::FillsIn,
                    false => Change::Event(others[self.dice.roll(others.len())]),
                }
            }
            2 | 3 => Change::FillsIn,
            _ => Change::Other,
        };
        let signer = if !duplicate && self.dice.one_in(6) {
            Signer::Clerk
        } else {
            Signer::Doctor
        };
        let body = self.known[i].body.clone();
        let note = |body: Value, n: usize| with(body, "note", json!(format!("ислоҳ {n}")));
        let n = self.dice.roll(1_000_000);
        let body = match change {
            Change::FillsIn => note(body, n),
            Change::Event(event) => note(self.events[event].1.clone(), n),
            Change::Fault => spoilt(self.known[i].kind, body),
            Change::Other if self.known[i].kind == Kind::Death => {
                with(body, "informant", json!(format!("духтар {n}")))
            }
            Change::Other => {
                let length = 470 + n % 60;
                let other = length + usize::from(body["birth"]["length"] == json!(length));
                with(body, "birth.length", json!(other))
            }
        };
        // Where nothing but particulars beside the record changes, a clerk may, and it takes effect.
        if signer == Signer::Clerk && change != Change::Fault {
            return;
        }
        let fac = self.model.all[i].facility;
        let key = self.key(fac, signer);
        let ward = &mut self.cast.facilities[fac].ward;
        let doctor = std::mem::replace(&mut ward.doctor, key);
        let entry = ward.amend(&self.known[i].newest, body.clone());
        ward.doctor = doctor;
        let told = self.deliver(fac, &entry);
        let change = match change {
            // It is told of the death by somebody else: that stands beside the record and fills in.
            Change::Other if self.known[i].kind == Kind::Death => Change::FillsIn,
            change => change,
        };
        let expected = self.model.amend(i, change, signer);
        if told != Status::Returned {
            self.known[i].newest = entry.clone();
            self.known[i].body = body;
            self.known[i].beside = self.model.all[i].beside.is_some().then_some(entry);
        }
        self.expect(format!("{i}: {change:?} by {signer:?}"), told, expected);
    }

    /// What others are duplicates of stays the event that it is.
    fn may_change_event(&self, i: usize) -> bool {
        self.model.all.iter().all(|n| n.state != State::Duplicate(i))
    }

    fn void(&mut self, i: usize) {
        let signer = [Signer::Doctor, Signer::Head, Signer::Clerk][self.dice.roll(3)];
        let fac = self.model.all[i].facility;
        let key = self.key(fac, signer);
        let of = self.known[i].first.clone();
        let entry = self.cast.facilities[fac].ward.void_by(&of, &key);
        let told = self.deliver(fac, &entry);
        let expected = self.model.void(i, signer);
        if told == Status::AnnulmentPending {
            self.known[i].void = Some(entry);
        }
        self.expect(format!("{i}: void by {signer:?}"), told, expected);
    }

    fn attest(&mut self, i: usize) {
        let Some(void) = self.known[i].void.clone() else {
            return;
        };
        let signer = [Signer::Doctor, Signer::Head, Signer::Clerk][self.dice.roll(3)];
        let fac = self.model.all[i].facility;
        let key = self.key(fac, signer);
        let entry = self.cast.facilities[fac].ward.attest_by(&void, &key);
        let told = self.deliver(fac, &entry);
        let expected = self.model.attest(i, signer);
        self.expect(format!("{i}: attest by {signer:?}"), told, expected);
    }

    fn send(&self, by: usize, path: &str, form: &[(&str, &str)]) -> bool {
        let (status, to) = self.cast.registrars[by].send(path, form);
        assert_eq!(status, 303, "{to}");
        to.ends_with("said=desk-done")
    }

    /// A registrar's act on a notification, as the desk offers it.
    fn rule(&mut self, i: usize) {
        let record = format!("/desk/record/{}", self.known[i].first.nid);
        let accept = self.dice.one_in(2);
        let refuse = [("act", "return"), ("text", "лутфан дида бароед")];
        match self.model.all[i].state.clone() {
            State::Held => {
                let h = self.known[i].newest.h.clone();
                if accept {
                    let done = self.send(0, "/desk/entry", &[("h", &h), ("act", "accept")]);
                    let expected = self.model.accept(i);
                    self.told.push(format!("{i}: accepted {expected:?}"));
                    assert_eq!(
                        done,
                        expected.is_some(),
                        "seed {}\n{}",
                        self.seed,
                        self.told.join("\n")
                    );
                } else {
                    let original = self.model.alike(i, self.model.all[i].event);
                    let original = original
                        .into_iter()
                        .find(|o| self.model.all[*o].state == State::Registered);
                    match original.filter(|_| self.dice.one_in(2)) {
                        Some(of) => {
                            let nid = self.known[of].first.nid.clone();
                            assert!(self.send(
                                0,
                                "/desk/entry",
                                &[("h", &h), ("act", "duplicate"), ("of", &nid)]
                            ));
                            self.model.all[i].state = State::Duplicate(of);
                            self.told.push(format!("{i}: duplicate of {of}"));
                        }
                        None => {
                            assert!(self.send(0, "/desk/entry", &[("h", &h), refuse[0], refuse[1]]));
                            self.model.send_back(i);
                            self.told.push(format!("{i}: sent back"));
                        }
                    }
                }
            }
            State::Pending { .. } => {
                let Some(void) = self.known[i].void.clone() else {
                    return;
                };
                self.told.push(format!("{i}: annulment, {accept}"));
                if !accept {
                    assert!(self.send(0, "/desk/entry", &[("h", &void.h), refuse[0], refuse[1]]));
                    self.known[i].void = None;
                    return self.model.decline(i);
                }
                assert!(self.send(0, "/desk/entry", &[("h", &void.h), ("act", "accept")]));
                if self.model.all[i].certificate {
                    assert!(!self.send(0, "/desk/entry", &[("h", &void.h), ("act", "accept")]));
                    assert!(self.send(1, "/desk/entry", &[("h", &void.h), ("act", "accept")]));
                }
                self.model.annul(i);
            }
            State::Registered | State::Duplicate(_) if self.known[i].beside.is_some() => {
                let h = self.known[i].beside.clone().unwrap().h;
                if accept {
                    let expected = self.model.accept_beside(i);
                    self.told.push(format!("{i}: correction accepted {expected:?}"));
                    assert!(
                        self.send(0, "/desk/entry", &[("h", &h), ("act", "accept")]),
                        "{}\n{}",
                        self.seed,
                        self.told.join("\n")
                    );
                    if self.model.all[i].beside.is_none() {
                        self.known[i].beside = None;
                    }
                }
            }
            State::Registered if !self.model.all[i].certificate => {
                let today = "2026-11-23";
                let done = self.send(
                    0,
                    &record,
                    &[("act", "issue"), ("number", "I-ТҶ 1"), ("date", today)],
                );
                assert!(
                    done,
                    "seed {}, {i}
{}",
                    self.seed,
                    self.told.join(
                        "
"
                    )
                );
                self.model.all[i].certificate = true;
                self.told.push(format!("{i}: certificate"));
            }
            _ => {}
        }
    }

    fn approve(&mut self) {
        let Some((key, fac)) = self.newcomer.clone().filter(|_| !self.model.approved) else {
            return;
        };
        let world = &self.cast.world;
        let fac = self.cast.facilities[fac].ward.fac.clone();
        let request = world.person_request(&key, &fac, "newcomer", Role::Doctor);
        world.enrol(&key, &request);
        self.model.approve();
        self.told.push("the newcomer's key is approved".to_owned());
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
            if self.dice.one_in(8) {
                self.something_else();
                continue;
            }
            if self.known.is_empty() || self.dice.one_in(3) {
                self.first();
                continue;
            }
            let i = self.dice.roll(self.known.len());
            match self.dice.roll(8) {
                0 | 1 => self.amend(i),
                2 => self.void(i),
                3 => self.attest(i),
                4 => self.approve(),
                _ => self.rule(i),
            }
        }
        self.check();
    }

    /// What stands in the book is what the model says, and each event has one number.
    fn check(&self) {
        let kept = self.cast.world.statuses();
        for (i, known) in self.known.iter().enumerate() {
            let (status, _) = &kept[&known.first.nid];
            let expected = self.model.status(i).code();
            assert_eq!(
                status,
                expected,
                "seed {}, {i}\n{}",
                self.seed,
                self.told.join("\n")
            );
        }
        for (nid, expected) in &self.expected {
            assert_eq!(
                kept[nid].0,
                *expected,
                "seed {}, {nid}\n{}",
                self.seed,
                self.told.join("\n")
            );
        }
        for event in 0..self.events.len() {
            let let_pass = self.model.all.iter().filter(|n| n.let_pass).count();
            assert!(
                self.model.numbered(event) <= 1 + let_pass,
                "seed {}\n{}",
                self.seed,
                self.told.join("\n")
            );
        }
    }
}

fn spoilt(kind: Kind, body: Value) -> Value {
    match kind {
        Kind::Death => with(body, "deceased.born", json!("2027-01-01")),
        _ => with(body, "birth.weight", json!(99)),
    }
}
