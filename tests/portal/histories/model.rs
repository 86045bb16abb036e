//! The registry as plainly as it can be said: what each entry and act has to come to.
//!
//! Likeness is simple here: two reports resemble one another if they state the same event. Nothing of the
//! program is used but the words of statuses.

use ogoh::seal::Status;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    Doctor,
    Head,
    /// May supplement, not certify.
    Clerk,
    /// Somebody whose key is not enrolled until it is approved.
    Newcomer,
}

/// What a correction changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Fills in what was not yet known.
    FillsIn,
    /// Anything else of the same event.
    Other,
    /// It is another event altogether.
    Event(usize),
    /// Something that no rule lets pass.
    Fault,
}

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
    /// Nobody believes the key of its first entry.
    pub doubted: bool,
    /// What was returned goes back to the desk: a person had looked at it.
    kept: bool,
    /// What it resembled when a person last looked, and has been answered for.
    shown: Vec<usize>,
    answered: Vec<usize>,
    /// A correction that waits beside what is registered: the event that it states, and what that resembles.
    pub beside: Option<(usize, Vec<usize>)>,
    pub certificate: bool,
    /// Whether a registrar let it pass although something resembled it.
    pub let_pass: bool,
    /// No rule lets its statement pass.
    faulty: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub all: Vec<Notification>,
    pub approved: bool,
}

impl Model {
    fn believed(&self, signer: Signer) -> bool {
        signer != Signer::Newcomer || self.approved
    }

    fn stands(n: &Notification) -> bool {
        let stands = |state: &State| !matches!(state, State::Returned | State::Duplicate(_) | State::Voided);
        let state = match &n.state {
            State::Pending { stood, .. } => stands(stood),
            state => stands(state),
        };
        state && !n.doubted
    }

    /// Notifications that state an event and stand, but for one.
    pub fn alike(&self, but: usize, event: usize) -> Vec<usize> {
        let all = self.all.iter().enumerate();
        all.filter(|(i, n)| *i != but && n.event == event && Model::stands(n))
            .map(|(i, _)| i)
            .collect()
    }

    fn judge(&mut self, i: usize) -> Status {
        if self.all[i].faulty {
            self.all[i].state = State::Returned;
            return Status::Returned;
        }
        let mut open = self.alike(i, self.all[i].event);
        let n = &mut self.all[i];
        open.retain(|a| !n.answered.contains(a));
        if open.is_empty() && !n.kept {
            n.state = State::Registered;
            return Status::Registered;
        }
        n.shown.extend(open);
        n.state = State::Held;
        Status::Held
    }

    /// A first entry.
    pub fn first(&mut self, facility: usize, event: usize, signer: Signer, faulty: bool) -> Status {
        let doubted = !self.believed(signer);
        self.all.push(Notification {
            facility,
            event,
            doubted,
            faulty,
            ..Notification::default()
        });
        let i = self.all.len() - 1;
        if self.all[i].doubted {
            return Status::Held;
        }
        if signer == Signer::Clerk || faulty {
            self.all[i].state = State::Returned;
            return Status::Returned;
        }
        self.judge(i)
    }

    /// A correction of the newest revision of what is not about to be annulled.
    pub fn amend(&mut self, i: usize, change: Change, signer: Signer) -> Status {
        if self.all[i].state == State::Voided || change == Change::Fault || signer == Signer::Clerk {
            return Status::Returned;
        }
        let event = match (change, &self.all[i].beside) {
            (Change::Event(event), _) => event,
            (_, Some((event, _))) => *event,
            _ => self.all[i].event,
        };
        match self.all[i].state {
            State::Registered if change == Change::FillsIn && self.all[i].beside.is_none() => self.status(i),
            State::Registered | State::Duplicate(_) => {
                let beside = self.all[i].beside.take();
                let mut shown = beside.map(|(_, shown)| shown).unwrap_or_default();
                if let State::Duplicate(of) = self.all[i].state {
                    shown.push(of);
                    shown.extend(self.alike(i, event));
                } else if event != self.all[i].event {
                    shown.extend(self.alike(i, event));
                }
                self.all[i].beside = Some((event, shown));
                Status::Held
            }
            _ => {
                let n = &mut self.all[i];
                n.event = event;
                n.answered.clear();
                n.faulty = false;
                // The desk goes on with what is held, now by a signature that is believed.
                n.kept |= n.state == State::Held;
                n.doubted &= n.state != State::Held;
                self.judge(i)
            }
        }
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
        if signer == Signer::Clerk {
            return Status::Returned;
        }
        let State::Pending { by, .. } = &self.all[i].state else {
            return Status::Received;
        };
        if *by == signer {
            return Status::Returned;
        }
        if !self.all[i].certificate {
            self.annul(i);
        }
        Status::Received
    }

    /// The annulment takes effect; whoever was ruled a duplicate of it is looked at again.
    pub fn annul(&mut self, i: usize) {
        self.all[i].state = State::Voided;
        for n in 0..self.all.len() {
            if self.all[n].state == State::Duplicate(i) {
                self.all[n].kept = true;
                self.judge(n);
            }
        }
    }

    /// A registrar answers what a notification is held for; none where that is refused.
    pub fn accept(&mut self, i: usize) -> Option<Status> {
        if self.all[i].doubted {
            return None;
        }
        let n = &mut self.all[i];
        n.answered.append(&mut n.shown);
        n.let_pass |= !n.answered.is_empty();
        n.kept = false;
        Some(self.judge(i))
    }

    /// A registrar lets a correction beside what is registered take effect: it does unless something has
    /// come up that he was not shown.
    pub fn accept_beside(&mut self, i: usize) -> Status {
        let Some((event, shown)) = self.all[i].beside.take() else {
            return Status::Registered;
        };
        let alike = self.alike(i, event);
        let n = &mut self.all[i];
        n.answered.clone_from(&shown);
        if let State::Duplicate(_) = n.state {
            n.let_pass = true;
            n.event = event;
            return self.judge(i);
        }
        let open: Vec<usize> = alike.into_iter().filter(|a| !n.answered.contains(a)).collect();
        if n.event != event && !open.is_empty() {
            n.beside = Some((event, open));
            return Status::Held;
        }
        n.let_pass |= n.event != event && !shown.is_empty();
        n.event = event;
        Status::Registered
    }

    pub fn send_back(&mut self, i: usize) {
        let n = &mut self.all[i];
        // A reason of a person's stays; a doubt of a key goes with the entry.
        n.kept |= !n.doubted && !n.shown.is_empty();
        n.doubted = false;
        n.state = State::Returned;
    }

    pub fn decline(&mut self, i: usize) {
        if let State::Pending { stood, .. } = self.all[i].state.clone() {
            self.all[i].state = *stood;
            let ended =
                matches!(self.all[i].state, State::Duplicate(of) if self.all[of].state == State::Voided);
            self.all[i].kept |= ended;
            if self.all[i].state == State::Held || ended {
                if self.all[i].doubted && !self.approved {
                    return;
                }
                self.all[i].kept |= !self.all[i].doubted;
                self.all[i].doubted = false;
                self.judge(i);
            }
        }
    }

    /// The newcomer's key is approved: what was held for it is judged, in the order of arrival.
    pub fn approve(&mut self) {
        self.approved = true;
        for i in 0..self.all.len() {
            if self.all[i].doubted && self.all[i].state == State::Held {
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

    /// Notifications that stand with a number and state an event.
    pub fn numbered(&self, event: usize) -> usize {
        let registered = |state: &State| match state {
            State::Registered => true,
            State::Pending { stood, .. } => **stood == State::Registered,
            _ => false,
        };
        let all = self.all.iter();
        all.filter(|n| n.event == event && registered(&n.state)).count()
    }
}
