//! When and where what happens in the invented country is notified, by whom, and how often.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Duration, FixedOffset, NaiveDate, TimeZone};
use serde_json::{Value, json};

use super::birth::{Birth, born};
use super::death::died;
use super::duplicate::{duplicate_body, twin};
use super::event::SimulatedEvent;
use super::population::{District, Population};
use super::rng::{SimulationRng, Weighted};
use super::ward::SimulatedWard;
use crate::env::Limits;
use crate::form::body::{Unknown, from_json};
use crate::rules::{Context, Severity, check, id};
use crate::vital::Kind;

/// The second of twins is the first's number and this.
pub(super) const TWIN: u64 = 1 << 60;
/// The birth of a newborn that died is the death's number and this.
const NEWBORN: u64 = 1 << 61;

/// A report on its way.
pub(super) struct PendingReport {
    pub ward: usize,
    pub event: SimulatedEvent,
    pub signed: DateTime<FixedOffset>,
    /// The same for two reports of one event.
    pub truth: u64,
    /// How it is corrected later: days after its delivery, why, and what it says then.
    pub later: Option<(u64, &'static str, Value)>,
}

/// Which facility notifies what happens in which district.
pub(super) struct Wards(BTreeMap<String, Weighted<usize>>);

impl Wards {
    pub fn of(wards: &[SimulatedWard]) -> Wards {
        let mut shares: BTreeMap<String, Vec<(usize, u64)>> = BTreeMap::new();
        for (i, ward) in wards.iter().enumerate() {
            shares
                .entry(ward.district.clone())
                .or_default()
                .push((i, ward.share));
        }
        Wards(shares.into_iter().map(|(d, of)| (d, Weighted::new(of))).collect())
    }

    /// A facility of the district; of another one of the region for one event in twenty.
    fn notifies(&self, rng: &mut SimulationRng, home: &District) -> usize {
        let near = |d: &&District| d.region == home.region;
        let elsewhere = rng
            .percent(5)
            .then(|| Population::get().births.one(rng))
            .flatten();
        let at = elsewhere.filter(near).map_or(&home.code, |d| &d.code);
        let found = self.0.get(at).and_then(|wards| wards.one(rng));
        found.copied().unwrap_or(0)
    }
}

/// The moment at which a minute of a day begins.
pub(super) fn at(day: NaiveDate, minute: u64, offset: FixedOffset) -> DateTime<FixedOffset> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let local = offset.from_local_datetime(&midnight).single().unwrap_or_default();
    local + Duration::minutes(i64::try_from(minute).unwrap_or(0))
}

/// A random UUID.
pub(super) fn uuid(rng: &mut SimulationRng) -> String {
    let half = |rng: &mut SimulationRng| u128::from(rng.below(u64::MAX));
    let bits = (half(rng) << 64) | half(rng);
    uuid::Builder::from_random_bytes(bits.to_be_bytes())
        .into_uuid()
        .to_string()
}

/// Something happens somewhere: its reports, each with the day on which it arrives.
pub(super) fn happen(
    rng: &mut SimulationRng,
    (wards, by_district): (&mut [SimulatedWard], &Wards),
    kind: Kind,
    day: NaiveDate,
    offset: FixedOffset,
    (truth, twice): (u64, u64),
) -> Vec<(NaiveDate, PendingReport)> {
    let Some(home) = Population::get().places(kind).one(rng) else {
        return vec![];
    };
    let ward = by_district.notifies(rng, home);
    let facility = wards.get(ward).map(|w| w.district.clone()).unwrap_or_default();
    let mut out = Vec::new();
    let mut all = event(rng, kind, day, home, &facility);
    // One birth in ninety is of twins.
    if let [(_, birth)] = all.as_mut_slice()
        && birth.kind == Kind::Birth
        && rng.below(90) == 0
    {
        let set = uuid(rng);
        let two = twin(rng, birth, &set);
        all.push((day, two));
    }
    for (n, (day, event)) in all.into_iter().enumerate() {
        let of = match (kind, event.kind, n) {
            (Kind::Death, Kind::Birth, _) => truth | NEWBORN,
            (Kind::Birth, _, 1..) => truth | TWIN,
            _ => truth,
        };
        if let Some(ward) = wards.get_mut(ward) {
            ward.note(event.kind, day);
        }
        let (arrives, one) = notified(rng, wards, ward, day, event, of, offset);
        if rng.percent(twice) {
            out.push(again(rng, by_district, home, &one, arrives));
        }
        out.push((arrives, one));
    }
    out
}

/// Something happens to somebody of a district and is notified by a facility: with each the day on which it was.
pub(super) fn event(
    rng: &mut SimulationRng,
    kind: Kind,
    day: NaiveDate,
    home: &District,
    facility: &str,
) -> Vec<(NaiveDate, SimulatedEvent)> {
    if kind == Kind::Death {
        let (birth, death) = died(rng, day, home, facility);
        return birth.into_iter().chain([(day, death)]).collect();
    }
    let at_home = kind == Kind::Birth && rng.percent(home.region.at_home());
    let of = Birth {
        day,
        home,
        facility,
        kind,
        at_home,
    };
    vec![(day, born(rng, &of))]
}

/// When a ward signs what happened, and when that arrives.
fn notified(
    rng: &mut SimulationRng,
    wards: &[SimulatedWard],
    ward: usize,
    day: NaiveDate,
    mut event: SimulatedEvent,
    truth: u64,
    offset: FixedOffset,
) -> (NaiveDate, PendingReport) {
    let home = event.body.pointer("/birth/place") == Some(&json!("home"));
    let hours = match rng.below(100) {
        // Of a birth at home a ward hears when the child is brought.
        _ if home => 24 + rng.below(24 * 45),
        0..85 => 1 + rng.below(14),
        85..97 => 24 + rng.below(96),
        _ => 240 + rng.below(1_200),
    };
    let signed = at(day, event.minute + hours * 60, offset);
    let late = (signed.date_naive() - day).num_days() > 25;
    let mut later = None;
    answer(event.kind, &mut event.body, signed);
    if late {
        let mut explained = event.body.clone();
        explain(&mut explained);
        // Half of the late ones say why; the others come back and are told why then.
        if rng.percent(50) {
            event.body = explained;
        } else if rng.percent(80) {
            later = Some((2 + rng.below(12), "completed", explained));
        }
    } else if rng.in_ten_thousand(150) {
        later = corrected(rng, &event);
    }
    let month = signed.date_naive().month();
    let snow = wards.get(ward).is_some_and(|w| w.snowed_in) && matches!(month, 12 | 1..=3);
    let slow = wards.get(ward).map_or(0, |w| w.slow) + if snow { rng.below(21) } else { 0 };
    let road = if rng.percent(10) { 1 + rng.below(6) } else { 0 };
    let evening = chrono::NaiveTime::MIN + Duration::hours(20);
    let arrives = signed.date_naive() + Days::new(road + slow + u64::from(signed.time() > evening));
    let one = PendingReport {
        ward,
        event,
        signed,
        truth,
        later,
    };
    (arrives, one)
}

/// Says why it comes so late.
fn explain(body: &mut Value) {
    if let Some(all) = body.as_object_mut() {
        all.insert("late_reason".into(), json!("оила дертар муроҷиат кард"));
    }
    verify(body, [id::C02]);
}

/// Says of warnings that they were looked into.
fn verify(body: &mut Value, rules: impl IntoIterator<Item = &'static str>) {
    let Some(all) = body.as_object_mut() else { return };
    if let Some(checked) = all.entry("checked").or_insert_with(|| json!({})).as_object_mut() {
        checked.extend(rules.into_iter().map(|rule| (rule.to_owned(), json!("verified"))));
    }
}

/// Answers the warnings of an event as whoever signs it has to, but for the reason why it is late.
pub(super) fn answer(kind: Kind, body: &mut Value, signed: DateTime<FixedOffset>) {
    let Ok(event) = from_json(kind, body, Unknown::Keep) else {
        return;
    };
    let found = check(&event, &Context::new(signed, &Limits::default())).into_iter();
    let open = found.filter(|f| f.severity == Severity::W && f.rule != id::C02);
    verify(body, open.map(|f| f.rule).collect::<Vec<_>>());
}

/// What the ward finds out later: the mother's document, or a father.
fn corrected(rng: &mut SimulationRng, event: &SimulatedEvent) -> Option<(u64, &'static str, Value)> {
    let mut body = event.body.clone();
    let person = body.get_mut(event.kind.person()).and_then(Value::as_object_mut)?;
    let document = json!(format!("A{:08}", rng.below(100_000_000)));
    person.insert("document".into(), document);
    Some((1 + rng.below(20), "completed", body))
}

/// Somebody else reports it as well, or the same ones forgot that they had.
fn again(
    rng: &mut SimulationRng,
    by_district: &Wards,
    home: &District,
    one: &PendingReport,
    arrives: NaiveDate,
) -> (NaiveDate, PendingReport) {
    let ward = match rng.percent(30) {
        true => one.ward,
        false => by_district.notifies(rng, home),
    };
    let mut event = SimulatedEvent {
        kind: one.event.kind,
        body: duplicate_body(rng, &one.event.body, one.event.kind),
        minute: one.event.minute,
    };
    let signed = one.signed + Duration::hours(1);
    answer(event.kind, &mut event.body, signed);
    let duplicate = PendingReport {
        ward,
        event,
        signed,
        truth: one.truth,
        later: None,
    };
    (arrives + Days::new(1 + rng.below(3)), duplicate)
}
