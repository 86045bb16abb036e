//! What the portal makes of entries, over real sockets and a real SQLite file.
use super::{world, world_with};
use crate::portal_support::*;
use ogoh::env::Role;
use ogoh::portal::{self, Auto, PortalSettings};
use ogoh::seal::{By, SecretKey, Status};
use ogoh::vital::Kind;
use serde_json::json;

#[test]
fn a_birth_and_a_death_are_registered_with_numbers() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.death(death("Назаров")),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    let why: Vec<_> = receipts.iter().map(|r| r.problem.clone()).collect();
    assert_eq!(
        statuses(&receipts),
        [Status::Received, Status::Registered, Status::Registered],
        "{why:?}"
    );
    assert_eq!(receipts[1].reg_no.as_deref(), Some("TJ-DU-01-2026-B-000001"));
    assert_eq!(receipts[2].reg_no.as_deref(), Some("TJ-DU-01-2026-D-000001"));
    assert!(receipts[1].open.is_empty() && receipts[1].by == By::Auto);
    assert_eq!(receipts.iter().map(|r| r.n).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(
        receipts
            .iter()
            .all(|r| r.head.seq == 3 && r.head.h == entries[2].h)
    );
}

#[test]
fn the_same_bytes_again_get_the_same_receipt_and_no_second_number() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, birth) = (ward.open(), ward.birth(birth("Раҳимова")));
    let first = ward.push(&[&open, &birth, &birth]);
    let again = ward.push(&[&birth, &open]);
    assert_eq!(first[1], first[2]);
    assert_eq!(first[1], again[0]);
    assert_eq!(ward.feed(&world, 0).len(), 2);
}

#[test]
fn what_is_missing_stays_open_and_does_not_keep_from_registering() {
    let world = world();
    let mut ward = world.ward(FAC);
    let unmarried = with(birth("Раҳимова"), "mother.marriage", json!("none"));
    let unmarried = without(unmarried, "mother.marriage_act");
    let unnamed = with(unmarried, "child.given", json!({"not": "yet"}));
    let undocumented = with(unnamed, "mother.document", json!({"not": "yet"}));
    let preliminary = with(death("Назаров"), "death.certificate", json!("preliminary"));
    let preliminary = with(
        preliminary,
        "cause",
        json!({"lang": "tg", "a": {"text": {"not": "yet"}}}),
    );
    let entries = [ward.open(), ward.birth(undocumented), ward.death(preliminary)];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(
        receipts[1].status,
        Status::Registered,
        "{:?}",
        receipts[1].problem
    );
    assert_eq!(receipts[1].open, ["name", "father", "document"]);
    assert_eq!(
        receipts[2].status,
        Status::Registered,
        "{:?}",
        receipts[2].problem
    );
    assert_eq!(receipts[2].open, ["cause"]);
}

#[test]
fn a_faulty_one_is_returned_at_its_field_and_its_neighbours_are_registered() {
    let world = world();
    let mut ward = world.ward(FAC);
    let impossible = with(birth("Каримова"), "mother.born", json!("2026-01-01"));
    let malformed = with(birth("Шарипова"), "birth.weight", json!("3400"));
    let entries = [
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.birth(impossible),
        ward.birth(malformed),
        ward.death(death("Назаров")),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    use Status::{Received, Registered, Returned};
    assert_eq!(
        statuses(&receipts),
        [Received, Registered, Returned, Returned, Registered]
    );
    let problem = receipts[2].problem.clone().unwrap();
    assert_eq!(problem.field.as_deref(), Some("mother.born"));
    assert_eq!(problem.text.keys().collect::<Vec<_>>(), ["en", "ru", "tg"]);
    assert_eq!(code(&receipts[3]), "bad-field");
    assert_eq!(
        receipts[3].problem.as_ref().unwrap().field.as_deref(),
        Some("birth.weight")
    );

    // Corrected, it is judged afresh.
    let corrected = ward.amend(&entries[2], birth("Каримова"));
    let receipt = &ward.deliver(&world, &[&corrected])[0];
    assert_eq!(receipt.status, Status::Registered, "{:?}", receipt.problem);
}

#[test]
fn a_look_alike_is_held_and_the_desk_registers_it() {
    let world = world();
    let mut ward = world.ward(FAC);
    let mut other = world.ward("TJ-DU-BOX-02");
    let first = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &first.each_ref());
    // The same mother, typed without Tajik letters in another facility.
    let again = with(birth("Раҳимова"), "mother.surname", json!("Рахимова"));
    let twice = [other.open(), other.birth(again)];
    let receipts = other.deliver(&world, &twice.each_ref());
    assert_eq!(receipts[1].status, Status::Held);
    assert_eq!(code(&receipts[1]), "look-alike");
    assert_eq!(receipts[1].dup_of.as_deref(), Some(first[1].nid.as_str()));
    assert!(world.lists(&twice[1].h));

    assert!(world.rule(&twice[1].h, &[("act", "accept")]));
    let receipt = other.newest(&world, &twice[1]);
    assert_eq!(receipt.status, Status::Registered);
    assert_eq!(receipt.by, By::Registrar);
    assert_eq!(receipt.reg_no.as_deref(), Some("TJ-DU-01-2026-B-000002"));
    assert!(!world.lists(&twice[1].h));
}

#[test]
fn the_registered_one_is_found_behind_any_number_of_copies() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward("TJ-DU-BOX-02"));
    let entries = [first.open(), first.birth(birth("Раҳимова"))];
    let receipts = first.deliver(&world, &entries.each_ref());
    assert_eq!(receipts[1].status, Status::Registered);
    let open = second.open();
    second.deliver(&world, &[&open]);
    // More than are compared under one key.
    for _ in 0..4 {
        let copies: Vec<_> = (0..80).map(|_| second.birth(birth("Раҳимова"))).collect();
        for receipt in second.deliver(&world, &copies.iter().collect::<Vec<_>>()) {
            assert_eq!((receipt.status, code(&receipt)), (Status::Held, "look-alike"));
            assert_eq!(receipt.dup_of, Some(receipts[1].nid.clone()));
        }
    }
}

#[test]
fn the_desk_returns_at_a_field_and_what_comes_back_is_looked_at_again() {
    let world = world();
    let mut ward = world.ward(FAC);
    let foundling = with(
        birth("x"),
        "mother",
        json!({
            "surname": {"not": "knowable"}, "given": {"not": "knowable"}, "born": {"not": "knowable"},
            "district": {"not": "knowable"}, "marriage": {"not": "yet"}
        }),
    );
    let foundling = with(foundling, "child.surname", json!({"not": "yet"}));
    let foundling = with(
        foundling,
        "found",
        json!({"place": "дари поликлиника", "police_number": "К-1/26"}),
    );
    let found = [ward.open(), ward.birth(without(foundling, "father"))];
    let receipts = ward.deliver(&world, &found.each_ref());
    assert_eq!(code(&receipts[1]), "foundling", "{:?}", receipts[1]);
    let fields = [
        ("act", "return"),
        ("field", "late_reason"),
        ("text", "<b>Кай?</b> & ҷ"),
    ];
    assert!(world.rule(&found[1].h, &fields));
    let receipt = ward.newest(&world, &found[1]);
    assert_eq!((receipt.status, receipt.by), (Status::Returned, By::Registrar));
    let problem = receipt.problem.unwrap();
    assert_eq!(problem.field.as_deref(), Some("late_reason"));
    assert!(problem.text["en"].contains("<b>Кай?</b> & ҷ"));

    let named = ward.amend(&found[1], birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&named])[0];
    assert_eq!((receipt.status, code(receipt)), (Status::Held, "foundling"));
    assert!(world.rule(&named.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &named).status, Status::Registered);
}

#[test]
fn a_form_without_the_pages_own_token_changes_nothing() {
    let world = world();
    let mut ward = world.ward(FAC);
    let war = with(death("Назаров"), "death.manner", json!("pending"));
    let entries = [ward.open(), ward.death(war)];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(code(&receipts[1]), "manner-open");
    let form = [("csrf", "guess"), ("h", entries[1].h.as_str()), ("act", "accept")];
    assert_eq!(world.registrar().send_bare("/desk/entry", &form).0, 403);
    let stranger = agent().post(world.url("/desk/entry")).send_form(form).unwrap();
    assert_eq!(stranger.status(), 303, "is sent to sign in");
    assert_eq!(stranger.headers()["location"], "/sign-in");
    assert_eq!(ward.newest(&world, &entries[1]).status, Status::Held);
}

#[test]
fn categories_that_need_a_human_are_held() {
    let world = world();
    let mut ward = world.ward(FAC);
    let violent = |n: &str| {
        let body = with(death(n), "death.manner", json!("accident"));
        with(
            body,
            "external",
            json!({
                "date": "2026-11-21", "description": "садамаи нақлиётӣ", "place": {"not": "knowable"}
            }),
        )
    };
    let reported = with(violent("Саидов"), "death.police_number", json!("123/2026"));
    let refused = with(birth("Раҳимова"), "mother.born", json!({"not": "refused"}));
    let late = with(death("Каримов"), "death.date", json!("2025-10-01"));
    let late = with(late, "late_reason", json!("роҳ баста буд"));
    let late = with(late, "checked", json!({"C02": "verified"}));
    let entries = [
        ward.open(),
        ward.death(violent("Назаров")),
        ward.death(reported),
        ward.birth(refused),
        ward.death(late),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    let found: Vec<_> = receipts.iter().map(|r| (r.status, code(r).to_owned())).collect();
    let held = |c: &str| (Status::Held, c.to_owned());
    assert_eq!(found[1], held("violent-death"), "{:?}", receipts[1]);
    assert_eq!(found[2], (Status::Registered, String::new()), "{:?}", receipts[2]);
    assert_eq!(found[3], held("mother-refused"), "{:?}", receipts[3]);
    assert_eq!(found[4], held("late"), "{:?}", receipts[4]);
}

#[test]
fn prepared_files_wait_for_the_family_when_the_country_says_so() {
    let world = world_with(PortalSettings {
        auto: Auto::Prepared,
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(
        (receipts[1].status, code(&receipts[1])),
        (Status::Received, "prepared")
    );
    assert_eq!(receipts[1].reg_no, None);
    assert!(world.rule(&entries[1].h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &entries[1]).status, Status::Registered);
}

#[test]
fn unknown_keys_are_held_until_they_are_known_and_revoked_ones_for_a_human() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    let request = world.person_request(&stranger, FAC, "new", Role::Doctor);
    let midwife = world.person(FAC, "midwife", Role::Midwife);
    let open = ward.open();
    let unknown = ward.notice_by(&stranger, Kind::Birth, birth("Раҳимова"));
    let receipts = ward.deliver(&world, &[&open, &unknown]);
    assert_eq!(
        (receipts[1].status, code(&receipts[1])),
        (Status::Held, "unknown-key")
    );
    // A midwife may not certify a death.
    let role = ward.notice_by(&midwife, Kind::Death, death("Назаров"));
    let receipts = ward.deliver(&world, &[&role]);
    assert_eq!(
        (receipts[0].status, code(&receipts[0])),
        (Status::Returned, "role")
    );

    // The key becomes known: what was held for it is judged, in another process too.
    world.enrol(&stranger, &request);
    assert_eq!(ward.newest(&world, &unknown).status, Status::Registered);

    // Revoked: what arrived before stays, what arrives later is held.
    portal::revoke(world.dir(), stranger.public().kid(), world.clock.as_ref()).unwrap();
    let after = ward.notice_by(&stranger, Kind::Birth, birth("Шарипова"));
    let receipts = ward.deliver(&world, &[&after]);
    assert_eq!(
        (receipts[0].status, code(&receipts[0])),
        (Status::Held, "revoked-key")
    );
    assert_eq!(ward.newest(&world, &unknown).status, Status::Registered);
}

#[test]
fn twins_wait_for_each_other_and_are_decided_together() {
    let world = world();
    let mut ward = world.ward(FAC);
    let twin = |set: &str, order: u32| {
        let body = with(birth("Раҳимова"), "birth.plurality", json!(2));
        let body = with(body, "birth.order", json!(order));
        let body = with(body, "birth.weight", json!(2500 + order * 10));
        with(body, "set", json!({"id": set, "order": order, "n": 2}))
    };
    let set = ogoh::env::new_uuid();
    let (open, one, two) = (ward.open(), ward.birth(twin(&set, 1)), ward.birth(twin(&set, 2)));
    let receipts = ward.deliver(&world, &[&open, &one]);
    assert_eq!(receipts[1].status, Status::Received, "{:?}", receipts[1].problem);
    let receipts = ward.deliver(&world, &[&two]);
    assert_eq!(
        receipts[0].status,
        Status::Registered,
        "{:?}",
        receipts[0].problem
    );
    assert_eq!(ward.newest(&world, &one).status, Status::Registered);

    // One that stays alone for a day is for the registrar.
    let set = ogoh::env::new_uuid();
    let lonely = with(twin(&set, 1), "mother.surname", json!("Шарипова"));
    let lonely = with(lonely, "mother.document", json!("А 09999999"));
    let lonely = ward.birth(lonely);
    assert_eq!(ward.deliver(&world, &[&lonely])[0].status, Status::Received);
    world.clock.advance(chrono::Duration::hours(25));
    let mut world = world;
    world.portal = None;
    world.start();
    ward.base = world.url("");
    until("set-incomplete", || {
        ward.newest(&world, &lonely).status == Status::Held
    });
    assert_eq!(code(&ward.newest(&world, &lonely)), "set-incomplete");
}

#[test]
fn a_fault_of_one_twin_returns_that_one_only() {
    let world = world();
    let mut ward = world.ward(FAC);
    let set = ogoh::env::new_uuid();
    let twin = |order: u32, weight: serde_json::Value| {
        let body = with(birth("Раҳимова"), "birth.plurality", json!(2));
        let body = with(body, "birth.order", json!(order));
        let body = with(body, "birth.weight", weight);
        with(body, "set", json!({"id": set, "order": order, "n": 2}))
    };
    let entries = [
        ward.open(),
        ward.birth(twin(1, json!(2500))),
        ward.birth(twin(2, json!(99))),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(
        receipts[1].status,
        Status::Registered,
        "{:?}",
        receipts[1].problem
    );
    assert_eq!(receipts[2].status, Status::Returned);
    let corrected = ward.amend(&entries[2], twin(2, json!(2400)));
    let receipt = &ward.deliver(&world, &[&corrected])[0];
    assert_eq!(receipt.status, Status::Registered, "{:?}", receipt.problem);
}
