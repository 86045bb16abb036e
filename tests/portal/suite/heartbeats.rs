//! Signs of life: only a new one, of about now, shows that a device lives.

use chrono::Duration;
use ogoh::wire::{self, ProblemDetails};

use super::world;
use crate::portal_support::*;

fn send(world: &World, beat: &str) -> u16 {
    post(&world.url(wire::path::HEARTBEATS), None, beat).0
}

/// For how many seconds the only device has been silent.
fn silent(world: &World) -> i64 {
    let (_, metrics) = get(&world.url(wire::path::METRICS), None);
    let line = metrics
        .lines()
        .find(|l| l.starts_with("ogoh_portal_device_silent_seconds{"));
    line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_beat_that_is_sent_again_makes_no_silent_device_look_alive() {
    let world = world();
    let ward = world.ward(FAC);
    let first = beat(&ward, 1);
    assert_eq!(send(&world, &first), 204);
    world.clock.advance(Duration::minutes(1));
    let second = beat(&ward, 2);
    assert_eq!(send(&world, &second), 204);
    // Within the clock's tolerance, by whoever copied it; the device itself may ask twice, too.
    world.clock.advance(Duration::minutes(3));
    for copied in [&first, &second] {
        assert_eq!(send(&world, copied), 204);
        assert_eq!(silent(&world), 180);
    }
    // And long after.
    world.clock.advance(Duration::days(2));
    assert_eq!(send(&world, &second), 401);
    assert_eq!(silent(&world), 2 * 86_400 + 180);
    assert_eq!(send(&world, &beat(&ward, 0)), 204);
    assert_eq!(silent(&world), 0);
}

#[test]
fn a_portal_whose_clock_ran_ahead_hears_the_device_again_once_it_is_right() {
    let world = world();
    let ward = world.ward(FAC);
    world.clock.advance(Duration::days(400));
    assert_eq!(send(&world, &beat(&ward, 1)), 204);
    world.clock.advance(-Duration::days(400));
    assert_eq!(send(&world, &beat(&ward, 1)), 204);
    world.clock.advance(Duration::minutes(1));
    assert_eq!(silent(&world), 60);
}

#[test]
fn a_beat_by_a_wrong_clock_is_refused_as_such_and_takes_no_later_ones_place() {
    let world = world();
    let ward = world.ward(FAC);
    assert_eq!(send(&world, &beat(&ward, 1)), 204);
    world.clock.advance(Duration::minutes(10));
    let now = world.now();
    for wrong in [
        now - Duration::days(2_000),
        now - Duration::minutes(6),
        now + Duration::minutes(6),
    ] {
        let beat = beat_at(&ward, 9, wrong);
        let (status, body) = post(&world.url(wire::path::HEARTBEATS), None, beat);
        let problem: ProblemDetails = serde_json::from_str(&body).unwrap();
        assert_eq!((status, problem.code.as_str()), (401, "clock"));
        assert_eq!(silent(&world), 600);
    }
    // A clock that runs ahead within the tolerance, and is set right, is silent no longer than that.
    assert_eq!(send(&world, &beat_at(&ward, 2, now + Duration::minutes(4))), 204);
    assert_eq!(silent(&world), 0);
    world.clock.advance(Duration::minutes(5));
    assert_eq!(send(&world, &beat(&ward, 2)), 204);
    assert_eq!(silent(&world), 0);
}
