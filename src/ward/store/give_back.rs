//! What is given back to a registry that was set back: receipts in their order, and the entries they name.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::convert::{signed, unsigned};
use super::journal::BEHIND;
use super::{Store, StoreError};
use crate::seal::ReceiptNumber;
use crate::vital::{EntryHash, Jid, Nid};

/// Something to give back: receipts, and the entry that they name where its text is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToGive {
    /// Its notification; none where the entry is of none, or unknown here.
    pub nid: Option<Nid>,
    /// The receipts' texts, in their order.
    pub receipts: Vec<String>,
    /// The entry's text.
    pub entry: Option<String>,
}

/// Place of a receipt, its journal and the hash of its text.
pub type ReceiptPlace = (ReceiptNumber, Jid, String);

fn texts(db: &Connection, nh: &str) -> Result<Vec<String>, StoreError> {
    let mut find = db.prepare_cached("SELECT jws FROM receipts WHERE nh = ?1 ORDER BY epoch, n, r")?;
    let all = find.query_map([nh], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(all)
}

/// The notification of the entry with the hash in ?; none of what is no notification.
const NID: &str = "(SELECT p.nid FROM entries e JOIN notifications p ON p.nid = e.nid WHERE e.h = r.nh)";

impl Store {
    /// How many receipts are here.
    pub fn receipt_count(&self) -> Result<usize, StoreError> {
        let n: i64 = self
            .db
            .query_row("SELECT count(*) FROM receipts", [], |r| r.get(0))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }

    /// The receipt at a place of their order, from 0.
    pub fn receipt_at(&self, place: usize) -> Result<Option<ReceiptPlace>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT epoch, n, jid, rh FROM receipts ORDER BY epoch, n, r LIMIT 1 OFFSET ?1",
        )?;
        let read = |r: &Row<'_>| {
            let n = unsigned(r.get(1)?);
            Ok((ReceiptNumber { epoch: r.get(0)?, n }, r.get(2)?, r.get(3)?))
        };
        Ok(find.query_row([signed(place)], read).optional()?)
    }

    /// Receipts from a place of their order on, each with its entry where it is the first that names it.
    pub fn receipts_to_give(&self, place: usize, limit: usize) -> Result<Vec<ToGive>, StoreError> {
        let mut find = self.db.prepare_cached(&format!(
            "SELECT r.jws, {NID},
               (SELECT e.jws FROM entries e WHERE e.h = r.nh AND NOT EXISTS (SELECT 1 FROM receipts b
                  WHERE b.nh = r.nh AND (b.epoch, b.n, b.r) < (r.epoch, r.n, r.r)))
             FROM receipts r ORDER BY r.epoch, r.n, r.r LIMIT ?2 OFFSET ?1"
        ))?;
        let rows = find.query_map(params![signed(place), signed(limit)], |r| {
            Ok(ToGive {
                receipts: vec![r.get(0)?],
                nid: r.get(1)?,
                entry: r.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries of a journal after a place of it that have a receipt, with their receipts; each with its place.
    pub fn entries_to_give(
        &self,
        jid: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, ToGive)>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT e.seq, e.h, e.jws, (SELECT p.nid FROM notifications p WHERE p.nid = e.nid) FROM entries e
             WHERE e.jid = ?1 AND e.seq > ?2 AND e.jws IS NOT NULL
               AND EXISTS (SELECT 1 FROM receipts r WHERE r.nh = e.h)
             ORDER BY e.seq LIMIT ?3",
        )?;
        let rows = find.query_map(params![jid, signed(after), signed(limit)], |r| {
            let (seq, h): (i64, EntryHash) = (r.get(0)?, r.get(1)?);
            Ok((seq, h, r.get(2)?, r.get(3)?))
        })?;
        let mut out = Vec::new();
        for row in rows {
            let (seq, h, entry, nid) = row?;
            let receipts = texts(&self.db, &h)?;
            out.push((unsigned(seq), ToGive { nid, receipts, entry }));
        }
        Ok(out)
    }

    /// Journals of which receipts name an entry that is not here, and that are our own or not known at all.
    pub fn journals_missed(&self) -> Result<BTreeSet<Jid>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT DISTINCT r.jid FROM receipts r LEFT JOIN journals j ON j.jid = r.jid
             WHERE coalesce(j.own, 1) = 1 AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.h = r.nh)",
        )?;
        let all = find.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(all)
    }

    /// Takes journals for our own that came back from the registry and were written with this device's key, or
    /// that one of ours continues. Nothing more is written to them.
    pub fn adopt_journals(&mut self, kid: &str) -> Result<(), StoreError> {
        let adopted = self.write(|db| {
            let mut adopted = 0;
            loop {
                let more = db.execute(
                    "UPDATE journals SET own = 1, left_for = ?2 WHERE own = 0
                     AND (dev = ?1 OR jid IN (SELECT continues FROM journals WHERE own = 1))",
                    params![kid, BEHIND],
                )?;
                adopted += more;
                if more == 0 {
                    return Ok(adopted);
                }
            }
        })?;
        if adopted > 0 {
            self.rebuild()?;
        }
        Ok(())
    }
}
