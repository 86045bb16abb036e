//! Receipts, and entries of other journals that came with them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::convert::{signed, unsigned};
use super::journal::{self, BEHIND, FORK};
use super::{Store, StoreError};
use crate::seal::{Entry, EntryType, Jws, Problem, Receipt, ReceiptNumber, Status, Typ, hash};
use crate::ward::store::projection_writer::{newest_receipt, read_entry, refresh_projection};
use crate::ward::store::unsigned_entry::save_tally;

impl Store {
    /// Keeps receipts that were verified ([`Receipt::open`]) and moves what they move, in one
    /// transaction. Gives how many were new.
    ///
    /// A receipt moves the entry whose hash it names and nothing else. One that names no entry of
    /// this database is kept: the entry may still come, and if it is of a journal of ours it says
    /// that something is missing here, so that nothing more is written to that journal.
    pub fn add_receipts(&mut self, receipts: &[(Receipt, String)]) -> Result<usize, StoreError> {
        if receipts.is_empty() {
            return Ok(0);
        }
        let new = self.write(|db| {
            let mut moved = BTreeSet::new();
            let mut new = 0;
            for (receipt, jws) in receipts {
                if !keep_receipt(db, receipt, jws)? {
                    continue;
                }
                new += 1;
                if let Some((n, nid)) = entry_named(db, &receipt.nh)? {
                    db.prepare_cached("DELETE FROM outbox WHERE n = ?1")?
                        .execute([n])?;
                    moved.insert(nid);
                }
                look_behind(db, receipt)?;
            }
            for nid in &moved {
                refresh_projection(db, nid, None)?;
            }
            Ok(new)
        })?;
        if new > 0 {
            self.witness_heads();
        }
        Ok(new)
    }

    /// Keeps entries that were not signed here: of other devices, or of a journal of ours that was
    /// lost. Whoever brings them has proof of them: a receipt that names the hash. Gives how many
    /// were new. What cannot be read, and a second entry at a place that is taken, is left out.
    pub fn add_foreign(&mut self, entries: &[String]) -> Result<usize, StoreError> {
        if entries.is_empty() {
            return Ok(0);
        }
        let new = self.write(|db| {
            let mut moved = BTreeSet::new();
            let mut new = 0;
            for text in entries {
                let Ok(entry) = Jws::parse(text, Typ::Entry).and_then(|jws| Entry::from_jws(&jws)) else {
                    continue;
                };
                let h = hash(text);
                if !is_new(db, &entry, &h)? {
                    continue;
                }
                let own = keep_journal(db, &entry)?;
                let n = journal::insert_row(db, &entry, text, &h)?;
                new += 1;
                // What comes back signed is no draft any more.
                db.prepare_cached("DELETE FROM drafts WHERE id = ?1")?
                    .execute([&entry.id])?;
                if own && crate::ward::store::projection_writer::newest_receipt(db, &h)?.is_none() {
                    journal::queue(db, n, &entry, text)?;
                }
                match entry.t {
                    EntryType::Tally => save_tally(db, n, own, &entry)?,
                    _ => {
                        moved.insert(entry.nid);
                    }
                }
            }
            for nid in &moved {
                refresh_projection(db, nid, None)?;
            }
            Ok(new)
        })?;
        if new > 0 {
            self.witness_heads();
        }
        Ok(new)
    }

    /// Lists what the registry did not accept of the newest statement about each person and each month, the
    /// newest first. What it returned of notifications stands in their worklist.
    pub fn declined(&self) -> Result<Vec<Declined>, StoreError> {
        self.read(|db| {
            let mut find = db.prepare_cached(
                "SELECT e.h, e.jws FROM entries e JOIN journals j ON j.jid = e.jid
                 WHERE j.own = 1 AND e.t IN ('key', 'tally') AND e.jws IS NOT NULL ORDER BY e.n DESC",
            )?;
            let rows = find.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
            let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
            for row in rows {
                let (h, jws) = row?;
                let entry = read_entry(&jws)?;
                let of = ["usr", "month"].map(|name| entry.body.get(name).map(ToString::to_string));
                if !seen.insert(of) {
                    continue;
                }
                let receipt = newest_receipt(db, &h)?.map(|(receipt, _)| receipt);
                let Some(receipt) = receipt.filter(|r| matches!(r.status, Status::Returned | Status::Held))
                else {
                    continue;
                };
                out.extend(receipt.problem.map(|problem| Declined {
                    id: entry.id,
                    t: entry.t,
                    held: receipt.status == Status::Held,
                    problem,
                }));
            }
            Ok(out)
        })
    }

    /// Receipts of this facility after a place in their order, as text, at most `limit`: to send them
    /// back to a portal that has fallen behind.
    pub fn receipts_after(
        &self,
        after: ReceiptNumber,
        limit: usize,
    ) -> Result<Vec<(ReceiptNumber, String)>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT epoch, n, jws FROM receipts WHERE (epoch, n) > (?1, ?2) ORDER BY epoch, n LIMIT ?3",
        )?;
        let rows = find.query_map(params![after.epoch, signed(after.n), signed(limit)], |r| {
            Ok((number(r.get(0)?, r.get(1)?), r.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The highest receipt that is here, and the hash of its text: what a device claims in its calls.
    pub fn highest_receipt(&self) -> Result<Option<(ReceiptNumber, String)>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT epoch, n, rh FROM receipts ORDER BY epoch DESC, n DESC, r DESC LIMIT 1",
        )?;
        let found = find.query_row([], |r| Ok((number(r.get(0)?, r.get(1)?), r.get(2)?)));
        Ok(found.optional()?)
    }
}

fn number(epoch: u32, n: i64) -> ReceiptNumber {
    ReceiptNumber {
        epoch,
        n: unsigned(n),
    }
}

/// What was stated here of a person or of a month, and the registry did not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declined {
    /// Identifier of the entry.
    pub id: String,
    /// Its type.
    pub t: EntryType,
    /// Whether a registrar has still to look at it; otherwise it was returned.
    pub held: bool,
    /// Why.
    pub problem: Problem,
}

/// Writes a receipt that was verified; says whether it is new.
pub(super) fn keep_receipt(db: &Connection, r: &Receipt, jws: &str) -> Result<bool, StoreError> {
    let written = db
        .prepare_cached(
            "INSERT INTO receipts (rh, epoch, n, nh, nid, jid, seq, status, at, jws)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (rh) DO NOTHING",
        )?
        .execute(params![
            hash(jws),
            r.epoch,
            signed(r.n),
            r.nh,
            r.nid,
            r.jid,
            signed(r.seq),
            r.status.code(),
            r.at.to_rfc3339(),
            jws,
        ])?;
    Ok(written == 1)
}

fn entry_named(db: &Connection, h: &str) -> Result<Option<(i64, String)>, StoreError> {
    let mut find = db.prepare_cached("SELECT n, nid FROM entries WHERE h = ?1")?;
    Ok(find.query_row([h], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
}

/// What the portal says of a journal of ours that we do not know: it was restored from an older
/// copy, cut, or written to by a copy of this device. Nothing more is written to it then.
fn look_behind(db: &Connection, r: &Receipt) -> Result<(), StoreError> {
    let mut own = db.prepare_cached("SELECT 1 FROM journals WHERE jid = ?1 AND own = 1")?;
    if !own.exists([&r.jid])? {
        return Ok(());
    }
    for (seq, h) in [(r.seq, &r.nh), (r.head.seq, &r.head.h)] {
        match place(db, &r.jid, seq)? {
            Some(here) if here == *h => {}
            Some(_) => journal::leave(db, &r.jid, FORK)?,
            None if seq == 0 => {}
            None => journal::leave(db, &r.jid, BEHIND)?,
        }
    }
    Ok(())
}

/// Hash of the entry at a place of a journal.
pub(super) fn place(db: &Connection, jid: &str, seq: u64) -> Result<Option<String>, StoreError> {
    let mut find = db.prepare_cached("SELECT h FROM entries WHERE jid = ?1 AND seq = ?2")?;
    Ok(find
        .query_row(params![jid, signed(seq)], |r| r.get(0))
        .optional()?)
}

/// Whether an entry is not here yet and its place is free.
fn is_new(db: &Connection, entry: &Entry, h: &str) -> Result<bool, StoreError> {
    match place(db, &entry.jid, entry.seq)? {
        Some(here) => {
            if here != h {
                journal::leave(db, &entry.jid, FORK)?;
            }
            Ok(false)
        }
        None => {
            let mut taken = db.prepare_cached("SELECT 1 FROM entries WHERE id = ?1")?;
            Ok(!taken.exists([&entry.id])?)
        }
    }
}

/// Makes sure that the journal of a foreign entry is known; says whether it is ours after all.
fn keep_journal(db: &Connection, entry: &Entry) -> Result<bool, StoreError> {
    let continues = entry.body.get("continues").filter(|_| entry.t == EntryType::Open);
    let continues = continues.and_then(|c| c.get("jid")).and_then(|j| j.as_str());
    db.prepare_cached(
        "INSERT INTO journals VALUES (?1, 0, ?2, ?3, ?4, NULL)
         ON CONFLICT DO UPDATE SET continues = coalesce(continues, excluded.continues)",
    )?
    .execute(params![entry.jid, entry.fac, entry.dev, continues])?;
    let mut find = db.prepare_cached("SELECT own FROM journals WHERE jid = ?1")?;
    Ok(find.query_row([&entry.jid], |r| r.get(0))?)
}
