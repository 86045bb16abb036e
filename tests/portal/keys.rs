//! Keys that colleagues give each other at night, and keys that somebody stole.

use ogoh::env::Role;
use ogoh::portal;
use ogoh::seal::{EntryType, SecretKey, Status, countersign, key_body};
use serde_json::json;

use crate::portal_support::*;

/// An entry that gives `usr` the key `new`, signed by `by`.
fn given(world: &World, ward: &mut Ward, by: &SecretKey, usr: &str, new: &SecretKey) -> Signed {
    let mut own = world.person_request(new, FAC, usr, Role::Doctor);
    own.name = Some("Қосимова Меҳринисо".into());
    let request = countersign(&own.seal(new).unwrap(), by).unwrap();
    ward.sign(by, |e| {
        e.t = EntryType::Key;
        e.usr = "head".into();
        e.body = key_body(usr, &request);
    })
}

fn shift_head(world: &World) -> SecretKey {
    let key = SecretKey::generate().unwrap();
    let mut request = world.person_request(&key, FAC, "head", Role::ShiftHead);
    request.name = Some("Раҳимзода Сафар".into());
    world.enrol(&key, &request);
    key
}

fn waiting(world: &World, new: &SecretKey) -> Option<portal::EnrolmentRow> {
    let rows = portal::enrolments(world.dir()).unwrap();
    rows.into_iter().find(|row| row.kid == new.public().kid())
}

#[test]
fn what_a_new_key_signs_waits_under_both_names_and_is_registered_once_confirmed() {
    let world = World::new();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let new = SecretKey::generate().unwrap();
    let open = ward.open();
    let key = given(&world, &mut ward, &head, "doctor", &new);
    let kind = ogoh::vital::Kind::Birth;
    let signed = ward.notice_by(&new, kind, birth("Раҳимова"));
    let before = ward.birth(birth("Бобоева"));
    let receipts = ward.deliver(&world, &[&open, &key, &signed, &before]);
    assert_eq!(
        statuses(&receipts),
        [
            Status::Received,
            Status::Received,
            Status::Held,
            Status::Registered
        ],
        "what the old key signed still counts"
    );
    let why = receipts[2].problem.as_ref().unwrap();
    assert_eq!(why.code, "key-unconfirmed");
    for lang in ["tg", "ru", "en"] {
        assert!(
            why.text[lang].contains("Қосимова Меҳринисо") && why.text[lang].contains("Раҳимзода Сафар"),
            "{}",
            why.text[lang]
        );
    }
    let row = waiting(&world, &new).unwrap();
    assert_eq!(
        (row.given_by.as_str(), row.countersigned),
        ("Раҳимзода Сафар", false)
    );
    assert_eq!(row.fingerprint, new.public().fingerprint());

    portal::approve(world.dir(), &row.id, world.clock.as_ref()).unwrap();
    let receipt = ward.newest(&world, &signed);
    assert_eq!(receipt.status, Status::Registered, "{:?}", receipt.problem);
    // Once: the same bytes again change nothing.
    let again = ward.deliver(&world, &[&signed]);
    assert_eq!(again[0].reg_no, receipt.reg_no);
}

#[test]
fn what_came_before_its_key_entry_is_told_why_it_waits() {
    let world = World::new();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let new = SecretKey::generate().unwrap();
    let open = ward.open();
    let key = given(&world, &mut ward, &head, "doctor", &new);
    let signed = ward.notice_by(&new, ogoh::vital::Kind::Birth, birth("Раҳимова"));
    let receipts = ward.deliver(&world, &[&open, &signed]);
    assert_eq!(code(&receipts[1]), "unknown-key");
    ward.deliver(&world, &[&key]);
    let receipt = ward.newest(&world, &signed);
    assert_eq!(
        (receipt.status, code(&receipt)),
        (Status::Held, "key-unconfirmed")
    );
}

#[test]
fn a_key_is_given_by_a_shift_head_over_its_own_signature_and_to_somebody_else() {
    let world = World::new();
    let mut ward = world.ward(FAC);
    let (head, other) = (shift_head(&world), world.person(FAC, "other", Role::ShiftHead));
    let stranger = world.person("TJ-DU-BOX-02", "stranger", Role::ShiftHead);
    let new = SecretKey::generate().unwrap();
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let doctor = ward.doctor.clone();
    let by_doctor = given(&world, &mut ward, &doctor, "mehri", &new);
    let to_itself = given(&world, &mut ward, &head, "head", &new);
    let by_stranger = given(&world, &mut ward, &stranger, "mehri", &new);
    // Somebody else's countersignature under one's own name.
    let own = world
        .person_request(&new, FAC, "mehri", Role::Doctor)
        .seal(&new)
        .unwrap();
    let borrowed = countersign(&own, &other).unwrap();
    let borrowed = ward.sign(&head, |e| {
        e.t = EntryType::Key;
        e.usr = "head".into();
        e.body = key_body("mehri", &borrowed);
    });
    let bare = ward.sign(&head, |e| {
        e.t = EntryType::Key;
        e.body = object(json!({"what": "new", "usr": "mehri"}));
    });
    let entries = [&by_doctor, &to_itself, &by_stranger, &borrowed, &bare];
    let receipts = ward.deliver(&world, &entries);
    let found: Vec<_> = receipts.iter().map(|r| (r.status, code(r))).collect();
    assert_eq!(
        found,
        [
            (Status::Returned, "role"),
            (Status::Returned, "bad-field"),
            (Status::Held, "foreign-key"),
            (Status::Returned, "bad-field"),
            (Status::Returned, "bad-field"),
        ]
    );
    assert!(waiting(&world, &new).is_none());
}
