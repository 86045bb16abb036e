//! Names leave the device long after the family has its certificate: the text of an entry goes, and
//! its hash, place and receipt stay, so that the chain still verifies and the number is still found.
//!
//! Only what is settled is touched: a certificate was issued, or it was annulled, or repeats another
//! one, or is a registered foetal death; every entry of it has a receipt that is old enough; and every
//! receipt of it lies in a backup of the registry, as the newest receipt says (`safe`). Until the registry
//! says so nothing is touched: it may have to be given back.

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension, params};

use super::convert::signed;
use super::{Store, StoreError};
use crate::seal::ReceiptNumber;
use crate::ward::store::projection_writer::{entries_with_receipts, read_receipt, refresh_projection};

/// The day on which this was done last.
const DONE: &str = "minimised";

/// Notifications looked at in one transaction, so that others can write between two.
const AT_ONCE: i64 = 500;

impl Store {
    /// Takes the texts of settled notifications away whose newest receipt is older than `before`; says
    /// how many there were.
    pub fn minimise(&mut self, before: DateTime<FixedOffset>) -> Result<usize, StoreError> {
        // What is deleted is overwritten, not only forgotten.
        self.db.execute_batch("PRAGMA secure_delete = ON")?;
        let done = self.minimise_all(before);
        self.db.execute_batch("PRAGMA secure_delete = FAST")?;
        if done.as_ref().is_ok_and(|n| *n > 0) {
            // The write-ahead log still has the pages as they were.
            self.db
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        done
    }

    fn minimise_all(&mut self, before: DateTime<FixedOffset>) -> Result<usize, StoreError> {
        let (mut done, mut after) = (0, i64::MIN);
        loop {
            let (some, last) = self.write(|db| match safe(db)? {
                Some(safe) => minimise_some(db, before, safe, after),
                None => Ok((0, None)),
            })?;
            done += some;
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
        if done > 0 {
            // Words that were deleted leave the index only when its parts are merged.
            self.write(|db| {
                db.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
                Ok(())
            })?;
        }
        Ok(done)
    }

    /// [`Store::minimise`] once a day, where the settings say after how many days.
    pub fn minimise_daily(&mut self, now: DateTime<FixedOffset>, days: u32) -> Result<usize, StoreError> {
        let today = now.date_naive().to_string();
        let before = now.checked_sub_signed(chrono::Duration::days(i64::from(days)));
        let Some(before) = before.filter(|_| days > 0) else {
            return Ok(0);
        };
        if self.meta(DONE)?.as_deref() == Some(today.as_str()) {
            return Ok(0);
        }
        let done = self.minimise(before)?;
        self.set_meta(DONE, &today)?;
        Ok(done)
    }
}

/// The highest receipt that lies in a backup of the registry, as the newest receipt of all says. One that was
/// set back may say less than it did.
fn safe(db: &Connection) -> Result<Option<ReceiptNumber>, StoreError> {
    let mut find =
        db.prepare_cached("SELECT jws FROM receipts ORDER BY epoch DESC, n DESC, r DESC LIMIT 1")?;
    let newest: Option<String> = find.query_row([], |r| r.get(0)).optional()?;
    let read = newest.map(|jws| read_receipt(&jws)).transpose()?;
    Ok(read.and_then(|receipt| receipt.safe))
}

/// Looks at the next settled notifications after one; gives how many were minimised, and the last that
/// was looked at, none where there is no further one.
fn minimise_some(
    db: &Connection,
    before: DateTime<FixedOffset>,
    safe: ReceiptNumber,
    after: i64,
) -> Result<(usize, Option<i64>), StoreError> {
    let mut find = db.prepare_cached(
        "SELECT first, nid FROM notifications p
         WHERE first > ?1 AND signed_on < ?2 AND beside IS NULL AND waiting = 0
           AND (status IN ('certificate-issued', 'voided', 'duplicate')
                OR (kind = 'foetal-death' AND status = 'registered'))
           AND EXISTS (SELECT 1 FROM entries e WHERE e.nid = p.nid AND e.jws IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM entries e JOIN receipts r ON r.nh = e.h
                           WHERE e.nid = p.nid AND (r.epoch, r.n) > (?4, ?5))
         ORDER BY first LIMIT ?3",
    )?;
    let limit = before.date_naive().succ_opt().unwrap_or_default().to_string();
    let found: Vec<(i64, String)> = find
        .query_map(params![after, limit, AT_ONCE, safe.epoch, signed(safe.n)], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut done = 0;
    for (first, nid) in &found {
        let settled = entries_with_receipts(db, nid, None)?
            .iter()
            .all(|line| line.receipt.as_ref().is_some_and(|r| r.at < before));
        if settled {
            db.prepare_cached("UPDATE entries SET jws = NULL WHERE nid = ?1")?
                .execute([nid])?;
            db.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
                .execute([first])?;
            refresh_projection(db, nid, None)?;
            done += 1;
        }
    }
    Ok((done, found.last().map(|(first, _)| *first)))
}
