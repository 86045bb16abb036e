//! What a ward's device can say about itself: indicators, OpenMetrics text, the state for a
//! monitoring plugin. Values in, text out.
//!
//! Deliberately absent: the store (whoever asks brings the numbers), and names of people,
//! identifiers of notifications or free text: nothing here may tell who was born or died.

mod check;
mod metrics;

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

pub use check::{CheckResult, Level, Thresholds, check};
pub use metrics::open_metrics;

use crate::env::ClockTrust;
use crate::vital::Kind;

/// The state of a ward's device at one moment. Counts and times, nothing about anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WardStatus {
    /// When it was looked at, by this device's clock.
    pub at: DateTime<FixedOffset>,
    /// Code of the facility.
    pub facility: String,
    /// Version of the program.
    pub app: String,
    /// How far the clock may be believed.
    pub clk: ClockTrust,
    /// Portal's time minus ours at its last answer, in seconds.
    pub clock_offset: Option<i64>,
    /// Unfinished drafts.
    pub drafts: u64,
    /// Notifications by kind and status code (`signed`, `received` … `voided`).
    pub notifications: BTreeMap<(Kind, &'static str), u64>,
    /// Entries that have no receipt, put aside ones included.
    pub unsent: u64,
    /// Entries among them that the portal could not take and that wait for a person.
    pub put_aside: u64,
    /// When the oldest entry without a receipt was signed, by the clock of then.
    pub oldest_unsent: Option<DateTime<FixedOffset>>,
    /// Entries signed on this device, ever.
    pub signed: u64,
    /// Receipts stored on this device, ever.
    pub receipts: u64,
    /// Portal's time of the newest receipt.
    pub last_receipt: Option<DateTime<FixedOffset>>,
    /// When the portal last answered with something that proved to be from it.
    pub last_contact: Option<DateTime<FixedOffset>>,
    /// Whether the journal verified when it was last looked at; none if it was not.
    pub journal_verified: Option<bool>,
    /// Entries that were signed on this device and are not in its database.
    pub lost: u64,
    /// Number of the trust list in force.
    pub trust: Option<u64>,
}

impl WardStatus {
    /// A device nothing is known of but the time.
    pub fn new(facility: impl Into<String>, at: DateTime<FixedOffset>) -> WardStatus {
        WardStatus {
            at,
            facility: facility.into(),
            app: env!("CARGO_PKG_VERSION").to_owned(),
            clk: ClockTrust::Unsynced,
            clock_offset: None,
            drafts: 0,
            notifications: BTreeMap::new(),
            unsent: 0,
            put_aside: 0,
            oldest_unsent: None,
            signed: 0,
            receipts: 0,
            last_receipt: None,
            last_contact: None,
            journal_verified: None,
            lost: 0,
            trust: None,
        }
    }

    /// Notifications of any kind with this status.
    pub fn with_status(&self, status: &str) -> u64 {
        self.notifications
            .iter()
            .filter(|((_, s), _)| *s == status)
            .map(|(_, n)| n)
            .sum()
    }

    /// Age of the oldest entry without a receipt in seconds; never negative, because a clock may
    /// have been set back since.
    pub fn oldest_unsent_seconds(&self) -> Option<i64> {
        self.oldest_unsent
            .map(|then| (self.at - then).num_seconds().max(0))
    }
}
