//! Tries to sign in, by keyed hashes of where they came from and at which account.

use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};

/// What is kept of the tries of one source at one account, or of all tries at one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::portal) struct AttemptRow {
    /// Wrong tries since the last right one.
    pub fails: u32,
    /// No try counts before this time, Unix milliseconds.
    pub not_before_ms: i64,
    /// When a try was right, Unix milliseconds.
    pub welcome_ms: Option<i64>,
}

impl ReadTransaction<'_> {
    /// Gives what is kept of tries.
    pub fn attempt(&self, h: &str) -> BookResult<Option<AttemptRow>> {
        let sql = "SELECT fails, not_before_ms, welcome_ms FROM attempt WHERE h = ?1";
        self.one(sql, values![h], |r| {
            Ok(AttemptRow {
                fails: r.int(0)?,
                not_before_ms: r.int(1)?,
                welcome_ms: r.opt_int(2)?,
            })
        })
    }
}

impl WriteTransaction<'_> {
    /// Keeps what is known of tries.
    pub fn put_attempt(&self, h: &str, attempt: &AttemptRow, at_ms: i64) -> BookResult<()> {
        self.run(
            "INSERT INTO attempt (h, fails, not_before_ms, welcome_ms, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (h) DO UPDATE SET fails = ?2, not_before_ms = ?3, welcome_ms = ?4, at_ms = ?5",
            values![h, attempt.fails, attempt.not_before_ms, attempt.welcome_ms, at_ms],
        )?;
        Ok(())
    }

    /// Forgets tries without a word since a time, and those of known sources since another.
    pub fn forget_attempts(&self, before_ms: i64, known_before_ms: i64) -> BookResult<()> {
        self.run(
            "DELETE FROM attempt WHERE at_ms < ?1 AND (welcome_ms IS NULL OR at_ms < ?2)",
            values![before_ms, known_before_ms],
        )?;
        Ok(())
    }
}
