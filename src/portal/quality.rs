//! The ministry's rules over the counts that the book keeps, for a page and for a command.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use super::PortalError;
use super::book::{BookError, Kept, Leaf, StatedRow};
use super::draw::{by, first_day, month_name, month_of};
use super::registry::Registry;
use crate::env::{Clock, Limits};
use crate::form::body::{Unknown, from_json};
use crate::monitor::{self, Cell, Concern, Counted, FacilityMonth, Reported, by_facility};
use crate::seal::{Entry, Jws, Typ};
use crate::vital::{Kind, day_number};

/// What a delivery book counts, in its order.
pub(super) const BOOK: [&str; 3] = ["live_births", "stillbirths", "deaths"];

/// Months that the rules look at.
pub(super) const YEAR: i32 = 12;

/// Facilities of which nothing happened in `month` although the months before say that something
/// should have.
pub(super) fn silences(
    leaf: &Leaf<'_>,
    facilities: &[&str],
    month: i32,
    limits: &Limits,
) -> Kept<Vec<Concern>> {
    let heard: std::collections::HashSet<String> = leaf
        .cells(by::FACILITY, None, month, month)?
        .into_iter()
        .map(|row| Ok(cell(&row.body)?.events().gt(&0).then_some(row.place)))
        .filter_map(Kept::transpose)
        .collect::<Kept<_>>()?;
    let mut out = Vec::new();
    for fac in facilities.iter().filter(|fac| !heard.contains(**fac)) {
        let mut before = Vec::new();
        let mut next = None;
        for row in leaf.cells(by::FACILITY, Some(fac), month - YEAR, month - 1)? {
            // Months without any have no row.
            let gap = row.month - next.unwrap_or(row.month);
            before.extend((0..gap).map(|_| 0));
            before.push(cell(&row.body)?.events());
            next = Some(row.month + 1);
        }
        before.extend((0..month - next.unwrap_or(month)).map(|_| 0));
        out.extend(monitor::silence(fac, &month_name(month), &before, limits));
    }
    Ok(out)
}

/// Facilities that signed more in `month` than their delivery books count.
pub(super) fn surpluses(
    leaf: &Leaf<'_>,
    facilities: &[&str],
    month: i32,
    offset: FixedOffset,
) -> Kept<Vec<Concern>> {
    let mut books: HashMap<String, [u64; 3]> = HashMap::new();
    // The month ends at midnight there, not in Greenwich.
    let over =
        (i64::from(day_number(first_day(month + 1))) * 86_400 - i64::from(offset.local_minus_utc())) * 1_000;
    for tally in leaf.tallies(month, month)? {
        // Counted before the month was over, it lacks what came after.
        if tally.at_ms >= over {
            books.insert(tally.fac, tally.counts);
        }
    }
    let mut out = Vec::new();
    for row in leaf.cells(by::FACILITY, None, month, month)? {
        if let Some(book) = books.get(&row.place)
            && facilities.contains(&row.place.as_str())
        {
            let counts = cell(&row.body)?;
            let signed = BOOK.map(|what| counts.get(what));
            out.extend(monitor::surplus(&row.place, &month_name(month), signed, *book));
        }
    }
    Ok(out)
}

fn cell(body: &str) -> Kept<Cell> {
    serde_json::from_str(body).map_err(|e| BookError::Failed(e.to_string()))
}

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
    registry.housekeeping()?;
    let (limits, offset, at) = (
        &registry.settings.limits,
        *registry.now().offset(),
        month_of(month),
    );
    let (mut found, mut all) = (Vec::new(), Vec::new());
    registry.read(&mut |leaf| {
        let mut year = Cell::default();
        for row in leaf.cells(by::COUNTRY, Some(""), at - YEAR + 1, at)? {
            year.merge(&cell(&row.body)?);
        }
        found = monitor::concerns(&year, limits);
        let facilities: Vec<String> = leaf.places()?.into_iter().map(|(fac, _, _)| fac).collect();
        let facilities: Vec<&str> = facilities.iter().map(String::as_str).collect();
        // The month may not be over: silence is that of the one before.
        found.extend(silences(leaf, &facilities, at - 1, limits)?);
        found.extend(surpluses(leaf, &facilities, at - 1, offset)?);
        all.clear();
        let (from, to) = (first_day(at), first_day(at + 1));
        leaf.each_stated(day_number(from), day_number(to) - 1, &mut |row| {
            all.extend(reported(row, offset)?);
            Ok(())
        })
    })?;
    found.sort_by_key(|c| c.rule);
    let of = (chrono::Datelike::year(&month), chrono::Datelike::month(&month));
    Ok((found, by_facility(&all, of, limits)))
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
        counted: Counted {
            event,
            signed: arrived.with_timezone(&offset).date_naive(),
            annulled: row.voided,
        },
    }))
}
