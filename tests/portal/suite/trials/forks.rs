//! Forks, broken chains, squatters, clerks: what is not believed is not forgotten.

use super::*;

/// Two machines go on with one copied journal: places 3 and 4 are written twice, and the second branch's
/// fourth arrives before the first's.
#[test]
fn the_second_place_of_two_branches_is_a_fork_like_the_first() {
    for other_first in [false, true] {
        let world = world();
        let mut ward = world.ward(FAC);
        let (open, shared) = (ward.open(), ward.birth(birth("Раҳимова")));
        let at = (ward.seq, ward.prev.clone());
        let ours = [ward.birth(birth("Назарова")), ward.birth(birth("Каримова"))];
        (ward.seq, ward.prev) = at;
        let theirs = [ward.birth(birth("Шарипова")), ward.birth(birth("Саидова"))];
        ward.deliver(&world, &[&open, &shared, &ours[0], &theirs[0]]);
        let last = match other_first {
            true => [&theirs[1], &ours[1]],
            false => [&ours[1], &theirs[1]],
        };
        for entry in last {
            ward.deliver(&world, &[entry]);
        }
        let registered = |pair: &[&Signed]| {
            let stands = |one: &&&Signed| world.statuses()[&one.nid].0 == "registered";
            pair.iter().filter(stands).count()
        };
        assert_eq!(registered(&[&ours[0], &theirs[0]]), 1, "{other_first}");
        assert_eq!(registered(&[&ours[1], &theirs[1]]), 1, "{other_first}");
        assert_eq!(world.statuses()[&last[1].nid].0, "held", "{other_first}");
        sound(&world);
    }
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
    ward.deliver(&world, &[&one, &two]);
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
        if receipt.status == Status::Held {
            assert!(world.lists(&genuine.h));
            assert!(world.rule(&genuine.h, &[("act", "return"), ("text", "аз нав нависед")]));
        }
        sound(&world);
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
    assert_eq!(
        found(&receipts[2]),
        (Status::Returned, "role"),
        "{:?}",
        receipts[2]
    );
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
    assert_eq!(
        found(&receipts[3]),
        (Status::Held, "manner-open"),
        "{:?}",
        receipts[3]
    );
    sound(&world);
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
    let body = with(
        birth("Раҳимова"),
        "birth.date",
        json!(then.date_naive().to_string()),
    );
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
    ward.deliver(&world, &[&late]);
    let ruled = world.rule(&old.h, &[("act", "accept")]);
    let other = with(
        birth("Шарипова"),
        "birth.date",
        json!(then.date_naive().to_string()),
    );
    let other = ward.sign(&doctor, |e| {
        e.t = EntryType::Notice(Kind::Birth);
        e.rec = then + Duration::hours(12);
        e.body = object(other);
    });
    let receipt = &ward.deliver(&world, &[&other])[0];
    assert!(ruled || receipt.status == Status::Held, "{receipt:?}");
    sound(&world);
}

/// A birth that waits for its twin, and another one at its place in the journal, not delivered yet.
fn forked_member(ward: &mut Ward, set: &str) -> [Signed; 2] {
    let other = beside(ward, |ward| ward.birth(birth("Шарипова")));
    [ward.birth(member("Раҳимова", set, 1, 2)), other]
}

#[test]
fn a_fork_that_comes_while_an_annulment_is_pending_is_not_forgotten_once_it_is_declined() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (doctor, set) = (ward.doctor.clone(), ogoh::env::new_uuid());
    let open = ward.open();
    let [one, other] = forked_member(&mut ward, &set);
    let void = ward.void_by(&one, &doctor);
    let two = ward.birth(member("Раҳимова", &set, 2, 2));
    ward.deliver(&world, &[&open, &one, &void]);
    ward.deliver(&world, &[&other]);
    assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    ward.deliver(&world, &[&two]);
    let newest = ward.newest(&world, &one);
    assert_eq!(found(&newest), (Status::Held, "fork"), "{newest:?}");
    assert!(world.rule(&one.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &one).status, Status::Registered);
    sound(&world);
}

#[test]
fn a_fork_of_a_duplicate_is_looked_at_once_its_original_is_annulled() {
    let world = world();
    let (mut ward, mut elsewhere) = (world.ward(FAC), world.ward(OTHER));
    let (doctor, head) = (
        elsewhere.doctor.clone(),
        world.person(OTHER, "head", Role::ShiftHead),
    );
    let original = [elsewhere.open(), elsewhere.birth(birth("Раҳимова"))];
    elsewhere.deliver(&world, &original.each_ref());
    let open = ward.open();
    let other = beside(&mut ward, |ward| ward.birth(birth("Шарипова")));
    let one = ward.birth(birth("Раҳимова"));
    ward.deliver(&world, &[&open, &one]);
    assert!(world.rule(&one.h, &[("act", "duplicate"), ("of", &original[1].nid)]));
    ward.deliver(&world, &[&other]);
    let void = elsewhere.void_by(&original[1], &doctor);
    let attest = elsewhere.attest_by(&void, &head);
    elsewhere.deliver(&world, &[&void, &attest]);
    let why = portal::explain(world.dir(), &one.nid, false).unwrap();
    let why = serde_json::to_value(&why).unwrap();
    assert_eq!(status_of(&world, &one.nid).0, "held");
    assert!(why.to_string().contains(r#""code":"fork""#), "{why:#}");
    sound(&world);
}

#[test]
fn what_a_registrar_sent_back_stays_sent_back_when_the_key_of_the_first_is_approved() {
    let world = world();
    let mut ward = world.ward(FAC);
    let stranger = SecretKey::generate().unwrap();
    let request = world.person_request(&stranger, FAC, "new", Role::Doctor);
    let open = ward.open();
    let one = ward.notice_by(&stranger, Kind::Birth, birth("Раҳимова"));
    let two = ward.amend(&one, with(birth("Раҳимова"), "note", json!("х")));
    ward.deliver(&world, &[&open, &one, &two]);
    assert!(world.rule(&two.h, &[("act", "return"), ("text", "лутфан дида бароед")]));
    assert_eq!(status_of(&world, &two.nid).0, "returned");
    world.enrol(&stranger, &request);
    assert_eq!(status_of(&world, &two.nid).0, "returned");
    assert_eq!(ward.newest(&world, &two).status, Status::Returned);
    sound(&world);
}

#[test]
fn what_a_registrar_sent_back_stays_sent_back_when_what_the_first_named_comes() {
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
    assert!(world.rule(&two.h, &[("act", "return"), ("text", "лутфан дида бароед")]));
    assert_eq!(status_of(&world, &two.nid).0, "returned");
    elsewhere.deliver(&world, &e.each_ref());
    assert_eq!(status_of(&world, &two.nid).0, "returned");
    assert_eq!(ward.newest(&world, &two).status, Status::Returned);
    sound(&world);
}
