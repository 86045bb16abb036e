//! Keys that colleagues give each other at night: kept as requests to enrol, until the registry has
//! asked that person.
//!
//! What such a key signs is held outside the book, under a reason that names both people, and judged
//! when the request is approved.

use crate::portal::book::BookResult;
use crate::portal::decide::{AroundKeys, Decided, KeyChange, Told, suspension};
use crate::portal::record::{
    Decision, EntryRow, Hold, Step, SuspendedBy, arrived, problem, problem_of, reread,
};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{
    Entry, EntryType, Jws, KeyUse, Problem, ReceiptNumber, Status, Suspension, Typ, read_enrolment,
    read_key_request, read_suspension,
};
use crate::wire::{EnrolmentState, Reason};

impl UnitOfWork<'_> {
    /// A colleague got a new key.
    pub fn decide_key_entry(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        if self.is_entitled(row, entry)? {
            self.apply_key_entry(row, entry)?;
        }
        Ok(())
    }

    /// Decides an entry that is about no notification: a journal opened, a key, a count, a type that this
    /// version does not know.
    pub fn decide_other(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        match &entry.t {
            EntryType::Key => self.decide_key_entry(row, entry)?,
            // The ministry holds what was signed against it, so not just anybody counts.
            EntryType::Tally => {
                if self.is_entitled(row, entry)? {
                    self.keep_tally(row, entry)?;
                }
            }
            // A journal is opened by its device and nobody else.
            EntryType::Open if row.kid != entry.dev => {
                self.record_reason(&row.h, Status::Held, Reason::ForeignKey);
            }
            EntryType::Open => match self.signed_by(row, entry)?.doubt {
                None => self.record_decision(&row.h, Decision::of(Status::Received)),
                Some(doubt) => self.hold_for_key(row, doubt),
            },
            _ => self.record_reason(&row.h, Status::Held, Reason::UnknownType),
        }
        Ok(())
    }

    /// Whether the signer is believed and may sign an entry of this type; otherwise the entry is decided.
    fn is_entitled(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<bool> {
        let signer = self.signed_by(row, entry)?;
        if let Some(doubt) = signer.doubt {
            self.hold_for_key(row, doubt);
            return Ok(false);
        }
        let may = |role| self.settings.policy.may_sign(role, entry.t.code());
        if !signer.role.is_some_and(may) {
            self.record_reason(&row.h, Status::Returned, Reason::Role);
            return Ok(false);
        }
        Ok(true)
    }

    fn hold_for_key(&mut self, row: &EntryRow, doubt: Hold) {
        self.record_decision(&row.h, Decision::because(Status::Held, doubt.problem));
    }

    /// Does what an entry about a key says; false where it says nothing that can be done.
    pub fn apply_key_entry(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<bool> {
        if let Some((usr, kid, says)) = read_suspension(entry) {
            return self.suspend(row, usr, kid, says);
        }
        let request = entry.body.get("request").and_then(serde_json::Value::as_str);
        let request = request.unwrap_or_default().to_owned();
        let read = read_key_request(entry, &row.kid).and_then(|_| arrived(request, row.at_ms));
        let Ok((kept, read)) = read else {
            self.record_decision(
                &row.h,
                Decision::because(Status::Returned, problem(Reason::BadField)),
            );
            return Ok(false);
        };
        // The registry may have the request already, by network or by hand. A colleague's word brought it: no
        // crowd of strangers keeps it out.
        self.tx.add_enrolment(&kept)?;
        self.record_decision(&row.h, Decision::of(Status::Received));
        // What the key signed may have come first.
        for held in self.tx.unverified(read.key.kid())? {
            let unknown = |code: &str| code == Reason::UnknownKey.code();
            let by_key = held.decision.as_ref().and_then(|v| v.problem.as_ref());
            if by_key.is_some_and(|p| unknown(&p.code))
                && let Some(problem) = self.unconfirmed(&held.kid)?
            {
                self.remember(held.clone());
                self.say_who(&held, Hold { problem, of: None })?;
            }
        }
        Ok(true)
    }

    /// A facility suspends one of its own people, or resumes them: every key of that login, and one that waits
    /// to be believed. What arrives from then on under these is held, for a registrar to look at; a key that
    /// the registry revoked stays revoked.
    fn suspend(&mut self, row: &EntryRow, usr: &str, kid: &str, says: Suspension) -> BookResult<bool> {
        let refused = self.apply_suspension(row, usr, kid, says)?;
        let decision = match refused {
            None => Decision::of(Status::Received),
            Some(why) => Decision::because(Status::Returned, problem(why)),
        };
        self.record_decision(&row.h, decision);
        Ok(refused.is_none())
    }

    /// Does it, or says why not: the key is none of that person here, or was suspended by somebody of whom
    /// whoever resumes it could not know.
    pub fn apply_suspension(
        &mut self,
        row: &EntryRow,
        usr: &str,
        kid: &str,
        says: Suspension,
    ) -> BookResult<Option<Reason>> {
        let of_person = self.keys_of(row, usr, kid)?;
        let mut suspended_since = false;
        if let Suspension::Ends { heard } = says {
            for by in of_person
                .iter()
                .filter_map(|kid| self.suspended.get(kid))
                .flatten()
            {
                suspended_since |= !self.knew(row, by, heard)?;
            }
        }
        let around = AroundKeys {
            named: kid.to_owned(),
            of_person,
            suspended_since,
        };
        match suspension(&around, says) {
            Err(reason) => return Ok(Some(reason)),
            Ok(KeyChange::Suspend(kids)) => {
                for kid in kids {
                    let by = SuspendedBy {
                        at_ms: row.at_ms,
                        h: row.h.clone(),
                        jid: row.jid.clone(),
                        seq: row.seq,
                    };
                    self.tx.suspend(&kid, &by)?;
                    self.suspended.entry(kid).or_default().push(by);
                }
            }
            Ok(KeyChange::Resume(kids)) => {
                for kid in kids {
                    self.tx.resume(&kid)?;
                    self.suspended.remove(&kid);
                }
            }
        }
        Ok(None)
    }

    /// The keys of a person of the facility that says something of them, not the one that says it.
    fn keys_of(&self, row: &EntryRow, usr: &str, kid: &str) -> BookResult<Vec<String>> {
        let listed = self.keyring.trust().list().keys.iter().filter(|key| {
            key.what == KeyUse::Person
                && key.fac.as_deref() == Some(&row.fac)
                && key.usr.as_deref() == Some(usr)
                && key.kid != row.kid
        });
        let mut kids: Vec<String> = listed.map(|key| key.kid.clone()).collect();
        let asked = self.tx.enrolments_of(kid)?;
        let waits = asked
            .iter()
            .filter_map(|e| read_enrolment(&e.jws).ok())
            .any(|read| {
                let request = &read.request;
                request.fac == row.fac && request.usr.as_deref() == Some(usr)
            });
        if waits && kid != row.kid && !kids.iter().any(|known| known == kid) {
            kids.push(kid.to_owned());
        }
        Ok(kids)
    }

    /// Whether whoever signed `row` knew of a suspension: it stands before it in the same journal, or the
    /// device had heard of its receipt.
    fn knew(&self, row: &EntryRow, by: &SuspendedBy, heard: ReceiptNumber) -> BookResult<bool> {
        if by.jid == row.jid {
            return Ok(by.seq < row.seq);
        }
        Ok(self.tx.first_receipt(&by.h)?.is_some_and(|first| first <= heard))
    }

    /// Why a signature is not believed, in words.
    pub fn doubt(&self, row: &EntryRow, reason: Reason) -> BookResult<Hold> {
        let why = match reason {
            Reason::UnknownKey => self.unconfirmed(&row.kid)?,
            _ => None,
        };
        Ok(match why {
            Some(problem) => Hold { problem, of: None },
            None => Hold::of(reason),
        })
    }

    /// Tells whose key an entry waits for, and shows it on the desk.
    fn say_who(&mut self, row: &EntryRow, doubt: Hold) -> BookResult<()> {
        let made = self
            .find(&row.nid)?
            .is_some_and(|record| record.newest.h == row.h);
        let steps = match made {
            true => vec![Step::Held(vec![doubt.clone()])],
            false => Vec::new(),
        };
        let decided = Decided::with(steps, Told::held(&[doubt]));
        self.apply(row, decided, self.evidence())
    }

    /// Whose key it is and who gave it, where a request of a colleague waits.
    fn unconfirmed(&self, kid: &str) -> BookResult<Option<Problem>> {
        let waits = self.tx.enrolments_of(kid)?;
        let waits = waits.iter().filter(|e| e.state == EnrolmentState::Waiting);
        Ok(waits
            .filter_map(|e| read_enrolment(&e.jws).ok())
            .find_map(|read| {
                let by = read.vouched_by(self.keyring.trust(), self.now).ok()??;
                let request = &read.request;
                let who = request.name.clone().or_else(|| request.usr.clone())?;
                let name = self.tx.name_of(&by.kid).ok().flatten();
                let by = name.or_else(|| by.name.clone()).or_else(|| by.usr.clone())?;
                let msg = Reason::KeyUnconfirmed.msg().with("who", who).with("by", by);
                Some(problem_of(Reason::KeyUnconfirmed.code(), None, &msg))
            }))
    }

    /// Judges again what was held because nobody knew its key.
    pub fn judge_unverified(&mut self, kid: &str) -> BookResult<()> {
        for mut row in self.tx.unverified(kid)? {
            let Some((_, public)) = self.keyring.find(kid) else {
                return Ok(());
            };
            let genuine = Jws::parse(&row.jws, Typ::Entry).is_ok_and(|jws| jws.verify(public).is_ok());
            // A wrong signature stays held, under its own name: somebody sent it, and a human should know.
            let by_key = row.decision.as_ref().is_some_and(|v| {
                v.status == Status::Held
                    && v.problem.as_ref().is_some_and(|p| {
                        [Reason::UnknownKey, Reason::KeyUnconfirmed]
                            .iter()
                            .any(|r| r.code() == p.code)
                    })
            });
            if !genuine {
                self.remember(row.clone());
                self.say_who(&row, Hold::of(Reason::WrongSignature))?;
                continue;
            }
            self.tx.set_verified(&row.h)?;
            row.verified = true;
            self.remember(row.clone());
            if by_key {
                let entry = reread(&row);
                match self.numbered_receipt(&row.h)? {
                    // Its number stays.
                    Some(text) => self.restore_from(&row, entry.as_ref(), &text, true)?,
                    None => {
                        let position = self.position_of(&row)?;
                        self.decide(&row, entry.as_ref(), position)?;
                    }
                }
            }
        }
        Ok(())
    }
}
