//! A registry that began another epoch, and what a device claims to hold.

use std::sync::{Arc, Mutex};

use crate::deliver_support::fake::{Fake, Request, Say};
use crate::deliver_support::{Shared, in_order, registry, root_key};
use crate::support::delivering::{Ward, standing};
use ogoh::seal::{ReceiptNumber, Status, hash};
use ogoh::ward::store::EntryStatus;
use ogoh::wire::{Claim, FeedLine};

/// The value of a member of an address's query.
fn asked<T: std::str::FromStr>(request: &Request, name: &str) -> Option<T> {
    let query = request.path.split_once('?')?.1;
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    value.parse().ok()
}

/// A portal whose feed gives these receipts in their order, one a call, by epoch and number.
fn portal(registry: &Shared, receipts: Arc<Mutex<Vec<(ReceiptNumber, String)>>>) -> Fake {
    let shared = registry.clone();
    Fake::start(move |request| {
        if !request.path.contains("/feed") {
            return in_order(&shared, request, Status::Received);
        }
        let after = ReceiptNumber {
            epoch: asked(request, "epoch").unwrap(),
            n: asked(request, "after").unwrap(),
        };
        let mut receipts = receipts.lock().unwrap().clone();
        receipts.sort();
        let next = receipts.into_iter().find(|(number, _)| *number > after);
        let line = next.map(|(_, receipt)| FeedLine { receipt, entry: None });
        Say::lines(
            &line
                .iter()
                .map(|l| serde_json::to_string(l).unwrap())
                .collect::<Vec<_>>(),
        )
    })
}

#[test]
fn the_feed_goes_on_into_a_later_epoch_whose_numbers_begin_again() {
    let registry = registry();
    let receipts = Arc::new(Mutex::new(Vec::new()));
    let fake = portal(&registry, receipts.clone());
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    let signed = ward.record(&mut store, 2);
    ward.push(&mut store);
    let texts: Vec<String> = signed.iter().map(|s| store.entry_text(&s.id).unwrap()).collect();
    let told: Vec<(ReceiptNumber, String)> = store.receipts_after(ReceiptNumber::NONE, 10).unwrap();
    receipts.lock().unwrap().extend(told);
    assert_eq!(
        ward.carrier()
            .feed(&mut store, std::time::Duration::ZERO)
            .unwrap(),
        0
    );
    assert_eq!(
        store.heard().unwrap(),
        ReceiptNumber { epoch: 1, n: 3 },
        "with the opening"
    );

    // The book was set back and opened again: the same entry under a number that was given before, in a later epoch.
    {
        let mut registry = registry.lock().unwrap();
        (registry.epoch, registry.n) = (2, 0);
        for text in &texts {
            let receipt = registry.receipt_of(text, Status::Registered);
            let jws = receipt.seal(&registry.receipt).unwrap();
            receipts.lock().unwrap().push((receipt.number(), jws));
        }
    }
    assert_eq!(
        ward.carrier()
            .feed(&mut store, std::time::Duration::ZERO)
            .unwrap(),
        2
    );
    assert_eq!(store.heard().unwrap(), ReceiptNumber { epoch: 2, n: 2 });
    for one in &signed {
        assert_eq!(standing(&store, &one.nid), EntryStatus::At(Status::Registered));
        let shown = store.notification(&one.nid).unwrap();
        let newest = shown.revisions[0]
            .receipt
            .as_ref()
            .map(|(receipt, _)| receipt.epoch);
        assert_eq!(newest, Some(2), "the page shows the same one");
    }
    // Nothing is asked for twice.
    assert_eq!(
        ward.carrier()
            .feed(&mut store, std::time::Duration::ZERO)
            .unwrap(),
        0
    );
}

#[test]
fn calls_claim_the_highest_receipt_once_there_is_one() {
    let registry = registry();
    let shared = registry.clone();
    let fake = Fake::start(move |r| in_order(&shared, r, Status::Registered));
    let mut ward = Ward::new(&fake.url(), &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    ward.push(&mut store);
    let claims = |path: &str| -> Vec<Option<Claim>> {
        let calls = fake.asked().into_iter().filter(|r| r.path.contains(path));
        calls
            .map(|r| r.header("ogoh-claim").map(|text| Claim::read(text).unwrap()))
            .collect()
    };
    assert_eq!(claims("/v1/entries"), [None], "there was nothing to claim");

    let (number, text) = store
        .receipts_after(ReceiptNumber::NONE, 10)
        .unwrap()
        .pop()
        .unwrap();
    let held = Claim {
        number,
        h: hash(&text),
    };
    ward.record(&mut store, 1);
    ward.push(&mut store);
    assert_eq!(claims("/v1/entries")[1], Some(held.clone()));
    let (number, text) = store.receipts_after(number, 10).unwrap().pop().unwrap();
    let held = Claim {
        number,
        h: hash(&text),
    };
    ward.carrier()
        .feed(&mut store, std::time::Duration::ZERO)
        .unwrap();
    assert_eq!(claims("/feed"), [Some(held)]);
    // The trust list is anybody's, so its call claims nothing.
    assert!(claims("/v1/trust").iter().all(Option::is_none));
}
