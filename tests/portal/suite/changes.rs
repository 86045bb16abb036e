//! Corrections, annulments, forks and a portal that has fallen behind.
use super::world;
use crate::portal_support::*;
use ogoh::env::Role;
use ogoh::seal::Status;
use ogoh::wire;
use serde_json::json;

fn unnamed(surname: &str) -> serde_json::Value {
    with(birth(surname), "child.given", json!({"not": "yet"}))
}

#[test]
fn naming_a_registered_child_applies_by_itself_and_keeps_the_number() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(unnamed("Раҳимова"))];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(receipts[1].open, ["name"]);
    let named = ward.amend(&entries[1], birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&named])[0];
    assert_eq!(receipt.status, Status::Registered, "{:?}", receipt.problem);
    assert_eq!(receipt.reg_no, receipts[1].reg_no);
    assert!(receipt.open.is_empty());
}

#[test]
fn any_other_correction_of_a_record_goes_to_the_desk_and_unregisters_nothing() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    let number = ward.deliver(&world, &entries.each_ref())[1].reg_no.clone();
    let corrected = ward.amend(&entries[1], with(birth("Раҳимова"), "birth.weight", json!(3300)));
    let receipt = &ward.deliver(&world, &[&corrected])[0];
    assert_eq!((receipt.status, code(receipt)), (Status::Held, "correction"));
    assert_eq!(ward.newest(&world, &entries[1]).status, Status::Registered);
    assert!(world.rule(&corrected.h, &[("act", "accept")]));
    let receipt = ward.newest(&world, &corrected);
    assert_eq!((receipt.status, receipt.reg_no), (Status::Registered, number));
}

#[test]
fn an_amendment_that_overtakes_its_parent_is_applied_when_it_comes() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, first) = (ward.open(), ward.birth(unnamed("Раҳимова")));
    let second = ward.amend(&first, birth("Раҳимова"));
    let third = ward.amend(&second, with(birth("Раҳимова"), "note", json!("х")));
    for early in [&third, &second] {
        let receipt = &ward.deliver(&world, &[&open, early])[1];
        assert_eq!(
            (receipt.status, code(receipt)),
            (Status::Received, "parent-missing")
        );
    }
    let receipt = &ward.deliver(&world, &[&first])[0];
    assert_eq!(receipt.status, Status::Registered);
    for late in [&second, &third] {
        let newest = ward.newest(&world, late);
        assert_eq!(newest.status, Status::Registered, "{:?}", newest.problem);
        assert_eq!(newest.reg_no, receipt.reg_no);
    }
    assert_eq!(receipt.head.seq, 4);
}

#[test]
fn two_corrections_of_one_revision_cannot_both_win() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, first) = (ward.open(), ward.birth(unnamed("Раҳимова")));
    let one = ward.amend(&first, birth("Раҳимова"));
    let two = ward.amend(&first, with(birth("Раҳимова"), "child.given", json!("Нигина")));
    let receipts = ward.deliver(&world, &[&open, &first, &one, &two]);
    assert_eq!(receipts[2].status, Status::Registered);
    assert_eq!(
        (receipts[3].status, code(&receipts[3])),
        (Status::Returned, "rev-conflict")
    );
    let after = ward.amend(&one, with(birth("Раҳимова"), "note", json!("х")));
    assert_eq!(ward.deliver(&world, &[&after])[0].status, Status::Registered);
}

#[test]
fn a_faulty_correction_shows_beside_the_record() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, first) = (ward.open(), ward.birth(birth("Раҳимова")));
    let bad = ward.amend(&first, with(birth("Раҳимова"), "birth.weight", json!(99)));
    let receipts = ward.deliver(&world, &[&open, &first, &bad]);
    assert_eq!(
        (receipts[1].status, receipts[2].status),
        (Status::Registered, Status::Returned)
    );
    // The next one follows the returned one and fills nothing but a remark.
    let good = ward.amend(&bad, with(birth("Раҳимова"), "note", json!("х")));
    let receipt = &ward.deliver(&world, &[&good])[0];
    assert_eq!(
        (receipt.status, &receipt.reg_no),
        (Status::Registered, &receipts[1].reg_no)
    );
}

#[test]
fn a_clerk_fills_in_addresses_but_no_medical_field() {
    let world = world();
    let mut ward = world.ward(FAC);
    let clerk = world.person(FAC, "clerk", Role::Clerk);
    let bare = without(birth("Раҳимова"), "mother.education");
    let bare = without(bare, "birth.apgar_5");
    let (open, first) = (ward.open(), ward.birth(bare.clone()));
    let doctor = std::mem::replace(&mut ward.doctor, clerk);
    let address = ward.amend(&first, with(bare.clone(), "mother.education", json!("higher")));
    let medical = ward.amend(&address, birth("Раҳимова"));
    ward.doctor = doctor;
    let receipts = ward.deliver(&world, &[&open, &first, &address, &medical]);
    assert_eq!(
        receipts[2].status,
        Status::Registered,
        "{:?}",
        receipts[2].problem
    );
    assert_eq!(
        (receipts[3].status, code(&receipts[3])),
        (Status::Returned, "role")
    );
}

#[test]
fn an_annulment_needs_a_second_person() {
    let world = world();
    let mut ward = world.ward(FAC);
    let colleague = world.person(FAC, "colleague", Role::ShiftHead);
    let doctor = ward.doctor.clone();
    let (open, first) = (ward.open(), ward.birth(birth("Раҳимова")));
    let void = ward.void_by(&first, &doctor);
    let alone = ward.attest_by(&void, &doctor);
    let receipts = ward.deliver(&world, &[&open, &first, &void, &alone]);
    let number = receipts[1].reg_no.clone();
    assert_eq!(
        receipts[2].status,
        Status::AnnulmentPending,
        "{:?}",
        receipts[2].problem
    );
    assert_eq!(
        (receipts[3].status, code(&receipts[3])),
        (Status::Returned, "second-person")
    );
    let attest = ward.attest_by(&void, &colleague);
    assert_eq!(ward.deliver(&world, &[&attest])[0].status, Status::Received);
    let newest = ward.newest(&world, &void);
    assert_eq!((newest.status, newest.reg_no), (Status::Voided, number));

    // Its number is not given again, and the same birth is no look-alike of an annulled one.
    let again = ward.birth(birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&again])[0];
    assert_eq!(
        receipt.reg_no.as_deref(),
        Some("TJ-DU-01-2026-B-000002"),
        "{receipt:?}"
    );
}

#[test]
fn an_annulment_that_comes_first_keeps_the_birth_from_being_registered() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let colleague = world.person(FAC, "colleague", Role::Midwife);
    let (open, first) = (ward.open(), ward.birth(birth("Раҳимова")));
    let void = ward.void_by(&first, &doctor);
    let attest = ward.attest_by(&void, &colleague);
    let receipts = ward.deliver(&world, &[&void, &attest, &open]);
    assert_eq!(receipts[0].status, Status::AnnulmentPending);
    let receipt = &ward.deliver(&world, &[&first])[0];
    assert_eq!((receipt.status, &receipt.reg_no), (Status::Received, &None));
    assert_eq!(ward.newest(&world, &void).status, Status::Voided);
    let late = ward.amend(&first, birth("Раҳимова"));
    assert_eq!(ward.deliver(&world, &[&late])[0].status, Status::Returned);
}

#[test]
fn the_registrar_may_annul_or_decline_an_annulment() {
    let world = world();
    let mut ward = world.ward(FAC);
    let doctor = ward.doctor.clone();
    let (open, one, two) = (
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.birth(birth("Шарипова")),
    );
    let (void_one, void_two) = (ward.void_by(&one, &doctor), ward.void_by(&two, &doctor));
    ward.deliver(&world, &[&open, &one, &two, &void_one, &void_two]);
    assert!(world.rule(&void_one.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &void_one).status, Status::Voided);
    assert!(world.rule(&void_two.h, &[("act", "return"), ("text", "хато нест")]));
    assert_eq!(ward.newest(&world, &void_two).status, Status::Returned);
    assert!(!world.rule(&void_two.h, &[("act", "accept")]), "already decided");
}

#[test]
fn a_copied_journal_is_seen_as_a_fork_and_nothing_is_lost() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let (seq, prev) = (ward.seq, ward.prev.clone());
    let one = ward.birth(birth("Раҳимова"));
    (ward.seq, ward.prev) = (seq, prev);
    let other = ward.birth(birth("Шарипова"));
    let receipts = ward.deliver(&world, &[&one, &other]);
    assert_eq!(receipts[0].status, Status::Registered);
    assert_eq!((receipts[1].status, code(&receipts[1])), (Status::Held, "fork"));
    let (_, body) = get(
        &world.url(&wire::path::journal_head(&ward.jid)),
        Some(&ward.token()),
    );
    let head: wire::JournalHead = serde_json::from_str(&body).unwrap();
    assert!(head.forked && head.seq == 2 && head.h == one.h);
    let (_, metrics) = get(&world.url(wire::path::METRICS), None);
    assert!(metrics.contains("ogoh_portal_journals_forked 1"));
    assert!(world.rule(&other.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &other).status, Status::Registered);
}

#[test]
fn a_portal_restored_from_an_older_copy_honours_its_own_receipts() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    world.portal = None;
    let copy = world.copy_book();
    world.start();
    ward.base = world.url("");
    let (one, two) = (ward.birth(birth("Раҳимова")), ward.birth(birth("Шарипова")));
    let answers = ward.push(&[&one, &two]);
    let trust = world.trust();
    let before = receipt_of(&answers[1], &trust);
    let texts: Vec<String> = answers.iter().map(wire::DeliveryAnswer::line).collect();

    world.portal = None;
    world.restore_book(copy);
    world.start();
    ward.base = world.url("");
    let (_, body) = get(
        &world.url(&wire::path::journal_head(&ward.jid)),
        Some(&ward.token()),
    );
    assert!(body.contains("\"seq\":1"), "{body}");

    // Receipts may come before, after or without their entries.
    let lines = format!(
        "{}\n{}\n{}\n",
        texts[1],
        wire::jws_line(&two.jws),
        wire::jws_line(&one.jws)
    );
    let (status, body) = ward.post(format!("{}{lines}", format_args!("{}\n", texts[0])));
    assert_eq!(status, 200);
    let again: Vec<wire::DeliveryAnswer> = wire::answers(&body).into_iter().map(Option::unwrap).collect();
    assert_eq!(
        again,
        [
            answers[0].clone(),
            answers[1].clone(),
            answers[1].clone(),
            answers[0].clone()
        ]
    );
    // No number is given twice, nor in haste.
    let third = ward.birth(birth("Ҳакимова"));
    let receipt = &ward.deliver(&world, &[&third])[0];
    assert_eq!((receipt.status, &receipt.reg_no), (Status::Received, &None));
    assert!(receipt.number() > before.number());
    world.end_recovery();
    let receipt = ward.newest(&world, &third);
    assert_eq!(receipt.reg_no.as_deref(), Some("TJ-DU-01-2026-B-001003"));
    // What was registered before can still be amended.
    let amended = ward.amend(&two, with(birth("Шарипова"), "note", json!("х")));
    let receipt = &ward.deliver(&world, &[&amended])[0];
    assert_eq!(
        (receipt.status, &receipt.reg_no),
        (Status::Registered, &before.reg_no)
    );
}

#[test]
fn another_device_of_the_facility_may_deliver_a_journal_that_it_continues() {
    let world = world();
    let mut old = world.ward(FAC);
    let mut new = world.ward(FAC);
    let (open, birth_entry) = (old.open(), old.birth(birth("Раҳимова")));
    old.deliver(&world, &[&open]);
    assert_eq!(problem_of(&new.push(&[&birth_entry])[0]).code, "foreign-journal");
    let (device, jid) = (new.device.clone(), old.jid.clone());
    let open = new.sign(&device, |e| {
        e.usr = e.dev.clone();
        e.role = Role::Device;
        e.body = object(json!({"device": e.dev, "facility": FAC, "continues": jid}));
    });
    let receipts = new.deliver(&world, &[&open, &birth_entry]);
    assert_eq!(receipts[1].status, Status::Registered);
    // The other device sees it in the feed, with the entry that it did not write.
    let seen = new.feed(&world, 0);
    assert!(
        seen.iter()
            .any(|(r, e)| r.nh == birth_entry.h && e.as_deref() == Some(&birth_entry.jws))
    );
    assert!(seen.iter().any(|(r, e)| r.nh == open.h && e.is_none()));
    // A stranger facility may not.
    let foreign = world.ward("TJ-DU-BOX-09");
    let (status, _) = get(
        &world.url(&wire::path::feed(FAC, first_epoch(0), 0)),
        Some(&foreign.token()),
    );
    assert_eq!(status, 403);
    let (status, _) = get(
        &world.url(&wire::path::journal_head(&old.jid)),
        Some(&foreign.token()),
    );
    assert_eq!(status, 403);
}

#[test]
fn what_a_correction_replaced_goes_back_with_it() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, born) = (ward.open(), ward.birth(birth("Раҳимова")));
    let longer = |n: u32| with(birth("Раҳимова"), "birth.length", json!(n));
    let one = ward.amend(&born, longer(495));
    let two = ward.amend(&one, longer(500));
    ward.deliver(&world, &[&open, &born, &one, &two]);
    assert!(world.rule(&two.h, &[("act", "return"), ("text", "аз нав нависед")]));
    // The ward goes on from what it signed last.
    let three = ward.amend(&two, with(birth("Раҳимова"), "note", json!("х")));
    let receipt = &ward.deliver(&world, &[&three])[0];
    assert_eq!(receipt.status, Status::Registered, "{receipt:?}");
    assert_eq!(ward.newest(&world, &one).status, Status::Returned);
}

#[test]
fn a_journal_is_continued_along_a_chain_whatever_arrives_first() {
    let world = world();
    let wards: Vec<Ward> = (0..4).map(|_| world.ward(FAC)).collect();
    let [mut first, mut second, mut third, mut other] = <[Ward; 4]>::try_from(wards).ok().unwrap();
    let (opened, born) = (first.open(), first.birth(birth("Раҳимова")));
    let unsent = first.birth(birth("Каримова"));
    let (one, two) = (first.jid.clone(), second.jid.clone());
    let (middle, newest) = (second.continuing(&one), third.continuing(&two));
    let answers = other.push(&[&middle, &opened, &born]);
    assert!(answers.iter().all(|a| problem_of(a).code == "foreign-journal"));
    // Two keys were changed before anything was sent: the newest brings all three journals.
    let receipts = third.deliver(&world, &[&newest, &middle, &opened, &born]);
    assert_eq!(receipts[3].status, Status::Registered);
    // Whoever continues a journal of another facility reaches none of its.
    let mut foreign = world.ward("TJ-DU-BOX-09");
    let claims = foreign.continuing(&third.jid.clone());
    let answers = foreign.push(&[&claims, &unsent]);
    assert_eq!(problem_of(&answers[1]).code, "foreign-journal");
    // A ring ends.
    let ring = other.continuing(&other.jid.clone());
    assert_eq!(
        problem_of(&other.push(&[&ring, &unsent])[1]).code,
        "foreign-journal"
    );
}
