//! What a book knows of having been set back: offices that recover, devices that have been heard, what is still
//! to come.

use std::collections::HashSet;

use super::read::text;
use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::recovery::{ActiveDevice, Noticed, Recovering};
use crate::seal::ReceiptNumber;
use crate::vital::{FacilityCode, Nid};

/// A receipt that came back under a revoked key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) struct DoubtedRow {
    /// Its hash.
    pub h: String,
    /// The key.
    pub kid: String,
    /// Its facility.
    pub fac: FacilityCode,
    /// Its text.
    pub jws: String,
    /// When it came, Unix milliseconds.
    pub at_ms: i64,
}

impl ReadTransaction<'_> {
    /// Offices whose numbers wait, and since when.
    pub fn recovering(&self) -> BookResult<Vec<Recovering>> {
        let sql = "SELECT office, epoch, why, since_ms FROM recovery ORDER BY office";
        self.all(sql, &[], |r| {
            Ok(Recovering {
                office: r.text(0)?.into(),
                epoch: r.int(1)?,
                why: Noticed::from_word(&r.text(2)?),
                since_ms: r.int(3)?,
            })
        })
    }

    /// Devices that have been heard in an epoch with nothing that the book lacks.
    pub fn heard(&self, epoch: u32) -> BookResult<HashSet<String>> {
        let all = self.all("SELECT dev FROM heard WHERE epoch = ?1", values![epoch], text)?;
        Ok(all.into_iter().collect())
    }

    /// Every device with a journal, and when the newest entry of it arrived.
    pub fn devices(&self) -> BookResult<Vec<ActiveDevice>> {
        let sql = "SELECT j.dev, j.fac, max(e.at_ms) FROM journal j JOIN entry e ON e.h = j.head_h
             GROUP BY j.dev, j.fac ORDER BY j.fac, j.dev";
        self.all(sql, &[], |r| {
            Ok(ActiveDevice {
                dev: r.text(0)?,
                fac: r.text(1)?.into(),
                last_ms: r.int(2)?,
            })
        })
    }

    /// Facilities with receipts whose entries have not come back, and of how many entries.
    pub fn entries_missing(&self) -> BookResult<Vec<(FacilityCode, u64)>> {
        let sql = "SELECT fac, count(DISTINCT h) FROM receipt r
             WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.h = r.h) GROUP BY fac ORDER BY fac";
        self.all(sql, &[], |r| Ok((r.text(0)?.into(), r.int(1)?)))
    }

    /// Receipts that wait for the operator, because their key was revoked: of which facility, under which key, how many.
    pub fn doubted(&self) -> BookResult<Vec<(FacilityCode, String, u64)>> {
        let sql =
            "SELECT fac, kid, count(*) FROM doubted WHERE settled = 0 GROUP BY fac, kid ORDER BY fac, kid";
        self.all(sql, &[], |r| Ok((r.text(0)?.into(), r.text(1)?, r.int(2)?)))
    }

    /// How many receipts of a facility came back under revoked keys, ever.
    pub fn doubted_of(&self, fac: &str) -> BookResult<u64> {
        self.number("SELECT count(*) FROM doubted WHERE fac = ?1", values![fac])
    }

    /// The receipts under a revoked key that wait, in the order in which they came.
    pub fn doubted_under(&self, kid: &str) -> BookResult<Vec<String>> {
        let sql = "SELECT jws FROM doubted WHERE kid = ?1 AND settled = 0 ORDER BY at_ms, h";
        self.all(sql, values![kid], text)
    }

    /// The receipts of a facility that have a number: one, unless the book was set back.
    pub fn receipts_at(&self, fac: &str, number: ReceiptNumber) -> BookResult<Vec<String>> {
        let sql = "SELECT jws FROM receipt WHERE fac = ?1 AND epoch = ?2 AND n = ?3";
        self.all(sql, values![fac, number.epoch, number.n], text)
    }

    /// Notifications of an office that are complete and wait for their number.
    pub fn prepared_at(&self, office: &str) -> BookResult<Vec<Nid>> {
        let sql = "SELECT nid FROM notification
             WHERE status = 'received' AND office = ?1 AND hold LIKE '%\"prepared\"%' ORDER BY first_ms, nid";
        self.all(sql, values![office], |r| Ok(r.text(0)?.into()))
    }
}

impl WriteTransaction<'_> {
    /// Lets the numbers of an office wait from an epoch on.
    pub fn begin_recovery(&self, of: &Recovering) -> BookResult<()> {
        self.run(
            "INSERT INTO recovery (office, epoch, why, since_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (office) DO UPDATE SET epoch = excluded.epoch, why = excluded.why",
            values![&of.office, of.epoch, of.why.word(), of.since_ms],
        )?;
        Ok(())
    }

    /// Lets an office number again.
    pub fn end_recovery(&self, office: &str) -> BookResult<()> {
        self.run("DELETE FROM recovery WHERE office = ?1", values![office])?;
        Ok(())
    }

    /// Lets a receipt wait for the operator. One that is there stays as it is.
    pub fn add_doubted(&self, row: &DoubtedRow) -> BookResult<()> {
        self.run(
            "INSERT INTO doubted (h, kid, fac, jws, at_ms, settled) VALUES (?1, ?2, ?3, ?4, ?5, 0)
             ON CONFLICT DO NOTHING",
            values![&row.h, &row.kid, &row.fac, &row.jws, row.at_ms],
        )?;
        Ok(())
    }

    /// Lets the receipts under a key wait no more, also where they come again.
    pub fn settle_doubted_under(&self, kid: &str) -> BookResult<()> {
        self.run("UPDATE doubted SET settled = 1 WHERE kid = ?1", values![kid])?;
        Ok(())
    }

    /// Notes that a device was heard.
    pub fn put_heard(&self, epoch: u32, dev: &str, at_ms: i64) -> BookResult<()> {
        self.run(
            "INSERT INTO heard (epoch, dev, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            values![epoch, dev, at_ms],
        )?;
        Ok(())
    }

    /// Ends what somebody may have ended since a copy was made: visits, links that sign in, one-time codes.
    pub fn end_what_was_open(&self) -> BookResult<()> {
        for table in ["visit", "link", "invitation"] {
            self.run(&format!("DELETE FROM {table}"), &[])?;
        }
        Ok(())
    }
}
