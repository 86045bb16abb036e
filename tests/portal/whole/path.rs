//! From the signature on the ward to the register and back: a real portal in this process, real
//! stores, real sockets.

use std::collections::HashSet;
use std::time::Duration;

use crate::country::{Country, LossyLine};
use crate::support::delivering::{HandClock, REGISTERED, Signatory, Ward, standing};
use ogoh::env::{Clock as _, Role};
use ogoh::seal::{AmendReason, ReceiptNumber, SecretKey, Status};
use ogoh::vital::Value;
use ogoh::ward::store::{EntryStatus, Person, Statement, Store, StoreError};

fn at(status: Status) -> EntryStatus {
    EntryStatus::At(status)
}

fn numbers(store: &Store) -> Vec<String> {
    let rows = store.list(&Default::default(), 1000).unwrap();
    rows.into_iter().filter_map(|r| r.reg_no).collect()
}

/// Every notification is registered, each with a number of its own, and the portal counts as many.
fn all_registered_once(country: &Country, store: &Store, births: usize) {
    assert!(store.pending().unwrap().is_empty());
    let numbers = numbers(store);
    assert_eq!(numbers.len(), births);
    assert_eq!(
        numbers.iter().collect::<HashSet<_>>().len(),
        births,
        "a number was given twice"
    );
    assert_eq!(registered(country), births);
}

fn registered(country: &Country) -> usize {
    country.status("registered")
}

#[test]
fn a_birth_signed_on_the_ward_gets_a_number_and_the_ward_sees_it() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    let signed = ward.record(&mut store, 3);
    let report =
        ogoh::ward::deliver::push(&mut store, &ward.paths, &ward.settings, &ward.device, &ward.clock)
            .unwrap();
    assert!(report.error.is_none(), "{report:?}");
    assert_eq!((report.sent, report.left), (4, 0));
    for s in &signed {
        assert_eq!(standing(&store, &s.nid), REGISTERED);
    }
    all_registered_once(&country, &store, 3);
    ward.carrier().heartbeat(&mut store).unwrap();
}

#[test]
fn the_same_batch_sent_by_two_pushers_at_once_is_registered_once() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    ward.record(&mut store, 30);
    let ward = &ward;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                let report = ward.push(&mut ward.store());
                assert!(report.error.is_none(), "{report:?}");
            });
        }
    });
    all_registered_once(&country, &store, 30);
}

#[test]
fn a_portal_lost_between_its_commit_and_its_answer_registers_once() {
    for keep in [0, 1, 40, 300, 1500, 4000] {
        let country = Country::new();
        let mut ward = country.ward(10);
        let mut store = ward.store();
        ward.record(&mut store, 5);
        ward.carrier().fetch_trust(&mut store).unwrap();
        let line = LossyLine::to(country.addr(), keep, 2);
        ward.settings.portal.url = format!("http://{}", line.at);
        for n in 0..4 {
            let report = ward.carrier().push_now(&mut store).unwrap();
            assert!(n > 0 || (report.sent == 0) == (keep < 1500), "{keep}: {report:?}");
        }
        all_registered_once(&country, &store, 5);
    }
}

#[test]
fn a_portal_that_was_down_gets_everything_when_it_is_back() {
    let mut country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    ward.record(&mut store, 2);
    country.stop();
    let report = ward.push(&mut store);
    assert!(report.error.is_some() && report.left == 3, "{report:?}");
    ward.record(&mut store, 1);
    country.start();
    ward.settings.portal.url = country.url();
    ward.carrier().push_now(&mut store).unwrap();
    all_registered_once(&country, &store, 3);
}

#[test]
fn a_correction_that_overtakes_its_notification_waits_for_it_and_then_applies() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    let event = ward.birth(&store);
    let birth = ward.sign(&mut store, event.clone());
    let named = ward.name_child(&mut store, &birth.nid, &event, "Мадина");
    ward.carrier().fetch_trust(&mut store).unwrap();

    // The correction arrives first, by some other path.
    let answer = country.deliver(&ward, &[store.entry_text(&named.id).unwrap()]);
    let lines = ogoh::wire::answers(&answer);
    let Some(ogoh::wire::DeliveryAnswer::Receipt(text)) = &lines[0] else {
        panic!("{answer}")
    };
    let lists = store.trust_lists().unwrap();
    let root = ogoh::seal::PublicKey::from_x(&country.root_key).unwrap();
    let trust = ogoh::seal::Trust::open_chain(lists.iter().map(String::as_str), &root).unwrap();
    let early = ogoh::seal::Receipt::open(text, &trust).unwrap();
    assert_eq!(
        (early.status, early.nh.as_str()),
        (Status::Received, named.h.as_str())
    );
    assert_eq!(registered(&country), 0);

    ward.push(&mut store);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert!(store.pending().unwrap().is_empty());
    assert_eq!(standing(&store, &birth.nid), REGISTERED);
    let row = store.list(&Default::default(), 10).unwrap().remove(0);
    assert_eq!(
        (row.rev, row.beside, row.child.contains("Мадина")),
        (2, None, true),
        "{row:?}"
    );
    let seen = store.notification(&birth.nid).unwrap();
    let rows: Vec<EntryStatus> = seen.revisions.iter().map(|r| r.standing).collect();
    assert_eq!(rows, vec![REGISTERED, REGISTERED]);
    assert!(
        !seen.open.contains(&"name".to_owned()),
        "the name is no longer missing: {:?}",
        seen.open
    );
}

#[test]
fn what_the_registrar_decides_at_the_desk_comes_back_through_the_feed() {
    let country = Country::new();
    let mut first = country.ward(10);
    let second = country.ward(20);
    let (mut ours, mut theirs) = (first.store(), second.store());
    let event = first.birth(&ours);
    let one = first.sign(&mut ours, event.clone());
    // The same child is notified from another machine that has not heard of it.
    let again = second.answered(&theirs, event, None);
    let two = second.sign(&mut theirs, again);
    first.push(&mut ours);
    second.push(&mut theirs);
    assert_eq!(standing(&ours, &one.nid), REGISTERED);
    assert_eq!(standing(&theirs, &two.nid), at(Status::Held));
    assert_eq!(registered(&country), 1);

    country.register_at_the_desk(&two.h);
    let news = second.carrier().feed(&mut theirs, Duration::ZERO).unwrap();
    assert!(news > 0);
    assert_eq!(standing(&theirs, &two.nid), REGISTERED);
    assert_eq!(registered(&country), 2);
    // And each machine has read what the other wrote, as the other's.
    first.carrier().feed(&mut ours, Duration::ZERO).unwrap();
    for (store, nid) in [(&ours, &two.nid), (&theirs, &one.nid)] {
        let row = store
            .list(&Default::default(), 10)
            .unwrap()
            .into_iter()
            .find(|r| r.nid == *nid)
            .unwrap();
        assert!(!row.own && row.status == REGISTERED, "{row:?}");
    }
    // Nothing is news any more, and nothing of another's is sent from here.
    assert_eq!(first.carrier().feed(&mut ours, Duration::ZERO).unwrap(), 0);
    assert!(ours.pending().unwrap().is_empty() && theirs.pending().unwrap().is_empty());
}

#[test]
fn what_the_family_brought_and_what_the_registrar_annulled_reach_the_ward() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    let signed = ward.record(&mut store, 1).remove(0);
    ward.push(&mut store);
    assert_eq!(standing(&store, &signed.nid), REGISTERED);
    let registrar = country.registrar(&ward.settings.facility.office);
    let record = format!("/desk/record/{}", signed.nid);
    let done = (303, format!("{record}?said=desk-done"));
    assert_eq!(
        registrar.send(&record, &[("act", "add"), ("child_given", "Мадина")]),
        done
    );
    let today = ward.clock.now().date_naive().to_string();
    let issue = [("act", "issue"), ("number", "I-ТҶ 1"), ("date", today.as_str())];
    assert_eq!(registrar.send(&record, &issue), done);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    let seen = store.notification(&signed.nid).unwrap();
    assert_eq!(standing(&store, &signed.nid), at(Status::CertificateIssued));
    assert!(!seen.open.contains(&"name".to_owned()), "{:?}", seen.open);
    // That it is named, and not how.
    let receipts = store.receipts_after(ReceiptNumber::NONE, 100).unwrap();
    assert!(receipts.iter().all(|(_, text)| !payload(text).contains("Мадина")));
    assert_eq!(
        registrar.send(&record, &[("act", "annul"), ("text", "хато")]),
        done
    );
    // The family has the certificate: a second registrar confirms it, and nobody alone.
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(standing(&store, &signed.nid), at(Status::AnnulmentPending));
    let h = ogoh::seal::hash(&store.entry_text(&signed.id).unwrap());
    let confirm = [("h", h.as_str()), ("act", "accept")];
    let (_, to) = registrar.send("/desk/entry", &confirm);
    assert_eq!(to, "/desk?said=desk-second-registrar");
    let second = country.registrar_as("second", &ward.settings.facility.office);
    let (_, to) = second.send("/desk/entry", &confirm);
    assert_eq!(to, "/desk?said=desk-done");
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(standing(&store, &signed.nid), at(Status::Voided));
    let why = store.notification(&signed.nid).unwrap().problem.unwrap();
    assert!(why.text["tg"].contains("хато"), "{:?}", why.code);
}

fn payload(jws: &str) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let middle = jws.split('.').nth(1).unwrap();
    String::from_utf8(Base64UrlUnpadded::decode_vec(middle).unwrap()).unwrap()
}

#[test]
fn a_signature_by_a_key_that_nobody_confirmed_yet_is_held_and_judged_when_it_is() {
    let country = Country::new();
    let mut ward = country.unknown_ward(10);
    country.enrol_device(&ward);
    let mut store = ward.store();
    let signed = ward.record(&mut store, 1);
    let report = ward.push(&mut store);
    assert_eq!((report.sent, report.left), (2, 0), "{report:?}");
    assert_eq!(standing(&store, &signed[0].nid), at(Status::Held));
    country.enrol_person(&ward, &ward.doctor);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(standing(&store, &signed[0].nid), REGISTERED);
}

#[test]
fn a_device_that_nobody_enrolled_keeps_recording_and_delivers_when_it_is() {
    let country = Country::new();
    let mut ward = country.unknown_ward(10);
    let mut store = ward.store();
    ward.record(&mut store, 2);
    let report = ward.push(&mut store);
    assert!(
        matches!(
            report.error,
            Some(ogoh::ward::deliver::DeliverError::NotEnrolled { .. })
        ),
        "{report:?}"
    );
    ward.record(&mut store, 1);
    country.enrol_device(&ward);
    country.enrol_person(&ward, &ward.doctor);
    ward.carrier().push_now(&mut store).unwrap();
    all_registered_once(&country, &store, 3);
}

#[test]
fn a_clock_that_is_months_behind_delivers_with_the_portals_own_time() {
    let country = Country::real_time();
    let mut ward = country.ward(10);
    ward.clock = HandClock::new(&(ward.clock.now() - chrono::Duration::days(200)).to_rfc3339());
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let report = ward.push(&mut store);
    assert_eq!((report.sent, report.left), (2, 0), "{report:?}");
    let trust = ogoh::ward::deliver::clock_trust(&store, ward.clock.now(), &ward.settings.limits).unwrap();
    assert_eq!(trust, ogoh::env::ClockTrust::Behind);
}

#[test]
fn an_annulment_reaches_the_register_and_takes_effect_with_a_second_person() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    let signed = ward.record(&mut store, 1);
    ward.push(&mut store);
    ward.void(&mut store, &signed[0].nid);
    ward.push(&mut store);
    assert_eq!(standing(&store, &signed[0].nid), at(Status::AnnulmentPending));
    let what = Statement::Attest {
        nid: signed[0].nid.clone(),
    };
    store
        .record(what, &ward.signer(&ward.second), &ward.site())
        .unwrap();
    ward.push(&mut store);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(standing(&store, &signed[0].nid), at(Status::Voided));
}

#[test]
fn several_programs_sign_and_push_at_once_on_one_database() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let store = ward.store();
    let events: Vec<_> = (0..24).map(|_| ward.birth(&store)).collect();
    let (ward, events): (&Ward, &[_]) = (&ward, &events);
    std::thread::scope(|scope| {
        for part in events.chunks(6) {
            scope.spawn(move || {
                let mut store = ward.store();
                for event in part {
                    ward.sign(&mut store, event.clone());
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(move || {
                let mut store = ward.store();
                for _ in 0..6 {
                    ward.push(&mut store);
                }
            });
        }
    });
    let mut store = ward.store();
    ward.carrier().push_now(&mut store).unwrap();
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    all_registered_once(&country, &store, 24);
    // One journal, every place taken once.
    let journals = store.journals().unwrap();
    let own: Vec<_> = journals.iter().filter(|j| j.own).collect();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].head.0, own[0].left_for.as_deref()), (25, None));
    let head = country.head(ward, &own[0].jid);
    assert_eq!((head.seq, head.forked), (25, false));
    assert_eq!(head.h, own[0].head.1);
}

#[test]
fn a_clerk_signs_the_administrative_supplement_and_never_a_measure() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    let clerk = Signatory {
        login: "daftar",
        role: Role::Clerk,
        key: SecretKey::from_seed(&[77; 32]),
    };
    store
        .add_person(&Person {
            login: clerk.login.to_owned(),
            name: "Ризоева Тӯтӣ".to_owned(),
            role: clerk.role,
            kid: clerk.key.public().kid().to_owned(),
            x: clerk.key.public().x(),
            key_blob: String::new(),
            since: ward.clock.now(),
            suspended: None,
        })
        .unwrap();
    country.enrol_person(&ward, &clerk);
    let event = ward.birth(&store);
    let first = ward.sign(&mut store, event.clone());
    ward.push(&mut store);
    let amended = |store: &mut Store, field: &str, value: Value| {
        let mut event = event.clone();
        event.set(field, value);
        let what = Statement::Amend {
            nid: first.nid.clone(),
            seen: None,
            event,
            reason: AmendReason {
                code: "named".to_owned(),
                text: String::new(),
            },
        };
        store.record(what, &ward.signer(&clerk), &ward.site())
    };
    let refused = amended(&mut store, "birth.weight", Value::Int(2900));
    assert!(
        matches!(refused, Err(StoreError::Refused { findings: f, .. }) if f.iter().any(|f| f.rule == "C06"))
    );
    amended(&mut store, "child.given", Value::Text("Фаридун".to_owned())).unwrap();
    ward.carrier().push_now(&mut store).unwrap();
    let known = store.notification(&first.nid).unwrap();
    assert_eq!((known.row.status, known.row.beside), (REGISTERED, None));
    assert!(!known.open.contains(&"name".to_owned()), "{:?}", known.open);
    // What is new is never a clerk's.
    let event = ward.birth(&store);
    let refused = store.record(Statement::Event(event), &ward.signer(&clerk), &ward.site());
    assert!(
        matches!(refused, Err(StoreError::Refused { findings: f, .. }) if f.iter().any(|f| f.rule == "C06"))
    );
}

#[test]
fn the_background_pusher_sends_what_is_signed_and_hears_what_is_decided() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    let push_handle = ogoh::ward::deliver::PushHandle::new();
    let (told, heard) = std::sync::mpsc::channel();
    let (paths, settings, device, clock, bell) = (
        ward.paths.clone(),
        ward.settings.clone(),
        ward.device.clone(),
        ward.clock.clone(),
        push_handle.clone(),
    );
    let pusher = std::thread::spawn(move || {
        ogoh::ward::deliver::watch(&paths, &settings, &device, &clock, &bell, |r| {
            told.send((r.sent, r.receipts, r.error.is_some())).unwrap();
        })
    });
    let signed = ward.record(&mut store, 2);
    push_handle.push_now();
    let within = Duration::from_secs(60);
    let mut sent = 0;
    while sent < 3 {
        sent += heard.recv_timeout(within).unwrap().0;
    }
    assert_eq!(standing(&store, &signed[0].nid), REGISTERED);
    push_handle.stop();
    let stopping = std::time::Instant::now();
    pusher.join().unwrap().unwrap();
    assert!(
        stopping.elapsed() < Duration::from_secs(10),
        "stop does not wait for the long poll"
    );
}
