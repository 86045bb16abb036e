//! One notification with everything that happened to it.

use chrono::{DateTime, FixedOffset};

use super::{Attempt, Row, Standing, Store, StoreError};
use crate::env::ClockTrust;
use crate::seal::{Entry, Problem, Receipt};
use crate::vital::Event;

/// A notification through all its revisions.
#[derive(Clone, PartialEq)]
pub struct Notification {
    /// As in lists.
    pub row: Row,
    /// What its latest revision states; none where its text was minimised.
    pub event: Option<Event>,
    /// Hash of its latest revision.
    pub h: String,
    /// Civil registry office of the receipt.
    pub office: Option<String>,
    /// Date of the certificate.
    pub cert: Option<String>,
    /// The notification that it repeats.
    pub dup_of: Option<String>,
    /// What the registry still misses: `name`, `father`, `document`, `cause`.
    pub open: Vec<String>,
    /// Why it was returned or is held.
    pub problem: Option<Problem>,
    /// Its entries in order.
    pub revisions: Vec<Revision>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<Happening>,
}

impl std::fmt::Debug for Notification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notification")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

/// One entry of a notification.
#[derive(Clone, PartialEq)]
pub struct Revision {
    /// What was signed; none where the text was minimised.
    pub entry: Option<Entry>,
    /// The exact text.
    pub jws: Option<String>,
    /// Its hash.
    pub h: String,
    /// Its newest receipt.
    pub receipt: Option<(Receipt, String)>,
    /// Where it stands.
    pub standing: Standing,
}

impl std::fmt::Debug for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revision")
            .field("h", &self.h)
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Somebody signed.
    Signed {
        /// By the clock of the device.
        at: DateTime<FixedOffset>,
        /// How far that may be believed.
        clk: ClockTrust,
        /// Code of the entry's type.
        t: String,
        /// Revision.
        rev: u32,
        /// Login.
        usr: String,
        /// Full name, where known here.
        name: Option<String>,
    },
    /// A delivery of one of its entries came to nothing.
    Attempt(Attempt),
    /// The registry answered.
    Receipt {
        /// By the portal's clock.
        at: DateTime<FixedOffset>,
        /// The portal's number.
        n: u64,
        /// Revision.
        rev: u32,
        /// Where it stands.
        standing: Standing,
        /// Number in the register.
        reg_no: Option<String>,
        /// Why it was returned or is held.
        problem: Option<Problem>,
    },
}

impl Store {
    /// A notification with everything that happened to it.
    ///
    /// # Errors
    /// [`StoreError::NoNotification`].
    pub fn notification(&self, _nid: &str) -> Result<Notification, StoreError> {
        todo!()
    }

    /// Full identifier of the one notification that begins like this.
    ///
    /// # Errors
    /// [`StoreError::NoNotification`] where there is none or more than one.
    pub fn find_nid(&self, _begin: &str) -> Result<String, StoreError> {
        todo!()
    }
}
