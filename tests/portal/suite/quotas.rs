//! What a crowd of strangers may fill, and whom it keeps out.

use chrono::Duration;
use ogoh::env::Facility;
use ogoh::portal::{self, PortalSettings, Quotas};
use ogoh::seal::{EnrolRequest, SecretKey, Status};
use ogoh::vital::Kind;
use ogoh::wire::{self, DeliveryAnswer, media};

use super::{world, world_with};
use crate::portal_support::*;

/// A stranger's device asks to be enrolled.
fn ask_from(world: &World, source: &str, fac: &str) -> (SecretKey, Answer) {
    let key = SecretKey::generate().unwrap();
    let facility = Facility {
        code: fac.into(),
        name: "Таваллудхона".into(),
        district: "TJ-DU-01".into(),
        office: "TJ-DU-01".into(),
    };
    let request = EnrolRequest::of_device(&key.public(), &facility, world.now());
    let url = world.url(wire::path::ENROLMENTS);
    let answer = post_from(source, &url, media::NDJSON, &request.seal(&key).unwrap());
    (key, answer)
}

#[test]
fn a_flood_under_unknown_keys_is_asked_to_wait_and_delays_no_honest_birth() {
    let world = world();
    let mut ward = world.ward(FAC);
    let mut other = world.ward("TJ-DU-BOX-02");
    let stranger = SecretKey::generate().unwrap();
    let mut entries = vec![ward.open()];
    for _ in 0..399 {
        entries.push(ward.notice_by(&stranger, Kind::Birth, birth("Раҳимова")));
    }
    let mut waits = Vec::new();
    for part in entries.chunks(100) {
        for answer in ward.push(&part.iter().collect::<Vec<_>>()) {
            if let DeliveryAnswer::Problem(problem) = answer {
                waits.push(problem);
            }
        }
    }
    assert_eq!(waits.len(), 99, "300 may wait");
    for problem in &waits {
        assert_eq!((problem.status, problem.code.as_str()), (429, "quota"));
        assert!(
            problem.to_json().contains("\"retry_after\":"),
            "{}",
            problem.to_json()
        );
    }
    // What the flood leaves out holds up nobody: the facility's own doctor, and other facilities.
    let honest = ward.birth(birth("Бобоева"));
    assert_eq!(ward.deliver(&world, &[&honest])[0].status, Status::Registered);
    let elsewhere = [
        other.open(),
        other.notice_by(&stranger, Kind::Birth, birth("Ғафурова")),
    ];
    assert_eq!(
        other.deliver(&world, &elsewhere.each_ref())[1].status,
        Status::Held
    );
    // Once the registry knows the key, what waited there is taken.
    world.enrol(
        &stranger,
        &world.person_request(&stranger, FAC, "stranger", ogoh::env::Role::Doctor),
    );
    let last = entries.last().unwrap();
    assert!(matches!(ward.push(&[last])[0], DeliveryAnswer::Receipt(_)));
}

#[test]
fn keys_that_are_believed_no_more_fill_the_desk_no_further_and_a_ruling_makes_room() {
    let quotas = Quotas {
        entries_unknown_key: 2,
        ..Quotas::default()
    };
    let world = world_with(PortalSettings {
        quotas,
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    portal::revoke(world.dir(), ward.doctor.public().kid(), world.clock.as_ref()).unwrap();
    let entries = ["Раҳимова", "Бобоева", "Ғафурова"].map(|surname| ward.birth(birth(surname)));
    let waits = |ward: &Ward, entry: &Signed| match &ward.push(&[entry])[0] {
        DeliveryAnswer::Receipt(_) => false,
        DeliveryAnswer::Problem(problem) => problem.code == "quota",
    };
    let found = entries.each_ref().map(|entry| waits(&ward, entry));
    assert_eq!(found, [false, false, true]);
    // The same bytes again are no further entry.
    assert!(!waits(&ward, &entries[0]));
    let fields = [
        ("act", "return"),
        ("field", "mother.surname"),
        ("text", "Бори дигар имзо кунед."),
    ];
    assert!(world.rule(&entries[0].h, &fields));
    assert!(!waits(&ward, &entries[2]));
}

#[test]
fn a_thousand_anonymous_requests_keep_no_new_ward_out() {
    let world = world();
    let mut taken = 0;
    for i in 0..1_001 {
        let (_, answer) = ask_from(&world, "127.0.0.9", &format!("TJ-DU-{i:04}"));
        match answer.status {
            202 => taken += 1,
            429 => assert!(answer.header("retry-after").is_some(), "{}", answer.text),
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert_eq!(taken, 100);
    let (_, ward) = ask_from(&world, "127.0.0.8", "TJ-DU-BOX-07");
    assert_eq!(ward.status, 202, "{}", ward.text);
}

#[test]
fn a_request_that_nobody_vouches_for_is_gone_after_a_while() {
    let mut world = world();
    let (stranger, asked) = ask_from(&world, "127.0.0.9", FAC);
    assert_eq!(asked.status, 202);
    let code = portal::invite(world.dir(), FAC, 30, world.clock.as_ref()).unwrap();
    let known = SecretKey::generate().unwrap();
    let request = world.person_request(&known, FAC, "zebo", ogoh::env::Role::Administrator);
    let id = world.ask(&known, &request.with_code(&code).unwrap());
    world.clock.advance(Duration::days(31));
    // Housekeeping is the first thing that a portal does.
    world.restart();
    let rows = || portal::enrolments(world.dir(), world.clock.as_ref()).unwrap();
    until("the request to expire", || {
        rows().iter().all(|r| r.kid != stranger.public().kid())
    });
    assert!(rows().iter().any(|r| r.id == id), "somebody vouched for it");
}

#[test]
fn where_all_places_are_taken_the_greediest_source_gives_way() {
    let quotas = Quotas {
        enrolments_per_source: 3,
        enrolments_waiting: 4,
        ..Quotas::default()
    };
    let world = world_with(PortalSettings {
        quotas,
        ..PortalSettings::default()
    });
    let (first, _) = ask_from(&world, "127.0.0.9", FAC);
    let (modest, _) = ask_from(&world, "127.0.0.7", FAC);
    for _ in 0..2 {
        world.clock.advance(Duration::minutes(1));
        ask_from(&world, "127.0.0.9", FAC);
    }
    let (new, asked) = ask_from(&world, "127.0.0.8", FAC);
    assert_eq!(asked.status, 202, "{}", asked.text);
    let rows = portal::enrolments(world.dir(), world.clock.as_ref()).unwrap();
    let waits = |key: &SecretKey| rows.iter().any(|r| r.kid == key.public().kid());
    assert_eq!((rows.len(), waits(&first)), (4, false));
    assert!(waits(&modest) && waits(&new));
}
