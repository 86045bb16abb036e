//! How much strangers may have waiting, and how fast they may guess: the table `[quotas]` of `portal.toml`.
//! Every default is an assumption until practice says.

use serde::{Deserialize, Serialize};

/// Quotas of devices and of sources; a source is the address from which a connection comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// Entries of one device that may be held at once under keys that nobody believes; it asks again later
    /// with more.
    pub entries_unknown_key: u32,
    /// Requests to enrol that nobody vouches for, and that may wait at once from one source.
    pub enrolments_per_source: u32,
    /// The same from everywhere; beyond it the oldest of the source that has most gives way.
    pub enrolments_waiting: u32,
    /// Days after which a request to enrol is dropped that nobody vouched for; who made it may ask again.
    pub enrolment_days: u32,
    /// Wrong tries at one account, from wherever, after which a source that never signed in there waits.
    pub sign_in_guesses: u32,
    /// Seconds that it waits then, before its first try and between tries.
    pub sign_in_pause_seconds: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas {
            entries_unknown_key: 300,
            enrolments_per_source: 100,
            enrolments_waiting: 1000,
            enrolment_days: 30,
            sign_in_guesses: 10,
            sign_in_pause_seconds: 30,
        }
    }
}
