//! Keys that colleagues give each other at night, and keys that somebody stole.

use chrono::Duration;
use ogoh::env::Role;
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::{EntryType, SecretKey, Status, Suspension, countersign, key_body, suspension_body};
use serde_json::json;

use super::{world, world_with};
use crate::portal_support::*;

/// An entry that gives `usr` the key `new`, signed by `by`.
fn given(world: &World, ward: &mut Ward, by: &SecretKey, usr: &str, new: &SecretKey) -> Signed {
    let mut own = world.person_request(new, FAC, usr, Role::Doctor);
    own.name = Some("Қосимова Меҳринисо".into());
    let request = countersign(&own.seal(new).unwrap(), by).unwrap();
    ward.sign(by, |e| {
        e.t = EntryType::Key;
        e.body = key_body(usr, &request);
    })
}

pub fn shift_head(world: &World) -> SecretKey {
    let key = SecretKey::generate().unwrap();
    let mut request = world.person_request(&key, FAC, "head", Role::ShiftHead);
    request.name = Some("Раҳимзода Сафар".into());
    world.enrol(&key, &request);
    key
}

pub fn waiting(world: &World, new: &SecretKey) -> Option<portal::EnrolmentRow> {
    let rows = portal::enrolments(world.dir(), world.clock.as_ref()).unwrap();
    rows.into_iter().find(|row| row.kid == new.public().kid())
}

#[test]
fn a_colleague_brings_no_name_that_a_reader_does_not_see_whole_and_keeps_nothing_else_out() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let new = SecretKey::generate().unwrap();
    let mut own = world.person_request(&new, FAC, "mehri", Role::Doctor);
    own.name = Some("Қосимова\u{2028}Меҳринисо".into());
    let request = countersign(&own.seal(&new).unwrap(), &head).unwrap();
    let open = ward.open();
    let key = ward.sign(&head, |e| {
        e.t = EntryType::Key;
        e.body = key_body("mehri", &request);
    });
    let born = ward.birth(birth("Раҳимова"));
    let receipts = ward.deliver(&world, &[&open, &key, &born]);
    assert_eq!(
        statuses(&receipts),
        [Status::Received, Status::Returned, Status::Registered]
    );
    assert_eq!(code(&receipts[1]), "bad-field");
    assert!(waiting(&world, &new).is_none());
}

#[test]
fn what_a_new_key_signs_waits_under_both_names_and_is_registered_once_confirmed() {
    let world = world();
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
    // The desk names the event in words, although no notification stands behind it yet.
    let desk = world.registrar().get("/desk?lang=tg").1;
    let page = world
        .registrar()
        .get(&format!("/desk/entry/{}?lang=tg", signed.h))
        .1;
    assert!(desk.contains(">Таваллуд<") && !desk.contains(">birth<"), "{desk}");
    assert!(page.contains("<h1>Таваллуд</h1>"), "{page}");

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
    let world = world();
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
    let world = world();
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

#[test]
fn where_it_takes_two_a_key_that_one_gave_is_not_approved() {
    let mut settings = PortalSettings::default();
    settings.limits.keys_by_two = true;
    let world = world_with(settings);
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let second = world.person(FAC, "second", Role::Midwife);
    let stranger = world.person("TJ-DU-BOX-02", "stranger", Role::ShiftHead);
    let old = ward.doctor.clone();
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let approve = |row: &portal::EnrolmentRow| portal::approve(world.dir(), &row.id, world.clock.as_ref());
    let mut give = |new: &SecretKey, by: Option<&SecretKey>| {
        let own = world
            .person_request(new, FAC, "doctor", Role::Doctor)
            .seal(new)
            .unwrap();
        let own = by.map_or(own.clone(), |by| countersign(&own, by).unwrap());
        let request = countersign(&own, &head).unwrap();
        let entry = ward.sign(&head, |e| {
            e.t = EntryType::Key;
            e.body = key_body("doctor", &request);
        });
        let receipts = ward.deliver(&world, &[&entry]);
        assert_eq!(receipts[0].status, Status::Received, "{:?}", receipts[0].problem);
        waiting(&world, new).unwrap()
    };
    for by in [None, Some(&head), Some(&stranger)] {
        let row = give(&SecretKey::generate().unwrap(), by);
        assert_eq!(row.second_by, "");
        assert!(matches!(approve(&row), Err(portal::PortalError::SecondMissing)));
    }
    // Whoever gets the key is no second either.
    let row = give(&SecretKey::generate().unwrap(), Some(&old));
    assert!(matches!(approve(&row), Err(portal::PortalError::SecondMissing)));
    let new = SecretKey::generate().unwrap();
    let row = give(&new, Some(&second));
    assert_eq!(
        (row.given_by.as_str(), row.second_by.as_str()),
        ("Раҳимзода Сафар", "Табиб")
    );
    approve(&row).unwrap();
    assert!(world.trust().find(new.public().kid()).is_some());
}

#[test]
fn what_a_suspended_key_signs_is_held_from_then_on_until_the_facility_resumes_it() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let stranger = world.person("TJ-DU-BOX-02", "stranger", Role::Doctor);
    let doctor = ward.doctor.clone();
    let say = |ward: &mut Ward, by: &SecretKey, usr: &str, key: &SecretKey, suspended| {
        let says = match suspended {
            true => Suspension::Begins,
            false => Suspension::Ends {
                heard: first_epoch(0),
            },
        };
        let body = suspension_body(usr, key.public().kid(), says);
        ward.sign(by, |e| {
            e.t = EntryType::Key;
            e.body = body;
        })
    };
    let entries = [
        ward.open(),
        // Somebody else's, one's own, and by whom the policy does not name.
        say(&mut ward, &head, "stranger", &stranger, true),
        say(&mut ward, &head, "head", &head, true),
        say(&mut ward, &doctor, "head", &head, true),
        // Signed before, though it arrives with the suspension.
        ward.birth(birth("Раҳимова")),
        say(&mut ward, &head, "doctor", &doctor, true),
    ];
    // Keys go ahead of all else.
    let [open, others, own, by_doctor, before, suspended] = &entries;
    let receipts = ward.deliver(&world, &[open, others, own, by_doctor, suspended, before]);
    let found: Vec<_> = receipts.iter().map(|r| (r.status, code(r))).collect();
    assert_eq!(
        found[1..],
        [
            (Status::Returned, "bad-field"),
            (Status::Returned, "bad-field"),
            (Status::Returned, "role"),
            (Status::Received, ""),
            (Status::Registered, ""),
        ]
    );
    world.clock.advance(Duration::minutes(1));
    let after = ward.birth(birth("Бобоева"));
    let receipts = ward.deliver(&world, &[&after]);
    assert_eq!(
        (receipts[0].status, code(&receipts[0])),
        (Status::Held, "key-suspended")
    );
    let resumed = say(&mut ward, &head, "doctor", &doctor, false);
    ward.deliver(&world, &[&resumed]);
    let again = ward.birth(birth("Зоирова"));
    assert_eq!(ward.deliver(&world, &[&again])[0].status, Status::Registered);
    // What was held is a registrar's to decide.
    assert_eq!(ward.newest(&world, &after).status, Status::Held);
}

#[test]
fn a_suspension_ends_every_key_of_that_person_here() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let old = ward.doctor.clone();
    let [new, waits] = [SecretKey::generate().unwrap(), SecretKey::generate().unwrap()];
    world.enrol(&new, &world.person_request(&new, FAC, "doctor", Role::Doctor));
    let open = ward.open();
    // One more was given last night, and nobody has confirmed it.
    let given = given(&world, &mut ward, &head, "doctor", &waits);
    let body = suspension_body("doctor", waits.public().kid(), Suspension::Begins);
    let suspended = ward.sign(&head, |e| {
        e.t = EntryType::Key;
        e.body = body;
    });
    let receipts = ward.deliver(&world, &[&open, &given, &suspended]);
    assert_eq!(receipts[2].status, Status::Received, "{:?}", receipts[2].problem);
    world.clock.advance(Duration::minutes(1));
    let row = waiting(&world, &waits).unwrap();
    portal::approve(world.dir(), &row.id, world.clock.as_ref()).unwrap();
    let kind = ogoh::vital::Kind::Birth;
    for (key, name) in [(&old, "Раҳимова"), (&new, "Бобоева"), (&waits, "Зоирова")] {
        let signed = ward.notice_by(key, kind, birth(name));
        let receipt = ward.deliver(&world, &[&signed]).pop().unwrap();
        assert_eq!(
            (receipt.status, code(&receipt)),
            (Status::Held, "key-suspended"),
            "{name}"
        );
    }
}

#[test]
fn a_resume_ends_no_suspension_of_which_its_device_could_not_know() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let doctor = ward.doctor.clone();
    let mut apart = world.device(FAC, &doctor);
    let say = |ward: &mut Ward, says| {
        let body = suspension_body("doctor", doctor.public().kid(), says);
        ward.sign(&head, |e| {
            e.t = EntryType::Key;
            e.body = body;
        })
    };
    // Suspended and resumed on a machine that hears nothing; meanwhile suspended on another, whichever of
    // the two suspensions comes first.
    let early = [apart.open(), say(&mut apart, Suspension::Begins)];
    let later = [ward.open(), say(&mut ward, Suspension::Begins)];
    apart.deliver(&world, &early.each_ref());
    let told = ward.deliver(&world, &later.each_ref());
    assert_eq!(told[1].status, Status::Received);
    let resumed = say(
        &mut apart,
        Suspension::Ends {
            heard: first_epoch(0),
        },
    );
    let receipt = apart.deliver(&world, &[&resumed]).pop().unwrap();
    assert_eq!(
        (receipt.status, code(&receipt)),
        (Status::Returned, "suspended-since")
    );
    world.clock.advance(Duration::minutes(1));
    let held = ward.birth(birth("Раҳимова"));
    assert_eq!(code(&ward.deliver(&world, &[&held])[0]), "key-suspended");
    // It has heard of the other by now.
    let heard = told[1].n;
    let again = [
        say(
            &mut apart,
            Suspension::Ends {
                heard: first_epoch(heard - 1),
            },
        ),
        say(
            &mut apart,
            Suspension::Ends {
                heard: first_epoch(heard),
            },
        ),
    ];
    let receipts = apart.deliver(&world, &again.each_ref());
    assert_eq!(statuses(&receipts), [Status::Returned, Status::Received]);
    let after = ward.birth(birth("Зоирова"));
    assert_eq!(ward.deliver(&world, &[&after])[0].status, Status::Registered);
}
