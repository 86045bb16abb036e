//! What comes to the registry on paper: acts that were registered before, events told at the office.

use chrono::Duration;
use ogoh::portal;
use ogoh::seal::{Receipt, Status};

use super::world;
use crate::portal_support::*;

/// Where a receipt says that its event is registered.
fn place_of(receipt: &Receipt) -> (Status, Option<&str>, Option<&str>, Option<&str>) {
    (
        receipt.status,
        receipt.office.as_deref(),
        receipt.reg_no.as_deref(),
        receipt.dup_of.as_deref(),
    )
}

/// A death that came so late that a registrar looks.
fn late(surname: &str) -> serde_json::Value {
    let body = with(death(surname), "death.date", "2025-10-01".into());
    let body = with(body, "late_reason", "роҳ баста буд".into());
    with(body, "checked", serde_json::json!({"C02": "verified"}))
}

#[track_caller]
fn assert_whole(world: &World) {
    let verified = portal::verify(world.dir()).unwrap();
    assert!(verified.holds(), "{verified:?}");
    let rebuilt = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
    assert!(rebuilt.is_identical(), "{rebuilt:?}");
}

#[test]
fn what_stands_in_an_older_book_ends_as_its_duplicate() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.death(late("Каримов"))];
    assert_eq!(ward.deliver(&world, &entries.each_ref())[1].status, Status::Held);
    let h = &entries[1].h;
    let act = |office: &'static str, year: &'static str, number: &'static str| {
        [
            ("act", "registered"),
            ("office", office),
            ("year", year),
            ("number", number),
        ]
    };
    // No such office, no such year, no number.
    for wrong in [
        act("TJ-XX", "2025", "17"),
        act("TJ-DU-02", "2031", "17"),
        act("TJ-DU-02", "2025", " - "),
    ] {
        assert!(!world.rule(h, &wrong), "{wrong:?}");
    }
    assert!(world.on_desk(h).contains("Already registered"));
    assert!(world.rule(h, &act("TJ-DU-02", "2025", "17/б")));
    let receipt = ward.newest(&world, &entries[1]);
    assert_eq!(
        place_of(&receipt),
        (Status::Duplicate, Some("TJ-DU-02"), Some("17/б"), None)
    );
    // It is settled, and no act of its own is counted or found beside it.
    assert!(!world.lists(h));
    assert!(!world.rule(h, &act("TJ-DU-02", "2025", "18")));
    world.clock.advance(Duration::hours(1));
    let again = ward.death(late("Каримов"));
    ward.deliver(&world, &[&again]);
    assert_eq!(code(&ward.newest(&world, &again)), "late");
    assert_whole(&world);
}
