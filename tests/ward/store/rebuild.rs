//! What is drawn from entries and receipts can be drawn anew, and costs the same whatever lies behind.

use std::time::{Duration, Instant};

use crate::store_support::*;
use ogoh::seal::{SecretKey, Status};
use ogoh::ward::store::{Filter, NotificationList, Statement, Store};

/// Every row of every table that is drawn, as text.
fn drawn(ward: &Ward) -> Vec<String> {
    let db = rusqlite::Connection::open(ward.path()).unwrap();
    db.execute_batch("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)")
        .unwrap();
    let mut out = Vec::new();
    for sql in [
        "SELECT * FROM notifications ORDER BY first",
        "SELECT * FROM totals WHERE count <> 0 ORDER BY kind, status",
        "SELECT * FROM tallies ORDER BY month, own",
        "SELECT * FROM outbox ORDER BY n",
        "SELECT term, doc FROM temp.words ORDER BY term, doc",
    ] {
        let mut find = db.prepare(sql).unwrap();
        let columns = find.column_count();
        let mut rows = find.query([]).unwrap();
        while let Some(r) = rows.next().unwrap() {
            let values: Vec<String> = (0..columns)
                .map(|i| format!("{:?}", r.get_ref(i).unwrap()))
                .collect();
            out.push(values.join(" "));
        }
    }
    out
}

/// A store with something of everything.
fn full(ward: &Ward, registry: &mut Registry, store: &mut Store) {
    let other = Ward {
        device: SecretKey::from_seed(&[77; 32]),
        ..Ward::new()
    };
    let mut theirs = other.store();
    let statuses = [
        Status::Received,
        Status::Held,
        Status::Returned,
        Status::Registered,
        Status::CertificateIssued,
        Status::Duplicate,
    ];
    for (i, status) in statuses.into_iter().cycle().take(18).enumerate() {
        let signed = ward.birth(store, i as u32);
        registry.decides_because(store, &signed.id, status, "look-alike");
        if i % 3 == 0 {
            let amended = ward.amend(store, &signed.nid, |b| b["child"]["given"] = "Мадина".into());
            if i % 2 == 0 {
                registry.decides_because(store, &amended.id, Status::Held, "correction");
            }
        }
        if i % 5 == 4 {
            let void = ward.void(store, &signed.nid);
            registry.decides(
                store,
                &void.id,
                if i % 2 == 0 {
                    Status::Voided
                } else {
                    Status::AnnulmentPending
                },
            );
        }
    }
    for month in ["2026-09", "2026-10", "2026-10"] {
        let tally = Statement::Tally {
            month: month.into(),
            births: 10,
            foetal_deaths: 0,
            deaths: 1,
        };
        ward.sign(store, tally);
    }
    // Another ward of the facility, through the feed.
    let foreign = other.birth(&mut theirs, 60);
    let tally = Statement::Tally {
        month: "2026-10".into(),
        births: 3,
        foetal_deaths: 0,
        deaths: 0,
    };
    let tally = other.sign(&mut theirs, tally);
    for id in [&foreign.id, &tally.id] {
        let text = theirs.entry_text(id).unwrap();
        assert_eq!(store.add_foreign(std::slice::from_ref(&text)).unwrap(), 1);
        let answer = registry.receipt(&text, Status::Registered, |_| {});
        store.add_receipts(&[answer]).unwrap();
    }
    assert!(!store.notification(&foreign.nid).unwrap().row.own);
}

#[test]
fn drawn_anew_everything_is_as_it_was() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    full(&ward, &mut registry, &mut store);
    let before = drawn(&ward);
    assert!(before.len() > 100);
    assert!(
        store
            .verify(&ward.device.public(), None)
            .unwrap()
            .bad
            .iter()
            .all(|b| {
                // The other ward's people are nobody's acquaintances without the trust list.
                b.fault == ogoh::ward::store::Fault::UnknownKey
            })
    );
    assert_eq!(store.rebuild().unwrap(), 19);
    assert_eq!(drawn(&ward), before);
    // Even from nothing.
    drop(store);
    ward.shell()
        .execute_batch(
            "DELETE FROM notifications; DELETE FROM outbox; DELETE FROM totals; DELETE FROM tallies;
             INSERT INTO search (search) VALUES ('delete-all');",
        )
        .unwrap();
    let mut store = ward.store();
    store.rebuild().unwrap();
    assert_eq!(drawn(&ward), before);
}

#[test]
fn entries_of_another_ward_are_copies_that_nobody_delivers() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    full(&ward, &mut registry, &mut store);
    let pending = store.pending().unwrap();
    let journals = store.journals().unwrap();
    assert_eq!((journals[0].own, journals[1].own), (true, false));
    for item in pending {
        assert_ne!(
            Some(item.nid.into()),
            store.nid_of_hash(&journals[1].head.1).unwrap()
        );
    }
    assert_eq!(store.tally_of("2026-10").unwrap(), Some((10, 0, 1)));
}

/// The shortest of many times: what the work costs, without what else the machine does.
fn cost(mut work: impl FnMut()) -> Duration {
    (0..15)
        .map(|_| {
            let begin = Instant::now();
            work();
            begin.elapsed()
        })
        .min()
        .unwrap()
}

#[test]
fn a_hundred_thousand_notifications_cost_no_more_than_a_few() {
    let ward = Ward::new();
    let mut store = ward.store();
    for i in 0..10 {
        ward.birth(&mut store, i);
    }
    let measure = |store: &mut Store, from: u32| {
        let today = ward.now.date_naive();
        let list = |store: &Store, worklist| {
            let filter = Filter {
                worklist,
                today: Some(today),
                ..Filter::default()
            };
            cost(|| drop(store.list(&filter, 20).unwrap()))
        };
        let mut n = from;
        [
            ("opening", cost(|| drop(ward.store()))),
            ("counters", cost(|| assert!(store.counts(today).is_ok()))),
            ("list", list(store, None)),
            ("returned", list(store, Some(NotificationList::Returned))),
            ("today", list(store, Some(NotificationList::Today))),
            ("search", cost(|| drop(store.search("рах зар", 20).unwrap()))),
            ("broad search", cost(|| drop(store.search("р", 20).unwrap()))),
            (
                "findings",
                cost(|| {
                    let around = store.findings(&birth(5), None, None, None, &ward.site());
                    drop(around.unwrap());
                }),
            ),
            (
                "signing",
                cost(|| {
                    n += 1;
                    ward.birth(store, n);
                }),
            ),
        ]
    };
    let few = measure(&mut store, 10);
    // Two years of a large hospital, long registered.
    ward.shell()
        .execute_batch(
            "PRAGMA synchronous = OFF; BEGIN;
             WITH RECURSIVE i (i) AS (SELECT 1000000 UNION ALL SELECT i + 1 FROM i WHERE i < 1099999)
             INSERT INTO notifications (first, nid, kind, own, status, waiting, rev, h, name, child, day,
               day_n, who, doc, signed_at, signed_on, signed_by, last_by, open, returned, no_cause,
               unnamed, to_attest)
             SELECT -i, 'n' || i, 'birth', 1, 'registered', 0, 1, 'h' || i, 'Раҳимова Зарина', '',
               date('2025-01-01', (i % 600) || ' days'),
               739251 + i % 600, 'рахимова ' || i, 'A' || i, '2025-01-01T00:00:00+05:00',
               date('2025-01-01', (i % 600) || ' days'), 'davlatova', 'davlatova', '[]', 0, 0, 0, 0 FROM i;
             INSERT INTO search (rowid, words)
             SELECT first, 'рахимова зарина рустам a' || first FROM notifications WHERE first < 0;
             COMMIT;",
        )
        .unwrap();
    assert!(store.totals().unwrap().iter().any(|(_, _, n)| *n >= 100_000));
    let many = measure(&mut store, 40);
    for ((what, few), (_, many)) in few.into_iter().zip(many) {
        // Generous: a scan of a hundred thousand rows would be hundreds of times slower.
        assert!(
            many < few * 6 + Duration::from_millis(4),
            "{what}: {few:?} became {many:?}"
        );
    }
}
