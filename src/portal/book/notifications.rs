//! Notifications, what waits for them, look-alikes, numbers.

use std::collections::HashSet;

use super::read::{self, NOTIFICATION, json, text};
use super::sql::{SqlValue, parts, places, values};
use super::{BookError, BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::{MatchIndexEntry, MatchingRow, Notification};
use crate::vital::Kind;
use crate::vital::Nid;

/// Days between those under which an event is found whose day is not known: no more than whoever looks
/// one day before and after sees.
const SPAN_STEP: usize = 3;

/// Look-alikes under the keys of one question: more are a flood.
const USUAL: usize = 5_000;

impl ReadTransaction<'_> {
    /// A notification.
    pub fn notification(&self, nid: &str) -> BookResult<Option<Notification>> {
        let sql = format!("SELECT {NOTIFICATION} FROM notification WHERE nid = ?1");
        self.one(&sql, values![nid], read::notification)
    }

    /// Members of a multiple birth that a facility stated.
    pub fn set_members(&self, fac: &str, set: &str) -> BookResult<Vec<Nid>> {
        let sql = "SELECT nid FROM notification WHERE set_id = ?1 AND fac = ?2 ORDER BY nid";
        self.all(sql, values![set, fac], |r| Ok(r.text(0)?.into()))
    }

    /// Key, day and notification of what has one of these keys within days: of each key `most`, the
    /// earliest.
    pub fn find_by_blocking_keys(
        &self,
        from_day: i32,
        to_day: i32,
        keys: &[String],
        most: usize,
    ) -> BookResult<Vec<(String, i32, String)>> {
        let mut out = Vec::new();
        for part in parts(keys) {
            let found = self.under_keys(from_day, to_day, part, USUAL)?;
            if found.len() < USUAL {
                out.extend(found);
                continue;
            }
            // A flood of copies: of what is crowded the earliest alone.
            let crowded = self.crowded(from_day, to_day, part, most)?;
            let others: Vec<String> = part
                .iter()
                .filter(|key| !crowded.contains(key))
                .cloned()
                .collect();
            if !others.is_empty() {
                out.extend(self.under_keys(from_day, to_day, &others, most * others.len())?);
            }
            for key in crowded {
                out.extend(self.under_keys(from_day, to_day, &[key], most)?);
            }
        }
        Ok(out)
    }

    /// Key, day and notification of what has one of these keys within days, the earliest of each key, so many
    /// of them.
    fn under_keys(
        &self,
        from_day: i32,
        to_day: i32,
        keys: &[String],
        most: usize,
    ) -> BookResult<Vec<(String, i32, String)>> {
        let n = keys.len();
        let sql = format!(
            "SELECT key, day, nid FROM alike WHERE key IN ({}) AND day BETWEEN ?{} AND ?{}
             ORDER BY key, day, nid LIMIT ?{}",
            (1..=n).map(|i| format!("?{i}")).collect::<Vec<_>>().join(", "),
            n + 1,
            n + 2,
            n + 3
        );
        let mut wanted: Vec<SqlValue<'_>> = keys.iter().map(SqlValue::from).collect();
        wanted.extend([
            SqlValue::from(from_day),
            SqlValue::from(to_day),
            SqlValue::from(most),
        ]);
        self.all(&sql, &wanted, |r| Ok((r.text(0)?, r.int(1)?, r.text(2)?)))
    }

    /// Those of the keys that more than `most` have within days, found without reading them all.
    fn crowded(&self, from_day: i32, to_day: i32, keys: &[String], most: usize) -> BookResult<Vec<String>> {
        let n = keys.len();
        let sql = format!(
            "WITH wanted (key) AS (VALUES {}) SELECT key FROM wanted WHERE EXISTS (
               SELECT 1 FROM alike WHERE alike.key = wanted.key AND day BETWEEN ?{} AND ?{}
               LIMIT 1 OFFSET ?{})",
            places(n, 1),
            n + 1,
            n + 2,
            n + 3
        );
        let mut wanted: Vec<SqlValue<'_>> = keys.iter().map(SqlValue::from).collect();
        wanted.extend([
            SqlValue::from(from_day),
            SqlValue::from(to_day),
            SqlValue::from(most),
        ]);
        self.all(&sql, &wanted, text)
    }

    /// Reads what matching looks at in these notifications.
    pub fn matching_records(&self, nids: &[String]) -> BookResult<Vec<MatchingRow>> {
        let mut out = Vec::new();
        for part in parts(nids) {
            let sql = format!(
                "SELECT nid, body, status, reg_no FROM trace JOIN notification USING (nid) WHERE nid IN {}",
                places(1, part.len())
            );
            let wanted: Vec<SqlValue<'_>> = part.iter().map(SqlValue::from).collect();
            out.extend(self.all(&sql, &wanted, |r| {
                Ok(MatchingRow {
                    nid: r.text(0)?.into(),
                    record: read::of_json(&r.text(1)?)?,
                    status: read::status(&r.text(2)?)?,
                    numbered: r.opt_text(3)?.is_some(),
                })
            })?);
        }
        Ok(out)
    }

    /// The last number of an office, year and kind; 0 for none.
    pub fn last_number(&self, office: &str, year: i32, kind: &str) -> BookResult<u64> {
        let sql = "SELECT last FROM number WHERE office = ?1 AND year = ?2 AND kind = ?3";
        let found = self.one(sql, values![office, year, kind], |r| r.int(0))?;
        Ok(found.unwrap_or(0))
    }

    /// Which of these identifiers belong to notifications that are kept.
    pub fn kept_notifications(&self, nids: &[Nid]) -> BookResult<HashSet<Nid>> {
        self.among("SELECT nid FROM notification WHERE nid IN", nids)
    }

    /// Which of these are waited for.
    pub fn awaited(&self, on: &[String]) -> BookResult<HashSet<String>> {
        self.among("SELECT DISTINCT waits_for FROM waiting WHERE waits_for IN", on)
    }
}

impl WriteTransaction<'_> {
    /// Notes that an entry waits for another notification (`nid`) or entry (hash).
    pub fn wait(&self, h: &str, on: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO waiting (waits_for, no, h)
             VALUES (?1, (SELECT coalesce(max(no), 0) + 1 FROM waiting WHERE waits_for = ?1), ?2)",
            values![on, h],
        )?;
        Ok(())
    }

    /// Takes what waits, in order of arrival.
    pub fn take_waiting(&self, on: &str) -> BookResult<Vec<String>> {
        let sql = "SELECT h FROM waiting WHERE waits_for = ?1 ORDER BY no";
        let found = self.all(sql, values![on], text)?;
        if !found.is_empty() {
            self.run("DELETE FROM waiting WHERE waits_for = ?1", values![on])?;
        }
        Ok(found)
    }

    /// Replaces the keys by which look-alikes of notifications are found, and the traces that
    /// are compared; one without keys is found no more.
    pub fn put_match_index(&self, all: &[MatchIndexEntry]) -> BookResult<()> {
        let known: Vec<&MatchIndexEntry> = all.iter().filter(|a| !a.new).collect();
        for part in parts(&known) {
            let sql = format!("DELETE FROM alike WHERE nid IN {}", places(1, part.len()));
            let nids: Vec<SqlValue<'_>> = part.iter().map(|a| (&a.nid).into()).collect();
            self.run(&sql, &nids)?;
        }
        let mut rows = Vec::new();
        let mut records = Vec::new();
        for indexed in all {
            let Some(record) = &indexed.record else { continue };
            // Of an event whose day is not known, some days of the time in which it was: whoever looks
            // around the true one finds it.
            for day in (record.day.0..=record.day.1).step_by(SPAN_STEP) {
                let keys = indexed.keys.iter();
                rows.extend(keys.map(|key| [key.into(), day.into(), (&indexed.nid).into()]));
            }
            let text = json(record)?;
            records.push((&indexed.nid, text));
        }
        self.insert("alike (key, day, nid)", &rows)?;
        for part in parts(&records) {
            let sql = format!(
                "INSERT INTO trace (nid, body) VALUES {}
                 ON CONFLICT (nid) DO UPDATE SET body = excluded.body",
                places(part.len(), 2)
            );
            let values: Vec<SqlValue<'_>> = part
                .iter()
                .flat_map(|(nid, t)| [(*nid).into(), t.into()])
                .collect();
            self.run(&sql, &values)?;
        }
        Ok(())
    }

    /// Lifts that number to at least `n`.
    pub fn raise_number(&self, office: &str, year: i32, kind: &str, n: u64) -> BookResult<()> {
        self.run(
            "INSERT INTO number (office, year, kind, last) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (office, year, kind) DO UPDATE
             SET last = CASE WHEN number.last < ?4 THEN ?4 ELSE number.last END",
            values![office, year, kind, n],
        )?;
        Ok(())
    }
}

/// Kind of a notification.
pub(in crate::portal) fn kind_of(n: &Notification) -> BookResult<Kind> {
    Kind::from_code(&n.kind).ok_or_else(|| BookError::Failed(format!("kind {}", n.kind)))
}
