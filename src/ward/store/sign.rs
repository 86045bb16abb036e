//! Signing: from a statement to an entry on the disk, in one transaction.
//!
//! Under the lock the head of the journal is read, the rules are asked once more with what the
//! database holds at that moment, the entry is signed, and entry, outbox, status, search and the
//! end of the draft are written together.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::signer::{Recorded, Signer, Site};
use super::{Store, StoreError, ToSign, drafts, journal};
use crate::env::{Role, new_uuid};
use crate::rules::{self, Finding};
use crate::seal::{Entry, EntryType, VERSION, hash};
use crate::vital::Event;
use crate::ward::store::projection_writer::refresh_projection;
use crate::ward::store::unsigned_entry::{UnsignedEntry, check, prepare, save_tally};

impl Store {
    /// Signs one statement and stores it: when this returns, it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the findings of the rules, and whatever else keeps it from
    /// being signed; nothing is signed or changed then. [`StoreError::OutcomeUnknown`] alone says
    /// that it may have been: look the identifiers up ([`Store::recorded`]) before anything else.
    pub fn record(
        &mut self,
        what: impl Into<ToSign>,
        signer: &Signer<'_>,
        site: &Site<'_>,
    ) -> Result<Recorded, StoreError> {
        let mut all = self.record_all(vec![what.into()], signer, site)?;
        all.pop()
            .ok_or_else(|| StoreError::Damaged("nothing recorded".to_owned()))
    }

    /// Signs several statements and stores them, all or none (a multiple birth).
    ///
    /// # Errors
    /// As [`Store::record`].
    pub fn record_all(
        &mut self,
        what: Vec<ToSign>,
        signer: &Signer<'_>,
        site: &Site<'_>,
    ) -> Result<Vec<Recorded>, StoreError> {
        let process = self.process.clone();
        // A draft lends its entry the identifier, so that others could name it before it was signed.
        let ids: Vec<String> = what
            .iter()
            .map(|one| {
                one.draft
                    .clone()
                    .or_else(|| one.id.clone())
                    .unwrap_or_else(new_uuid)
            })
            .collect();
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut done = Vec::with_capacity(what.len());
        for (one, id) in what.iter().zip(&ids) {
            if let Some(draft) = &one.draft {
                drafts::finish(&tx, draft, &process)?;
            }
            let unsigned_entry = prepare(&tx, one, id, &what, &ids, signer, site)?;
            done.push(sign(&tx, unsigned_entry, signer, site)?);
        }
        #[cfg(test)]
        let outcome = match self.commit_fault {
            None => tx.commit(),
            Some(super::handle::CommitFault::Lost) => tx.rollback().and(Err(fault())),
            Some(super::handle::CommitFault::Durable) => tx.commit().and(Err(fault())),
        };
        #[cfg(not(test))]
        let outcome = tx.commit();
        let done = match outcome {
            Ok(()) => done,
            Err(e) => self.settle(done, e.into())?,
        };
        self.witness_heads();
        Ok(done)
    }

    /// After a COMMIT that failed: what is on the disk decides, and nothing is signed again.
    fn settle(&mut self, done: Vec<Recorded>, error: StoreError) -> Result<Vec<Recorded>, StoreError> {
        let unknown = || StoreError::OutcomeUnknown(done.iter().map(|r| r.id.clone()).collect());
        self.reopen().map_err(|_| unknown())?;
        for entry in &done {
            match self.recorded(&entry.id) {
                Ok(Some(h)) if h == entry.h => {}
                Ok(_) => return Err(error),
                Err(_) => return Err(unknown()),
            }
        }
        Ok(done)
    }

    /// Hash of the entry with this identifier, if it is on the disk.
    pub fn recorded(&self, id: &str) -> Result<Option<String>, StoreError> {
        let mut find = self.db.prepare_cached("SELECT h FROM entries WHERE id = ?1")?;
        Ok(find.query_row([id], |r| r.get(0)).optional()?)
    }

    /// What the rules say of an event with what the database holds around it.
    ///
    /// `nid` is its own notification where it is a correction, `draft` the draft it stands in,
    /// `role` whose signature is asked about; none while it is still being written.
    pub fn findings(
        &self,
        event: &Event,
        nid: Option<&str>,
        draft: Option<&str>,
        role: Option<Role>,
        site: &Site<'_>,
    ) -> Result<Vec<Finding>, StoreError> {
        let except: Vec<&str> = nid.into_iter().chain(draft).collect();
        let may = role.map(|r| site.settings.policy.may_sign(r, event.kind.code()));
        self.read(|db| check(db, event, (nid, draft), &except, Vec::new(), may, site))
    }

    /// What the rules say of an event that is to be signed in one act with others, each beside the identifier
    /// that its notification is to have; it is one of `all`.
    pub fn findings_along(
        &self,
        (id, event): (&str, &Event),
        all: &[(&str, &Event)],
        role: Option<Role>,
        site: &Site<'_>,
    ) -> Result<Vec<Finding>, StoreError> {
        let except: Vec<&str> = all.iter().map(|(id, _)| *id).collect();
        let settings = site.settings;
        let members = rules::signed_along((id, event), all.iter().copied(), &settings.facility.code);
        let may = role.map(|r| settings.policy.may_sign(r, event.kind.code()));
        self.read(|db| check(db, event, (None, Some(id)), &except, members, may, site))
    }
}

#[cfg(test)]
fn fault() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR), None)
}

/// Signs an entry at the head of the journal and writes all that belongs to it.
fn sign(
    db: &Connection,
    unsigned_entry: UnsignedEntry,
    signer: &Signer<'_>,
    site: &Site<'_>,
) -> Result<Recorded, StoreError> {
    let jid = journal::writing_to(db, site)?;
    let (seq, prev) = journal::head(db, &jid)?;
    let entry = Entry {
        v: VERSION,
        t: unsigned_entry.t,
        id: unsigned_entry.id,
        nid: unsigned_entry.nid,
        rev: unsigned_entry.rev,
        jid: jid.into(),
        seq: seq + 1,
        prev: prev.into(),
        rec: site.now,
        clk: site.clk,
        fac: site.settings.facility.code.clone().into(),
        dev: site.device.public().kid().to_owned(),
        usr: signer.login.to_owned(),
        role: signer.role,
        app: journal::APP.to_owned(),
        body: unsigned_entry.body,
        reference: unsigned_entry.reference,
        reason: unsigned_entry.reason,
    };
    let jws = entry.seal(signer.key)?;
    let h = hash(&jws);
    let (n, recorded) = journal::insert(db, &entry, &jws, &h)?;
    match entry.t {
        EntryType::Tally => save_tally(db, n, true, &entry)?,
        EntryType::Key => {}
        _ => refresh_projection(db, &entry.nid, Some((&h, &entry)))?,
    }
    if let Some(facts) = unsigned_entry.slip {
        super::slips::sign(db, (&entry.nid, &h, &entry.fac), facts, signer.key)?;
    }
    if let Some(person) = &unsigned_entry.person {
        super::people::put(db, person)?;
    }
    Ok(Recorded {
        findings: unsigned_entry.findings,
        ..recorded
    })
}

#[cfg(test)]
#[path = "sign_tests.rs"]
mod tests;
