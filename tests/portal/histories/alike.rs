//! What a device makes of the receipts of a facility is what the registry counts of it, whatever happened.

use std::time::Duration;

use chrono::NaiveDate;
use ogoh::env::{Facility, PortalAt, Settings};
use ogoh::figures::{CountCell, Fact, Month, MonthTable, month_of};
use ogoh::portal;
use ogoh::seal::SecretKey;
use ogoh::ward::deliver::{Carrier, Timeouts};
use ogoh::ward::store::Store;

use super::Cast;
use crate::portal_support::{Ward, World};

/// Months around the events of these histories.
const MONTHS: [u32; 3] = [10, 11, 12];

/// Lets a device that signed nothing read everything that its facility was told, and compares the months.
pub fn counted_alike(cast: &Cast, story: &str) {
    for facility in &cast.facilities {
        read_by_another(&cast.world, &facility.ward, story);
    }
}

fn read_by_another(world: &World, ward: &Ward, story: &str) {
    let device = SecretKey::generate().unwrap();
    world.device_with(device.clone(), &ward.fac, &ward.doctor);
    let at = Facility {
        code: ward.fac.clone(),
        name: "Таваллудхона".into(),
        district: "TJ-DU-01".into(),
        office: "TJ-DU-01".into(),
    };
    let portal = PortalAt {
        url: world.url(""),
        root_key: world.root_x.clone(),
        ..PortalAt::default()
    };
    let settings = Settings::new(at, portal);
    // Whatever the new key made due is decided before anybody reads.
    let fac = Some(ward.fac.as_str());
    let tables = MONTHS.map(|month| {
        let (_, mut tables) = portal::quality(world.dir(), first(month), fac, world.clock.clone()).unwrap();
        tables.remove(0).month
    });
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("ogoh.db")).unwrap();
    let long = Duration::from_secs(40);
    let timeouts = Timeouts {
        connect: long,
        send: long,
        read: long,
        total: long,
    };
    let carrier = Carrier::with_timeouts(&settings, &device, world.clock.as_ref(), timeouts).unwrap();
    carrier.fetch_trust(&mut store).unwrap();
    while carrier.feed(&mut store, Duration::ZERO).unwrap() > 0 {}
    // Two entries at one place of a journal: a device keeps the one that it heard of first.
    let known = |nid: &str| store.notification(nid).is_ok();
    let (counted, lacking) = facts(world, &ward.fac, known);
    for (month, table) in MONTHS.into_iter().zip(tables) {
        let first = first(month);
        let of = store.of_month(first).unwrap();
        let both = [of.received, of.signed];
        let ours = MonthTable::of_ward(&ward.fac, month_of(first), both, of.not_kept, &settings.limits);
        let received = ours.received.unwrap();
        let facts = counted.iter().filter(|(at, _)| *at == month_of(first));
        let theirs = Month::of(&CountCell::of(facts.map(|(_, fact)| fact), &settings.limits));
        assert_eq!(received.month, theirs, "{} {month} {story}", ward.fac);
        assert!(lacking > 0 || theirs == table, "{} {month} {story}", ward.fac);
        assert_eq!(ours.month, received.month, "it has nothing that is not received");
    }
}

/// What the registry counts of a facility's notifications that the device has, by month, and how many it lacks.
fn facts(world: &World, fac: &str, known: impl Fn(&str) -> bool) -> (Vec<(i32, Fact)>, usize) {
    let book = rusqlite::Connection::open(world.dir().join("portal.db")).unwrap();
    let sql = "SELECT f.nid, f.month, f.body, n.status FROM fact f JOIN notification n USING (nid) WHERE n.fac = ?1";
    let mut find = book.prepare(sql).unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let rows = find.query_map([fac], read).unwrap();
    let (mut out, mut lacking) = (Vec::new(), 0);
    for row in rows {
        let (nid, month, body, status): (String, i32, String, String) = row.unwrap();
        match known(&nid) {
            true => out.push((month, serde_json::from_str(&body).unwrap())),
            false => {
                assert_eq!(status, "held", "{nid}");
                lacking += 1;
            }
        }
    }
    (out, lacking)
}

fn first(month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, 1).unwrap()
}
