//! The notifications that may count in a month: of events in it, and signed late in it.

use chrono::{Months, NaiveDate};
use rusqlite::{Connection, params};

use super::convert::unsigned;
use super::in_force::InForce;
use super::projection::day_number;
use super::projection_writer::{entries_with_receipts, read_receipt};
use super::{Store, StoreError};
use crate::figures::Notified;
use crate::seal::Receipt;

/// What a ward has of a month, to be counted.
#[derive(Clone, Debug, Default)]
pub struct WardMonth {
    /// Notifications as the registry's receipts say that they stand.
    pub received: Vec<Notified>,
    /// The same ones and those without a receipt, with what was signed since.
    pub signed: Vec<Notified>,
    /// Notifications signed in the month whose text is not kept any more, so that nobody here can count them.
    pub not_kept: u64,
}

impl Store {
    /// Every notification that may count in the month that begins on `first`.
    ///
    /// Whoever counts decides which of them do: there are some too many, never one too few.
    pub fn of_month(&self, first: NaiveDate) -> Result<WardMonth, StoreError> {
        let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        self.read(|db| {
            // A correction that is not in force yet, or never comes into force, may have moved the day.
            let mut find = db.prepare_cached(
                "SELECT nid FROM notifications
                 WHERE day_n >= ?1 AND day_n < ?2
                    OR day_n < ?1 AND signed_on >= ?3
                    OR rev > 1 AND (beside IS NOT NULL OR waiting > 0
                       OR status NOT IN ('registered', 'certificate-issued'))
                 ORDER BY first",
            )?;
            let from = first.to_string();
            let rows = find.query_map(params![day_number(first), day_number(next), from], |r| r.get(0))?;
            let mut out = WardMonth {
                not_kept: not_kept(db, first, next)?,
                ..WardMonth::default()
            };
            for nid in rows {
                let nid: String = nid?;
                let entries = entries_with_receipts(db, &nid, None)?;
                let told = InForce::told(&entries, &receipts(db, &nid)?);
                out.received.extend(told.notified());
                out.signed.extend(told.with_unsent().notified());
            }
            Ok(out)
        })
    }
}

/// Every receipt about a notification, in the order of their numbers.
fn receipts(db: &Connection, nid: &str) -> Result<Vec<Receipt>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT r.jws FROM entries e JOIN receipts r ON r.nh = e.h WHERE e.nid = ?1 ORDER BY r.epoch, r.n, r.r",
    )?;
    let rows = find.query_map([nid], |r| r.get::<_, String>(0))?;
    rows.map(|jws| read_receipt(&jws?)).collect()
}

fn not_kept(db: &Connection, first: NaiveDate, next: NaiveDate) -> Result<u64, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT count(*) FROM notifications p WHERE signed_on >= ?1 AND signed_on < ?2
           AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.nid = p.nid AND e.jws IS NOT NULL)",
    )?;
    let n = find.query_row([first.to_string(), next.to_string()], |r| r.get(0))?;
    Ok(unsigned(n))
}
