//! What is reported again: registered once, and never lost, whatever else speaks against one of the reports.

use ogoh::env::Role;
use ogoh::seal::{EntryType, Receipt, SecretKey, Status, Suspension, suspension_body};
use ogoh::vital::Kind;
use serde_json::json;

use super::keys::shift_head;
use super::world;
use crate::portal_support::*;

fn found(receipt: &Receipt) -> (Status, &str, Option<&str>) {
    (receipt.status, code(receipt), receipt.dup_of.as_deref())
}

#[test]
fn what_is_held_for_another_reason_shows_what_it_resembles() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward("TJ-DU-BOX-02"));
    let late = |body| {
        let body = with(body, "death.date", json!("2025-10-01"));
        let body = with(body, "late_reason", json!("роҳ баста буд"));
        with(body, "checked", json!({"C02": "verified"}))
    };
    let entries = [first.open(), first.death(late(death("Каримов")))];
    let receipts = first.deliver(&world, &entries.each_ref());
    assert_eq!(found(&receipts[1]), (Status::Held, "late", None));
    assert!(world.rule(&entries[1].h, &[("act", "accept")]));
    let again = [second.open(), second.death(late(death("Каримов")))];
    let receipts = second.deliver(&world, &again.each_ref());
    assert_eq!(
        found(&receipts[1]),
        (Status::Held, "late", Some(entries[1].nid.as_str()))
    );

    // Held without a name; with the name it is found out, and found.
    let nameless = with(birth("Раҳимова"), "mother.born", json!({"not": "refused"}));
    let nameless = with(nameless, "mother.document", json!({"not": "refused"}));
    let nameless = with(nameless, "mother.surname", json!({"not": "refused"}));
    let held = second.birth(with(nameless, "mother.given", json!({"not": "refused"})));
    let known = first.birth(birth("Раҳимова"));
    assert_eq!(first.deliver(&world, &[&known])[0].status, Status::Registered);
    assert_eq!(second.deliver(&world, &[&held])[0].status, Status::Held);
    let named = second.amend(&held, birth("Раҳимова"));
    let receipt = second.deliver(&world, &[&named]).pop().unwrap();
    assert_eq!(
        (receipt.status, receipt.dup_of.as_deref()),
        (Status::Held, Some(known.nid.as_str()))
    );
}

#[test]
fn a_duplicate_of_what_is_annulled_is_looked_at_again() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward("TJ-DU-BOX-02"));
    let wrong = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &wrong.each_ref());
    let again = [
        second.open(),
        second.birth(birth("Раҳимова")),
        second.birth(birth("Раҳимова")),
    ];
    second.deliver(&world, &again.each_ref());
    let duplicate = [("act", "duplicate"), ("of", wrong[1].nid.as_str())];
    assert!(world.rule(&again[1].h, &duplicate));
    assert_eq!(second.newest(&world, &again[1]).status, Status::Duplicate);

    let (doctor, head) = (first.doctor.clone(), shift_head(&world));
    let void = first.void_by(&wrong[1], &doctor);
    first.deliver(&world, &[&void]);
    // Not of one that is about to go.
    assert!(!world.rule(&again[2].h, &duplicate));
    let attest = first.attest_by(&void, &head);
    first.deliver(&world, &[&attest]);
    assert_eq!(first.newest(&world, &void).status, Status::Voided);
    assert!(!world.rule(&again[2].h, &duplicate));
    let receipt = second.newest(&world, &again[1]);
    assert_eq!(
        (receipt.status, code(&receipt)),
        (Status::Held, "original-annulled")
    );
    assert!(world.rule(&again[1].h, &[("act", "accept")]));
    assert!(second.newest(&world, &again[1]).reg_no.is_some());
}

#[test]
fn a_wrong_day_a_wrong_digit_or_a_made_up_twin_gets_no_second_number() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward("TJ-DU-BOX-02"));
    let entries = [
        first.open(),
        first.birth(birth("Раҳимова")),
        first.death(death("Каримов")),
    ];
    let receipts = first.deliver(&world, &entries.each_ref());
    assert!(receipts[1..].iter().all(|r| r.status == Status::Registered));
    let opened = second.open();
    second.deliver(&world, &[&opened]);
    let digit = |body: &serde_json::Value, at: &str| {
        let mut number = body.pointer(at).unwrap().as_str().unwrap().to_owned();
        let last = number.pop().unwrap().to_digit(10).unwrap();
        format!("{number}{}", (last + 1) % 10)
    };
    let of_birth = |day: &str, document: serde_json::Value| {
        let body = with(birth("Раҳимова"), "birth.date", json!(day));
        second_spelling(with(body, "mother.document", document), "mother")
    };
    let of_death = |day: &str, document: serde_json::Value| {
        let body = with(death("Каримов"), "death.date", json!(day));
        second_spelling(with(body, "deceased.document", document), "deceased")
    };
    let wrong = [
        json!(digit(&birth("Раҳимова"), "/mother/document")),
        json!({"not": "yet"}),
    ];
    for document in &wrong {
        for day in ["2026-11-19", "2026-11-12", "2026-10-27"] {
            let again = second.birth(of_birth(day, document.clone()));
            let receipt = second.deliver(&world, &[&again]).pop().unwrap();
            assert_eq!(receipt.dup_of.as_deref(), Some(entries[1].nid.as_str()), "{day}");
            assert_eq!(receipt.status, Status::Held);
        }
    }
    let wrong = [
        json!(digit(&death("Каримов"), "/deceased/document")),
        json!({"not": "yet"}),
    ];
    for document in &wrong {
        for day in ["2026-11-18", "2026-11-12", "2026-10-27"] {
            let again = second.death(of_death(day, document.clone()));
            let receipt = second.deliver(&world, &[&again]).pop().unwrap();
            assert_eq!(receipt.dup_of.as_deref(), Some(entries[2].nid.as_str()), "{day}");
            assert_eq!(receipt.status, Status::Held);
        }
    }
    // The second of two, where whoever reported the first knows of one alone.
    let twin = with(birth("Раҳимова"), "birth.plurality", json!(2));
    let twin = with(with(twin, "birth.order", json!(2)), "birth.time", json!("10:59"));
    let twin = with(
        twin,
        "checked",
        json!({"B12": "verified", "B13": "verified", "B14": "verified"}),
    );
    let twin = second.birth(with(twin, "child.sex", json!("male")));
    let receipt = second.deliver(&world, &[&twin]).pop().unwrap();
    assert_eq!(receipt.reg_no, None, "{receipt:?}");
    assert_eq!(
        receipt.dup_of.as_deref(),
        Some(entries[1].nid.as_str()),
        "{receipt:?}"
    );
}

/// As another facility writes it: other letters, a name less.
fn second_spelling(body: serde_json::Value, who: &str) -> serde_json::Value {
    let body = with(body, &format!("{who}.patronymic"), json!({"not": "yet"}));
    with(body, &format!("{who}.address"), json!("деҳаи Навобод 7"))
}

#[test]
fn an_event_of_which_the_month_is_known_is_found_on_any_of_its_days() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward("TJ-DU-BOX-02"));
    let vague = with(death("Каримов"), "death.date", json!("2026-11"));
    let vague = with(vague, "death.time", json!({"not": "knowable"}));
    let entries = [first.open(), first.death(vague)];
    let receipts = first.deliver(&world, &entries.each_ref());
    assert_ne!(receipts[1].status, Status::Returned, "{:?}", receipts[1].problem);
    let exact = [
        second.open(),
        second.death(with(death("Каримов"), "death.date", json!("2026-11-20"))),
    ];
    let receipts = second.deliver(&world, &exact.each_ref());
    assert_eq!(
        found(&receipts[1]),
        (Status::Held, "look-alike", Some(entries[1].nid.as_str()))
    );
}

#[test]
fn a_signature_means_the_person_whose_name_it_bears() {
    let world = world();
    let mut ward = world.ward(FAC);
    shift_head(&world);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    let signed = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.usr = "head".into();
        e.body = object(birth("Раҳимова"));
    });
    let receipts = ward.deliver(&world, &[&open, &signed]);
    assert_eq!(
        (receipts[1].status, code(&receipts[1])),
        (Status::Held, "foreign-name")
    );
}

#[test]
fn a_forged_signature_is_told_apart_once_its_key_is_known() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (waits, liar) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
    let request = world.person_request(&waits, FAC, "new", Role::Doctor);
    let open = ward.open();
    let mut signed = ward.notice_by(&waits, Kind::Birth, birth("Раҳимова"));
    // The header of the one, the signature of the other.
    let (text, _) = signed.jws.rsplit_once('.').unwrap();
    let other = ward.sign(&liar, |_| {}).jws;
    signed.jws = format!("{text}.{}", other.rsplit_once('.').unwrap().1);
    signed.h = ogoh::seal::hash(&signed.jws);
    let receipts = ward.deliver(&world, &[&open, &signed]);
    assert_eq!(code(&receipts[1]), "unknown-key");
    world.enrol(&waits, &request);
    let receipt = ward.newest(&world, &signed);
    assert_eq!(
        (receipt.status, code(&receipt)),
        (Status::Held, "wrong-signature")
    );
    assert!(!world.rule(&signed.h, &[("act", "accept")]));
}

#[test]
fn a_journal_is_continued_within_its_facility_alone() {
    let world = world();
    let mut honest = world.ward(FAC);
    let mut rogue = world.ward("TJ-DU-BOX-02");
    let open = honest.open();
    honest.deliver(&world, &[&open]);
    let (device, jid, dev) = (
        rogue.device.clone(),
        honest.jid.clone(),
        honest.device.public().kid().to_owned(),
    );
    let claims = rogue.sign(&device, |e| {
        e.usr = e.dev.clone();
        e.role = Role::Device;
        e.body = object(json!({"device": e.dev, "facility": e.fac, "continues": jid}));
    });
    let junk = rogue.sign(&device, |e| {
        (e.jid, e.dev) = (jid.clone().into(), dev.clone());
        e.seq = 2;
    });
    let answers = rogue.push(&[&claims, &junk]);
    assert_eq!(problem_of(&answers[1]).code, "foreign-journal");
    let born = honest.birth(birth("Раҳимова"));
    assert_eq!(honest.deliver(&world, &[&born])[0].status, Status::Registered);
}

#[test]
fn a_suspension_ends_by_what_was_signed_after_it_and_leaves_what_was_signed_before() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let doctor = ward.doctor.clone();
    let say = |ward: &mut Ward, says| {
        let body = suspension_body("doctor", doctor.public().kid(), says);
        ward.sign(&head, |e| {
            e.t = EntryType::Key;
            e.body = body;
        })
    };
    let (open, before) = (ward.open(), ward.birth(birth("Раҳимова")));
    // Resumed by mistake and suspended again; the mistake arrives last.
    let first = say(&mut ward, Suspension::Begins);
    let mistake = say(
        &mut ward,
        Suspension::Ends {
            heard: first_epoch(99),
        },
    );
    let again = say(&mut ward, Suspension::Begins);
    let after = ward.birth(birth("Зоирова"));
    ward.deliver(&world, &[&open, &first, &again]);
    world.clock.advance(chrono::Duration::minutes(5));
    let receipts = ward.deliver(&world, &[&mistake, &before, &after]);
    let told: Vec<_> = receipts.iter().map(|r| (r.status, code(r))).collect();
    assert_eq!(
        told,
        [
            (Status::Returned, "suspended-since"),
            (Status::Registered, ""),
            (Status::Held, "key-suspended"),
        ]
    );
}

#[test]
fn what_a_registrar_lets_pass_takes_effect() {
    let world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    // The same place of a journal, twice: a machine was restored from an image.
    let (seq, prev) = (ward.seq, ward.prev.clone());
    let lost = ward.birth(birth("Раҳимова"));
    ward.deliver(&world, &[&lost]);
    (ward.seq, ward.prev) = (seq, prev);
    let body = suspension_body("doctor", doctor.public().kid(), Suspension::Begins);
    let suspended = ward.sign(&head, |e| {
        e.t = EntryType::Key;
        e.body = body;
    });
    let receipt = ward.deliver(&world, &[&suspended]).pop().unwrap();
    assert_eq!((receipt.status, code(&receipt)), (Status::Held, "fork"));
    assert!(world.rule(&suspended.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &suspended).status, Status::Received);
    world.clock.advance(chrono::Duration::minutes(1));
    let mut other = world.device(FAC, &doctor);
    let entries = [other.open(), other.birth(birth("Зоирова"))];
    assert_eq!(
        code(&other.deliver(&world, &entries.each_ref())[1]),
        "key-suspended"
    );
}
