//! Hostile trials of the registry's decisions.

use chrono::Duration;
use ogoh::env::Role;
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::{By, EntryType, KeyUse, Receipt, SecretKey, Status};
use ogoh::vital::Kind;
use ogoh::wire;
use serde_json::{Value, json};

use super::keys::shift_head;
use super::once::{OTHER, found};
use super::{world, world_with};
use crate::portal_support::*;

/// The book is drawn anew identically and holds.
#[track_caller]
fn sound(world: &World) {
    let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
    assert!(drawn.is_identical(), "{drawn:?}");
    let verified = portal::verify(world.dir()).unwrap();
    assert!(verified.holds(), "{verified:?}");
}

fn member(surname: &str, set: &str, order: u32, n: u32) -> Value {
    let body = with(birth(surname), "birth.plurality", json!(n));
    let body = with(body, "birth.order", json!(order));
    let body = with(body, "birth.weight", json!(2300 + 40 * order));
    let body = with(body, "birth.time", json!(format!("03:{:02}", 10 * order)));
    with(body, "set", json!({"id": set, "order": order, "n": n}))
}

fn linked(body: Value, nid: &str, kind: &str) -> Value {
    with(body, "links", json!([{"nid": nid, "kind": kind}]))
}

/// Signs at the place of the entry before: a copied journal.
fn beside(ward: &mut Ward, sign: impl FnOnce(&mut Ward) -> Signed) -> Signed {
    let (seq, prev) = (ward.seq, ward.prev.clone());
    let signed = sign(ward);
    (ward.seq, ward.prev) = (seq, prev);
    signed
}

fn issue(world: &World, nid: &str) {
    let record = format!("/desk/record/{nid}");
    let issue = [("act", "issue"), ("number", "I-ТҶ 1"), ("date", "2026-11-23")];
    let (_, to) = world.registrar().send(&record, &issue);
    assert!(to.ends_with("desk-done"), "{to}");
}

fn set_back(world: &mut World, copy: Copy, wards: &mut [&mut Ward]) {
    world.portal = None;
    world.restore_book(copy);
    world.start();
    for ward in wards {
        ward.base = world.url("");
    }
}

fn copy_now(world: &mut World, wards: &mut [&mut Ward]) -> Copy {
    world.portal = None;
    let copy = world.copy_book();
    world.start();
    for ward in wards {
        ward.base = world.url("");
    }
    copy
}

fn again(ward: &Ward, lines: &[String]) {
    let (status, body) = ward.post(lines.join("\n"));
    assert_eq!(status, 200, "{body}");
}

fn line(of: &Signed) -> String {
    wire::jws_line(&of.jws)
}

fn receipt_line(text: &str) -> String {
    wire::jws_line(text)
}

fn status_of(world: &World, nid: &str) -> (String, Option<String>) {
    world.statuses().remove(nid).unwrap()
}

#[test]
fn a_fork_in_a_set_is_not_forgotten_while_it_waits() {
    let world = world();
    let mut ward = world.ward(FAC);
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    let one = ward.birth(member("Раҳимова", &set, 1, 2));
    let two = ward.birth(member("Раҳимова", &set, 2, 2));
    ward.deliver(&world, &[&open, &other]);
    let receipts = ward.deliver(&world, &[&one, &two]);
    println!("{receipts:?}");
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    sound(&world);
}

#[test]
fn a_fork_among_three_is_not_forgotten_when_the_second_comes() {
    let world = world();
    let mut ward = world.ward(FAC);
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    let one = ward.birth(member("Раҳимова", &set, 1, 3));
    let two = ward.birth(member("Раҳимова", &set, 2, 3));
    let three = ward.birth(member("Раҳимова", &set, 3, 3));
    ward.deliver(&world, &[&open, &one]);
    ward.deliver(&world, &[&other]);
    assert_eq!(found(&ward.newest(&world, &one)), (Status::Held, "fork"));
    ward.deliver(&world, &[&two]);
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "second: {newest:?}");
    ward.deliver(&world, &[&three]);
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "third: {newest:?}");
    sound(&world);
}

#[test]
fn a_fork_that_waits_for_a_link_is_not_forgotten() {
    let world = world();
    let (mut ward, mut elsewhere) = (world.ward(FAC), world.ward(OTHER));
    let e = [elsewhere.open(), elsewhere.birth(birth("Ҳакимова"))];
    let open = ward.open();
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    let one = ward.birth(linked(birth("Раҳимова"), &e[1].nid, "twin"));
    ward.deliver(&world, &[&open, &other, &one]);
    println!("{:?}", ward.newest(&world, &one));
    elsewhere.deliver(&world, &e.each_ref());
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    sound(&world);
}

#[test]
fn a_fork_under_a_key_that_is_approved_later_is_looked_at() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    let request = world.person_request(&stranger, FAC, "new", Role::Doctor);
    let open = ward.open();
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    let one = ward.notice_by(&stranger, Kind::Birth, birth("Раҳимова"));
    ward.deliver(&world, &[&open, &other, &one]);
    assert_eq!(ward.newest(&world, &one).status, Status::Held);
    world.enrol(&stranger, &request);
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    sound(&world);
}

#[test]
fn a_forked_correction_under_a_key_that_is_approved_later_is_looked_at() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    let request = world.person_request(&stranger, FAC, "new", Role::Doctor);
    let unnamed = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let (open, born) = (ward.open(), ward.birth(unnamed));
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    ward.doctor = stranger.clone();
    let named = ward.amend(&born, birth("Раҳимова"));
    ward.deliver(&world, &[&open, &born, &other, &named]);
    assert_eq!(ward.newest(&world, &named).status, Status::Held);
    world.enrol(&stranger, &request);
    let newest = ward.newest(&world, &named);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    sound(&world);
}

#[test]
fn a_birth_needs_the_death_that_names_it_now_and_not_once() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let ghost = ogoh::env::new_uuid();
    let pending = with(death("Назаров"), "death.manner", json!("pending"));
    let born_nid = std::cell::RefCell::new(String::new());
    let doctor = ward.doctor.clone();
    let born = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.body = object(with(birth("Раҳимова"), "child.living", json!("no")));
        *born_nid.borrow_mut() = e.nid.to_string();
    });
    let died = ward.death(linked(pending.clone(), &born.nid, "death-of-this-birth"));
    // The death named it in error, and says so.
    let mended = ward.amend(&died, pending);
    ward.deliver(&world, &[&open, &died]);
    println!("{:?}", ward.newest(&world, &died));
    ward.deliver(&world, &[&mended]);
    println!("{:?}", ward.newest(&world, &mended));
    let receipt = &ward.deliver(&world, &[&born])[0];
    assert_eq!(found(receipt), (Status::Received, "death-awaited"), "{receipt:?} {ghost}");
    sound(&world);
}

#[test]
fn a_death_that_is_returned_registers_no_birth() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let born = ward.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    let faulty = with(death("Раҳимов"), "cause.a", json!({"not": "refused"}));
    let faulty = without(faulty, "deceased.sex");
    let died = ward.death(linked(faulty, &born.nid, "death-of-this-birth"));
    ward.deliver(&world, &[&open, &born]);
    ward.deliver(&world, &[&died]);
    assert_eq!(ward.newest(&world, &died).status, Status::Returned);
    let newest = ward.newest(&world, &born);
    assert_eq!(newest.status, Status::Received, "{newest:?}");
    sound(&world);
}

#[test]
fn a_death_under_a_revoked_key_registers_no_birth() {
    let world = world();
    let mut ward = world.ward(FAC);
    let second = world.person(FAC, "second", Role::Doctor);
    let open = ward.open();
    let born = ward.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    ward.deliver(&world, &[&open, &born]);
    portal::revoke(world.dir(), second.public().kid(), world.clock.as_ref()).unwrap();
    world.clock.advance(Duration::minutes(1));
    let died = ward.notice_by(&second, Kind::Death, linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
    ward.deliver(&world, &[&died]);
    assert_eq!(found(&ward.newest(&world, &died)), (Status::Held, "revoked-key"));
    let newest = ward.newest(&world, &born);
    assert_eq!(newest.status, Status::Received, "{newest:?}");
    sound(&world);
}

#[test]
fn a_birth_that_names_its_death_is_woken_when_that_comes_to_stand() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let died = ward.death(without(death("Раҳимов"), "deceased.sex"));
    let born = with(birth("Раҳимова"), "child.living", json!("no"));
    let born = ward.birth(linked(born, &died.nid, "birth-of-this-death"));
    let receipts = ward.deliver(&world, &[&open, &died, &born]);
    assert_eq!(receipts[1].status, Status::Returned, "{:?}", receipts[1]);
    assert_eq!(found(&receipts[2]), (Status::Received, "death-awaited"));
    let mended = ward.amend(&died, death("Раҳимов"));
    let receipt = &ward.deliver(&world, &[&mended])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    let newest = ward.newest(&world, &born);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
    sound(&world);
}

#[test]
fn an_answer_about_a_link_is_none_about_a_death_that_never_came() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let ghost = ogoh::env::new_uuid();
    let born = with(birth("Раҳимова"), "child.living", json!("no"));
    let born = ward.birth(linked(born, &ghost, "twin"));
    ward.deliver(&world, &[&open, &born]);
    world.clock.advance(Duration::hours(73));
    world.restart();
    ward.base = world.url("");
    until("held", || ward.newest(&world, &born).status == Status::Held);
    assert!(world.rule(&born.h, &[("act", "accept")]));
    let newest = ward.newest(&world, &born);
    assert_eq!(found(&newest), (Status::Held, "death-awaited"), "{newest:?}");
    sound(&world);
}

#[test]
fn one_child_dies_once() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let open = first.open();
    let born = first.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    let died = first.death(linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
    first.deliver(&world, &[&open, &born, &died]);
    assert_eq!(first.newest(&world, &died).status, Status::Registered);
    let again = [
        second.open(),
        second.death(linked(death("Каримов"), &born.nid, "death-of-this-birth")),
    ];
    let receipt = &second.deliver(&world, &again.each_ref())[1];
    assert_eq!(receipt.status, Status::Held, "{receipt:?}");
    sound(&world);
}

#[test]
fn what_takes_the_place_of_a_squatter_is_its_own_facilitys() {
    let world = world();
    let (mut rogue, mut ward) = (world.ward(OTHER), world.ward(FAC));
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, OTHER, "new", Role::Doctor);
    let bare = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let (open, born) = (ward.open(), ward.birth(bare));
    let (other, squatter) = (
        rogue.open(),
        rogue.sign(&stranger, |e| {
            e.t = EntryType::Notice(Kind::Birth);
            e.body = object(birth("Шарипова"));
            e.id.clone_from(&born.nid);
            e.nid = born.nid.clone().into();
        }),
    );
    rogue.deliver(&world, &[&other, &squatter]);
    let receipts = ward.deliver(&world, &[&open, &born]);
    assert_eq!(receipts[1].status, Status::Registered, "{:?}", receipts[1]);
    let named = ward.amend(&born, birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&named])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    let (doctor, head) = (ward.doctor.clone(), shift_head(&world));
    let void = ward.void_by(&named, &doctor);
    let attest = ward.attest_by(&void, &head);
    ward.deliver(&world, &[&void, &attest]);
    assert_eq!(ward.newest(&world, &void).status, Status::Voided);
    sound(&world);
}

#[test]
fn a_member_that_is_annulled_is_no_member() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (doctor, head) = (ward.doctor.clone(), shift_head(&world));
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let wrong = ward.birth(member("Раҳимова", &set, 1, 2));
    let void = ward.void_by(&wrong, &doctor);
    let attest = ward.attest_by(&void, &head);
    ward.deliver(&world, &[&open, &wrong, &void, &attest]);
    assert_eq!(ward.newest(&world, &void).status, Status::Voided);
    let right = ward.birth(member("Раҳимова", &set, 1, 2));
    let receipt = &ward.deliver(&world, &[&right])[0];
    assert_eq!(receipt.status, Status::Received, "{receipt:?}");
    let two = ward.birth(member("Раҳимова", &set, 2, 2));
    ward.deliver(&world, &[&two]);
    for entry in [&right, &two] {
        let newest = ward.newest(&world, entry);
        assert_eq!(newest.status, Status::Registered, "{newest:?}");
    }
    sound(&world);
}

#[test]
fn a_member_that_nobody_believes_returns_no_honest_one() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, FAC, "new", Role::Doctor);
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let rogue = ward.notice_by(&stranger, Kind::Birth, member("Шарипова", &set, 1, 2));
    let one = ward.birth(member("Раҳимова", &set, 1, 2));
    let two = ward.birth(member("Раҳимова", &set, 2, 2));
    ward.deliver(&world, &[&open, &rogue, &one, &two]);
    for entry in [&one, &two] {
        let newest = ward.newest(&world, entry);
        assert_eq!(newest.status, Status::Registered, "{newest:?}");
    }
    sound(&world);
}

#[test]
fn a_set_that_somebody_else_uses_returns_only_what_is_wrong() {
    let world = world();
    let mut ward = world.ward(FAC);
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let one = ward.birth(member("Раҳимова", &set, 1, 2));
    let two = ward.birth(member("Раҳимова", &set, 2, 2));
    let alien = ward.birth(member("Шарипова", &set, 2, 2));
    ward.deliver(&world, &[&open, &one, &two]);
    let receipt = &ward.deliver(&world, &[&alien])[0];
    println!("alien {receipt:?}");
    for entry in [&one, &two] {
        assert_eq!(ward.newest(&world, entry).status, Status::Registered);
    }
    // The other way round.
    let set = ogoh::env::new_uuid();
    let alien = ward.birth(member("Зоирова", &set, 2, 2));
    let one = ward.birth(member("Ҳакимова", &set, 1, 2));
    let two = ward.birth(member("Ҳакимова", &set, 2, 2));
    for entry in [&alien, &one, &two] {
        println!("{:?}", ward.deliver(&world, &[entry])[0]);
    }
    for (name, entry) in [("alien", &alien), ("one", &one), ("two", &two)] {
        let newest = ward.newest(&world, entry);
        println!("{name} {:?} {}", newest.status, code(&newest));
    }
    sound(&world);
}

#[test]
fn a_revision_that_a_later_one_replaced_is_not_decided_again() {
    let world = world();
    let (mut ward, mut elsewhere) = (world.ward(FAC), world.ward(OTHER));
    let e = [elsewhere.open(), elsewhere.birth(birth("Ҳакимова"))];
    let open = ward.open();
    let body = |note: &str| with(linked(birth("Раҳимова"), &e[1].nid, "twin"), "note", json!(note));
    let one = ward.birth(body("а"));
    let two = ward.amend(&one, body("б"));
    let three = ward.amend(&two, body("в"));
    ward.deliver(&world, &[&open, &one, &two, &three]);
    elsewhere.deliver(&world, &e.each_ref());
    let newest = ward.newest(&world, &three);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
    let newest = ward.newest(&world, &two);
    assert_ne!(newest.status, Status::Returned, "{newest:?}");
    sound(&world);
}

#[test]
fn replaced_revisions_hide_nothing_on_the_desk() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let mut last = Vec::new();
    for i in 0..101 {
        let body = with(death("Назаров"), "death.manner", json!("pending"));
        let body = with(body, "deceased.document", json!(format!("А 1{:07}", i * 7919 % 10_000_000)));
        let body = with(body, "deceased.given", json!(["Саид", "Далер", "Карим", "Рустам"][i % 4]));
        let one = ward.death(body.clone());
        assert_eq!(ward.deliver(&world, &[&one])[0].status, Status::Held);
        last.push((one, body));
    }
    let last: Vec<Signed> = last
        .into_iter()
        .map(|(one, body)| {
            let two = ward.amend(&one, with(body, "note", json!("х")));
            let receipts = ward.deliver(&world, &[&two]);
            assert_eq!(receipts[0].status, Status::Held, "{:?}", receipts[0]);
            two
        })
        .collect();
    assert!(world.lists(&last[0].h), "the oldest that waits");
}

#[test]
fn a_confirmation_of_what_was_settled_is_told_so() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (doctor, head) = (ward.doctor.clone(), shift_head(&world));
    let third = world.person(FAC, "third", Role::Doctor);
    let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
    let void = ward.void_by(&born, &doctor);
    ward.deliver(&world, &[&open, &born, &void]);
    assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
    let late = ward.attest_by(&void, &head);
    let receipt = &ward.deliver(&world, &[&late])[0];
    assert_ne!(found(receipt), (Status::Received, "parent-missing"), "declined: {receipt:?}");
    let again = ward.void_by(&born, &doctor);
    let one = ward.attest_by(&again, &head);
    let two = ward.attest_by(&again, &third);
    let receipts = ward.deliver(&world, &[&again, &one, &two]);
    assert_eq!(ward.newest(&world, &again).status, Status::Voided);
    assert_ne!(found(&receipts[2]), (Status::Received, "parent-missing"), "settled");
    sound(&world);
}

#[test]
fn two_annulments_and_a_confirmation_of_the_second() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (doctor, head) = (ward.doctor.clone(), shift_head(&world));
    let third = world.person(FAC, "third", Role::Doctor);
    let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
    let one = ward.void_by(&born, &doctor);
    let two = ward.void_by(&born, &third);
    let attest = ward.attest_by(&two, &head);
    let receipts = ward.deliver(&world, &[&open, &born, &one, &two, &attest]);
    println!("two {:?}", receipts[3]);
    let newest = ward.newest(&world, &attest);
    assert_ne!(found(&newest), (Status::Received, "parent-missing"), "{newest:?}");
    sound(&world);
}

#[test]
fn what_the_registrar_annuls_settles_what_the_ward_asked() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
    let void = ward.void_by(&born, &doctor);
    ward.deliver(&world, &[&open, &born, &void]);
    let record = format!("/desk/record/{}", born.nid);
    let (_, to) = world.registrar().send(&record, &[("act", "annul"), ("text", "хато буд")]);
    assert!(to.ends_with("desk-done"), "{to}");
    assert_eq!(status_of(&world, &born.nid).0, "voided");
    let newest = ward.newest(&world, &void);
    assert_ne!(newest.status, Status::AnnulmentPending, "{newest:?}");
    assert!(!world.lists(&void.h));
    sound(&world);
}

#[test]
fn a_duplicate_that_is_corrected_is_still_looked_at_once_its_original_goes() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let (doctor, head) = (first.doctor.clone(), shift_head(&world));
    let wrong = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &wrong.each_ref());
    let again = [second.open(), second.birth(birth("Раҳимова"))];
    second.deliver(&world, &again.each_ref());
    assert!(world.rule(&again[1].h, &[("act", "duplicate"), ("of", wrong[1].nid.as_str())]));
    let corrected = second.amend(&again[1], with(birth("Раҳимова"), "note", json!("х")));
    second.deliver(&world, &[&corrected]);
    assert_eq!(second.newest(&world, &corrected).status, Status::Held);
    let void = first.void_by(&wrong[1], &doctor);
    let attest = first.attest_by(&void, &head);
    first.deliver(&world, &[&void, &attest]);
    assert_eq!(first.newest(&world, &void).status, Status::Voided);
    world.rule(&corrected.h, &[("act", "return"), ("text", "лозим нест")]);
    let status = status_of(&world, &again[1].nid);
    assert_ne!(status.0, "duplicate", "of what is annulled");
    sound(&world);
}

#[test]
fn a_duplicate_of_what_is_sent_back_is_looked_at_again() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let pending = with(death("Назаров"), "death.manner", json!("pending"));
    let held = [first.open(), first.death(pending.clone())];
    first.deliver(&world, &held.each_ref());
    let again = [second.open(), second.death(pending)];
    second.deliver(&world, &again.each_ref());
    assert!(world.rule(&again[1].h, &[("act", "duplicate"), ("of", held[1].nid.as_str())]));
    assert!(world.rule(&held[1].h, &[("act", "return"), ("text", "хато аст")]));
    let status = status_of(&world, &again[1].nid);
    assert_ne!(status.0, "duplicate", "of what is returned");
    sound(&world);
}

#[test]
fn a_duplicate_that_was_none_is_named_by_itself() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let original = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &original.each_ref());
    let bare = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let again = [second.open(), second.birth(bare.clone())];
    second.deliver(&world, &again.each_ref());
    assert!(world.rule(&again[1].h, &[("act", "duplicate"), ("of", original[1].nid.as_str())]));
    let none = second.amend(&again[1], with(bare.clone(), "note", json!("дигар кӯдак")));
    second.deliver(&world, &[&none]);
    assert!(world.rule(&none.h, &[("act", "accept")]));
    let newest = second.newest(&world, &none);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
    let named = second.amend(&none, with(with(bare, "note", json!("дигар кӯдак")), "child.given", json!("Зебо")));
    let receipt = &second.deliver(&world, &[&named])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    sound(&world);
}

fn annulled() -> (World, Ward, Copy, Vec<Signed>, Vec<String>) {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let head = shift_head(&world);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let copy = copy_now(&mut world, &mut [&mut ward]);
    let bare = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let born = ward.birth(bare);
    let named = ward.amend(&born, birth("Раҳимова"));
    let void = ward.void_by(&named, &doctor);
    let attest = ward.attest_by(&void, &head);
    ward.deliver(&world, &[&born, &named, &void, &attest]);
    assert_eq!(ward.newest(&world, &void).status, Status::Voided);
    let all = vec![born, named, void, attest];
    let receipts = all.iter().map(|e| receipt_line(&ward.newest_text(&world, e))).collect();
    (world, ward, copy, all, receipts)
}

fn comes_back_voided(order: &[usize], separate: bool) {
    let (mut world, mut ward, copy, all, receipts) = annulled();
    set_back(&mut world, copy, &mut [&mut ward]);
    again(&ward, &receipts);
    let lines: Vec<String> = order.iter().map(|i| line(&all[*i])).collect();
    match separate {
        true => lines.iter().for_each(|l| again(&ward, std::slice::from_ref(l))),
        false => again(&ward, &lines),
    }
    let status = status_of(&world, &all[0].nid);
    assert_eq!(status.0, "voided", "{order:?} separate {separate}: {status:?}");
    sound(&world);
}

#[test]
fn what_was_annulled_comes_back_annulled_in_order() {
    comes_back_voided(&[0, 1, 2, 3], false);
    comes_back_voided(&[0, 1, 2, 3], true);
}

#[test]
fn what_was_annulled_comes_back_annulled_void_before_the_correction() {
    comes_back_voided(&[0, 2, 3, 1], false);
}

#[test]
fn what_was_annulled_comes_back_annulled_void_first() {
    comes_back_voided(&[2, 3, 0, 1], false);
}

#[test]
fn what_was_annulled_comes_back_annulled_void_first_each_alone() {
    comes_back_voided(&[2, 3, 0, 1], true);
}

#[test]
fn a_correction_that_comes_back_before_its_notification_is_in_force() {
    for separate in [false, true] {
        let mut world = world();
        let mut ward = world.ward(FAC);
        let open = ward.open();
        ward.deliver(&world, &[&open]);
        let copy = copy_now(&mut world, &mut [&mut ward]);
        let born = ward.birth(birth("Раҳимова"));
        let corrected = ward.amend(&born, with(birth("Раҳимова"), "birth.weight", json!(3111)));
        ward.deliver(&world, &[&born, &corrected]);
        assert!(world.rule(&corrected.h, &[("act", "accept")]));
        assert_eq!(ward.newest(&world, &corrected).status, Status::Registered);
        let receipts: Vec<String> = [&born, &corrected]
            .map(|e| receipt_line(&ward.newest_text(&world, e)))
            .to_vec();
        set_back(&mut world, copy, &mut [&mut ward]);
        again(&ward, &receipts);
        let lines = [line(&corrected), line(&born)];
        match separate {
            true => lines.iter().for_each(|l| again(&ward, std::slice::from_ref(l))),
            false => again(&ward, &lines),
        }
        let newest = ward.newest(&world, &corrected);
        assert_eq!(newest.status, Status::Registered, "separate {separate}: {newest:?}");
        let next = ward.amend(&corrected, with(with(birth("Раҳимова"), "birth.weight", json!(3111)), "note", json!("х")));
        let receipt = &ward.deliver(&world, &[&next])[0];
        assert_eq!(receipt.status, Status::Registered, "separate {separate}: {receipt:?}");
        sound(&world);
    }
}

#[test]
fn what_was_held_in_the_copy_and_registered_since_is_registered() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let pending = with(death("Назаров"), "death.manner", json!("pending"));
    let (open, died) = (ward.open(), ward.death(pending));
    ward.deliver(&world, &[&open, &died]);
    let copy = copy_now(&mut world, &mut [&mut ward]);
    assert!(world.rule(&died.h, &[("act", "accept")]));
    let before = ward.newest(&world, &died);
    assert_eq!(before.status, Status::Registered);
    let text = receipt_line(&ward.newest_text(&world, &died));
    set_back(&mut world, copy, &mut [&mut ward]);
    again(&ward, &[text, line(&died)]);
    let status = status_of(&world, &died.nid);
    assert_eq!(status, ("registered".to_owned(), before.reg_no));
    sound(&world);
}

#[test]
fn a_certificate_and_an_annulment_that_the_copy_lacks_come_back() {
    for annul in [false, true] {
        let mut world = world();
        let mut ward = world.ward(FAC);
        let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
        ward.deliver(&world, &[&open, &born]);
        let copy = copy_now(&mut world, &mut [&mut ward]);
        match annul {
            false => issue(&world, &born.nid),
            true => {
                let record = format!("/desk/record/{}", born.nid);
                let (_, to) = world.registrar().send(&record, &[("act", "annul"), ("text", "хато буд")]);
                assert!(to.ends_with("desk-done"), "{to}");
            }
        }
        let before = ward.newest(&world, &born);
        let text = receipt_line(&ward.newest_text(&world, &born));
        set_back(&mut world, copy, &mut [&mut ward]);
        again(&ward, &[text, line(&born)]);
        let status = status_of(&world, &born.nid);
        assert_eq!(status.0, before.status.code(), "{status:?}");
        sound(&world);
    }
}

#[test]
fn a_number_under_a_key_that_the_copy_does_not_know_is_given_to_nobody_else() {
    let mut world = world();
    let (mut ward, mut elsewhere) = (world.ward(FAC), world.ward(OTHER));
    let new = SecretKey::generate().unwrap();
    let request = world.person_request(&new, FAC, "new", Role::Doctor);
    let opens = [ward.open(), elsewhere.open()];
    ward.deliver(&world, &[&opens[0]]);
    elsewhere.deliver(&world, &[&opens[1]]);
    let copy = copy_now(&mut world, &mut [&mut ward, &mut elsewhere]);
    world.enrol(&new, &request);
    let born = ward.notice_by(&new, Kind::Birth, birth("Раҳимова"));
    ward.deliver(&world, &[&born]);
    let before = ward.newest(&world, &born);
    assert_eq!(before.status, Status::Registered);
    let text = receipt_line(&ward.newest_text(&world, &born));
    set_back(&mut world, copy, &mut [&mut ward, &mut elsewhere]);
    again(&ward, &[text, line(&born)]);
    let other = elsewhere.birth(birth("Шарипова"));
    let theirs = &elsewhere.deliver(&world, &[&other])[0];
    assert_ne!(theirs.reg_no, before.reg_no, "given twice");
    world.enrol(&new, &request);
    let newest = ward.newest(&world, &born);
    assert_eq!((newest.status, newest.reg_no), (before.status, before.reg_no));
    sound(&world);
}

#[test]
fn a_duplicate_that_came_back_is_looked_at_once_its_original_goes() {
    let mut world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let (doctor, head) = (first.doctor.clone(), shift_head(&world));
    let original = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &original.each_ref());
    let copy = copy_now(&mut world, &mut [&mut first, &mut second]);
    let dup = [second.open(), second.birth(birth("Раҳимова"))];
    second.deliver(&world, &dup.each_ref());
    assert!(world.rule(&dup[1].h, &[("act", "duplicate"), ("of", original[1].nid.as_str())]));
    let texts: Vec<String> = dup.each_ref().map(|e| receipt_line(&second.newest_text(&world, e))).to_vec();
    set_back(&mut world, copy, &mut [&mut first, &mut second]);
    again(&second, &texts);
    again(&second, &[line(&dup[0]), line(&dup[1])]);
    assert_eq!(status_of(&world, &dup[1].nid).0, "duplicate");
    let void = first.void_by(&original[1], &doctor);
    let attest = first.attest_by(&void, &head);
    first.deliver(&world, &[&void, &attest]);
    assert_eq!(status_of(&world, &dup[1].nid).0, "held");
    sound(&world);
}

#[test]
fn what_is_unsent_follows_on_what_came_back() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let bare = without(birth("Раҳимова"), "birth.apgar_5");
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let copy = copy_now(&mut world, &mut [&mut ward]);
    let born = ward.birth(bare.clone());
    let faulty = ward.amend(&born, with(bare.clone(), "birth.weight", json!(99)));
    let receipts = ward.deliver(&world, &[&born, &faulty]);
    assert_eq!(receipts[1].status, Status::Returned, "{:?}", receipts[1]);
    let texts: Vec<String> = [&born, &faulty].map(|e| receipt_line(&ward.newest_text(&world, e))).to_vec();
    let mended = ward.amend(&faulty, with(bare, "note", json!("х")));
    set_back(&mut world, copy, &mut [&mut ward]);
    let mut lines = texts;
    lines.extend([line(&born), line(&faulty), line(&mended)]);
    again(&ward, &lines);
    let newest = ward.newest(&world, &mended);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
    sound(&world);
}

#[test]
fn what_an_upheld_one_resembles_is_looked_at() {
    let mut world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let opens = [first.open(), second.open()];
    first.deliver(&world, &[&opens[0]]);
    second.deliver(&world, &[&opens[1]]);
    let copy = copy_now(&mut world, &mut [&mut first, &mut second]);
    let (filler, born) = (first.birth(birth("Бобоева")), first.birth(birth("Раҳимова")));
    first.deliver(&world, &[&filler, &born]);
    let text = receipt_line(&first.newest_text(&world, &born));
    set_back(&mut world, copy, &mut [&mut first, &mut second]);
    let dup = second.birth(birth("Раҳимова"));
    second.deliver(&world, &[&dup]);
    again(&first, &[text, line(&born)]);
    let (one, two) = (status_of(&world, &born.nid), status_of(&world, &dup.nid));
    println!("{one:?} {two:?}");
    assert!(world.lists(&born.h) || world.lists(&dup.h), "two stand and nobody looks");
    sound(&world);
}

fn forged(world: &mut World, ward: &mut Ward, change: impl Fn(&mut Receipt)) -> (Signed, Signed) {
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    let receipts = ward.deliver(world, &entries.each_ref());
    let old = std::fs::read_to_string(world.dir().join("receipt.key")).unwrap();
    world.clock.advance(Duration::minutes(5));
    portal::rotate(world.dir(), KeyUse::Receipt, world.clock.as_ref()).unwrap();
    world.restart();
    ward.base = world.url("");
    let own = ward.birth(birth("Ҳакимова"));
    let mut receipt = receipts[1].clone();
    receipt.n += 100;
    receipt.nid = own.nid.clone().into();
    receipt.id = own.nid.clone();
    receipt.nh = own.h.clone().into();
    receipt.seq = ward.seq;
    receipt.by = By::Registrar;
    change(&mut receipt);
    let forged = receipt.seal(&SecretKey::from_text(old.trim()).unwrap()).unwrap();
    again(ward, &[receipt_line(&forged), line(&own)]);
    let [_, first] = entries;
    (first, own)
}

#[test]
fn a_retired_receipt_key_gives_no_others_number_in_any_status() {
    for status in [Status::AnnulmentPending, Status::Voided, Status::Duplicate, Status::Held, Status::Returned] {
        let mut world = world();
        let mut ward = world.ward(FAC);
        let (first, own) = forged(&mut world, &mut ward, |r| r.status = status);
        let (one, two) = (status_of(&world, &first.nid), world.statuses().remove(&own.nid));
        println!("{status:?}: {one:?} {two:?}");
        assert_ne!(one.1, two.and_then(|two| two.1), "{status:?}");
        sound(&world);
    }
}

#[test]
fn a_correction_of_what_never_came_has_an_owner() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let (doctor, head) = (ward.doctor.clone(), shift_head(&world));
    let open = ward.open();
    let lost = ward.birth(birth("Раҳимова"));
    let amended = ward.amend(&lost, birth("Раҳимова"));
    let void = ward.void_by(&lost, &doctor);
    let attest = ward.attest_by(&void, &head);
    ward.deliver(&world, &[&open, &amended, &void, &attest]);
    world.clock.advance(Duration::days(30));
    world.restart();
    ward.base = world.url("");
    std::thread::sleep(std::time::Duration::from_secs(2));
    for (name, entry) in [("amended", &amended), ("void", &void), ("attest", &attest)] {
        let newest = ward.newest(&world, entry);
        println!("{name} {:?} {} listed {}", newest.status, code(&newest), world.lists(&entry.h));
    }
    assert!(world.lists(&amended.h), "a correction waits for thirty days and nobody sees it");
}

#[test]
fn a_member_whose_form_is_wrong_returns_that_one_only() {
    let world = world();
    let mut ward = world.ward(FAC);
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let one = ward.birth(with(member("Раҳимова", &set, 1, 2), "birth.weight", json!("як")));
    let two = ward.birth(member("Раҳимова", &set, 2, 2));
    ward.deliver(&world, &[&open, &one, &two]);
    assert_eq!(ward.newest(&world, &one).status, Status::Returned);
    let newest = ward.newest(&world, &two);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
}

#[test]
fn odd_lines_block_no_other() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let place = (ward.seq, ward.prev.clone());
    let mut odd = Vec::new();
    for seq in [(1 << 53) - 1, (1 << 53) - 2] {
        odd.push(ward.sign(&doctor, |e| {
            e.t = EntryType::Notice(Kind::Birth);
            e.seq = seq;
            e.body = object(birth("Шарипова"));
        }));
        (ward.seq, ward.prev) = place.clone();
    }
    for body in [
        with(birth("Зоирова"), "office", json!("TJ-XX-99")),
        without(birth("Бобоева"), "office"),
        with(birth("Юсуфова"), "birth.date", json!("9999-12-31")),
        with(birth("Юсуфова"), "birth.date", json!("0001-01-01")),
        with(birth("Юсуфова"), "birth.date", json!("2026")),
        with(birth("Юсуфова"), "set", json!({"id": ogoh::env::new_uuid(), "order": 9, "n": 2})),
        with(birth("Юсуфова"), "set", json!({"id": ogoh::env::new_uuid(), "order": 1, "n": 0})),
        with(birth("Юсуфова"), "set", json!({"id": ogoh::env::new_uuid(), "order": 1, "n": 4_294_967_295u32})),
        with(birth("Юсуфова"), "set", json!({"id": ogoh::env::new_uuid(), "order": 1, "n": 1})),
        with(birth("Юсуфова"), "links", json!([{"nid": "x", "kind": "twin"}])),
    ] {
        odd.push(beside(&mut ward, |ward| ward.birth(body)));
    }
    let twice = json!([{"nid": ogoh::env::new_uuid(), "kind": "twin"}]);
    let twice = json!([twice[0], twice[0], twice[0]]);
    odd.push(beside(&mut ward, |ward| ward.birth(with(birth("Юсуфова"), "links", twice))));
    odd.push(beside(&mut ward, |ward| {
        ward.sign(&doctor, |e| {
            e.t = EntryType::Notice(Kind::Birth);
            e.body = object(linked(birth("Юсуфова"), &e.nid.clone(), "twin"));
        })
    }));
    for (i, odd) in odd.iter().enumerate() {
        let honest = birth("Раҳимова");
        let _ = honest;
        let (status, body) = ward.post(line(odd));
        let answer = wire::answers(&body).into_iter().next().flatten();
        let told = match answer {
            Some(wire::DeliveryAnswer::Receipt(r)) => {
                let r = Receipt::open(&r, &world.trust()).unwrap();
                format!("{:?} {} {:?}", r.status, code(&r), r.reg_no)
            }
            other => format!("{other:?}"),
        };
        println!("{i} {status} {told}");
        assert_eq!(status, 200, "{i} {body}");
    }
    sound(&world);
}

#[test]
fn links_in_circles_end() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    let nids: Vec<String> = (0..3).map(|_| ogoh::env::new_uuid()).collect();
    let names = ["Раҳимова", "Шарипова", "Ҳакимова"];
    let ring: Vec<Signed> = (0..3)
        .map(|i| {
            ward.sign(&doctor, |e| {
                e.t = EntryType::Notice(Kind::Birth);
                e.id.clone_from(&nids[i]);
                e.nid = nids[i].clone().into();
                e.body = object(linked(birth(names[i]), &nids[(i + 1) % 3], "twin"));
            })
        })
        .collect();
    ward.deliver(&world, &[&open, &ring[0], &ring[1], &ring[2]]);
    for entry in &ring {
        let newest = ward.newest(&world, entry);
        assert_eq!(newest.status, Status::Registered, "{newest:?}");
    }
    sound(&world);
}

#[test]
fn a_linked_death_ruled_on_in_a_country_that_prepares() {
    let world = world_with(PortalSettings {
        auto: ogoh::portal::Auto::Prepared,
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let born = ward.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    let died = ward.death(linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
    ward.deliver(&world, &[&open, &died, &born]);
    for entry in [&born, &died] {
        let newest = ward.newest(&world, entry);
        assert_eq!(found(&newest), (Status::Received, "prepared"), "{newest:?}");
        assert!(world.rule(&entry.h, &[("act", "accept")]));
        assert_eq!(ward.newest(&world, entry).status, Status::Registered);
    }
    sound(&world);
}

#[test]
fn what_was_accepted_in_a_later_revision_is_told_nothing_else_when_its_link_comes() {
    let mut world = world();
    let (mut ward, mut elsewhere) = (world.ward(FAC), world.ward(OTHER));
    let e = [elsewhere.open(), elsewhere.birth(birth("Ҳакимова"))];
    let open = ward.open();
    let body = linked(birth("Раҳимова"), &e[1].nid, "twin");
    let one = ward.birth(body.clone());
    ward.deliver(&world, &[&open, &one]);
    world.clock.advance(Duration::hours(73));
    world.restart();
    (ward.base, elsewhere.base) = (world.url(""), world.url(""));
    until("held", || ward.newest(&world, &one).status == Status::Held);
    let two = ward.amend(&one, with(body, "note", json!("х")));
    ward.deliver(&world, &[&two]);
    assert!(world.rule(&two.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &two).status, Status::Registered);
    elsewhere.deliver(&world, &e.each_ref());
    let newest = ward.newest(&world, &two);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
    sound(&world);
}

#[test]
fn a_forked_correction_that_overtakes_its_parent_is_looked_at() {
    let world = world();
    let mut ward = world.ward(FAC);
    let unnamed = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let (open, born) = (ward.open(), ward.birth(unnamed));
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    let named = ward.amend(&born, birth("Раҳимова"));
    ward.deliver(&world, &[&open, &other]);
    ward.deliver(&world, &[&named]);
    ward.deliver(&world, &[&born]);
    let newest = ward.newest(&world, &named);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    sound(&world);
}

#[test]
fn a_set_of_three_with_every_order_of_arrival_and_one_faulty() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let world = world();
        let mut ward = world.ward(FAC);
        let set = ogoh::env::new_uuid();
        let open = ward.open();
        let mut all: Vec<Signed> = (1..=3).map(|i| ward.birth(member("Раҳимова", &set, i, 3))).collect();
        let faulty = with(member("Раҳимова", &set, 3, 3), "birth.weight", json!(99));
        all[2] = ward.birth(faulty);
        ward.deliver(&world, &[&open]);
        for i in order {
            ward.deliver(&world, &[&all[i]]);
        }
        let now: Vec<Status> = all.iter().map(|e| ward.newest(&world, e).status).collect();
        assert_eq!(now, [Status::Registered, Status::Registered, Status::Returned], "{order:?}");
        let mended = ward.amend(&all[2], member("Раҳимова", &set, 3, 3));
        let receipt = &ward.deliver(&world, &[&mended])[0];
        assert_eq!(receipt.status, Status::Registered, "{order:?} {receipt:?}");
        sound(&world);
    }
}

#[test]
fn every_order_of_birth_correction_annulment_and_confirmation() {
    let mut orders = Vec::new();
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| *c != a && *c != b) {
                orders.push([a, b, c, 6 - a - b - c]);
            }
        }
    }
    for order in orders {
        for separate in [false, true] {
            let world = world();
            let mut ward = world.ward(FAC);
            let head = shift_head(&world);
            let doctor = ward.doctor.clone();
            let open = ward.open();
            let bare = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
            let born = ward.birth(bare);
            let named = ward.amend(&born, birth("Раҳимова"));
            let void = ward.void_by(&named, &doctor);
            let attest = ward.attest_by(&void, &head);
            let all = [&born, &named, &void, &attest];
            ward.deliver(&world, &[&open]);
            match separate {
                true => order.iter().for_each(|i| drop(ward.deliver(&world, &[all[*i]]))),
                false => drop(ward.deliver(&world, &order.map(|i| all[i]))),
            }
            let status = status_of(&world, &born.nid);
            assert_eq!(status.0, "voided", "{order:?} {separate}");
            assert_eq!(ward.newest(&world, &void).status, Status::Voided, "{order:?} {separate}");
            assert_eq!(found(&ward.newest(&world, &attest)), (Status::Received, ""), "{order:?} {separate}");
        }
    }
}

#[test]
fn a_clerk_registers_nothing_that_no_certifier_signed() {
    let world = world();
    let mut ward = world.ward(FAC);
    let clerk = world.person(FAC, "clerk", Role::Clerk);
    let open = ward.open();
    ward.doctor = clerk;
    let invented = ward.birth(birth("Раҳимова"));
    let again = ward.amend(&invented, birth("Раҳимова"));
    let receipts = ward.deliver(&world, &[&open, &invented, &again]);
    assert_eq!(found(&receipts[1]), (Status::Returned, "role"));
    assert_eq!(found(&receipts[2]), (Status::Returned, "role"), "{:?}", receipts[2]);
    sound(&world);
}

#[test]
fn a_clerk_signs_nothing_over_that_nobody_believes() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    world.person_request(&stranger, FAC, "new", Role::Doctor);
    let clerk = world.person(FAC, "clerk", Role::Clerk);
    let open = ward.open();
    let unknown = ward.notice_by(&stranger, Kind::Birth, birth("Раҳимова"));
    ward.deliver(&world, &[&open, &unknown]);
    assert!(world.rule(&unknown.h, &[("act", "return"), ("text", "калид номаълум аст")]));
    ward.doctor = clerk;
    let over = ward.amend(&unknown, birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&over])[0];
    assert_eq!(found(receipt), (Status::Returned, "role"), "{receipt:?}");
    sound(&world);
}

#[test]
fn a_clerk_goes_on_with_what_a_certifier_signed() {
    let world = world();
    let mut ward = world.ward(FAC);
    let clerk = world.person(FAC, "clerk", Role::Clerk);
    let open = ward.open();
    let pending = |address: &str| {
        let body = with(death("Назаров"), "death.manner", json!("pending"));
        with(body, "deceased.address", json!(address))
    };
    let died = ward.death(pending("а"));
    ward.doctor = clerk;
    let one = ward.amend(&died, pending("б"));
    let two = ward.amend(&one, pending("в"));
    let receipts = ward.deliver(&world, &[&open, &died, &one, &two]);
    assert_eq!(found(&receipts[3]), (Status::Held, "manner-open"), "{:?}", receipts[3]);
    sound(&world);
}

#[test]
fn an_annulment_that_was_declined_before_its_birth_came_annuls_nothing() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
    let void = ward.void_by(&born, &doctor);
    ward.deliver(&world, &[&open, &void]);
    assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
    assert_eq!(ward.newest(&world, &void).status, Status::Returned);
    let receipt = &ward.deliver(&world, &[&born])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    assert_eq!(ward.newest(&world, &void).status, Status::Returned);
    sound(&world);
}

#[test]
fn a_retired_receipt_key_stops_no_facility() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    forged(&mut world, &mut ward, |r| {
        r.n = (1 << 53) - 1;
        r.status = Status::Held;
        r.reg_no = None;
    });
    let next = ward.birth(birth("Зоирова"));
    let receipt = &ward.deliver(&world, &[&next])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
}

#[test]
fn a_voided_held_returned_and_duplicate_one_and_declined_and_again() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let (doctor, head) = (first.doctor.clone(), shift_head(&world));
    let original = [second.open(), second.birth(birth("Раҳимова"))];
    second.deliver(&world, &original.each_ref());
    let open = first.open();
    let held = first.death(with(death("Назаров"), "death.manner", json!("pending")));
    let returned = first.birth(with(birth("Шарипова"), "birth.weight", json!(99)));
    let duplicate = first.birth(birth("Раҳимова"));
    first.deliver(&world, &[&open, &held, &returned, &duplicate]);
    assert!(world.rule(&duplicate.h, &[("act", "duplicate"), ("of", original[1].nid.as_str())]));
    for (entry, stood) in [(&held, "held"), (&returned, "returned"), (&duplicate, "duplicate")] {
        let void = first.void_by(entry, &doctor);
        first.deliver(&world, &[&void]);
        assert_eq!(status_of(&world, &entry.nid).0, "annulment-pending", "{stood}");
        assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
        assert_eq!(status_of(&world, &entry.nid).0, stood);
        let void = first.void_by(entry, &doctor);
        let attest = first.attest_by(&void, &head);
        first.deliver(&world, &[&attest, &void]);
        assert_eq!(status_of(&world, &entry.nid).0, "voided", "{stood}");
        assert_eq!(found(&first.newest(&world, &attest)), (Status::Received, ""));
        let why = portal::explain(world.dir(), &entry.nid, false).unwrap();
        let why = serde_json::to_string(&why).unwrap();
        for name in ["Раҳимова", "Сарвиноз", "Назаров", "Шарипова", "Табиб", "дуруст"] {
            assert!(!why.contains(name), "{why}");
        }
    }
    assert!(!world.lists(&held.h) && !world.lists(&returned.h) && !world.lists(&duplicate.h));
    sound(&world);
}

#[test]
fn what_is_sent_again_in_any_order_changes_and_tells_nothing() {
    let (world, ward, _copy, all, _) = annulled();
    let before = ward.feed(&world, 0).len();
    let texts: Vec<String> = {
        let url = world.url(&wire::path::feed(&ward.fac, first_epoch(0), 0));
        let body = get(&url, Some(&ward.token())).1;
        wire::lines(&body)
            .map(|l| serde_json::from_str::<wire::FeedLine>(l).unwrap().receipt)
            .map(|r| receipt_line(&r))
            .collect()
    };
    for text in texts.iter().rev() {
        again(&ward, std::slice::from_ref(text));
    }
    for entry in all.iter().rev() {
        again(&ward, &[line(entry)]);
    }
    assert_eq!(ward.feed(&world, 0).len(), before);
    assert_eq!(status_of(&world, &all[0].nid).0, "voided");
    sound(&world);
}

#[test]
fn what_came_while_an_annulment_was_pending_applies_once_it_is_declined() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let bare = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let (open, born) = (ward.open(), ward.birth(bare));
    let void = ward.void_by(&born, &doctor);
    let named = ward.amend(&born, birth("Раҳимова"));
    let noted = ward.amend(&named, with(birth("Раҳимова"), "note", json!("х")));
    ward.deliver(&world, &[&open, &born, &void, &noted, &named]);
    assert_eq!(ward.newest(&world, &named).status, Status::Held);
    assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
    for entry in [&named, &noted] {
        let newest = ward.newest(&world, entry);
        assert_eq!(newest.status, Status::Registered, "{newest:?}");
    }
    sound(&world);
}

#[test]
fn a_birth_that_is_annulled_leaves_its_death_to_a_person() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (doctor, head) = (ward.doctor.clone(), shift_head(&world));
    let open = ward.open();
    let born = ward.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    let died = ward.death(linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
    ward.deliver(&world, &[&open, &born, &died]);
    let void = ward.void_by(&born, &doctor);
    let attest = ward.attest_by(&void, &head);
    ward.deliver(&world, &[&void, &attest]);
    println!("{:?}", status_of(&world, &died.nid));
    assert!(world.lists(&died.h), "a registered death without a birth, and nobody looks");
}

#[test]
fn what_moves_to_another_office_is_numbered_there() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let body = with(death("Назаров"), "death.manner", json!("pending"));
    let died = ward.death(body.clone());
    ward.deliver(&world, &[&open, &died]);
    let record = format!("/desk/record/{}", died.nid);
    let give = [("act", "transfer"), ("office", "TJ-DU-02")];
    let (_, to) = world.registrar().send(&record, &give);
    assert!(to.contains("said=desk-done"), "{to}");
    let amended = ward.amend(&died, with(body, "note", json!("х")));
    ward.deliver(&world, &[&amended]);
    let there = world.signed_in("other", "registrar", "TJ-DU-02");
    let (_, to) = there.send("/desk/entry", &[("act", "accept"), ("h", amended.h.as_str())]);
    assert!(to.ends_with("desk-done"), "{to}");
    let newest = ward.newest(&world, &amended);
    assert_eq!(newest.reg_no.as_deref(), Some("TJ-DU-02-2026-D-000001"), "{newest:?}");
    sound(&world);
}

#[test]
fn a_held_member_that_is_accepted_early_and_the_rest_follow() {
    let world = world_with(PortalSettings {
        hold_rules: vec!["B32".into()],
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let set = ogoh::env::new_uuid();
    let open = ward.open();
    let one = ward.birth(member("Раҳимова", &set, 1, 2));
    let foetal = ward.notice_by(&ward.doctor.clone(), Kind::FoetalDeath, {
        let body = member("Раҳимова", &set, 2, 2);
        let body = without(without(body, "birth.apgar_1"), "birth.apgar_5");
        with(body, "foetal.death_time", json!("before"))
    });
    ward.deliver(&world, &[&open, &foetal]);
    println!("{:?}", ward.newest(&world, &foetal));
    ward.deliver(&world, &[&one]);
    println!("{:?}", ward.newest(&world, &foetal));
    assert_eq!(ward.newest(&world, &one).status, Status::Registered);
    sound(&world);
}

#[test]
fn what_nobody_understands_about_a_registered_one_changes_nothing() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
    let odd = ward.sign(&doctor, |e| {
        e.t = EntryType::Unknown("hologram".into());
        e.nid = born.nid.clone().into();
        e.rev = 7;
    });
    let next = ward.amend(&born, with(birth("Раҳимова"), "note", json!("х")));
    let receipts = ward.deliver(&world, &[&open, &born, &odd, &next]);
    assert_eq!(found(&receipts[2]), (Status::Held, "unknown-type"));
    assert_eq!(receipts[3].status, Status::Registered, "{:?}", receipts[3]);
    assert!(world.lists(&odd.h));
    assert!(!world.rule(&odd.h, &[("act", "accept")]));
    assert!(world.rule(&odd.h, &[("act", "return"), ("text", "номаълум аст")]));
    assert_eq!(status_of(&world, &born.nid).0, "registered");
    sound(&world);
}

#[test]
fn an_annulment_and_its_confirmation_by_keys_that_are_approved_later() {
    for attest_first in [false, true] {
        let world = world();
        let mut ward = world.ward(FAC);
        let (a, b) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        let ask_a = world.person_request(&a, FAC, "late-a", Role::Doctor);
        let ask_b = world.person_request(&b, FAC, "late-b", Role::ShiftHead);
        let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
        let void = ward.void_by(&born, &a);
        let attest = ward.attest_by(&void, &b);
        ward.deliver(&world, &[&open, &born, &void, &attest]);
        assert_eq!(status_of(&world, &born.nid).0, "registered");
        match attest_first {
            true => {
                world.enrol(&b, &ask_b);
                world.enrol(&a, &ask_a);
            }
            false => {
                world.enrol(&a, &ask_a);
                world.enrol(&b, &ask_b);
            }
        }
        assert_eq!(status_of(&world, &born.nid).0, "voided", "{attest_first}");
        sound(&world);
    }
}

#[test]
fn a_ruling_that_was_not_done_rules_on_no_time() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    world.clock.advance(Duration::minutes(30));
    let then = world.now() - Duration::days(100);
    let body = with(birth("Раҳимова"), "birth.date", json!(then.date_naive().to_string()));
    let old = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.rec = then + Duration::hours(12);
        e.body = object(body.clone());
    });
    ward.deliver(&world, &[&old]);
    assert_eq!(found(&ward.newest(&world, &old)), (Status::Held, "time-unproven"));
    let wrong = ward.amend(&old, with(body.clone(), "birth.weight", json!(99)));
    ward.deliver(&world, &[&wrong]);
    let late = ward.amend(&old, with(body, "note", json!("х")));
    let receipt = &ward.deliver(&world, &[&late])[0];
    println!("{receipt:?}");
    let ruled = world.rule(&old.h, &[("act", "accept")]);
    println!("ruled {ruled}");
    let other = with(birth("Шарипова"), "birth.date", json!(then.date_naive().to_string()));
    let other = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.rec = then + Duration::hours(12);
        e.body = object(other);
    });
    let receipt = &ward.deliver(&world, &[&other])[0];
    assert!(ruled || receipt.status == Status::Held, "{receipt:?}");
    sound(&world);
}

#[test]
fn a_death_whose_birth_is_ruled_a_duplicate_or_annulled_is_looked_at_and_can_be_ended() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let original = [second.open(), second.birth(with(birth("Раҳимова"), "child.living", json!("no")))];
    second.deliver(&world, &original.each_ref());
    let open = first.open();
    let born = first.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    let died = first.death(linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
    first.deliver(&world, &[&open, &born, &died]);
    println!("{:?} {:?}", status_of(&world, &born.nid), status_of(&world, &died.nid));
    assert!(world.rule(&born.h, &[("act", "duplicate"), ("of", original[1].nid.as_str())]));
    assert_eq!(found(&first.newest(&world, &died)), (Status::Held, "linked-held"));
    println!("original {:?}", status_of(&world, &original[1].nid));
    assert!(world.rule(&died.h, &[("act", "accept")]));
    assert_eq!(first.newest(&world, &died).status, Status::Registered);
    println!("original {:?}", status_of(&world, &original[1].nid));
    sound(&world);
}

#[test]
fn a_squatter_that_is_about_to_be_annulled_or_was_sent_back_gives_way() {
    for annul in [false, true] {
        let world = world();
        let mut ward = world.ward(FAC);
        let stranger = SecretKey::generate().unwrap();
        world.person_request(&stranger, FAC, "new", Role::Doctor);
        let doctor = ward.doctor.clone();
        let open = ward.open();
        let squatter = ward.notice_by(&stranger, Kind::Birth, birth("Шарипова"));
        ward.deliver(&world, &[&open, &squatter]);
        match annul {
            true => {
                let void = ward.void_by(&squatter, &doctor);
                ward.deliver(&world, &[&void]);
            }
            false => assert!(world.rule(&squatter.h, &[("act", "return"), ("text", "номаълум аст")])),
        }
        let genuine = ward.sign(&doctor, |e| {
            e.t = EntryType::Notice(Kind::Birth);
            e.body = object(birth("Раҳимова"));
            e.id.clone_from(&squatter.nid);
            e.nid = squatter.nid.clone().into();
        });
        let receipt = &ward.deliver(&world, &[&genuine])[0];
        println!("{annul} {:?} {}", receipt.status, code(receipt));
        if receipt.status == Status::Held {
            assert!(world.lists(&genuine.h));
            assert!(world.rule(&genuine.h, &[("act", "return"), ("text", "аз нав нависед")]));
        }
        sound(&world);
    }
}
