//! Rules of births and foetal deaths.

use super::*;
use crate::vital::Set;
use Severity::{E, N, W};

const fn twin(
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

const FIRST: &[(&str, &str)] = &[("birth.plurality", "2"), ("birth.order", "1")];

fn second(changes: &[(&'static str, &'static str)]) -> Sibling {
    let mut sibling = other(
        "n2",
        Kind::Birth,
        &[
            ("birth.plurality", "2"),
            ("birth.order", "2"),
            ("birth.time", "03:24"),
        ],
    );
    for (field, text) in changes {
        put(&mut sibling.event, field, text);
    }
    sibling
}

fn set_of(n: u32) -> Option<Set> {
    Some(Set {
        id: "s".into(),
        order: 1,
        n,
    })
}

pub(super) const CASES: &[Case] = &[
    birth("B01", &[("child.sex", "-")], Some(E)),
    birth("B01", &[("child.sex", "m")], Some(E)),
    birth("B01", &[("child.sex", "undetermined")], Some(W)),
    birth("B01", &[], None),
    birth("B02", &[("birth.weight", "33500")], Some(E)),
    birth("B02", &[("birth.weight", "226")], Some(E)),
    birth("B02", &[("birth.weight", "227")], None),
    birth("B02", &[("birth.weight", "8165")], None),
    birth("B02", &[("birth.weight", "?yet")], None),
    foetal("B02", &[("birth.weight", "19600")], Some(E)),
    foetal("B02", &[("birth.weight", "210")], None),
    birth("B03", &[("birth.weight", "6250")], Some(W)),
    birth("B03", &[("birth.weight", "480")], Some(W)),
    birth("B03", &[("birth.weight", "500")], None),
    birth("B04", &[("birth.weeks", "16")], Some(E)),
    birth("B04", &[("birth.weeks", "48")], Some(E)),
    birth("B04", &[("birth.weeks", "47")], None),
    birth("B05", &[("birth.weeks", "21")], Some(W)),
    birth("B05", &[("birth.weeks", "45")], Some(W)),
    birth("B05", &[("birth.weeks", "22")], None),
    birth("B06", &[("birth.weight", "1999")], Some(W)),
    birth("B06", &[("birth.weight", "1999"), ("birth.plurality", "2")], None),
    birth("B06", &[("birth.weight", "480"), ("birth.weeks", "22")], None),
    birth("B06", &[("birth.weight", "6250"), ("birth.weeks", "40")], Some(W)),
    birth("B06", &[("birth.weeks", "?knowable")], None),
    birth("B07", &[("birth.weight", "990")], Some(W)),
    birth("B07", &[("birth.weight", "2600"), ("birth.weeks", "28")], Some(W)),
    birth("B07", &[("birth.weight", "2500"), ("birth.weeks", "28")], None),
    birth("B08", &[("birth.apgar_1", "11")], Some(E)),
    birth("B08", &[("birth.apgar_5", "-1")], Some(E)),
    birth("B08", &[("birth.apgar_1", "10")], None),
    birth("B09", &[("birth.apgar_5", "5")], Some(E)),
    birth("B09", &[("birth.apgar_5", "6")], None),
    birth(
        "B09",
        &[("birth.apgar_5", "5"), ("birth.apgar_10", "?knowable")],
        None,
    ),
    birth("B09", &[("birth.apgar_5", "?knowable")], None),
    birth("B10", &[("birth.apgar_1", "9"), ("birth.apgar_5", "6")], Some(W)),
    birth("B10", &[("birth.apgar_1", "8"), ("birth.apgar_5", "6")], None),
    birth(
        "B11",
        &[
            ("birth.apgar_1", "0"),
            ("birth.apgar_5", "0"),
            ("birth.apgar_10", "?yet"),
        ],
        Some(W),
    ),
    birth("B11", &[("birth.apgar_1", "0")], None),
    birth("B11", &[("birth.apgar_1", "-"), ("birth.apgar_5", "-")], None),
    birth("B12", &[("birth.plurality", "0")], Some(E)),
    birth("B12", &[("birth.plurality", "10")], Some(E)),
    birth("B12", &[("birth.plurality", "4")], Some(W)),
    birth("B12", &[("birth.plurality", "3")], None),
    birth("B13", &[("birth.plurality", "2")], Some(E)),
    birth("B13", &[("birth.plurality", "2"), ("birth.order", "3")], Some(E)),
    birth("B13", &[("birth.plurality", "2"), ("birth.order", "0")], Some(E)),
    birth("B13", &[("birth.plurality", "2"), ("birth.order", "2")], None),
    birth(
        "B13",
        &[("birth.plurality", "?knowable"), ("birth.order", "?knowable")],
        None,
    ),
    twin("B14", FIRST, |_| {}, Some(W)),
    twin("B14", FIRST, |a| a.siblings = vec![second(&[])], None),
    twin("B14", FIRST, |a| a.touch = |e| e.set = set_of(3), Some(E)),
    // The portal sees members of a signed set one after the other.
    twin("B14", FIRST, |a| a.touch = |e| e.set = set_of(2), None),
    twin(
        "B14",
        FIRST,
        |a| a.siblings = vec![second(&[]), second(&[("birth.order", "3")])],
        Some(E),
    ),
    twin(
        "B15",
        FIRST,
        |a| a.siblings = vec![second(&[("birth.time", "03:01")])],
        Some(E),
    ),
    twin(
        "B15",
        FIRST,
        |a| a.siblings = vec![second(&[("birth.order", "1")])],
        Some(E),
    ),
    twin("B15", FIRST, |a| a.siblings = vec![second(&[])], None),
    twin(
        "B15",
        FIRST,
        |a| a.siblings = vec![second(&[("birth.time", "03:12")])],
        None,
    ),
    twin(
        "B15",
        FIRST,
        |a| a.siblings = vec![second(&[("birth.time", "?knowable")])],
        None,
    ),
    twin(
        "B16",
        FIRST,
        |a| a.siblings = vec![second(&[("birth.date", "2026-11-10"), ("birth.time", "03:13")])],
        Some(W),
    ),
    twin(
        "B16",
        FIRST,
        |a| a.siblings = vec![second(&[("mother.document", "А 01410028")])],
        Some(W),
    ),
    twin(
        "B16",
        FIRST,
        |a| {
            a.siblings = vec![second(&[])];
            a.siblings[0].facility = "TJ-DU-SIN-03".into();
        },
        Some(W),
    ),
    twin(
        "B16",
        FIRST,
        |a| a.siblings = vec![second(&[("birth.date", "2026-11-10"), ("birth.time", "03:12")])],
        None,
    ),
    birth("B17", &[("mother.born", "2017")], Some(E)),
    birth("B17", &[("mother.born", "1961-11-09")], Some(E)),
    birth("B17", &[("mother.born", "1961-11-10")], None),
    birth("B17", &[("mother.born", "2016")], None),
    birth("B18", &[("mother.born", "2011-11-10")], Some(W)),
    birth("B18", &[("mother.born", "1976-01-01")], Some(W)),
    birth("B18", &[("mother.born", "2011-08-19")], None),
    birth("B18", &[("mother.born", "2011")], None),
    birth("B18", &[("mother.born", "?refused")], None),
    birth("B19", &[("mother.born", "2026-11-09")], Some(E)),
    birth("B19", &[("mother.born", "2026-11-08")], None),
    birth("B20", &[("father.born", "2027")], Some(E)),
    birth("B20", &[("father.born", "?knowable")], None),
    birth("B21", &[("father.born", "1950-01-01")], Some(W)),
    birth("B21", &[("father.born", "2009-03-05")], None),
    birth("B23", &[("mother.live_births_before", "17")], Some(W)),
    birth(
        "B23",
        &[("mother.live_births_before", "6"), ("mother.born", "2009-01-01")],
        Some(W),
    ),
    birth("B23", &[("mother.live_births_before", "15")], None),
    birth(
        "B23",
        &[("mother.live_births_before", "3"), ("mother.born", "1999")],
        None,
    ),
    birth("B29", &[("birth.length", "245")], Some(W)),
    birth("B29", &[("birth.length", "51")], Some(W)),
    birth("B29", &[("birth.length", "620")], None),
    birth("B32", &[("birth.weeks", "21"), ("birth.weight", "480")], Some(W)),
    birth("B32", &[("birth.weeks", "22"), ("birth.weight", "480")], None),
    twin(
        "B32",
        &[("birth.weeks", "22"), ("birth.weight", "480")],
        |a| a.limits.birth_all_criteria = true,
        Some(W),
    ),
    birth("B33", &[("child.surname", "Раҳимова")], Some(N)),
    birth(
        "B33",
        &[("child.surname", "Раҳимзода"), ("child.patronymic", "Ҷамшед")],
        None,
    ),
    foetal(
        "S01",
        &[
            ("birth.weeks", "21"),
            ("birth.weight", "430"),
            ("birth.length", "240"),
        ],
        Some(E),
    ),
    foetal(
        "S01",
        &[
            ("birth.weeks", "21"),
            ("birth.weight", "430"),
            ("birth.length", "250"),
        ],
        None,
    ),
    foetal(
        "S01",
        &[
            ("birth.weeks", "?knowable"),
            ("birth.weight", "?knowable"),
            ("birth.length", "?knowable"),
        ],
        None,
    ),
    Case {
        rule: "S01",
        kind: Kind::FoetalDeath,
        changes: &[("birth.weeks", "23"), ("birth.weight", "430")],
        surroundings: |a| a.limits.birth_all_criteria = true,
        found: Some(E),
    },
    foetal(
        "S02",
        &[
            ("birth.weeks", "?knowable"),
            ("birth.weight", "?knowable"),
            ("birth.length", "?knowable"),
        ],
        Some(E),
    ),
    foetal(
        "S02",
        &[("birth.weeks", "?knowable"), ("birth.weight", "?knowable")],
        None,
    ),
    foetal("S03", &[("foetus.signs_of_life", "present")], Some(E)),
    foetal("S03", &[("birth.apgar_1", "1")], Some(E)),
    foetal("S03", &[("birth.apgar_1", "0"), ("birth.apgar_5", "0")], None),
    foetal("S04", &[("foetus.died_when", "?yet")], Some(W)),
    foetal("S04", &[("foetus.died_when", "-")], Some(W)),
    foetal("S04", &[("foetus.died_when", "unknown")], Some(W)),
    foetal("S04", &[("foetus.died_when", "?knowable")], Some(W)),
    foetal("S04", &[], None),
    foetal("S08", &[], Some(N)),
    foetal("S08", &[("birth.weeks", "?knowable")], Some(N)),
    foetal("S08", &[("birth.weeks", "27")], Some(N)),
    foetal("S08", &[("birth.weeks", "27"), ("birth.weight", "999")], None),
    foetal("S08", &[("birth.weeks", "28"), ("birth.weight", "999")], Some(N)),
    birth("B13", &[("birth.plurality", "0"), ("birth.order", "1")], None),
    birth("B18", &[("mother.born", "2027-01-01")], None),
];

#[test]
fn rules_of_births_and_foetal_deaths() {
    run(CASES);
}

#[test]
fn each_look_names_the_field_to_go_to() {
    type Row = (
        Kind,
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static str,
    );
    let rows: &[Row] = &[
        (Kind::Birth, &[("birth.apgar_5", "5")], "B09", "birth.apgar_10"),
        (
            Kind::Birth,
            &[
                ("birth.apgar_1", "?yet"),
                ("birth.apgar_5", "0"),
                ("birth.apgar_10", "0"),
            ],
            "B11",
            "birth.apgar_5",
        ),
        (Kind::FoetalDeath, &[("birth.weeks", "28")], "S08", "birth.weeks"),
        (Kind::FoetalDeath, &[("birth.weeks", "27")], "S08", "birth.weight"),
        (
            Kind::Death,
            &[("cause.a.text", "-"), ("cause.a.code", "K74.6")],
            "D10",
            "cause.b.code",
        ),
        (
            Kind::Death,
            &[("cause.b.text", "Bleeding oesophageal varices")],
            "D10",
            "cause.b.text",
        ),
        (Kind::Death, &[("deceased.born", "1890")], "D06", "deceased.born"),
        (
            Kind::Death,
            &[
                ("deceased.born", "?knowable"),
                ("deceased.estimated_age", "P130Y"),
            ],
            "D06",
            "deceased.estimated_age",
        ),
        (
            Kind::Death,
            &[("deceased.born", "-"), ("deceased.age_from", "130")],
            "D06",
            "deceased.age_from",
        ),
        (
            Kind::Death,
            &[("deceased.born", "?knowable"), ("deceased.estimated_age", "P3D")],
            "D41",
            "deceased.estimated_age",
        ),
    ];
    for (kind, changes, rule, field) in rows {
        let found = Surroundings::default().check(&event(*kind, changes));
        let fields: Vec<_> = found
            .iter()
            .filter(|f| f.rule == *rule)
            .map(|f| f.field)
            .collect();
        assert_eq!(fields, [*field], "{rule} {changes:?}");
    }
}

#[test]
fn found_value_and_limits_stand_in_the_text() {
    let found = Surroundings::default().check(&event(Kind::Birth, &[("birth.weight", "33500")]));
    let b02 = found.iter().find(|f| f.rule == "B02").unwrap();
    for lang in Lang::ALL {
        let text = b02.msg.render(lang);
        for part in ["33500", "227", "8165"] {
            assert!(text.contains(part), "{text}");
        }
    }
    let found = Surroundings::default().check(&event(Kind::Birth, &[("birth.length", "245")]));
    let text = found[0].msg.render(Lang::Ru);
    assert!(text.contains("24.5 см") && text.contains("62 см"), "{text}");
}
