//! What a month held: live births, foetal deaths, deaths by age, and what the ministry counts apart.
//!
//! A month is the month of the event; lateness counts in the month of the signing. A foetal death
//! is never a live birth and never a death. What was annulled counts as annulled and as nothing
//! else. The counts say nothing about anybody, but small ones may still point to a person: whoever
//! publishes them suppresses small cells.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::env::Limits;
use crate::questions::applying;
use crate::rules::icd;
use crate::vital::{Age, Event, Kind, Not, field as f};

/// A notification as it counts.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What it states, by the revision that took effect last.
    pub event: Event,
    /// Civil day on which its first revision was signed.
    pub signed: NaiveDate,
    /// Whether it was annulled.
    pub annulled: bool,
}

/// The counts of one month; what did not happen is not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Month {
    /// Counts by what was counted, such as `live_births`.
    #[serde(flatten)]
    pub counts: BTreeMap<&'static str, u64>,
    /// Deaths by band of age.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub deaths: BTreeMap<&'static str, u64>,
}

/// Counts of the month `year`-`month` among notifications.
pub fn month(all: &[Counted], (year, month): (i32, u32), limits: &Limits) -> Month {
    let mut out = Month::default();
    let within = |day: NaiveDate| (day.year(), day.month()) == (year, month);
    for one in all {
        let Some(date) = one.event.event_date() else {
            continue;
        };
        // A date of which only the year is known belongs to no month.
        let of_month = within(date.earliest()) && within(date.latest());
        if one.annulled {
            if of_month {
                out.count("annulled");
            }
            continue;
        }
        if of_month {
            out.event(&applying(&one.event).0);
        }
        let late = (one.signed - date.latest()).num_days() > i64::from(limits.late_reason_days);
        if late && within(one.signed) {
            out.count("late");
        }
    }
    out
}

impl Month {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn count_if(&mut self, holds: bool, what: &'static str) {
        if holds {
            self.count(what);
        }
    }

    pub(super) fn event(&mut self, event: &Event) {
        match event.kind {
            Kind::Birth => self.birth(event),
            Kind::FoetalDeath => self.count("stillbirths"),
            Kind::Death => self.death(event),
        }
        // A delivery counts once, with the first of its children, however they were born.
        let first = event.int(f::BIRTH_ORDER).is_none_or(|order| order == 1);
        let caesarean = event.text(f::BIRTH_DELIVERY) == Some("caesarean");
        self.count_if(event.kind != Kind::Death && first && caesarean, "caesareans");
    }

    fn birth(&mut self, event: &Event) {
        self.count("live_births");
        let low = event.int(f::BIRTH_WEIGHT).is_some_and(|g| g < 2500);
        self.count_if(low, "low_birth_weight");
        self.count_if(event.text(f::BIRTH_PLACE) == Some("home"), "home_births");
        self.count_if(
            event.text(f::BIRTH_BEFORE_ARRIVAL) == Some("yes"),
            "born_before_arrival",
        );
        self.count_if(nameless(event, "mother"), "foundlings");
        let young = event
            .date(f::MOTHER_BORN)
            .zip(event.event_date())
            .is_some_and(|(born, at)| born.years_until(at).1 < 20);
        self.count_if(young, "adolescent_mothers");
    }

    fn death(&mut self, event: &Event) {
        *self.deaths.entry(band(event)).or_default() += 1;
        self.count_if(nameless(event, "deceased"), "unidentified");
        let manner = event.text(f::DEATH_MANNER);
        self.count_if(manner == Some("self-harm"), "suicides");
        self.count_if(manner == Some("assault"), "homicides");
        self.count_if(icd::find(event, &icd::TRANSPORT).is_some(), "road_deaths");
        self.count_if(icd::find(event, &icd::NOTIFIABLE).is_some(), "notifiable_causes");
        if let Some(lowest) = icd::underlying(event) {
            let ill_defined = lowest.code.is_some_and(|c| c.is_in(&icd::ILL_DEFINED));
            self.count_if(ill_defined, "ill_defined");
            self.count_if(lowest.matched, "matched_causes");
            self.count_if(lowest.code.is_none(), "uncoded_causes");
        }
        // By ICD-10 a maternal death is one of the pregnancy, not of an accident beside it.
        let contributed =
            event.text(f::PREGNANCY_CONTRIBUTED) != Some("no") && icd::find(event, &icd::EXTERNAL).is_none();
        match event.text(f::PREGNANCY_WHEN) {
            Some("at-death" | "within-42-days") => self.count_if(contributed, "maternal_deaths"),
            Some("43-days-to-1-year") => self.count_if(contributed, "late_maternal_deaths"),
            _ => {}
        }
    }
}

const EARLY: &str = "early_neonatal_0_6d";

fn nameless(event: &Event, who: &str) -> bool {
    ["surname", "given"]
        .iter()
        .all(|part| event.not(&format!("{who}.{part}")) == Some(Not::Knowable))
}

/// Band of age at death; an age that lies in two bands is unknown.
fn band(event: &Event) -> &'static str {
    let of = |years: i64, days: i64| match (years, days) {
        (..=0, ..=6) => EARLY,
        (..=0, 7..=27) => "late_neonatal_7_27d",
        (..=0, _) => "post_neonatal_28_364d",
        (1..=4, _) => "age_1_4",
        (5..=14, _) => "age_5_14",
        (15..=49, _) => "age_15_49",
        (50..=69, _) => "age_50_69",
        _ => "age_70_plus",
    };
    let Some(age) = Age::at_death(event).filter(|a| a.days.0 >= 0) else {
        return "age_unknown";
    };
    let (low, high) = (of(age.years.0, age.days.0), of(age.years.1, age.days.1));
    if low == high { low } else { "age_unknown" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vital::{Interval, PartialDate, Stated, Value};

    fn death(born: &str, died: &str) -> Event {
        let mut event = Event::new(Kind::Death);
        event.set(f::DECEASED_BORN, Value::Date(PartialDate::parse(born).unwrap()));
        event.set(f::DEATH_DATE, Value::Date(PartialDate::parse(died).unwrap()));
        event
    }

    fn counted(event: Event, signed: &str) -> Counted {
        Counted {
            event,
            signed: NaiveDate::parse_from_str(signed, "%Y-%m-%d").unwrap(),
            annulled: false,
        }
    }

    #[test]
    fn an_age_falls_into_its_band_and_one_of_two_bands_is_unknown() {
        for (born, died, expected) in [
            ("2026-11-01", "2026-11-07", "early_neonatal_0_6d"),
            ("2026-11-01", "2026-11-08", "late_neonatal_7_27d"),
            ("2026-11-01", "2026-11-29", "post_neonatal_28_364d"),
            ("2025-11-02", "2026-11-01", "post_neonatal_28_364d"),
            ("2024-02-29", "2025-02-28", "post_neonatal_28_364d"),
            ("2025-11-01", "2026-11-01", "age_1_4"),
            ("2022", "2026-11-01", "age_1_4"),
            ("2021", "2026-11-01", "age_unknown"),
            ("1961", "2026-11-11", "age_50_69"),
            ("1956", "2026-11-11", "age_unknown"),
            ("1920", "2026", "age_70_plus"),
            ("2027", "2026-11-01", "age_unknown"),
        ] {
            assert_eq!(band(&death(born, died)), expected, "{born} {died}");
        }
        let mut estimated = Event::new(Kind::Death);
        estimated.set(f::DEATH_DATE, Value::Date(PartialDate::parse("2026-11").unwrap()));
        assert_eq!(band(&estimated), "age_unknown");
        let age = Value::Interval(Interval::parse_iso("P55Y").unwrap());
        estimated.set(f::DECEASED_AGE, age);
        assert_eq!(band(&estimated), "age_50_69");
    }

    #[test]
    fn lateness_counts_where_it_was_signed_and_an_annulled_one_counts_as_nothing_else() {
        let limits = Limits::default();
        let mut birth = Event::new(Kind::Birth);
        birth.set(
            f::BIRTH_DATE,
            Value::Date(PartialDate::parse("2026-10-12").unwrap()),
        );
        let late = counted(birth, "2026-11-21");
        let gone = Counted {
            annulled: true,
            ..counted(death("1950-01-01", "2026-10-05"), "2026-10-06")
        };
        let all = [late, gone];
        let october = month(&all, (2026, 10), &limits);
        assert_eq!(
            october.counts.into_iter().collect::<Vec<_>>(),
            [("annulled", 1), ("live_births", 1)]
        );
        assert!(october.deaths.is_empty());
        let november = month(&all, (2026, 11), &limits);
        assert_eq!(november.counts.into_iter().collect::<Vec<_>>(), [("late", 1)]);
    }

    proptest::proptest! {
        #[test]
        fn a_foetal_death_is_never_a_live_birth_or_a_death(
            fields in proptest::collection::vec((0usize..f::ALL.len(), 0i64..7000), 0..60),
        ) {
            let mut event = Event::new(Kind::FoetalDeath);
            for (at, n) in fields {
                let value = match n % 4 {
                    0 => Stated::Not(Not::Knowable),
                    1 => Stated::Known(Value::Code("assault".into())),
                    _ => Stated::Known(Value::Int(n)),
                };
                event.set(f::ALL[at], value);
            }
            event.set(f::BIRTH_DATE, Value::Date(PartialDate::parse("2026-11-09").unwrap()));
            let found = month(&[counted(event, "2026-11-10")], (2026, 11), &Limits::default());
            proptest::prop_assert_eq!(found.counts.get("stillbirths"), Some(&1));
            proptest::prop_assert!(found.deaths.is_empty());
            proptest::prop_assert!(!found.counts.contains_key("live_births"));
        }
    }
}
