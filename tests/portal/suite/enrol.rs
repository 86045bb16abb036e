//! Who is let in: by a one-time code, by an administrator, by nobody else.

use chrono::Duration;
use ogoh::env::{Facility, Role};
use ogoh::portal::{self, Admit, PortalSettings};
use ogoh::seal::{
    EnrolRequest, EntryType, FacilityClaim, SecretKey, Status, Suspension, countersign, suspension_body,
};
use ogoh::wire::{self, EnrolmentState};

use super::keys::{shift_head, waiting};
use super::{world, world_with};
use crate::portal_support::*;

/// A request with a code, as a device or an administrator makes it; HTTP status and state.
fn ask_with(world: &World, key: &SecretKey, request: EnrolRequest, code: &str) -> (u16, String) {
    let sealed = request.with_code(code).unwrap().seal(key).unwrap();
    post(&world.url(wire::path::ENROLMENTS), None, sealed)
}

fn device_request(world: &World, key: &SecretKey, fac: &str) -> EnrolRequest {
    let facility = Facility {
        code: fac.into(),
        name: "Таваллудхона".into(),
        district: "TJ-DU-01".into(),
        office: "TJ-DU-01".into(),
    };
    EnrolRequest::of_device(&key.public(), &facility, world.now())
}

fn keys<const N: usize>() -> [SecretKey; N] {
    std::array::from_fn(|_| SecretKey::generate().unwrap())
}

#[test]
fn a_one_time_code_lets_in_one_device_one_administrator_and_nobody_else() {
    let world = world();
    let code = portal::invite(world.dir(), FAC, 7, world.clock.as_ref()).unwrap();
    let [device, admin, other, thief] = keys();
    let person = |key: &SecretKey, usr: &str, role| world.person_request(key, FAC, usr, role);

    // Wrong, of another facility, or for somebody who is no administrator: refused, and nothing is kept.
    for (key, request, code) in [
        (
            &device,
            device_request(&world, &device, FAC),
            "себ барг дарё об нон 42",
        ),
        (
            &device,
            device_request(&world, &device, "TJ-DU-BOX-02"),
            code.as_str(),
        ),
        (&other, person(&other, "doctor", Role::Doctor), code.as_str()),
    ] {
        let (status, body) = ask_with(&world, key, request, code);
        assert_eq!(status, 422, "{body}");
        assert!(body.contains("enrol-code"), "{body}");
    }
    // What was seen of a request makes no other key believed.
    let seen = device_request(&world, &device, FAC).with_code(&code).unwrap();
    let mut stolen = device_request(&world, &thief, FAC);
    stolen.code.clone_from(&seen.code);
    let sealed = stolen.seal(&thief).unwrap();
    assert_eq!(post(&world.url(wire::path::ENROLMENTS), None, sealed).0, 422);
    assert!(
        portal::enrolments(world.dir(), world.clock.as_ref())
            .unwrap()
            .is_empty()
    );

    let typed = code.to_uppercase();
    let (status, body) = ask_with(&world, &device, device_request(&world, &device, FAC), &typed);
    assert_eq!(status, 202, "{body}");
    let (status, body) = ask_with(&world, &admin, person(&admin, "zebo", Role::Administrator), &code);
    assert_eq!(status, 202, "{body}");
    // It is used now, by these two: for them it still holds, for others no more.
    world.clock.advance(Duration::minutes(1));
    let again = ask_with(&world, &device, device_request(&world, &device, FAC), &code);
    assert_eq!(again.0, 202, "{}", again.1);
    let (late, _) = ask_with(&world, &thief, device_request(&world, &thief, FAC), &code);
    let (second, _) = ask_with(
        &world,
        &other,
        person(&other, "safar", Role::Administrator),
        &code,
    );
    assert_eq!((late, second), (422, 422));
    let rows = portal::enrolments(world.dir(), world.clock.as_ref()).unwrap();
    assert!(
        rows.iter()
            .all(|r| r.invited && r.vouched && r.state == EnrolmentState::Waiting)
    );

    assert_eq!(
        portal::enrolments(world.dir(), world.clock.as_ref())
            .unwrap()
            .len(),
        3
    );

    // Too old.
    let old = portal::invite(world.dir(), "TJ-DU-BOX-02", 7, world.clock.as_ref()).unwrap();
    world.clock.advance(Duration::days(7));
    let (status, _) = ask_with(
        &world,
        &thief,
        device_request(&world, &thief, "TJ-DU-BOX-02"),
        &old,
    );
    assert_eq!(status, 422);
}

/// A portal that believes by itself, and a facility that a code let in: its device and first administrator.
fn let_in(world: &World) -> (SecretKey, SecretKey) {
    let code = portal::invite(world.dir(), FAC, 7, world.clock.as_ref()).unwrap();
    let [device, admin] = keys();
    let asked = ask_with(world, &device, device_request(world, &device, FAC), &code);
    assert_eq!(state(asked), EnrolmentState::Approved);
    let own = world.person_request(&admin, FAC, "zebo", Role::Administrator);
    assert_eq!(
        state(ask_with(world, &admin, own, &code)),
        EnrolmentState::Approved
    );
    (device, admin)
}

fn state((status, body): (u16, String)) -> EnrolmentState {
    assert_eq!(status, 202, "{body}");
    serde_json::from_str::<wire::EnrolmentAnswer>(&body)
        .unwrap()
        .state
}

/// Asks for a key, countersigned by these, the last one outermost.
fn ask_by(world: &World, key: &SecretKey, request: EnrolRequest, by: &[&SecretKey]) -> EnrolmentState {
    let own = request.seal(key).unwrap();
    let text = by.iter().fold(own, |text, by| countersign(&text, by).unwrap());
    state(post(&world.url(wire::path::ENROLMENTS), None, text))
}

fn believing() -> PortalSettings {
    PortalSettings {
        admission: Admit::Vouched,
        ..PortalSettings::default()
    }
}

#[test]
fn a_portal_that_may_believes_at_once_whom_two_vouch_for() {
    let world = world_with(believing());
    let [doctor, second, alone, new] = keys();
    let own = |key: &SecretKey, usr: &str, role| world.person_request(key, FAC, usr, role);
    let asks =
        |key: &SecretKey, usr: &str, role, by: &[&SecretKey]| ask_by(&world, key, own(key, usr, role), by);
    let (_, admin) = let_in(&world);

    // One administrator alone lets nobody in; the registry's code, for another one, is the second word.
    assert_eq!(
        asks(&doctor, "doctor", Role::Doctor, &[&admin]),
        EnrolmentState::Waiting
    );
    assert!(!waiting(&world, &doctor).unwrap().vouched);
    let code = portal::invite(world.dir(), FAC, 7, world.clock.as_ref()).unwrap();
    let invited = own(&second, "safar", Role::Administrator)
        .with_code(&code)
        .unwrap();
    assert_eq!(
        ask_by(&world, &second, invited.clone(), &[]),
        EnrolmentState::Waiting
    );
    assert_eq!(
        ask_by(&world, &second, invited, &[&admin]),
        EnrolmentState::Approved
    );
    // Two do, and one who signs twice is not two.
    assert_eq!(
        asks(&doctor, "doctor", Role::Doctor, &[&admin, &admin]),
        EnrolmentState::Waiting
    );
    assert_eq!(
        asks(&doctor, "doctor", Role::Doctor, &[&second, &admin]),
        EnrolmentState::Approved
    );
    assert!(world.trust().find(doctor.public().kid()).is_some());

    // Nobody vouches for these: an operator looks.
    assert_eq!(asks(&alone, "karim", Role::Doctor, &[]), EnrolmentState::Waiting);
    // A believed person's new key waits for a telephone call, whoever countersigned it.
    assert_eq!(
        asks(&new, "doctor", Role::Doctor, &[&second, &admin]),
        EnrolmentState::Waiting
    );
    let row = waiting(&world, &new).unwrap();
    assert!(row.given && !row.vouched);
}

#[test]
fn one_administrator_enrols_no_ghosts_and_no_ward_a_forensic_expert() {
    let world = world_with(believing());
    let [ghost, forensic, device, helper] = keys();
    let (_, admin) = let_in(&world);
    let own = |key: &SecretKey, usr: &str, role| world.person_request(key, FAC, usr, role);
    for (key, request) in [
        (&ghost, own(&ghost, "ghost", Role::Doctor)),
        (&ghost, own(&ghost, "ghost-2", Role::Administrator)),
        (&device, device_request(&world, &device, FAC)),
    ] {
        assert_eq!(ask_by(&world, key, request, &[&admin]), EnrolmentState::Waiting);
    }
    world.enrol(&helper, &own(&helper, "safar", Role::ShiftHead));
    let asked = ask_by(
        &world,
        &forensic,
        own(&forensic, "forensic", Role::Forensic),
        &[&helper, &admin],
    );
    assert_eq!(asked, EnrolmentState::Waiting);
    assert!(!waiting(&world, &forensic).unwrap().vouched);
    // By hand the registry believes whom it has looked at.
    let id = waiting(&world, &forensic).unwrap().id;
    portal::approve(world.dir(), &id, world.clock.as_ref()).unwrap();
    assert!(world.trust().find(forensic.public().kid()).is_some());
}

#[test]
fn no_ward_vouches_for_a_forensic_expert_where_operators_approve_either() {
    let world = world();
    let zebo = world.person(FAC, "zebo", Role::Administrator);
    let [forensic, doctor] = keys();
    for (key, usr, role) in [
        (&forensic, "forensic", Role::Forensic),
        (&doctor, "doctor", Role::Doctor),
    ] {
        ask_by(&world, key, world.person_request(key, FAC, usr, role), &[&zebo]);
    }
    let vouched = |key| waiting(&world, key).unwrap().vouched;
    assert_eq!((vouched(&forensic), vouched(&doctor)), (false, true));
}

#[test]
fn a_suspended_or_revoked_hand_vouches_for_nobody() {
    let world = world_with(believing());
    let mut ward = world.ward(FAC);
    let (zebo, head) = (world.person(FAC, "zebo", Role::Administrator), shift_head(&world));
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let ask = |usr: &str, by: &SecretKey| {
        let [key] = keys();
        let own = world
            .person_request(&key, FAC, usr, Role::Doctor)
            .seal(&key)
            .unwrap();
        let sealed = countersign(&countersign(&own, &head).unwrap(), by).unwrap();
        let (status, body) = post(&world.url(wire::path::ENROLMENTS), None, sealed);
        assert_eq!(status, 202, "{body}");
        let state = serde_json::from_str::<wire::EnrolmentAnswer>(&body)
            .unwrap()
            .state;
        (state, waiting(&world, &key).unwrap())
    };
    assert_eq!(ask("first", &zebo).0, EnrolmentState::Approved);
    // Her passphrase is stolen, and the facility says so.
    let body = suspension_body("zebo", zebo.public().kid(), Suspension::Begins);
    let suspended = ward.sign(&head, |e| {
        e.t = EntryType::Key;
        e.body = body;
    });
    assert_eq!(ward.deliver(&world, &[&suspended])[0].status, Status::Received);
    let (state, row) = ask("ghost", &zebo);
    assert_eq!(
        (state, row.vouched, row.countersigned),
        (EnrolmentState::Waiting, false, false)
    );

    // Somebody's old key is revoked as a precaution: the new one is not believed for that.
    let other = world.person(FAC, "second-administrator", Role::Administrator);
    let (_, row) = ask("doctor", &other);
    assert!(row.given && !row.vouched);
    portal::revoke(world.dir(), ward.doctor.public().kid(), world.clock.as_ref()).unwrap();
    let rows = portal::enrolments(world.dir(), world.clock.as_ref()).unwrap();
    let row = rows.iter().find(|r| r.id == row.id).unwrap();
    assert!(row.given && !row.vouched);
    portal::refuse(world.dir(), &row.id).unwrap();
    // A revoked key comes back by no hand.
    let [old] = [ward.doctor.clone()];
    let own = world
        .person_request(&old, FAC, "doctor", Role::Doctor)
        .seal(&old)
        .unwrap();
    let id = post(
        &world.url(wire::path::ENROLMENTS),
        None,
        countersign(&own, &other).unwrap(),
    )
    .1;
    let id = serde_json::from_str::<wire::EnrolmentAnswer>(&id).unwrap();
    assert_eq!(id.state, EnrolmentState::Waiting);
    assert!(matches!(
        portal::approve(world.dir(), &id.id, world.clock.as_ref()),
        Err(portal::PortalError::KeyRevoked(_))
    ));
}

#[test]
fn a_devices_earlier_key_is_believed_for_a_week_and_can_be_revoked_at_once() {
    let world = world();
    let ward = world.ward(FAC);
    let [next] = keys();
    let request = device_request(&world, &next, FAC).instead_of(&ward.device.public());
    world.enrol(&next, &request);
    let speaks = || {
        let url = world.url(&wire::path::feed(FAC, first_epoch(0), 0));
        get(&url, Some(&ward.token())).0
    };
    world.clock.advance(Duration::days(6));
    assert_eq!(speaks(), 200);
    world.clock.advance(Duration::days(1));
    assert_eq!(speaks(), 401);

    let other = world.ward("TJ-DU-BOX-02");
    let [next] = keys();
    let request = device_request(&world, &next, "TJ-DU-BOX-02").instead_of(&other.device.public());
    world.enrol(&next, &request);
    portal::revoke(world.dir(), other.device.public().kid(), world.clock.as_ref()).unwrap();
    let url = world.url(&wire::path::feed("TJ-DU-BOX-02", first_epoch(0), 0));
    assert_eq!(get(&url, Some(&other.token())).0, 401);
}

/// What no line may hold, stand for, or be.
fn bad_lines() -> Vec<String> {
    let held = ["\n", "\u{61c}", "\u{ad}", "\u{2028}"];
    let mut all: Vec<String> = held.iter().map(|c| format!("Ӯ{c}х")).collect();
    all.extend([String::new(), "  ".to_owned(), "ҷ".repeat(201)]);
    all
}

#[test]
fn no_request_brings_a_line_that_a_reader_does_not_see_whole() {
    let world = world();
    let key = SecretKey::generate().unwrap();
    let person = || world.person_request(&key, FAC, "doctor", Role::Doctor);
    for bad in bad_lines() {
        let device = device_request(&world, &key, FAC);
        let facility = device.facility.clone().unwrap();
        let requests = [
            EnrolRequest {
                name: Some(bad.clone()),
                ..person()
            },
            EnrolRequest {
                usr: Some(bad.clone()),
                ..person()
            },
            EnrolRequest {
                fac: bad.clone(),
                ..person()
            },
            EnrolRequest {
                facility: Some(FacilityClaim {
                    name: bad.clone(),
                    ..facility.clone()
                }),
                ..device.clone()
            },
            EnrolRequest {
                facility: Some(FacilityClaim {
                    office: bad.clone(),
                    ..facility
                }),
                ..device
            },
        ];
        for (i, request) in requests.iter().enumerate() {
            let sent = request.seal(&key).unwrap();
            let (status, body) = post(&world.url(wire::path::ENROLMENTS), None, sent.clone());
            assert_eq!(status, 400, "{i} {bad:?}: {body}");
            let by_stick = portal::take_requests(world.dir(), &sent, world.clock.as_ref());
            assert!(by_stick.is_err(), "{i} {bad:?}");
        }
        assert!(
            portal::invite(world.dir(), &bad, 7, world.clock.as_ref()).is_err(),
            "{bad:?}"
        );
    }
    assert!(
        portal::enrolments(world.dir(), world.clock.as_ref())
            .unwrap()
            .is_empty()
    );
    // Blanks around a name are an honest hand's.
    let request = EnrolRequest {
        name: Some(" Юсуфӣ ".to_owned()),
        ..person()
    };
    world.enrol(&key, &request);
}
