//! Rules of every event.

use super::*;
use Severity::{E, N, W};

const fn surroundings(
    rule: &'static str,
    surroundings: fn(&mut Surroundings),
    found: Option<Severity>,
) -> Case {
    Case {
        rule,
        kind: Kind::Birth,
        changes: &[],
        surroundings,
        found,
    }
}

pub(super) const CASES: &[Case] = &[
    birth("C13", &[("mother.surname", "-")], Some(N)),
    birth("C13", &[("mother.surname", "?knowable")], None),
    birth(
        "C13",
        &[("mother.surname", "-"), ("mother.given", "?refused")],
        None,
    ),
    death("C13", &[("deceased.surname", "-")], Some(N)),
    // 10:00 is now.
    birth(
        "C01",
        &[("birth.date", "2026-11-23"), ("birth.time", "10:11")],
        Some(E),
    ),
    birth(
        "C01",
        &[("birth.date", "2026-11-23"), ("birth.time", "10:10")],
        None,
    ),
    birth(
        "C01",
        &[("birth.date", "2026-11-24"), ("birth.time", "?yet")],
        Some(E),
    ),
    birth(
        "C01",
        &[("birth.date", "2026-11-23"), ("birth.time", "?yet")],
        None,
    ),
    birth("C01", &[("birth.date", "2026-11"), ("birth.time", "?yet")], None),
    surroundings(
        "C01",
        |a| {
            a.clock_trusted = false;
            a.now = "2019-01-02T08:30:00+05:00";
        },
        Some(W),
    ),
    birth("C02", &[("birth.date", "2026-10-12")], Some(W)),
    birth("C02", &[("birth.date", "2026-10-24")], None),
    surroundings("C02", |a| a.limits.late_reason_days = 7, Some(W)),
    // A name brought after forty days is no late notification.
    Case {
        rule: "C02",
        kind: Kind::Birth,
        changes: &[("birth.date", "2026-10-12"), ("child.given", "Самира")],
        surroundings: |a| a.amends = true,
        found: None,
    },
    Case {
        rule: "C03",
        kind: Kind::Birth,
        changes: &[("birth.date", "2026-11-23"), ("birth.time", "10:05")],
        surroundings: |a| a.signer = Some(true),
        found: Some(E),
    },
    birth(
        "C03",
        &[("birth.date", "2026-11-23"), ("birth.time", "10:05")],
        Some(E),
    ),
    birth(
        "C03",
        &[("birth.date", "2026-11-23"), ("birth.time", "10:00")],
        None,
    ),
    surroundings("C03", |a| a.signer = Some(true), None),
    surroundings(
        "C04",
        |a| a.required = vec!["birth.weight", "mother.address"],
        Some(E),
    ),
    surroundings("C04", |a| a.required = vec!["birth.weight"], None),
    Case {
        rule: "C04",
        kind: Kind::Birth,
        changes: &[("mother.address", "?refused")],
        surroundings: |a| a.required = vec!["mother.address"],
        found: None,
    },
    // One blank field, one finding: B01 says it better.
    Case {
        rule: "C04",
        kind: Kind::Birth,
        changes: &[("child.sex", "-")],
        surroundings: |a| a.required = vec!["child.sex"],
        found: None,
    },
    Case {
        rule: "C05",
        kind: Kind::Birth,
        changes: &[("birth.weight", "6250"), ("birth.weeks", "40")],
        surroundings: |a| a.signer = Some(true),
        found: Some(E),
    },
    birth("C05", &[("birth.weight", "6250"), ("birth.weeks", "40")], None),
    Case {
        rule: "C05",
        kind: Kind::Birth,
        changes: &[("birth.weight", "6250"), ("birth.weeks", "40")],
        surroundings: |a| {
            a.signer = Some(true);
            a.touch = |e| {
                e.checked.insert("B03".into(), Answer::Verified);
                e.checked.insert("B06".into(), Answer::Unverified);
            };
        },
        found: None,
    },
    surroundings("C06", |a| a.signer = Some(false), Some(E)),
    surroundings("C06", |a| a.signer = Some(true), None),
    surroundings("C06", |_| {}, None),
    surroundings(
        "C07",
        |a| {
            a.candidates = vec![other(
                "n2",
                Kind::Birth,
                &[("mother.document", "A01410027"), ("mother.surname", "RAHIMZODA")],
            )]
        },
        Some(E),
    ),
    surroundings(
        "C07",
        |a| a.candidates = vec![other("n2", Kind::Birth, &[("birth.time", "03:13")])],
        None,
    ),
    surroundings(
        "C07",
        |a| a.candidates = vec![other("n-own", Kind::Birth, &[])],
        None,
    ),
    surroundings(
        "C07",
        |a| {
            a.candidates = vec![other("n2", Kind::Birth, &[])];
            a.candidates[0].status = "voided".into();
        },
        None,
    ),
    // What the registry ruled a duplicate resembles nothing.
    surroundings(
        "C07",
        |a| {
            a.candidates = vec![other("n2", Kind::Birth, &[])];
            a.candidates[0].status = "duplicate".into();
        },
        None,
    ),
    surroundings(
        "C07",
        |a| {
            a.candidates = vec![other("n2", Kind::Birth, &[])];
            a.candidates[0].facility = "TJ-DU-SIN-03".into();
        },
        None,
    ),
    // Twins of one minute differ in their order.
    Case {
        rule: "C07",
        kind: Kind::Birth,
        changes: &[("birth.plurality", "2"), ("birth.order", "1")],
        surroundings: |a| {
            a.candidates = vec![other(
                "n2",
                Kind::Birth,
                &[("birth.plurality", "2"), ("birth.order", "2")],
            )]
        },
        found: None,
    },
    surroundings(
        "C08",
        |a| {
            a.candidates = vec![other(
                "n2",
                Kind::Birth,
                &[
                    ("mother.surname", "Рахимзода"),
                    ("mother.document", "?yet"),
                    ("mother.born", "1998"),
                    ("birth.time", "03:40"),
                ],
            )]
        },
        Some(W),
    ),
    surroundings(
        "C08",
        |a| a.candidates = vec![other("n2", Kind::Birth, &[("birth.date", "2026-11-12")])],
        None,
    ),
    surroundings(
        "C08",
        |a| {
            a.candidates = vec![other(
                "n2",
                Kind::Birth,
                &[("mother.given", "Гулнора"), ("mother.document", "А 99999999")],
            )]
        },
        None,
    ),
    // A brother or sister of the set is no look-alike, nor is what is linked.
    surroundings(
        "C08",
        |a| {
            a.siblings = vec![other("n2", Kind::Birth, &[])];
            a.candidates = a.siblings.clone();
        },
        None,
    ),
    // By her name alone, without a document.
    Case {
        rule: "C08",
        kind: Kind::Birth,
        changes: &[("mother.document", "?knowable")],
        surroundings: |a| a.candidates = vec![other("n2", Kind::Birth, &[("birth.time", "03:40")])],
        found: Some(W),
    },
    // Of a foundling nothing is known that could be alike.
    Case {
        rule: "C08",
        kind: Kind::Birth,
        changes: &[
            ("mother.surname", "?knowable"),
            ("mother.given", "?knowable"),
            ("mother.patronymic", "-"),
            ("mother.born", "?knowable"),
            ("mother.document", "?knowable"),
        ],
        surroundings: |a| a.candidates = vec![other("n2", Kind::Birth, &[])],
        found: None,
    },
    birth("C09", &[("mother.surname", "Раҳимзoда")], Some(W)),
    birth("C09", &[("father.given", "Ҷамшед2")], Some(W)),
    birth("C09", &[("father.given", "Љамшед")], Some(W)),
    birth(
        "C09",
        &[("mother.surname", "WANG"), ("mother.given", "LIHUA")],
        None,
    ),
    birth("C10", &[("mother.document", "номаълум")], Some(W)),
    birth("C10", &[("father.document", "12345")], Some(W)),
    birth("C10", &[("mother.document", "EX0047715")], None),
    birth("C10", &[("mother.document", "?yet")], None),
    birth("C11", &[("mother.phone", "91 812 345")], Some(W)),
    birth("C11", &[("mother.phone", "надорад")], Some(W)),
    birth("C11", &[("mother.phone", "918123456")], None),
    birth("C11", &[("mother.phone", "+7 912 345 67 89")], None),
    birth("C12", &[("birth.date", "2025-11-01")], Some(N)),
    birth("C12", &[("birth.date", "2026-10-01")], None),
];

#[test]
fn rules_of_every_event() {
    run(CASES);
}

#[test]
fn lateness_without_its_reason_is_not_answered() {
    let surroundings = Surroundings::default();
    let mut late = event(Kind::Birth, &[("birth.date", "2026-10-12")]);
    late.checked.insert("C02".into(), Answer::Verified);
    assert!(stops(&surroundings.check(&late)));
    put(&mut late, "late_reason", "paper sheet mislaid");
    let found = surroundings.check(&late);
    assert!(!stops(&found));
    assert_eq!(found[0].answer, Some(Answer::Verified));
}

#[test]
fn errors_come_before_warnings_and_warnings_before_notes() {
    let found = Surroundings::default().check(&event(
        Kind::FoetalDeath,
        &[("birth.weight", "33500"), ("foetus.died_when", "?yet")],
    ));
    let order: Vec<_> = found.iter().map(|f| f.severity).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted);
    assert!(order.contains(&E) && order.contains(&W) && order.contains(&N));
}

#[test]
fn the_same_woman_at_two_facilities_is_a_look_alike_for_a_person_to_judge() {
    let mut surroundings = Surroundings {
        candidates: vec![other("n2", Kind::Birth, &[])],
        ..Surroundings::default()
    };
    surroundings.candidates[0].facility = "TJ-DU-SIN-03".into();
    let found = surroundings.check(&event(Kind::Birth, &[]));
    assert_eq!(found.iter().map(|f| f.rule).collect::<Vec<_>>(), ["C08"]);
}

#[test]
fn what_was_found_about_a_person_stays_out_of_logs() {
    let surroundings = Surroundings {
        candidates: vec![other("n2", Kind::Birth, &[("birth.time", "03:40")])],
        ..Surroundings::default()
    };
    let found = surroundings.check(&event(Kind::Birth, &[("mother.given", "Сарвинo3")]));
    assert!(found.iter().any(|f| f.rule == "C09"));
    let logged = format!("{found:?} {:?}", surroundings.candidates);
    assert!(
        !logged.contains("Сарвин") && !logged.contains("Раҳимзода"),
        "{logged}"
    );
}
