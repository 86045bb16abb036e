//! How much strangers may have waiting, and how fast they may guess: the table `[quotas]` of `portal.toml`.
//! Every default is an assumption until practice says.

use serde::{Deserialize, Serialize};

/// Quotas of devices and of sources; a source is the address from which a connection comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// Wrong tries at one account, from wherever, after which a source that never signed in there waits.
    pub sign_in_guesses: u32,
    /// Seconds that it waits then, before its first try and between tries.
    pub sign_in_pause_seconds: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas {
            sign_in_guesses: 10,
            sign_in_pause_seconds: 30,
        }
    }
}
