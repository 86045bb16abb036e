//! Whatever a form is filled with, halfway or absurdly, looking at it never fails.

use chrono::TimeZone;
use proptest::prelude::*;

use super::generator::{any_event, config};
use super::*;
use crate::questions::questions;
use crate::vital::field;

/// Values that no door reads for a field: of another kind of answer, out of every bound.
fn misplaced() -> impl Strategy<Value = (&'static str, Stated<Value>)> {
    let other = |q| prop::sample::select(generator::values(q)).boxed();
    let all = Kind::ALL.into_iter().flat_map(questions).collect::<Vec<_>>();
    let value = prop_oneof![
        prop::sample::select(all)
            .prop_flat_map(other)
            .prop_map(Stated::Known),
        prop::sample::select(Not::ALL.to_vec()).prop_map(Stated::Not),
        "\\PC{0,12}".prop_map(|t| Stated::Known(Value::Text(t.replace('{', "(")))),
        prop::sample::select(vec!["", "  "]).prop_map(|t| Stated::Known(Value::Code(t.to_owned()))),
        any::<i64>().prop_map(|n| Stated::Known(Value::Int(n))),
    ];
    (prop::sample::select(field::ALL.to_vec()), value)
}

/// An event that another program could have made, against every declaration.
fn absurd_event() -> impl Strategy<Value = Event> {
    let set = prop::option::of((any::<u32>(), any::<u32>()));
    (any_event(), prop::collection::vec(misplaced(), 0..20), set).prop_map(|(mut event, misplaced, set)| {
        for (field, stated) in misplaced {
            event.set(field, stated);
        }
        event.set = set.map(|(order, n)| crate::vital::Set {
            id: "s".into(),
            order,
            n,
        });
        event
    })
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn looking_never_fails_and_every_finding_reads(
        event in absurd_event(), near in absurd_event(), third in absurd_event(),
        seconds in -5_000_000_000i64..7_000_000_000, trusted: bool, signer: Option<bool>,
    ) {
        let limits = Limits::default();
        let like = |nid: &str, event: Event| Candidate {
            nid: nid.into(),
            facility: "f".into(),
            status: "signed".into(),
            event,
        };
        let siblings = [like("a", near.clone())];
        let candidates = [like("b", near), like("c", third), like("d", event.clone())];
        let ctx = Context {
            now: FixedOffset::east_opt(18_000).unwrap().timestamp_opt(seconds, 0).unwrap(),
            clock_trusted: trusted,
            limits: &limits,
            required: field::ALL,
            nid: Some("own"),
            amends: false,
            facility: "f",
            siblings: &siblings,
            candidates: &candidates,
            signer,
            causes: Some(Catalogue::built_in()),
        };
        let found = check(&event, &ctx);
        for finding in &found {
            readable(finding);
            prop_assert!(field::ALL.contains(&finding.field));
            let rule = rule(finding.rule).unwrap();
            prop_assert!(rule.kinds.contains(&event.kind));
        }
        // The same look finds the same.
        prop_assert_eq!(found, check(&event, &ctx));
    }

    #[test]
    fn nobody_dies_before_being_born(
        born in (2020i32..2027, 1u32..13, 1u32..29), born_at in prop::option::of((0u32..24, 0u32..60)),
        days in -3i64..4, died_at in prop::option::of((0u32..24, 0u32..60)),
    ) {
        let first = chrono::NaiveDate::from_ymd_opt(born.0, born.1, born.2).unwrap();
        let last = first + chrono::Duration::days(days);
        let mut event = Event::new(Kind::Death);
        event.set(field::DECEASED_BORN, Value::Date(PartialDate::Day(first)));
        event.set(field::DEATH_DATE, Value::Date(PartialDate::Day(last)));
        let time = |(h, m)| TimeOfDay::new(h, m).unwrap();
        if let Some(at) = born_at {
            event.set(field::INFANT_BIRTH_TIME, Value::Time(time(at)));
        }
        if let Some(at) = died_at {
            event.set(field::DEATH_TIME, Value::Time(time(at)));
        }
        let limits = Limits::default();
        let now = DateTime::parse_from_rfc3339("2028-01-01T00:00:00+05:00").unwrap();
        let found = check(&event, &Context::new(now, &limits));
        let surely = match (born_at, died_at) {
            (Some(born), Some(died)) if days == 0 => died < born,
            _ => days < 0,
        };
        prop_assert_eq!(found.iter().any(|f| f.rule == "D05"), surely);
    }

    #[test]
    fn stated_unknowns_alone_are_no_errors_but_what_must_be_measured(
        not in prop::sample::select(vec![Not::Knowable, Not::Refused]), kind in prop::sample::select(Kind::ALL.to_vec()),
    ) {
        let mut event = Event::new(kind);
        for field in field::ALL {
            event.set(field, Stated::Not(not));
        }
        let limits = Limits::default();
        let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
        let ctx = Context { required: field::ALL, ..Context::new(now, &limits) };
        let errors: Vec<_> = check(&event, &ctx)
            .into_iter()
            .filter(|f| f.severity == Severity::E)
            .map(|f| f.rule)
            .collect();
        let expected: &[&str] = if kind == Kind::FoetalDeath { &["S02"] } else { &[] };
        prop_assert_eq!(errors, expected);
    }
}
