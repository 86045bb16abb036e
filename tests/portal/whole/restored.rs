//! After a restore on either side: nothing is lost, nothing is registered twice.

use std::time::Duration;

use crate::country::Country;
use crate::support::copied;
use crate::support::delivering::{REGISTERED, standing};
use ogoh::ward::deliver::Reconciled;

#[test]
fn a_portal_restored_from_an_old_copy_gets_entries_and_its_own_receipts_again() {
    let mut country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    ward.record(&mut store, 2);
    ward.push(&mut store);
    country.stop();
    let copy = country.dir.path().join("copy");
    copied(&country.portal_dir(), &copy);
    country.start();
    ward.settings.portal.url = country.url();
    let lost = ward.record(&mut store, 3);
    ward.push(&mut store);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    let before: Vec<_> = store.list(&Default::default(), 10).unwrap();
    assert_eq!(country.status("registered"), 5);

    country.stop();
    std::fs::remove_dir_all(country.portal_dir()).unwrap();
    copied(&copy, &country.portal_dir());
    country.start();
    ward.settings.portal.url = country.url();
    assert_eq!(country.status("registered"), 2);

    let reconciled = ward.carrier().reconcile(&mut store).unwrap();
    assert_eq!(
        reconciled,
        Reconciled {
            fetched: 0,
            returned: 3
        }
    );
    assert_eq!(country.status("registered"), 5);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(
        store.list(&Default::default(), 10).unwrap(),
        before,
        "same numbers, same statuses"
    );
    assert_eq!(
        ward.carrier().reconcile(&mut store).unwrap(),
        Reconciled::default()
    );

    // Life goes on: the next one is registered with a number of its own.
    let next = ward.record(&mut store, 1);
    ward.push(&mut store);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(standing(&store, &next[0].nid), REGISTERED);
    let rows = store.list(&Default::default(), 10).unwrap();
    let numbers: std::collections::HashSet<_> = rows.iter().filter_map(|r| r.reg_no.clone()).collect();
    assert_eq!(numbers.len(), 6);
    assert!(lost.iter().all(|l| standing(&store, &l.nid) == REGISTERED));
}

#[test]
fn a_ward_restored_from_an_old_copy_gets_its_entries_back_and_signs_in_a_new_journal() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    ward.record(&mut store, 1);
    ward.push(&mut store);
    let journal = store.journals().unwrap()[0].jid.clone();
    drop(store);
    let old = ward.dir.path().join("old.db");
    std::fs::copy(ward.paths.database(), &old).unwrap();
    let mut store = ward.store();
    let lost = ward.record(&mut store, 2);
    ward.push(&mut store);
    drop(store);

    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", ward.paths.database().display()));
    }
    std::fs::copy(&old, ward.paths.database()).unwrap();
    let mut store = ward.store();
    assert_eq!(store.list(&Default::default(), 10).unwrap().len(), 1);
    // A birth that is signed before the restore was noticed stands at a place that is taken.
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    let left = store
        .journals()
        .unwrap()
        .into_iter()
        .find(|j| j.jid == journal)
        .unwrap();
    assert_eq!(left.left_for.as_deref(), Some("behind"));
    assert_eq!(
        ward.carrier().reconcile(&mut store).unwrap(),
        Reconciled {
            fetched: 2,
            returned: 0
        }
    );
    for l in &lost {
        assert_eq!(standing(&store, &l.nid), REGISTERED);
    }
    let next = ward.record(&mut store, 1);
    assert_ne!(next[0].jid, journal);
    ward.push(&mut store);
    assert_eq!(standing(&store, &next[0].nid), REGISTERED);
    assert_eq!(country.status("registered"), 4);
    assert_eq!(
        ward.carrier().reconcile(&mut store).unwrap(),
        Reconciled::default()
    );
}

#[test]
fn a_ward_that_signed_on_an_old_copy_before_anybody_noticed_loses_nothing() {
    let country = Country::new();
    let mut ward = country.ward(10);
    let mut store = ward.store();
    ward.record(&mut store, 1);
    ward.push(&mut store);
    drop(store);
    let old = ward.dir.path().join("old.db");
    std::fs::copy(ward.paths.database(), &old).unwrap();
    let mut store = ward.store();
    let first = ward.record(&mut store, 1);
    ward.push(&mut store);
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", ward.paths.database().display()));
    }
    std::fs::copy(&old, ward.paths.database()).unwrap();
    let mut store = ward.store();
    // Two entries now claim one place: both are kept, the registry looks at them, recording goes on.
    let second = ward.record(&mut store, 1);
    ward.push(&mut store);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert!(store.pending().unwrap().is_empty());
    assert_ne!(
        standing(&store, &second[0].nid),
        ogoh::ward::store::EntryStatus::Signed
    );
    let next = ward.record(&mut store, 1);
    assert_ne!(next[0].jid, second[0].jid);
    ward.push(&mut store);
    assert_eq!(standing(&store, &next[0].nid), REGISTERED);
    assert!(country.status("registered") >= 2 && first[0].nid != second[0].nid);
}

#[test]
fn another_device_of_the_facility_gives_back_what_a_dead_one_wrote() {
    let mut country = Country::new();
    let (mut gone, mut ward) = (country.ward(10), country.ward(40));
    let (mut theirs, mut store) = (gone.store(), ward.store());
    ward.record(&mut store, 1);
    ward.push(&mut store);
    country.stop();
    let copy = country.dir.path().join("copy");
    copied(&country.portal_dir(), &copy);
    country.start();
    (gone.settings.portal.url, ward.settings.portal.url) = (country.url(), country.url());
    let written = gone.record(&mut theirs, 3);
    gone.push(&mut theirs);
    drop(gone);
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    country.stop();
    std::fs::remove_dir_all(country.portal_dir()).unwrap();
    copied(&copy, &country.portal_dir());
    country.start();
    ward.settings.portal.url = country.url();
    assert_eq!(country.status("registered"), 1);
    let report = ward.push(&mut store);
    assert_eq!(report.given_back, 0, "nothing went, so nothing was asked");
    ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
    assert_eq!(country.status("registered"), 4);
    for one in &written {
        assert_eq!(standing(&store, &one.nid), REGISTERED);
    }
}

#[test]
fn a_device_whose_key_only_a_lost_trust_list_names_brings_that_list_itself() {
    let mut country = Country::new();
    let mut ward = country.ward(10);
    country.stop();
    let copy = country.dir.path().join("copy");
    copied(&country.portal_dir(), &copy);
    country.start();
    ward.settings.portal.url = country.url();
    ward.device = ogoh::seal::SecretKey::from_seed(&[99; 32]);
    country.enrol_device(&ward);
    let mut store = ward.store();
    ward.carrier().fetch_trust(&mut store).unwrap();
    country.stop();
    std::fs::remove_dir_all(country.portal_dir()).unwrap();
    copied(&copy, &country.portal_dir());
    country.start();
    ward.settings.portal.url = country.url();
    ward.record(&mut store, 1);
    let report = ward.push(&mut store);
    assert_eq!(
        (report.left, report.error.is_none()),
        (0, true),
        "{:?}",
        report.error
    );
    // Nobody else can: what proves the key is the list, and what proves the device is its key.
    ward.device = ogoh::seal::SecretKey::from_seed(&[98; 32]);
    ward.record(&mut store, 1);
    assert!(ward.push(&mut store).error.is_some());
}
