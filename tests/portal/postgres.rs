//! What the portal does, with its book in PostgreSQL: the same tests as in `sqlite`, on a server that this
//! program starts itself on a spare loopback port.

use crate::portal_support::Database;

/// Where every portal of this suite keeps its book.
const BOOK: Database = Database::Postgres;

#[path = "suite/mod.rs"]
mod suite;

/// The lock that everybody shares who has the book open: "ogoQ".
const OPEN: i64 = 0x6f67_6f51;

#[test]
fn whoever_opens_a_book_waits_for_a_session_that_is_just_ending() {
    let Some(database) = crate::portal_support::postgres::database("fsync=off") else {
        return;
    };
    let connect = || ::postgres::Client::connect(&database, ::postgres::NoTls).unwrap();
    let settings = ogoh::portal::PortalSettings {
        database: database.clone(),
        ..Default::default()
    };
    let now = chrono::DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
    let mut world = crate::portal_support::World::on(settings, now);
    world.portal = None;
    let (mut ending, mut watching) = (connect(), connect());
    // As soon as the server has closed the portal's own.
    ending.execute("SELECT pg_advisory_lock($1)", &[&OPEN]).unwrap();
    let ended = std::thread::spawn(move || {
        let waits = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)";
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        let mut asked = false;
        while !asked && std::time::Instant::now() < end {
            asked = watching.query_one(waits, &[]).unwrap().get(0);
        }
        drop(ending);
        asked
    });
    ogoh::portal::trust_lists(world.dir()).unwrap();
    assert!(ended.join().unwrap(), "nobody waited");
}
