//! How fast tries to sign in may follow each other, by where they come from and at which account.
//!
//! From the third wrong try on, a source waits at that account, each time twice as long, up to a quarter of
//! an hour. Where many have guessed at one account from everywhere, a source that never signed in there waits
//! once before its first try and between tries: each pays by itself, and none of them can make the right
//! person wait for what others do. Whether anybody has the account makes no difference.
//!
//! What is kept names neither a source nor a login: the hashes are keyed.

use crate::portal::book::{AttemptRow, BookResult, WriteTransaction};
use crate::portal::settings::Quotas;
use crate::seal::RestKey;

/// A try without a word of it for this long is forgotten, milliseconds.
const FORGET_MS: i64 = 6 * 3600 * 1000;
/// A source that signed in is known for this long, milliseconds.
const KNOWN_MS: i64 = 90 * 86_400_000;

/// A source at an account.
pub(in crate::portal) struct Attempt {
    /// The source at this account.
    pair: String,
    /// The account, wherever somebody tries from.
    account: String,
}

impl Attempt {
    /// Somebody at `source` tries to be `login`.
    pub fn of(key: &RestKey, source: &str, login: &str) -> Attempt {
        Attempt {
            pair: key.keyed_hash(&["attempt", source, login]),
            account: key.keyed_hash(&["attempts at", login]),
        }
    }

    /// Counts a try, which stays counted whatever comes of it; the milliseconds to wait where it may not be
    /// made yet.
    pub fn count(&self, tx: &WriteTransaction<'_>, quotas: &Quotas, now: i64) -> BookResult<Option<i64>> {
        let found = tx.attempt(&self.pair)?;
        let mut account = tx.attempt(&self.account)?.unwrap_or_default();
        let pause = match account.fails >= quotas.sign_in_guesses {
            true => i64::from(quotas.sign_in_pause_seconds) * 1000,
            false => 0,
        };
        let mut pair = found.clone().unwrap_or_default();
        let stranger = pair.welcome_ms.is_none();
        if stranger && found.is_none() && pause > 0 {
            pair.not_before_ms = now + pause;
            tx.put_attempt(&self.pair, &pair, now)?;
        }
        if pair.not_before_ms > now {
            return Ok(Some(pair.not_before_ms - now));
        }
        pair.fails = pair.fails.saturating_add(1);
        let delay = lockout_delay(pair.fails);
        pair.not_before_ms = now + if stranger { delay.max(pause) } else { delay };
        account.fails = account.fails.saturating_add(1);
        tx.put_attempt(&self.pair, &pair, now)?;
        tx.put_attempt(&self.account, &account, now)?;
        Ok(None)
    }

    /// Notes that a try was wrong at an account that nobody has: one write, as where somebody has it.
    pub fn note_nobody(&self, tx: &WriteTransaction<'_>, now: i64) -> BookResult<()> {
        let pair = tx.attempt(&self.pair)?.unwrap_or_default();
        tx.put_attempt(&self.pair, &pair, now)
    }

    /// Notes that the right person signed in from there: what was tried from there was theirs. What others
    /// tried stays counted.
    pub fn welcome(&self, tx: &WriteTransaction<'_>, now: i64) -> BookResult<()> {
        let own = tx.attempt(&self.pair)?.unwrap_or_default().fails;
        let mut account = tx.attempt(&self.account)?.unwrap_or_default();
        account.fails = account.fails.saturating_sub(own);
        let known = AttemptRow {
            welcome_ms: Some(now),
            ..AttemptRow::default()
        };
        tx.put_attempt(&self.pair, &known, now)?;
        tx.put_attempt(&self.account, &account, now)
    }
}

/// Forgets what is too old to count.
pub(in crate::portal) fn forget(tx: &WriteTransaction<'_>, now: i64) -> BookResult<()> {
    tx.forget_attempts(now - FORGET_MS, now - KNOWN_MS)
}

/// How long a source waits after so many wrong tries, milliseconds.
fn lockout_delay(fails: u32) -> i64 {
    match fails {
        0..=2 => 0,
        n => (5_000_i64 << (n - 3).min(10)).min(15 * 60 * 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tries_wait_longer_and_longer_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = [0, 2, 3, 4, 5, 20, u32::MAX]
            .map(|n| lockout_delay(n) / 1000)
            .to_vec();
        assert_eq!(waits, [0, 0, 5, 10, 20, 900, 900]);
    }

    #[test]
    fn what_is_kept_of_a_try_tells_sources_and_accounts_apart_and_names_neither() {
        let key = RestKey::generate().unwrap();
        let one = Attempt::of(&key, "192.0.2.7", "sitora");
        let elsewhere = Attempt::of(&key, "192.0.2.8", "sitora");
        assert!(one.account == elsewhere.account && one.pair != elsewhere.pair);
        assert_ne!(one.account, Attempt::of(&key, "192.0.2.7", "daler").account);
        assert!(!one.pair.contains("sitora") && !one.pair.contains("192"));
    }
}
