//! The ministry's rules over a month, for a command.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use crate::env::Clock;
use crate::figures::{self, Concern, CountCell, Counted, FacilityMonth, Reported, by_facility};
use crate::form::body::{Unknown, from_json};
use crate::portal::PortalError;
use crate::portal::book::{BookError, BookResult};
use crate::portal::operate::housekeeping::housekeeping;
use crate::portal::projections::months::{by, first_day, month_of};
use crate::portal::projections::quality::{YEAR, cell, silences, surpluses};
use crate::portal::record::StatedRow;
use crate::portal::unit::registry::Registry;
use crate::seal::{Entry, Jws, Typ};
use crate::vital::{Kind, day_number};

/// What the ministry's rules find in the twelve months that end with a month, and each facility's
/// counts of that month.
///
/// # Errors
/// The portal's.
pub fn quality(
    dir: &Path,
    month: chrono::NaiveDate,
    clock: Arc<dyn Clock>,
) -> Result<(Vec<Concern>, Vec<FacilityMonth>), PortalError> {
    let registry = Registry::open(dir, None, clock)?;
    housekeeping(&registry)?;
    let (limits, offset, at) = (
        &registry.settings.limits,
        *registry.now().offset(),
        month_of(month),
    );
    let (mut found, all) = registry.read(|tx| {
        let mut year = CountCell::default();
        for row in tx.cells(by::COUNTRY, Some(""), at - YEAR + 1, at)? {
            year.merge(&cell(&row.body)?);
        }
        let mut found = figures::concerns(&year, limits);
        let facilities: Vec<String> = tx.places()?.into_iter().map(|(fac, _, _)| fac).collect();
        let facilities: Vec<&str> = facilities.iter().map(String::as_str).collect();
        // The month may not be over: silence is that of the one before.
        found.extend(silences(tx, &facilities, at - 1, limits)?);
        found.extend(surpluses(tx, &facilities, at - 1, offset)?);
        let (from, to) = (first_day(at), first_day(at + 1));
        let all = tx.stated(day_number(from), day_number(to) - 1, |row| reported(row, offset))?;
        Ok((found, all))
    })?;
    found.sort_by_key(|c| c.rule);
    let of = (chrono::Datelike::year(&month), chrono::Datelike::month(&month));
    Ok((found, by_facility(&all, of, limits)))
}

fn reported(row: StatedRow, offset: FixedOffset) -> BookResult<Option<Reported>> {
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
        fac: row.fac.into(),
        counted: Counted {
            event,
            signed: arrived.with_timezone(&offset).date_naive(),
            annulled: row.voided,
        },
    }))
}
