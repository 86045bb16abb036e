//! What is projected of a notification for finding and counting, and the counts of places and months.
//!
//! Projecting happens at the end of the transaction that changed the notification; what an older
//! version left stale is projected by housekeeping. Counting happens later, a month at a time, from
//! facts alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::months::{by, region};
use crate::env::{ClockTrust, Limits};
use crate::figures::{AtRegistry, CountCell, Fact, Notified, Standing};
use crate::portal::book::{BookResult, CellRow, ReadTransaction, WriteTransaction};
use crate::portal::projections::search;
use crate::portal::record::supplement::Supplement;
use crate::portal::record::{Record, State};
use crate::seal::{Problem, Status};
use crate::vital::{Event, Kind};

/// A notification that changed, with what its projections are made of.
pub(in crate::portal) struct Changed {
    pub record: Record,
    /// The event that took effect last; none where it cannot be read.
    pub event: Option<Event>,
    /// When its first entry was signed, and by which clock.
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
        let (nid, fac) = (of.record.nid.clone(), of.record.fac.clone());
        let event = of.event.as_ref();
        let found = event.map(|event| search::words(&of.record, event, &of.supplement));
        words.push((nid.clone(), of.record.office.clone(), found.unwrap_or_default()));
        let counted = notified(of).map(Fact::of).unwrap_or_default();
        if counted.values().any(|fact| fact.is(super::ALERTS)) {
            tx.put_alert(&nid, &fac, at_ms)?;
        }
        let kept: BookResult<Vec<(i32, String)>> = counted
            .iter()
            .map(|(month, fact)| Ok((*month, serde_json::to_string(fact)?)))
            .collect();
        facts.push((nid.clone(), kept?));
        projected.push(nid);
    }
    tx.put_words(&words)?;
    tx.put_facts(&facts)?;
    tx.set_projected(&projected)
}

/// What a notification is counted by. An act that was registered before was never notified, and counts nowhere.
fn notified(of: Changed) -> Option<Notified> {
    let n = &of.record;
    let registration = n.state.registration();
    if registration.is_some_and(|r| r.earlier.is_some()) {
        return None;
    }
    let event = of.event?;
    let registered = n.status() == Status::Registered;
    let unnamed = of.supplement.still_open(&event).iter().any(|what| what == "name");
    let certified = registration
        .and_then(|r| r.certificate.as_ref())
        .and_then(|certificate| {
            let noon = NaiveDate::parse_from_str(&certificate.on, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(12, 0, 0)?;
            Some(noon.and_utc().timestamp_millis())
        });
    Some(Notified {
        fac: n.fac.clone().into(),
        standing: standing(&n.state),
        signed: of.signed,
        received: Some(n.first_ms),
        why: of.returned.map(|why| (why.code, why.field.unwrap_or_default())),
        registry: AtRegistry {
            unproven: n.about.unproven,
            registered: registration.map(|r| r.at_ms),
            certified,
            unnamed: registered && unnamed,
            uncertified: registered && event.kind != Kind::FoetalDeath,
        },
        event,
    })
}

/// Where a notification stands for counting; one whose annulment is pending stands as it stood.
fn standing(state: &State) -> Standing {
    match state {
        State::AnnulmentPending { stood, .. } => standing(stood),
        state => Standing::of(state.status().code()),
    }
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
        let fac = fact.facility();
        let district = match fact.district() {
            "" => home.get(fac).cloned().unwrap_or_default(),
            stated => stated.to_owned(),
        };
        let places = [
            (by::COUNTRY, String::new()),
            (by::REGION, region(&district)),
            (by::DISTRICT, district),
            (by::FACILITY, fac.to_owned()),
            (by::REGION_OF_RESIDENCE, region(fact.residence())),
            (by::DISTRICT_OF_RESIDENCE, fact.residence().to_owned()),
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
