//! A country of invented events, made by the very path of real ones: entries that doctors sign and
//! devices deliver, decided by this portal's policy at the time at which they arrive; families that
//! come for certificates; tallies; signs of life. For demonstrations, load and measurements.
//!
//! It is for an empty portal: the keys that it makes are gone when it ends. A book that holds any entry is
//! refused, and the one that is filled carries the mark of it for ever.

mod birth;
mod death;
mod duplicate;
mod event;
mod happening;
mod judging;
#[cfg(test)]
mod matching_tests;
mod names;
mod office;
mod people;
mod population;
mod rng;
#[cfg(test)]
mod tests;
mod ward;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};
use serde_json::{Value, json};

use crate::env::Clock;
use crate::portal::PortalError;
use crate::portal::book::Mark;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::registry::Registry;
use crate::rules::icd::MATCHER_VERSION;
use crate::seal::EntryType;
use crate::vital::Kind;
use happening::{PendingReport, Wards, answer, at, event, happen};
use judging::judge_matching;
use office::{serve, tallies};
use population::Population;
use rng::SimulationRng;
use ward::{SignedEntry, SimulatedWard, beat, found};

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct SimulationPlan {
    /// About so many events.
    pub events: u64,
    /// Within so many days before today.
    pub days: u32,
    /// The same seed makes the same country.
    pub seed: u64,
    /// Of so many in a hundred events another facility, or the same one, reports again, otherwise
    /// spelled.
    pub twice: u64,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct SimulationReport {
    /// Facilities.
    pub facilities: u64,
    /// Entries delivered.
    pub entries: u64,
    /// Families served.
    pub families: u64,
    /// Notifications that the ward corrected later.
    pub corrected: u64,
    /// Events that were reported twice, both times without a fault.
    pub twice: u64,
    /// Those among them of which the portal held one as a look-alike of the other.
    pub found: u64,
    /// Notifications that it held as look-alikes of what they are not.
    pub mistaken: u64,
    /// Twins of whom the ward did not say that they are two, held as one.
    pub twins: u64,
}

/// How far it has come.
#[derive(Clone, Copy, Debug)]
pub struct SimulationProgress {
    /// Entries delivered so far.
    pub entries: u64,
    /// Days that passed in the country.
    pub day: u32,
    /// Days in all.
    pub days: u32,
}

/// Time as it passes in the invented country.
struct SimulatedClock(Mutex<DateTime<FixedOffset>>);

impl SimulatedClock {
    fn set(&self, now: DateTime<FixedOffset>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> DateTime<FixedOffset> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A correction on its way: the ward, what it corrects, why, and what it says now.
type Correction = (usize, SignedEntry, &'static str, Value);

/// What is on its way in the country, by the day on which it arrives.
#[derive(Default)]
struct Coming {
    reports: BTreeMap<NaiveDate, Vec<PendingReport>>,
    corrections: BTreeMap<NaiveDate, Vec<Correction>>,
    /// Families: the notification, and the office.
    families: BTreeMap<NaiveDate, Vec<(String, String)>>,
    /// What a notification is truly of.
    truth: HashMap<String, u64>,
}

/// Makes it; `tell` hears after each day how far it has come.
///
/// # Errors
/// [`PortalError::HoldsEntries`] for a book that holds any entry, real or invented.
pub fn simulate(
    dir: &Path,
    plan: &SimulationPlan,
    today: DateTime<FixedOffset>,
    tell: &mut dyn FnMut(SimulationProgress),
) -> Result<SimulationReport, PortalError> {
    let offset = *today.offset();
    let first = today.date_naive() - Days::new(plan.days.into());
    let start = at(first, 0, offset);
    claim_book(dir, today)?;
    let mut wards = found(dir, start)?;
    let by_district = Wards::of(&wards);
    let clock = Arc::new(SimulatedClock(Mutex::new(start)));
    let registry = Registry::open(dir, None, clock.clone())?;
    let mut rng = SimulationRng(plan.seed);
    let mut report = SimulationReport {
        facilities: u64::try_from(wards.len()).unwrap_or(0),
        ..SimulationReport::default()
    };
    let mut coming = Coming::default();
    let mut calendar = Calendar::of(plan, first);
    let mut events = 0;
    for (passed, day) in (1..=plan.days).zip(first.iter_days()) {
        clock.set(at(day, 20 * 60, offset));
        for kind in calendar.next(day) {
            events += 1;
            let places = (wards.as_mut_slice(), &by_district);
            for (arrives, one) in happen(&mut rng, places, kind, day, offset, (events, plan.twice)) {
                coming.reports.entry(arrives).or_default().push(one);
            }
        }
        deliver(&registry, &mut wards, &mut coming, &mut rng, day, &mut report)?;
        if day.day() == 3 {
            report.entries += tallies(&registry, &mut wards, &mut rng, day)?;
        }
        let due = coming.families.remove(&day).unwrap_or_default();
        report.families += serve(&registry, due, &mut rng, day)?;
        tell(SimulationProgress {
            entries: report.entries,
            day: passed,
            days: plan.days,
        });
    }
    clock.set(today);
    for (i, ward) in wards.iter().enumerate() {
        beat(&registry, ward, i, today)?;
    }
    while registry.project_stale()? {}
    registry.recount(u64::MAX)?;
    let judged = judge_matching(&registry, &coming.truth)?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(SimulationReport {
        twice: count(judged.twice),
        found: count(judged.found),
        mistaken: count(judged.mistaken),
        twins: count(judged.twins),
        ..report
    })
}

/// How many events of each kind happen on each day, so that the plan's number comes together.
struct Calendar {
    /// What a day of mean rates weighs, in the whole span.
    total: u128,
    events: u64,
    /// Parts of an event that have not happened yet, by kind.
    given: [u128; 3],
}

impl Calendar {
    fn of(plan: &SimulationPlan, first: NaiveDate) -> Calendar {
        let days = usize::try_from(plan.days).unwrap_or(0);
        let weight = |day: NaiveDate| -> u128 {
            let rates = Population::get().rates(day.month());
            rates.iter().map(|(_, rate)| u128::from(*rate)).sum()
        };
        Calendar {
            total: first.iter_days().take(days).map(weight).sum::<u128>().max(1),
            events: plan.events,
            given: [0; 3],
        }
    }

    /// What happens on the next day.
    fn next(&mut self, day: NaiveDate) -> Vec<Kind> {
        let mut out = Vec::new();
        for (given, (kind, rate)) in self.given.iter_mut().zip(Population::get().rates(day.month())) {
            *given += u128::from(rate) * u128::from(self.events);
            while *given >= self.total {
                *given -= self.total;
                out.push(kind);
            }
        }
        out
    }
}

/// Births of an invented country, one by one, for measurements on a book of its own.
pub struct InventedBirths(SimulationRng);

impl InventedBirths {
    /// The same seed gives the same births.
    pub fn new(seed: u64) -> InventedBirths {
        InventedBirths(SimulationRng(seed))
    }

    /// What is notified the day after a birth, somewhere in the country: the body of its notification.
    pub fn on(&mut self, day: NaiveDate, offset: FixedOffset) -> Value {
        let home = Population::get().births.one(&mut self.0);
        let happened = home.map(|home| event(&mut self.0, Kind::Birth, day, home, &home.code));
        let Some((_, mut birth)) = happened.into_iter().flatten().next() else {
            return Value::Null;
        };
        answer(Kind::Birth, &mut birth.body, at(day + Days::new(1), 0, offset));
        birth.body
    }
}

/// Marks the book as an invented one, counted by this version, before anything is invented.
fn claim_book(dir: &Path, now: DateTime<FixedOffset>) -> Result<(), PortalError> {
    Opened::at(dir)?.book.write(|tx| {
        if tx.holds_entries()? {
            return Err(PortalError::HoldsEntries);
        }
        tx.put_mark(Mark::Matcher, &MATCHER_VERSION.to_string())?;
        Ok(tx.put_mark(Mark::Invented, &now.timestamp_millis().to_string())?)
    })
}

/// What arrives on a day: reports, and corrections of earlier ones.
fn deliver(
    registry: &Registry,
    wards: &mut [SimulatedWard],
    coming: &mut Coming,
    rng: &mut SimulationRng,
    day: NaiveDate,
    report: &mut SimulationReport,
) -> Result<(), PortalError> {
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for one in coming.reports.remove(&day).unwrap_or_default() {
        let Some(ward) = wards.get_mut(one.ward) else {
            continue;
        };
        let lines = lines.entry(one.ward).or_default();
        if ward.seq == 0 {
            let body = json!({"device": ward.device.public().kid(), "facility": ward.fac});
            lines.push(ward.entry(EntryType::Open, body, registry.now())?.jws);
        }
        let kind = one.event.kind;
        let signed = ward.entry(EntryType::Notice(kind), one.event.body, one.signed)?;
        lines.push(signed.jws.clone());
        coming.truth.insert(signed.nid.clone(), one.truth);
        // Four families of five come, most within a month.
        if kind != Kind::FoetalDeath && rng.percent(80) {
            let when = day + Days::new(1 + rng.below(20) + rng.below(40));
            let family = (signed.nid.clone(), ward.district.clone());
            coming.families.entry(when).or_default().push(family);
        }
        if let Some((days, code, body)) = one.later {
            let when = day + Days::new(days);
            let correction = (one.ward, signed, code, body);
            coming.corrections.entry(when).or_default().push(correction);
        }
    }
    for (i, of, code, body) in coming.corrections.remove(&day).unwrap_or_default() {
        let Some(ward) = wards.get_mut(i) else { continue };
        let signed = ward.amend(&of, body, code, registry.now())?;
        lines.entry(i).or_default().push(signed.jws);
        report.corrected += 1;
    }
    for (i, lines) in lines {
        if let Some(ward) = wards.get(i) {
            report.entries += ward.push(registry, &lines)?;
        }
    }
    Ok(())
}
