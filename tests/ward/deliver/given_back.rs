//! A registry that was set back: everything it lacks is given back, before anything new.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::deliver_support::book::Portal;
use crate::deliver_support::{registry, root_key};
use crate::support::delivering::{REGISTERED, Ward, standing};
use crate::support::until;
use ogoh::lang::Lang;
use ogoh::seal::{Jws, Typ, hash};
use ogoh::ward::deliver::{PushHandle, PushReport, Reconciled, watch};
use ogoh::ward::store::{EntryStatus, Store};
use ogoh::wire::ProblemCode;

fn world() -> (Portal, Ward, Store) {
    let registry = registry();
    let portal = Portal::new(registry.clone());
    let ward = Ward::new(&portal.fake.url(), &root_key(&registry));
    let store = ward.store();
    (portal, ward, store)
}

/// Signs and delivers some.
fn delivered(ward: &mut Ward, store: &mut Store, n: usize) -> Vec<String> {
    let signed = ward.record(store, n);
    let report = ward.push(store);
    assert!(report.error.is_none() && report.left == 0, "{report:?}");
    signed.into_iter().map(|s| s.nid.into()).collect()
}

fn is_receipt(text: &str) -> bool {
    Jws::parse(text, Typ::Receipt).is_ok()
}

fn whole(report: &PushReport) -> (usize, usize, bool) {
    (report.given_back, report.left, report.error.is_none())
}

#[test]
fn what_a_book_that_was_set_back_lacks_goes_before_anything_new() {
    let (portal, mut ward, mut store) = world();
    delivered(&mut ward, &mut store, 2);
    let copy = portal.copy();
    let lost = delivered(&mut ward, &mut store, 3);
    let before = portal.holds();
    portal.set_back(copy);
    let asked = portal.deliveries().len();
    let next = ward.record(&mut store, 2);
    let report = ward.push(&mut store);
    assert_eq!(whole(&report), (3, 0, true), "{report:?}");
    let after = portal.holds();
    assert!(after.0.is_superset(&before.0) && after.1.is_superset(&before.1));
    for nid in lost.iter().chain(
        next.iter()
            .map(|n| &*n.nid)
            .map(|n| n.to_owned())
            .collect::<Vec<_>>()
            .iter(),
    ) {
        assert_eq!(standing(&store, nid), REGISTERED);
    }
    // Refused with a claim, given back without one, receipts first; then the new ones.
    let calls = portal.deliveries().split_off(asked);
    let kinds: Vec<_> = calls
        .iter()
        .map(|(claims, lines)| (*claims, lines.iter().map(|l| is_receipt(l)).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        kinds,
        [
            (true, vec![false; 2]),
            (false, vec![true, true, true, false, false, false]),
            (true, vec![false; 2]),
        ]
    );
    // The new epoch was compared with, and nothing more is given back.
    assert_eq!(portal.copy().epoch, 2);
    let asked = portal.deliveries().len();
    let report = ward.push(&mut store);
    assert_eq!(whole(&report), (0, 0, true));
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(
        ward.carrier().reconcile(&mut store).unwrap(),
        Reconciled::default()
    );
    assert_eq!(portal.deliveries().len(), asked);
}

#[test]
fn the_feed_and_the_heartbeat_notice_it_too() {
    for by_feed in [true, false] {
        let (portal, mut ward, mut store) = world();
        let copy = portal.copy();
        delivered(&mut ward, &mut store, 2);
        let before = portal.holds();
        portal.set_back(copy);
        match by_feed {
            true => drop(ward.carrier().feed(&mut store, Duration::ZERO).unwrap()),
            false => ward.carrier().heartbeat(&mut store).unwrap(),
        }
        assert_eq!(portal.holds(), before, "{by_feed}");
    }
}

#[test]
fn one_bad_line_blocks_no_other_and_nobody_is_stuck() {
    for (code, fails) in [
        (ProblemCode::ForeignReceipt, false),
        (ProblemCode::Internal, false),
        (ProblemCode::Quota, false),
        (ProblemCode::Internal, true),
    ] {
        let (portal, mut ward, mut store) = world();
        let copy = portal.copy();
        delivered(&mut ward, &mut store, 5);
        let before = portal.holds();
        // The last receipt and its entry, and one in the middle.
        let (receipts, entries) = {
            let book = portal.copy();
            (book.receipts, book.entries)
        };
        let bad: BTreeSet<String> = [2, 5]
            .into_iter()
            .flat_map(|i: usize| [hash(&receipts[i].1), hash(&entries[i])])
            .collect();
        portal.set_back(copy);
        {
            let mut book = portal.book.lock().unwrap();
            book.refuses = bad.iter().map(|h| (h.clone(), code)).collect();
            book.fails = fails;
        }
        let next = ward.record(&mut store, 1);
        let report = ward.push(&mut store);
        assert!(
            report.error.is_none() && report.left == 0,
            "{code:?} {fails}: {report:?}"
        );
        assert_eq!(standing(&store, &next[0].nid), REGISTERED);
        let after = portal.holds();
        for (had, has) in [(&before.0, &after.0), (&before.1, &after.1)] {
            let missing: BTreeSet<_> = had.difference(has).cloned().collect();
            assert!(missing.is_subset(&bad), "{code:?} {fails}");
        }
        // It goes on, and what was refused once is not sent for ever.
        delivered(&mut ward, &mut store, 1);
        for _ in 0..30 {
            ward.carrier().reconcile(&mut store).unwrap();
        }
        let asked = portal.deliveries().len();
        ward.carrier().reconcile(&mut store).unwrap();
        assert_eq!(portal.deliveries().len(), asked, "{code:?} {fails}");
        // What was refused for a while comes the next time that anything is compared.
        portal.book.lock().unwrap().refuses.clear();
    }
}

#[test]
fn newer_trust_lists_go_before_anything_else() {
    let registry = registry();
    let portal = Portal::new(registry.clone());
    let mut ward = Ward::new(&portal.fake.url(), &root_key(&registry));
    let mut store = ward.store();
    delivered(&mut ward, &mut store, 1);
    let copy = portal.copy();
    // A new receipt key: who has only the old list cannot read the receipts.
    registry.lock().unwrap().change_receipt_key(77);
    portal.book.lock().unwrap().lists = 2;
    ward.carrier().fetch_trust(&mut store).unwrap();
    delivered(&mut ward, &mut store, 2);
    let before = portal.holds();
    portal.set_back(copy);
    ward.record(&mut store, 1);
    let report = ward.push(&mut store);
    assert_eq!(whole(&report), (2, 0, true), "{report:?}");
    assert_eq!(portal.copy().lists, 2);
    assert!(portal.holds().0.is_superset(&before.0));
    let asked = portal.fake.asked();
    let posts: Vec<_> = asked
        .iter()
        .filter(|r| r.method == "POST")
        .map(|r| r.path.as_str())
        .collect();
    assert_eq!(
        posts[posts.len() - 4..],
        ["/v1/entries", "/v1/trust", "/v1/entries", "/v1/entries"]
    );
}

#[test]
fn giving_back_that_is_cut_off_goes_on_from_where_it_was() {
    let (portal, mut ward, mut store) = world();
    let copy = portal.copy();
    delivered(&mut ward, &mut store, 150);
    let before = portal.holds();
    portal.set_back(copy.clone());
    // The line fails after the first body: the portal took it all the same.
    let (receipts, entries): (Vec<_>, Vec<_>) = {
        let now = before.clone();
        (now.0.into_iter().collect(), now.1.into_iter().collect())
    };
    assert_eq!((receipts.len(), entries.len()), (151, 151));
    let first: Vec<_> = {
        let store_receipts = store.receipts_to_give(0, 40).unwrap();
        store_receipts.into_iter().flat_map(|one| one.receipts).collect()
    };
    {
        // Forty receipts and not one of their entries.
        let ward_again = ward.carrier();
        drop(ward_again);
        let mut book = portal.book.lock().unwrap();
        for text in first {
            let jws = Jws::parse(&text, Typ::Receipt).unwrap();
            let receipt = serde_json::from_value(jws.payload().clone()).unwrap();
            book.receipts.push((receipt, text));
        }
    }
    store.set_meta("giving-back", "1").unwrap();
    ward.record(&mut store, 1);
    let report = ward.push(&mut store);
    assert_eq!(whole(&report), (150, 0, true), "{report:?}");
    let after = portal.holds();
    assert!(after.0.is_superset(&before.0) && after.1.is_superset(&before.1));
}

#[test]
fn another_decision_at_a_number_counts_as_lacking_and_both_come_to_the_ward() {
    let (portal, mut ward, mut store) = world();
    delivered(&mut ward, &mut store, 1);
    let copy = portal.copy();
    let lost = delivered(&mut ward, &mut store, 2);
    portal.set_back(copy);
    // Before anybody noticed, the book gave the next number to another device's entry.
    let mut other = Ward::numbered(&portal.fake.url(), &ward.settings.portal.root_key, 40);
    let mut others = other.store();
    let theirs = other.record(&mut others, 1);
    other.push(&mut others);
    assert_eq!(standing(&others, &theirs[0].nid), REGISTERED);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    let held: BTreeSet<String> = store
        .receipts_after(ogoh::seal::ReceiptNumber::NONE, 100)
        .unwrap()
        .iter()
        .map(|(_, t)| hash(t))
        .collect();
    assert!(
        portal.holds().0.is_subset(&held),
        "the ward heard of what was decided meanwhile"
    );
    assert!(lost.iter().all(|nid| standing(&store, nid) == REGISTERED));
}

#[test]
fn a_gap_below_the_highest_entry_is_filled_once() {
    let (portal, mut ward, mut store) = world();
    delivered(&mut ward, &mut store, 4);
    let before = portal.holds();
    // An older portal that knows no claims lost one in the middle.
    {
        let mut book = portal.book.lock().unwrap();
        book.entries.remove(2);
    }
    ward.carrier().reconcile(&mut store).unwrap();
    assert_eq!(portal.holds(), before);
    // One that never takes it is not asked for ever.
    let gone = portal.book.lock().unwrap().entries.remove(2);
    portal
        .book
        .lock()
        .unwrap()
        .refuses
        .push((hash(&gone), ProblemCode::NotAnEntry));
    store
        .set_meta(&format!("gap-{}", store.journals().unwrap()[0].jid), "")
        .unwrap();
    ward.carrier().reconcile(&mut store).unwrap();
    let asked = portal.deliveries().len();
    ward.carrier().reconcile(&mut store).unwrap();
    assert_eq!(portal.deliveries().len(), asked);
}

#[test]
fn a_ward_that_lost_a_journal_of_its_own_gets_it_back_whole() {
    let (_portal, mut ward, mut store) = world();
    delivered(&mut ward, &mut store, 1);
    let old = ward.dir.path().join("old.db");
    store.backup(&old).unwrap();
    // The device got another key since: what it wrote under it is in a journal that the copy does not know.
    let first = ward.device.clone();
    ward.device = ogoh::seal::SecretKey::from_seed(&[201; 32]);
    let later = delivered(&mut ward, &mut store, 2);
    drop((store, first));
    std::fs::copy(&old, ward.paths.database()).unwrap();
    let mut store = ward.store();
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    let reconciled = ward.carrier().reconcile(&mut store).unwrap();
    assert_eq!(reconciled.fetched, 3, "with the opening");
    assert!(later.iter().all(|nid| standing(&store, nid) == REGISTERED));
    assert!(store.journals().unwrap().iter().all(|j| j.own));
    assert!(store.verify(&ward.device.public(), None).unwrap().holds());
    let next = ward.record(&mut store, 1);
    assert_ne!(
        standing(&store, &next[0].nid),
        EntryStatus::At(ogoh::seal::Status::Registered)
    );
    ward.push(&mut store);
    assert_eq!(standing(&store, &next[0].nid), REGISTERED);
}

#[test]
fn the_background_pusher_gives_back_and_tells() {
    let (portal, mut ward, mut store) = world();
    let copy = portal.copy();
    delivered(&mut ward, &mut store, 3);
    let before = portal.holds();
    let handle = PushHandle::new();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let (ward, signal) = (&ward, handle.clone());
        let watching = scope.spawn(move || {
            let on_report = |report: &PushReport| {
                let said = report.given_back_msg().map(|msg| msg.render(Lang::En));
                let _ = tell.send((report.given_back, said));
            };
            watch(
                &ward.paths,
                &ward.settings,
                &ward.device,
                &ward.clock,
                &signal,
                on_report,
            )
        });
        until("it listens", || {
            portal
                .fake
                .asked()
                .iter()
                .any(|r| r.path.contains("/feed"))
                .then_some(())
        });
        portal.set_back(copy);
        handle.push_now();
        let patience = std::time::Duration::from_secs(60);
        let said = loop {
            let (n, said) = told.recv_timeout(patience).unwrap();
            if n > 0 {
                break (n, said.unwrap());
            }
            // Nothing waits, so it hears of it as it listens.
            handle.push_now();
        };
        assert_eq!(said.0, 3);
        assert!(said.1.contains("3 notifications were given back"), "{}", said.1);
        handle.stop();
        watching.join().unwrap().unwrap();
    });
    assert_eq!(portal.holds(), before);
}
