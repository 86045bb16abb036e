//! The ministry's rules over what the book holds. Reads every statement of the stretch of time, so
//! it is a command and no page.

use std::path::Path;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};

use super::PortalError;
use super::book::{BookError, Kept, StatedRow};
use super::keys::Files;
use super::shelf::Shelf;
use crate::form::body::{Unknown, from_json};
use crate::monitor::{Concern, Counted, FacilityMonth, Reported, by_facility, concerns};
use crate::seal::{Entry, Jws, Typ};
use crate::vital::Kind;

/// Days that are looked at: a year and the month before it, so that silence has a measure.
const DAYS: u64 = 396;

/// What the ministry's rules find in the year that ends on `until`, and each facility's counts of
/// the month in which `until` lies.
///
/// # Errors
/// The portal's.
pub fn quality(
    dir: &Path,
    until: NaiveDate,
    offset: FixedOffset,
) -> Result<(Vec<Concern>, Vec<FacilityMonth>), PortalError> {
    let files = Files(dir.to_owned());
    let settings = files.load()?;
    let mut book = Shelf::of(&files, &settings, None).open()?;
    let day = |d: NaiveDate| {
        let days = d.signed_duration_since(NaiveDate::default()).num_days();
        i32::try_from(days).unwrap_or_default()
    };
    let from = until.checked_sub_days(Days::new(DAYS)).unwrap_or(until);
    let mut all = Vec::new();
    book.read(&mut |leaf| {
        all.clear();
        leaf.each_stated(day(from), day(until), &mut |row| {
            all.extend(reported(row, offset)?);
            Ok(())
        })
    })?;
    let of = (chrono::Datelike::year(&until), chrono::Datelike::month(&until));
    Ok((
        concerns(&all, until, &settings.limits),
        by_facility(&all, of, &settings.limits),
    ))
}

fn reported(row: StatedRow, offset: FixedOffset) -> Kept<Option<Reported>> {
    let damaged = || BookError::Failed("a kept entry cannot be read".to_owned());
    let jws = Jws::parse(&row.jws, Typ::Entry).map_err(|_| damaged())?;
    let entry = Entry::from_jws(&jws).map_err(|_| damaged())?;
    let Some(kind) = Kind::from_code(&row.kind) else {
        return Ok(None);
    };
    let body = serde_json::Value::Object(entry.body);
    let Ok(event) = from_json(kind, &body, Unknown::Keep) else {
        return Ok(None);
    };
    let arrived = DateTime::from_timestamp_millis(row.first_ms).unwrap_or_default();
    Ok(Some(Reported {
        fac: row.fac,
        delay_hours: row.event_ms.map(|at| (row.first_ms - at) / 3_600_000),
        counted: Counted {
            event,
            signed: arrived.with_timezone(&offset).date_naive(),
            annulled: row.voided,
        },
    }))
}
