//! Keys that colleagues give each other at night: kept as requests to enrol, until the registry has
//! asked that person.
//!
//! What such a key signs is held outside the book, under a reason that names both people, and judged
//! when the request is approved.

use super::book::{BookError, EntryRow, Kept, Verdict};
use super::enrol::arrived;
use super::registry::MOST_WAITING;
use super::session::{Session, problem, problem_of};
use crate::seal::{Entry, KeyUse, Problem, Status, read_enrolment, read_given, read_suspension};
use crate::wire::{EnrolmentState, Reason};

impl Session<'_> {
    /// A colleague got a new key.
    pub fn key_given(&mut self, row: &EntryRow, entry: &Entry) -> Kept<()> {
        if self.entitled(row, "key")?.is_none() {
            return Ok(());
        }
        if let Some((usr, kid, suspended)) = read_suspension(entry) {
            return self.suspend(row, usr, kid, suspended);
        }
        let Ok(read) = read_given(entry, &row.kid) else {
            self.say(
                &row.h,
                Verdict::because(Status::Returned, problem(Reason::BadField)),
            );
            return Ok(());
        };
        // The registry may have the request already, by network or by hand.
        let request = entry.body.get("request").and_then(serde_json::Value::as_str);
        if self.leaf.waiting_enrolments()? < MOST_WAITING
            && let Some(request) = request
        {
            let (kept, _) =
                arrived(request.to_owned(), row.at_ms).map_err(|e| BookError::Failed(e.code().to_owned()))?;
            self.leaf.add_enrolment(&kept)?;
        }
        self.say(&row.h, Verdict::of(Status::Received));
        // What the key signed may have come first.
        for held in self.leaf.unverified(read.key.kid())? {
            let unknown = |code: &str| code == Reason::UnknownKey.code();
            let by_key = held.verdict.as_ref().and_then(|v| v.problem.as_ref());
            if by_key.is_some_and(|p| unknown(&p.code))
                && let Some(why) = self.unconfirmed(&held.kid)?
            {
                self.remember(held.clone());
                self.say(&held.h, Verdict::because(Status::Held, why));
            }
        }
        Ok(())
    }

    /// A facility suspends one of its own people, or resumes them. What arrives from then on under that key
    /// is held, for a registrar to look at; a key that the registry revoked stays revoked.
    fn suspend(&mut self, row: &EntryRow, usr: &str, kid: &str, suspended: bool) -> Kept<()> {
        let of_facility = self.ring.find(kid).is_some_and(|(key, _)| {
            key.what == KeyUse::Person
                && key.fac.as_deref() == Some(&row.fac)
                && key.usr.as_deref() == Some(usr)
                && key.kid != row.kid
        });
        if !of_facility {
            self.say(
                &row.h,
                Verdict::because(Status::Returned, problem(Reason::BadField)),
            );
            return Ok(());
        }
        self.leaf.suspend(kid, suspended.then_some(row.at_ms))?;
        match suspended {
            true => self.suspended.insert(kid.to_owned(), row.at_ms),
            false => self.suspended.remove(kid),
        };
        self.say(&row.h, Verdict::of(Status::Received));
        Ok(())
    }

    /// Holds what a key signed that is not believed.
    pub fn hold_for_key(&mut self, row: &EntryRow, reason: Reason) -> Kept<()> {
        let why = match reason {
            Reason::UnknownKey => self.unconfirmed(&row.kid)?,
            _ => None,
        };
        match why {
            Some(why) => self.say(&row.h, Verdict::because(Status::Held, why)),
            None => self.say_why(&row.h, Status::Held, reason),
        }
        Ok(())
    }

    /// Whose key it is and who gave it, where a request of a colleague waits.
    fn unconfirmed(&self, kid: &str) -> Kept<Option<Problem>> {
        let waits = self.leaf.enrolments_of(kid)?;
        let waits = waits.iter().filter(|e| e.state == EnrolmentState::Waiting);
        Ok(waits
            .filter_map(|e| read_enrolment(&e.jws).ok())
            .find_map(|read| {
                let by = read.vouched_by(self.ring.trust(), self.now).ok()??;
                let request = &read.request;
                let who = request.name.clone().or_else(|| request.usr.clone())?;
                let by = by.name.clone().or_else(|| by.usr.clone())?;
                let msg = Reason::KeyUnconfirmed.msg().with("who", who).with("by", by);
                Some(problem_of(Reason::KeyUnconfirmed.code(), None, &msg))
            }))
    }
}
