//! Deaths of a ward.

use super::ward::{Changes, Step, step, with};
use super::*;
use crate::vital::Link;
use Kind::{Birth, Death};

pub(super) const STEPS: &[Step] = &[
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
        &["D38", "D41", "D44"],
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
