//! The registry as plainly as it can be said: what each entry and act has to come to.
//!
//! Two reports resemble one another if they state the same event. Only words of statuses are the program's.

use ogoh::seal::Status;

use super::report::{Change, Event, Report, Signer};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Held,
    Returned,
    Registered,
    Duplicate(usize),
    Pending {
        by: Signer,
        stood: Box<State>,
    },
    Voided,
}

#[derive(Clone, Debug, Default)]
pub struct Notification {
    pub facility: usize,
    pub event: usize,
    pub state: State,
    /// Nobody believes the key of what it states; its first entry waits for one, whatever came over it since.
    pub doubted: bool,
    awaits_key: bool,
    /// What was returned goes back to the desk: a person had looked at it.
    kept: bool,
    /// What it resembled when a person looked, and what of it was answered.
    shown: Vec<usize>,
    answered: Vec<usize>,
    /// A violent death needs no person: an expert signed, or the police has a number; or a person looked.
    settled: bool,
    /// A correction that waits beside what is registered: the event that it states, and what that resembles.
    pub beside: Option<(usize, Vec<usize>)>,
    /// Corrections that came while an annulment was pending.
    pub waiting: Vec<Report>,
    pub certificate: bool,
    /// Whether a registrar let it pass although something resembled it.
    pub let_pass: bool,
    /// No rule lets its statement pass, or not by its signer.
    faulty: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub events: Vec<Event>,
    pub all: Vec<Notification>,
    pub approved: bool,
}

impl Model {
    fn may(&self, signer: Signer, event: usize) -> bool {
        signer != Signer::Clerk && (signer != Signer::Expert || self.events[event].death)
    }

    fn stands(n: &Notification) -> bool {
        let state = match &n.state {
            State::Pending { stood, .. } => stood,
            state => state,
        };
        !n.doubted && !matches!(state, State::Returned | State::Duplicate(_) | State::Voided)
    }

    /// Notifications that state an event and stand, but for one.
    pub fn alike(&self, but: usize, event: usize) -> Vec<usize> {
        let alike = |i: &usize| self.all[*i].event == event && Model::stands(&self.all[*i]);
        (0..self.all.len()).filter(|i| *i != but && alike(i)).collect()
    }

    fn judge(&mut self, i: usize) -> Status {
        if self.all[i].faulty {
            self.all[i].state = State::Returned;
            return Status::Returned;
        }
        let event = self.all[i].event;
        let (mut open, n) = (self.alike(i, event), &mut self.all[i]);
        open.retain(|a| !n.answered.contains(a));
        n.kept |= self.events[event].violent && !n.settled;
        if open.is_empty() && !n.kept {
            n.state = State::Registered;
            return Status::Registered;
        }
        n.shown.extend(open);
        n.state = State::Held;
        Status::Held
    }

    fn state_event(&mut self, i: usize, r: &Report) {
        let n = &mut self.all[i];
        n.settled = r.police || r.signer == Signer::Expert;
        n.answered.clear();
    }

    /// A first entry.
    pub fn first(&mut self, facility: usize, r: &Report) -> Status {
        let doubted = r.signer == Signer::Newcomer && !self.approved;
        self.all.push(Notification {
            facility,
            event: r.event,
            doubted,
            awaits_key: doubted,
            faulty: r.change == Change::Fault || !self.may(r.signer, r.event),
            ..Notification::default()
        });
        let i = self.all.len() - 1;
        self.state_event(i, r);
        if doubted {
            return Status::Held;
        }
        self.judge(i)
    }

    /// A correction of the newest revision. What follows on another one is returned, whatever it says.
    pub fn amend(&mut self, i: usize, r: Report) -> Status {
        match self.all[i].state {
            State::Voided => return Status::Returned,
            State::Pending { .. } => {
                self.all[i].waiting.push(r);
                return Status::Held;
            }
            _ if r.forked => return Status::Held,
            _ if r.change == Change::Fault || !self.may(r.signer, r.event) => return Status::Returned,
            _ => {}
        }
        let n = &mut self.all[i];
        // What only takes back a correction that waits is nothing to wait for.
        let settled = |(event, shown): &(usize, Vec<usize>)| *event == n.event && shown.is_empty();
        let fills_in = r.change == Change::FillsIn && n.beside.as_ref().is_none_or(settled);
        match n.state {
            State::Registered if fills_in => {
                n.beside = None;
                self.status(i)
            }
            State::Registered | State::Duplicate(_) => {
                let beside = self.all[i].beside.take();
                let mut shown = beside.map(|(_, shown)| shown).unwrap_or_default();
                if let State::Duplicate(of) = self.all[i].state {
                    shown.push(of);
                    shown.extend(self.alike(i, r.event));
                    self.state_event(i, &r);
                } else if r.event != self.all[i].event {
                    shown.extend(self.alike(i, r.event));
                }
                self.all[i].beside = Some((r.event, shown));
                Status::Held
            }
            _ => {
                self.state_event(i, &r);
                let n = &mut self.all[i];
                n.event = r.event;
                n.faulty = false;
                // The desk goes on with what is held, now by a signature that is believed.
                n.kept |= n.state == State::Held;
                n.doubted &= n.state != State::Held;
                self.judge(i)
            }
        }
    }

    /// The newest revision turns out to share its place in the journal with another entry.
    pub fn forked(&mut self, i: usize) {
        self.all[i].kept |= self.all[i].state == State::Held;
    }

    pub fn void(&mut self, i: usize, signer: Signer) -> Status {
        if signer == Signer::Clerk || matches!(self.all[i].state, State::Pending { .. } | State::Voided) {
            return Status::Returned;
        }
        let stood = Box::new(self.all[i].state.clone());
        self.all[i].state = State::Pending { by: signer, stood };
        Status::AnnulmentPending
    }

    /// A second person over the annulment that is pending.
    pub fn attest(&mut self, i: usize, signer: Signer) -> Status {
        match &self.all[i].state {
            _ if signer == Signer::Clerk => return Status::Returned,
            State::Pending { by, .. } if *by == signer => return Status::Returned,
            State::Pending { .. } if !self.all[i].certificate => self.annul(i),
            _ => {}
        }
        Status::Received
    }

    /// The annulment takes effect; whoever was ruled a duplicate of it is looked at again.
    pub fn annul(&mut self, i: usize) {
        self.all[i].state = State::Voided;
        for n in 0..self.all.len() {
            if self.all[n].state == State::Duplicate(i) {
                self.look_again(n);
            }
        }
    }

    /// A person looks at what is a duplicate no more, as its newest revision states it.
    fn look_again(&mut self, i: usize) {
        let n = &mut self.all[i];
        n.kept = true;
        n.event = n.beside.take().map_or(n.event, |(event, _)| event);
        self.judge(i);
    }

    /// A registrar answers what a notification is held for; none where that is refused.
    pub fn accept(&mut self, i: usize) -> Option<Status> {
        if self.all[i].doubted {
            return None;
        }
        let n = &mut self.all[i];
        n.answered.append(&mut n.shown);
        n.let_pass |= !n.answered.is_empty();
        (n.kept, n.settled) = (false, true);
        Some(self.judge(i))
    }

    /// A registrar lets a correction beside what is registered take effect: it does unless something has
    /// come up that he was not shown.
    pub fn accept_beside(&mut self, i: usize) {
        let Some((event, shown)) = self.all[i].beside.take() else {
            return;
        };
        let alike = self.alike(i, event);
        let n = &mut self.all[i];
        n.answered.clone_from(&shown);
        if let State::Duplicate(_) = n.state {
            (n.let_pass, n.kept, n.event) = (true, false, event);
            self.judge(i);
            return;
        }
        let open: Vec<usize> = alike.into_iter().filter(|a| !n.answered.contains(a)).collect();
        if n.event != event && !open.is_empty() {
            n.beside = Some((event, open));
            return;
        }
        n.let_pass |= n.event != event && !shown.is_empty();
        n.event = event;
    }

    pub fn send_back(&mut self, i: usize) {
        let n = &mut self.all[i];
        // A reason of a person's stays; a doubt of a key goes with the entry.
        n.kept |= !n.doubted && !n.shown.is_empty();
        n.awaits_key &= !n.doubted;
        n.doubted = false;
        n.state = State::Returned;
    }

    /// It stands as it stood; what the corrections that came meanwhile are told, in their order.
    pub fn decline(&mut self, i: usize) -> Vec<Status> {
        let State::Pending { stood, .. } = self.all[i].state.clone() else {
            return Vec::new();
        };
        self.all[i].state = *stood;
        let (mut told, mut taken) = (Vec::new(), false);
        for report in std::mem::take(&mut self.all[i].waiting) {
            told.push(match taken {
                true => Status::Returned,
                false => self.amend(i, report),
            });
            taken |= !report.forked && told.last() != Some(&Status::Returned);
        }
        match self.all[i].state {
            State::Duplicate(of) if self.all[of].state == State::Voided => self.look_again(i),
            State::Held if !self.all[i].doubted || self.approved => {
                self.all[i].kept |= !self.all[i].doubted;
                self.all[i].doubted = false;
                self.judge(i);
            }
            _ => {}
        }
        told
    }

    /// The newcomer's key is approved: what waited for it is judged, in the order of arrival, as it stands now.
    pub fn approve(&mut self) {
        self.approved = true;
        for i in 0..self.all.len() {
            if self.all[i].awaits_key && self.all[i].state == State::Held {
                self.all[i].doubted = false;
                self.judge(i);
            }
        }
    }

    pub fn status(&self, i: usize) -> Status {
        match &self.all[i].state {
            State::Held => Status::Held,
            State::Returned => Status::Returned,
            State::Registered if self.all[i].certificate => Status::CertificateIssued,
            State::Registered => Status::Registered,
            State::Duplicate(_) => Status::Duplicate,
            State::Pending { .. } => Status::AnnulmentPending,
            State::Voided => Status::Voided,
        }
    }
}
