//! The registry's word on keys reaches the ward with whatever it asks the portal.

use std::time::Duration;

use crate::country::Country;
use ogoh::ward::store::Store;

#[test]
fn every_push_brings_the_newest_trust_list() {
    let country = Country::new();
    let ward = country.ward(11);
    let mut store = ward.store();
    let push = |store: &mut Store| {
        ogoh::ward::deliver::push(store, &ward.paths, &ward.settings, &ward.device, &ward.clock).unwrap()
    };
    push(&mut store);
    let before = store.trust_lists().unwrap().len();
    // Nothing to send: the contact alone brings it.
    country.enrol_device(&country.unknown_ward(40));
    let report = push(&mut store);
    assert_eq!(store.trust_lists().unwrap().len(), before + 1);
    assert!(report.trust && report.is_news(), "{report:?}");
    ogoh::portal::revoke(
        &country.portal_dir(),
        ward.doctor.key.public().kid(),
        &country.clock,
    )
    .unwrap();
    push(&mut store);
    assert_eq!(store.trust_lists().unwrap().len(), before + 2);
    assert!(!push(&mut store).trust);
}

#[test]
fn a_waiting_pusher_hears_of_a_newer_trust_list_at_once() {
    let country = Country::new();
    let ward = country.ward(11);
    let store = ward.store();
    let push_handle = ogoh::ward::deliver::PushHandle::new();
    let (told, heard) = std::sync::mpsc::channel();
    let (paths, settings, device, clock, bell) = (
        ward.paths.clone(),
        ward.settings.clone(),
        ward.device.clone(),
        ward.clock.clone(),
        push_handle.clone(),
    );
    let pusher = std::thread::spawn(move || {
        ogoh::ward::deliver::watch(&paths, &settings, &device, &clock, &bell, |r| {
            let _ = told.send(r.trust);
        })
    });
    let within = Duration::from_secs(60);
    let newer = || while !heard.recv_timeout(within).unwrap() {};
    newer();
    let before = store.trust_lists().unwrap().len();
    for n in 1..3 {
        country.enrol_device(&country.unknown_ward(40 * n));
        newer();
        assert_eq!(store.trust_lists().unwrap().len(), before + usize::from(n));
    }
    push_handle.stop();
    pusher.join().unwrap().unwrap();
}
