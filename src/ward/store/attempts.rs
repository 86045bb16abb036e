//! The outbox as rows: what waits, and the answers that were no receipt.

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension, params};

use super::convert::{signed, time};
use super::{AttemptOutcome, Item, Store, StoreError, Tries, Urgency};

/// An answer that was no receipt, as often as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The entry.
    pub id: String,
    /// What came.
    pub outcome: AttemptOutcome,
    /// The portal's word for it, or that of the failure.
    pub code: String,
    /// When first.
    pub first: DateTime<FixedOffset>,
    /// When last.
    pub last: DateTime<FixedOffset>,
    /// How often.
    pub times: u32,
}

fn items(db: &Connection, which: &str, limit: usize) -> Result<Vec<Item>, StoreError> {
    let mut all = db.prepare_cached(&format!(
        "SELECT e.id, e.h, e.nid, n, o.urgency, o.bytes, o.tries, e.t = 'key', e.t = 'open'
         FROM outbox o JOIN entries e USING (n) {which} ORDER BY o.urgency, o.n LIMIT ?1"
    ))?;
    let rows = all.query_map([signed(limit)], |r| {
        let tries: Option<String> = r.get(6)?;
        Ok(Item {
            id: r.get(0)?,
            h: r.get(1)?,
            nid: r.get(2)?,
            n: r.get(3)?,
            urgency: Urgency::from_number(r.get(4)?),
            of_key: r.get(7)?,
            opens: r.get(8)?,
            bytes: r.get::<_, i64>(5)?.try_into().unwrap_or_default(),
            // Tries that cannot be read were written by another version: it is tried anew.
            tries: tries
                .and_then(|t| serde_json::from_str(&t).ok())
                .unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// Everything without a receipt, for the plan.
    pub fn pending(&self) -> Result<Vec<Item>, StoreError> {
        items(&self.db, "", usize::MAX)
    }

    /// The most urgent of what waits: `limit` entries that never failed, in the order in which they
    /// go, and everything that did fail, because others may have to wait behind it. A plan made
    /// from this says the same of these entries as one made from everything, at a cost that does
    /// not grow with the queue.
    pub fn pending_first(&self, limit: usize) -> Result<Vec<Item>, StoreError> {
        self.read(|db| {
            let mut all = items(db, "WHERE o.tries IS NOT NULL", usize::MAX)?;
            all.extend(items(db, "WHERE o.tries IS NULL", limit)?);
            Ok(all)
        })
    }

    /// The exact text of an entry.
    ///
    /// # Errors
    /// [`StoreError::NoNotification`] where there is none with this identifier, or its text was
    /// minimised.
    pub fn entry_text(&self, id: &str) -> Result<String, StoreError> {
        let mut find = self.db.prepare_cached("SELECT jws FROM entries WHERE id = ?1")?;
        let text: Option<Option<String>> = find.query_row([id], |r| r.get(0)).optional()?;
        text.flatten()
            .ok_or_else(|| StoreError::NoNotification(id.to_owned()))
    }

    /// Notes an answer that was no receipt, and what follows for the entry. Where its receipt has
    /// come in the meantime there is nothing to note.
    pub fn note_attempt(
        &mut self,
        id: &str,
        now: DateTime<FixedOffset>,
        outcome: AttemptOutcome,
        code: &str,
        tries: &Tries,
    ) -> Result<(), StoreError> {
        let tries = serde_json::to_string(tries).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.write(|db| {
            let n: Option<i64> = db
                .prepare_cached("SELECT n FROM outbox JOIN entries USING (n) WHERE id = ?1")?
                .query_row([id], |r| r.get(0))
                .optional()?;
            let Some(n) = n else { return Ok(()) };
            db.prepare_cached("UPDATE outbox SET tries = ?2 WHERE n = ?1")?
                .execute(params![n, tries])?;
            db.prepare_cached(
                "INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?4, 1)
                 ON CONFLICT DO UPDATE SET last = excluded.last, times = times + 1",
            )?
            .execute(params![n, outcome.code(), code, now.to_rfc3339()])?;
            Ok(())
        })
    }

    /// Lets everything that waits be tried again at once (*send now*), and the connection too.
    pub fn release_outbox(&mut self) -> Result<(), StoreError> {
        let link = self.link()?.released();
        self.set_link(&link)?;
        self.write(|db| {
            db.execute("UPDATE outbox SET tries = NULL WHERE tries IS NOT NULL", [])?;
            Ok(())
        })
    }

    /// Answers for a notification's entries that were no receipt, oldest first.
    pub fn attempts_of(&self, nid: &str) -> Result<Vec<Attempt>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT e.id, a.outcome, a.code, a.first, a.last, a.times
             FROM entries e JOIN attempts a USING (n) WHERE e.nid = ?1 ORDER BY a.first, n",
        )?;
        let mut rows = find.query([nid])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            out.push(Attempt {
                id: r.get(0)?,
                outcome: AttemptOutcome::from_code(&r.get::<_, String>(1)?)
                    .unwrap_or(AttemptOutcome::NoReceipt),
                code: r.get(2)?,
                first: time(&r.get::<_, String>(3)?)?,
                last: time(&r.get::<_, String>(4)?)?,
                times: r.get(5)?,
            });
        }
        Ok(out)
    }
}
