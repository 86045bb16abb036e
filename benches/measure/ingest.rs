//! What a portal takes in a second: verify, match, register, store durably, sign a receipt, over
//! loopback HTTP, in batches of a hundred on four connections; against the bare database that keeps
//! the same texts.

use std::time::{Duration, Instant};

use chrono::Days;
use ogoh::form::body::to_json;
use ogoh::portal::PortalSettings;
use ogoh::seal::Status;
use rusqlite::Connection;

use crate::harness::{Bench, timed};
use crate::portal_support::{Signed, Ward, World, postgres, receipt_of};
use crate::sample::{Dice, birth, now};

/// Facilities that deliver at once.
const FACILITIES: usize = 4;
const BATCH: usize = 100;

/// Measures both databases.
pub fn measure(bench: &mut Bench) {
    let (pairs, count) = bench.choose((2, 400), (8, 2000));
    let sqlite = PortalSettings::default();
    run(bench, "SQLite", sqlite, &mut bare_sqlite(), pairs, count);
    match postgres::database("fsync=on") {
        None => println!("ingest  PostgreSQL: left out, there is none"),
        Some(database) => {
            let mut bare = bare_postgres(&postgres::database("fsync=on").unwrap());
            let settings = PortalSettings {
                database,
                ..PortalSettings::default()
            };
            run(bench, "PostgreSQL", settings, &mut bare, pairs, count);
        }
    }
}

type Bare = Box<dyn FnMut(&[Vec<Signed>])>;

fn run(bench: &mut Bench, name: &str, settings: PortalSettings, bare: &mut Bare, pairs: usize, count: usize) {
    let world = World::on(settings, now());
    let mut wards: Vec<Ward> = (0..FACILITIES)
        .map(|i| world.ward(&format!("TJ-DU-02-H{i:02}")))
        .collect();
    let mut dice = Dice(2026);
    for ward in &mut wards {
        let open = ward.open();
        ward.deliver(&world, &[&open]);
    }
    // Signed beforehand: that is the wards' work.
    let mut rounds: Vec<Vec<Vec<Signed>>> = (0..pairs + 2)
        .map(|_| {
            wards
                .iter_mut()
                .map(|ward| sign(ward, &mut dice, count / FACILITIES))
                .collect()
        })
        .collect();
    // In the order of their journals, as wards deliver.
    let round = rounds.remove(0);
    deliver(&world, &wards, &round, true);
    let again = rounds.clone();
    let mut queue = rounds.into_iter();
    let mut same = again.into_iter();
    let began = Instant::now();
    let ours = || -> Vec<Duration> {
        let round = queue.next().unwrap();
        vec![timed(|| deliver(&world, &wards, &round, false)).0]
    };
    let limit = || -> Vec<Duration> {
        let round = same.next().unwrap();
        vec![timed(|| bare(&round)).0]
    };
    bench.pairs(
        &format!("{name}: take in {count}, match, register, sign / keep the same texts"),
        pairs,
        4.0,
        80.0,
        limit,
        ours,
    );
    let total = pairs * count;
    println!(
        "  {total} in {:.1} s with the limit's share; see the median above for ours",
        began.elapsed().as_secs_f64()
    );
}

fn sign(ward: &mut Ward, dice: &mut Dice, count: usize) -> Vec<Signed> {
    let today = now().date_naive();
    (0..count)
        .map(|_| {
            let day = today - Days::new(1 + dice.below(20));
            ward.birth(to_json(&birth(dice, day, false)))
        })
        .collect()
}

/// Every ward on a connection of its own.
fn deliver(world: &World, wards: &[Ward], round: &[Vec<Signed>], look: bool) {
    std::thread::scope(|scope| {
        for (ward, entries) in wards.iter().zip(round) {
            scope.spawn(move || {
                let trust = look.then(|| world.trust());
                for batch in entries.chunks(BATCH) {
                    let answers = ward.push(&batch.iter().collect::<Vec<_>>());
                    let receipts = trust
                        .iter()
                        .flat_map(|t| answers.iter().map(|a| receipt_of(a, t)));
                    let found: Vec<Status> = receipts.map(|r| r.status).collect();
                    let good = found.iter().filter(|s| **s == Status::Registered).count();
                    // A few resemble each other by chance, as in a country.
                    assert!(good * 10 >= found.len() * 9, "{found:?}");
                }
            });
        }
    });
}

fn bare_sqlite() -> Bare {
    let folder = tempfile::tempdir().unwrap();
    let mut db = Connection::open(folder.path().join("bare.db")).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE line (n INTEGER PRIMARY KEY, jws TEXT NOT NULL) STRICT;",
    )
    .unwrap();
    Box::new(move |round| {
        let _folder = &folder;
        for batch in round.iter().flat_map(|entries| entries.chunks(BATCH)) {
            let tx = db.transaction().unwrap();
            for signed in batch {
                for _ in 0..2 {
                    tx.execute("INSERT INTO line (jws) VALUES (?1)", [&signed.jws])
                        .unwrap();
                }
            }
            tx.commit().unwrap();
        }
    })
}

fn bare_postgres(address: &str) -> Bare {
    let mut client = ::postgres::Client::connect(address, ::postgres::NoTls).unwrap();
    client
        .batch_execute(
            "CREATE TABLE line (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, jws TEXT NOT NULL)",
        )
        .unwrap();
    Box::new(move |round| {
        for batch in round.iter().flat_map(|entries| entries.chunks(BATCH)) {
            let texts: Vec<&str> = batch.iter().flat_map(|s| [s.jws.as_str(); 2]).collect();
            let mut tx = client.transaction().unwrap();
            tx.execute("INSERT INTO line (jws) SELECT unnest($1::text[])", &[&texts])
                .unwrap();
            tx.commit().unwrap();
        }
    })
}
