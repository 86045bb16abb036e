//! What strangers have waiting: entries under keys that nobody believes, by the device that brought them, and
//! requests to enrol that nobody vouches for, by where they came from.

use super::read::{enrolment, text};
use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::EnrolmentRequestRow;

impl ReadTransaction<'_> {
    /// How many entries a device has waiting under keys that nobody believes.
    pub fn strange_entries(&self, dev: &str) -> BookResult<u64> {
        let sql = "SELECT count(*) FROM strange_entry s JOIN entry e ON e.h = s.h
             WHERE s.dev = ?1 AND (e.status = 'held' OR e.status IS NULL)";
        self.number(sql, values![dev])
    }

    /// How many requests to enrol wait that came from a source, and for which nobody vouched.
    pub fn strange_enrolments_from(&self, source: &str) -> BookResult<u64> {
        let sql = "SELECT count(*) FROM strange_enrolment s JOIN enrolment e ON e.id = s.id
             WHERE s.source = ?1 AND e.state = 'waiting'";
        self.number(sql, values![source])
    }

    /// How many of them wait from everywhere.
    pub fn strange_enrolments(&self) -> BookResult<u64> {
        let sql = "SELECT count(*) FROM strange_enrolment s JOIN enrolment e ON e.id = s.id
             WHERE e.state = 'waiting'";
        self.number(sql, &[])
    }

    /// The oldest one of the source that has the most of them waiting.
    pub fn strangest_enrolment(&self) -> BookResult<Option<String>> {
        let waiting = "strange_enrolment s JOIN enrolment e ON e.id = s.id WHERE e.state = 'waiting'";
        let sql = format!(
            "SELECT s.id FROM {waiting} AND s.source =
               (SELECT s.source FROM {waiting} GROUP BY s.source ORDER BY count(*) DESC, min(e.at_ms) LIMIT 1)
             ORDER BY e.at_ms, s.id LIMIT 1"
        );
        self.one(&sql, &[], text)
    }

    /// Requests that have waited since before a time and proved no code.
    pub fn waiting_since(&self, before_ms: i64) -> BookResult<Vec<EnrolmentRequestRow>> {
        let sql = "SELECT id, kid, jws, at_ms, state, invited FROM enrolment
             WHERE state = 'waiting' AND invited = 0 AND at_ms < ?1 ORDER BY at_ms, id";
        self.all(sql, values![before_ms], enrolment)
    }
}

impl WriteTransaction<'_> {
    /// Notes that a device brought an entry under a key that nobody believes.
    pub fn add_strange_entry(&self, dev: &str, h: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO strange_entry (h, dev) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            values![h, dev],
        )?;
        Ok(())
    }

    /// Forgets of which device they came where entries wait no more.
    pub fn forget_settled_strangers(&self) -> BookResult<()> {
        self.run(
            "DELETE FROM strange_entry WHERE h IN
               (SELECT s.h FROM strange_entry s JOIN entry e ON e.h = s.h
                WHERE e.status IS NOT NULL AND e.status <> 'held')",
            &[],
        )?;
        Ok(())
    }

    /// Notes where a request to enrol came from that nobody vouches for.
    pub fn add_strange_enrolment(&self, id: &str, source: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO strange_enrolment (id, source) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            values![id, source],
        )?;
        Ok(())
    }

    /// Drops a request to enrol that waits: whoever made it may ask again.
    pub fn drop_enrolment(&self, id: &str) -> BookResult<()> {
        self.run("DELETE FROM strange_enrolment WHERE id = ?1", values![id])?;
        self.run(
            "DELETE FROM enrolment WHERE id = ?1 AND state = 'waiting'",
            values![id],
        )?;
        Ok(())
    }
}
