//! An invented country is one in which people could live.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Duration, NaiveDate};

use super::happening::event;
use super::population::Population;
use super::rng::SimulationRng;
use super::{Calendar, SimulationPlan};
use crate::env::Limits;
use crate::form::body::{Unknown, from_json};
use crate::rules::{Context, Severity, check};
use crate::vital::{Age, Event, Kind, field};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 14).unwrap()
}

/// So many events of a kind, and those that come with them.
fn happened(kind: Kind, count: usize) -> Vec<Event> {
    let (mut rng, mut out) = (SimulationRng(3), Vec::new());
    for _ in 0..count {
        let home = Population::get().places(kind).one(&mut rng).unwrap();
        for (_, one) in event(&mut rng, kind, day(), home, &home.code) {
            out.push(from_json(one.kind, &one.body, Unknown::Refuse).unwrap());
        }
    }
    out
}

#[test]
fn no_invented_event_breaks_a_rule() {
    let now = DateTime::parse_from_rfc3339("2026-08-15T12:00:00+05:00").unwrap() + Duration::days(2);
    let limits = Limits::default();
    let mut broken: BTreeMap<String, usize> = BTreeMap::new();
    for event in [Kind::Birth, Kind::Death, Kind::FoetalDeath]
        .map(|kind| happened(kind, 1_500))
        .concat()
    {
        for finding in check(&event, &Context::new(now, &limits)) {
            if finding.severity == Severity::E {
                *broken
                    .entry(format!("{} {}", finding.rule, finding.field))
                    .or_default() += 1;
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn people_are_born_and_die_where_and_when_people_do() {
    let births = happened(Kind::Birth, 6_000);
    let part =
        |all: &[Event], is: &dyn Fn(&Event) -> bool| 1_000 * all.iter().filter(|e| is(e)).count() / all.len();
    let of = |region: &'static str| {
        move |e: &Event| {
            e.text(field::MOTHER_DISTRICT)
                .is_some_and(|d| d.starts_with(region))
        }
    };
    // Badakhshan has one child of fifty, Sughd one of four, Khatlon more than one of three.
    assert!((12..30).contains(&part(&births, &of("TJ-GB"))));
    assert!((230..300).contains(&part(&births, &of("TJ-SU"))));
    assert!((340..420).contains(&part(&births, &of("TJ-KT"))));
    assert!((60..120).contains(&part(&births, &|e| e.text(field::BIRTH_PLACE) == Some("home"))));
    assert!((500..535).contains(&part(&births, &|e| e.text(field::CHILD_SEX) == Some("male"))));
    let light = part(&births, &|e| {
        e.int(field::BIRTH_WEIGHT).is_some_and(|g| g < 2_500)
    });
    assert!((40..110).contains(&light), "{light}");
    let first = part(&births, &|e| e.int(field::MOTHER_LIVE_BIRTHS) == Some(0));
    assert!((250..450).contains(&first), "{first}");
    let mut deaths = happened(Kind::Death, 3_000);
    deaths.retain(|e| e.kind == Kind::Death);
    let under = |years: i64| move |e: &Event| Age::at_death(e).is_some_and(|age| age.surely_under(years));
    assert!((60..95).contains(&part(&deaths, &under(1))));
    assert!((90..130).contains(&part(&deaths, &under(15))));
    assert!((540..720).contains(&(1_000 - part(&deaths, &under(60)))));
    assert!((500..590).contains(&part(&deaths, &|e| e.text(field::DECEASED_SEX) == Some("male"))));
}

#[test]
fn a_year_has_its_seasons_and_comes_together() {
    let plan = SimulationPlan {
        events: 20_000,
        days: 365,
        seed: 1,
        twice: 0,
    };
    let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let mut calendar = Calendar::of(&plan, first);
    let mut by_month: BTreeMap<(u32, Kind), u64> = BTreeMap::new();
    for day in first.iter_days().take(365) {
        for kind in calendar.next(day) {
            *by_month.entry((day.month(), kind)).or_default() += 1;
        }
    }
    let all: u64 = by_month.values().sum();
    assert!((19_990..=20_000).contains(&all), "{all}");
    assert!(by_month[&(9, Kind::Birth)] > by_month[&(2, Kind::Birth)] * 11 / 10);
    assert!(by_month[&(1, Kind::Death)] > by_month[&(9, Kind::Death)] * 11 / 10);
}
