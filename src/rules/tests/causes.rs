//! Rules of causes of death, their codes and external causes.

use super::*;
use Severity::{E, N, W};

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

/// These words alone, without a code.
macro_rules! words_in_a {
    ($words:literal) => {
        only_a![("cause.a.code", "-"), ("cause.a.text", $words)]
    };
}

pub(super) const CASES: &[Case] = &[
    death(
        "D07",
        &[("deceased.born", "2016"), ("cause.c.interval", "P15Y")],
        Some(W),
    ),
    death("D07", &[("deceased.born", "2010-11-01")], None),
    death(
        "D07",
        only_a![("deceased.born", "2026-11-11"), ("cause.a.interval", "PT50M")],
        None,
    ),
    death("D08", &[("cause.a.interval", "P5Y")], Some(W)),
    death(
        "D08",
        &[("cause.a.interval", "P20Y"), ("cause.b.interval", "?knowable")],
        Some(W),
    ),
    death(
        "D08",
        &[("cause.a.interval", "P1Y"), ("cause.b.interval", "P12M")],
        None,
    ),
    death("D10", &[("cause.b.code", "B18.1")], Some(W)),
    death(
        "D10",
        &[
            ("cause.b.text", "Chronic viral hepatitis  B"),
            ("cause.b.code", "-"),
        ],
        Some(W),
    ),
    death("D10", &[], None),
    death("D13", &[("cause.c.code", "G02.0")], Some(E)),
    death("D13", &[("cause.c.code", "B18.1*")], Some(E)),
    death("D13", &[("cause.a.code", "G02.0")], None),
    death("D14", &[("cause.c.code", "hepatitis")], Some(W)),
    death("D14", &[("cause.c.code", "U50.1")], Some(W)),
    death("D14", &[("cause.c.code", "U07.1")], None),
    death("D15", only_a![("cause.a.code", "I46.9")], Some(W)),
    death("D15", &[("cause.c.code", "Y28")], Some(W)),
    death("D15", &[("cause.a.code", "I46.9")], None),
    death("D16", only_a![("cause.a.code", "J96.0")], Some(W)),
    death("D16", &[("cause.a.code", "J96.0")], None),
    death("D17", only_a![("cause.a.code", "R99")], Some(W)),
    death("D17", only_a![("cause.a.code", "I21.9")], None),
    death("D17", &[("cause.a.code", "I46.9")], None),
    death("D18", &[("cause.c.code", "N17.9")], Some(W)),
    death("D18", &[("cause.a.code", "N17.9")], None),
    death("D20", &[("cause.a.code", "S06.5")], Some(E)),
    // The external cause may stand in a line without a code.
    death(
        "D20",
        &[("cause.a.code", "S06.5"), ("cause.c.code", "-")],
        Some(W),
    ),
    death(
        "D20",
        &[("cause.a.code", "S06.5"), ("cause.c.code", "V44.5")],
        None,
    ),
    death("D21", &[("cause.c.code", "T60.0")], Some(E)),
    death("D21", &[("cause.a.code", "T60.0"), ("cause.c.code", "X68")], None),
    death(
        "D22",
        &[("death.manner", "assault"), ("cause.c.code", "V44.5")],
        Some(E),
    ),
    death(
        "D22",
        &[("death.manner", "accident"), ("cause.c.code", "V44.5")],
        None,
    ),
    death(
        "D22",
        &[("death.manner", "pending"), ("cause.c.code", "Y28")],
        None,
    ),
    death(
        "D22",
        &[("death.manner", "undetermined"), ("cause.c.code", "Y87.2")],
        None,
    ),
    death("D23", &[("death.manner", "accident")], Some(E)),
    death(
        "D23",
        &[("death.manner", "accident"), ("cause.c.code", "-")],
        None,
    ),
    death("D23", &[("cause.c.code", "V44.5")], Some(W)),
    death("D23", &[("death.manner", "pending")], None),
    death(
        "D24",
        &[
            ("death.manner", "accident"),
            ("cause.c.code", "V44.5"),
            ("external.date", "2026-11-07"),
            ("external.description", "collision"),
            ("external.place", "?yet"),
        ],
        Some(W),
    ),
    death(
        "D24",
        &[
            ("death.manner", "accident"),
            ("cause.c.code", "V44.5"),
            ("external.date", "2026-11-07"),
            ("external.description", "collision"),
            ("external.place", "?knowable"),
        ],
        None,
    ),
    death("D24", &[("death.manner", "pending")], None),
    death("D25", &[("external.date", "2026-11-12")], Some(E)),
    death("D25", &[("external.date", "2026-11")], None),
    death("D26", &[("cause.c.code", "O85")], Some(E)),
    death(
        "D26",
        &[("cause.c.code", "O85"), ("deceased.sex", "female")],
        None,
    ),
    death(
        "D27",
        &[("cause.other.code", "C61"), ("deceased.sex", "female")],
        Some(E),
    ),
    death("D27", &[("cause.other.code", "C61")], None),
    death("D34", &[("cause.c.code", "P07.2")], Some(E)),
    death(
        "D34",
        &[("cause.c.code", "P07.2"), ("deceased.born", "2024-01-01")],
        Some(W),
    ),
    death(
        "D34",
        &[("cause.c.code", "P07.2"), ("deceased.born", "2026-11-10")],
        None,
    ),
    death("D35", &[("cause.c.code", "A33")], Some(E)),
    death(
        "D35",
        &[("cause.c.code", "A33"), ("deceased.born", "2026-10-01")],
        Some(W),
    ),
    death(
        "D35",
        &[("cause.a.code", "R95"), ("deceased.born", "2025-01-01")],
        Some(E),
    ),
    death(
        "D35",
        &[("cause.c.code", "A33"), ("deceased.born", "2026-11-01")],
        None,
    ),
    death(
        "D36",
        &[("cause.c.code", "X68"), ("deceased.born", "2023-01-01")],
        Some(E),
    ),
    death(
        "D36",
        &[("cause.c.code", "X68"), ("deceased.born", "2019-01-01")],
        Some(W),
    ),
    death(
        "D36",
        &[("cause.c.code", "X68"), ("deceased.born", "2007-05-27")],
        None,
    ),
    death(
        "D37",
        &[("cause.c.code", "I21.9"), ("deceased.born", "2012-11-12")],
        Some(W),
    ),
    death(
        "D37",
        &[("cause.c.code", "R54"), ("deceased.born", "1970")],
        Some(W),
    ),
    death("D37", &[("cause.c.code", "I21.9")], None),
    death("D44", &[("cause.b.code", "A00.9")], Some(W)),
    death("D44", &[], None),
    death("D45", &[("cause.b.text", "ТБ")], Some(W)),
    death("D45", &[("cause.b.text", "ВИЧ 1")], Some(W)),
    death("D45", &[("cause.b.text", "инфаркт")], None),
    death("D13", &[("cause.c.code", "Z00.0")], Some(E)),
    death("D13", &[("cause.c.code", "B95.6")], Some(E)),
    death("D13", &[("cause.a.code", "Z99")], None),
    death("D13", &[("cause.c.code", "C79.3")], Some(W)),
    death("D14", &[("cause.c.code", "A10")], Some(W)),
    // Words without a code count as the code that they surely are, and stop nobody.
    death("D15", words_in_a!("Остановка сердца"), Some(W)),
    death("D15", words_in_a!("Неизвестно"), Some(W)),
    death("D15", words_in_a!("пиронсолӣ"), Some(W)),
    death("D15", words_in_a!("Остановка сердца?"), None),
    death("D17", words_in_a!("қатъи кори дил"), Some(W)),
    death("D17", words_in_a!("respiratory failure"), Some(W)),
    death("D17", words_in_a!("Рак желудка"), None),
    death("D26", words_in_a!("рак шейки матки"), Some(W)),
    death("D21", words_in_a!("ушиб головного мозга"), Some(W)),
    death("D10", words_in_a!("Пневмония, ХСН"), Some(W)),
    death("D49", words_in_a!("Пневмония на фоне кори"), Some(W)),
    death(
        "D49",
        words_in_a!("норасоии дил дар натиҷаи инфаркти миокард"),
        Some(W),
    ),
    death("D49", words_in_a!("см. выше"), Some(W)),
    death("D49", words_in_a!("ОКН"), Some(W)),
    death("D49", words_in_a!("Пневмония"), None),
    death("D49", words_in_a!("велосипед"), None),
    death("D48", &[("death.manner", "pending")], Some(N)),
    death(
        "D48",
        &[("death.manner", "pending"), ("death.police_number", "К-733/26")],
        None,
    ),
];

#[test]
fn rules_of_causes() {
    run(CASES);
}

#[test]
fn intervals_read_as_people_speak() {
    let found = Surroundings::default().check(&event(Kind::Death, &[("cause.a.interval", "P5Y")]));
    let text = |l| found.iter().find(|f| f.rule == "D08").unwrap().msg.render(l);
    assert!(text(Lang::Ru).contains("5 лет"), "{}", text(Lang::Ru));
    assert!(text(Lang::Tg).contains("5 сол"), "{}", text(Lang::Tg));
    assert!(text(Lang::En).contains("Line a (5 years)"), "{}", text(Lang::En));
}
