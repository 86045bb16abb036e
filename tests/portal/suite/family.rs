//! What a family adds at the desk is asked like everywhere: names, days on the time line, certificates.

use ogoh::seal::Status;
use serde_json::json;

use super::world;
use crate::portal_support::*;

/// A registered birth of an unnamed child, and the address of its page.
fn born(world: &World) -> String {
    born_of(world, "Раҳимова", FAC)
}

fn born_of(world: &World, surname: &str, fac: &str) -> String {
    let mut ward = world.ward(fac);
    let body = with(birth(surname), "child.given", json!({"not": "yet"}));
    let (open, one) = (ward.open(), ward.birth(body));
    let receipts = ward.deliver(world, &[&open, &one]);
    assert_eq!(receipts[1].status, Status::Registered, "{:?}", receipts[1]);
    format!("/desk/record/{}", one.nid)
}

#[test]
fn a_name_or_a_day_that_cannot_be_is_not_taken_at_the_desk() {
    let world = world();
    let record = born(&world);
    let desk = world.registrar();
    let add = |field: &str, text: &str| {
        let form = [
            ("act", "add"),
            (field, text),
            ("marriage_act", "12"),
            ("paternity_act", "17"),
        ];
        desk.send(&record, &form).1
    };
    for name in ["?", "-", "Номаълум", "неизвестно", "Мадина2", "Mадина"] {
        for field in ["child_given", "father_surname", "applicant"] {
            assert_eq!(
                add(field, name),
                format!("{record}?said=family-fault-name"),
                "{name}"
            );
        }
    }
    assert_eq!(
        add("child_given", "Мад\u{202e}ина"),
        format!("{record}?said=family-fault-text")
    );
    for number in ["-", "?", "№"] {
        assert_eq!(
            add("mother_document", number),
            format!("{record}?said=family-fault-text"),
            "{number}"
        );
    }
    // The mother was born in 1998; it is November 2026.
    for (field, day) in [
        ("marriage_date", "2031-05-05"),
        ("marriage_date", "1990-01-01"),
        ("paternity_date", "2033-01-01"),
        ("paternity_date", "1999-01-01"),
    ] {
        assert_eq!(
            add(field, day),
            format!("{record}?said=family-fault-moment"),
            "{field} {day}"
        );
    }
    for (field, text) in [
        ("marriage_date", "2019-05-05"),
        ("child_given", "Мадина"),
        ("paternity_date", "2026-11-22"),
    ] {
        assert_eq!(
            add(field, text),
            format!("{record}?said=desk-done"),
            "{field} {text}"
        );
    }
}

#[test]
fn a_certificate_has_a_number_and_comes_after_the_registration() {
    let world = world();
    let record = born(&world);
    let desk = world.registrar();
    desk.send(&record, &[("act", "add"), ("child_given", "Мадина")]);
    world.clock.advance(chrono::Duration::days(3));
    let desk = world.registrar();
    let issue = |number: &str, date: &str| {
        desk.send(&record, &[("act", "issue"), ("number", number), ("date", date)])
            .1
    };
    let today = ogoh::env::Clock::now(world.clock.as_ref())
        .format("%Y-%m-%d")
        .to_string();
    // Born on the 22nd, registered on the 22nd or 23rd.
    for (number, date) in [("-", today.as_str()), ("№ —", &today), ("I-ТҶ 1", "2026-11-21")] {
        assert_eq!(
            issue(number, date),
            format!("{record}?said=desk-certificate-wrong"),
            "{number} {date}"
        );
    }
    assert_eq!(issue("I-ТҶ 1", &today), format!("{record}?said=desk-done"));
    // The same number, however it is typed, belongs to one record; the record itself may have it again.
    assert_eq!(issue("I-ТҶ 1", &today), format!("{record}?said=desk-done"));
    let other = born_of(&world, "Назарова", "TJ-DU-02-H02");
    desk.send(&other, &[("act", "add"), ("child_given", "Мадина")]);
    let issue = |number: &str| {
        let form = [("act", "issue"), ("number", number), ("date", today.as_str())];
        desk.send(&other, &form).1
    };
    for number in ["I-ТҶ 1", "i-тҷ1", "I ТҶ 1"] {
        assert_eq!(
            issue(number),
            format!("{other}?said=desk-certificate-taken"),
            "{number}"
        );
    }
    assert_eq!(issue("I-ТҶ 2"), format!("{other}?said=desk-done"));
    // A certificate is found by its number.
    assert_eq!(desk.send("/desk/find", &[("q", "I-ТҶ2")]).1, other);
}
