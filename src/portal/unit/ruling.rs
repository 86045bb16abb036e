//! What a registrar decides: loads what it is about, has it decided, keeps what follows.

use crate::portal::book::BookResult;
use crate::portal::decide::{
    AtOffice, Decided, NotDone, Ruling, Service, Told, Unfit, attestation, on_journal, returned, rule, serve,
};
use crate::portal::projections::search::certificate_word;
use crate::portal::record::{ActPlace, EntryRow, Hold, Original, Record, State, Step, reread};
use crate::portal::unit::unit_of_work::{Task, UnitOfWork};
use crate::seal::{Entry, EntryType, Status};
use crate::vital::OfficeCode;
use crate::wire::Reason;

impl UnitOfWork<'_> {
    /// The office that an entry belongs to: the notification's, else its facility's.
    pub fn office_of(&self, row: &EntryRow) -> BookResult<OfficeCode> {
        let own = self.find(&row.nid)?.map(|record| record.office);
        if let Some(office) = own.filter(|office| !office.is_empty()) {
            return Ok(office);
        }
        let places = self.tx.places()?;
        let facility = places.into_iter().find(|(fac, _, _)| *fac == row.fac);
        Ok(facility.map(|(_, _, office)| office).unwrap_or_default().into())
    }

    /// Applies a registrar's ruling on an entry that waits on the desk.
    pub fn rule(&mut self, h: &str, ruling: &Ruling, login: &str) -> BookResult<Result<(), Unfit>> {
        let Some(row) = self.row(h)? else {
            return Ok(Err(Unfit::TooLate));
        };
        self.login = Some(login.to_owned());
        let waits = row.decision.as_ref().is_some_and(|d| {
            let prepared = d
                .problem
                .as_ref()
                .is_some_and(|p| p.code == Reason::Prepared.code());
            prepared || matches!(d.status, Status::Held | Status::AnnulmentPending)
        });
        if !waits {
            return Ok(Err(Unfit::TooLate));
        }
        let Some(entry) = reread(&row) else {
            return self.rule_on_unreadable(&row, ruling);
        };
        match (&entry.t, ruling) {
            (EntryType::Notice(_) | EntryType::Amend | EntryType::Void, _) => {
                self.rule_on_notification(&row, &entry, ruling, login)
            }
            (_, Ruling::Return { field, text }) => {
                let decided = Decided::told(returned(field.as_deref(), text));
                self.apply(&row, decided, self.evidence())?;
                Ok(Ok(()))
            }
            (_, Ruling::Accept) => Ok(match self.apply_held(&row, &entry)? {
                true => Ok(()),
                false => Err(Unfit::Signature),
            }),
            (_, Ruling::Duplicate { .. } | Ruling::AlreadyRegistered { .. }) => Ok(Err(Unfit::TooLate)),
        }
    }

    /// Of a newer version: it can be sent back, not registered.
    fn rule_on_unreadable(&mut self, row: &EntryRow, ruling: &Ruling) -> BookResult<Result<(), Unfit>> {
        let Ruling::Return { field, text } = ruling else {
            return Ok(Err(Unfit::TooLate));
        };
        let decided = Decided::told(returned(field.as_deref(), text));
        self.apply(row, decided, self.evidence())?;
        Ok(Ok(()))
    }

    fn rule_on_notification(
        &mut self,
        row: &EntryRow,
        entry: &Entry,
        ruling: &Ruling,
        login: &str,
    ) -> BookResult<Result<(), Unfit>> {
        let original = match ruling {
            Ruling::Duplicate { of } => self.find(of)?,
            Ruling::AlreadyRegistered { act } => self.known_act(row, act)?,
            _ => None,
        };
        let before = self.find(&row.nid)?;
        // What a later revision replaced is ruled on no more.
        let newest = |record: &&Record| doubts_time(record) && record.newest.h == row.h;
        if *ruling == Ruling::Accept && before.as_ref().filter(newest).is_some() {
            // One ruling for the journal and everything that it has delivered by now.
            self.tx
                .put_time_ruling(&row.jid, self.now.timestamp_millis(), login)?;
        }
        let (around, evidence) = self.around(row, entry, None)?;
        let decided = match rule(&around, ruling, login, original.as_ref()) {
            Ok(decided) => decided,
            Err(unfit) => return Ok(Err(unfit)),
        };
        let replaced = match &before {
            Some(before) if decided.steps.contains(&Step::Dropped) => self.replaced_beside(before)?,
            _ => Vec::new(),
        };
        let told = decided.told.clone();
        self.apply(row, decided, evidence)?;
        // What it replaced comes to nothing with it, so that the ward's next one follows on what is in force.
        for earlier in replaced {
            self.apply(&earlier, Decided::told(told.clone()), self.evidence())?;
        }
        if before.as_ref().is_some_and(doubts_time) {
            self.due(&on_journal(&row.jid))?;
        }
        self.run()?;
        self.judge_declined(before.as_ref())?;
        Ok(Ok(()))
    }

    /// Corrections that the newest one beside what is in force took the place of, the latest first.
    fn replaced_beside(&self, record: &Record) -> BookResult<Vec<EntryRow>> {
        let mut out = Vec::new();
        let (_, newest) = self.read(&record.newest.h)?;
        let mut named = newest.reference;
        while let Some(reference) = named.filter(|named| named.h != record.effective.h) {
            let Some(row) = self.row(&reference.h)?.filter(|row| row.nid == record.nid) else {
                break;
            };
            named = reread(&row).and_then(|entry| entry.reference);
            if self.decided(&row).is_some_and(|d| d.status == Status::Held) {
                out.push(row);
            }
        }
        Ok(out)
    }

    /// The record that stands for an act, where the registry has one.
    fn known_act(&self, row: &EntryRow, act: &ActPlace) -> BookResult<Option<Record>> {
        let Some(record) = self.find(&row.nid)? else {
            return Ok(None);
        };
        match self.act_at(record.kind, act)? {
            Some(nid) => self.find(&nid),
            None => Ok(None),
        }
    }

    /// What comes back into force without a number is judged anew once its annulment was declined.
    fn judge_declined(&mut self, before: Option<&Record>) -> BookResult<()> {
        let Some(before) = before.filter(|b| b.status() == Status::AnnulmentPending) else {
            return Ok(());
        };
        let Some(now) = self.find(&before.nid)? else {
            return Ok(());
        };
        match &now.state {
            State::Received(_) | State::Held(_) | State::Prepared(_) => {
                // A fork may have come while nothing was decided.
                let (newest, _) = self.read(&now.newest.h)?;
                let position = self.position_of(&newest)?;
                self.judge_newest(&now.nid, position)?;
            }
            // What it is a duplicate of may have ended meanwhile.
            State::Duplicate {
                of: Original::Notification(of),
            } => {
                let ended = self
                    .find(of)?
                    .is_none_or(|of| matches!(of.state, State::Voided { .. }));
                if ended {
                    self.queue
                        .push_back(Task::OriginalAnnulled(now.newest.h.to_string()));
                }
            }
            _ => {}
        }
        self.run()
    }

    /// Lets a key, a count or a confirmation that was held take effect, as it would have by itself: for a
    /// signature that is known and a role that may.
    fn apply_held(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<bool> {
        let role = self
            .keyring
            .find(&row.kid)
            .filter(|_| row.verified)
            .and_then(|(key, _)| key.role);
        let may = role.is_some_and(|role| self.settings.policy.may_sign(role, entry.t.code()));
        let done = match &entry.t {
            EntryType::Key if may => self.apply_key_entry(row, entry)?,
            EntryType::Attest if may => self.attest_by_registrar(row, entry)?,
            EntryType::Tally if may => {
                self.keep_tally(row, entry)?;
                true
            }
            EntryType::Open if row.verified => {
                self.apply(row, Decided::told(Told::of(Status::Received)), self.evidence())?;
                true
            }
            _ => false,
        };
        if done {
            self.attribute_to_registrar(&row.h);
            self.run()?;
        }
        Ok(done)
    }

    /// A confirmation whose key was doubted counts: the registrar has answered for the doubt.
    fn attest_by_registrar(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<bool> {
        let Some(reference) = entry.reference.as_ref() else {
            return Ok(false);
        };
        let Some(other) = self.row(&reference.h)? else {
            return Ok(false);
        };
        let record = self.find(&other.nid)?;
        let same = other.kid == row.kid || self.same_person(&other.kid, &row.kid);
        let mut signer = self.signed_by(row, entry)?;
        if signer.doubt.take().is_some_and(|doubt| !doubt.is_answerable()) {
            return Ok(false);
        }
        let attested = attestation(self.settings, row, &signer, Some(&other), record.as_ref(), same);
        self.attested(row, Some(&other), attested)?;
        Ok(true)
    }

    /// Does what a registrar does for a family, for an office.
    pub fn serve(
        &mut self,
        nid: &str,
        office: &str,
        service: &Service,
        login: &str,
    ) -> BookResult<Result<(), NotDone>> {
        self.login = Some(login.to_owned());
        let Some(record) = self.find(nid)?.filter(|record| *record.office == *office) else {
            return Ok(Err(NotDone::Unknown));
        };
        let Some(event) = self.statement(&record.effective.h, record.kind)?.event else {
            return Ok(Err(NotDone::NotRegistered));
        };
        let (effective, _) = self.read(&record.effective.h)?;
        // What is held lies on the desk by its newest entry.
        let row = match service {
            Service::Transfer { .. } if record.status() == Status::Held => self.read(&record.newest.h)?.0,
            _ => effective,
        };
        let supplement = self.supplement(&record.nid)?;
        let last = self.decided(&row);
        let at = AtOffice {
            now: self.now,
            record: &record,
            event: &event,
            supplement: &supplement,
            last: last.as_ref(),
            login,
        };
        let decided = match serve(&at, service) {
            Ok(decided) => decided,
            Err(not_done) => return Ok(Err(not_done)),
        };
        if let Service::Issue { number, .. } = service
            && self.is_taken(office, number, nid)?
        {
            return Ok(Err(NotDone::CertificateTaken));
        }
        if let Service::Add(added) = service {
            self.tx.put_supplement(nid, added)?;
            // Its words changed, and nothing else of it.
            self.touch(&record.nid);
        }
        self.tell(&row, decided)?;
        self.run()?;
        Ok(Ok(()))
    }

    /// Whether another record of the office has a certificate of this number.
    fn is_taken(&self, office: &str, number: &str, nid: &str) -> BookResult<bool> {
        let word = certificate_word(number);
        let next = format!("{word}\u{1}");
        let found = self.tx.with_word(office, &word, &next, 2)?;
        Ok(found.iter().any(|other| other != nid))
    }

    /// Keeps a decision and tells it even where it is what was told before: the act itself is news.
    fn tell(&mut self, row: &EntryRow, decided: Decided) -> BookResult<()> {
        let told = decided.told.clone();
        self.apply(row, decided, self.evidence())?;
        let record = self.find(&row.nid)?;
        let open = match &record {
            Some(record) => self.still_open(record)?,
            None => Vec::new(),
        };
        let decision = told.decision(record.as_ref(), open);
        self.record_decision(&row.h, decision);
        Ok(())
    }
}

fn doubts_time(record: &Record) -> bool {
    let unproven = |hold: &Hold| hold.is(Reason::TimeUnproven);
    matches!(&record.state, State::Held(why) if why.iter().any(unproven))
}
