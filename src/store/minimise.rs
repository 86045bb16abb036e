//! Names leave the device long after the family has its certificate: the text of an entry goes, and
//! its hash, place and receipt stay, so that the chain still verifies and the number is still found.
//!
//! Only what is settled is touched: a certificate was issued, or it was annulled, or repeats another
//! one, or is a registered foetal death; and every entry of it has a receipt that is old enough.

use chrono::{DateTime, FixedOffset};
use rusqlite::params;

use super::convert::signed;
use super::redraw::{lines, redraw};
use super::{Store, StoreError};

/// The day on which this was done last.
const DONE: &str = "minimised";

impl Store {
    /// Takes the texts of settled notifications away whose newest receipt is older than `before`, at
    /// most so many of them; says how many there were.
    pub fn minimise(&mut self, before: DateTime<FixedOffset>, most: usize) -> Result<usize, StoreError> {
        // What is deleted is overwritten, not only forgotten.
        self.db.execute_batch("PRAGMA secure_delete = ON")?;
        let done = self.write(|db| {
            let mut find = db.prepare(
                "SELECT first, nid FROM notifications p
                 WHERE (status IN ('certificate-issued', 'voided', 'duplicate')
                        OR (kind = 'foetal-death' AND status = 'registered'))
                   AND beside IS NULL AND waiting = 0 AND signed_on < ?1
                   AND EXISTS (SELECT 1 FROM entries e WHERE e.nid = p.nid AND e.jws IS NOT NULL)
                 ORDER BY first LIMIT ?2",
            )?;
            let limit = before.date_naive().to_string();
            let found: Vec<(i64, String)> = find
                .query_map(params![limit, signed(most)], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut done = 0;
            for (first, nid) in found {
                let settled = lines(db, &nid, None)?
                    .iter()
                    .all(|line| line.receipt.as_ref().is_some_and(|r| r.at < before));
                if !settled {
                    continue;
                }
                db.prepare_cached("UPDATE entries SET jws = NULL WHERE nid = ?1")?
                    .execute([&nid])?;
                db.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
                    .execute([first])?;
                redraw(db, &nid, None)?;
                done += 1;
            }
            if done > 0 {
                // Words that were deleted leave the index only when its parts are merged.
                db.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
            }
            Ok(done)
        });
        self.db.execute_batch("PRAGMA secure_delete = FAST")?;
        if done.as_ref().is_ok_and(|n| *n > 0) {
            // The write-ahead log still has the pages as they were.
            self.db
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        done
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
        let done = self.minimise(before, 1000)?;
        self.set_meta(DONE, &today)?;
        Ok(done)
    }
}
