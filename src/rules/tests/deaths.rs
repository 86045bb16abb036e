//! Rules of deaths.

use super::*;
use crate::vital::Link;
use Severity::{E, N, W};

const fn surroundings(
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    surroundings: fn(&mut Surroundings),
    found: Option<Severity>,
) -> Case {
    Case {
        rule,
        kind: Kind::Death,
        changes,
        surroundings,
        found,
    }
}

/// No second line, no third, no Part II.
macro_rules! only_a {
    ($($change:expr),* $(,)?) => {
        &[
            ("cause.b.text", "-"), ("cause.b.code", "-"), ("cause.b.interval", "-"),
            ("cause.c.text", "-"), ("cause.c.code", "-"), ("cause.c.interval", "-"),
            ("cause.other.text", "-"), ("cause.other.code", "-"),
            $($change),*
        ]
    };
}

const WOMAN: &[(&str, &str)] = &[
    ("deceased.sex", "female"),
    ("deceased.born", "1995-01-06"),
    ("pregnancy.pregnant", "no"),
];

pub(super) const CASES: &[Case] = &[
    death("D01", &[("cause.a.text", "-"), ("cause.a.code", "-")], Some(E)),
    death(
        "D01",
        only_a![("cause.a.text", "-"), ("cause.a.code", "-")],
        Some(E),
    ),
    death("D01", &[("cause.a.text", "-")], None),
    death(
        "D01",
        only_a![("cause.a.text", "?yet"), ("cause.a.code", "-")],
        Some(E),
    ),
    death(
        "D01",
        only_a![
            ("cause.a.text", "?yet"),
            ("cause.a.code", "-"),
            ("cause.a.interval", "-"),
            ("death.certificate", "preliminary")
        ],
        None,
    ),
    death(
        "D01",
        only_a![("cause.a.text", "?knowable"), ("cause.a.code", "-")],
        Some(W),
    ),
    death("D02", &[("cause.b.text", "-"), ("cause.b.code", "-")], Some(E)),
    death(
        "D02",
        &[
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.d.text", "x"),
        ],
        Some(E),
    ),
    death("D02", &[("cause.b.text", "-")], None),
    death(
        "D02",
        &[("cause.b.text", "?knowable"), ("cause.b.code", "-")],
        None,
    ),
    death("D03", &[("deceased.sex", "-")], Some(E)),
    death("D03", &[("deceased.sex", "1")], Some(E)),
    death("D03", &[("deceased.sex", "undetermined")], None),
    death("D04", &[("deceased.born", "-")], Some(E)),
    death("D04", &[("deceased.born", "?knowable")], Some(E)),
    death(
        "D04",
        &[("deceased.born", "?knowable"), ("deceased.estimated_age", "P55Y")],
        None,
    ),
    death(
        "D04",
        &[
            ("deceased.born", "?knowable"),
            ("deceased.estimated_age", "?knowable"),
        ],
        None,
    ),
    death("D05", &[("deceased.born", "2026-11-12")], Some(E)),
    death("D05", &[("deceased.born", "2026-11-11")], None),
    death("D05", &[("deceased.born", "2026")], None),
    death("D06", &[("deceased.born", "1899")], Some(E)),
    death("D06", &[("deceased.born", "1919")], Some(W)),
    death(
        "D06",
        &[
            ("deceased.born", "?knowable"),
            ("deceased.estimated_age", "P126Y"),
        ],
        Some(E),
    ),
    death("D06", &[("deceased.born", "1921")], None),
    death(
        "D28",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "2018"),
            ("cause.c.code", "O85"),
        ],
        Some(E),
    ),
    death(
        "D28",
        &[("deceased.sex", "female"), ("cause.c.code", "O85")],
        Some(W),
    ),
    death(
        "D28",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1995"),
            ("cause.c.code", "O85"),
        ],
        None,
    ),
    death(
        "D29",
        &[("cause.c.code", "O96.0"), ("pregnancy.when", "within-42-days")],
        Some(E),
    ),
    death(
        "D29",
        &[("cause.c.code", "O97"), ("pregnancy.when", "43-days-to-1-year")],
        Some(E),
    ),
    death(
        "D29",
        &[("cause.c.code", "O96.0"), ("pregnancy.when", "43-days-to-1-year")],
        None,
    ),
    death(
        "D29",
        &[("cause.c.code", "O96.0"), ("pregnancy.when", "?knowable")],
        None,
    ),
    death(
        "D30",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1985"),
            ("pregnancy.pregnant", "no"),
            ("pregnancy.contributed", "yes"),
        ],
        Some(E),
    ),
    death(
        "D30",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1985"),
            ("pregnancy.pregnant", "no"),
            ("pregnancy.contributed", "unknown"),
        ],
        None,
    ),
    death(
        "D30",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1985"),
            ("pregnancy.pregnant", "yes"),
            ("pregnancy.contributed", "yes"),
        ],
        None,
    ),
    death(
        "D31",
        &[("deceased.sex", "female"), ("deceased.born", "2007-05-27")],
        Some(W),
    ),
    death(
        "D31",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "2007-05-27"),
            ("pregnancy.pregnant", "yes"),
            ("pregnancy.when", "?yet"),
        ],
        Some(W),
    ),
    death("D31", WOMAN, None),
    death(
        "D31",
        &[("deceased.sex", "female"), ("deceased.born", "1968-02-02")],
        None,
    ),
    death(
        "D31",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "2007"),
            ("pregnancy.pregnant", "?knowable"),
        ],
        None,
    ),
    death(
        "D32",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1990"),
            ("pregnancy.pregnant", "yes"),
            ("pregnancy.when", "within-42-days"),
        ],
        Some(N),
    ),
    death(
        "D32",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1990"),
            ("pregnancy.pregnant", "yes"),
            ("pregnancy.when", "43-days-to-1-year"),
        ],
        None,
    ),
    surroundings(
        "D33",
        WOMAN,
        |a| a.candidates = vec![her_delivery("2026-10-21")],
        Some(W),
    ),
    surroundings(
        "D33",
        WOMAN,
        |a| a.candidates = vec![her_delivery("2025-10-21")],
        None,
    ),
    surroundings(
        "D33",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1995-01-06"),
            ("pregnancy.pregnant", "yes"),
        ],
        |a| a.candidates = vec![her_delivery("2026-10-21")],
        None,
    ),
    death("D41", &[("deceased.born", "2026-04-02")], Some(W)),
    death("D41", &[("deceased.born", "2025-11-11")], None),
    surroundings(
        "D41",
        &[("deceased.born", "2026-04-02")],
        |a| {
            a.touch = |e| {
                e.links.push(Link {
                    nid: "n-birth".into(),
                    kind: "birth-of-this-death".into(),
                })
            }
        },
        None,
    ),
    // The limits themselves may be lived.
    death("D06", &[("deceased.born", "1921-11-11")], None),
    death("D06", &[("deceased.born", "1920-11-11")], Some(W)),
    death("D06", &[("deceased.born", "1901-11-11")], Some(W)),
    death("D06", &[("deceased.born", "1900-11-11")], Some(E)),
    // Of undetermined intent, and yet a code that says whose it was.
    death(
        "D22",
        &[("death.manner", "undetermined"), ("cause.c.code", "X68")],
        Some(E),
    ),
    death(
        "D22",
        &[("death.manner", "undetermined"), ("cause.c.code", "Y12")],
        None,
    ),
    // By the manner alone, and by a code alone.
    death("D24", &[("death.manner", "accident")], Some(W)),
    death(
        "D24",
        &[("death.manner", "pending"), ("cause.c.code", "V44.5")],
        Some(W),
    ),
    death("D24", &[("death.manner", "pending")], None),
    // Nothing beside Part I, and all of it coded.
    death(
        "D23",
        &[
            ("death.manner", "accident"),
            ("cause.other.text", "-"),
            ("cause.other.code", "-"),
        ],
        Some(E),
    ),
    death("D46", only_a![], Some(W)),
    death("D46", only_a![("deceased.born", "1950")], None),
    death("D46", only_a![("death.place", "home")], None),
    death("D46", only_a![("death.certificate", "preliminary")], None),
    death("D47", &[("death.manner", "3")], Some(E)),
    death("D47", &[("external.place", "street")], None),
];

fn her_delivery(date: &'static str) -> Candidate {
    other(
        "n-birth",
        Kind::Birth,
        &[
            ("birth.date", date),
            ("mother.surname", "Кодиров"),
            ("mother.given", "Абдулвохид"),
            ("mother.patronymic", "-"),
            ("mother.born", "1995-01-06"),
            ("mother.document", "?yet"),
        ],
    )
}

#[test]
fn rules_of_deaths() {
    run(CASES);
}

#[test]
fn a_preliminary_death_signs_at_night_with_its_cause_not_yet_known() {
    let surroundings = Surroundings {
        signer: Some(true),
        ..Surroundings::default()
    };
    let found = surroundings.check(&event(
        Kind::Death,
        only_a![
            ("death.certificate", "preliminary"),
            ("cause.a.text", "?yet"),
            ("cause.a.code", "-"),
            ("cause.a.interval", "-"),
            ("death.manner", "?yet")
        ],
    ));
    assert!(
        !stops(&found),
        "{:?}",
        found.iter().map(|f| f.rule).collect::<Vec<_>>()
    );
}

/// A pregnancy that there was not, told of all the same, is one contradiction in one rule's words.
#[test]
fn what_is_told_of_no_pregnancy_is_said_once() {
    let told = |more: &[(&'static str, &'static str)]| {
        let mut changes = vec![
            ("pregnancy.pregnant", "no"),
            ("pregnancy.when", "at-death"),
            ("pregnancy.contributed", "yes"),
        ];
        changes.extend(more);
        let found = Surroundings::default().check(&event(Kind::Death, &changes));
        let about = found.iter().filter(|f| f.field.starts_with("pregnancy."));
        let mut about: Vec<_> = about.map(|f| (f.rule, f.field)).collect();
        about.sort_unstable();
        about
    };
    let woman = [("deceased.sex", "female"), ("deceased.born", "1985")];
    assert_eq!(told(&woman), [("D30", "pregnancy.when")]);
    // Of a man each of the answers is one too many.
    let fields = ["pregnancy.contributed", "pregnancy.pregnant", "pregnancy.when"];
    assert_eq!(told(&[]), fields.map(|field| ("C14", field)));
}
