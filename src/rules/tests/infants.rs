//! Rules of a child who died before its first birthday, of the child that no longer lives at the
//! birth's own notification, and of what imports bring.

use super::*;
use crate::vital::Link;
use Severity::{E, N, W};

/// A child that lived from 01:15 to 02:05, with its block filled in.
macro_rules! newborn {
    ($($change:expr),* $(,)?) => {
        &[
            ("deceased.born", "2026-11-11"), ("infant.birth_time", "21:15"), ("infant.hours_survived", "1"),
            ("infant.birth_weight", "480"), ("infant.weeks", "22"), ("infant.multiple", "no"),
            ("infant.mother_age", "25"),
            $($change),*
        ]
    };
}

macro_rules! empty_block {
    ($($change:expr),* $(,)?) => {
        newborn![
            ("infant.hours_survived", "-"), ("infant.birth_weight", "-"), ("infant.weeks", "-"),
            ("infant.multiple", "-"), ("infant.mother_age", "-"),
            $($change),*
        ]
    };
}

fn death_of_it(a: &mut Surroundings) {
    let mut death = other("n-death", Kind::Death, &[]);
    death.status = "draft".into();
    death.event.links.push(Link {
        nid: "n-own".into(),
        kind: "death-of-this-birth".into(),
    });
    a.candidates = vec![death];
}

const fn beside(
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    surroundings: fn(&mut Surroundings),
    found: Option<Severity>,
) -> Case {
    Case {
        rule,
        kind: Kind::Birth,
        changes,
        surroundings,
        found,
    }
}

pub(super) const CASES: &[Case] = &[
    // The plain death is of 11 November 2026, 22:50.
    death("D38", newborn![], None),
    death("D38", empty_block![], Some(E)),
    death("D38", empty_block![("infant.birth_weight", "?knowable")], None),
    death("D38", empty_block![("infant.birth_weight", "?yet")], Some(W)),
    death("D38", empty_block![("deceased.born", "2026-10-15")], Some(E)),
    death("D38", empty_block![("deceased.born", "2026-10-14")], Some(W)),
    death("D38", empty_block![("deceased.born", "2025-11-12")], Some(W)),
    death("D38", empty_block![("deceased.born", "2025-11-11")], None),
    death("D38", empty_block![("deceased.born", "?yet")], None),
    death("D39", newborn![], None),
    death("D39", newborn![("infant.hours_survived", "1")], None),
    // Within the first hour.
    death(
        "D39",
        newborn![("infant.birth_time", "22:10"), ("infant.hours_survived", "1")],
        Some(E),
    ),
    death("D39", newborn![("infant.hours_survived", "24")], Some(E)),
    death("D39", newborn![("infant.hours_survived", "0")], Some(E)),
    death("D39", newborn![("infant.hours_survived", "2")], Some(E)),
    death(
        "D39",
        newborn![("infant.birth_time", "-"), ("infant.hours_survived", "22")],
        None,
    ),
    death(
        "D39",
        newborn![("infant.birth_time", "-"), ("infant.hours_survived", "23")],
        Some(E),
    ),
    death(
        "D39",
        newborn![("death.time", "?yet"), ("infant.hours_survived", "2")],
        None,
    ),
    // Of a birth after the death D05 speaks alone.
    death(
        "D39",
        newborn![("infant.birth_time", "23:59"), ("infant.hours_survived", "2")],
        None,
    ),
    death(
        "D05",
        newborn![("infant.birth_time", "22:51"), ("infant.hours_survived", "-")],
        Some(E),
    ),
    death(
        "D05",
        newborn![("infant.birth_time", "22:50"), ("infant.hours_survived", "0")],
        None,
    ),
    death("D05", newborn![("death.time", "?yet")], None),
    death("D40", newborn![], None),
    death("D40", newborn![("infant.birth_weight", "226")], Some(E)),
    death("D40", newborn![("infant.birth_weight", "227")], None),
    death("D40", newborn![("infant.weeks", "48")], Some(E)),
    death("D40", newborn![("infant.weeks", "47")], None),
    death("D40", newborn![("infant.mother_age", "9")], Some(E)),
    death("D40", newborn![("infant.mother_age", "?knowable")], None),
    beside(
        "B16",
        &[("birth.plurality", "2"), ("birth.order", "1")],
        |a| {
            a.siblings = vec![other(
                "n2",
                Kind::Birth,
                &[
                    ("birth.plurality", "2"),
                    ("birth.order", "2"),
                    ("birth.time", "03:20"),
                    ("mother.given", "Нигора"),
                ],
            )]
        },
        Some(W),
    ),
    birth("B30", &[("child.living", "no")], Some(E)),
    birth("B30", &[("child.living", "yes")], None),
    birth("B30", &[("child.living", "unknown")], None),
    birth("B30", &[("child.living", "?yet")], None),
    birth("B30", &[], None),
    beside("B30", &[("child.living", "no")], death_of_it, None),
    beside(
        "B30",
        &[("child.living", "no")],
        |a| {
            a.touch = |e| {
                e.links.push(Link {
                    nid: "n-death".into(),
                    kind: "birth-of-this-death".into(),
                })
            }
        },
        None,
    ),
    birth("B34", &[("foetus.signs_of_life", "none")], Some(E)),
    birth("B34", &[("foetus.signs_of_life", "breathing")], None),
    birth("B34", &[("foetus.signs_of_life", "present")], None),
    birth("B34", &[], None),
    foetal("S03", &[("foetus.signs_of_life", "heartbeat")], Some(E)),
    birth("B33", &[("child.surname", "Раҳимов")], Some(N)),
    birth(
        "B33",
        &[("child.surname", "Раҳимов"), ("child.minority", "yes")],
        None,
    ),
    birth(
        "B33",
        &[("child.surname", "Раҳимов"), ("child.minority", "no")],
        Some(N),
    ),
    birth("B29", &[("birth.head_circumference", "179")], Some(W)),
    birth("B29", &[("birth.head_circumference", "180")], None),
    birth("B29", &[("birth.head_circumference", "421")], Some(W)),
    // Ages of infants in days: twelve days are more than a life of ten.
    death(
        "D07",
        newborn![
            ("deceased.born", "2026-11-01"),
            ("cause.a.interval", "P12D"),
            ("cause.b.interval", "-"),
            ("cause.c.interval", "-")
        ],
        Some(W),
    ),
    death(
        "D07",
        newborn![
            ("deceased.born", "2026-11-01"),
            ("cause.a.interval", "P10D"),
            ("cause.b.interval", "-"),
            ("cause.c.interval", "-")
        ],
        None,
    ),
    // The plain birth is of 9 November 2026, of 39 weeks: the last period 273 days before.
    birth("B26", &[("mother.last_period_date", "2026-02-09")], None),
    birth("B26", &[("mother.last_period_date", "2026-01-26")], None),
    birth("B26", &[("mother.last_period_date", "2026-01-18")], Some(W)),
    birth("B26", &[("mother.last_period_date", "2026-03-03")], Some(W)),
    birth("B26", &[("mother.last_period_date", "2026-02")], None),
    birth("B26", &[("mother.last_period_date", "2026-11-10")], Some(E)),
    birth("B26", &[("mother.last_period_date", "2025-12-14")], Some(E)),
    birth("B26", &[("mother.last_period_date", "2025")], Some(W)),
    birth("B26", &[("mother.last_period_date", "?yet")], None),
    birth("B28", &[("mother.height", "119")], Some(W)),
    birth("B28", &[("mother.height", "120")], None),
    birth("B28", &[("mother.weight_at_delivery", "161")], Some(W)),
    birth("B28", &[("mother.weight_at_delivery", "160")], None),
    birth(
        "B28",
        &[
            ("mother.weight_before", "60"),
            ("mother.weight_at_delivery", "101"),
        ],
        Some(W),
    ),
    birth(
        "B28",
        &[
            ("mother.weight_before", "60"),
            ("mother.weight_at_delivery", "50"),
        ],
        None,
    ),
    birth(
        "B28",
        &[
            ("mother.weight_before", "60"),
            ("mother.weight_at_delivery", "49"),
        ],
        Some(W),
    ),
    birth("B28", &[("mother.height", "?knowable")], None),
    birth(
        "B28",
        &[
            ("mother.weight_before", "60"),
            ("mother.weight_at_delivery", "100"),
        ],
        None,
    ),
];

#[test]
fn rows() {
    run(CASES);
}

/// Grams that are believed of a completed week, and one gram beside them; twins are lighter.
#[test]
fn a_weight_is_believed_within_the_envelope_of_its_week() {
    let envelope: &[(i64, i64, i64)] = &[
        (22, 250, 1000),
        (23, 300, 1150),
        (24, 350, 1350),
        (25, 400, 1550),
        (26, 450, 1750),
        (27, 500, 2000),
        (28, 550, 2300),
        (29, 600, 2600),
        (30, 700, 2900),
        (31, 800, 3200),
        (32, 900, 3500),
        (33, 1000, 3800),
        (34, 1200, 4100),
        (35, 1400, 4400),
        (36, 1600, 4700),
        (37, 1800, 5000),
        (38, 1900, 5300),
        (39, 2000, 5500),
        (40, 2000, 5800),
        (44, 2000, 5800),
    ];
    let asked = |weeks: i64, grams: i64, children: i64| {
        let mut event = event(Kind::Birth, &[]);
        for (field, n) in [
            ("birth.weeks", weeks),
            ("birth.weight", grams),
            ("birth.plurality", children),
        ] {
            event.set(field, Value::Int(n));
        }
        Surroundings::default()
            .check(&event)
            .iter()
            .any(|f| f.rule == "B06")
    };
    for (weeks, least, most) in envelope {
        for (grams, wanted) in [
            (least - 1, true),
            (*least, false),
            (*most, false),
            (most + 1, true),
        ] {
            assert_eq!(
                asked(*weeks, grams, 1),
                wanted && grams >= 227,
                "{grams} g at {weeks}"
            );
        }
        let least = (least - 300).max(227);
        assert!(!asked(*weeks, least, 2), "a twin of {least} g at {weeks}");
    }
    assert!(
        !asked(45, 1500, 1) && !asked(21, 2000, 1),
        "of other weeks nothing is known"
    );
}
