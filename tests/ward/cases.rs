//! Small inputs that passed and must not: how each ends at a ward's doors, `check-event` and `record`.

use serde_json::Value;

use crate::support::ward::WardDevice;
use crate::support::{ogoh, run};

/// Severity and field of a finding.
type Wanted = (&'static str, &'static str);

/// A case: file, kind, and what has to be found.
const CASES: &[(&str, &str, &[Wanted])] = &[
    ("F01-pregnant-man", "death", &[("E", "pregnancy.pregnant")]),
    ("F03-found-future", "birth", &[("E", "found.date")]),
    ("F03-marriage-future", "birth", &[("E", "mother.marriage_date")]),
    (
        "F03-lastbirth-before-mother-born",
        "birth",
        &[("E", "mother.last_live_birth_date")],
    ),
    (
        "F03-marriage-before-mother-born",
        "birth",
        &[("E", "mother.marriage_date")],
    ),
    (
        "F04-name-blank",
        "birth",
        &[("E", "mother.surname"), ("E", "mother.given")],
    ),
    (
        "F04-name-punct",
        "birth",
        &[("E", "mother.surname"), ("E", "mother.given")],
    ),
    (
        "F04-name-unknown-word",
        "birth",
        &[("W", "mother.surname"), ("W", "mother.given")],
    ),
    ("F05-negative-age", "death", &[]),
    ("F06-caesareans", "birth", &[("W", "mother.caesareans_before")]),
    (
        "F06-counts",
        "birth",
        &[
            ("E", "mother.children_living"),
            ("E", "mother.live_births_before"),
        ],
    ),
    ("F07-age-range-vs-born", "death", &[("E", "deceased.age_from")]),
    ("F07-autopsy-no-basis-autopsy", "death", &[("E", "cause.basis")]),
    ("F07-home-caesarean", "birth", &[("W", "birth.delivery")]),
    ("F07-injury-after-death-hour", "death", &[("E", "external.date")]),
];

fn file(name: &str) -> String {
    format!("{}/tests/data/cases/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_small_input_ends_as_it_must() {
    for (name, kind, wanted) in CASES {
        for lang in ["tg", "ru", "en"] {
            let ran = run(ogoh().args([
                "check-event",
                kind,
                "--json",
                "--lang",
                lang,
                "--at",
                "2026-11-26T12:00:00+05:00",
                "--from",
                &file(name),
            ]));
            let found: Vec<Value> = ran.json();
            for (severity, field) in *wanted {
                let is = |f: &&Value| f["severity"] == *severity && f["field"] == *field;
                let finding = found.iter().find(is);
                assert!(finding.is_some(), "{name} {severity} {field}: {}", ran.out);
            }
            if !wanted.is_empty() {
                assert_eq!(ran.code, 1, "{name}");
            }
            // No span below zero in any sentence, no key instead of words.
            for finding in &found {
                let said = finding["message"].as_str().unwrap();
                let below = said.split_whitespace().any(|w| {
                    w.strip_prefix('-')
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                });
                assert!(
                    !below && !said.starts_with("rule-") && !said.contains('{'),
                    "{name}: {said}"
                );
            }
        }
    }
}

#[test]
fn what_must_not_pass_is_not_recorded_either() {
    let ward = WardDevice::new();
    let pass = ward.pass("mehri");
    for (name, kind, wanted) in CASES.iter().filter(|case| !case.2.is_empty()) {
        let ran = ward.ran(&[
            "record",
            kind,
            "--from",
            &file(name),
            "--sign-as",
            "mehri",
            "--passphrase-file",
            &pass,
        ]);
        assert_eq!(ran.code, 1, "{name}: {}", ran.out);
        for (_, field) in *wanted {
            assert!(
                format!("{}{}", ran.out, ran.err).contains(field),
                "{name} {field}: {}",
                ran.out
            );
        }
    }
}
