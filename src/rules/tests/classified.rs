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
        around: |a| a.causes = Some(&LIST),
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
        around: |a| {
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
