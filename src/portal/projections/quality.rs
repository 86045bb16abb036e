//! The ministry's rules over the counts that the book keeps, for a page and for a command.

use std::collections::HashMap;

use chrono::FixedOffset;

use crate::env::Limits;
use crate::figures::{self, Concern, CountCell, first_day, month_name};
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::projections::months::by;
use crate::vital::day_number;

/// What a delivery book counts, in its order.
pub(in crate::portal) const BOOK: [&str; 3] = ["live_births", "stillbirths", "deaths"];

/// Months that the rules look at.
pub(in crate::portal) const YEAR: i32 = 12;

/// Facilities of which nothing happened in `month` although the months before say that something
/// should have.
pub(in crate::portal) fn silences(
    tx: &ReadTransaction<'_>,
    facilities: &[&str],
    month: i32,
    limits: &Limits,
) -> BookResult<Vec<Concern>> {
    let heard: std::collections::HashSet<String> = tx
        .cells(by::FACILITY, None, month, month)?
        .into_iter()
        .map(|row| Ok(cell(&row.body)?.events().gt(&0).then_some(row.place)))
        .filter_map(BookResult::transpose)
        .collect::<BookResult<_>>()?;
    let mut out = Vec::new();
    for fac in facilities.iter().filter(|fac| !heard.contains(**fac)) {
        let mut before = Vec::new();
        let mut next = None;
        for row in tx.cells(by::FACILITY, Some(fac), month - YEAR, month - 1)? {
            // Months without any have no row.
            let gap = row.month - next.unwrap_or(row.month);
            before.extend((0..gap).map(|_| 0));
            before.push(cell(&row.body)?.events());
            next = Some(row.month + 1);
        }
        before.extend((0..month - next.unwrap_or(month)).map(|_| 0));
        out.extend(figures::silence(fac, &month_name(month), &before, limits));
    }
    Ok(out)
}

/// Facilities that signed more in `month` than their delivery books count.
pub(in crate::portal) fn surpluses(
    tx: &ReadTransaction<'_>,
    facilities: &[&str],
    month: i32,
    offset: FixedOffset,
) -> BookResult<Vec<Concern>> {
    let mut books: HashMap<String, [u64; 3]> = HashMap::new();
    // The month ends at midnight there, not in Greenwich.
    let over =
        (i64::from(day_number(first_day(month + 1))) * 86_400 - i64::from(offset.local_minus_utc())) * 1_000;
    for tally in tx.tallies(month, month)? {
        // Counted before the month was over, it lacks what came after.
        if tally.at_ms >= over {
            books.insert(tally.fac, tally.counts);
        }
    }
    let mut out = Vec::new();
    for row in tx.cells(by::FACILITY, None, month, month)? {
        if let Some(book) = books.get(&row.place)
            && facilities.contains(&row.place.as_str())
        {
            let counts = cell(&row.body)?;
            let signed = BOOK.map(|what| counts.get(what));
            out.extend(figures::surplus(&row.place, &month_name(month), signed, *book));
        }
    }
    Ok(out)
}

pub(in crate::portal) fn cell(body: &str) -> BookResult<CountCell> {
    Ok(serde_json::from_str(body)?)
}
