//! What the ministry counts: a fact of each notification, and the counts of a place in a month.
//!
//! A fact says how a notification counts and when its steps were; nothing that it states remains
//! in it. Counts of places are sums of facts, so that a page reads a few rows however many events
//! there were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Month;
use crate::env::Limits;
use crate::questions::applying;
use crate::rules::icd;
use crate::vital::{Event, Kind, Not, field as f};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Steps of a notification's way whose delay after the event is counted.
pub const STEPS: [&str; 4] = ["signed", "received", "registered", "certificate"];

/// How a notification counts, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fact {
    /// Facility that stated it.
    pub fac: String,
    /// District where it happened; empty for the facility's own.
    pub district: String,
    /// District of residence; empty where it is not known.
    pub residence: String,
    /// Day of its month; 0 where only the month is known.
    pub day: u32,
    /// What it counts as.
    pub counts: Vec<String>,
    /// Time of the event where the day is known, Unix milliseconds.
    pub event: Option<i64>,
    /// Times of the [`STEPS`].
    pub steps: [Option<i64>; 4],
}

impl Fact {
    /// The counts of a place that it adds one to.
    pub fn keys(&self, limits: &Limits) -> Vec<String> {
        let mut out = Vec::with_capacity(self.counts.len() + 8);
        for what in &self.counts {
            out.push(match what.as_str() {
                // Their age is counted on the day on which somebody looks.
                "unnamed" | "no_certificate" => format!("{what}.{}", self.day),
                what => what.to_owned(),
            });
        }
        let Some(event) = self.event else { return out };
        out.push("judged".to_owned());
        let limit = [limits.timely_sign_hours, limits.timely_receive_hours];
        for (i, (step, at)) in STEPS.iter().zip(self.steps).enumerate() {
            let Some(at) = at else { continue };
            let delay = (at - event).max(0);
            out.push(format!("{step}.{}", bucket(delay)));
            if limit
                .get(i)
                .is_some_and(|hours| delay <= i64::from(*hours) * HOUR_MS)
            {
                out.push(format!("{step}_in_time"));
            }
        }
        out
    }
}

/// What a notification in force counts as, by what it states.
pub fn measures(stated: &Event) -> Vec<String> {
    // What older versions let pass is not counted.
    let event = &applying(stated).0;
    let mut month = Month::default();
    month.event(event);
    let deaths = month.deaths.keys().map(|band| format!("deaths_{band}"));
    let mut out: Vec<String> = month
        .counts
        .keys()
        .map(|k| (*k).to_owned())
        .chain(deaths)
        .collect();
    let mut count_if = |holds: bool, what: &str| {
        if holds {
            out.push(what.to_owned());
        }
    };
    match event.kind {
        Kind::Birth => {
            count_if(event.text(f::CHILD_SEX) == Some("male"), "male_births");
            count_if(event.text(f::CHILD_SEX) == Some("female"), "female_births");
            let weight = event.int(f::BIRTH_WEIGHT);
            count_if(weight.is_some(), "weighed");
            count_if(weight.is_some_and(|g| g % 100 == 0), "round_weights");
            count_if(weight == Some(2500), "weights_2500");
        }
        Kind::Death => {
            count_if(true, "deaths");
            let coded = icd::underlying(event).is_some_and(|lowest| lowest.code.is_some());
            count_if(coded, "coded_causes");
            let preliminary = event.text(f::DEATH_CERTIFICATE) == Some("preliminary");
            count_if(preliminary || event.text(f::CAUSE_A).is_none(), "causes_awaited");
        }
        Kind::FoetalDeath => {}
    }
    count_if(!event.checked.is_empty(), "answered");
    out.extend(unknown_core(event).map(|field| format!("unknown_{field}")));
    out
}

/// The counts of a place in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CountCell(BTreeMap<String, u64>);

impl CountCell {
    /// A count; 0 where nothing was counted.
    pub fn get(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Live births, foetal deaths and deaths.
    pub fn events(&self) -> u64 {
        self.get("live_births") + self.get("stillbirths") + self.get("deaths")
    }

    /// Counts everything once that a fact counts as ([`Fact::keys`]).
    pub fn add(&mut self, keys: &[String]) {
        for key in keys {
            match self.0.get_mut(key) {
                Some(n) => *n += 1,
                None => {
                    self.0.insert(key.clone(), 1);
                }
            }
        }
    }

    /// Adds the counts of another place or month.
    pub fn merge(&mut self, other: &CountCell) {
        for (what, n) in &other.0 {
            *self.0.entry(what.clone()).or_default() += n;
        }
    }

    /// Delay of a step that so many in a hundred did not exceed, in hours; none without any.
    pub fn delay(&self, step: &str, percent: u64) -> Option<i64> {
        let start = format!("{step}.");
        let mut buckets: Vec<(u32, u64)> = self
            .0
            .iter()
            .filter_map(|(k, n)| Some((k.strip_prefix(&start)?.parse().ok()?, *n)))
            .collect();
        buckets.sort_unstable();
        let all: u64 = buckets.iter().map(|(_, n)| n).sum();
        let mut seen = 0;
        for (bucket, n) in buckets {
            seen += n;
            if seen * 100 >= all * percent {
                return Some(hours(bucket));
            }
        }
        None
    }

    /// How many of a kind that is counted by day happened at least `days` before `today`; `first`
    /// is the first day of this cell's month. Days count from 1970-01-01.
    pub fn older(&self, what: &str, first: i32, today: i32, days: i32) -> u64 {
        let start = format!("{what}.");
        let counted = self.0.iter().filter_map(|(k, n)| {
            let day: i32 = k.strip_prefix(&start)?.parse().ok()?;
            Some((first + (day - 1).max(0), *n))
        });
        counted
            .filter(|(day, _)| today - day >= days)
            .map(|(_, n)| n)
            .sum()
    }

    /// Counts whose name begins so, without that beginning.
    pub fn beginning<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
        self.0
            .iter()
            .filter_map(move |(k, n)| Some((k.strip_prefix(start)?, *n)))
    }
}

/// Delays are kept by the hour up to four days, by the day up to 120 days, then by 30 days.
fn bucket(delay_ms: i64) -> i64 {
    match (delay_ms / HOUR_MS, delay_ms / DAY_MS) {
        (hours, 0..4) => hours,
        (_, days @ 4..120) => 96 + days - 4,
        (_, days) => 212 + ((days - 120) / 30).min(200),
    }
}

/// The hours at which a bucket begins.
fn hours(bucket: u32) -> i64 {
    match i64::from(bucket) {
        b @ ..96 => b,
        b @ 96..212 => (b - 96 + 4) * 24,
        b => (120 + (b - 212) * 30) * 24,
    }
}

/// Fields that nearly every notification should know, by kind.
pub(super) const CORE: &[(Kind, &str)] = &[
    (Kind::Birth, f::BIRTH_WEIGHT),
    (Kind::Birth, f::BIRTH_WEEKS),
    (Kind::Birth, f::BIRTH_TIME),
    (Kind::Birth, f::MOTHER_BORN),
    (Kind::Birth, f::MOTHER_DOCUMENT),
    (Kind::FoetalDeath, f::FOETUS_WHEN),
    (Kind::Death, f::CAUSE_A),
    (Kind::Death, f::DECEASED_BORN),
    (Kind::Death, f::DECEASED_DOCUMENT),
];

/// The core fields that an event does not know.
pub(super) fn unknown_core(event: &Event) -> impl Iterator<Item = &'static str> {
    let own = CORE.iter().filter(|(kind, _)| *kind == event.kind);
    own.map(|(_, field)| *field).filter(|field| {
        matches!(event.not(field), Some(Not::Yet | Not::Knowable)) || event.get(field).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_begins_no_later_than_what_falls_into_it() {
        for hours_late in [0, 1, 47, 95, 96, 97, 130, 2879, 2880, 5000, 99_999] {
            let begins = hours(u32::try_from(bucket(hours_late * HOUR_MS)).unwrap());
            assert!(
                begins <= hours_late && hours_late - begins < 24 * 30,
                "{hours_late}: {begins}"
            );
        }
    }

    #[test]
    fn a_place_sums_its_facts() {
        let fact = |hours: i64, day| Fact {
            day,
            counts: vec!["live_births".into(), "unnamed".into()],
            event: Some(0),
            steps: [Some(hours * HOUR_MS), Some(80 * HOUR_MS), None, None],
            ..Fact::default()
        };
        let mut cell = CountCell::default();
        for (hours, day) in [(1, 1), (2, 5), (30, 30)] {
            cell.add(&fact(hours, day).keys(&Limits::default()));
        }
        let mut two = cell.clone();
        two.merge(&cell);
        assert_eq!((cell.get("live_births"), two.events()), (3, 6));
        assert_eq!((cell.get("signed_in_time"), cell.get("received_in_time")), (2, 0));
        assert_eq!(cell.delay("signed", 50), Some(2));
        assert_eq!(cell.delay("signed", 90), Some(30));
        assert_eq!(cell.delay("registered", 50), None);
        // The month began on day 100; on day 131 the first is 31 days old.
        assert_eq!(cell.older("unnamed", 100, 131, 30), 1);
        assert_eq!(cell.older("unnamed", 100, 200, 30), 3);
    }
}
