//! Each rule fires on its side of a limit and keeps still on the other.

use chrono::{DateTime, Duration};

use super::*;
use crate::env::ClockTrust;
use crate::figures::{AtRegistry, Fact, Notified, Standing};
use crate::lang::Lang;
use crate::vital::{Event, Not, PartialDate, TimeOfDay, Value, field as f};

/// An event, and after how many hours it was received.
type Reported = (Event, i64);

fn reported(kind: Kind, date: &str, answers: &[(&str, Value)]) -> Reported {
    let mut event = Event::new(kind);
    event.set(kind.date_field(), Value::Date(PartialDate::parse(date).unwrap()));
    for (_, field) in CORE.iter().filter(|(k, _)| *k == kind) {
        event.set(field, Value::Code("known".into()));
    }
    event.set(f::BIRTH_TIME, Value::Time(TimeOfDay::new(3, 12).unwrap()));
    for (field, value) in answers {
        event.set(field, value.clone());
    }
    (event, 5)
}

fn birth(sex: &str, weight: i64) -> Reported {
    let answers = [
        (f::CHILD_SEX, Value::Code(sex.into())),
        (f::BIRTH_WEIGHT, Value::Int(weight)),
    ];
    reported(Kind::Birth, "2026-10-09", &answers)
}

fn death(code: &str, born: &str) -> Reported {
    let answers = [
        (f::CAUSE_A_CODE, Value::Code(code.into())),
        (f::DECEASED_BORN, Value::Date(PartialDate::parse(born).unwrap())),
    ];
    reported(Kind::Death, "2026-10-09", &answers)
}

/// So many of each.
fn many(sorts: &[(usize, Reported)]) -> Vec<Reported> {
    sorts
        .iter()
        .flat_map(|(n, one)| std::iter::repeat_n(one.clone(), *n))
        .collect()
}

fn counted(all: &[Reported]) -> CountCell {
    let facts: Vec<Fact> = all.iter().flat_map(|one| fact(one).into_values()).collect();
    CountCell::of(&facts, &Limits::default())
}

/// What both ends make of an event that was signed at noon of its day, whose time is not asked.
fn fact((event, hours): &Reported) -> std::collections::BTreeMap<i32, Fact> {
    let mut event = event.clone();
    if event.kind == Kind::Birth {
        event.set(f::BIRTH_TIME, Value::Time(TimeOfDay::new(12, 0).unwrap()));
    }
    let noon = DateTime::parse_from_rfc3339("2026-10-09T12:00:00+05:00").unwrap();
    Fact::of(Notified {
        fac: "F".into(),
        event,
        standing: Standing::Stands,
        signed: (noon, ClockTrust::Synced),
        received: Some((noon + Duration::hours(*hours)).timestamp_millis()),
        why: None,
        registry: AtRegistry::default(),
    })
}

fn found(all: &[Reported]) -> Vec<&'static str> {
    let found = concerns(&counted(all), &Limits::default());
    for concern in &found {
        for lang in Lang::ALL {
            let text = concern.msg.render(lang);
            assert!(!text.contains('{') && text != concern.msg.id, "{text}");
        }
    }
    found.iter().map(|c| c.rule).collect()
}

#[test]
fn the_sex_ratio_is_looked_at_among_a_thousand_births() {
    let of = |boys, girls| {
        found(&many(&[
            (boys, birth("male", 3210)),
            (girls, birth("female", 3215)),
        ]))
    };
    assert!(of(525, 500).is_empty(), "105");
    assert_eq!(of(499, 501), ["M01"]);
    assert!(of(500, 500).is_empty(), "100 is within");
    assert_eq!(of(551, 500), ["M01"]);
    assert!(of(550, 500).is_empty(), "110 is within");
    assert!(of(600, 300).is_empty(), "900 are too few");
}

#[test]
fn ill_defined_causes_are_many_or_serious() {
    let of = |vague, all| {
        found(&many(&[
            (vague, death("R99", "1950-01-01")),
            (all - vague, death("I21.9", "1950-01-01")),
        ]))
    };
    assert!(of(10, 100).is_empty());
    assert_eq!(of(11, 100), ["M02"]);
    assert_eq!(of(21, 100), ["M02"]);
    assert!(of(5, 10).is_empty(), "ten are too few");
    let limits = Limits::default();
    let serious = |vague: usize| {
        let all = many(&[
            (vague, death("R99", "1950-01-01")),
            (100 - vague, death("I21.9", "1950-01-01")),
        ]);
        concerns(&counted(&all), &limits)[0].msg.id.to_string()
    };
    assert_eq!(
        (serious(20), serious(21)),
        ("rule-m02".into(), "rule-m02-serious".into())
    );
}

#[test]
fn words_count_like_the_code_that_they_surely_are_and_the_rest_as_uncoded() {
    let words = |text: &str| {
        let answers = [
            (f::CAUSE_A, Value::Text(text.into())),
            (
                f::DECEASED_BORN,
                Value::Date(PartialDate::parse("1950-01-01").unwrap()),
            ),
        ];
        reported(Kind::Death, "2026-10-09", &answers)
    };
    assert_eq!(
        found(&many(&[
            (30, words("Остановка сердца")),
            (70, words("Инфаркт миокарда"))
        ])),
        ["M02"]
    );
    let counts = counted(&[
        words("Неизвестно"),
        words("сактаи дил"),
        words("велосипед"),
        words("пневмония?"),
        death("I21.9", "1950-01-01"),
    ]);
    let of = |what| counts.get(what);
    assert_eq!(of("deaths"), 5);
    assert_eq!(
        (of("coded_causes"), of("matched_causes"), of("uncoded_causes")),
        (3, 2, 2)
    );
    assert_eq!(of("ill_defined"), 1);
}

#[test]
fn rounded_weights_are_seen() {
    let of = |round, exact| {
        found(&many(&[
            (round, birth("male", 3400)),
            (exact, birth("male", 2500)),
            (100 - round - exact, birth("male", 3417)),
        ]))
    };
    assert!(of(30, 0).is_empty());
    assert_eq!(of(31, 0), ["M03"]);
    assert!(of(0, 5).is_empty());
    assert_eq!(of(0, 6), ["M03"]);
}

#[test]
fn foetal_deaths_and_early_deaths_stand_in_a_ratio() {
    let of = |foetal, early| {
        found(&many(&[
            (foetal, reported(Kind::FoetalDeath, "2026-10-09", &[])),
            (early, death("P22.0", "2026-10-08")),
        ]))
    };
    assert!(of(30, 30).is_empty());
    assert_eq!(of(16, 34), ["M04"]);
    assert!(of(17, 34).is_empty(), "one half is within");
    assert_eq!(of(69, 34), ["M04"]);
    assert!(of(68, 34).is_empty(), "two is within");
    assert!(of(40, 5).is_empty(), "45 are too few");
}

#[test]
fn a_facility_that_falls_silent_is_named_with_its_month() {
    let of = |before: &[u64]| silence("TJ-KT-BOX-01", "2026-10", before, &Limits::default());
    let concern = of(&[5; 9]).unwrap();
    let text = concern.msg.render(Lang::En);
    assert!(
        text.contains("TJ-KT-BOX-01") && text.contains("2026-10"),
        "{text}"
    );
    assert_eq!(concern.rule, "M05");
    assert!(of(&[4; 9]).is_none(), "a small one may have no event in a month");
    assert!(of(&[]).is_none(), "a new one");
    assert!(of(&[9, 0, 0]).is_none(), "nearly silent before");
}

#[test]
fn slowness_and_unknown_fields_are_seen() {
    let slow = |slow: usize| {
        let mut all = many(&[(21, birth("male", 3417))]);
        for one in all.iter_mut().take(slow) {
            one.1 = 73;
        }
        found(&all)
    };
    assert!(slow(10).is_empty());
    assert_eq!(slow(11), ["M06"]);
    let unknown = |n: usize| {
        let mut all = many(&[(100, birth("male", 3417))]);
        for one in all.iter_mut().take(n) {
            one.0.set(f::MOTHER_DOCUMENT, Not::Yet);
        }
        found(&all)
    };
    assert!(unknown(5).is_empty());
    assert_eq!(unknown(6), ["M06"]);
}
