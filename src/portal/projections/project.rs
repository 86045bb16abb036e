//! What is projected of a notification for finding and counting, and the counts of places and months.
//!
//! Projecting happens at the end of the transaction that changed the notification; what an older
//! version left stale is projected by housekeeping. Counting happens later, a month at a time, from
//! facts alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::months::{by, month_of, region, undated};
use crate::env::{ClockTrust, Limits};
use crate::figures::{CountCell, Fact, measures};
use crate::portal::book::{BookResult, CellRow, ReadTransaction, WriteTransaction};
use crate::portal::projections::search;
use crate::portal::record::Record;
use crate::portal::record::supplement::Supplement;
use crate::seal::{Problem, Status};
use crate::vital::{Event, Kind, field as f};

/// A notification that changed, with what its projections are made of.
pub(in crate::portal) struct Changed {
    pub record: Record,
    /// The event that took effect last; none where it cannot be read.
    pub event: Option<Event>,
    /// When that was signed, and by which clock.
    pub signed: (DateTime<FixedOffset>, ClockTrust),
    pub supplement: Supplement,
    /// Why it was returned, if it was.
    pub returned: Option<Problem>,
}

/// Refreshes the projections of notifications for finding and counting; `at_ms` is the portal's time.
pub(in crate::portal) fn project(
    tx: &WriteTransaction<'_>,
    changed: Vec<Changed>,
    at_ms: i64,
) -> BookResult<()> {
    let (mut words, mut facts, mut projected) = (Vec::new(), Vec::new(), Vec::new());
    for of in changed {
        let (n, supplement) = (&of.record, &of.supplement);
        let found = of.event.as_ref().map(|event| search::words(n, event, supplement));
        words.push((n.nid.clone(), n.office.clone(), found.unwrap_or_default()));
        let event = of.event.as_ref();
        let fact = event.and_then(|event| fact(n, event, of.signed, supplement, of.returned.as_ref()));
        if fact
            .as_ref()
            .is_some_and(|(_, f)| f.counts.iter().any(|c| c == super::ALERTS))
        {
            tx.put_alert(&n.nid, &n.fac, at_ms)?;
        }
        let fact = fact.and_then(|(month, fact)| Some((month, serde_json::to_string(&fact).ok()?)));
        facts.push((n.nid.clone(), fact));
        projected.push(n.nid.clone());
    }
    tx.put_words(&words)?;
    tx.put_facts(&facts)?;
    tx.set_projected(&projected)
}

/// The month in which a notification counts, and how. A date of which only the year is known belongs to no
/// month, and counts in its year; an act that was registered before was never notified, and counts nowhere.
/// `why` it was returned, if it was.
fn fact(
    n: &Record,
    event: &Event,
    (rec, clk): (DateTime<FixedOffset>, ClockTrust),
    supplement: &Supplement,
    why: Option<&Problem>,
) -> Option<(i32, Fact)> {
    if n.state.registration().is_some_and(|r| r.earlier.is_some()) {
        return None;
    }
    let date = event.event_date();
    let arrived = DateTime::from_timestamp_millis(n.first_ms)
        .unwrap_or_default()
        .year();
    let month = match date {
        Some(date) if month_of(date.earliest()) == month_of(date.latest()) => month_of(date.earliest()),
        Some(date) => undated(date.earliest().year()),
        None => undated(arrived),
    };
    let mut counts = match n.status() {
        Status::Returned | Status::Duplicate | Status::Voided => Vec::new(),
        _ => measures(event),
    };
    let mut count_if = |holds: bool, what: &str| {
        if holds {
            counts.push(what.to_owned());
        }
    };
    count_if(n.status() == Status::Returned, "returned");
    if let Some(why) = why {
        let field = why.field.as_deref().unwrap_or_default();
        count_if(true, &format!("returned.{} {field}", why.code));
    }
    count_if(n.status() == Status::Duplicate, "duplicates");
    count_if(n.status() == Status::Voided, "annulled");
    count_if(n.status() == Status::Held, "held");
    let registered = n.status() == Status::Registered;
    let unnamed = supplement.still_open(event).iter().any(|what| what == "name");
    count_if(registered && unnamed, "unnamed");
    count_if(registered && event.kind != Kind::FoetalDeath, "no_certificate");
    count_if(
        matches!(clk, ClockTrust::Behind | ClockTrust::Ahead),
        "wrong_clock",
    );
    let district = match event.kind {
        Kind::Death => f::DEATH_DISTRICT,
        _ => f::BIRTH_DISTRICT,
    };
    let residence = match event.kind {
        Kind::Death => f::DECEASED_DISTRICT,
        _ => f::MOTHER_DISTRICT,
    };
    let text = |field: &str| event.text(field).unwrap_or_default().to_owned();
    let registration = n.state.registration();
    let certificate = registration
        .and_then(|r| r.certificate.as_ref())
        .and_then(|certificate| {
            let noon = NaiveDate::parse_from_str(&certificate.on, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(12, 0, 0)?;
            Some(noon.and_utc().timestamp_millis())
        });
    Some((
        month,
        Fact {
            fac: n.fac.clone().into(),
            district: text(district),
            residence: text(residence),
            day: date.and_then(|d| d.day()).map_or(0, |d| d.day()),
            counts,
            event: n.about.event_ms,
            steps: [
                // Of one whose own word alone says when it was signed, nobody knows.
                Some(rec.timestamp_millis().min(n.first_ms)).filter(|_| !n.about.unproven),
                Some(n.first_ms),
                registration.map(|r| r.at_ms),
                certificate,
            ],
        },
    ))
}

/// Counts a month of every place from its facts.
pub(in crate::portal) fn count(
    tx: &ReadTransaction<'_>,
    month: i32,
    limits: &Limits,
) -> BookResult<Vec<CellRow>> {
    let home: HashMap<String, String> = tx.places()?.into_iter().map(|(fac, d, _)| (fac, d)).collect();
    let none: BTreeMap<(&'static str, String), CountCell> = BTreeMap::new();
    let cells = tx.fold_facts(month, none, |cells, body| {
        let fact: Fact = serde_json::from_str(body)?;
        let district = match fact.district.as_str() {
            "" => home.get(&fact.fac).cloned().unwrap_or_default(),
            stated => stated.to_owned(),
        };
        let places = [
            (by::COUNTRY, String::new()),
            (by::REGION, region(&district)),
            (by::DISTRICT, district),
            (by::FACILITY, fact.fac.clone()),
            (by::REGION_OF_RESIDENCE, region(&fact.residence)),
            (by::DISTRICT_OF_RESIDENCE, fact.residence.clone()),
        ];
        let keys = fact.keys(limits);
        for place in places {
            cells.entry(place).or_default().add(&keys);
        }
        Ok(())
    })?;
    cells
        .into_iter()
        .map(|((kind, place), cell)| {
            Ok(CellRow {
                month,
                by: kind.to_owned(),
                place,
                body: serde_json::to_string(&cell)?,
            })
        })
        .collect()
}
