//! What a ward does with notifications of the model: states them, corrects them, asks to annul them.

use ogoh::seal::Status;
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::history::{Correction, Device, History, Known, spoilt};
use super::model::State;
use super::report::{Change, Event, Report, Signer};
use crate::portal_support::*;

/// Reports of one event at most: a registrar is shown five look-alikes.
const MOST_ALIKE: usize = 4;

fn names_police(body: &Value) -> bool {
    body["death"]["police_number"].is_string()
}

fn with_police(body: Value, n: usize) -> Value {
    with(body, "death.police_number", json!(format!("{n}/2026")))
}

impl History<'_> {
    fn new_event(&mut self) -> usize {
        let death = self.dice.one_in(3);
        let kind = if death { Kind::Death } else { Kind::Birth };
        let mut body = self.dice.event(kind);
        let violent = death && self.dice.one_in(3);
        if violent {
            body = self.dice.violent(body);
        }
        self.model.events.push(Event { death, violent });
        self.events.push((kind, body));
        self.events.len() - 1
    }

    pub fn first(&mut self) {
        let fac = self.dice.roll(2);
        let again = !self.events.is_empty() && self.dice.one_in(3);
        let event = match again {
            true => self.dice.roll(self.events.len()),
            false => self.new_event(),
        };
        if self.model.all.iter().filter(|n| n.event == event).count() >= MOST_ALIKE {
            return;
        }
        let Event { death, violent } = self.model.events[event];
        let signer = match self.dice.roll(8) {
            0 => Signer::Clerk,
            1 if self.newcomer.as_ref().is_some_and(|(_, at)| *at == fac) => Signer::Newcomer,
            2 | 3 => Signer::Head,
            4 => Signer::Expert,
            5 if death => Signer::Expert,
            _ => Signer::Doctor,
        };
        let (kind, mut body) = self.events[event].clone();
        if violent && self.dice.one_in(4) {
            body = with_police(body, event);
        }
        let faulty = self.dice.one_in(8);
        let stated = match faulty {
            true => spoilt(kind, body.clone()),
            false => body.clone(),
        };
        let report = Report {
            event,
            signer,
            change: if faulty { Change::Fault } else { Change::Other },
            police: names_police(&body),
            forked: false,
        };
        let key = self.key(fac, signer);
        let entry = self.cast.facilities[fac].ward.notice_by(&key, kind, stated);
        let told = self.deliver(fac, &entry);
        let expected = self.model.first(fac, &report);
        self.known.push(Known {
            kind,
            first: entry.clone(),
            newest: entry.clone(),
            body: body.clone(),
            in_force: (entry, body),
            void: None,
            waiting: Vec::new(),
            late: Vec::new(),
            sent_back: Vec::new(),
            beside: Vec::new(),
        });
        let what = format!("{}: first {report:?}", self.known.len() - 1);
        self.expect(what, told, expected);
    }

    /// Whether it is a duplicate, or was one when somebody asked to annul it: then a correction of it is a
    /// registrar's whatever is wrong with it.
    fn is_duplicate(&self, i: usize) -> bool {
        let state = match &self.model.all[i].state {
            State::Pending { stood, .. } => stood,
            state => state,
        };
        matches!(state, State::Duplicate(_))
    }

    /// What others are duplicates of stays the event that it is.
    fn may_become(&self, i: usize, event: usize) -> bool {
        let named = |state: &State| match state {
            State::Pending { stood, .. } => **stood == State::Duplicate(i),
            state => *state == State::Duplicate(i),
        };
        event == self.model.all[i].event || !self.model.all.iter().any(|n| named(&n.state))
    }

    /// The event that the newest revision states.
    fn newest_event(&self, i: usize) -> usize {
        let n = &self.model.all[i];
        n.beside.as_ref().map_or(n.event, |(event, _)| *event)
    }

    /// What somebody may write over a revision: event, signer, whether it is faulty, body.
    fn correction(&mut self, i: usize) -> Option<(usize, Signer, bool, Value)> {
        let kind = self.known[i].kind;
        let (mut event, mut body) = (self.newest_event(i), self.known[i].body.clone());
        let duplicate = self.is_duplicate(i);
        let n = self.dice.roll(1_000_000);
        body = with(body, "note", json!(format!("ислоҳ {n}")));
        let what = self.dice.roll(6);
        let faulty = what == 0 && !duplicate;
        let others: Vec<usize> = (0..self.events.len())
            .filter(|e| *e != event && self.events[*e].0 == kind && self.may_become(i, *e))
            .collect();
        match what {
            0 => {}
            1 if !others.is_empty() => {
                event = others[self.dice.roll(others.len())];
                body = with(self.events[event].1.clone(), "note", json!(format!("ислоҳ {n}")));
            }
            2 | 3 => {}
            _ if kind == Kind::Death => {
                if self.model.events[event].violent && !names_police(&body) {
                    body = with_police(body, n);
                } else {
                    body = with(body, "informant", json!(format!("духтар {n}")));
                }
            }
            _ => {
                let length = 470 + n % 60;
                let other = length + usize::from(body["birth"]["length"] == json!(length));
                body = with(body, "birth.length", json!(other));
            }
        }
        let signer = match self.dice.roll(6) {
            0 if !duplicate => Signer::Clerk,
            1 if !duplicate || kind == Kind::Death => Signer::Expert,
            _ => Signer::Doctor,
        };
        // Where nothing but particulars beside the record changes, a clerk may, and it takes effect.
        let may_be_clerks = signer == Signer::Clerk && !faulty;
        (!may_be_clerks).then_some((event, signer, faulty, body))
    }

    fn sign(&mut self, i: usize, by: Device, of: &Signed, twin: Option<String>) -> Option<Correction> {
        let (event, signer, faulty, body) = self.correction(i)?;
        let stated = match faulty {
            true => spoilt(self.known[i].kind, body.clone()),
            false => body.clone(),
        };
        let fac = self.model.all[i].facility;
        let key = self.key(fac, signer);
        let facility = &mut self.cast.facilities[fac];
        let ward = match by {
            Device::Ward => &mut facility.ward,
            Device::Other => &mut facility.other,
        };
        let doctor = std::mem::replace(&mut ward.doctor, key);
        let entry = ward.amend(of, stated);
        ward.doctor = doctor;
        Some(Correction {
            entry,
            of: of.h.clone(),
            event,
            signer,
            faulty,
            body,
            by,
            twin,
        })
    }

    /// A correction of the newest revision; sometimes one by somebody who knows nothing of it, at another
    /// device or at a copy of the same, at once or later.
    pub fn amend(&mut self, i: usize) {
        let fac = self.model.all[i].facility;
        let known = &self.known[i];
        // The ward goes on from what it signed last, though that came to nothing.
        let sent_back = known.sent_back.iter().rev().map(|(entry, _)| entry);
        let mut sent_back = sent_back.filter(|entry| self.is_newest(i, &entry.h));
        let last = sent_back.next().unwrap_or(&known.newest).clone();
        let newest = known.newest.clone();
        let of = if self.dice.one_in(2) { last } else { newest };
        let ward = &self.cast.facilities[fac].ward;
        let place = (ward.seq, ward.prev.clone());
        let Some(one) = self.sign(i, Device::Ward, &of, None) else {
            return;
        };
        if !self.is_modelled(i, &one) {
            // It is never delivered: the journal has nothing of it, so that what comes next stands in its place
            // and is no fork.
            let ward = &mut self.cast.facilities[fac].ward;
            (ward.seq, ward.prev) = place;
            return;
        }
        let rival = match self.dice.roll(4) {
            0 => self.sign(i, Device::Other, &of, None),
            1 => {
                let ward = &mut self.cast.facilities[fac].ward;
                let after = (ward.seq, ward.prev.clone());
                (ward.seq, ward.prev) = place;
                let copied = self.sign(i, Device::Ward, &of, Some(one.entry.h.clone()));
                let ward = &mut self.cast.facilities[fac].ward;
                (ward.seq, ward.prev) = after;
                copied
            }
            _ => None,
        };
        self.arrives(i, one);
        match rival {
            Some(rival) if self.dice.one_in(2) => self.arrives(i, rival),
            Some(rival) => self.known[i].late.push(rival),
            None => {}
        }
    }

    /// A correction that was long on its way.
    pub fn arrives_late(&mut self) {
        let with_late: Vec<usize> = (0..self.known.len())
            .filter(|i| !self.known[*i].late.is_empty())
            .collect();
        if with_late.is_empty() {
            return;
        }
        let i = with_late[self.dice.roll(with_late.len())];
        let late = self.known[i].late.remove(0);
        // Whatever is wrong with a correction of a duplicate, a registrar looks at it.
        let odd = late.faulty || late.signer != Signer::Doctor;
        if !(odd && self.is_duplicate(i)) && self.may_become(i, late.event) {
            self.arrives(i, late);
        }
    }

    /// Whether a correction of a revision is one of the newest: what was sent back after it does not count.
    fn is_newest(&self, i: usize, of: &str) -> bool {
        let known = &self.known[i];
        let sent_back = known.sent_back.iter().find(|(entry, _)| entry.h == of);
        known.newest.h == of || sent_back.is_some_and(|(_, before)| self.is_newest(i, before))
    }

    /// What a correction changes of what is in force.
    fn change(&self, i: usize, correction: &Correction) -> Change {
        let bare = |body: &Value| {
            let mut body = body.clone();
            body.as_object_mut().unwrap().remove("note");
            body.as_object_mut().unwrap().remove("informant");
            body["death"]
                .as_object_mut()
                .map(|death| death.remove("police_number"));
            body
        };
        match bare(&self.known[i].in_force.1) == bare(&correction.body) {
            _ if correction.faulty => Change::Fault,
            true => Change::FillsIn,
            false => Change::Other,
        }
    }

    /// What takes back a correction that was about another event keeps that one's reasons: not modelled.
    fn is_modelled(&self, i: usize, one: &Correction) -> bool {
        let n = &self.model.all[i];
        let beside = n.beside.as_ref();
        let of_another = beside.is_some_and(|(event, shown)| *event != n.event || !shown.is_empty());
        !(of_another && self.change(i, one) == Change::FillsIn)
    }

    fn arrives(&mut self, i: usize, one: Correction) {
        if !self.is_modelled(i, &one) {
            return;
        }
        let fac = self.model.all[i].facility;
        let report = Report {
            event: one.event,
            signer: one.signer,
            change: self.change(i, &one),
            police: names_police(&one.body),
            forked: one.twin.is_some(),
        };
        let told = self.deliver_by(fac, one.by, &one.entry);
        let waits = matches!(self.model.all[i].state, State::Pending { .. });
        let follows = self.is_newest(i, &one.of);
        let expected = match follows {
            true => self.model.amend(i, report),
            false => Status::Returned,
        };
        if let Some(twin) = &one.twin {
            if self.known[i].newest.h == *twin {
                self.model.forked(i);
            }
            let waiting = self.known[i].waiting.iter().position(|w| w.entry.h == *twin);
            if let Some(at) = waiting {
                self.model.all[i].waiting[at].forked = true;
            }
        }
        let what = format!("{i}: {report:?} of {} follows {follows}", one.of);
        match (follows, waits) {
            (true, true) => self.known[i].waiting.push(one),
            (true, false) if expected == Status::Returned => {
                self.known[i].sent_back.push((one.entry, one.of));
            }
            (true, false) if !report.forked => self.takes_effect(i, &one),
            _ => {}
        }
        self.expect(what, told, expected);
    }

    fn takes_effect(&mut self, i: usize, one: &Correction) {
        self.known[i].beside.push(one.entry.clone());
        self.known[i].newest = one.entry.clone();
        self.known[i].body = one.body.clone();
    }

    /// The annulment is declined, and what came meanwhile is decided.
    pub fn declined(&mut self, i: usize) {
        self.known[i].void = None;
        let reports = self.model.all[i].waiting.clone();
        let told = self.model.decline(i);
        let waiting = std::mem::take(&mut self.known[i].waiting);
        let fac = self.model.all[i].facility;
        for ((one, report), expected) in waiting.iter().zip(reports).zip(told) {
            let told = self.deliver_by(fac, one.by, &one.entry);
            self.expect(format!("{i}: waited {}", one.entry.h), told, expected);
            if expected != Status::Returned && !report.forked {
                self.takes_effect(i, one);
            }
        }
    }

    /// The annulment took effect: nothing follows on it.
    pub fn annulled(&mut self, i: usize) {
        let fac = self.model.all[i].facility;
        self.model.all[i].waiting.clear();
        for one in std::mem::take(&mut self.known[i].waiting) {
            let told = self.deliver_by(fac, one.by, &one.entry);
            self.expect(format!("{i}: waited in vain"), told, Status::Returned);
        }
    }

    fn second(&mut self) -> Signer {
        [Signer::Doctor, Signer::Head, Signer::Clerk, Signer::Expert][self.dice.roll(4)]
    }

    pub fn void(&mut self, i: usize) {
        let signer = self.second();
        let fac = self.model.all[i].facility;
        let key = self.key(fac, signer);
        let of = match self.dice.one_in(2) {
            true => self.known[i].first.clone(),
            false => self.known[i].newest.clone(),
        };
        let entry = self.cast.facilities[fac].ward.void_by(&of, &key);
        let told = self.deliver(fac, &entry);
        let expected = self.model.void(i, signer);
        if told == Status::AnnulmentPending {
            self.known[i].void = Some(entry);
        }
        self.expect(format!("{i}: void by {signer:?}"), told, expected);
    }

    pub fn attest(&mut self, i: usize) {
        let Some(void) = self.known[i].void.clone() else {
            return;
        };
        let signer = self.second();
        let fac = self.model.all[i].facility;
        let key = self.key(fac, signer);
        let entry = self.cast.facilities[fac].ward.attest_by(&void, &key);
        let told = self.deliver(fac, &entry);
        let expected = self.model.attest(i, signer);
        self.expect(format!("{i}: attest by {signer:?}"), told, expected);
        if self.model.all[i].state == State::Voided {
            self.annulled(i);
        }
    }
}
