//! A book that was set back: the next epoch is opened, numbers are lifted above what may have been given, the
//! offices recover, and the registry's people wait to be confirmed.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, FixedOffset};

use crate::portal::PortalSettings;
use crate::portal::book::{ActRow, BookResult, WriteTransaction};
use crate::portal::record::passed_over;
use crate::portal::record::recovery::{Noticed, Recovering};
use crate::portal::witness::Noted;

/// Opens the epoch after `lost`, the highest that anybody knows of this book; gives it. Where another process
/// has done so meanwhile, nothing is done twice.
pub(in crate::portal) fn open_epoch(
    tx: &WriteTransaction<'_>,
    settings: &PortalSettings,
    (lost, noted): (u32, &Noted),
    why: Noticed,
    now: DateTime<FixedOffset>,
) -> BookResult<u32> {
    let at_ms = now.timestamp_millis();
    let mut epoch = tx.epoch()?;
    while epoch <= lost && tx.open_epoch(epoch, at_ms)? {
        epoch = tx.epoch()?;
    }
    lift_numbers(tx, settings, noted, why, now)?;
    for office in offices(tx, settings)? {
        tx.begin_recovery(&Recovering {
            office: office.as_str().into(),
            epoch,
            why,
            since_ms: at_ms,
        })?;
    }
    tx.end_what_was_open()?;
    tx.doubt_accounts()?;
    tx.add_act(&ActRow {
        at_ms,
        login: String::new(),
        place: String::new(),
        act: format!("set-back-{}", why.word()),
        nid: String::new(),
    })?;
    tracing::error!(event = "set-back", why = why.word(), epoch);
    Ok(epoch)
}

/// Offices whose numbers may have been given: all that have facilities or numbers.
pub(in crate::portal) fn offices(
    tx: &WriteTransaction<'_>,
    settings: &PortalSettings,
) -> BookResult<BTreeSet<String>> {
    let of_places = tx.places()?.into_iter().map(|(_, _, office)| office);
    let mut all: BTreeSet<String> = of_places
        .map(|office| settings.registration.office(&office))
        .collect();
    all.extend(tx.numbers()?.into_iter().map(|((office, _, _), _)| office));
    all.retain(|office| !office.is_empty());
    Ok(all)
}

/// Lifts the numbers of every row that may have gone on since above what the copy and the witness know, by the gap
/// of the settings, and notes which are passed over.
fn lift_numbers(
    tx: &WriteTransaction<'_>,
    settings: &PortalSettings,
    noted: &Noted,
    why: Noticed,
    now: DateTime<FixedOffset>,
) -> BookResult<()> {
    let since = tx.newest_arrival_ms()?.and_then(DateTime::from_timestamp_millis);
    let since = since.map_or(now.year(), |at| at.with_timezone(&now.timezone()).year());
    let years = since.min(now.year())..=now.year();
    let known = crate::codes::list("office")
        .into_iter()
        .flat_map(|list| &list.codes);
    let mut all = offices(tx, settings)?;
    all.extend(known.map(|office| office.code.clone()));
    let noted: Vec<_> = noted.series().collect();
    let gap = settings.registration.gap.into();
    for numbers in passed_over(&tx.numbers()?, &noted, &all, years, gap) {
        tx.pass_over(&numbers, why.word(), now.timestamp_millis())?;
    }
    Ok(())
}
