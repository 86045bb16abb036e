//! What a portal takes in a second: verify, match, register, store durably, sign a receipt, over
//! loopback HTTP, in batches of a hundred on four connections; against the sum of the bare parts, done one after
//! the other on one connection: strict verification, eight look-ups by an index, two rows for each notification
//! stored durably in one batch, one signature.
//!
//! Two populations: a country of a size and variety as Tajikistan's, whose book holds events already; and the
//! stress, births of twenty days in one district whose mothers bear two dozen surnames.

use std::time::Duration;

use chrono::Days;
use ed25519_dalek::{Signer, SigningKey};
use ogoh::form::body::to_json;
use ogoh::portal::{self, InventedBirths, PortalSettings, SimulationPlan};
use ogoh::seal::Status;
use rusqlite::Connection;
use serde_json::Value;

use crate::harness::{Bench, median, timed};
use crate::portal_support::{Signed, Ward, World, postgres, receipt_of};
use crate::sample::{Dice, birth, now};

/// Facilities that deliver at once.
const FACILITIES: usize = 4;
const BATCH: usize = 100;
/// Look-ups of the bare parts for each notification.
const LOOK_UPS: usize = 8;

/// Measures both databases under both populations.
pub fn measure(bench: &mut Bench) {
    let (pairs, count) = bench.choose((2, 400), (8, 2000));
    let held = bench.choose(500, 100_000);
    for country in [Some(held), None] {
        run(
            bench,
            "SQLite",
            PortalSettings::default(),
            &mut bare_sqlite(),
            (pairs, count),
            country,
        );
        match postgres::database("fsync=on") {
            None => println!("ingest  PostgreSQL: left out, there is none"),
            Some(database) => {
                let mut bare = bare_postgres(&postgres::database("fsync=on").unwrap());
                let settings = PortalSettings {
                    database,
                    ..PortalSettings::default()
                };
                run(bench, "PostgreSQL", settings, &mut bare, (pairs, count), country);
            }
        }
    }
}

type Bare = Box<dyn FnMut(&[Vec<Signed>])>;

/// Births as they come, one after the other.
fn births(country: bool) -> Box<dyn FnMut() -> Value> {
    let today = now().date_naive();
    let mut dice = Dice(2026);
    let mut invented = InventedBirths::new(2026);
    Box::new(move || {
        let day = today - Days::new(1 + dice.below(20));
        match country {
            true => invented.on(day, *now().offset()),
            false => to_json(&birth(&mut dice, day, false)),
        }
    })
}

fn run(
    bench: &mut Bench,
    name: &str,
    settings: PortalSettings,
    bare: &mut Bare,
    (pairs, count): (usize, usize),
    held: Option<u64>,
) {
    let mut world = World::on(settings, now());
    if let Some(events) = held {
        // A year's events: the book is as long as that, and as dense as the country is.
        let plan = SimulationPlan {
            events,
            days: u32::try_from(1 + events / 780).unwrap(),
            seed: 1,
            twice: 0,
        };
        world.portal = None;
        portal::simulate(world.dir(), &plan, now(), &mut |_| {}).unwrap();
        world.start();
    }
    let mut wards: Vec<Ward> = (0..FACILITIES)
        .map(|i| world.ward(&format!("TJ-DU-02-H{i:02}")))
        .collect();
    let mut next = births(held.is_some());
    for ward in &mut wards {
        let open = ward.open();
        ward.deliver(&world, &[&open]);
    }
    // Signed beforehand: that is the wards' work.
    let mut rounds: Vec<Vec<Vec<Signed>>> = (0..pairs + 2)
        .map(|_| {
            let each = |ward: &mut Ward| (0..count / FACILITIES).map(|_| ward.birth(next())).collect();
            wards.iter_mut().map(each).collect()
        })
        .collect();
    // In the order of their journals, as wards deliver.
    let round = rounds.remove(0);
    deliver(&world, &wards, &round, true);
    let again = rounds.clone();
    let mut queue = rounds.into_iter();
    let mut same = again.into_iter();
    let mut mine = Vec::new();
    let ours = || -> Vec<Duration> {
        let round = queue.next().unwrap();
        let took = timed(|| deliver(&world, &wards, &round, false)).0;
        mine.push(took);
        vec![took]
    };
    let limit = || -> Vec<Duration> {
        let round = same.next().unwrap();
        vec![timed(|| bare(&round)).0]
    };
    let what = match held {
        Some(held) => format!("{name}, a country's book of {held}"),
        None => format!("{name}, the stress"),
    };
    let title = format!("{what}: take in {count}, match, register, sign / the bare parts");
    bench.pairs(&title, pairs, 4.0, 80.0, limit, ours);
    let a_second = f64::from(u32::try_from(count).unwrap()) / median(&mine).as_secs_f64();
    println!("  {a_second:.0} notifications a second");
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

/// Verifies as strictly as a portal does, and signs once, for each notification.
fn verified_and_signed(batch: &[Signed], key: &SigningKey) {
    for signed in batch {
        let signature = key.sign(signed.jws.as_bytes());
        let verified = key
            .verifying_key()
            .verify_strict(signed.jws.as_bytes(), &signature);
        assert!(verified.is_ok());
    }
}

fn bare_sqlite() -> Bare {
    let folder = tempfile::tempdir().unwrap();
    let mut db = Connection::open(folder.path().join("bare.db")).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE line (n INTEGER PRIMARY KEY, h TEXT NOT NULL, jws TEXT NOT NULL) STRICT;
         CREATE INDEX line_h ON line (h);",
    )
    .unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    Box::new(move |round| {
        let _folder = &folder;
        for batch in round.iter().flat_map(|entries| entries.chunks(BATCH)) {
            verified_and_signed(batch, &key);
            let tx = db.transaction().unwrap();
            {
                let mut look = tx.prepare_cached("SELECT n FROM line WHERE h = ?1").unwrap();
                let mut add = tx
                    .prepare_cached("INSERT INTO line (h, jws) VALUES (?1, ?2)")
                    .unwrap();
                for signed in batch {
                    for part in 0..LOOK_UPS {
                        look.exists([&signed.h[part..]]).unwrap();
                    }
                    for _ in 0..2 {
                        add.execute([&signed.h, &signed.jws]).unwrap();
                    }
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
            "CREATE TABLE line (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, h TEXT NOT NULL, jws TEXT NOT NULL);
             CREATE INDEX line_h ON line (h);",
        )
        .unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    Box::new(move |round| {
        for batch in round.iter().flat_map(|entries| entries.chunks(BATCH)) {
            verified_and_signed(batch, &key);
            let texts: Vec<&str> = batch.iter().flat_map(|s| [s.jws.as_str(); 2]).collect();
            let hashes: Vec<&str> = batch.iter().flat_map(|s| [s.h.as_str(); 2]).collect();
            let wanted: Vec<&str> = (0..LOOK_UPS)
                .flat_map(|part| batch.iter().map(move |s| &s.h[part..]))
                .collect();
            let mut tx = client.transaction().unwrap();
            tx.query("SELECT n FROM line WHERE h = ANY($1::text[])", &[&wanted])
                .unwrap();
            tx.execute(
                "INSERT INTO line (h, jws) SELECT * FROM unnest($1::text[], $2::text[])",
                &[&hashes, &texts],
            )
            .unwrap();
            tx.commit().unwrap();
        }
    })
}
