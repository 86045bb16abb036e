//! What lies in copies of the book, which numbers were passed over, when a copy was last made and tried.

use std::collections::BTreeMap;

use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::NotGiven;
use crate::seal::ReceiptNumber;

/// What is done with copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Copied {
    /// One was made.
    Backup,
    /// One was restored for trial, and held.
    Drill,
}

impl Copied {
    fn name(self) -> &'static str {
        match self {
            Copied::Backup => "backup",
            Copied::Drill => "drill",
        }
    }
}

impl ReadTransaction<'_> {
    /// The highest receipt of a facility that lies in a copy.
    pub fn safe_of(&self, fac: &str) -> BookResult<Option<ReceiptNumber>> {
        self.one("SELECT epoch, n FROM safe WHERE fac = ?1", values![fac], |r| {
            Ok(ReceiptNumber {
                epoch: r.int(0)?,
                n: r.int(1)?,
            })
        })
    }

    /// Registration numbers that were passed over.
    pub fn not_given(&self) -> BookResult<Vec<NotGiven>> {
        let sql =
            "SELECT office, year, kind, from_n, to_n FROM not_given ORDER BY office, year, kind, from_n";
        self.all(sql, &[], |r| {
            Ok(NotGiven {
                office: r.text(0)?,
                year: r.int(1)?,
                kind: r.text(2)?,
                from: r.int(3)?,
                to: r.int(4)?,
            })
        })
    }

    /// When this was last done, and the moment that the copy shows, Unix milliseconds.
    pub fn copied(&self, what: Copied) -> BookResult<Option<(i64, i64)>> {
        let sql = "SELECT at_ms, of_ms FROM copied WHERE what = ?1";
        self.one(sql, values![what.name()], |r| Ok((r.int(0)?, r.int(1)?)))
    }

    /// When the newest entry arrived.
    pub fn newest_arrival_ms(&self) -> BookResult<Option<i64>> {
        let sql = "SELECT at_ms FROM entry ORDER BY no DESC LIMIT 1";
        self.one(sql, &[], |r| r.int(0))
    }
}

impl WriteTransaction<'_> {
    /// Notes which receipts lie in a copy; what is known to be higher stays.
    pub fn raise_safe(&self, all: &BTreeMap<String, ReceiptNumber>) -> BookResult<()> {
        for (fac, number) in all {
            self.run(
                "INSERT INTO safe (fac, epoch, n) VALUES (?1, ?2, ?3) ON CONFLICT (fac) DO UPDATE
                 SET epoch = ?2, n = ?3 WHERE (safe.epoch, safe.n) < (?2, ?3)",
                values![fac, number.epoch, number.n],
            )?;
        }
        Ok(())
    }

    /// Passes numbers over, and notes why.
    pub fn pass_over(&self, numbers: &NotGiven, why: &str, at_ms: i64) -> BookResult<()> {
        let NotGiven {
            office,
            year,
            kind,
            from,
            to,
        } = numbers;
        self.run(
            "INSERT INTO not_given (office, year, kind, from_n, to_n, why, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            values![office, *year, kind, *from, *to, why, at_ms],
        )?;
        self.raise_number(office, *year, kind, *to)
    }

    /// Notes that something was done with a copy, and the moment that it shows.
    pub fn note_copied(&self, what: Copied, at_ms: i64, of_ms: i64) -> BookResult<()> {
        self.run(
            "INSERT INTO copied (what, at_ms, of_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (what) DO UPDATE SET at_ms = ?2, of_ms = ?3",
            values![what.name(), at_ms, of_ms],
        )?;
        Ok(())
    }
}
