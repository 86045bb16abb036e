//! What stands in the register stands once: no link, unknown or annulment lets one event in twice, and
//! whatever waits has an owner.

use chrono::Duration;
use ogoh::portal::PortalSettings;
use ogoh::seal::{Receipt, Status};
use serde_json::{Value, json};

use super::{world, world_with};
use crate::portal_support::*;

pub const OTHER: &str = "TJ-DU-BOX-02";

pub fn found(receipt: &Receipt) -> (Status, &str) {
    (receipt.status, code(receipt))
}

fn not_yet(mut body: Value, fields: &[&str]) -> Value {
    for field in fields {
        body = with(body, field, json!({"not": "yet"}));
    }
    body
}

/// A birth of which nothing is known of the mother.
fn motherless() -> Value {
    let fields = [
        "mother.surname",
        "mother.given",
        "mother.patronymic",
        "mother.born",
        "mother.document",
    ];
    without(not_yet(birth("Раҳимова"), &fields), "mother.phone")
}

#[test]
fn a_link_never_silences_likeness() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let entries = [
        first.open(),
        first.birth(birth("Раҳимова")),
        first.death(death("Назаров")),
    ];
    first.deliver(&world, &entries.each_ref());
    let open = second.open();
    second.deliver(&world, &[&open]);
    let link =
        |body: Value, of: &Signed, kind: &str| with(body, "links", json!([{"nid": of.nid, "kind": kind}]));
    for kind in [
        "twin",
        "death-of-this-birth",
        "birth-of-this-death",
        "mothers-death",
        "cousin",
    ] {
        let again = second.birth(link(birth("Раҳимова"), &entries[1], kind));
        let receipt = &second.deliver(&world, &[&again])[0];
        assert_eq!(receipt.status, Status::Held, "{kind}: {receipt:?}");
        assert_eq!(receipt.reg_no, None);
        let again = second.death(link(death("Назаров"), &entries[2], kind));
        let receipt = &second.deliver(&world, &[&again])[0];
        assert_eq!(receipt.status, Status::Held, "{kind}: {receipt:?}");
    }
}

#[test]
fn a_link_that_nobody_knows_or_to_another_kind_of_event_is_held() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let nid = entries[1].nid.clone();
    for kind in ["cousin", "birth-of-this-death"] {
        let other = with(birth("Шарипова"), "links", json!([{"nid": nid, "kind": kind}]));
        let other = ward.birth(other);
        assert_eq!(
            found(&ward.deliver(&world, &[&other])[0]),
            (Status::Held, "link-wrong"),
            "{kind}"
        );
    }
}

#[test]
fn what_a_link_names_has_to_come_and_whoever_waits_too_long_is_looked_at() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let ghost = ogoh::env::new_uuid();
    let linked = with(
        birth("Раҳимова"),
        "links",
        json!([{"nid": ghost, "kind": "twin"}]),
    );
    let dead = with(birth("Шарипова"), "child.living", json!("no"));
    let entries = [ward.open(), ward.birth(linked), ward.birth(dead)];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(found(&receipts[1]), (Status::Received, "link-missing"));
    assert_eq!(found(&receipts[2]), (Status::Received, "death-awaited"));
    world.clock.advance(Duration::hours(73));
    world.restart();
    ward.base = world.url("");
    for (entry, why) in [(&entries[1], "link-missing"), (&entries[2], "death-awaited")] {
        until(why, || found(&ward.newest(&world, entry)) == (Status::Held, why));
        assert!(world.lists(&entry.h));
    }
    // It comes after all.
    let died = with(
        death("Шарипов"),
        "links",
        json!([{"nid": entries[2].nid, "kind": "death-of-this-birth"}]),
    );
    let died = ward.death(died);
    ward.deliver(&world, &[&died]);
    assert_eq!(ward.newest(&world, &entries[2]).status, Status::Registered);
    assert_eq!(ward.newest(&world, &died).status, Status::Registered);
}

#[test]
fn a_child_stated_not_to_live_is_registered_with_its_death_whichever_comes_first() {
    let world = world();
    for (fac, birth_first) in [(FAC, true), (OTHER, false)] {
        let mut ward = world.ward(fac);
        let surname = if birth_first {
            "Раҳимова"
        } else {
            "Шарипова"
        };
        let open = ward.open();
        let born = ward.birth(with(birth(surname), "child.living", json!("no")));
        let link = json!([{"nid": born.nid, "kind": "death-of-this-birth"}]);
        let died = ward.death(with(death(surname.trim_end_matches('а')), "links", link));
        let order = if birth_first {
            [&open, &born, &died]
        } else {
            [&open, &died, &born]
        };
        ward.deliver(&world, &order);
        for entry in [&born, &died] {
            let receipt = ward.newest(&world, entry);
            assert_eq!(receipt.status, Status::Registered, "{birth_first} {receipt:?}");
        }
    }
}

#[test]
fn a_childs_death_waits_on_the_desk_while_its_birth_is_looked_at() {
    let world = world_with(PortalSettings {
        hold_rules: vec!["B32".into()],
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let small = with(birth("Раҳимова"), "birth.weight", json!(480));
    let small = with(small, "birth.weeks", json!(21));
    let small = with(small, "birth.length", json!(240));
    let small = with(
        small,
        "checked",
        json!({"B32": "verified", "B05": "verified", "B03": "verified", "B29": "verified"}),
    );
    let small = with(small, "child.living", json!("no"));
    let open = ward.open();
    let born = ward.birth(small);
    let link = json!([{"nid": born.nid, "kind": "death-of-this-birth"}]);
    let died = ward.death(with(death("Раҳимов"), "links", link));
    ward.deliver(&world, &[&open, &born, &died]);
    assert_eq!(found(&ward.newest(&world, &born)), (Status::Held, "B32"));
    assert_eq!(found(&ward.newest(&world, &died)), (Status::Held, "linked-held"));
    // The registrar lets the birth pass: its death follows by itself.
    assert!(world.rule(&born.h, &[("act", "accept")]));
    assert_eq!(ward.newest(&world, &born).status, Status::Registered);
    assert_eq!(ward.newest(&world, &died).status, Status::Registered);
}

#[test]
fn a_record_without_any_identity_waits_for_a_person() {
    let world = world();
    let mut ward = world.ward(FAC);
    let nobody = not_yet(
        death("Назаров"),
        &["deceased.surname", "deceased.given", "deceased.document"],
    );
    let entries = [ward.open(), ward.birth(motherless()), ward.death(nobody)];
    let receipts = ward.deliver(&world, &entries.each_ref());
    for receipt in &receipts[1..] {
        assert_eq!(found(receipt), (Status::Held, "no-identity"), "{receipt:?}");
    }
}

#[test]
fn what_is_filled_in_is_compared_anew() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let entries = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &entries.each_ref());
    // Registered under another name and without papers; filled in, it is the child that stands already.
    let vague = with(birth("Раҳимова"), "mother.surname", json!({"not": "yet"}));
    let vague = with(vague, "mother.given", json!("Гулбаҳор"));
    let vague = not_yet(
        vague,
        &[
            "mother.patronymic",
            "mother.born",
            "mother.document",
            "mother.district",
        ],
    );
    let vague = without(without(vague, "mother.phone"), "father");
    let vague = with(vague, "mother.marriage", json!({"not": "yet"}));
    let vague = without(with(vague, "birth.time", json!("23:50")), "mother.marriage_act");
    let open = second.open();
    let child = second.birth(with(vague.clone(), "birth.weight", json!(2610)));
    let receipts = second.deliver(&world, &[&open, &child]);
    if receipts[1].status != Status::Registered {
        assert!(world.rule(&child.h, &[("act", "accept")]), "{:?}", receipts[1]);
    }
    let whole = with(birth("Раҳимова"), "mother.given", json!("Гулбаҳор"));
    let whole = with(
        with(whole, "birth.weight", json!(2610)),
        "birth.time",
        json!("23:50"),
    );
    let filled = second.amend(&child, whole);
    let receipt = &second.deliver(&world, &[&filled])[0];
    assert_eq!(receipt.status, Status::Held, "{receipt:?}");
}

#[test]
fn what_is_about_to_be_annulled_still_stands() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let doctor = first.doctor.clone();
    let entries = [first.open(), first.birth(birth("Раҳимова"))];
    first.deliver(&world, &entries.each_ref());
    let void = first.void_by(&entries[1], &doctor);
    first.deliver(&world, &[&void]);
    let again = [second.open(), second.birth(birth("Раҳимова"))];
    let receipts = second.deliver(&world, &again.each_ref());
    assert_eq!(found(&receipts[1]), (Status::Held, "look-alike"));
    // Declined, one number stands.
    assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
    assert_eq!(second.newest(&world, &again[1]).reg_no, None);
}

#[test]
fn what_comes_back_into_force_is_compared_anew() {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let doctor = first.doctor.clone();
    // The annulment comes before the birth, which was never decided.
    let (open, born) = (first.open(), first.birth(birth("Раҳимова")));
    let void = first.void_by(&born, &doctor);
    first.deliver(&world, &[&open, &void, &born]);
    let again = [second.open(), second.birth(birth("Раҳимова"))];
    let receipts = second.deliver(&world, &again.each_ref());
    assert_eq!(receipts[1].status, Status::Held, "{:?}", receipts[1]);
    assert!(world.rule(&again[1].h, &[("act", "accept")]));
    assert!(world.rule(&void.h, &[("act", "return"), ("text", "воқеа дуруст аст")]));
    assert_eq!(first.newest(&world, &born).status, Status::Held);
}
