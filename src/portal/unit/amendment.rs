//! Amendments, annulments and multiple births: what a later entry does to a notification.

use crate::env::Role;
use crate::matching::MatchingRecord;
use crate::portal::book::{BookResult, kind_of};
use crate::portal::record::assess::{self, AssessmentContext};
use crate::portal::record::policy::{PolicyOutcome, outcome};
use crate::portal::record::{Decision, EntryRow, Notification, describe, problem};
use crate::portal::unit::ruling::annulment_of;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::rules::Sibling;
use crate::seal::{By, Entry, Problem, Ref, Status};
use crate::vital::Event;
use crate::wire::Reason;

impl UnitOfWork<'_> {
    /// A new revision of a notification.
    pub fn amend(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        let Some((mut n, reference)) = self.parent(row, entry)? else {
            return Ok(());
        };
        if n.rev < reference.rev {
            // The revision that it replaces is still on its way.
            self.record_reason(&row.h, Status::Received, Reason::ParentMissing);
            return self.wait(&row.h, &row.nid);
        }
        if n.rev != reference.rev || n.h != reference.h || row.rev != reference.rev.saturating_add(1) {
            self.record_reason(&row.h, Status::Returned, Reason::RevConflict);
            return Ok(());
        }
        match n.status {
            Status::Voided => {
                self.record_reason(&row.h, Status::Returned, Reason::Annulled);
                return Ok(());
            }
            Status::AnnulmentPending => {
                self.record_reason(&row.h, Status::Held, Reason::Annulled);
                return Ok(());
            }
            _ => {}
        }
        if let Err(reason) = self.signer(row) {
            return self.hold_for_key(row, reason);
        }
        n.rev = row.rev;
        n.h = row.h.clone();
        let event = assess::read_event(kind_of(&n)?, entry);
        match n.status {
            Status::Received | Status::Returned => self.judge(n, row, entry, event)?,
            _ => self.amend_settled(n, row, entry, event)?,
        }
        self.decide_waiting(&row.nid)
    }

    /// An amendment of what is held, registered or a duplicate.
    fn amend_settled(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        entry: &Entry,
        event: Result<Event, Problem>,
    ) -> BookResult<()> {
        let old = assess::read_event(kind_of(&n)?, &self.read(&n.effective)?.1).ok();
        let changes_medical = match (&old, &event) {
            (Some(old), Ok(new)) => crate::questions::changes_medical(old, new),
            _ => true,
        };
        // A clerk supplements what is administrative.
        let role = match self.signer(row) {
            Ok(Some(Role::Clerk)) if !changes_medical => Some(Role::Clerk),
            _ => self.entitled(row, &n.kind)?,
        };
        let Some(role) = role else {
            self.save(&n);
            return Ok(());
        };
        let event = match event {
            Ok(event) => event,
            Err(problem) => return self.return_to_ward(n, row, problem),
        };
        let record = MatchingRecord::of(&event, &n.fac);
        // A document that was not yet known may say that she had another child; what a registrar has
        // let pass is not asked again with every name.
        let asked = |record: &Option<MatchingRecord>| record.as_ref().map(|t| (t.document.clone(), t.day));
        let before = old.as_ref().and_then(|old| MatchingRecord::of(old, &n.fac));
        let too_soon = match asked(&before) == asked(&record) {
            true => None,
            false => self.too_soon(&n.nid, record.as_ref())?,
        };
        let context = AssessmentContext {
            settings: self.settings,
            now: self.now,
            siblings: &[],
            candidates: &[],
            too_soon: too_soon.as_deref(),
            role: Some(role),
        };
        if let Some(fault) = assess::fault(&event, entry, &context) {
            return self.return_to_ward(n, row, fault);
        }
        if n.status == Status::Held {
            let office = n.office.clone();
            describe(&mut n, &event, self.settings, self.now.offset());
            let addressed = |event: &Event| event.text(crate::vital::field::OFFICE).map(str::to_owned);
            if old.as_ref().map(addressed) == Some(addressed(&event)) {
                // It may have been given to another office meanwhile.
                n.office = office;
            }
            n.effective = row.h.clone();
            let why = n.hold.clone().unwrap_or_else(|| problem(Reason::Correction));
            return self.hold_for(n, row, why, None);
        }
        let registered = matches!(n.status, Status::Registered | Status::CertificateIssued);
        let fills_in = registered && old.is_some_and(|old| assess::only_fills_in(&old, &event));
        if fills_in {
            let reasons = assess::holds(&event, entry, &context);
            return match outcome(self.settings, event.kind, reasons) {
                PolicyOutcome::Hold(why, _) => self.hold_beside(n, row, why),
                // A record that there is already needs no family to be filled in.
                PolicyOutcome::Register | PolicyOutcome::Prepare(_) => {
                    // Found from now on by what was filled in.
                    self.index(&n.nid, record);
                    self.register(n, &row.h, &event, By::Auto)
                }
            };
        }
        self.hold_beside(n, row, problem(Reason::Correction))
    }

    /// Holds a revision; the record stays as it is.
    fn hold_beside(&mut self, n: Notification, row: &EntryRow, why: Problem) -> BookResult<()> {
        let mut decision = Decision::because(Status::Held, why);
        decision.office = Some(n.office.clone());
        self.save(&n);
        self.record_decision(&row.h, decision);
        Ok(())
    }

    /// The notification that an entry is about. Without it the entry is received and waits.
    fn parent(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<Option<(Notification, Ref)>> {
        let Some(reference) = entry.reference.clone().filter(|r| r.nid == row.nid) else {
            self.record_reason(&row.h, Status::Returned, Reason::RevConflict);
            return Ok(None);
        };
        match self.find(&row.nid)? {
            // Two facilities never amend one another's notifications.
            Some(n) if n.fac != row.fac => {
                self.record_reason(&row.h, Status::Held, Reason::ForeignKey);
                Ok(None)
            }
            Some(n) => Ok(Some((n, reference))),
            None => {
                let status = if row.t == "void" {
                    Status::AnnulmentPending
                } else {
                    Status::Received
                };
                self.record_reason(&row.h, status, Reason::ParentMissing);
                self.wait(&row.h, &row.nid)?;
                Ok(None)
            }
        }
    }

    /// An annulment: from now on nothing is registered; a second person makes it final.
    pub fn void(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        let Some((mut n, reference)) = self.parent(row, entry)? else {
            return Ok(());
        };
        if self.entitled(row, "void")?.is_none() {
            return Ok(());
        }
        if n.void.is_some() {
            self.record_reason(&row.h, Status::Returned, Reason::Annulled);
            return Ok(());
        }
        if n.h == reference.h && row.rev == n.rev.saturating_add(1) {
            n.rev = row.rev;
            n.h = row.h.clone();
        }
        n.void = Some((row.h.clone().into(), row.kid.clone()));
        n.status = Status::AnnulmentPending;
        self.save(&n);
        let mut decision = Decision::because(Status::AnnulmentPending, problem(Reason::Annulment));
        decision.reg_no.clone_from(&n.reg_no);
        decision.office = Some(n.office.clone());
        self.record_decision(&row.h, decision);
        if let Some((set, _)) = &n.set {
            self.settle_set(set)?;
        }
        self.decide_waiting(&row.h)
    }

    /// A second person over an entry; over an annulment it takes effect.
    pub fn attest(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        let target = entry.reference.as_ref().map(|r| r.h.clone()).unwrap_or_default();
        let Some(other) = self.row(&target)? else {
            self.record_reason(&row.h, Status::Received, Reason::ParentMissing);
            return self.wait(&row.h, &target);
        };
        if self.entitled(row, "attest")?.is_some() {
            self.apply_attestation(row, &other)?;
        }
        Ok(())
    }

    /// Does what a confirmation of the entry `other` does.
    pub fn apply_attestation(&mut self, row: &EntryRow, other: &EntryRow) -> BookResult<()> {
        if other.t == "void" {
            let n = self.find(&other.nid)?;
            let Some(n) = n.filter(|n| n.void.as_ref().is_some_and(|(h, _)| *h == other.h)) else {
                self.record_reason(&row.h, Status::Received, Reason::ParentMissing);
                return self.wait(&row.h, &other.h);
            };
            if other.kid == row.kid || self.same_person(&other.kid, &row.kid) {
                self.record_reason(&row.h, Status::Returned, Reason::SecondPerson);
                return Ok(());
            }
            if n.fac != row.fac {
                self.record_reason(&row.h, Status::Held, Reason::ForeignKey);
                return Ok(());
            }
            self.annul(n, By::Auto)?;
        }
        self.record_decision(&row.h, Decision::of(Status::Received));
        Ok(())
    }

    /// Makes an annulment final. A number that was given is not given again.
    pub fn annul(&mut self, mut n: Notification, by: By) -> BookResult<()> {
        let Some((void_h, _)) = n.void.clone() else {
            return Ok(());
        };
        n.status = Status::Voided;
        self.save(&n);
        self.unindex(&n.nid);
        let mut decision = Decision::of(Status::Voided);
        decision.by = by;
        decision.reg_no = n.reg_no;
        decision.office = Some(n.office);
        self.record_decision(&void_h, decision);
        self.annulled(&n.nid)
    }

    /// What was ruled a duplicate of a notification that is annulled by now is looked at again: it may be
    /// the only report of that event that still stands.
    pub fn annulled(&mut self, nid: &str) -> BookResult<()> {
        for h in self.take_waiting(&annulment_of(nid))? {
            let Some(row) = self.row(&h)? else { continue };
            let duplicate = self
                .find(&row.nid)?
                .filter(|n| n.status == Status::Duplicate && n.h == h);
            if let Some(n) = duplicate {
                self.hold_for(n, &row, problem(Reason::OriginalAnnulled), None)?;
            }
        }
        Ok(())
    }

    /// Whether two keys belong to one person of one facility.
    fn same_person(&self, a: &str, b: &str) -> bool {
        match (self.keyring.find(a), self.keyring.find(b)) {
            (Some((a, _)), Some((b, _))) => a.usr.is_some() && a.usr == b.usr && a.fac == b.fac,
            _ => false,
        }
    }

    /// Decides the members of a multiple birth once all are there.
    pub fn settle_set(&mut self, set: &str) -> BookResult<()> {
        let members = self.members(set)?;
        let wanted = members
            .iter()
            .filter_map(|m| m.set.as_ref().map(|(_, n)| *n))
            .max();
        let waiting = members.iter().any(undecided);
        if !waiting || u32::try_from(members.len()).ok() < wanted {
            return Ok(());
        }
        // A registrar already looks at the others.
        let incomplete = members
            .iter()
            .find_map(|m| m.hold.clone().filter(|h| h.code == Reason::SetIncomplete.code()));
        let mut siblings: Vec<Sibling> = Vec::new();
        for m in &members {
            siblings.extend(self.candidate(&m.nid)?);
        }
        for n in members.into_iter().filter(undecided) {
            let (row, entry) = self.read(&n.h)?;
            if let Some(why) = incomplete.clone() {
                self.hold_for(n, &row, why, None)?;
                continue;
            }
            let others: Vec<Sibling> = siblings.iter().filter(|s| s.nid != n.nid).cloned().collect();
            let role = self.signer(&row).ok().flatten();
            match assess::read_event(kind_of(&n)?, &entry) {
                Ok(event) => self.settle(n, &row, &entry, &event, role, &others)?,
                Err(problem) => self.return_to_ward(n, &row, problem)?,
            }
        }
        Ok(())
    }

    /// Holds multiple births that stayed incomplete for too long. Says how many members it held.
    pub fn hold_incomplete_sets(&mut self) -> BookResult<usize> {
        let grace_period = chrono::Duration::hours(i64::from(self.settings.limits.set_hours));
        let before = (self.now - grace_period).timestamp_millis();
        let mut held = 0;
        for set in self.tx.waiting_sets(before)? {
            for n in self.members(&set)? {
                if undecided(&n) {
                    let (row, _) = self.read(&n.h)?;
                    self.hold_for(n, &row, problem(Reason::SetIncomplete), None)?;
                    held += 1;
                }
            }
        }
        Ok(held)
    }
}

/// Whether a member of a multiple birth still waits for the others.
fn undecided(n: &Notification) -> bool {
    n.status == Status::Received && n.hold.is_none()
}
