//! What happens in the invented country on a day.

use chrono::NaiveDate;
use serde_json::Value;

use super::birth::{Birth, born};
use super::death::died;
use super::population::District;
use super::rng::SimulationRng;
use crate::vital::Kind;

/// An event that happened.
pub(super) struct SimulatedEvent {
    pub kind: Kind,
    pub body: Value,
    /// Minute of the day.
    pub minute: u64,
}

/// Something happens to somebody of a district and is notified by a facility: with each the day on which it was.
pub(super) fn event(
    rng: &mut SimulationRng,
    kind: Kind,
    day: NaiveDate,
    home: &District,
    facility: &str,
) -> Vec<(NaiveDate, SimulatedEvent)> {
    if kind == Kind::Death {
        let (birth, death) = died(rng, day, home, facility);
        return birth.into_iter().chain([(day, death)]).collect();
    }
    let at_home = kind == Kind::Birth && rng.percent(home.region.at_home());
    let of = Birth {
        day,
        home,
        facility,
        kind,
        at_home,
    };
    vec![(day, born(rng, &of))]
}
