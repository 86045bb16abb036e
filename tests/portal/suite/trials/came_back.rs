//! What comes back to a registry that was set back.

use super::*;

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
    let receipts = all
        .iter()
        .map(|e| receipt_line(&ward.newest_text(&world, e)))
        .collect();
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
        let (mut world, mut ward, copy) = copied(PortalSettings::default());
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
        assert_eq!(
            newest.status,
            Status::Registered,
            "separate {separate}: {newest:?}"
        );
        let next = ward.amend(
            &corrected,
            with(
                with(birth("Раҳимова"), "birth.weight", json!(3111)),
                "note",
                json!("х"),
            ),
        );
        let receipt = &ward.deliver(&world, &[&next])[0];
        assert_eq!(
            receipt.status,
            Status::Registered,
            "separate {separate}: {receipt:?}"
        );
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
                let (_, to) = world
                    .registrar()
                    .send(&record, &[("act", "annul"), ("text", "хато буд")]);
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
    assert_eq!(theirs.reg_no, None, "not while it recovers");
    world.end_recovery();
    assert_ne!(
        elsewhere.newest(&world, &other).reg_no,
        before.reg_no,
        "given twice"
    );
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
    assert!(world.rule(
        &dup[1].h,
        &[("act", "duplicate"), ("of", original[1].nid.as_str())]
    ));
    let texts: Vec<String> = dup
        .each_ref()
        .map(|e| receipt_line(&second.newest_text(&world, e)))
        .to_vec();
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
    let texts: Vec<String> = [&born, &faulty]
        .map(|e| receipt_line(&ward.newest_text(&world, e)))
        .to_vec();
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
fn a_certificate_of_what_was_corrected_before_comes_back_as_well() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let opened = ward.open();
    let born = ward.birth(birth("Раҳимова"));
    let named = ward.amend(&born, with(birth("Раҳимова"), "note", json!("х")));
    ward.deliver(&world, &[&opened, &born, &named]);
    assert_eq!(ward.newest(&world, &named).status, Status::Registered);
    let copy = copy_now(&mut world, &mut [&mut ward]);
    issue(&world, &born.nid);
    let text = ward.newest_text(&world, &named);
    set_back(&mut world, copy, &mut [&mut ward]);
    again(&ward, &[receipt_line(&text), line(&named)]);
    let record = format!("/desk/record/{}", born.nid);
    assert!(world.registrar().get(&record).1.contains("its number is lost"));
    sound(&world);
}
