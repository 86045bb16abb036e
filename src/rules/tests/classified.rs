//! Rules that know a classification, and texts that are none.

use std::sync::LazyLock;

use super::*;
use crate::icd::Title;
use Severity::{E, W};

/// The built-in causes and a few codes more, as a ministry's list brings them.
static LIST: LazyLock<Catalogue> = LazyLock::new(|| {
    let title = |code: &str| Title {
        code: code.to_owned(),
        lang: Lang::En,
        text: format!("title of {code}"),
    };
    Catalogue::with_list(&["I85", "I85.0", "I85.9", "E10", "E10.9", "X59", "S72.0", "S72.00"].map(title))
});

const fn listed(
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    found: Option<Severity>,
) -> Case {
    Case {
        rule,
        kind: Kind::Death,
        changes,
        surroundings: |a| a.causes = Some(&LIST),
        found,
    }
}

pub(super) const CASES: &[Case] = &[
    death("D09", &[], None),
    death("D09", &[("cause.a.interval", "?knowable")], None),
    Case {
        rule: "D09",
        kind: Kind::Death,
        changes: &[],
        surroundings: |a| {
            a.touch = |e| e.set("cause.b.interval", Value::Text("about a week".into()));
        },
        found: Some(E),
    },
    // Without a full list nobody can say that a code does not exist.
    death("D11", &[("cause.a.code", "Q99.9")], None),
    listed("D11", &[], None),
    listed("D11", &[("cause.a.code", "Q99.8")], Some(W)),
    listed("D11", &[("cause.a.code", "I85")], None),
    listed("D11", &[("cause.other.code", "Q99.8")], Some(W)),
    listed("D11", &[("cause.a.code", "К74.6")], None),
    listed("D11", &[("cause.a.code", "nonsense")], None),
    death("D12", &[("cause.other.code", "E11")], Some(W)),
    death("D12", &[("cause.other.code", "E11.9")], None),
    death("D12", &[("cause.a.code", "I10")], None),
    listed("D12", &[("cause.a.code", "E10")], Some(W)),
    death("D12", &[("cause.a.code", "Q67")], None),
    death("D19", &[("cause.c.code", "K02")], Some(W)),
    death("D19", &[("cause.c.code", "L70.0")], Some(W)),
    death("D19", &[("cause.b.code", "K02")], None),
    death("D19", &[], None),
    death("D45", &[("cause.a.text", "MI")], Some(W)),
    death("D45", &[("cause.a.text", "ХОБЛ")], Some(W)),
    death("D45", &[("cause.a.text", "Хобл")], None),
    death("D45", &[("cause.a.text", "ХОБЛ, обострение")], None),
    death("D45", &[("cause.other_2.text", "MI")], Some(W)),
    listed(
        "D45",
        &[("cause.a.text", "qwrtzp xqk"), ("cause.a.code", "-")],
        Some(W),
    ),
    listed("D45", &[("cause.a.text", "qwrtzp xqk")], None),
    listed(
        "D45",
        &[("cause.a.text", "инфаркт миокарда"), ("cause.a.code", "-")],
        None,
    ),
    death(
        "D45",
        &[("cause.a.text", "qwrtzp xqk"), ("cause.a.code", "-")],
        None,
    ),
    death("D45", &[], None),
    death("D10", &[("cause.b.code", "I85.0")], Some(W)),
    death("D10", &[("cause.b.text", "инсулт; пневмония")], Some(W)),
    death("D10", &[("cause.b.text", "1) stroke 2) pneumonia")], Some(W)),
    death("D10", &[("cause.b.text", "stroke + pneumonia")], Some(W)),
    death(
        "D10",
        &[("cause.b.text", "cerebral infarction, thrombosis; ")],
        None,
    ),
    death("D45", &[("cause.a.text", "ИБС, ПИКС")], Some(W)),
    death("D45", &[("cause.a.text", "ХСН II Б")], Some(W)),
    death("D08", &[("cause.a.interval", "P4Y")], None),
    death(
        "D08",
        &[("cause.a.interval", "P11Y"), ("cause.b.interval", "P10Y")],
        Some(W),
    ),
    death(
        "D08",
        &[("cause.a.interval", "P1M"), ("cause.b.interval", "P30D")],
        None,
    ),
    death(
        "D08",
        &[("cause.a.interval", "P5W"), ("cause.b.interval", "P1M")],
        None,
    ),
    death(
        "D07",
        &[("deceased.born", "1952-07-18"), ("cause.c.interval", "P81Y")],
        Some(W),
    ),
    death(
        "D07",
        &[("deceased.born", "1952-07-18"), ("cause.c.interval", "P74Y")],
        None,
    ),
    death(
        "D07",
        &[
            ("deceased.born", "-"),
            ("deceased.estimated_age", "P55Y"),
            ("cause.c.interval", "P57Y"),
        ],
        Some(W),
    ),
    death(
        "D04",
        &[("deceased.born", "?knowable"), ("deceased.age_from", "40")],
        None,
    ),
    death(
        "D06",
        &[
            ("deceased.born", "-"),
            ("deceased.age_from", "126"),
            ("deceased.age_to", "130"),
        ],
        Some(E),
    ),
    death(
        "D04",
        &[("deceased.age_from", "35"), ("deceased.age_to", "30")],
        Some(E),
    ),
    death("D44", &[("cause.a.code", "B03")], Some(W)),
    death("D15", &[("cause.c.code", "Y28")], Some(W)),
    death(
        "D29",
        &[("cause.a.code", "O96.9"), ("pregnancy.pregnant", "no")],
        Some(E),
    ),
    death(
        "D29",
        &[("cause.a.code", "O97.0"), ("pregnancy.pregnant", "no")],
        None,
    ),
    death("C14", &[("autopsy.findings_used", "yes")], Some(E)),
    death(
        "C14",
        &[("autopsy.requested", "?yet"), ("autopsy.findings_used", "yes")],
        Some(E),
    ),
    death(
        "D26",
        &[("cause.other_2.text", "x"), ("cause.other_2.code", "C56")],
        Some(E),
    ),
];

#[test]
fn rows() {
    run(CASES);
}

#[test]
fn an_eradicated_disease_is_signed_only_once_it_was_verified() {
    let of = |answer: Option<Answer>| {
        let mut event = event(Kind::Death, &[("cause.a.code", "B03")]);
        event.checked.extend(answer.map(|a| ("D44".to_owned(), a)));
        let found = Surroundings::default().check(&event);
        let finding = found.iter().find(|f| f.rule == "D44").unwrap();
        finding.answer
    };
    assert_eq!(of(None), None);
    assert_eq!(of(Some(Answer::Unverified)), None);
    assert_eq!(of(Some(Answer::Verified)), Some(Answer::Verified));
}
