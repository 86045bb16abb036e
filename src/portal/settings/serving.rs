//! How many clients a portal serves at once, and how slow they may be.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Connections, and the patience with those that are slow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Serving {
    /// Connections at once; fewer where the system lets the portal open fewer files.
    pub connections: usize,
    /// Connections at once from one address (of IPv6: from one network of 64 bits). A whole town may
    /// share the address of its operator.
    pub connections_per_source: usize,
    /// Seconds for which a body may not arrive, or an answer not be taken, before the least rate counts.
    pub patience_seconds: u32,
    /// Bytes a second, at least, of a body that arrives and of an answer that is taken.
    pub least_rate: u32,
    /// People who may wait at once, at one address, for their passphrase to be tried.
    pub sign_ins_per_source: usize,
    /// Addresses of proxies. Whoever asks through one is known by the last address of
    /// `X-Forwarded-For`, and its own connections are not counted by address.
    pub proxies: Vec<IpAddr>,
}

impl Default for Serving {
    fn default() -> Self {
        Serving {
            connections: 4096,
            connections_per_source: 256,
            patience_seconds: 30,
            least_rate: 512,
            sign_ins_per_source: 8,
            proxies: Vec::new(),
        }
    }
}
