//! The notifications that count in a month: of events in it, and signed in it.

use chrono::{DateTime, Months, NaiveDate};
use rusqlite::params;

use super::projection::{day_number, event_of};
use super::{Store, StoreError};
use crate::vital::{Event, Kind};
use crate::ward::store::projection_writer::read_entry;

/// A notification as the month counts it.
#[derive(Clone, Debug)]
pub struct MonthRow {
    /// What its latest revision states.
    pub event: Event,
    /// Civil day of its first signing.
    pub signed: NaiveDate,
    /// Whether it was annulled.
    pub annulled: bool,
}

impl Store {
    /// Every notification of an event in the month that begins on `first`, or signed in it, but for what the
    /// registry ruled a duplicate: that event is counted where it was registered.
    pub fn of_month(&self, first: NaiveDate) -> Result<Vec<MonthRow>, StoreError> {
        let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        self.read(|db| {
            let mut find = db.prepare_cached(
                "SELECT p.kind, p.status, p.signed_at, e.jws FROM notifications p JOIN entries e ON e.h = p.h
                 WHERE e.jws IS NOT NULL AND p.status <> 'duplicate'
                   AND (p.day_n >= ?1 AND p.day_n < ?2 OR p.signed_on >= ?3 AND p.signed_on < ?4)",
            )?;
            let mut rows = find.query(params![
                day_number(first),
                day_number(next),
                first.to_string(),
                next.to_string()
            ])?;
            let mut out = Vec::new();
            while let Some(r) = rows.next()? {
                let kind = Kind::from_code(&r.get::<_, String>(0)?);
                let entry = read_entry(r.get_ref(3)?.as_str().unwrap_or_default())?;
                let signed: String = r.get(2)?;
                let signed = DateTime::parse_from_rfc3339(&signed)
                    .map_err(|_| StoreError::Damaged("time".to_owned()))?;
                out.extend(kind.and_then(|k| event_of(k, &entry)).map(|event| MonthRow {
                    event,
                    signed: signed.date_naive(),
                    annulled: r.get::<_, String>(1).is_ok_and(|s| s == "voided"),
                }));
            }
            Ok(out)
        })
    }
}
