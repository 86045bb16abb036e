//! Retired receipt keys, the desk, what is sent again.

use super::*;

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
    for status in [
        Status::AnnulmentPending,
        Status::Voided,
        Status::Duplicate,
        Status::Held,
        Status::Returned,
    ] {
        let mut world = world();
        let mut ward = world.ward(FAC);
        let (first, own) = forged(&mut world, &mut ward, |r| r.status = status);
        let (one, two) = (status_of(&world, &first.nid), world.statuses().remove(&own.nid));
        assert_ne!(one.1, two.and_then(|two| two.1), "{status:?}");
        sound(&world);
    }
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
fn a_receipt_of_an_epoch_far_from_the_book_counts_for_nothing() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let (first, own) = forged(&mut world, &mut ward, |r| {
        r.epoch = 9;
        r.status = Status::Held;
        r.reg_no = None;
    });
    // Numbers go on where they were, or no device of the facility would hear of what comes next.
    let before = ward.newest(&world, &first).number();
    assert!(before.is_followed_by(ward.newest(&world, &own).number()));
    // Not even under the key in force: each epoch up to it would be opened.
    let mut receipt = ward.newest(&world, &own);
    receipt.epoch = 5_000;
    let key = std::fs::read_to_string(world.dir().join("receipt.key")).unwrap();
    let text = receipt.seal(&SecretKey::from_text(key.trim()).unwrap()).unwrap();
    assert!(ward.post(receipt_line(&text)).1.contains("foreign-receipt"));
    assert_eq!(portal::recovery(world.dir(), world.clock.clone()).unwrap(), []);
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
        let body = with(
            body,
            "deceased.document",
            json!(format!("А 1{:07}", i * 7919 % 10_000_000)),
        );
        let body = with(
            body,
            "deceased.given",
            json!(["Саид", "Далер", "Карим", "Рустам"][i % 4]),
        );
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
    // The annulment and its confirmation as well: whatever waits has a list.
    for entry in [&amended, &void, &attest] {
        until("somebody sees it", || world.lists(&entry.h));
    }
    // It comes after all.
    ward.deliver(&world, &[&lost]);
    assert_eq!(ward.newest(&world, &void).status, Status::Voided);
    assert_eq!(ward.newest(&world, &lost).reg_no, None);
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
    assert_eq!(
        newest.reg_no.as_deref(),
        Some("TJ-DU-02-2026-D-000001"),
        "{newest:?}"
    );
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
