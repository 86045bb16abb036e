//! Multiple births, and lines that are none.

use super::*;

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
    assert_ne!(receipt.status, Status::Registered, "{receipt:?}");
    for entry in [&one, &two] {
        assert_eq!(ward.newest(&world, entry).status, Status::Registered);
    }
    // The other way round.
    let set = ogoh::env::new_uuid();
    let alien = ward.birth(member("Зоирова", &set, 2, 2));
    let one = ward.birth(member("Ҳакимова", &set, 1, 2));
    let two = ward.birth(member("Ҳакимова", &set, 2, 2));
    for entry in [&alien, &one, &two] {
        ward.deliver(&world, &[entry]);
    }
    // Who comes first wins; the other is told so, and nothing waits for ever.
    for entry in [&one, &two] {
        assert_ne!(ward.newest(&world, entry).status, Status::Received);
    }
    sound(&world);
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
fn a_set_of_three_with_every_order_of_arrival_and_one_faulty() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let world = world();
        let mut ward = world.ward(FAC);
        let set = ogoh::env::new_uuid();
        let open = ward.open();
        let mut all: Vec<Signed> = (1..=3)
            .map(|i| ward.birth(member("Раҳимова", &set, i, 3)))
            .collect();
        let faulty = with(member("Раҳимова", &set, 3, 3), "birth.weight", json!(99));
        all[2] = ward.birth(faulty);
        ward.deliver(&world, &[&open]);
        for i in order {
            ward.deliver(&world, &[&all[i]]);
        }
        let now: Vec<Status> = all.iter().map(|e| ward.newest(&world, e).status).collect();
        assert_eq!(
            now,
            [Status::Registered, Status::Registered, Status::Returned],
            "{order:?}"
        );
        let mended = ward.amend(&all[2], member("Раҳимова", &set, 3, 3));
        let receipt = &ward.deliver(&world, &[&mended])[0];
        assert_eq!(receipt.status, Status::Registered, "{order:?} {receipt:?}");
        sound(&world);
    }
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
    ward.deliver(&world, &[&one]);
    assert_eq!(ward.newest(&world, &one).status, Status::Registered);
    sound(&world);
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
        with(
            birth("Юсуфова"),
            "set",
            json!({"id": ogoh::env::new_uuid(), "order": 9, "n": 2}),
        ),
        with(
            birth("Юсуфова"),
            "set",
            json!({"id": ogoh::env::new_uuid(), "order": 1, "n": 0}),
        ),
        with(
            birth("Юсуфова"),
            "set",
            json!({"id": ogoh::env::new_uuid(), "order": 1, "n": 4_294_967_295u32}),
        ),
        with(
            birth("Юсуфова"),
            "set",
            json!({"id": ogoh::env::new_uuid(), "order": 1, "n": 1}),
        ),
        with(birth("Юсуфова"), "links", json!([{"nid": "x", "kind": "twin"}])),
    ] {
        odd.push(beside(&mut ward, |ward| ward.birth(body)));
    }
    let twice = json!([{"nid": ogoh::env::new_uuid(), "kind": "twin"}]);
    let twice = json!([twice[0], twice[0], twice[0]]);
    odd.push(beside(&mut ward, |ward| {
        ward.birth(with(birth("Юсуфова"), "links", twice))
    }));
    odd.push(beside(&mut ward, |ward| {
        ward.sign(&doctor, |e| {
            e.t = EntryType::Notice(Kind::Birth);
            e.body = object(linked(birth("Юсуфова"), &e.nid.clone(), "twin"));
        })
    }));
    for (i, odd) in odd.iter().enumerate() {
        let (status, body) = ward.post(line(odd));
        assert_eq!(status, 200, "{i} {body}");
    }
    sound(&world);
}
