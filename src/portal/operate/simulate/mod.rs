//! A country of invented events, made by the very path of real ones: entries that doctors sign and
//! devices deliver, decided by this portal's policy at the time at which they arrive; families that
//! come for certificates; tallies; signs of life. For demonstrations, load and measurements.
//!
//! It is for an empty portal: the keys that it makes are gone when it ends.

mod again;
mod people;
mod ward;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, Days, Duration, FixedOffset, NaiveDate, TimeZone};
use serde_json::json;

use crate::env::Clock;
use crate::portal::PortalError;
use crate::portal::book::Kept;
use crate::portal::projections::months::{month_name, month_of};
use crate::portal::record::supplement::Family;
use crate::portal::unit::registry::Registry;
use crate::portal::unit::service::Service;
use crate::seal::{EntryType, Status};
use crate::vital::Kind;
use people::{Dice, Happened};
use ward::{Ward, beat, found};

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
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
pub struct Made {
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
struct Passing(Mutex<DateTime<FixedOffset>>);

impl Clock for Passing {
    fn now(&self) -> DateTime<FixedOffset> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event on its way.
struct Coming {
    ward: usize,
    happened: Happened,
    signed: DateTime<FixedOffset>,
    /// The same for two reports of one event.
    truth: u64,
}

/// Makes it; `tell` hears now and then how many entries were delivered.
pub fn simulate(
    dir: &Path,
    plan: &Plan,
    today: DateTime<FixedOffset>,
    tell: &mut dyn FnMut(u64),
) -> Result<Made, PortalError> {
    let first = today.date_naive() - Days::new(plan.days.into());
    let start = at(first, 0, *today.offset());
    let mut wards = found(dir, start)?;
    let clock = Arc::new(Passing(Mutex::new(start)));
    let registry = Registry::open(dir, None, clock.clone())?;
    let mut dice = Dice(plan.seed);
    let mut made = Made {
        facilities: u64::try_from(wards.len()).unwrap_or(0),
        ..Made::default()
    };
    let mut coming: BTreeMap<NaiveDate, Vec<Coming>> = BTreeMap::new();
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
            let (arrives, mut one) = happen(&mut dice, &mut wards, day, today, events);
            // One birth in eighty is of twins.
            if one.happened.kind == Kind::Birth && dice.below(80) == 0 {
                let set = uuid(&mut dice);
                let two = Coming {
                    happened: again::twin(&mut dice, &mut one.happened, &set),
                    truth: TWIN + events,
                    ..one
                };
                if let Some(ward) = wards.get_mut(two.ward) {
                    ward.note(Kind::Birth, day);
                }
                if dice.percent(plan.twice) {
                    let (later, again) = report_again(&mut dice, &wards, &two, arrives);
                    coming.entry(later).or_default().push(again);
                }
                coming.entry(arrives).or_default().push(two);
            }
            if dice.percent(plan.twice) {
                let (later, again) = report_again(&mut dice, &wards, &one, arrives);
                coming.entry(later).or_default().push(again);
            }
            coming.entry(arrives).or_default().push(one);
        }
        let due = coming.remove(&day).unwrap_or_default();
        made.entries += deliver(
            &registry,
            &mut wards,
            due,
            &mut families,
            &mut truth,
            &mut dice,
            day,
        )?;
        if day.day() == 3 {
            made.entries += tallies(&registry, &mut wards, &mut dice, day)?;
        }
        made.families += serve(
            &registry,
            families.remove(&day).unwrap_or_default(),
            &mut dice,
            day,
        )?;
        tell(made.entries);
        day = day + Days::new(1);
    }
    *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = today;
    for (i, ward) in wards.iter().enumerate() {
        beat(&registry, ward, i, today)?;
    }
    while registry.draw_rest()? {}
    registry.recount(u64::MAX)?;
    judge_matching(&registry, &truth, &mut made)?;
    Ok(made)
}

fn uuid(dice: &mut Dice) -> String {
    let half = |dice: &mut Dice| u128::from(dice.below(u64::MAX));
    let bits = (half(dice) << 64) | half(dice);
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
    dice: &mut Dice,
    wards: &mut [Ward],
    day: NaiveDate,
    today: DateTime<FixedOffset>,
    truth: u64,
) -> (NaiveDate, Coming) {
    // A few facilities have most of the births.
    let n = u64::try_from(wards.len()).unwrap_or(1);
    let ward = usize::try_from(dice.below(n).min(dice.below(n))).unwrap_or(0);
    let district = wards.get(ward).map(|w| w.district.clone()).unwrap_or_default();
    let mut happened = people::event(dice, day, &district, &district);
    if let Some(ward) = wards.get_mut(ward) {
        ward.note(happened.kind, day);
    }
    let hours = match dice.below(100) {
        0..85 => 1 + dice.below(14),
        85..97 => 24 + dice.below(96),
        _ => 240 + dice.below(1_200),
    };
    let signed = at(day, happened.minute + hours * 60, *today.offset());
    let late = (signed.date_naive() - day).num_days() > 25;
    // Half of the late ones say why; the others come back.
    if late
        && dice.percent(50)
        && let Some(body) = happened.body.as_object_mut()
    {
        body.insert("late_reason".into(), json!("оила дертар муроҷиат кард"));
        if let Some(checked) = body.entry("checked").or_insert_with(|| json!({})).as_object_mut() {
            checked.insert("C02".into(), json!("verified"));
        }
    }
    let road = if dice.percent(10) { 1 + dice.below(6) } else { 0 };
    let slow = wards.get(ward).map_or(0, |w| w.slow);
    let arrives = signed.date_naive()
        + Days::new(road + slow + u64::from(signed.time() > chrono::NaiveTime::MIN + Duration::hours(20)));
    (
        arrives,
        Coming {
            ward,
            happened,
            signed,
            truth,
        },
    )
}

/// Somebody else reports it as well, or the same ones forgot that they had.
fn report_again(dice: &mut Dice, wards: &[Ward], one: &Coming, arrives: NaiveDate) -> (NaiveDate, Coming) {
    let n = u64::try_from(wards.len()).unwrap_or(1);
    let ward = match dice.percent(30) {
        true => one.ward,
        false => usize::try_from(dice.below(n)).unwrap_or(0),
    };
    let happened = Happened {
        kind: one.happened.kind,
        body: again::again(dice, &one.happened.body, one.happened.kind),
        minute: one.happened.minute,
    };
    let again = Coming {
        ward,
        happened,
        signed: one.signed + Duration::hours(1),
        truth: one.truth,
    };
    (arrives + Days::new(1 + dice.below(3)), again)
}

/// How well the portal told look-alikes.
fn judge_matching(
    registry: &Registry,
    truth: &HashMap<String, u64>,
    made: &mut Made,
) -> Result<(), PortalError> {
    let mut reports: HashMap<u64, u64> = HashMap::new();
    let mut found: HashSet<u64> = HashSet::new();
    let mut mistaken = 0;
    registry.read(&mut |leaf| {
        (reports, found, mistaken) = (HashMap::new(), HashSet::new(), 0);
        for (nid, of) in truth {
            // What was sent back is still with the ward.
            let faultless = leaf
                .notification(nid)?
                .is_some_and(|n| n.status != Status::Returned);
            *reports.entry(*of).or_default() += u64::from(faultless);
        }
        leaf.each_held(&mut |nid, verdict| {
            let other = verdict.dup_of.and_then(|of| truth.get(&of));
            match (truth.get(&nid), other) {
                (Some(a), Some(b)) if a == b => {
                    found.insert(*a);
                }
                (Some(_), Some(_)) => mistaken += 1,
                _ => {}
            }
            Ok(())
        })
    })?;
    let twice = |n: &&u64| **n > 1;
    made.twice = u64::try_from(reports.values().filter(twice).count()).unwrap_or(0);
    let pairs = found.iter().filter(|of| reports.get(of).is_some_and(|n| *n > 1));
    made.found = u64::try_from(pairs.count()).unwrap_or(0);
    made.mistaken = mistaken;
    Ok(())
}

fn deliver(
    registry: &Registry,
    wards: &mut [Ward],
    due: Vec<Coming>,
    families: &mut BTreeMap<NaiveDate, Vec<(String, String)>>,
    truth: &mut HashMap<String, u64>,
    dice: &mut Dice,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let mut by_ward: BTreeMap<usize, Vec<Coming>> = BTreeMap::new();
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
            let kind = one.happened.kind;
            let (nid, jws) = ward.entry(EntryType::Notice(kind), one.happened.body, one.signed, &doctor)?;
            lines.push(jws);
            truth.insert(nid.clone(), one.truth);
            // Four families of five come, most within a month.
            if kind != Kind::FoetalDeath && dice.percent(80) {
                let when = day + Days::new(1 + dice.below(20) + dice.below(40));
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
    wards: &mut [Ward],
    dice: &mut Dice,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let month = month_of(day) - 1;
    let mut sent = 0;
    for ward in wards.iter_mut().filter(|w| w.seq > 0) {
        let [births, foetal, deaths] = ward.book.remove(&month).unwrap_or_default();
        if !dice.percent(85) {
            continue;
        }
        let births = births + u64::from(dice.percent(7));
        let body =
            json!({"month": month_name(month), "births": births, "foetal_deaths": foetal, "deaths": deaths});
        let doctor = ward.doctor.clone();
        let rec = registry.now();
        let line = ward.entry(EntryType::Tally, body, rec, &doctor)?.1;
        sent += ward.push(registry, &[line])?;
    }
    Ok(sent)
}

/// Families at the offices: a name, then the certificate.
fn serve(
    registry: &Registry,
    due: Vec<(String, String)>,
    dice: &mut Dice,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let ring = registry.ring()?;
    let mut served = 0;
    for part in due.chunks(200) {
        registry.write(&ring, &mut |session| {
            for (nid, office) in part {
                served += u64::from(one_family(session, nid, office, &people::child(dice), day)?);
            }
            Ok(())
        })?;
    }
    Ok(served)
}

fn one_family(
    session: &mut crate::portal::unit::session::Session<'_>,
    nid: &str,
    office: &str,
    name: &str,
    day: NaiveDate,
) -> Kept<bool> {
    let Some(n) = session.find(nid)? else {
        return Ok(false);
    };
    let kind = crate::portal::book::kind_of(&n)?;
    let Some(event) = session.statement(&n.effective, kind)?.event else {
        return Ok(false);
    };
    let answer = |question: &str| match question {
        "child_given" => name.to_owned(),
        _ => String::new(),
    };
    if let Ok(family) = Family::read(kind, &event, answer)
        && session.serve(nid, office, &Service::Add(family))?.is_err()
    {
        return Ok(false);
    }
    let issue = Service::Issue {
        number: format!("I-ТҶ {}", nid.get(..8).unwrap_or_default()),
        date: day.to_string(),
    };
    Ok(session.serve(nid, office, &issue)?.is_ok())
}
