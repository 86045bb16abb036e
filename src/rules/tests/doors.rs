//! What every door asks alike: whether a question applies, the time line, names and texts, counts, pairs.

use super::*;
use crate::questions::{Than, questions};
use crate::vital::field;
use Severity::{E, N, W};

pub const CASES: &[Case] = &[
    // C14: an answer to a question that does not apply.
    death("C14", &[("pregnancy.pregnant", "yes")], Some(E)),
    death("C14", &[("pregnancy.pregnant", "no")], Some(E)),
    death("C14", &[("pregnancy.pregnant", "?knowable")], None),
    death(
        "C14",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1985"),
            ("pregnancy.pregnant", "yes"),
        ],
        None,
    ),
    // A woman of 80 and a girl of 5, by date or by guess.
    death(
        "C14",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "1946"),
            ("pregnancy.pregnant", "yes"),
        ],
        Some(E),
    ),
    death(
        "C14",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "2021"),
            ("pregnancy.pregnant", "yes"),
        ],
        Some(E),
    ),
    death(
        "C14",
        &[
            ("deceased.sex", "female"),
            ("deceased.born", "?knowable"),
            ("deceased.estimated_age", "P80Y"),
            ("pregnancy.pregnant", "yes"),
        ],
        Some(E),
    ),
    death(
        "D32",
        &[("pregnancy.pregnant", "yes"), ("pregnancy.when", "at-death")],
        None,
    ),
    death("C14", &[("infant.birth_weight", "3000")], Some(E)),
    death(
        "C14",
        &[("deceased.age_from", "10"), ("deceased.age_to", "12")],
        Some(E),
    ),
    death(
        "C14",
        &[("autopsy.requested", "no"), ("autopsy.findings_used", "yes")],
        Some(E),
    ),
    death(
        "C14",
        &[("surgery.performed", "no"), ("surgery.date", "2026-11-01")],
        Some(E),
    ),
    death("C14", &[("external.description", "афтид")], Some(E)),
    death("C14", &[("death.police_number", "7")], None),
    birth(
        "C14",
        &[("mother.marriage", "none"), ("mother.marriage_act", "12")],
        Some(E),
    ),
    birth(
        "C14",
        &[("mother.marriage", "registered"), ("mother.marriage_act", "12")],
        None,
    ),
    birth(
        "C14",
        &[
            ("mother.live_births_before", "0"),
            ("mother.last_live_birth_date", "2020"),
        ],
        Some(E),
    ),
    birth(
        "C14",
        &[
            ("mother.live_births_before", "0"),
            ("mother.children_living", "0"),
        ],
        None,
    ),
    // C15: the time line.
    birth(
        "C15",
        &[
            ("mother.marriage", "registered"),
            ("mother.marriage_date", "2031-05-05"),
        ],
        Some(E),
    ),
    birth(
        "C15",
        &[
            ("mother.marriage", "registered"),
            ("mother.marriage_date", "2026-11-10"),
        ],
        Some(W),
    ),
    birth("C15", &[("mother.marriage_date", "2026-11-10")], Some(W)),
    birth("C15", &[("mother.marriage_date", "2026-11")], None),
    birth("C15", &[("mother.marriage_date", "1990-01-01")], Some(E)),
    birth("C15", &[("mother.marriage_date", "2004")], Some(E)),
    birth("C15", &[("mother.marriage_date", "2018")], None),
    birth("C15", &[("mother.last_live_birth_date", "1990")], Some(E)),
    birth("C15", &[("found.date", "2030-01-01")], Some(E)),
    birth("C15", &[("found.date", "2026-11-08")], Some(E)),
    birth(
        "C15",
        &[("found.date", "2026-11-09"), ("found.time", "03:11")],
        Some(E),
    ),
    birth(
        "C15",
        &[("found.date", "2026-11-09"), ("found.time", "03:12")],
        None,
    ),
    birth("C15", &[("paper_certificate_date", "2033-01-01")], Some(E)),
    birth("C15", &[("paper_certificate_date", "2026-11-08")], Some(E)),
    birth("C15", &[("paper_certificate_date", "2026-11-09")], None),
    death("C15", &[("external.date", "1950-01-01")], Some(E)),
    death("C15", &[("external.date", "1961")], None),
    death("C15", &[("surgery.date", "1960")], Some(E)),
    // A bound of which another rule speaks.
    death("C15", &[("deceased.born", "2026-11-12")], None),
    death("D05", &[("deceased.born", "2026-11-12")], Some(E)),
    Case {
        surroundings: |s| s.clock_trusted = false,
        ..birth(
            "C15",
            &[
                ("paper_certificate", "А 12"),
                ("paper_certificate_date", "2033-01-01"),
            ],
            Some(W),
        )
    },
    // C02 asks nothing of a clock that may be a year ahead.
    Case {
        surroundings: |s| (s.clock_trusted, s.now) = (false, "2027-11-23T10:00:00+05:00"),
        ..birth("C02", &[], Some(N))
    },
    // C16: a text has a letter or a digit.
    death("C16", &[("cause.a.text", "?")], Some(E)),
    death("C16", &[("deceased.address", "...")], Some(E)),
    death("C16", &[("deceased.address", "12")], None),
    // C09: a name has a letter and is no word for unknown.
    birth("C09", &[("mother.given", "   ")], Some(E)),
    birth("C09", &[("mother.given", "?")], Some(E)),
    birth("C09", &[("mother.given", "Неизвестно")], Some(W)),
    birth("C09", &[("father.given", "номаълум")], Some(W)),
    // Counts.
    // What nobody can have is said once.
    birth("B22", &[("mother.children_living", "9999999")], None),
    birth("B35", &[("mother.children_living", "9999999")], Some(E)),
    birth("B22", &[("mother.children_living", "40")], Some(E)),
    birth("B22", &[("mother.children_dead", "2")], Some(E)),
    birth(
        "B24",
        &[
            ("mother.live_births_before", "0"),
            ("mother.caesareans_before", "3"),
        ],
        Some(W),
    ),
    birth(
        "B24",
        &[
            ("mother.live_births_before", "0"),
            ("mother.foetal_deaths_before", "0"),
            ("mother.caesareans_before", "3"),
        ],
        Some(E),
    ),
    birth("B35", &[("mother.deliveries_before", "2")], Some(W)),
    birth(
        "B35",
        &[
            ("mother.deliveries_before", "2"),
            ("mother.foetal_deaths_before", "1"),
        ],
        None,
    ),
    birth(
        "B35",
        &[
            ("mother.live_births_before", "3"),
            ("mother.deliveries_before", "0"),
        ],
        Some(E),
    ),
    birth(
        "B35",
        &[
            ("mother.live_births_before", "?refused"),
            ("mother.children_living", "41"),
        ],
        Some(E),
    ),
    birth("B35", &[("mother.deliveries_before", "1")], None),
    // Pairs.
    birth(
        "B36",
        &[("birth.place", "home"), ("birth.delivery", "caesarean")],
        Some(W),
    ),
    birth(
        "B36",
        &[("birth.attendant", "none"), ("birth.delivery", "caesarean")],
        Some(W),
    ),
    birth("B36", &[("birth.delivery", "caesarean")], None),
    birth("B36", &[("birth.place", "home")], None),
    birth("B36", &[("birth.attendant", "relative")], None),
    birth(
        "B36",
        &[("mother.born", "2010"), ("mother.education", "higher")],
        Some(W),
    ),
    birth("B36", &[("mother.born", "2010")], None),
    birth("B36", &[("mother.education", "higher")], None),
    birth(
        "B36",
        &[("mother.born", "2009-11-09"), ("mother.education", "higher")],
        None,
    ),
    death(
        "D55",
        &[("autopsy.requested", "no"), ("cause.basis", "autopsy")],
        Some(E),
    ),
    death(
        "D55",
        &[("autopsy.requested", "yes"), ("cause.basis", "autopsy")],
        None,
    ),
    death(
        "D55",
        &[
            ("death.manner", "accident"),
            ("external.road_death", "within-7-days"),
            ("external.date", "2026-10-20"),
        ],
        Some(E),
    ),
    death(
        "D55",
        &[
            ("death.manner", "accident"),
            ("external.road_death", "later"),
            ("external.date", "2026-11-01"),
        ],
        Some(E),
    ),
    death(
        "D55",
        &[
            ("death.manner", "accident"),
            ("external.road_death", "within-7-days"),
            ("external.date", "2026-11"),
        ],
        None,
    ),
    death(
        "D56",
        &[
            ("death.manner", "accident"),
            ("external.road_death", "within-30-days"),
            ("external.date", "2026-11-09"),
        ],
        Some(W),
    ),
    death(
        "D56",
        &[
            ("autopsy.requested", "no"),
            ("cause.established_by", "pathologist"),
        ],
        Some(W),
    ),
    death(
        "D56",
        &[("deceased.born", "2016"), ("deceased.marital", "widowed")],
        Some(W),
    ),
    death("D56", &[("deceased.marital", "widowed")], None),
    // The injury and the death by the hour.
    death(
        "D25",
        &[
            ("death.manner", "accident"),
            ("external.date", "2026-11-11"),
            ("external.time", "23:00"),
        ],
        Some(E),
    ),
    death(
        "D25",
        &[
            ("death.manner", "accident"),
            ("external.date", "2026-11-11"),
            ("external.time", "22:50"),
        ],
        None,
    ),
];

#[test]
fn rows() {
    run(CASES);
}

/// Whatever a date is bounded by, a rule says when it leaves its place, at that date.
#[test]
fn no_date_leaves_its_place_unnoticed() {
    for kind in Kind::ALL {
        for q in questions(kind) {
            let Input::Date(moment) = q.input else { continue };
            let look = |changes: &[(&'static str, &str)]| {
                let mut event = event(kind, &[]);
                for (field, text) in changes {
                    put(&mut event, field, text);
                }
                let found = Surroundings::default().check(&event);
                found
                    .into_iter()
                    .filter(|f| f.field == q.id && f.severity != N)
                    .count()
            };
            let own = q.id == kind.date_field();
            assert!(look(&[(q.id, "2027-02-03")]) > 0, "{} in the future", q.id);
            if own {
                continue;
            }
            for bound in moment.not_before {
                let than = bound.than.field(kind);
                assert!(
                    look(&[(than, "2026-11-09"), (q.id, "2026-11-08")]) > 0,
                    "{} before {than}",
                    q.id
                );
            }
            for bound in moment.not_after {
                let than = bound.than.field(kind);
                let other = if bound.than == Than::Event {
                    "2026-11-09"
                } else {
                    "1990"
                };
                assert!(
                    look(&[(than, other), (q.id, "2026-11-11")]) > 0,
                    "{} after {than}",
                    q.id
                );
            }
            if let Some(rule) = moment
                .not_after
                .iter()
                .chain(moment.not_before)
                .find_map(|b| b.rule)
            {
                assert!(
                    super::super::rule(rule).is_some_and(|r| r.fields.contains(&q.id)),
                    "{rule} {}",
                    q.id
                );
            }
        }
    }
}

/// Each condition has its words, and each pair that contradicts itself.
#[test]
fn conditions_and_pairs_have_words_in_three_languages() {
    let conditions = Kind::ALL
        .into_iter()
        .flat_map(questions)
        .filter_map(|q| q.condition());
    let of_pairs = contradictions::variants().map(|(rule, words)| format!("{}-{words}", message_id(rule)));
    for id in conditions.map(|c| format!("applies-{}", c.id)).chain(of_pairs) {
        for l in Lang::ALL {
            assert_ne!(lang::text(l, &id), id, "{l:?}");
        }
    }
}

/// An event is of its own time: what is not known of it never makes a negative span.
#[test]
fn a_birth_year_that_is_the_year_of_death_gives_no_negative_age() {
    for born in ["2026", "2026-01", "2025", "2027"] {
        let mut of_this_year = event(Kind::Death, &[("death.date", "2026-01-03")]);
        put(&mut of_this_year, field::DECEASED_BORN, born);
        for finding in Surroundings::default().check(&of_this_year) {
            for l in Lang::ALL {
                let text = finding.msg.render(l);
                let negative = text.split_whitespace().any(|word| {
                    word.strip_prefix('-')
                        .is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
                });
                assert!(!negative, "{text}");
            }
        }
    }
}
