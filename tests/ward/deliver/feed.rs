//! The feed, the trust list and the background pusher, against portals that misbehave.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::deliver_support::fake::{Fake, Say, joined};
use crate::deliver_support::registry::Registry;
use crate::deliver_support::{Shared, in_order, registry, root_key, truth};
use crate::support;
use crate::support::delivering::{FACILITY, REGISTERED, Ward, standing};
use ogoh::seal::{Receipt, ReceiptNumber, SecretKey, Status};
use ogoh::ward::deliver::{DeliverError, PushHandle, PushReport};
use ogoh::ward::store::{EntryStatus, Store};
use ogoh::wire::FeedLine;

/// A portal whose feed is these lines, each with its number.
fn with_feed(registry: &Shared, lines: Arc<Mutex<Vec<(u64, String)>>>) -> Fake {
    let shared = registry.clone();
    Fake::start(move |r| {
        if !r.path.contains("/feed") {
            return in_order(&shared, r, Status::Received);
        }
        let after: u64 = r
            .path
            .split("after=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let lines = lines.lock().unwrap();
        let due: Vec<String> = lines
            .iter()
            .filter(|(n, _)| *n > after)
            .map(|(_, l)| l.clone())
            .collect();
        Say::lines(&due)
    })
}

fn line(receipt: &Receipt, key: &SecretKey) -> String {
    serde_json::to_string(&FeedLine {
        receipt: receipt.seal(key).unwrap(),
        entry: None,
    })
    .unwrap()
}

/// The lines of the feed that say what the deliveries were told already.
fn told_already(store: &Store) -> Vec<(u64, String)> {
    let receipts = store.receipts_after(ReceiptNumber::NONE, 100).unwrap();
    let line = |receipt| serde_json::to_string(&FeedLine { receipt, entry: None }).unwrap();
    receipts
        .into_iter()
        .map(|(at, text)| (at.n, line(text)))
        .collect()
}

/// A ward with `count` births that were received, and receipts that register them.
fn received(
    ward: &mut Ward,
    store: &mut Store,
    registry: &Shared,
    count: usize,
) -> (Vec<String>, Vec<Receipt>) {
    let signed = ward.record(store, count);
    ward.push(store);
    let texts: Vec<String> = signed.iter().map(|s| store.entry_text(&s.id).unwrap()).collect();
    let mut registry = registry.lock().unwrap();
    let receipts = texts
        .iter()
        .map(|t| registry.receipt_of(t, Status::Registered))
        .collect();
    (signed.into_iter().map(|s| s.nid.into()).collect(), receipts)
}

#[test]
fn decisions_made_later_arrive_once_and_in_whatever_order() {
    let registry = registry();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let fake = with_feed(&registry, lines.clone());
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let (nids, receipts) = received(&mut ward, &mut store, &registry, 3);
    let key = registry.lock().unwrap().receipt.clone();
    let mut news: Vec<(u64, String)> = receipts.iter().map(|r| (r.n, line(r, &key))).collect();
    news.reverse();
    lines
        .lock()
        .unwrap()
        .extend(told_already(&store).into_iter().chain(news));
    let new = ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(new, 3, "four were known from the delivery");
    for nid in &nids {
        assert_eq!(standing(&store, nid), REGISTERED);
    }
    assert_eq!(ward.carrier().feed(&mut store, Duration::ZERO).unwrap(), 0);
    let last = fake.asked().pop().unwrap().path;
    assert!(last.contains("after=7"), "{last}");
}

#[test]
fn what_proves_nothing_is_not_passed_over_and_does_not_hide_what_follows() {
    let registry = registry();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let fake = with_feed(&registry, lines.clone());
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let (nids, receipts) = received(&mut ward, &mut store, &registry, 3);
    let key = registry.lock().unwrap().receipt.clone();
    let forged = line(&receipts[1], &SecretKey::from_seed(&[222; 32]));
    let good = |i: usize| (receipts[i].n, line(&receipts[i], &key));
    let with = |news: [(u64, String); 3]| told_already(&store).into_iter().chain(news).collect::<Vec<_>>();
    let (wrong, right) = (
        with([good(0), (receipts[1].n, forged), good(2)]),
        with([good(0), good(1), good(2)]),
    );
    *lines.lock().unwrap() = wrong;
    let heard = ward.carrier().feed(&mut store, Duration::ZERO);
    assert!(matches!(heard, Err(DeliverError::NotPortal { .. })), "{heard:?}");
    let standings: Vec<EntryStatus> = nids.iter().map(|n| standing(&store, n)).collect();
    assert_eq!(
        standings,
        [REGISTERED, EntryStatus::At(Status::Received), REGISTERED]
    );
    // Once the portal says it properly, it is heard.
    *lines.lock().unwrap() = right;
    assert_eq!(ward.carrier().feed(&mut store, Duration::ZERO).unwrap(), 1);
    assert_eq!(standing(&store, &nids[1]), REGISTERED);
}

#[test]
fn receipts_of_another_facility_are_not_taken() {
    let registry = registry();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let fake = with_feed(&registry, lines.clone());
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let (_, mut receipts) = received(&mut ward, &mut store, &registry, 1);
    let key = registry.lock().unwrap().receipt.clone();
    receipts[0].n = 1;
    receipts[0].fac = "TJ-KT-01-H09".into();
    *lines.lock().unwrap() = vec![(1, line(&receipts[0], &key))];
    let before = truth(&store);
    assert!(ward.carrier().feed(&mut store, Duration::ZERO).is_err());
    assert_eq!(truth(&store), before);
}

#[test]
fn a_feed_that_says_the_same_for_ever_ends_all_the_same() {
    let registry = registry();
    let shared = registry.clone();
    let answer = Arc::new(Mutex::new(String::new()));
    let said = answer.clone();
    let fake = Fake::start(move |r| match r.path.contains("/feed") {
        true => Say::answer(200, &[], said.lock().unwrap().as_bytes()),
        false => in_order(&shared, r, Status::Received),
    });
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let (nids, receipts) = received(&mut ward, &mut store, &registry, 1);
    let key = registry.lock().unwrap().receipt.clone();
    let old: String = told_already(&store)
        .into_iter()
        .map(|(_, l)| format!("{l}\n"))
        .collect();
    *answer.lock().unwrap() = format!("{old}{}\n", line(&receipts[0], &key));
    assert!(ward.carrier().feed(&mut store, Duration::ZERO).is_err());
    assert_eq!(standing(&store, &nids[0]), REGISTERED, "what it proved is kept");
    let asked = fake.asked().iter().filter(|r| r.path.contains("/feed")).count();
    assert!(asked <= 3, "{asked}");
}

#[test]
fn a_new_receipt_key_is_believed_as_soon_as_the_trust_list_names_it() {
    let registry = registry();
    let shared = registry.clone();
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    assert_eq!(ward.push(&mut store).left, 0);
    assert_eq!(store.trust_lists().unwrap().len(), 1);
    registry.lock().unwrap().change_receipt_key(77);
    let next = ward.record(&mut store, 2);
    let report = ward.push(&mut store);
    assert_eq!((report.sent, report.left), (2, 0), "{report:?}");
    assert_eq!(standing(&store, &next[0].nid), REGISTERED);
    assert_eq!(store.trust_lists().unwrap().len(), 2);
    assert_eq!(
        fake.asked_at("/v1/entries").len(),
        2,
        "the answer was read again, not asked for again"
    );
}

#[test]
fn a_trust_list_that_does_not_follow_from_the_pinned_root_is_refused() {
    let ours = registry();
    let theirs: Shared = Arc::new(Mutex::new(Registry::new(90, FACILITY)));
    let shared = theirs.clone();
    // A whole country in order, but not the one whose root key stands in the settings.
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    let mut ward = Ward::new(&fake.url(), &root_key(&ours));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let before = truth(&store);
    let report = ward.push(&mut store);
    assert!(
        matches!(report.error, Some(DeliverError::TrustRefused(_))),
        "{report:?}"
    );
    assert_eq!(truth(&store), before);
    assert!(
        fake.asked_at("/v1/entries").is_empty(),
        "nothing is sent before the portal is known"
    );
    assert!(ward.carrier().fetch_trust(&mut store).is_err());
    assert!(store.trust_lists().unwrap().is_empty());
}

#[test]
fn a_lower_trust_list_and_one_that_skips_are_refused_and_the_held_one_stays() {
    let registry = registry();
    registry.lock().unwrap().change_receipt_key(77);
    let shared = registry.clone();
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    assert_eq!(ward.carrier().fetch_trust(&mut store).unwrap(), 2);
    registry.lock().unwrap().change_receipt_key(78);
    registry.lock().unwrap().change_receipt_key(79);
    let lists = registry.lock().unwrap().lists.clone();
    type Case = (&'static str, Vec<String>, fn(&DeliverError) -> bool);
    let ndjson = |texts: &[&String]| texts.iter().map(|t| ogoh::wire::jws_line(t)).collect::<Vec<_>>();
    let cases: Vec<Case> = vec![
        ("an older trust list", ndjson(&[&lists[0]]), |e| {
            matches!(e, DeliverError::TrustOlder { given: 1, held: 2 })
        }),
        ("one is left out", ndjson(&[&lists[3]]), |e| {
            matches!(e, DeliverError::TrustRefused(_))
        }),
        ("the wrong order", ndjson(&[&lists[3], &lists[2]]), |e| {
            matches!(e, DeliverError::TrustRefused(_))
        }),
        ("a page", vec!["<html>".to_owned()], |e| {
            matches!(e, DeliverError::NotPortal { .. })
        }),
    ];
    for (name, lines, expected) in cases {
        let body = joined(&lines);
        let fake = Fake::start(move |_| Say::answer(200, &[], &body));
        ward.settings.portal.url = fake.url();
        let error = ward.carrier().fetch_trust(&mut store).unwrap_err();
        assert!(expected(&error), "{name}: {error:?}");
        assert_eq!(store.trust_lists().unwrap().len(), 2, "{name}");
    }
    ward.settings.portal.url = fake.url();
    assert_eq!(ward.carrier().fetch_trust(&mut store).unwrap(), 4);
}

/// Runs the background pusher of a ward on a thread of its own until the handle is stopped.
fn watching(
    ward: &Ward,
    push_handle: &PushHandle,
    told: Arc<Mutex<Vec<PushReport>>>,
) -> std::thread::JoinHandle<()> {
    let (paths, settings, device, clock, push_handle) = (
        ward.paths.clone(),
        ward.settings.clone(),
        ward.device.clone(),
        ward.clock.clone(),
        push_handle.clone(),
    );
    std::thread::spawn(move || {
        let tell = |r: &PushReport| {
            let copy = PushReport {
                sent: r.sent,
                receipts: r.receipts,
                left: r.left,
                ..PushReport::default()
            };
            told.lock().unwrap().push(copy);
        };
        ogoh::ward::deliver::watch(&paths, &settings, &device, &clock, &push_handle, tell).unwrap();
    })
}

#[test]
fn send_now_interrupts_the_wait_for_news_and_stop_ends_it() {
    let registry = registry();
    let shared = registry.clone();
    let polls = Arc::new(AtomicUsize::new(0));
    let waiting = polls.clone();
    let fake = Fake::start(move |r| {
        if r.path.contains("wait=") && !r.path.contains("wait=0") {
            waiting.fetch_add(1, Ordering::SeqCst);
            return Say::Silence(Vec::new());
        }
        in_order(&shared, r, Status::Registered)
    });
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let push_handle = PushHandle::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let thread = watching(&ward, &push_handle, told.clone());
    support::until("the pusher waits for news", || {
        (polls.load(Ordering::SeqCst) == 1).then_some(())
    });
    let signed = ward.record(&mut store, 2);
    let rung = Instant::now();
    push_handle.push_now();
    support::until("what was signed is delivered", || {
        store.pending().unwrap().is_empty().then_some(())
    });
    assert!(rung.elapsed() < Duration::from_secs(10), "{:?}", rung.elapsed());
    assert_eq!(standing(&store, &signed[0].nid), REGISTERED);
    support::until("it waits for news again", || {
        (polls.load(Ordering::SeqCst) == 2).then_some(())
    });
    let rung = Instant::now();
    push_handle.stop();
    thread.join().unwrap();
    assert!(rung.elapsed() < Duration::from_secs(10), "{:?}", rung.elapsed());
    assert_eq!(told.lock().unwrap().iter().map(|r| r.sent).sum::<usize>(), 3);
}

#[test]
fn of_two_background_pushers_one_listens_and_send_now_works_in_both() {
    let registry = registry();
    let shared = registry.clone();
    let polls = Arc::new(AtomicUsize::new(0));
    let waiting = polls.clone();
    let fake = Fake::start(move |r| {
        if r.path.contains("wait=") && !r.path.contains("wait=0") {
            waiting.fetch_add(1, Ordering::SeqCst);
            return Say::Silence(Vec::new());
        }
        in_order(&shared, r, Status::Registered)
    });
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let (first, second) = (PushHandle::new(), PushHandle::new());
    let told = Arc::new(Mutex::new(Vec::new()));
    let one = watching(&ward, &first, told.clone());
    support::until("one listens", || {
        (polls.load(Ordering::SeqCst) == 1).then_some(())
    });
    let two = watching(&ward, &second, told.clone());
    ward.record(&mut store, 1);
    second.push_now();
    support::until("the other delivers when asked", || {
        store.pending().unwrap().is_empty().then_some(())
    });
    assert_eq!(polls.load(Ordering::SeqCst), 1, "and does not listen");
    for (push_handle, thread) in [(first, one), (second, two)] {
        push_handle.stop();
        thread.join().unwrap();
    }
}

#[test]
fn without_a_network_the_background_pusher_waits_and_a_ring_ends_the_wait() {
    let registry = registry();
    let gone = { Fake::start(|_| Say::answer(200, &[], "")).at };
    let mut ward = Ward::new(&format!("http://{gone}"), &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let push_handle = PushHandle::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let thread = watching(&ward, &push_handle, told.clone());
    support::until("it tried", || (!told.lock().unwrap().is_empty()).then_some(()));
    push_handle.stop();
    thread.join().unwrap();
    assert_eq!(store.pending().unwrap().len(), 2);
    assert!(store.link().unwrap().failures > 0);
}

#[test]
fn a_feed_that_fails_never_holds_up_a_delivery() {
    let registry = registry();
    let shared = registry.clone();
    let polls = Arc::new(AtomicUsize::new(0));
    let counted = polls.clone();
    let fake = Fake::start(move |r| {
        if r.path.contains("/feed") {
            counted.fetch_add(1, Ordering::SeqCst);
            return Say::answer(200, &[], "<html>\n");
        }
        in_order(&shared, r, Status::Registered)
    });
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let push_handle = PushHandle::new();
    let thread = watching(&ward, &push_handle, Arc::new(Mutex::new(Vec::new())));
    // The chores' look and one wait for news.
    support::until("the feed fails", || {
        (polls.load(Ordering::SeqCst) >= 2).then_some(())
    });
    ward.record(&mut store, 1);
    assert!(store.link().unwrap().wait.is_none());
    assert_eq!(ward.push(&mut store).left, 0);
    push_handle.stop();
    thread.join().unwrap();
}

#[test]
fn a_trust_list_that_breaks_off_is_taken_as_far_as_it_came() {
    let registry = registry();
    for seed in [77, 78, 79] {
        registry.lock().unwrap().change_receipt_key(seed);
    }
    let shared = registry.clone();
    let mut room = 900;
    let fake = Fake::start(move |r| {
        let Say::Raw(mut whole) = in_order(&shared, r, Status::Registered) else {
            unreachable!()
        };
        whole.truncate(room);
        room *= 2;
        Say::Raw(whole)
    });
    let ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let mut numbers = Vec::new();
    while numbers.last() != Some(&4) {
        numbers.push(ward.carrier().fetch_trust(&mut store).unwrap_or(0));
        assert!(numbers.len() < 8, "{numbers:?}");
    }
    assert!(numbers.len() > 1 && numbers.is_sorted(), "{numbers:?}");
}
