//! A country of invented events, made by the very path of real ones: entries that doctors sign and
//! devices deliver, decided by this portal's policy at the time at which they arrive; families that
//! come for certificates; tallies; signs of life. For demonstrations, load and measurements.
//!
//! It is for an empty portal: the keys that it makes are gone when it ends. A book that holds any entry is
//! refused, and the one that is filled carries the mark of it for ever.

mod duplicate;
mod event;
#[cfg(test)]
mod matching_tests;
mod ward;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, Days, Duration, FixedOffset, NaiveDate, TimeZone};
use serde_json::json;

use crate::env::Clock;
use crate::figures::{month_name, month_of};
use crate::portal::PortalError;
use crate::portal::book::{BookResult, Mark};
use crate::portal::decide::Service;
use crate::portal::record::supplement::Supplement;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::registry::Registry;
use crate::rules::icd::MATCHER_VERSION;
use crate::seal::{EntryType, Status};
use crate::vital::Kind;
use event::{SimulatedEvent, SimulationRng};
use ward::{SimulatedWard, beat, found};

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
    /// Events that were reported twice, both times without a fault.
    pub twice: u64,
    /// Those among them of which the portal held one as a look-alike of the other.
    pub found: u64,
    /// Notifications that it held as look-alikes of what they are not.
    pub mistaken: u64,
}

/// The second of twins is the first's number and this.
const TWIN: u64 = 1 << 60;

/// Time as it passes in the invented country.
struct SimulatedClock(Mutex<DateTime<FixedOffset>>);

impl Clock for SimulatedClock {
    fn now(&self) -> DateTime<FixedOffset> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event on its way.
struct PendingReport {
    ward: usize,
    event: SimulatedEvent,
    signed: DateTime<FixedOffset>,
    /// The same for two reports of one event.
    truth: u64,
}

/// Makes it; `tell` hears now and then how many entries were delivered.
///
/// # Errors
/// [`PortalError::HoldsEntries`] for a book that holds any entry, real or invented.
pub fn simulate(
    dir: &Path,
    plan: &SimulationPlan,
    today: DateTime<FixedOffset>,
    tell: &mut dyn FnMut(u64),
) -> Result<SimulationReport, PortalError> {
    let first = today.date_naive() - Days::new(plan.days.into());
    let start = at(first, 0, *today.offset());
    claim_book(dir, today)?;
    let mut wards = found(dir, start)?;
    let clock = Arc::new(SimulatedClock(Mutex::new(start)));
    let registry = Registry::open(dir, None, clock.clone())?;
    let mut rng = SimulationRng(plan.seed);
    let mut report = SimulationReport {
        facilities: u64::try_from(wards.len()).unwrap_or(0),
        ..SimulationReport::default()
    };
    let mut coming: BTreeMap<NaiveDate, Vec<PendingReport>> = BTreeMap::new();
    let mut families: BTreeMap<NaiveDate, Vec<(String, String)>> = BTreeMap::new();
    let (mut events, mut truth) = (0, HashMap::new());
    let mut day = first;
    while day < today.date_naive() {
        *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = at(day, 20 * 60, *today.offset());
        let elapsed = u64::try_from((day - first).num_days()).unwrap_or(0);
        let span = u64::from(plan.days).max(1);
        let count = plan.events * (elapsed + 1) / span - plan.events * elapsed / span;
        for _ in 0..count {
            events += 1;
            let (arrives, mut one) = happen(&mut rng, &mut wards, day, today, events);
            // One birth in eighty is of twins.
            if one.event.kind == Kind::Birth && rng.below(80) == 0 {
                let set = uuid(&mut rng);
                let two = PendingReport {
                    event: duplicate::twin(&mut rng, &mut one.event, &set),
                    truth: TWIN + events,
                    ..one
                };
                if let Some(ward) = wards.get_mut(two.ward) {
                    ward.note(Kind::Birth, day);
                }
                if rng.percent(plan.twice) {
                    let (later, duplicate) = report_duplicate(&mut rng, &wards, &two, arrives);
                    coming.entry(later).or_default().push(duplicate);
                }
                coming.entry(arrives).or_default().push(two);
            }
            if rng.percent(plan.twice) {
                let (later, duplicate) = report_duplicate(&mut rng, &wards, &one, arrives);
                coming.entry(later).or_default().push(duplicate);
            }
            coming.entry(arrives).or_default().push(one);
        }
        let due = coming.remove(&day).unwrap_or_default();
        report.entries += deliver(
            &registry,
            &mut wards,
            due,
            &mut families,
            &mut truth,
            &mut rng,
            day,
        )?;
        if day.day() == 3 {
            report.entries += tallies(&registry, &mut wards, &mut rng, day)?;
        }
        report.families += serve(
            &registry,
            families.remove(&day).unwrap_or_default(),
            &mut rng,
            day,
        )?;
        tell(report.entries);
        day = day + Days::new(1);
    }
    *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = today;
    for (i, ward) in wards.iter().enumerate() {
        beat(&registry, ward, i, today)?;
    }
    while registry.project_stale()? {}
    registry.recount(u64::MAX)?;
    judge_matching(&registry, &truth, &mut report)?;
    Ok(report)
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

fn uuid(rng: &mut SimulationRng) -> String {
    let half = |rng: &mut SimulationRng| u128::from(rng.below(u64::MAX));
    let bits = (half(rng) << 64) | half(rng);
    uuid::Builder::from_random_bytes(bits.to_be_bytes())
        .into_uuid()
        .to_string()
}

fn at(day: NaiveDate, minute: u64, offset: FixedOffset) -> DateTime<FixedOffset> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let local = offset.from_local_datetime(&midnight).single().unwrap_or_default();
    local + Duration::minutes(i64::try_from(minute).unwrap_or(0))
}

/// Something happens somewhere: the day on which it arrives.
fn happen(
    rng: &mut SimulationRng,
    wards: &mut [SimulatedWard],
    day: NaiveDate,
    today: DateTime<FixedOffset>,
    truth: u64,
) -> (NaiveDate, PendingReport) {
    // A few facilities have most of the births.
    let n = u64::try_from(wards.len()).unwrap_or(1);
    let ward = usize::try_from(rng.below(n).min(rng.below(n))).unwrap_or(0);
    let district = wards.get(ward).map(|w| w.district.clone()).unwrap_or_default();
    let mut event = event::event(rng, day, &district, &district);
    if let Some(ward) = wards.get_mut(ward) {
        ward.note(event.kind, day);
    }
    let hours = match rng.below(100) {
        0..85 => 1 + rng.below(14),
        85..97 => 24 + rng.below(96),
        _ => 240 + rng.below(1_200),
    };
    let signed = at(day, event.minute + hours * 60, *today.offset());
    let late = (signed.date_naive() - day).num_days() > 25;
    // Half of the late ones say why; the others come back.
    if late
        && rng.percent(50)
        && let Some(body) = event.body.as_object_mut()
    {
        body.insert("late_reason".into(), json!("оила дертар муроҷиат кард"));
        if let Some(checked) = body.entry("checked").or_insert_with(|| json!({})).as_object_mut() {
            checked.insert("C02".into(), json!("verified"));
        }
    }
    let road = if rng.percent(10) { 1 + rng.below(6) } else { 0 };
    let slow = wards.get(ward).map_or(0, |w| w.slow);
    let arrives = signed.date_naive()
        + Days::new(road + slow + u64::from(signed.time() > chrono::NaiveTime::MIN + Duration::hours(20)));
    (
        arrives,
        PendingReport {
            ward,
            event,
            signed,
            truth,
        },
    )
}

/// Somebody else reports it as well, or the same ones forgot that they had.
fn report_duplicate(
    rng: &mut SimulationRng,
    wards: &[SimulatedWard],
    one: &PendingReport,
    arrives: NaiveDate,
) -> (NaiveDate, PendingReport) {
    let n = u64::try_from(wards.len()).unwrap_or(1);
    let ward = match rng.percent(30) {
        true => one.ward,
        false => usize::try_from(rng.below(n)).unwrap_or(0),
    };
    let event = SimulatedEvent {
        kind: one.event.kind,
        body: duplicate::duplicate_body(rng, &one.event.body, one.event.kind),
        minute: one.event.minute,
    };
    let duplicate = PendingReport {
        ward,
        event,
        signed: one.signed + Duration::hours(1),
        truth: one.truth,
    };
    (arrives + Days::new(1 + rng.below(3)), duplicate)
}

/// How well the portal told look-alikes.
fn judge_matching(
    registry: &Registry,
    truth: &HashMap<String, u64>,
    report: &mut SimulationReport,
) -> Result<(), PortalError> {
    let (reports, held) = registry.read(|tx| {
        let mut reports: HashMap<u64, u64> = HashMap::new();
        for (nid, of) in truth {
            // What was sent back is still with the ward.
            let faultless = tx
                .notification(nid)?
                .is_some_and(|n| n.status != Status::Returned);
            *reports.entry(*of).or_default() += u64::from(faultless);
        }
        Ok((reports, tx.held()?))
    })?;
    let mut found: HashSet<u64> = HashSet::new();
    let mut mistaken = 0;
    for (nid, decision) in held {
        let other = decision.dup_of.and_then(|of| truth.get(of.as_str()));
        match (truth.get(&nid), other) {
            (Some(a), Some(b)) if a == b => {
                found.insert(*a);
            }
            (Some(_), Some(_)) => mistaken += 1,
            _ => {}
        }
    }
    let twice = |n: &&u64| **n > 1;
    report.twice = u64::try_from(reports.values().filter(twice).count()).unwrap_or(0);
    let pairs = found.iter().filter(|of| reports.get(of).is_some_and(|n| *n > 1));
    report.found = u64::try_from(pairs.count()).unwrap_or(0);
    report.mistaken = mistaken;
    Ok(())
}

fn deliver(
    registry: &Registry,
    wards: &mut [SimulatedWard],
    due: Vec<PendingReport>,
    families: &mut BTreeMap<NaiveDate, Vec<(String, String)>>,
    truth: &mut HashMap<String, u64>,
    rng: &mut SimulationRng,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let mut by_ward: BTreeMap<usize, Vec<PendingReport>> = BTreeMap::new();
    for one in due {
        by_ward.entry(one.ward).or_default().push(one);
    }
    let mut sent = 0;
    for (i, all) in by_ward {
        let Some(ward) = wards.get_mut(i) else { continue };
        let mut lines = Vec::new();
        if ward.seq == 0 {
            let device = ward.device.clone();
            let body = json!({"device": device.public().kid(), "facility": ward.fac});
            let rec = registry.now();
            lines.push(ward.entry(EntryType::Open, body, rec, &device)?.1);
        }
        for one in all {
            let doctor = ward.doctor.clone();
            let kind = one.event.kind;
            let (nid, jws) = ward.entry(EntryType::Notice(kind), one.event.body, one.signed, &doctor)?;
            lines.push(jws);
            truth.insert(nid.clone(), one.truth);
            // Four families of five come, most within a month.
            if kind != Kind::FoetalDeath && rng.percent(80) {
                let when = day + Days::new(1 + rng.below(20) + rng.below(40));
                families
                    .entry(when)
                    .or_default()
                    .push((nid, ward.district.clone()));
            }
        }
        sent += ward.push(registry, &lines)?;
    }
    Ok(sent)
}

/// Most facilities count their delivery book, and some miscount.
fn tallies(
    registry: &Registry,
    wards: &mut [SimulatedWard],
    rng: &mut SimulationRng,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let month = month_of(day) - 1;
    let mut sent = 0;
    for ward in wards.iter_mut().filter(|w| w.seq > 0) {
        let [births, foetal, deaths] = ward.book.remove(&month).unwrap_or_default();
        if !rng.percent(85) {
            continue;
        }
        let births = births + u64::from(rng.percent(7));
        let body =
            json!({"month": month_name(month), "births": births, "foetal_deaths": foetal, "deaths": deaths});
        let doctor = ward.doctor.clone();
        let rec = registry.now();
        let line = ward.entry(EntryType::Tally, body, rec, &doctor)?.1;
        sent += ward.push(registry, &[line])?;
    }
    Ok(sent)
}

/// Who serves families in an invented country.
const INVENTED: &str = "invented";

/// Families at the offices: a name, then the certificate.
fn serve(
    registry: &Registry,
    due: Vec<(String, String)>,
    rng: &mut SimulationRng,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let keyring = registry.keyring()?;
    let mut served = 0;
    for part in due.chunks(200) {
        served += registry.unit_of_work(&keyring, |unit| -> BookResult<u64> {
            let mut served = 0;
            for (nid, office) in part {
                served += u64::from(one_family(unit, nid, office, &event::child(rng), day)?);
            }
            Ok(served)
        })?;
    }
    Ok(served)
}

fn one_family(
    unit: &mut crate::portal::unit::unit_of_work::UnitOfWork<'_>,
    nid: &str,
    office: &str,
    name: &str,
    day: NaiveDate,
) -> BookResult<bool> {
    let Some(n) = unit.find(nid)? else {
        return Ok(false);
    };
    let kind = n.kind;
    let Some(event) = unit.statement(&n.effective.h, kind)?.event else {
        return Ok(false);
    };
    let answer = |question: &str| match question {
        "child_given" => name.to_owned(),
        _ => String::new(),
    };
    if let Ok(supplement) = Supplement::read(&event, unit.now.naive_local(), answer)
        && unit
            .serve(nid, office, &Service::Add(supplement), INVENTED)?
            .is_err()
    {
        return Ok(false);
    }
    let issue = Service::Issue {
        number: format!("I-ТҶ {}", nid.get(24..).unwrap_or_default()),
        date: day.to_string(),
    };
    Ok(unit.serve(nid, office, &issue, INVENTED)?.is_ok())
}
