//! Signs of life of a device whose clock is wrong.

use crate::deliver_support::fake::{Fake, Say};
use crate::deliver_support::{registry, root_key};
use crate::support::delivering::{Ward, at};
use ogoh::seal::{Jws, Typ};
use ogoh::wire::{ProblemCode, ProblemDetails, path};

#[test]
fn a_device_with_a_wrong_clock_shows_that_it_lives_by_the_portals_time() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let portal_time = at("2027-03-01T09:00:00+00:00");
    let fake = Fake::start(move |r| {
        let beat = Jws::parse(&r.jws()[0], Typ::Heartbeat).unwrap();
        let sent = at(beat.payload()["at"].as_str().unwrap());
        let about_now = (sent - portal_time).num_minutes().abs() < 5;
        let date = [("date", "Mon, 01 Mar 2027 09:00:00 GMT")];
        match about_now {
            true => Say::answer(204, &date, ""),
            false => Say::answer(401, &date, ProblemDetails::new(ProblemCode::Clock).to_json()),
        }
    });
    ward.settings.portal.url = fake.url();
    let carrier = ward.carrier();
    carrier.heartbeat(&mut store).unwrap();
    let before = fake.asked_at(path::HEARTBEATS).len();
    carrier.heartbeat(&mut store).unwrap();
    assert_eq!(
        fake.asked_at(path::HEARTBEATS).len(),
        before + 1,
        "known from then on"
    );
}
