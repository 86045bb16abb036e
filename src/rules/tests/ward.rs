//! Whole cases of a ward, step by step: exactly these rules speak, all others keep still. The
//! people are invented.

use super::*;
use crate::vital::Link;

type Changes = &'static [(&'static str, &'static str)];

/// One step of a case: what is being written, what is around, which rules speak.
struct Step {
    what: &'static str,
    kind: Kind,
    changes: Changes,
    around: fn(&mut Around),
    speak: &'static [&'static str],
}

const fn step(what: &'static str, kind: Kind, changes: Changes, speak: &'static [&'static str]) -> Step {
    Step {
        what,
        kind,
        changes,
        around: |_| {},
        speak,
    }
}

const fn with(mut step: Step, around: fn(&mut Around)) -> Step {
    step.around = around;
    step
}

use Kind::{Birth, Death, FoetalDeath};

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

const STEPS: &[Step] = &[
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
    with(
        step(
            "its death, opened from the birth",
            Death,
            &[
                ("death.date", "2026-11-06"),
                ("death.time", "02:05"),
                ("deceased.born", "2026-11-06"),
                ("cause.a.text", "extreme immaturity"),
                ("cause.a.code", "P07.2"),
                ("cause.a.interval", "PT50M"),
                ("cause.b.text", "-"),
                ("cause.b.code", "-"),
                ("cause.b.interval", "-"),
                ("cause.c.text", "-"),
                ("cause.c.code", "-"),
                ("cause.c.interval", "-"),
                ("cause.other.text", "-"),
                ("cause.other.code", "-"),
            ],
            &["D46"],
        ),
        |a| {
            a.touch = |e| {
                e.links.push(Link {
                    nid: "n-birth".into(),
                    kind: "birth-of-this-death".into(),
                })
            }
        },
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
    step(
        "a good chain of causes, only the year of birth known",
        Death,
        &[],
        &[],
    ),
    step(
        "a gap in the chain",
        Death,
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1968-02-02"),
            ("cause.a.text", "cardiac arrest"),
            ("cause.a.code", "I46.9"),
            ("cause.a.interval", "PT10M"),
            ("cause.b.text", "-"),
            ("cause.b.code", "-"),
            ("cause.b.interval", "-"),
            ("cause.c.text", "stroke"),
            ("cause.c.code", "I63.9"),
            ("cause.c.interval", "P3D"),
        ],
        &["D02"],
    ),
    step(
        "a mode of dying alone",
        Death,
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1968-02-02"),
            ("cause.a.text", "cardiac arrest"),
            ("cause.a.code", "I46.9"),
            ("cause.a.interval", "PT10M"),
            ("cause.b.text", "-"),
            ("cause.b.code", "-"),
            ("cause.b.interval", "-"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("cause.other.text", "-"),
            ("cause.other.code", "-"),
        ],
        &["D15", "D17", "D46"],
    ),
    step(
        "a road death called an assault, its place left blank",
        Death,
        &[
            ("deceased.born", "1992-07-18"),
            ("cause.a.text", "traumatic subdural haemorrhage"),
            ("cause.a.code", "S06.5"),
            ("cause.a.interval", "PT5H"),
            (
                "cause.b.text",
                "car driver injured in collision with heavy vehicle",
            ),
            ("cause.b.code", "V44.5"),
            ("cause.b.interval", "PT5H"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("death.manner", "assault"),
            ("death.police_number", "К-733/26"),
            ("external.date", "2026-11-07"),
            ("external.description", "collision with lorry"),
        ],
        &["D22", "D24"],
    ),
    step(
        "a self-harm of a woman of nineteen, pregnancy not asked",
        Death,
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "2007-05-27"),
            ("cause.a.text", "toxic effect of organophosphate insecticide"),
            ("cause.a.code", "T60.0"),
            ("cause.a.interval", "PT10H"),
            ("cause.b.text", "intentional self-poisoning by pesticides"),
            ("cause.b.code", "X68"),
            ("cause.b.interval", "PT10H"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("death.manner", "self-harm"),
            ("death.police_number", "К-1/26"),
            ("external.date", "2026-10-20"),
            ("external.description", "swallowed pesticide"),
            ("external.place", "home"),
        ],
        &["D31"],
    ),
    step(
        "a homicide, preliminary and pending",
        Death,
        &[
            ("death.certificate", "preliminary"),
            ("deceased.born", "1985-09-09"),
            ("cause.a.text", "injury of heart"),
            ("cause.a.code", "S26.8"),
            ("cause.a.interval", "PT3H"),
            ("cause.b.text", "contact with sharp object, undetermined intent"),
            ("cause.b.code", "Y28"),
            ("cause.b.interval", "PT3H"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("death.manner", "pending"),
            ("external.date", "2026-10-30"),
            ("external.description", "stabbed with a knife"),
            ("external.place", "street"),
        ],
        &["D15", "D48"],
    ),
    with(
        step(
            "a maternal death, first marked as not pregnant",
            Death,
            MATERNAL,
            &["D33"],
        ),
        |a| a.candidates = vec![her_birth()],
    ),
    with(step("the same, corrected", Death, MATERNAL, &["D32"]), |a| {
        a.candidates = vec![her_birth()];
        a.touch = |e| {
            put(e, "pregnancy.pregnant", "yes");
            put(e, "pregnancy.when", "within-42-days");
            put(e, "pregnancy.contributed", "yes");
        };
    }),
    step(
        "a late maternal death with the sex typed male",
        Death,
        &[
            ("deceased.born", "1999-06-15"),
            ("cause.a.code", "I50.0"),
            ("cause.a.interval", "P3M"),
            ("cause.b.text", "cardiomyopathy in the puerperium, late death"),
            ("cause.b.code", "O96.0"),
            ("cause.b.interval", "P7M"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
        ],
        &["D26"],
    ),
    step(
        "the same, of a woman",
        Death,
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1999-06-15"),
            ("cause.a.code", "I50.0"),
            ("cause.a.interval", "P3M"),
            ("cause.b.text", "cardiomyopathy in the puerperium, late death"),
            ("cause.b.code", "O96.0"),
            ("cause.b.interval", "P7M"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("pregnancy.pregnant", "yes"),
            ("pregnancy.when", "43-days-to-1-year"),
            ("pregnancy.contributed", "yes"),
        ],
        &[],
    ),
    step(
        "an infant with cholera whose birth is not here",
        Death,
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "2026-04-02"),
            ("cause.a.text", "volume depletion"),
            ("cause.a.code", "E86"),
            ("cause.a.interval", "PT20H"),
            ("cause.b.text", "cholera"),
            ("cause.b.code", "A00.9"),
            ("cause.b.interval", "P2D"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("cause.other.text", "-"),
            ("cause.other.code", "-"),
        ],
        &["D41", "D44"],
    ),
    step(
        "an unknown man of about 55 found dead",
        Death,
        &[
            ("death.time", "?knowable"),
            ("death.place", "other"),
            ("deceased.surname", "?knowable"),
            ("deceased.given", "?knowable"),
            ("deceased.born", "?knowable"),
            ("deceased.estimated_age", "P55Y"),
            ("deceased.document", "?knowable"),
            ("cause.a.text", "cause unknown, autopsy awaited"),
            ("cause.a.code", "R99"),
            ("cause.a.interval", "-"),
            ("cause.b.text", "-"),
            ("cause.b.code", "-"),
            ("cause.b.interval", "-"),
            ("cause.c.text", "-"),
            ("cause.c.code", "-"),
            ("cause.c.interval", "-"),
            ("cause.other.text", "-"),
            ("cause.other.code", "-"),
            ("death.manner", "pending"),
            ("death.police_number", "П-203/26"),
        ],
        &["D15", "D17"],
    ),
    with(
        step(
            "two men of one name lie in one ward",
            Death,
            &[
                ("deceased.surname", "Назаров"),
                ("deceased.given", "Саидмурод"),
                ("deceased.born", "1957-10-03"),
                ("deceased.document", "А 16003415"),
            ],
            &[],
        ),
        |a| {
            let mut wrong = other(
                "n2",
                Death,
                &[
                    ("deceased.surname", "Назаров"),
                    ("deceased.given", "Саидмурод"),
                    ("deceased.patronymic", "Карим"),
                    ("deceased.born", "1954-03-10"),
                    ("deceased.document", "А 16003451"),
                ],
            );
            wrong.status = "voided".into();
            a.candidates = vec![wrong];
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

const MATERNAL: Changes = &[
    ("death.date", "2026-11-10"),
    ("death.time", "06:30"),
    ("deceased.surname", "Саидова"),
    ("deceased.given", "Рӯзигул"),
    ("deceased.sex", "female"),
    ("deceased.born", "1995-01-06"),
    ("deceased.document", "А 13002746"),
    ("cause.a.text", "acute renal failure"),
    ("cause.a.code", "N17.9"),
    ("cause.a.interval", "P2D"),
    ("cause.b.text", "puerperal sepsis"),
    ("cause.b.code", "O85"),
    ("cause.b.interval", "P9D"),
    ("cause.c.text", "-"),
    ("cause.c.code", "-"),
    ("cause.c.interval", "-"),
    ("pregnancy.pregnant", "no"),
];

fn her_birth() -> Candidate {
    other(
        "n-birth",
        Birth,
        &[
            ("birth.date", "2026-10-21"),
            ("birth.time", "09:44"),
            ("mother.surname", "Саидова"),
            ("mother.given", "Рузигул"),
            ("mother.patronymic", "Ҷумъаевна"),
            ("mother.born", "1995-01-06"),
            ("mother.document", "А13002746"),
        ],
    )
}

#[test]
fn exactly_these_rules_speak_in_the_cases_of_a_ward() {
    for step in STEPS {
        let mut around = Around::default();
        (step.around)(&mut around);
        let event = event(step.kind, step.changes);
        let mut speak: Vec<_> = around.check(&event).iter().map(|f| f.rule).collect();
        speak.dedup();
        assert_eq!(speak, step.speak, "{}", step.what);
    }
}
