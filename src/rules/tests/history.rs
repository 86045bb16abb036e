//! Rules of earlier births, antenatal care and anomalies; of foetal causes; of surgery and autopsy.

use super::*;
use Severity::{E, W};

/// A death some time after surgery.
macro_rules! operated_on {
    ($date:literal) => {
        &[
            ("surgery.performed", "yes"),
            ("surgery.reason", "варам"),
            ("surgery.date", $date),
        ]
    };
}

pub(super) const CASES: &[Case] = &[
    // The plain birth has one previous live birth, on 9 November 2026 after 39 weeks.
    birth(
        "B22",
        &[("mother.children_living", "1"), ("mother.children_dead", "1")],
        Some(E),
    ),
    birth(
        "B22",
        &[("mother.children_living", "1"), ("mother.children_dead", "0")],
        None,
    ),
    birth("B22", &[("mother.children_living", "1")], None),
    birth(
        "B22",
        &[
            ("mother.children_living", "3"),
            ("mother.children_dead", "?refused"),
        ],
        Some(E),
    ),
    birth(
        "B24",
        &[
            ("mother.caesareans_before", "2"),
            ("mother.deliveries_before", "1"),
        ],
        Some(E),
    ),
    birth(
        "B24",
        &[
            ("mother.caesareans_before", "1"),
            ("mother.deliveries_before", "1"),
        ],
        None,
    ),
    birth(
        "B24",
        &[
            ("mother.caesareans_before", "1"),
            ("mother.deliveries_before", "?knowable"),
        ],
        None,
    ),
    birth("B25", &[("mother.last_live_birth_date", "2026-11-09")], Some(E)),
    birth("B25", &[("mother.last_live_birth_date", "2027")], Some(E)),
    birth("B25", &[("mother.last_live_birth_date", "2026-06-10")], Some(E)),
    birth("B25", &[("mother.last_live_birth_date", "2026-06-09")], Some(W)),
    birth("B25", &[("mother.last_live_birth_date", "2026-02-10")], Some(W)),
    birth("B25", &[("mother.last_live_birth_date", "2026-02-09")], None),
    birth("B25", &[("mother.last_live_birth_date", "2026-02")], None),
    birth("B25", &[("mother.last_live_birth_date", "2026")], None),
    birth("B25", &[("mother.last_live_birth_date", "?knowable")], None),
    // The elder twin, born the same night or the evening before, is no earlier delivery.
    birth(
        "B25",
        &[
            ("birth.plurality", "2"),
            ("mother.last_live_birth_date", "2026-11-09"),
        ],
        None,
    ),
    birth(
        "B25",
        &[
            ("birth.plurality", "2"),
            ("mother.last_live_birth_date", "2026-11-08"),
        ],
        None,
    ),
    birth(
        "B25",
        &[
            ("birth.plurality", "2"),
            ("mother.last_live_birth_date", "2026-11-07"),
        ],
        Some(E),
    ),
    birth("B27", &[("mother.antenatal_first_week", "40")], Some(E)),
    birth("B27", &[("mother.antenatal_first_week", "39")], None),
    birth("B27", &[("mother.antenatal_visits", "50")], Some(E)),
    birth("B27", &[("mother.antenatal_visits", "49")], None),
    birth(
        "B27",
        &[
            ("mother.antenatal_visits", "0"),
            ("mother.antenatal_first_week", "12"),
        ],
        Some(W),
    ),
    birth("B27", &[("mother.antenatal_visits", "0")], None),
    birth("B31", &[("child.anomaly", "P20.1")], Some(E)),
    birth("B31", &[("child.anomaly", "spina")], Some(E)),
    birth("B31", &[("child.anomaly", "Q51.0")], Some(E)),
    birth("B31", &[("child.anomaly", "Q54.0")], None),
    birth(
        "B31",
        &[("child.sex", "female"), ("child.anomaly", "Q54.0")],
        Some(E),
    ),
    birth(
        "B31",
        &[("child.sex", "undetermined"), ("child.anomaly", "Q54.0")],
        None,
    ),
    birth("B31", &[("child.anomaly", "Q90")], None),
    birth("B31", &[], None),
    foetal("S05", &[("foetal_cause.main.code", "I21.9")], Some(W)),
    foetal("S05", &[("foetal_cause.main.code", "O69.0")], Some(W)),
    foetal("S05", &[("foetal_cause.main.code", "P20.1")], None),
    foetal("S05", &[("foetal_cause.main.code", "Q00.0")], None),
    foetal("S05", &[], None),
    foetal("S06", &[("foetal_cause.main.code", "O69.0")], Some(E)),
    foetal("S06", &[("foetal_cause.other.code", "O69")], Some(E)),
    foetal("S06", &[("foetal_cause.maternal.code", "O69.0")], None),
    foetal("S06", &[("foetal_cause.main.code", "P02.4")], None),
    foetal("S07", &[("foetal_cause.main.code", "P95")], Some(W)),
    foetal("S07", &[("foetal_cause.main.code", "P96.9")], Some(W)),
    foetal(
        "S07",
        &[
            ("foetal_cause.main.code", "P95"),
            ("foetal_cause.other.code", "P20.0"),
        ],
        None,
    ),
    foetal(
        "S07",
        &[
            ("foetal_cause.main.code", "P95"),
            ("foetal_cause.other.text", "knot of the cord"),
        ],
        None,
    ),
    foetal("S07", &[], None),
    // The plain death is of 11 November 2026.
    death("D42", operated_on!("2026-11-12"), Some(E)),
    death("D42", operated_on!("2026-10-13"), Some(W)),
    death("D42", operated_on!("2026-10-14"), None),
    death("D42", operated_on!("2026-11"), None),
    death("D42", &[("surgery.date", "?yet")], None),
    death("D43", &[("surgery.performed", "yes")], Some(E)),
    death(
        "D43",
        &[
            ("surgery.performed", "yes"),
            ("surgery.reason", "stab wound of chest"),
        ],
        None,
    ),
    death(
        "D43",
        &[("surgery.performed", "yes"), ("surgery.reason", "?knowable")],
        None,
    ),
    death("D43", &[("surgery.performed", "no")], None),
    death(
        "D43",
        &[("surgery.performed", "yes"), ("surgery.reason", "?yet")],
        Some(W),
    ),
    death(
        "C14",
        &[("autopsy.requested", "no"), ("autopsy.findings_used", "yes")],
        Some(E),
    ),
    death(
        "C14",
        &[("autopsy.requested", "no"), ("autopsy.findings_used", "unknown")],
        None,
    ),
    death(
        "C14",
        &[("autopsy.requested", "yes"), ("autopsy.findings_used", "yes")],
        None,
    ),
];

#[test]
fn rows() {
    run(CASES);
}
