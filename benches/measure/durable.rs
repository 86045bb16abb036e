//! One notification signed and durable, against a bare one-row commit of the same bytes.

use std::time::Duration;

use rusqlite::Connection;

use crate::harness::{Bench, timed};
use crate::sample::{Dice, Ward};

/// Rules, signature, journal, outbox, projections and search index, in one commit; the limit is
/// SQLite with the same durability and one column.
pub fn measure(bench: &mut Bench) {
    let folder = tempfile::tempdir().unwrap();
    let ward = Ward::new(folder.path());
    let mut store = ward.store();
    let mut dice = Dice(1);
    let first = ward.passable(&store, &mut dice, 1);
    let recorded = store.record(first, &ward.signer(), &ward.site()).unwrap();
    let bytes = store.entry_text(&recorded.id).unwrap();

    let bare = Connection::open(folder.path().join("bare.db")).unwrap();
    bare.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE entry (n INTEGER PRIMARY KEY, jws TEXT NOT NULL) STRICT;",
    )
    .unwrap();

    let (pairs, block) = bench.choose((20, 20), (60, 100));
    let mut insert = bare.prepare("INSERT INTO entry (jws) VALUES (?1)").unwrap();
    let limit = || -> Vec<Duration> {
        (0..block)
            .map(|_| timed(|| insert.execute([&bytes]).unwrap()).0)
            .collect()
    };
    let mut signed = 1;
    let ours = || -> Vec<Duration> {
        (0..block)
            .map(|_| {
                // Days with as many births as a large hospital has: each is compared with those of
                // the days around it.
                let day = 1 + dice.below(360);
                let statement = ward.passable(&store, &mut dice, day);
                signed += 1;
                timed(|| store.record(statement, &ward.signer(), &ward.site()).unwrap()).0
            })
            .collect()
    };
    println!("an entry is {} bytes", bytes.len());
    bench.pairs(
        "sign and store a notification / commit one row",
        pairs,
        1.5,
        25.0,
        limit,
        ours,
    );
    // And the entry that opened the journal.
    assert_eq!(store.queue().unwrap().unsent, signed + 1);
}
