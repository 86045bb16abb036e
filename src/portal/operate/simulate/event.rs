//! An event of the invented country.

use serde_json::Value;

use crate::vital::Kind;

/// An event that happened.
pub(super) struct SimulatedEvent {
    pub kind: Kind,
    pub body: Value,
    /// Minute of the day.
    pub minute: u64,
}
