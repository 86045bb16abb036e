//! Rebuilding every projection of entries and receipts.

use super::convert::unsigned;
use super::journal::queue;
use super::{Store, StoreError};
use crate::ward::store::projection_writer::{read_entry, refresh_projection};
use crate::ward::store::unsigned_entry::save_tally;

impl Store {
    /// Projects lists, statuses, counters, search and the outbox again, in one transaction. What is
    /// known of failed deliveries stays. Gives how many notifications there are.
    pub fn rebuild(&mut self) -> Result<u64, StoreError> {
        self.write(|db| {
            db.execute_batch(
                "DELETE FROM notifications;
                 DELETE FROM totals;
                 DELETE FROM tallies;
                 INSERT INTO search (search) VALUES ('delete-all');
                 DELETE FROM outbox WHERE n IN
                   (SELECT e.n FROM entries e JOIN receipts r ON r.nh = e.h);",
            )?;
            let mut unsent = db.prepare(
                "SELECT e.n, e.jws FROM entries e JOIN journals j USING (jid)
                 WHERE j.own = 1 AND e.jws IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.nh = e.h)",
            )?;
            let mut rows = unsent.query([])?;
            while let Some(r) = rows.next()? {
                let jws: String = r.get(1)?;
                queue(db, r.get(0)?, &read_entry(&jws)?, &jws)?;
            }
            let mut tallies = db.prepare(
                "SELECT e.n, j.own, e.jws FROM entries e JOIN journals j USING (jid)
                 WHERE e.t = 'tally' AND e.jws IS NOT NULL ORDER BY e.n",
            )?;
            let mut rows = tallies.query([])?;
            while let Some(r) = rows.next()? {
                save_tally(db, r.get(0)?, r.get(1)?, &read_entry(&r.get::<_, String>(2)?)?)?;
            }
            let mut first = db.prepare(
                "SELECT nid FROM entries WHERE t IN ('birth', 'death', 'foetal-death') ORDER BY n",
            )?;
            let mut rows = first.query([])?;
            while let Some(r) = rows.next()? {
                refresh_projection(db, &r.get::<_, String>(0)?, None)?;
            }
            let n: i64 = db.query_row("SELECT count(*) FROM notifications", [], |r| r.get(0))?;
            Ok(unsigned(n))
        })
    }
}
