//! What counts in which month, and what both ends print.

use chrono::{DateTime, FixedOffset};

use super::*;
use crate::env::ClockTrust;
use crate::figures::{AtRegistry, Standing, read_month};
use crate::vital::{Event, Kind, PartialDate, Value};

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

fn notified(kind: Kind, date: &str, signed: &str, standing: Standing) -> Notified {
    let mut event = Event::new(kind);
    event.set(kind.date_field(), Value::Date(PartialDate::parse(date).unwrap()));
    Notified {
        fac: "TJ-KT-BOX-01".into(),
        event,
        standing,
        signed: (at(&format!("{signed}T10:00:00+05:00")), ClockTrust::Synced),
        received: None,
        why: None,
        registry: AtRegistry::default(),
    }
}

/// The rows of a month that are not zero.
fn rows(all: &[Notified], of: &str) -> Vec<(&'static str, u64)> {
    let of = read_month(of).unwrap();
    let facts: Vec<Fact> = all
        .iter()
        .filter_map(|n| Fact::of(n.clone()).remove(&of))
        .collect();
    let month = Month::of(&CountCell::of(&facts, &Limits::default()));
    let counts = month.counts.into_iter().chain(month.deaths);
    counts.filter(|(name, n)| *n > 0 && *name != "judged").collect()
}

#[test]
fn lateness_counts_where_it_was_signed_and_an_annulled_one_counts_as_nothing_else() {
    let all = [
        notified(Kind::Birth, "2026-10-12", "2026-11-21", Standing::Stands),
        notified(Kind::Death, "2026-10-05", "2026-11-26", Standing::Annulled),
    ];
    assert_eq!(
        rows(&all, "2026-10"),
        [("annulled", 1), ("live_births", 1), ("sex_unknown_births", 1)]
    );
    assert_eq!(rows(&all, "2026-11"), [("late", 1)]);
    // In the same month both stand together.
    let all = [notified(
        Kind::FoetalDeath,
        "2026-10",
        "2026-12-05",
        Standing::Held,
    )];
    assert_eq!(rows(&all, "2026-10"), [("held", 1), ("stillbirths", 1)]);
    assert_eq!(rows(&all, "2026-12"), [("late", 1)]);
}

#[test]
fn what_stands_counts_and_the_rest_counts_apart() {
    let of = |standing| {
        rows(
            &[notified(Kind::FoetalDeath, "2026-10-12", "2026-10-13", standing)],
            "2026-10",
        )
    };
    assert_eq!(of(Standing::of("signed")), [("stillbirths", 1)]);
    assert_eq!(of(Standing::of("annulment-pending")), [("stillbirths", 1)]);
    assert_eq!(of(Standing::of("held")), [("held", 1), ("stillbirths", 1)]);
    assert_eq!(of(Standing::of("returned")), [("returned", 1)]);
    assert_eq!(of(Standing::of("duplicate")), [("duplicates", 1)]);
    assert_eq!(of(Standing::of("voided")), [("annulled", 1)]);
}

#[test]
fn a_year_alone_is_no_month_and_a_clock_that_ran_ahead_signed_no_later_than_it_arrived() {
    let year = notified(Kind::FoetalDeath, "2026", "2026-10-13", Standing::Stands);
    assert_eq!(Fact::of(year).into_keys().collect::<Vec<_>>(), [-2026]);
    let ahead = Notified {
        received: Some(at("2026-11-20T09:00:00+05:00").timestamp_millis()),
        ..notified(Kind::FoetalDeath, "2026-10-12", "2027-11-19", Standing::Stands)
    };
    assert_eq!(rows(std::slice::from_ref(&ahead), "2026-11"), [("late", 1)]);
    assert_eq!(
        rows(&[ahead], "2026-10"),
        [("received_late", 1), ("stillbirths", 1)]
    );
}

#[test]
fn an_empty_month_is_zeros_in_every_language_within_80_columns() {
    let empty = CountCell::default();
    let limits = Limits::default();
    let registry = MonthTable::of(
        Some("TJ-KT-BOX-01"),
        read_month("2026-10").unwrap(),
        &empty,
        &limits,
    );
    let ward = MonthTable {
        received: Some(Received {
            month: Month::of(&empty),
            not_kept: 123_456,
        }),
        ..registry.clone()
    };
    assert!(registry.is_empty());
    for lang in Lang::ALL {
        let (theirs, ours) = (registry.lines(lang), ward.lines(lang));
        assert_eq!(theirs.len(), 2 + 33 + 9 + 1);
        for line in theirs.iter().chain(&ours) {
            assert!(line.chars().count() <= 80, "{line}");
            assert!(!line.contains("month-") && !line.contains("figures-"), "{line}");
        }
        for (theirs, ours) in theirs.iter().zip(&ours).skip(2).take(42) {
            assert!(
                theirs.ends_with(" 0") && ours.starts_with(theirs.as_str()),
                "{ours}"
            );
        }
    }
    let json = serde_json::to_value(&registry).unwrap();
    assert_eq!(json["live_births"], 0);
    assert_eq!(json["deaths"]["age_70_plus"], 0);
    assert!(json.get("received").is_none(), "the registry cannot know it");
    assert_eq!(serde_json::to_value(&ward).unwrap()["received"]["stillbirths"], 0);
}
