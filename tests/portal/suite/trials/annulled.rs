//! Annulments, confirmations and duplicates in every order.

use super::*;

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
    assert_ne!(
        found(receipt),
        (Status::Received, "parent-missing"),
        "declined: {receipt:?}"
    );
    let again = ward.void_by(&born, &doctor);
    let one = ward.attest_by(&again, &head);
    let two = ward.attest_by(&again, &third);
    let receipts = ward.deliver(&world, &[&again, &one, &two]);
    assert_eq!(ward.newest(&world, &again).status, Status::Voided);
    assert_ne!(
        found(&receipts[2]),
        (Status::Received, "parent-missing"),
        "settled"
    );
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
    ward.deliver(&world, &[&open, &born, &one, &two, &attest]);
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
    let (_, to) = world
        .registrar()
        .send(&record, &[("act", "annul"), ("text", "хато буд")]);
    assert!(to.ends_with("desk-done"), "{to}");
    assert_eq!(status_of(&world, &born.nid).0, "voided");
    let newest = ward.newest(&world, &void);
    assert_ne!(newest.status, Status::AnnulmentPending, "{newest:?}");
    assert!(!world.lists(&void.h));
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
    assert!(world.rule(
        &duplicate.h,
        &[("act", "duplicate"), ("of", original[1].nid.as_str())]
    ));
    for (entry, stood) in [
        (&held, "held"),
        (&returned, "returned"),
        (&duplicate, "duplicate"),
    ] {
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
        for name in ["Раҳимова", "Сарвиноз", "Назаров", "Шарипова", "Табиб", "дуруст"]
        {
            assert!(!why.contains(name), "{why}");
        }
    }
    assert!(!world.lists(&held.h) && !world.lists(&returned.h) && !world.lists(&duplicate.h));
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
            assert_eq!(
                ward.newest(&world, &void).status,
                Status::Voided,
                "{order:?} {separate}"
            );
            assert_eq!(
                found(&ward.newest(&world, &attest)),
                (Status::Received, ""),
                "{order:?} {separate}"
            );
        }
    }
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
fn a_duplicate_that_is_corrected_is_still_looked_at_once_its_original_goes() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let (doctor, head) = (first.doctor.clone(), shift_head(&world));
    let wrong = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &wrong.each_ref());
    let again = [second.open(), second.birth(birth("Раҳимова"))];
    second.deliver(&world, &again.each_ref());
    assert!(world.rule(
        &again[1].h,
        &[("act", "duplicate"), ("of", wrong[1].nid.as_str())]
    ));
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
    assert!(world.rule(
        &again[1].h,
        &[("act", "duplicate"), ("of", original[1].nid.as_str())]
    ));
    let none = second.amend(&again[1], with(bare.clone(), "note", json!("дигар кӯдак")));
    second.deliver(&world, &[&none]);
    assert!(world.rule(&none.h, &[("act", "accept")]));
    let newest = second.newest(&world, &none);
    assert_eq!(newest.status, Status::Registered, "{newest:?}");
    let named = second.amend(
        &none,
        with(
            with(bare, "note", json!("дигар кӯдак")),
            "child.given",
            json!("Зебо"),
        ),
    );
    let receipt = &second.deliver(&world, &[&named])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    sound(&world);
}
