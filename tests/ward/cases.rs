//! Small inputs that passed and must not: how each ends at a ward's doors, `check-event` and `record`.

use serde_json::Value;

use crate::support::ward::{WardDevice, birth};
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
    for (name, kind, wanted) in CASES.iter().filter(|case| !case.2.is_empty()) {
        let ran = ward.ran_as(&["record", kind, "--from", &file(name)], "mehri");
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

/// A name of the file and what it holds.
fn checked(ward: &WardDevice, text: &str, more: &[&str]) -> (i32, Vec<Value>) {
    let file = ward.file("event.json", text);
    let mut args = vec!["check-event", "birth", "--from", &file];
    args.extend(more);
    let ran = ward.ran(&args);
    (ran.code, ran.json())
}

#[test]
fn a_fault_has_one_shape_and_broken_json_is_one_fault() {
    let ward = WardDevice::new();
    let shape = [
        "answer", "field", "message", "messages", "pointer", "rule", "severity",
    ];
    let keys = |fault: &Value| fault.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let (code, found) = checked(&ward, "{\"birth\": {\n  \"weight\": ]}", &[]);
    assert_eq!((code, found.len()), (1, 1), "{found:?}");
    assert_eq!(
        (&found[0]["rule"], &found[0]["pointer"]),
        (&"form".into(), &"".into())
    );
    assert!(
        found[0]["messages"]["en"].as_str().unwrap().contains("line 2"),
        "{found:?}"
    );
    // Of form and of rule.
    let mut event = birth("Раҳимзода", "А 01410031");
    event["birth"]["weight"] = "heavy".into();
    event["mother"]["given"] = "?".into();
    let (_, found) = checked(&ward, &event.to_string(), &[]);
    for (field, pointer) in [
        ("birth.weight", "/birth/weight"),
        ("mother.given", "/mother/given"),
    ] {
        let fault = found.iter().find(|f| f["field"] == field).unwrap();
        assert_eq!(keys(fault), shape);
        assert_eq!(fault["pointer"], pointer);
        for lang in ["tg", "ru", "en"] {
            assert!(
                fault["messages"][lang]
                    .as_str()
                    .is_some_and(|said| said.ends_with('.')),
                "{fault}"
            );
        }
    }
    // What is recorded is refused in the same shape.
    let file = ward.file("event.json", &event.to_string());
    let ran = ward.ran_as(&["record", "birth", "--from", &file], "mehri");
    let said = ran.json().pop().unwrap();
    assert_eq!(keys(&said["findings"][0]), shape, "{said}");
}

#[test]
fn a_correction_is_not_held_against_what_it_corrects_and_a_role_is_asked_about() {
    let ward = WardDevice::new();
    let event = birth("Раҳимзода", "А 01410032");
    let signed = ward.sign(&["record", "birth"], &event, "mehri");
    let nid = signed["nid"].as_str().unwrap();
    let rules = |more: &[&str]| {
        let (_, found) = checked(&ward, &event.to_string(), more);
        found
            .iter()
            .map(|f| f["rule"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(rules(&[]).contains(&"C07".to_owned()));
    assert!(!rules(&["--amends", nid]).contains(&"C07".to_owned()));
    assert!(rules(&["--amends", nid, "--role", "clerk"]).contains(&"C06".to_owned()));
    assert!(!rules(&["--amends", nid, "--role", "doctor"]).contains(&"C06".to_owned()));
    let (code, _) = checked(&ward, &event.to_string(), &["--role", "baker"]);
    assert_eq!(code, 2);
}

/// Two mothers of whom nobody knows the document are two.
#[test]
fn a_row_of_zeros_makes_nobody_the_same_person() {
    let ward = WardDevice::new();
    for name in ["F09-zeros-a", "F09-zeros-b"] {
        let ran = ward.ran_as(&["record", "birth", "--from", &file(name)], "mehri");
        assert_eq!(ran.code, 0, "{name}: {}", ran.out);
    }
}
