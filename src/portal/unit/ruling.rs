//! What a registrar decides about an entry that waits on the desk.

use crate::lang::Msg;
use crate::matching::MatchingRecord;
use crate::portal::book::{BookResult, kind_of};
use crate::portal::record::{
    Decision, EntryRow, Notification, assess, describe, new_notification, problem_of,
};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::rules;
use crate::seal::{By, Entry, EntryType, Problem, Status};
use crate::wire::Reason;

/// A registrar's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Ruling {
    /// Register it, let the correction take effect, or make the annulment final.
    Accept,
    /// Send it back, with words, at a field.
    Return { field: Option<String>, text: String },
    /// It repeats another notification.
    Duplicate { of: String },
}

impl Ruling {
    /// Its word in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Ruling::Accept => "accept",
            Ruling::Return { .. } => "return",
            Ruling::Duplicate { .. } => "duplicate",
        }
    }
}

impl UnitOfWork<'_> {
    /// Applies a ruling. False where there is nothing to rule on: somebody was faster, or the
    /// ruling does not fit.
    pub fn rule(&mut self, h: &str, ruling: &Ruling) -> BookResult<bool> {
        let Some(row) = self.row(h)? else { return Ok(false) };
        let waits = row.decision.as_ref().is_some_and(|v| {
            let prepared = v
                .problem
                .as_ref()
                .is_some_and(|p| p.code == Reason::Prepared.code());
            prepared || matches!(v.status, Status::Held | Status::AnnulmentPending)
        });
        let Some(entry) = crate::portal::record::reread(&row).filter(|_| waits) else {
            // Of a newer version: it can be sent back, not registered.
            return match ruling {
                Ruling::Return { field, text } if waits => {
                    self.record_decision(h, returned(field.as_deref(), text));
                    Ok(true)
                }
                _ => Ok(false),
            };
        };
        match (&entry.t, ruling) {
            (EntryType::Void, _) => self.rule_on_annulment(&row, ruling),
            (EntryType::Notice(_) | EntryType::Amend, Ruling::Accept) => self.accept(&row),
            (EntryType::Notice(_) | EntryType::Amend, Ruling::Return { field, text }) => {
                self.return_by_registrar(&row, returned(field.as_deref(), text))
            }
            (EntryType::Notice(_) | EntryType::Amend, Ruling::Duplicate { of }) => {
                self.mark_duplicate(&row, of)
            }
            (_, Ruling::Return { field, text }) => {
                self.record_decision(h, returned(field.as_deref(), text));
                Ok(true)
            }
            (_, Ruling::Accept) => self.apply_held(&row, &entry),
            (_, Ruling::Duplicate { .. }) => Ok(false),
        }
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
            EntryType::Attest if may => match entry.reference.as_ref() {
                Some(of) => match self.row(&of.h)? {
                    Some(other) => {
                        self.apply_attestation(row, &other)?;
                        true
                    }
                    None => false,
                },
                None => false,
            },
            EntryType::Tally if may => {
                crate::portal::unit::tally::save_tally(self.tx, &row.fac, entry, row.at_ms)?;
                self.record_decision(&row.h, Decision::of(Status::Received));
                true
            }
            EntryType::Open if row.verified => {
                self.record_decision(&row.h, Decision::of(Status::Received));
                true
            }
            _ => false,
        };
        if done {
            self.attribute_to_registrar(&row.h);
        }
        Ok(done)
    }

    fn accept(&mut self, row: &EntryRow) -> BookResult<bool> {
        let forged = |v: &Decision| {
            v.problem
                .as_ref()
                .is_some_and(|p| p.code == Reason::WrongSignature.code())
        };
        if row.decision.as_ref().is_some_and(forged) {
            return Ok(false);
        }
        let (_, entry) = self.read(&row.h)?;
        let known = self.find(&row.nid)?;
        let kind = match (&entry.t, &known) {
            (EntryType::Notice(kind), _) => *kind,
            (_, Some(n)) => kind_of(n)?,
            // An amendment of something that is not here.
            (_, None) => return Ok(false),
        };
        let Ok(event) = assess::read_event(kind, &entry) else {
            return Ok(false);
        };
        let mut n = known.unwrap_or_else(|| new_notification(row, kind));
        if !is_newest(&n, row) || n.void.is_some() {
            return Ok(false);
        }
        n.rev = row.rev;
        n.h = row.h.clone();
        describe(&mut n, &event, self.settings, self.now.offset());
        self.index(&n.nid, MatchingRecord::of(&event, &n.fac));
        self.register(n, &row.h, &event, By::Registrar)?;
        self.decide_waiting(&row.nid)?;
        Ok(true)
    }

    fn return_by_registrar(&mut self, row: &EntryRow, decision: Decision) -> BookResult<bool> {
        let n = self.find(&row.nid)?.filter(|n| n.h == row.h);
        if let Some(mut n) = n
            && !matches!(n.status, Status::Registered | Status::CertificateIssued)
        {
            // A human's reason to look at it stays, and the corrected one comes back to the desk. A
            // rule's goes with what it found: the corrected one is judged afresh.
            n.hold = n.hold.take().filter(|why| rules::rule(&why.code).is_none());
            n.status = Status::Returned;
            self.save(&n);
        }
        self.record_decision(&row.h, decision);
        Ok(true)
    }

    fn mark_duplicate(&mut self, row: &EntryRow, of: &str) -> BookResult<bool> {
        let (Some(original), Some(mut n)) = (self.find(of)?, self.find(&row.nid)?) else {
            return Ok(false);
        };
        let registered = matches!(n.status, Status::Registered | Status::CertificateIssued);
        // A duplicate of what no longer stands would leave the event in no register.
        let gone = matches!(
            original.status,
            Status::Returned | Status::Duplicate | Status::AnnulmentPending | Status::Voided
        );
        if original.nid == n.nid || registered || gone || n.h != row.h {
            return Ok(false);
        }
        n.status = Status::Duplicate;
        self.unindex(&n.nid);
        self.save(&n);
        self.wait(&row.h, &annulment_of(of))?;
        let mut decision = Decision::of(Status::Duplicate);
        decision.by = By::Registrar;
        decision.dup_of = Some(original.nid);
        decision.reg_no = original.reg_no;
        decision.office = Some(original.office);
        self.record_decision(&row.h, decision);
        Ok(true)
    }

    fn rule_on_annulment(&mut self, row: &EntryRow, ruling: &Ruling) -> BookResult<bool> {
        let n = self.find(&row.nid)?;
        let own = |n: &Notification| n.void.as_ref().is_some_and(|(h, _)| *h == row.h);
        match (ruling, n) {
            (Ruling::Accept, Some(n)) if own(&n) => {
                self.annul(n, By::Registrar)?;
                Ok(true)
            }
            (Ruling::Return { field, text }, n) => {
                if let Some(mut n) = n.filter(own) {
                    // The annulment is declined: the record stands as it stood.
                    n.void = None;
                    n.status = match (&n.reg_no, &n.cert) {
                        (_, Some(_)) => Status::CertificateIssued,
                        (Some(_), None) => Status::Registered,
                        (None, None) => Status::Held,
                    };
                    self.save(&n);
                    if n.status == Status::Held {
                        let (effective, _) = self.read(&n.effective)?;
                        let why = n
                            .hold
                            .clone()
                            .unwrap_or_else(|| crate::portal::record::problem(Reason::Correction));
                        self.hold_for(n, &effective, why, None)?;
                    }
                }
                self.record_decision(&row.h, returned(field.as_deref(), text));
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// Under what a duplicate waits for the end of its original.
pub(in crate::portal) fn annulment_of(nid: &str) -> String {
    format!("annulment {nid}")
}

/// Whether an entry is its notification's newest revision, or the next one.
pub(in crate::portal) fn is_newest(n: &Notification, row: &EntryRow) -> bool {
    n.h == row.h || row.rev > n.rev
}

fn returned(field: Option<&str>, text: &str) -> Decision {
    let msg: Msg = Reason::Registrar.msg().with("what", text);
    let problem: Problem = problem_of(Reason::Registrar.code(), field, &msg);
    let mut decision = Decision::because(Status::Returned, problem);
    decision.by = By::Registrar;
    decision
}
