//! Receipts and their numbers.

use std::collections::HashMap;

use super::read::text;
use super::sql::{SqlValue, parts, places, values};
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::FeedRow;

impl ReadTransaction<'_> {
    /// The newest receipts of entries, by their hashes.
    pub fn newest_receipts(&self, hashes: &[String]) -> BookResult<HashMap<String, String>> {
        let mut out = HashMap::new();
        for part in parts(hashes) {
            let sql = format!(
                "SELECT h, jws FROM receipt WHERE h IN {} ORDER BY n",
                places(1, part.len())
            );
            let wanted: Vec<SqlValue<'_>> = part.iter().map(SqlValue::from).collect();
            out.extend(self.all(&sql, &wanted, |r| Ok((r.text(0)?, r.text(1)?)))?);
        }
        Ok(out)
    }

    /// Whether this receipt is kept.
    pub fn has_receipt(&self, fac: &str, n: u64, h: &str) -> BookResult<bool> {
        let sql = "SELECT count(*) FROM receipt WHERE fac = ?1 AND n = ?2 AND h = ?3";
        Ok(self.number::<u64>(sql, values![fac, n, h])? > 0)
    }

    /// Number of the first receipt of an entry.
    pub fn first_receipt(&self, h: &str) -> BookResult<Option<u64>> {
        let sql = "SELECT n FROM receipt WHERE h = ?1 ORDER BY n LIMIT 1";
        self.one(sql, values![h], |r| r.int(0))
    }

    /// The newest receipt of an entry.
    pub fn newest_receipt(&self, h: &str) -> BookResult<Option<String>> {
        let sql = "SELECT jws FROM receipt WHERE h = ?1 ORDER BY n DESC LIMIT 1";
        self.one(sql, values![h], text)
    }

    /// Receipts of a facility after a number.
    pub fn feed(&self, fac: &str, after: u64, most: usize) -> BookResult<Vec<FeedRow>> {
        self.all(
            "SELECT r.n, r.jws, e.jws, j.dev FROM receipt r
             LEFT JOIN entry e ON e.h = r.h LEFT JOIN journal j ON j.jid = e.jid
             WHERE r.fac = ?1 AND r.n > ?2 ORDER BY r.n LIMIT ?3",
            values![fac, after, most],
            |r| {
                Ok(FeedRow {
                    n: r.int(0)?,
                    receipt: r.text(1)?,
                    entry: r.opt_text(2)?,
                    dev: r.opt_text(3)?,
                })
            },
        )
    }
}

impl WriteTransaction<'_> {
    /// Takes the next receipt numbers of a facility, so many of them; gives the last one.
    pub fn next_n(&self, fac: &str, count: u64) -> BookResult<u64> {
        self.number(
            "INSERT INTO facility (fac, n) VALUES (?1, ?2)
             ON CONFLICT (fac) DO UPDATE SET n = facility.n + ?2 RETURNING n",
            values![fac, count],
        )
    }

    /// Lifts a facility's receipt number to at least `n`.
    pub fn raise_n(&self, fac: &str, n: u64) -> BookResult<()> {
        self.run(
            "INSERT INTO facility (fac, n) VALUES (?1, ?2) ON CONFLICT (fac) DO UPDATE
             SET n = CASE WHEN facility.n < ?2 THEN ?2 ELSE facility.n END",
            values![fac, n],
        )?;
        Ok(())
    }

    /// Adds receipts of facilities: facility, number, hash of the entry, text.
    pub fn add_receipts(&self, all: &[(String, u64, String, String)]) -> BookResult<()> {
        let rows: Vec<[SqlValue<'_>; 4]> = all
            .iter()
            .map(|(fac, n, h, jws)| [fac.into(), (*n).into(), h.into(), jws.into()])
            .collect();
        self.insert("receipt (fac, n, h, jws)", &rows)
    }
}
