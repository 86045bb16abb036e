//! The counts of a place in a month: a sum of facts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fact::{Fact, Keys, hours};
use crate::env::Limits;

/// The counts of a place in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CountCell(BTreeMap<String, u64>);

impl CountCell {
    /// The counts of facts.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Fact>, limits: &Limits) -> CountCell {
        let mut cell = CountCell::default();
        for fact in facts {
            cell.add(&fact.keys(limits));
        }
        cell
    }

    /// A count; 0 where nothing was counted.
    pub fn get(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Live births, foetal deaths and deaths.
    pub fn events(&self) -> u64 {
        self.get("live_births") + self.get("stillbirths") + self.get("deaths")
    }

    /// Counts everything once that a fact counts as.
    pub fn add(&mut self, keys: &Keys) {
        for key in keys.iter() {
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration};

    use super::*;
    use crate::env::ClockTrust;
    use crate::figures::{AtRegistry, Notified, Standing};
    use crate::vital::{Event, Kind, PartialDate, TimeOfDay, Value, field as f};

    #[test]
    fn a_place_sums_its_facts() {
        let fact = |hours: i64, day: u32| {
            let mut event = Event::new(Kind::Birth);
            let date = PartialDate::parse(&format!("2026-10-{day:02}")).unwrap();
            event.set(f::BIRTH_DATE, Value::Date(date));
            event.set(f::BIRTH_TIME, Value::Time(TimeOfDay::new(0, 0).unwrap()));
            let at = DateTime::parse_from_rfc3339(&format!("2026-10-{day:02}T00:00:00+05:00")).unwrap();
            let unnamed = AtRegistry {
                unnamed: true,
                ..AtRegistry::default()
            };
            let made = Fact::of(Notified {
                fac: "F".into(),
                event,
                standing: Standing::Stands,
                signed: (at + Duration::hours(hours), ClockTrust::Synced),
                received: Some((at + Duration::hours(80)).timestamp_millis()),
                why: None,
                registry: unnamed,
            });
            made.into_values().next().unwrap()
        };
        let facts = [fact(1, 1), fact(2, 5), fact(30, 30)];
        let cell = CountCell::of(&facts, &Limits::default());
        let mut two = cell.clone();
        two.merge(&cell);
        assert_eq!((cell.get("live_births"), two.events()), (3, 6));
        assert_eq!((cell.get("signed_in_time"), cell.get("received_in_time")), (2, 0));
        assert_eq!(cell.get("received_late"), 3);
        assert_eq!(cell.delay("signed", 50), Some(2));
        assert_eq!(cell.delay("signed", 90), Some(30));
        assert_eq!(cell.delay("registered", 50), None);
        // The month began on day 100; on day 131 the first is 31 days old.
        assert_eq!(cell.older("unnamed", 100, 131, 30), 1);
        assert_eq!(cell.older("unnamed", 100, 200, 30), 3);
    }
}
