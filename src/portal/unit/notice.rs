//! Decision: what becomes of a stored entry.
//!
//! Keys first: what an unknown, revoked or foreign key signed is held outside the book until a
//! human or a new trust list says more. Then by type. Whatever waited for this entry is decided
//! after it.

use chrono::{Datelike, FixedOffset};

use crate::env::Role;
use crate::matching::MatchingRecord;
use crate::portal::book::{BookError, BookResult, kind_of};
use crate::portal::record::assess::{self, AssessmentContext};
use crate::portal::record::policy::{PolicyOutcome, outcome};
use crate::portal::record::{Decision, EntryRow, Notification, describe, new_notification, problem};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::rules::{Candidate, Sibling};
use crate::seal::{By, Entry, EntryType, KeyUse, Problem, Status};
use crate::vital::{Event, Kind};
use crate::wire::Reason;

impl UnitOfWork<'_> {
    /// Decides an entry that stands rightly in its journal.
    pub fn decide(&mut self, row: &EntryRow, entry: Option<&Entry>) -> BookResult<()> {
        let Some(entry) = entry else {
            self.record_reason(&row.h, Status::Held, Reason::NewerVersion);
            return Ok(());
        };
        // A signature means the person whose name it bears, and nobody else.
        if let Some((key, _)) = self.keyring.find(&row.kid).filter(|_| row.verified)
            && key.what == KeyUse::Person
            && key.usr.as_ref() != Some(&entry.usr)
        {
            self.record_reason(&row.h, Status::Held, Reason::ForeignName);
            return Ok(());
        }
        match &entry.t {
            EntryType::Unknown(_) => self.record_reason(&row.h, Status::Held, Reason::UnknownType),
            // A journal is opened by its device and nobody else.
            EntryType::Open if row.kid != entry.dev => {
                self.record_reason(&row.h, Status::Held, Reason::ForeignKey);
            }
            EntryType::Key => self.decide_key_entry(row, entry)?,
            EntryType::Open => match self.signer(row) {
                Ok(_) => self.record_decision(&row.h, Decision::of(Status::Received)),
                Err(reason) => self.hold_for_key(row, reason)?,
            },
            // The ministry holds what was signed against it, so not just anybody counts.
            EntryType::Tally => {
                if self.entitled(row, "tally")?.is_some() {
                    crate::portal::unit::tally::save_tally(self.tx, &row.fac, entry, row.at_ms)?;
                    self.record_decision(&row.h, Decision::of(Status::Received));
                }
            }
            EntryType::Notice(kind) => self.notice(row, entry, *kind)?,
            EntryType::Amend => self.amend(row, entry)?,
            EntryType::Void => self.void(row, entry)?,
            EntryType::Attest => self.attest(row, entry)?,
        }
        Ok(())
    }

    /// Two entries at one place of a journal: both kept, both held unless already registered.
    pub fn fork(&mut self, row: &EntryRow) -> BookResult<()> {
        self.record_reason(&row.h, Status::Held, Reason::Fork);
        for (h, _) in self.entries_at(&row.jid, row.seq)? {
            let Some(other) = self.tx.entry(&h)? else {
                continue;
            };
            let undecided = other
                .decision
                .as_ref()
                .is_some_and(|v| matches!(v.status, Status::Received | Status::Held));
            if h != row.h && undecided {
                self.record_reason(&h, Status::Held, Reason::Fork);
                if let Some(mut n) = self.find(&other.nid)?.filter(|n| n.h == h) {
                    n.status = Status::Held;
                    n.hold = Some(problem(Reason::Fork));
                    self.save(&n);
                }
            }
        }
        Ok(())
    }

    /// An entry that does not follow the one before.
    pub fn broken(&mut self, row: &EntryRow) {
        self.record_reason(&row.h, Status::Held, Reason::BrokenChain);
    }

    /// Role of the signer by the trust list, none for a device; or why a human has to look.
    pub fn signer(&self, row: &EntryRow) -> Result<Option<Role>, Reason> {
        let Some((key, _)) = self.keyring.find(&row.kid).filter(|_| row.verified) else {
            return Err(Reason::UnknownKey);
        };
        let received = chrono::DateTime::from_timestamp_millis(row.at_ms).unwrap_or_default();
        if !key.believed_at(received.with_timezone(self.now.offset() as &FixedOffset)) {
            return Err(Reason::RevokedKey);
        }
        // What came before the facility said so counts, and what stands before it in its journal: a
        // suspension goes ahead of what waited for a network.
        let by = self.suspended.get(&row.kid).into_iter().flatten();
        if by
            .into_iter()
            .any(|by| row.at_ms > by.at_ms && !(row.jid == by.jid && row.seq < by.seq))
        {
            return Err(Reason::KeySuspended);
        }
        // A forensic expert certifies for other facilities too.
        if key.fac.as_deref() != Some(&row.fac) && key.role != Some(Role::Forensic) {
            return Err(Reason::ForeignKey);
        }
        Ok(key.role.filter(|_| key.what == KeyUse::Person))
    }

    /// The signer's role if it may sign `t`. Otherwise the entry is decided and None comes back.
    pub fn entitled(&mut self, row: &EntryRow, t: &str) -> BookResult<Option<Role>> {
        match self.signer(row) {
            Err(reason) => self.hold_for_key(row, reason)?,
            Ok(Some(role)) if self.settings.policy.may_sign(role, t) => return Ok(Some(role)),
            Ok(_) => self.record_reason(&row.h, Status::Returned, Reason::Role),
        }
        Ok(None)
    }

    /// The first entry of a notification.
    fn notice(&mut self, row: &EntryRow, entry: &Entry, kind: Kind) -> BookResult<()> {
        if let Err(reason) = self.signer(row) {
            return self.hold_for_key(row, reason);
        }
        if self.find(&row.nid)?.is_some() {
            // Somebody signed a second first entry under one identifier.
            self.record_reason(&row.h, Status::Held, Reason::Fork);
            return Ok(());
        }
        let event = self.stated(&row.h, kind, entry);
        let mut n = new_notification(row, kind);
        if let Ok(event) = &event {
            describe(&mut n, event, self.settings, self.now.offset());
        }
        self.save(&n);
        // An annulment that came first keeps it from being registered at all.
        let waiting = self.take_waiting(&row.nid)?;
        let (voids, others) = self.split_voids(waiting)?;
        self.record_decision(&row.h, Decision::of(Status::Received));
        for h in voids {
            self.decide_again(&h)?;
        }
        let n = self.notification(&row.nid)?;
        if n.void.is_none() {
            self.judge(n, row, entry, event)?;
        }
        for h in others {
            self.decide_again(&h)?;
        }
        Ok(())
    }

    /// Judges the statement of an entry that is its notification's newest revision, afresh.
    pub fn judge(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        entry: &Entry,
        event: Result<Event, Problem>,
    ) -> BookResult<()> {
        let Some(role) = self.entitled(row, &n.kind)? else {
            n.status = match self.signer(row) {
                Ok(_) => Status::Returned,
                Err(_) => Status::Held,
            };
            self.save(&n);
            return Ok(());
        };
        let event = match event {
            Ok(event) => event,
            Err(problem) => return self.return_to_ward(n, row, problem),
        };
        describe(&mut n, &event, self.settings, self.now.offset());
        if let Some((set, _)) = n.set.clone() {
            n.status = Status::Received;
            self.save(&n);
            self.record_decision(&row.h, Decision::of(Status::Received));
            return self.settle_set(&set);
        }
        self.settle(n, row, entry, &event, Some(role), &[])
    }

    /// Returns, holds or registers.
    pub fn settle(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        entry: &Entry,
        event: &Event,
        role: Option<Role>,
        siblings: &[Sibling],
    ) -> BookResult<()> {
        let record = MatchingRecord::of(event, &n.fac);
        let candidates = self.candidates(&n.nid, record.as_ref())?;
        let too_soon = self.too_soon(&n.nid, record.as_ref())?;
        let context = AssessmentContext {
            settings: self.settings,
            now: self.now,
            siblings,
            candidates: &candidates,
            too_soon: too_soon.as_deref(),
            role,
        };
        if let Some(fault) = assess::fault(event, entry, &context) {
            return self.return_to_ward(n, row, fault);
        }
        self.index(&n.nid, record);
        self.remember_statement(&row.h, entry, event);
        n.effective = row.h.clone();
        let human = n.hold.take().filter(|h| h.code != Reason::Prepared.code());
        if let Some(reason) = human {
            return self.hold_for(n, row, reason, None);
        }
        let reasons = assess::holds(event, entry, &context);
        match outcome(self.settings, event.kind, reasons) {
            PolicyOutcome::Register => self.register(n, &row.h, event, By::Auto),
            PolicyOutcome::Hold(why, dup_of) => self.hold_for(n, row, why, dup_of.map(Into::into)),
            PolicyOutcome::Prepare(why) => {
                n.status = Status::Received;
                n.hold = Some(why.clone());
                let mut decision = Decision::because(Status::Received, why);
                decision.open = assess::open(event);
                decision.office = Some(n.office.clone());
                self.save(&n);
                self.record_decision(&row.h, decision);
                Ok(())
            }
        }
    }

    /// Sends an entry back to the ward; a later revision beside a registered record changes
    /// nothing of the record.
    pub fn return_to_ward(&mut self, mut n: Notification, row: &EntryRow, why: Problem) -> BookResult<()> {
        if !matches!(
            n.status,
            Status::Registered | Status::CertificateIssued | Status::Held
        ) {
            n.status = Status::Returned;
        }
        self.save(&n);
        self.record_decision(&row.h, Decision::because(Status::Returned, why));
        Ok(())
    }

    /// Holds a notification for a human.
    pub fn hold_for(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        why: Problem,
        dup_of: Option<String>,
    ) -> BookResult<()> {
        // Whatever it is held for, the registrar sees its best match, and what comes later finds it.
        let dup_of = match dup_of {
            None => self.best_match(&n, row)?,
            some => some,
        };
        n.status = Status::Held;
        n.hold = Some(why.clone());
        self.save(&n);
        let mut decision = Decision::because(Status::Held, why);
        decision.dup_of = dup_of.map(Into::into);
        decision.office = Some(n.office.clone());
        self.record_decision(&row.h, decision);
        Ok(())
    }

    /// Gives a number, or keeps the one that there is.
    pub fn register(&mut self, mut n: Notification, h: &str, event: &Event, by: By) -> BookResult<()> {
        let reg_no = match n.reg_no.clone() {
            Some(number) => number,
            None => {
                let year = self.now.year();
                let last = self.next_number(&n.office, year, &n.kind)?;
                crate::portal::record::numbering::format(
                    &self.settings.registration,
                    &n.office,
                    year,
                    &n.kind,
                    last,
                )
            }
        };
        n.reg_no = Some(reg_no.clone());
        n.status = match n.cert {
            Some(_) => Status::CertificateIssued,
            None => Status::Registered,
        };
        n.hold = None;
        n.effective = h.into();
        n.registered_ms.get_or_insert(self.now.timestamp_millis());
        self.save(&n);
        let mut decision = Decision::of(n.status);
        decision.by = by;
        decision.reg_no = Some(reg_no);
        decision.office = Some(n.office.clone());
        // What the office added meanwhile is not missing any more.
        decision.open = self.supplement(&n)?.still_open(event);
        decision.cert = n.cert.map(|(_, on)| on);
        self.record_decision(h, decision);
        Ok(())
    }

    /// Another notification as rules see it; none where its statement cannot be read.
    pub fn candidate(&self, nid: &str) -> BookResult<Option<Candidate>> {
        let Some(n) = self.find(nid)? else {
            return Ok(None);
        };
        let (_, entry) = self.read(&n.effective)?;
        Ok(assess::read_event(kind_of(&n)?, &entry)
            .ok()
            .map(|event| Candidate {
                nid: n.nid,
                facility: n.fac.into(),
                status: n.status.code().to_owned(),
                event,
            }))
    }

    /// A notification that must be there.
    pub fn notification(&self, nid: &str) -> BookResult<Notification> {
        self.find(nid)?
            .ok_or_else(|| BookError::Failed(format!("notification {nid} is missing")))
    }

    /// Decides an entry that had to wait.
    pub fn decide_again(&mut self, h: &str) -> BookResult<()> {
        let (row, entry) = self.read(h)?;
        self.decide(&row, Some(&entry))
    }

    /// Decides everything that waited for a notification or an entry.
    pub fn decide_waiting(&mut self, on: &str) -> BookResult<()> {
        for h in self.take_waiting(on)? {
            self.decide_again(&h)?;
        }
        Ok(())
    }

    fn split_voids(&self, waiting: Vec<String>) -> BookResult<(Vec<String>, Vec<String>)> {
        let (mut voids, mut others) = (Vec::new(), Vec::new());
        for h in waiting {
            let (row, _) = self.read(&h)?;
            if row.t == "void" { &mut voids } else { &mut others }.push(h);
        }
        Ok((voids, others))
    }
}
