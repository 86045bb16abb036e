//! Small inputs that passed and must not, at the registry's doors: a ward's delivery, and the registrar's desk.

use chrono::Duration;
use ogoh::seal::Status;
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::world;
use crate::portal_support::*;

/// A case: file, kind, and the fields at which something has to be found.
const CASES: &[(&str, Kind, &[&str])] = &[
    ("F01-pregnant-man", Kind::Death, &["pregnancy.pregnant"]),
    ("F02-cause-text-mode", Kind::Death, &["cause.a.text"]),
    ("F02-cause-text-unknown", Kind::Death, &["cause.a.text"]),
    ("F03-found-future", Kind::Birth, &["found.date"]),
    ("F03-marriage-future", Kind::Birth, &["mother.marriage_date"]),
    (
        "F03-lastbirth-before-mother-born",
        Kind::Birth,
        &["mother.last_live_birth_date"],
    ),
    (
        "F03-marriage-before-mother-born",
        Kind::Birth,
        &["mother.marriage_date"],
    ),
    ("F04-name-punct", Kind::Birth, &["mother.surname", "mother.given"]),
    (
        "F04-name-unknown-word",
        Kind::Birth,
        &["mother.surname", "mother.given"],
    ),
    ("F06-caesareans", Kind::Birth, &["mother.caesareans_before"]),
    (
        "F06-counts",
        Kind::Birth,
        &["mother.children_living", "mother.live_births_before"],
    ),
    ("F07-age-range-vs-born", Kind::Death, &["deceased.age_from"]),
    ("F07-autopsy-no-basis-autopsy", Kind::Death, &["cause.basis"]),
    (
        "F07-home-caesarean",
        Kind::Birth,
        &["birth.delivery", "birth.attendant"],
    ),
    ("F07-injury-after-death-hour", Kind::Death, &["external.date"]),
    ("F08-zcode", Kind::Death, &["cause.a.code"]),
];

/// What a file says, addressed to the office of the tests.
fn body(name: &str) -> Value {
    let path = format!("{}/tests/data/cases/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let body: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    with(body, "office", json!("TJ-DU-01"))
}

#[test]
fn what_a_ward_refuses_is_returned_to_it_by_name() {
    let world = world();
    world.clock.advance(Duration::days(3));
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    for (name, kind, fields) in CASES {
        let doctor = ward.doctor.clone();
        let entry = ward.notice_by(&doctor, *kind, body(name));
        let receipt = ward.deliver(&world, &[&entry]).remove(0);
        assert_eq!(receipt.status, Status::Returned, "{name}: {receipt:?}");
        let field = receipt.problem.and_then(|problem| problem.field).unwrap();
        assert!(fields.contains(&field.as_str()), "{name}: {field}");
    }
    // What every ward counts alike is counted nowhere.
    let numbers = world.statuses().into_values().filter_map(|(_, number)| number);
    assert_eq!(numbers.count(), 0);
}

#[test]
fn what_a_ward_refuses_is_not_taken_at_the_desk_either() {
    let world = world();
    world.clock.advance(Duration::days(3));
    let desk = world.registrar();
    for (name, kind, fields) in CASES {
        let address = format!("/desk/new/{}", kind.code());
        let id = identifier(&desk.get(&address).1);
        let answers = page_fields(&body(name));
        let mut form: Vec<(&str, &str)> = vec![("id", &id)];
        form.extend(
            answers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let (status, page) = desk.send(&address, &form);
        assert_eq!(status, 200, "{name}: {page}");
        assert!(
            fields
                .iter()
                .any(|field| page.contains(&format!("href=\"#{field}\""))),
            "{name}: {page}"
        );
    }
    assert!(world.statuses().is_empty());
}
