//! Deliveries over real sockets, from real store files, to portals that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::deliver_support::fake::{Fake, Say};
use crate::deliver_support::{in_order, portal, registry, root_key, truth};
use crate::support::delivering::{REGISTERED, Ward, at, standing};
use ogoh::seal::{Status, auth_token, check_auth};
use ogoh::ward::deliver::{DeliverError, Lost};
use ogoh::ward::store::{AttemptOutcome, EntryStatus};
use ogoh::wire::{DeliveryAnswer, ProblemCode, ProblemDetails};

#[test]
fn what_was_signed_offline_goes_out_when_the_portal_can_be_reached() {
    let registry = registry();
    let gone = { Fake::start(|_| Say::answer(200, &[], "")).at };
    let mut ward = Ward::new(&format!("http://{gone}"), &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 3);
    let before = truth(&store);
    let report = ward.push(&mut store);
    assert!(
        matches!(report.error, Some(DeliverError::Unreachable(Lost::Refused))),
        "{report:?}"
    );
    assert_eq!(
        (report.sent, report.left),
        (0, 4),
        "three births and the opening of the journal"
    );
    assert_eq!(truth(&store), before);

    let shared = registry.clone();
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    ward.settings.portal.url = fake.url();
    let report = ward.carrier().push_now(&mut store).unwrap();
    assert!(report.error.is_none(), "{report:?}");
    assert_eq!((report.sent, report.receipts, report.left), (4, 4, 0));
    for s in &signed {
        assert_eq!(standing(&store, &s.nid), REGISTERED);
    }
    let sent = fake.asked_at("/v1/entries");
    assert_eq!(sent.len(), 1, "one batch");
    assert_eq!(sent[0].header("content-encoding"), Some("gzip"));
    assert!(sent[0].header("authorization").unwrap().starts_with("Bearer "));
    // Nothing is left: another push asks for nothing.
    assert_eq!(ward.push(&mut store).sent, 0);
    assert_eq!(fake.asked_at("/v1/entries").len(), 1);
}

#[test]
fn a_delivery_that_is_too_large_is_split_until_it_fits() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 9);
    let shared = registry.clone();
    let fake = portal(&registry, move |r| {
        if r.jws().len() > 2 {
            Say::answer(
                413,
                &[("content-type", "text/html")],
                "<h1>413 Request Entity Too Large</h1>",
            )
        } else {
            in_order(&shared, r, Status::Received)
        }
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert_eq!((report.sent, report.left), (10, 0), "{report:?}");
}

#[test]
fn an_entry_that_is_too_large_alone_is_put_aside_and_the_others_go() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 4);
    let bad = signed[1].id.clone();
    let shared = registry.clone();
    let fake = portal(&registry, move |r| {
        let ids: Vec<String> = r.jws().iter().map(|j| id_of(j)).collect();
        if ids.contains(&bad) {
            Say::answer(413, &[], "")
        } else {
            in_order(&shared, r, Status::Registered)
        }
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert_eq!(
        (report.sent, report.refused, report.left),
        (4, 1, 1),
        "{report:?}"
    );
    assert_eq!(
        store
            .counts(at("2026-11-23T00:00:00+05:00").date_naive())
            .unwrap()
            .queue
            .put_aside,
        1
    );
    assert_eq!(standing(&store, &signed[3].nid), REGISTERED);
}

#[test]
fn one_refused_among_good_ones_is_put_aside_and_the_others_go() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 5);
    let (bad, busy) = (signed[2].id.clone(), signed[3].id.clone());
    let shared = registry.clone();
    let fake = portal(&registry, move |r| {
        let mut registry = shared.lock().unwrap();
        let lines: Vec<String> = r
            .jws()
            .iter()
            .enumerate()
            .map(|(i, jws)| {
                let problem = |code| DeliveryAnswer::Problem(ProblemDetails::new(code).at_line(i + 1)).line();
                match id_of(jws) {
                    id if id == bad => problem(ProblemCode::BadSignature),
                    id if id == busy => problem(ProblemCode::Internal),
                    _ => registry.line(jws, Status::Registered),
                }
            })
            .collect();
        Say::lines(&lines)
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert_eq!(
        (report.sent, report.refused, report.left),
        (4, 1, 2),
        "{report:?}"
    );
    assert!(report.error.is_none());
    assert_eq!(
        fake.asked_at("/v1/entries").len(),
        1,
        "nothing is sent twice in one push"
    );
    let outcome = |i: usize| store.attempts_of(&signed[i].nid).unwrap()[0].clone();
    assert_eq!(
        (outcome(2).outcome, outcome(2).code.as_str()),
        (AttemptOutcome::Refused, "bad-signature")
    );
    assert_eq!(
        (outcome(3).outcome, outcome(3).code.as_str()),
        (AttemptOutcome::Later, "internal")
    );
    assert_eq!(standing(&store, &signed[4].nid), REGISTERED);
    // What follows goes without waiting for those two.
    let later = ward.record(&mut store, 1);
    assert_eq!(ward.push(&mut store).sent, 1);
    assert_eq!(standing(&store, &later[0].nid), REGISTERED);
}

#[test]
fn what_the_portal_takes_later_waits_as_long_as_it_says_and_holds_up_nothing() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 3);
    let strange = signed[1].id.clone();
    let full = Arc::new(AtomicBool::new(true));
    let (shared, still) = (registry.clone(), full.clone());
    let fake = portal(&registry, move |r| {
        let mut registry = shared.lock().unwrap();
        let quota = |i: usize| ProblemDetails::new(ProblemCode::Quota).at_line(i + 1);
        let lines = r.jws().into_iter().enumerate().map(|(i, jws)| {
            match still.load(Ordering::SeqCst) && id_of(&jws) == strange {
                true => DeliveryAnswer::Problem(quota(i)).line(),
                false => registry.line(&jws, Status::Registered),
            }
        });
        Say::lines(&lines.collect::<Vec<_>>())
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert_eq!(
        (report.sent, report.refused, report.left),
        (3, 0, 1),
        "{report:?}"
    );
    let wait = report.next_at.unwrap() - ogoh::env::Clock::now(&ward.clock);
    assert_eq!(wait.num_seconds(), 3600);
    full.store(false, Ordering::SeqCst);
    ward.clock.forward(3599);
    assert_eq!(ward.push(&mut store).sent, 0);
    ward.clock.forward(1);
    assert_eq!(ward.push(&mut store).sent, 1);
    assert_eq!(standing(&store, &signed[1].nid), REGISTERED);
}

#[test]
fn an_entry_on_which_the_portal_breaks_does_not_block_the_others() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 6);
    let bad = signed[0].id.clone();
    let shared = registry.clone();
    let fake = portal(&registry, move |r| {
        if r.jws().iter().any(|j| id_of(j) == bad) {
            Say::answer(500, &[], ProblemDetails::new(ProblemCode::Internal).to_json())
        } else {
            in_order(&shared, r, Status::Registered)
        }
    });
    ward.settings.portal.url = fake.url();
    // An hour of the background pusher at most, as it would go on by itself.
    for _ in 0..40 {
        if store.pending().unwrap().len() == 1 {
            break;
        }
        ward.push(&mut store);
        ward.clock.forward(90);
    }
    let left: Vec<String> = store.pending().unwrap().into_iter().map(|i| i.id).collect();
    assert_eq!(left, vec![signed[0].id.clone()]);
}

#[test]
fn plain_http_to_anything_but_a_loopback_address_is_refused_before_any_connection() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    for url in ["http://localhost:1", "http://192.0.2.1", "http://portal.example"] {
        ward.settings.portal.url = url.to_owned();
        let made =
            ogoh::ward::deliver::push(&mut store, &ward.paths, &ward.settings, &ward.device, &ward.clock);
        assert!(matches!(made, Err(DeliverError::PlainHttp { .. })), "{url}");
    }
    ward.settings.portal.url = "https://portal.example".to_owned();
    let made = ogoh::ward::deliver::push(&mut store, &ward.paths, &ward.settings, &ward.device, &ward.clock);
    assert!(matches!(made, Err(DeliverError::NoAuthority)));
}

#[test]
fn a_device_that_is_not_enrolled_stops_sending_and_keeps_everything() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 2);
    let fake = portal(&registry, |_| {
        Say::answer(401, &[], ProblemDetails::new(ProblemCode::Unauthorized).to_json())
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert!(
        matches!(report.error, Some(DeliverError::NotEnrolled { status: 401 })),
        "{report:?}"
    );
    assert_eq!(fake.asked_at("/v1/entries").len(), 1);
    assert_eq!(report.left, 3);
    assert_eq!(standing(&store, &signed[0].nid), EntryStatus::Signed);
    ward.record(&mut store, 1);
}

#[test]
fn an_annulment_goes_ahead_of_everything() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let shared = registry.clone();
    let fake = portal(&registry, move |r| in_order(&shared, r, Status::Registered));
    ward.settings.portal.url = fake.url();
    let first = ward.record(&mut store, 1);
    ward.push(&mut store);
    ward.record(&mut store, 3);
    let void = ward.void(&mut store, &first[0].nid);
    ward.push(&mut store);
    assert_eq!(id_of(&fake.asked_at("/v1/entries")[1].jws()[0]), void.id);
}

#[test]
fn two_pushers_at_once_do_no_harm() {
    let registry = registry();
    let shared = registry.clone();
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 40);
    let ward = &ward;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            // No lock: correctness must not depend on it.
            scope.spawn(move || {
                let mut store = ward.store();
                let report = ward.push(&mut store);
                assert!(report.error.is_none(), "{report:?}");
            });
        }
    });
    assert!(store.pending().unwrap().is_empty());
    for s in &signed {
        assert_eq!(standing(&store, &s.nid), REGISTERED);
    }
}

#[test]
fn the_lock_lets_one_push_and_tells_the_other() {
    let registry = registry();
    let shared = registry.clone();
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let held = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(ward.paths.push_lock())
        .unwrap();
    held.lock().unwrap();
    let push = |store: &mut _| {
        ogoh::ward::deliver::push(store, &ward.paths, &ward.settings, &ward.device, &ward.clock).unwrap()
    };
    let report = push(&mut store);
    assert!(report.elsewhere && report.left == 2);
    assert!(fake.asked().is_empty());
    drop(held);
    assert_eq!(push(&mut store).left, 0);
}

#[test]
fn the_token_of_a_delivery_is_good_for_this_registry_alone() {
    let registry = registry();
    let ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let now = at("2026-11-23T14:00:00+05:00");
    let token = auth_token(&ward.device, &ogoh::wire::audience(&root_key(&registry)), now).unwrap();
    let first = registry.lock().unwrap().lists[0].clone();
    let trust = ogoh::seal::Trust::open_first(&first, &registry.lock().unwrap().root.public()).unwrap();
    // The device is not in this list: the token proves nothing by itself.
    assert!(check_auth(&token, &trust, &ogoh::wire::audience(&root_key(&registry)), now).is_err());
}

fn id_of(jws: &str) -> String {
    let jws = ogoh::seal::Jws::parse(jws, ogoh::seal::Typ::Entry).unwrap();
    jws.payload()["id"].as_str().unwrap().to_owned()
}
