//! What is believed of keys, revisions, times, receipts and reasons, and what is not.

use chrono::Duration;
use ogoh::env::Role;
use ogoh::portal::PortalSettings;
use ogoh::seal::{EntryType, SecretKey, Status};
use ogoh::vital::Kind;
use serde_json::json;

use super::keys::shift_head;
use super::once::{OTHER, found};
use super::{world, world_with};
use crate::portal_support::*;

#[test]
fn a_first_entry_that_is_held_for_its_key_is_on_the_desk_and_can_be_mended() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, FAC, "new", Role::Doctor);
    let open = ward.open();
    let unknown = ward.notice_by(&stranger, Kind::Birth, birth("Раҳимова"));
    ward.deliver(&world, &[&open, &unknown]);
    assert!(world.lists(&unknown.h));
    assert!(
        !world.rule(&unknown.h, &[("act", "accept")]),
        "nobody answers for a signature"
    );
    assert!(world.rule(&unknown.h, &[("act", "return"), ("text", "калид номаълум аст")]));
    // The doctor of the ward signs it over.
    let mended = ward.amend(&unknown, birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&mended])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    // And it stands once.
    let again = ward.birth(birth("Раҳимова"));
    assert_eq!(ward.deliver(&world, &[&again])[0].status, Status::Held);
}

#[test]
fn a_flood_under_unknown_keys_holds_no_honest_birth() {
    let world = world();
    let (mut rogue, mut honest) = (world.ward(FAC), world.ward(OTHER));
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, FAC, "new", Role::Doctor);
    let mut entries = vec![rogue.open()];
    entries.extend((0..20).map(|_| rogue.notice_by(&stranger, Kind::Birth, birth("Раҳимова"))));
    rogue.deliver(&world, &entries.iter().collect::<Vec<_>>());
    let born = [honest.open(), honest.birth(birth("Раҳимова"))];
    let receipts = honest.deliver(&world, &born.each_ref());
    assert_eq!(receipts[1].status, Status::Registered, "{:?}", receipts[1]);
}

#[test]
fn an_entry_that_nobody_believes_keeps_no_place_from_one_that_is() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, FAC, "new", Role::Doctor);
    let open = ward.open();
    let squatter = ward.notice_by(&stranger, Kind::Birth, birth("Шарипова"));
    let doctor = ward.doctor.clone();
    let genuine = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.body = object(birth("Раҳимова"));
        e.id.clone_from(&squatter.nid);
        e.nid = squatter.nid.clone().into();
    });
    let receipts = ward.deliver(&world, &[&open, &squatter, &genuine]);
    assert_eq!(receipts[1].status, Status::Held);
    assert_eq!(receipts[2].status, Status::Registered, "{:?}", receipts[2]);
}

#[test]
fn a_refused_correction_takes_no_revision() {
    let world = world();
    let mut ward = world.ward(FAC);
    let clerk = world.person(FAC, "clerk", Role::Clerk);
    let bare = without(birth("Раҳимова"), "birth.apgar_5");
    let (open, first) = (ward.open(), ward.birth(bare));
    let doctor = std::mem::replace(&mut ward.doctor, clerk);
    let medical = ward.amend(&first, birth("Раҳимова"));
    ward.doctor = doctor;
    let right = ward.amend(&first, birth("Раҳимова"));
    let receipts = ward.deliver(&world, &[&open, &first, &medical, &right]);
    assert_eq!(found(&receipts[2]), (Status::Returned, "role"));
    assert_ne!(code(&receipts[3]), "rev-conflict", "{:?}", receipts[3]);
}

#[test]
fn a_twin_whose_correction_is_refused_stays_in_its_set() {
    let world = world();
    let mut ward = world.ward(FAC);
    let other = world.person(FAC, "administrator", Role::Administrator);
    let set = ogoh::env::new_uuid();
    let twin = |order: u32| {
        let body = with(birth("Раҳимова"), "birth.plurality", json!(2));
        let body = with(body, "birth.order", json!(order));
        let body = with(body, "birth.weight", json!(2400 + 40 * order));
        with(body, "set", json!({"id": set, "order": order, "n": 2}))
    };
    let (open, one) = (ward.open(), ward.birth(twin(1)));
    let doctor = std::mem::replace(&mut ward.doctor, other);
    let refused = ward.amend(&one, twin(1));
    ward.doctor = doctor;
    let two = ward.birth(twin(2));
    let receipts = ward.deliver(&world, &[&open, &one, &refused, &two]);
    assert_eq!(found(&receipts[2]), (Status::Returned, "role"));
    for entry in [&one, &two] {
        assert_eq!(ward.newest(&world, entry).status, Status::Registered);
    }
}

#[test]
fn a_first_entry_is_the_first_revision_of_its_own_notification() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    let elsewhere = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.nid = ogoh::env::new_uuid().into();
        e.body = object(birth("Раҳимова"));
    });
    let fifth = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.rev = 5;
        e.body = object(birth("Шарипова"));
    });
    let receipts = ward.deliver(&world, &[&open, &elsewhere, &fifth]);
    for (receipt, field) in receipts[1..].iter().zip(["nid", "rev"]) {
        assert_eq!(found(receipt), (Status::Returned, "bad-field"), "{receipt:?}");
        assert_eq!(receipt.problem.as_ref().unwrap().field.as_deref(), Some(field));
    }
}

#[test]
fn a_time_that_nothing_bears_out_is_looked_at_once_for_a_journal() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let backdated = |ward: &mut Ward, surname: &str, days: i64| {
        let then = world.now() - Duration::days(days);
        let body = with(birth(surname), "birth.date", json!(then.date_naive().to_string()));
        ward.sign(&doctor, |e| {
            e.t = EntryType::Notice(Kind::Birth);
            e.rec = then + Duration::hours(12);
            e.body = object(body);
        })
    };
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    world.clock.advance(Duration::minutes(30));
    let (hundred, three) = (
        backdated(&mut ward, "Раҳимова", 100),
        backdated(&mut ward, "Шарипова", 300),
    );
    for receipt in ward.deliver(&world, &[&hundred, &three]) {
        assert_eq!(found(&receipt), (Status::Held, "time-unproven"), "{receipt:?}");
    }
    // One ruling for the journal and what it has delivered by then.
    assert!(world.rule(&hundred.h, &[("act", "accept")]));
    for entry in [&hundred, &three] {
        assert_eq!(ward.newest(&world, entry).status, Status::Registered);
    }
    let analyst = world.signed_in("analyst", "analyst", "");
    let page = analyst.get("/monitor?month=2026-08").1;
    assert!(!page.contains("signed_in_time"), "{page}");
    world.clock.advance(Duration::minutes(30));
    let later = backdated(&mut ward, "Ҳакимова", 200);
    assert_eq!(
        found(&ward.deliver(&world, &[&later])[0]),
        (Status::Held, "time-unproven")
    );
}

#[test]
fn a_ward_that_was_without_a_network_for_long_is_believed() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    world.clock.advance(Duration::days(1));
    let body = with(
        birth("Раҳимова"),
        "birth.date",
        json!(world.now().date_naive().to_string()),
    );
    let born = ward.birth(with(body, "birth.time", json!("01:10")));
    world.clock.advance(Duration::days(100));
    let receipt = &ward.deliver(&world, &[&born])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
}

#[test]
fn a_receipt_is_for_the_facility_whose_entry_it_is() {
    let world = world();
    let (mut first, second) = (world.ward(FAC), world.ward(OTHER));
    let entries = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &entries.each_ref());
    for answer in second.push(&entries.each_ref()) {
        assert_eq!(problem_of(&answer).code, "foreign-journal");
    }
}

#[test]
fn after_a_certificate_the_ward_asks_and_two_registrars_annul() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let doctor = ward.doctor.clone();
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let record = format!("/desk/record/{}", entries[1].nid);
    let issue = [("act", "issue"), ("number", "I-ТҶ 1"), ("date", "2026-11-23")];
    world.registrar().send(&record, &issue);
    let void = ward.void_by(&entries[1], &doctor);
    let attest = ward.attest_by(&void, &head);
    ward.deliver(&world, &[&void, &attest]);
    assert_eq!(ward.newest(&world, &void).status, Status::AnnulmentPending);
    assert!(world.rule(&void.h, &[("act", "accept")]));
    assert_eq!(
        found(&ward.newest(&world, &void)),
        (Status::AnnulmentPending, "second-registrar")
    );
    assert!(!world.rule(&void.h, &[("act", "accept")]), "the same one twice");
    let second = world.signed_in("second", "registrar", "TJ-DU-01");
    let (_, to) = second.send("/desk/entry", &[("h", void.h.as_str()), ("act", "accept")]);
    assert!(to.ends_with("desk-done"), "{to}");
    assert_eq!(ward.newest(&world, &void).status, Status::Voided);
}

#[test]
fn a_reason_says_something() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let record = format!("/desk/record/{}", entries[1].nid);
    for text in ["-", "...", "", "1"] {
        let (_, to) = world
            .registrar()
            .send(&record, &[("act", "annul"), ("text", text)]);
        assert!(to.ends_with("desk-reason-missing"), "{text}: {to}");
    }
    assert_eq!(ward.newest(&world, &entries[1]).status, Status::Registered);
}

#[test]
fn a_retired_receipt_key_registers_nothing_of_a_stranger() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    let receipts = ward.deliver(&world, &entries.each_ref());
    let old = std::fs::read_to_string(world.dir().join("receipt.key")).unwrap();
    world.clock.advance(Duration::minutes(5));
    ogoh::portal::rotate(world.dir(), ogoh::seal::KeyUse::Receipt, world.clock.as_ref()).unwrap();
    world.restart();
    ward.base = world.url("");
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, FAC, "ghost", Role::Doctor);
    let ghost = ward.notice_by(&stranger, Kind::Birth, birth("Шарипова"));
    let own = ward.birth(birth("Ҳакимова"));
    let forge = |of: &Signed, number: &str| {
        let mut receipt = receipts[1].clone();
        receipt.n += 100;
        receipt.nid = of.nid.clone().into();
        receipt.id = of.nid.clone();
        receipt.nh = of.h.clone().into();
        receipt.seq = ward.seq;
        receipt.by = ogoh::seal::By::Registrar;
        receipt.reg_no = Some(number.to_owned());
        receipt
            .seal(&ogoh::seal::SecretKey::from_text(old.trim()).unwrap())
            .unwrap()
    };
    for (entry, number) in [
        (&ghost, "TJ-DU-01-2026-B-000777"),
        (&ghost, "TJ-DU-01-2026-B-000001"),
        (&own, "TJ-DU-01-2026-B-000777"),
        (&own, "TJ-DU-01-2026-B-000001"),
    ] {
        let lines = format!(
            "{}\n{}\n",
            ogoh::wire::jws_line(&forge(entry, number)),
            ogoh::wire::jws_line(&entry.jws)
        );
        let (status, body) = ward.post(lines);
        assert_eq!(status, 200, "{body}");
    }
    let newest = ward.newest(&world, &ghost);
    assert_eq!((newest.status, newest.reg_no), (Status::Held, None));
    let newest = ward.newest(&world, &own);
    assert_eq!(newest.reg_no.as_deref(), Some("TJ-DU-01-2026-B-000002"));
}

#[test]
fn where_an_office_has_one_registrar_the_regions_office_confirms() {
    let mut settings = PortalSettings::default();
    let registration = &mut settings.registration;
    registration
        .confirmed_by
        .insert("TJ-DU-01".into(), "TJ-DU-02".into());
    let world = world_with(settings);
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let (nid, h) = (&entries[1].nid, entries[1].h.as_str());
    let record = format!("/desk/record/{nid}");
    let registrar = world.registrar();
    registrar.send(
        &record,
        &[("act", "issue"), ("number", "I-ТҶ 1"), ("date", "2026-11-23")],
    );
    let region = world.signed_in("region", "registrar", "TJ-DU-02");
    let confirm = [("h", h), ("act", "accept")];
    assert!(
        !region.send("/desk/entry", &confirm).1.ends_with("desk-done"),
        "nobody asked"
    );
    registrar.send(&record, &[("act", "annul"), ("text", "ду бор навишта шуд")]);
    assert!(region.get("/desk").1.contains(h));
    assert!(region.send("/desk/entry", &confirm).1.ends_with("desk-done"));
    assert_eq!(ward.newest(&world, &entries[1]).status, Status::Voided);
}

#[test]
fn a_line_that_a_reader_would_not_see_whole_is_refused() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [
        ward.open(),
        ward.death(with(death("Назаров"), "death.manner", json!("pending"))),
    ];
    ward.deliver(&world, &entries.each_ref());
    for text in [
        "хато\nregistered TJ-DU-01",
        "хато\u{202e}ислоҳ",
        "ха\u{ad}то ҳаст",
        "хато\u{2028}ислоҳ",
    ] {
        assert!(
            !world.rule(&entries[1].h, &[("act", "return"), ("text", text)]),
            "{text:?}"
        );
    }
    assert!(world.rule(&entries[1].h, &[("act", "return"), ("text", "сабаби марг?")]));
}

#[test]
fn a_tally_that_counts_nothing_is_sent_back() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    let tally = ward.sign(&doctor, |e| {
        e.t = EntryType::Tally;
        e.body = object(json!({"month": "2026-10", "births": 4}));
    });
    let receipts = ward.deliver(&world, &[&open, &tally]);
    assert_eq!(found(&receipts[1]), (Status::Returned, "bad-field"));
}
