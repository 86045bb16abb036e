//! Births and foetal deaths of a ward.

use super::ward::{Changes, Step, step, with};
use super::*;
use Kind::{Birth, FoetalDeath};

const CORD_PROLAPSE: Changes = &[
    ("child.sex", "male"),
    ("birth.date", "2026-11-19"),
    ("birth.time", "11:26"),
    ("birth.weight", "2610"),
    ("birth.length", "470"),
    ("birth.weeks", "37"),
    ("birth.plurality", "2"),
    ("birth.order", "2"),
    ("birth.apgar_1", "0"),
    ("birth.apgar_5", "0"),
    ("foetus.died_when", "intrapartum"),
    ("mother.document", "А 08120366"),
];

const THIRD_OF_THREE: Changes = &[
    ("birth.date", "2026-10-27"),
    ("birth.time", "02:34"),
    ("birth.weight", "1010"),
    ("birth.length", "360"),
    ("birth.weeks", "30"),
    ("birth.plurality", "3"),
    ("birth.order", "3"),
    ("birth.apgar_1", "0"),
    ("birth.apgar_5", "0"),
];

fn triplets(kind: Kind) -> [Sibling; 2] {
    let time = [("1", "02:31"), ("2", "02:33")];
    time.map(|(order, time)| {
        let mut s = other(order, kind, THIRD_OF_THREE);
        put(&mut s.event, "birth.order", order);
        put(&mut s.event, "birth.time", time);
        s
    })
}

pub(super) const STEPS: &[Step] = &[
    step(
        "a normal birth without a name",
        Birth,
        &[("child.given", "?yet")],
        &[],
    ),
    step(
        "33500 g typed at the end of the shift",
        Birth,
        &[("birth.weight", "33500")],
        &["B02", "B03", "B06"],
    ),
    with(
        step(
            "twins of a mother who refuses her particulars, orders the wrong way round",
            Birth,
            &[
                ("birth.date", "2026-10-18"),
                ("birth.time", "14:17"),
                ("birth.weight", "2560"),
                ("birth.weeks", "37"),
                ("birth.plurality", "2"),
                ("birth.order", "1"),
                ("mother.surname", "?refused"),
                ("mother.patronymic", "?refused"),
                ("mother.document", "?refused"),
                ("mother.born", "2001"),
                ("father.surname", "?refused"),
                ("father.given", "?refused"),
                ("father.born", "?refused"),
            ],
            &["B15", "C02"],
        ),
        |a| {
            a.siblings = vec![other(
                "n2",
                Birth,
                &[
                    ("birth.date", "2026-10-18"),
                    ("birth.time", "14:05"),
                    ("birth.plurality", "2"),
                    ("birth.order", "2"),
                    ("mother.document", "?refused"),
                ],
            )];
        },
    ),
    with(
        step(
            "the third of triplets typed as born alive",
            Birth,
            THIRD_OF_THREE,
            &["B09", "B11"],
        ),
        |a| {
            a.now = "2026-10-27T04:10:00+05:00";
            a.siblings = triplets(Birth).to_vec();
        },
    ),
    with(
        step(
            "the third of triplets as a foetal death",
            FoetalDeath,
            THIRD_OF_THREE,
            &["S08"],
        ),
        |a| {
            a.now = "2026-10-27T09:30:00+05:00";
            a.siblings = triplets(Birth).to_vec();
            for s in &mut a.siblings {
                put(&mut s.event, "mother.document", "А 07334519");
            }
        },
    ),
    with(
        step(
            "a birth in an ambulance under a revoked key",
            Birth,
            &[
                ("birth.date", "2026-11-13"),
                ("birth.time", "23:48"),
                ("birth.weight", "2960"),
                ("birth.weeks", "38"),
                ("birth.place", "ambulance"),
                ("birth.apgar_1", "?yet"),
                ("birth.apgar_5", "?knowable"),
                ("father.surname", "?knowable"),
                ("father.given", "?knowable"),
                ("father.born", "-"),
            ],
            &["C06"],
        ),
        |a| {
            a.now = "2026-11-14T00:52:00+05:00";
            a.signer = Some(false);
        },
    ),
    step(
        "a home birth of a mother without papers",
        Birth,
        &[
            ("birth.date", "2026-10-25"),
            ("birth.time", "05:00"),
            ("birth.place", "home"),
            ("birth.attendant", "relative"),
            ("birth.apgar_1", "?knowable"),
            ("birth.apgar_5", "?knowable"),
            ("mother.surname", "?knowable"),
            ("mother.patronymic", "-"),
            ("mother.born", "1999"),
            ("mother.document", "?yet"),
            ("mother.live_births_before", "3"),
            ("father.born", "?yet"),
        ],
        &[],
    ),
    step(
        "a foundling",
        Birth,
        &[
            ("birth.date", "2026-10-24"),
            ("birth.time", "?knowable"),
            ("birth.weight", "2740"),
            ("birth.weeks", "?knowable"),
            ("birth.plurality", "?knowable"),
            ("birth.order", "?knowable"),
            ("birth.apgar_1", "?knowable"),
            ("birth.apgar_5", "?knowable"),
            ("mother.surname", "?knowable"),
            ("mother.given", "?knowable"),
            ("mother.born", "?knowable"),
            ("mother.document", "?knowable"),
            ("father.born", "-"),
        ],
        &[],
    ),
    with(
        step(
            "a foreign mother's child entered by a second ward",
            Birth,
            &[
                ("birth.date", "2026-11-16"),
                ("birth.time", "16:40"),
                ("mother.surname", "WANG"),
                ("mother.given", "LIHUA"),
                ("mother.patronymic", "-"),
                ("mother.document", "EX0047715"),
            ],
            &["C07"],
        ),
        |a| {
            let changes: Changes = &[
                ("birth.date", "2026-11-16"),
                ("birth.time", "16:40"),
                ("birth.length", "?yet"),
                ("mother.surname", "WANG"),
                ("mother.given", "LIHUA"),
                ("mother.patronymic", "-"),
                ("mother.document", "EX 0047715"),
            ];
            a.candidates = vec![other("n2", Birth, changes)];
        },
    ),
    step(
        "a mother of fifteen, forty days late",
        Birth,
        &[
            ("birth.date", "2026-10-12"),
            ("birth.weight", "2470"),
            ("birth.weeks", "37"),
            ("mother.born", "2011-08-19"),
            ("mother.live_births_before", "0"),
            ("father.born", "2009-03-05"),
            ("late_reason", "paper sheet mislaid"),
        ],
        &["C02"],
    ),
    step(
        "a very large child that is true",
        Birth,
        &[
            ("birth.weight", "6250"),
            ("birth.length", "610"),
            ("birth.weeks", "40"),
        ],
        &["B03", "B06"],
    ),
    step(
        "480 g with signs of life",
        Birth,
        &[
            ("birth.weight", "480"),
            ("birth.length", "270"),
            ("birth.weeks", "22"),
            ("birth.apgar_1", "2"),
            ("birth.apgar_5", "2"),
            ("birth.apgar_10", "1"),
        ],
        &["B03"],
    ),
    step(
        "a foetal death whose time is left open",
        FoetalDeath,
        &[
            ("foetus.died_when", "?yet"),
            ("birth.apgar_1", "0"),
            ("birth.apgar_5", "0"),
        ],
        &["S04", "S08"],
    ),
    with(
        step(
            "the first twin alone, the set open",
            Birth,
            &[
                ("birth.date", "2026-11-19"),
                ("birth.time", "11:02"),
                ("birth.weight", "2690"),
                ("birth.weeks", "37"),
                ("birth.plurality", "2"),
                ("birth.order", "1"),
            ],
            &["B14"],
        ),
        |_| {},
    ),
    with(
        step("the second twin, stillborn", FoetalDeath, CORD_PROLAPSE, &["S08"]),
        |a| {
            let mut first = other("n1", Birth, CORD_PROLAPSE);
            put(&mut first.event, "birth.order", "1");
            put(&mut first.event, "birth.time", "11:02");
            a.siblings = vec![first];
        },
    ),
    with(
        step(
            "a birth under a clock that fell back to 2019",
            Birth,
            &[],
            &["C01"],
        ),
        |a| {
            a.clock_trusted = false;
            a.now = "2019-01-02T08:30:00+05:00";
        },
    ),
];
