//! Births and deaths that name one another.

use super::*;

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
    ward.deliver(&world, &[&mended]);
    let receipt = &ward.deliver(&world, &[&born])[0];
    assert_eq!(
        found(receipt),
        (Status::Received, "death-awaited"),
        "{receipt:?} {ghost}"
    );
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
    let died = ward.notice_by(
        &second,
        Kind::Death,
        linked(death("Раҳимов"), &born.nid, "death-of-this-birth"),
    );
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
fn a_death_whose_birth_is_ruled_a_duplicate_or_annulled_is_looked_at_and_can_be_ended() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let original = [
        second.open(),
        second.birth(with(birth("Раҳимова"), "child.living", json!("no"))),
    ];
    second.deliver(&world, &original.each_ref());
    let open = first.open();
    let born = first.birth(with(birth("Раҳимова"), "child.living", json!("no")));
    let died = first.death(linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
    first.deliver(&world, &[&open, &born, &died]);
    assert!(world.rule(&born.h, &[("act", "duplicate"), ("of", original[1].nid.as_str())]));
    assert_eq!(found(&first.newest(&world, &died)), (Status::Held, "linked-held"));
    assert!(world.rule(&died.h, &[("act", "accept")]));
    assert_eq!(first.newest(&world, &died).status, Status::Registered);
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
