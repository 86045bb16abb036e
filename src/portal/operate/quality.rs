//! The ministry's rules over a month, for a command.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::env::Clock;
use crate::figures::{self, Concern, CountCell, MonthTable, month_of};
use crate::portal::PortalError;
use crate::portal::book::BookResult;
use crate::portal::operate::housekeeping::housekeeping;
use crate::portal::projections::months::by;
use crate::portal::projections::quality::{YEAR, cell, silences, surpluses};
use crate::portal::unit::registry::Registry;

/// What the ministry's rules find in the twelve months that end with a month, and the counts of that month:
/// of all facilities together and of each; of one facility alone where one is named, and then nothing where
/// the registry knows no such facility.
///
/// The counts are those of the ministry's page.
///
/// # Errors
/// The portal's.
pub fn quality(
    dir: &Path,
    month: chrono::NaiveDate,
    facility: Option<&str>,
    clock: Arc<dyn Clock>,
) -> Result<(Vec<Concern>, Vec<MonthTable>), PortalError> {
    let registry = Registry::open(dir, None, clock)?;
    housekeeping(&registry)?;
    let (limits, offset, at) = (
        &registry.settings.limits,
        *registry.now().offset(),
        month_of(month),
    );
    let place = match facility {
        Some(fac) => (by::FACILITY, fac),
        None => (by::COUNTRY, ""),
    };
    let (mut found, tables) = registry.read(|tx| {
        let known: Vec<String> = tx.places()?.into_iter().map(|(fac, _, _)| fac).collect();
        let facilities: Vec<&str> = known
            .iter()
            .map(String::as_str)
            .filter(|fac| facility.is_none_or(|wanted| wanted == *fac))
            .collect();
        let year = sum(tx.cells(place.0, Some(place.1), at - YEAR + 1, at)?)?;
        let mut found = figures::concerns(&year, limits);
        // The month may not be over: silence is that of the one before.
        found.extend(silences(tx, &facilities, at - 1, limits)?);
        found.extend(surpluses(tx, &facilities, at - 1, offset)?);
        // A facility without anything counts as well; an office of the registry notifies by itself.
        let mut cells: BTreeMap<String, CountCell> = facilities
            .iter()
            .map(|fac| ((*fac).to_owned(), CountCell::default()))
            .collect();
        for row in tx.cells(by::FACILITY, facility, at, at)? {
            cells.insert(row.place, cell(&row.body)?);
        }
        let mut tables = Vec::with_capacity(cells.len() + 1);
        if facility.is_none() {
            let all = sum(tx.cells(by::COUNTRY, Some(""), at, at)?)?;
            tables.push(MonthTable::of(None, at, &all, limits));
        }
        let each = cells
            .iter()
            .map(|(fac, cell)| MonthTable::of(Some(fac), at, cell, limits));
        tables.extend(each);
        Ok((found, tables))
    })?;
    found.sort_by_key(|c| c.rule);
    Ok((found, tables))
}

fn sum(rows: Vec<crate::portal::book::CellRow>) -> BookResult<CountCell> {
    let mut out = CountCell::default();
    for row in rows {
        out.merge(&cell(&row.body)?);
    }
    Ok(out)
}
