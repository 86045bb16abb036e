//! Receipts and their numbers.

use std::collections::HashMap;

use super::read::text;
use super::sql::{SqlValue, parts, places, values};
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::FeedRow;
use crate::seal::ReceiptNumber;
use crate::vital::{EntryHash, FacilityCode};

impl ReadTransaction<'_> {
    /// The newest receipts of entries, by their hashes.
    pub fn newest_receipts(&self, hashes: &[EntryHash]) -> BookResult<HashMap<EntryHash, String>> {
        let mut out = HashMap::new();
        for part in parts(hashes) {
            let sql = format!(
                "SELECT h, jws FROM receipt WHERE h IN {} ORDER BY epoch, n",
                places(1, part.len())
            );
            let wanted: Vec<SqlValue<'_>> = part.iter().map(SqlValue::from).collect();
            out.extend(self.all(&sql, &wanted, |r| Ok((r.text(0)?.into(), r.text(1)?)))?);
        }
        Ok(out)
    }

    /// The epoch in force.
    pub fn epoch(&self) -> BookResult<u32> {
        self.number("SELECT max(epoch) FROM epoch", &[])
    }

    /// Whether this receipt is kept.
    pub fn has_receipt(&self, fac: &str, number: ReceiptNumber, h: &str) -> BookResult<bool> {
        let sql = "SELECT count(*) FROM receipt WHERE fac = ?1 AND epoch = ?2 AND n = ?3 AND h = ?4";
        Ok(self.number::<u64>(sql, values![fac, number.epoch, number.n, h])? > 0)
    }

    /// Number of the first receipt of an entry.
    pub fn first_receipt(&self, h: &str) -> BookResult<Option<ReceiptNumber>> {
        let sql = "SELECT epoch, n FROM receipt WHERE h = ?1 ORDER BY epoch, n LIMIT 1";
        self.one(sql, values![h], |r| {
            Ok(ReceiptNumber {
                epoch: r.int(0)?,
                n: r.int(1)?,
            })
        })
    }

    /// The newest receipt of an entry.
    pub fn newest_receipt(&self, h: &str) -> BookResult<Option<String>> {
        let sql = "SELECT jws FROM receipt WHERE h = ?1 ORDER BY epoch DESC, n DESC LIMIT 1";
        self.one(sql, values![h], text)
    }

    /// Every receipt of an entry, in their order.
    pub fn receipts_of(&self, h: &str) -> BookResult<Vec<String>> {
        self.all(
            "SELECT jws FROM receipt WHERE h = ?1 ORDER BY epoch, n",
            values![h],
            text,
        )
    }

    /// Receipts of a facility after a place in their order.
    pub fn feed(&self, fac: &str, after: ReceiptNumber, most: usize) -> BookResult<Vec<FeedRow>> {
        self.all(
            "SELECT r.jws, e.jws, j.dev FROM receipt r
             LEFT JOIN entry e ON e.h = r.h LEFT JOIN journal j ON j.jid = e.jid
             WHERE r.fac = ?1 AND (r.epoch, r.n) > (?2, ?3) ORDER BY r.epoch, r.n LIMIT ?4",
            values![fac, after.epoch, after.n, most],
            |r| {
                Ok(FeedRow {
                    receipt: r.text(0)?,
                    entry: r.opt_text(1)?,
                    dev: r.opt_text(2)?,
                })
            },
        )
    }
}

impl WriteTransaction<'_> {
    /// Opens the epoch after `expected`, if that is the one in force; says whether it did. Of several that try at
    /// once one does.
    pub fn open_epoch(&self, expected: u32, at_ms: i64) -> BookResult<bool> {
        let Some(next) = expected.checked_add(1) else {
            return Ok(false);
        };
        if self.epoch()? != expected {
            return Ok(false);
        }
        let sql = "INSERT INTO epoch (epoch, opened_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, values![next, at_ms])? == 1)
    }

    /// Takes the next receipt numbers of a facility in an epoch, so many of them; gives the last one. They
    /// begin at 1 in each epoch.
    pub fn next_n(&self, fac: &str, epoch: u32, count: u64) -> BookResult<u64> {
        self.number(
            "INSERT INTO facility (fac, epoch, n) VALUES (?1, ?2, ?3) ON CONFLICT (fac) DO UPDATE
             SET n = CASE WHEN facility.epoch = ?2 THEN facility.n + ?3 ELSE ?3 END, epoch = ?2 RETURNING n",
            values![fac, epoch, count],
        )
    }

    /// Lifts a facility's receipt number to at least this one.
    pub fn raise_n(&self, fac: &str, to: ReceiptNumber) -> BookResult<()> {
        self.run(
            "INSERT INTO facility (fac, epoch, n) VALUES (?1, ?2, ?3) ON CONFLICT (fac) DO UPDATE
             SET epoch = ?2, n = ?3 WHERE (facility.epoch, facility.n) < (?2, ?3)",
            values![fac, to.epoch, to.n],
        )?;
        Ok(())
    }

    /// Adds receipts of facilities: facility, number, hash of the entry, text.
    pub fn add_receipts(&self, all: &[(FacilityCode, ReceiptNumber, EntryHash, String)]) -> BookResult<()> {
        let rows: Vec<[SqlValue<'_>; 5]> = all
            .iter()
            .map(|(fac, at, h, jws)| [fac.into(), at.epoch.into(), at.n.into(), h.into(), jws.into()])
            .collect();
        self.insert("receipt (fac, epoch, n, h, jws)", &rows)
    }
}
